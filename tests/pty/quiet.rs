//! What goes over the line, and that nothing does while nothing happens.

use std::time::Duration;

use certdeck::sandbox::model::Approval;

use crate::account::Server;
use crate::support::pty::{Ended, Pty, Setup};
use crate::work::{desk_on, form, open};
use crate::{demo, started};

/// The question for the background: once, and never before the first frame.
const BACKGROUND: &[u8] = b"\x1b]11;?\x1b\\";

fn places(written: &[u8], part: &[u8]) -> Vec<usize> {
    let windows = written.windows(part.len()).enumerate();
    windows
        .filter(|(_, found)| *found == part)
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn the_terminal_is_asked_for_its_background_once_after_the_first_frame_and_nothing_else() {
    let mut pty = demo();
    pty.send("q");
    pty.wait_exit();
    let written = pty.written();
    let asked = places(written, BACKGROUND);
    let frame = places(written, b"\x1b[?2026l")[0];
    assert!(asked.len() == 1 && asked[0] > frame, "{asked:?} {frame}");
    // Device attributes, cursor position, modes, version, other colours, clipboard.
    let queries: [&[u8]; 9] = [
        b"\x1b[c",
        b"\x1b[0c",
        b"\x1b[>c",
        b"\x1b[6n",
        b"$p",
        b"\x1b[>0q",
        b"]10;?",
        b"]52;c;?",
        b"]4;",
    ];
    for query in queries {
        assert!(
            !written.windows(query.len()).any(|part| part == query),
            "{} was sent",
            query.escape_ascii()
        );
    }
    assert!(
        pty.unknown_sequences().is_empty(),
        "{:?}",
        pty.unknown_sequences()
    );
}

#[test]
fn nothing_is_asked_where_the_answer_would_change_nothing() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "linux")] {
        let mut pty = started(Setup::certdeck(&["demo"]).env(name, value));
        pty.send("q");
        pty.wait_exit();
        assert!(
            places(pty.written(), BACKGROUND).is_empty(),
            "{name}={value}"
        );
    }
}

#[test]
fn the_colours_follow_the_background_that_the_terminal_tells() {
    let urgent = |screen: &vt100::Screen| {
        let (rows, columns) = screen.size();
        let mut cells = (0..rows.get())
            .flat_map(|row| (0..columns.get()).filter_map(move |column| screen.cell(row, column)));
        let colours = [196, 124, 203].map(vt100::Color::Idx);
        cells.find_map(|cell| colours.contains(&cell.fgcolor()).then(|| cell.fgcolor()))
    };
    let mut pty = demo();
    // Red that can be read on either, on light, on dark.
    pty.wait("a list", |screen| {
        urgent(screen) == Some(vt100::Color::Idx(196))
    });
    pty.write("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
    pty.wait("red on light", |screen| {
        urgent(screen) == Some(vt100::Color::Idx(124))
    });
    pty.write("\x1b]11;rgb:1e1e/1e1e/2e2e\x07");
    pty.wait("red on dark", |screen| {
        urgent(screen) == Some(vt100::Color::Idx(203))
    });
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
}

/// Times that any thread of the process gave up the processor by itself.
#[cfg(target_os = "linux")]
fn wake_ups(pid: rustix::process::Pid) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", pid.as_raw_nonzero()))
        .expect("the process is there");
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("status")).ok())
        .filter_map(|status| {
            let line = status
                .lines()
                .find(|line| line.starts_with("voluntary_ctxt_switches"))?;
            line.split_whitespace().last()?.parse::<u64>().ok()
        })
        .sum()
}

/// What the threads of a process wait for that comes by itself: waits with an end. Only where it is known how the kernel
/// tells of them.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn waits_that_end(pid: rustix::process::Pid) -> Vec<String> {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", pid.as_raw_nonzero()))
        .expect("the process is there");
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("syscall")).ok())
        .filter(|call| {
            let words: Vec<&str> = call.split_whitespace().collect();
            let has = |argument: usize, value: &str| words.get(argument + 1) == Some(&value);
            let forever = match words.first().copied() {
                // read, recvfrom, wait4: as long as it takes.
                Some("0" | "45" | "61") => true,
                // poll, epoll_wait and epoll_pwait: milliseconds, none with -1.
                Some("7") => has(2, "0xffffffff") || has(2, "0xffffffffffffffff"),
                Some("232" | "281") => has(3, "0xffffffff") || has(3, "0xffffffffffffffff"),
                // futex, ppoll: where the time stands.
                Some("202") => has(3, "0x0"),
                Some("271") => has(2, "0x0"),
                _ => false,
            };
            !forever
        })
        .collect()
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn waits_that_end(_: rustix::process::Pid) -> Vec<String> {
    Vec::new()
}

/// Waits until nothing is written and nothing wakes for a second and a half, and then for nothing that has an end: no time
/// that passes changes that.
#[cfg(target_os = "linux")]
fn rests(pty: &mut Pty, screen: &str) {
    let mut before = wake_ups(pty.pid());
    for _ in 0..20 {
        pty.wait_quiet(Duration::from_millis(1500));
        let now = wake_ups(pty.pid());
        if now == before {
            assert_eq!(waits_that_end(pty.pid()), [""; 0], "{screen}");
            return;
        }
        before = now;
    }
    panic!("{screen}: the desk wakes again and again");
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_desk_writes_nothing_and_does_not_wake_and_waits_for_nothing_that_comes_by_itself() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let mut pty = desk_on(&server);
    rests(&mut pty, "the list");
    open(&mut pty, &order);
    rests(&mut pty, "an order");
    form(&mut pty, "d");
    rests(&mut pty, "a form");
}
