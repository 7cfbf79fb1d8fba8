//! The command palette and the help: both are made from the key table.

use super::actions;
use super::cursor::{Cursor, Move};
use super::effect::Effect;
use super::field::TextField;
use super::model::{Model, Tone};
use super::popup::{Command, Palette, Popup, Reader, ReaderLine};
use crate::domain::wrap::{width, wrap};
use crate::keys::{Action, KeyMap, Place};

/// Opens the palette.
pub(super) fn open(model: &mut Model) {
    let field = TextField::asked();
    model.popups.push(Popup::Palette(Box::new(Palette {
        field,
        found: Vec::new(),
        cursor: Cursor::default(),
    })));
    search(model);
}

/// The places of the screens below the palette.
const BELOW: &[Place] = &[
    Place::Order,
    Place::Orders,
    Place::Detail,
    Place::Requests,
    Place::Lists,
    Place::Everywhere,
    Place::Always,
];

/// Places whose commands say themselves where they can be done.
const SAYING: &[Place] = &[Place::Domains, Place::Journal];

/// Commands that can be meant on the screens below the palette, and those of other places, which say where they work.
fn commands(model: &Model) -> (Vec<Command>, Vec<Command>) {
    let mut seen = vec![Action::Palette, Action::Back];
    let mut of = |places: &mut dyn Iterator<Item = &Place>| {
        let mut all = Vec::new();
        for place in places {
            for (keys, binding) in model.keymap.rows(*place) {
                let action = binding.action;
                if seen.contains(&action) {
                    continue;
                }
                seen.push(action);
                let why_not = if BELOW.contains(place) || SAYING.contains(place) {
                    super::commands::why_not(model, action)
                } else {
                    Some(format!("This works in {}: {keys} there.", place.name()))
                };
                all.push(Command {
                    action,
                    key: Some(keys),
                    help: binding.help,
                    why_not,
                });
            }
        }
        all
    };
    let here = of(&mut BELOW.iter());
    let elsewhere = of(&mut Place::ALL.iter().filter(|place| !BELOW.contains(place)));
    (here, elsewhere)
}

/// Looks up what is typed in the palette, if it is open.
pub(super) fn search(model: &mut Model) {
    use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
    use nucleo_matcher::{Config, Matcher, Utf32Str};

    if !matches!(model.popups.last(), Some(Popup::Palette(_))) {
        return;
    }
    let (here, elsewhere) = commands(model);
    let Some(Popup::Palette(palette)) = model.popups.last_mut() else {
        return;
    };
    let pattern = Pattern::parse(
        &palette.field.text(),
        CaseMatching::Ignore,
        Normalization::Smart,
    );
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut found = |commands: Vec<Command>| {
        let mut scored: Vec<(u32, usize, Command)> = commands
            .into_iter()
            .enumerate()
            .filter_map(|(at, command)| {
                let words = format!("{} {}", command.action.name(), command.help);
                let score = pattern.score(Utf32Str::new(&words, &mut letters), &mut matcher)?;
                Some((score, at, command))
            })
            .collect();
        scored.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
        scored
            .into_iter()
            .map(|(_, _, command)| command)
            .collect::<Vec<_>>()
    };
    let typed = palette.field.text();
    let mut all = found(here);
    let mut others = found(elsewhere);
    // One that is named in full is meant, whatever here is like it.
    let named = others
        .iter()
        .position(|command| command.action.name() == typed.trim());
    if all.is_empty() {
        all = others;
    } else if let Some(named) = named {
        all.insert(0, others.swap_remove(named));
    }
    palette.found = all;
    palette.cursor = Cursor::default();
}

/// Keys in the palette.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Popup::Palette(palette)) = model.popups.last_mut() else {
        return Vec::new();
    };
    let len = palette.found.len();
    match action {
        Action::Down => palette.cursor.go(Move::By(1), len, len),
        Action::Up => palette.cursor.go(Move::By(-1), len, len),
        Action::Back => {
            model.popups.pop();
        }
        Action::Open => {
            let chosen = palette
                .found
                .get(palette.cursor.at)
                .map(|command| (command.action, command.why_not.clone()));
            model.popups.pop();
            if let Some((_, Some(why))) = chosen {
                model.tell(Tone::Warn, why);
                return Vec::new();
            }
            return match chosen.map(|(action, _)| action) {
                Some(Action::Suspend) => vec![Effect::Suspend],
                Some(Action::Redraw) => vec![Effect::Redraw],
                Some(Action::Interrupt) => super::prompts::quit(model),
                Some(action) => actions::on_screen(model, action),
                None => {
                    model.tell(Tone::Warn, "No such command; : shows all of them.");
                    Vec::new()
                }
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
        "Each of these has its default instead. `certdeck doctor` tells them too.".into(),
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
    let lines = help_lines(&model.keymap, &places, Reader::columns(model.size.0));
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
pub fn help_lines(keymap: &KeyMap, here: &[Place], columns: usize) -> Vec<ReaderLine> {
    let others = Place::ALL.iter().filter(|place| !here.contains(place));
    let all = Place::ALL.iter().flat_map(|place| keymap.rows(*place));
    let keys = all.map(|(keys, _)| width(&keys)).max().unwrap_or(0);
    let room = columns.saturating_sub(AROUND + keys.min(columns / 3));
    let mut lines = Vec::new();
    for place in here.iter().chain(others) {
        let rows: Vec<_> = keymap.rows(*place).collect();
        if rows.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(ReaderLine::Text(String::new()));
        }
        lines.push(ReaderLine::Heading(place.name().to_string()));
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
