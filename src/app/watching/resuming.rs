//! What an earlier session sent and saw no end of.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::named;
use crate::app::msg::Unfinished;
use crate::app::remote::Ticket;
use crate::app::verify::sent_drafts;
use crate::app::watch::Watch;
use crate::app::writes::Writes;

/// What an earlier session left.
pub(super) struct Resumed {
    /// How much of it has no known outcome.
    pub(super) unknown: usize,
    /// The drafts of what the account has.
    pub(super) taken: Vec<String>,
}

impl Writes {
    /// Goes on with what an earlier session sent. What has no known outcome is looked up first.
    pub(super) fn resume(
        &mut self,
        unfinished: Vec<Unfinished>,
        mark: Ticket,
        drafts: &BTreeMap<String, String>,
        now: Timestamp,
    ) -> Resumed {
        let mut resumed = Resumed {
            unknown: 0,
            taken: Vec::new(),
        };
        // The newest stands first, as in a session of its own.
        for left in unfinished.into_iter().rev() {
            if self.get(&left.op).is_some() {
                continue;
            }
            resumed.unknown += usize::from(left.stage.is_unknown());
            let name = named(left.outgoing.named(), left.before.name.as_deref());
            let mut watch = Watch {
                order: left.order,
                stage: left.stage,
                mark,
                token: left.token,
                ..Watch::new(left.op, left.outgoing, name, left.before, left.sent)
            };
            watch.hurry(now);
            // The earlier session ended between the account's yes and what was typed for it.
            if !watch.is_lost() {
                resumed.taken.extend(sent_drafts(&watch, drafts));
            }
            self.all.push(watch);
        }
        resumed
    }
}
