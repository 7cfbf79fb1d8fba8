//! The table with the operator's changes laid over it, and the resolution of a key in a place.

use std::collections::BTreeMap;
use std::fmt;

use super::action::Action;
use super::chord::Chord;
use super::place::Place;
use super::table::{Binding, TABLE};

/// The keys in force.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyMap {
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    place: Place,
    chords: Vec<Chord>,
    action: Action,
    table: usize,
}

/// A setting under `[keys]` that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyNotice {
    /// Table under `[keys]`.
    pub place: String,
    /// Key as written.
    pub key: String,
    /// Why it was not taken.
    pub why: String,
}

impl fmt::Display for KeyNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[keys.{}] {}: {}", self.place, self.key, self.why)
    }
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
        Self { rows }
    }
}

impl KeyMap {
    /// The table with changes: place → key → action; the action `none` takes a key away. What cannot be taken
    /// is told and left out.
    pub fn with(changes: &BTreeMap<String, BTreeMap<String, String>>) -> (Self, Vec<KeyNotice>) {
        let mut map = Self::default();
        let mut notices = Vec::new();
        for (place_name, keys) in changes {
            let place = Place::ALL.iter().find(|place| place.name() == place_name);
            for (key, action) in keys {
                let outcome = match place {
                    None => Err(format!("no such place; one of {}", places())),
                    Some(place) => map.change(*place, key, action),
                };
                if let Err(why) = outcome {
                    notices.push(KeyNotice {
                        place: place_name.clone(),
                        key: key.clone(),
                        why,
                    });
                }
            }
        }
        (map, notices)
    }

    fn change(&mut self, place: Place, key: &str, action: &str) -> Result<(), String> {
        let chord = Chord::parse(key).ok_or_else(|| {
            "not a key; write for example \"x\", \"ctrl-x\", \"f5\", \"pgdn\"".to_string()
        })?;
        let action = match action {
            "none" => None,
            name => Some(Action::parse(name).ok_or_else(|| format!("no action is called {name}"))?),
        };
        let target = match action {
            None => None,
            Some(action) => Some(
                self.rows
                    .iter()
                    .position(|row| row.place == place && row.action == action)
                    .ok_or_else(|| {
                        format!("{} cannot be done in {}", action.name(), place.name())
                    })?,
            ),
        };
        for row in self.rows.iter_mut().filter(|row| row.place == place) {
            row.chords.retain(|have| *have != chord);
        }
        if let Some(index) = target {
            self.rows[index].chords.insert(0, chord);
        }
        Ok(())
    }

    /// What a key asks for, the innermost place first.
    pub fn resolve(&self, places: &[Place], chord: Chord) -> Option<Action> {
        places.iter().find_map(|place| {
            self.rows
                .iter()
                .find(|row| row.place == *place && row.chords.contains(&chord))
                .map(|row| row.action)
        })
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

    /// The first key of an action in these places, as text.
    pub fn key_of(&self, places: &[Place], action: Action) -> Option<String> {
        places.iter().find_map(|place| {
            self.rows
                .iter()
                .find(|row| row.place == *place && row.action == action)
                .and_then(|row| row.chords.first())
                .map(ToString::to_string)
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

    fn changed(place: &str, key: &str, action: &str) -> (KeyMap, Vec<KeyNotice>) {
        let keys = BTreeMap::from([(key.to_string(), action.to_string())]);
        KeyMap::with(&BTreeMap::from([(place.to_string(), keys)]))
    }

    #[test]
    fn a_key_can_be_moved_to_another_action() {
        let (map, notices) = changed("order", "r", "duplicate");
        assert!(notices.is_empty());
        let r = Chord::parse("r").unwrap();
        assert_eq!(map.resolve(&[Place::Order], r), Some(Action::Duplicate));
    }

    #[test]
    fn a_wrong_setting_is_told_and_changes_nothing() {
        for (place, key, action) in [
            ("kitchen", "x", "duplicate"),
            ("order", "hyper-x", "duplicate"),
            ("order", "x", "fly"),
            ("order", "x", "review"),
        ] {
            let (map, notices) = changed(place, key, action);
            assert_eq!(notices.len(), 1, "{place} {key} {action}");
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
