//! What an earlier session sent and saw no end of.

use super::send::named;
use super::verify::sent_drafts;
use super::{Below, Watch, Writes};
use crate::app::msg::Unfinished;
use crate::app::status::Tone;

impl Writes {
    /// Goes on with what an earlier session sent, and says of how much nobody knows the outcome: that is looked up first.
    pub fn resume(&mut self, unfinished: Vec<Unfinished>, below: &mut Below<'_>) {
        let mark = below.account.mark();
        let mut unknown = 0;
        let mut taken = Vec::new();
        // The newest stands first, as in a session of its own.
        for left in unfinished.into_iter().rev() {
            if self.get(&left.op).is_some() {
                continue;
            }
            unknown += usize::from(left.stage.is_unknown());
            let name = named(left.outgoing.named(), left.before.name.as_deref());
            let mut watch = Watch {
                order: left.order,
                stage: left.stage,
                mark,
                token: left.token,
                ..Watch::new(left.op, left.outgoing, name, left.before, left.sent)
            };
            watch.hurry(below.now);
            // The earlier session ended between the account's yes and what was typed for it.
            if !watch.is_lost() {
                taken.extend(sent_drafts(&watch, &below.drafts.texts));
            }
            self.all.push(watch);
        }
        match unknown {
            0 => {}
            1 => below.turn.set_status(
                Tone::Warn,
                "1 change from an earlier session has no known outcome. Checking CertCentral; press W to see it.",
            ),
            many => below.turn.set_status(
                Tone::Warn,
                format!(
                    "{many} changes from an earlier session have no known outcome. Checking CertCentral; press W to \
                        see them."
                ),
            ),
        }
        below.drop_drafts(taken);
    }
}
