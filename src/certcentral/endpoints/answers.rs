//! What comes back from a write as it was shown: each kind has an answer of its own shape. The `id` in the answer to a
//! revocation is a request's, elsewhere an order's; a setting answers nothing at all.

use http::Method;
use serde::de::DeserializeOwned;

use crate::certcentral::transport::Call;
use crate::certcentral::wire::common::DcvToken;
use crate::certcentral::wire::created::{Created, DcvCheck, DcvMethodChange};
use crate::certcentral::wire::domains::{Domain, DomainCheck};
use crate::certcentral::wire::request::RequestInfo;
use crate::certcentral::{ApiError, Writes, body, convert};
use crate::domain::request::Request;
use crate::domain::write::{self, Outgoing, WriteKind};

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
    /// Sends a prepared write, byte for byte as it was shown, and reads the answer by what was sent.
    pub async fn answer(&self, outgoing: &Outgoing) -> Result<Answered, ApiError> {
        Ok(match outgoing.kind {
            WriteKind::Duplicate
            | WriteKind::Reissue
            | WriteKind::ReissueAsDuplicate
            | WriteKind::Renew
            | WriteKind::NewOrder => Answered::Created(Box::new(self.send(outgoing).await?)),
            WriteKind::RevokeCertificate | WriteKind::RevokeOrder => {
                let call = call(outgoing);
                let answer = self.once(&call).await?;
                if answer.body.trim_ascii().is_empty() {
                    return Ok(Answered::Revocation(None));
                }
                let info: RequestInfo = body::json(&answer, &call.what)?;
                let request = convert::request(info).ok_or_else(|| ApiError::Unexpected {
                    what: call.what.into_owned(),
                    status: answer.status,
                    detail: "it names no request".to_owned(),
                })?;
                Answered::Revocation(Some(Box::new(request)))
            }
            WriteKind::Approve
            | WriteKind::Reject
            | WriteKind::CancelOrder
            | WriteKind::CancelReissue
            | WriteKind::Archive
            | WriteKind::Note
            | WriteKind::AutoReissue => {
                self.once(&call(outgoing)).await?;
                Answered::Done
            }
            WriteKind::CheckNames => {
                let check: DcvCheck = self.sent(outgoing).await?;
                let names = check.dns_name_validations.into_iter();
                Answered::Checked(
                    names
                        .filter_map(|row| Some((row.dns_name?, row.status.unwrap_or_default())))
                        .collect(),
                )
            }
            WriteKind::CheckDomain => {
                let check: DomainCheck = self.sent(outgoing).await?;
                Answered::Checked(
                    check
                        .status
                        .map(|status| (String::new(), status))
                        .into_iter()
                        .collect(),
                )
            }
            WriteKind::NamesEmails | WriteKind::DomainEmails => {
                self.once(&call(outgoing)).await?;
                Answered::Done
            }
            WriteKind::NamesMethod | WriteKind::NamesToken => {
                let change: DcvMethodChange = self.sent(outgoing).await?;
                Answered::Token(change.dcv_random_value)
            }
            WriteKind::DomainMethod => {
                let domain: Domain = self.sent(outgoing).await?;
                Answered::Token(domain.dcv_token.and_then(|token| token.token))
            }
            WriteKind::DomainToken => {
                let token: DcvToken = self.sent(outgoing).await?;
                Answered::Token(token.token)
            }
        })
    }

    async fn sent<T: DeserializeOwned>(&self, outgoing: &Outgoing) -> Result<T, ApiError> {
        let call = call(outgoing);
        self.json_body(
            call.method,
            call.path,
            call.what.into_owned(),
            &outgoing.body,
        )
        .await
    }
}

fn call(outgoing: &Outgoing) -> Call {
    let method = match outgoing.method {
        write::Method::Post => Method::POST,
        write::Method::Put => Method::PUT,
    };
    Call::with_body(
        method,
        outgoing.path.clone(),
        outgoing.named(),
        &outgoing.body,
    )
}
