//! The Services API v2: client, wire types, errors, limiter. The only room that knows HTTP.
//!
//! | file | what it is |
//! | --- | --- |
//! | [`client`] | address, key, and the two doors [`Reads`] and [`Writes`] |
//! | [`endpoints`] | one function a call, by group |
//! | [`transport`] | one exchange: time limits, size cap, and what went wrong |
//! | [`retry`] | when a read is tried again |
//! | [`proxy`], `tls` | what stands between here and the account, and whom to trust there |
//! | [`limiter`] | the two rolling windows of the account, and who goes first |
//! | [`error`] | [`ApiError`]: what happened to what, and what to do |
//! | `shape`, `body` | what an answer is, before anything of it is kept; and what it says went wrong |
//! | `mend` | what can be read all the same of an answer with a spot on it |
//! | [`wire`] | what comes over the wire, read leniently |
//! | [`convert`] | wire to domain |
//!
//! ```text
//! Client --reads()--> Reads --list_orders()--> limiter --> exchange --> wire --convert--> domain
//!        \                                        ^            |
//!         \                                       +--- retry --+ on broken connections, 429 and 5xx
//!          \-writes()-> Writes --duplicate()--> limiter --> exchange --> wire     (once, whatever happens)
//! ```

mod address;
mod ahead;
mod body;
pub mod client;
pub mod convert;
pub mod endpoints;
pub mod error;
pub mod limiter;
mod mend;
pub mod proxy;
mod proxy_door;
pub mod retry;
mod shape;
mod tls;
pub mod transport;
pub mod wire;

pub use client::{Client, ClientOptions, Reads, US_URL, Writes};
pub use error::{ApiError, ApiErrorItem, Fate, Phase, ProxyTrouble};
