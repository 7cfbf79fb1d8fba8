//! Orders that were sent without an answer, looked for by their own reference: it finds them exactly, so that they can be
//! looked for after they were given up as well. Nothing of the kind is sent again before one more look.

use super::{announce, drop_drafts, show};
use crate::app::again;
use crate::app::effect::{Effect, OpId, Settled};
use crate::app::evidence::sent_drafts;
use crate::app::form::Form;
use crate::app::model::{Model, Tone};
use crate::app::opening;
use crate::app::watch::{Watch, WatchState};
use crate::domain::ids::OrderId;
use crate::domain::text::sanitise;
use crate::domain::write::Outgoing;

/// The orders with a reference of our own were looked for: what was sent without an answer arrived, or did not so far.
pub(in crate::app) fn placed(model: &mut Model, reference: &str) -> Vec<Effect> {
    let now = model.now;
    let Some(looked) = model.placed.remove(reference) else {
        return Vec::new();
    };
    let waits = |watch: &&mut Watch| {
        watch.order.is_none() && watch.outgoing.reference().as_deref() == Some(reference)
    };
    // What was sent again with the same reference has its order already: that is not the one that was lost.
    let taken: Vec<OrderId> = model
        .watches
        .iter()
        .filter_map(|watch| watch.order)
        .collect();
    let found = looked.value().into_iter().flatten();
    let found = found.copied().find(|order| !taken.contains(order));
    let mut watches = model.watches.iter_mut().filter(waits);
    let Some(watch) = watches.find(|watch| watch.state.is_open() || watch.is_given_up()) else {
        return Vec::new();
    };
    watch.trouble = looked.failure().cloned();
    let op = watch.op.clone();
    let Some(order) = found else {
        return not_there(model, &op);
    };
    watch.order = Some(order);
    let mut effects = Vec::new();
    if watch.is_given_up() || matches!(watch.state, WatchState::Lookup(_)) {
        watch.state = WatchState::Issue(None);
        watch.looks = 0;
        watch.wait(now);
        effects.push(Effect::Settle {
            op,
            what: Settled::Decided(order),
        });
        let name = watch.name.clone();
        let done = sent_drafts(watch, &model.drafts);
        watch.draft = None;
        let open = model.form.as_ref().map(Form::draft_key);
        if open.is_some_and(|key| done.contains(&key) && model.drafts.contains_key(&key)) {
            // What stands in it is on the account: sent from here it would be there twice.
            model.form = None;
            let words = format!("{name} arrived after all: order {order}. Its form is closed.");
            model.tell(Tone::Warn, sanitise(&words).into_owned());
            show(model);
        }
        effects.extend(drop_drafts(model, done));
        effects.push(opening::sync(model));
    }
    effects.extend(opening::read_order(model, order, true));
    effects
}

/// A look found nothing. After several it counts as not found, and is looked for ever more rarely.
fn not_there(model: &mut Model, op: &OpId) -> Vec<Effect> {
    let now = model.now;
    let asked = model.again.take_if(|again| again == op).is_some();
    let Some(at) = model.watches.iter().position(|watch| watch.op == *op) else {
        return Vec::new();
    };
    let watch = &mut model.watches[at];
    let given_up = watch.is_given_up();
    if let (false, WatchState::Lookup(failure)) = (given_up, &watch.state)
        && watch.gave_up()
        && watch.trouble.is_none()
    {
        watch.state = WatchState::NotFound(failure.clone());
        watch.wait(now);
        let words = format!("{}: {}", watch.name, watch.words());
        return vec![
            Effect::Settle {
                op: op.clone(),
                what: Settled::NotArrived,
            },
            announce(model, Tone::Warn, &words),
        ];
    }
    watch.due = None;
    if !given_up || watch.looks_on() {
        watch.wait(now);
    }
    if !asked {
        return Vec::new();
    }
    match &model.watches[at].trouble {
        Some(trouble) => {
            let words = format!("It could not be looked for, so it is not sent again: {trouble}");
            model.tell(Tone::Bad, words);
            Vec::new()
        }
        None => again::offer(model, at),
    }
}

/// Looks once more for an order that was given up, before it is offered to be sent again.
pub(in crate::app) fn look_again(model: &mut Model, at: usize) {
    let now = model.now;
    if !opening::is_connected(model) {
        model.tell(
            Tone::Warn,
            "There is no connection to look whether it arrived meanwhile; it is not sent again.",
        );
        return;
    }
    let watch = &mut model.watches[at];
    watch.due = Some(now);
    model.again = Some(watch.op.clone());
    model.tell(
        Tone::Info,
        "Looking once more whether it arrived meanwhile …",
    );
}

/// A form comes back with what was sent and not found: whether it arrived meanwhile is looked up while it is open.
pub(in crate::app) fn look_before(model: &mut Model) {
    let now = model.now;
    let Some(key) = model.form.as_ref().map(Form::draft_key) else {
        return;
    };
    for watch in &mut model.watches {
        let waits = watch.order.is_none() && watch.is_given_up();
        if waits && sent_drafts(watch, &model.drafts).contains(&key) {
            watch.due = Some(now);
        }
    }
}

/// Why something must not be sent yet: the same was sent before, and whether it arrived is not known.
pub(in crate::app) fn not_yet(model: &Model, outgoing: &Outgoing) -> Option<String> {
    let twin = model.watches.iter().find(|watch| {
        let unknown = matches!(watch.state, WatchState::Sending | WatchState::Lookup(_));
        let being_asked = watch.outgoing.reference();
        let being_asked = being_asked.is_some_and(|own| model.placed.contains_key(&own));
        let asked = watch.due.is_some_and(|due| due <= model.now) || being_asked;
        (unknown || (watch.is_given_up() && watch.order.is_none() && asked))
            && again::is_same(&watch.outgoing, outgoing)
    })?;
    Some(format!(
        "Not sent: the same was sent before ({}), and whether it arrived is being looked up. {}",
        twin.name, "Try again in a moment."
    ))
}
