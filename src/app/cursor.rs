//! A cursor in a list that is shown through a window.

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
    /// By pages.
    Page(isize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
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
}
