//! What a crash leaves behind: a terminal as it was, one message, and exit code 101.
//!
//! The hook does it, not a drop: drops do not run when a second thread ends the process, and the
//! default hook would print on the alternate screen, where the message dies with it.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::Write as _;
use std::panic::PanicHookInfo;

use super::terminal;

/// The exit code of a Rust program that panicked.
pub const EXIT: i32 = 101;

/// Longest part of a panic's own words that is shown, in characters.
const LONGEST: usize = 600;

/// Makes every panic, on any thread, restore the terminal, say what happened, and end the process.
///
/// Called once, by `main`, and never by tests (a failing assertion would end the test run).
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        terminal::leave();
        let text = message(info);
        let _ = terminal::write_all(rustix::stdio::stderr(), text.as_bytes());
        terminal::exit_now(EXIT);
    }));
}

/// The whole text, ended by a new line.
fn message(info: &PanicHookInfo<'_>) -> String {
    let words = info.payload_as_str().unwrap_or("no reason given");
    let place = info.location().map_or_else(
        || "an unknown place".to_owned(),
        |at| format!("{}:{}", at.file(), at.line()),
    );
    let mut text = describe(words, &place);
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        let _ = writeln!(text, "{trace}");
    }
    text
}

/// The message for the given reason and place. A reason that holds key material is withheld.
fn describe(words: &str, place: &str) -> String {
    let words = if words.contains("PRIVATE KEY") {
        "(the reason is not shown, because it contains a key)".to_owned()
    } else {
        words
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(LONGEST)
            .collect()
    };
    format!(
        "certdeck crashed because of a bug: {words}\n  at {place}\nDrafts and the journal are on disk. Before you \
         send a request again, check in the journal\n(key 3) whether it was sent.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_reason_and_place_without_control_characters() {
        let text = describe("index \x1b[31m7\nout of range", "src/x.rs:9");
        assert!(text.contains("index  [31m7 out of range"), "{text}");
        assert!(text.contains("src/x.rs:9"));
        assert!(!text.contains('\x1b'));
    }

    #[test]
    fn key_material_in_a_reason_is_withheld() {
        let text = describe("bad: -----BEGIN PRIVATE KEY-----MC4CAQAw", "src/x.rs:9");
        assert!(!text.contains("MC4CAQAw"));
    }
}
