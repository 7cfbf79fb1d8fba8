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
        (Signal::USR1, 138),
        (Signal::USR2, 140),
        (Signal::ALARM, 142),
        (Signal::ABORT, 134),
        (Signal::VTALARM, 154),
        (Signal::PROF, 155),
        (Signal::XCPU, 152),
        #[cfg(target_os = "linux")]
        (Signal::POWER, 158),
        #[cfg(target_os = "linux")]
        (Signal::IO, 157),
    ] {
        let mut pty = demo();
        pty.signal(signal);
        assert_eq!(pty.wait_exit(), Ended::Code(code), "{signal:?}");
        pty.assert_restored();
    }
}

/// Real-time signals have no names.
#[test]
#[cfg(target_os = "linux")]
fn a_real_time_signal_restores_the_terminal_too() {
    for number in ["34", "50", "64"] {
        let mut pty = demo();
        let pid = pty.pid().as_raw_nonzero().to_string();
        let sent = std::process::Command::new("kill")
            .args([&format!("-{number}"), pid.as_str()])
            .status();
        assert!(sent.unwrap().success());
        let code = 128 + number.parse::<u32>().unwrap();
        assert_eq!(pty.wait_exit(), Ended::Code(code));
        pty.assert_restored();
    }
}

/// There the text is on the ordinary screen, and the line is raw all the same.
#[test]
fn a_signal_restores_the_terminal_while_a_pem_is_on_the_plain_screen() {
    let mut pty = demo();
    pty.wait_for("Thumbprint");
    pty.send("y");
    pty.wait_for("plain screen");
    pty.send("p");
    pty.wait_for("Press any key to return");
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit(), Ended::Code(143));
    pty.assert_restored();
}

#[test]
fn the_plain_screen_is_left_by_a_key_and_not_by_a_reply() {
    let mut pty = demo();
    pty.wait_for("Thumbprint");
    pty.send("y");
    pty.wait_for("plain screen");
    pty.send("p");
    pty.wait_for("Press any key to return");
    pty.write("\x1b]10;rgb:f54f/f54f/f54f\x07\x1b[?1;2c");
    pty.wait_quiet(std::time::Duration::from_millis(200));
    assert!(pty.text().contains("Press any key to return"));
    pty.send("x");
    pty.wait_for("COVERAGE");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
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
        assert!(told.contains("crashed because of a bug"), "{text}");
        assert!(told.contains(&format!("test panic: {place}")), "{text}");
        assert!(told.contains("check in the journal"), "{text}");
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
