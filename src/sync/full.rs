//! The whole list, page by page, with the next pages on their way while one is handled.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
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

/// Pages at most that are on their way, or have come and wait for the one before them.
const HELD: usize = 2 * MOST;

/// A page that takes no longer is quick, however long others took: a server near by, which is not asked too much of.
const QUICK: Duration = Duration::from_millis(50);

/// Orders that are shown first where nothing is known yet: about a screenful, in an answer that is a twentieth of a page.
const FIRST: u64 = 60;

/// Calls at most for orders whose rows could not be read. More are no odd rows, but another list.
const SINGLE: usize = 50;

/// What came of a page, and how long it took.
type Came = (Result<OrderPage, ApiError>, Duration);

/// The next pages, on their way before they are needed. One more at once with each that was waited for and took no longer than the
/// others, one fewer where more of them make each slow, as they do when a server is busy or the account's windows are full.
struct Ahead<S> {
    source: S,
    /// How many are on their way at once.
    pages: usize,
    /// How long the quickest took, or [`QUICK`].
    least: Duration,
    under_way: JoinSet<(u64, Came)>,
    /// Offsets of those, and of those that wait.
    sent: HashSet<u64>,
    /// Pages that came before one in front of them.
    held: HashMap<u64, Came>,
    /// The offset that was the next when they were sent for.
    from: u64,
}

impl<S: Source> Ahead<S> {
    fn new(source: S) -> Self {
        Self {
            source,
            pages: FEWEST,
            least: Duration::MAX,
            under_way: JoinSet::new(),
            sent: HashSet::new(),
            held: HashMap::new(),
            from: 0,
        }
    }

    /// Sends for the next pages. Where the list goes on elsewhere than it was thought to, those on their way are ended, and what
    /// came of them is dropped: it is how the list was before.
    fn send(&mut self, listing: &Listing) {
        let wanted = listing.upcoming(HELD);
        let goes_on = listing.next() >= self.from;
        if !(goes_on && self.sent.iter().all(|offset| wanted.contains(offset))) {
            self.under_way = JoinSet::new();
            self.sent.clear();
            self.held.clear();
        }
        self.from = listing.next();
        // One that failed ends the reading once it is the next.
        if self.held.values().any(|(listed, _)| listed.is_err()) {
            return;
        }
        let count = self.pages + self.held.len();
        for &offset in wanted.iter().take(count) {
            if !self.sent.insert(offset) {
                continue;
            }
            let (source, limit) = (self.source.clone(), listing.limit());
            self.under_way.spawn(async move {
                let began = Instant::now();
                let listed = source.page(offset, limit).await;
                (offset, (listed, began.elapsed()))
            });
        }
    }

    /// The next page, and its offset, once it has come. Until then others are sent for in the place of those that came before it.
    async fn next(&mut self, listing: &Listing) -> Result<(u64, OrderPage), Stop> {
        let offset = listing.next();
        self.send(listing);
        while let Some(ended) = self.under_way.try_join_next() {
            self.hold(ended);
        }
        let waited = !self.held.contains_key(&offset);
        loop {
            if let Some((listed, took)) = self.held.remove(&offset) {
                self.sent.remove(&offset);
                self.on_page(took, waited);
                return Ok((offset, listed?));
            }
            self.send(listing);
            let Some(ended) = self.under_way.join_next().await else {
                // The runtime is ending, and so is whoever listens.
                return Err(Stop::Unheard);
            };
            self.hold(ended);
        }
    }

    fn hold(&mut self, ended: Result<(u64, Came), JoinError>) {
        match ended.map_err(JoinError::try_into_panic) {
            Ok((offset, came)) => {
                self.held.insert(offset, came);
            }
            Err(Ok(panic)) => std::panic::resume_unwind(panic),
            // The runtime is ending.
            Err(Err(_)) => {}
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
    let mut ahead = Ahead::new(source.clone());
    while !listing.ended() {
        let came = match first.take() {
            // Whatever comes of it, the pages bring its orders again.
            Some(mut newest) => tokio::select! {
                biased;
                came = ahead.next(&listing) => came,
                newest = &mut newest => {
                    if let Ok(Ok(page)) = newest {
                        // The pages behind the first are sent for before it is there.
                        listing.expect(page.total);
                        ahead.send(&listing);
                        shown = show(page, events).await?;
                    }
                    ahead.next(&listing).await
                }
            },
            None => ahead.next(&listing).await,
        };
        let (offset, page) = came?;
        let rows = listing.take(offset, page);
        // Before the rows are handed over, which may wait for whoever handles them.
        ahead.send(&listing);
        if !rows.is_empty() {
            let (done, total) = (listing.done(), listing.total());
            let rows = Arc::new(rows);
            events.send(SyncEvent::Page { rows, done, total }).await?;
        }
    }
    Ok((listing, shown))
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
