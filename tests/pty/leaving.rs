//! Every way out gives the terminal back as it was.

use rustix::process::Signal;

use crate::support::pty::{Ended, Setup, ctrl};
use crate::{demo, started};

#[test]
fn q_leaves_with_success() {
    let mut pty = demo();
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
    pty.assert_restored();
}

#[test]
fn ctrl_c_leaves() {
    let mut pty = demo();
    pty.send(&ctrl('c'));
    assert!(matches!(pty.wait_exit(), Ended::Code(_)));
    pty.assert_restored();
}

#[test]
fn signals_that_end_a_program_restore_the_terminal_and_tell_in_the_exit_code() {
    for (signal, code) in [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
    ] {
        let mut pty = demo();
        pty.signal(signal);
        assert_eq!(pty.wait_exit(), Ended::Code(code), "{signal:?}");
        pty.assert_restored();
    }
}

/// Wherever the mistake is: in the loop between two frames or inside one, in a task, in a thread of its own.
#[test]
#[cfg(debug_assertions)]
fn a_panic_restores_the_terminal_and_says_what_happened() {
    for place in ["update", "draw", "task", "thread"] {
        let mut pty = started(Setup::certdeck(&["demo"]).env("CERTDECK_PANIC", place));
        pty.wait_for("Orders 250");
        pty.send("j");
        assert_eq!(pty.wait_exit(), Ended::Code(101), "{place}");
        pty.assert_restored();
        // On the screen of the shell, where it can be read.
        let text = pty.text();
        let told = text.to_lowercase();
        assert!(told.contains("stopped because of a mistake"), "{text}");
        assert!(told.contains(&format!("provoked: {place}")), "{text}");
        assert!(told.contains("look in the journal"), "{text}");
    }
}

#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    let mut pty = demo();
    pty.hang_up();
    assert_eq!(pty.wait_exit(), Ended::Code(129));
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_under_nohup_too() {
    let program = env!("CARGO_BIN_EXE_certdeck");
    let script = format!("trap '' HUP; exec '{program}' demo");
    let mut pty = started(Setup::program("sh", &["-c", &script]));
    pty.hang_up();
    assert_eq!(pty.wait_exit(), Ended::Code(129));
}

/// Where the program is not the terminal's first, nobody sends it SIGHUP: only the watch notices.
#[test]
fn a_terminal_that_goes_away_ends_a_program_that_gets_no_signal() {
    let program = env!("CARGO_BIN_EXE_certdeck");
    let script =
        format!("trap '' HUP; '{program}' demo & pid=$!; echo $pid > pid; fg >/dev/null; wait");
    let mut pty = started(Setup::program(
        "bash",
        &["--norc", "--noprofile", "-mc", &script],
    ));
    let pid = std::fs::read_to_string(pty.home().join("pid")).unwrap();
    let process = std::path::PathBuf::from(format!("/proc/{}", pid.trim()));
    assert!(process.exists());
    pty.hang_up();
    pty.wait_exit();
    let start = std::time::Instant::now();
    while process.exists() {
        assert!(
            start.elapsed().as_secs() < 20,
            "the program outlives its terminal"
        );
        std::thread::yield_now();
    }
}
