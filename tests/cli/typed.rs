//! A key typed at a terminal: never echoed, and the terminal is given back on every way out.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, PtyPair, PtySize, native_pty_system};

use crate::support::{Home, write};

const KEY: &str = "VERYSECRETAPIKEY0123456789";

/// A terminal with a person at it.
struct Terminal {
    pty: PtyPair,
    keyboard: Box<dyn Write + Send>,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    fn new() -> Self {
        let pty = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut reader = pty.master.try_clone_reader().unwrap();
        let (tell, screen) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if tell.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keyboard = pty.master.take_writer().unwrap();
        Self {
            pty,
            keyboard,
            screen,
            seen: String::new(),
        }
    }

    fn start(
        &self,
        home: &Home,
        program: &str,
        arguments: &[&str],
    ) -> Box<dyn Child + Send + Sync> {
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("TERM", "xterm-256color");
        command.env("HOME", home.path(""));
        command.env("XDG_CONFIG_HOME", home.path("config"));
        self.pty.slave.spawn_command(command).unwrap()
    }

    fn type_in(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Reads until `text` was seen.
    fn wait_for(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let bytes = self
                .screen
                .recv_timeout(Duration::from_secs(30))
                .unwrap_or_else(|_| panic!("no `{text}` in:\n{}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// Whether the terminal echoes and makes lines and signals, asked of `stty`.
    fn is_as_before(&mut self, home: &Home) -> bool {
        let from = self.seen.len();
        let stty = self.start(home, "sh", &["-c", "stty -a; echo the end"]);
        self.wait_for("the end");
        assert_eq!(exit_code(stty), 0);
        let modes = &self.seen[from..];
        ["echo", "icanon", "isig"].iter().all(|mode| {
            modes
                .split_whitespace()
                .any(|word| word.trim_end_matches(';') == *mode)
        })
    }
}

/// The program's exit code; one that does not end is ended.
fn exit_code(mut program: Box<dyn Child + Send + Sync>) -> u32 {
    let mut killer = program.clone_killer();
    let (tell, told) = channel();
    std::thread::spawn(move || tell.send(program.wait()));
    let Ok(status) = told.recv_timeout(Duration::from_secs(30)) else {
        killer.kill().unwrap();
        panic!("the program did not end");
    };
    status.unwrap().exit_code()
}

fn home() -> Home {
    let home = Home::new();
    write(
        &home.config(),
        "[profiles.acme]\nregion = \"eu\"\nkey_file = \"keys/acme.key\"\n",
        0o600,
    );
    home
}

fn key_set(terminal: &mut Terminal, home: &Home) -> Box<dyn Child + Send + Sync> {
    let running = terminal.start(
        home,
        env!("CARGO_BIN_EXE_certdeck"),
        &["key", "set", "--untested"],
    );
    terminal.wait_for("API key of `acme` (certcentral.digicert.eu), not shown: ");
    running
}

#[test]
fn a_typed_key_is_stored_and_not_shown() {
    let home = home();
    let mut terminal = Terminal::new();
    let running = key_set(&mut terminal, &home);
    terminal.type_in(&format!("wrong\u{15}{KEY}X\u{7f}\r"));
    assert_eq!(exit_code(running), 0);
    terminal.wait_for("acme.key");
    assert!(terminal.is_as_before(&home), "{}", terminal.seen);
    assert!(!terminal.seen.contains("SECRET"), "{}", terminal.seen);
    assert!(!terminal.seen.contains("wrong"), "{}", terminal.seen);
    let file = home.config().with_file_name("keys").join("acme.key");
    assert_eq!(std::fs::read_to_string(file).unwrap(), format!("{KEY}\n"));
}

#[test]
fn ctrl_c_leaves_nothing_and_gives_the_terminal_back() {
    let home = home();
    let mut terminal = Terminal::new();
    let running = key_set(&mut terminal, &home);
    terminal.type_in("half a k\u{3}");
    assert_eq!(exit_code(running), 1);
    terminal.wait_for("no key was given");
    assert!(terminal.is_as_before(&home), "{}", terminal.seen);
    assert!(!home.config().with_file_name("keys").exists());
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let home = home();
    let mut terminal = Terminal::new();
    let running = key_set(&mut terminal, &home);
    let pid = rustix::process::Pid::from_raw(running.process_id().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(exit_code(running), 143);
    assert!(terminal.is_as_before(&home), "{}", terminal.seen);
}

/// Runs what goes on until somebody ends it, as far as it is ready.
pub fn runs(arguments: &[&str], ready: &str) {
    let home = Home::new();
    let mut terminal = Terminal::new();
    let running = terminal.start(&home, env!("CARGO_BIN_EXE_certdeck"), arguments);
    terminal.wait_for(ready);
    terminal.type_in("\u{3}");
    assert_eq!(exit_code(running), 0, "{arguments:?}: {}", terminal.seen);
}
