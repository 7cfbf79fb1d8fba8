//! Organizations.

use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::csv::Csv;
use super::dates::stamp;
use super::desk::Desk;
use super::error::ApiError;
use super::filters::TextTest;
use super::orders::asked::invalid;
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
pub fn list(desk: &Desk, call: &Call) -> Reply {
    let account = desk.read();
    let query = &call.query;
    let state = query.filter("status").first().copied();
    let validation = query.filter("validation").first().copied();
    let container = query
        .filter("container_id_for_organization")
        .first()
        .and_then(|id| id.parse().ok())
        .or(query.number("container_id"));
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
    let page = Page::read(query);
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
        return Reply::csv(csv.text());
    }
    let with_validation = query.flag("include_validation");
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
    Reply::ok(
        Object::new()
            .list("organizations", rows)
            .with("page", page.object(found.len())),
    )
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
    if call.query.flag("include_validation") {
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

/// Adds an organization from a body; it is validated for nothing.
pub fn add(account: &mut Account, call: &Call, body: &Body) -> Result<u64, ApiError> {
    body.require(&["name", "address", "city", "state", "country", "telephone"])?;
    let text = |name: &str| body.text(name).unwrap_or_default();
    for (name, most) in [
        ("name", 64),
        ("address", 64),
        ("city", 64),
        ("state", 64),
        ("zip", 40),
        ("telephone", 32),
    ] {
        if text(name).chars().count() > most {
            return Err(invalid(name));
        }
    }
    if text("country").chars().count() != 2 {
        return Err(invalid("country"));
    }
    let own = account
        .user(call.actor.user_id)
        .map_or(0, |user| user.container_id);
    let container_id = body
        .id("container.id")
        .or_else(|| body.id("container_id"))
        .unwrap_or(own);
    let id = account.next_other_id();
    let contact = |name: &str| {
        body.text(&format!("organization_contact.{name}"))
            .unwrap_or_default()
    };
    account.organizations.push(Organization {
        id,
        name: text("name"),
        assumed_name: body.text("assumed_name"),
        address: text("address"),
        address2: body.text("address2"),
        zip: text("zip"),
        city: text("city"),
        state: text("state"),
        country: text("country").to_lowercase(),
        telephone: text("telephone"),
        is_active: true,
        container_id,
        contact: Contact {
            first_name: contact("first_name"),
            last_name: contact("last_name"),
            email: contact("email"),
            job_title: contact("job_title"),
            telephone: contact("telephone"),
        },
        validations: kinds(body)
            .into_iter()
            .map(|kind| pending(kind, call))
            .collect(),
    });
    Ok(id)
}

fn kinds(body: &Body) -> Vec<ValidationType> {
    body.objects("validations")
        .iter()
        .filter_map(|validation| ValidationType::parse(&validation.text("type")?))
        .collect()
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
    let kinds = kinds(&call.json()?);
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
