//! Text into cells: safe, inside its area, cut with `…` where it does not fit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::domain::text::grouped;
pub(crate) use crate::domain::wrap::{fit, width, wrap};

/// Writes text that is safe already into one line of an area, cut where the area ends. Returns the next column.
pub(crate) fn put(buf: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
    let area = area.intersection(buf.area);
    if x < area.x || x >= area.right() || y < area.y || y >= area.bottom() {
        return x;
    }
    let room = usize::from(area.right() - x);
    let text = fit(text, room);
    buf.set_stringn(x, y, text, room, style).0
}

/// Writes text so that it ends with the area. Returns the column it begins in.
pub(crate) fn put_right(buf: &mut Buffer, area: Rect, y: u16, text: &str, style: Style) -> u16 {
    let text = fit(text, usize::from(area.width));
    let x = area.right().saturating_sub(width(&text) as u16);
    put(buf, area, x, y, &text, style);
    x
}

/// Writes a line of spans, each safe already.
pub(crate) fn put_line(buf: &mut Buffer, area: Rect, y: u16, line: &Line<'_>) -> u16 {
    let mut x = area.x;
    for span in &line.spans {
        if x >= area.right() {
            break;
        }
        let style = line.style.patch(span.style);
        x = put(buf, area, x, y, &span.content, style);
    }
    x
}

/// `1234567` as `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    grouped(usize::try_from(number).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(100_000), "100,000");
    }
}
