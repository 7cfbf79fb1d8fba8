//! What just happened, in one line.

/// How loud a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// News.
    Info,
    /// It worked.
    Good,
    /// Worth a look.
    Warn,
    /// It did not work.
    Bad,
}

/// What just happened, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Words.
    pub words: String,
    /// How loud.
    pub tone: Tone,
}
