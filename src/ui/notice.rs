//! The status line: what just happened, or what does not work and what to do about it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text::put;
use super::theme::Theme;
use crate::app::layout::Layout;
use crate::app::model::Model;
use crate::app::status::Tone;
use crate::domain::wrap::wrap_at_most;

/// Draws it into its lines.
pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let Some(told) = model.notice() else {
        return;
    };
    // Colour is not the only thing that tells good from bad.
    let mark = match told.tone {
        Tone::Info => "·",
        Tone::Good => "✓",
        Tone::Warn => "!",
        Tone::Bad => "✗",
    };
    let style = theme.tone(told.tone);
    let columns = Layout::status_columns(area.width);
    let lines = wrap_at_most(&told.words, columns, usize::from(area.height));
    put(buf, area, area.x + 1, area.y, mark, style);
    for (line, y) in lines.iter().zip(area.y..) {
        put(buf, area, area.x + 3, y, line, style);
    }
}
