//! The API key in a real key store: gnome-keyring on a session bus of the test's own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use super::tools::{Beside, program};

const KEY: &str = "MADE-UP-KEY-FOR-THE-KEY-STORE";

/// An address on this machine where nothing listens.
const NOBODY: &str = "http://127.0.0.1:9/services/v2";

/// A session bus with a key store on it, in a home of its own.
struct Session {
    bus: String,
    home: tempfile::TempDir,
    /// What has to live as long.
    beside: Vec<Beside>,
}

impl Session {
    /// With an unlocked key store, or with one that has no collection and nobody to ask for a password.
    fn start(unlocked: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut bus = at_home(&program("dbus-daemon"), home.path());
        bus.args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child: Child = bus.spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        let mut session = Self {
            bus: address.trim().to_owned(),
            home,
            beside: vec![Beside::from(child)],
        };
        let mut store = session.command("gnome-keyring-daemon");
        store.args(["--foreground", "--components=secrets"]);
        if unlocked {
            store.arg("--unlock");
        }
        let mut store = store
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        store.stdin.take().unwrap().write_all(b"pass").unwrap();
        // It tells where it listens once it does.
        let mut told = String::new();
        BufReader::new(store.stdout.take().unwrap())
            .read_line(&mut told)
            .unwrap();
        session.beside.push(Beside::from(store));
        session
    }

    fn command(&self, name: &str) -> Command {
        let mut command = at_home(&program(name), self.home.path());
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        command
    }

    /// certdeck with these arguments and this input.
    fn certdeck(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = at_home(Path::new(env!("CARGO_BIN_EXE_certdeck")), self.home.path())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It may not read it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }
}

fn at_home(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", home);
    command.env("XDG_RUNTIME_DIR", home);
    command
}

/// Everything a command said.
fn said(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Whether any file below holds the key as it is.
fn is_in_a_file(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.into_iter().any(|entry| {
        let kind = entry.file_type().unwrap();
        let path = entry.path();
        if kind.is_dir() {
            is_in_a_file(&path)
        } else {
            kind.is_file()
                && std::fs::read(&path)
                    .unwrap()
                    .windows(KEY.len())
                    .any(|part| part == KEY.as_bytes())
        }
    })
}

#[test]
fn a_key_is_kept_in_the_key_store_found_there_and_removed() {
    let session = Session::start(true);
    let added = session.certdeck(&["profile", "add", "acme", "--url", NOBODY], "");
    assert!(added.status.success(), "{}", said(&added));
    let set = session.certdeck(
        &["key", "set", "--untested", "--profile", "acme"],
        &format!("{KEY}\n"),
    );
    assert!(set.status.success(), "{}", said(&set));
    assert!(said(&set).contains("key store"), "{}", said(&set));

    // The judge: the desktop's own tool.
    let mut lookup = session.command("secret-tool");
    let found = lookup
        .args(["lookup", "service", "certdeck", "username", "acme"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(found.stdout).unwrap().trim(), KEY);
    assert!(!is_in_a_file(session.home.path()));

    let doctor = session.certdeck(&["doctor", "--profile", "acme"], "");
    assert!(
        said(&doctor).contains("the key comes from the key store"),
        "{}",
        said(&doctor)
    );
    assert!(!said(&doctor).contains(KEY));

    let cleared = session.certdeck(&["key", "clear", "--profile", "acme"], "");
    assert!(cleared.status.success(), "{}", said(&cleared));
    let doctor = session.certdeck(&["doctor", "--profile", "acme"], "");
    assert!(said(&doctor).contains("has none"), "{}", said(&doctor));
}

#[test]
fn a_locked_key_store_is_told_with_what_to_do_and_nothing_is_written() {
    let session = Session::start(false);
    session.certdeck(&["profile", "add", "acme", "--url", NOBODY], "");
    let set = session.certdeck(
        &["key", "set", "--untested", "--profile", "acme"],
        &format!("{KEY}\n"),
    );
    assert!(!set.status.success());
    let said = said(&set);
    assert!(said.contains("unlock it"), "{said}");
    assert!(said.contains("key_command"), "{said}");
    assert!(!said.contains(KEY));
    assert!(!is_in_a_file(session.home.path()));
}
