//! The table with the operator's changes laid over it, and the resolution of a key in a place.

use crossterm::event::KeyModifiers;

use super::action::Action;
use super::chord::Chord;
use super::place::Place;
use super::table::{Binding, TABLE};

/// The keys in force.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyMap {
    rows: Vec<Row>,
    /// Keys that do nothing in a place, whatever they do in the places around it.
    taken: Vec<(Place, Chord)>,
}

/// A change to the keys, as the operator wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyChange<'a> {
    pub place: &'a str,
    pub key: &'a str,
    /// The action's name, or `none`, which takes the key away.
    pub action: &'a str,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    place: Place,
    chords: Vec<Chord>,
    action: Action,
    table: usize,
}

impl Default for KeyMap {
    fn default() -> Self {
        let rows = TABLE
            .iter()
            .enumerate()
            .map(|(table, binding)| Row {
                place: binding.place,
                chords: binding
                    .keys
                    .iter()
                    .filter_map(|key| Chord::parse(key))
                    .collect(),
                action: binding.action,
                table,
            })
            .collect();
        Self {
            rows,
            taken: Vec::new(),
        }
    }
}

impl KeyMap {
    /// The table with changes laid over it. What cannot be taken is left out; why not is told with the number of the
    /// change.
    pub fn with<'a>(
        changes: impl IntoIterator<Item = KeyChange<'a>>,
    ) -> (Self, Vec<(usize, String)>) {
        let mut map = Self::default();
        let mut wrong = Vec::new();
        for (at, change) in changes.into_iter().enumerate() {
            if let Err(why) = map.change(change) {
                wrong.push((at, why));
            }
        }
        (map, wrong)
    }

    fn change(&mut self, change: KeyChange<'_>) -> Result<(), String> {
        let place = Place::ALL
            .iter()
            .copied()
            .find(|place| place.name() == change.place)
            .ok_or_else(|| format!("unknown place; use one of {}", places()))?;
        let chord = Chord::parse(change.key).ok_or_else(|| {
            "not a key; write for example \"x\", \"ctrl-x\", \"f5\", \"pgdn\"".to_string()
        })?;
        let action = match change.action {
            "none" => None,
            name => Some(Action::parse(name).ok_or_else(|| format!("unknown command `{name}`"))?),
        };
        let row = action.map(|action| self.row(place, action)).transpose()?;
        for row in self.rows.iter_mut().filter(|row| row.place == place) {
            row.chords.retain(|have| *have != chord);
        }
        self.taken.retain(|taken| *taken != (place, chord));
        match row {
            Some(row) => {
                self.rows[row].chords.insert(0, chord);
                self.free(place, chord);
            }
            None => self.taken.push((place, chord)),
        }
        Ok(())
    }

    /// A move in rows has a Control key beside the one that is shown for it. Who gives that key to something that is asked
    /// for from everywhere gets it there as well.
    fn free(&mut self, place: Place, chord: Chord) {
        let is_outside = matches!(place, Place::Everywhere | Place::Always);
        if !is_outside || !chord.mods.contains(KeyModifiers::CONTROL) {
            return;
        }
        for row in self.rows.iter_mut().filter(|row| row.place == Place::Rows) {
            let spare = row.chords.iter().skip(1).position(|have| *have == chord);
            if let Some(at) = spare {
                row.chords.remove(at + 1);
            }
        }
    }

    /// The row of an action in a place; a new one for an action of a place around it.
    fn row(&mut self, place: Place, action: Action) -> Result<usize, String> {
        let in_place = |place| move |row: &Row| row.place == place && row.action == action;
        if let Some(at) = self.rows.iter().position(in_place(place)) {
            return Ok(at);
        }
        let around = place.around().iter();
        let table = around
            .filter_map(|around| self.rows.iter().find(|row| in_place(*around)(row)))
            .map(|row| row.table)
            .next()
            .ok_or_else(|| format!("{} is not available in {}", action.name(), place.name()))?;
        self.rows.push(Row {
            place,
            chords: Vec::new(),
            action,
            table,
        });
        Ok(self.rows.len() - 1)
    }

    /// What a key asks for where text may be typed: that takes what it needs before the moves in rows have it.
    pub fn resolve_typing(&self, places: &[Place], chord: Chord, typing: bool) -> Option<Action> {
        if !typing {
            return self.resolve(places, chord);
        }
        if chord.is_text() {
            return None;
        }
        let of_rows = |place: &&Place| **place == Place::Rows && chord.is_of_line();
        let places: Vec<Place> = places
            .iter()
            .filter(|place| !of_rows(place))
            .copied()
            .collect();
        self.resolve(&places, chord)
    }

    /// What a key asks for, the innermost place first.
    pub fn resolve(&self, places: &[Place], chord: Chord) -> Option<Action> {
        for place in places {
            let row = self
                .rows
                .iter()
                .find(|row| row.place == *place && row.chords.contains(&chord));
            if row.is_some() || self.taken.contains(&(*place, chord)) {
                return row.map(|row| row.action);
            }
        }
        None
    }

    /// The rows of a place: its keys as text, and what the table says of them. Rows without a key are left out.
    pub fn rows(&self, place: Place) -> impl Iterator<Item = (String, &'static Binding)> + '_ {
        self.rows
            .iter()
            .filter(move |row| row.place == place && !row.chords.is_empty())
            .map(|row| {
                let keys: Vec<String> = row.chords.iter().map(ToString::to_string).collect();
                (keys.join(" "), &TABLE[row.table])
            })
    }

    /// The same with the keys alone that ask for it where these places hold: a nearer one may have taken a key, or given it
    /// to something else.
    pub fn rows_here(
        &self,
        places: &[Place],
        place: Place,
        typing: bool,
    ) -> impl Iterator<Item = (String, &'static Binding)> {
        let of_place = self.rows.iter().filter(move |row| row.place == place);
        of_place.filter_map(move |row| {
            let asks =
                |chord: &&Chord| self.resolve_typing(places, **chord, typing) == Some(row.action);
            let keys: Vec<String> = row
                .chords
                .iter()
                .filter(asks)
                .map(ToString::to_string)
                .collect();
            (!keys.is_empty()).then(|| (keys.join(" "), &TABLE[row.table]))
        })
    }

    /// The key that a footer shows for a row of a place where these places hold: its first one, or another where that does
    /// nothing any more; none where it asks for something else.
    pub fn shown(&self, places: &[Place], place: Place, action: Action) -> Option<String> {
        let of_action = |row: &&Row| row.place == place && row.action == action;
        let first = self.rows.iter().find(of_action)?.chords.first()?;
        match self.resolve(places, *first) {
            Some(asks) if asks == action => Some(first.to_string()),
            Some(_) => None,
            None => self.key_of(places, action),
        }
    }

    /// The keys of a row that ask for its action in these places.
    fn keys<'a>(&'a self, places: &'a [Place], row: &'a Row) -> impl Iterator<Item = &'a Chord> {
        let asks = |chord: &&Chord| self.resolve(places, **chord) == Some(row.action);
        row.chords.iter().filter(asks)
    }

    /// The first key of an action in these places, as text.
    pub fn key_of(&self, places: &[Place], action: Action) -> Option<String> {
        places.iter().find_map(|place| {
            let of_action = |row: &&Row| row.place == *place && row.action == action;
            let row = self.rows.iter().find(of_action)?;
            self.keys(places, row).next().map(ToString::to_string)
        })
    }
}

fn places() -> String {
    let names: Vec<&str> = Place::ALL.iter().map(|place| place.name()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_key_of_the_table_can_be_pressed() {
        for binding in TABLE {
            for key in binding.keys {
                assert!(Chord::parse(key).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let mut seen = HashSet::new();
        for binding in TABLE {
            for key in binding.keys {
                assert!(
                    seen.insert((binding.place, Chord::parse(key))),
                    "{key} twice in {}",
                    binding.place.name()
                );
            }
        }
    }

    #[test]
    fn every_action_has_a_key_and_its_name_reads_back() {
        for action in Action::ALL {
            assert!(
                TABLE.iter().any(|binding| binding.action == *action),
                "{}",
                action.name()
            );
            assert_eq!(Action::parse(action.name()), Some(*action));
        }
    }

    fn changed(place: &str, key: &str, action: &str) -> (KeyMap, Vec<(usize, String)>) {
        KeyMap::with([KeyChange { place, key, action }])
    }

    #[test]
    fn a_key_can_be_moved_to_another_action() {
        let (map, wrong) = changed("order", "r", "duplicate");
        assert_eq!(wrong, []);
        let r = Chord::parse("r").unwrap();
        assert_eq!(map.resolve(&[Place::Order], r), Some(Action::Duplicate));
    }

    #[test]
    fn every_command_that_works_in_a_place_can_have_a_key_there() {
        for place in Place::ALL {
            let here = std::iter::once(place).chain(place.around());
            for binding in TABLE {
                let works = here.clone().any(|here| *here == binding.place);
                let (map, wrong) = changed(place.name(), "f12", binding.action.name());
                let also = TABLE.iter().any(|other| {
                    other.action == binding.action && here.clone().any(|here| *here == other.place)
                });
                assert_eq!(wrong.is_empty(), works || also, "{place:?} {binding:?}");
                let found = map.resolve(&[*place], Chord::parse("f12").unwrap());
                assert_eq!(found.is_some(), works || also, "{place:?} {binding:?}");
            }
        }
        // The example of the settings, and of the page about them.
        let (map, _) = changed("orders", "x", "duplicate");
        let x = Chord::parse("x").unwrap();
        assert_eq!(
            map.resolve(&[Place::Orders, Place::Order], x),
            Some(Action::Duplicate)
        );
        assert_eq!(
            map.key_of(&[Place::Orders, Place::Order], Action::Duplicate)
                .unwrap(),
            "x"
        );
    }

    #[test]
    fn a_key_can_be_taken_from_a_place_also_one_of_the_places_around_it() {
        let (map, wrong) = changed("orders", "d", "none");
        assert_eq!(wrong, []);
        let d = Chord::parse("d").unwrap();
        assert_eq!(map.resolve(&[Place::Orders, Place::Order], d), None);
        assert_eq!(
            map.resolve(&[Place::Detail, Place::Order], d),
            Some(Action::Duplicate)
        );
    }

    #[test]
    fn a_key_is_shown_only_where_it_asks_for_what_it_says() {
        let here = [Place::Orders, Place::Order, Place::Lists, Place::Rows];
        let change = |key, action| KeyChange {
            place: "orders",
            key,
            action,
        };
        let (map, wrong) = KeyMap::with([
            change("d", "reissue"),
            change("r", "none"),
            change("j", "none"),
        ]);
        assert_eq!(wrong, []);
        for place in here {
            for (keys, binding) in map.rows_here(&here, place, false) {
                let shown = keys.split(' ').count();
                let row = map.rows.iter();
                let mut row = row.filter(|row| row.place == place && row.action == binding.action);
                let row = row.next().unwrap();
                let asks = |chord: &&Chord| map.resolve(&here, **chord) == Some(binding.action);
                assert_eq!(row.chords.iter().filter(asks).count(), shown, "{keys}");
            }
        }
        let shown = |place, action| {
            let mut rows = map.rows_here(&here, place, false);
            rows.find(|(_, binding)| binding.action == action)
        };
        assert_eq!(shown(Place::Orders, Action::Reissue).unwrap().0, "d");
        assert!(shown(Place::Order, Action::Duplicate).is_none());
        assert!(shown(Place::Order, Action::Reissue).is_none());
        assert_eq!(map.key_of(&here, Action::Reissue).as_deref(), Some("d"));
        assert_eq!(map.key_of(&here, Action::Duplicate), None);
        // The key that is left moves down.
        assert_eq!(map.key_of(&here, Action::Down).as_deref(), Some("↓"));
    }

    #[test]
    fn one_row_moves_in_all_lists_and_opens_and_sends_nothing() {
        let of = |action| TABLE.iter().filter(move |row| row.action == action);
        for action in [Action::Down, Action::Up] {
            assert_eq!(of(action).count(), 1, "{action:?}");
        }
        let rows = || TABLE.iter().filter(|row| row.place == Place::Rows);
        assert_eq!(rows().count(), 4);
        assert!(rows().all(|row| row.action.only_moves()));
        // What has rows over the screens takes no key of their lists, of which some open.
        let over = Place::ALL
            .iter()
            .filter(|place| !Place::SCREENS.contains(place));
        for place in over.filter(|place| place.has_rows()) {
            assert!(!place.around().contains(&Place::Lists), "{place:?}");
        }
    }

    #[test]
    fn a_control_key_that_is_given_away_everywhere_moves_no_longer() {
        for (place, here) in [
            (
                "everywhere",
                &[Place::Lists, Place::Rows, Place::Everywhere][..],
            ),
            ("always", &[Place::Copy, Place::Rows, Place::Always]),
        ] {
            for (key, spare) in [
                ("ctrl-n", Action::Down),
                ("ctrl-p", Action::Up),
                ("ctrl-f", Action::PageDown),
                ("ctrl-b", Action::PageUp),
            ] {
                let chord = Chord::parse(key).unwrap();
                assert_eq!(KeyMap::default().resolve(here, chord), Some(spare));
                let (map, wrong) = changed(place, key, "help");
                assert_eq!(wrong, [], "{place} {key}");
                assert_eq!(
                    map.resolve(here, chord),
                    Some(Action::Help),
                    "{place} {key}"
                );
            }
        }
        let own = |place, action| KeyChange {
            place,
            key: "ctrl-p",
            action,
        };
        let (map, _) = KeyMap::with([own("rows", "up"), own("always", "help")]);
        let here = [Place::Copy, Place::Rows, Place::Always];
        let chord = Chord::parse("ctrl-p").unwrap();
        assert_eq!(
            map.resolve(&here, chord),
            Some(Action::Up),
            "asked for by name"
        );
    }

    #[test]
    fn every_place_that_had_moves_of_its_own_can_be_given_other_keys_for_them() {
        let moves = [Action::Down, Action::Up, Action::PageDown, Action::PageUp];
        for name in [
            "lists",
            "orders",
            "order",
            "detail",
            "domains",
            "requests",
            "journal",
            "filter",
            "review",
            "bulk",
            "bulk-run",
            "copy",
            "record",
            "operations",
            "watch",
            "palette",
            "reader",
            "path",
        ] {
            let place = Place::ALL
                .iter()
                .find(|place| place.name() == name)
                .unwrap();
            let here = [*place, Place::Rows];
            for action in moves {
                let (map, wrong) = changed(name, "f12", action.name());
                assert_eq!(wrong, [], "{name}");
                let f12 = Chord::parse("f12").unwrap();
                assert_eq!(map.resolve(&here, f12), Some(action), "{name}");
                assert_eq!(map.resolve(&[Place::Rows], f12), None, "{name}");
            }
            let (map, wrong) = changed(name, "j", "none");
            assert_eq!(wrong, [], "{name}");
            let j = Chord::parse("j").unwrap();
            assert_eq!(map.resolve(&here, j), None, "{name}");
            assert_eq!(map.resolve(&[Place::Rows], j), Some(Action::Down), "{name}");
        }
    }

    #[test]
    fn a_line_that_is_typed_in_keeps_its_keys() {
        let map = KeyMap::default();
        let here = [Place::Palette, Place::Rows, Place::Always];
        for (key, typed) in [
            ("j", None),
            ("ctrl-f", None),
            ("down", Some(Action::Down)),
            ("ctrl-n", Some(Action::Down)),
            ("pgdn", Some(Action::PageDown)),
            ("enter", Some(Action::Open)),
            ("f1", Some(Action::Help)),
        ] {
            let chord = Chord::parse(key).unwrap();
            assert_eq!(map.resolve_typing(&here, chord, true), typed, "{key}");
            assert!(map.resolve_typing(&here, chord, false).is_some(), "{key}");
        }
        let shown = |typing| {
            let mut rows = map.rows_here(&here, Place::Rows, typing);
            rows.find(|(_, row)| row.action == Action::Down).unwrap().0
        };
        assert_eq!(shown(true), "↓ Ctrl-N");
        assert_eq!(shown(false), "j ↓ Ctrl-N");
    }

    #[test]
    fn a_wrong_setting_is_told_and_changes_nothing() {
        for (place, key, action) in [
            ("kitchen", "x", "duplicate"),
            ("order", "hyper-x", "duplicate"),
            ("order", "x", "fly"),
            ("order", "x", "review"),
            ("copy", "x", "duplicate"),
            ("always", "x", "duplicate"),
        ] {
            let (map, wrong) = changed(place, key, action);
            assert_eq!(wrong.len(), 1, "{place} {key} {action}");
            assert_eq!(map, KeyMap::default());
        }
    }

    #[test]
    fn the_innermost_place_wins() {
        let map = KeyMap::default();
        let r = Chord::parse("r").unwrap();
        assert_eq!(
            map.resolve(&[Place::Copy, Place::Order], r),
            Some(Action::CopyRoot)
        );
        assert_eq!(
            map.resolve(&[Place::Order, Place::Lists], r),
            Some(Action::Reissue)
        );
    }
}
