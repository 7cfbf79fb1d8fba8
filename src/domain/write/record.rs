//! A write as the journal keeps it: what was to be sent, how that ended, and what came of it later.
//!
//! ```text
//! Intent ──> running ──Answer──> accepted ──Found──> certificate, request, order
//!              │       ├───────> refused
//!              │       ├───────> not sent
//!              │       └───────> unknown ──Found──> certificate, request, order, not arrived
//!              └── process gone ──^  (seen as unknown; nothing needs to write it)
//! ```

use std::fmt;

use jiff::Timestamp;

use super::{Before, Found, Method, Outgoing, WriteId, WriteKind};
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::text::bytes;
use crate::domain::validity::Foreseen;

/// What is about to be sent. Its `Debug` tells the length of the body only, since that holds the CSR.
#[derive(Clone, PartialEq, Eq)]
pub struct Intent {
    pub op: WriteId,
    /// What for; a text where a later version wrote it, or where it cannot be read.
    pub kind: Result<WriteKind, String>,
    /// The order it is about; none for a new one.
    pub order: Option<OrderId>,
    /// HTTP method.
    pub method: String,
    /// Path below the base URL.
    pub path: String,
    /// The exact JSON; empty when there is no body.
    pub body: String,
    /// SHA-256 of the CSR's DER, by which an answer that got lost is looked up.
    pub csr_sha256: Option<[u8; 32]>,
    /// The profile it is sent with.
    pub profile: String,
    /// What was on the account before that looks like what may come of it, as whoever sends it writes it down.
    pub before: Before,
    /// What the end of its certificate was foreseen by.
    pub foreseen: Option<Foreseen>,
    /// As of when whoever sends it knows what the account has of it; what the journal took since is news.
    pub as_of: Option<Timestamp>,
    /// Whether it is to be sent although the same is in the journal.
    pub despite: bool,
    pub at: Timestamp,
}

impl Intent {
    /// What was to be sent; `None` where its kind is not known. What it asked for is read from its body.
    pub fn outgoing(&self) -> Option<Outgoing> {
        let mut outgoing = self.unread()?.with_expected();
        if let Some(expected) = &mut outgoing.expected {
            expected.foreseen = self.foreseen;
        }
        Some(outgoing)
    }

    /// The same without what it asked for, which takes a CSR apart: to be named in a list.
    pub fn unread(&self) -> Option<Outgoing> {
        let method = match self.method.as_str() {
            "PUT" => Method::Put,
            _ => Method::Post,
        };
        let kind = self.kind.as_ref().ok().copied()?;
        let (path, body) = (self.path.clone(), self.body.clone());
        Some(Outgoing::kept(kind, method, path, body, self.order))
    }
}

impl fmt::Debug for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intent")
            .field("op", &self.op)
            .field("kind", &self.kind)
            .field("order", &self.order)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body", &bytes(self.body.len()))
            .field("csr", &self.csr_sha256.is_some())
            .field("profile", &self.profile)
            .field("before", &self.before)
            .field("foreseen", &self.foreseen)
            .field("as_of", &self.as_of)
            .field("despite", &self.despite)
            .field("at", &self.at)
            .finish()
    }
}

/// How the sending of a write ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The account took it.
    Accepted {
        /// HTTP status.
        status: u16,
        /// The order, where the answer names one.
        order: Option<OrderId>,
        /// The requests it made.
        requests: Vec<RequestId>,
        /// The certificate, where the account issued at once.
        certificate: Option<CertificateId>,
        /// The random value for the domain check, which the account tells once.
        random_value: Option<String>,
    },
    /// The account refused it; nothing changed there.
    Refused {
        /// HTTP status.
        status: u16,
        /// Code and message of each error.
        errors: Vec<String>,
    },
    NotSent {
        why: String,
    },
    /// It may have arrived or not.
    Unknown {
        why: String,
    },
}

/// What happens to a write after its answer, as the journal takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// What came of it; a later one replaces an earlier one.
    Found(Found),
    /// Its certificate was held against what was asked for; what is not as asked.
    Verified(Vec<String>),
    /// The operator has seen enough of it.
    Dismissed,
}

/// Whether anything can have come of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It arrived, or nobody knows that it did not: it is not sent again.
    Arrived,
    /// It was refused or rejected, or the account shows nothing of it.
    Nothing,
    NotSent,
}

/// A resolution and when it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// What came of it.
    pub what: Found,
    /// When that was found.
    pub at: Timestamp,
}

/// Who runs an operation that has no outcome yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Mine,
    /// Another certdeck, which lives.
    Other {
        pid: u32,
    },
    /// A certdeck that ended without an outcome.
    Gone,
}

/// One row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What was to be sent.
    pub intent: Intent,
    /// Who runs or ran it. Asked of the system only while the outcome is not known.
    pub owner: Owner,
    pub outcome: Option<Answer>,
    pub finished: Option<Timestamp>,
    /// What came of it.
    pub resolved: Option<Resolved>,
    /// What of its certificate is not as asked; `None` until it was checked.
    pub findings: Option<Vec<String>>,
    /// Whether the operator has seen enough of it.
    pub dismissed: bool,
    /// The columns that could not be read. What they would say is not known.
    pub unreadable: Vec<&'static str>,
}

impl Record {
    /// Whether nobody knows if it arrived, and nobody is about to find out: to be looked up on the account.
    pub fn is_unknown(&self) -> bool {
        self.resolved.is_none()
            && match &self.outcome {
                None => self.owner == Owner::Gone,
                // As long as it lives, whoever sent it looks for it.
                Some(Answer::Unknown { .. }) => !matches!(self.owner, Owner::Other { .. }),
                Some(_) => false,
            }
    }

    /// Whether too little of it can be read to look for it, or to send it again.
    pub fn cannot_be_looked_for(&self) -> bool {
        let needed = ["kind", "method", "path", "body"];
        self.unreadable.iter().any(|column| needed.contains(column)) || self.intent.kind.is_err()
    }

    /// Whether it was lost, looked for and not found.
    pub fn is_not_found(&self) -> bool {
        let found = self.resolved.as_ref().map(|found| &found.what);
        found == Some(&Found::NotArrived)
    }

    /// Whether anything can have come of it.
    pub fn arrival(&self) -> Arrival {
        let found = self.resolved.as_ref().map(|found| &found.what);
        match (&self.outcome, found) {
            (Some(Answer::NotSent { .. }), _) => Arrival::NotSent,
            (Some(Answer::Refused { .. }), _)
            | (
                _,
                Some(
                    Found::NotArrived
                    | Found::NoCertificate
                    | Found::Overtaken
                    | Found::Rejected(..),
                ),
            ) => Arrival::Nothing,
            _ => Arrival::Arrived,
        }
    }

    /// Whether it is under way, here or in another process.
    pub fn is_running(&self) -> bool {
        self.outcome.is_none() && self.owner != Owner::Gone
    }

    /// Whether the account took it and something is still to come: the decision of its request, its certificate, or
    /// the check that the certificate is as asked.
    pub fn is_awaited(&self) -> bool {
        let kind = self.intent.kind.as_ref().ok().copied();
        let makes = kind.is_some_and(WriteKind::makes_certificate);
        let unchecked = makes && self.findings.is_none();
        match (
            &self.outcome,
            self.resolved.as_ref().map(|found| &found.what),
        ) {
            (_, Some(Found::Request(..))) => true,
            (_, Some(Found::Certificate(..))) => unchecked,
            (_, Some(Found::Order(..))) => unchecked && kind.is_some_and(WriteKind::makes_order),
            // What was not found so far may still arrive.
            (Some(Answer::Unknown { .. }) | None, Some(Found::NotArrived)) => true,
            (
                _,
                Some(
                    Found::Rejected(..)
                    | Found::NoCertificate
                    | Found::NotArrived
                    | Found::Overtaken
                    | Found::Done,
                ),
            ) => false,
            (
                Some(Answer::Accepted {
                    requests,
                    certificate,
                    ..
                }),
                None,
            ) => unchecked || (!makes && certificate.is_none() && !requests.is_empty()),
            (_, None) => false,
        }
    }

    /// The order that the certificate is on which came, or is to come, of it.
    pub fn made_on(&self) -> Option<OrderId> {
        let kind = self.intent.kind.as_ref().ok().copied();
        let makes_order = kind.is_some_and(WriteKind::makes_order);
        match (
            &self.outcome,
            self.resolved.as_ref().map(|found| &found.what),
        ) {
            (_, Some(Found::Certificate(order, _) | Found::Order(order))) => Some(*order),
            // The order that it renews is not the one that it makes.
            (Some(Answer::Accepted { order, .. }), _) if makes_order => {
                order.filter(|order| Some(*order) != self.intent.order)
            }
            (Some(Answer::Accepted { order, .. }), _) => order.or(self.intent.order),
            _ => self.intent.order.filter(|_| !makes_order),
        }
    }
}
