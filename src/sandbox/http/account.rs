//! The account itself, money, custom field definitions, ping.

use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::desk::Desk;
use super::error::ApiError;
use super::orders::asked::one_of;
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::model::{Account, CustomField, Role};
use crate::sandbox::rules::Refusal;

/// `GET /account`
pub fn info(desk: &Desk) -> Reply {
    let account = desk.read();
    let primary = account.organizations.first();
    let country = primary.map(|org| org.country.clone());
    Reply::ok(
        Object::new()
            .with("id", account.id)
            .maybe("primary_organization_id", primary.map(|org| org.id))
            .maybe(
                "primary_organization_name",
                primary.map(|org| org.name.clone()),
            )
            .maybe("primary_organization_country", country.clone())
            .maybe("billing_account_id", primary.map(|_| account.id + 1))
            .maybe("billing_account_name", primary.map(|org| org.name.clone()))
            .with("make_renewal_calls", true)
            .with("express_install_enabled", false)
            .with(
                "admin_email",
                account
                    .users
                    .first()
                    .map(|user| user.email.clone())
                    .unwrap_or_default(),
            )
            .with("display_rep", false)
            .with("rep_name", "Sam Sandbox")
            .with("rep_phone", "+1 555 0100")
            .with("rep_email", "sam@sandbox.invalid")
            .with("pricing_model", "percert")
            .with("balance_negative_limit", 0)
            .maybe(
                "root_container_id",
                account.containers.first().map(|root| root.id),
            )
            .with("cert_transparency", "embed")
            .with("cert_central_type", "retail")
            .with("language_id", 1)
            .with("migrated", false)
            .with("has_auth_key", true)
            .with("ent_support_plan", "1")
            .maybe("default_country", country),
    )
}

/// `GET /finance/balance`; `container_id` is needed once there are several divisions.
pub fn balance(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    if !matches!(call.actor.role, Role::Administrator | Role::Finance) {
        return Err(Refusal::MissingPermission.into());
    }
    let account = desk.read();
    match call.query.number("container_id")? {
        None if account.containers.len() > 1 => {
            return Err(Refusal::Required(vec!["container_id".to_owned()]).into());
        }
        Some(id) if account.container(id).is_none() => {
            return Err(Refusal::NotFound("container").into());
        }
        None | Some(_) => {}
    }
    Ok(Reply::ok(json!({
        "balance": views::money(account.balance_cents),
        "currency": "USD",
        "unpaid_invoice_balance": views::money(0),
        "negative_balance_limit": views::money(0),
        "used_credit_from_other_containers": views::money(0),
        "total_available_funds": views::money(account.balance_cents),
    })))
}

fn field_object(field: &CustomField) -> Value {
    Object::new()
        .with("id", field.id)
        .with("label", field.label.clone())
        .with("is_required", field.is_required)
        .with("is_active", field.is_active)
        .maybe("data_type", field.data_type.clone())
        .maybe("description", field.description.clone())
        .with("show_in_receipt", false)
        .into()
}

/// `GET /account/metadata`
pub fn fields(desk: &Desk) -> Reply {
    let fields = desk.read().fields.iter().map(field_object).collect();
    Reply::ok(Object::new().list("metadata", fields))
}

fn add(account: &mut Account, body: &Body) -> Result<u64, ApiError> {
    let field = read(body)?;
    let label = body.must("label", field.label)?;
    let id = account.next_other_id();
    account.fields.push(CustomField {
        id,
        label,
        is_required: field.is_required.unwrap_or(false),
        is_active: field.is_active.unwrap_or(true),
        data_type: field.data_type,
        description: field.description,
    });
    Ok(id)
}

/// What a body says of a custom field.
struct Said {
    label: Option<String>,
    is_required: Option<bool>,
    is_active: Option<bool>,
    data_type: Option<String>,
    description: Option<String>,
}

fn read(body: &Body) -> Result<Said, ApiError> {
    body.flag("show_in_receipt")?;
    Ok(Said {
        label: body.text("label")?,
        is_required: body.flag_if_said("is_required")?,
        is_active: body.flag_if_said("is_active")?,
        data_type: one_of(
            body,
            "data_type",
            &["text", "int", "email_address", "email_list", "anything"],
        )?,
        description: body.text("description")?,
    })
}

/// `POST /account/metadata`
pub fn add_field(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let id = add(&mut desk.write(), &call.json()?)?;
    Ok(Reply::created(json!({ "id": id })))
}

/// `POST /account/metadata/bulk`
pub fn add_fields(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let bodies = call.json()?.objects("metadata")?;
    // All are read before any is added.
    for body in &bodies {
        body.must("label", read(body)?.label)?;
    }
    let mut account = desk.write();
    let ids = bodies
        .iter()
        .map(|body| Ok(json!({ "id": add(&mut account, body)? })))
        .collect::<Result<Vec<Value>, ApiError>>()?;
    Ok(Reply::created(Object::new().list("metadata", ids)))
}

/// `PUT /account/metadata/{id}`
pub fn change_field(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let said = read(&call.json()?)?;
    let id = call.id(0, "metadata")?;
    let mut account = desk.write();
    let field = account
        .fields
        .iter_mut()
        .find(|field| field.id == id)
        .ok_or(Refusal::NotFound("metadata"))?;
    if let Some(label) = said.label {
        field.label = label;
    }
    field.is_required = said.is_required.unwrap_or(field.is_required);
    field.is_active = said.is_active.unwrap_or(field.is_active);
    field.data_type = said.data_type.or(field.data_type.take());
    field.description = said.description.or(field.description.take());
    Ok(Reply::no_content())
}

/// `DELETE /account/metadata/{id}`
pub fn delete_field(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let id = call.id(0, "metadata")?;
    let mut account = desk.write();
    let before = account.fields.len();
    account.fields.retain(|field| field.id != id);
    if account.fields.len() == before {
        Err(Refusal::NotFound("metadata").into())
    } else {
        Ok(Reply::no_content())
    }
}

/// `GET /ping`
pub fn ping() -> Reply {
    Reply::ok(json!({ "data": "Pong!" }))
}
