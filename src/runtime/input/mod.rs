//! The keyboard as messages: one task owns the terminal's input and can be taken down and put up again.
//!
//! The task reads everything that is there at once, so that the [`burst`] guard sees what arrived together:
//! that is how a paste without brackets is told from typing. While nothing is typed it does not wake.

pub mod burst;

use std::time::Duration;

use crossterm::event::{Event, EventStream, KeyEvent, KeyEventKind};
use futures::StreamExt as _;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use burst::Guard;

/// Most events that are read before the guard looks at them.
const MOST_AT_ONCE: usize = 8192;

/// How long a look at what is already read may take. Not zero: with no time crossterm does not look at all.
const LOOK: Duration = Duration::from_micros(50);

/// What the operator did at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermEvent {
    /// A key was pressed, or repeats.
    Key(KeyEvent),
    /// Text came in as a whole.
    Paste {
        /// The text; lines end in `\n`, whatever the terminal sent.
        text: String,
        /// True if more than [`burst::LARGEST_PASTE`] bytes came and the rest was dropped.
        truncated: bool,
    },
    /// The terminal has this many columns and rows now; never zero.
    Resize(u16, u16),
}

/// A running input task.
#[derive(Debug)]
pub struct Input {
    task: JoinHandle<()>,
}

impl Input {
    /// Starts reading. Each event is sent on as `map` makes it; the task ends when the receiver is gone.
    pub fn spawn<M: Send + 'static>(
        tx: UnboundedSender<M>,
        map: impl Fn(TermEvent) -> M + Send + 'static,
    ) -> Self {
        // Made here, not in the task: from now on a change of size is noticed, so a size that is asked for
        // after this call is never an old one.
        let stream = EventStream::new();
        let task = tokio::spawn(async move {
            let send = move |event| tx.send(map(event)).is_ok();
            read(stream, send).await;
        });
        Self { task }
    }

    /// Stops reading, so that another program may read. Returns when the terminal is free.
    pub async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
        // The stream's own thread lets go of the reader a moment after the stream is dropped; making
        // another waits for that.
        drop(EventStream::new());
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads until the receiver or the terminal is gone.
async fn read(mut stream: EventStream, send: impl Fn(TermEvent) -> bool) {
    let mut guard = Guard::default();
    loop {
        let quiet = guard.deadline();
        let ready = tokio::select! {
            biased;
            event = stream.next() => match event {
                Some(Ok(event)) => guard.feed(drain(event), Instant::now().into_std()),
                // The hang-up watch tells why; here there is nothing more to read.
                Some(Err(_)) | None => return,
            },
            () = until(quiet) => guard.flush(),
        };
        for event in ready {
            if !send(event) {
                return;
            }
        }
    }
}

/// Waits for the deadline, for ever without one.
async fn until(deadline: Option<std::time::Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// `first` and all that can be read without waiting.
fn drain(first: Event) -> Vec<burst::Input> {
    let mut all: Vec<burst::Input> = translate(first).into_iter().collect();
    while all.len() < MOST_AT_ONCE && matches!(crossterm::event::poll(LOOK), Ok(true)) {
        match crossterm::event::read() {
            Ok(event) => all.extend(translate(event)),
            Err(_) => break,
        }
    }
    all
}

/// An event as the guard takes it; nothing for those that mean nothing here.
fn translate(event: Event) -> Option<burst::Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(burst::Input::Key(key)),
        Event::Paste(text) => Some(burst::Input::Paste(text)),
        // Asked again: many sizes may have passed since this one was read.
        Event::Resize(..) => {
            let (columns, rows) = super::terminal::size();
            Some(burst::Input::Resize(columns, rows))
        }
        _ => None,
    }
}
