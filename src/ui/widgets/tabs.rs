//! A line of tabs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::text::{put, width};
use crate::ui::theme::Theme;

/// One tab.
pub(crate) struct Tab {
    /// Its key, or the empty text.
    pub(crate) key: String,
    pub(crate) label: String,
    /// Its name where there is little room.
    pub(crate) short: &'static str,
    /// A number after it, or the empty text.
    pub(crate) note: String,
    /// Whether it is the one that is shown.
    pub(crate) shown: bool,
}

/// Draws tabs into one line. Where there is no room the numbers go, then names get short, then those of the tabs that
/// are not shown shorter. Returns the next column.
pub(crate) fn draw(tabs: &[Tab], theme: &Theme, area: Rect, buf: &mut Buffer) -> u16 {
    type Words = fn(&Tab) -> [&str; 3];
    let stages: [Words; 5] = [
        |tab| [&tab.key, &tab.label, &tab.note],
        |tab| [&tab.key, &tab.label, ""],
        |tab| [&tab.key, tab.short, ""],
        |tab| {
            let end = if tab.shown { tab.short.len() } else { 3 };
            [&tab.key, tab.short.get(..end).unwrap_or(tab.short), ""]
        },
        |tab| {
            let end = if tab.shown { tab.short.len() } else { 1 };
            [&tab.key, tab.short.get(..end).unwrap_or(tab.short), ""]
        },
    ];
    let cells = |words: &[&str; 3]| {
        let there = words.iter().filter(|word| !word.is_empty());
        there.map(|word| width(word) + 1).sum::<usize>() + 1
    };
    let fits = |words: &Words| {
        let all: usize = tabs.iter().map(|tab| cells(&words(tab))).sum();
        all <= usize::from(area.width) + 2
    };
    let words = stages
        .iter()
        .find(|words| fits(words))
        .unwrap_or(&stages[4]);
    let mut x = area.x;
    for tab in tabs {
        let [key, label, note] = words(tab);
        let style = if tab.shown { theme.tab } else { theme.text };
        if !key.is_empty() {
            x = put(buf, area, x, area.y, key, theme.dim) + 1;
        }
        x = put(buf, area, x, area.y, label, style);
        if !note.is_empty() {
            x = put(buf, area, x + 1, area.y, note, theme.dim);
        }
        x += 2;
    }
    x
}
