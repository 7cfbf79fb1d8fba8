//! Approval requests: one of the list or in full, and the entries inside an order.

use super::common::Person;
use super::detail::OrderDetail;

wire! {
    /// A request as an entry of an order's own history.
    pub struct Request {
        pub id: Option<u64>,
        /// When, in one spelling.
        pub date: Option<String>,
        /// When, in the other.
        pub date_created: Option<String>,
        /// When it was decided.
        pub date_processed: Option<String>,
        /// What it asks for; once with a space, `new request`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        pub status: Option<String>,
        pub comments: Option<String>,
        pub processor_comment: Option<String>,
        pub requester: Option<Person>,
        /// First step of a two-step approval.
        pub reviewer: Option<Person>,
        pub processor: Option<Person>,
    }

    /// A request of the list, or in full, with the order as it was when the request was made.
    pub struct RequestInfo {
        pub id: Option<u64>,
        /// When it was made.
        pub date: Option<String>,
        /// When it was decided.
        pub date_processed: Option<String>,
        /// What it asks for.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        pub status: Option<String>,
        pub comments: Option<String>,
        pub processor_comment: Option<String>,
        pub requester: Option<Person>,
        /// First step of a two-step approval.
        pub reviewer: Option<Person>,
        pub processor: Option<Person>,
        /// A snapshot; the order's state is never taken from here.
        pub order: Option<OrderDetail>,
    }
}
