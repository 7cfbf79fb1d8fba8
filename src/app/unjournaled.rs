//! Sending although the journal cannot take it: the risk in plain words, and a word to be typed, so that nobody says
//! yes by habit.

use super::effect::{Effect, OpId};
use super::failure::Failure;
use super::field::{FieldKind, TextField};
use super::model::Model;
use super::popup::{Popup, Prompt, PromptKind};
use super::watch::Watch;
use super::watching;

/// The word where there is no order number to be typed.
const WORD: &str = "unrecorded";

/// Asks whether something is to be sent without a journal.
pub(super) fn ask(watch: &Watch, why: &Failure) -> Popup {
    let word = watch
        .outgoing
        .order
        .map_or_else(|| WORD.to_owned(), |order| order.to_string());
    let mut field = TextField::new(FieldKind::Line);
    field.set_focus(true);
    Popup::Prompt(Box::new(Prompt {
        title: "Send it without the journal?".into(),
        body: vec![
            format!("The journal cannot take this: {}.", watch.name),
            why.to_string(),
            "Nothing was sent. Sent without the journal it works the same, but if its answer gets lost and certdeck ends, nobody here knows that it was sent: it may then be sent, and paid for, twice."
                .into(),
            format!("Type {word} and Enter to send it all the same; Esc sends nothing, and what was typed is kept."),
        ],
        field: Some(field),
        error: None,
        kind: PromptKind::Unjournaled {
            op: watch.op.clone(),
            word,
        },
    }))
}

/// The operator answered: the word sends it, anything else asks again.
pub(super) fn answer(model: &mut Model, mut prompt: Prompt, op: &OpId, word: &str) -> Vec<Effect> {
    let typed = prompt
        .field
        .as_ref()
        .map(TextField::text)
        .unwrap_or_default();
    if typed.trim() == word {
        return watching::send_unjournaled(model, op);
    }
    prompt.error = Some(format!("Type {word} to send it without the journal."));
    prompt.kind = PromptKind::Unjournaled {
        op: op.clone(),
        word: word.to_owned(),
    };
    model.popups.push(Popup::Prompt(Box::new(prompt)));
    Vec::new()
}
