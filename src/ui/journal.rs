//! The journal: everything sent from here and what came of it. What nobody knows stands out.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::Theme;
use super::widgets::facts::Facts;
use super::widgets::scroll;
use super::widgets::table::{Column, Focus, Table};
use super::{empty, order, when};
use crate::app::model::Model;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    When,
    What,
    Outcome,
    Certificate,
}

const COLUMNS: &[Column<Col>] = &[
    Column::fixed(Col::When, "SENT", 10, 2),
    Column::elastic(Col::What, "WHAT", 16, 44, 0),
    Column::elastic(Col::Outcome, "OUTCOME", 12, 80, 1),
    Column::fixed(Col::Certificate, "CERTIFICATE", 11, 4),
];

/// The words for an outcome that nobody knows.
pub(super) const UNKNOWN: &str = "unknown: no answer came; look before you send again";

/// Draws the list, or why there is none.
pub(super) fn draw(model: &Model, theme: &Theme, focus: Focus, area: Rect, buf: &mut Buffer) {
    let rows = &model.journal.rows;
    if rows.is_empty() {
        let (title, advice) = match &model.journal.failure {
            Some(failure) => (
                "The journal cannot be read.",
                vec![failure.what.clone(), failure.advice.clone()],
            ),
            None => (
                "Nothing was sent from here yet.",
                vec![
                    "Every duplicate, reissue, approval and rejection is written down here before it leaves, with what came of it.".to_string(),
                ],
            ),
        };
        empty::draw(title, &advice, theme, area, buf);
        return;
    }
    let today = model.today();
    let (list, below) = order::split(area, rows.len(), 6);
    let table = Table {
        columns: COLUMNS,
        len: rows.len(),
        lead: None,
        cursor: model.journal.cursor,
        focus,
    };
    table.render(
        theme,
        list,
        buf,
        |at| {
            let row = rows.get(at)?;
            row.outcome.is_none().then_some(("?", theme.warn))
        },
        |at, column, _| {
            let Some(row) = rows.get(at) else {
                return (Cow::Borrowed(""), theme.text);
            };
            match column {
                Col::When => (when::short(row.at, today).into(), theme.dim),
                Col::What => (row.what.as_str().into(), theme.text),
                Col::Outcome => match &row.outcome {
                    Some(words) => (words.as_str().into(), theme.text),
                    None => (UNKNOWN.into(), theme.warn),
                },
                Col::Certificate => (
                    row.certificate
                        .map_or(Cow::Borrowed(""), |id| id.to_string().into()),
                    theme.dim,
                ),
            }
        },
    );
    let selected = rows.get(model.journal.cursor.at);
    if let (Some(below), Some(row)) = (below, selected) {
        let inner = order::lower(below, theme, buf);
        let mut facts = Facts::new(theme, inner.width.saturating_sub(1));
        facts.fact("What", &row.what);
        facts.fact("Sent", &when::moment_ago(row.at, today));
        match &row.outcome {
            Some(words) => facts.fact("Outcome", words),
            None => facts.styled("Outcome", UNKNOWN, theme.warn),
        }
        for (label, words) in &row.story {
            facts.fact(label, words);
        }
        facts.maybe("Certificate", row.certificate.map(|id| id.to_string()));
        facts.maybe("Order", row.order.map(|id| id.to_string()));
        scroll::show(&facts.done(), 0, theme, inner, buf);
    }
}
