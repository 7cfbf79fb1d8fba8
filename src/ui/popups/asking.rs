//! The question before something small is sent: what it does, what it needs to know, and below it the exact request.

use ratatui::layout::Rect;

use crate::app::model::Model;
use crate::app::popups::operations::{Asking, QuestionField, What};
use crate::ui::theme::Theme;
use crate::ui::widgets::field::FieldRow;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 76;
/// Cells for a label and the mark of the focus.
const LABELS: u16 = 17;

/// Its rows; the part that has the focus is seen, and what else there is when it is scrolled by pages.
pub(super) fn sheet<'a>(model: &Model, asking: &'a Asking, theme: &Theme, area: Rect) -> Sheet<'a> {
    let age = match &asking.what {
        What::Operation(_, order) => model.engine.account.age(*order, asking.opened),
        What::Decide { .. } | What::Orders { .. } | What::Domains { .. } => None,
    };
    let title = age.map_or_else(
        || asking.title.clone(),
        |age| format!("{} · {age}", asking.title),
    );
    let mut sheet = Sheet::new(title, area, MOST);
    for words in &asking.words {
        sheet.say(words, theme.text);
    }
    if !asking.fields.all.is_empty() {
        sheet.gap();
    }
    for field in &asking.fields.all {
        let row = FieldRow {
            label: field.id.label(),
            labels: LABELS,
            here: field.id == asking.fields.focus(),
            most: usize::MAX,
        };
        sheet.input(&row, &field.input, theme);
    }
    sheet.error(asking.fields.error.as_deref(), theme);
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
    if asking.fields.focus() == QuestionField::Request && !asking.fields.all.is_empty() {
        sheet.focus_from(request);
    }
    sheet.tighten();
    sheet
}
