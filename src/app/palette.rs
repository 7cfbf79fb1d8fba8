//! The command palette and the help: both are made from the key table.

use super::actions;
use super::dispatch;
use super::effect::Effect;
use super::model::Model;
use super::picker::Picker;
use super::popup::{Command, Palette, Popup, Reader, ReaderLine};
use crate::app::status::Tone;
use crate::domain::wrap::{width, wrap};
use crate::keys::{Action, KeyMap, Place};

/// Opens the palette.
pub(super) fn open(model: &mut Model) {
    let below = model.places();
    model.popups.push(Popup::Palette(Box::new(Palette {
        below,
        found: Vec::new(),
        picker: Picker::typed(),
    })));
    search(model);
}

/// All commands there are, those of the place below the palette first; what cannot be done there says why.
fn commands(model: &Model, below: &[Place]) -> Vec<Command> {
    let others = Place::ALL.iter().filter(|place| !below.contains(place));
    let mut seen = Vec::new();
    let mut all = Vec::new();
    for place in below.iter().chain(others) {
        for (_, binding) in model.keymap.rows(*place) {
            let action = binding.action;
            if seen.contains(&action) || matches!(action, Action::Palette | Action::Back) {
                continue;
            }
            seen.push(action);
            all.push(Command {
                action,
                key: if below.contains(place) {
                    model.keymap.key_of(below, action)
                } else {
                    model.keymap.key_of(&[*place], action)
                },
                help: binding.help,
                why_not: super::commands::why_not_below(model, below, action),
            });
        }
    }
    // What can be done stands first.
    all.sort_by_key(|command| command.why_not.is_some());
    all
}

/// Looks up what is typed in the palette, if it is open.
pub(super) fn search(model: &mut Model) {
    use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
    use nucleo_matcher::{Config, Matcher, Utf32Str};

    let Some(Popup::Palette(palette)) = model.popups.last() else {
        return;
    };
    let all = commands(model, &palette.below);
    let Some(Popup::Palette(palette)) = model.popups.last_mut() else {
        return;
    };
    let typed = palette.picker.text();
    let pattern = Pattern::parse(&typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut scored: Vec<(u32, usize, Command)> = all
        .into_iter()
        .enumerate()
        .filter_map(|(at, command)| {
            let words = format!("{} {}", command.action.name(), command.help);
            let score = pattern.score(Utf32Str::new(&words, &mut letters), &mut matcher)?;
            Some((score, at, command))
        })
        .collect();
    // One that is named in full is meant, whatever is like it.
    scored.sort_by_key(|(score, at, command)| {
        (
            command.action.name() != typed.trim(),
            std::cmp::Reverse(*score),
            *at,
        )
    });
    palette.found = scored.into_iter().map(|(_, _, command)| command).collect();
    palette.picker.begin();
}

/// Keys in the palette.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = usize::from(Palette::LINES.min(model.box_lines()));
    let Some(Popup::Palette(palette)) = model.popups.last_mut() else {
        return Vec::new();
    };
    if palette.picker.go(action, &palette.rows(), page) {
        return Vec::new();
    }
    match action {
        Action::Back => {
            model.popups.pop();
        }
        Action::Open => {
            let chosen = palette.found.get(palette.at()).cloned();
            let here = |action| {
                let mut places = palette.below.iter();
                places.any(|place| {
                    model
                        .keymap
                        .rows(*place)
                        .any(|(_, row)| row.action == action)
                })
            };
            let is_here = chosen.as_ref().is_some_and(|chosen| here(chosen.action));
            let Some(chosen) = chosen else {
                model.set_status(Tone::Warn, "Unknown command; press : for all commands.");
                return Vec::new();
            };
            model.popups.pop();
            if let Some(why) = chosen.why_not {
                let words = match chosen.key.filter(|_| !is_here) {
                    Some(key) => format!("{why} Its key there: {key}."),
                    None => why,
                };
                model.set_status(Tone::Warn, words);
                return Vec::new();
            }
            return if is_here {
                dispatch::dispatch(model, chosen.action)
            } else {
                actions::on_screen(model, chosen.action)
            };
        }
        _ => {}
    }
    Vec::new()
}

/// Shows what could not be taken of the settings, until it is read.
pub(super) fn mistakes(model: &mut Model, mistakes: Vec<String>) {
    let columns = Reader::columns(model.size.0);
    let mut lines = vec![ReaderLine::Text(
        "Each of these has its default instead. `certdeck doctor` lists them too.".into(),
    )];
    for mistake in mistakes {
        lines.push(ReaderLine::Text(String::new()));
        lines.extend(wrap(&mistake, columns).into_iter().map(ReaderLine::Text));
    }
    model.popups.push(Popup::Reader(Reader {
        title: "Mistakes in the settings".into(),
        lines,
        top: 0,
    }));
}

/// Shows the keys of the place that is left, the innermost first.
pub(super) fn help(model: &mut Model) {
    let places = model.places();
    let lines = help_lines(
        &model.keymap,
        &places,
        model.is_typing(),
        Reader::columns(model.size.0),
    );
    model.popups.push(Popup::Help(Reader {
        title: "Keys".into(),
        lines,
        top: 0,
    }));
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

/// Keys in a text to read. Where it ends is known where it is drawn, and kept to by [`Model::limit_scroll`].
pub(super) fn read(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = usize::from(model.size.1.saturating_sub(6)).max(1);
    let Some(Popup::Help(reader) | Popup::Reader(reader)) = model.popups.last_mut() else {
        return Vec::new();
    };
    reader.top = match action {
        Action::Down => reader.top + 1,
        Action::Up => reader.top.saturating_sub(1),
        Action::PageDown => reader.top + page,
        Action::PageUp => reader.top.saturating_sub(page),
        Action::Top => 0,
        Action::Bottom => reader.lines.len(),
        Action::Back => {
            model.popups.pop();
            return Vec::new();
        }
        _ => reader.top,
    };
    Vec::new()
}
