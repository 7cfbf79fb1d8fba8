//! What several kinds of tests use: the program in a terminal of its own.

mod keys;
mod line;
pub mod pty;
