//! Sending, one after the other: the next leaves only when the one before it has its answer. A lost answer ends the run.

use super::{BulkList, BulkLists, Run, Standing};
use crate::app::effect::Effect;
use crate::app::status::Tone;
use crate::app::turn::{Turn, WriteEvent};
use crate::app::writes::{Below, End, Send, Writes, sending};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::write::{Outgoing, Stage, WriteId};

impl BulkLists {
    /// Sends what was reviewed, the first of it now. The numbers of all of them are kept before it leaves.
    pub(in crate::app) fn start(
        &mut self,
        order: OrderId,
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        let Some(list) = self.all.get_mut(&order) else {
            return;
        };
        let total = list.ready().count();
        let mut numbers: Vec<WriteId> = (0..total).map(|_| writes.next_id()).collect();
        for row in &mut list.rows {
            if let Standing::Ready(outgoing) = &row.standing {
                row.standing = Standing::Queued(outgoing.clone());
                row.number = numbers.pop();
                row.earlier = None;
            }
        }
        list.unkept = true;
        self.next(order, 0, total, writes, below);
    }

    /// Sends the next one, or ends the run.
    fn next(
        &mut self,
        order: OrderId,
        sent: usize,
        total: usize,
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        // Somebody else may have used one of the CSRs meanwhile.
        self.recheck(order, writes, below);
        let Some(list) = self.all.get_mut(&order) else {
            return;
        };
        let queued = list.rows.iter_mut().find_map(|row| match &row.standing {
            Standing::Queued(outgoing) => {
                let number = row.number.clone()?;
                let outgoing = (**outgoing).clone();
                Some((row, outgoing, number))
            }
            _ => None,
        });
        let Some((row, outgoing, op)) = queued else {
            list.finish(sent, total, below.turn);
            return;
        };
        row.standing = Standing::Sent(op.clone());
        let name = format!("{} · {}", outgoing.named(), row.name);
        let send = Send {
            id: Some(op.clone()),
            ..Send::new(outgoing, name)
        };
        writes.send(send, below);
        // Another certdeck may be at the same order.
        below.turn.push(Effect::LoadPriorCsrs { order });
        let sent = sent + 1;
        list.run = Some(Run {
            current: op,
            total,
            sent,
            stopped: false,
        });
        below.turn.set_status(Tone::Info, sending(sent, total));
    }

    /// Nothing further is sent; the one under way gets its answer.
    pub(in crate::app) fn stop(&mut self, order: OrderId, turn: &mut Turn) {
        let Some(list) = self.all.get_mut(&order) else {
            return;
        };
        list.unqueue();
        if let Some(run) = &mut list.run {
            run.stopped = true;
            let words = format!(
                "Stopped after {} of {}: nothing more is sent. 1 is waiting for a response.",
                run.sent, run.total
            );
            turn.set_status(Tone::Warn, words);
        }
    }

    /// A write ended: the next of its run is sent, or it is said why not.
    pub(in crate::app) fn on_ended(
        &mut self,
        op: &WriteId,
        end: &End,
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        let Some(order) = self.order_of_run(op) else {
            if let End::Twin {
                failure,
                asks: true,
            } = end
            {
                // Of several the others go on; one by itself can be sent all the same.
                below.turn.events.push(WriteEvent::Twin {
                    op: op.clone(),
                    failure: failure.clone(),
                });
            }
            return;
        };
        self.goes_on(order, op, end, writes, below);
        if self.all.get(&order).is_none_or(|list| list.run.is_none()) {
            // What came of the others was looked for in their list alone.
            below.turn.extend(below.account.read_order(order, true));
        }
    }

    /// Whether this is the write of a list that has no answer yet.
    pub(in crate::app) fn runs(&self, op: &WriteId) -> bool {
        self.order_of_run(op).is_some()
    }

    fn order_of_run(&self, op: &WriteId) -> Option<OrderId> {
        let runs = |list: &&BulkList| list.run.as_ref().is_some_and(|run| run.current == *op);
        self.all.values().find(runs).map(|list| list.order)
    }

    fn goes_on(
        &mut self,
        order: OrderId,
        op: &WriteId,
        end: &End,
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        let Some(list) = self.all.get_mut(&order) else {
            return;
        };
        let Some(run) = list.run.clone() else {
            return;
        };
        if let End::Twin { failure, .. } = end {
            list.on_twin(op, failure);
            let sent = run.sent - 1;
            if run.stopped {
                list.finish(sent, run.total, below.turn);
            } else {
                self.next(order, sent, run.total, writes, below);
            }
            return;
        }
        let watch = writes.get(op);
        let failure = watch.and_then(|watch| match &watch.stage {
            Stage::Ended(failure) => Some(failure),
            _ => None,
        });
        // What is refused for who asks, or how often, is refused for the others too.
        let refuses_all =
            failure.is_some_and(|failure| failure.refuses_all() || failure.calls_for_reissue());
        let halt = *end == End::Stopped || refuses_all;
        if !halt && !run.stopped {
            self.next(order, run.sent, run.total, writes, below);
            return;
        }
        let mut sent = run.sent;
        list.unqueue();
        list.run = None;
        if let (true, Some(_), Some(watch)) = (halt, failure, watch) {
            // Nothing came of it: it is sent with the rest.
            sent -= 1;
            let this = Standing::Sent(op.clone());
            for row in list.rows.iter_mut().filter(|row| row.standing == this) {
                row.standing = Standing::Ready(Box::new(watch.outgoing.clone()));
                row.number = None;
            }
        }
        let (total, left) = (run.total, run.total - sent);
        let (tone, words) = if halt {
            let why = below.turn.take_words();
            let words = format!("{why} The run stopped: {sent} of {total} sent, {left} not.");
            (Tone::Bad, words)
        } else {
            let words = format!("Stopped: {sent} of {total} sent, {left} not.");
            (Tone::Warn, words)
        };
        below.turn.set_status(tone, words);
        self.recheck(order, writes, below);
    }

    /// What a row was ready for is sent from elsewhere, without the journal or again: the row is sent, and not ready any
    /// more.
    pub(in crate::app) fn sent_after_all(&mut self, op: &WriteId, outgoing: &Outgoing) {
        let (Some(order), Some(expected)) = (outgoing.order, &outgoing.expected) else {
            return;
        };
        let Some(list) = self.all.get_mut(&order) else {
            return;
        };
        let mut rows = list.rows.iter_mut();
        let row = rows.find(|row| {
            let csr = row.csr.as_ref();
            matches!(&row.standing, Standing::Ready(ready) if ready.kind == outgoing.kind)
                && csr.is_some_and(|csr| csr.der == expected.csr_der)
        });
        if let Some(row) = row {
            row.standing = Standing::Sent(op.clone());
            row.number = Some(op.clone());
            list.unkept = true;
        }
    }

    /// What did not arrive was sent again from elsewhere: its row follows the newer one.
    pub(in crate::app) fn sent_again(&mut self, before: &WriteId, now: &WriteId) {
        let sent = Standing::Sent(before.clone());
        for list in self.all.values_mut() {
            if let Some(row) = list.rows.iter_mut().find(|row| row.standing == sent) {
                row.standing = Standing::Sent(now.clone());
                row.number = Some(now.clone());
                list.unkept = true;
            }
        }
    }
}

impl BulkList {
    /// The journal has the same as what was to be sent: that row is left out.
    fn on_twin(&mut self, op: &WriteId, failure: &Failure) {
        let sent = Standing::Sent(op.clone());
        if let Some(row) = self.rows.iter_mut().find(|row| row.standing == sent) {
            row.standing = Standing::Known(failure.what.clone());
            row.number = None;
        }
        self.unkept = true;
    }

    fn finish(&mut self, sent: usize, total: usize, turn: &mut Turn) {
        self.run = None;
        let (tone, words) = if sent == total {
            let words = format!("All {total} sent; each row shows its outcome.");
            (Tone::Good, words)
        } else {
            let left = total - sent;
            let words = format!("{sent} of {total} sent, {left} not; each row shows its outcome.");
            (Tone::Warn, words)
        };
        turn.set_status(tone, words);
    }

    /// What waits for its turn waits no longer.
    fn unqueue(&mut self) {
        for row in &mut self.rows {
            if let Standing::Queued(outgoing) = &row.standing {
                row.standing = Standing::Ready(outgoing.clone());
                row.number = None;
            }
        }
        self.unkept = true;
    }
}
