//! What the doctor says of the way to the account, and of this machine's clock.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpSocket;

use crate::support::{Home, Ran, Served, ran};

/// A server that answers each connection as `answer` says. Ends with the test's process.
fn serve(answer: impl Fn(&mut TcpStream) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let bytes = answer(&mut stream);
            // The client may have hung up.
            let _ = stream.write_all(&bytes);
        }
    });
    address
}

fn head(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(count) => head.extend_from_slice(&piece[..count]),
        }
    }
    head
}

/// The doctor's word on an account that only a proxy could reach.
fn beyond(variables: &[(&str, &str)]) -> Ran {
    let home = Home::new();
    let mut command = home.command(&["doctor"]);
    command
        .env("CERTDECK_URL", "https://api.certdeck.invalid/services/v2")
        .env("CERTDECK_API_KEY", "MADEUPKEY1");
    ran(command.envs(variables.iter().copied()))
}

#[test]
fn the_way_to_the_account_is_told_and_what_the_proxy_said() {
    let closed = |answer: &'static [u8]| {
        serve(move |stream| {
            head(stream);
            answer.to_vec()
        })
    };
    let denies = closed(b"HTTP/1.1 403 Forbidden by policy\r\ncontent-length: 0\r\n\r\n");
    let away = closed(b"HTTP/1.1 502 Bad Gateway\r\n\r\n");
    let other = closed(b"SSH-2.0-OpenSSH_9.6\r\n");
    // Taken, so that nobody else gets it, and nobody listens on it.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let dead = nobody.local_addr().unwrap();
    for (variables, words) in [
        (vec![], vec!["     no proxy\n", "BAD "]),
        (
            vec![("HTTPS_PROXY", format!("http://ada:secret@{denies}"))],
            vec![
                "through the proxy http://",
                "(HTTPS_PROXY)\n",
                "refused to open a connection to api.certdeck.invalid (HTTP 403 Forbidden by policy)",
            ],
        ),
        (
            vec![("all_proxy", away.clone())],
            vec!["(all_proxy)", "(HTTP 502 Bad Gateway)"],
        ),
        (
            vec![("ALL_PROXY", other)],
            vec![
                "is not an HTTP proxy: it responded \"SSH-2.0-OpenSSH_9.6\"",
                "Set it to a URL such as",
            ],
        ),
        (
            vec![("ALL_PROXY", format!("socks5h://{dead}"))],
            vec![
                "through the proxy socks5h://",
                "could not be reached: Connection refused",
            ],
        ),
        (
            vec![
                ("HTTPS_PROXY", away.clone()),
                ("NO_PROXY", ".certdeck.invalid".to_owned()),
            ],
            vec!["no proxy: HTTPS_PROXY is not used, since NO_PROXY names api.certdeck.invalid"],
        ),
        (
            vec![("HTTP_PROXY", away)],
            vec!["no proxy: HTTP_PROXY is set, but https uses HTTPS_PROXY or ALL_PROXY"],
        ),
        (
            vec![("HTTPS_PROXY", "://x".to_owned())],
            vec!["BAD  HTTPS_PROXY contains no URL of a proxy. Set it to"],
        ),
    ] {
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let told = beyond(&variables);
        assert_eq!(told.code, 1, "{}", told.out);
        for part in words {
            assert!(
                told.out.contains(part),
                "{variables:?}: no `{part}` in\n{}",
                told.out
            );
        }
        assert!(!told.out.contains("secret"), "{}", told.out);
    }
}

#[test]
fn a_refused_connection_to_this_machine_speaks_of_no_firewall() {
    for host in ["127.0.0.1:9", "localhost:9", "[::1]:9"] {
        let home = Home::new();
        let mut command = home.command(&["doctor"]);
        command
            .env("CERTDECK_URL", format!("http://{host}/services/v2"))
            .env("CERTDECK_API_KEY", "MADEUPKEY1");
        let told = ran(&mut command).out;
        assert!(
            told.contains("Nothing responds at this URL of your own machine"),
            "{told}"
        );
        assert!(
            !told.contains("firewall") && !told.contains("HTTPS_PROXY"),
            "{told}"
        );
    }
}

/// The sandbox behind a server whose clock is off by so much; `None` gives no date at all.
fn dated(served: &Served, off: Option<SignedDuration>) -> String {
    let sandbox = served.url.split('/').nth(2).unwrap().to_owned();
    let address = serve(move |stream| {
        let asked = String::from_utf8(head(stream)).unwrap();
        let asked = asked.replacen("\r\n\r\n", "\r\nconnection: close\r\n\r\n", 1);
        let mut far = TcpStream::connect(&sandbox).unwrap();
        far.write_all(asked.as_bytes()).unwrap();
        let mut answer = Vec::new();
        far.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let others = head
            .lines()
            .filter(|line| !line.to_ascii_lowercase().starts_with("date:"));
        let mut head: Vec<String> = others.map(str::to_owned).collect();
        if let Some(off) = off {
            let date = (Timestamp::now() + off).strftime("%a, %d %b %Y %H:%M:%S GMT");
            head.push(format!("date: {date}"));
        }
        format!("{}\r\n\r\n{body}", head.join("\r\n")).into_bytes()
    });
    format!("http://{address}/services/v2")
}

#[test]
fn a_wrong_clock_is_told_with_how_much_and_what_to_do() {
    let served = Served::start();
    // Half a minute more, since a date has no fractions of a second.
    let minutes = |minutes: i64| SignedDuration::from_secs(minutes * 60 + minutes.signum() * 30);
    for (off, bad, words) in [
        (
            Some(minutes(0)),
            false,
            "this machine's clock agrees with CertCentral's",
        ),
        (
            Some(minutes(3)),
            false,
            "this machine's clock agrees with CertCentral's",
        ),
        (
            Some(minutes(-20)),
            true,
            "this machine's clock is 20 min ahead, compared with CertCentral's",
        ),
        (
            Some(minutes(20)),
            true,
            "this machine's clock is 20 min behind, compared with CertCentral's",
        ),
        (
            None,
            false,
            "carry no date, so this machine's clock is not checked",
        ),
    ] {
        let home = Home::new();
        let mut command = home.command(&["doctor"]);
        command
            .env("CERTDECK_URL", dated(&served, off))
            .env("CERTDECK_API_KEY", "made-up-key");
        let told = ran(&mut command);
        assert!(told.out.contains(words), "{off:?}: {}", told.out);
        assert_eq!(told.out.contains("timedatectl"), bad, "{}", told.out);
        let line = told
            .out
            .lines()
            .find(|line| line.contains("clock"))
            .unwrap();
        assert_eq!(line.contains("BAD"), bad, "{line}");
    }
}
