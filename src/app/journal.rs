//! The journal: everything that was sent from here.

mod words;

use crate::app::cursor::{Cursor, Near};
use crate::domain::failure::Failure;
use crate::domain::install::InstallRecord;
use crate::domain::write::{Record, WriteId};
pub use words::{Installed, JournalRow};

/// The journal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JournalScreen {
    /// Rows, newest first.
    pub rows: Vec<JournalRow>,
    /// What was sent, as the journal has it.
    sent: Vec<JournalRow>,
    /// What the command after issue ran for, and is to.
    installs: Vec<JournalRow>,
    /// Why it cannot be read.
    pub failure: Option<Failure>,
    pub cursor: Cursor,
    /// Whether the operator has moved the cursor.
    pub touched: bool,
}

impl JournalScreen {
    /// What stands around the cursor.
    fn near(&self) -> Near<WriteId> {
        let row = |at: usize| self.rows.get(at).map(|row| row.op.clone());
        Near::of(self.cursor, self.rows.len(), row)
    }

    /// Puts the cursor where it was; until the operator has moved it, that is the first row.
    fn stay(&mut self, near: &Near<WriteId>) {
        if self.touched {
            let places = self.rows.iter().map(|row| row.op.clone()).zip(0..);
            self.cursor = near.find(&places.collect(), self.rows.len());
        }
    }

    /// The journal was read, or could not be.
    pub(in crate::app) fn on_rows(&mut self, result: Result<Vec<Record>, Failure>) {
        let rows = match result {
            Ok(rows) => rows,
            Err(failure) => {
                self.failure = Some(failure);
                return;
            }
        };
        self.sent = rows.into_iter().map(JournalRow::of).collect();
        self.failure = None;
        self.put_together();
    }

    /// The certificates for the command after issue, the newest first.
    pub(in crate::app) fn on_installs(&mut self, installs: &[InstallRecord], command: &str) {
        let rows = installs.iter();
        self.installs = rows
            .map(|one| JournalRow::of_install(one, command))
            .collect();
        self.put_together();
    }

    fn put_together(&mut self) {
        let near = self.near();
        let (mut sent, mut installs) =
            (self.sent.iter().peekable(), self.installs.iter().peekable());
        self.rows.clear();
        // The order of what was sent is the journal's own: a clock may have been set back.
        while let Some(next) = match (sent.peek(), installs.peek()) {
            (Some(one), Some(other)) if one.at < other.at => installs.next(),
            (Some(_), _) => sent.next(),
            (None, _) => installs.next(),
        } {
            self.rows.push(next.clone());
        }
        // What nobody knows the outcome of stands on top, or it is forgotten.
        self.rows.sort_by_key(|row| row.outcome.is_some());
        self.stay(&near);
    }
}
