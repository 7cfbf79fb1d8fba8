//! The small objects that many answers share: users, contacts, organizations, containers, products, platforms.

use serde_json::{Value, json};

use super::dates::{day, stamp};
use super::reply::Object;
use crate::sandbox::model::{Account, Certificate, Contact, Container, Organization, User};
use crate::sandbox::rules::Actor;
use crate::sandbox::tables::{Platform, Product};

/// `{id, first_name, last_name, email}`.
pub fn user(account: &Account, id: u64) -> Option<Value> {
    account.user(id).map(|user| {
        json!({ "id": user.id, "first_name": user.first_name, "last_name": user.last_name, "email": user.email })
    })
}

/// A contact; `telephone_extension` is never set.
pub fn contact(contact: &Contact) -> Value {
    json!({
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "job_title": contact.job_title,
        "telephone": contact.telephone,
    })
}

/// `{id, name}` of an organization.
pub fn organization_name(account: &Account, id: Option<u64>) -> Option<Value> {
    let organization = account.organization(id?)?;
    Some(json!({ "id": organization.id, "name": organization.name }))
}

/// The organization of order info. No street and no telephone: only some products have them, and what a client knows as
/// `address` is an object there, unlike in the organization list.
pub fn organization_in_order(account: &Account, id: Option<u64>) -> Option<Value> {
    let organization = account.organization(id?)?;
    Some(
        names(organization, Object::new().with("id", organization.id))
            .with("city", organization.city.clone())
            .with("state", organization.state.clone())
            .with("country", organization.country.clone())
            .into(),
    )
}

fn names(organization: &Organization, start: Object) -> Object {
    start
        .with("name", organization.name.clone())
        .maybe("assumed_name", organization.assumed_name.clone())
        .with("display_name", organization.display_name())
        .with("is_active", organization.is_active)
}

/// Names and address of an organization after what `start` holds.
pub fn address(organization: &Organization, start: Object) -> Object {
    names(organization, start)
        .with("address", organization.address.clone())
        .maybe("address2", organization.address2.clone())
        .with("zip", organization.zip.clone())
        .with("city", organization.city.clone())
        .with("state", organization.state.clone())
        .with("country", organization.country.clone())
        .with("telephone", organization.telephone.clone())
}

/// `{id, name, is_active}` of a container.
pub fn container(account: &Account, id: u64) -> Option<Value> {
    let container = account.container(id)?;
    Some(json!({ "id": container.id, "name": container.name, "is_active": container.is_active }))
}

/// A whole container.
pub fn full_container(container: &Container) -> Value {
    json!({
        "id": container.id,
        "public_id": format!("{:016X}", container.id.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        "name": container.name,
        "description": container.description,
        "parent_id": container.parent_id,
        "template_id": 5,
        "ekey": format!("{:08X}", container.id.wrapping_mul(0x9E37_79B9) & 0xFFFF_FFFF),
        "has_logo": false,
        "is_active": container.is_active,
    })
}

/// `{name_id, name, type}`.
pub fn product(product: &Product) -> Value {
    json!({ "name_id": product.name_id, "name": product.name, "type": product.kind })
}

/// The product of order info; the validation type is lower case there.
pub fn product_in_order(product: &Product) -> Value {
    Object::new()
        .with("name_id", product.name_id)
        .with("name", product.name)
        .with("type", product.kind)
        .maybe(
            "validation_type",
            product.validation.id().map(str::to_lowercase),
        )
        .with("validation_name", product.validation.name())
        .with("validation_description", product.validation.description())
        .into()
}

/// `{id, name, install_url, csr_url}`.
pub fn platform(platform: &Platform) -> Value {
    json!({
        "id": platform.id,
        "name": platform.name,
        "install_url": platform.install_url(),
        "csr_url": platform.csr_url(),
    })
}

/// Dates of an issued certificate: `valid_from`, `valid_till`, `days_remaining`.
pub fn validity(certificate: &Certificate, today: jiff::civil::Date, start: Object) -> Object {
    start
        .maybe("valid_from", certificate.valid_from.map(day))
        .maybe("valid_till", certificate.valid_till.map(day))
        .maybe("days_remaining", certificate.days_remaining(today))
}

/// A user as the user list and `/user/me` show it.
pub fn full_user(account: &Account, user: &User) -> Value {
    Object::new()
        .with("id", user.id)
        .with("username", user.username.clone())
        .with("account_id", account.id)
        .with("first_name", user.first_name.clone())
        .with("last_name", user.last_name.clone())
        .with("email", user.email.clone())
        .maybe("job_title", user.job_title.clone())
        .maybe("telephone", user.telephone.clone())
        .with("status", "active")
        .maybe("last_login_date", user.last_login.map(stamp))
        .maybe(
            "container",
            account.container(user.container_id).map(full_container),
        )
        .with(
            "access_roles",
            vec![json!({ "id": user.role.id(), "name": user.role.name() })],
        )
        .with("type", if user.api_only { "service" } else { "standard" })
        .with("has_container_assignments", false)
        .list(
            "container_visibility",
            account
                .container(user.container_id)
                .map(full_container)
                .into_iter()
                .collect(),
        )
        .with("is_cert_central", true)
        .with("is_enterprise", false)
        .with("is_saml_sso_only", false)
        .into()
}

/// Whether prices are shown to this caller.
pub fn sees_prices(actor: Actor) -> bool {
    use crate::sandbox::model::Role;
    matches!(
        actor.role,
        Role::Administrator | Role::Finance | Role::Manager
    )
}

/// Cents as a number: 99500 is 995, 21850 is 218.5.
pub fn price(cents: u64) -> Value {
    if cents.is_multiple_of(100) {
        json!(cents / 100)
    } else {
        json!(cents as f64 / 100.0)
    }
}

/// Cents as text with two decimals.
pub fn money(cents: i64) -> String {
    format!(
        "{}{}.{:02}",
        if cents < 0 { "-" } else { "" },
        cents.abs() / 100,
        cents.abs() % 100
    )
}
