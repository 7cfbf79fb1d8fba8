//! A page taller than the screen: drawn whole, then the part that is to be seen is copied.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::theme::Theme;

/// Copies the rows of `page` from `top` on into `area`, and marks that there is more above or below.
pub(super) fn show(page: &Buffer, top: u16, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let total = page.area.height;
    let rows = area.height.min(total.saturating_sub(top));
    for y in 0..rows {
        for x in 0..area.width.min(page.area.width) {
            if let (Some(from), Some(to)) = (
                page.cell((x, top + y)),
                buf.cell_mut((area.x + x, area.y + y)),
            ) {
                *to = from.clone();
            }
        }
    }
    let edge = area.right().saturating_sub(1);
    if top > 0 {
        buf.set_string(edge, area.y, "↑", theme.dim);
    }
    if top + area.height < total && area.height > 1 {
        buf.set_string(edge, area.bottom() - 1, "↓", theme.dim);
    }
}

/// The first row to show so that the rows `from..to` are seen, their beginning above all.
pub(super) fn top_for(from: u16, to: u16, height: u16) -> u16 {
    to.saturating_sub(height).min(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_the_focus_is_seen() {
        assert_eq!(top_for(0, 5, 10), 0);
        assert_eq!(top_for(8, 12, 10), 2);
        assert_eq!(top_for(8, 30, 10), 8, "its beginning when it is too tall");
    }
}
