//! A table that fits the terminal.

use std::fmt::Write as _;

use crate::domain::wrap::{fit, width};

/// Blanks between columns.
const BETWEEN: usize = 2;

/// A column that is cut keeps as many cells.
const LEAST: usize = 8;

/// Rows by which the columns are measured.
pub(super) const MEASURED: usize = 256;

/// One column as it was measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) heading: String,
    /// Whether it may be cut.
    pub(super) may_be_cut: bool,
    /// Whether it stands to the right.
    pub(super) is_number: bool,
    width: usize,
}

impl Column {
    pub(super) fn new(name: &str, may_be_cut: bool, is_number: bool) -> Self {
        let heading = heading(name);
        Self {
            width: width(&heading),
            heading,
            may_be_cut,
            is_number,
        }
    }

    /// A row stands in it.
    pub(super) fn measure(&mut self, cell: &str) {
        self.width = self.width.max(width(cell));
    }

    /// What it cannot be narrower than.
    fn least(&self) -> usize {
        if self.may_be_cut {
            self.width.min(LEAST)
        } else {
            self.width
        }
    }
}

/// The name of a field as the heading of its column: `covered_until` as `COVERED UNTIL`.
fn heading(name: &str) -> String {
    name.replace('_', " ").to_uppercase()
}

/// Makes the columns fit a line: the widest that may be cut gets narrower; where that is not enough, the last ones go.
pub(super) fn fit_into(columns: &mut Vec<Column>, line: usize) {
    let between = |count: usize| BETWEEN * count.saturating_sub(1);
    while columns.len() > 1 {
        let least: usize = columns.iter().map(Column::least).sum();
        if least + between(columns.len()) <= line {
            break;
        }
        columns.pop();
    }
    let room = line.saturating_sub(between(columns.len()));
    loop {
        let all: usize = columns.iter().map(|column| column.width).sum();
        let widest = columns
            .iter_mut()
            .filter(|column| column.width > column.least())
            .max_by_key(|column| column.width);
        match widest {
            Some(widest) if all > room => widest.width -= 1,
            _ => break,
        }
    }
}

/// A line of cells, as wide as the columns are.
pub(super) fn line<'a>(columns: &[Column], cells: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        if at > 0 {
            text.push_str(&" ".repeat(BETWEEN));
        }
        let cell = fit(cell, column.width);
        let blanks = " ".repeat(column.width.saturating_sub(width(&cell)));
        // Writing to a String cannot fail.
        let _ = if column.is_number {
            write!(text, "{blanks}{cell}")
        } else {
            write!(text, "{cell}{blanks}")
        };
    }
    text.truncate(text.trim_end().len());
    text
}
