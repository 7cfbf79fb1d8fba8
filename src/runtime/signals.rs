//! Signals as messages.
//!
//! A signal that ends the program begins its [end](super::ending) and becomes a message, so that the loop leaves the usual
//! way.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};

use super::ending;

/// True while another program (an editor) has the terminal.
static HANDED_OFF: AtomicBool = AtomicBool::new(false);

/// What a signal asks of the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalEvent {
    /// Leave with this exit code: 128 and the signal's number.
    Terminate {
        /// 143 for SIGTERM, 130 for SIGINT, 129 for SIGHUP, 131 for SIGQUIT, and so on.
        code: i32,
    },
    /// Stop as Ctrl-Z would.
    Suspend,
    /// The process runs again after a stop.
    Continue,
    /// The terminal may have another size.
    Resize,
}

/// Every signal that ends a program and can be caught, and those that stop it, continue it, or tell of its terminal.
/// SIGPIPE is not among them: it is ignored, and the write that fails tells.
fn all() -> Vec<i32> {
    let mut all: Vec<i32> = [
        Signal::TERM,
        Signal::INT,
        Signal::HUP,
        Signal::QUIT,
        Signal::ABORT,
        Signal::ALARM,
        Signal::BUS,
        Signal::PROF,
        Signal::SYS,
        Signal::TRAP,
        Signal::USR1,
        Signal::USR2,
        Signal::VTALARM,
        Signal::XCPU,
        Signal::XFSZ,
        Signal::TSTP,
        Signal::CONT,
        Signal::WINCH,
    ]
    .map(Signal::as_raw)
    .to_vec();
    #[cfg(target_os = "linux")]
    {
        all.extend([Signal::IO, Signal::POWER, Signal::STKFLT].map(Signal::as_raw));
        // Those for real time; the C library keeps the two before them.
        all.extend(34..=64);
    }
    all
}

/// Listens for the signals and hands each on as `map` makes it. Ends when the receiver is gone.
///
/// From this call on no signal is missed, so a size that is asked for afterwards is never an old one.
pub fn spawn<M: Send + 'static>(
    tx: &tokio::sync::mpsc::UnboundedSender<M>,
    map: impl Fn(SignalEvent) -> M + Clone + Send + 'static,
) -> io::Result<()> {
    for number in all() {
        let mut signals = signal(SignalKind::from_raw(number))?;
        let (tx, map) = (tx.clone(), map.clone());
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                let handed_off = HANDED_OFF.load(Ordering::SeqCst);
                if handed_off && number == Signal::TSTP.as_raw() {
                    // The editor stopped its whole job; a shell sees the job stopped only if we stop too.
                    let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::STOP);
                }
                if let Some(event) = meaning(number, handed_off) {
                    if let SignalEvent::Terminate { code } = event {
                        ending::signalled(number, code);
                    }
                    if tx.send(map(event)).is_err() {
                        return;
                    }
                }
            }
        });
    }
    Ok(())
}

/// What a signal means. While an editor has the terminal, its Ctrl-C, Ctrl-\, Ctrl-Z and its size are its own.
fn meaning(number: i32, handed_off: bool) -> Option<SignalEvent> {
    let seen = Signal::from_named_raw(number);
    let terminals = matches!(
        seen,
        Some(Signal::INT | Signal::QUIT | Signal::TSTP | Signal::CONT | Signal::WINCH)
    );
    if handed_off && terminals {
        return None;
    }
    // Caught so that a file over its limit is a write that fails, and told where it matters.
    if seen == Some(Signal::XFSZ) {
        return None;
    }
    Some(match seen {
        Some(Signal::TSTP) => SignalEvent::Suspend,
        Some(Signal::CONT) => SignalEvent::Continue,
        Some(Signal::WINCH) => SignalEvent::Resize,
        _ => SignalEvent::Terminate { code: 128 + number },
    })
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
        for (signal, code) in [
            (Signal::TERM, 143),
            (Signal::INT, 130),
            (Signal::HUP, 129),
            (Signal::QUIT, 131),
            (Signal::USR1, 138),
            (Signal::ALARM, 142),
        ] {
            let told = meaning(signal.as_raw(), false);
            assert_eq!(told, Some(SignalEvent::Terminate { code }));
        }
    }

    #[test]
    fn an_editor_keeps_its_own_keys_but_not_a_request_to_end() {
        for its_own in [Signal::INT, Signal::TSTP, Signal::WINCH] {
            assert_eq!(meaning(its_own.as_raw(), true), None);
        }
        assert_eq!(
            meaning(Signal::TERM.as_raw(), true),
            Some(SignalEvent::Terminate { code: 143 })
        );
    }
}
