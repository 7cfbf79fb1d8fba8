//! What an earlier session sent and saw no end of.

use super::{drop_drafts, named};
use crate::app::effect::Effect;
use crate::app::evidence::sent_drafts;
use crate::app::model::{Model, Tone};
use crate::app::msg::{CameTo, Unfinished};
use crate::app::watch::{Watch, WatchState};
use crate::domain::failure::{Failure, FailureKind};

/// Goes on with what an earlier session sent. What has no known outcome is looked up first.
pub(in crate::app) fn resume(model: &mut Model, unfinished: Vec<Unfinished>) -> Vec<Effect> {
    let now = model.now;
    let mut unknown = 0;
    let mut taken = Vec::new();
    let unclear = |what: &str| Failure {
        kind: FailureKind::Other,
        what: what.into(),
        advice: String::new(),
        status: None,
        codes: Vec::new(),
    };
    // The newest stands first, as in a session of its own.
    for left in unfinished.into_iter().rev() {
        if model.watches.iter().any(|watch| watch.op == left.op) {
            continue;
        }
        let state = match left.came {
            CameTo::Request(request) => WatchState::Approval(request),
            CameTo::Order => WatchState::Issue(None),
            CameTo::Certificate(certificate) => WatchState::Issue(Some(certificate)),
            CameTo::Unknown => {
                unknown += 1;
                let ended = "certdeck ended before an answer came.";
                WatchState::Lookup(unclear(left.why.as_deref().unwrap_or(ended)))
            }
            CameTo::NotFound => {
                unknown += 1;
                let what =
                    "No clear answer came, and nothing of it was found in an earlier session.";
                WatchState::NotFound(unclear(what))
            }
        };
        let name = named(left.outgoing.named(), left.before.name.as_deref());
        let mut watch = Watch {
            order: left.order,
            state,
            mark: model.mark(),
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
                1 => "A write of an earlier session has no known outcome; looking on the account. W shows it.".to_owned(),
                many => format!("{many} writes of an earlier session have no known outcome; looking on the account. W shows them."),
            },
        );
    }
    drop_drafts(model, taken)
}
