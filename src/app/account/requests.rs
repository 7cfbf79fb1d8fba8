//! The account's requests: those that wait, pages of others that were asked for, and single ones in full.

use std::collections::{BTreeSet, HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::Account;
use crate::app::effect::{Effect, Read};
use crate::app::remote::{Remote, Ticket};
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::order::Person;
use crate::domain::request::{Request, RequestPage, Wanted};
use crate::domain::status::{RequestKind, RequestStatus};
use crate::domain::write::Outgoing;

/// Requests of an order that are read above the cursor, and as many below it.
const AROUND: usize = 20;

/// What is known of the account's requests.
#[derive(Debug, PartialEq, Default)]
pub struct Requests {
    /// Those that wait for a decision.
    pub waiting: Remote<Vec<Request>>,
    /// How many of those each order has.
    pub by_order: HashMap<OrderId, u32>,
    /// Orders that have one for what takes the place of their certificate: a reissue or a renewal.
    pub replacing: HashSet<OrderId, FxBuildHasher>,
    /// How often those became others.
    pub revision: u64,
    /// Others that were asked for.
    pub others: Others,
    /// Requests in full: only there stand the comments, and who gave the first of two approvals.
    pub details: HashMap<RequestId, Remote<Request>>,
    /// Those that a question asks about: they are read whether they are listed or not.
    pub asked_about: BTreeSet<RequestId>,
    /// Everything that is known, the newest first; made when a reply comes.
    rows: Vec<Listed>,
}

/// Where a row of the list stands.
#[derive(Debug, PartialEq)]
enum Listed {
    /// Among those that wait.
    Waiting(usize),
    /// Among the others that were asked for.
    Other(usize),
    /// A row that says more than its list does.
    Completed(Box<Request>),
}

/// Requests in other states, page by page.
#[derive(Debug, PartialEq, Default)]
pub struct Others {
    /// Which; `None` when only what waits is wanted.
    pub wanted: Option<Wanted>,
    /// The newest page.
    pub page: Remote<RequestPage>,
    /// The rows of all pages so far.
    pub rows: Vec<Request>,
    /// Index at which the next page begins.
    pub next: Option<u64>,
    /// How many there are in all, where told.
    pub total: Option<u64>,
}

impl Requests {
    /// Everything that is known, the newest first.
    pub fn rows(&self) -> impl Iterator<Item = &Request> {
        self.rows.iter().filter_map(|listed| self.place(listed))
    }

    /// How many those are.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// One of those.
    pub fn row(&self, at: usize) -> Option<&Request> {
        self.place(self.rows.get(at)?)
    }

    fn place<'a>(&'a self, listed: &'a Listed) -> Option<&'a Request> {
        match listed {
            Listed::Waiting(at) => self.waiting.value()?.get(*at),
            Listed::Other(at) => self.others.rows.get(*at),
            Listed::Completed(row) => Some(row),
        }
    }

    /// A request that is listed, whether it is shown or not.
    pub fn listed(&self, id: RequestId) -> Option<&Request> {
        self.rows().find(|row| row.id == id)
    }

    /// How many requests there are in what is looked through, as far as that is known.
    pub fn of_all(&self) -> u64 {
        let known = self.rows.len() as u64;
        match self.others.wanted {
            Some(_) => self.others.total.unwrap_or(0).max(known),
            None => known,
        }
    }

    /// Other requests are wanted from now on: none of them is known yet.
    pub(in crate::app) fn want(&mut self, wanted: Option<Wanted>) {
        self.others = Others {
            wanted,
            ..Others::default()
        };
        self.merge();
    }

    /// Whether a request is read in full for itself, not only for its order.
    pub(super) fn is_wanted(&self, id: RequestId) -> bool {
        self.listed(id).is_some() || self.asked_about.contains(&id)
    }

    /// Whether the answer to the read with this ticket is awaited for a request in full.
    pub(in crate::app) fn awaits(&self, id: RequestId, ticket: Ticket) -> bool {
        let details = self.details.get(&id);
        details.is_some_and(|details| details.awaits(ticket))
    }

    /// The requests that wait came, or did not.
    pub(super) fn on_waiting(&mut self) {
        self.merge();
        self.by_order.clear();
        self.replacing.clear();
        self.revision += 1;
        for request in self.waiting.value().into_iter().flatten() {
            if let Some(order) = request.order.filter(|_| request.status.is_open()) {
                *self.by_order.entry(order).or_default() += 1;
                if !matches!(request.kind, RequestKind::Duplicate | RequestKind::Revoke) {
                    self.replacing.insert(order);
                }
            }
        }
    }

    /// A page from this index on came, or did not.
    pub(super) fn on_page(&mut self, offset: u64) {
        let others = &mut self.others;
        if let Remote::Ready { value, .. } = &mut others.page {
            if offset == 0 {
                others.rows.clear();
            }
            others.rows.append(&mut value.rows);
            others.next = value.next;
            others.total = value.total;
        }
        self.merge();
    }

    /// The rows are made of all that is known now. What is decided stays decided, whichever list is older; what waits is
    /// what the list of those says. What is known of a request in full is added.
    pub(in crate::app) fn merge(&mut self) {
        let others = self.others.rows.iter().enumerate();
        let decided = others.filter(|(_, row)| !row.status.is_open());
        let mut rows: Vec<(&Request, Listed)> =
            decided.map(|(at, row)| (row, Listed::Other(at))).collect();
        let known: BTreeSet<RequestId> = rows.iter().map(|(row, _)| row.id).collect();
        let waiting = self.waiting.value().into_iter().flatten().enumerate();
        let waiting = waiting.filter(|(_, row)| !known.contains(&row.id));
        rows.extend(waiting.map(|(at, row)| (row, Listed::Waiting(at))));
        for (row, listed) in &mut rows {
            let read = self.details.get(&row.id);
            if let Some((read, full)) = read.and_then(|read| Some((read, read.value()?))) {
                let mut completed = row.clone();
                // What is decided stays decided.
                if row.status.is_open() && read.is_newer_than(&self.waiting) {
                    completed.status = full.status.clone();
                }
                complete(&mut completed, full);
                *listed = Listed::Completed(Box::new(completed));
            }
        }
        // The account is asked for this order; how it sorts by date is not documented.
        rows.sort_by_key(|(row, _)| std::cmp::Reverse((row.date, row.id)));
        let listed: BTreeSet<RequestId> = rows.iter().map(|(row, _)| row.id).collect();
        let asked_about = &self.asked_about;
        self.details
            .retain(|id, _| listed.contains(id) || asked_about.contains(id));
        self.rows = rows.into_iter().map(|(_, listed)| listed).collect();
    }
}

/// Adds what the list does not tell. Of two states the one that was read later counts.
fn complete(row: &mut Request, full: &Request) {
    let full = full.clone();
    row.reviewer = row.reviewer.take().or(full.reviewer);
    row.processor = row.processor.take().or(full.processor);
    row.processed = row.processed.or(full.processed);
    row.comments = row.comments.take().or(full.comments);
    row.processor_comment = row.processor_comment.take().or(full.processor_comment);
    if row.dns_names.is_empty() {
        row.dns_names = full.dns_names;
    }
}

/// What the key's own user had to do with a request: a reason to let somebody else decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    Asked,
    /// Gave the first of its two approvals.
    First,
}

impl Account {
    /// What is known of a request: of its order, or in the list.
    pub fn request(&self, id: RequestId, order: Option<OrderId>) -> Option<&Request> {
        let of_order = order
            .and_then(|order| self.known.get(&order))
            .and_then(|data| data.requests().iter().find(|row| row.id == id));
        of_order.or_else(|| self.requests.listed(id))
    }

    /// Whether a decision is about a request that waits for the first of two approvals.
    pub(in crate::app) fn waits_for_first_step(&self, outgoing: &Outgoing) -> bool {
        let request = outgoing
            .request
            .and_then(|id| self.request(id, outgoing.order));
        request.is_some_and(|request| request.status == RequestStatus::Submitted)
    }

    /// The key's own part in a request, as far as is known.
    pub(in crate::app) fn own_part(&self, request: &Request) -> Option<Own> {
        let own = self.session.value()?.user_id?;
        let is = |person: Option<&Person>| person.is_some_and(|one| one.id == Some(own));
        if is(request.requester.as_deref()) {
            Some(Own::Asked)
        } else {
            is(request.reviewer.as_deref()).then_some(Own::First)
        }
    }

    /// What was read of a request: for the list of requests, and for the orders that it is known of.
    pub(in crate::app) fn reads_of_request(
        &self,
        id: RequestId,
    ) -> impl Iterator<Item = &Remote<Request>> {
        let listed = self.requests.details.get(&id);
        let of_orders = self.orders_of_request(id).into_iter();
        let of_orders =
            of_orders.filter_map(move |order| self.known.get(&order)?.requests.get(&id));
        listed.into_iter().chain(of_orders)
    }

    /// Reads requests in full, whatever is known of them: they are about to be decided.
    pub(in crate::app) fn read_requests(
        &mut self,
        wanted: impl IntoIterator<Item = RequestId>,
    ) -> Vec<Effect> {
        if !self.is_connected() {
            return Vec::new();
        }
        let wanted = wanted.into_iter();
        wanted.map(|id| self.read(Read::Request(id))).collect()
    }

    /// Of an order with a long history only the newest requests are read at once: here those around a row of it.
    pub(in crate::app) fn read_requests_around(&mut self, id: OrderId, at: usize) -> Vec<Effect> {
        let Some(data) = self.known.get(&id).filter(|_| self.is_connected()) else {
            return Vec::new();
        };
        let above = at.saturating_sub(AROUND);
        let near = data.requests().iter().skip(above).take(2 * AROUND);
        let unread = near.filter(|request| !data.requests.contains_key(&request.id));
        let unread: Vec<RequestId> = unread.map(|request| request.id).collect();
        self.read_requests(unread)
    }

    /// Reads the other requests that are wanted from the first page on.
    pub(in crate::app) fn read_others(&mut self) -> Option<Effect> {
        let wanted = self.requests.others.wanted.clone()?;
        self.is_connected()
            .then(|| self.read(Read::RequestPage(wanted, 0)))
    }

    /// Reads the list of requests that wait anew, and the others that are wanted.
    pub(in crate::app) fn read_lists_of_requests(&mut self) -> Vec<Effect> {
        let mut effects = vec![self.read(Read::Requests)];
        effects.extend(self.read_others());
        effects
    }

    /// Order info came: the newest of its requests are read in full, so many of them, but for those that the list of
    /// requests has so already.
    pub(in crate::app) fn read_requests_of(&mut self, id: OrderId, most: usize) -> Vec<Effect> {
        let Some(data) = self.known.get_mut(&id) else {
            return Vec::new();
        };
        let mut wanted: Vec<RequestId> = Vec::new();
        let order = data.order.value().into_iter();
        for request in order.flat_map(|order| &order.requests) {
            if !is_unread(data.requests.get(&request.id), &request.status) {
                continue;
            }
            let listed = self.requests.details.get(&request.id);
            match listed.filter(|full| !is_unread(Some(full), &request.status)) {
                Some(full) => {
                    data.requests.insert(request.id, full.clone());
                }
                None => wanted.push(request.id),
            }
        }
        data.merge();
        wanted.sort_unstable_by(|a, b| b.cmp(a));
        wanted.truncate(most);
        let wanted = wanted.into_iter();
        wanted.map(|id| self.read(Read::Request(id))).collect()
    }
}

/// Whether a request that is in a state is not known in full, or as it was before.
pub(in crate::app) fn is_unread(full: Option<&Remote<Request>>, status: &RequestStatus) -> bool {
    match full {
        None | Some(Remote::Idle | Remote::Failed { .. }) => true,
        Some(Remote::Loading { .. }) => false,
        Some(Remote::Ready { value, .. }) => value.status != *status,
    }
}
