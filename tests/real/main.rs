//! The parts that a user has between certdeck and themselves: tmux, GNU screen, sshd, xterm, an X server with `xclip`, a
//! key store on the session bus, a DNS server, and a web server; and the linter of public certificates, before which those of the sandbox
//! come. The real ones, each of a test's own: nothing of whoever runs this is touched.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

#[path = "../support/account.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod account;
#[path = "../support/openssl.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod openssl;
#[path = "../api/sandbox_support.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod sandbox_support;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod support;

mod desktop;
mod dns;
mod keyring;
mod lint;
mod multiplexers;
mod nginx;
mod ports;
mod ssh;
mod tools;
mod week;

use support::pty::{Pty, Setup};

/// Waits for the demo's list, and copies certificate and chain of the order under the cursor; returns what the order's
/// detail names first.
fn copy_full_chain(desk: &mut Pty) {
    desk.wait_for("COVERAGE");
    // The order beside the list: its certificate is known then.
    desk.wait_for("Thumbprint");
    desk.send("y");
    desk.wait_for("full chain");
    desk.send("f");
}

/// A leaf and what signed it, whole.
fn assert_full_chain(pem: &str) {
    let parts = openssl::split(pem);
    assert_eq!(parts.len(), 2, "a certificate and one above it: {pem}");
    let folder = tempfile::tempdir().unwrap();
    let above = folder.path().join("above.pem");
    std::fs::write(&above, &parts[1]).unwrap();
    let above = above.to_str().unwrap();
    let said = openssl::openssl(&["verify", "-partial_chain", "-CAfile", above], &parts[0]);
    assert!(said.trim_end().ends_with(": OK"), "{said}");
}

/// The demo, started by another program in a terminal of its own.
fn demo_through(program: &str, arguments: &[&str]) -> Setup {
    Setup::certdeck(&["demo"]).through(program, arguments)
}
