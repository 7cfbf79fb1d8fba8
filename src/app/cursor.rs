//! A cursor in a list that is shown through a window.

use std::collections::HashMap;

use crate::keys::Action;

/// A cursor in a list, and the first row of its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Row under the cursor.
    pub at: usize,
    /// First row that is shown.
    pub top: usize,
}

/// How to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// By rows.
    By(isize),
    Page(isize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl Move {
    /// How the key for this moves, if it does.
    pub fn of(action: Action) -> Option<Self> {
        Some(match action {
            Action::Down => Self::By(1),
            Action::Up => Self::By(-1),
            Action::PageDown => Self::Page(1),
            Action::PageUp => Self::Page(-1),
            Action::Top => Self::First,
            Action::Bottom => Self::Last,
            _ => return None,
        })
    }
}

impl Cursor {
    /// Puts the cursor on a row; the last one when there are fewer.
    pub fn set(&mut self, at: usize, len: usize) {
        self.at = at.min(len.saturating_sub(1));
    }

    /// Moves in a list of `len` rows of which `height` are shown.
    pub fn go(&mut self, go: Move, len: usize, height: usize) {
        let page = height.saturating_sub(1).max(1) as isize;
        let at = match go {
            Move::By(rows) => self.at.saturating_add_signed(rows),
            Move::Page(pages) => self.at.saturating_add_signed(pages * page),
            Move::First => 0,
            Move::Last => usize::MAX,
        };
        self.set(at, len);
        self.show(len, height);
    }

    /// Moves the window as little as needed to show the cursor, and leaves no empty rows at its end.
    pub fn show(&mut self, len: usize, height: usize) {
        let height = height.max(1);
        if self.at < self.top {
            self.top = self.at;
        } else if self.at >= self.top + height {
            self.top = self.at + 1 - height;
        }
        self.top = self.top.min(len.saturating_sub(height));
    }
}

/// What stood around the cursor before a list was made anew: there it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near<T> {
    cursor: Cursor,
    at: Option<T>,
    /// The rows above, the nearest first.
    above: Vec<T>,
    /// The rows below, the nearest first.
    below: Vec<T>,
}

/// Rows that are remembered on either side. More than these do not go at once.
const REMEMBERED: usize = 40;

/// Rows on either side that say whether the row under the cursor went elsewhere.
const WITNESSES: usize = 3;

impl<T: Eq + std::hash::Hash> Near<T> {
    /// The rows around the cursor.
    pub fn of(cursor: Cursor, len: usize, row: impl Fn(usize) -> Option<T>) -> Self {
        let end = len.min(cursor.at.saturating_add(1 + REMEMBERED));
        let above = cursor.at.saturating_sub(REMEMBERED)..cursor.at.min(len);
        Self {
            cursor,
            at: row(cursor.at),
            above: above.rev().filter_map(&row).collect(),
            below: (cursor.at + 1..end).filter_map(&row).collect(),
        }
    }

    /// The row under the cursor alone: it is followed wherever it goes.
    pub fn only(at: Option<T>, cursor: Cursor) -> Self {
        Self {
            cursor,
            at,
            above: Vec::new(),
            below: Vec::new(),
        }
    }

    /// The rows whose new places are to be known.
    pub fn wanted(&self) -> impl Iterator<Item = &T> {
        self.at.iter().chain(&self.above).chain(&self.below)
    }

    /// Where the cursor goes, by the new places of those that are [`wanted`](Self::wanted): to its row, or, if that is gone
    /// or went elsewhere by itself, to what stood next to it. The window stays, so that it is on the same line.
    pub fn find(&self, places: &HashMap<T, usize>, len: usize) -> Cursor {
        let place = |row: &T| places.get(row).copied();
        let own = self.at.as_ref().and_then(place);
        let stayed = own.is_some_and(|own| {
            let above = self.above.iter().filter_map(place).take(WITNESSES);
            let below = self.below.iter().filter_map(place).take(WITNESSES);
            let votes: Vec<bool> = above
                .map(|place| place < own)
                .chain(below.map(|place| place > own))
                .collect();
            votes.iter().filter(|vote| **vote).count() * 2 >= votes.len()
        });
        let beside = || {
            let below = self.below.iter().find_map(place);
            below.or_else(|| self.above.iter().find_map(place))
        };
        let at = if stayed { own } else { beside().or(own) };
        let mut cursor = self.cursor;
        cursor.set(at.unwrap_or(cursor.at), len);
        let line = self.cursor.at.saturating_sub(self.cursor.top);
        cursor.top = cursor.at.saturating_sub(line);
        cursor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_and_stays_filled() {
        let mut cursor = Cursor::default();
        cursor.go(Move::By(12), 100, 10);
        assert_eq!((cursor.at, cursor.top), (12, 3));
        cursor.go(Move::Last, 100, 10);
        assert_eq!((cursor.at, cursor.top), (99, 90));
        cursor.set(cursor.at, 5);
        cursor.show(5, 10);
        assert_eq!((cursor.at, cursor.top), (4, 0));
        cursor.go(Move::By(-1), 0, 10);
        assert_eq!((cursor.at, cursor.top), (0, 0));
    }

    fn after(before: &[u32], cursor: Cursor, now: &[u32]) -> (u32, usize) {
        let near = Near::of(cursor, before.len(), |at| before.get(at).copied());
        let places = now.iter().copied().zip(0..).collect();
        let found = near.find(&places, now.len());
        (now[found.at], found.at - found.top)
    }

    #[test]
    fn the_cursor_stays_near_where_it_was() {
        let before = [1, 2, 3, 4, 5, 6];
        let on_two = Cursor { at: 1, top: 0 };
        // Its own row went to the end, as after a reissue: the next one is there now.
        assert_eq!(after(&before, on_two, &[1, 3, 4, 5, 6, 2]), (3, 1));
        // The rows around it went: it stays on its own, and on its line where that can be.
        assert_eq!(after(&before, on_two, &[9, 8, 7, 1, 2, 3, 4]), (2, 1));
        assert_eq!(after(&before, on_two, &[2, 4, 5, 6, 3, 1]).0, 2);
        // Its own row is gone, with the next two.
        assert_eq!(after(&before, on_two, &[1, 5, 6]), (5, 1));
        let on_last = Cursor { at: 5, top: 2 };
        assert_eq!(after(&before, on_last, &[1, 2, 3, 4, 5]).0, 5);
        assert_eq!(after(&before, on_last, &[6, 1, 2, 3, 4, 5]).0, 5);
        // Nothing of what it knew is left.
        assert_eq!(after(&before, on_last, &[7, 8]).0, 8);
    }
}
