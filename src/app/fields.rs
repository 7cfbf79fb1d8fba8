//! Fields that are filled in: how one goes from field to field, and in a field from choice to choice, the same in every form
//! and every question, round and round; which of them has the focus and takes what is typed.
//!
//! What each screen keeps for itself: the order of its fields, since some come and go with what is chosen; what follows an
//! edit; the problems that a form finds at each of its fields; and its guard against private keys, which stands before the
//! whole screen. The choices of a list of CSRs are the engine's: its screen turns them there.

use crossterm::event::{KeyCode, KeyEvent};

use super::choice::ChoiceField;
use super::field::TextField;
use super::ring::after;
use crate::domain::product::Choice;

/// Which way a key turns a choice, if it does.
pub fn turns(key: KeyEvent) -> Option<isize> {
    match key.code {
        KeyCode::Left => Some(-1),
        KeyCode::Right | KeyCode::Char(' ') => Some(1),
        _ => None,
    }
}

/// What is in a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    Text(TextField),
    /// One of a list.
    Choice(ChoiceField),
    Flag(bool),
}

impl Input {
    /// Something to choose from, by id and name, and the id of what is chosen at first.
    pub fn choice(options: impl IntoIterator<Item = (String, String)>, chosen: &str) -> Self {
        let options = options.into_iter();
        let options = options.map(|(id, name)| Choice { id, name }).collect();
        Self::Choice(ChoiceField::new(options, chosen))
    }

    /// What is typed, where text is.
    pub fn text(&self) -> Option<&TextField> {
        match self {
            Self::Text(text) => Some(text),
            Self::Choice(_) | Self::Flag(_) => None,
        }
    }

    /// The same, to type into.
    pub fn text_mut(&mut self) -> Option<&mut TextField> {
        match self {
            Self::Text(text) => Some(text),
            Self::Choice(_) | Self::Flag(_) => None,
        }
    }

    /// Takes a key that turns what is not typed. Tells whether something else is chosen.
    pub fn turn(&mut self, key: KeyEvent) -> bool {
        let Some(by) = turns(key) else {
            return false;
        };
        match self {
            Self::Text(_) => false,
            Self::Choice(choice) => choice.turn(by),
            Self::Flag(flag) => {
                *flag = !*flag;
                true
            }
        }
    }

    /// Takes a key that is typed, which in a choice finds. Tells whether something else is in it.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        match self {
            Self::Text(text) => text.key(key),
            Self::Choice(choice) => choice.key(key),
            Self::Flag(_) => self.turn(key),
        }
    }
}

/// A field and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<Id> {
    pub id: Id,
    /// What is in it.
    pub input: Input,
    /// Whether somebody changed it.
    pub touched: bool,
}

impl<Id> Field<Id> {
    /// A field that nobody changed.
    pub fn new(id: Id, input: Input) -> Self {
        Self {
            id,
            input,
            touched: false,
        }
    }
}

/// Fields of which one has the focus, or something else of their screen that stands among them.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSet<Id> {
    /// The fields.
    pub all: Vec<Field<Id>>,
    focus: Id,
    /// What was wrong with the last try.
    pub error: Option<String>,
}

impl<Id: Copy + PartialEq> FieldSet<Id> {
    /// Fields that nobody changed, and what has the focus.
    pub fn new(fields: impl IntoIterator<Item = (Id, Input)>, focus: Id) -> Self {
        let fields = fields.into_iter();
        let mut set = Self {
            all: fields.map(|(id, input)| Field::new(id, input)).collect(),
            focus,
            error: None,
        };
        set.refocus(focus);
        set
    }

    /// What has the focus.
    pub fn focus(&self) -> Id {
        self.focus
    }

    /// A field, if it is there.
    pub fn get(&self, id: Id) -> Option<&Field<Id>> {
        self.all.iter().find(|field| field.id == id)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: Id) -> Option<&mut Field<Id>> {
        self.all.iter_mut().find(|field| field.id == id)
    }

    /// What is in a field, as text: a choice's id, `true` for a flag that is on; empty for a field that is not there.
    pub fn value(&self, id: Id) -> String {
        match self.get(id).map(|field| &field.input) {
            Some(Input::Text(text)) => text.text(),
            Some(Input::Choice(choice)) => choice.chosen().id.clone(),
            Some(Input::Flag(true)) => "true".into(),
            Some(Input::Flag(false)) | None => String::new(),
        }
    }

    /// Gives it the focus: only there a cursor is shown, and what was typed to find a choice elsewhere is forgotten.
    pub fn refocus(&mut self, id: Id) {
        self.focus = id;
        for field in &mut self.all {
            match &mut field.input {
                Input::Text(text) => text.set_focus(field.id == id),
                Input::Choice(choice) if field.id != id => choice.rest(),
                Input::Choice(_) | Input::Flag(_) => {}
            }
        }
    }

    /// Gives the focus to the next of these, or the one before.
    pub fn step(&mut self, stops: &[Id], by: isize) {
        self.refocus(after(stops, self.focus, by));
    }

    /// Goes to what was wrong, and says why.
    pub fn refuse(&mut self, id: Id, why: String) {
        self.refocus(id);
        self.error = Some(why);
    }

    /// What is typed where the focus is, if text is.
    pub fn text(&self) -> Option<&TextField> {
        self.get(self.focus)?.input.text()
    }

    /// The same, to type into.
    pub fn text_mut(&mut self) -> Option<&mut TextField> {
        self.get_mut(self.focus)?.input.text_mut()
    }

    /// Puts a text into a field that takes one, in place of what was there.
    pub fn set_text(&mut self, id: Id, text: &str) {
        if let Some(field) = self.get_mut(id).and_then(|field| field.input.text_mut()) {
            field.set_text(text);
        }
    }

    /// Every field that takes text.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut TextField> {
        let inputs = self.all.iter_mut().map(|field| &mut field.input);
        inputs.filter_map(Input::text_mut)
    }

    /// Takes a key that turns what is chosen where the focus is.
    pub fn turn(&mut self, key: KeyEvent) {
        if let Some(field) = self.get_mut(self.focus) {
            field.input.turn(key);
        }
    }
}
