//! Sending again what did not arrive: offered only once the account was looked at, or said no in a way that another try
//! may mend. A form comes back with what was typed; anything else is shown and confirmed once more.

use super::bulk;
use super::effect::{Effect, OpId};
use super::evidence::{csr_of, form_of};
use super::failure::FailureKind;
use super::field::TextField;
use super::model::{Model, Tone};
use super::opening;
use super::order::csr_key;
use super::popup::{Popup, Prompt, PromptKind};
use super::watch::{Watch, WatchState};
use super::watching;
use crate::domain::ids::OrderId;
use crate::domain::write::Outgoing;

/// Why something is not sent again; `None` where it may be.
pub fn why_not(model: &Model, op: &OpId) -> Option<&'static str> {
    // The newest stands first.
    let at = model.watches.iter().position(|watch| watch.op == *op)?;
    let watch = &model.watches[at];
    if model.watches[..at]
        .iter()
        .any(|newer| is_same(&newer.outgoing, &watch.outgoing))
    {
        return Some("It was sent again already; that stands further up.");
    }
    match &watch.state {
        WatchState::NotFound(_) => None,
        WatchState::Ended(failure) => match failure.kind {
            FailureKind::RateLimited
            | FailureKind::Network
            | FailureKind::Timeout
            | FailureKind::Local
            | FailureKind::NoKey => None,
            FailureKind::Other => Some("It was set aside; look at the account first."),
            _ => Some("The account refused it: the same would be refused again."),
        },
        WatchState::Lookup(_) => {
            Some("Nobody knows yet whether it arrived; it is being looked for.")
        }
        WatchState::Sending => Some("It is under way."),
        _ => Some("The account has it."),
    }
}

/// Whether both ask for the same: with the same CSR, else with the same words.
pub(super) fn is_same(one: &Outgoing, other: &Outgoing) -> bool {
    let to_the_same = one.kind == other.kind && one.order == other.order;
    match (&one.expected, &other.expected) {
        (Some(one), Some(other)) => to_the_same && one.spki_der == other.spki_der,
        _ => to_the_same && one.path == other.path && one.body == other.body,
    }
}

/// The key for it, on the watch at this place of the list.
pub(super) fn ask(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(watch) = model.watches.get(at) else {
        return Vec::new();
    };
    if let Some(why) = why_not(model, &watch.op) {
        if is_refused(watch) {
            return correct(model, at);
        }
        model.tell(Tone::Warn, why);
        return Vec::new();
    }
    if watch.is_given_up() && watch.order.is_none() && watch.outgoing.reference().is_some() {
        watching::look_again(model, at);
        return Vec::new();
    }
    offer(model, at)
}

fn is_refused(watch: &Watch) -> bool {
    matches!(&watch.state, WatchState::Ended(failure) if failure.status.is_some())
}

/// Opens the form that still holds what was sent; what was begun since, with another CSR, is not that.
fn in_its_form(model: &mut Model, at: usize) -> Option<Vec<Effect>> {
    let outgoing = &model.watches.get(at)?.outgoing;
    let order = outgoing.order.unwrap_or(OrderId(0));
    let kind = form_of(outgoing.kind)?;
    let kept = model.drafts.get(&kind.draft_key(order))?;
    if csr_key(kept) != csr_of(outgoing) {
        return None;
    }
    model.popups.clear();
    Some(opening::open_form(model, kind, order))
}

/// What the account refused is put right in its form, where that still holds it.
pub(super) fn correct(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(watch) = model.watches.get(at) else {
        return Vec::new();
    };
    if is_refused(watch)
        && let Some(effects) = in_its_form(model, at)
    {
        return effects;
    }
    let why = "The account refused it: the same would be refused again.";
    model.tell(Tone::Warn, why);
    Vec::new()
}

/// Offers to send it: in its form where what was typed is still there, else as it was.
pub(super) fn offer(model: &mut Model, at: usize) -> Vec<Effect> {
    if let Some(effects) = in_its_form(model, at) {
        return effects;
    }
    let Some(watch) = model.watches.get(at) else {
        return Vec::new();
    };
    let outgoing = &watch.outgoing;
    let found = match watch.state {
        WatchState::NotFound(_) => {
            "No answer came, and the account does not show that it arrived. What arrives late would then be there twice."
        }
        _ => "Nothing of it was done.",
    };
    let mut body = vec![
        format!("{}: {}", watch.name, watch.words()),
        found.to_owned(),
        format!("{} {}", outgoing.method.as_str(), outgoing.path),
    ];
    if !outgoing.body.is_empty() && outgoing.expected.is_none() {
        body.push(outgoing.body.clone());
    }
    let number = outgoing.order.filter(|_| outgoing.kind.can_break());
    let word = number.map(|order| order.to_string());
    body.push(match &word {
        Some(word) => format!("Type {word} and Enter to send it again, once; Esc does not."),
        None => "Enter sends it again, once; Esc does not.".into(),
    });
    let field = word.is_some().then(TextField::asked);
    model.popups.push(Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::SendAgain {
            op: watch.op.clone(),
            word,
        },
        title: "Send it again?".into(),
        body,
        field,
        error: None,
    })));
    Vec::new()
}

/// The operator said yes.
pub(super) fn send(model: &mut Model, op: &OpId) -> Vec<Effect> {
    let watch = model.watches.iter().find(|watch| watch.op == *op);
    let Some(watch) = watch.filter(|watch| why_not(model, &watch.op).is_none()) else {
        return Vec::new();
    };
    let (outgoing, draft, name) = (
        watch.outgoing.clone(),
        watch.draft.clone(),
        watch.name.clone(),
    );
    let effects = watching::send(model, outgoing, draft, name);
    bulk::sent_again(model, op);
    effects
}
