//! Every write. Each is sent once, with exactly the JSON text that is handed in.
//!
//! When a write fails, [`ApiError::may_have_arrived`] tells whether the account has to be looked at before anything is
//! sent again.

use http::Method;
use serde::de::DeserializeOwned;

use super::encoded;
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::common::DcvToken;
use crate::certcentral::wire::created::{Created, DcvCheck, DcvMethodChange};
use crate::certcentral::wire::domains::{Domain, DomainCheck};
use crate::certcentral::wire::request::RequestInfo;
use crate::certcentral::{ApiError, Writes, body, convert};
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::request::Request;
use crate::domain::write::{self, Outgoing};

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
pub(super) const VALUE: Marks = Marks::Thing(&["dcv_random_value"]);
/// What *change DCV method* of a domain answers with.
pub(super) const TOKEN: Marks = Marks::Thing(&["dcv_token"]);
/// What *check DCV* answers with.
pub(super) const CHECK: Marks =
    Marks::Thing(&["dns_name_validations", "dcv_status", "order_status"]);

impl Writes {
    /// Sends a prepared write that makes a certificate, byte for byte as it was shown.
    pub async fn send(&self, outgoing: &Outgoing) -> Result<Created, ApiError> {
        // A duplicate or a reissue stays on its order; an order that renews another is a new one.
        let stays = !outgoing.kind.makes_order();
        self.created(&call(outgoing), outgoing.order.filter(|_| stays))
            .await
    }

    /// *Place order* for a product. Renewals are orders with `renewal_of_order_id` in the body.
    pub async fn place_order(&self, name_id: &str, body: &str) -> Result<Created, ApiError> {
        let path = format!("/order/certificate/{}", encoded(name_id));
        let call = post(path, format!("a new order of {name_id}"), body);
        self.created(&call, None).await
    }

    /// *Duplicate certificate*.
    pub async fn duplicate(&self, order: OrderId, body: &str) -> Result<Created, ApiError> {
        let path = format!("/order/certificate/{order}/duplicate");
        let call = post(path, format!("a duplicate of order {order}"), body);
        self.created(&call, Some(order)).await
    }

    /// *Reissue certificate*.
    pub async fn reissue(&self, order: OrderId, body: &str) -> Result<Created, ApiError> {
        let path = format!("/order/certificate/{order}/reissue");
        let call = post(path, format!("a reissue of order {order}"), body);
        self.created(&call, Some(order)).await
    }

    /// *Update request status*: approve or reject. The certificate's number is not in the answer.
    pub async fn update_request(&self, request: RequestId, body: &str) -> Result<(), ApiError> {
        let path = format!("/request/{request}/status");
        self.nothing(&put(path, format!("request {request}"), body))
            .await
    }

    /// *Update order status*: cancel an order or a reissue, mark a migrated order renewed.
    pub async fn update_order_status(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/status");
        self.nothing(&put(path, format!("the status of order {order}"), body))
            .await
    }

    /// *Revoke certificate*. With `skip_approval` it is revoked at once and there is no request.
    pub async fn revoke_certificate(
        &self,
        certificate: CertificateId,
        body: &str,
    ) -> Result<Option<Request>, ApiError> {
        let path = format!("/certificate/{certificate}/revoke");
        let what = format!("the revocation of certificate {certificate}");
        self.revocation(&put(path, what, body)).await
    }

    /// *Revoke order certificates*: all of them, duplicates and reissues too.
    pub async fn revoke_order(
        &self,
        order: OrderId,
        body: &str,
    ) -> Result<Option<Request>, ApiError> {
        let path = format!("/order/certificate/{order}/revoke");
        let what = format!("the revocation of all certificates of order {order}");
        self.revocation(&put(path, what, body)).await
    }

    /// *Archive certificate*: hides a duplicate or an earlier reissue from the lists.
    pub async fn archive(&self, certificate: CertificateId) -> Result<(), ApiError> {
        let path = format!("/certificate/{certificate}/archive");
        self.nothing(&put(
            path,
            format!("archiving certificate {certificate}"),
            "",
        ))
        .await
    }

    /// Adds a note to an order; body `{"text": …}`.
    pub async fn add_note(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/note");
        self.nothing(&post(path, format!("a note on order {order}"), body))
            .await
    }

    /// Gives a CSR to an order placed without one; body `{"csr": …}`.
    pub async fn add_csr(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/csr");
        self.nothing(&post(path, format!("a CSR for order {order}"), body))
            .await
    }

    /// Sets a custom field of an order; body `{"metadata_id": …, "value": …}`.
    pub async fn set_custom_field(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/custom-field");
        self.nothing(&post(
            path,
            format!("a custom field of order {order}"),
            body,
        ))
        .await
    }

    /// Switches auto-reissue of an order; body `{"auto_reissue": 0 or 1}`.
    pub async fn set_auto_reissue(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/auto-reissue");
        self.nothing(&put(path, format!("auto-reissue of order {order}"), body))
            .await
    }

    /// *Check DCV* of an order; the body is empty for all names, or `{"dns_names_validations": […]}`.
    pub async fn check_order_dcv(&self, order: OrderId, body: &str) -> Result<DcvCheck, ApiError> {
        let path = format!("/order/certificate/{order}/check-dcv");
        let what = format!("the domain check of order {order}");
        self.json(&put(path, what, body), CHECK).await
    }

    /// *Change DCV method* of an order; body `{"dcv_method": …}`. Empty answer for `email`.
    pub async fn change_order_dcv_method(
        &self,
        order: OrderId,
        body: &str,
    ) -> Result<DcvMethodChange, ApiError> {
        let path = format!("/order/certificate/{order}/dcv-method");
        let what = format!("the DCV method of order {order}");
        self.method(&put(path, what, body), VALUE).await
    }

    /// Changes the DCV method of a domain; body `{"dcv_method": …}`.
    pub async fn change_domain_dcv_method(
        &self,
        domain: u64,
        body: &str,
    ) -> Result<Domain, ApiError> {
        let path = format!("/domain/{domain}/dcv/method");
        let what = format!("the DCV method of domain {domain}");
        self.method(&put(path, what, body), TOKEN).await
    }

    /// Makes a new DCV token for a domain.
    pub async fn new_domain_token(&self, domain: u64) -> Result<DcvToken, ApiError> {
        let path = format!("/domain/{domain}/dcv/token");
        let call = post(path, format!("a DCV token for domain {domain}"), "");
        self.json(&call, Marks::Thing(&["token"])).await
    }

    /// Checks a domain's token now.
    pub async fn check_domain(&self, domain: u64) -> Result<DomainCheck, ApiError> {
        let path = format!("/domain/{domain}/dcv/validate-token");
        let call = put(path, format!("the check of domain {domain}"), "");
        self.json(&call, Marks::Thing(&["token"])).await
    }

    /// A write that makes a certificate: its answer names the order, and the request or the certificate that came of
    /// it. Source: "Response" of place order, duplicate and reissue.
    pub(super) async fn created(
        &self,
        call: &Call,
        order: Option<OrderId>,
    ) -> Result<Created, ApiError> {
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
    pub(super) async fn revocation(&self, call: &Call) -> Result<Option<Request>, ApiError> {
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
    pub(super) async fn method<T: DeserializeOwned + Default>(
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
pub(super) fn call(outgoing: &Outgoing) -> Call {
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

fn post(path: String, what: String, body: &str) -> Call {
    Call::with_body(Method::POST, path, what, body)
}

fn put(path: String, what: String, body: &str) -> Call {
    Call::with_body(Method::PUT, path, what, body)
}
