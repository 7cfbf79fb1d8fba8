//! A question: what it is about, a text field if there is one, and what was wrong with the last answer.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::popups::Prompt;
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 70;

/// Its rows; the field, and what is wrong with what stands in it, are seen first.
pub(super) fn sheet<'a>(prompt: &'a Prompt, theme: &Theme, area: Rect) -> Sheet<'a> {
    let mut sheet = Sheet::new(prompt.title.clone(), area, MOST);
    for words in &prompt.body {
        sheet.say(words, theme.text);
    }
    if let Some(field) = &prompt.field {
        sheet.gap();
        let first = sheet.len();
        sheet.field(Line::from(Span::styled("▸ ", theme.accent)), field);
        sheet.focus_from(first);
    }
    sheet.error(prompt.error.as_deref(), theme);
    sheet.tighten();
    sheet
}
