//! What is copied of an account that answers oddly: texts that would act where they are pasted reach no clipboard, and a
//! certificate whose serial number is not told is copied all the same.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use certdeck::domain::copyable;
use serde_json::Value;

use crate::account::Server;
use crate::between::Between;
use crate::desk::Desk;

/// Ends a paste, runs what follows, turns around what is read, rings.
const HOSTILE: &str = "\u{1b}[201~\nrm -rf ~\r\u{202e}\u{9b}\u{7}";

/// What the account at this address itself answers.
fn answer_of(url: &str, key: &str, path: &str) -> Option<Value> {
    let (host, base) = url.strip_prefix("http://")?.split_once('/')?;
    let mut stream = TcpStream::connect(host).ok()?;
    write!(
        stream,
        "GET /{base}{path} HTTP/1.1\r\nhost: {host}\r\nx-dc-devkey: {key}\r\nconnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    serde_json::from_str(body).ok()
}

/// Every text that is a name or a value, with what acts behind it.
fn poisoned(value: &mut Value, name: &str) {
    const NAMES: [&str; 14] = [
        "serial_number",
        "thumbprint",
        "common_name",
        "dns_names",
        "name",
        "token",
        "random_value",
        "verification_value",
        "value",
        "fqdn",
        "email",
        "comments",
        "display_name",
        "label",
    ];
    match value {
        Value::String(text) if NAMES.contains(&name) => text.push_str(HOSTILE),
        Value::Array(all) => all.iter_mut().for_each(|one| poisoned(one, name)),
        Value::Object(all) => all.iter_mut().for_each(|(name, one)| poisoned(one, name)),
        _ => {}
    }
}

/// Opens the first orders, goes through their tabs, and presses every key of every copy menu; gives what was copied, and
/// how often it was told that something was not.
fn copy_all(desk: &mut Desk<'_>) -> (Vec<String>, usize) {
    let mut refused = 0;
    for row in 0..6 {
        desk.home();
        for _ in 0..row {
            desk.press("j");
        }
        desk.press("enter");
        desk.settle();
        for _tab in 0..5 {
            for key in ["s", "t", "d", "l", "n", "v"] {
                desk.press("y");
                if desk.model.popups.is_empty() {
                    break;
                }
                desk.model.status = None;
                desk.press(key);
                let told = desk.model.status.as_ref();
                refused +=
                    usize::from(told.is_some_and(|told| told.words.contains("was not copied")));
                while !desk.model.popups.is_empty() {
                    desk.press("esc");
                }
            }
            desk.press("o");
            desk.settle();
        }
    }
    (std::mem::take(&mut desk.copied), refused)
}

#[test]
fn nothing_that_acts_where_it_is_pasted_is_copied() {
    let server = Server::start();
    let mut desk = Desk::open(&server);
    let (copied, refused) = copy_all(&mut desk);
    assert!(copied.len() > 12 && refused == 0, "{refused} {copied:?}");
    drop(desk);

    through(
        &server,
        |body| poisoned(body, ""),
        |desk| {
            let (copied, refused) = copy_all(desk);
            for text in &copied {
                assert_eq!(copyable::any(text), Ok(()), "{text:?}");
                assert!(!text.contains("rm -rf"), "{text:?}");
            }
            assert!(refused > 6, "{refused} of {} were refused", copied.len());
        },
    );
}

/// A desk on the account, each answer of which is changed on its way.
fn through(
    server: &Server,
    change: impl Fn(&mut Value) + Send + 'static,
    script: impl FnOnce(&mut Desk<'_>),
) {
    let between = Between::to(&server.sandbox().url());
    let url = server.sandbox().url();
    let key = server.sandbox().key().to_owned();
    between.answer(move |method, path| {
        if method != "GET" {
            return None;
        }
        let mut body = answer_of(&url, &key, path)?;
        change(&mut body);
        Some((200, String::new(), body.to_string()))
    });
    script(&mut Desk::through(server, &between.url(), None));
}

#[test]
fn a_certificate_whose_serial_number_is_not_told_is_copied_all_the_same() {
    fn with(value: &mut Value, serial: Option<&Value>) {
        match value {
            Value::Array(all) => all.iter_mut().for_each(|one| with(one, serial)),
            Value::Object(all) => {
                match serial {
                    Some(serial) if all.contains_key("serial_number") => {
                        all.insert("serial_number".to_owned(), serial.clone());
                    }
                    _ => drop(all.remove("serial_number")),
                }
                all.iter_mut().for_each(|(_, one)| with(one, serial));
            }
            _ => {}
        }
    }
    let server = Server::start();
    for serial in [None, Some(Value::Null), Some("".into())] {
        let told = format!("{serial:?}");
        through(
            &server,
            move |body| with(body, serial.as_ref()),
            |desk| {
                desk.press("/");
                desk.type_text("status:issued ends>1d");
                desk.press("enter");
                for place in ["in the list", "in the order"] {
                    if place == "in the order" {
                        desk.press("enter");
                        desk.settle();
                    }
                    desk.press("y");
                    assert!(
                        !desk.model.popups.is_empty(),
                        "{told}: nothing to copy {place}"
                    );
                    desk.press("c");
                    desk.settle();
                    let copied = std::mem::take(&mut desk.copied);
                    let is_pem = matches!(&copied[..], [pem] if pem.starts_with("-----BEGIN CERTIFICATE-----"));
                    assert!(is_pem, "{told} {place}: {copied:?} {:?}", desk.model.status);
                    // The number itself cannot be.
                    desk.press("y s");
                    assert_eq!(desk.copied, Vec::<String>::new(), "{told} {place}");
                    while !desk.model.popups.is_empty() {
                        desk.press("esc");
                    }
                }
            },
        );
    }
}
