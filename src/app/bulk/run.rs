//! Sending, one after the other: the next leaves only when the one before it has its answer. A lost answer ends the run.

use super::{Bulk, BulkView, Run, Standing, recheck};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::status::Tone;
use crate::app::update::turns::run;
use crate::app::writes::{End, Send};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::write::{Outgoing, Stage, WriteId};

/// Sends what was reviewed, the first of it now.
pub(super) fn start(model: &mut Model, order: OrderId) -> Vec<Effect> {
    let Some(bulk) = model.bulks.get(&order) else {
        return Vec::new();
    };
    let total = bulk.ready().count();
    let mut numbers: Vec<WriteId> = (0..total).map(|_| model.engine.writes.next_id()).collect();
    let Some(bulk) = model.bulks.get_mut(&order) else {
        return Vec::new();
    };
    for row in &mut bulk.rows {
        if let Standing::Ready(outgoing) = &row.standing {
            row.standing = Standing::Queued(outgoing.clone());
            row.number = numbers.pop();
            row.earlier = None;
        }
    }
    // The numbers are on the disk before the first request leaves.
    bulk.unkept = true;
    bulk.stage = BulkView::Results;
    next(model, order, 0, total)
}

/// Sends the next one, or ends the run.
fn next(model: &mut Model, order: OrderId, sent: usize, total: usize) -> Vec<Effect> {
    // Somebody else may have used one of the CSRs meanwhile.
    recheck(model, order);
    let queued = model.bulks.get(&order).and_then(|bulk| {
        bulk.rows
            .iter()
            .enumerate()
            .find_map(|(at, row)| match &row.standing {
                Standing::Queued(outgoing) => {
                    let number = row.number.clone()?;
                    Some((at, outgoing.clone(), row.name.clone(), number))
                }
                _ => None,
            })
    });
    let Some((at, outgoing, name, op)) = queued else {
        finish(model, order, sent, total);
        return Vec::new();
    };
    let name = format!("{} · {name}", outgoing.named());
    let send = Send {
        id: Some(op.clone()),
        ..Send::new(*outgoing, name)
    };
    let mut effects = run(model, |engine, turn| {
        engine.send(send, turn);
    });
    // Another certdeck may be at the same order.
    effects.push(Effect::LoadPriorCsrs { order });
    if let Some(bulk) = model.bulks.get_mut(&order) {
        if let Some(row) = bulk.rows.get_mut(at) {
            row.standing = Standing::Sent(op.clone());
        }
        bulk.run = Some(Run {
            current: op,
            total,
            sent: sent + 1,
            stopped: false,
        });
    }
    model.set_status(
        Tone::Info,
        format!("Sending {} of {total}; press Esc to stop.", sent + 1),
    );
    effects
}

fn finish(model: &mut Model, order: OrderId, sent: usize, total: usize) {
    if let Some(bulk) = model.bulks.get_mut(&order) {
        bulk.run = None;
    }
    let words = if sent == total {
        format!("All {total} sent; each row shows its outcome.")
    } else {
        format!(
            "{sent} of {total} sent, {} not; each row shows its outcome.",
            total - sent
        )
    };
    model.set_status(
        if sent == total {
            Tone::Good
        } else {
            Tone::Warn
        },
        words,
    );
}

/// Nothing further is sent; the one under way gets its answer.
pub(super) fn stop(model: &mut Model) {
    let Some(bulk) = model.open_bulk_mut() else {
        return;
    };
    bulk.unqueue();
    if let Some(run) = &mut bulk.run {
        run.stopped = true;
        let words = format!(
            "Stopped after {} of {}: nothing more is sent. 1 is waiting for a response.",
            run.sent, run.total
        );
        model.set_status(Tone::Warn, words);
    }
}

/// Whether this is the one of a run that is under way.
pub(in crate::app) fn is_current(model: &Model, op: &WriteId) -> bool {
    let mut runs = model.bulks.values().filter_map(|bulk| bulk.run.as_ref());
    runs.any(|run| run.current == *op)
}

/// The journal has the same as what was to be sent: that row is left out, and the next is sent.
fn twin(model: &mut Model, op: &WriteId, failure: &Failure) -> Vec<Effect> {
    let found = model.bulks.iter_mut().find_map(|(order, bulk)| {
        let run = bulk.run.clone().filter(|run| run.current == *op)?;
        let sent = Standing::Sent(op.clone());
        if let Some(row) = bulk.rows.iter_mut().find(|row| row.standing == sent) {
            row.standing = Standing::Known(failure.what.clone());
            row.number = None;
        }
        bulk.unkept = true;
        Some((*order, run))
    });
    let Some((order, run)) = found else {
        return Vec::new();
    };
    if run.stopped {
        finish(model, order, run.sent - 1, run.total);
        return Vec::new();
    }
    next(model, order, run.sent - 1, run.total)
}

/// A write ended: the next is sent, or it is said why not.
pub(in crate::app) fn ended(model: &mut Model, op: &WriteId, end: &End) -> Vec<Effect> {
    if let End::Twin { failure, .. } = end {
        return twin(model, op, failure);
    }
    let found = model.bulks.iter().find_map(|(order, bulk)| {
        let run = bulk.run.as_ref().filter(|run| run.current == *op)?;
        Some((*order, run.clone()))
    });
    let Some((order, run)) = found else {
        return Vec::new();
    };
    let state = model.engine.writes.get(op).map(|watch| watch.stage.clone());
    // What is refused for who asks, or how often, is refused for the others too.
    let refused_all = matches!(
        &state,
        Some(Stage::Ended(failure)) if failure.refuses_all() || failure.calls_for_reissue()
    );
    let halt = *end == End::Stopped || refused_all;
    if !halt && !run.stopped {
        return next(model, order, run.sent, run.total);
    }
    let mut sent = run.sent;
    let nothing_done = halt && matches!(state, Some(Stage::Ended(_)));
    let outgoing = model
        .engine
        .writes
        .get(op)
        .map(|watch| watch.outgoing.clone());
    if let Some(bulk) = model.bulks.get_mut(&order) {
        bulk.unqueue();
        bulk.run = None;
        if let (true, Some(outgoing)) = (nothing_done, outgoing) {
            sent -= 1;
            for row in &mut bulk.rows {
                if row.standing == Standing::Sent(op.clone()) {
                    row.standing = Standing::Ready(Box::new(outgoing.clone()));
                    row.number = None;
                }
            }
        }
    }
    let left = run.total - sent;
    if halt {
        let words = model
            .status
            .take()
            .map_or_else(String::new, |told| told.words);
        model.set_status(
            Tone::Bad,
            format!(
                "{words} The run stopped: {sent} of {} sent, {left} not.",
                run.total
            ),
        );
    } else {
        model.set_status(
            Tone::Warn,
            format!("Stopped: {sent} of {} sent, {left} not.", run.total),
        );
    }
    recheck(model, order);
    Vec::new()
}

/// What the journal could not take is sent without it: its row is sent, and not ready any more.
pub(in crate::app) fn sent_after_all(model: &mut Model, op: &WriteId, outgoing: &Outgoing) {
    let (Some(order), Some(expected)) = (outgoing.order, &outgoing.expected) else {
        return;
    };
    let Some(bulk) = model.bulks.get_mut(&order) else {
        return;
    };
    let mut rows = bulk.rows.iter_mut();
    let row = rows.find(|row| {
        let csr = row.csr.as_ref();
        matches!(row.standing, Standing::Ready(_))
            && csr.is_some_and(|csr| csr.der == expected.csr_der)
    });
    if let Some(row) = row {
        row.standing = Standing::Sent(op.clone());
        row.number = Some(op.clone());
        bulk.unkept = true;
    }
}

/// What did not arrive was sent again from elsewhere: its row follows the newer one.
pub(in crate::app) fn sent_again(model: &mut Model, before: &WriteId, now: &WriteId) {
    for bulk in model.bulks.values_mut() {
        let sent = Standing::Sent(before.clone());
        if let Some(row) = bulk.rows.iter_mut().find(|row| row.standing == sent) {
            row.standing = Standing::Sent(now.clone());
            row.number = Some(now.clone());
            bulk.unkept = true;
        }
    }
}

impl Bulk {
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
