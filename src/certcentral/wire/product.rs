//! Products and the limits that an administrator set on them.

use super::common::{CaCert, Platform};

wire! {
    /// *Product list*.
    pub struct ProductList {
        /// Products.
        pub products: Vec<Product>,
    }

    /// A product, from the list or in full.
    pub struct Product {
        /// Group.
        pub group_name: Option<String>,
        /// Identifier.
        pub name_id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Type.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// `DV`, `OV`, `EV`…
        pub validation_type: Option<String>,
        /// Containers where it may be ordered.
        pub allowed_container_ids: Vec<u64>,
        /// Certificate lengths; numbers or text.
        pub allowed_validity_years: Vec<f64>,
        /// Order lengths.
        pub allowed_order_validity_years: Vec<f64>,
        /// Older form of the longest order.
        pub max_multi_year_order_validity_years: Option<u64>,
        /// Hashes.
        pub signature_hash_types: Option<HashTypes>,
        /// ICAs.
        pub allowed_ca_certs: Vec<CaCert>,
        /// Whether a CSR is needed.
        pub csr_required: Option<bool>,
        /// Successor product.
        pub replacement_product_name_id: Option<String>,
        /// Duplicates supported (info).
        pub duplicates_allowed: Option<bool>,
        /// Multi-domain (info).
        pub additional_dns_names_allowed: Option<bool>,
        /// Custom end date allowed (info).
        pub custom_expiration_date_allowed: Option<bool>,
        /// Auto-renew allowed (info).
        pub allow_auto_renew: Option<bool>,
        /// Server platforms (info).
        pub server_platforms: Vec<Platform>,
    }

    /// Allowed hashes.
    pub struct HashTypes {
        /// The list.
        pub allowed_hash_types: Vec<HashType>,
        /// Id of the default.
        pub default_hash_type_id: Option<String>,
    }

    /// One hash.
    pub struct HashType {
        /// What is sent, `sha256`.
        pub id: Option<String>,
        /// What is shown, `SHA-256`.
        pub name: Option<String>,
    }

    /// *Product limits* of a container.
    pub struct ProductLimits {
        /// Whether the container has limits of its own.
        pub is_limited: Option<bool>,
        /// Children with limits, when the container is their parent.
        pub limited_container_ids: Vec<u64>,
        /// One per product and role.
        pub product_limits: Vec<ProductLimit>,
    }

    /// What users with a role in a container may order of one product.
    pub struct ProductLimit {
        /// Container.
        pub container_id: Option<u64>,
        /// Role; `0` is everybody.
        pub role_id: Option<u64>,
        /// Product.
        pub product_name_id: Option<String>,
        /// Hashes; empty when not customised.
        pub allowed_hashes: Vec<String>,
        /// ICA ids; empty when all are allowed.
        pub allowed_intermediates: Vec<String>,
        /// Certificate lengths in years, as text.
        pub allowed_lifetimes: Vec<String>,
        /// Order lengths in years, as text.
        pub allowed_order_lifetimes: Vec<String>,
        /// Auto-renew.
        pub allow_auto_renew: Option<bool>,
        /// Auto-reissue.
        pub allow_auto_reissue: Option<bool>,
        /// Wildcards.
        pub allowed_wildcards: Option<bool>,
    }
}
