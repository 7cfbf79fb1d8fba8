//! Approving and rejecting.

use std::borrow::Cow;

use jiff::Timestamp;

use super::policy::may_decide;
use super::{Context, Refusal, issue, revoke, status};
use crate::sandbox::model::{
    Account, CertificateState, OrderStatus, Request, RequestKind, RequestStatus,
};

/// Moves a request to the status that the caller asks for. A two-step request takes two approvals.
pub fn decide(
    account: &mut Account,
    context: &Context<'_>,
    request_id: u64,
    wanted: RequestStatus,
    comment: Option<String>,
) -> Result<(), Refusal> {
    let request = account
        .request(request_id)
        .ok_or(Refusal::NotFound("request"))?;
    if !request.status.is_open() {
        return Err(Refusal::RequestDecided(request.status.id()));
    }
    may_decide(context.actor, request)?;
    let is_work = request.kind != RequestKind::Revoke;
    if let (true, RequestStatus::Approved, Some(order)) =
        (is_work, wanted, account.order(request.order_id))
    {
        still_open(status::shown(order, context.today()))?;
    }
    let me = context.actor.user_id;
    match (request.status, wanted) {
        (RequestStatus::Submitted, RequestStatus::Approved | RequestStatus::Pending) => {
            if let Some(request) = account.request_mut(request_id) {
                request.status = RequestStatus::Pending;
                request.reviewer = Some(me);
                answer(request, comment);
            }
            Ok(())
        }
        (_, RequestStatus::Approved) => {
            close(
                account,
                request_id,
                RequestStatus::Approved,
                me,
                comment,
                context.now,
            );
            approved(account, context, request_id);
            Ok(())
        }
        (_, RequestStatus::Rejected) => {
            close(
                account,
                request_id,
                RequestStatus::Rejected,
                me,
                comment,
                context.now,
            );
            rejected(account, request_id, context.now);
            Ok(())
        }
        (_, RequestStatus::Pending | RequestStatus::Submitted) => {
            Err(Refusal::InvalidValue("status".to_owned()))
        }
    }
}

/// Work that was asked for cannot begin on an order that has come to its end meanwhile.
fn still_open(shown: OrderStatus) -> Result<(), Refusal> {
    match shown {
        OrderStatus::Expired
        | OrderStatus::Revoked
        | OrderStatus::Canceled
        | OrderStatus::Rejected => Err(Refusal::OrderStatus(shown.id())),
        OrderStatus::NeedsApproval
        | OrderStatus::Pending
        | OrderStatus::Processing
        | OrderStatus::WaitingPickup
        | OrderStatus::Issued
        | OrderStatus::ReissuePending => Ok(()),
    }
}

/// The requests of an order that wait for somebody.
pub fn open(account: &Account, order_id: u64) -> Vec<u64> {
    account
        .order(order_id)
        .into_iter()
        .flat_map(|order| &order.requests)
        .filter_map(|id| account.request(*id))
        .filter(|request| request.status.is_open())
        .map(|request| request.id)
        .collect()
}

/// An order whose renewal came to nothing can be renewed again.
pub fn free_renewed(account: &mut Account, order_id: u64) {
    let old = account.order(order_id).and_then(|order| order.renewal_of);
    if let Some(old) = old.and_then(|id| account.order_mut(id))
        && old.renewed_by == Some(order_id)
    {
        old.is_renewed = false;
        old.renewed_by = None;
    }
}

/// Closes a request with this status.
pub fn close(
    account: &mut Account,
    request_id: u64,
    status: RequestStatus,
    by: u64,
    comment: Option<String>,
    now: Timestamp,
) {
    if let Some(request) = account.request_mut(request_id) {
        request.status = status;
        request.processor = Some(by);
        request.date_processed = Some(now);
        answer(request, comment);
    }
}

/// Takes a comment in place of an earlier one.
fn answer(request: &mut Request, comment: Option<String>) {
    if let Some(comment) = comment {
        request.processor_comment = Some(Cow::Owned(comment));
    }
}

fn approved(account: &mut Account, context: &Context<'_>, request_id: u64) {
    let Some(request) = account.request(request_id) else {
        return;
    };
    let (order_id, kind, certificate_id) = (request.order_id, request.kind, request.certificate_id);
    match (kind, certificate_id) {
        (RequestKind::Revoke, Some(certificate_id)) => {
            revoke::take_back(account, order_id, certificate_id, context.now);
        }
        (RequestKind::Revoke, None) => {
            revoke::take_back_all(account, order_id, context.actor.user_id, context.now);
        }
        (
            RequestKind::NewRequest | RequestKind::Reissue | RequestKind::Duplicate,
            Some(certificate_id),
        ) => {
            if kind == RequestKind::NewRequest
                && let Some(order) = account.order_mut(order_id)
            {
                order.approver_id = Some(context.actor.user_id);
            }
            issue::proceed(
                account,
                order_id,
                certificate_id,
                context.now,
                context.issue_delay,
            );
        }
        (RequestKind::NewRequest | RequestKind::Reissue | RequestKind::Duplicate, None) => {}
    }
}

/// What a rejected request leaves behind.
pub fn rejected(account: &mut Account, request_id: u64, now: Timestamp) {
    let Some(request) = account.request(request_id) else {
        return;
    };
    let (order_id, kind, certificate_id) = (request.order_id, request.kind, request.certificate_id);
    let status = match kind {
        RequestKind::NewRequest => {
            free_renewed(account, order_id);
            OrderStatus::Rejected
        }
        RequestKind::Reissue => OrderStatus::Issued,
        RequestKind::Duplicate | RequestKind::Revoke => {
            if let (RequestKind::Duplicate, Some(id)) = (kind, certificate_id) {
                refuse(account, order_id, id);
            }
            return;
        }
    };
    if let Some(id) = certificate_id {
        refuse(account, order_id, id);
    }
    issue::set_status(account, order_id, status, now);
}

fn refuse(account: &mut Account, order_id: u64, certificate_id: u64) {
    if let Some(certificate) = account
        .order_mut(order_id)
        .and_then(|o| o.certificate_mut(certificate_id))
    {
        certificate.state = CertificateState::Rejected;
    }
}
