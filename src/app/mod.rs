//! Model, messages, update and effects. Pure: `update(&mut Model, Msg, Now) -> Vec<Effect>`; no clock, no I/O.

pub mod cursor;
pub mod effect;
pub mod failure;
pub mod field;
pub mod form;
pub mod layout;
pub mod model;
pub mod msg;
pub mod order;
pub mod orders;
pub mod popup;
pub mod remote;
pub mod secret;
#[cfg(test)]
pub(crate) mod testing;
pub mod watch;
