//! A line of a copy menu: key, label, and behind them what is copied, on as many rows as it needs.

use ratatui::text::{Line, Span};

use crate::domain::wrap::wrap_at_most;
use crate::ui::text::{fit, width};
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Cells for the cursor's mark and the key.
const LEAD: usize = 5;

/// A line of a menu.
pub(super) struct Entry<'a> {
    pub(super) key: &'a str,
    /// What it is called.
    pub(super) label: &'a str,
    pub(super) words: &'a str,
    /// Whether that is not known.
    pub(super) missing: bool,
    /// Whether the cursor is on it.
    pub(super) here: bool,
}

impl Entry<'_> {
    /// Adds it, with so many cells for labels and so many rows at most.
    pub(super) fn add(&self, sheet: &mut Sheet<'_>, labels: usize, most: usize, theme: &Theme) {
        let style = |otherwise| if self.missing { theme.dim } else { otherwise };
        let indent = LEAD + labels + 2;
        let room = sheet.room().saturating_sub(indent).max(8);
        let mut rows = wrap_at_most(self.words, room, most).into_iter();
        let pad = |text: &str, cells: usize| " ".repeat(cells.saturating_sub(width(text)));
        let (key, label) = (fit(self.key, LEAD - 3), fit(self.label, labels));
        let mark = if self.here { "▸ " } else { "  " };
        let text = if self.here { theme.title } else { theme.text };
        let gap = format!("{}  ", pad(&label, labels));
        let head = Line::from(vec![
            Span::styled(mark, theme.accent),
            Span::styled(format!("{key}{}", pad(&key, LEAD - 2)), style(theme.key)),
            Span::styled(label, style(text)),
            Span::raw(gap),
            Span::styled(rows.next().unwrap_or_default(), theme.dim),
        ]);
        let rest = rows.map(|row| {
            let row = format!("{}{row}", " ".repeat(indent));
            Line::from(Span::styled(row, theme.dim))
        });
        sheet.choice(self.here, std::iter::once(head).chain(rest));
    }
}
