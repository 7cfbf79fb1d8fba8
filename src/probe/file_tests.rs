//! Files on a site of our own on loopback.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::domain::dcv::Placement;
use crate::domain::sighting::{Seen, Sighting};
use crate::probe::testing::Zone;
use crate::probe::{Probe, ProbeOptions};

const PATH: &str = "/.well-known/pki-validation/fileauth.txt";

/// A site that answers each path in its own way, and what it was sent.
struct Site {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

impl Site {
    /// `None` keeps the line open and says no more than what was said.
    async fn start(answer: impl Fn(&str) -> (String, bool) + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heads);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut held = Vec::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else {
                        break;
                    };
                    head.push(byte);
                }
                let head = String::from_utf8(head).unwrap();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                log.lock().unwrap().push(head);
                let (bytes, is_all) = answer(&path);
                // Whoever asked may have hung up.
                let _ = stream.write_all(bytes.as_bytes()).await;
                if !is_all {
                    held.push(stream);
                }
            }
        });
        Self {
            port,
            heads,
            _tasks: tasks,
        }
    }

    async fn look(&self, limit: Duration) -> Sighting {
        let zone = Zone::resolving().address("www.test").address("other.test");
        let server = zone.serve().await;
        let probe = Probe::new(ProbeOptions {
            dns_servers: vec![server.address],
            http_port: self.port,
            https_port: 1,
            limit,
            ..ProbeOptions::default()
        });
        let place = Placement::File {
            url: format!("http://www.test{PATH}"),
            content: "abc".into(),
        };
        let mut all = probe.sightings(&place).await;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

const LONG: Duration = Duration::from_secs(20);

fn ok(kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

fn to(code: u16, address: &str) -> String {
    format!(
        "HTTP/1.1 {code} Elsewhere\r\nlocation: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

#[rstest]
#[case::there(ok("text/plain", "abc"), Seen::Found)]
#[case::with_blanks(ok("text/plain", "\r\n abc\n"), Seen::Found)]
#[case::of_another_kind(ok("text/html", "abc"), Seen::Found)]
#[case::a_page(ok("text/html", "<h1>abc</h1>"), Seen::other(["<h1>abc</h1>"]))]
#[case::in_capitals(ok("text/plain", "ABC"), Seen::other(["ABC"]))]
#[case::empty(ok("text/plain", ""), Seen::other(["an empty file"]))]
#[case::missing("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(), Seen::Nothing)]
#[case::forbidden("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".to_owned(), Seen::failed("the site responded with HTTP 403"))]
#[case::broken("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n".to_owned(), Seen::failed("the site responded with HTTP 500"))]
#[case::see_other(to(303, "/x"), Seen::failed("the site responded with HTTP 303"))]
#[case::nowhere("HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n".to_owned(), Seen::failed("a redirect without an address (HTTP 302)"))]
#[tokio::test]
async fn a_file_is_compared(#[case] answer: String, #[case] expected: Seen) {
    let site = Site::start(move |_| (answer.clone(), true)).await;
    let seen = site.look(LONG).await;
    assert_eq!(seen.server, "www.test");
    assert_eq!(seen.seen, expected);
    let heads = site.heads.lock().unwrap().clone();
    let [head] = &heads[..] else {
        panic!("{heads:?}");
    };
    let head = head.to_lowercase();
    assert!(
        head.starts_with(&format!("get {PATH} http/1.1\r\n")),
        "{head}"
    );
    assert!(head.contains("user-agent: certdeck/"), "{head}");
    for none in ["devkey", "cookie", "referer", "authorization"] {
        assert!(!head.contains(none), "{head}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_not_read_to_its_end() {
    // A file that never ends: what was asked for stands at its beginning.
    let body = format!("abc{}", " ".repeat(64 * 1024));
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n{body}");
    let site = Site::start(move |_| (answer.clone(), false)).await;
    assert_eq!(site.look(LONG).await.seen, Seen::other(["abc"]));
}

#[rstest]
#[case(301)]
#[case(302)]
#[case(307)]
#[case(308)]
#[tokio::test]
async fn redirects_are_followed_to_where_the_file_is(#[case] code: u16) {
    let site = Site::start(move |path| match path {
        PATH => (to(code, "http://user:secret@other.test/moved"), true),
        "/moved" => (to(code, "file"), true),
        _ => (ok("text/plain", "abc"), true),
    })
    .await;
    let seen = site.look(LONG).await;
    assert_eq!(seen.seen, Seen::Found);
    assert_eq!(seen.server, "other.test (redirected from www.test)");
    let heads = site.heads.lock().unwrap().join("").to_lowercase();
    assert!(heads.contains("get /file "), "{heads}");
    assert!(!heads.contains("authorization"), "{heads}");
}

#[rstest]
#[case::another_port(
    "http://www.test:8081/x",
    "DigiCert uses standard ports only, not www.test:8081"
)]
#[case::another_scheme("ftp://www.test/x", "DigiCert does not follow redirects to ftp")]
#[case::a_name_that_is_not_there("http://nowhere.test/x", "nowhere.test has no address")]
#[case::round_and_round(PATH, "more than 5 redirects in a row")]
#[tokio::test]
async fn a_redirect_that_leads_nowhere_says_so(#[case] address: &'static str, #[case] why: &str) {
    let site = Site::start(move |_| (to(302, address), true)).await;
    assert_eq!(site.look(LONG).await.seen, Seen::failed(why));
    let count = site.heads.lock().unwrap().len();
    assert_eq!(count, if address == PATH { 6 } else { 1 });
}

#[tokio::test]
async fn a_redirect_to_https_that_nobody_serves_is_no_answer() {
    let site = Site::start(|_| (to(301, "https://www.test/x"), true)).await;
    let seen = site.look(LONG).await.seen;
    assert!(
        seen.words().starts_with("unknown: no response: "),
        "{seen:?}"
    );
}

/// A site that would keep the line open has nobody at its other end.
#[tokio::test]
async fn no_task_outlives_a_look() {
    let body = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc";
    let site = Site::start(move |_| (body.to_owned(), false)).await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    assert_eq!(site.look(LONG).await.seen, Seen::Found);
    // Those that are told to end need a turn for it.
    tokio::time::timeout(LONG, async {
        while tasks() > before {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_site_that_hangs_is_not_waited_for() {
    for begun in ["", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na"] {
        let site = Site::start(move |_| (begun.to_owned(), false)).await;
        let seen = site.look(Duration::from_millis(300)).await.seen;
        assert_eq!(seen, Seen::failed("no response within 0.3 s"));
    }
}
