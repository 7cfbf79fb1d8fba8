//! Writes: what is sent to change something on the account.

mod before;
mod found;
mod id;
mod kind;
mod outgoing;
mod record;
mod stage;

pub use before::Before;
pub use found::Found;
pub use id::WriteId;
pub use kind::WriteKind;
pub use outgoing::{Expected, Method, Outgoing};
pub use record::{Answer, Arrival, Entry, Intent, Owner, Record, Resolved};
pub use stage::{Fact, Stage};
