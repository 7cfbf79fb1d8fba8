//! A text field of one line: its text area draws itself, cursor included.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget as _;

use crate::app::field::TextField;

/// Draws a field into one line.
pub(crate) fn draw(field: &TextField, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    field.widget().render(Rect { height: 1, ..area }, buf);
}
