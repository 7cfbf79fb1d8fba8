//! A field whose value is one of a list: ←/→ goes through it, typing finds.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::ring::further;
use crate::domain::product::Choice;

/// A choice. There is always at least one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceField {
    options: Vec<Choice>,
    index: usize,
    typed: String,
}

impl ChoiceField {
    /// Options, and the one chosen at first (the first one if it is not there).
    pub fn new(options: Vec<Choice>, chosen: &str) -> Self {
        let options = if options.is_empty() {
            vec![Choice {
                id: String::new(),
                name: "none".into(),
            }]
        } else {
            options
        };
        let index = options
            .iter()
            .position(|option| option.id == chosen)
            .unwrap_or(0);
        Self {
            options,
            index,
            typed: String::new(),
        }
    }

    /// What is chosen.
    pub fn chosen(&self) -> &Choice {
        &self.options[self.index]
    }

    /// The options.
    pub fn options(&self) -> &[Choice] {
        &self.options
    }

    /// Which of them is chosen, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// What was typed to find an option.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Chooses by id. An id that is not offered is added, so that a kept draft says what it asked for.
    pub fn choose(&mut self, id: &str) {
        self.index = self
            .options
            .iter()
            .position(|option| option.id == id)
            .unwrap_or_else(|| {
                self.options.push(Choice {
                    id: id.to_string(),
                    name: format!("{id} (not offered)"),
                });
                self.options.len() - 1
            });
        self.typed.clear();
    }

    /// Goes on with what was typed so far, in a list that was made anew meanwhile.
    pub fn go_on(&mut self, typed: &str) {
        typed.clone_into(&mut self.typed);
    }

    /// Forgets what was typed to find an option.
    pub fn rest(&mut self) {
        self.typed.clear();
    }

    /// Goes so many further in the list, round and round; tells whether another option is chosen.
    pub fn turn(&mut self, by: isize) -> bool {
        let before = self.index;
        self.go(further(before, by, self.options.len()));
        self.index != before
    }

    /// Goes through the list or finds in it; tells whether another option is chosen.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let before = self.index;
        match key.code {
            KeyCode::Right => return self.turn(1),
            KeyCode::Left => return self.turn(-1),
            KeyCode::Home => self.go(0),
            KeyCode::End => self.go(self.options.len() - 1),
            KeyCode::Backspace => {
                self.typed.pop();
                self.find();
            }
            KeyCode::Char(c)
                if !key
                    .modifiers
                    .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) =>
            {
                self.typed.push(c);
                if !self.find() {
                    // A wrong letter starts over instead of leaving the field deaf.
                    self.typed.clear();
                    self.typed.push(c);
                    if !self.find() {
                        self.typed.clear();
                    }
                }
            }
            _ => {}
        }
        self.index != before
    }

    fn go(&mut self, index: usize) {
        self.index = index;
        self.typed.clear();
    }

    fn find(&mut self) -> bool {
        let typed = self.typed.trim_start().to_lowercase();
        if typed.is_empty() {
            return !self.typed.is_empty();
        }
        let name = |option: &Choice| option.name.to_lowercase();
        let found = self
            .options
            .iter()
            .position(|option| name(option) == typed)
            .or_else(|| {
                let mut options = self.options.iter();
                options.position(|option| name(option).starts_with(&typed))
            })
            .or_else(|| {
                self.options
                    .iter()
                    .position(|option| name(option).contains(&typed))
            })
            // Whoever knows the API types its word.
            .or_else(|| {
                self.options
                    .iter()
                    .position(|option| option.id.to_lowercase().starts_with(&typed))
            });
        if let Some(index) = found {
            self.index = index;
        }
        found.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platforms() -> ChoiceField {
        let options = ["OTHER", "Apache", "Microsoft IIS 8", "nginx"]
            .into_iter()
            .map(|name| Choice {
                id: name.to_lowercase(),
                name: name.into(),
            })
            .collect();
        ChoiceField::new(options, "apache")
    }

    fn press(field: &mut ChoiceField, text: &str) {
        for c in text.chars() {
            field.key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        }
    }

    #[test]
    fn arrows_go_round() {
        let mut field = platforms();
        let right = KeyEvent::new(KeyCode::Right, KeyModifiers::NONE);
        for _ in 0..3 {
            assert!(field.key(right));
        }
        assert_eq!(field.chosen().name, "OTHER");
        field.key(KeyEvent::new(KeyCode::Left, KeyModifiers::NONE));
        assert_eq!(field.chosen().name, "nginx");
    }

    #[test]
    fn typing_finds_by_the_beginning_then_anywhere() {
        let mut field = platforms();
        press(&mut field, "ng");
        assert_eq!(field.chosen().name, "nginx");
        field.rest();
        press(&mut field, "IIS 8");
        assert_eq!(field.chosen().name, "Microsoft IIS 8");
        press(&mut field, "o");
        assert_eq!(field.chosen().name, "OTHER");
    }

    #[test]
    fn a_name_that_is_typed_in_full_is_found_before_a_longer_one() {
        let choices = ["Private SSL OV", "Private SSL"].map(|name| Choice {
            id: name.into(),
            name: name.into(),
        });
        let mut field = ChoiceField::new(choices.into(), "");
        press(&mut field, "private ssl");
        assert_eq!(field.chosen().name, "Private SSL");
        press(&mut field, " o");
        assert_eq!(field.chosen().name, "Private SSL OV");
    }

    #[test]
    fn the_word_of_the_api_finds_what_no_name_holds() {
        let uses = [
            ("signing", "signing email"),
            ("dual_use", "signing and encrypting"),
        ];
        let choices = uses.map(|(id, name)| Choice {
            id: id.into(),
            name: name.into(),
        });
        let mut field = ChoiceField::new(choices.into(), "signing");
        press(&mut field, "dual");
        assert_eq!(field.chosen().id, "dual_use");
    }

    #[test]
    fn what_a_draft_asked_for_stays_even_if_it_is_not_offered() {
        let mut field = platforms();
        field.choose("tomcat");
        assert_eq!(field.chosen().id, "tomcat");
        assert!(field.chosen().name.contains("not offered"));
    }
}
