//! The one way out: whatever ends the program begins its end here, and the loop then leaves as it always does. It stops
//! reading, gives the terminal back, keeps what was typed, and closes the store.
//!
//! | what ends it | how long that may take |
//! | --- | --- |
//! | the operator, a signal | [`LIMIT`] |
//! | the terminal is gone | [`HANG_UP`] |
//! | a signal while it ends | 100 ms after the first one: what sends two of them as one does not mean it (`timeout`, a shell) |
//!
//! A process that still lives then (a line that is stalled, a disk that hangs) is ended by a thread. SIGHUP comes as often
//! as the terminal's shells like and hurries nobody.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::sync::Notify;

use super::{hangup, terminal};

/// Longest time from the beginning of the end to the end.
pub const LIMIT: Duration = Duration::from_secs(2);
/// The same once the terminal is gone.
pub const HANG_UP: Duration = Duration::from_secs(1);
/// From when on a second signal counts.
const AGAIN: Duration = Duration::from_millis(100);
/// What is left of the limit to say that it was not enough.
const MARGIN: Duration = Duration::from_millis(100);

/// When it began, and when it is to be over.
#[derive(Debug, Clone, Copy)]
struct Begun {
    at: Instant,
    until: Instant,
}

static BEGUN: Mutex<Option<Begun>> = Mutex::new(None);
static TOLD: Notify = Notify::const_new();

/// Begins the end, if it has not begun; the process is gone in the given time, by itself or with this code.
pub fn begin(limit: Duration, code: i32) {
    let now = Instant::now();
    {
        let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.is_some() {
            return;
        }
        *begun = Some(Begun {
            at: now,
            until: now + limit,
        });
    }
    TOLD.notify_waiters();
    end_at(now + limit, code);
}

/// A signal that ends programs came.
pub(super) fn signalled(signal: i32, code: i32) {
    match (begun(), signal == Signal::HUP.as_raw()) {
        (None, true) => begin(HANG_UP, code),
        (None, false) => begin(LIMIT, code),
        (Some(_), true) => {}
        (Some(begun), false) => end_at(begun.at + AGAIN, code),
    }
}

/// How long the end may still take; all of [`LIMIT`] if it has not begun.
pub fn left() -> Duration {
    let left = begun().map(|begun| begun.until.saturating_duration_since(Instant::now()));
    left.unwrap_or(LIMIT).saturating_sub(MARGIN)
}

/// Whether it has begun.
pub fn has_begun() -> bool {
    begun().is_some()
}

/// Waits until it begins.
pub async fn wait() {
    loop {
        // Made before the look: what is told in between is heard.
        let told = TOLD.notified();
        if has_begun() {
            return;
        }
        told.await;
    }
}

fn begun() -> Option<Begun> {
    *BEGUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the process at a time if it still lives.
fn end_at(at: Instant, code: i32) {
    let end = move || {
        thread::sleep(at.saturating_duration_since(Instant::now()));
        if code == hangup::EXIT {
            terminal::silence_stdio();
        }
        terminal::force_exit(code);
    };
    let waiting = thread::Builder::new().name("last-resort".into()).spawn(end);
    if waiting.is_err() {
        terminal::force_exit(code);
    }
}
