//! The requests that wait for a decision in the account; what the one under the cursor says stands below.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::Theme;
use super::widgets::facts::Facts;
use super::widgets::scroll;
use super::widgets::table::{Column, Focus, Table};
use super::{empty, order, when};
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
    Column::fixed(Col::Number, "REQUEST", 9, 2),
    Column::fixed(Col::Kind, "ASKS FOR", 9, 0),
    Column::fixed(Col::Status, "STATUS", 10, 5),
    Column::fixed(Col::Order, "ORDER", 9, 4),
    Column::elastic(Col::Name, "NAME", 14, 48, 0),
    Column::elastic(Col::Requester, "BY", 10, 24, 3),
    Column::fixed(Col::Date, "MADE", 10, 6),
];

/// Draws the list, or why there is none.
pub(super) fn draw(model: &Model, theme: &Theme, focus: Focus, area: Rect, buf: &mut Buffer) {
    let known = &model.requests.requests;
    let requests = model.requests.shown();
    if requests.is_empty() {
        if known.value().is_some_and(|all| !all.is_empty()) {
            let advice = vec![
                "Esc clears it. Words, and type:reissue  status:pending  by:ada  order:123".into(),
            ];
            empty::draw("No request passes the filter.", &advice, theme, area, buf);
        } else {
            nothing(model, theme, area, buf);
        }
        return;
    }
    let today = model.today();
    let selected = requests.get(model.requests.cursor.at).copied();
    let (list, below) = order::split(area, requests.len(), 7);
    let table = Table {
        columns: COLUMNS,
        len: requests.len(),
        lead: None,
        cursor: model.requests.cursor,
        focus,
    };
    table.render(
        theme,
        list,
        buf,
        |at| {
            let id = requests.get(at)?.id;
            let marked = model.requests.marks.contains(&id);
            marked.then_some(("●", theme.accent))
        },
        |at, column, _| {
            let Some(request) = requests.get(at) else {
                return (Cow::Borrowed(""), theme.text);
            };
            match column {
                Col::Number => (request.id.to_string().into(), theme.dim),
                Col::Kind => (request.kind.label().into(), theme.text),
                Col::Status => (
                    status_word(&request.status).into(),
                    theme.request_status(&request.status),
                ),
                Col::Order => (
                    request
                        .order
                        .map_or(Cow::Borrowed(""), |order| order.to_string().into()),
                    theme.dim,
                ),
                Col::Name => (
                    request.common_name.as_deref().unwrap_or_default().into(),
                    theme.text,
                ),
                Col::Requester => (name_of(request.requester.as_ref()).into(), theme.dim),
                Col::Date => (
                    request
                        .date
                        .map_or(Cow::Borrowed(""), |at| when::short(at, today).into()),
                    theme.dim,
                ),
            }
        },
    );
    if let (Some(below), Some(request)) = (below, selected) {
        let inner = order::lower(below, theme, buf);
        let mut facts = Facts::new(theme, inner.width.saturating_sub(1));
        tell(request, model, &mut facts);
        scroll::show(&facts.done(), 0, theme, inner, buf);
    }
}

/// What a request says, the comments first: they are why it is read.
pub(super) fn tell(request: &Request, model: &Model, facts: &mut Facts<'_>) {
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
        "Asked for by",
        &by(request.requester.as_ref(), request.date),
    );
    facts.fact("First step", &by(request.reviewer.as_ref(), None));
    facts.fact(
        "Decided by",
        &by(request.processor.as_ref(), request.processed),
    );
    if !request.dns_names.is_empty() {
        facts.fact("Names then", &request.dns_names.join(", "));
    } else if let Some(name) = &request.common_name {
        facts.fact("Name", name);
    }
    facts.maybe(
        "Organisation",
        request.organization.as_ref().map(|known| &known.name),
    );
    facts.maybe(
        "Product",
        request.product.as_ref().map(super::product::name),
    );
}

/// At most ten cells.
pub(super) fn status_word(status: &RequestStatus) -> &str {
    match status {
        RequestStatus::Submitted => "first step",
        other => other.label(),
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

fn nothing(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let refresh = model
        .keymap
        .key_of(&[Place::Lists], Action::Refresh)
        .unwrap_or_default();
    let known = &model.requests.requests;
    let (title, advice) = if let Some(failure) = known.failure() {
        (
            "The requests could not be read.",
            vec![
                failure.what.clone(),
                failure.advice.clone(),
                String::new(),
                format!("{refresh} tries again."),
            ],
        )
    } else if known.is_loading() {
        ("Reading the requests…", Vec::new())
    } else if known.value().is_some() {
        (
            "No request waits for a decision.",
            vec![format!("{refresh} reads again.")],
        )
    } else {
        ("Not read yet.", vec![format!("{refresh} reads them.")])
    };
    empty::draw(title, &advice, theme, area, buf);
}
