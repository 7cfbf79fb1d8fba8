//! Orders that were sent without an answer, looked for by their own reference: it finds them exactly.

use super::resending;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::verify::sent_drafts;
use crate::app::watch::Watch;
use crate::domain::ids::OrderId;
use crate::domain::write::{Entry, Fact, Found};

/// The orders with a reference of our own were looked for: what was sent without an answer arrived, or did not so far.
pub(in crate::app) fn placed(model: &mut Model, reference: &str) -> Vec<Effect> {
    let now = model.now;
    let Some(looked) = model.account.reference_lookups.remove(reference) else {
        return Vec::new();
    };
    let waits = |watch: &&mut Watch| {
        watch.order.is_none() && watch.outgoing.reference().as_deref() == Some(reference)
    };
    // What was sent again with the same reference has its order already: that is not the one that was lost.
    let taken: Vec<OrderId> = model
        .writes
        .all
        .iter()
        .filter_map(|watch| watch.order)
        .collect();
    let found = looked.value().into_iter().flatten();
    let found = found.copied().find(|order| !taken.contains(order));
    let mut watches = model.writes.all.iter_mut().filter(waits);
    let Some(watch) = watches.find(|watch| watch.looks_on()) else {
        return Vec::new();
    };
    let op = watch.op.clone();
    let Some(order) = found else {
        let trouble = looked.failure().cloned();
        return resending::not_there(model, &op, trouble.as_ref());
    };
    watch.trouble = None;
    watch.order = Some(order);
    let mut effects = Vec::new();
    if watch.stage.after(Fact::Found(Found::Order(order))) {
        watch.looks = 0;
        watch.wait(now);
        effects.push(Effect::Journal {
            op,
            entry: Entry::Found(Found::Order(order)),
        });
        let name = format!("{} (order {order})", watch.name);
        let done = sent_drafts(watch, &model.drafts);
        watch.draft = None;
        effects.extend(resending::arrived(model, &name, done));
        effects.push(model.account.start_sync());
    }
    effects.extend(model.account.read_order(order, true));
    effects
}
