//! Lists of orders: list orders, status changes, lookup by own reference.
//!
//! A page of *list orders* is about a megabyte: its rows borrow from the answer, and leave out what nobody shows.

use std::borrow::Cow;

wire! {
    /// One order of *list orders*, as much of it as the list of orders shows.
    pub struct OrderRow<'a> {
        pub id: Option<u64>,
        #[serde(borrow)]
        pub certificate: Option<RowCertificate<'a>>,
        #[serde(borrow)]
        pub status: Option<Cow<'a, str>>,
        /// Whether another order renewed it.
        pub is_renewed: Option<bool>,
        /// When it was placed.
        #[serde(borrow)]
        pub date_created: Option<Cow<'a, str>>,
        /// Organization; absent on DV.
        #[serde(borrow)]
        pub organization: Option<RowNamed<'a>>,
        /// Last day that the order covers.
        #[serde(borrow)]
        pub order_valid_till: Option<Cow<'a, str>>,
        #[serde(borrow)]
        pub container: Option<RowNamed<'a>>,
        #[serde(borrow)]
        pub product: Option<RowProduct<'a>>,
        /// The product's identifier once more.
        #[serde(borrow)]
        pub product_name_id: Option<Cow<'a, str>>,
        /// Whether there are duplicates.
        pub has_duplicates: Option<bool>,
        /// How many; newer accounts.
        pub duplicates_count: Option<u64>,
        /// Whether there are reissues.
        pub has_reissues: Option<bool>,
        /// How many; newer accounts.
        pub reissues_count: Option<u64>,
        /// Whether it says something twice, and differently.
        #[serde(rename = "\u{0}unsure")]
        pub unsure: bool,
    }

    /// The certificate part of a list row.
    pub struct RowCertificate<'a> {
        pub id: Option<u64>,
        /// Common name; absent or empty on code signing.
        #[serde(borrow)]
        pub common_name: Option<Cow<'a, str>>,
        /// DNS names, the common name among them.
        #[serde(borrow)]
        pub dns_names: Vec<Cow<'a, str>>,
        #[serde(borrow)]
        pub serial_number: Option<Cow<'a, str>>,
        /// First day.
        #[serde(borrow)]
        pub valid_from: Option<Cow<'a, str>>,
        /// Last day.
        #[serde(borrow)]
        pub valid_till: Option<Cow<'a, str>>,
    }

    /// Organization or container of a list row.
    pub struct RowNamed<'a> {
        pub id: Option<u64>,
        #[serde(borrow)]
        pub name: Option<Cow<'a, str>>,
        /// Name and assumed name (organizations).
        #[serde(borrow)]
        pub display_name: Option<Cow<'a, str>>,
        /// City, where it is told.
        #[serde(borrow)]
        pub city: Option<Cow<'a, str>>,
        #[serde(borrow)]
        pub state: Option<Cow<'a, str>>,
        #[serde(borrow)]
        pub country: Option<Cow<'a, str>>,
    }

    /// Product of a list row.
    pub struct RowProduct<'a> {
        #[serde(borrow)]
        pub name_id: Option<Cow<'a, str>>,
        #[serde(borrow)]
        pub name: Option<Cow<'a, str>>,
        #[serde(borrow, rename = "type")]
        pub kind: Option<Cow<'a, str>>,
        #[serde(borrow)]
        pub validation_type: Option<Cow<'a, str>>,
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
