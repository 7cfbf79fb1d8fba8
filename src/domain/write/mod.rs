//! Writes: what is sent to change something on the account.

mod id;
mod kind;
mod outgoing;

pub use id::WriteId;
pub use kind::WriteKind;
pub use outgoing::{Expected, Method, Outgoing};
