//! What comes back from a write as it was shown: each kind has an answer of its own shape. The `id` in the answer to a
//! revocation is a request's, elsewhere an order's; a setting answers nothing at all.

use super::writes::{CHECK, TOKEN, VALUE, call};
use crate::certcentral::shape::Marks;
use crate::certcentral::wire::common::DcvToken;
use crate::certcentral::wire::created::{Created, DcvCheck, DcvMethodChange};
use crate::certcentral::wire::domains::{Domain, DomainCheck};
use crate::certcentral::{ApiError, Writes};
use crate::domain::request::Request;
use crate::domain::write::{Outgoing, WriteKind};

/// What the account answered to a write.
#[derive(Debug, Clone, PartialEq)]
pub enum Answered {
    /// Something was made: order, requests, certificate (201).
    Created(Box<Created>),
    /// A request to revoke was made (201), or it was revoked at once (204, `None`).
    Revocation(Option<Box<Request>>),
    /// It is done; there is nothing to say (204, or a body that nobody needs).
    Done,
    /// Names that were looked at, each with its state as told; `approved` is found.
    Checked(Vec<(String, String)>),
    /// A random value to publish; `None` where the method needs none.
    Token(Option<String>),
}

impl Writes {
    /// Sends a prepared write, byte for byte as it was shown, and reads the answer by what was sent. An answer without
    /// the marks of its kind is an error that leaves open what was done.
    pub async fn answer(&self, outgoing: &Outgoing) -> Result<Answered, ApiError> {
        let call = call(outgoing);
        Ok(match outgoing.kind {
            WriteKind::Duplicate
            | WriteKind::Reissue
            | WriteKind::ReissueAsDuplicate
            | WriteKind::Renew
            | WriteKind::NewOrder => Answered::Created(Box::new(self.send(outgoing).await?)),
            WriteKind::RevokeCertificate | WriteKind::RevokeOrder => {
                Answered::Revocation(self.revocation(&call).await?.map(Box::new))
            }
            WriteKind::Approve
            | WriteKind::Reject
            | WriteKind::CancelOrder
            | WriteKind::CancelReissue
            | WriteKind::Archive
            | WriteKind::Note
            | WriteKind::AutoReissue
            | WriteKind::NamesEmails
            | WriteKind::DomainEmails => {
                self.nothing(&call).await?;
                Answered::Done
            }
            WriteKind::CheckNames => {
                let check: DcvCheck = self.json(&call, CHECK).await?;
                let names = check.dns_name_validations.into_iter();
                Answered::Checked(
                    names
                        .filter_map(|row| Some((row.dns_name?, row.status.unwrap_or_default())))
                        .collect(),
                )
            }
            WriteKind::CheckDomain => {
                let check: DomainCheck = self.json(&call, Marks::Thing(&["token"])).await?;
                Answered::Checked(
                    check
                        .status
                        .map(|status| (String::new(), status))
                        .into_iter()
                        .collect(),
                )
            }
            WriteKind::NamesMethod => {
                let change: DcvMethodChange = self.method(&call, VALUE).await?;
                Answered::Token(change.dcv_random_value)
            }
            WriteKind::NamesToken => {
                let change: DcvMethodChange = self.json(&call, VALUE).await?;
                Answered::Token(change.dcv_random_value)
            }
            WriteKind::DomainMethod => {
                let domain: Domain = self.method(&call, TOKEN).await?;
                Answered::Token(domain.dcv_token.and_then(|token| token.token))
            }
            WriteKind::DomainToken => {
                let token: DcvToken = self.json(&call, Marks::Thing(&["token"])).await?;
                Answered::Token(token.token)
            }
        })
    }
}
