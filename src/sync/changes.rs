//! Only what changed: the orders that the account says had a change of status, read again by number.

use std::collections::BTreeSet;

use tokio::sync::mpsc;

use super::plan::{NAMED, is_shorter};
use super::source::{Listed, Source};
use super::{Known, Stop, SyncEvent};
use crate::domain::ids::OrderId;
use crate::domain::order::OrderSummary;

/// Reads the changed orders again; returns those that are gone, or `None` when the whole list is the better way:
/// there are too many, or the account does not answer this kind of question.
pub(super) async fn read<S: Source>(
    source: &S,
    known: &Known,
    seconds: u32,
    events: &mpsc::Sender<SyncEvent>,
) -> Result<Option<Vec<OrderId>>, Stop> {
    let changed = match source.changed(seconds).await {
        Ok(changed) => changed.into_iter().collect::<BTreeSet<_>>(),
        // Refused rather than unreachable: the whole list may still be allowed, and says so if it is not.
        Err(error) if error.status().is_some() && !error.is_transient() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if !is_shorter(changed.len(), known.orders.len()) {
        return Ok(None);
    }
    let mut left: Vec<_> = changed.into_iter().collect();
    let total = left.len() as u64;
    let mut done = 0;
    let mut removed = Vec::new();
    let mut at_once = NAMED;
    while !left.is_empty() {
        let asked: Vec<_> = left.drain(..at_once.min(left.len())).collect();
        let found = sort_out(&asked, source.named(asked.clone()).await?);
        if at_once == 1 {
            if found.ignored || !(found.missing.is_empty() || found.none) {
                return Ok(None);
            }
            // Asked for alone, and told that there is none: it is not listed any more.
            removed.extend(&found.missing);
            done += found.missing.len() as u64;
        } else if !found.missing.is_empty() {
            // Several at once are more than the documentation promises. One at a time, while that pays.
            left.extend(&found.missing);
            at_once = 1;
            if left.len() >= known.orders.len().div_ceil(super::plan::PAGE as usize) {
                return Ok(None);
            }
        }
        done += found.rows.len() as u64;
        if !found.rows.is_empty() {
            let rows = found.rows;
            events.send(SyncEvent::Page { rows, done, total }).await?;
        }
    }
    removed.retain(|id| known.orders.contains(id));
    Ok(Some(removed))
}

/// An answer to a question for named orders.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    /// Rows of the orders asked for, each once.
    rows: Vec<OrderSummary>,
    /// Orders that did not come.
    missing: Vec<OrderId>,
    /// Whether others came, so that absence means nothing.
    ignored: bool,
    /// Whether the account said that there are none.
    none: bool,
}

fn sort_out(asked: &[OrderId], answer: Listed) -> Found {
    let mut open: BTreeSet<_> = asked.iter().copied().collect();
    let mut rows = Vec::new();
    let mut ignored = false;
    let none = answer.returned == 0 && answer.total == Some(0);
    for row in answer.rows {
        if open.remove(&row.id) {
            rows.push(row);
        } else {
            ignored |= !asked.contains(&row.id);
        }
    }
    Found {
        rows,
        missing: open.into_iter().collect(),
        ignored,
        none,
    }
}
