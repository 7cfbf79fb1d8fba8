//! What a key would do where the operator is, as far as it matters to whether a hand meant it.

use crossterm::event::KeyEvent;

use super::model::Model;
use super::popups::Popup;
use crate::keys::{Action, Chord, Place};

/// What a key would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stance {
    /// Text goes into a field.
    pub typing: bool,
    /// The key only moves within its place: the next key means what it would have meant without this one.
    pub moves: bool,
    /// The key answers a question.
    pub decides: bool,
    /// The key ends the program, if nothing is unfinished: what comes behind it would go to the shell.
    pub leaves: bool,
}

/// The question that is up, as far as it can be told from the one before it: how many lie below, where, its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question(usize, Place, String);

impl Question {
    /// Whether its answer decides something by itself: a command of the palette asks where it has to.
    pub fn is_weighty(&self) -> bool {
        self.1 != Place::Palette
    }
}

#[cfg(test)]
impl Question {
    /// A question with a heading, for tests of what waits for an answer.
    pub fn named(title: &str) -> Self {
        Self(1, Place::Prompt, title.to_owned())
    }
}

/// What a key would do now.
pub fn stance(model: &Model, key: KeyEvent) -> Stance {
    let typing = model.is_typing();
    let places = model.places();
    let action = model.asked_by(Chord::of(key));
    Stance {
        typing,
        moves: action.is_some_and(Action::only_moves),
        decides: action == Some(Action::Open) && asking(&places).is_some(),
        leaves: action == Some(Action::Quit)
            && model.order.is_none()
            && model.form.is_none()
            && !model.bulk_screens.is_open()
            && model.popups.is_empty(),
    }
}

/// The question that is up.
pub fn question(model: &Model) -> Option<Question> {
    let place = asking(&model.places())?;
    let title = match model.popups.last() {
        Some(Popup::Prompt(prompt)) => prompt.title.clone(),
        _ => String::new(),
    };
    Some(Question(model.popups.len(), place, title))
}

/// The place in which Enter decides something.
fn asking(places: &[Place]) -> Option<Place> {
    let decides = |place: &&Place| {
        matches!(
            place,
            Place::Prompt | Place::Review | Place::Palette | Place::Newer
        )
    };
    places.iter().find(decides).copied()
}
