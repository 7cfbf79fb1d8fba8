//! A write as it will be sent: drafts become one of these, the review shows it, the journal keeps it and the
//! client sends its bytes unchanged.

use std::fmt;

use crate::domain::csr::{self, Pasted};
use crate::domain::ids::{CertificateId, DomainId, OrderId, RequestId};
use crate::domain::names::once;
use crate::domain::text::bytes;
use crate::domain::validity::Foreseen;

use super::WriteKind;

/// HTTP method of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Post,
    Put,
}

impl Method {
    /// The method's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// A write as it will be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub kind: WriteKind,
    pub method: Method,
    /// Path below the base URL, e.g. `/order/certificate/123/duplicate`.
    pub path: String,
    /// The exact JSON that is sent.
    pub body: String,
    /// The order it acts on.
    pub order: Option<OrderId>,
    /// The request it acts on.
    pub request: Option<RequestId>,
    /// The certificate it acts on.
    pub certificate: Option<CertificateId>,
    /// What the new certificate must be like; `None` when none is expected.
    pub expected: Option<Expected>,
}

impl Outgoing {
    /// Our own reference to the order that is to come of it (`alternative_order_id`), by which it is found again.
    pub fn reference(&self) -> Option<String> {
        if !self.kind.makes_order() {
            return None;
        }
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        Some(body.get("alternative_order_id")?.as_str()?.to_owned())
    }

    /// The domain of the account that it acts on, by its path.
    pub fn domain(&self) -> Option<DomainId> {
        let rest = self.path.strip_prefix("/domain/")?;
        rest.split('/').next()?.parse().ok().map(DomainId)
    }

    /// The common name that it asks for, where it says one.
    pub fn common_name(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        Some(body["certificate"]["common_name"].as_str()?.to_owned())
    }

    /// The names that its certificate is to have, the common name first.
    pub fn names(&self) -> Vec<String> {
        let expected = self.expected.iter();
        let names = expected.flat_map(|one| one.common_name.iter().chain(&one.dns_names));
        once(names)
    }

    /// The product that is ordered; `None` for what orders none.
    pub fn product(&self) -> Option<&str> {
        let orders = self.kind.makes_order();
        self.path.rsplit('/').next().filter(|_| orders)
    }

    /// How control over the names is to be proved, where it says so (`dcv_method`).
    pub fn dcv_method(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        Some(body.get("dcv_method")?.as_str()?.to_owned())
    }

    /// The one name that a check of an order's names is for, where it is not for all (`dns_names_validations`).
    pub fn checked_name(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        let name = body.get("dns_names_validations")?.get(0)?;
        name.as_str().map(str::to_owned)
    }

    /// The e-mail addresses that the certificate is to hold (`emails`).
    pub fn emails(&self) -> Vec<String> {
        let body: Option<serde_json::Value> = serde_json::from_str(&self.body).ok();
        let emails = body
            .as_ref()
            .and_then(|body| body.pointer("/certificate/emails"));
        let texts = emails.and_then(serde_json::Value::as_array).into_iter();
        texts
            .flatten()
            .filter_map(|address| address.as_str().map(str::to_owned))
            .collect()
    }

    /// The issuing CA that it asks for (`ca_cert_id`).
    pub fn ca_cert_id(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        Some(
            body.get("certificate")?
                .get("ca_cert_id")?
                .as_str()?
                .to_owned(),
        )
    }

    /// What it is, for people: `duplicate of order 123`.
    pub fn named(&self) -> String {
        let kind = self.kind.label();
        match (self.order, self.request, self.certificate) {
            (_, Some(request), _) => format!("{kind} of request {request}"),
            (_, _, Some(id)) if self.kind == WriteKind::RevokeCertificate => {
                format!("revocation of certificate {id}")
            }
            (_, _, Some(id)) if self.kind == WriteKind::Archive => {
                format!("archiving of certificate {id}")
            }
            (_, _, Some(id)) => format!("{kind} of certificate {id}"),
            (Some(order), _, _) => format!("{kind} of order {order}"),
            _ => match self.common_name() {
                Some(name) => format!("{kind} for {name}"),
                None => kind.to_owned(),
            },
        }
    }

    /// The same with what it asks for, read from its body: a CSR is taken apart.
    #[must_use]
    pub fn with_expected(self) -> Self {
        let expected = expected(&self.body, self.kind);
        Self { expected, ..self }
    }

    /// A write as the journal kept it, without what it asks for: enough to be named in a list.
    pub fn kept(
        kind: WriteKind,
        method: Method,
        path: String,
        body: String,
        order: Option<OrderId>,
    ) -> Self {
        let number = |under: &str| {
            let rest = path.strip_prefix(under)?;
            rest.split('/').next()?.parse().ok()
        };
        let request = number("/request/").map(RequestId);
        let certificate = number("/certificate/").map(CertificateId);
        Self {
            kind,
            method,
            path,
            body,
            order,
            request,
            certificate,
            expected: None,
        }
    }
}

/// What the body of a duplicate or reissue asks for; `None` when it carries no CSR that can be read.
fn expected(body: &str, kind: WriteKind) -> Option<Expected> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    let certificate = body.get("certificate")?;
    let csr = certificate.get("csr")?.as_str()?;
    let (csr_der, spki_der) = match csr::known(csr) {
        Ok(csr) => (csr.der, csr.spki_der),
        Err(_) => match csr::paste(csr).ok()? {
            Pasted::Csr(csr) => (csr.der, csr.spki_der),
            Pasted::PublicKey(key) => (Vec::new(), key.spki_der),
        },
    };
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let names = certificate
        .get("dns_names")
        .and_then(|names| names.as_array());
    // In an order this is when the order ends, not its first certificate.
    let own = body
        .get("custom_expiration_date")
        .filter(|_| !kind.makes_order());
    let date = own.or_else(|| {
        certificate
            .get("cert_validity")
            .and_then(|validity| validity.get("custom_expiration_date"))
    });
    Some(Expected {
        csr_der,
        spki_der,
        // Outside TLS it is the name of a person or an organisation, which no certificate lists among its names.
        common_name: certificate
            .get("common_name")
            .and_then(text)
            .filter(|name| crate::domain::names::check(name).is_ok()),
        dns_names: names.into_iter().flatten().filter_map(text).collect(),
        valid_till: date
            .and_then(|date| date.as_str())
            .and_then(|date| crate::domain::dates::parse(date).ok()),
        foreseen: None,
    })
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("kind", &self.kind)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body", &bytes(self.body.len()))
            .finish_non_exhaustive()
    }
}

/// What was asked for, to be compared with what comes.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// The CSR's DER.
    pub csr_der: Vec<u8>,
    /// The CSR's public key (SubjectPublicKeyInfo, DER).
    pub spki_der: Vec<u8>,
    pub common_name: Option<String>,
    pub dns_names: Vec<String>,
    /// End date asked for.
    pub valid_till: Option<jiff::civil::Date>,
    /// What its end was foreseen by when it was sent.
    pub foreseen: Option<Foreseen>,
}

impl fmt::Debug for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("common_name", &self.common_name)
            .field("dns_names", &self.dns_names)
            .field("valid_till", &self.valid_till)
            .finish_non_exhaustive()
    }
}
