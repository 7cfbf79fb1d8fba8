//! Copying inside tmux and inside GNU screen, each with the settings it has when nobody set any.

use std::process::Command;

use super::support::pty::Pty;
use super::tools::program;
use super::{assert_full_chain, copy_full_chain, demo_through};

#[test]
fn in_tmux_the_text_is_in_its_buffer() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let socket = socket.to_str().unwrap();
    let tmux = program("tmux");
    let arguments = ["-S", socket, "-f", "/dev/null", "new-session"];
    let mut desk = demo_through(tmux.to_str().unwrap(), &arguments).start();
    copy_full_chain(&mut desk);
    desk.wait_for("in tmux's buffer");
    let shown = Command::new(&tmux)
        .args(["-S", socket, "show-buffer"])
        .output()
        .unwrap();
    assert_full_chain(std::str::from_utf8(&shown.stdout).unwrap());
    desk.send("q");
    desk.wait_exit();
}

/// The tmux that certdeck is in is shown in another one, which drops what the inner one sends: that is said, and no more
/// is claimed.
#[test]
fn in_a_tmux_in_a_tmux_no_more_is_claimed_than_the_inner_buffer() {
    for term in ["tmux-256color", "screen-256color"] {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let (outer, inner) = (at("outer"), at("inner"));
        std::fs::write(at("conf"), format!("set -g default-terminal {term}\n")).unwrap();
        let tmux = program("tmux");
        let name = tmux.to_str().unwrap();
        let mut arguments = vec!["-S", &outer, "-f"];
        let conf = at("conf");
        arguments.extend([
            conf.as_str(),
            "new-session",
            "env",
            "-u",
            "TMUX",
            name,
            "-S",
        ]);
        arguments.extend([inner.as_str(), "-f", "/dev/null", "new-session"]);
        let mut desk = demo_through(name, &arguments).size(160, 40).start();
        copy_full_chain(&mut desk);
        desk.wait_for("in tmux's buffer");
        desk.wait_for("set -s set-clipboard on");
        let shown = |socket: &str| {
            let mut show = Command::new(&tmux);
            show.args(["-S", socket, "show-buffer"]).output().unwrap()
        };
        assert_full_chain(std::str::from_utf8(&shown(&inner).stdout).unwrap());
        assert!(!shown(&outer).status.success(), "the outer tmux has it");
        assert!(
            !desk.text().contains("sent to your terminal"),
            "{}",
            desk.text()
        );
        desk.send("q");
        desk.wait_exit();
    }
}

/// tmux answers for the terminal that it is shown in, screen hands question and answer on; in both no byte of an answer
/// is taken for a key.
#[test]
fn the_background_is_asked_for_past_screen() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let screen = program("screen");
    let arguments = ["-c", "/dev/null", "-S", "certdeck"];
    let mut desk = demo_through(screen.to_str().unwrap(), &arguments)
        .env("SCREENDIR", folder.path().to_str().unwrap())
        .start();
    desk.wait_for("COVERAGE");
    // All that comes by itself is there.
    desk.wait_for("Thumbprint");
    let asked = |desk: &Pty| desk.written().windows(6).any(|part| part == b"\x1b]11;?");
    let start = std::time::Instant::now();
    while !asked(&desk) {
        assert!(start.elapsed().as_secs() < 20, "nothing was asked");
        desk.wait_quiet(std::time::Duration::from_millis(20));
    }
    desk.wait_quiet(std::time::Duration::from_millis(300));
    let before = desk.text();
    desk.write("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
    desk.wait_quiet(std::time::Duration::from_millis(300));
    assert_eq!(desk.text(), before);
    desk.send("q");
    desk.wait_exit();
}

#[test]
fn through_screen_the_text_reaches_the_terminal_and_not_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    // Others may not look into the folder of its sockets, or screen refuses it.
    std::fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let screen = program("screen");
    let arguments = ["-c", "/dev/null", "-S", "certdeck"];
    let mut desk = demo_through(screen.to_str().unwrap(), &arguments)
        .env("SCREENDIR", folder.path().to_str().unwrap())
        .start();
    copy_full_chain(&mut desk);
    let pem = desk.wait_clipboard();
    assert_full_chain(&pem);
    desk.wait_for("to your terminal");
    // What screen cannot pass on it prints: "LS0t" is "---".
    assert!(!desk.text().contains("LS0t"), "{}", desk.text());
    desk.send("q");
    desk.wait_exit();
}
