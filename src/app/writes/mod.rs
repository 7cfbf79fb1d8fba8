//! What was sent, and what waits to be sent: each write is watched from its answer to what came of it.
//!
//! ```text
//! send --> answers --> (poll --> advance)* --> verified, ended, or lost --> resend
//!            |  batch: the next of several        ^
//!            `------------------------------------'  resume: what an earlier session left
//! ```

mod advance;
mod answers;
mod batch;
mod by_reference;
mod decisions;
mod domains;
mod elsewhere;
mod ended_elsewhere;
mod issuer;
mod lost;
pub mod names;
mod outcome;
mod poll;
mod prune;
pub mod resend;
mod resume;
mod send;
mod verify;
mod watch;

pub(in crate::app) use batch::sending;
pub use batch::{Batch, End};
pub use elsewhere::Elsewhere;
pub use outcome::{is_found, lacks_record};
pub use resend::ResendPending;
pub use send::Send;
pub use watch::{Watch, ids};

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::account::Account;
use super::drafts::Drafts;
use super::effect::Effect;
use super::status::Tone;
use super::turn::Turn;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::OrderId;
use crate::domain::write::{Entry, Fact, Stage, WriteId};

/// What was sent, and what waits to be sent.
#[derive(Debug)]
pub struct Writes {
    /// What was sent, newest first.
    pub all: Vec<Watch>,
    /// What was sent to other accounts: it is watched once the desk is connected to those.
    pub elsewhere: Vec<Elsewhere>,
    /// Writes of one confirmation that wait for their turn.
    pub batch: Option<Batch>,
    /// How many of a batch were not sent since this one got no answer, in words.
    batch_left: Option<(WriteId, String)>,
    /// What is to be sent again, while it is looked for once more.
    pub resend_pending: Option<ResendPending>,
    /// Orders whose requests the list of requests is asked for.
    together: BTreeSet<OrderId>,
    seed: String,
    numbered: u64,
}

/// What the writes go by, and where they put what comes of it.
pub struct Below<'a> {
    pub account: &'a mut Account,
    pub drafts: &'a mut Drafts,
    /// By this machine's clock.
    pub now: Timestamp,
    pub turn: &'a mut Turn,
}

impl Below<'_> {
    /// What the account has is not to be sent again.
    fn drop_drafts(&mut self, keys: Vec<String>) {
        for key in keys {
            self.turn.push(self.drafts.drop(key));
        }
    }
}

impl Writes {
    /// Nothing was sent yet. `seed` makes the numbers unique across processes.
    pub fn new(seed: String) -> Self {
        Self {
            all: Vec::new(),
            elsewhere: Vec::new(),
            batch: None,
            batch_left: None,
            resend_pending: None,
            together: BTreeSet::new(),
            seed,
            numbered: 0,
        }
    }

    /// A new number for a write.
    pub(in crate::app) fn next_id(&mut self) -> WriteId {
        self.numbered += 1;
        WriteId(format!("{}-{}", self.seed, self.numbered))
    }

    /// What was sent under a number.
    pub fn get(&self, id: &WriteId) -> Option<&Watch> {
        self.all.iter().find(|watch| watch.op == *id)
    }

    pub(in crate::app) fn get_mut(&mut self, id: &WriteId) -> Option<&mut Watch> {
        self.all.iter_mut().find(|watch| watch.op == *id)
    }

    /// The operator has seen enough of it: it is looked for no longer.
    pub fn dismiss(&mut self, op: WriteId, below: &mut Below<'_>) {
        if let Some(watch) = self.get_mut(&op)
            && watch.stage != Stage::Sending
            && watch.looks_on()
        {
            watch.due = None;
            let words = if watch.is_lost() {
                "outcome unknown; dismissed"
            } else {
                "CertCentral has it; dismissed, no longer watched"
            };
            let ended = Failure::of(FailureKind::Other, words);
            watch.stage.after(Fact::Ended(ended));
        }
        let words = "Dismissed. The row stays in the journal.";
        below.turn.set_status(Tone::Info, words);
        let entry = Entry::Dismissed;
        below.turn.push(Effect::Journal { op, entry });
    }
}
