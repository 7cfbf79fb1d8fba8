//! Which columns of which rows must be sent again.
//!
//! A wide character owns two columns. Half of one cannot be replaced: if any column of a grapheme, old
//! or new, is touched, all of it is. So each column is compared by what a terminal shows there (the start
//! of a grapheme, or its right half), and a change spreads over the graphemes it touches.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr as _;

/// A stretch of changed columns in a row; starts and ends between graphemes of the new frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) row: u16,
    pub(super) columns: Range<u16>,
}

/// Columns that a cell's grapheme takes, 1 or 2.
pub(super) fn width(cell: &Cell) -> u16 {
    let symbol = cell.symbol();
    if symbol.len() <= 1 {
        1
    } else {
        symbol.width().clamp(1, 2) as u16
    }
}

/// The cells of one row.
pub(super) fn row(buffer: &Buffer, y: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    buffer.content.get(start..start + width).unwrap_or_default()
}

/// Calls `send` with every stretch that differs between two buffers of the same size, top to bottom.
pub(super) fn each(shown: &Buffer, next: &Buffer, mut send: impl FnMut(Run)) {
    let mut dirty = vec![false; usize::from(next.area.width)];
    for y in 0..next.area.height {
        let (old, new) = (row(shown, y), row(next, y));
        // Rows that are the same cell for cell are most rows of most frames.
        if old == new {
            continue;
        }
        mark(old, new, &mut dirty);
        let mut x = 0;
        while x < dirty.len() {
            if !dirty[x] {
                x += 1;
                continue;
            }
            let start = x;
            while x < dirty.len() && dirty[x] {
                x += 1;
            }
            send(Run {
                row: y,
                columns: start as u16..x as u16,
            });
        }
    }
}

/// For each column, how far left its grapheme starts: 0 at the start, 1 at a right half.
fn halves(cells: &[Cell]) -> impl Iterator<Item = u8> {
    let mut right = false;
    cells.iter().map(move |cell| {
        if right {
            right = false;
            return 1;
        }
        right = width(cell) == 2;
        0
    })
}

/// Sets `dirty` for each column that must be sent.
fn mark(old: &[Cell], new: &[Cell], dirty: &mut [bool]) {
    let old_half: Vec<u8> = halves(old).collect();
    let new_half: Vec<u8> = halves(new).collect();
    for x in 0..dirty.len() {
        // What stands in a cell behind a wide character is not shown, so it does not count.
        dirty[x] = old_half[x] != new_half[x] || (new_half[x] == 0 && old[x] != new[x]);
    }
    // Spread to the right halves and back to the left ones; two graphemes can overlap in a chain.
    loop {
        let mut spread = false;
        for x in 1..dirty.len() {
            let joined = old_half[x] == 1 || new_half[x] == 1;
            if joined && dirty[x] != dirty[x - 1] {
                dirty[x] = true;
                dirty[x - 1] = true;
                spread = true;
            }
        }
        if !spread {
            return;
        }
    }
}
