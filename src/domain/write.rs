//! A write as it will be sent: drafts become one of these, the review shows it, the journal keeps it and the
//! client sends its bytes unchanged.

use std::fmt;

use super::csr::{self, Pasted};
use super::ids::{CertificateId, OrderId, RequestId};
use super::validity::Foreseen;
use crate::domain::text::bytes;

/// What a write is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WriteKind {
    /// A duplicate of an order.
    Duplicate,
    /// A reissue of an order.
    Reissue,
    /// A reissue stored as a duplicate.
    ReissueAsDuplicate,
    /// Approval of a request.
    Approve,
    /// Refusal of a request.
    Reject,
    /// Cancellation of an order that is not issued yet.
    CancelOrder,
    /// Cancellation of a reissue that is not issued yet.
    CancelReissue,
    /// Revocation of one certificate.
    RevokeCertificate,
    /// Revocation of every certificate of an order.
    RevokeOrder,
    /// Archiving of a duplicate or an earlier reissue.
    Archive,
    /// A note on an order.
    Note,
    /// The order's auto-reissue setting.
    AutoReissue,
    /// A check of the domain validation of an order's names.
    CheckNames,
    /// Another way to validate the domains of an order.
    NamesMethod,
    /// The random value of the names of an order.
    NamesToken,
    /// The validation mails of the names of an order, once more.
    NamesEmails,
    /// A check of the token of a domain of the account.
    CheckDomain,
    /// Another way to validate a domain of the account.
    DomainMethod,
    /// A new token for a domain of the account.
    DomainToken,
    /// The validation mails of a domain of the account, once more.
    DomainEmails,
    /// An order that renews another.
    Renew,
    /// An order.
    NewOrder,
}

impl WriteKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Duplicate,
        Self::Reissue,
        Self::ReissueAsDuplicate,
        Self::Approve,
        Self::Reject,
        Self::CancelOrder,
        Self::CancelReissue,
        Self::RevokeCertificate,
        Self::RevokeOrder,
        Self::Archive,
        Self::Note,
        Self::AutoReissue,
        Self::CheckNames,
        Self::NamesMethod,
        Self::CheckDomain,
        Self::DomainMethod,
        Self::DomainToken,
        Self::NamesToken,
        Self::NamesEmails,
        Self::DomainEmails,
        Self::Renew,
        Self::NewOrder,
    ];

    /// The key that the journal keeps it by, and the words that journals of format 2 have in its place. Neither ever
    /// changes, however the words for people do: a row whose kind is not known any more is a write nobody looks for.
    fn stored(self) -> (&'static str, &'static str) {
        match self {
            Self::Duplicate => ("duplicate", "duplicate"),
            Self::Reissue => ("reissue", "reissue"),
            Self::ReissueAsDuplicate => ("reissue_as_duplicate", "reissue stored as a duplicate"),
            Self::Approve => ("approve", "approval"),
            Self::Reject => ("reject", "rejection"),
            Self::CancelOrder => ("cancel_order", "cancellation"),
            Self::CancelReissue => ("cancel_reissue", "cancellation of the reissue"),
            Self::RevokeCertificate => ("revoke_certificate", "revocation of a certificate"),
            Self::RevokeOrder => ("revoke_order", "revocation of all certificates"),
            Self::Archive => ("archive", "archiving of a certificate"),
            Self::Note => ("note", "note"),
            Self::AutoReissue => ("auto_reissue", "auto-reissue setting"),
            Self::CheckNames => ("check_names", "domain check"),
            Self::NamesMethod => ("names_method", "domain validation method"),
            Self::CheckDomain => ("check_domain", "check of a domain's token"),
            Self::DomainMethod => ("domain_method", "domain validation method of a domain"),
            Self::DomainToken => ("domain_token", "new token of a domain"),
            Self::NamesToken => ("names_token", "random value of an order"),
            Self::NamesEmails => ("names_emails", "validation mails"),
            Self::DomainEmails => ("domain_emails", "validation mails of a domain"),
            Self::Renew => ("renew", "renewal"),
            Self::NewOrder => ("new_order", "new order"),
        }
    }

    /// The key that the journal keeps it by.
    pub fn key(self) -> &'static str {
        self.stored().0
    }

    /// The words that journals of format 2 have in its place.
    pub fn former_key(self) -> &'static str {
        self.stored().1
    }

    /// The kind of a row of the journal, by its key or by the words of format 2, which a program of then that is still
    /// open goes on writing.
    ///
    /// # Errors
    ///
    /// What stands there, where it is neither: a later version knows what that is.
    pub fn of_stored(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().copied();
        known
            .into_iter()
            .find(|kind| [kind.key(), kind.former_key()].contains(&text))
            .ok_or_else(|| text.to_owned())
    }

    /// Words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Reissue => "reissue",
            Self::ReissueAsDuplicate => "reissue stored as a duplicate",
            Self::Approve => "approval",
            Self::Reject => "rejection",
            Self::CancelOrder => "cancellation",
            Self::CancelReissue => "cancellation of the reissue",
            Self::RevokeCertificate => "revocation of a certificate",
            Self::RevokeOrder => "revocation of all certificates",
            Self::Archive => "archiving of a certificate",
            Self::Note => "note",
            Self::AutoReissue => "auto-reissue setting",
            Self::CheckNames => "domain check",
            Self::NamesMethod => "domain validation method",
            Self::CheckDomain => "check of a domain's token",
            Self::DomainMethod => "domain validation method of a domain",
            Self::DomainToken => "new token of a domain",
            Self::NamesToken => "random value of an order",
            Self::NamesEmails => "validation mails",
            Self::DomainEmails => "validation mails of a domain",
            Self::Renew => "renewal",
            Self::NewOrder => "new order",
        }
    }

    /// Whether it is about the domain validation of names.
    pub fn is_about_domains(self) -> bool {
        matches!(
            self,
            Self::CheckNames
                | Self::NamesMethod
                | Self::CheckDomain
                | Self::DomainMethod
                | Self::DomainToken
                | Self::NamesToken
                | Self::NamesEmails
                | Self::DomainEmails
        )
    }

    /// Whether it can end what is in use: for these the order number is typed before they are sent once more as they were.
    pub fn can_break(self) -> bool {
        matches!(
            self,
            Self::RevokeCertificate | Self::RevokeOrder | Self::Reissue
        )
    }

    /// Whether it only asks the account to look at something, to tell something or to mail somebody: nothing on the
    /// account would show whether it arrived, and asking again does no harm.
    pub fn is_check(self) -> bool {
        matches!(
            self,
            Self::CheckNames
                | Self::CheckDomain
                | Self::NamesToken
                | Self::NamesEmails
                | Self::DomainEmails
        )
    }

    /// Whether a certificate is to come of it. What has none to wait for is done when the account has taken it, or
    /// approved it.
    pub fn makes_certificate(self) -> bool {
        matches!(
            self,
            Self::Duplicate | Self::Reissue | Self::ReissueAsDuplicate
        ) || self.makes_order()
    }

    /// Whether it decides a request.
    pub fn is_decision(self) -> bool {
        matches!(self, Self::Approve | Self::Reject)
    }

    /// Whether an order of its own is to come of it, other than the one it acts on.
    pub fn makes_order(self) -> bool {
        matches!(self, Self::Renew | Self::NewOrder)
    }
}

/// HTTP method of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// POST.
    Post,
    /// PUT.
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
    /// What for.
    pub kind: WriteKind,
    /// Method.
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

    /// The common name that it asks for, where it says one.
    pub fn common_name(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        Some(body["certificate"]["common_name"].as_str()?.to_owned())
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

    /// A write as the journal kept it. What was asked for is read from its body again.
    pub fn kept(
        kind: WriteKind,
        method: Method,
        path: String,
        body: String,
        order: Option<OrderId>,
    ) -> Self {
        let expected = expected(&body, kind);
        let request = path
            .strip_prefix("/request/")
            .and_then(|rest| rest.split('/').next()?.parse().ok())
            .map(RequestId);
        let certificate = path
            .strip_prefix("/certificate/")
            .and_then(|rest| rest.split('/').next()?.parse().ok())
            .map(CertificateId);
        Self {
            kind,
            method,
            path,
            body,
            order,
            request,
            certificate,
            expected,
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
            .filter(|name| super::names::check(name).is_ok()),
        dns_names: names.into_iter().flatten().filter_map(text).collect(),
        valid_till: date
            .and_then(|date| date.as_str())
            .and_then(|date| super::dates::parse(date).ok()),
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
    /// Common name.
    pub common_name: Option<String>,
    /// DNS names.
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
