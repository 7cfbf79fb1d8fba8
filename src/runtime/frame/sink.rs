//! Where a frame goes: the terminal, or memory in tests.

use std::io;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::terminal;

/// Takes a frame in one piece.
pub trait Sink {
    /// Sends all of `bytes`, in one write where the kernel takes it.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// How much went out.
#[derive(Debug, Default)]
pub struct Traffic {
    writes: AtomicU64,
    bytes: AtomicU64,
}

impl Traffic {
    /// Pieces sent, one a frame.
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// Bytes sent.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    fn count(&self, bytes: &[u8]) {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    }
}

/// The terminal on standard output, past Rust's line buffer.
#[derive(Debug, Default)]
pub struct Tty {
    traffic: Arc<Traffic>,
}

impl Tty {
    /// The counter of what goes out here.
    pub fn traffic(&self) -> Arc<Traffic> {
        Arc::clone(&self.traffic)
    }
}

impl Sink for Tty {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.traffic.count(bytes);
        terminal::write_while_ours(bytes)
    }
}

/// Keeps every piece that was sent; clones share what they keep.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    pieces: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Memory {
    /// Takes what was sent since the last call, one entry a write.
    pub fn take(&self) -> Vec<Vec<u8>> {
        let mut pieces = self
            .pieces
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::take(&mut pieces)
    }
}

impl Sink for Memory {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.pieces
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(bytes.to_vec());
        Ok(())
    }
}
