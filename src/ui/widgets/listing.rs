//! A list with, below it, what the row under the cursor says; or, while there are no rows, why there are none.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::facts::Facts;
use super::scroll;
use super::table::{Column, Focus, Table, Value};
use crate::app::cursor::Cursor;
use crate::app::layout::Layout;
use crate::ui::empty;
use crate::ui::text::put;
use crate::ui::theme::Theme;

/// What a list is made of.
pub(crate) trait Listing {
    /// Names its columns.
    type Col: Copy + PartialEq + 'static;

    /// Columns, the leftmost first.
    const COLUMNS: &'static [Column<Self::Col>];

    /// Lines that the block below the list has at least, where there is room for it.
    const BELOW: u16;

    /// Columns at the right of the list that something else covers.
    fn covered(&self) -> u16 {
        0
    }

    /// Rows.
    fn len(&self) -> usize;

    /// Why there are no rows, and what to do.
    fn none(&self) -> (String, Vec<String>);

    /// What stands before a row.
    fn mark(&self, _at: usize) -> Option<(&'static str, Style)> {
        None
    }

    /// A value of a row, for a column of a width.
    fn value(&self, at: usize, column: Self::Col, width: u16) -> Value<'_>;

    /// The row that the block below is about, with the cursor on a row.
    fn detail_row(&self, cursor: usize) -> usize {
        cursor
    }

    /// What stands in the line above that block.
    fn title(&self, _at: usize) -> Option<String> {
        None
    }

    /// What a row says.
    fn details(&self, at: usize, facts: &mut Facts<'_>);
}

/// Draws a list.
pub(crate) fn draw<L: Listing>(
    list: &L,
    cursor: Cursor,
    focus: Focus,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let len = list.len();
    if len == 0 {
        let (title, advice) = list.none();
        empty::draw(&title, &advice, theme, area, buf);
        return;
    }
    let (above, below) = split(area, len, L::BELOW);
    let table = Table {
        columns: L::COLUMNS,
        len,
        lead: None,
        cursor,
        focus,
        covered: list.covered(),
    };
    table.render(
        theme,
        above,
        buf,
        |at| list.mark(at),
        |at, column, width| list.value(at, column, width),
    );
    let row = list.detail_row(cursor.at);
    if let Some(below) = below.filter(|_| row < len) {
        let inner = lower(below, theme, buf);
        if let Some(title) = list.title(row) {
            let words = format!(" {title} ");
            put(buf, below, below.x + 2, below.y, &words, theme.dim);
        }
        let mut facts = Facts::new(theme, inner.width.saturating_sub(1));
        list.details(row, &mut facts);
        scroll::show(&facts.done(), 0, theme, inner, buf);
    }
}

/// Splits an area into a list of so many rows and, where there is room, a block below it about the row under the
/// cursor: `least` rows of it, and more where a short list leaves room.
pub(crate) fn split(area: Rect, rows: usize, least: u16) -> (Rect, Option<Rect>) {
    let height = Layout::above(area.height, rows, least);
    let below = Rect {
        y: area.y + height,
        height: area.height - height,
        ..area
    };
    (
        Rect { height, ..area },
        Some(below).filter(|below| below.height > 0),
    )
}

/// Draws the line above a block and returns the block's inside.
pub(crate) fn lower(area: Rect, theme: &Theme, buf: &mut Buffer) -> Rect {
    let rule = "─".repeat(usize::from(area.width.saturating_sub(2)));
    put(buf, area, area.x + 1, area.y, &rule, theme.border);
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(1),
        height: area.height.saturating_sub(1),
    }
}
