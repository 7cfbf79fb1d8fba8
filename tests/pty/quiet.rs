//! What goes over the line, and that nothing does while nothing happens.

use std::time::Duration;

use crate::demo;

#[test]
fn the_terminal_is_asked_nothing() {
    let mut pty = demo();
    pty.send("q");
    pty.wait_exit();
    let written = pty.written();
    // Device attributes, cursor position, modes, version, colours, clipboard.
    let queries: [&[u8]; 8] = [
        b"\x1b[c",
        b"\x1b[0c",
        b"\x1b[>c",
        b"\x1b[6n",
        b"$p",
        b"\x1b[>0q",
        b";?\x1b\\",
        b";?\x07",
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

#[cfg(target_os = "linux")]
#[test]
fn an_idle_desk_writes_nothing_and_does_not_wake() {
    let mut pty = demo();
    // What follows the first frame (the account's first answers) ends at some time; then nothing comes.
    let mut before = wake_ups(pty.pid());
    for _ in 0..20 {
        pty.wait_quiet(Duration::from_millis(1500));
        let now = wake_ups(pty.pid());
        if now == before {
            return;
        }
        before = now;
    }
    panic!("the desk wakes again and again");
}
