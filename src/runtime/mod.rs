//! The only room with side effects on the terminal.

pub mod child;
pub mod harden;
pub mod keystore;
pub mod options;
