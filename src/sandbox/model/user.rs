//! Users and their API keys: who asks, and how much they may do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The role of a user (glossary, "Access roles").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// May do everything, also approve and skip approval.
    Administrator,
    /// Sees and uses own orders only.
    Limited,
    /// Sees prices and balance; orders like a standard user.
    Finance,
    Manager,
    /// Orders; changes need approval.
    Standard,
}

impl Role {
    /// Every role, in the API's order.
    pub const ALL: [Self; 5] = [
        Self::Administrator,
        Self::Limited,
        Self::Finance,
        Self::Manager,
        Self::Standard,
    ];

    /// The API's number of the role.
    pub fn id(self) -> u64 {
        match self {
            Self::Administrator => 1,
            Self::Limited => 2,
            Self::Finance => 3,
            Self::Manager => 4,
            Self::Standard => 5,
        }
    }

    /// The API's name of the role.
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Limited => "Limited User",
            Self::Finance => "Finance Manager",
            Self::Manager => "Manager",
            Self::Standard => "Standard User",
        }
    }

    /// Whether the role may approve and reject requests.
    pub fn approves(self) -> bool {
        matches!(self, Self::Administrator | Self::Manager)
    }
}

/// What narrows a key below its user's role (glossary, "API-key roles").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyRole {
    /// 0: everything the user may.
    None,
    /// 100: orders, requests, certificates.
    Orders,
    /// 101: orders, domains, organizations.
    OrdersDomainsOrganizations,
    /// 102: GET only.
    ViewOnly,
    /// 103: users.
    UserManagement,
}

impl KeyRole {
    /// Every key role, in the API's order.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Orders,
        Self::OrdersDomainsOrganizations,
        Self::ViewOnly,
        Self::UserManagement,
    ];

    /// The API's number.
    pub fn id(self) -> u64 {
        match self {
            Self::None => 0,
            Self::Orders => 100,
            Self::OrdersDomainsOrganizations => 101,
            Self::ViewOnly => 102,
            Self::UserManagement => 103,
        }
    }

    /// The API's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Orders => "Orders",
            Self::OrdersDomainsOrganizations => "Orders, Domains, Organizations",
            Self::ViewOnly => "View Only",
            Self::UserManagement => "User Management",
        }
    }
}

/// A user of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: u64,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    /// Job title; absent in answers when `None`.
    pub job_title: Option<String>,
    /// Telephone; absent in answers when `None`.
    pub telephone: Option<String>,
    pub role: Role,
    /// The division the user belongs to.
    pub container_id: u64,
    /// Last login, if ever.
    pub last_login: Option<Timestamp>,
    /// A service user, made for an API key alone.
    pub api_only: bool,
}

/// An API key. The secret itself is made up and belongs to the sandbox.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    pub id: u64,
    /// The name its user gave it.
    pub name: String,
    /// What the client sends in `X-DC-DEVKEY`.
    pub secret: String,
    /// The user the key acts as.
    pub user_id: u64,
    /// What narrows it.
    pub role: KeyRole,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it opens nothing any more.
    #[serde(default)]
    pub is_revoked: bool,
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiKey")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
