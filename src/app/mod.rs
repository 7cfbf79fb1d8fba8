//! The desk: messages in, effects out. Pure: `update(&mut Model, Msg, Now) -> Vec<Effect>`; no clock, no I/O.
//!
//! ```text
//!  Msg --> update      routes to the part that a message, a key or a paste is for, applies what that asks for, settles
//!            |
//!            +--> popups, form, bulk, requests, …     own what is typed and chosen; read the engine and call it
//!            |         |
//!            `--> engine <------------------          account, drafts, writes: knows no screen, scripts can stand on it
//!                      |
//!                    Turn                             what came of it, for those above: effects, status line, outcomes
//! ```
//!
//! Parts call those below them by name. What is for those above stands in the [`Turn`](turn::Turn): they own their state,
//! and only `update` has all of it.
//!
//! | plain data | what it is |
//! | --- | --- |
//! | [`msg`] | what happened |
//! | [`model`] | the whole state: an [`engine`], and the screens over it |
//! | [`turn`] | what a message brings: effects, the status line, and what those above are asked for |
//! | [`effect`] | what is to be done |
//! | [`remote`] | something read, with the old value while a new one comes |

pub mod account;
pub mod added;
pub mod advice;
pub mod bulk;
pub mod bulk_screen;
pub mod choice;
pub mod commands;
pub mod cursor;
pub mod cx;
pub mod domains;
pub mod download;
pub mod drafts;
pub mod effect;
pub mod endpoints;
pub mod engine;
pub mod field;
pub mod fields;
pub mod form;
pub mod installs;
pub mod journal;
mod key_guard;
pub mod late;
pub mod layout;
pub mod look;
pub mod model;
pub mod msg;
pub mod names;
mod notice;
pub mod order;
mod order_actions;
pub mod orders;
pub mod outside;
pub mod picker;
pub mod plan;
pub mod popups;
pub mod preview;
mod query;
pub mod remote;
pub mod requests;
pub mod ring;
pub mod screen;
pub mod secret;
pub mod served;
pub mod stance;
pub mod status;
pub mod subject;
#[cfg(test)]
pub(crate) mod testing;
pub mod turn;
mod update;
#[cfg(test)]
mod update_tests;
pub mod writes;
mod yes;

pub use update::{keep, start, update};
