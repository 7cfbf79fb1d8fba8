//! What several kinds of tests use: the program in a terminal of its own.

mod keys;
pub mod pty;
