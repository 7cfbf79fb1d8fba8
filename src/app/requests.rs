//! The list of requests: which are shown by the filter, and which are marked to be decided together.

use std::collections::BTreeSet;

use super::cursor::Cursor;
use super::field::{FieldKind, TextField};
use super::model::Model;
use super::remote::Remote;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::request::Request;
use crate::domain::status::RequestStatus;
use crate::domain::write::Outgoing;

/// The list of requests.
#[derive(Debug, PartialEq)]
pub struct RequestsScreen {
    /// Those that wait for a decision.
    pub requests: Remote<Vec<Request>>,
    /// Cursor, in what is shown.
    pub cursor: Cursor,
    /// Marked ones.
    pub marks: BTreeSet<RequestId>,
    /// The filter.
    pub filter: TextField,
    /// Whether the filter is typed in.
    pub typing: bool,
}

impl Default for RequestsScreen {
    fn default() -> Self {
        Self {
            requests: Remote::Idle,
            cursor: Cursor::default(),
            marks: BTreeSet::new(),
            filter: TextField::new(FieldKind::Line),
            typing: false,
        }
    }
}

impl RequestsScreen {
    /// What the filter lets through. Words are looked for in everything the row and its comments say; `type:`,
    /// `status:`, `by:`, `order:` and `name:` in that alone. All have to hold.
    pub fn shown(&self) -> Vec<&Request> {
        let filter = self.filter.text().to_lowercase();
        let terms: Vec<&str> = filter.split_whitespace().collect();
        let all = self.requests.value().into_iter().flatten();
        all.filter(|request| terms.iter().all(|term| holds(request, term)))
            .collect()
    }

    /// Whether the filter holds anything back.
    pub fn is_filtered(&self) -> bool {
        !self.filter.text().trim().is_empty()
    }

    /// The marked ones that are shown, each with its order.
    pub fn marked(&self) -> Vec<(RequestId, Option<OrderId>)> {
        self.shown()
            .into_iter()
            .filter(|request| self.marks.contains(&request.id) && request.status.is_open())
            .map(|request| (request.id, request.order))
            .collect()
    }

    /// Ends typing the filter; `clear` takes it away.
    pub(super) fn end_filter(&mut self, clear: bool) {
        self.typing = false;
        self.filter.set_focus(false);
        if clear {
            self.filter.set_text("");
        }
    }

    /// The list came: marks of what is gone go.
    pub(super) fn came(&mut self) {
        let open: BTreeSet<RequestId> = self
            .requests
            .value()
            .into_iter()
            .flatten()
            .map(|request| request.id)
            .collect();
        self.marks.retain(|id| open.contains(id));
    }
}

fn holds(request: &Request, term: &str) -> bool {
    let person = request.requester.as_ref();
    let by = || person.map_or_else(String::new, |who| format!("{} {}", who.name, who.email));
    let name = || {
        let names = request.common_name.iter().chain(&request.dns_names);
        names.cloned().collect::<Vec<_>>().join(" ")
    };
    let kind = || format!("{} {}", request.kind.as_str(), request.kind.label());
    let status = || format!("{} {}", request.status.as_str(), request.status.label());
    let order = || request.order.map_or_else(String::new, |id| id.to_string());
    let within = |text: String, wanted: &str| text.to_lowercase().contains(wanted);
    match term.split_once(':') {
        Some(("type", wanted)) => within(kind(), wanted),
        Some(("status", wanted)) => within(status(), wanted),
        Some(("by", wanted)) => within(by(), wanted),
        Some(("order", wanted)) => within(order(), wanted),
        Some(("name", wanted)) => within(name(), wanted),
        _ => {
            let organization = request.organization.as_ref();
            let parts = [
                request.id.to_string(),
                order(),
                kind(),
                status(),
                by(),
                name(),
                request.comments.clone().unwrap_or_default(),
                organization.map_or_else(String::new, |known| known.name.clone()),
            ];
            within(parts.join(" "), term)
        }
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
    super::input::go(model, super::cursor::Move::By(1));
}

/// Whether a decision is about a request that waits for the first of two approvals.
pub(super) fn waits_for_first_step(model: &Model, outgoing: &Outgoing) -> bool {
    let Some(id) = outgoing.request else {
        return false;
    };
    let listed = model.requests.requests.value().map(Vec::as_slice);
    let of_order = outgoing
        .order
        .and_then(|order| model.known.get(&order))
        .map(super::order::OrderData::requests);
    [of_order, listed]
        .into_iter()
        .flatten()
        .flatten()
        .find(|request| request.id == id)
        .is_some_and(|request| request.status == RequestStatus::Submitted)
}

/// What the first of two approvals brought.
pub(super) fn first_step_words(request: RequestId) -> String {
    format!(
        "request {request}: the first of two approvals is given; somebody else gives the second"
    )
}
