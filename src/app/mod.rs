//! Model, messages, update and effects. Pure: `update(&mut Model, Msg, Now) -> Vec<Effect>`; no clock, no I/O.
//!
//! ```text
//! Msg --update--+--> input ---> actions, form, operations, palette, prompts     keys and pastes, by what has the focus
//!               `--> engine: account, drafts, writes                            what came, is typed, and was sent
//! ```
//!
//! | plain data | what it is |
//! | --- | --- |
//! | [`msg`] | what happened |
//! | [`model`] | the whole state; [`orders`], [`order`], [`form`], [`popup`] and [`writes`] are its parts |
//! | [`turn`] | what a message brings: effects, the status line, and what those above follow |
//! | [`effect`] | what is to be done |
//! | [`remote`] | something read, with the old value while a new one comes |

pub mod account;
pub mod accounts;
mod actions;
mod activity;
pub mod bulk;
pub mod commands;
pub mod copying;
pub mod current;
pub mod cursor;
mod deadlines;
mod dispatch;
mod download;
pub mod draft_list;
pub mod drafts;
mod duplicate_by_names;
pub mod effect;
pub mod engine;
pub mod field;
pub mod fields;
pub mod form;
mod input;
pub mod journal;
mod key_guard;
pub mod late;
pub mod layout;
pub mod look;
pub mod model;
pub mod msg;
mod notice;
mod opening;
pub mod operations;
pub mod order;
pub mod orders;
pub mod palette;
pub mod picker;
pub mod popup;
pub mod preview;
mod prompts;
mod query;
pub mod remote;
pub mod renewing;
mod replies;
pub mod requests;
pub mod screen;
pub mod secret;
pub mod stance;
pub mod status;
#[cfg(test)]
pub(crate) mod testing;
pub mod turn;
mod unjournaled;
mod update;
#[cfg(test)]
mod update_tests;
pub mod writes;

pub use download::file_name;
pub use update::{keep, start, update};
