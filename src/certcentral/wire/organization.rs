//! Organizations and containers (divisions).

use super::common::{Named, PageInfo, Person};

wire! {
    /// *List organizations*.
    pub struct OrganizationList {
        /// Organizations.
        pub organizations: Vec<Organization>,
        /// Paging.
        pub page: Option<PageInfo>,
    }

    /// An organization of the account.
    pub struct Organization {
        /// Number.
        pub id: Option<u64>,
        /// `active` or `inactive`; not its validation state.
        pub status: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Assumed name.
        pub assumed_name: Option<String>,
        /// Name and assumed name.
        pub display_name: Option<String>,
        /// Whether it is active.
        pub is_active: Option<bool>,
        /// Street.
        pub address: Option<String>,
        /// Second line.
        pub address2: Option<String>,
        /// Postal code.
        pub zip: Option<String>,
        /// City.
        pub city: Option<String>,
        /// State.
        pub state: Option<String>,
        /// Country.
        pub country: Option<String>,
        /// Telephone.
        pub telephone: Option<String>,
        /// Container it belongs to.
        pub container: Option<Named>,
        /// Contact.
        pub organization_contact: Option<Person>,
        /// Validations, when asked for.
        pub validations: Vec<Validation>,
    }

    /// One validation of an organization or a domain.
    pub struct Validation {
        /// `ov`, `ev`, `cs`…
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Words.
        pub description: Option<String>,
        /// Begun.
        pub date_created: Option<String>,
        /// Ends.
        pub validated_until: Option<String>,
        /// `active`, `pending`, `expired`.
        pub status: Option<String>,
        /// State of domain control (domains).
        pub dcv_status: Option<String>,
        /// State of the organization (domains).
        pub org_status: Option<String>,
        /// Verified people.
        pub verified_users: Vec<Person>,
    }

    /// *List containers*.
    pub struct ContainerList {
        /// Containers.
        pub containers: Vec<Container>,
    }

    /// A container, called division in the console.
    pub struct Container {
        /// Number.
        pub id: Option<u64>,
        /// Name.
        pub name: Option<String>,
        /// Words.
        pub description: Option<String>,
        /// Parent; `0` for the root.
        pub parent_id: Option<u64>,
        /// Whether it is active.
        pub is_active: Option<bool>,
        /// Domains that it may use.
        pub allowed_domain_names: Vec<String>,
    }
}
