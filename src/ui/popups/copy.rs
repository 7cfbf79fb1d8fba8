//! The copy menu: what can be copied of a certificate, and what it is.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::entry::Entry;
use crate::app::model::Model;
use crate::app::picker::Picker;
use crate::app::popups::Popup;
use crate::app::popups::copy;
use crate::app::subject::Subject;
use crate::domain::text::sanitise;
use crate::keys::Action;
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 72;

/// Cells for labels, without the mark and the key.
const LABELS: usize = 12;

/// Its rows.
pub(super) fn sheet<'a>(
    model: &Model,
    popup: &Popup,
    subject: &Subject,
    picker: &Picker<Action>,
    theme: &Theme,
    area: Rect,
) -> Sheet<'a> {
    let title = format!("Copy from certificate {}", subject.certificate);
    let mut sheet = Sheet::new(title, area, MOST);
    let words = format!("{}, order {}", sanitise(&subject.name), subject.order);
    sheet.row(Line::from(Span::styled(words, theme.dim)));
    sheet.gap();
    let entries = copy::entries(&model.keymap, popup);
    let chosen = picker.at(&copy::rows(&entries));
    for (at, entry) in entries.into_iter().enumerate() {
        let fact = match entry.action {
            Action::CopySerial => Some(subject.serial.as_deref()),
            Action::CopyThumbprint => Some(subject.thumbprint.as_deref()),
            Action::CopyToken => Some(subject.token.as_deref()),
            Action::CopyRecord => Some(subject.record.as_deref()),
            _ => None,
        };
        let entry = Entry {
            key: &entry.key,
            label: entry.label,
            words: match fact {
                Some(Some(fact)) => fact,
                Some(None) => "not reported by CertCentral",
                None => entry.help,
            },
            missing: fact == Some(None),
            here: at == chosen,
        };
        entry.add(&mut sheet, LABELS, 2, theme);
    }
    sheet.tighten();
    sheet
}

/// The rows of the menu of several marked orders.
pub(super) fn of_marked<'a>(
    model: &Model,
    popup: &Popup,
    orders: usize,
    picker: &Picker<Action>,
    theme: &Theme,
    area: Rect,
) -> Sheet<'a> {
    let mut sheet = Sheet::new(format!("Copy from {orders} marked orders"), area, MOST);
    let entries = copy::entries(&model.keymap, popup);
    let chosen = picker.at(&copy::rows(&entries));
    for (at, entry) in entries.into_iter().enumerate() {
        let entry = Entry {
            key: &entry.key,
            label: entry.label,
            words: entry.help,
            missing: false,
            here: at == chosen,
        };
        entry.add(&mut sheet, LABELS, 2, theme);
    }
    sheet.tighten();
    sheet
}
