//! Products and the limits that an administrator set on them.

use super::common::{CaCert, Platform};

wire! {
    /// *Product list*.
    pub struct ProductList {
        pub products: Vec<Product>,
    }

    /// A product, from the list or in full.
    pub struct Product {
        pub group_name: Option<String>,
        pub name_id: Option<String>,
        pub name: Option<String>,
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// `DV`, `OV`, `EV`…
        pub validation_type: Option<String>,
        /// Containers where it may be ordered.
        pub allowed_container_ids: Vec<u64>,
        /// Certificate lengths; numbers or text.
        pub allowed_validity_years: Vec<f64>,
        pub allowed_order_validity_years: Vec<f64>,
        /// Older form of the longest order.
        pub max_multi_year_order_validity_years: Option<u64>,
        pub signature_hash_types: Option<HashTypes>,
        pub allowed_ca_certs: Vec<CaCert>,
        /// Whether a CSR is needed.
        pub csr_required: Option<bool>,
        pub replacement_product_name_id: Option<String>,
        pub duplicates_allowed: Option<bool>,
        pub additional_dns_names_allowed: Option<bool>,
        /// Custom end date allowed (info).
        pub custom_expiration_date_allowed: Option<bool>,
        pub allow_auto_renew: Option<bool>,
        pub server_platforms: Vec<Platform>,
    }

    /// Allowed hashes.
    pub struct HashTypes {
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
        pub container_id: Option<u64>,
        /// Role; `0` is everybody.
        pub role_id: Option<u64>,
        pub product_name_id: Option<String>,
        /// Hashes; empty when not customised.
        pub allowed_hashes: Vec<String>,
        /// ICA ids; empty when all are allowed.
        pub allowed_intermediates: Vec<String>,
        /// Certificate lengths in years, as text.
        pub allowed_lifetimes: Vec<String>,
        /// Order lengths in years, as text.
        pub allowed_order_lifetimes: Vec<String>,
        pub allow_auto_renew: Option<bool>,
        pub allow_auto_reissue: Option<bool>,
        pub allowed_wildcards: Option<bool>,
    }
}
