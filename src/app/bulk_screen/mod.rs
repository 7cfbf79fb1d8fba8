//! Lists of duplicates and reissues on the screen. What is in them, and what is being sent of it, is the engine's.
//!
//! ```text
//! Collecting --Ctrl-S--> keys are made --> Review --Enter, order numbers where asked--> Results, sending one after the other
//!     ^  ^-----------------Esc---------------'                                           |  Esc stops: nothing further is sent
//!     `------------------------------Ctrl-O, Ctrl-S (only the rest)----------------------'
//! ```

mod fields;
mod keys;
mod paths;

pub use keys::Asks;

use std::collections::BTreeMap;

use super::bulk::{BulkField, BulkList, Row};
use super::cursor::Cursor;
use super::effect::ListId;
use super::engine::Engine;
use super::field::{FieldKind, TextField};
use super::fields::{FieldSet, Input};
use super::key_guard::KeyGuard;
use super::status::Tone;
use super::turn::Turn;
use crate::domain::ids::OrderId;
use crate::keys::Place;

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum BulkView {
    /// CSRs are collected and checked.
    Collecting,
    /// What will be sent.
    Review {
        /// The order numbers, typed to confirm, where they are asked for.
        confirm: TextField,
        /// What is shown: every request, and what is dangerous in it.
        shown: Vec<(String, Option<String>)>,
        /// What was wrong with it.
        error: Option<String>,
        /// First line of the request that is shown.
        scroll: usize,
    },
    /// What was sent, and what came of it.
    Results,
}

/// A list on the screen.
#[derive(Debug)]
pub struct BulkScreen {
    pub id: ListId,
    /// What is on the screen.
    pub view: BulkView,
    /// What is typed. What is chosen is the list's: [`BulkScreen::choice`].
    pub fields: FieldSet<BulkField>,
    pub cursor: Cursor,
    /// Whether the review opens once orders are read and keys are made.
    pub wants_review: bool,
    /// What was typed to find an option.
    typed: String,
    key_guard: KeyGuard,
}

/// The list that is on the screen, and how those looked that were left.
#[derive(Debug, Default)]
pub struct BulkScreens {
    open: Option<BulkScreen>,
    left: BTreeMap<ListId, BulkScreen>,
}

impl BulkScreens {
    /// The one that is open.
    pub fn open(&self) -> Option<&BulkScreen> {
        self.open.as_ref()
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut BulkScreen> {
        self.open.as_mut()
    }

    /// Whether one is open.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Shows a list, as it was left; that of reissues with these orders in it.
    pub(super) fn show(
        &mut self,
        id: ListId,
        marked: &[OrderId],
        engine: &mut Engine,
        turn: &mut Turn,
    ) {
        let (lists, writes, mut below) = engine.bulk(turn);
        match id {
            ListId::Duplicates(_) => lists.open(id, writes, &mut below),
            ListId::Reissues => {
                if let Some(account) = lists.foreign(id, &below) {
                    let words = format!(
                        "The list of reissues that is kept is of {account}: connect to that account to continue or discard it."
                    );
                    below.turn.set_status(Tone::Warn, words);
                    return;
                }
                lists.open_reissues(marked, writes, &mut below);
            }
        }
        let Some(list) = lists.get(id) else {
            return;
        };
        self.leave();
        let left = self.left.remove(&id);
        let mut screen = left.unwrap_or_else(|| BulkScreen::of(list));
        screen.wants_review = false;
        if !list.is_running() && !matches!(screen.view, BulkView::Collecting) {
            screen.view = BulkView::Results;
        }
        // Orders that came along are prepared first.
        if !marked.is_empty() && !list.is_running() {
            screen.view = BulkView::Collecting;
        }
        self.open = Some(screen);
    }

    /// Leaves it; it comes back as it is.
    pub(super) fn leave(&mut self) {
        if let Some(open) = self.open.take() {
            self.left.insert(open.id, open);
        }
    }

    /// Its list is there no more.
    pub(super) fn forget(&mut self, id: ListId) {
        self.open.take_if(|open| open.id == id);
        self.left.remove(&id);
    }
}

impl BulkScreen {
    fn of(list: &BulkList) -> Self {
        let was_sent = |row: &Row| row.number.is_some();
        Self {
            id: list.id,
            view: if list.rows.iter().any(was_sent) {
                BulkView::Results
            } else {
                BulkView::Collecting
            },
            fields: FieldSet::new(
                [BulkField::Paths, BulkField::End, BulkField::Pattern].map(|field| {
                    let text = TextField::with(FieldKind::Line, list.typed(field));
                    (field, Input::Text(text))
                }),
                list.fields()[0],
            ),
            wants_review: false,
            cursor: Cursor::default(),
            typed: String::new(),
            key_guard: KeyGuard::default(),
        }
    }

    /// The place whose keys hold.
    pub fn place(&self) -> Place {
        match self.view {
            BulkView::Collecting => Place::Bulk,
            BulkView::Review { .. } => Place::Review,
            BulkView::Results => Place::BulkRun,
        }
    }

    /// Whether files are named: there Enter reads them.
    pub fn is_naming(&self) -> bool {
        matches!(self.view, BulkView::Collecting) && self.fields.focus() == BulkField::Paths
    }

    /// Whether each row has a form of its own: Enter opens it.
    pub fn edits_rows(&self) -> bool {
        self.id == ListId::Reissues && !matches!(self.view, BulkView::Review { .. })
    }

    /// Whether the path of a file or folder is typed: the key for the next field completes it first.
    pub fn asks_path(&self) -> bool {
        self.is_naming() && !self.fields.text().is_none_or(TextField::is_empty)
    }

    /// Whether a letter such as `?` is written: it begins no path, finds no choice and is part of no date.
    pub fn writes_letters(&self) -> bool {
        match self.view {
            BulkView::Collecting => self.asks_path(),
            BulkView::Review { .. } => true,
            BulkView::Results => false,
        }
    }

    /// Whether text that is typed goes into a field.
    pub fn is_typing(&self) -> bool {
        self.view != BulkView::Results
    }

    /// The row under the cursor.
    pub fn selected<'a>(&self, list: &'a BulkList) -> Option<&'a Row> {
        list.rows.get(self.cursor.at)
    }

    /// Where a review says why nothing was sent; `None` where there is none.
    pub(super) fn error(&mut self) -> Option<&mut Option<String>> {
        match &mut self.view {
            BulkView::Review { error, .. } => Some(error),
            BulkView::Collecting | BulkView::Results => None,
        }
    }
}
