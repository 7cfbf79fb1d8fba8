//! Text to read: the help, and whatever else is longer than a line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::popups::{Reader, ReaderLine};
use crate::ui::text::{fit, width};
use crate::ui::theme::Theme;
use crate::ui::widgets::{frame, scroll};

/// Rows of text that there is room for.
fn rows(reader: &Reader, area: Rect) -> u16 {
    (reader.lines.len() as u16).min(area.height.saturating_sub(2))
}

/// How far it can be scrolled.
pub(in crate::ui) fn last_top(reader: &Reader, area: Rect) -> usize {
    reader.lines.len() - usize::from(rows(reader, area))
}

/// Draws it; a line is a line.
pub(super) fn draw(reader: &Reader, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, Reader::WIDEST);
    let rows = rows(reader, area);
    let inner = frame::draw(
        &reader.title,
        theme,
        frame::centred(area, columns, rows),
        buf,
    );
    let keys = reader
        .lines
        .iter()
        .filter_map(|line| match line {
            ReaderLine::Key(keys, _) => Some(width(keys)),
            ReaderLine::Heading(_) | ReaderLine::Text(_) | ReaderLine::Sent(_) => None,
        })
        .max()
        .unwrap_or(0)
        .min(usize::from(inner.width) / 3);
    let lines: Vec<Line<'_>> = reader
        .lines
        .iter()
        .map(|line| match line {
            ReaderLine::Heading(text) => Line::styled(text.as_str(), theme.title),
            ReaderLine::Text(text) => Line::styled(text.as_str(), theme.text),
            ReaderLine::Sent(text) => Line::styled(text.0.as_str(), theme.text),
            ReaderLine::Key(key, text) => {
                let key = fit(key, keys);
                let pad = " ".repeat(keys + 4 - width(&key).min(keys + 2));
                Line::from(vec![
                    Span::raw("  "),
                    Span::styled(key, theme.key),
                    Span::raw(pad),
                    Span::styled(text.as_str(), theme.text),
                ])
            }
        })
        .collect();
    scroll::show(&lines, reader.top, theme, inner, buf);
}
