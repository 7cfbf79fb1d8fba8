//! What several kinds of tests use: the program in a terminal of its own.

pub mod pty;
