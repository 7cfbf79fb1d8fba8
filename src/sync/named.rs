//! Orders asked for by their numbers: those that changed, and those whose row in the list could not be read.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::source::Source;
use super::{Stop, SyncEvent};
use crate::certcentral::endpoints::{MOST_NAMED, OrderPage};
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;
use crate::domain::status::OrderStatus;

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    pub done: u64,
    /// Orders that are to come.
    pub total: u64,
}

/// What came of asking.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Those whose row was read.
    pub found: Vec<(OrderId, OrderStatus)>,
    /// Those of which the account says that there is no such order.
    pub gone: Vec<OrderId>,
    /// Those of which nothing is known.
    pub unread: Vec<OrderId>,
}

/// Asks for orders, in `most` calls at most, and hands their rows over.
pub(super) async fn read<S: Source>(
    source: &S,
    wanted: Vec<OrderId>,
    most: usize,
    events: &mpsc::Sender<SyncEvent>,
    progress: &mut Progress,
) -> Result<Answer, Stop> {
    let mut answer = Answer::default();
    let mut left = wanted;
    let mut at_once = MOST_NAMED;
    let mut calls = 0;
    while !left.is_empty() {
        if left.len().div_ceil(at_once) > most.saturating_sub(calls) {
            answer.unread.extend(left);
            break;
        }
        calls += 1;
        let asked: Vec<_> = left.drain(..at_once.min(left.len())).collect();
        let Found {
            rows,
            missing,
            ignored,
            none,
        } = sort_out(&asked, source.named(asked.clone()).await?);
        if at_once > 1 {
            if !missing.is_empty() {
                // Several at once are more than the documentation promises. One at a time, while that pays.
                left.extend(missing);
                at_once = 1;
            }
        } else if ignored {
            answer.unread.extend(missing);
            answer.unread.append(&mut left);
        } else if none {
            // Asked for alone, and told that there is none: it is not listed any more.
            progress.done += missing.len() as u64;
            answer.gone.extend(missing);
        } else {
            answer.unread.extend(missing);
        }
        if !rows.is_empty() {
            let found = rows.iter().map(|row| (row.id, row.status));
            answer.found.extend(found);
            progress.done += rows.len() as u64;
            let (done, total) = (progress.done, progress.total.max(progress.done));
            let rows = Arc::new(rows);
            events.send(SyncEvent::Page { rows, done, total }).await?;
        }
    }
    Ok(answer)
}

/// An answer to a question for named orders.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    /// Rows of the orders asked for, each once.
    rows: Rows,
    /// Orders that did not come.
    missing: Vec<OrderId>,
    /// Whether others came, so that absence means nothing.
    ignored: bool,
    /// Whether the account said that there are none.
    none: bool,
}

fn sort_out(asked: &[OrderId], answer: OrderPage) -> Found {
    let mut open: BTreeSet<_> = asked.iter().copied().collect();
    let mut ignored = false;
    let none = answer.returned() == 0 && answer.total == Some(0);
    let mut rows = answer.rows;
    rows.retain(|id| {
        ignored |= !asked.contains(&id);
        open.remove(&id)
    });
    Found {
        rows,
        missing: open.into_iter().collect(),
        ignored,
        none,
    }
}
