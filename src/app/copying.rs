//! The lines of the copy menus, and the cursor in them: Enter copies what is under it, as the line's own key does.

use super::cursor::Move;
use super::model::Model;
use super::operations::names;
use super::popup::Popup;
use crate::keys::{Action, Place};

/// A line of a copy menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key that copies it wherever the cursor is.
    pub key: String,
    /// What it copies.
    pub action: Action,
    /// What it is called.
    pub label: &'static str,
    /// A sentence about it.
    pub help: &'static str,
}

/// The lines of the menu that a popup is; none of other popups.
pub fn entries(model: &Model, popup: &Popup) -> Vec<Entry> {
    let (place, actions) = match popup {
        Popup::Copy(_) => (Place::Copy, None),
        Popup::Record(row) => {
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
        None => !matches!(
            action,
            Action::Open | Action::Back | Action::Down | Action::Up
        ),
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

/// What Enter copies in the copy menu on top.
pub(super) fn chosen(model: &Model) -> Option<Action> {
    let entries = entries(model, model.popups.last()?);
    entries.get(model.menu.at).map(|entry| entry.action)
}

/// Moves the cursor of the copy menu on top, if one is and the key does that.
pub(super) fn moved(model: &mut Model, action: Action) -> bool {
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        _ => return false,
    };
    let Some(popup @ (Popup::Copy(_) | Popup::Record(_))) = model.popups.last() else {
        return false;
    };
    let len = entries(model, popup).len();
    model.menu.go(Move::By(by), len, len);
    true
}
