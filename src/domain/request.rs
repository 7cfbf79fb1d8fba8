//! Approval requests: an order, reissue, duplicate or revocation that somebody has to approve.

use std::sync::Arc;

use jiff::Timestamp;

use super::ids::{OrderId, RequestId};
use super::order::{CsrText, Organization, Person};
use super::product::ProductRef;
use super::status::{RequestKind, RequestStatus};

/// Which requests of the account are wanted, as far as it can filter them itself (*list requests*).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Wanted {
    /// Any of these states; none means any state.
    pub status: Vec<RequestStatus>,
    /// What is asked for.
    pub kind: Option<RequestKind>,
    /// A part of the common name.
    pub name: Option<String>,
}

/// One page of the requests that are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestPage {
    /// The requests, the newest first.
    pub rows: Vec<Request>,
    /// Index at which the next page begins; `None` after the last.
    pub next: Option<u64>,
    /// How many there are in all, where told.
    pub total: Option<u64>,
}

/// An approval request, from list requests, request info or an order's own history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    /// What it asks for.
    pub kind: RequestKind,
    pub status: RequestStatus,
    /// When it was made.
    pub date: Option<Timestamp>,
    /// When it was decided.
    pub processed: Option<Timestamp>,
    pub requester: Option<Arc<Person>>,
    /// First approver of a two-step approval.
    pub reviewer: Option<Arc<Person>>,
    pub processor: Option<Arc<Person>>,
    pub comments: Option<String>,
    pub processor_comment: Option<String>,
    pub order: Option<OrderId>,
    /// Common name of what was asked for.
    pub common_name: Option<String>,
    /// Names asked for; only request info tells. A snapshot of the time of the request.
    pub dns_names: Vec<String>,
    /// CSR asked with; only request info tells.
    pub csr: Option<CsrText>,
    pub organization: Option<Arc<Organization>>,
    pub product: Option<Arc<ProductRef>>,
}

impl Request {
    /// What to call it by: its common name, or the organisation where the product has no names.
    pub fn title(&self) -> Option<&str> {
        let organization = self.organization.as_ref().map(|known| known.name.as_str());
        self.common_name
            .as_deref()
            .filter(|name| !name.is_empty())
            .or(organization)
    }
}
