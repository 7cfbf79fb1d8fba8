//! Only what changed: the orders that the account says had a change of status, read again by number.

use std::collections::BTreeSet;

use tokio::sync::mpsc;

use super::named::{self, Answer, Progress};
use super::plan::{PAGE, is_shorter};
use super::source::Source;
use super::{Known, Stop, SyncEvent};
use crate::certcentral::ApiError;
use crate::domain::ids::OrderId;
use crate::domain::status::OrderStatus;

/// Orders with a change of status within so many seconds; `None` when the account does not answer this kind of
/// question.
pub(super) async fn ask<S: Source>(
    source: &S,
    seconds: u32,
) -> Result<Option<BTreeSet<OrderId>>, Stop> {
    let changed = unless_refused(source.changed(seconds).await)?;
    Ok(changed.map(BTreeSet::from_iter))
}

/// Reads the changed orders again; returns those that are gone, or `None` when the whole list is the better way:
/// there are too many, or one of them cannot be read.
pub(super) async fn read<S: Source>(
    source: &S,
    known: &Known,
    changed: BTreeSet<OrderId>,
    events: &mpsc::Sender<SyncEvent>,
) -> Result<Option<Vec<OrderId>>, Stop> {
    if !is_shorter(changed.len(), 0, known.orders.len()) {
        return Ok(None);
    }
    let most = known.orders.len().div_ceil(PAGE as usize);
    let mut progress = Progress {
        done: 0,
        total: changed.len() as u64,
    };
    let wanted = changed.iter().copied().collect();
    let answer = named::read(source, wanted, most, events, &mut progress).await?;
    if !answer.unread.is_empty() {
        return Ok(None);
    }
    let asks = renewals(&answer, known);
    if !is_shorter(changed.len(), asks.len(), known.orders.len()) {
        return Ok(None);
    }
    let mut renewed = BTreeSet::new();
    for id in asks {
        let Some(of) = unless_refused(source.renewal_of(id).await)? else {
            return Ok(None);
        };
        renewed.extend(of.filter(|of| !changed.contains(of)));
    }
    progress.total += renewed.len() as u64;
    let wanted = renewed.into_iter().collect();
    let old = named::read(source, wanted, most, events, &mut progress).await?;
    if !old.unread.is_empty() {
        return Ok(None);
    }
    let mut removed = answer.gone;
    removed.extend(old.gone);
    removed.retain(|id| known.orders.contains(id));
    Ok(Some(removed))
}

/// Orders that may have changed another without a change of its status: a new one says of the order that it renews that
/// this is renewed, and one that came to nothing takes it back.
fn renewals(answer: &Answer, known: &Known) -> Vec<OrderId> {
    let may = |(id, status): &&(OrderId, OrderStatus)| {
        !known.orders.contains(id)
            || matches!(
                status,
                OrderStatus::Rejected | OrderStatus::Canceled | OrderStatus::Revoked
            )
    };
    let found = answer.found.iter().filter(may);
    found.map(|(id, _)| *id).collect()
}

/// Refused rather than unreachable: the whole list may still be allowed, and says so if it is not.
fn unless_refused<T>(answer: Result<T, ApiError>) -> Result<Option<T>, Stop> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.status().is_some() && !error.is_transient() => Ok(None),
        Err(error) => Err(error.into()),
    }
}
