//! A line of tabs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::text::{put, width};
use crate::ui::theme::Theme;

/// One tab.
pub(crate) struct Tab {
    /// Its key, or the empty text.
    pub(crate) key: String,
    /// Its name.
    pub(crate) label: String,
    /// A number after it, or the empty text.
    pub(crate) note: String,
    /// Whether it is the one that is shown.
    pub(crate) shown: bool,
}

/// Draws tabs into one line; where there is no room for all names, the others lose theirs. Returns the next column.
pub(crate) fn draw(tabs: &[Tab], theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
    let cells = |tab: &Tab| {
        let parts = [&tab.key, &tab.label, &tab.note];
        parts
            .iter()
            .filter(|part| !part.is_empty())
            .map(|part| width(part) + 1)
            .sum::<usize>()
            + 1
    };
    let fits = tabs.iter().map(cells).sum::<usize>() <= usize::from(area.width) + 2;
    let mut x = area.x;
    for tab in tabs {
        let style = if tab.shown { theme.tab } else { theme.text };
        if !tab.key.is_empty() {
            x = put(buf, area, x, area.y, &tab.key, theme.dim) + 1;
        }
        if fits || tab.shown {
            x = put(buf, area, x, area.y, &tab.label, style);
        } else {
            let short: String = tab.label.chars().take(3).collect();
            x = put(buf, area, x, area.y, &short, style);
        }
        if !tab.note.is_empty() && fits {
            x = put(buf, area, x + 1, area.y, &tab.note, theme.dim);
        }
        x += 2;
    }
    x
}
