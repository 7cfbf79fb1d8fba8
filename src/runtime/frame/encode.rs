//! Changed cells to bytes: the shortest moves, the fewest attribute changes, nothing that is not text.
//!
//! This is the last gate before the terminal: a cell that holds a control, bidi or invisible character is
//! drawn as U+FFFD, wherever it came from.

use std::io::Write as _;

use ratatui::buffer::{Buffer, Cell};

use super::changes::{Run, row, width};
use super::sgr::{self, Attributes};
use crate::domain::text::is_hidden;

/// Shortest stretch of plain blanks that is erased rather than written.
const WORTH_ERASING: usize = 6;

/// Writes runs of cells, keeping what the terminal's cursor and attributes are.
pub(super) struct Encoder<'a> {
    bytes: &'a mut Vec<u8>,
    /// Where the cursor is for sure (column, row).
    at: Option<(u16, u16)>,
    attributes: Attributes,
    /// The row that was last erased to its end: what else of it changed is blank and done.
    erased: Option<u16>,
}

impl<'a> Encoder<'a> {
    /// Starts a frame: plain attributes (every frame ends with them), cursor anywhere.
    pub(super) fn new(bytes: &'a mut Vec<u8>) -> Self {
        Self {
            bytes,
            at: None,
            attributes: Attributes::PLAIN,
            erased: None,
        }
    }

    /// Writes one run.
    pub(super) fn run(&mut self, frame: &Buffer, run: &Run) {
        if self.erased == Some(run.row) {
            return;
        }
        let cells = row(frame, run.row);
        let end = usize::from(run.columns.end);
        let mut x = usize::from(run.columns.start);
        while x < end {
            self.move_to(cells, x as u16, run.row);
            let blanks = blanks(&cells[x..]);
            let here = blanks.min(end - x);
            if here >= WORTH_ERASING {
                let to_the_end = x + blanks == cells.len();
                self.erase(here, to_the_end);
                if to_the_end {
                    self.erased = Some(run.row);
                    return;
                }
                x += here;
                continue;
            }
            x += usize::from(self.cell(&cells[x], x as u16, run.row, cells.len() as u16));
        }
    }

    /// Ends the frame with plain attributes.
    pub(super) fn finish(self) {
        sgr::change(self.bytes, self.attributes, Attributes::PLAIN);
    }

    /// Erases `count` plain cells from the cursor on, or the rest of the row.
    fn erase(&mut self, count: usize, to_the_end: bool) {
        // Terminals disagree on whether erasing paints the background; with none set, they agree.
        self.attributes(Attributes::PLAIN);
        if to_the_end {
            self.bytes.extend_from_slice(b"\x1b[K");
        } else {
            let _ = write!(self.bytes, "\x1b[{count}X");
        }
    }

    /// Writes a cell that starts at the cursor; returns the columns it takes.
    fn cell(&mut self, cell: &Cell, x: u16, y: u16, columns: u16) -> u16 {
        let wanted = Attributes::of(cell);
        if cell.symbol() != " " || !self.attributes.same_blank(wanted) {
            self.attributes(wanted);
        }
        let taken = width(cell).min(columns - x);
        let shape = Shape::of(cell.symbol());
        match shape {
            Shape::Empty => self.bytes.push(b' '),
            Shape::Plain if width(cell) == taken => {
                self.bytes.extend_from_slice(cell.symbol().as_bytes());
            }
            Shape::Odd if width(cell) == taken => {
                // A terminal may count this one narrower than we do: what was there must go first.
                self.bytes
                    .extend(std::iter::repeat_n(b' ', usize::from(taken)));
                if x + taken < columns {
                    self.bytes
                        .extend(std::iter::repeat_n(b'\x08', usize::from(taken)));
                } else {
                    goto(self.bytes, x, y);
                }
                self.bytes.extend_from_slice(cell.symbol().as_bytes());
            }
            // A control character, or a wide one with half its room.
            _ => {
                self.bytes.extend_from_slice("\u{fffd}".as_bytes());
                self.bytes.extend(std::iter::repeat_n(
                    b' ',
                    usize::from(taken.saturating_sub(1)),
                ));
            }
        }
        let after = x + taken;
        // Behind the last column terminals differ in where the cursor is.
        self.at = (shape != Shape::Odd && after < columns).then_some((after, y));
        taken
    }

    /// Sets the attributes for what follows.
    fn attributes(&mut self, wanted: Attributes) {
        sgr::change(self.bytes, self.attributes, wanted);
        self.attributes = wanted;
    }

    /// Moves the shortest way: by rewriting the few cells between, by a step to the
    /// right, by line feeds, or by naming the place.
    fn move_to(&mut self, cells: &[Cell], x: u16, y: u16) {
        let Some((from_x, from_y)) = self.at else {
            goto(self.bytes, x, y);
            self.at = Some((x, y));
            return;
        };
        if (from_x, from_y) == (x, y) {
            return;
        }
        if from_y == y && from_x <= x {
            let between = &cells[usize::from(from_x)..usize::from(x)];
            if between.len() <= 4 && between.iter().all(|cell| self.writes_alone(cell)) {
                for cell in between {
                    self.bytes.extend_from_slice(cell.symbol().as_bytes());
                }
            } else {
                let mut step = Vec::with_capacity(8);
                let _ = write!(step, "\x1b[{}C", x - from_x);
                self.shortest(step, x, y);
            }
        } else if x == 0 && from_y < y && y - from_y <= 5 {
            self.bytes.push(b'\r');
            self.bytes
                .extend(std::iter::repeat_n(b'\n', usize::from(y - from_y)));
        } else if x == from_x && from_y < y && y - from_y <= 5 {
            self.bytes
                .extend(std::iter::repeat_n(b'\n', usize::from(y - from_y)));
        } else {
            goto(self.bytes, x, y);
        }
        self.at = Some((x, y));
    }

    /// Adds `step` or the naming of the place, whichever is shorter.
    fn shortest(&mut self, step: Vec<u8>, x: u16, y: u16) {
        let mut named = Vec::with_capacity(12);
        goto(&mut named, x, y);
        self.bytes.extend(if step.len() <= named.len() {
            step
        } else {
            named
        });
    }

    /// Whether a cell is one byte that looks right with the attributes that are set.
    fn writes_alone(&self, cell: &Cell) -> bool {
        cell.symbol().len() == 1
            && Shape::of(cell.symbol()) == Shape::Plain
            && Attributes::of(cell) == self.attributes
    }
}

/// Adds the sequence that names a place (zero-based column and row).
pub(super) fn goto(bytes: &mut Vec<u8>, x: u16, y: u16) {
    let _ = match (x, y) {
        (0, 0) => write!(bytes, "\x1b[H"),
        (0, _) => write!(bytes, "\x1b[{}H", y + 1),
        _ => write!(bytes, "\x1b[{};{}H", y + 1, x + 1),
    };
}

/// How many plain blanks the cells start with.
fn blanks(cells: &[Cell]) -> usize {
    cells
        .iter()
        .take_while(|cell| cell.symbol() == " " && Attributes::of(cell) == Attributes::PLAIN)
        .count()
}

/// How far a grapheme can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Every terminal gives it the columns we do.
    Plain,
    /// Terminals differ: several code points, or an emoji.
    Odd,
    /// Nothing, which looks like a blank.
    Empty,
    Forbidden,
}

impl Shape {
    fn of(symbol: &str) -> Self {
        let mut chars = symbol.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Self::Empty,
            (Some(c), _) if symbol.len() == 1 => {
                if c.is_ascii_control() {
                    Self::Forbidden
                } else {
                    Self::Plain
                }
            }
            _ if symbol.chars().any(is_hidden) => Self::Forbidden,
            (Some(c), None) if c < '\u{1f000}' => Self::Plain,
            _ => Self::Odd,
        }
    }
}
