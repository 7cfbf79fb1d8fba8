//! The lines of the copy menus, and the cursor in them: Enter copies what is under it, as the line's own key does.

use super::model::Model;
use super::operations::names;
use super::popup::Popup;
use crate::keys::{Action, Place};

/// A line of a copy menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key that copies it wherever the cursor is.
    pub key: String,
    pub action: Action,
    /// What it is called.
    pub label: &'static str,
    /// A sentence about it.
    pub help: &'static str,
}

/// The lines of the menu that a popup is; none of other popups.
pub fn entries(model: &Model, popup: &Popup) -> Vec<Entry> {
    let (place, actions) = match popup {
        Popup::Copy(..) => (Place::Copy, None),
        Popup::Record(row, _) => {
            let parts = names::parts(row).into_iter();
            (
                Place::Record,
                Some(parts.map(|one| one.0).collect::<Vec<_>>()),
            )
        }
        _ => return Vec::new(),
    };
    let is_line = |action: Action| match &actions {
        Some(actions) => actions.contains(&action),
        None => !action.only_moves() && !matches!(action, Action::Open | Action::Back),
    };
    let rows = model.keymap.rows(place);
    rows.filter(|(_, binding)| is_line(binding.action))
        .map(|(keys, binding)| Entry {
            key: keys.split(' ').next().unwrap_or_default().to_owned(),
            action: binding.action,
            label: binding.label,
            help: binding.help,
        })
        .collect()
}

/// What the lines copy.
pub fn rows(entries: &[Entry]) -> Vec<Action> {
    entries.iter().map(|entry| entry.action).collect()
}

/// What Enter copies in the copy menu that a popup is.
pub(super) fn chosen(model: &Model, popup: &Popup) -> Option<Action> {
    let (Popup::Copy(_, picker) | Popup::Record(_, picker)) = popup else {
        return None;
    };
    picker.chosen(&rows(&entries(model, popup))).copied()
}

/// Moves in the copy menu on top, if one is and the key does that.
pub(super) fn moved(model: &mut Model, action: Action) -> bool {
    let entries = model.popups.last().map(|popup| entries(model, popup));
    let rows = rows(&entries.unwrap_or_default());
    match model.popups.last_mut() {
        Some(Popup::Copy(_, picker) | Popup::Record(_, picker)) => {
            picker.go(action, &rows, rows.len())
        }
        _ => false,
    }
}
