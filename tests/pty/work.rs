//! What an operator does again and again, as steps: open an order, paste a CSR, read the review, take a PEM.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::Duration;

use crate::account::{Pick, Server};
use crate::openssl;
use crate::support::pty::{ENTER, Pty, Setup, ctrl, key};
use crate::wait_for_the_desk;

/// The desk on an account, with the whole list read.
pub fn desk_on(server: &Server) -> Pty {
    let mut pty = at(&server.sandbox().url(), server.sandbox().key()).start();
    wait_for_the_desk(&mut pty);
    pty.wait_for("Orders 250");
    pty
}

/// The desk on the account at an address.
pub fn at(url: &str, key: &str) -> Setup {
    Setup::certdeck(&[])
        .env("CERTDECK_URL", url)
        .env("CERTDECK_API_KEY", key)
        .size(120, 60)
}

/// A server that takes connections and never answers, and the desk on it.
pub fn silent() -> (TcpListener, Setup) {
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = server.local_addr().unwrap();
    (server, at(&format!("http://{address}/services/v2"), "any"))
}

/// The row of the list that the cursor is on: the one that is painted in another way than the others.
pub fn cursor_row(screen: &vt100::Screen) -> Option<u16> {
    let (rows, _) = screen.size();
    (3..rows.get()).find(|row| {
        screen
            .cell(*row, 2)
            .is_some_and(|cell| cell.inverse() || cell.bgcolor() != vt100::Color::Default)
    })
}

/// The text of a row.
pub fn row_text(screen: &vt100::Screen, row: u16) -> String {
    let (_, columns) = screen.size();
    screen
        .rows(0, columns.get())
        .nth(usize::from(row))
        .unwrap_or_default()
}

/// Types a filter, letter by letter.
pub fn filter(pty: &mut Pty, text: &str) {
    pty.send("/");
    pty.wait_for("Enter apply");
    for (at, letter) in text.char_indices() {
        pty.send(&letter.to_string());
        pty.wait_for(&format!("/ {}", text[..at + letter.len_utf8()].trim_end()));
    }
}

/// Filters for an order and opens it.
pub fn open(pty: &mut Pty, order: &Pick) {
    filter(pty, &order.id.to_string());
    pty.wait_for("Orders 1 of");
    pty.send(ENTER);
    pty.wait_for("d duplicate");
    pty.send(ENTER);
    pty.wait_for("o next tab");
    pty.wait_for("Issuing CA");
}

/// Opens the form for a duplicate (`d`) or a reissue (`r`) of the open order.
pub fn form(pty: &mut Pty, letter: &str) {
    pty.send(letter);
    pty.wait_for("Paste it here");
    // The product's own choices have come too.
    pty.wait_for("Server platform");
}

/// Pastes a CSR and waits for what the form says of it.
pub fn paste(pty: &mut Pty, csr: &str) {
    pty.paste(csr);
    wait_until_read(pty);
}

/// Waits until the form says that the CSR's signature is good.
pub fn wait_until_read(pty: &mut Pty) {
    pty.wait("a CSR that was read", |screen| {
        let text = screen.contents();
        text.contains("✓ RSA 2048") || text.contains("✓ ECDSA P-256")
    });
    after_a_paste(pty);
}

/// Keys that follow a paste faster than a person types belong to the paste; so wait as long as a person does.
pub fn after_a_paste(pty: &mut Pty) {
    pty.wait_quiet(Duration::from_millis(130));
}

/// The request that the review shows, without blanks: its line, and the JSON. Leaves the review open.
pub fn review(pty: &mut Pty) -> (String, String) {
    pty.send(&ctrl('s'));
    pty.wait_for("API request");
    pty.wait_for("Enter send");
    let text = pty.text();
    let (_, sent) = text.split_once("API request").unwrap();
    let mut lines = sent.lines().skip(1);
    let line = lines.next().unwrap().trim().to_owned();
    let json: String = lines
        .take_while(|line| !line.trim().is_empty())
        .flat_map(str::chars)
        .filter(|letter| !letter.is_whitespace())
        .collect();
    (line, json)
}

/// The same text without blanks.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Copies a part of the certificate that is under the cursor; the letter is the copy menu's.
pub fn copy(pty: &mut Pty, letter: &str) -> String {
    pty.send("y");
    pty.wait_for("Copy from certificate");
    pty.send(letter);
    let text = pty.wait_clipboard();
    // Nobody can know whether the terminal took it, and nothing else is claimed.
    let size = text.len();
    let grouped = format!("{},{:03}", size / 1000, size % 1000);
    pty.wait_for(&format!("Sent {grouped} bytes to your terminal"));
    text
}

/// Asserts that a full chain is what was asked for, in the eyes of `openssl`.
pub fn assert_good(full_chain: &str, root: &str, csr: &str, names: &[String]) {
    openssl::verify(root, full_chain);
    let leaf = &openssl::split(full_chain)[0];
    assert_eq!(openssl::key_of_certificate(leaf), openssl::key_of_csr(csr));
    let mut names = names.to_vec();
    names.sort();
    assert_eq!(openssl::names_of_certificate(leaf), names);
}

/// The permissions of a file.
pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Leaves, also where something is unfinished.
pub fn leave(pty: &mut Pty) {
    pty.send(&ctrl('c'));
    pty.send(&ctrl('c'));
    pty.wait_exit();
    pty.assert_restored();
}

/// Goes to the next field until the one with this label has the focus.
pub fn field(pty: &mut Pty, label: &str) {
    let label = format!("▸ {label}");
    for _ in 0..20 {
        if pty.text().contains(&label) {
            return;
        }
        pty.mark();
        pty.send(key("tab"));
        pty.wait_frame();
    }
    panic!("no field is called {label:?}\n{}", pty.text());
}

/// Types letter by letter, as a person does.
pub fn type_text(pty: &mut Pty, text: &str) {
    for letter in text.chars() {
        pty.mark();
        pty.send(&letter.to_string());
        pty.wait_frame();
    }
}

/// Goes to the next field until this label has the focus.
pub fn go_to(pty: &mut Pty, help: &str) {
    for _ in 0..20 {
        if pty.text().contains(help) {
            return;
        }
        pty.mark();
        pty.send(key("tab"));
        pty.wait_frame();
    }
    panic!("no field says {help:?}\n{}", pty.text());
}
