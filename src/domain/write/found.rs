//! What came of a write, found on the account.

use crate::domain::ids::{CertificateId, OrderId, RequestId};

/// What came of a write, found on the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// The certificate is there, on this order.
    Certificate(OrderId, CertificateId),
    /// The request is there and waits.
    Request(RequestId),
    /// The request was rejected.
    Rejected(RequestId),
    /// The order is there, or is as the write wanted it.
    Order(OrderId),
    /// The account shows it done, on no order that is known.
    Done,
    /// Something else came first: it was not done, and nothing of it can arrive any more.
    Overtaken,
    /// The account took it, and gave it up: no certificate comes of it.
    NoCertificate,
    /// It is not on the account: nothing of it arrived.
    NotArrived,
}
