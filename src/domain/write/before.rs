//! What was on the account before a write was sent: it is not what came of it.

use jiff::SignedDuration;

use crate::domain::clock::ClockOffset;
use crate::domain::ids::{CertificateId, RequestId};

/// What was there before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Before {
    /// Whether that was known: what is listed here then says by itself what is old.
    pub known: bool,
    /// The account that it was sent to; `None` in rows of an older journal.
    pub account: Option<String>,
    /// What it is about, for people: the common name.
    pub name: Option<String>,
    pub certificates: Vec<CertificateId>,
    pub requests: Vec<RequestId>,
    /// Notes with the same text.
    pub notes: usize,
    /// Whether the request that is decided waited for the first of two approvals.
    pub first_step: bool,
    /// The token of the domain.
    pub token: Option<String>,
    /// Whether what was asked for was so already: that it is so then says nothing.
    pub was_so: bool,
    /// How old that knowledge was.
    pub age: Option<SignedDuration>,
    /// How the account's clock stood to this machine's.
    pub clock: Option<ClockOffset>,
}
