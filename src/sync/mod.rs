//! Keeps the list of orders in line with the account, in as few calls as possible.
//!
//! [`run`] reads, either the whole list or only what changed since the last time, and tells what it finds as
//! [`SyncEvent`]s. It writes nothing: whoever takes the events stores the rows, and after
//! [`SyncEvent::Finished`] the cursor too, so that a half stored run is never taken for a whole one.
//!
//! ```text
//!            known orders, cursor
//!                    │
//!      ┌── plan ─────┴────────────┐
//!      │ old, small or unknown    │ read in full less than 7 days ago
//!      v                          v
//!    full: pages of 1000,  <──  changes: status changes,
//!    three to six ahead;   many  then those orders by number
//!    the newest first where
//!    nothing is known
//!      │                          │
//!      └────> Newest, Page …, Finished | Failed
//! ```

mod changes;
mod full;
mod listing;
mod named;
mod plan;
mod source;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;

pub use crate::certcentral::endpoints::OrderPage;
pub use source::Source;

use crate::certcentral::ApiError;
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;
use crate::store::Cursor;

use self::plan::Plan;

/// What was there before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Numbers of the stored orders.
    pub orders: Vec<OrderId>,
    /// How far they were in line with the account.
    pub cursor: Cursor,
    /// Whether orders are shown already, stored or not.
    pub is_shown: bool,
}

/// What a run finds: `Newest` once at most, any number of `Page`, and at the end one `Finished` or `Failed`.
#[derive(Debug, Clone)]
pub enum SyncEvent {
    /// What is shown where nothing was. The pages bring these orders again: until then they need not be stored, where they would
    /// stand in the way of all that are put before them.
    Newest {
        /// The rows, the newest first.
        rows: Arc<Rows>,
        /// How many there are in all.
        total: u64,
    },
    /// Some rows came.
    Page {
        /// The rows. An order may come twice in a run; the later row is the newer.
        rows: Arc<Rows>,
        /// How many came so far.
        done: u64,
        /// How many are to come in all, as far as is known by now.
        total: u64,
    },
    Finished {
        /// Known orders that the account no longer lists.
        removed: Vec<OrderId>,
        /// To be stored once the rows are.
        cursor: Cursor,
    },
    /// It stopped half way. The rows that came are good; the cursor stays as it was.
    Failed(ApiError),
}

/// Why a part of a run ended early.
enum Stop {
    Api(ApiError),
    /// Whoever takes the events is gone.
    Unheard,
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl<T> From<mpsc::error::SendError<T>> for Stop {
    fn from(_: mpsc::error::SendError<T>) -> Self {
        Self::Unheard
    }
}

/// Reads what is needed and tells it to `events`; ends early when nobody listens any more. Dropping the future
/// ends it too, with the calls that are on their way.
///
/// What `clock` says when the run begins becomes the cursor's time: what changes while it runs is seen by the next.
pub async fn run<S: Source>(
    source: S,
    known: Known,
    clock: impl Fn() -> Timestamp + Send,
    events: mpsc::Sender<SyncEvent>,
) {
    let end = match read(&source, &known, &clock, &events).await {
        Ok((removed, cursor)) => SyncEvent::Finished { removed, cursor },
        Err(Stop::Api(error)) => SyncEvent::Failed(error),
        Err(Stop::Unheard) => return,
    };
    // Nobody left to tell is nothing to tell.
    let _ = events.send(end).await;
}

async fn read<S: Source>(
    source: &S,
    known: &Known,
    clock: &(impl Fn() -> Timestamp + Send),
    events: &mpsc::Sender<SyncEvent>,
) -> Result<(Vec<OrderId>, Cursor), Stop> {
    let now = clock();
    if let Plan::Changes { seconds } = plan::plan(known, now)
        && let Some(changes) = changes::ask(source, seconds).await?
    {
        // The window ended with the answer, and not when it was asked for: after a long wait it began too late.
        let seen = plan::is_seamless(now, clock());
        if let Some(removed) = changes::read(source, known, changes, events).await? {
            let mut cursor = known.cursor;
            if seen {
                cursor.last_change = Some(now);
            }
            return Ok((removed, cursor));
        }
    }
    let (listing, gone) = full::read(source, known, events).await?;
    if let Some(detail) = listing.lacks() {
        let what = "the list of orders".to_owned();
        return Err(Stop::Api(ApiError::Unexpected {
            what,
            status: 200,
            detail,
        }));
    }
    let cursor = if listing.is_complete() {
        Cursor {
            last_full: Some(now),
            last_change: Some(now),
        }
    } else {
        known.cursor
    };
    Ok((gone, cursor))
}
