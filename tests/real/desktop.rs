//! A desktop: an X server of the test's own, `xclip` for whoever pastes, and xterm.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::support::pty::Setup;
use super::tools::{Beside, program, until};
use super::{assert_full_chain, copy_full_chain};

/// An X server without a screen.
struct Display {
    _server: Beside,
    name: String,
}

impl Display {
    fn start() -> Self {
        // It picks a free number, and tells it on its standard output.
        let folder = tempfile::tempdir().unwrap();
        let told = folder.path().join("number");
        let mut server = Beside::start(
            Command::new(program("Xvfb"))
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1400x900x24",
                    "-nolisten",
                    "tcp",
                ])
                .stdout(File::create(&told).unwrap())
                .stderr(Stdio::null()),
        );
        let number = until("the X server", || {
            assert!(server.runs(), "the X server ended");
            let number = std::fs::read_to_string(&told).unwrap();
            number.ends_with('\n').then(|| number.trim().to_owned())
        });
        Self {
            _server: server,
            name: format!(":{number}"),
        }
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(program(name));
        command.env("DISPLAY", &self.name);
        command
    }

    /// What a paste would give; nothing while nobody owns the clipboard.
    fn clipboard(&self) -> String {
        let mut xclip = self.command("xclip");
        let output = xclip
            .args(["-o", "-selection", "clipboard"])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn wait_clipboard(&self) -> String {
        until("the clipboard", || {
            Some(self.clipboard()).filter(|text| !text.is_empty())
        })
    }
}

#[test]
fn on_a_desktop_the_text_is_copied_and_outlives_the_program() {
    let display = Display::start();
    let mut desk = Setup::certdeck(&["demo"])
        .env("DISPLAY", &display.name)
        .start();
    copy_full_chain(&mut desk);
    desk.wait_for("Copied");
    let copied = display.wait_clipboard();
    assert_full_chain(&copied);
    // Once more: then another text is there before.
    desk.send("y");
    desk.wait_for("full chain");
    desk.send("s");
    desk.wait_for("(serial");
    desk.wait_for("Copied");
    let serial = display.wait_clipboard();
    assert!(desk.text().contains(&serial), "{serial}\n{}", desk.text());
    desk.send("q");
    desk.wait_exit();
    assert_eq!(display.clipboard(), serial);
}

#[test]
fn on_a_desktop_without_tools_certdeck_holds_the_text_itself() {
    let display = Display::start();
    let mut desk = Setup::certdeck(&["demo"])
        .env("DISPLAY", &display.name)
        .env("PATH", "/nowhere")
        .start();
    copy_full_chain(&mut desk);
    desk.wait_for("Copied");
    assert_full_chain(&display.wait_clipboard());
    desk.send("q");
    desk.wait_exit();
}

/// certdeck in a real xterm; what it writes is followed through a transcript.
struct Xterm<'a> {
    display: &'a Display,
    window: Beside,
    transcript: File,
    screen: vt100::Parser,
    _folder: tempfile::TempDir,
}

impl<'a> Xterm<'a> {
    fn start(display: &'a Display) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let transcript = folder.path().join("transcript");
        File::create(&transcript).unwrap();
        let mut command = display.command("xterm");
        command
            // Clipboard sequences are off unless somebody turns them on.
            .args(["-xrm", "XTerm*disallowedWindowOps: 20,21,SetXprop"])
            .args(["-geometry", "120x40+0+0", "-e"])
            .args(["script", "-q", "-f", "-c"])
            // Here the desktop is not the operator's: they sit at the other end of a connection.
            .arg(format!(
                "env -u DISPLAY SSH_TTY=/dev/pts/0 {} demo",
                env!("CARGO_BIN_EXE_certdeck")
            ))
            .arg(&transcript)
            .env("HOME", folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Self {
            display,
            window: Beside::start(&mut command),
            transcript: open(&transcript),
            screen: vt100::Parser::new(40.try_into().unwrap(), 120.try_into().unwrap(), 0),
            _folder: folder,
        }
    }

    fn wait_for(&mut self, text: &str) {
        until(&format!("the text {text:?}"), || {
            let mut more = Vec::new();
            self.transcript.read_to_end(&mut more).unwrap();
            self.screen.process(&more);
            self.screen.screen().contents().contains(text).then_some(())
        });
    }

    /// Types as the hand does: through the X server.
    fn key(&self, key: &str) {
        let mut xdotool = self.display.command("xdotool");
        assert!(xdotool.args(["key", key]).status().unwrap().success());
    }
}

fn open(path: &Path) -> File {
    File::open(path).unwrap()
}

#[test]
fn in_xterm_the_text_arrives_on_the_clipboard_of_its_desktop() {
    let display = Display::start();
    let mut xterm = Xterm::start(&display);
    xterm.wait_for("COVERAGE");
    xterm.wait_for("Thumbprint");
    xterm.key("y");
    xterm.wait_for("full chain");
    xterm.key("f");
    xterm.wait_for("to your terminal");
    assert_full_chain(&display.wait_clipboard());
    xterm.key("q");
    until("the end of the window", || {
        (!xterm.window.runs()).then_some(())
    });
}
