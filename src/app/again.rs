//! Sending again what did not arrive: offered only once the account was looked at, or said no in a way that another try
//! may mend. A form comes back with what was typed; anything else is shown and confirmed once more.

use super::bulk;
use super::effect::{Effect, OpId};
use super::evidence::form_of;
use super::failure::FailureKind;
use super::form::FormKind;
use super::model::{Model, Tone};
use super::opening;
use super::popup::{Popup, Prompt, PromptKind};
use super::watch::{Watch, WatchState};
use super::watching;
use crate::domain::ids::OrderId;

/// Why something is not sent again; `None` where it may be.
pub fn why_not(watch: &Watch) -> Option<&'static str> {
    match &watch.state {
        WatchState::NotFound(_) => None,
        WatchState::Ended(failure) => match failure.kind {
            FailureKind::RateLimited
            | FailureKind::Network
            | FailureKind::Timeout
            | FailureKind::Local
            | FailureKind::NoKey => None,
            _ => Some("The account refused it: the same would be refused again."),
        },
        WatchState::Lookup(_) => {
            Some("Nobody knows yet whether it arrived; it is being looked for.")
        }
        WatchState::Sending => Some("It is under way."),
        _ => Some("The account has it."),
    }
}

/// The key for it, on the watch at this place of the list.
pub(super) fn ask(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(watch) = model.watches.get(at) else {
        return Vec::new();
    };
    if let Some(why) = why_not(watch) {
        model.tell(Tone::Warn, why);
        return Vec::new();
    }
    let order = watch.outgoing.order.unwrap_or(OrderId(0));
    if let Some(kind) = form_of(watch.outgoing.kind)
        && model.drafts.contains_key(&kind.draft_key(order))
    {
        model.popups.clear();
        return match kind {
            FormKind::NewOrder => opening::open_new(model),
            kind => opening::open_form(model, kind, order),
        };
    }
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
    body.push("Enter sends it again, once; Esc does not.".into());
    model.popups.push(Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::SendAgain(watch.op.clone()),
        title: "Send it again?".into(),
        body,
        field: None,
        error: None,
    })));
    Vec::new()
}

/// The operator said yes.
pub(super) fn send(model: &mut Model, op: &OpId) -> Vec<Effect> {
    let watch = model.watches.iter().find(|watch| watch.op == *op);
    let Some(watch) = watch.filter(|watch| why_not(watch).is_none()) else {
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
