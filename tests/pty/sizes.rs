//! Any size, and many sizes in a row.

use crate::demo;
use crate::support::pty::{Ended, Setup, ctrl};
use crate::{started, wait_for_the_desk};

#[test]
fn odd_sizes_are_drawn_and_left() {
    for (columns, rows) in [(1, 1), (2, 2), (10, 3), (200, 1), (1, 200), (40, 10)] {
        let mut pty = Setup::certdeck(&["demo"]).size(columns, rows).start();
        pty.mark();
        pty.wait("the alternate screen", vt100::Screen::alternate_screen);
        pty.send("q");
        assert_eq!(pty.wait_exit(), Ended::Code(0), "{columns}x{rows}");
        pty.assert_restored();
    }
}

#[test]
fn a_terminal_that_was_never_told_its_size_is_drawn_at_80_by_24() {
    let program = env!("CARGO_BIN_EXE_certdeck");
    let script = format!("stty rows 0 cols 0; exec '{program}' demo");
    let mut pty = started(Setup::program("sh", &["-c", &script]).size(80, 24));
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
}

#[test]
fn a_storm_of_sizes_ends_in_a_screen_like_a_fresh_one() {
    let mut pty = demo();
    for step in 0..60u16 {
        pty.resize(20 + (step * 37) % 140, 2 + (step * 11) % 50);
    }
    pty.resize(80, 24);
    let fresh = started(Setup::certdeck(&["demo"]).size(80, 24));
    let head = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let mut expected = head(fresh.text());
    expected.truncate(8);
    pty.wait("the head", |screen| {
        screen
            .rows(0, 80)
            .next()
            .is_some_and(|row| row.starts_with(&expected))
    });
    for mut pty in [pty, fresh] {
        wait_for_the_desk(&mut pty);
        pty.send("q");
        assert_eq!(pty.wait_exit(), Ended::Code(0));
    }
}

/// A terminal that was small for a moment has lost what did not fit, though its size is what it was.
#[test]
fn another_size_and_back_is_painted_anew() {
    let mut pty = demo();
    pty.wait_for("Thumbprint");
    pty.wait_quiet(std::time::Duration::from_millis(300));
    pty.mark();
    pty.resize(60, 20);
    pty.resize(120, 40);
    pty.wait_frame();
    pty.wait_quiet(std::time::Duration::from_millis(300));
    let seen = pty.text();
    pty.mark();
    pty.send(&ctrl('l'));
    pty.wait_frame();
    assert_eq!(seen, pty.text());
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
}
