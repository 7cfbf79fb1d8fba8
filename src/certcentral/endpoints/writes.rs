//! Every write. Each is sent once, with exactly the JSON text that is handed in.
//!
//! When a write fails, [`ApiError::may_have_arrived`] tells whether the account has to be looked at before anything is
//! sent again.

use http::Method;

use super::encoded;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::common::DcvToken;
use crate::certcentral::wire::created::{Created, DcvCheck, DcvMethodChange};
use crate::certcentral::wire::domains::DomainCheck;
use crate::certcentral::wire::request::RequestInfo;
use crate::certcentral::{ApiError, Writes, convert};
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

impl Writes {
    /// Sends a prepared write, byte for byte as it was shown. An answer without a body gives an empty [`Created`].
    pub async fn send(&self, outgoing: &Outgoing) -> Result<Created, ApiError> {
        let method = match outgoing.method {
            write::Method::Post => Method::POST,
            write::Method::Put => Method::PUT,
        };
        self.json_body(
            method,
            outgoing.path.clone(),
            outgoing.named(),
            &outgoing.body,
        )
        .await
    }

    /// *Place order* for a product. Renewals are orders with `renewal_of_order_id` in the body.
    pub async fn place_order(&self, name_id: &str, body: &str) -> Result<Created, ApiError> {
        let path = format!("/order/certificate/{}", encoded(name_id));
        self.post(path, format!("a new order of {name_id}"), body)
            .await
    }

    /// *Duplicate certificate*.
    pub async fn duplicate(&self, order: OrderId, body: &str) -> Result<Created, ApiError> {
        let path = format!("/order/certificate/{order}/duplicate");
        self.post(path, format!("a duplicate of order {order}"), body)
            .await
    }

    /// *Reissue certificate*.
    pub async fn reissue(&self, order: OrderId, body: &str) -> Result<Created, ApiError> {
        let path = format!("/order/certificate/{order}/reissue");
        self.post(path, format!("a reissue of order {order}"), body)
            .await
    }

    /// *Update request status*: approve or reject. The certificate's number is not in the answer.
    pub async fn update_request(&self, request: RequestId, body: &str) -> Result<(), ApiError> {
        let path = format!("/request/{request}/status");
        self.put_nothing(path, format!("request {request}"), body)
            .await
    }

    /// *Update order status*: cancel an order or a reissue, mark a migrated order renewed.
    pub async fn update_order_status(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/status");
        self.put_nothing(path, format!("the status of order {order}"), body)
            .await
    }

    /// *Revoke certificate*. With `skip_approval` it is revoked at once and there is no request.
    pub async fn revoke_certificate(
        &self,
        certificate: CertificateId,
        body: &str,
    ) -> Result<Option<Request>, ApiError> {
        let path = format!("/certificate/{certificate}/revoke");
        self.revoke(
            path,
            format!("the revocation of certificate {certificate}"),
            body,
        )
        .await
    }

    /// *Revoke order certificates*: all of them, duplicates and reissues too.
    pub async fn revoke_order(
        &self,
        order: OrderId,
        body: &str,
    ) -> Result<Option<Request>, ApiError> {
        let path = format!("/order/certificate/{order}/revoke");
        let what = format!("the revocation of all certificates of order {order}");
        self.revoke(path, what, body).await
    }

    async fn revoke(
        &self,
        path: String,
        what: String,
        body: &str,
    ) -> Result<Option<Request>, ApiError> {
        let info: RequestInfo = self.json_body(Method::PUT, path, what, body).await?;
        Ok(convert::request(info))
    }

    /// *Archive certificate*: hides a duplicate or an earlier reissue from the lists.
    pub async fn archive(&self, certificate: CertificateId) -> Result<(), ApiError> {
        let path = format!("/certificate/{certificate}/archive");
        let call = Call::new(
            Method::PUT,
            path,
            format!("archiving certificate {certificate}"),
        );
        self.once(&call).await.map(drop)
    }

    /// Adds a note to an order; body `{"text": …}`.
    pub async fn add_note(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/note");
        self.nothing(Method::POST, path, format!("a note on order {order}"), body)
            .await
    }

    /// Gives a CSR to an order placed without one; body `{"csr": …}`.
    pub async fn add_csr(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/csr");
        self.nothing(Method::POST, path, format!("a CSR for order {order}"), body)
            .await
    }

    /// Sets a custom field of an order; body `{"metadata_id": …, "value": …}`.
    pub async fn set_custom_field(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/custom-field");
        let what = format!("a custom field of order {order}");
        self.nothing(Method::POST, path, what, body).await
    }

    /// Switches auto-reissue of an order; body `{"auto_reissue": 0 or 1}`.
    pub async fn set_auto_reissue(&self, order: OrderId, body: &str) -> Result<(), ApiError> {
        let path = format!("/order/certificate/{order}/auto-reissue");
        self.put_nothing(path, format!("auto-reissue of order {order}"), body)
            .await
    }

    /// *Check DCV* of an order; the body is empty for all names, or `{"dns_names_validations": […]}`.
    pub async fn check_order_dcv(&self, order: OrderId, body: &str) -> Result<DcvCheck, ApiError> {
        let path = format!("/order/certificate/{order}/check-dcv");
        let what = format!("the domain check of order {order}");
        self.json_body(Method::PUT, path, what, body).await
    }

    /// *Change DCV method* of an order; body `{"dcv_method": …}`. Empty answer for `email`.
    pub async fn change_order_dcv_method(
        &self,
        order: OrderId,
        body: &str,
    ) -> Result<DcvMethodChange, ApiError> {
        let path = format!("/order/certificate/{order}/dcv-method");
        let what = format!("the DCV method of order {order}");
        self.json_body(Method::PUT, path, what, body).await
    }

    /// Changes the DCV method of a domain; body `{"dcv_method": …}`.
    pub async fn change_domain_dcv_method(
        &self,
        domain: u64,
        body: &str,
    ) -> Result<DcvMethodChange, ApiError> {
        let path = format!("/domain/{domain}/dcv/method");
        let what = format!("the DCV method of domain {domain}");
        self.json_body(Method::PUT, path, what, body).await
    }

    /// Makes a new DCV token for a domain.
    pub async fn new_domain_token(&self, domain: u64) -> Result<DcvToken, ApiError> {
        let path = format!("/domain/{domain}/dcv/token");
        self.post(path, format!("a DCV token for domain {domain}"), "")
            .await
    }

    /// Checks a domain's token now.
    pub async fn check_domain(&self, domain: u64) -> Result<DomainCheck, ApiError> {
        let path = format!("/domain/{domain}/dcv/validate-token");
        let what = format!("the check of domain {domain}");
        self.json_body(Method::PUT, path, what, "").await
    }

    async fn post<T: serde::de::DeserializeOwned>(
        &self,
        path: String,
        what: String,
        body: &str,
    ) -> Result<T, ApiError> {
        self.json_body(Method::POST, path, what, body).await
    }

    async fn put_nothing(&self, path: String, what: String, body: &str) -> Result<(), ApiError> {
        self.nothing(Method::PUT, path, what, body).await
    }

    /// A write whose answer says nothing that is used: 204, or a body of an unknown shape.
    async fn nothing(
        &self,
        method: Method,
        path: String,
        what: String,
        body: &str,
    ) -> Result<(), ApiError> {
        self.once(&Call::with_body(method, path, what, body))
            .await
            .map(drop)
    }
}
