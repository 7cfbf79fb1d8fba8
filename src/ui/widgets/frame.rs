//! The frame of what lies over the screens: a cleared box with a title in its upper edge.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, BorderType, Clear, Padding, Widget as _};

use crate::ui::text::fit;
use crate::ui::theme::Theme;

/// A box of at most so many inner columns and rows in the middle of an area.
pub(crate) fn centred(area: Rect, columns: u16, rows: u16) -> Rect {
    let width = columns.saturating_add(4).min(area.width);
    let height = rows.saturating_add(2).min(area.height);
    Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 3,
        width,
        height,
    )
}

/// Inner columns of the widest box in an area.
pub(crate) fn widest(area: Rect, most: u16) -> u16 {
    area.width.saturating_sub(6).min(most)
}

/// Clears a box, draws its frame, and returns what is inside.
pub(crate) fn draw(title: &str, theme: &Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return area;
    }
    // A cell of air at each side keeps what lies below from reading on into the frame.
    let air = Rect {
        x: area.x.saturating_sub(1),
        width: area.width + 2,
        ..area
    };
    Clear.render(air.intersection(buf.area), buf);
    if area.width < 6 || area.height < 3 {
        return area;
    }
    let title = fit(title, usize::from(area.width - 6));
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.accent)
        .title(format!(" {title} "))
        .title_style(theme.title)
        .padding(Padding::horizontal(1));
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}
