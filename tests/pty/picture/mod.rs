//! The README's picture is the desk's real screen: taken by this test when asked to, and looked at otherwise.
//!
//! `UPDATE_PICTURE=1 cargo test --test pty picture` takes it anew.

mod svg;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use crate::started;
use crate::support::pty::{ENTER, Pty, Setup};

/// Long enough for a paste to be over, and for the last answer to be drawn.
const QUIET: Duration = Duration::from_millis(500);

/// Words that the desk always shows and the picture is about.
const WORDS: [&str; 7] = [
    "certdeck",
    "SANDBOX",
    "Orders",
    "Overview",
    "COVERAGE",
    "Thumbprint",
    "reissue",
];

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/desk.svg")
}

/// The demo, beside the list an order whose certificate ends soon and which covers more.
fn desk() -> Pty {
    let mut pty = started(
        Setup::certdeck(&["demo"])
            .size(120, 32)
            .env("COLORTERM", "truecolor"),
    );
    pty.wait_for("Orders 250");
    pty.send("/");
    pty.wait_for("Enter apply");
    pty.paste("status:issued ends<40d covers>90d");
    pty.wait_gone("Orders 250");
    // What comes at the heels of a paste is part of it.
    pty.wait_quiet(QUIET);
    pty.send(ENTER);
    pty.wait_gone("Enter apply");
    for _ in 0..2 {
        // Keys that come together would be a paste.
        let before = cursor(pty.screen());
        pty.send("j");
        pty.wait("the cursor in the next row", |screen| {
            cursor(screen) != before
        });
    }
    pty.wait_for("Thumbprint");
    pty
}

/// The row of the list's cursor: the first that stands out.
fn cursor(screen: &vt100::Screen) -> Option<u16> {
    let (rows, _) = screen.size();
    (2..rows.get()).find(|row| {
        screen
            .cell(*row, 2)
            .is_some_and(|cell| cell.bgcolor() != vt100::Color::Default)
    })
}

#[test]
fn the_picture_shows_the_desk() {
    let mut pty = desk();
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        pty.wait_quiet(QUIET);
        std::fs::write(path(), svg::of(pty.screen())).expect("the picture is written");
    }
    let picture = std::fs::read_to_string(path()).expect("assets/desk.svg");
    let text = svg::text_of(&picture).expect("a well-formed picture");
    let screen = pty.text();
    let mut missing = String::new();
    for word in WORDS {
        for (what, text) in [("picture", &text), ("desk", &screen)] {
            if !text.contains(word) {
                let _ = writeln!(missing, "the {what} does not show {word:?}");
            }
        }
    }
    assert!(
        missing.is_empty(),
        "{missing}UPDATE_PICTURE=1 cargo test --test pty picture takes the picture anew"
    );
}
