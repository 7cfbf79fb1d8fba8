//! The end, however it comes: what was typed last is kept, what works for the desk goes with it.

use std::path::Path;

use certdeck::sandbox::model::Approval;
use certdeck::store::Store;
use rstest::rstest;
use rusqlite::Connection;
use rustix::process::Signal;

use crate::account::Server;
use crate::kill::file;
use crate::support::pty::{Ended, Pty, Setup, ctrl};
use crate::work::{at, form, leave, open, type_text};

/// A way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    CtrlC,
    Signal(Signal),
    HangUp,
}

impl Way {
    fn take(self, pty: &mut Pty) {
        match self {
            Self::CtrlC => {
                pty.send(&ctrl('c'));
                pty.send(&ctrl('c'));
            }
            Self::Signal(signal) => pty.signal(signal),
            Self::HangUp => pty.hang_up(),
        }
    }

    fn code(self) -> u32 {
        match self {
            Self::CtrlC => 0,
            Self::Signal(signal) => 128 + signal.as_raw() as u32,
            Self::HangUp => 129,
        }
    }
}

/// The form for a duplicate on a desk that keeps in this folder, with some text typed by a hand that does not rest.
fn typed(server: &Server, folder: &Path, editor: &str) -> Pty {
    let order = server.pick(Approval::Off);
    let mut pty = at(&server.sandbox().url(), server.sandbox().key())
        .env("XDG_DATA_HOME", folder.to_str().unwrap())
        .env("TMPDIR", folder.to_str().unwrap())
        .env("EDITOR", editor)
        .start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    form(&mut pty, "d");
    type_text(&mut pty, "half a CSR");
    // A frame may be of something else that came.
    pty.wait_for("half a CSR");
    pty
}

/// Asserts that a draft holds the text.
fn assert_kept(folder: &Path, text: &str) {
    assert!(is_kept(folder, text), "{text:?} is not kept");
}

fn is_kept(folder: &Path, text: &str) -> bool {
    let store = Store::open(&file(folder)).unwrap();
    let drafts = store.list_drafts().unwrap();
    drafts.iter().any(|draft| draft.json.contains(text))
}

/// The disk is slow: the store is another's until the program is on its way out.
#[rstest]
fn what_was_typed_last_is_kept_though_the_disk_is_slow(
    #[values(
        Way::CtrlC,
        Way::Signal(Signal::TERM),
        Way::Signal(Signal::HUP),
        Way::Signal(Signal::INT),
        Way::HangUp
    )]
    way: Way,
) {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut pty = typed(&server, folder.path(), "true");
    let lock = Connection::open(file(folder.path())).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    type_text(&mut pty, " of web");
    way.take(&mut pty);
    if way != Way::HangUp {
        // The terminal is given back at once.
        pty.wait("the shell's screen", |screen| !screen.alternate_screen());
        pty.wait_quiet(std::time::Duration::from_millis(400));
    }
    drop(lock);
    assert_eq!(pty.wait_exit(), Ended::Code(way.code()));
    if way != Way::HangUp {
        pty.assert_restored();
    }
    assert_kept(folder.path(), "half a CSR of web");
}

#[rstest]
fn a_disk_that_hangs_holds_nobody_up_and_is_told_and_a_second_signal_waits_for_nothing(
    #[values(false, true)] again: bool,
) {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut pty = typed(&server, folder.path(), "true");
    let lock = Connection::open(file(folder.path())).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    type_text(&mut pty, " of web");
    pty.signal(Signal::TERM);
    if again {
        pty.wait("the shell's screen", |screen| !screen.alternate_screen());
        pty.signal(Signal::TERM);
    }
    assert_eq!(pty.wait_exit(), Ended::Code(143));
    pty.assert_restored();
    assert_eq!(pty.text().contains("may be lost"), !again, "{}", pty.text());
}

#[rstest]
#[cfg(target_os = "linux")]
fn an_editor_goes_with_the_program_and_so_does_its_file(
    #[values(
        Way::Signal(Signal::TERM),
        Way::Signal(Signal::HUP),
        Way::Signal(Signal::USR1),
        Way::HangUp
    )]
    way: Way,
    #[values("", "trap '' TERM HUP; ")] trap: &str,
) {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("note");
    // It answers a new size, as editors do.
    let editor = format!(
        "sh -c \"{trap}trap echo WINCH; printf ' of web' >> $1; sleep 600 & echo $! $$ $1 > {0}.x; mv {0}.x {0}; wait; wait; wait\" editor",
        note.display()
    );
    let mut pty = typed(&server, folder.path(), &editor);
    pty.send(&ctrl('e'));
    pty.wait_condition("the editor", || note.exists());
    // What was typed right before is on the disk while the editor is there; a disk that is slow holds the editor up for as
    // long as it holds up the end, and no longer.
    pty.wait_condition("what was typed is kept", || {
        is_kept(folder.path(), "half a CSR")
    });
    let text = std::fs::read_to_string(&note).unwrap();
    let (pids, between) = text.trim().rsplit_once(' ').unwrap();
    assert!(Path::new(between).exists());
    way.take(&mut pty);
    assert_eq!(pty.wait_exit(), Ended::Code(way.code()));
    if way != Way::HangUp {
        pty.assert_restored();
    }
    assert!(!Path::new(between).exists());
    for pid in pids.split(' ') {
        let about = format!("/proc/{pid}/stat");
        // An orphan is init's to reap.
        while std::fs::read_to_string(&about).is_ok_and(|about| !about.contains(") Z ")) {
            std::thread::yield_now();
        }
    }
    // What the editor had saved counts.
    assert_kept(folder.path(), "half a CSR of web");
}

/// With a second signal nothing is waited for, and nothing is left behind either.
#[test]
#[cfg(target_os = "linux")]
fn an_editor_is_not_left_behind_by_an_end_in_a_hurry() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("note");
    let editor = format!(
        "sh -c \"trap '' TERM; echo $$ $1 > {0}.x; mv {0}.x {0}; sleep 600; sleep 600\" editor",
        note.display()
    );
    let mut pty = typed(&server, folder.path(), &editor);
    pty.send(&ctrl('e'));
    pty.wait_condition("the editor", || note.exists());
    pty.signal(Signal::TERM);
    pty.signal(Signal::USR1);
    pty.wait_exit();
    let text = std::fs::read_to_string(&note).unwrap();
    let (pid, between) = text.trim().rsplit_once(' ').unwrap();
    assert!(!Path::new(between).exists());
    let about = format!("/proc/{pid}/stat");
    while std::fs::read_to_string(&about).is_ok_and(|about| !about.contains(") Z ")) {
        std::thread::yield_now();
    }
    // The next one finds what was typed.
    let mut pty = at(&server.sandbox().url(), server.sandbox().key())
        .env("XDG_DATA_HOME", folder.path().to_str().unwrap())
        .start();
    pty.wait_for("Orders 250");
    assert_kept(folder.path(), "half a CSR");
    leave(&mut pty);
}

/// No handler of its own runs: whoever waits beside it gives the terminal back to the shell that started it.
#[rstest]
#[cfg(target_os = "linux")]
fn a_sudden_end_gives_the_terminal_back(
    #[values(
        Signal::KILL,
        Signal::ABORT,
        Signal::SEGV,
        Signal::BUS,
        Signal::FPE,
        Signal::ILL
    )]
    signal: Signal,
    #[values(false, true)] stopped: bool,
) {
    use rustix::process::{Pid, kill_process};
    let mut pty = Setup::certdeck(&["demo"])
        .through("sh", &["-c", "\"$0\" \"$@\"; echo ended; read -r word"])
        .start();
    pty.wait_for("Orders 250");
    let shell = pty.pid().as_raw_nonzero();
    let children = format!("/proc/{shell}/task/{shell}/children");
    let children = std::fs::read_to_string(children).unwrap();
    let desk = Pid::from_raw(children.trim().parse().unwrap()).unwrap();
    if stopped {
        // It was away, and is back.
        kill_process(desk, Signal::STOP).unwrap();
        kill_process(desk, Signal::CONT).unwrap();
        pty.wait_quiet(std::time::Duration::from_millis(200));
    }
    // The standard library takes the first SIGSEGV for a fault that comes again by itself.
    pty.wait_condition("its end", || kill_process(desk, signal).is_err());
    pty.wait("the shell's screen", |screen| !screen.alternate_screen());
    pty.wait_restored();
    // These two it handles itself, as an end like any other.
    if !matches!(signal, Signal::ABORT | Signal::BUS) {
        pty.wait_for("the terminal is restored");
    }
    pty.assert_restored();
}
