//! The journal: an intent is stored before a byte leaves, its outcome after, and what came of it later.

mod before;
mod cells;
mod detail;
mod read;
mod twin;
mod write;

pub use twin::{Twin, TwinState};
