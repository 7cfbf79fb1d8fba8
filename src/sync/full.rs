//! The whole list, page by page, with the next pages on their way while one is handled.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinError;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::listing::Listing;
use super::named::{self, Progress};
use super::plan::PAGE;
use super::source::Source;
use super::{Known, Stop, SyncEvent};
use crate::certcentral::ApiError;
use crate::certcentral::endpoints::OrderPage;
use crate::domain::ids::OrderId;

/// Pages on their way at once at least: one that is read here while the server makes the next, and one more, so that it need not
/// wait for the reading to end.
const FEWEST: usize = 3;

/// Pages on their way at once at most.
const MOST: usize = 6;

/// A page that takes no longer is quick, however long others took: a server near by, which is not asked too much of.
const QUICK: Duration = Duration::from_millis(50);

/// Orders that are shown first where nothing is known yet: about a screenful, in an answer that is a twentieth of a page.
const FIRST: u64 = 60;

/// Calls at most for orders whose rows could not be read. More are no odd rows, but another list.
const SINGLE: usize = 50;

/// A page on its way, and how long it took.
type Call = AbortOnDropHandle<(Result<OrderPage, ApiError>, Duration)>;

/// How many pages are on their way at once: one more with each that was waited for and took no longer than the others, one
/// fewer where more of them make each slow, as they do when a server is busy or the account's windows are full.
struct Ahead {
    pages: usize,
    /// How long the quickest took, or [`QUICK`].
    least: Duration,
}

impl Ahead {
    fn new() -> Self {
        Self {
            pages: FEWEST,
            least: Duration::MAX,
        }
    }

    fn on_page(&mut self, took: Duration, waited: bool) {
        self.least = self.least.min(took).max(QUICK);
        if took > self.least.saturating_mul(2) {
            self.pages = (self.pages - 1).max(FEWEST);
        } else if waited && took <= self.least.saturating_mul(3) / 2 {
            self.pages = (self.pages + 1).min(MOST);
        }
    }
}

/// Reads the list to its end, and the orders whose rows in it could not be read by their numbers. Returns those of the
/// known orders that are gone, too.
pub(super) async fn read<S: Source>(
    source: &S,
    known: &Known,
    events: &mpsc::Sender<SyncEvent>,
) -> Result<(Listing, Vec<OrderId>), Stop> {
    let (mut listing, shown) =
        pages(source, known.orders.is_empty() && !known.is_shown, events).await?;
    let doubtful = listing.doubtful(&known.orders);
    if !doubtful.is_empty() {
        let mut progress = Progress {
            done: listing.done(),
            total: listing.total(),
        };
        let answer = named::read(source, doubtful, SINGLE, events, &mut progress).await?;
        listing.settle(&answer);
    }
    // What was shown first and is not in the list is no order of it any more.
    let before = if shown.is_empty() {
        &known.orders
    } else {
        &shown
    };
    let removed = listing.removed(before);
    Ok((listing, removed))
}

async fn pages<S: Source>(
    source: &S,
    is_empty: bool,
    events: &mpsc::Sender<SyncEvent>,
) -> Result<(Listing, Vec<OrderId>), Stop> {
    let mut shown = Vec::new();
    let mut first = is_empty.then(|| {
        let source = source.clone();
        AbortOnDropHandle::new(tokio::spawn(async move { source.newest(FIRST).await }))
    });
    let mut listing = Listing::new(PAGE);
    let mut calls: VecDeque<(u64, Call)> = VecDeque::new();
    let mut ahead = Ahead::new();
    loop {
        send_for(source, &listing, ahead.pages, &mut calls);
        let Some((offset, mut call)) = calls.pop_front() else {
            return Ok((listing, shown));
        };
        let waited = !call.is_finished();
        let done = match first.take() {
            // Whatever comes of it, the pages bring its orders again.
            Some(mut newest) => tokio::select! {
                biased;
                done = &mut call => done,
                newest = &mut newest => {
                    if let Ok(Ok(page)) = newest {
                        shown = show(page, events).await?;
                    }
                    call.await
                }
            },
            None => call.await,
        };
        let (listed, took) = answer(done)?;
        ahead.on_page(took, waited);
        let rows = listing.take(offset, listed);
        // Before the rows are handed over, which may wait for whoever handles them.
        send_for(source, &listing, ahead.pages, &mut calls);
        if !rows.is_empty() {
            let (done, total) = (listing.done(), listing.total());
            let rows = Arc::new(rows);
            events.send(SyncEvent::Page { rows, done, total }).await?;
        }
        if listing.ended() {
            return Ok((listing, shown));
        }
    }
}

// Calls for pages that are not wanted any more are dropped, and with that aborted.
fn send_for<S: Source>(
    source: &S,
    listing: &Listing,
    ahead: usize,
    calls: &mut VecDeque<(u64, Call)>,
) {
    let wanted = listing.upcoming(ahead);
    let agree = calls
        .iter()
        .zip(&wanted)
        .take_while(|((offset, _), wanted)| offset == *wanted)
        .count();
    calls.truncate(agree);
    for &offset in &wanted[agree..] {
        let (source, limit) = (source.clone(), listing.limit());
        let call = tokio::spawn(async move {
            let began = Instant::now();
            let listed = source.page(offset, limit).await;
            (listed, began.elapsed())
        });
        calls.push_back((offset, AbortOnDropHandle::new(call)));
    }
}

/// Hands over the rows that are there before the first page, unless that has no more; gives their orders.
async fn show(page: OrderPage, events: &mpsc::Sender<SyncEvent>) -> Result<Vec<OrderId>, Stop> {
    let done = page.returned();
    let rows = page.rows;
    let more = page.total.filter(|total| *total > done && !rows.is_empty());
    let Some(total) = more else {
        return Ok(Vec::new());
    };
    let shown = rows.ids().collect();
    let rows = Arc::new(rows);
    events.send(SyncEvent::Newest { rows, total }).await?;
    Ok(shown)
}

fn answer(
    done: Result<(Result<OrderPage, ApiError>, Duration), JoinError>,
) -> Result<(OrderPage, Duration), Stop> {
    match done {
        Ok((answer, took)) => Ok((answer?, took)),
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Aborted: the runtime is ending, and so is whoever listens.
            Err(_) => Err(Stop::Unheard),
        },
    }
}
