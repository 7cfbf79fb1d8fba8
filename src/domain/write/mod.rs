//! Writes: what is sent to change something on the account.

mod before;
mod found;
mod id;
mod kind;
mod outgoing;
mod record;

pub use before::Before;
pub use found::Found;
pub use id::WriteId;
pub use kind::WriteKind;
pub use outgoing::{Expected, Method, Outgoing};
pub use record::{Answer, Intent, Owner, Record, Resolved};
