//! From "approved" to "issued": what is still missing, how long it takes, and what issuance changes.

use jiff::{SignedDuration, Timestamp};

use super::limits::{certificate_end, end_of};
use super::{day, dcv, revoke};
use crate::sandbox::model::{
    Account, Certificate, CertificateKind, CertificateState, CsrSource, Order, OrderStatus,
    ProvisioningMethod,
};
use crate::sandbox::tables::{Family, Validation};

/// What stands between an approved certificate and its issuance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    Nothing,
    /// The recipient: collects a token, generates a key, confirms an address.
    Recipient,
    Organization,
    /// Proof of control over these names.
    Domains(Vec<String>),
    Csr,
}

/// What a certificate of this order is waiting for.
pub fn missing(
    account: &Account,
    order: &Order,
    certificate: &Certificate,
    now: Timestamp,
) -> Missing {
    let no_csr = certificate.csr == CsrSource::Missing;
    match order.product.family {
        Family::PublicTls | Family::PrivateTls if no_csr => return Missing::Csr,
        Family::Client | Family::SecureEmail | Family::Document if no_csr => {
            return Missing::Recipient;
        }
        Family::Vmc if no_csr => return Missing::Csr,
        Family::CodeSigning if order.provisioning != ProvisioningMethod::Email => {
            return Missing::Recipient;
        }
        Family::CodeSigning if no_csr => return Missing::Csr,
        Family::PublicTls
        | Family::PrivateTls
        | Family::CodeSigning
        | Family::Client
        | Family::SecureEmail
        | Family::Document
        | Family::Vmc => {}
    }
    if !organization_is_valid(account, order, now) {
        return Missing::Organization;
    }
    let open = dcv::unproven(account, order, certificate, now);
    if open.is_empty() {
        Missing::Nothing
    } else {
        Missing::Domains(open)
    }
}

/// Whether the order's organization is validated for its product.
pub fn organization_is_valid(account: &Account, order: &Order, now: Timestamp) -> bool {
    let Some(kind) = order.product.validation.organization() else {
        return true;
    };
    order
        .organization_id
        .and_then(|id| account.organization(id))
        .is_some_and(|organization| organization.is_validated_for(kind, now))
}

/// When a person answers who is called or mailed before a certificate is issued.
const ANSWERED_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// Whether a person has to answer after everything else is there, and the order's status meanwhile: a verified contact approves an order
/// of these kinds, and an address is proven by a mail to it. A reissue of the same asks nobody again.
fn person(order: &Order, certificate: &Certificate) -> Option<OrderStatus> {
    let product = &order.product;
    let is_new = certificate.kind == CertificateKind::First;
    let known = &order.primary().emails;
    match (product.family, product.validation) {
        (Family::PublicTls | Family::Vmc, Validation::Ev) | (Family::CodeSigning, _) if is_new => {
            Some(OrderStatus::Pending)
        }
        _ if product.proves_addresses()
            && (is_new || certificate.emails.iter().any(|mail| !known.contains(mail))) =>
        {
            Some(OrderStatus::WaitingPickup)
        }
        _ => None,
    }
}

/// Starts or continues the work on a certificate that needs no approval (any more).
pub fn proceed(
    account: &mut Account,
    order_id: u64,
    certificate_id: u64,
    now: Timestamp,
    delay: SignedDuration,
) {
    let Some(order) = account.order(order_id) else {
        return;
    };
    let Some(certificate) = order.certificate(certificate_id) else {
        return;
    };
    let missing = missing(account, order, certificate, now);
    let wait = if order.is_slow {
        delay
    } else {
        SignedDuration::ZERO
    };
    let first = certificate.kind == CertificateKind::First;
    let person = person(order, certificate);
    let wait = if person.is_some() {
        wait.max(ANSWERED_AFTER)
    } else {
        wait
    };
    let status = match (&missing, first) {
        (Missing::Nothing, true) => person.unwrap_or(OrderStatus::Processing),
        (Missing::Recipient, true) => OrderStatus::WaitingPickup,
        (Missing::Organization | Missing::Domains(_) | Missing::Csr, true) => OrderStatus::Pending,
        (_, false) => order.status,
    };
    if let Missing::Domains(names) = &missing {
        dcv::ask_for(account, order_id, names, now);
    }
    let ready = (missing == Missing::Nothing).then(|| now.checked_add(wait).unwrap_or(now));
    set_status(account, order_id, status, now);
    if let Some(certificate) = account
        .order_mut(order_id)
        .and_then(|o| o.certificate_mut(certificate_id))
    {
        certificate.state = CertificateState::Processing { ready };
    }
    match ready {
        Some(when) if when <= now => issue(account, order_id, certificate_id, now),
        Some(when) => account.look_again(when, order_id),
        None => {}
    }
}

/// Issues a certificate: dates, state, and the order around it.
pub fn issue(account: &mut Account, order_id: u64, certificate_id: u64, now: Timestamp) {
    let today = day(now);
    let Some(order) = account.order_mut(order_id) else {
        return;
    };
    let Some(at) = order
        .certificates
        .iter()
        .position(|c| c.id == certificate_id)
    else {
        return;
    };
    let family = order.product.family;
    let order_till = *order
        .order_valid_till
        .get_or_insert_with(|| end_of(today, order.order_validity));
    let certificate = &mut order.certificates[at];
    certificate.state = CertificateState::Issued;
    certificate.date_issued = Some(now);
    certificate.valid_from = Some(today);
    certificate.valid_till = Some(certificate_end(
        family,
        today,
        certificate.validity,
        order_till,
    ));
    let kind = certificate.kind;
    let mut revoked_at = None;
    match kind {
        CertificateKind::First => order.primary = at,
        CertificateKind::Reissue => {
            revoked_at = revoke_later(order, at, now);
            order.primary = at;
            order.last_reissued = Some(now);
        }
        CertificateKind::Duplicate(_) => {}
    }
    let open_work = order
        .certificates
        .iter()
        .any(|c| c.kind == CertificateKind::Reissue && is_open(c.state));
    let status = match order.status {
        OrderStatus::ReissuePending if open_work => OrderStatus::ReissuePending,
        _ => OrderStatus::Issued,
    };
    order.status = status;
    order.status_changed = now;
    if let Some(when) = revoked_at {
        account.look_again(when, order_id);
    }
}

/// A reissue that removes or changes names has the original and all its reissues and duplicates revoked within this time
/// (product guide, "Reissue certificates"). Adding names revokes nothing, and neither does a duplicate.
const REVOKED_WITHIN: SignedDuration = SignedDuration::from_hours(72);

/// Notes what the reissue at this place has revoked, and tells when that is.
fn revoke_later(order: &mut Order, at: usize, now: Timestamp) -> Option<Timestamp> {
    let lost = |name: &String| !order.certificates[at].has_name(name);
    if !order.product.is_tls() || !order.primary().dns_names.iter().any(lost) {
        return None;
    }
    let when = now.checked_add(REVOKED_WITHIN).ok()?;
    let others = order.certificates.iter().enumerate();
    let alive = others.filter(|(other, c)| *other != at && c.state == CertificateState::Issued);
    let revoked: Vec<u64> = alive.map(|(_, certificate)| certificate.id).collect();
    for id in revoked {
        if !order.revocations.iter().any(|(known, _)| *known == id) {
            order.revocations.push((id, when));
        }
    }
    Some(when)
}

/// Revokes what a reissue had revoked by now.
fn revoke_due(account: &mut Account, order_id: u64, now: Timestamp) {
    let Some(order) = account.order_mut(order_id) else {
        return;
    };
    let due: Vec<u64> = order
        .revocations
        .extract_if(.., |(_, when)| *when <= now)
        .map(|(id, _)| id)
        .collect();
    for id in due {
        revoke::take_back(account, order_id, id, now);
    }
}

/// Whether a certificate is asked for and neither issued nor refused.
pub fn is_open(state: CertificateState) -> bool {
    matches!(
        state,
        CertificateState::Requested | CertificateState::Processing { .. }
    )
}

/// Has the orders looked at again that wait for a proof which this domain of the account may now give.
pub fn wake(account: &mut Account, domain_id: u64, now: Timestamp) {
    let Some(domain) = account.domain(domain_id) else {
        return;
    };
    let waiting: Vec<u64> = account
        .orders()
        .iter()
        .filter(|order| {
            order.certificates.iter().any(|c| {
                c.state == CertificateState::Processing { ready: None }
                    && dcv::to_prove(&order.product, c)
                        .iter()
                        .any(|name| domain.covers(name))
            })
        })
        .map(|order| order.id)
        .collect();
    for order_id in waiting {
        account.look_again(now, order_id);
    }
}

/// Brings everything forward that became ready by `now`.
pub fn settle(account: &mut Account, now: Timestamp, delay: SignedDuration) {
    while let Some(order_id) = account.pop_due(now) {
        dcv::links_clicked(account, order_id, now);
        revoke_due(account, order_id, now);
        let open: Vec<(u64, CertificateState)> = account
            .order(order_id)
            .map(|order| order.certificates.iter().map(|c| (c.id, c.state)).collect())
            .unwrap_or_default();
        for (certificate_id, state) in open {
            match state {
                CertificateState::Processing { ready: Some(when) } if when <= now => {
                    issue(account, order_id, certificate_id, now);
                }
                CertificateState::Processing { ready: None } => {
                    proceed(account, order_id, certificate_id, now, delay);
                }
                CertificateState::Processing { .. }
                | CertificateState::Requested
                | CertificateState::Issued
                | CertificateState::Revoked(_)
                | CertificateState::Rejected => {}
            }
        }
    }
}

/// Sets the stored status and when it changed.
pub fn set_status(account: &mut Account, order_id: u64, status: OrderStatus, now: Timestamp) {
    if let Some(order) = account.order_mut(order_id)
        && order.status != status
    {
        order.status = status;
        order.status_changed = now;
    }
}
