//! Sending although the journal cannot take it: the risk in plain words, and a word to be typed, so that nobody says
//! yes by habit.

use super::failure::Failure;
use super::field::TextField;
use super::popup::{Popup, Prompt, PromptKind};
use super::watch::Watch;

/// The word where there is no order number to be typed.
const WORD: &str = "unrecorded";

/// Asks whether something is to be sent without a journal.
pub(super) fn ask(watch: &Watch, why: &Failure) -> Popup {
    let word = watch
        .outgoing
        .order
        .map_or_else(|| WORD.to_owned(), |order| order.to_string());
    let field = TextField::asked();
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
