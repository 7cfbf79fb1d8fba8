//! A server that answers with more than any account has: the answer is dropped, and the program stays small.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::Home;

const MIB: usize = 1024 * 1024;

/// Memory that a small run may take in all, libraries and stacks of threads included (KiB of address space).
const SPACE: usize = 128 * 1024;

fn packed(write: impl FnOnce(&mut GzEncoder<Vec<u8>>)) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    write(&mut packer);
    packer.finish().unwrap()
}

fn repeated(head: &str, part: &str, size: usize, tail: &str) -> Vec<u8> {
    packed(|packer| {
        packer.write_all(head.as_bytes()).unwrap();
        let block = part.repeat(64 * 1024 / part.len());
        for _ in 0..size / block.len() {
            packer.write_all(block.as_bytes()).unwrap();
        }
        packer.write_all(tail.as_bytes()).unwrap();
    })
}

/// Bodies, packed: each becomes much more in memory than it is.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let end = r#"{"id":7}],"page":{"total":1,"limit":1,"offset":0}}"#;
    let rows = r#"{"id":7},"#;
    vec![
        ("orders", repeated("{\"orders\":[", rows, 60 * MIB, end)),
        (
            "orders below the cap",
            repeated("{\"orders\":[", rows, 20 * MIB, end),
        ),
        (
            "empty objects",
            repeated("{\"id\":1,\"access_roles\":[", "{},", 30 * MIB, "{}]}"),
        ),
        (
            "names",
            repeated("{\"id\":1,\"x\":[", "1,", 30 * MIB, "1]}"),
        ),
        ("errors", repeated("{\"errors\":[", "{},", 30 * MIB, "{}]}")),
        (
            "fields",
            packed(|packer| {
                write!(packer, "{{\"id\":1").unwrap();
                for n in 0..2_000_000 {
                    write!(packer, ",\"{n}\":1").unwrap();
                }
                write!(packer, "}}").unwrap();
            }),
        ),
        ("depth", repeated("", "[", 30 * MIB, "")),
        (
            "a text",
            repeated("{\"id\":1,\"username\":\"", "x", 30 * MIB, "\"}"),
        ),
        (
            "more than the cap",
            repeated("{\"id\":1,\"username\":\"", "x", 300 * MIB, "\"}"),
        ),
        (
            "nothing but space",
            repeated("", " ", 200 * MIB, "{\"id\":1}"),
        ),
    ]
}

/// A server that answers everything with this.
fn serve(status: u16, body: Vec<u8>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    // Ends with the test's process: a listener cannot be woken without a connection.
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.read(&mut [0; 4096]);
            // The client hangs up in the middle of what it does not want.
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(&body));
        }
    });
    format!("http://{address}/services/v2")
}

/// What `key test` needs without any answer to speak of, in KiB of address space.
fn baseline(home: &Home) -> usize {
    let url = serve(500, packed(|_| {}));
    (1..200)
        .map(|step| step * 16 * 1024)
        .find(|space| {
            let (code, said) = limited(home, &url, *space);
            code == Some(1) && said.contains("HTTP 500")
        })
        .unwrap()
}

/// `key test` with no more address space than this: its exit code, `None` when it was killed, and what it said.
fn limited(home: &Home, url: &str, space: usize) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_certdeck");
    let script = format!("ulimit -v {space} && exec '{program}' key test");
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", &script])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home.path(""))
        .env("XDG_CONFIG_HOME", home.path("config"))
        .env("CERTDECK_URL", url)
        .env("CERTDECK_API_KEY", "MADEUPKEY1")
        .stdin(Stdio::null());
    let output = shell.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

#[test]
fn no_answer_takes_much_memory() {
    let home = Home::new();
    let space = baseline(&home) + SPACE;
    for (name, bomb) in bombs() {
        for status in [200, 400] {
            let (code, said) = limited(&home, &serve(status, bomb.clone()), space);
            // An allocation that fails aborts the program; a panic has a code of its own.
            assert_eq!(code, Some(1), "{name} {status}: {said}");
            assert!(said.contains("the key's user"), "{name} {status}: {said}");
            assert!(said.len() < 4096, "{name} {status}: {} bytes", said.len());
        }
    }
}
