//! certdeck: a terminal desk for DigiCert CertCentral.
//!
//! The crate is a house with rooms. Imports point down only, and no two rooms import each other.
//!
//! | room | what it is |
//! | --- | --- |
//! | [`cli`] | the command line |
//! | [`config`] | settings and profiles |
//! | [`logging`] | where the log goes, and what it never holds |
//! | [`runtime`] | the only room with side effects on the terminal: loop, guard, frames, input, signals, tasks, clipboard, key store |
//! | [`ui`] | `Model` to cells; pure |
//! | [`app`] | `Model`, `Msg`, `update`, `Effect`; pure |
//! | [`keys`] | one table of keys: dispatch, footer, help, palette and README come from it |
//! | [`store`] | SQLite: the orders as last seen, drafts, the journal |
//! | [`sync`] | keeps the list of orders in line with the account, within the rate limits |
//! | [`certcentral`] | the Services API v2; the only room that knows HTTP |
//! | [`domain`] | orders, requests, certificates, CSRs, products, and what may be asked of an order; pure |
//! | [`sandbox`] | a CertCentral of our own, which shares no type with [`certcentral`] |
//!
//! Data takes one way, and it is a circle:
//!
//! ```text
//! keyboard ---+
//! signals ----+--> mpsc<Msg> --drain all--> update(&mut Model, Msg, now) --> Vec<Effect> --> runtime/effects: spawn, abort
//! API tasks --+                                   |                                                 |
//! deadlines --+                          changed? -> view(&Model, area, &mut Buffer) -> one write   +--> Msg::Reply{slot, ticket, result}
//! ```

pub mod app;
pub mod certcentral;
pub mod cli;
pub mod config;
pub mod domain;
pub mod keys;
pub mod logging;
pub mod runtime;
pub mod sandbox;
pub mod store;
pub mod sync;
pub mod ui;
