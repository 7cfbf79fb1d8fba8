//! What is typed, and below it the rows that it finds: a window of them around the chosen one, with marks where there are
//! more. It does not jump while one types, however many rows are found.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::cursor::Cursor;
use crate::app::picker::Picker;
use crate::ui::text::put;
use crate::ui::theme::Theme;
use crate::ui::widgets::{field, frame, scroll};

/// A box with so many columns and lines for rows at most.
pub(super) struct Found<'a> {
    pub(super) title: &'a str,
    /// What stands before the text.
    pub(super) lead: &'a str,
    pub(super) columns: u16,
    pub(super) lines: u16,
    /// Lines of a row.
    pub(super) each: u16,
}

impl Found<'_> {
    /// Draws frame and text; the lines below are for rows.
    pub(super) fn frame<K>(
        &self,
        picker: &Picker<K>,
        theme: &Theme,
        area: Rect,
        buf: &mut Buffer,
    ) -> Rect {
        let columns = frame::widest(area, self.columns);
        let place = frame::centred(area, columns, self.lines + 2);
        let inner = frame::draw(self.title, theme, place, buf);
        let x = put(buf, inner, inner.x, inner.y, self.lead, theme.accent);
        let room = Rect {
            x,
            width: inner.right().saturating_sub(x),
            height: 1,
            ..inner
        };
        if let Some(text) = &picker.field {
            field::draw(text, room, buf);
        }
        Rect {
            y: inner.y + 2,
            height: inner.height.saturating_sub(2),
            ..inner
        }
    }

    /// Draws so many rows: each gets its place, its first line, and whether it is chosen.
    pub(super) fn rows(
        &self,
        len: usize,
        chosen: usize,
        theme: &Theme,
        list: Rect,
        buf: &mut Buffer,
        mut row: impl FnMut(usize, Rect, bool, &mut Buffer),
    ) {
        let rows = usize::from((list.height / self.each).max(1));
        let mut cursor = Cursor { at: chosen, top: 0 };
        cursor.show(len, rows);
        let lines = (list.y..list.bottom()).step_by(usize::from(self.each));
        for (at, y) in (cursor.top..len).zip(lines) {
            let line = Rect {
                y,
                height: 1,
                ..list
            };
            if at == chosen {
                buf.set_style(line.intersection(buf.area), theme.selected);
            }
            row(at, line, at == chosen, buf);
        }
        // In the air before the frame.
        let marked = Rect {
            width: list.width + 1,
            ..list
        };
        scroll::marks(cursor.top > 0, cursor.top + rows < len, theme, marked, buf);
    }
}
