//! One account for all tests of the commands that read, a home that knows it, and how what they print is told.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::Command;
use std::sync::LazyLock;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use serde_json::Value;

use crate::account::Server;
use crate::support::{Home, Ran, ran, write};

/// Nobody serves there.
pub const NOBODY: &str = "http://127.0.0.1:1/services/v2";

/// An account, and a home that knows it.
pub struct Desk {
    pub server: Server,
    pub home: Home,
}

/// It.
pub static DESK: LazyLock<Desk> = LazyLock::new(Desk::start);

/// A DNS server that knows no name: nobody is asked anywhere else.
fn dns() -> SocketAddr {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let at = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length @ 12.., from)) = socket.recv_from(&mut query) {
            // A response, recursion available, NXDOMAIN; the question, and nothing behind it.
            query[2..4].copy_from_slice(&[0x81, 0x83]);
            query[6..12].fill(0);
            let end = query[12..length].iter().position(|byte| *byte == 0);
            let end = end.map_or(length, |at| (12 + at + 5).min(length));
            let _ = socket.send_to(&query[..end], from);
        }
    });
    at
}

impl Desk {
    /// One of its own, for what changes something.
    pub fn start() -> Self {
        let desk = Self {
            server: Server::start(),
            home: Home::new(),
        };
        let settings = format!("dns_servers = [\"{}\"]\n", dns());
        write(&desk.home.config(), &settings, 0o600);
        desk.put_files();
        desk
    }

    /// Files that examples name: a CSR, and a certificate with its chain and its key.
    fn put_files(&self) {
        let made = |name: &str| {
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            (key, params)
        };
        let (key, mut root) = made("Test Root");
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root_cert = root.self_signed(&key).unwrap();
        let root = Issuer::new(root, key);
        let (key, mut middle) = made("Test CA");
        middle.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let middle_cert = middle.signed_by(&key, &root).unwrap();
        let middle = Issuer::new(middle, key);
        let (key, leaf) = made("shop.example.net");
        let csr = leaf.serialize_request(&key).unwrap().pem().unwrap();
        let leaf = leaf.signed_by(&key, &middle).unwrap().pem();
        let full = leaf.clone() + &middle_cert.pem();
        for (name, text) in [
            ("server.csr", csr),
            ("privkey.pem", key.serialize_pem()),
            ("fullchain.pem", full.clone()),
            ("cert.pem", leaf.clone()),
            ("turned.pem", middle_cert.pem() + &leaf),
            ("whole.pem", full + &root_cert.pem()),
        ] {
            std::fs::write(self.home.path(name), text).unwrap();
        }
    }

    /// A command on it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command(arguments);
        command
            .env("CERTDECK_URL", self.server.sandbox().url())
            .env("CERTDECK_API_KEY", self.server.sandbox().key())
            .current_dir(self.home.path(""));
        command
    }

    /// What a line gives.
    pub fn run(&self, line: &str) -> Ran {
        ran(&mut self.command(&words(line)))
    }

    /// What each line gives, one after the other.
    pub fn transcript(&self, lines: &[&str]) -> String {
        let all = lines.iter().map(|line| said(line, &self.run(line)));
        all.collect()
    }

    /// The same where nobody can be asked: what asks all the same ends otherwise.
    pub fn transcript_unasked(&self, lines: &[&str]) -> String {
        let all = lines.iter().map(|line| {
            let mut command = self.command(&words(line));
            said(line, &ran(command.env("CERTDECK_URL", NOBODY)))
        });
        all.collect()
    }
}

/// The words of a line behind the program's name; a pair of quotes holds blanks together.
pub fn words(line: &str) -> Vec<&str> {
    let line = line.strip_prefix("certdeck").unwrap_or(line);
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().collect(),
        _ => vec![part],
    });
    words.collect()
}

/// The code, and of each row its state, its detail, and the exact request.
pub fn told(ran: &Ran) -> (i32, Vec<[String; 3]>) {
    let json: Value = serde_json::from_str(&ran.out)
        .unwrap_or_else(|_| panic!("{}: {}{}", ran.code, ran.out, ran.err));
    let rows = json["rows"].as_array().unwrap().iter();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let rows = rows.map(|row| ["state", "detail", "request"].map(|field| text(row, field)));
    (ran.code, rows.collect())
}

/// The code of a command about one thing, and its state.
pub fn state(ran: &Ran) -> (i32, String) {
    let (code, mut rows) = told(ran);
    assert_eq!(rows.len(), 1, "{rows:?}");
    let [state, ..] = rows.remove(0);
    (code, state)
}

fn said(line: &str, ran: &Ran) -> String {
    let mut told = format!("$ {line}\n{}", still(&ran.out));
    for line in still(&ran.err).lines() {
        let _ = writeln!(told, "! {line}");
    }
    if ran.code != 0 {
        let _ = writeln!(told, "= {}", ran.code);
    }
    told + "\n"
}

/// A text without what is another every day: dates, times, and numbers of days.
fn still(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let shape: String = rest.chars().take(19).map(shape).collect();
        let skip = if shape.starts_with("9999-99-99T99:99:99") {
            out.push_str("TIME");
            19 + rest[19..].find('Z').map_or(0, |at| at + 1)
        } else if shape.starts_with("9999-99-99 99:99") {
            out.push_str("TIME");
            16
        } else if shape.starts_with("9999-99-99") {
            out.push_str("DATE");
            10
        } else if thumbprint(rest) {
            out.push_str("THUMBPRINT");
            40
        } else if c.is_ascii_digit() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let is_days = rest[digits..].starts_with(" d");
            out.push_str(if is_days { "N" } else { &rest[..digits] });
            digits
        } else {
            out.push(c);
            c.len_utf8()
        };
        rest = &rest[skip..];
    }
    out
}

/// Keys are made anew each time, and certificates with them.
fn thumbprint(text: &str) -> bool {
    let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte);
    text.bytes().take_while(is_hex).count() == 40
}

fn shape(c: char) -> char {
    if c.is_ascii_digit() { '9' } else { c }
}
