//! The name of one write.

use std::fmt;

/// The name of one write, unique across processes, by which the journal finds it; whoever makes it sees to that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId(pub String);

impl fmt::Display for WriteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
