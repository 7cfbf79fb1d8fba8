//! The list of requests: those that wait, others that were asked for, which of them the filter lets through, and which
//! are marked to be decided together.

mod filter;
mod reading;

pub(super) use reading::{
    came, keep_reading, look_closer, of_order_came, read_again, read_anew, read_of, request_came,
    want_typed,
};

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::cursor::{Cursor, Move, Near};
use super::effect::Effect;
use super::field::{FieldKind, TextField};
use super::model::Model;
use super::query::FilterError;
use super::remote::Remote;
use crate::app::account::OrderData;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::order::Person;
use crate::domain::request::{Request, RequestPage, Wanted};
use crate::domain::status::RequestStatus;
use crate::domain::write::Outgoing;
use filter::Filter;
pub use filter::Set;

/// The list of requests.
#[derive(Debug, PartialEq)]
pub struct RequestsScreen {
    /// Those that wait for a decision.
    pub requests: Remote<Vec<Request>>,
    /// Others that the filter asks for.
    pub others: Others,
    /// Requests in full: only there stand the comments, and who gave the first of two approvals.
    pub details: HashMap<RequestId, Remote<Request>>,
    /// Those that a question asks about: they are read whether they are listed or not.
    pub asked_about: BTreeSet<RequestId>,
    /// Cursor, in what is shown.
    pub cursor: Cursor,
    /// Marked ones.
    pub marks: BTreeSet<RequestId>,
    /// The filter.
    pub filter: TextField,
    /// What is wrong with the filter; the last good one stays in force.
    pub filter_error: Option<FilterError>,
    /// Which requests are listed where the filter names no state.
    pub set: Set,
    /// Whether the filter is typed in.
    pub typing: bool,
    /// When what a filter that is being typed looks through is read.
    pub due: Option<Timestamp>,
    /// Whether the operator chose a row: the cursor stays on it then, whatever comes or goes.
    pub touched: bool,
    /// Everything that is known, the newest first; made when a reply comes.
    rows: Vec<Request>,
    /// Indices of the rows that are shown.
    view: Vec<usize>,
    in_force: Filter,
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

impl Default for RequestsScreen {
    fn default() -> Self {
        Self {
            requests: Remote::Idle,
            others: Others::default(),
            details: HashMap::new(),
            asked_about: BTreeSet::new(),
            cursor: Cursor::default(),
            marks: BTreeSet::new(),
            filter: TextField::new(FieldKind::Line),
            filter_error: None,
            set: Set::default(),
            typing: false,
            due: None,
            touched: false,
            rows: Vec::new(),
            view: Vec::new(),
            in_force: Filter::default(),
        }
    }
}

impl RequestsScreen {
    /// What the filter lets through. Words are looked for in everything the row and its comments say; `type:`,
    /// `status:`, `by:`, `order:` and `name:` in that alone. All have to hold; without any only what waits is shown.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &Request> {
        self.view.iter().map(|at| &self.rows[*at])
    }

    /// A row of what is shown.
    pub fn row(&self, at: usize) -> Option<&Request> {
        self.rows.get(*self.view.get(at)?)
    }

    /// A request that is listed, whether it is shown or not.
    pub fn listed(&self, id: RequestId) -> Option<&Request> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// Whether a filter is typed.
    pub fn is_filtered(&self) -> bool {
        !self.filter.text().trim().is_empty()
    }

    /// Whether other requests are listed than those that wait.
    pub fn is_narrowed(&self) -> bool {
        self.is_filtered() || self.set != Set::default()
    }

    /// What the key that changes which requests are listed goes to.
    pub fn next_set_label(&self) -> &'static str {
        let is_filtered = self.is_filtered();
        match self.set.next(is_filtered) {
            Set::Own if is_filtered => "all",
            Set::Own | Set::Waiting => "waiting",
            Set::Decided => "decided",
            Set::All => "all",
        }
    }

    /// Whether the filter that is being typed looks through requests that are still to be read.
    pub fn is_to_read(&self) -> bool {
        let wanted = self.in_force.wanted();
        self.typing && wanted.is_some() && self.others.wanted.is_none()
    }

    /// Which requests are looked through, where the filter names no state.
    pub fn looks_in(&self) -> &'static str {
        match (self.set, self.in_force.wanted()) {
            (Set::Decided, _) => "decided requests",
            (Set::Waiting, _) | (_, None) => "open requests",
            _ => "all requests",
        }
    }

    /// How many requests there are in what is looked through, as far as that is known.
    pub fn of_all(&self) -> u64 {
        let known = self.rows.len() as u64;
        match self.others.wanted {
            Some(_) => self.others.total.unwrap_or(0).max(known),
            None => known,
        }
    }

    /// The marked ones that are shown, each with its order.
    pub fn marked(&self) -> Vec<(RequestId, Option<OrderId>)> {
        self.shown()
            .filter(|request| self.marks.contains(&request.id) && request.status.is_open())
            .map(|request| (request.id, request.order))
            .collect()
    }

    /// The filter was changed. One that is not understood is told; the last good one stays in force.
    pub(super) fn refilter(&mut self) {
        match Filter::parse(&self.filter.text(), self.set) {
            Ok(filter) => {
                self.filter_error = None;
                self.in_force = filter;
            }
            Err(error) => self.filter_error = Some(error),
        }
        self.review();
    }

    /// Lists what passes the filter in force.
    fn review(&mut self) {
        let rows = self.rows.iter().enumerate();
        self.view = rows
            .filter(|(_, request)| self.in_force.passes(request))
            .map(|(at, _)| at)
            .collect();
    }

    /// Ends typing the filter; `clear` takes it away.
    pub(super) fn end_filter(&mut self, clear: bool) {
        self.typing = false;
        self.due = None;
        self.filter.set_focus(false);
        if clear {
            self.filter.set_text("");
            self.set = Set::default();
        }
        self.refilter();
    }

    /// A reply came: the rows are made of all that is known now. What is decided stays decided, whichever list is
    /// older; what waits is what the list of those says. What is known of a request in full is added.
    fn merge(&mut self) {
        let decided = self.others.rows.iter().filter(|row| !row.status.is_open());
        let mut rows: Vec<Request> = decided.cloned().collect();
        let known: BTreeSet<RequestId> = rows.iter().map(|row| row.id).collect();
        let waiting = self.requests.value().into_iter().flatten();
        rows.extend(waiting.filter(|row| !known.contains(&row.id)).cloned());
        for row in &mut rows {
            let read = self.details.get(&row.id);
            if let Some((read, full)) = read.and_then(|read| Some((read, read.value()?))) {
                // What is decided stays decided.
                if row.status.is_open() && read.is_newer_than(&self.requests) {
                    row.status = full.status.clone();
                }
                complete(row, full);
            }
        }
        // The account is asked for this order; how it sorts by date is not documented.
        rows.sort_by_key(|row| std::cmp::Reverse((row.date, row.id)));
        let listed: BTreeSet<RequestId> = rows.iter().map(|row| row.id).collect();
        let asked_about = &self.asked_about;
        self.details
            .retain(|id, _| listed.contains(id) || asked_about.contains(id));
        self.marks.retain(|id| listed.contains(id));
        let near = Near::of(self.cursor, self.view.len(), |at| {
            self.row(at).map(|row| row.id)
        });
        self.rows = rows;
        self.review();
        self.cursor = if self.touched {
            near.find(self.shown().map(|row| Some(row.id)), self.view.len())
        } else {
            Cursor::default()
        };
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

/// Marks the request under the cursor, or takes its mark away, and goes on to the next.
pub(super) fn mark(model: &mut Model) {
    let Some(id) = model.selected_request().map(|request| request.id) else {
        return;
    };
    let screen = &mut model.requests;
    if !screen.marks.remove(&id) {
        screen.marks.insert(id);
    }
    super::input::go(model, Move::By(1));
}

/// Goes from what waits to what is decided, to all.
pub(super) fn next_set(model: &mut Model) -> Vec<Effect> {
    let screen = &mut model.requests;
    screen.set = screen.set.next(screen.is_filtered());
    filter_kept(model)
}

/// The filter is in force: what it asks for is read.
pub(super) fn filter_kept(model: &mut Model) -> Vec<Effect> {
    model.requests.end_filter(false);
    model.requests.cursor = Cursor::default();
    model.requests.touched = false;
    reading::want(model)
}

/// What is known of a request: of its order, or in the list.
pub(super) fn known(model: &Model, id: RequestId, order: Option<OrderId>) -> Option<&Request> {
    let of_order = order
        .and_then(|order| model.known.get(&order))
        .and_then(|data: &OrderData| data.requests().iter().find(|row| row.id == id));
    of_order.or_else(|| model.requests.listed(id))
}

/// Whether a decision is about a request that waits for the first of two approvals.
pub(super) fn waits_for_first_step(model: &Model, outgoing: &Outgoing) -> bool {
    let request = outgoing
        .request
        .and_then(|id| known(model, id, outgoing.order));
    request.is_some_and(|request| request.status == RequestStatus::Submitted)
}

/// What the key's own user had to do with a request: a reason to let somebody else decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    /// Asked for it.
    Asked,
    /// Gave the first of its two approvals.
    First,
}

/// The key's own part in a request, as far as is known.
pub(super) fn own_part(model: &Model, request: &Request) -> Option<Own> {
    let own = model.session.value()?.user_id?;
    let is = |person: &Option<Person>| person.as_ref().is_some_and(|one| one.id == Some(own));
    if is(&request.requester) {
        Some(Own::Asked)
    } else {
        is(&request.reviewer).then_some(Own::First)
    }
}

/// What the first of two approvals brought.
pub(super) fn first_step_words(request: RequestId) -> String {
    format!("request {request}: the first of two approvals is given; someone else gives the second")
}
