//! What just happened, in one line.

/// How loud a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    Info,
    Good,
    Warn,
    /// It did not work.
    Bad,
}

/// What just happened, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub words: String,
    pub tone: Tone,
}
