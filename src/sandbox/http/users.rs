//! Users and keys.

use serde_json::{Value, json};

use super::call::Call;
use super::csv::Csv;
use super::dates::stamp;
use super::desk::Desk;
use super::error::ApiError;
use super::orders::asked::invalid;
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
pub fn list(desk: &Desk, call: &Call) -> Reply {
    let account = desk.read();
    let page = Page::read(&call.query);
    if call.csv {
        let mut csv = Csv::new(&["User ID", "First Name", "Last Name", "Email", "Role"]);
        for user in page.of(&account.users) {
            csv.line([
                user.id.to_string(),
                user.first_name.clone(),
                user.last_name.clone(),
                user.email.clone(),
                user.role.name().to_owned(),
            ]);
        }
        return Reply::csv(csv.text());
    }
    let users = page
        .of(&account.users)
        .iter()
        .map(|user| views::full_user(&account, user))
        .collect();
    Reply::ok(
        Object::new()
            .list("users", users)
            .with("page", page.object(account.users.len())),
    )
}

/// `GET /user/{id}`
pub fn info(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let user = account
        .user(call.id(0, "user")?)
        .ok_or(Refusal::NotFound("user"))?;
    Ok(Reply::ok(views::full_user(&account, user)))
}

/// `POST /user`; a service user (`is_api_only`) gets a key, which is shown this once.
pub fn create(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let api_only = body.flag("is_api_only");
    body.require(if api_only {
        &["username"]
    } else {
        &["username", "first_name", "last_name", "email"]
    })?;
    let role = match body
        .objects("access_roles")
        .first()
        .and_then(|role| role.id("id"))
    {
        None => Role::Standard,
        Some(id) => [
            Role::Administrator,
            Role::Limited,
            Role::Finance,
            Role::Manager,
            Role::Standard,
        ]
        .into_iter()
        .find(|role| role.id() == id)
        .ok_or_else(|| invalid("access_roles"))?,
    };
    let mut account = desk.write();
    let own = account
        .user(call.actor.user_id)
        .map_or(0, |user| user.container_id);
    let id = account.next_other_id();
    let text = |name: &str| body.text(name).unwrap_or_default();
    account.users.push(User {
        id,
        username: text("username"),
        first_name: text("first_name"),
        last_name: text("last_name"),
        email: text("email"),
        job_title: body.text("job_title"),
        telephone: body.text("telephone"),
        role,
        container_id: body.id("container.id").unwrap_or(own),
        last_login: None,
        api_only,
    });
    let key = api_only.then(|| add_key(&mut account, call, id, text("username")));
    Ok(Reply::created(
        Object::new().with("id", id).maybe("api_key", key),
    ))
}

fn add_key(account: &mut Account, call: &Call, user_id: u64, name: String) -> String {
    let id = account.next_other_id();
    let secret = format!("SANDBOX-{}", dcv::token(account.seed ^ user_id, id));
    account.keys.push(ApiKey {
        id,
        name,
        secret: secret.clone(),
        user_id,
        role: KeyRole::None,
        created: call.now,
    });
    secret
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
        .with("status", "active")
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
pub fn keys(desk: &Desk, call: &Call) -> Reply {
    let account = desk.read();
    let page = Page::read(&call.query);
    let keys = page
        .of(&account.keys)
        .iter()
        .map(|key| key_object(&account, key))
        .collect();
    Reply::ok(
        Object::new()
            .list("api_keys", keys)
            .with("page", page.object(account.keys.len())),
    )
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
