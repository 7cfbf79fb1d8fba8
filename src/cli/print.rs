//! Lines for people. What comes from elsewhere is made visible rather than obeyed by the terminal, and a reader
//! that has gone away is no reason to crash, so failures to print are passed over.

use std::io::Write;

use crate::domain::text::sanitise_multiline;

/// A line on standard output.
pub(super) fn out(line: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{}", sanitise_multiline(line)).and_then(|()| stdout.flush());
}

/// A line on standard error.
pub(super) fn err(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", sanitise_multiline(line));
}
