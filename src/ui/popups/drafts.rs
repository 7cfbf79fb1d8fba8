//! The forms that were begun and not sent.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::cursor::Cursor;
use crate::app::drafts;
use crate::app::model::Model;
use crate::domain::text::sanitise;
use crate::ui::text::put;
use crate::ui::theme::Theme;
use crate::ui::widgets::frame;

/// Columns at most.
const MOST: u16 = 70;

/// Draws the list, as much of it as fits around the cursor.
pub(super) fn draw(model: &Model, cursor: Cursor, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let all = drafts::begun(model);
    let room = usize::from(area.height.saturating_sub(2).max(1));
    let mut window = cursor;
    window.show(all.len(), room);
    let rows = all.len().clamp(1, room) as u16;
    let inner = frame::draw(
        "Begun and not sent",
        theme,
        frame::centred(area, frame::widest(area, MOST), rows),
        buf,
    );
    let shown = all.iter().enumerate().skip(window.top);
    for ((at, begun), y) in shown.zip(inner.y..inner.bottom()) {
        let (mark, style) = if at == cursor.at {
            ("▸ ", theme.accent)
        } else {
            ("  ", theme.text)
        };
        let words = begun.words(model);
        put(
            buf,
            inner,
            inner.x,
            y,
            &format!("{mark}{}", sanitise(&words)),
            style,
        );
    }
}
