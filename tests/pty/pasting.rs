//! CSRs as they come out of mails, tickets and other terminals; and the private key that was pasted by mistake.

use certdeck::sandbox::model::Approval;
use rstest::rstest;

use crate::account::Server;
use crate::openssl::{self, Kind};
use crate::support::pty::{ENTER, ctrl, key};
use crate::wire::Wire;
use crate::work::{
    after_a_paste, at, copy, desk_on, form, leave, open, paste, review, squeezed, wait_until_read,
};

/// What `openssl req` printed, in another dress.
fn dressed(csr: &str, how: &str) -> String {
    match how {
        "as it is" => csr.to_owned(),
        "windows" => csr.replace('\n', "\r\n"),
        "one line" => csr.replace('\n', ""),
        "blanks between the lines" => csr.replace('\n', "\n\n"),
        "new" => csr.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        "text before" => {
            format!("Hello,\n\nplease sign this for us:\n\n    Subject: CN=x\n{csr}\nThanks\n")
        }
        "byte order mark" => format!("\u{feff}{csr}"),
        other => panic!("no dress is called {other}"),
    }
}

#[rstest]
fn every_dress_of_a_csr_is_taken(#[values(true, false)] bracketed: bool) {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Rsa, &order.names);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    for how in [
        "as it is",
        "windows",
        "one line",
        "blanks between the lines",
        "new",
        "text before",
        "byte order mark",
    ] {
        form(&mut pty, "d");
        let text = dressed(&made.csr, how);
        if bracketed {
            pty.paste(&text);
        } else {
            // A terminal without bracketed paste types it, very fast.
            pty.send(&text.replace('\n', "\r"));
        }
        wait_until_read(&mut pty);
        let (_, json) = review(&mut pty);
        let body: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            body["certificate"]["csr"].as_str().unwrap(),
            squeezed(&made.csr),
            "{how}"
        );
        // Back, and throw it away.
        pty.send(key("esc"));
        pty.wait_for("Ctrl-S review");
        pty.send(&ctrl('d'));
        pty.wait_for("Enter discard");
        pty.send(ENTER);
        pty.wait_for("o next tab");
    }
    assert_eq!(
        server.sandbox().calls_of("duplicate"),
        0,
        "nothing was sent"
    );
    leave(&mut pty);
}

#[test]
fn a_paste_outside_of_a_field_does_nothing() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    pty.paste("d\r\x13\rqq");
    pty.wait_for("paste only into a text field");
    after_a_paste(&mut pty);
    // Still on the order, with no form open and nothing asked.
    pty.wait_for("o next tab");
    leave(&mut pty);
}

#[test]
fn a_csr_that_cannot_be_read_says_why_and_is_not_sent() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let made = openssl::request(Kind::Ec, &order.names);
    let mut pty = desk_on(&server);
    open(&mut pty, &order);
    form(&mut pty, "d");
    let lines: Vec<&str> = made.csr.lines().collect();
    let torn = format!("{}\n{}\n", lines[0], lines[1]);
    pty.paste(&torn);
    pty.wait_for("has no END line");
    after_a_paste(&mut pty);
    pty.send(&ctrl('s'));
    pty.wait_for("Fix 1 problem");
    assert_eq!(server.sandbox().calls_of("duplicate"), 0);
    leave(&mut pty);
}

#[rstest]
fn a_private_key_is_refused_and_reaches_nothing(
    #[values(Kind::Rsa, Kind::Ec)] kind: Kind,
    #[values(true, false)] bracketed: bool,
) {
    let server = Server::start();
    let wire = Wire::to(&server.sandbox().url());
    let order = server.pick(Approval::Off);
    let made = openssl::request(kind, &order.names);
    let mut pty = at(&wire.url(), server.sandbox().key()).start();
    pty.wait_for("Orders 250");
    open(&mut pty, &order);
    form(&mut pty, "d");
    // Both, as `cat key.pem csr.pem` prints them.
    let text = format!("{}{}", made.key, made.csr);
    if bracketed {
        pty.paste(&text);
    } else {
        pty.send(&text.replace('\n', "\r"));
    }
    pty.wait_for("did not keep it and never sends it");
    // The CSR alone is taken afterwards, and the work goes on.
    after_a_paste(&mut pty);
    paste(&mut pty, &made.csr);
    review(&mut pty);
    pty.send(ENTER);
    pty.wait_for("issued and verified");
    let clipboard = copy(&mut pty, "f");
    leave(&mut pty);

    let screen = String::from_utf8_lossy(pty.written()).into_owned();
    let sent = String::from_utf8_lossy(&wire.sent()).into_owned();
    let mut kept = String::new();
    gather(pty.home(), &mut kept);
    // Not even a piece of a line: the screen may have wrapped it.
    let secret = secret_part(kind, &made.key);
    for at in (0..secret.len() - 8).step_by(4) {
        let piece = &secret[at..at + 8];
        assert!(!screen.contains(piece), "on the screen");
        assert!(!sent.contains(piece), "on the line");
        assert!(!clipboard.contains(piece), "in the clipboard");
        assert!(!kept.contains(piece), "on the disk");
    }
}

/// The part of a key's base64 that holds nothing public: of RSA the exponent and the primes, which follow the modulus;
/// of EC the number in front of the public key.
fn secret_part(kind: Kind, pem: &str) -> String {
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    match kind {
        Kind::Rsa => text[text.len() / 2..].trim_end_matches('=').to_owned(),
        Kind::Ec => text[48..90].to_owned(),
    }
}

/// Everything under a folder, as text.
fn gather(folder: &std::path::Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, into);
        } else {
            into.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
        }
    }
}
