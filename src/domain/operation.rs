//! The small operations on an order: what each sends, and why it cannot be done now.
//!
//! Sources: *update order status*, *revoke certificate*, *revoke order certificates*, *archive certificate*, *order
//! notes*, *auto-reissue settings*, *check DCV*, *change DCV method* and the domain pages of the Services API.

use serde_json::{Map, Value};

use super::dcv::DcvMethod;
use super::domain_operation::DomainOperation;
use super::ids::{CertificateId, DomainId, OrderId, RequestId};
use super::names;
use super::order::{Certificate, Order, Role};
use super::status::{CertificateStatus, OrderStatus, RequestKind};
use super::write::{Method, Outgoing, WriteKind};

/// A small operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Cancel an order that is not issued yet.
    CancelOrder,
    /// Cancel a reissue that is not issued yet.
    CancelReissue,
    RevokeCertificate(CertificateId),
    /// Revoke every certificate of the order.
    RevokeOrder,
    /// Hide a duplicate or an earlier reissue from the lists.
    Archive(CertificateId),
    Note,
    /// Switch auto-reissue on or off.
    AutoReissue(bool),
    /// Check the domain validation of the order's names: of all, or of one.
    CheckNames(Option<String>),
    /// Validate the order's names another way.
    NamesMethod,
    /// Ask for the random value of the order's names.
    NamesToken,
    /// Send the validation mails of the order's names again.
    NamesEmails,
    /// Something about a domain of the account that the order has names in.
    Domain(DomainOperation, DomainId),
}

/// Why a certificate is revoked; TLS only (*revoke certificate*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reason {
    #[default]
    Unspecified,
    /// The private key may be in other hands.
    KeyCompromise,
    /// The organisation's name or other facts changed.
    AffiliationChanged,
    /// Another certificate replaces it.
    Superseded,
    /// The names are no longer used.
    CessationOfOperation,
}

impl Reason {
    /// Every reason, the API's default first.
    pub const ALL: &'static [Self] = &[
        Self::Unspecified,
        Self::KeyCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
    ];

    /// The API's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
        }
    }

    /// Words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unspecified => "no reason given",
            Self::KeyCompromise => "key compromise: others may know the private key",
            Self::AffiliationChanged => "the organization changed",
            Self::Superseded => "superseded by another certificate",
            Self::CessationOfOperation => "the names are no longer used",
        }
    }
}

/// What the operator answered before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Note, or comment for the approver.
    pub text: String,
    /// Reason of a revocation; `None` where the product has none.
    pub reason: Option<Reason>,
    pub skip_approval: bool,
    /// The method of domain validation.
    pub method: Option<DcvMethod>,
}

impl Operation {
    /// What it does, for a menu.
    pub fn label(&self) -> String {
        match self {
            Self::CancelOrder => "Cancel the order".into(),
            Self::CancelReissue => "Cancel the reissue".into(),
            Self::RevokeCertificate(id) => format!("Revoke certificate {id}"),
            Self::RevokeOrder => "Revoke all certificates on the order".into(),
            Self::Archive(id) => format!("Archive certificate {id}"),
            Self::Note => "Add a note".into(),
            Self::AutoReissue(true) => "Turn on auto-reissue".into(),
            Self::AutoReissue(false) => "Turn off auto-reissue".into(),
            Self::CheckNames(None) => "Check all names of the order now".into(),
            Self::CheckNames(Some(name)) => format!("Check {name} now"),
            Self::NamesMethod => "Change the order's DCV method".into(),
            Self::NamesToken => "Request the random value of the order".into(),
            Self::NamesEmails => "Resend the order's validation emails".into(),
            Self::Domain(operation, _) => operation.label().into(),
        }
    }

    /// Whether it cannot be taken back and breaks what is in use: the order number has to be typed.
    pub fn is_dangerous(&self) -> bool {
        matches!(self, Self::RevokeCertificate(_) | Self::RevokeOrder)
    }

    /// Why it cannot be sent with these answers.
    pub fn lacks(&self, answers: &Answers) -> Option<&'static str> {
        let is_bare = answers.text.trim().is_empty();
        match self {
            Self::CancelOrder | Self::CancelReissue if is_bare => {
                Some("CertCentral requires a reason.")
            }
            Self::Note if is_bare => Some("The note is empty."),
            _ => None,
        }
    }

    fn kind(&self) -> WriteKind {
        match self {
            Self::CancelOrder => WriteKind::CancelOrder,
            Self::CancelReissue => WriteKind::CancelReissue,
            Self::RevokeCertificate(_) => WriteKind::RevokeCertificate,
            Self::RevokeOrder => WriteKind::RevokeOrder,
            Self::Archive(_) => WriteKind::Archive,
            Self::Note => WriteKind::Note,
            Self::AutoReissue(_) => WriteKind::AutoReissue,
            Self::CheckNames(_) => WriteKind::CheckNames,
            Self::NamesMethod => WriteKind::NamesMethod,
            Self::Domain(operation, _) => operation.kind(),
            Self::NamesToken => WriteKind::NamesToken,
            Self::NamesEmails => WriteKind::NamesEmails,
        }
    }

    /// The request exactly as it will be sent.
    pub fn outgoing(&self, order: OrderId, answers: &Answers) -> Outgoing {
        let mut body = Map::new();
        let text = answers.text.trim();
        let mut certificate = None;
        let path = match self {
            Self::CancelOrder | Self::CancelReissue => {
                body.insert("status".into(), "canceled".into());
                body.insert("note".into(), text.into());
                format!("/order/certificate/{order}/status")
            }
            Self::RevokeCertificate(id) => {
                certificate = Some(*id);
                revocation(&mut body, text, answers);
                format!("/certificate/{id}/revoke")
            }
            Self::RevokeOrder => {
                revocation(&mut body, text, answers);
                format!("/order/certificate/{order}/revoke")
            }
            Self::Archive(id) => {
                certificate = Some(*id);
                format!("/certificate/{id}/archive")
            }
            Self::Note => {
                body.insert("text".into(), text.into());
                format!("/order/certificate/{order}/note")
            }
            Self::AutoReissue(on) => {
                body.insert("auto_reissue".into(), u8::from(*on).into());
                format!("/order/certificate/{order}/auto-reissue")
            }
            Self::CheckNames(name) => {
                if let Some(name) = name {
                    let names = vec![Value::from(name.as_str())];
                    body.insert("dns_names_validations".into(), names.into());
                }
                format!("/order/certificate/{order}/check-dcv")
            }
            Self::NamesMethod => {
                let method = answers.method.as_ref().map(DcvMethod::as_str);
                body.insert("dcv_method".into(), method.into());
                format!("/order/certificate/{order}/dcv-method")
            }
            Self::Domain(operation, id) => {
                return operation.outgoing(*id, Some(order), answers.method.as_ref());
            }
            Self::NamesToken => format!("/order/certificate/{order}/dcv-random-value"),
            Self::NamesEmails => format!("/order/certificate/{order}/resend-emails"),
        };
        Outgoing {
            kind: self.kind(),
            method: match self {
                Self::Note => Method::Post,
                _ => Method::Put,
            },
            path,
            // A revocation's fields are all optional, its body is not; the others have one or none.
            body: if body.is_empty() && !self.is_dangerous() {
                String::new()
            } else {
                Value::Object(body).to_string()
            },
            order: Some(order),
            request: None,
            certificate,
            expected: None,
        }
    }
}

fn revocation(body: &mut Map<String, Value>, comment: &str, answers: &Answers) {
    if let Some(reason) = answers.reason {
        body.insert("revocation_reason".into(), reason.as_str().into());
    }
    if answers.skip_approval {
        body.insert("skip_approval".into(), true.into());
    }
    // The documentation's table says `comment`, its examples and the clients send `comments`.
    if !comment.is_empty() {
        body.insert("comments".into(), comment.into());
    }
}

/// The decision of a request as it will be sent (*update request status*).
pub fn decision(
    approve: bool,
    request: RequestId,
    order: Option<OrderId>,
    comment: &str,
) -> Outgoing {
    let (kind, status) = if approve {
        (WriteKind::Approve, "approved")
    } else {
        (WriteKind::Reject, "rejected")
    };
    let mut body = Map::new();
    body.insert("status".into(), status.into());
    if !comment.trim().is_empty() {
        body.insert("processor_comment".into(), comment.trim().into());
    }
    Outgoing {
        kind,
        method: Method::Put,
        path: format!("/request/{request}/status"),
        body: Value::Object(body).to_string(),
        order,
        request: Some(request),
        certificate: None,
        expected: None,
    }
}

/// Whether a certificate was issued and can still be revoked, and if not, why.
fn revocable(certificate: &Certificate) -> Option<String> {
    match &certificate.status {
        Some(CertificateStatus::Revoked) => Some("it is already revoked".into()),
        Some(CertificateStatus::Expired) => Some("it has expired".into()),
        Some(status) if !status.is_issued() => Some("it is not issued".into()),
        _ if !certificate.was_issued() => Some("it is not issued".into()),
        _ => None,
    }
}

/// The methods for an order's names, or a domain of its account (*change DCV method*): no file for a wildcard, nothing else for an address.
pub fn methods(
    operation: &Operation,
    order: &Order,
    certificates: &[Certificate],
) -> Vec<DcvMethod> {
    let mut names = order.validated_names(certificates);
    names.retain(|_| *operation == Operation::NamesMethod);
    let any = |is: fn(&str) -> bool| names.iter().any(|name| is(name));
    let (wild, address) = (any(names::is_wildcard), any(names::is_address));
    let mut all = DcvMethod::OFFERED.to_vec();
    all.retain(|way| if way.proves_below() { !address } else { !wild });
    all.retain(|way| !order.product.is_dv() || way.is_for_dv());
    all
}

/// Whether what an operation would make so, with these answers, is so already.
pub fn is_done(
    operation: &Operation,
    answers: &Answers,
    order: &Order,
    certificates: &[Certificate],
) -> bool {
    let of = |id: &CertificateId| certificates.iter().find(|row| row.id == Some(*id));
    let is_tls = order.product.family().is_tls();
    match operation {
        Operation::CheckNames(_) => is_tls && order.status == OrderStatus::Issued,
        Operation::CancelOrder => order.status == OrderStatus::Canceled,
        Operation::RevokeOrder => order.status == OrderStatus::Revoked,
        Operation::RevokeCertificate(id) => of(id).is_some_and(|row| {
            order.status == OrderStatus::Revoked || row.status == Some(CertificateStatus::Revoked)
        }),
        Operation::Archive(id) => of(id).is_some_and(|row| row.archived),
        Operation::AutoReissue(on) => order.auto_reissue == Some(*on),
        Operation::NamesMethod => {
            let now = order.dcv_method.as_deref().map(DcvMethod::parse);
            now.is_some() && now == answers.method && order.status.validates_names()
        }
        _ => false,
    }
}

/// Why an operation cannot be done now; `None` when it can. `certificates` are the order's.
pub fn why_not(
    operation: &Operation,
    order: &Order,
    certificates: &[Certificate],
) -> Option<String> {
    let status = order.status.label();
    let of = |id: CertificateId| certificates.iter().find(|row| row.id == Some(id));
    match operation {
        Operation::CancelOrder => match order.status {
            OrderStatus::Pending | OrderStatus::WaitingPickup => None,
            OrderStatus::NeedsApproval => {
                Some("it is waiting for approval: reject its request instead".into())
            }
            OrderStatus::ReissuePending => Some("only its reissue can be canceled".into()),
            _ => Some(format!(
                "its status is {status}; only pending orders can be canceled"
            )),
        },
        Operation::CancelReissue => (order.status != OrderStatus::ReissuePending)
            .then(|| format!("no reissue is pending; its status is {status}")),
        Operation::RevokeOrder => match order.status {
            OrderStatus::Issued => None,
            OrderStatus::ReissuePending => Some("a reissue is pending: cancel it or wait".into()),
            _ => Some(format!(
                "its status is {status}; only issued ones can be revoked"
            )),
        },
        Operation::RevokeCertificate(id) => match of(*id) {
            None => Some("it is not among the order's certificates".into()),
            Some(_) if order.status == OrderStatus::Revoked => Some("the order is revoked".into()),
            Some(_) if order.status == OrderStatus::ReissuePending => {
                Some("a reissue is pending: cancel it or wait".into())
            }
            Some(row) => revocable(row),
        },
        Operation::Archive(id) => match of(*id) {
            None => Some("it is not among the order's certificates".into()),
            Some(row) if row.role == Role::Primary => {
                Some("the primary certificate cannot be archived".into())
            }
            Some(row) if row.archived => Some("it is already archived".into()),
            Some(_) => None,
        },
        Operation::AutoReissue(_) if !order.is_plan => {
            Some("the order is not a Multi-year Plan".into())
        }
        Operation::Note | Operation::AutoReissue(_) => None,
        Operation::CheckNames(_)
        | Operation::NamesMethod
        | Operation::NamesToken
        | Operation::NamesEmails => {
            if !order.product.family().is_tls() {
                return Some("this product does not secure domain names".into());
            }
            match order.status {
                ref status if status.validates_names() => by_mail(operation, order),
                _ => Some(format!(
                    "its status is {status}: names are validated only while an order is pending"
                )),
            }
        }
        Operation::Domain(..) => None,
    }
}

/// Why there are no mails to send, or no random value to ask for; an order that does not tell its method may have them.
fn by_mail(operation: &Operation, order: &Order) -> Option<String> {
    let method = order.dcv_method.as_deref().map(DcvMethod::parse)?;
    let mail = method == DcvMethod::Email;
    match operation {
        Operation::NamesEmails if !mail => Some(format!(
            "its names are validated by {}, not by email",
            method.label()
        )),
        Operation::NamesToken if mail => Some("its names are validated by email".into()),
        _ => None,
    }
}

/// What it does that is easily overlooked, in plain words.
pub fn consequences(
    operation: &Operation,
    order: &Order,
    certificates: &[Certificate],
) -> Vec<String> {
    let mut words = Vec::new();
    let waiting = order
        .requests
        .iter()
        .find(|request| request.kind == RequestKind::Revoke && request.status.is_open());
    match operation {
        Operation::RevokeCertificate(id) => {
            words.push("Revocation is permanent: clients will refuse servers that use this certificate.".into());
            let issued = certificates.iter().filter(|row| revocable(row).is_none());
            if issued.clone().count() == 1 && issued.clone().all(|row| row.id == Some(*id)) {
                words.push("It is the order's only certificate. The order stays active and can be reissued, unless the account revokes orders with their last certificate.".into());
            }
        }
        Operation::RevokeOrder => {
            let count = certificates
                .iter()
                .filter(|row| revocable(row).is_none())
                .count();
            words.push(match count {
                1 => "Revocation is permanent. It revokes the order's one certificate.".into(),
                many => format!(
                    "Revocation is permanent. It revokes all {many} certificates on the order: the primary, \
                        duplicates, and earlier reissues."
                ),
            });
        }
        Operation::CancelOrder => words.push("A canceled order cannot be reopened.".into()),
        Operation::CancelReissue => words.push(
            "The order returns to issued; a request that is waiting for approval becomes rejected."
                .into(),
        ),
        Operation::Archive(_) => words.push(
            "An archived certificate stays valid and is only hidden from the lists. certdeck cannot unarchive it.".into(),
        ),
        Operation::AutoReissue(true) => words.push(
            "CertCentral will reissue automatically within 30 days before the certificate expires, until the order \
                expires.".into(),
        ),
        Operation::Domain(operation, _) => {
            words.extend(operation.consequence().map(str::to_owned));
        }
        Operation::NamesMethod => {
            words.extend(DomainOperation::Method.consequence().map(str::to_owned));
        }
        Operation::NamesToken => words.push(
            "CertCentral reports the current random value; an expired one is replaced by a new one.".into(),
        ),
        Operation::NamesEmails => {
            words.extend(DomainOperation::Emails.consequence().map(str::to_owned));
        }
        Operation::Note
        | Operation::AutoReissue(false)
        | Operation::CheckNames(_) => {}
    }
    if let Some(request) = waiting.filter(|_| operation.is_dangerous()) {
        words.push(format!(
            "Request {} to revoke is already waiting for approval.",
            request.id
        ));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::write::WriteKind;

    fn sent(operation: &Operation, answers: &Answers) -> (String, String) {
        let outgoing = operation.outgoing(OrderId(7), answers);
        (
            format!("{} {}", outgoing.method.as_str(), outgoing.path),
            outgoing.body,
        )
    }

    #[test]
    fn each_sends_what_its_page_says() {
        let answers = Answers {
            text: " why ".into(),
            reason: Some(Reason::Superseded),
            skip_approval: true,
            method: Some(DcvMethod::DnsTxt),
        };
        let id = CertificateId(8);
        let domain = DomainId(9);
        let revoked = r#"{"revocation_reason":"superseded","skip_approval":true,"comments":"why"}"#;
        let canceled = r#"{"status":"canceled","note":"why"}"#;
        let method = r#"{"dcv_method":"dns-txt-token"}"#;
        let name = || Some("a.example.net".to_owned());
        for (operation, line, body) in [
            (
                Operation::CancelOrder,
                "PUT /order/certificate/7/status",
                canceled,
            ),
            (
                Operation::CancelReissue,
                "PUT /order/certificate/7/status",
                canceled,
            ),
            (
                Operation::RevokeCertificate(id),
                "PUT /certificate/8/revoke",
                revoked,
            ),
            (
                Operation::RevokeOrder,
                "PUT /order/certificate/7/revoke",
                revoked,
            ),
            (Operation::Archive(id), "PUT /certificate/8/archive", ""),
            (
                Operation::Note,
                "POST /order/certificate/7/note",
                r#"{"text":"why"}"#,
            ),
            (
                Operation::AutoReissue(true),
                "PUT /order/certificate/7/auto-reissue",
                r#"{"auto_reissue":1}"#,
            ),
            (
                Operation::AutoReissue(false),
                "PUT /order/certificate/7/auto-reissue",
                r#"{"auto_reissue":0}"#,
            ),
            (
                Operation::CheckNames(None),
                "PUT /order/certificate/7/check-dcv",
                "",
            ),
            (
                Operation::CheckNames(name()),
                "PUT /order/certificate/7/check-dcv",
                r#"{"dns_names_validations":["a.example.net"]}"#,
            ),
            (
                Operation::NamesMethod,
                "PUT /order/certificate/7/dcv-method",
                method,
            ),
            (
                Operation::Domain(DomainOperation::Check, domain),
                "PUT /domain/9/dcv/validate-token",
                "",
            ),
            (
                Operation::Domain(DomainOperation::Method, domain),
                "PUT /domain/9/dcv/method",
                method,
            ),
            (
                Operation::Domain(DomainOperation::Token, domain),
                "POST /domain/9/dcv/token",
                "",
            ),
        ] {
            assert_eq!(
                sent(&operation, &answers),
                (line.to_owned(), body.to_owned())
            );
        }
    }

    #[test]
    fn what_is_not_given_is_not_sent() {
        let (_, body) = sent(&Operation::RevokeOrder, &Answers::default());
        assert_eq!(body, "{}");
    }

    #[test]
    fn the_journal_gives_back_what_was_sent() {
        let outgoing = Operation::RevokeCertificate(CertificateId(8))
            .outgoing(OrderId(7), &Answers::default());
        let kept = Outgoing::kept(
            WriteKind::of_stored(outgoing.kind.key()).unwrap(),
            outgoing.method,
            outgoing.path.clone(),
            outgoing.body.clone(),
            outgoing.order,
        )
        .with_expected();
        assert_eq!(kept, outgoing);
        for kind in WriteKind::ALL {
            for stored in [kind.key(), kind.former_key()] {
                assert_eq!(WriteKind::of_stored(stored), Ok(*kind));
            }
        }
    }
}
