//! Organizations.

use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::csv::Csv;
use super::dates::stamp;
use super::desk::Desk;
use super::error::ApiError;
use super::filters::TextTest;
use super::orders::types::person;
use super::paging::{Page, sort_keys};
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::model::{
    Account, Contact, OrgValidation, Organization, ValidationStatus, ValidationType,
};
use crate::sandbox::rules::Refusal;

fn find<'a>(account: &'a Account, call: &Call) -> Result<&'a Organization, ApiError> {
    account
        .organization(call.id(0, "organization")?)
        .ok_or(ApiError::Refused(Refusal::NotFound("organization")))
}

/// `GET /organization`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let query = &call.query;
    let state = query.filter("status").first().copied();
    let validation = query.filter("validation").first().copied();
    let container = query
        .filter("container_id_for_organization")
        .first()
        .and_then(|id| id.parse().ok())
        .or(query.number("container_id")?);
    let search = query
        .filter("search")
        .first()
        .map(|text| text.trim_start_matches('%').to_lowercase());
    let mut found: Vec<&Organization> = account
        .organizations
        .iter()
        .filter(|org| match state {
            Some("active") => org.is_active,
            Some("inactive") => !org.is_active,
            Some(_) | None => true,
        })
        .filter(|org| match validation {
            Some("pending") => is_pending(org, call),
            Some("not_pending") => !is_pending(org, call),
            Some(_) | None => true,
        })
        .filter(|org| container.is_none_or(|id: u64| org.container_id == id))
        .filter(|org| {
            search.as_ref().is_none_or(|text| {
                org.id.to_string() == *text || TextTest::Contains(text.clone()).passes(&org.name)
            })
        })
        .collect();
    for (name, down) in sort_keys(query).iter().rev() {
        found.sort_by(|a, b| {
            let order = match name.as_str() {
                "id" | "organization_id" => a.id.cmp(&b.id),
                "name" => a.name.cmp(&b.name),
                _ => std::cmp::Ordering::Equal,
            };
            if *down { order.reverse() } else { order }
        });
    }
    let page = Page::read(query)?;
    if call.csv {
        let mut csv = Csv::new(&["Organization ID", "Name", "Status", "City", "Country"]);
        for org in page.of(&found) {
            let status = if org.is_active { "active" } else { "inactive" };
            csv.line([
                org.id.to_string(),
                org.name.clone(),
                status.to_owned(),
                org.city.clone(),
                org.country.clone(),
            ]);
        }
        return Ok(Reply::csv(csv.text()));
    }
    let with_validation = query.flag("include_validation")?;
    let rows = page
        .of(&found)
        .iter()
        .map(|org| {
            let object = object(&account, org);
            if with_validation {
                object.list("validations", validations(org, call))
            } else {
                object
            }
            .into()
        })
        .collect();
    Ok(Reply::ok(
        Object::new()
            .list("organizations", rows)
            .with("page", page.object(found.len())),
    ))
}

fn is_pending(organization: &Organization, call: &Call) -> bool {
    organization
        .validations
        .iter()
        .any(|v| v.status(call.now) == ValidationStatus::Pending)
}

fn object(account: &Account, organization: &Organization) -> Object {
    let container = account.container(organization.container_id).map(
        |c| json!({ "id": c.id, "parent_id": c.parent_id, "name": c.name, "is_active": c.is_active }),
    );
    let start = Object::new().with("id", organization.id).with(
        "status",
        if organization.is_active {
            "active"
        } else {
            "inactive"
        },
    );
    views::address(organization, start)
        .maybe("container", container)
        .with(
            "container_id_assignments",
            json!([organization.container_id.to_string()]),
        )
        .with(
            "organization_contact",
            views::contact(&organization.contact),
        )
}

fn validations(organization: &Organization, call: &Call) -> Vec<Value> {
    organization
        .validations
        .iter()
        .map(|validation| {
            let status = match validation.status(call.now) {
                ValidationStatus::Pending => "pending",
                ValidationStatus::Active => "active",
                ValidationStatus::Expired => "expired",
            };
            let done = validation.validated_until.is_some();
            Object::new()
                .with("type", validation.kind.id())
                .with("name", validation.kind.name())
                .with("description", validation.kind.description())
                .maybe("date_created", done.then(|| stamp(validation.date_created)))
                .maybe("validated_until", validation.validated_until.map(stamp))
                .with("status", status)
                .into()
        })
        .collect()
}

/// `GET /organization/{id}`
pub fn info(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let organization = find(&account, call)?;
    let mut object = object(&account, organization).with(
        "contacts",
        json!([{
            "contact_type": "organization_contact",
            "name": format!("{} {}", organization.contact.first_name, organization.contact.last_name),
            "email": organization.contact.email,
        }]),
    );
    if call.query.flag("include_validation")? {
        object = object.list("validations", validations(organization, call));
    }
    Ok(Reply::ok(object))
}

/// `GET /organization/{id}/validation`
pub fn validation(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    Ok(Reply::ok(Object::new().list(
        "validations",
        validations(find(&account, call)?, call),
    )))
}

/// `POST /organization`
pub fn create(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let id = add(&mut desk.write(), call, &call.json()?)?;
    Ok(Reply::created(json!({ "id": id })))
}

/// What a new organization must be told with.
pub const NEEDED: [&str; 6] = ["name", "address", "city", "state", "country", "telephone"];

/// Adds an organization from a body; it is validated for nothing.
pub fn add(account: &mut Account, call: &Call, body: &Body) -> Result<u64, ApiError> {
    body.require(&NEEDED)?;
    let text =
        |name: &str, most| Ok::<_, ApiError>(body.short_text(name, most)?.unwrap_or_default());
    // Clients write these as numbers too.
    let code = |name: &str, most: usize| match body.text_or_number(name)?.unwrap_or_default() {
        text if text.chars().count() > most => Err(body.invalid(name)),
        text => Ok(text),
    };
    let country = body.word("country", |code| {
        let is_code = code.chars().count() == 2 && code.chars().all(char::is_alphabetic);
        is_code.then(|| code.to_lowercase())
    })?;
    let own = account
        .user(call.actor.user_id)
        .map_or(0, |user| user.container_id);
    let container_id = body
        .id("container.id")?
        .or(body.id("container_id")?)
        .unwrap_or(own);
    if account.container(container_id).is_none() {
        return Err(body.invalid("container.id"));
    }
    let contact = match body.object("organization_contact")? {
        None => Contact::default(),
        Some(contact) => {
            person(&contact)?;
            let text =
                |name: &str| Ok::<_, ApiError>(contact.text_or_number(name)?.unwrap_or_default());
            Contact {
                first_name: text("first_name")?,
                last_name: text("last_name")?,
                email: text("email")?,
                job_title: text("job_title")?,
                telephone: text("telephone")?,
            }
        }
    };
    let mut made = Organization {
        id: 0,
        name: text("name", 64)?,
        assumed_name: body.short_text("assumed_name", 61)?,
        address: text("address", 64)?,
        address2: body.short_text("address2", 64)?,
        zip: code("zip", 40)?,
        city: text("city", 64)?,
        state: text("state", 64)?,
        country: country.unwrap_or_default(),
        telephone: code("telephone", 32)?,
        is_active: true,
        container_id,
        contact,
        validations: kinds(body)?
            .into_iter()
            .map(|kind| pending(kind, call))
            .collect(),
    };
    // Nothing is refused from here on.
    made.id = account.next_other_id();
    let id = made.id;
    account.organizations.push(made);
    Ok(id)
}

/// The kinds of validation that `validations[]` names.
pub fn kinds(body: &Body) -> Result<Vec<ValidationType>, ApiError> {
    let mut kinds = Vec::new();
    for entry in body.objects("validations")? {
        kinds.push(entry.must("type", entry.word("type", ValidationType::parse)?)?);
    }
    Ok(kinds)
}

fn pending(kind: ValidationType, call: &Call) -> OrgValidation {
    OrgValidation {
        kind,
        date_created: call.now,
        validated_until: None,
    }
}

/// `POST /organization/{id}/validation`
pub fn submit(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let kinds = kinds(&call.json()?)?;
    let id = find(&desk.read(), call)?.id;
    if kinds.is_empty() {
        return Err(Refusal::Required(vec!["validations".to_owned()]).into());
    }
    let mut account = desk.write();
    if let Some(organization) = account.organizations.iter_mut().find(|org| org.id == id) {
        for kind in kinds {
            if !organization
                .validations
                .iter()
                .any(|v| v.kind == kind && v.status(call.now) != ValidationStatus::Expired)
            {
                organization.validations.retain(|v| v.kind != kind);
                organization.validations.push(pending(kind, call));
            }
        }
    }
    Ok(Reply::no_content())
}

/// `PUT /organization/{id}/activate`, `/deactivate`
pub fn activate(desk: &Desk, call: &Call, active: bool) -> Result<Reply, ApiError> {
    let id = find(&desk.read(), call)?.id;
    if let Some(organization) = desk
        .write()
        .organizations
        .iter_mut()
        .find(|org| org.id == id)
    {
        organization.is_active = active;
    }
    Ok(Reply::no_content())
}
