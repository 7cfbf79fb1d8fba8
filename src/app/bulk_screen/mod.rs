//! Lists of CSRs on the screen. What is in them, and what is being sent of it, is the engine's.
//!
//! ```text
//! Collecting --Ctrl-S--> Review --order number, Enter--> Results, sending one after the other
//!     ^  ^------Esc--------'                              |  Esc stops: nothing further is sent
//!     `--------Ctrl-O, Ctrl-S (only the rest)-------------'
//! ```

mod fields;
mod keys;
mod paths;

pub use fields::BulkField;
pub use keys::Asks;

use std::collections::BTreeMap;

use super::bulk::{BulkList, Row};
use super::cursor::Cursor;
use super::engine::Engine;
use super::field::{FieldKind, TextField};
use super::fields::{FieldSet, Input};
use super::key_guard::KeyGuard;
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
        /// The order number, typed to confirm.
        confirm: TextField,
        /// What was wrong with it.
        error: Option<String>,
        /// First line of the request that is shown.
        scroll: usize,
    },
    /// What was sent, and what came of it.
    Results,
}

/// The list of an order on the screen.
#[derive(Debug)]
pub struct BulkScreen {
    pub order: OrderId,
    /// What is on the screen.
    pub view: BulkView,
    /// What is typed. What is chosen is the list's: [`BulkScreen::choice`].
    pub fields: FieldSet<BulkField>,
    pub cursor: Cursor,
    /// What was typed to find an option.
    typed: String,
    key_guard: KeyGuard,
}

/// The list that is on the screen, and how those looked that were left.
#[derive(Debug, Default)]
pub struct BulkScreens {
    open: Option<BulkScreen>,
    left: BTreeMap<OrderId, BulkScreen>,
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

    /// Whether that of this order is.
    pub(super) fn shows(&self, order: OrderId) -> bool {
        self.open.as_ref().is_some_and(|open| open.order == order)
    }

    /// Shows the list of an order, as it was left.
    pub(super) fn show(&mut self, order: OrderId, engine: &mut Engine, turn: &mut Turn) {
        let (lists, writes, mut below) = engine.bulk(turn);
        lists.open(order, writes, &mut below);
        let Some(list) = lists.get(order) else {
            return;
        };
        self.leave();
        let left = self.left.remove(&order);
        let mut screen = left.unwrap_or_else(|| BulkScreen::of(list));
        if !list.is_running() && !matches!(screen.view, BulkView::Collecting) {
            screen.view = BulkView::Results;
        }
        self.open = Some(screen);
    }

    /// Leaves it; it comes back as it is.
    pub(super) fn leave(&mut self) {
        if let Some(open) = self.open.take() {
            self.left.insert(open.order, open);
        }
    }

    /// Its list is there no more.
    pub(super) fn forget(&mut self, order: OrderId) {
        self.open.take_if(|open| open.order == order);
        self.left.remove(&order);
    }
}

impl BulkScreen {
    fn of(list: &BulkList) -> Self {
        let was_sent = |row: &Row| row.number.is_some();
        Self {
            order: list.order,
            view: if list.rows.iter().any(was_sent) {
                BulkView::Results
            } else {
                BulkView::Collecting
            },
            fields: FieldSet::new(
                [(BulkField::Paths, ""), (BulkField::End, &list.shared.end)].map(
                    |(field, text)| (field, Input::Text(TextField::with(FieldKind::Line, text))),
                ),
                BulkField::Paths,
            ),
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
