//! When decisions have the list of requests read anew: once for each confirmation, however many it decides.

use super::{Below, Writes};
use crate::domain::write::WriteId;

impl Writes {
    /// Of several decisions the last one reads the list of requests, however it ended.
    pub(super) fn last_decision(&self, op: &WriteId, below: &mut Below<'_>) {
        if !self.batch_has_more(op) {
            self.stopped_decision(op, below);
        }
    }

    /// So does the one after which the others are not sent.
    pub(super) fn stopped_decision(&self, op: &WriteId, below: &mut Below<'_>) {
        let watch = self.get(op).filter(|_| self.is_in_batch(op));
        if watch.is_some_and(|watch| watch.outgoing.kind.is_decision()) {
            below.turn.extend(below.account.read_lists_of_requests());
        }
    }
}
