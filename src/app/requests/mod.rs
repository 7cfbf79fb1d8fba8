//! The list of requests: those that wait, others that were asked for, which of them the filter lets through, and which
//! are marked to be decided together.

mod filter;
mod reading;

pub(super) use reading::{keep_reading, look_closer, request_came, want_typed};

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::cursor::{Cursor, Move, Near};
use super::effect::Effect;
use super::field::{FieldKind, TextField};
use super::model::Model;
use super::query::FilterError;
use crate::app::account::Requests;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::request::Request;
use filter::Filter;
pub use filter::Set;

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
        let rows = all.rows();
        self.view.iter().filter_map(|(at, _)| rows.get(*at))
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
        all.rows().get(self.view.get(at)?.0)
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
        let rows = all.rows().iter().enumerate();
        self.view = rows
            .filter(|(_, request)| self.in_force.passes(request))
            .map(|(at, request)| (at, request.id))
            .collect();
    }

    /// Ends typing the filter; `clear` takes it away.
    pub(super) fn end_filter(&mut self, all: &Requests, clear: bool) {
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
        let listed: BTreeSet<RequestId> = all.rows().iter().map(|row| row.id).collect();
        self.marks.retain(|id| listed.contains(id));
        let near = Near::of(self.cursor, self.view.len(), |at| {
            self.view.get(at).map(|(_, id)| *id)
        });
        self.review(all);
        self.cursor = if self.touched {
            let ids = self.view.iter().map(|(_, id)| Some(*id));
            near.find(ids, self.view.len())
        } else {
            Cursor::default()
        };
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
    model
        .requests
        .end_filter(&model.engine.account.requests, false);
    model.requests.cursor = Cursor::default();
    model.requests.touched = false;
    reading::want(model)
}
