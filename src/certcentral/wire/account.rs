//! Who the key belongs to: user, account, balance, custom field definitions, counts of waiting requests.

use super::common::{Named, PageInfo};

wire! {
    /// `/user/me`.
    pub struct User {
        /// User number.
        pub id: Option<u64>,
        /// Account number.
        pub account_id: Option<u64>,
        /// Login name.
        pub username: Option<String>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// E-mail address.
        pub email: Option<String>,
        /// State.
        pub status: Option<String>,
        /// Kind of user.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// Container.
        pub container: Option<Named>,
        /// Roles.
        pub access_roles: Vec<Named>,
    }

    /// *List users*.
    pub struct UserList {
        /// Users.
        pub users: Vec<User>,
        /// Paging.
        pub page: Option<PageInfo>,
    }

    /// `/account`.
    pub struct Account {
        /// Account number.
        pub id: Option<u64>,
        /// Primary organization's number.
        pub primary_organization_id: Option<u64>,
        /// Primary organization's name.
        pub primary_organization_name: Option<String>,
        /// Root container.
        pub root_container_id: Option<u64>,
        /// `retail`, …
        pub cert_central_type: Option<String>,
        /// Country.
        pub default_country: Option<String>,
    }

    /// Custom field definitions; `{}` when none.
    pub struct MetadataList {
        /// Definitions.
        pub metadata: Vec<Metadata>,
    }

    /// One custom field definition.
    pub struct Metadata {
        /// Number, sent as `metadata_id`.
        pub id: Option<u64>,
        /// Label.
        pub label: Option<String>,
        /// Must be filled when ordering.
        pub is_required: Option<bool>,
        /// In use.
        pub is_active: Option<bool>,
        /// `text`, `int`, `email_address`, `email_list`; absent for anything.
        pub data_type: Option<String>,
        /// Words.
        pub description: Option<String>,
    }
}
