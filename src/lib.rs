//! certdeck: a terminal desk for DigiCert CertCentral.
//!
//! The crate is a house with rooms. Imports point down only, no two rooms import each other, and a test holds this.
//!
//! | room | what it is |
//! | --- | --- |
//! | [`cli`] | the command line: arguments, profiles, keys, `doctor`, the commands that read and print, and which mode runs |
//! | [`runtime`] | the only room with side effects on the terminal: the loop, the terminal's guard, frames of one write, input, signals, effects as tasks, clipboard, key store |
//! | [`ui`] | the model to cells; pure, a file a screen |
//! | [`app`] | an engine that knows no screen, the screens, forms and popups over it, and `update`, which takes messages and gives effects; pure |
//! | [`keys`] | one table of keys: dispatch, footer, help, palette, and the page of keys come from it |
//! | [`sync`] | keeps the list of orders in line with the account, within the rate limits |
//! | [`store`] | SQLite: the orders as last seen, drafts, the journal |
//! | [`probe`] | the world outside the account: DNS records, CAA, validation files, served certificates; the only room that speaks DNS, and nothing it sends carries the API key |
//! | [`certcentral`] | the Services API v2: client, wire types, errors, limiter; the only room that knows its HTTP |
//! | [`domain`] | orders, requests, certificates, CSRs, products; what may be asked of an order and why not; drafts to the exact request; pure |
//! | [`config`] | settings and profiles |
//! | [`logging`] | where the log goes, and what it never holds |
//! | [`files`] | files that a user names: regular ones only, of limited size, read without blocking |
//! | [`sandbox`] | a CertCentral of our own: server, account, approval, validation, a real CA, faults; stands alone |
//!
//! Data takes one way, and it is a circle:
//!
//! ```text
//! keyboard ---+
//! signals ----+--> mpsc<Msg> --drain all--> update(&mut Model, Msg, now) --> Vec<Effect> --> runtime/effects: spawn, abort
//! API tasks --+                                   |                                                 |
//! deadlines --+                          changed? -> view(&Model, area, &mut Buffer) -> one write   +--> Msg::Reply{slot, ticket, result}
//! ```
//!
//! - `Msg` and `Effect` are plain data, so tests assert on effects and need no mocks.
//! - The desk is an engine with screens over it. The engine (account, drafts, writes, lists of CSRs) can be driven without
//!   any: its parts call those below them by name, and what is for others goes into a [`Turn`](app::turn::Turn). Screens,
//!   forms and popups own what is typed and chosen, and ask those above by plain data; `update` alone has the whole desk.
//! - There are no ticks. `Model::next_deadline()` is the only timer, beside the 30 ms between frames of what is typed fast;
//!   what takes long goes on in steps while `Model::has_more()` and nothing else happens; when nothing is pending the loop
//!   blocks.
//! - A row of the list of orders is packed as it is read from the account ([`Rows`](domain::packed::Rows)): those bytes are
//!   what the store keeps and what the desk takes its texts from, so that no page stands in memory as single texts. A long
//!   list comes in pieces, from the store as from the account, and two of them at most wait for the loop.
//! - A read has a slot and a ticket, and a reply counts only if its ticket is the slot's newest. Old data stays on the
//!   screen while new data loads.
//! - A write has a number, a row in the journal before it leaves, and is never tried again by itself. An answer that got
//!   lost is looked up on the account by the CSR's key. Where the journal cannot be written, a write leaves only after an
//!   explicit yes. What it was, how it ended and what came of it is one [`Record`](domain::write::Record), for the store,
//!   the runtime and the desk alike; where it stands is a [`Stage`](domain::write::Stage), which facts alone move; only an
//!   error code of the API says that nothing was done.
//! - The operator's command after issue runs for a certificate that was verified, and for no other. That it is to run is in
//!   the store before the certificate counts as verified; of several certdecks the one that claims it there runs it, once.
//! - A yes counts for what is so when it is sent: what it rests on was read a moment ago or is read once more, and what
//!   got no answer before is looked for by reads that began after it.
//! - What stands beside a list and below it follows the cursor when that rests, and is read then. Until then it slides with
//!   a list that scrolls: a terminal moves whole rows by itself, so a move costs a line and not a pane.
//!
//! # Where a crate would have been at hand
//!
//! - The rate limits are kept by a rolling window of our own: a token bucket lets nearly twice the limit through in one
//!   window, since it refills while the first calls still count.
//! - Frames are written by an encoder of our own, from ratatui's buffers: each is one write inside a synchronised update,
//!   knows scrolling, and never asks the terminal anything.
//! - The sandbox writes its PKCS #7 files with `der` alone: certificates and no signature are a few fields.
//! - The filters find plain words: what has their letters somewhere is not what was asked for.

// Files that unit tests share with the others name the crate as those do.
#[cfg(test)]
extern crate self as certdeck;

pub mod app;
pub mod certcentral;
pub mod cli;
pub mod config;
pub mod domain;
pub mod files;
pub mod keys;
pub mod logging;
pub mod probe;
pub mod runtime;
pub mod sandbox;
pub mod store;
pub mod sync;
pub mod ui;
