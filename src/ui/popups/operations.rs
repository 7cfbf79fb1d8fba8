//! The menu of small operations on an order: each with why it cannot be done now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::model::Model;
use crate::app::operations::{Menu, entries};
use crate::domain::wrap::wrap_at_most;
use crate::ui::text::{put, width};
use crate::ui::theme::Theme;
use crate::ui::widgets::frame;

/// Columns at most.
const MOST: u16 = 84;

/// Rows for the reason, with air above it.
const WHY: usize = 3;

/// Draws it.
pub(super) fn draw(model: &Model, menu: &Menu, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let lines = entries(model, menu);
    let columns = frame::widest(area, MOST);
    let inner = frame::draw(
        &format!("Order {}", menu.order),
        theme,
        frame::centred(area, columns, (lines.len() + WHY) as u16),
        buf,
    );
    // Why the one under the cursor cannot be done is told in full, where there is room for more than the list.
    let spare = usize::from(inner.height).saturating_sub(lines.len());
    let here = lines.get(menu.cursor.at);
    if let Some(why) = here.and_then(|entry| entry.why_not.as_ref())
        && spare > 0
    {
        let words = wrap_at_most(why, usize::from(inner.width), spare.min(2));
        let first = inner.bottom().saturating_sub(words.len() as u16);
        for (line, y) in words.iter().zip(first..) {
            put(buf, inner, inner.x, y, line, theme.warn);
        }
    }
    // On a small screen the line under the cursor stays in sight.
    let top = (menu.cursor.at + 1).saturating_sub(usize::from(inner.height));
    for ((at, entry), y) in lines
        .into_iter()
        .enumerate()
        .skip(top)
        .zip(inner.y..inner.bottom())
    {
        let here = at == menu.cursor.at;
        let label = entry.operation.label();
        let style = match (&entry.why_not, here) {
            (Some(_), _) => theme.dim,
            (None, true) => theme.title,
            (None, false) => theme.text,
        };
        let x = put(
            buf,
            inner,
            inner.x,
            y,
            if here { "▸ " } else { "  " },
            theme.accent,
        );
        let x = put(buf, inner, x, y, &label, style);
        if let Some(why) = entry.why_not {
            let pad = 38_usize.saturating_sub(width(&label)).max(2) as u16;
            put(buf, inner, x + pad, y, &why, theme.dim);
        }
    }
}
