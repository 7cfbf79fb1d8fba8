//! The HTTP side: a call comes in, finds its endpoint and its user, meets its faults, is worked on, and answered.
//!
//! ```text
//! bytes ──► listener ──► server: route, key, rate limit, faults ──► dispatch ──► one function an endpoint ──► Reply ──► bytes
//!                                                                    (rules over the account, one lock)
//! ```

mod account;
mod body;
mod call;
mod certificates;
mod containers;
mod csv;
mod dates;
mod desk;
mod dispatch;
mod domains;
mod endpoint;
mod error;
mod filters;
mod listener;
mod orders;
mod organizations;
mod paging;
mod products;
mod proofs;
mod rate;
mod reply;
mod reports;
mod requests;
mod server;
mod target;
mod users;
mod views;

pub use desk::Desk;
pub use endpoint::{Endpoint, NeededBy, Verb};
pub use server::{Server, serve};
