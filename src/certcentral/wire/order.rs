//! Lists of orders: list orders, status changes, lookup by own reference.

use super::common::{CustomField, Named, PageInfo, ProductRef, Validity};

wire! {
    /// *List orders*. The `orders` key is missing when nothing was found.
    pub struct OrderList {
        pub orders: Vec<OrderRow>,
        pub page: Option<PageInfo>,
    }

    /// One order of the list.
    pub struct OrderRow {
        pub id: Option<u64>,
        pub certificate: Option<RowCertificate>,
        pub status: Option<String>,
        /// Whether another order renewed it.
        pub is_renewed: Option<bool>,
        /// When it was placed.
        pub date_created: Option<String>,
        /// Organization; absent on DV.
        pub organization: Option<Named>,
        /// Older name of the length.
        pub validity_years: Option<u64>,
        /// Length of the order.
        pub order_validity: Option<Validity>,
        /// Last day that the order covers.
        pub order_valid_till: Option<String>,
        pub container: Option<Named>,
        pub product: Option<ProductRef>,
        /// The product's identifier once more.
        pub product_name_id: Option<String>,
        /// Whether there are duplicates.
        pub has_duplicates: Option<bool>,
        /// How many; newer accounts.
        pub duplicates_count: Option<u64>,
        /// Whether there are reissues.
        pub has_reissues: Option<bool>,
        /// How many; newer accounts.
        pub reissues_count: Option<u64>,
        /// `"1"` on a plan of several certificates.
        pub is_multi_year_plan: Option<bool>,
        pub custom_fields: Vec<CustomField>,
        /// Whether it says something twice, and differently.
        #[serde(rename = "\u{0}unsure")]
        pub unsure: bool,
    }

    /// The certificate part of a list row.
    pub struct RowCertificate {
        pub id: Option<u64>,
        /// Common name; absent or empty on code signing.
        pub common_name: Option<String>,
        /// DNS names, the common name among them.
        pub dns_names: Vec<String>,
        pub serial_number: Option<String>,
        /// First day.
        pub valid_from: Option<String>,
        /// Last day.
        pub valid_till: Option<String>,
        /// Hash; the case differs.
        pub signature_hash: Option<String>,
    }

    /// *Status change list*: `{}` when nothing changed.
    pub struct StatusChangeList {
        pub orders: Vec<StatusChange>,
    }

    /// One order whose status changed.
    pub struct StatusChange {
        pub order_id: Option<u64>,
        /// A certificate of the order; which one is not documented.
        pub certificate_id: Option<u64>,
        /// The order's status now.
        pub status: Option<String>,
    }
}
