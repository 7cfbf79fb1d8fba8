//! Where a frame goes: the terminal, or what a test has instead.

use std::io;

use super::super::terminal;

/// Takes a frame in one piece.
pub trait Sink {
    /// Sends all of `bytes`, in one write where the kernel takes it.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// The terminal on standard output, past Rust's line buffer.
#[derive(Debug, Default)]
pub struct Tty;

impl Sink for Tty {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        terminal::write_while_ours(bytes)
    }
}
