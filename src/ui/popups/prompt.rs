//! A question: what it is about, a text field if there is one, and what was wrong with the last answer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::popup::Prompt;
use crate::ui::text::{put, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::{field, frame};

/// Columns at most.
const MOST: u16 = 70;

/// Draws it.
pub(super) fn draw(prompt: &Prompt, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let mut lines: Vec<(String, Style)> = Vec::new();
    for words in &prompt.body {
        let wrapped = wrap(words, usize::from(columns));
        lines.extend(wrapped.into_iter().map(|line| (line, theme.text)));
    }
    let errors: Vec<String> = prompt
        .error
        .as_ref()
        .map(|error| wrap(error, usize::from(columns)))
        .unwrap_or_default();
    let fields = if prompt.field.is_some() { 2 } else { 0 };
    let rows = lines.len() + errors.len() + fields;
    let inner = frame::draw(
        &prompt.title,
        theme,
        frame::centred(area, columns, rows as u16),
        buf,
    );
    // The field is what is needed; words give way to it.
    let room = usize::from(inner.height).saturating_sub(fields + errors.len());
    let mut y = inner.y;
    for (line, style) in lines.iter().take(room) {
        put(buf, inner, inner.x, y, line, *style);
        y += 1;
    }
    if let Some(text) = &prompt.field {
        y = (y + 1).min(inner.bottom().saturating_sub(1));
        let x = put(buf, inner, inner.x, y, "▸ ", theme.accent);
        let line = Rect {
            x,
            y,
            width: inner.right().saturating_sub(x),
            height: 1,
        };
        field::draw(text, line, buf);
        y += 1;
    }
    for line in errors {
        put(buf, inner, inner.x, y, &line, theme.bad);
        y += 1;
    }
}
