//! Texts to read: the keys, the mistakes in the settings, a request as it was sent.

use super::{Popup, Reader, ReaderLine};
use crate::app::msg::SentText;
use crate::domain::wrap::{width, wrap};
use crate::keys::{Action, KeyMap, Place};

impl Reader {
    /// What could not be taken of the settings, on a screen of so many columns.
    pub(in crate::app) fn of_mistakes(mistakes: Vec<String>, columns: u16) -> Self {
        let columns = Self::columns(columns);
        let mut lines = vec![ReaderLine::Text(
            "Each of these has its default instead. `certdeck doctor` lists them too.".into(),
        )];
        for mistake in mistakes {
            lines.push(ReaderLine::Text(String::new()));
            lines.extend(wrap(&mistake, columns).into_iter().map(ReaderLine::Text));
        }
        Self {
            title: "Mistakes in the settings".into(),
            lines,
            top: 0,
        }
    }

    /// A request as it was sent: line by line, cut where a screen of so many columns ends.
    pub(in crate::app) fn of_sent(what: String, text: &SentText, columns: u16) -> Self {
        let columns = Self::columns(columns);
        let mut lines = Vec::new();
        for line in text.0.lines() {
            let letters: Vec<char> = line.chars().collect();
            if letters.is_empty() {
                lines.push(ReaderLine::Text(String::new()));
            }
            for part in letters.chunks(columns) {
                let part = part.iter().collect();
                lines.push(ReaderLine::Sent(SentText(part)));
            }
        }
        Self {
            title: what,
            lines,
            top: 0,
        }
    }

    /// The keys of the places that hold here, the innermost first, on a screen of so many columns.
    pub(in crate::app) fn of_keys(
        keys: &KeyMap,
        here: &[Place],
        typing: bool,
        columns: u16,
    ) -> Self {
        Self {
            title: "Keys".into(),
            lines: help_lines(keys, here, typing, Self::columns(columns)),
            top: 0,
        }
    }
}

/// Columns of a help that hold neither keys nor words.
const AROUND: usize = 6;

/// The help's lines in so many columns: a heading a place, a key and what it does, in lines that fit; the
/// places that hold here first, then all others.
pub fn help_lines(
    keymap: &KeyMap,
    here: &[Place],
    typing: bool,
    columns: usize,
) -> Vec<ReaderLine> {
    let others = Place::ALL.iter().filter(|place| !here.contains(place));
    let all = Place::ALL.iter().flat_map(|place| keymap.rows(*place));
    let keys = all.map(|(keys, _)| width(&keys)).max().unwrap_or(0);
    let room = columns.saturating_sub(AROUND + keys.min(columns / 3));
    let mut lines = Vec::new();
    for place in here.iter().chain(others) {
        let rows: Vec<_> = if here.contains(place) {
            keymap.rows_here(here, *place, typing).collect()
        } else {
            keymap.rows(*place).collect()
        };
        if rows.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(ReaderLine::Text(String::new()));
        }
        lines.push(ReaderLine::Heading(place.heading().to_owned()));
        for (keys, binding) in rows {
            let words = wrap(binding.help, room.max(10));
            let keys = std::iter::once(keys).chain(std::iter::repeat(String::new()));
            lines.extend(
                keys.zip(words)
                    .map(|(keys, words)| ReaderLine::Key(keys, words)),
            );
        }
    }
    lines
}

/// Keys in a text to read. Where it ends is known where it is drawn, and kept to by
/// [`Model::limit_scroll`](crate::app::model::Model::limit_scroll).
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, lines: u16) {
    let page = usize::from(lines.saturating_sub(6)).max(1);
    let Some(Popup::Help(reader) | Popup::Reader(reader)) = popups.last_mut() else {
        return;
    };
    reader.top = match action {
        Action::Down => reader.top + 1,
        Action::Up => reader.top.saturating_sub(1),
        Action::PageDown => reader.top + page,
        Action::PageUp => reader.top.saturating_sub(page),
        Action::Top => 0,
        Action::Bottom => reader.lines.len(),
        Action::Back => {
            popups.pop();
            return;
        }
        _ => reader.top,
    };
}
