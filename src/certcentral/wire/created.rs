//! Answers of writes: place order, duplicate, reissue, revoke, DCV, notes.

use super::certificate::ChainEntry;
use super::common::DcvToken;

wire! {
    /// Answer of place order, duplicate and reissue (201). One shape for all variants, everything but `id` optional.
    pub struct Created {
        pub id: Option<u64>,
        /// Requests that were made.
        pub requests: Vec<CreatedRequest>,
        /// The certificate; having a number does not mean that it is issued.
        pub certificate_id: Option<u64>,
        /// Present when it was issued at once; leaf first.
        pub certificate_chain: Vec<ChainEntry>,
        /// Random value for token DCV methods.
        pub dcv_random_value: Option<String>,
        /// Domains of the order with their tokens.
        pub domains: Vec<CreatedDomain>,
        /// A new organization, when one was made.
        pub organization: Option<CreatedId>,
    }

    /// A request made by a write.
    pub struct CreatedRequest {
        pub id: Option<u64>,
        /// `pending`, `submitted`, `approved`; orders only.
        pub status: Option<String>,
    }

    /// A domain in the answer to an order.
    pub struct CreatedDomain {
        pub id: Option<u64>,
        /// Name, in one spelling.
        pub name: Option<String>,
        /// Name, in the other.
        pub dns_name: Option<String>,
        pub dcv_token: Option<DcvToken>,
    }

    /// An answer that is only a number.
    pub struct CreatedId {
        pub id: Option<u64>,
    }

    /// Answer of *check DCV*.
    pub struct DcvCheck {
        /// `pending`, or `issued` when this check completed everything.
        pub order_status: Option<String>,
        pub certificate_id: Option<u64>,
        /// `valid` or `pending`.
        pub dcv_status: Option<String>,
        /// Names and their states.
        pub dns_name_validations: Vec<DcvCheckName>,
    }

    /// One name of a DCV check.
    pub struct DcvCheckName {
        pub dns_name: Option<String>,
        /// `approved` when found.
        pub status: Option<String>,
    }

    /// Answer of *change DCV method*; empty for `email`.
    pub struct DcvMethodChange {
        /// The random value to publish.
        pub dcv_random_value: Option<String>,
        pub expiration_date: Option<String>,
    }
}
