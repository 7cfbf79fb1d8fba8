//! Who the key belongs to, and in which account.

use super::ids::{ContainerId, UserId};

/// `/user/me` and `/account`, as far as the desk shows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session {
    pub user_id: Option<UserId>,
    /// First and last name.
    pub user: String,
    pub email: String,
    /// Names of the access roles, e.g. `Administrator`.
    pub roles: Vec<String>,
    pub account_id: Option<u64>,
    /// Name of the account's primary organisation.
    pub account: Option<String>,
    pub container: Option<ContainerId>,
}
