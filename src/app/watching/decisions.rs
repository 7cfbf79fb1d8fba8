//! When decisions have the list of requests read anew: once for each confirmation, however many it decides.

use crate::app::effect::{Effect, Read};
use crate::app::model::Model;
use crate::app::operations::batch;
use crate::app::requests;
use crate::app::watch::Watch;
use crate::domain::write::WriteId;

/// Of several decisions the last one reads the list of requests, however it ended.
pub(super) fn last(model: &mut Model, op: &WriteId) -> Vec<Effect> {
    if batch::goes_on(model, op) {
        return Vec::new();
    }
    stopped(model, op)
}

/// So does the one after which the others are not sent.
pub(super) fn stopped(model: &mut Model, op: &WriteId) -> Vec<Effect> {
    let decides = |watch: &Watch| watch.op == *op && watch.outgoing.kind.is_decision();
    if batch::is_current(model, op) && model.watches.iter().any(decides) {
        return model.account.read_lists_of_requests();
    }
    Vec::new()
}
