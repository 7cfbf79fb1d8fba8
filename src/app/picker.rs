//! A list in a popup, from which one row is chosen. The rows are handed in, for they come and go under it: what is chosen
//! is a row, wherever it stands, and not the third one.

use super::cursor::{Cursor, Move};
use super::field::TextField;
use crate::keys::Action;

/// What is chosen in a list, and the text that finds its rows, where one is typed.
#[derive(Debug, PartialEq)]
pub struct Picker<K> {
    /// The text, where one is typed.
    pub field: Option<Box<TextField>>,
    /// The row, once one was chosen; else it is the first one.
    chosen: Option<K>,
    /// Where it stood last: what stands there is chosen when it is gone.
    last: usize,
}

impl<K> Default for Picker<K> {
    fn default() -> Self {
        Self {
            field: None,
            chosen: None,
            last: 0,
        }
    }
}

impl<K: Clone + PartialEq> Picker<K> {
    /// On the row in this place, if there is one.
    pub fn on(rows: &[K], at: usize) -> Self {
        Self {
            field: None,
            chosen: rows.get(at).cloned(),
            last: at,
        }
    }

    /// On the first of the rows that a text finds.
    pub fn typed() -> Self {
        Self {
            field: Some(Box::new(TextField::focused())),
            ..Self::default()
        }
    }

    /// What is typed.
    pub fn text(&self) -> String {
        self.field
            .as_ref()
            .map_or_else(String::new, |field| field.text())
    }

    /// Back on the first row: others are found.
    pub fn begin(&mut self) {
        (self.chosen, self.last) = (None, 0);
    }

    /// Where the chosen row stands.
    pub fn at(&self, rows: &[K]) -> usize {
        let chosen = self.chosen.as_ref();
        let at = chosen.and_then(|chosen| rows.iter().position(|row| row == chosen));
        at.unwrap_or_else(|| self.last.min(rows.len().saturating_sub(1)))
    }

    /// The chosen row.
    pub fn chosen<'a>(&self, rows: &'a [K]) -> Option<&'a K> {
        rows.get(self.at(rows))
    }

    /// Moves, if the action is a move; so many rows are a page.
    pub fn go(&mut self, action: Action, rows: &[K], page: usize) -> bool {
        let Some(go) = Move::of(action) else {
            return false;
        };
        let mut cursor = Cursor::default();
        cursor.set(self.at(rows), rows.len());
        cursor.go(go, rows.len(), page);
        (self.chosen, self.last) = (rows.get(cursor.at).cloned(), cursor.at);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_chosen_stays_while_rows_come_and_go() {
        let mut picker = Picker::on(&[3, 4, 5], 0);
        assert!(picker.go(Action::Down, &[3, 4, 5], 3));
        assert!(!picker.go(Action::Open, &[3, 4, 5], 3));
        for (rows, chosen) in [
            (&[1, 2, 3, 4, 5][..], Some(&4)),
            (&[4], Some(&4)),
            (&[5, 3], Some(&3)),
            (&[7], Some(&7)),
            (&[], None),
        ] {
            assert_eq!(picker.chosen(rows), chosen, "{rows:?}");
        }
    }

    proptest! {
        /// A move is one from the row that is chosen, however the rows changed before it.
        #[test]
        fn every_move_begins_at_what_is_chosen(
            lists in prop::collection::vec(prop::collection::btree_set(0u8..12, 0..9), 1..9),
            moves in prop::collection::vec(0usize..6, 9),
        ) {
            let actions = [
                Action::Down, Action::Up, Action::Top, Action::Bottom, Action::PageDown, Action::PageUp,
            ];
            let mut picker = Picker::default();
            for (rows, go) in lists.iter().zip(moves) {
                let rows: Vec<u8> = rows.iter().copied().collect();
                let before = picker.at(&rows);
                prop_assert!(picker.go(actions[go], &rows, 4));
                let last = rows.len().saturating_sub(1);
                let expected = match actions[go] {
                    Action::Down => before + 1,
                    Action::Up => before.saturating_sub(1),
                    Action::Top => 0,
                    Action::Bottom => last,
                    Action::PageDown => before + 3,
                    _ => before.saturating_sub(3),
                };
                prop_assert_eq!(picker.at(&rows), expected.min(last));
                prop_assert_eq!(picker.chosen(&rows), rows.get(expected.min(last)));
                // The same rows in another order: it is still that row.
                let turned: Vec<u8> = rows.iter().rev().copied().collect();
                prop_assert_eq!(picker.chosen(&turned), picker.chosen(&rows));
            }
        }
    }
}
