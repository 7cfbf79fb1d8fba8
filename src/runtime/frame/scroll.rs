//! Finds rows that only moved, so that a list that scrolls by a line is moved by the terminal itself.
//!
//! A list that scrolls by one row changes every cell, and a full repaint of it is thousands of bytes. The
//! terminal can move a range of rows in some twenty. Whether that pays is counted in cells that would be
//! drawn with and without it, so a pane beside the list, which is moved too and then redrawn, is counted in.

use ratatui::buffer::Buffer;

use super::changes::row;
use super::encode::goto;

/// Most rows that are moved by; more is a page, where hardly a row stays.
const FARTHEST: i32 = 4;
/// Cells that must be saved for it to be worth the bytes.
const WORTH: i32 = 48;

/// Rows of a range that move up, or down if `by` is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scroll {
    top: u16,
    /// Behind the last row.
    end: u16,
    by: i32,
}

/// The scroll that saves most, if one is worth it.
pub(super) fn find(shown: &Buffer, next: &Buffer) -> Option<Scroll> {
    let rows = i32::from(next.area.height);
    let still: Vec<i32> = (0..rows).map(|y| differing(shown, y, next, y)).collect();
    // Most frames change a line or two (a cursor that moves); those are not looked at further.
    let changed = still.iter().filter(|cells| **cells > 0).count();
    if changed <= 2 || still.iter().sum::<i32>() < WORTH {
        return None;
    }
    (-FARTHEST..=FARTHEST)
        .filter(|by| *by != 0)
        .filter_map(|by| best_range(shown, next, &still, by))
        .max_by_key(|(saved, scroll)| (*saved, -scroll.by.abs()))
        .map(|(_, scroll)| scroll)
}

/// The range that saves most when its rows move by `by`, with what it saves.
fn best_range(shown: &Buffer, next: &Buffer, still: &[i32], by: i32) -> Option<(i32, Scroll)> {
    let rows = still.len() as i32;
    let mut best: Option<(i32, i32, i32)> = None;
    let (mut sum, mut start) = (0, 0);
    // Rows that can receive one: the range of the receivers, which the margins widen by `by`.
    for y in 0..rows {
        if !(0..rows).contains(&(y + by)) {
            sum = 0;
            start = y + 1;
            continue;
        }
        sum += still[y as usize] - differing(shown, y + by, next, y);
        if sum <= 0 {
            sum = 0;
            start = y + 1;
        } else if best.is_none_or(|(most, ..)| sum > most) {
            best = Some((sum, start, y + 1));
        }
    }
    let (saved, first, end) = best?;
    let (top, end) = if by > 0 {
        (first, end + by)
    } else {
        (first + by, end)
    };
    (saved >= WORTH).then_some((
        saved,
        Scroll {
            top: top as u16,
            end: end as u16,
            by,
        },
    ))
}

/// Cells of a row that differ from another.
fn differing(shown: &Buffer, from: i32, next: &Buffer, to: i32) -> i32 {
    let (old, new) = (row(shown, from as u16), row(next, to as u16));
    if old == new {
        return 0;
    }
    old.iter().zip(new).filter(|(old, new)| old != new).count() as i32
}

impl Scroll {
    /// Moves the rows of the terminal: margins, line feeds at the edge, margins off. In plain attributes,
    /// because the rows that come free are painted with the background.
    pub(super) fn send(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(format!("\x1b[{};{}r", self.top + 1, self.end).as_bytes());
        if self.by > 0 {
            goto(bytes, 0, self.end - 1);
            bytes.extend(std::iter::repeat_n(b'\n', self.by as usize));
        } else {
            goto(bytes, 0, self.top);
            bytes.extend(std::iter::repeat_n(*b"\x1bM", -self.by as usize).flatten());
        }
        bytes.extend_from_slice(b"\x1b[r");
    }

    /// Moves the rows of what is known to be shown.
    pub(super) fn apply(self, shown: &mut Buffer) {
        let width = usize::from(shown.area.width);
        let (top, end) = (usize::from(self.top) * width, usize::from(self.end) * width);
        let moved = self.by.unsigned_abs() as usize * width;
        let Some(cells) = shown.content.get_mut(top..end) else {
            return;
        };
        let free = if self.by > 0 {
            cells.rotate_left(moved);
            cells.len() - moved..cells.len()
        } else {
            cells.rotate_right(moved);
            0..moved
        };
        for cell in &mut cells[free] {
            cell.reset();
        }
    }
}
