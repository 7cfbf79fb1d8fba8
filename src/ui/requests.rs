//! The requests that wait for a decision in the account; what the one that the cursor rests on says stands below.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::theme::Theme;
use super::when;
use super::widgets::facts::Facts;
use super::widgets::listing::{self, Listing};
use super::widgets::table::{Column, Focus, Value};
use crate::app::layout;
use crate::app::model::Model;
use crate::domain::order::Person;
use crate::domain::request::Request;
use crate::domain::status::RequestStatus;
use crate::keys::{Action, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Number,
    Kind,
    Status,
    Order,
    Name,
    Requester,
    Date,
}

const COLUMNS: &[Column<Col>] = &[
    Column::fixed(Col::Number, "REQUEST", 10, 2),
    Column::fixed(Col::Kind, "TYPE", 9, 0),
    Column::fixed(Col::Status, "STATUS", 10, 3),
    Column::fixed(Col::Order, "ORDER", 10, 5),
    Column::elastic(Col::Name, "NAME", 14, 48, 0),
    Column::elastic(Col::Requester, "REQUESTER", 10, 24, 4),
    Column::fixed(Col::Date, "CREATED", 10, 6),
];

/// Draws the list, or why there is none.
pub(super) fn draw(model: &Model, theme: &Theme, focus: Focus, area: Rect, buf: &mut Buffer) {
    let list = Requests { model, theme };
    listing::draw(&list, model.requests.cursor, focus, theme, area, buf);
}

struct Requests<'a> {
    model: &'a Model,
    theme: &'a Theme,
}

impl Listing for Requests<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = COLUMNS;
    const BELOW: u16 = layout::BELOW_REQUESTS;

    fn covered(&self) -> u16 {
        self.model.layout().covered
    }

    fn len(&self) -> usize {
        self.model.requests.len()
    }

    fn none(&self) -> (String, Vec<String>) {
        nothing(self.model)
    }

    fn mark(&self, at: usize) -> Option<(&'static str, Style)> {
        let id = self
            .model
            .requests
            .row(&self.model.engine.account.requests, at)?
            .id;
        let marked = self.model.requests.marks.contains(&id);
        marked.then_some(("●", self.theme.accent))
    }

    fn value(&self, at: usize, column: Col, _: u16) -> Value<'_> {
        let theme = self.theme;
        let Some(request) = self
            .model
            .requests
            .row(&self.model.engine.account.requests, at)
        else {
            return (Cow::Borrowed(""), theme.text);
        };
        let today = self.model.today();
        match column {
            Col::Number => (request.id.to_string().into(), theme.dim),
            Col::Kind => (request.kind.label().into(), theme.text),
            Col::Status => (
                status_word(request).into(),
                theme.request_status(&request.status),
            ),
            Col::Order => (
                request
                    .order
                    .map_or(Cow::Borrowed(""), |order| order.to_string().into()),
                theme.dim,
            ),
            Col::Name => (request.title().unwrap_or_default().into(), theme.text),
            Col::Requester => (name_of(request.requester.as_deref()).into(), theme.dim),
            Col::Date => (
                request
                    .date
                    .map_or(Cow::Borrowed(""), |at| when::short(at, today).into()),
                theme.dim,
            ),
        }
    }

    fn detail_row(&self, cursor: usize) -> usize {
        self.model.rested_request().unwrap_or(cursor)
    }

    fn title(&self, at: usize) -> Option<String> {
        let request = self
            .model
            .requests
            .row(&self.model.engine.account.requests, at)?;
        Some(format!("request {}", request.id))
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        if let Some(request) = self
            .model
            .requests
            .row(&self.model.engine.account.requests, at)
        {
            details(request, self.model, facts);
        }
    }
}

/// What a request says, the comments first: they are why it is read.
pub(super) fn details(request: &Request, model: &Model, facts: &mut Facts<'_>) {
    let today = model.today();
    facts.maybe("Comments", request.comments.as_deref());
    facts.maybe("Decision", request.processor_comment.as_deref());
    let by = |person: Option<&Person>, at: Option<jiff::Timestamp>| {
        let who = person.map_or_else(String::new, |person| match person.email.as_str() {
            "" => person.name.clone(),
            email if person.name.is_empty() => email.to_string(),
            email => format!("{} <{email}>", person.name),
        });
        match (who.is_empty(), at) {
            (true, None) => String::new(),
            (true, Some(at)) => when::moment_ago(at, today),
            (false, None) => who,
            (false, Some(at)) => format!("{who}, {}", when::moment_ago(at, today)),
        }
    };
    facts.fact(
        "Requested by",
        &by(request.requester.as_deref(), request.date),
    );
    facts.fact("Approval", steps(request));
    facts.fact("1st approval", &by(request.reviewer.as_deref(), None));
    facts.fact(
        "Decided by",
        &by(request.processor.as_deref(), request.processed),
    );
    if !request.dns_names.is_empty() {
        facts.fact("Names (then)", &request.dns_names.join(", "));
    } else if let Some(name) = &request.common_name {
        facts.fact("Name", name);
    }
    facts.maybe(
        "Organization",
        request.organization.as_deref().map(|known| &known.name),
    );
    facts.maybe(
        "Product",
        request.product.as_deref().map(super::product::name),
    );
}

/// At most ten cells.
pub(super) fn status_word(request: &Request) -> &str {
    match &request.status {
        RequestStatus::Submitted => "first step",
        RequestStatus::Pending if request.reviewer.is_some() => "final step",
        other => other.label(),
    }
}

/// Which approval is missing, while one is.
fn steps(request: &Request) -> &'static str {
    match (&request.status, &request.reviewer) {
        (RequestStatus::Submitted, _) => "waiting for the first of two approvals",
        (RequestStatus::Pending, Some(_)) => "first of two approvals given; waiting for the second",
        _ => "",
    }
}

/// What a person is called.
pub(super) fn name_of(person: Option<&Person>) -> &str {
    match person {
        Some(person) if !person.name.is_empty() => &person.name,
        Some(person) => &person.email,
        None => "",
    }
}

/// Why nothing is listed.
fn nothing(model: &Model) -> (String, Vec<String>) {
    let key = |place, action| model.keymap.key_of(&[place], action).unwrap_or_default();
    let refresh = key(Place::Lists, Action::Refresh);
    let which = key(Place::Requests, Action::WhichRequests);
    let screen = &model.requests;
    let all = &model.engine.account.requests;
    let others = &all.others;
    if others.page.is_loading() {
        return ("Loading the requests…".into(), Vec::new());
    }
    let known = if others.wanted.is_some() && others.page.failure().is_some() {
        others.page.failure()
    } else {
        all.waiting.failure()
    };
    if screen.is_to_read(all) {
        let keep = key(Place::Filter, Action::Open);
        let advice = vec![format!("Press {keep} to search decided requests.")];
        return ("No loaded requests match the filter.".into(), advice);
    }
    if screen.is_filtered() && known.is_none() && all.waiting.value().is_some() {
        let advice = vec![
            format!(
                "Press {} to clear it. Words search everything, terms one field:",
                key(Place::Everywhere, Action::Back)
            ),
            " type:reissue  status:approved  status:waiting  by:ada  order:123  name:shop".into(),
        ];
        return ("No requests match the filter.".into(), advice);
    }
    if let Some(failure) = known {
        let advice = vec![
            failure.what.clone(),
            failure.advice.clone(),
            String::new(),
            format!("Press {refresh} to try again."),
        ];
        return ("Could not load requests.".into(), advice);
    }
    if all.waiting.is_loading() {
        return ("Loading the requests…".into(), Vec::new());
    }
    if all.waiting.value().is_some() {
        let advice = vec![format!(
            "Press {refresh} to refresh, {which} to show decided requests."
        )];
        return ("No requests are waiting for a decision.".into(), advice);
    }
    let advice = vec![format!("Press {refresh} to load them.")];
    ("Not loaded yet.".into(), advice)
}
