//! What can be copied of the proof of control over a name: each part as it will be pasted.

use ratatui::layout::Rect;

use super::entry::Entry;
use crate::app::model::Model;
use crate::app::names::{NameRow, part};
use crate::app::picker::Picker;
use crate::app::popups::Popup;
use crate::app::popups::copy;
use crate::keys::Action;
use crate::ui::text::width;
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 84;

/// Rows of a part, at most.
const EACH: usize = 3;

/// Its rows.
pub(super) fn sheet<'a>(
    model: &Model,
    popup: &Popup,
    row: &NameRow,
    picker: &Picker<Action>,
    theme: &Theme,
    area: Rect,
) -> Sheet<'a> {
    let mut sheet = Sheet::new(format!("Copy for {}", row.name), area, MOST);
    let entries = copy::entries(&model.keymap, popup);
    let chosen = picker.at(&copy::rows(&entries));
    let parts: Vec<_> = entries
        .iter()
        .map(|entry| part(row, entry.action))
        .collect();
    let labels = entries.iter().zip(&parts).map(|(entry, part)| {
        let label = part.as_ref().map_or(entry.label, |part| part.1);
        width(label)
    });
    let labels = labels.max().unwrap_or(0).min(sheet.room() / 2);
    for (at, (entry, part)) in entries.iter().zip(&parts).enumerate() {
        let (words, label) = match part {
            Some((words, label)) => (words.as_str(), *label),
            None => ("location not reported", entry.label),
        };
        let entry = Entry {
            key: &entry.key,
            label,
            words,
            missing: part.is_none(),
            here: at == chosen,
        };
        entry.add(&mut sheet, labels, EACH, theme);
    }
    sheet
}
