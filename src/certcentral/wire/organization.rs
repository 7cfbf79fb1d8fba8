//! Organizations and containers (divisions).

use super::common::{Named, PageInfo, Person};

wire! {
    /// *List organizations*.
    pub struct OrganizationList {
        pub organizations: Vec<Organization>,
        pub page: Option<PageInfo>,
    }

    /// An organization of the account.
    pub struct Organization {
        pub id: Option<u64>,
        /// `active` or `inactive`; not its validation state.
        pub status: Option<String>,
        pub name: Option<String>,
        pub assumed_name: Option<String>,
        /// Name and assumed name.
        pub display_name: Option<String>,
        /// Whether it is active.
        pub is_active: Option<bool>,
        pub address: Option<String>,
        pub address2: Option<String>,
        pub zip: Option<String>,
        pub city: Option<String>,
        pub state: Option<String>,
        pub country: Option<String>,
        pub telephone: Option<String>,
        /// Container it belongs to.
        pub container: Option<Named>,
        pub organization_contact: Option<Person>,
        /// Validations, when asked for.
        pub validations: Vec<Validation>,
    }

    /// One validation of an organization or a domain.
    pub struct Validation {
        /// `ov`, `ev`, `cs`…
        #[serde(rename = "type")]
        pub kind: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        pub date_created: Option<String>,
        pub validated_until: Option<String>,
        /// `active`, `pending`, `expired`.
        pub status: Option<String>,
        /// State of domain control (domains).
        pub dcv_status: Option<String>,
        /// State of the organization (domains).
        pub org_status: Option<String>,
        pub verified_users: Vec<Person>,
    }

    /// *List containers*.
    pub struct ContainerList {
        pub containers: Vec<Container>,
    }

    /// A container, called division in the console.
    pub struct Container {
        pub id: Option<u64>,
        pub name: Option<String>,
        pub description: Option<String>,
        /// Parent; `0` for the root.
        pub parent_id: Option<u64>,
        /// Whether it is active.
        pub is_active: Option<bool>,
        /// Domains that it may use.
        pub allowed_domain_names: Vec<String>,
    }
}
