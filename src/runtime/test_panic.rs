//! A mistake on purpose: a debug build panics at the first key where `CERTDECK_PANIC` says, so that the ways out of a
//! panic can be tried on the real program. A release has none of it.

use std::sync::OnceLock;

/// Where the program can be made to panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the loop, while the model changes.
    Update,
    /// In the loop, while a frame is drawn.
    Draw,
    Task,
    /// In a thread that the async runtime does not know.
    Thread,
}

/// The place that is named, once a key was pressed.
static ARMED: OnceLock<Option<Place>> = OnceLock::new();

/// A key was pressed.
pub(super) fn key_pressed() {
    if !cfg!(debug_assertions) {
        return;
    }
    let place = ARMED.get_or_init(|| match std::env::var("CERTDECK_PANIC").ok()?.as_str() {
        "update" => Some(Place::Update),
        "draw" => Some(Place::Draw),
        "task" => Some(Place::Task),
        "thread" => Some(Place::Thread),
        _ => None,
    });
    match place {
        Some(Place::Task) => {
            tokio::spawn(async { here(Place::Task) });
        }
        Some(Place::Thread) => {
            std::thread::spawn(|| here(Place::Thread));
        }
        _ => {}
    }
}

/// Panics if this is the place.
pub(super) fn here(place: Place) {
    let armed = ARMED.get().copied().flatten();
    assert!(armed != Some(place), "test panic: {place:?}");
}
