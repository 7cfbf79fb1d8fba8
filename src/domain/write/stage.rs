//! Where a write stands, and what moves it: the one machine that whoever sends, looks, and keeps goes by.
//!
//! ```text
//!        Begun               Accepted                                             Found(Certificate)            Verified
//! (row) ------> Sending --+------------> AwaitsApproval --Approved--> AwaitsCertificate -----------> Verifying ----------> Issued
//!                  |      |                   ^                        |  ^   Listed: its number          |
//!                  |      |                   '--- Found(Request) -----'  '--------- ChainFailed ---------'
//!                  |      +-- Completed --> Completed   (also from AwaitsApproval, LookingUp, NotFound)
//!                  |      '-- Ended ------> Ended       (also from all that is not at its end; Begun sends it after all)
//!                  '-- Unanswered --> LookingUp --Found(Request | Certificate | Order), Listed--> as above
//!                                       |   ^
//!                     Found(NotArrived) v   | Arrived
//!                                      NotFound --Found(Order)--> AwaitsCertificate
//! ```
//!
//! What is not drawn does not happen: it leaves the write where it is.

use super::{Answer, Found, Record, WriteKind};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{CertificateId, RequestId};

/// Where a write stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Under way; no answer yet.
    Sending,
    /// Waits for somebody to approve the request.
    AwaitsApproval(RequestId),
    /// Waits for the certificate, whose number may be known.
    AwaitsCertificate(Option<CertificateId>),
    /// The answer was lost, for this reason; the account is looked at.
    LookingUp(Failure),
    /// The answer was lost, and nothing was found. Only the operator may send it again.
    NotFound(Failure),
    /// The certificate is there; its chain is being fetched and checked.
    Verifying(CertificateId),
    Issued {
        certificate: CertificateId,
        /// What was checked and is as asked.
        checks: Vec<String>,
        /// What is not as asked; shown in red.
        problems: Vec<String>,
    },
    /// Done, and no certificate was to come of it; what is so now, in words.
    Completed(String),
    /// It ended without a certificate, for this reason.
    Ended(Failure),
}

/// What happens to a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// It is sent after all: the journal could not take it, or has the same, and the operator said yes to that.
    Begun,
    /// The account took it, and named what is to come of it.
    Accepted {
        /// The request that has to be approved.
        request: Option<RequestId>,
        certificate: Option<CertificateId>,
    },
    /// No answer came, or one that does not say whether it was done.
    Unanswered(Failure),
    /// It is done, and nothing is to come of it; what is so now, in words.
    Completed(String),
    /// It came to nothing, for this reason: refused, not sent, rejected, overtaken, or set aside.
    Ended(Failure),
    /// The request was approved.
    Approved,
    /// Its certificate is listed, and not issued yet.
    Listed(CertificateId),
    /// What the account shows of it.
    Found(Found),
    /// What was not found is there after all; what it is, the same look tells.
    Arrived,
    /// The chain could not be fetched.
    ChainFailed,
    /// The certificate was held against what was asked for.
    Verified {
        /// What was checked and is as asked.
        checks: Vec<String>,
        problems: Vec<String>,
    },
}

impl Stage {
    /// Moves on; tells whether this can happen here. What cannot leaves it as it is.
    pub fn after(&mut self, fact: Fact) -> bool {
        use Stage::{
            AwaitsApproval, AwaitsCertificate, Completed, Ended, Issued, LookingUp, NotFound,
            Sending, Verifying,
        };
        let next = match (&*self, fact) {
            (Ended(_), Fact::Begun) => Sending,
            (
                Sending,
                Fact::Accepted {
                    request,
                    certificate,
                },
            ) => match (certificate, request) {
                (Some(certificate), _) => AwaitsCertificate(Some(certificate)),
                (None, Some(request)) => AwaitsApproval(request),
                (None, None) => AwaitsCertificate(None),
            },
            (Sending, Fact::Unanswered(failure)) => LookingUp(failure),
            (Sending | AwaitsApproval(_) | LookingUp(_) | NotFound(_), Fact::Completed(words)) => {
                Completed(words)
            }
            (Issued { .. } | Completed(_) | Ended(_), Fact::Ended(_)) => return false,
            (_, Fact::Ended(failure)) => Ended(failure),
            (AwaitsApproval(_), Fact::Approved) => AwaitsCertificate(None),
            (AwaitsCertificate(_) | LookingUp(_), Fact::Listed(certificate)) => {
                AwaitsCertificate(Some(certificate))
            }
            (AwaitsCertificate(_) | LookingUp(_), Fact::Found(Found::Request(request))) => {
                AwaitsApproval(request)
            }
            (
                AwaitsApproval(_) | AwaitsCertificate(_) | LookingUp(_),
                Fact::Found(Found::Certificate(_, certificate)),
            ) => Verifying(certificate),
            (LookingUp(_) | NotFound(_), Fact::Found(Found::Order(_))) => AwaitsCertificate(None),
            (LookingUp(failure), Fact::Found(Found::NotArrived)) => NotFound(failure.clone()),
            (NotFound(failure), Fact::Arrived) => LookingUp(failure.clone()),
            (Verifying(certificate), Fact::ChainFailed) => AwaitsCertificate(Some(*certificate)),
            (Verifying(certificate), Fact::Verified { checks, problems }) => Issued {
                certificate: *certificate,
                checks,
                problems,
            },
            _ => return false,
        };
        *self = next;
        true
    }

    /// Where it stands by what the journal has of it: what is not stored there, an approval and that its certificate is
    /// listed, the account tells again.
    pub fn of(record: &Record) -> Self {
        let kind = record.intent.kind.as_ref().ok().copied();
        let makes_order = kind.is_some_and(WriteKind::makes_order);
        let makes = kind.is_some_and(WriteKind::makes_certificate);
        let found = record.resolved.as_ref().map(|resolved| resolved.what);
        let named = match (&record.outcome, found) {
            (_, Some(Found::Certificate(_, certificate))) => Some(certificate),
            (Some(Answer::Accepted { certificate, .. }), None) => *certificate,
            _ => None,
        };
        if let (Some(certificate), Some(problems)) = (named, &record.findings) {
            return Self::Issued {
                certificate,
                checks: Vec::new(),
                problems: problems.clone(),
            };
        }
        if record.dismissed {
            return Self::Ended(said("It was dismissed."));
        }
        match (&record.outcome, found) {
            (None, None) if record.is_running() => Self::Sending,
            (_, Some(Found::Certificate(_, certificate))) => {
                Self::AwaitsCertificate(Some(certificate))
            }
            (_, Some(Found::Request(request))) => Self::AwaitsApproval(request),
            (_, Some(Found::Order(_))) if makes_order => Self::AwaitsCertificate(None),
            (_, Some(Found::Order(_) | Found::Done)) => Self::Completed(String::new()),
            (_, Some(Found::Rejected(_) | Found::Overtaken | Found::NoCertificate)) => {
                Self::Ended(said("It had no result."))
            }
            (Some(Answer::Unknown { .. }) | None, Some(Found::NotArrived)) => {
                let words = "No clear response, and an earlier session found no trace of it.";
                Self::NotFound(said(words))
            }
            (Some(Answer::Refused { errors, .. }), _) => {
                Self::Ended(Failure::local(errors.join("; "), ""))
            }
            (Some(Answer::NotSent { why }), _) => Self::Ended(said(why.as_str())),
            (
                Some(Answer::Accepted {
                    requests,
                    certificate,
                    ..
                }),
                _,
            ) => match (certificate, requests.first()) {
                (Some(certificate), _) if makes => Self::AwaitsCertificate(Some(*certificate)),
                (None, Some(request)) => Self::AwaitsApproval(*request),
                _ if makes => Self::AwaitsCertificate(None),
                _ => Self::Completed(String::new()),
            },
            (Some(Answer::Unknown { why }), None) => Self::LookingUp(said(why.as_str())),
            (None, None) => {
                let words = "certdeck exited before a response arrived.";
                Self::LookingUp(said(words))
            }
        }
    }

    /// Whether something may still come.
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Sending
                | Self::AwaitsApproval(_)
                | Self::AwaitsCertificate(_)
                | Self::LookingUp(_)
                | Self::Verifying(_)
        )
    }

    /// Whether nobody knows if it arrived.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::LookingUp(_) | Self::NotFound(_))
    }
}

fn said(what: impl Into<String>) -> Failure {
    Failure::of(FailureKind::Other, what)
}
