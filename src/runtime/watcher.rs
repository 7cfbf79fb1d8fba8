//! Gives the terminal back where the process cannot: it was killed, ran out of memory, or a fault in native code ended it.
//! No handler runs then, so a shell of a few lines waits beside it, at the end of a pipe that says what the terminal is in;
//! the pipe's end is the process's end, whatever ended it.

use std::io::{self, PipeWriter, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::process::CommandExt as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::child::child;

/// What the terminal is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    No,
    /// A raw line on the ordinary screen.
    Raw,
    /// A raw line on the alternate screen.
    Screen,
}

impl Held {
    fn word(self) -> &'static str {
        match self {
            Self::No => "no\n",
            Self::Raw => "raw\n",
            Self::Screen => "screen\n",
        }
    }
}

/// Reads words until the pipe ends. `$1` is what leaves the screen. Where a shell reads a line again by then, it has set
/// the line's modes for that (output is processed again), and they stay; its prompt may have gone with the screen, which
/// is why something is said.
const SCRIPT: &str = r#"trap '' HUP INT QUIT TERM TSTP TTIN TTOU
modes=$(stty -g </dev/tty) || exit
echo ready
exec >/dev/null
while read -r word; do held=$word; done
exec 2>/dev/null </dev/tty >/dev/tty || exit
case $held in
  screen) printf %s "$1" ;;
  raw) ;;
  *) exit ;;
esac
case $(stty -a) in *-opost*) stty "$modes" ;; esac
printf '\r\ncertdeck was ended; the terminal is restored. Enter shows the prompt.\r\n'
"#;

/// How long the shell may take to read the modes that it will put back.
const START: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 200_000_000,
};

/// The pipe to the shell.
static PIPE: Mutex<Option<PipeWriter>> = Mutex::new(None);
/// Whether the shell was started, or was to be: later the line is raw, and its own modes could not be read any more.
static TRIED: AtomicBool = AtomicBool::new(false);

/// Says what the terminal is in now; the first time starts the shell.
pub(super) fn say(held: Held, leave: &str) {
    let mut pipe = PIPE.lock().unwrap_or_else(PoisonError::into_inner);
    if held == Held::Raw && !TRIED.swap(true, Ordering::SeqCst) {
        *pipe = start(leave)
            .inspect_err(|error| tracing::debug!(%error, "nobody waits for a sudden end"))
            .ok();
    }
    if let Some(pipe) = pipe.as_mut()
        && let Err(error) = pipe.write_all(held.word().as_bytes())
    {
        tracing::debug!(%error, "nobody waits for a sudden end any more");
    }
}

/// A shell in a process group of its own: what kills the job as a whole leaves it. It knows the modes of the line when
/// this returns.
fn start(leave: &str) -> io::Result<PipeWriter> {
    let (reader, writer) = io::pipe()?;
    let mut shell = child("/bin/sh")
        .args(["-c", SCRIPT, "certdeck", leave])
        .stdin(Stdio::from(reader))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let ready = shell
        .stdout
        .as_ref()
        .is_some_and(|answer| is_ready(answer.as_fd()));
    if ready {
        return Ok(writer);
    }
    // Without its pipe it ends.
    drop(writer);
    shell.kill()?;
    shell.wait()?;
    Err(io::ErrorKind::TimedOut.into())
}

/// Whether something is written there in time.
fn is_ready(answer: BorrowedFd<'_>) -> bool {
    loop {
        let mut ready = [PollFd::from_borrowed_fd(answer, PollFlags::IN)];
        match poll(&mut ready, Some(&START)) {
            Err(Errno::INTR) => {}
            Err(_) => return false,
            Ok(_) => return ready[0].revents().contains(PollFlags::IN),
        }
    }
}
