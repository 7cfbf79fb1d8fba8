//! `certdeck sandbox`: one line when it is ready, answers after it, and a clean end on a signal.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::support::{Home, ran};

/// A running sandbox; ended hard if the test ends first.
struct Running {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    url: String,
}

impl Running {
    fn start(home: &Home, arguments: &[&str]) -> Self {
        let mut child = home
            .command(&[&["sandbox"], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = line
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("not ready: {line}"))
            .trim_end()
            .to_owned();
        Self { child, out, url }
    }

    /// Sends the signal; gives the exit code and what else was printed.
    fn end(mut self, signal: rustix::process::Signal) -> (Option<i32>, String, String) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
        let code = self.child.wait().unwrap().code();
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut err).unwrap();
        (code, out, err)
    }

    /// One request as curl makes it.
    fn get(&self, path: &str, key: &str) -> String {
        let rest = self.url.strip_prefix("http://").unwrap();
        let (address, base) = rest.split_once('/').unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET /{base}{path} HTTP/1.1\r\nHost: {address}\r\nX-DC-DEVKEY: {key}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone, if the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_says_where_answers_and_ends_on_sigterm() {
    let home = Home::new();
    let state = home.path("state.json");
    let sandbox = Running::start(
        &home,
        &[
            "--orders",
            "3",
            "--key",
            "MADEUPKEY1",
            "--state",
            state.to_str().unwrap(),
        ],
    );
    assert!(
        sandbox.url.starts_with("http://127.0.0.1:"),
        "{}",
        sandbox.url
    );
    assert!(sandbox.url.ends_with("/services/v2"), "{}", sandbox.url);
    let me = sandbox.get("/user/me", "MADEUPKEY1");
    assert!(me.starts_with("HTTP/1.1 200"), "{me}");
    let wrong = sandbox.get("/user/me", "ANOTHERKEY");
    assert!(wrong.starts_with("HTTP/1.1 403"), "{wrong}");

    let (code, out, err) = sandbox.end(rustix::process::Signal::TERM);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(out, "", "more than one line on standard output");
    assert!(
        err.contains("curl -H 'X-DC-DEVKEY: MADEUPKEY1' http://127.0.0.1:"),
        "{err}"
    );
    assert!(state.exists(), "the state was not written");
}

#[test]
fn without_a_key_one_is_made_up_and_told() {
    let home = Home::new();
    let sandbox = Running::start(&home, &["--orders", "1"]);
    let (code, _, err) = sandbox.end(rustix::process::Signal::INT);
    assert_eq!(code, Some(0));
    assert!(err.contains("--key KEY sets it"), "{err}");
}

#[test]
fn the_doctor_and_the_key_test_find_their_way_to_it() {
    let home = Home::new();
    let sandbox = Running::start(&home, &["--orders", "7", "--key", "MADEUPKEY1"]);
    home.ok(&[
        "profile",
        "add",
        "lab",
        "--url",
        &sandbox.url,
        "--key-command",
        "echo",
        "MADEUPKEY1",
    ]);
    let said = home.ok(&["key", "test"]);
    for word in [
        "comes from the key_command `echo`",
        "user: ",
        "role: ",
        "account: ",
    ] {
        assert!(said.contains(word), "no `{word}` in:\n{said}");
    }
    assert!(!said.contains("unknown"), "{said}");
    assert!(!said.contains("MADEUPKEY1"), "{said}");

    let doctor = home.ok(&["doctor"]);
    assert!(doctor.contains("can read orders: 7"), "{doctor}");

    let wrong = ran(home
        .command(&["key", "test"])
        .env("CERTDECK_API_KEY", "WRONGKEY1"));
    assert_eq!(wrong.code, 8);
    assert!(wrong.err.contains("region"), "{}", wrong.err);
    assert!(!wrong.err.contains("WRONGKEY1"), "{}", wrong.err);
    let doctor = ran(home
        .command(&["doctor"])
        .env("CERTDECK_API_KEY", "WRONGKEY1"));
    assert_eq!(doctor.code, 1);
}

#[test]
fn an_address_in_use_and_a_fault_that_is_none_are_named() {
    let home = Home::new();
    let sandbox = Running::start(&home, &["--orders", "1"]);
    let address = sandbox.url.split('/').nth(2).unwrap();
    let twice = home.run(&["sandbox", "--orders", "1", "--listen", address]);
    assert_eq!(twice.code, 1);
    assert!(twice.err.contains(address), "{}", twice.err);

    let fault = home.run(&["sandbox", "--faults", "earthquake"]);
    assert_eq!(fault.code, 2, "{}", fault.err);
    assert!(fault.err.contains("earthquake"), "{}", fault.err);
    let help = home.ok(&["sandbox", "--help"]);
    assert!(help.contains("latency=200ms"), "{help}");
}
