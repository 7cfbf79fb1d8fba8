//! Containers ("divisions" in the console): where an order belongs, and whether it needs approval there.

use serde::{Deserialize, Serialize};

/// Whether orders and changes in a container need approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Approval {
    /// No approval step: no request is made.
    Off,
    /// A request is made and approved at once.
    Automatic,
    /// One approver: `pending`, then `approved`.
    OneStep,
    /// A reviewer and an approver: `submitted`, `pending`, `approved`.
    TwoStep,
}

/// What the users of a container may order of one product (product limits). `None`: not customised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerLimit {
    /// Product identifier; one entry a product and role.
    pub product_name_id: String,
    /// Role the limit is for; 0 is everybody.
    pub role_id: u64,
    pub allowed_hashes: Option<Vec<String>>,
    pub allowed_intermediates: Option<Vec<String>>,
    /// Years a certificate may last.
    pub allowed_lifetimes: Option<Vec<u32>>,
    /// Years an order may last.
    pub allowed_order_lifetimes: Option<Vec<u32>>,
}

/// A container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    pub id: u64,
    /// The container above; 0 for the root.
    pub parent_id: u64,
    pub name: String,
    pub description: String,
    /// Whether orders may be placed in it.
    pub is_active: bool,
    pub approval: Approval,
    /// Custom product limits; empty when the container has none.
    pub limits: Vec<ContainerLimit>,
}
