//! Orders that were sent without an answer, looked for by their own reference: it finds them exactly.

use super::verify::sent_drafts;
use super::{Below, Watch, Writes};
use crate::app::effect::Effect;
use crate::domain::ids::OrderId;
use crate::domain::write::{Entry, Fact, Found};

impl Writes {
    /// The orders with a reference of our own were looked for: what was sent without an answer arrived, or did not so far.
    pub fn on_reference(&mut self, reference: &str, below: &mut Below<'_>) {
        let Some(looked) = below.account.reference_lookups.remove(reference) else {
            return;
        };
        let waits = |watch: &&mut Watch| {
            watch.order.is_none() && watch.outgoing.reference().as_deref() == Some(reference)
        };
        // What was sent again with the same reference has its order already: that is not the one that was lost.
        let taken: Vec<OrderId> = self.all.iter().filter_map(|watch| watch.order).collect();
        let found = looked.value().into_iter().flatten();
        let found = found.copied().find(|order| !taken.contains(order));
        let mut watches = self.all.iter_mut().filter(waits);
        let Some(watch) = watches.find(|watch| watch.looks_on()) else {
            return;
        };
        let op = watch.op.clone();
        let Some(order) = found else {
            self.not_there(&op, looked.failure(), below);
            return;
        };
        watch.trouble = None;
        watch.order = Some(order);
        if watch.stage.after(Fact::Found(Found::Order(order))) {
            watch.looks = 0;
            watch.wait(below.now);
            below.turn.push(Effect::Journal {
                op,
                entry: Entry::Found(Found::Order(order)),
            });
            let name = format!("{} (order {order})", watch.name);
            let done = sent_drafts(watch, &below.drafts.texts);
            watch.draft = None;
            below.arrived(name, done);
            below.turn.push(below.account.start_sync());
        }
        below.turn.extend(below.account.read_order(order, true));
    }
}
