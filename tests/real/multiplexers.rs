//! Copying inside tmux and inside GNU screen, each with the settings it has when nobody set any.

use std::process::Command;

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
