//! The profile's `key_command`: a program that prints the key. No shell; it may ask on the terminal, so it stays in this
//! program's process group, where what it leaves behind is found by a mark in its environment.

use std::io::Read;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use zeroize::Zeroizing;

use crate::runtime::child::{self, Working, child};

/// How long the command may take: a person may have to type a passphrase.
pub(super) const LIMIT: Duration = Duration::from_secs(30);

/// How long what the command started may hold its output open after it has ended.
const GRACE: Duration = Duration::from_secs(1);

/// No key is longer; a command that prints more is not asked for the rest.
const MAX_OUTPUT: u64 = 65_536;

/// Runs `argv` and gives what it printed, or why there is nothing. What it started and did not wait for is ended, unless
/// that made itself a daemon, as `gpg-agent` does.
pub(super) fn run(argv: &[String], limit: Duration) -> Result<Vec<u8>, String> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err("is empty".to_owned());
    };
    let until = Instant::now() + limit;
    let mut command = child(program);
    let working = Working::mark(&mut command, None);
    let mut running = command
        .args(arguments)
        .stdin(Stdio::inherit())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| format!("could not be started: {error}"))?;
    let pid = running.id();
    let pieces = read(&mut running);
    let ended = wait_for(running);
    let mut output = Vec::with_capacity(MAX_OUTPUT as usize);
    let status = ended.recv_timeout(limit);
    if status.is_ok() {
        // Something may hold the output open that was not waited for.
        let grace = until.min(Instant::now() + GRACE);
        if !collect(&pieces, &mut output, grace) {
            working.end();
            collect(&pieces, &mut output, Instant::now() + GRACE);
        }
    }
    working.end();
    match status {
        Ok(Ok(status)) if status.success() => Ok(output),
        Ok(Ok(status)) => Err(format!("exited with {status}")),
        Ok(Err(error)) => Err(format!("could not be waited for: {error}")),
        Err(_) => {
            child::signal(pid, Signal::KILL);
            // Reaped, so that nothing of it is left.
            let _ = ended.recv_timeout(GRACE);
            Err(format!("printed no key within {} s", limit.as_secs()))
        }
    }
}

/// The output as it comes; it is cut off where no key would be so long.
fn read(running: &mut Child) -> Receiver<Zeroizing<Vec<u8>>> {
    let (tell, told) = mpsc::channel();
    if let Some(pipe) = running.stdout.take() {
        let mut pipe = pipe.take(MAX_OUTPUT);
        // The thread is left behind where the output stays open.
        std::thread::spawn(move || {
            let mut piece = Zeroizing::new(vec![0; 4096]);
            while let Ok(count @ 1..) = pipe.read(&mut piece) {
                if tell.send(Zeroizing::new(piece[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
    }
    told
}

/// Adds to `output` what comes; gives whether its end came in time.
fn collect(pieces: &Receiver<Zeroizing<Vec<u8>>>, output: &mut Vec<u8>, until: Instant) -> bool {
    loop {
        match pieces.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(piece) => output.extend_from_slice(&piece),
            Err(RecvTimeoutError::Disconnected) => return true,
            Err(RecvTimeoutError::Timeout) => return false,
        }
    }
}

fn wait_for(mut running: Child) -> Receiver<std::io::Result<ExitStatus>> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody listens any more when the time was over.
        let _ = tell.send(running.wait());
    });
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argv(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn the_output_is_given_and_no_shell_reads_the_arguments() {
        let output = run(&argv(&["echo", "$HOME; ls"]), LIMIT).unwrap();
        assert_eq!(output, b"$HOME; ls\n");
    }

    #[test]
    fn a_command_that_never_ends_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let script = format!("echo $$ > {}; exec sleep 600", note.display());
        let why = run(&argv(&["sh", "-c", &script]), Duration::from_millis(500)).unwrap_err();
        assert_eq!(why, "printed no key within 0 s");
        let pid: i32 = std::fs::read_to_string(note)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        while rustix::process::test_kill_process(pid).is_ok() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_command_that_prints_without_end_is_not_read_without_end() {
        let output = run(
            &argv(&["sh", "-c", "head -c 1000000 /dev/zero; true"]),
            LIMIT,
        )
        .unwrap();
        assert_eq!(output.len() as u64, MAX_OUTPUT);
    }

    /// What is left of a command whose script notes its process numbers, each `$!` or `$$`, in `$NOTE`.
    fn is_gone(note: &std::path::Path) -> bool {
        let pids = std::fs::read_to_string(note).unwrap();
        pids.split_whitespace().all(|pid| {
            let about = std::fs::read_to_string(format!("/proc/{pid}/stat"));
            // An orphan is init's to reap.
            about.is_err() || about.is_ok_and(|about| about.contains(") Z "))
        })
    }

    #[test]
    fn what_holds_the_output_open_is_ended_and_the_key_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; echo KEY", note.display());
        let output = run(&argv(&["sh", "-c", &script]), LIMIT).unwrap();
        assert_eq!(output, b"KEY\n");
        while !is_gone(&note) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn with_a_command_that_never_ends_goes_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let script = format!(
            "(sleep 600 & echo $! >> {note}; wait) & echo $! >> {note}; wait",
            note = note.display()
        );
        run(&argv(&["sh", "-c", &script]), Duration::from_secs(1)).unwrap_err();
        while !is_gone(&note) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_daemon_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let script = format!(
            "setsid sleep 600 > /dev/null & echo $! > {}; echo KEY; sleep 0.2",
            note.display()
        );
        run(&argv(&["sh", "-c", &script]), LIMIT).unwrap();
        assert!(!is_gone(&note));
        let pid: i32 = std::fs::read_to_string(&note)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    }
}
