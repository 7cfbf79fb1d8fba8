//! Update order status: cancel an order or a reissue, mark migrated orders renewed. And deleting what ended.

use super::{Context, Refusal, issue, requests, revoke, status};
use crate::sandbox::model::{
    Account, CertificateState, OrderStatus, RequestKind, RequestStatus, Role,
};

/// What the status is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewStatus {
    /// `canceled` or `CANCELED`.
    Canceled,
    /// `renewed`.
    Renewed,
    /// `not_renewed`.
    NotRenewed,
}

impl NewStatus {
    /// Reads the word; case matters, and both spellings of cancel count.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "canceled" | "CANCELED" => Some(Self::Canceled),
            "renewed" => Some(Self::Renewed),
            "not_renewed" => Some(Self::NotRenewed),
            _ => None,
        }
    }
}

/// Changes the status.
pub fn update(
    account: &mut Account,
    context: &Context<'_>,
    order_id: u64,
    wanted: NewStatus,
    note: Option<&str>,
) -> Result<(), Refusal> {
    match wanted {
        NewStatus::Canceled => cancel(account, context, order_id, note),
        NewStatus::Renewed => mark(account, context, order_id, true),
        NewStatus::NotRenewed => mark(account, context, order_id, false),
    }
}

/// Deletes an order that ended. Where it is to be revoked by that, one that is issued ends by it.
pub fn delete(
    account: &mut Account,
    context: &Context<'_>,
    order_id: u64,
    revoke: bool,
) -> Result<(), Refusal> {
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    match status::shown(order, context.today()) {
        OrderStatus::Issued if revoke && context.actor.role == Role::Administrator => {
            revoke::take_back_all(account, order_id, context.actor.user_id, context.now);
        }
        OrderStatus::Expired
        | OrderStatus::Revoked
        | OrderStatus::Canceled
        | OrderStatus::Rejected => {}
        other => return Err(Refusal::OrderStatus(other.id())),
    }
    account.remove_order(order_id);
    Ok(())
}

fn cancel(
    account: &mut Account,
    context: &Context<'_>,
    order_id: u64,
    note: Option<&str>,
) -> Result<(), Refusal> {
    let order = account.order(order_id).ok_or(Refusal::NotFound("order"))?;
    let (target, kind) = match order.status {
        OrderStatus::Pending | OrderStatus::WaitingPickup => {
            (OrderStatus::Canceled, RequestKind::NewRequest)
        }
        OrderStatus::ReissuePending => (OrderStatus::Issued, RequestKind::Reissue),
        OrderStatus::NeedsApproval
        | OrderStatus::Processing
        | OrderStatus::Issued
        | OrderStatus::Expired
        | OrderStatus::Revoked
        | OrderStatus::Canceled
        | OrderStatus::Rejected => {
            return Err(Refusal::OrderStatus(
                status::shown(order, context.today()).id(),
            ));
        }
    };
    if note.is_none() {
        return Err(Refusal::Required(vec!["note".to_owned()]));
    }
    let open: Vec<u64> = order
        .requests
        .iter()
        .copied()
        .filter(|id| {
            account
                .request(*id)
                .is_some_and(|r| r.kind == kind && r.status.is_open())
        })
        .collect();
    for request_id in open {
        let by = context.actor.user_id;
        requests::close(
            account,
            request_id,
            RequestStatus::Rejected,
            by,
            note.map(str::to_owned),
            context.now,
        );
    }
    // A duplicate that waits for its own approval is not part of what is canceled.
    let waiting: Vec<u64> = account
        .order(order_id)
        .into_iter()
        .flat_map(|order| &order.requests)
        .filter_map(|id| account.request(*id))
        .filter(|r| r.kind == RequestKind::Duplicate && r.status.is_open())
        .filter_map(|r| r.certificate_id)
        .collect();
    if let Some(order) = account.order_mut(order_id) {
        for certificate in &mut order.certificates {
            if issue::is_open(certificate.state) && !waiting.contains(&certificate.id) {
                certificate.state = CertificateState::Rejected;
            }
        }
    }
    if target == OrderStatus::Canceled {
        requests::free_renewed(account, order_id);
    }
    issue::set_status(account, order_id, target, context.now);
    Ok(())
}

fn mark(
    account: &mut Account,
    context: &Context<'_>,
    order_id: u64,
    renewed: bool,
) -> Result<(), Refusal> {
    let today = context.today();
    let order = account
        .order_mut(order_id)
        .ok_or(Refusal::NotFound("order"))?;
    let shown = status::shown(order, today);
    let ends_soon = order
        .primary()
        .days_remaining(today)
        .is_some_and(|days| days <= 90);
    let allowed = order.is_migrated
        && if renewed {
            ends_soon && !order.is_renewed
        } else {
            order.is_renewed
        };
    if !allowed {
        return Err(Refusal::OrderStatus(shown.id()));
    }
    order.is_renewed = renewed;
    order.status_changed = context.now;
    Ok(())
}
