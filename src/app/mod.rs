//! Model, messages, update and effects. Pure: `update(&mut Model, Msg, Now) -> Vec<Effect>`; no clock, no I/O.

mod actions;
mod chains;
pub mod commands;
pub mod cursor;
pub mod effect;
mod evidence;
pub mod failure;
pub mod field;
pub mod form;
mod input;
pub mod layout;
pub mod model;
pub mod msg;
mod notice;
mod opening;
pub mod operations;
pub mod order;
pub mod orders;
pub mod palette;
pub mod popup;
mod prompts;
pub mod remote;
pub mod secret;
mod sources;
#[cfg(test)]
pub(crate) mod testing;
mod update;
#[cfg(test)]
mod update_tests;
pub mod watch;
mod watching;

pub use chains::file_name;
pub use update::{start, update};
