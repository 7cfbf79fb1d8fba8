//! The menu of small operations on an order: each with why it cannot be done now.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::model::Model;
use crate::app::popups::operations::{Entry, Menu, entries, rows};
use crate::ui::text::{width, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 84;

/// Cells for what an operation is called; why it cannot be done stands behind, on a narrow screen below.
const LABELS: usize = 38;

/// Its rows; the one under the cursor is seen whole.
pub(super) fn sheet<'a>(model: &Model, menu: &Menu, theme: &Theme, area: Rect) -> Sheet<'a> {
    let several = || format!("{} marked orders", menu.marked.len());
    let title = match model.engine.account.age(menu.order, menu.opened) {
        _ if !menu.marked.is_empty() => several(),
        Some(age) => format!("Order {} · {age}", menu.order),
        None => format!("Order {}", menu.order),
    };
    let mut sheet = Sheet::new(title, area, MOST);
    let entries = entries(&model.engine, menu);
    let chosen = menu.picker.at(&rows(&entries));
    for (at, entry) in entries.into_iter().enumerate() {
        let here = at == chosen;
        let rows = entry_lines(entry, here, sheet.room(), theme);
        sheet.choice(here, rows);
    }
    sheet
}

/// An operation, and why it cannot be done.
fn entry_lines(entry: Entry, here: bool, room: usize, theme: &Theme) -> Vec<Line<'static>> {
    let label = entry.choice.label();
    let style = match (&entry.why_not, here) {
        (Some(_), _) => theme.dim,
        (None, true) => theme.title,
        (None, false) => theme.text,
    };
    let mark = if here { "▸ " } else { "  " };
    let mut head = vec![Span::styled(mark, theme.accent)];
    let Some(why) = entry.why_not else {
        head.push(Span::styled(label, style));
        return vec![Line::from(head)];
    };
    let why_style = if here { theme.warn } else { theme.dim };
    let is_narrow = room < LABELS + 2 + 30;
    let indent = if is_narrow { 4 } else { LABELS + 2 };
    let mut words = wrap(&why, room.saturating_sub(indent)).into_iter();
    let used = width(&label) + 2;
    head.push(Span::styled(label, style));
    if !is_narrow && used + 2 <= indent {
        head.push(Span::raw(" ".repeat(indent - used)));
        head.push(Span::styled(words.next().unwrap_or_default(), why_style));
    }
    let mut lines = vec![Line::from(head)];
    lines.extend(words.map(|line| {
        Line::from(vec![
            Span::raw(" ".repeat(indent)),
            Span::styled(line, why_style),
        ])
    }));
    lines
}
