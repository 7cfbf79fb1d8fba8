//! The terminal's modes: taken in one place, given back in one place, whatever happens.
//!
//! One process has one terminal, so the state is one process-wide flag. Everything that can end the
//! program (the guard's drop, the panic hook, a signal, the hang-up watch) calls [`leave`], and only
//! the first call does anything. What ends it without a call, the watcher beside it puts right.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::termios;

use super::child;
use super::watcher::{self, Held};

/// Alternate screen, cursor hidden, bracketed paste. No mouse (it would take the terminal's own
/// selection away), no query that is waited for (over SSH and tmux an answer may never come).
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h";

/// The opposite of [`ENTER`], first ending a synchronized update that a crash may have left open.
const LEAVE: &str = "\x1b[?2026l\x1b[?2004l\x1b[m\x1b[?25h\x1b[?1049l";

/// True while the terminal is ours.
static ENTERED: AtomicBool = AtomicBool::new(false);
/// True while its line is raw, on our screen or on the ordinary one.
static RAW: AtomicBool = AtomicBool::new(false);
/// Whether a frame is being written.
static WRITING: AtomicBool = AtomicBool::new(false);

/// Holds the terminal in the modes certdeck draws in, and gives it back when dropped.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal.
    pub fn enter() -> io::Result<Self> {
        // Made first, so that a half-taken terminal is given back too.
        let guard = Self(());
        enter()?;
        Ok(guard)
    }

    /// Gives the terminal back for a while; does nothing if it is not ours.
    pub fn leave(&mut self) {
        leave();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// Holds the line raw on the ordinary screen, where keys are read one by one; ended when dropped, and by [`leave`].
#[derive(Debug)]
pub struct Raw(());

impl Raw {
    /// Makes the line raw.
    pub fn enter() -> io::Result<Self> {
        let raw = Self(());
        make_raw()?;
        Ok(raw)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        end_raw();
    }
}

fn make_raw() -> io::Result<()> {
    // Set before: what ends the program in between undoes it.
    RAW.store(true, Ordering::SeqCst);
    watcher::say(Held::Raw, LEAVE);
    crossterm::terminal::enable_raw_mode()
}

fn end_raw() {
    if RAW.swap(false, Ordering::SeqCst) {
        let _ = crossterm::terminal::disable_raw_mode();
        watcher::say(Held::No, LEAVE);
    }
}

/// Raw mode, then [`ENTER`] in one write.
fn enter() -> io::Result<()> {
    if ENTERED.load(Ordering::SeqCst) {
        return Ok(());
    }
    make_raw()?;
    // Set before the write: a write that fails half way must be undone too.
    ENTERED.store(true, Ordering::SeqCst);
    watcher::say(Held::Screen, LEAVE);
    write_all(rustix::stdio::stdout(), ENTER)
}

/// Writes to the terminal, or nothing once it was given back: a panic in another thread, or a signal, may have done so
/// between the drawing of a frame and its write.
pub fn write_while_ours(bytes: &[u8]) -> io::Result<()> {
    WRITING.store(true, Ordering::SeqCst);
    let written = if ENTERED.load(Ordering::SeqCst) {
        write_all(rustix::stdio::stdout(), bytes)
    } else {
        Ok(())
    };
    WRITING.store(false, Ordering::SeqCst);
    written
}

/// Restores the terminal if it is ours. Never fails and never panics: on a way out nobody could act on it.
pub fn leave() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // A frame that is on its way would paint over what is restored; one that cannot get out is not waited for.
        let waits = std::iter::repeat_n(Duration::from_millis(1), 20);
        for wait in waits.take_while(|_| WRITING.load(Ordering::SeqCst)) {
            std::thread::sleep(wait);
        }
        // A stalled line (flow control, a dead network) must not keep the process alive.
        if takes_bytes(rustix::stdio::stdout()) {
            let _ = write_all(rustix::stdio::stdout(), LEAVE.as_bytes());
        }
    }
    end_raw();
}

/// Takes the terminal's modes again after somebody else may have changed them (a stop from outside
/// and `fg`): crossterm still believes in its raw mode, so that belief is undone first.
pub fn reassert() -> io::Result<()> {
    let _ = crossterm::terminal::disable_raw_mode();
    ENTERED.store(false, Ordering::SeqCst);
    enter()
}

/// Ends the process from outside the loop: restores what can be restored, then makes sure that no
/// later write (a library's `eprintln!` in a drop) can panic on a terminal that is gone.
pub fn force_exit(code: i32) -> ! {
    leave();
    silence_stdio();
    exit_now(code)
}

/// Whether the terminal is our job's: in the background a touch of its modes would stop us.
pub fn is_in_front() -> bool {
    let owner = termios::tcgetpgrp(rustix::stdio::stdout());
    owner.is_ok_and(|owner| owner == rustix::process::getpgrp())
}

/// The modes of its line, to be put back after another program, which may be ended before it does so itself.
#[derive(Debug)]
pub struct Modes(Option<termios::Termios>);

impl Modes {
    /// Those of now.
    pub fn now() -> Self {
        Self(termios::tcgetattr(rustix::stdio::stdout()).ok())
    }

    /// Puts them back.
    pub fn put_back(&self) {
        if let Some(modes) = &self.0 {
            // A terminal that is gone has none.
            let _ = termios::tcsetattr(
                rustix::stdio::stdout(),
                termios::OptionalActions::Now,
                modes,
            );
        }
    }
}

/// Ends the process without the C library's at-exit work. Threads may still be at work (the demo's CA makes keys, a
/// dead display server is waited for), and the crypto library aborts when it is used after its own destructor ran.
/// Everything that has to be kept is on the disk by then, and nothing is buffered.
pub fn exit_now(code: i32) -> ! {
    child::end_all();
    signal_hook::low_level::exit(code)
}

/// Points standard input, output and error at `/dev/null`.
///
/// After a hang-up every write gives EIO, and `eprintln!` panics on it, also inside libraries.
pub fn silence_stdio() {
    if let Ok(null) = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")
    {
        let _ = rustix::stdio::dup2_stdin(&null);
        let _ = rustix::stdio::dup2_stdout(&null);
        let _ = rustix::stdio::dup2_stderr(&null);
    }
}

/// Writes everything with one `write(2)` where the kernel takes it, and goes on after a partial write,
/// an interruption, or a terminal that somebody made non-blocking.
pub fn write_all(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(fd, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => bytes = &bytes[n..],
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => wait_writable(fd)?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether `fd` takes bytes within 50 ms.
fn takes_bytes(fd: BorrowedFd<'_>) -> bool {
    let limit = Timespec {
        tv_sec: 0,
        tv_nsec: 50_000_000,
    };
    let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::OUT)];
    poll(&mut fds, Some(&limit)).is_ok() && fds[0].revents().contains(PollFlags::OUT)
}

/// Blocks until `fd` takes bytes again.
fn wait_writable(fd: BorrowedFd<'_>) -> io::Result<()> {
    match poll(&mut [PollFd::from_borrowed_fd(fd, PollFlags::OUT)], None) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The terminal's size in columns and rows, never zero.
///
/// A terminal that was never told its size (expect, a serial line) says 0x0: then `COLUMNS` and
/// `LINES` count, then 80x24.
pub fn size() -> (u16, u16) {
    let told = termios::tcgetwinsize(rustix::stdio::stdout().as_fd())
        .map_or((0, 0), |size| (size.ws_col, size.ws_row));
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.trim().parse().ok())
    };
    usable_size(told, number("COLUMNS"), number("LINES"))
}

/// [`size`] without its surroundings. Cut at 2000x1000, so that a nonsense size costs no memory.
pub fn usable_size(told: (u16, u16), columns: Option<u16>, lines: Option<u16>) -> (u16, u16) {
    let pick = |told: u16, named: Option<u16>, usual: u16| match (told, named) {
        (0, Some(n)) if n > 0 => n,
        (0, _) => usual,
        (n, _) => n,
    };
    (
        pick(told.0, columns, 80).min(2000),
        pick(told.1, lines, 24).min(1000),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_without_a_size_is_drawn_at_the_named_or_the_usual_one() {
        assert_eq!(usable_size((120, 40), Some(7), Some(7)), (120, 40));
        assert_eq!(usable_size((0, 0), Some(100), Some(30)), (100, 30));
        assert_eq!(usable_size((0, 0), None, Some(0)), (80, 24));
        assert_eq!(usable_size((u16::MAX, u16::MAX), None, None), (2000, 1000));
    }

    #[test]
    fn leaving_undoes_every_mode_that_entering_set() {
        for mode in ["1049", "2004"] {
            assert!(String::from_utf8_lossy(ENTER).contains(&format!("\x1b[?{mode}h")));
            assert!(LEAVE.contains(&format!("\x1b[?{mode}l")));
        }
        assert!(String::from_utf8_lossy(ENTER).contains("\x1b[?25l"));
        assert!(LEAVE.contains("\x1b[?25h"));
    }
}
