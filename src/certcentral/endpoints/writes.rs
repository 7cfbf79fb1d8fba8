//! Every write, and what comes back from it. It is sent once, with exactly the JSON text that was shown, and each kind has
//! an answer of its own shape. The `id` in the answer to a revocation is a request's, elsewhere an order's; a setting
//! answers nothing at all.
//!
//! When a write fails, [`ApiError::fate`] tells whether the account has to be looked at before anything is sent again.

use http::Method;
use serde::de::DeserializeOwned;

use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::common::DcvToken;
use crate::certcentral::wire::created::{Created, DcvCheck, DcvMethodChange};
use crate::certcentral::wire::domains::{Domain, DomainCheck};
use crate::certcentral::wire::request::RequestInfo;
use crate::certcentral::{ApiError, Writes, body, convert};
use crate::domain::ids::{CertificateId, OrderId, RequestId};
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

impl Created {
    /// The order.
    pub fn order(&self) -> Option<OrderId> {
        self.id.map(OrderId)
    }

    /// The certificate. It has a number before it is issued.
    pub fn certificate(&self) -> Option<CertificateId> {
        self.certificate_id.map(CertificateId)
    }

    /// The request that was made, if one was.
    pub fn request(&self) -> Option<RequestId> {
        self.requests
            .iter()
            .find_map(|request| request.id)
            .map(RequestId)
    }

    /// Whether the certificate itself came along.
    pub fn is_issued(&self) -> bool {
        !self.certificate_chain.is_empty()
    }
}

/// What *change DCV method* of an order answers with, and a new random value for it.
const VALUE: Marks = Marks::Thing(&["dcv_random_value"]);
/// What *change DCV method* of a domain answers with.
const TOKEN: Marks = Marks::Thing(&["dcv_token"]);
/// What *check DCV* answers with.
const CHECK: Marks = Marks::Thing(&["dns_name_validations", "dcv_status", "order_status"]);

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
            | WriteKind::NewOrder => {
                // A duplicate or a reissue stays on its order; an order that renews another is a new one.
                let stays = !outgoing.kind.makes_order();
                let order = outgoing.order.filter(|_| stays);
                Answered::Created(Box::new(self.created(&call, order).await?))
            }
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

    /// A write that makes a certificate: its answer names the order, and the request or the certificate that came of
    /// it. Source: "Response" of place order, duplicate and reissue.
    async fn created(&self, call: &Call, order: Option<OrderId>) -> Result<Created, ApiError> {
        let made = Marks::Thing(&["requests", "certificate_id", "certificate_chain"]);
        let created: Created = self.json(call, made).await?;
        super::same(order.map(|order| order.0), created.id, &call.what)?;
        let names = created.request().is_some() || created.certificate().is_some();
        if created.id.is_none() || !(names || created.is_issued()) {
            return Err(super::unexpected(
                &call.what,
                "it names neither a request nor a certificate of an order",
            ));
        }
        Ok(created)
    }

    /// A revocation: 201 with the request that was made, or 204 where it was done at once.
    async fn revocation(&self, call: &Call) -> Result<Option<Request>, ApiError> {
        let answer = self.once(call).await?;
        if answer.status == 204 {
            return Ok(None);
        }
        answer.documented(&[200, 201], &call.what)?;
        let info: RequestInfo = body::json(&answer, &call.what, Marks::Thing(&["id"]))?;
        let request = convert::request(info);
        request
            .map(Some)
            .ok_or_else(|| super::unexpected(&call.what, "it names no request"))
    }

    /// Another way to prove control: the answer holds what to publish, and nothing for mails.
    async fn method<T: DeserializeOwned + Default>(
        &self,
        call: &Call,
        value: Marks,
    ) -> Result<T, ApiError> {
        let answer = self.once(call).await?;
        if !is_mailed(call) {
            answer.documented(&[200, 201], &call.what)?;
            return body::json(&answer, &call.what, value);
        }
        // Of an order's names the answer is documented to be empty, of a domain to be an object.
        if value == VALUE && answer.body.trim_ascii().is_empty() {
            answer.documented(&[200, 201, 204], &call.what)?;
            return Ok(T::default());
        }
        answer.documented(&[200, 201], &call.what)?;
        body::json(
            &answer,
            &call.what,
            Marks::ThingOrNone(&["validation_emails", "id", "dcv_method"]),
        )
    }
}
/// Whether control is to be proved by mail, which needs nothing to publish.
fn is_mailed(call: &Call) -> bool {
    let body = call.body.as_deref().unwrap_or_default();
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    body.get("dcv_method").and_then(serde_json::Value::as_str) == Some("email")
}

/// A prepared write, byte for byte as it was shown.
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
