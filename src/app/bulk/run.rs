//! Sending, one after the other: the next leaves only when the one before it has its answer. A lost answer ends the run.

use jiff::SignedDuration;

use super::{BulkList, BulkLists, Row, Run, Standing};
use crate::app::account::OrderData;
use crate::app::effect::{Effect, ListId};
use crate::app::status::Tone;
use crate::app::turn::{Turn, WriteEvent};
use crate::app::writes::{Below, End, Send, Writes, sending};
use crate::domain::draft::FormKind;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::write::{Outgoing, Stage, WriteId};

impl BulkLists {
    /// Sends what was reviewed, the first of it now. The numbers of all of them are kept before it leaves.
    pub(in crate::app) fn start(&mut self, id: ListId, writes: &mut Writes, below: &mut Below<'_>) {
        let Some(list) = self.all.get_mut(&id) else {
            return;
        };
        list.start_counting_files();
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
        self.next(id, 0, total, writes, below);
    }

    /// Sends the next one, or ends the run.
    fn next(
        &mut self,
        id: ListId,
        sent: usize,
        total: usize,
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        // Somebody else may have used one of the CSRs meanwhile.
        self.recheck(id, writes, below);
        let Some(list) = self.all.get_mut(&id) else {
            return;
        };
        let began = list.run.as_ref().map_or(below.now, |run| run.began);
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
        let order = row.order;
        if id == ListId::Reissues && is_old(order, below) {
            // Somebody may have changed it since the review.
            list.run = Some(Run {
                current: op,
                total,
                sent,
                stopped: false,
                reading: Some(order),
                began,
            });
            if !below.account.is_connected() {
                list.unqueue();
                list.finish(sent, total, below.turn);
                return;
            }
            // One question tells of many whether they are as they were.
            let old = list.queued().filter(|order| is_old(*order, below));
            let old: Vec<OrderId> = old.take(AT_ONCE).collect();
            below.turn.push(below.account.read_listed(old));
            below.turn.set_status(Tone::Info, sending(sent + 1, total));
            return;
        }
        row.standing = Standing::Sent(op.clone());
        let name = format!("{} · {}", outgoing.named(), row.name);
        // What the account takes leaves no draft, and what it refuses is told at the fields of its form.
        let form = (id == ListId::Reissues).then(|| FormKind::Reissue.draft_key(order));
        let send = Send {
            id: Some(op.clone()),
            draft: form,
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
            reading: None,
            began,
        });
        below.turn.set_status(Tone::Info, sending(sent, total));
    }

    /// Orders came as the list has them: the one whose row is next is sent if it is as it was, and else read in full.
    pub(super) fn on_listed(
        &mut self,
        orders: &[OrderId],
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        let id = ListId::Reissues;
        let run = self.all.get(&id).and_then(|list| list.run.clone());
        let reading = run.as_ref().and_then(|run| run.reading);
        let Some((run, order)) = run.zip(reading.filter(|order| orders.contains(order))) else {
            return;
        };
        if is_old(order, below) {
            below.turn.extend(below.account.read_info(order));
        } else {
            self.next(id, run.sent, run.total, writes, below);
        }
    }

    /// An order was read once more before its row is sent: it is sent as it was reviewed, or stays behind.
    pub(super) fn read_before_sending(
        &mut self,
        order: OrderId,
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        let id = ListId::Reissues;
        let Some(list) = self.all.get_mut(&id) else {
            return;
        };
        let Some(run) = list.run.clone().filter(|run| run.reading == Some(order)) else {
            return;
        };
        let data = below.account.known.get(&order);
        if data.is_some_and(|data| data.order.is_loading()) {
            return;
        }
        let failure = data.and_then(|data| data.order.failure().cloned());
        list.judge_again(order, failure.as_ref(), writes, below);
        if run.stopped || failure.as_ref().is_some_and(Failure::refuses_all) {
            list.unqueue();
            list.recheck(writes, below);
            list.finish(run.sent, run.total, below.turn);
            if let Some(failure) = failure {
                below.turn.tell_failure(&failure);
            }
            return;
        }
        self.next(id, run.sent, run.total, writes, below);
    }

    /// An order came whose row waits for its turn: it goes on waiting as it was reviewed, or stays behind.
    pub(super) fn review_again(&mut self, order: OrderId, writes: &Writes, below: &mut Below<'_>) {
        if let Some(list) = self.all.get_mut(&ListId::Reissues) {
            list.judge_again(order, None, writes, below);
        }
    }

    /// Nothing further is sent; the one under way gets its answer.
    pub(in crate::app) fn stop(&mut self, id: ListId, turn: &mut Turn) {
        let Some(list) = self.all.get_mut(&id) else {
            return;
        };
        list.unqueue();
        if let Some(run) = list.run.take_if(|run| run.reading.is_some()) {
            list.finish(run.sent, run.total, turn);
        }
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
        let Some(id) = self.list_of_run(op) else {
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
        if let (ListId::Reissues, End::Taken, Some(watch)) = (id, end, writes.get(op)) {
            // What is marked is what is still to be done.
            let taken = WriteEvent::Taken(watch.outgoing.clone());
            below.turn.events.push(taken);
        }
        self.goes_on(id, op, end, writes, below);
        if let ListId::Duplicates(order) = id
            && self.all.get(&id).is_none_or(|list| list.run.is_none())
        {
            // What came of the others was looked for in their list alone.
            below.turn.extend(below.account.read_order(order, true));
        }
    }

    /// Whether this is the write of a list that has no answer yet.
    pub(in crate::app) fn runs(&self, op: &WriteId) -> bool {
        self.list_of_run(op).is_some()
    }

    fn list_of_run(&self, op: &WriteId) -> Option<ListId> {
        let runs = |list: &&BulkList| list.run.as_ref().is_some_and(|run| run.current == *op);
        self.all.values().find(runs).map(|list| list.id)
    }

    fn goes_on(
        &mut self,
        id: ListId,
        op: &WriteId,
        end: &End,
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        let Some(list) = self.all.get_mut(&id) else {
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
                self.next(id, sent, run.total, writes, below);
            }
            return;
        }
        let watch = writes.get(op);
        let failure = watch.and_then(|watch| match &watch.stage {
            Stage::Ended(failure) => Some(failure),
            _ => None,
        });
        // What is refused for who asks, or how often, is refused for the others too.
        let of_one_order = matches!(id, ListId::Duplicates(_));
        let refuses_all = failure.is_some_and(|failure| {
            failure.refuses_all() || (of_one_order && failure.calls_for_reissue())
        });
        let halt = *end == End::Stopped || refuses_all;
        if !halt && !run.stopped {
            self.next(id, run.sent, run.total, writes, below);
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
        self.recheck(id, writes, below);
    }

    /// What a row was ready for is sent from elsewhere, without the journal or again: the row is sent, and not ready any
    /// more.
    pub(in crate::app) fn sent_after_all(&mut self, op: &WriteId, outgoing: &Outgoing) {
        for list in self.all.values_mut() {
            list.sent_elsewhere(op, outgoing, |row| {
                matches!(&row.standing, Standing::Ready(ready) if ready.kind == outgoing.kind)
            });
        }
    }

    /// A reissue was sent from the form of its row: the row is sent, however it stood.
    pub(in crate::app) fn sent_from_form(&mut self, op: &WriteId, outgoing: &Outgoing) {
        if let Some(list) = self.all.get_mut(&ListId::Reissues) {
            list.sent_elsewhere(op, outgoing, |row| !row.is_confirmed());
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

/// What was read so long ago may be another by now.
const FRESH: SignedDuration = SignedDuration::from_secs(30);

/// Orders of which one question tells whether they are as they were.
const AT_ONCE: usize = 50;

/// Whether what is known of an order is old.
fn is_old(order: OrderId, below: &Below<'_>) -> bool {
    let data = below.account.known.get(&order);
    let so = data.and_then(OrderData::so_at);
    so.is_none_or(|so| below.now.duration_since(so) > FRESH)
}

impl BulkList {
    /// The orders of the rows that wait for their turn, the next first.
    fn queued(&self) -> impl Iterator<Item = OrderId> {
        let is_queued = |row: &&Row| matches!(row.standing, Standing::Queued(_));
        self.rows.iter().filter(is_queued).map(|row| row.order)
    }

    /// The row with the CSR of what was sent follows that, where it may.
    fn sent_elsewhere(&mut self, op: &WriteId, outgoing: &Outgoing, may: impl Fn(&Row) -> bool) {
        let (Some(order), Some(expected)) = (outgoing.order, &outgoing.expected) else {
            return;
        };
        let has_csr = |row: &Row| {
            let csr = row.csr.as_ref();
            csr.is_some_and(|csr| csr.der == expected.csr_der)
        };
        let mut rows = self.rows.iter_mut();
        if let Some(row) = rows.find(|row| row.order == order && has_csr(row) && may(row)) {
            row.standing = Standing::Sent(op.clone());
            row.number = Some(op.clone());
            self.unkept = true;
        }
    }

    /// Holds a row that waits for its turn against what is known of its order by now.
    fn judge_again(
        &mut self,
        order: OrderId,
        failure: Option<&Failure>,
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        let is_it = |row: &Row| row.order == order && matches!(row.standing, Standing::Queued(_));
        let Some(at) = self.rows.iter().position(is_it) else {
            return;
        };
        let row = &mut self.rows[at];
        let Standing::Queued(reviewed) = std::mem::replace(&mut row.standing, Standing::Unchecked)
        else {
            return;
        };
        let danger = row.changes().and_then(|changes| changes.danger.clone());
        let number = row.number.take();
        self.recheck(writes, below);
        self.rows[at].go_on(reviewed, danger.as_deref(), number, failure);
        self.unkept = true;
    }
}

impl Row {
    /// It was read once more: it goes on waiting for its turn as it was reviewed, or says why not.
    fn go_on(
        &mut self,
        reviewed: Box<Outgoing>,
        danger: Option<&str>,
        number: Option<WriteId>,
        failure: Option<&Failure>,
    ) {
        let danger_now = self.changes().and_then(|changes| changes.danger.as_deref());
        let is_same = danger_now == danger;
        let why = match (&self.standing, failure) {
            (_, Some(failure)) => {
                let words = format!("not sent: its order could not be reloaded: {failure}");
                words.trim_end_matches('.').to_owned()
            }
            (Standing::Ready(now), None) if is_same && *now == reviewed => {
                self.standing = Standing::Queued(reviewed);
                self.number = number;
                return;
            }
            (Standing::Ready(_), None) => {
                "not sent: its order has changed since the review".to_owned()
            }
            // Why not stands there already.
            (_, None) => return,
        };
        self.trouble = Some(why.clone());
        self.standing = Standing::Wrong(why);
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
