//! Model, messages, update and effects. Pure: `update(&mut Model, Msg, Now) -> Vec<Effect>`; no clock, no I/O.

pub mod effect;
pub mod failure;
pub mod msg;
pub mod remote;
pub mod secret;
