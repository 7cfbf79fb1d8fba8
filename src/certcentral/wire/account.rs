//! Who the key belongs to: user, account, balance, custom field definitions, counts of waiting requests.

use super::common::{Named, PageInfo};

wire! {
    /// `/user/me`.
    pub struct User {
        pub id: Option<u64>,
        pub account_id: Option<u64>,
        pub username: Option<String>,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        pub email: Option<String>,
        pub status: Option<String>,
        #[serde(rename = "type")]
        pub kind: Option<String>,
        pub container: Option<Named>,
        pub access_roles: Vec<Named>,
    }

    /// *List users*.
    pub struct UserList {
        pub users: Vec<User>,
        pub page: Option<PageInfo>,
    }

    /// `/account`.
    pub struct Account {
        pub id: Option<u64>,
        pub primary_organization_id: Option<u64>,
        pub primary_organization_name: Option<String>,
        pub root_container_id: Option<u64>,
        /// `retail`, …
        pub cert_central_type: Option<String>,
        pub default_country: Option<String>,
    }

    /// Custom field definitions; `{}` when none.
    pub struct MetadataList {
        pub metadata: Vec<Metadata>,
    }

    /// One custom field definition.
    pub struct Metadata {
        /// Number, sent as `metadata_id`.
        pub id: Option<u64>,
        pub label: Option<String>,
        /// Must be filled when ordering.
        pub is_required: Option<bool>,
        pub is_active: Option<bool>,
        /// `text`, `int`, `email_address`, `email_list`; absent for anything.
        pub data_type: Option<String>,
        pub description: Option<String>,
    }
}
