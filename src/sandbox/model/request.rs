//! Requests: the approval objects in front of the work.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::OrderStatus;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestKind {
    /// A new or renewal order.
    NewRequest,
    /// Revocation of a certificate or of a whole order.
    Revoke,
    Duplicate,
    /// Another certificate in place of the primary one.
    Reissue,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::NewRequest,
        Self::Revoke,
        Self::Duplicate,
        Self::Reissue,
    ];

    /// The API's word.
    pub fn id(self) -> &'static str {
        match self {
            Self::NewRequest => "new_request",
            Self::Revoke => "revoke",
            Self::Duplicate => "duplicate",
            Self::Reissue => "reissue",
        }
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestStatus {
    /// Waits for the first of two approvers.
    Submitted,
    /// Waits for the final approver.
    Pending,
    /// Approved; the work was handed on.
    Approved,
    /// Refused, or withdrawn by cancelling.
    Rejected,
}

impl RequestStatus {
    /// The API's word.
    pub fn id(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    /// The status with this word.
    pub fn parse(id: &str) -> Option<Self> {
        [
            Self::Submitted,
            Self::Pending,
            Self::Approved,
            Self::Rejected,
        ]
        .into_iter()
        .find(|status| status.id() == id)
    }

    /// Whether somebody still has to act.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Pending)
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub id: u64,
    /// The order it is about.
    pub order_id: u64,
    /// What was asked for.
    pub kind: RequestKind,
    pub status: RequestStatus,
    /// When it was made.
    pub date: Timestamp,
    /// When it was approved or rejected.
    pub date_processed: Option<Timestamp>,
    /// Who asked (user id).
    pub requester: u64,
    /// Who took the first of two steps (user id).
    pub reviewer: Option<u64>,
    /// Who approved or rejected (user id).
    pub processor: Option<u64>,
    /// From the requester to the approver.
    pub comments: Option<Cow<'static, str>>,
    pub processor_comment: Option<Cow<'static, str>>,
    /// The certificate it is about: the one asked for, or the one to revoke. `None`: the whole order is to be revoked.
    pub certificate_id: Option<u64>,
    /// What the order's status was when the request was made; the order inside a request never shows a newer one.
    pub order_status: OrderStatus,
    /// The reason of a revocation.
    pub revocation_reason: Option<Cow<'static, str>>,
    /// Whether a two-step policy stood when it was made: a reviewer, then an approver.
    pub two_step: bool,
}
