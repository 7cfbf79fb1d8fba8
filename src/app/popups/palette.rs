//! The command palette.

use super::{Command, Palette, Popup};
use crate::app::cx::Cx;
use crate::app::picker::Picker;
use crate::app::status::Tone;
use crate::app::turn::Outcome;
use crate::keys::{Action, Place};

impl Palette {
    /// The commands of these places, and all others.
    pub(in crate::app) fn of(below: Vec<Place>, all: Vec<Command>) -> Self {
        let mut palette = Self {
            below,
            found: Vec::new(),
            picker: Picker::typed(),
        };
        palette.search(all);
        palette
    }

    /// Looks up what is typed among all commands there are now.
    pub(in crate::app) fn search(&mut self, all: Vec<Command>) {
        use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
        use nucleo_matcher::{Config, Matcher, Utf32Str};

        let typed = self.picker.text();
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
        self.found = scored.into_iter().map(|(_, _, command)| command).collect();
        self.picker.begin();
    }
}

/// Keys in the palette.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let page = usize::from(Palette::LINES.min(cx.box_lines));
    let Some(Popup::Palette(palette)) = popups.last_mut() else {
        return;
    };
    if palette.picker.go(action, &palette.rows(), page) {
        return;
    }
    match action {
        Action::Back => {
            popups.pop();
        }
        Action::Open => {
            let Some(chosen) = palette.found.get(palette.at()).cloned() else {
                let words = "Unknown command; press : for all commands.";
                cx.turn.set_status(Tone::Warn, words);
                return;
            };
            let keys = cx.keys;
            let mut rows = palette.below.iter().flat_map(|place| keys.rows(*place));
            let here = rows.any(|(_, row)| row.action == chosen.action);
            popups.pop();
            let Some(why) = chosen.why_not else {
                let action = chosen.action;
                cx.turn.ask(Outcome::Act { action, here });
                return;
            };
            let words = match chosen.key.filter(|_| !here) {
                Some(key) => format!("{why} Its key there: {key}."),
                None => why,
            };
            cx.turn.set_status(Tone::Warn, words);
        }
        _ => {}
    }
}
