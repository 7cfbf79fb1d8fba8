//! Lines that are longer than their area: a window of them, and a mark where there are more.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::ui::text::{put, put_line};
use crate::ui::theme::Theme;

/// Draws the lines from `top` on, or from where the last page begins.
pub(crate) fn show(lines: &[Line<'_>], top: usize, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let rows = usize::from(area.height);
    let top = top.min(lines.len().saturating_sub(rows));
    let text = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    for (line, y) in lines.iter().skip(top).take(rows).zip(area.y..) {
        put_line(buf, text, y, line);
    }
    marks(top > 0, top + rows < lines.len(), theme, area, buf);
}

/// Says at the right edge that there is more above or below.
pub(crate) fn marks(above: bool, below: bool, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let edge = area.right().saturating_sub(1);
    if above {
        put(buf, area, edge, area.y, "↑", theme.accent);
    }
    if below {
        let last = area.bottom().saturating_sub(1);
        put(buf, area, edge, last, "↓", theme.accent);
    }
}
