//! The list of requests: those that wait, others that were asked for, which of them the filter lets through, and which
//! are marked to be decided together.

mod filter;
mod reading;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::cursor::{Cursor, Near};
use super::field::{FieldKind, TextField};
use super::query::FilterError;
use super::turn::Turn;
use crate::app::account::{Account, Requests};
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::request::Request;
use filter::Filter;
pub use filter::Set;

/// How long after a letter of a filter of requests those are read that it looks through: the account is not asked for each
/// letter.
const TYPED: SignedDuration = SignedDuration::from_millis(250);

/// The list of requests.
#[derive(Debug, PartialEq)]
pub struct RequestsScreen {
    /// Cursor, in what is shown.
    pub cursor: Cursor,
    pub marks: BTreeSet<RequestId>,
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
    /// The rows that are shown: where they are, and which.
    view: Vec<(usize, RequestId)>,
    in_force: Filter,
}

impl Default for RequestsScreen {
    fn default() -> Self {
        Self {
            cursor: Cursor::default(),
            marks: BTreeSet::new(),
            filter: TextField::new(FieldKind::Line),
            filter_error: None,
            set: Set::default(),
            typing: false,
            due: None,
            touched: false,
            view: Vec::new(),
            in_force: Filter::default(),
        }
    }
}

impl RequestsScreen {
    /// What the filter lets through. Words are looked for in everything the row and its comments say; `type:`,
    /// `status:`, `by:`, `order:` and `name:` in that alone. All have to hold; without any only what waits is shown.
    pub fn shown<'a>(&'a self, all: &'a Requests) -> impl Iterator<Item = &'a Request> {
        self.view.iter().filter_map(|(at, _)| all.row(*at))
    }

    /// How many those are.
    pub fn len(&self) -> usize {
        self.view.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.view.is_empty()
    }

    /// A row of what is shown.
    pub fn row<'a>(&self, all: &'a Requests, at: usize) -> Option<&'a Request> {
        all.row(self.view.get(at)?.0)
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
    pub fn is_to_read(&self, all: &Requests) -> bool {
        let wanted = self.in_force.wanted();
        self.typing && wanted.is_some() && all.others.wanted.is_none()
    }

    /// Which requests are looked through, where the filter names no state.
    pub fn looks_in(&self) -> &'static str {
        match (self.set, self.in_force.wanted()) {
            (Set::Decided, _) => "decided requests",
            (Set::Waiting, _) | (_, None) => "open requests",
            _ => "all requests",
        }
    }

    /// The marked ones that are shown, each with its order.
    pub fn marked(&self, all: &Requests) -> Vec<(RequestId, Option<OrderId>)> {
        self.shown(all)
            .filter(|request| self.marks.contains(&request.id) && request.status.is_open())
            .map(|request| (request.id, request.order))
            .collect()
    }

    /// The filter was changed. One that is not understood is told; the last good one stays in force.
    pub(super) fn refilter(&mut self, all: &Requests) {
        match Filter::parse(&self.filter.text(), self.set) {
            Ok(filter) => {
                self.filter_error = None;
                self.in_force = filter;
            }
            Err(error) => self.filter_error = Some(error),
        }
        self.review(all);
    }

    /// Lists what passes the filter in force.
    fn review(&mut self, all: &Requests) {
        let rows = (0..all.count()).filter_map(|at| Some((at, all.row(at)?)));
        self.view = rows
            .filter(|(_, request)| self.in_force.passes(request))
            .map(|(at, request)| (at, request.id))
            .collect();
    }

    /// Ends typing the filter; `clear` takes it away.
    fn end_filter(&mut self, all: &Requests, clear: bool) {
        self.typing = false;
        self.due = None;
        self.filter.set_focus(false);
        if clear {
            self.filter.set_text("");
            self.set = Set::default();
        }
        self.refilter(all);
    }

    /// More is known, or less: the list is made of what there is now.
    pub(super) fn refresh(&mut self, all: &Requests) {
        let listed: BTreeSet<RequestId> = all.rows().map(|row| row.id).collect();
        self.marks.retain(|id| listed.contains(id));
        let near = Near::of(self.cursor, self.view.len(), |at| {
            self.view.get(at).map(|(_, id)| *id)
        });
        self.review(all);
        self.cursor = if self.touched {
            let places = self.view.iter().map(|(_, id)| *id).zip(0..);
            near.find(&places.collect(), self.view.len())
        } else {
            Cursor::default()
        };
    }
}

impl RequestsScreen {
    /// Marks a request, or takes its mark away.
    pub(in crate::app) fn mark(&mut self, id: RequestId) {
        if !self.marks.remove(&id) {
            self.marks.insert(id);
        }
    }

    /// Goes from what waits to what is decided, to all.
    pub(in crate::app) fn next_set(&mut self, account: &mut Account, turn: &mut Turn) {
        self.set = self.set.next(self.is_filtered());
        self.keep_filter(false, account, turn);
    }

    /// The filter is in force, or cleared: what it asks for is read.
    pub(in crate::app) fn keep_filter(
        &mut self,
        clear: bool,
        account: &mut Account,
        turn: &mut Turn,
    ) {
        self.end_filter(&account.requests, clear);
        self.cursor = Cursor::default();
        self.touched = false;
        turn.extend(self.want(account));
    }

    /// Something was typed in the filter: what is typed is looked for in all, whichever were shown before, and read a
    /// little later.
    pub(in crate::app) fn typed(&mut self, all: &Requests, now: Timestamp) {
        self.cursor = Cursor::default();
        self.touched = false;
        self.set = Set::default();
        self.refilter(all);
        self.due = now.checked_add(TYPED).ok();
    }
}
