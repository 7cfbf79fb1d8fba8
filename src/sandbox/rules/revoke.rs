//! Revoking one certificate or all of an order, and archiving.

use std::borrow::Cow;

use jiff::Timestamp;

use super::{Context, Refusal, issue, requests};
use crate::sandbox::model::{
    Account, Approval, CertificateState, Order, OrderStatus, Request, RequestKind, RequestStatus,
    Role,
};

/// What a revocation asks for.
#[derive(Debug, Clone, Default)]
pub struct Revocation {
    /// For the approver; not stored when approval is skipped.
    pub comments: Option<String>,
    pub reason: Option<String>,
    pub skip_approval: bool,
}

/// The reasons that may be given.
pub const REASONS: [&str; 5] = [
    "unspecified",
    "keyCompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
];

/// Revokes a certificate (`Some`) or the order. Returns the request unless approval was skipped.
pub fn revoke(
    account: &mut Account,
    context: &Context<'_>,
    order_id: u64,
    certificate_id: Option<u64>,
    wanted: Revocation,
) -> Result<Option<u64>, Refusal> {
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    if wanted
        .reason
        .as_deref()
        .is_some_and(|reason| !REASONS.contains(&reason))
        && order.product.is_tls()
    {
        return Err(Refusal::InvalidValue("revocation_reason".to_owned()));
    }
    check(order, certificate_id)?;
    if wanted.skip_approval && context.actor.role == Role::Administrator {
        match certificate_id {
            Some(id) => take_back(account, order_id, id, context.now),
            None => take_back_all(account, order_id, context.actor.user_id, context.now),
        }
        return Ok(None);
    }
    let approval = account
        .container(order.container_id)
        .map_or(Approval::OneStep, |c| c.approval);
    let status = match approval {
        Approval::TwoStep => RequestStatus::Submitted,
        Approval::Automatic => RequestStatus::Approved,
        Approval::Off | Approval::OneStep => RequestStatus::Pending,
    };
    let done = status == RequestStatus::Approved;
    let order_status = order.status;
    let id = account.next_request_id();
    account.add_request(Request {
        id,
        order_id,
        kind: RequestKind::Revoke,
        status,
        date: context.now,
        date_processed: done.then_some(context.now),
        requester: context.actor.user_id,
        reviewer: None,
        processor: done.then_some(context.actor.user_id),
        comments: wanted.comments.map(Cow::Owned),
        processor_comment: None,
        certificate_id,
        order_status,
        revocation_reason: wanted.reason.map(Cow::Owned),
        two_step: status == RequestStatus::Submitted,
    });
    if done {
        match certificate_id {
            Some(certificate) => take_back(account, order_id, certificate, context.now),
            None => take_back_all(account, order_id, context.actor.user_id, context.now),
        }
    }
    Ok(Some(id))
}

fn check(order: &Order, certificate_id: Option<u64>) -> Result<(), Refusal> {
    let certificate = certificate_id.and_then(|id| order.certificate(id));
    // Also where the whole order is revoked: it is the certificate that was asked for.
    if certificate.is_some_and(|c| matches!(c.state, CertificateState::Revoked(_))) {
        return Err(Refusal::CertificateAlreadyRevoked);
    }
    match order.status {
        OrderStatus::Revoked => return Err(Refusal::OrderAlreadyRevoked),
        OrderStatus::ReissuePending => return Err(Refusal::ReissuePending),
        OrderStatus::Issued | OrderStatus::Expired => {}
        OrderStatus::NeedsApproval
        | OrderStatus::Pending
        | OrderStatus::Processing
        | OrderStatus::WaitingPickup
        | OrderStatus::Canceled
        | OrderStatus::Rejected => return Err(Refusal::OrderStatus(order.status.id())),
    }
    let Some(id) = certificate_id else {
        return Ok(());
    };
    match order
        .certificate(id)
        .ok_or(Refusal::NotFound("certificate"))?
        .state
    {
        CertificateState::Issued => Ok(()),
        CertificateState::Revoked(_) => Err(Refusal::CertificateAlreadyRevoked),
        CertificateState::Requested
        | CertificateState::Processing { .. }
        | CertificateState::Rejected => Err(Refusal::CertificateNotIssued),
    }
}

/// Revokes one certificate. The order stays as it is, even if it was its last one.
pub fn take_back(account: &mut Account, order_id: u64, certificate_id: u64, now: Timestamp) {
    if let Some(certificate) = account
        .order_mut(order_id)
        .and_then(|o| o.certificate_mut(certificate_id))
        && certificate.state == CertificateState::Issued
    {
        certificate.state = CertificateState::Revoked(now);
    }
}

/// Revokes every certificate and the order. What was still asked for is rejected: nothing may be issued on it any more.
pub fn take_back_all(account: &mut Account, order_id: u64, by: u64, now: Timestamp) {
    for request_id in requests::open(account, order_id) {
        requests::close(account, request_id, RequestStatus::Rejected, by, None, now);
    }
    let Some(order) = account.order_mut(order_id) else {
        return;
    };
    for certificate in &mut order.certificates {
        match certificate.state {
            CertificateState::Issued => certificate.state = CertificateState::Revoked(now),
            CertificateState::Requested | CertificateState::Processing { .. } => {
                certificate.state = CertificateState::Rejected;
            }
            CertificateState::Revoked(_) | CertificateState::Rejected => {}
        }
    }
    issue::set_status(account, order_id, OrderStatus::Revoked, now);
}

/// Hides a certificate from the lists, or shows it again.
pub fn archive(account: &mut Account, certificate_id: u64, archived: bool) -> Result<(), Refusal> {
    let order = account
        .order_of_certificate(certificate_id)
        .ok_or(Refusal::NotFound("certificate"))?;
    if archived && order.primary().id == certificate_id {
        return Err(Refusal::ArchivePrimary);
    }
    let order_id = order.id;
    if let Some(certificate) = account
        .order_mut(order_id)
        .and_then(|o| o.certificate_mut(certificate_id))
    {
        certificate.archived = archived;
    }
    Ok(())
}
