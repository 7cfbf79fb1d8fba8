//! Sending although the journal cannot take it, or has the same already: the risk in plain words, and a word to be typed, so that nobody says
//! yes by habit.

use super::{Popup, Prompt, PromptKind};
use crate::app::field::TextField;
use crate::app::writes::Watch;
use crate::domain::failure::Failure;

/// The words where there is no order number to be typed.
const WORD: &str = "unrecorded";
const TWICE: &str = "twice";

/// Asks whether something is to be sent without a journal.
pub(in crate::app) fn ask(watch: &Watch, why: &Failure) -> Popup {
    let word = word(watch, WORD);
    let field = TextField::focused();
    Popup::Prompt(Box::new(Prompt {
        title: "Send without the journal?".into(),
        body: vec![
            format!("Cannot write this to the journal: {}.", watch.name),
            why.to_string(),
            "Nothing was sent. It works the same without the journal, but if its response is lost and certdeck \
                exits, certdeck has no record that it was sent: it may then be sent, and paid for, twice."
                .into(),
            format!("Type {word} and press Enter to send anyway; Esc sends nothing and keeps what you typed."),
        ],
        field: Some(field),
        error: None,
        kind: PromptKind::Unjournaled {
            op: watch.op.clone(),
            word,
        },
    }))
}

/// Asks whether something is to be sent although the account took the same.
pub(in crate::app) fn ask_twice(watch: &Watch, why: &Failure) -> Popup {
    let word = word(watch, TWICE);
    Popup::Prompt(Box::new(Prompt {
        title: "Send the same once more?".into(),
        body: vec![
            format!("Not sent: {}.", watch.name),
            why.to_string(),
            format!(
                "Type {word} and press Enter to send anyway, a second time; Esc sends nothing and keeps what you \
                    typed."
            ),
        ],
        field: Some(TextField::focused()),
        error: None,
        kind: PromptKind::Twice {
            op: watch.op.clone(),
            word,
        },
    }))
}

fn word(watch: &Watch, otherwise: &str) -> String {
    let order = watch.outgoing.order;
    order.map_or_else(|| otherwise.to_owned(), |order| order.to_string())
}
