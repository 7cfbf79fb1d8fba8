//! This machine's clipboard through a library, in one thread that owns it.
//!
//! A dead X server (a lost `ssh -X`) hangs the library for ever, so no caller waits for it longer than
//! [`LIMIT`]. On X11 the text is served by us, so it lives as long as the thread does: as long as certdeck.

use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{ClipboardError, CopyReport};
use crate::domain::text::bytes;

/// Longest wait for the display server.
const LIMIT: Duration = Duration::from_secs(1);

/// Whether what was read back is the same, or the library's words.
type Answer = Result<bool, String>;
type Request = (String, oneshot::Sender<Answer>);

static THREAD: OnceLock<Option<Sender<Request>>> = OnceLock::new();

/// Sets the clipboard and reads it back.
pub(super) async fn copy(text: &str) -> Result<CopyReport, ClipboardError> {
    let stopped = || ClipboardError::Native {
        reason: "could not start its thread".to_owned(),
    };
    let thread = THREAD.get_or_init(start).as_ref().ok_or_else(stopped)?;
    let (answer, answered) = oneshot::channel();
    thread
        .send((text.to_owned(), answer))
        .map_err(|_| stopped())?;
    match tokio::time::timeout(LIMIT, answered).await {
        Err(_) => Err(ClipboardError::NoAnswer {
            what: "The display server".to_owned(),
            seconds: LIMIT.as_secs(),
        }),
        Ok(Err(_)) => Err(stopped()),
        Ok(Ok(Err(reason))) => Err(ClipboardError::Native { reason }),
        Ok(Ok(Ok(verified))) => Ok(CopyReport {
            words: if verified {
                format!("Copied {}, read back", bytes(text.len()))
            } else {
                format!("Handed {} to the clipboard", bytes(text.len()))
            },
            verified,
            bytes: text.len(),
            warnings: if cfg!(target_os = "linux") {
                vec!["The clipboard keeps it only while certdeck runs; with wl-copy, xclip, or xsel installed it \
                    stays.".to_owned()]
            } else {
                Vec::new()
            },
        }),
    }
}

fn start() -> Option<Sender<Request>> {
    let (requests, inbox) = channel::<Request>();
    std::thread::Builder::new()
        .name("clipboard".into())
        .spawn(move || {
            let mut held = None;
            for (text, answer) in inbox {
                let result = set(&mut held, &text);
                if result.is_err() {
                    // The server may be another one next time.
                    held = None;
                }
                let _ = answer.send(result);
            }
        })
        .ok()?;
    Some(requests)
}

fn set(held: &mut Option<arboard::Clipboard>, text: &str) -> Answer {
    let words = |error: arboard::Error| error.to_string();
    let clipboard = match held {
        Some(clipboard) => clipboard,
        None => held.insert(arboard::Clipboard::new().map_err(words)?),
    };
    clipboard.set_text(text).map_err(words)?;
    Ok(clipboard.get_text().is_ok_and(|seen| seen == text))
}
