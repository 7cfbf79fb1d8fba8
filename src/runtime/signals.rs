//! Signals as messages, with a last resort for a loop that does not listen.
//!
//! A signal that ends the program becomes a message, so that the loop leaves the usual way. If the
//! process still lives 150 ms later (a write blocked on a stalled line, a task that does not end),
//! a thread restores the terminal and exits in its place.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

use super::terminal;

/// How long the loop has to end by itself after a signal that ends the program.
pub(super) const GRACE: Duration = Duration::from_millis(150);

/// True while another program (an editor) has the terminal.
static HANDED_OFF: AtomicBool = AtomicBool::new(false);

/// What a signal asks of the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalEvent {
    /// Leave with this exit code: 128 and the signal's number.
    Terminate {
        /// 143 for SIGTERM, 130 for SIGINT, 129 for SIGHUP, 131 for SIGQUIT.
        code: i32,
    },
    /// Stop as Ctrl-Z would.
    Suspend,
    /// The process runs again after a stop.
    Continue,
}

/// Listens for the signals and hands each on as `map` makes it. Ends when the receiver is gone.
pub fn spawn<M: Send + 'static>(
    tx: tokio::sync::mpsc::UnboundedSender<M>,
    map: impl Fn(SignalEvent) -> M + Send + 'static,
) -> io::Result<tokio::task::JoinHandle<()>> {
    let listen = |kind: Signal| signal(SignalKind::from_raw(kind.as_raw()));
    let mut term = listen(Signal::TERM)?;
    let mut int = listen(Signal::INT)?;
    let mut hup = listen(Signal::HUP)?;
    let mut quit = listen(Signal::QUIT)?;
    let mut stop = listen(Signal::TSTP)?;
    let mut cont = listen(Signal::CONT)?;
    Ok(tokio::spawn(async move {
        loop {
            let seen = tokio::select! {
                _ = term.recv() => Signal::TERM,
                _ = int.recv() => Signal::INT,
                _ = hup.recv() => Signal::HUP,
                _ = quit.recv() => Signal::QUIT,
                _ = stop.recv() => Signal::TSTP,
                _ = cont.recv() => Signal::CONT,
            };
            let handed_off = HANDED_OFF.load(Ordering::SeqCst);
            if handed_off && seen == Signal::TSTP {
                // The editor stopped its whole job; a shell sees the job stopped only if we stop too.
                let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::STOP);
            }
            if let Some(event) = meaning(seen, handed_off) {
                if let SignalEvent::Terminate { code } = event {
                    last_resort(code);
                }
                if tx.send(map(event)).is_err() {
                    return;
                }
            }
        }
    }))
}

/// What a signal means. While an editor has the terminal, its Ctrl-C, Ctrl-\ and Ctrl-Z are its own.
fn meaning(seen: Signal, handed_off: bool) -> Option<SignalEvent> {
    let keyboard = matches!(
        seen,
        Signal::INT | Signal::QUIT | Signal::TSTP | Signal::CONT
    );
    if handed_off && keyboard {
        return None;
    }
    Some(match seen {
        Signal::TSTP => SignalEvent::Suspend,
        Signal::CONT => SignalEvent::Continue,
        other => SignalEvent::Terminate {
            code: 128 + other.as_raw(),
        },
    })
}

/// Ends the process in the loop's place if it is still there after [`GRACE`].
fn last_resort(code: i32) {
    let waiting = thread::Builder::new()
        .name("last-resort".into())
        .spawn(move || {
            thread::sleep(GRACE);
            terminal::force_exit(code);
        });
    if waiting.is_err() {
        terminal::force_exit(code);
    }
}

/// Marks that another program has the terminal, until dropped.
#[derive(Debug)]
pub(super) struct HandOff(());

impl HandOff {
    /// Starts the hand-off.
    pub(super) fn begin() -> Self {
        HANDED_OFF.store(true, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for HandOff {
    fn drop(&mut self) {
        HANDED_OFF.store(false, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_of_the_shell() {
        let code = |s| match meaning(s, false) {
            Some(SignalEvent::Terminate { code }) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code(Signal::TERM), 143);
        assert_eq!(code(Signal::INT), 130);
        assert_eq!(code(Signal::HUP), 129);
        assert_eq!(code(Signal::QUIT), 131);
    }

    #[test]
    fn an_editor_keeps_its_own_keys_but_not_a_request_to_end() {
        assert_eq!(meaning(Signal::INT, true), None);
        assert_eq!(meaning(Signal::TSTP, true), None);
        assert_eq!(
            meaning(Signal::TERM, true),
            Some(SignalEvent::Terminate { code: 143 })
        );
    }
}
