//! The question before something small is sent: what it does, what it needs to know, and below it the exact request.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::model::Model;
use crate::app::popups::operations::{Asking, What};
use crate::ui::text::{fit, width};
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 76;
/// Columns of the labels.
const LABEL: usize = 17;

/// Its rows; the part that has the focus is seen, and what else there is when it is scrolled by pages.
pub(super) fn sheet<'a>(model: &Model, asking: &'a Asking, theme: &Theme, area: Rect) -> Sheet<'a> {
    let age = match &asking.what {
        What::Operation(_, order) => model.engine.account.age(*order, asking.opened),
        What::Decide { .. } => None,
    };
    let title = age.map_or_else(
        || asking.title.clone(),
        |age| format!("{} · {age}", asking.title),
    );
    let mut sheet = Sheet::new(title, area, MOST);
    for words in &asking.words {
        sheet.say(words, theme.text);
    }
    if !asking.parts.is_empty() {
        sheet.gap();
    }
    for (at, part) in asking.parts.iter().enumerate() {
        let here = at == asking.focus;
        let first = sheet.len();
        let mut row = label(part.label, here, theme);
        if let Some(field) = part.answer.field() {
            sheet.field(row, field);
        } else if let Some(words) = part.answer.chosen() {
            let room = sheet.room().saturating_sub(LABEL + 5);
            row.push_span(Span::styled(fit(words, room), theme.text));
            if here {
                row.push_span(Span::styled("  ← →", theme.key));
            }
            sheet.row(row);
        }
        if here {
            sheet.focus_from(first);
        }
    }
    if let Some(error) = &asking.error {
        let first = sheet.len();
        sheet.say(error, theme.bad);
        sheet.focus_to(first);
    }
    sheet.gap();
    let request = sheet.len();
    let outgoing = asking.outgoing();
    if let Some(write) = outgoing.first() {
        let line = format!("{} {}", write.method.as_str(), write.path);
        sheet.say(&line, theme.accent);
        if write.body.is_empty() {
            sheet.say("(no body)", theme.dim);
        } else {
            sheet.say(&write.body, theme.text);
        }
    }
    if let more @ 1.. = outgoing.len().saturating_sub(1) {
        let words = match more {
            1 => "Then the same for the other one.".to_owned(),
            more => format!("Then the same for the other {more}, one at a time."),
        };
        sheet.say(&words, theme.dim);
    }
    if asking.focus >= asking.parts.len() && !asking.parts.is_empty() {
        sheet.focus_from(request);
    }
    sheet.tighten();
    sheet
}

/// What a part is called, as wide as all of them.
fn label(text: &'static str, here: bool, theme: &Theme) -> Line<'static> {
    let mark = if here { "▸ " } else { "  " };
    let style = if here { theme.title } else { theme.dim };
    let pad = " ".repeat((LABEL - 2).saturating_sub(width(text)));
    Line::from(vec![
        Span::styled(mark, theme.accent),
        Span::styled(text, style),
        Span::raw(pad),
    ])
}
