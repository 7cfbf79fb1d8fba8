//! Notices that the terminal is gone, even where SIGHUP is ignored, without ever waking for nothing.
//!
//! A thread blocks in `poll(2)` on the terminal with no events asked for and no time limit: the kernel
//! reports a hang-up whether asked or not. Without it a program under `nohup` spins on a dead terminal.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::ending;

/// The exit code of a program that SIGHUP ended.
pub const EXIT: i32 = 129;

/// Starts the watch. `gone` is called once, when the terminal hangs up; with it the program's end has begun.
pub fn watch(gone: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let tty = real_terminal()?;
    thread::Builder::new()
        .name("hangup-watch".into())
        .spawn(move || {
            if wait(&tty) {
                ending::begin(ending::HANG_UP, EXIT);
                gone();
            }
        })?;
    Ok(())
}

/// The terminal itself: a piped standard input reports a hang-up as soon as its writer ends.
pub(super) fn real_terminal() -> io::Result<File> {
    let stdin = rustix::stdio::stdin();
    if rustix::termios::isatty(stdin) {
        // A duplicate, because standard input is pointed elsewhere on the way out.
        Ok(stdin.try_clone_to_owned()?.into())
    } else {
        File::options().read(true).write(true).open("/dev/tty")
    }
}

/// Blocks until `fd` hangs up; false if it cannot be watched.
fn wait(fd: &impl AsFd) -> bool {
    loop {
        let mut fds = [PollFd::new(fd, PollFlags::empty())];
        match poll(&mut fds, None) {
            Ok(_) => {
                let seen = fds[0].revents();
                if seen.contains(PollFlags::NVAL) {
                    return false;
                }
                if seen.intersects(PollFlags::HUP | PollFlags::ERR) {
                    return true;
                }
            }
            Err(Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    #[test]
    fn waits_through_input_and_wakes_when_the_other_end_goes() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let (said, heard) = std::sync::mpsc::channel();
        thread::spawn(move || said.send(wait(&ours)));
        theirs.write_all(b"typed").unwrap();
        assert!(heard.try_recv().is_err());
        drop(theirs);
        assert!(heard.recv_timeout(Duration::from_secs(10)).unwrap());
    }
}
