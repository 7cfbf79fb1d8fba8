//! What an earlier session sent and saw no end of.

use super::{drop_drafts, named};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::msg::Unfinished;
use crate::app::status::Tone;
use crate::app::verify::sent_drafts;
use crate::app::watch::Watch;

/// Goes on with what an earlier session sent. What has no known outcome is looked up first.
pub(in crate::app) fn resume(model: &mut Model, unfinished: Vec<Unfinished>) -> Vec<Effect> {
    let now = model.now;
    let mut unknown = 0;
    let mut taken = Vec::new();
    // The newest stands first, as in a session of its own.
    for left in unfinished.into_iter().rev() {
        if model.watches.iter().any(|watch| watch.op == left.op) {
            continue;
        }
        unknown += usize::from(left.stage.is_unknown());
        let name = named(left.outgoing.named(), left.before.name.as_deref());
        let mut watch = Watch {
            order: left.order,
            stage: left.stage,
            mark: model.account.mark(),
            token: left.token,
            ..Watch::new(left.op, left.outgoing, name, left.before, left.sent)
        };
        watch.hurry(now);
        // The earlier session ended between the account's yes and what was typed for it.
        if !watch.is_lost() {
            taken.extend(sent_drafts(&watch, &model.drafts));
        }
        model.watches.push(watch);
    }
    if unknown > 0 {
        model.tell(
            Tone::Warn,
            match unknown {
                1 => "1 change from an earlier session has no known outcome. Checking CertCentral; press W to see it.".to_owned(),
                many => format!("{many} changes from an earlier session have no known outcome. Checking CertCentral; \
                    press W to see them."),
            },
        );
    }
    drop_drafts(model, taken)
}
