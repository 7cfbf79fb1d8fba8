//! When decisions have the list of requests read anew: once for each confirmation, however many it decides.

use crate::app::account::Account;
use crate::app::effect::Effect;
use crate::app::operations::batch;
use crate::app::watch::Watch;
use crate::app::writes::Writes;
use crate::domain::write::WriteId;

/// Of several decisions the last one reads the list of requests, however it ended.
pub(super) fn last(account: &mut Account, writes: &Writes, op: &WriteId) -> Vec<Effect> {
    if batch::goes_on(writes, op) {
        return Vec::new();
    }
    stopped(account, writes, op)
}

/// So does the one after which the others are not sent.
pub(super) fn stopped(account: &mut Account, writes: &Writes, op: &WriteId) -> Vec<Effect> {
    let decides = |watch: &Watch| watch.op == *op && watch.outgoing.kind.is_decision();
    if batch::is_current(writes, op) && writes.all.iter().any(decides) {
        return account.read_lists_of_requests();
    }
    Vec::new()
}
