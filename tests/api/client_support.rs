//! A server that answers from a script, byte for byte, and remembers what it was asked.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use certdeck::certcentral::{Client, ClientOptions};
use certdeck::domain::ids::OrderId;
use certdeck::domain::write::{Outgoing, WriteKind};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fixtures::post;
pub use crate::fixtures::write;

/// The made-up key of these tests.
pub const KEY: &str = "MADE-UP-KEY-FOR-TESTS";

/// What the server does with one request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Breaks the connection without a word.
    Reset,
    /// Sends these bytes (maybe none) and then nothing more.
    Stall(Vec<u8>),
    /// Sends this, and then one byte again and again with this long between two.
    Trickle(Vec<u8>, Duration),
}

/// An answer with a body and a type.
pub fn answer(status: u16, content_type: &str, body: &str) -> Reply {
    with_header(status, content_type, "", body)
}

/// The same with one more header line, ended by CRLF.
pub fn with_header(status: u16, content_type: &str, header: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Bytes(
        format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\n{header}content-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        )
        .into_bytes(),
    )
}

/// A JSON answer.
pub fn json(status: u16, body: &str) -> Reply {
    answer(status, "application/json", body)
}

/// One request as it came.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.as_str()))
    }
}

type Answering = Box<dyn FnMut(&Seen) -> Reply + Send>;

/// A running server; stops with the test's runtime.
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Answers from the script; the last reply is given again and again.
    pub async fn start(script: Vec<Reply>) -> Self {
        let mut script = VecDeque::from(script);
        Self::answering(move |_| {
            let last = script.len() == 1;
            let next = if last {
                script.front().cloned()
            } else {
                script.pop_front()
            };
            next.unwrap()
        })
        .await
    }

    /// Answers each request by what it asks for.
    pub async fn answering(answer: impl FnMut(&Seen) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let answer: Arc<Mutex<Answering>> = Arc::new(Mutex::new(Box::new(answer)));
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&log)));
            }
        });
        Self { address, seen }
    }

    pub fn url(&self) -> String {
        format!("http://{}/services/v2", self.address)
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// A client for it with the documented behaviour, but no randomness.
    pub fn client(&self) -> Client {
        client(&self.url(), options())
    }
}

/// A duplicate of an order.
pub fn duplicate(order: OrderId, body: &str) -> Outgoing {
    post(WriteKind::Duplicate, order.0, "duplicate", body)
}

/// The documented behaviour without randomness.
pub fn options() -> ClientOptions {
    ClientOptions {
        jitter: || 0.0,
        ..ClientOptions::default()
    }
}

pub fn client(url: &str, options: ClientOptions) -> Client {
    Client::with_options(url, &SecretString::from(KEY), options).unwrap()
}

async fn serve(mut stream: TcpStream, answer: Arc<Mutex<Answering>>, log: Arc<Mutex<Vec<Seen>>>) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    let reply = (answer.lock().unwrap())(&request);
    log.lock().unwrap().push(request);
    match reply {
        Reply::Bytes(bytes) => {
            // The client may hang up in the middle of what it does not want.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Reset => stream.set_zero_linger().unwrap(),
        Reply::Stall(bytes) => {
            stream.write_all(&bytes).await.unwrap();
            std::future::pending::<()>().await;
        }
        Reply::Trickle(bytes, pause) => {
            let mut sent = stream.write_all(&bytes).await;
            while sent.is_ok() {
                tokio::time::sleep(pause).await;
                sent = stream.write_all(b" ").await;
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head = loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        if bytes[0] == 0x16 {
            // A TLS handshake: answered in plain text, as web servers do.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            return None;
        }
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let mut seen = Seen {
        method: first.next()?.to_owned(),
        target: first.next()?.to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: String::new(),
    };
    let length = seen.header("content-length");
    let length = length.map_or(0, |n| n.parse().unwrap());
    let mut body = bytes.split_off(head + 4);
    while body.len() < length {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.ok().filter(|n| *n > 0)?;
        body.extend_from_slice(&buffer[..count]);
    }
    seen.body = String::from_utf8(body).unwrap();
    Some(seen)
}
