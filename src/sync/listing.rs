//! The bookkeeping of a complete reading: which page is next, when the list is at its end, and which orders are
//! gone. Pure.
//!
//! Pages overlap by one row. While a list is read, an order that leaves it moves every later one a place to the
//! front, and the next page would begin one row too late. The repeated row shows it: a page whose first row was
//! not seen before does not join on, and the reading goes back a page.
//!
//! ```text
//!  page 0:  a b c d
//!  page 1:        d e f g      joins on
//!  page 2:              h i j  does not: something before h left the list; back to page 1
//! ```

use std::collections::{BTreeSet, HashSet};

use rustc_hash::FxBuildHasher;

use super::named::Answer;
use crate::certcentral::endpoints::OrderPage;
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;
use crate::domain::text::counted;

/// Pages that the reading may go back; a list that jumps more often is not in the order asked for.
const PATIENCE: u32 = 5;

/// How far a reading is.
#[derive(Debug)]
pub(super) struct Listing {
    limit: u64,
    /// Offset of the page that is wanted next.
    next: u64,
    total: Option<u64>,
    /// The same before a page told.
    expected: Option<u64>,
    seen: HashSet<OrderId, FxBuildHasher>,
    went_back: u32,
    /// Up to where rows came before the reading went back.
    known_to: u64,
    /// Pages in the middle of the list that brought nothing new.
    empty: u32,
    /// Whether every page joined on to the one before.
    unbroken: bool,
    /// Whether every page told how many orders there are.
    told: bool,
    /// Orders whose rows could not be read.
    unsure: BTreeSet<OrderId>,
    /// Whether rows came that do not say which order they are.
    nameless: bool,
    /// Whether the last row of the last page was one.
    ends_nameless: bool,
    /// What came of asking for those by number.
    settled: Option<Vec<OrderId>>,
    ended: bool,
}

impl Listing {
    /// A reading in pages of `limit` rows; two at least, because pages overlap.
    pub(super) fn new(limit: u64) -> Self {
        Self {
            limit: limit.max(2),
            next: 0,
            total: None,
            expected: None,
            seen: HashSet::default(),
            went_back: 0,
            known_to: 0,
            empty: 0,
            unbroken: true,
            told: true,
            unsure: BTreeSet::new(),
            nameless: false,
            ends_nameless: false,
            settled: None,
            ended: false,
        }
    }

    /// Rows of a page.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// How many orders there may be, before a page told. It says which pages to send for, and nothing else.
    pub(super) fn expect(&mut self, total: Option<u64>) {
        self.expected = total;
    }

    /// Offset of the page that [`Listing::take`] takes next.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Offsets of the next pages, at most `ahead` of them; those after the first under the assumption that full
    /// pages come. Empty at the end.
    pub(super) fn upcoming(&self, ahead: usize) -> Vec<u64> {
        if self.ended {
            return Vec::new();
        }
        let step = self.limit - 1;
        let last = self.total.or(self.expected).unwrap_or(0);
        (0..ahead as u64)
            .map(|page| self.next + page * step)
            // The last row of all is the overlap of a page that nobody needs.
            .take_while(|&offset| offset == self.next || offset + 1 < last)
            .collect()
    }

    /// Takes the page at `offset`, which is the first of [`Listing::upcoming`]; returns the rows that are new.
    pub(super) fn take(&mut self, offset: u64, page: OrderPage) -> Rows {
        self.told &= page.total.is_some();
        self.total = page.total.or(self.total);
        let returned = page.returned();
        let joins = offset == 0
            || match (page.unread.first(), page.rows.ids().next()) {
                (Some(first), _) if first.at == 0 => match first.id {
                    Some(id) => self.has(OrderId(id)),
                    None => self.ends_nameless,
                },
                (_, Some(first)) => self.has(first),
                (_, None) => false,
            };
        let last = page.unread.last();
        self.ends_nameless =
            last.is_some_and(|row| row.id.is_none() && row.at as u64 + 1 == returned);
        self.nameless |= page.unread.iter().any(|row| row.id.is_none());
        let numbers = page.unread.iter().filter_map(|row| row.id.map(OrderId));
        self.unsure.extend(numbers);
        let unread = !page.unread.is_empty();
        let more = match self.total {
            Some(total) => returned > 0 && offset.saturating_add(returned) < total,
            None => returned >= self.limit,
        };
        let mut fresh = page.rows;
        fresh.retain(|id| self.seen.insert(id));
        if !joins && self.went_back < PATIENCE {
            self.went_back += 1;
            self.known_to = self.known_to.max(offset + returned);
            self.next = offset.saturating_sub(self.limit - 1);
            return fresh;
        }
        // A page with nothing new that was not read before is an earlier one again: this server turns no pages.
        let turned = offset == 0
            || !fresh.is_empty()
            || unread
            || returned <= 1
            || offset + returned <= self.known_to;
        // A server that counts more than it ever gives would be asked for ever.
        self.empty += u32::from(more && fresh.is_empty());
        let turned = turned && self.empty <= 4 * PATIENCE;
        self.unbroken &= joins && turned;
        self.ended = !more || !turned;
        self.next = (offset + returned).saturating_sub(1).max(offset + 1);
        if more && returned < self.limit {
            // The server gives less at once than was asked for.
            self.limit = returned.max(2);
        }
        fresh
    }

    /// Whether the last page came.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Orders that came so far.
    pub(super) fn done(&self) -> u64 {
        self.seen.len() as u64
    }

    /// Orders that there are, as far as the server told; never less than came.
    pub(super) fn total(&self) -> u64 {
        self.total.unwrap_or(0).max(self.done())
    }

    fn has(&self, id: OrderId) -> bool {
        self.seen.contains(&id) || self.unsure.contains(&id)
    }

    /// Orders to ask for by number, since their rows could not be read: those that say their number, and where some do
    /// not, those of the known orders that did not come.
    pub(super) fn doubtful(&self, known: &[OrderId]) -> Vec<OrderId> {
        let mut doubtful = self.unsure.clone();
        if self.nameless {
            doubtful.extend(known);
        }
        doubtful.retain(|id| !self.seen.contains(id));
        doubtful.into_iter().collect()
    }

    /// Takes what came of asking for [`Listing::doubtful`].
    pub(super) fn settle(&mut self, answer: &Answer) {
        self.seen.extend(answer.found.iter().map(|(id, _)| *id));
        self.unsure = answer.unread.iter().copied().collect();
        self.settled = Some(answer.gone.clone());
    }

    /// Whether every order of the list is known to have come. Only then does absence mean anything.
    pub(super) fn is_complete(&self) -> bool {
        let all = self.total.is_some_and(|total| self.done() >= total);
        let read = self.unsure.iter().all(|id| self.seen.contains(id));
        self.ended && self.unbroken && self.told && read && all
    }

    /// What is wrong with a list that told how many orders it has and did not give as many; `None` also for one that did
    /// not tell.
    pub(super) fn lacks(&self) -> Option<String> {
        let total = self.total.filter(|_| !self.is_complete())?;
        let done = self.done();
        let orders = counted(
            usize::try_from(total).unwrap_or(usize::MAX),
            "order",
            "orders",
        );
        let mut words = format!(
            "{done} of the {orders} that it counts could be loaded; none is assumed to be gone"
        );
        let unread: Vec<String> = self.unsure.iter().take(5).map(OrderId::to_string).collect();
        if !unread.is_empty() {
            words = format!("{words}; not loaded: {}", unread.join(", "));
        }
        Some(words)
    }

    /// Those of the orders known before that are no longer listed; none when the reading has gaps.
    pub(super) fn removed(&self, known: &[OrderId]) -> Vec<OrderId> {
        if !self.is_complete() {
            return Vec::new();
        }
        let absent = |id: &&OrderId| match &self.settled {
            // A row that does not say its number stands for any of them: only what the account says it has not is gone.
            Some(gone) if self.nameless => gone.contains(id),
            _ if self.nameless => false,
            _ => !self.seen.contains(id),
        };
        known.iter().filter(absent).copied().collect()
    }
}
