//! The journal: everything sent from here and what came of it. What nobody knows stands out.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::theme::Theme;
use super::when;
use super::widgets::facts::Facts;
use super::widgets::listing::{self, Listing};
use super::widgets::table::{Column, Focus, Value};
use crate::app::journal::JournalRow;
use crate::app::layout;
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
    Column::elastic(Col::What, "ACTION", 16, 60, 0)
        .at_ease(42)
        .first(),
    Column::elastic(Col::Outcome, "OUTCOME", 12, 80, 1).at_ease(16),
    Column::fixed(Col::Certificate, "CERTIFICATE", 11, 7),
];

/// In place of a time that the journal cannot tell.
pub(super) const UNREADABLE: &str = "unreadable";

/// What is said of what nobody knows the outcome of.
pub(super) const UNKNOWN: &str = "unknown: no clear response; check before you send again";

/// Draws the list, or why there is none.
pub(super) fn draw(model: &Model, theme: &Theme, focus: Focus, area: Rect, buf: &mut Buffer) {
    let list = Sent { model, theme };
    listing::draw(&list, model.journal.cursor, focus, theme, area, buf);
}

/// How the outcome of a row looks that is known.
pub(super) fn style_of(row: &JournalRow, theme: &Theme) -> Style {
    let failed = row.install.as_ref().is_some_and(|one| one.is_failure);
    if failed || !row.problems.is_empty() {
        theme.bad
    } else {
        theme.text
    }
}

struct Sent<'a> {
    model: &'a Model,
    theme: &'a Theme,
}

impl Listing for Sent<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = COLUMNS;
    const BELOW: u16 = layout::BELOW_JOURNAL;

    fn len(&self) -> usize {
        self.model.journal.rows.len()
    }

    fn none(&self) -> (String, Vec<String>) {
        match &self.model.journal.failure {
            Some(failure) => (
                "Could not read the journal.".into(),
                vec![failure.what.clone(), failure.advice.clone()],
            ),
            None => (
                "Nothing sent from certdeck yet.".into(),
                vec![
                    "certdeck records every duplicate, reissue, approval, and rejection here before sending it, and \
                        adds the outcome.".into(),
                ],
            ),
        }
    }

    fn mark(&self, at: usize) -> Option<(&'static str, Style)> {
        let row = self.model.journal.rows.get(at)?;
        let failed = row.install.as_ref().is_some_and(|one| one.is_failure);
        if !row.problems.is_empty() || (failed && row.outcome.is_some()) {
            return Some(("✗", self.theme.bad));
        }
        row.outcome.is_none().then_some(("?", self.theme.warn))
    }

    fn value(&self, at: usize, column: Col, _: u16) -> Value<'_> {
        let theme = self.theme;
        let Some(row) = self.model.journal.rows.get(at) else {
            return (Cow::Borrowed(""), theme.text);
        };
        match column {
            Col::When => {
                let at = row.at;
                let short = at.map_or_else(
                    || UNREADABLE.to_owned(),
                    |at| when::short(at, self.model.today()),
                );
                (short.into(), theme.dim)
            }
            // Shorter than in a sentence, so that the name behind the number is seen.
            Col::What => {
                let what = row.what.replacen(" of order ", " ", 1);
                (what.replacen(" of request ", " ", 1).into(), theme.text)
            }
            Col::Outcome => match &row.outcome {
                Some(_) if !row.problems.is_empty() => (
                    format!("mismatch: {}", row.problems.join("; ")).into(),
                    theme.bad,
                ),
                Some(words) => (words.as_str().into(), style_of(row, theme)),
                None => (UNKNOWN.into(), theme.warn),
            },
            Col::Certificate => (
                row.certificate
                    .map_or(Cow::Borrowed(""), |id| id.to_string().into()),
                theme.dim,
            ),
        }
    }

    fn detail_row(&self, cursor: usize) -> usize {
        self.model.rested_sent().unwrap_or(cursor)
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        let Some(row) = self.model.journal.rows.get(at) else {
            return;
        };
        facts.fact("Action", &row.what);
        match row.at {
            Some(at) => facts.fact("Sent", &when::moment_ago(at, self.model.today())),
            None => facts.fact("Sent", UNREADABLE),
        }
        match &row.outcome {
            Some(words) => facts.styled("Outcome", words, style_of(row, self.theme)),
            None => facts.styled("Outcome", UNKNOWN, self.theme.warn),
        }
        for problem in &row.problems {
            facts.styled("Mismatch", problem, self.theme.bad);
        }
        for (label, words) in &row.story {
            facts.fact(label, words);
        }
        facts.maybe("Certificate", row.certificate.map(|id| id.to_string()));
        facts.maybe("Order", row.leads_to().map(|id| id.to_string()));
    }
}
