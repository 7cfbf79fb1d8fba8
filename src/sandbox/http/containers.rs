//! Containers, which the console calls divisions.

use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::dates::stamp;
use super::desk::Desk;
use super::error::ApiError;
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::model::{Account, Approval, Container, ContainerLimit, Role};
use crate::sandbox::rules::Refusal;

fn find<'a>(account: &'a Account, call: &Call) -> Result<&'a Container, ApiError> {
    account
        .container(call.id(0, "container")?)
        .ok_or(ApiError::Refused(Refusal::NotFound("container")))
}

/// `GET /container`
pub fn list(desk: &Desk) -> Reply {
    let containers = desk
        .read()
        .containers
        .iter()
        .map(views::full_container)
        .collect();
    Reply::ok(Object::new().list("containers", containers))
}

/// `GET /container/{id}`
pub fn info(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    Ok(Reply::ok(views::full_container(find(&account, call)?)))
}

/// `GET /container/{id}/children`
pub fn children(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let parent = find(&account, call)?.id;
    let children = account
        .containers
        .iter()
        .filter(|c| c.parent_id == parent)
        .map(views::full_container)
        .collect();
    Ok(Reply::ok(Object::new().list("containers", children)))
}

/// `POST /container/{id}/children`
pub fn create(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let parent_id = find(&desk.read(), call)?.id;
    let said = read(&body)?;
    let name = body.must("name", said.name)?;
    let mut account = desk.write();
    let id = account.next_other_id();
    account.containers.push(Container {
        id,
        parent_id,
        name,
        description: said.description.unwrap_or_default(),
        is_active: true,
        approval: Approval::OneStep,
        limits: Vec::new(),
    });
    Ok(Reply::created(json!({ "id": id })))
}

/// What a body says of a container.
struct Said {
    name: Option<String>,
    description: Option<String>,
}

fn read(body: &Body) -> Result<Said, ApiError> {
    body.id("template_id")?;
    body.texts("allowed_domain_names")?;
    Ok(Said {
        name: body.short_text("name", 128)?,
        description: body.text("description")?,
    })
}

/// Changes the container that the path names.
fn alter(desk: &Desk, call: &Call, change: impl FnOnce(&mut Container)) -> Result<Reply, ApiError> {
    let id = find(&desk.read(), call)?.id;
    let mut account = desk.write();
    let container = account.containers.iter_mut().find(|c| c.id == id);
    change(container.ok_or(Refusal::NotFound("container"))?);
    Ok(Reply::no_content())
}

/// `PUT /container/{id}`: another name or description.
pub fn change(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let said = read(&call.json()?)?;
    alter(desk, call, |container| {
        container.name = said.name.unwrap_or(std::mem::take(&mut container.name));
        container.description = said
            .description
            .unwrap_or(std::mem::take(&mut container.description));
    })
}

/// `PUT /container/{id}/activate`, `/deactivate`
pub fn activate(desk: &Desk, call: &Call, active: bool) -> Result<Reply, ApiError> {
    alter(desk, call, |container| container.is_active = active)
}

/// `GET /container/{id}/parent`
pub fn parent(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let parent = account
        .container(find(&account, call)?.parent_id)
        .ok_or(Refusal::NotFound("container"))?;
    Ok(Reply::ok(views::full_container(parent)))
}

fn the_template() -> Value {
    json!({
        "id": 5,
        "name": "Standard",
        "description": "Everything enabled",
        "date_created": stamp(jiff::Timestamp::UNIX_EPOCH),
        "access_roles": access_roles(),
    })
}

fn access_roles() -> Vec<Value> {
    Role::ALL
        .iter()
        .map(|role| json!({ "id": role.id(), "name": role.name() }))
        .collect()
}

/// `GET /container/{id}/template`
pub fn templates(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    find(&desk.read(), call)?;
    Ok(Reply::ok(
        json!({ "container_templates": [the_template()] }),
    ))
}

/// `GET /container/{id}/template/{template_id}`
pub fn template(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    find(&desk.read(), call)?;
    if call.param(1) == "5" {
        Ok(Reply::ok(the_template()))
    } else {
        Err(Refusal::NotFound("template").into())
    }
}

/// `GET /container/{id}/role`
pub fn roles(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    find(&desk.read(), call)?;
    Ok(Reply::ok(json!({ "access_roles": access_roles() })))
}

/// `GET /container/{id}/order/organization`
pub fn organizations(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    find(&account, call)?;
    let organizations = account
        .organizations
        .iter()
        .filter(|organization| organization.is_active)
        .map(|org| json!({ "id": org.id, "name": org.name, "display_name": org.display_name() }))
        .collect();
    Ok(Reply::ok(
        Object::new().list("organizations", organizations),
    ))
}

/// `GET /container/{id}/product-limits`
pub fn product_limits(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let container = find(&account, call)?;
    let limited: Vec<u64> = account
        .containers
        .iter()
        .filter(|child| child.parent_id == container.id && !child.limits.is_empty())
        .map(|child| child.id)
        .collect();
    let limits = container
        .limits
        .iter()
        .map(|limit| limit_object(container.id, limit))
        .collect();
    Ok(Reply::ok(
        Object::new()
            .with("is_limited", !container.limits.is_empty())
            .maybe(
                "limited_container_ids",
                (!limited.is_empty()).then_some(limited),
            )
            .list("product_limits", limits),
    ))
}

fn limit_object(container_id: u64, limit: &ContainerLimit) -> Value {
    let years = |years: &Option<Vec<u32>>| {
        years
            .as_ref()
            .map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    Object::new()
        .with("container_id", container_id)
        .with("role_id", limit.role_id)
        .with("product_name_id", limit.product_name_id.clone())
        .maybe("allowed_hashes", limit.allowed_hashes.clone())
        .maybe("allowed_intermediates", limit.allowed_intermediates.clone())
        .maybe("allowed_lifetimes", years(&limit.allowed_lifetimes))
        .maybe(
            "allowed_order_lifetimes",
            years(&limit.allowed_order_lifetimes),
        )
        .with("allow_auto_renew", true)
        .with("allow_auto_reissue", false)
        .with("allowed_wildcards", false)
        .into()
}
