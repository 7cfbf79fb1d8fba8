//! The journal's own keys: the request as it was sent, and an end to looking for a write that nobody knows of.

use super::effect::Effect;
use super::model::Model;
use super::msg::SentText;
use super::popup::{Popup, Prompt, PromptKind, Reader, ReaderLine};
use crate::app::screen::Screen;
use crate::app::status::Tone;

mod words;

use crate::app::cursor::{Cursor, Near};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::write::{Entry, Fact, Stage, WriteId};
pub use words::JournalRow;

/// The journal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalScreen {
    /// Rows, newest first.
    pub rows: Vec<JournalRow>,
    /// Why it cannot be read.
    pub failure: Option<Failure>,
    pub cursor: Cursor,
    /// Whether the operator has moved the cursor.
    pub touched: bool,
}

impl JournalScreen {
    /// What stands around the cursor.
    pub(in crate::app) fn near(&self) -> Near<WriteId> {
        let row = |at: usize| self.rows.get(at).map(|row| row.op.clone());
        Near::of(self.cursor, self.rows.len(), row)
    }

    /// Puts the cursor where it was; until the operator has moved it, that is the first row.
    pub(in crate::app) fn stay(&mut self, near: &Near<WriteId>) {
        if self.touched {
            let rows = self.rows.iter().map(|row| Some(row.op.clone()));
            self.cursor = near.find(rows, self.rows.len());
        }
    }
}

fn selected(model: &Model) -> Option<&JournalRow> {
    if model.screen != Screen::Journal || model.order.is_some() {
        return None;
    }
    model.journal.rows.get(model.journal.cursor.at)
}

/// Why the row under the cursor cannot be shown as it was sent.
pub(super) fn why_not_shown(model: &Model) -> Option<String> {
    selected(model)
        .is_none()
        .then(|| "This is for a row of the journal.".to_owned())
}

/// Why the row under the cursor cannot be set aside.
pub(super) fn why_not_dismissed(model: &Model) -> Option<String> {
    match selected(model) {
        None => Some("This is for a row of the journal.".into()),
        Some(row) if row.outcome.is_none() || row.waits || !row.problems.is_empty() => None,
        Some(_) => Some(
            "Nothing to dismiss: the outcome is known, nothing is awaited, and nothing differs."
                .into(),
        ),
    }
}

/// Asks the journal for the request under the cursor.
pub(super) fn show(model: &Model) -> Vec<Effect> {
    let Some(row) = selected(model) else {
        return Vec::new();
    };
    vec![Effect::ShowSent {
        op: row.op.clone(),
        what: row.what.clone(),
    }]
}

/// The request came: it is shown line by line, cut where the screen ends.
pub(super) fn came(model: &mut Model, what: String, result: Result<SentText, Failure>) {
    let text = match result {
        Ok(text) => text.0,
        Err(failure) => {
            model.tell_failure(&failure);
            return;
        }
    };
    let columns = Reader::columns(model.size.0);
    let mut lines = Vec::new();
    for line in text.lines() {
        let letters: Vec<char> = line.chars().collect();
        if letters.is_empty() {
            lines.push(ReaderLine::Text(String::new()));
        }
        for part in letters.chunks(columns) {
            let part = part.iter().collect();
            lines.push(ReaderLine::Sent(SentText(part)));
        }
    }
    model.popups.push(Popup::Reader(Reader {
        title: what,
        lines,
        top: 0,
    }));
}

/// Asks before a write with an unknown outcome is set aside.
pub(super) fn ask_dismiss(model: &mut Model) {
    let Some(row) = selected(model) else { return };
    let (op, what) = (row.op.clone(), row.what.clone());
    let body = if !row.problems.is_empty() {
        let mut body =
            vec!["The certificate that resulted does not match what was requested:".to_owned()];
        body.extend(row.problems.iter().cloned());
        body.push(
            "Once you dismiss it, the order no longer shows it; the row stays in the journal."
                .into(),
        );
        body
    } else if row.outcome.is_none() {
        vec![
            format!("Whether CertCentral received this is not known: {what}."),
            "Check CertCentral before you send the same again. certdeck stops looking; the row stays in the journal."
                .into(),
        ]
    } else {
        vec![
            format!("CertCentral has it, and something is still to come: {what}."),
            "certdeck stops looking; the row stays in the journal.".into(),
        ]
    };
    model.popups.push(Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::Dismiss(op),
        title: "Dismiss this entry?".into(),
        body,
        field: None,
        error: None,
    })));
}

/// The operator has seen enough of it.
pub(super) fn dismiss(model: &mut Model, op: WriteId) -> Vec<Effect> {
    if let Some(watch) = model.engine.writes.get_mut(&op)
        && watch.stage != Stage::Sending
        && (watch.stage.is_open() || matches!(watch.stage, Stage::NotFound(_)))
    {
        watch.due = None;
        let unknown = matches!(watch.stage, Stage::LookingUp(_) | Stage::NotFound(_));
        let words = if unknown {
            "outcome unknown; dismissed"
        } else {
            "CertCentral has it; dismissed, no longer watched"
        };
        watch
            .stage
            .after(Fact::Ended(Failure::of(FailureKind::Other, words)));
    }
    model.set_status(Tone::Info, "Dismissed. The row stays in the journal.");
    vec![Effect::Journal {
        op,
        entry: Entry::Dismissed,
    }]
}
