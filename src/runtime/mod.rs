//! The only room with side effects on the terminal.
//!
//! | part | what it does |
//! | --- | --- |
//! | [`desk`], `pace` | the loop: drain the messages, update, draw once, and not once a key where they come fast |
//! | [`terminal`], [`console`], [`panic`](mod@panic), [`signals`], [`hangup`] | the terminal is taken once and given back, whatever happens |
//! | [`frame`] | one frame, one write, only what changed |
//! | [`input`] | keys and pastes as messages |
//! | [`connecting`], [`trust`], [`keystore`] | the account: its address, whom to trust, and where the key is |
//! | [`effects`], [`reading`], [`journal`], [`listing`], [`storing`] | effects as tasks: reads, writes, and what is kept of them |
//! | [`clipboard`], [`files`], [`keygen`], [`editor`], [`plain`] | what leaves for, or comes from, the operator's own machine |
//! | [`script`] | the same effects without a screen, for commands |
//! | [`checks`], [`harden`], [`child`], [`options`] | before anything is drawn |

pub mod checks;
pub mod child;
pub mod clipboard;
mod complete;
pub mod connecting;
pub mod console;
pub mod csr_files;
#[cfg(feature = "sandbox")]
mod demo;
pub mod desk;
mod draft;
pub mod editor;
pub mod effects;
pub mod ending;
pub mod failure;
pub mod files;
pub mod frame;
pub mod hangup;
pub mod harden;
pub mod input;
pub mod install;
pub mod journal;
pub mod keygen;
pub mod keystore;
pub mod listing;
mod lists;
pub mod look;
pub mod new_files;
mod notifying;
pub mod options;
mod outside;
mod pace;
pub mod panic;
pub mod plain;
pub mod reading;
pub mod script;
mod seen;
pub mod signals;
pub mod storing;
mod telling;
pub mod terminal;
mod test_panic;
pub mod trust;
mod watcher;
