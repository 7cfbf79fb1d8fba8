//! The profile's `key_command`: a program that prints the key. No shell; it may ask on the terminal.

use std::io::Read;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use crate::runtime::child::child;

/// How long the command may take: a person may have to type a passphrase.
pub(super) const LIMIT: Duration = Duration::from_secs(30);

/// No key is longer; a command that prints more is not asked for the rest.
const MAX_OUTPUT: u64 = 65_536;

/// Runs `argv` and gives what it printed, or why there is nothing.
pub(super) fn run(argv: &[String], limit: Duration) -> Result<Vec<u8>, String> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err("is empty".to_owned());
    };
    let mut running = child(program)
        .args(arguments)
        .stdin(Stdio::inherit())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let pid = running.id();
    let (tell, told) = mpsc::channel();
    // The thread is left behind when the time is over: something the command started may hold the pipe open for ever.
    std::thread::spawn(move || {
        let mut output = Vec::new();
        let read = match running.stdout.take() {
            Some(pipe) => pipe.take(MAX_OUTPUT).read_to_end(&mut output).map(drop),
            None => Ok(()),
        };
        let ended = read.and_then(|()| running.wait());
        // Nobody listens any more when the time was over.
        let _ = tell.send(ended.map(|status| (status, output)));
    });
    match told.recv_timeout(limit) {
        Ok(Ok((status, output))) if status.success() => Ok(output),
        Ok(Ok((status, _))) => Err(format!("ended with {status}")),
        Ok(Err(error)) => Err(format!("could not be read: {error}")),
        Err(_) => {
            kill(pid);
            Err(format!("gave no key in {} s", limit.as_secs()))
        }
    }
}

/// Ends the command; it has not been waited for yet, so the number is still its own.
fn kill(pid: u32) {
    #[cfg(unix)]
    if let Some(pid) = i32::try_from(pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
        && let Err(error) = rustix::process::kill_process(pid, rustix::process::Signal::KILL)
    {
        tracing::debug!(%error, "the key command could not be ended");
    }
    #[cfg(not(unix))]
    let _ = pid;
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
        assert_eq!(why, "gave no key in 0 s");
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
}
