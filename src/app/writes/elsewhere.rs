//! What was sent to an account that the desk is not connected to: it is watched again once the desk is back, and its
//! journal goes on.

use super::{Below, End, Watch, Writes};
use crate::app::msg::Ended;
use crate::domain::write::{Fact, WriteId};

/// Something that was sent to an account that the desk is not connected to.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    pub watch: Watch,
    /// The answer, if it came meanwhile.
    pub answer: Option<Ended>,
}

impl Writes {
    /// Puts what was sent where it belongs: what another account got waits until the desk is back there. What was
    /// answered meanwhile comes back, with how it ended.
    pub fn sort_by_account(&mut self, below: &mut Below<'_>) -> Vec<(WriteId, End)> {
        let Some(account) = below.account.name().map(str::to_owned) else {
            return Vec::new();
        };
        // An older journal does not tell.
        let is_here = |watch: &Watch| {
            let of = watch.before.account.as_ref();
            of.is_none_or(|of| *of == account)
        };
        let all = std::mem::take(&mut self.all).into_iter();
        let (here, there): (Vec<Watch>, Vec<Watch>) = all.partition(is_here);
        let elsewhere = std::mem::take(&mut self.elsewhere).into_iter();
        let (back, mut stays): (Vec<Elsewhere>, Vec<Elsewhere>) =
            elsewhere.partition(|sent| is_here(&sent.watch));
        stays.extend(there.into_iter().map(|watch| Elsewhere {
            watch,
            answer: None,
        }));
        self.elsewhere = stays;
        let mut answers = Vec::new();
        for Elsewhere { mut watch, answer } in back {
            // Nobody fetches its chain any more.
            watch.stage.after(Fact::ChainFailed);
            watch.hurry(below.now);
            answers.extend(answer.map(|answer| (watch.op.clone(), answer)));
            self.all.push(watch);
        }
        // What was here all the time is of an older journal.
        self.all.extend(here);
        let ended = answers.into_iter().filter_map(|(op, answer)| {
            let end = self.on_ended(&op, answer, false, below)?;
            Some((op, end))
        });
        ended.collect()
    }
}
