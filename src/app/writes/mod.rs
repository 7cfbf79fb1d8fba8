//! What was sent, and what waits to be sent.

pub mod names;

use crate::app::msg::Ended;
use crate::app::operations::Batch;
use crate::app::resend::ResendPending;
use crate::app::watch::Watch;
use crate::domain::write::WriteId;

/// What was sent, and what waits to be sent.
#[derive(Debug)]
pub struct Writes {
    /// What was sent, newest first.
    pub all: Vec<Watch>,
    /// What was sent to other accounts: it is watched once the desk is connected to those.
    pub elsewhere: Vec<Elsewhere>,
    /// Writes of one confirmation that wait for their turn.
    pub batch: Option<Batch>,
    /// What is to be sent again, while it is looked for once more.
    pub resend_pending: Option<ResendPending>,
    seed: String,
    numbered: u64,
}

/// Something that was sent to an account that the desk is not connected to.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    pub watch: Watch,
    /// The answer, if it came meanwhile.
    pub answer: Option<Ended>,
}

impl Writes {
    /// Nothing was sent yet. `seed` makes the numbers unique across processes.
    pub fn new(seed: String) -> Self {
        Self {
            all: Vec::new(),
            elsewhere: Vec::new(),
            batch: None,
            resend_pending: None,
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
}
