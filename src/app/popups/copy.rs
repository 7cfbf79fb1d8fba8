//! The lines of the copy menus, and the cursor in them: Enter copies what is under it, as the line's own key does.

use super::Popup;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::names::{self, NameRow};
use crate::app::status::Tone;
use crate::app::subject::{ChainUse, Subject};
use crate::app::turn::Outcome;
use crate::domain::copyable::{self, Uncopyable};
use crate::domain::text::sanitise;
use crate::keys::{Action, KeyMap, Place};

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
pub fn entries(keys: &KeyMap, popup: &Popup) -> Vec<Entry> {
    let (place, actions) = match popup {
        Popup::Copy(..) => (Place::Copy, None),
        Popup::CopyMarked(..) => (Place::CopyMarked, None),
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
    let rows = keys.rows(place);
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
pub fn chosen(keys: &KeyMap, popup: &Popup) -> Option<Action> {
    let (Popup::Copy(_, picker) | Popup::CopyMarked(_, picker) | Popup::Record(_, picker)) = popup
    else {
        return None;
    };
    picker.chosen(&rows(&entries(keys, popup))).copied()
}

/// Moves in the copy menu on top, if one is and the key does that.
pub(super) fn moved(popups: &mut [Popup], action: Action, keys: &KeyMap) -> bool {
    let entries = popups.last().map(|popup| entries(keys, popup));
    let rows = rows(&entries.unwrap_or_default());
    match popups.last_mut() {
        Some(Popup::Copy(_, picker) | Popup::CopyMarked(_, picker) | Popup::Record(_, picker)) => {
            picker.go(action, &rows, rows.len())
        }
        _ => false,
    }
}

/// Keys in the menu of what can be copied of a certificate.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, subject: Subject, cx: &mut Cx<'_>) {
    let what = |what: &str| format!("{what} of {}", sanitise(&subject.name));
    let text = match action {
        Action::Back => {
            popups.pop();
            return;
        }
        Action::CopyCertificate | Action::CopyChain | Action::CopyFullChain | Action::CopyRoot => {
            popups.pop();
            let words = format!("Loading certificate {}…", subject.certificate);
            cx.turn.set_status(Tone::Info, words);
            let purpose = ChainUse::Copy(subject, action);
            cx.turn.ask(Outcome::Fetch(Box::new(purpose)));
            return;
        }
        Action::Plain => {
            popups.pop();
            cx.turn
                .ask(Outcome::Fetch(Box::new(ChainUse::Plain(subject))));
            return;
        }
        Action::CopySerial => subject
            .serial
            .as_deref()
            .map(|text| (copyable::hex(text), what("serial number"))),
        Action::CopyThumbprint => subject
            .thumbprint
            .as_deref()
            .map(|text| (copyable::hex(text), what("thumbprint"))),
        Action::CopyToken => subject
            .token
            .as_deref()
            .map(|text| (copyable::line(text), what("random value"))),
        Action::CopyRecord => subject
            .record
            .as_deref()
            .map(|text| (copyable::line(text), what("DCV record"))),
        _ => return,
    };
    copy(popups, action, text, cx);
}

/// Keys in the menu of what can be copied of a name.
pub(super) fn act_on_name(popups: &mut Vec<Popup>, action: Action, row: &NameRow, cx: &mut Cx<'_>) {
    if action == Action::Back {
        popups.pop();
        return;
    }
    let text = names::part(row, action).map(|(text, part)| {
        let what = format!("{part} of {}", sanitise(&row.name));
        (copyable::line(&text), what)
    });
    copy(popups, action, text, cx);
}

/// Copies a value of one line, or says why it is not copied.
fn copy(
    popups: &mut Vec<Popup>,
    action: Action,
    text: Option<(Result<String, Uncopyable>, String)>,
    cx: &mut Cx<'_>,
) {
    let Some((text, what)) = text else {
        return super::tell_why_not(popups, action, cx);
    };
    popups.pop();
    match text {
        Ok(text) => cx.turn.push(Effect::Copy {
            text,
            what,
            force: false,
        }),
        Err(why) => {
            let words = format!("The {what} was not copied: {why}.");
            cx.turn.set_status(Tone::Bad, words);
        }
    }
}
