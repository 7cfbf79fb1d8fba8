//! Users and keys.

use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::csv::Csv;
use super::dates::stamp;
use super::desk::Desk;
use super::error::ApiError;
use super::paging::Page;
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::model::{Account, ApiKey, KeyRole, Role, User};
use crate::sandbox::rules::{Refusal, dcv};

/// `GET /user/me`
pub fn me(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let user = account
        .user(call.actor.user_id)
        .ok_or(Refusal::NotFound("user"))?;
    Ok(Reply::ok(views::full_user(&account, user)))
}

/// `GET /user`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let page = Page::read(&call.query)?;
    let container = call.query.number("container_id")?;
    let account = desk.read();
    let found: Vec<&User> = account
        .users
        .iter()
        .filter(|user| container.is_none_or(|id| user.container_id == id))
        .collect();
    if call.csv {
        let mut csv = Csv::new(&["User ID", "First Name", "Last Name", "Email", "Role"]);
        for user in page.of(&found) {
            csv.line([
                user.id.to_string(),
                user.first_name.clone(),
                user.last_name.clone(),
                user.email.clone(),
                user.role.name().to_owned(),
            ]);
        }
        return Ok(Reply::csv(csv.text()));
    }
    let users = page
        .of(&found)
        .iter()
        .map(|user| views::full_user(&account, user))
        .collect();
    Ok(Reply::ok(
        Object::new()
            .list("users", users)
            .with("page", page.object(found.len())),
    ))
}

/// `GET /user/{id}`
pub fn info(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let user = account
        .user(call.id(0, "user")?)
        .ok_or(Refusal::NotFound("user"))?;
    Ok(Reply::ok(views::full_user(&account, user)))
}

/// What a body says of a user, each within its documented length.
struct Said {
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    job_title: Option<String>,
    telephone: Option<String>,
}

fn read(body: &Body) -> Result<Said, ApiError> {
    let telephone = body.text_or_number("telephone")?;
    if telephone
        .as_deref()
        .is_some_and(|text| text.chars().count() > 64)
    {
        return Err(body.invalid("telephone"));
    }
    let email = body.address("email")?;
    if email
        .as_deref()
        .is_some_and(|text| text.chars().count() > 255)
    {
        return Err(body.invalid("email"));
    }
    body.flag("is_saml_sso_only")?;
    body.ids("container_id_assignments")?;
    Ok(Said {
        first_name: body.short_text("first_name", 128)?,
        last_name: body.short_text("last_name", 128)?,
        email,
        job_title: body.short_text("job_title", 64)?,
        telephone,
    })
}

/// The first role of `access_roles[]`.
fn role(body: &Body) -> Result<Option<Role>, ApiError> {
    let mut roles = Vec::new();
    for entry in body.objects("access_roles")? {
        let id = entry.must("id", entry.id("id")?)?;
        let known = Role::ALL.into_iter().find(|role| role.id() == id);
        roles.push(known.ok_or_else(|| entry.invalid("id"))?);
    }
    Ok(roles.first().copied())
}

/// `POST /user`; a service user (`is_api_only`) gets a key, which is shown this once. The documentation names such a user by its
/// `api_name` and address, clients by a `username` as well.
pub fn create(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let api_only = body.flag("is_api_only")?;
    body.require(match (api_only, body.has("username")?) {
        (true, true) => &[],
        (true, false) => &["api_name", "email"],
        (false, _) => &["username", "first_name", "last_name", "email"],
    })?;
    let api_name = body.short_text("api_name", 255)?.filter(|_| api_only);
    let key_role = key_role(&body)?;
    let username = body.word("username", |name| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "@-_+.".contains(c);
        name.chars().all(fits).then(|| name.to_owned())
    })?;
    let username = username.or_else(|| api_name.clone()).unwrap_or_default();
    let said = read(&body)?;
    let role = role(&body)?.unwrap_or(Role::Standard);
    let container_id = body.id("container.id")?;
    let mut account = desk.write();
    if account
        .users
        .iter()
        .any(|user| user.username.eq_ignore_ascii_case(&username))
    {
        return Err(body.invalid(if body.has("username")? {
            "username"
        } else {
            "api_name"
        }));
    }
    if container_id.is_some_and(|id| account.container(id).is_none()) {
        return Err(body.invalid("container.id"));
    }
    let own = account
        .user(call.actor.user_id)
        .map_or(0, |user| user.container_id);
    let id = account.next_other_id();
    account.users.push(User {
        id,
        username: username.clone(),
        first_name: said.first_name.unwrap_or_default(),
        last_name: said.last_name.unwrap_or_default(),
        email: said.email.unwrap_or_default(),
        job_title: said.job_title,
        telephone: said.telephone,
        role,
        container_id: container_id.unwrap_or(own),
        last_login: None,
        api_only,
    });
    let key = api_only.then(|| {
        let name = api_name.unwrap_or(username);
        add_key(&mut account, call, id, name, key_role).secret
    });
    Ok(Reply::created(
        Object::new().with("id", id).maybe("api_key", key),
    ))
}

/// `GET /user/availability/{username}`
pub fn availability(desk: &Desk, call: &Call) -> Reply {
    let account = desk.read();
    let mut users = account.users.iter();
    let taken = users.any(|user| user.username.eq_ignore_ascii_case(call.param(0)));
    Reply::ok(json!({ "available": !taken }))
}

/// Changes the user that the path names.
fn alter(desk: &Desk, call: &Call, change: impl FnOnce(&mut User)) -> Result<Reply, ApiError> {
    let id = call.id(0, "user")?;
    let mut account = desk.write();
    let user = account.users.iter_mut().find(|user| user.id == id);
    change(user.ok_or(Refusal::NotFound("user"))?);
    Ok(Reply::no_content())
}

/// `PUT /user/{id}`. Only the address is required; job title and telephone are erased where they are left out, and of a
/// service user nothing but the address changes (documentation pages "Edit user", "Edit service user").
pub fn change(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let said = read(&body)?;
    let role = role(&body)?;
    let email = body.must("email", said.email)?;
    alter(desk, call, |user| {
        user.email = email;
        if user.api_only {
            return;
        }
        user.first_name = said
            .first_name
            .unwrap_or(std::mem::take(&mut user.first_name));
        user.last_name = said
            .last_name
            .unwrap_or(std::mem::take(&mut user.last_name));
        user.job_title = said.job_title;
        user.telephone = said.telephone;
        user.role = role.unwrap_or(user.role);
    })
}

/// `PUT /user/{id}/role`
pub fn change_role(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let role = body.must("access_roles", role(&body)?)?;
    alter(desk, call, |user| user.role = role)
}

/// `DELETE /user/{id}`: the user's keys end with it. Nobody deletes the user that they are.
pub fn delete(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let id = call.id(0, "user")?;
    if id == call.actor.user_id {
        return Err(Refusal::MissingPermission.into());
    }
    let mut account = desk.write();
    account.user(id).ok_or(Refusal::NotFound("user"))?;
    account.users.retain(|user| user.id != id);
    account.keys.retain(|key| key.user_id != id);
    Ok(Reply::no_content())
}

/// `GET /user/{id}/resend-create-email`: nothing is mailed.
pub fn invite_again(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let id = call.id(0, "user")?;
    desk.read().user(id).ok_or(Refusal::NotFound("user"))?;
    Ok(Reply::no_content())
}

/// Changes the key that the path names.
fn alter_key(
    desk: &Desk,
    call: &Call,
    change: impl FnOnce(&mut ApiKey),
) -> Result<Reply, ApiError> {
    let id = call.id(0, "key")?;
    let mut account = desk.write();
    let key = account.keys.iter_mut().find(|key| key.id == id);
    change(key.ok_or(Refusal::NotFound("key"))?);
    Ok(Reply::no_content())
}

/// `PUT /key/{id}`: another name.
pub fn change_key(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let name = body.must("name", body.short_text("name", 255)?)?;
    alter_key(desk, call, |key| key.name = name)
}

/// `PUT /key/{id}/status`: `active` or `revoked`.
pub fn change_key_status(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let is_revoked = body.word("status", |word| match word {
        "active" => Some(false),
        "revoked" => Some(true),
        _ => None,
    })?;
    let is_revoked = body.must("status", is_revoked)?;
    alter_key(desk, call, |key| key.is_revoked = is_revoked)
}

/// `POST /key/user/{user_id}`: one more key of a user, which is shown this once.
pub fn create_key(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let user_id = call.id(0, "user")?;
    let name = body.must("name", body.short_text("name", 255)?)?;
    let role = key_role(&body)?;
    let mut account = desk.write();
    account.user(user_id).ok_or(Refusal::NotFound("user"))?;
    let key = add_key(&mut account, call, user_id, name, role);
    Ok(Reply::created(
        json!({ "id": key.id, "api_key": key.secret }),
    ))
}

/// Reads `restricted_to_role_id`, by which a key may do less than its user.
fn key_role(body: &Body) -> Result<KeyRole, ApiError> {
    const FIELD: &str = "restricted_to_role_id";
    let id = body.id(FIELD)?.unwrap_or_default();
    let known = KeyRole::ALL.into_iter().find(|role| role.id() == id);
    known.ok_or_else(|| body.invalid(FIELD))
}

fn add_key(
    account: &mut Account,
    call: &Call,
    user_id: u64,
    name: String,
    role: KeyRole,
) -> ApiKey {
    let id = account.next_other_id();
    let key = ApiKey {
        id,
        name,
        secret: format!("SANDBOX-{}", dcv::token(account.seed ^ user_id, id)),
        user_id,
        role,
        created: call.now,
        is_revoked: false,
    };
    account.keys.push(key.clone());
    key
}

/// `GET /key/api-roles`
pub fn api_roles() -> Reply {
    let roles: Vec<Value> = KeyRole::ALL
        .iter()
        .map(|role| json!({ "id": role.id(), "name": role.name() }))
        .collect();
    Reply::ok(json!({ "access_roles": roles }))
}

fn key_object(account: &Account, key: &ApiKey) -> Value {
    Object::new()
        .with("id", key.id)
        .with("name", key.name.clone())
        .with("status", if key.is_revoked { "revoked" } else { "active" })
        .with("create_date", stamp(key.created))
        .with("is_key_expired", false)
        .maybe("user", views::user(account, key.user_id))
        .maybe(
            "restricted_role",
            (key.role != KeyRole::None)
                .then(|| json!({ "id": key.role.id(), "name": key.role.name() })),
        )
        .into()
}

/// `GET /key`
pub fn keys(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let page = Page::read(&call.query)?;
    let account = desk.read();
    let keys = page
        .of(&account.keys)
        .iter()
        .map(|key| key_object(&account, key))
        .collect();
    Ok(Reply::ok(
        Object::new()
            .list("api_keys", keys)
            .with("page", page.object(account.keys.len())),
    ))
}

/// `GET /key/{id}`
pub fn key(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let id = call.id(0, "key")?;
    let key = account
        .keys
        .iter()
        .find(|key| key.id == id)
        .ok_or(Refusal::NotFound("key"))?;
    Ok(Reply::ok(key_object(&account, key)))
}
