//! The journal: everything that was sent from here.

mod words;

use crate::app::cursor::{Cursor, Near};
use crate::domain::failure::Failure;
use crate::domain::write::{Record, WriteId};
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
        let near = self.near();
        self.rows = rows.into_iter().map(JournalRow::of).collect();
        // What nobody knows the outcome of stands on top, or it is forgotten.
        self.rows.sort_by_key(|row| row.outcome.is_some());
        self.stay(&near);
        self.failure = None;
    }
}
