//! The keyboard as messages: one thread owns the terminal's input and can be taken down and put up again.
//!
//! ```text
//! tty --bytes--> [decode] --keys, pastes--> the loop: [gate] --what a hand meant--> update
//!                  keys: the table
//! ```
//!
//! What is no key and no paste goes no further than the decoder; what no hand typed goes no further than the gate.

pub mod decode;
pub mod gate;
mod keys;
mod tty;

use std::io;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use super::hangup;
use decode::Input as Typed;

/// What was read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Keys and pastes, in the order in which they came.
    pub inputs: Vec<Typed>,
    pub at: Instant,
}

/// The keyboard, read until dropped.
#[derive(Debug)]
pub struct Input {
    _reader: tty::Reader,
}

impl Input {
    /// Starts reading. What arrives is sent on as `map` makes it; it ends when the receiver is gone.
    ///
    /// Dropping it stops the reading before it returns, so that another program may read.
    pub fn start<M: Send + 'static>(
        tx: UnboundedSender<M>,
        map: impl Fn(Arrived) -> M + Send + 'static,
    ) -> io::Result<Self> {
        let reader = tty::Reader::start(hangup::real_terminal()?, move |arrived| {
            tx.send(map(arrived)).is_ok()
        })?;
        Ok(Self { _reader: reader })
    }
}
