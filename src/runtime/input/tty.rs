//! The thread that reads the terminal. It blocks in `poll(2)` until a byte comes, a sequence that was begun is over, or it
//! is stopped; while nothing is typed it does not wake.

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::AsFd;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::Arrived;
use super::decode::Decoder;

/// Most bytes that are read before what they are is handed on. What comes at once is looked at together.
const MOST_AT_ONCE: usize = 256 * 1024;

/// A thread that reads, until dropped.
#[derive(Debug)]
pub(super) struct Reader {
    /// Closed to end the thread.
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts reading `tty`. What comes is handed to `send`, until that says that nobody listens.
    pub(super) fn start(
        tty: File,
        send: impl Fn(Arrived) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let (stopped, stop) = io::pipe()?;
        let thread = thread::Builder::new()
            .name("input".into())
            .spawn(move || read(&tty, &stopped, &send))?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Reader {
    /// Returns when the thread has ended: from then on every byte is another program's.
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads until it is stopped, or the terminal or the listener is gone. Why a terminal is gone, the hang-up watch tells.
fn read(tty: &impl AsFd, stopped: &PipeReader, send: &impl Fn(Arrived) -> bool) {
    let mut decoder = Decoder::default();
    let mut bytes = Vec::with_capacity(64 * 1024);
    loop {
        let limit = decoder
            .deadline()
            .map(|at| at.saturating_duration_since(Instant::now()));
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut fds = [
            PollFd::new(tty, PollFlags::IN),
            PollFd::new(stopped, PollFlags::IN),
        ];
        match poll(&mut fds, limit.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return,
        }
        let [seen, stop] = fds.map(|fd| fd.revents());
        if !stop.is_empty() {
            return;
        }
        let mut open = true;
        let inputs = if seen.is_empty() {
            decoder.expire(Instant::now())
        } else {
            bytes.clear();
            open = take_all(tty, &mut bytes);
            decoder.feed(&bytes, Instant::now())
        };
        let at = Instant::now();
        if !inputs.is_empty() && !send(Arrived { inputs, at }) || !open {
            return;
        }
    }
}

/// Reads what is there; false once there will be nothing more.
fn take_all(tty: &impl AsFd, bytes: &mut Vec<u8>) -> bool {
    let mut piece = [0; 16 * 1024];
    loop {
        match rustix::io::read(tty, &mut piece[..]) {
            Ok(0) => return false,
            Ok(n) => bytes.extend_from_slice(&piece[..n]),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => return false,
        }
        let mut fds = [PollFd::new(tty, PollFlags::IN)];
        let more = poll(&mut fds, Some(&Timespec::default()));
        if bytes.len() >= MOST_AT_ONCE || more != Ok(1) || !fds[0].revents().contains(PollFlags::IN)
        {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::super::decode::Input;
    use super::*;

    fn reader() -> (Reader, UnixStream, UnixStream, Receiver<Arrived>) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let kept = ours.try_clone().unwrap();
        let tty = File::from(std::os::fd::OwnedFd::from(ours));
        let (tx, rx) = channel();
        let reader = Reader::start(tty, move |arrived| tx.send(arrived).is_ok()).unwrap();
        (reader, kept, theirs, rx)
    }

    fn next(heard: &Receiver<Arrived>) -> Vec<Input> {
        heard.recv_timeout(Duration::from_secs(10)).unwrap().inputs
    }

    #[test]
    fn what_comes_is_handed_on_and_escape_when_it_is_over() {
        let (_reader, _kept, mut theirs, heard) = reader();
        theirs.write_all(b"j\x1b[A").unwrap();
        assert_eq!(next(&heard).len(), 2);
        theirs.write_all(b"\x1b").unwrap();
        assert_eq!(next(&heard).len(), 1);
    }

    #[test]
    fn once_it_is_stopped_every_byte_is_somebody_elses() {
        let (reader, mut kept, mut theirs, heard) = reader();
        theirs.write_all(b"j").unwrap();
        assert_eq!(next(&heard).len(), 1);
        drop(reader);
        theirs.write_all(b":wq\r").unwrap();
        let mut left = [0; 4];
        kept.read_exact(&mut left).unwrap();
        assert_eq!(&left, b":wq\r");
        assert!(heard.recv().is_err());
    }

    #[test]
    fn it_ends_with_its_terminal() {
        let (reader, kept, theirs, heard) = reader();
        drop((kept, theirs));
        assert!(heard.recv_timeout(Duration::from_secs(10)).is_err());
        drop(reader);
    }
}
