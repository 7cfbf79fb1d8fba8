//! The real program in a real terminal.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

#[path = "../support/account.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod account;
#[path = "../support/openssl.rs"]
mod openssl;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/wire.rs"]
mod wire;

mod big;
#[cfg(target_os = "linux")]
mod disk;
mod ending;
mod gate;
mod harness;
mod job_control;
mod key;
mod kill;
mod leaving;
mod pasting;
mod picture;
mod quiet;
mod sizes;
mod story;
mod together;
mod trouble;
mod untyped;
mod work;

use support::pty::{Pty, Setup};

/// The demo, with its first frame on the screen.
fn demo() -> Pty {
    started(Setup::certdeck(&["demo"]))
}

/// A program whose first frame is on the screen.
fn started(setup: Setup) -> Pty {
    let mut pty = setup.start();
    wait_for_the_desk(&mut pty);
    pty
}

/// Waits until the desk is drawn.
fn wait_for_the_desk(pty: &mut Pty) {
    pty.wait("the desk", |screen| {
        screen.alternate_screen() && !screen.contents().trim().is_empty()
    });
}
