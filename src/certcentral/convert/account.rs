//! Who the key belongs to.

use super::{full_name, some_id};
use crate::certcentral::wire::account::{Account, User};
use crate::domain::account::Session;
use crate::domain::ids::{ContainerId, UserId};

/// The session of a key, from `/user/me` and, where the key may read it, `/account`.
pub fn session(user: User, account: Option<Account>) -> Session {
    let account = account.unwrap_or_default();
    let name = full_name(user.first_name, user.last_name);
    let container = user.container.and_then(|container| container.id);
    Session {
        user_id: some_id(user.id).map(UserId),
        user: if name.is_empty() {
            user.username.unwrap_or_default()
        } else {
            name
        },
        email: user.email.unwrap_or_default(),
        roles: user
            .access_roles
            .into_iter()
            .filter_map(|role| role.name)
            .collect(),
        account_id: some_id(account.id).or(some_id(user.account_id)),
        account: account.primary_organization_name,
        container: some_id(container)
            .or(some_id(account.root_container_id))
            .map(ContainerId),
    }
}
