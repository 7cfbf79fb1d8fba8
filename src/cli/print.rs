//! Lines for people. What comes from elsewhere is made visible rather than obeyed by the terminal, and a reader
//! that has gone away is no reason to crash, so failures to print are passed over.

use std::io::{IsTerminal as _, Write};

use super::context::Context;
use crate::domain::text::{sanitise, sanitise_multiline};

/// A line on standard output.
pub(super) fn out(line: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{}", sanitise_multiline(line)).and_then(|()| stdout.flush());
}

/// A line on standard error.
pub(super) fn err(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", sanitise_multiline(line));
}

/// A line on standard error that a person is glad of and a script does not need.
pub(super) fn hint(context: &Context, line: &str) {
    if !context.is_quiet {
        err(line);
    }
}

/// What is under way, in one line of a terminal that goes when it is done. Nowhere else is it said.
#[derive(Debug)]
pub(super) struct Progress {
    is_shown: bool,
    /// Whether the line is there.
    is_there: bool,
}

impl Progress {
    /// None yet.
    pub(super) fn new(context: &Context) -> Self {
        Self {
            is_shown: !context.is_quiet && std::io::stderr().is_terminal(),
            is_there: false,
        }
    }

    /// Says how far it is.
    pub(super) fn say(&mut self, words: &str) {
        if self.is_shown {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K{}", sanitise(words));
            self.is_there = true;
        }
    }

    /// Takes the line away.
    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.is_there) {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}
