//! Several writes of one confirmation: sent one after the other, each when the one before it has its answer. Where an
//! answer is lost or nothing can be sent, the rest is not sent, and that is said.

use std::collections::VecDeque;

use super::{Below, Send, Writes, resend};
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
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

/// How a write ended, for what sends several in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// The account took it.
    Taken,
    /// The account refused it: the others may be taken all the same.
    Refused,
    /// It was not sent, since the journal has the same.
    Twin {
        failure: Failure,
        /// Whether the operator may be asked to send it all the same.
        asks: bool,
    },
    /// It could not be sent, or nobody knows whether it arrived.
    Stopped,
}

/// Which of several is under way, and how no more of them are sent.
pub(in crate::app) fn sending(at: usize, total: usize) -> String {
    if at < total {
        format!("Sending {at} of {total}; press Esc to stop.")
    } else {
        format!("Sending {at} of {total}.")
    }
}

impl Writes {
    /// Whether this is the one of a batch that is under way.
    pub fn is_in_batch(&self, op: &WriteId) -> bool {
        let batch = self.batch.as_ref();
        batch.is_some_and(|batch| batch.current == *op)
    }

    /// Whether others follow the one that is under way.
    pub fn batch_has_more(&self, op: &WriteId) -> bool {
        let batch = self.batch.as_ref().filter(|batch| batch.current == *op);
        batch.is_some_and(|batch| !batch.rest.is_empty()) && !self.refuses_all(op)
    }

    /// Whether more of a batch is about this order.
    pub(in crate::app) fn batch_waits_for(&self, order: OrderId) -> bool {
        self.batch.iter().any(|batch| {
            let current = self.get(&batch.current).map(|watch| &watch.outgoing);
            let mut waiting = batch.rest.iter().chain(current);
            waiting.any(|one| one.order == Some(order))
        })
    }

    /// Whether the account refused it in a way in which it would refuse the others as well.
    fn refuses_all(&self, op: &WriteId) -> bool {
        self.get(op).is_some_and(
            |watch| matches!(&watch.stage, Stage::Ended(failure) if failure.refuses_all()),
        )
    }

    /// Sends the first and keeps the others for later. While another batch is under way they wait behind it.
    pub fn send_all(&mut self, outgoing: Vec<Outgoing>, below: &mut Below<'_>) {
        let all = outgoing.len();
        let mut rest: VecDeque<Outgoing> = outgoing.into();
        // What is on its way, or waits for its turn, is not sent a second time.
        rest.retain(|one| !self.is_under_way(one));
        if rest.len() < all {
            let words = match all - rest.len() {
                1 if all == 1 => "Not sent: the same is under way.".to_owned(),
                many => format!("{many} of {all} are already under way and are not sent again."),
            };
            below.turn.set_status(Tone::Warn, words);
        }
        if rest.len() > 1
            && let Some(batch) = &mut self.batch
        {
            batch.total += rest.len();
            batch.rest.extend(rest);
            return;
        }
        let Some(first) = rest.pop_front() else {
            return;
        };
        let name = first.named();
        let current = self.send(Send::new(first, name), below);
        if !rest.is_empty() {
            let total = rest.len() + 1;
            self.batch = Some(Batch {
                current,
                rest,
                done: 0,
                refused: Vec::new(),
                total,
            });
            below.turn.set_status(Tone::Info, sending(1, total));
        }
    }

    /// Nothing more of a batch is sent; the one under way gets its answer. Whether there was more.
    pub(in crate::app) fn stop_batch(&mut self, turn: &mut Turn) -> bool {
        let Some(batch) = self.batch.as_mut().filter(|batch| !batch.rest.is_empty()) else {
            return false;
        };
        let left = batch.rest.len();
        batch.rest.clear();
        batch.total -= left;
        let words = format!(
            "Stopped: {left} were not sent; they stay marked. 1 is waiting for a response."
        );
        turn.set_status(Tone::Warn, words);
        true
    }

    /// Whether the same is being sent, looked for, or waits behind what is being sent.
    fn is_under_way(&self, outgoing: &Outgoing) -> bool {
        let same = |other: &Outgoing| {
            let decides = other.request.is_some() && other.request == outgoing.request;
            decides || resend::is_same(other, outgoing)
        };
        let waiting = self.batch.iter().flat_map(|batch| &batch.rest);
        let sent = self
            .all
            .iter()
            .filter(|watch| matches!(watch.stage, Stage::Sending | Stage::LookingUp(_)));
        !outgoing.kind.is_check() && waiting.chain(sent.map(|watch| &watch.outgoing)).any(same)
    }

    /// One ended: the next is sent, or it is said how the whole ended.
    pub(super) fn batch_goes_on(&mut self, op: &WriteId, end: &End, below: &mut Below<'_>) {
        let Some(mut batch) = self.batch.take_if(|batch| batch.current == *op) else {
            return;
        };
        match end {
            End::Taken => batch.done += 1,
            End::Refused | End::Twin { .. } if !self.refuses_all(op) => {
                let refused = self.get(op).map(|watch| watch.name.clone());
                batch.refused.extend(refused);
            }
            End::Refused | End::Twin { .. } | End::Stopped => {
                let words = below.turn.take_words();
                let (left, total) = (batch.rest.len(), batch.total);
                let left = format!("{left} of {total} were not sent; they stay marked.");
                let words = format!("{words} As a result, {left}");
                self.batch_left = Some((op.clone(), left));
                below.turn.set_status(Tone::Bad, words);
                return;
            }
        }
        let (done, total) = (batch.done, batch.total);
        let Some(next) = batch.rest.pop_front() else {
            if batch.refused.is_empty() {
                below
                    .turn
                    .set_status(Tone::Good, format!("All {total} done."));
                return;
            }
            let named = batch.refused.len().min(MOST_NAMED);
            let mut refused = batch.refused[..named].join(", ");
            if batch.refused.len() > named {
                let more = batch.refused.len() - named;
                refused = format!("{refused}, and {more} more");
            }
            let words = format!("{done} of {total} done. Refused: {refused}. Press W to see why.");
            below.turn.set_status(Tone::Warn, words);
            return;
        };
        let name = next.named();
        batch.current = self.send(Send::new(next, name), below);
        let at = done + batch.refused.len() + 1;
        below.turn.set_status(Tone::Info, sending(at, total));
        self.batch = Some(batch);
    }
}
