//! Several writes of one confirmation: sent one after the other, each when the one before it has its answer. Where an
//! answer is lost or nothing can be sent, the rest is not sent, and that is said.

use std::collections::VecDeque;

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::resend;
use crate::app::status::Tone;
use crate::app::watching;
use crate::app::writes::Writes;
use crate::domain::write::{Outgoing, Stage, WriteId};

/// What was refused that is named, at most.
const MOST_NAMED: usize = 4;

/// Writes that wait for their turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The one that is under way.
    pub current: WriteId,
    /// The others, in their order.
    pub rest: VecDeque<Outgoing>,
    /// How many the account has taken.
    pub done: usize,
    /// What it refused, by name.
    pub refused: Vec<String>,
    /// How many there are in all.
    pub total: usize,
}

/// How one of them ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum End {
    /// The account took it.
    Taken,
    /// The account refused it: the others may be taken all the same.
    Refused,
    /// It could not be sent, or nobody knows whether it arrived.
    Stopped,
}

/// Whether this is the one of a batch that is under way.
pub(in crate::app) fn is_current(writes: &Writes, op: &WriteId) -> bool {
    writes
        .batch
        .as_ref()
        .is_some_and(|batch| batch.current == *op)
}

/// Whether others follow the one that is under way.
pub(in crate::app) fn goes_on(writes: &Writes, op: &WriteId) -> bool {
    let batch = writes.batch.as_ref().filter(|batch| batch.current == *op);
    batch.is_some_and(|batch| !batch.rest.is_empty()) && !refuses_all(writes, op)
}

/// Whether the account refused it in a way in which it would refuse the others as well.
fn refuses_all(writes: &Writes, op: &WriteId) -> bool {
    let watch = writes.get(op);
    watch
        .is_some_and(|watch| matches!(&watch.stage, Stage::Ended(failure) if failure.refuses_all()))
}

/// Sends the first and keeps the others for later. While another batch is under way they wait behind it.
pub(in crate::app) fn start(model: &mut Model, outgoing: Vec<Outgoing>) -> Vec<Effect> {
    let all = outgoing.len();
    let mut rest: VecDeque<Outgoing> = outgoing.into();
    // What is on its way, or waits for its turn, is not sent a second time.
    rest.retain(|one| !is_under_way(&model.writes, one));
    if rest.len() < all {
        let words = match all - rest.len() {
            1 if all == 1 => "Not sent: the same is under way.".to_owned(),
            many => format!("{many} of {all} are already under way and are not sent again."),
        };
        model.set_status(Tone::Warn, words);
    }
    if rest.len() > 1
        && let Some(batch) = &mut model.writes.batch
    {
        batch.total += rest.len();
        batch.rest.extend(rest);
        return Vec::new();
    }
    let Some(first) = rest.pop_front() else {
        return Vec::new();
    };
    let name = first.named();
    let effects = watching::send(model, first, None, name);
    if !rest.is_empty()
        && let Some(watch) = model.writes.all.first()
    {
        let total = rest.len() + 1;
        model.writes.batch = Some(Batch {
            current: watch.op.clone(),
            rest,
            done: 0,
            refused: Vec::new(),
            total,
        });
        model.set_status(Tone::Info, format!("Sending 1 of {total}…"));
    }
    effects
}

/// Whether the same is being sent, looked for, or waits behind what is being sent.
fn is_under_way(writes: &Writes, outgoing: &Outgoing) -> bool {
    let same = |other: &Outgoing| {
        let decides = other.request.is_some() && other.request == outgoing.request;
        decides || resend::is_same(other, outgoing)
    };
    let waiting = writes.batch.iter().flat_map(|batch| &batch.rest);
    let sent = writes
        .all
        .iter()
        .filter(|watch| matches!(watch.stage, Stage::Sending | Stage::LookingUp(_)));
    !outgoing.kind.is_check() && waiting.chain(sent.map(|watch| &watch.outgoing)).any(same)
}

/// One ended: the next is sent, or it is said how the whole ended.
pub(in crate::app) fn ended(model: &mut Model, op: &WriteId, end: End) -> Vec<Effect> {
    let Some(mut batch) = model.writes.batch.take_if(|batch| batch.current == *op) else {
        return Vec::new();
    };
    match end {
        End::Taken => batch.done += 1,
        End::Refused if !refuses_all(&model.writes, op) => {
            let refused = model.writes.get(op);
            batch
                .refused
                .extend(refused.map(|watch| watch.name.clone()));
        }
        End::Refused | End::Stopped => {
            let words = model
                .status
                .take()
                .map_or_else(String::new, |told| told.words);
            let (left, total) = (batch.rest.len(), batch.total);
            model.set_status(
                Tone::Bad,
                format!("{words} As a result, {left} of {total} were not sent; they stay marked."),
            );
            return Vec::new();
        }
    }
    let (done, total) = (batch.done, batch.total);
    let Some(next) = batch.rest.pop_front() else {
        if batch.refused.is_empty() {
            model.set_status(Tone::Good, format!("All {total} done."));
        } else {
            let named = batch.refused.len().min(MOST_NAMED);
            let mut refused = batch.refused[..named].join(", ");
            if batch.refused.len() > named {
                let more = batch.refused.len() - named;
                refused = format!("{refused}, and {more} more");
            }
            let words = format!("{done} of {total} done. Refused: {refused}. Press W to see why.");
            model.set_status(Tone::Warn, words);
        }
        return Vec::new();
    };
    let name = next.named();
    let effects = watching::send(model, next, None, name);
    if let Some(watch) = model.writes.all.first() {
        batch.current = watch.op.clone();
    }
    model.set_status(
        Tone::Info,
        format!("Sending {} of {total}…", done + batch.refused.len() + 1),
    );
    model.writes.batch = Some(batch);
    effects
}
