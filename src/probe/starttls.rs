//! What is said before TLS begins where a protocol begins without it: as little as it takes to be asked in.

use std::io::{Error, Result};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::domain::endpoint::Protocol;
use crate::domain::sighting::safe;

/// Bytes of a line that are read: those of SMTP have 512, with extensions some more.
const LONGEST: usize = 4096;

/// Lines that are read at once: greetings and lists of what a server can do.
const MOST_LINES: usize = 100;

/// The StartTLS operation of LDAP: an extended request with the name 1.3.6.1.4.1.1466.20037 (RFC 4511, 4.14.1).
const LDAP_REQUEST: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

/// Bytes of an answer of LDAP that are read.
const LARGEST: usize = 4096;

/// Goes as far as the first byte of TLS.
///
/// # Errors
/// The connection's own, or words for a person where the server does not begin TLS.
pub(super) async fn begin(protocol: Protocol, stream: &mut TcpStream) -> Result<()> {
    match protocol {
        Protocol::Tls => Ok(()),
        Protocol::Smtp => smtp(stream).await,
        Protocol::Imap => imap(stream).await,
        Protocol::Pop3 => pop3(stream).await,
        Protocol::Ldap => ldap(stream).await,
    }
}

async fn smtp(stream: &mut TcpStream) -> Result<()> {
    smtp_reply(stream, "220").await?;
    // Who has no name says its address (RFC 5321, 4.1.3).
    let own = match stream.local_addr()?.ip() {
        std::net::IpAddr::V4(ip) => format!("[{ip}]"),
        std::net::IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
    };
    say(stream, &format!("EHLO {own}\r\n")).await?;
    smtp_reply(stream, "250").await?;
    say(stream, "STARTTLS\r\n").await?;
    smtp_reply(stream, "220").await
}

/// A reply of SMTP, to its last line, whose code is followed by no hyphen.
async fn smtp_reply(stream: &mut TcpStream, wanted: &str) -> Result<()> {
    for _ in 0..MOST_LINES {
        let line = line(stream).await?;
        let Some(rest) = line.strip_prefix(wanted) else {
            return Err(refused(&line));
        };
        if !rest.starts_with('-') {
            return Ok(());
        }
    }
    Err(Error::other("the server's greeting does not end"))
}

async fn imap(stream: &mut TcpStream) -> Result<()> {
    let greeting = line(stream).await?;
    if !greeting.to_ascii_uppercase().starts_with("* OK") {
        return Err(refused(&greeting));
    }
    say(stream, "a STARTTLS\r\n").await?;
    for _ in 0..MOST_LINES {
        let line = line(stream).await?;
        if line.to_ascii_uppercase().starts_with("A OK") {
            return Ok(());
        }
        if !line.starts_with('*') {
            return Err(refused(&line));
        }
    }
    Err(Error::other("the server's greeting does not end"))
}

async fn pop3(stream: &mut TcpStream) -> Result<()> {
    for said in [None, Some("STLS\r\n")] {
        if let Some(said) = said {
            say(stream, said).await?;
        }
        let line = line(stream).await?;
        if !line.starts_with("+OK") {
            return Err(refused(&line));
        }
    }
    Ok(())
}

/// The answer is a message with the same number and an extended response, which begins with its result: 0 is success.
async fn ldap(stream: &mut TcpStream) -> Result<()> {
    stream.write_all(LDAP_REQUEST).await?;
    let content = element(stream, 0x30).await?;
    let number = content.strip_prefix(&[0x02, 0x01, 0x01]);
    let response = number.and_then(|rest| rest.strip_prefix(&[0x78]));
    let result = response.and_then(|rest| {
        // One byte of length, or so many that follow it.
        let (first, rest) = rest.split_first()?;
        let more = if *first < 0x80 { 0 } else { first & 0x7f };
        rest.get(usize::from(more)..)
    });
    match result {
        Some([0x0a, 0x01, 0, ..]) => Ok(()),
        Some([0x0a, 0x01, code, ..]) => Err(Error::other(format!(
            "no StartTLS: the server responded with LDAP result {code}"
        ))),
        _ => Err(Error::other(
            "the server responded with something else than LDAP",
        )),
    }
}

/// The content of an ASN.1 element with this tag.
async fn element(stream: &mut TcpStream, tag: u8) -> Result<Vec<u8>> {
    if stream.read_u8().await? != tag {
        return Err(Error::other(
            "the server responded with something else than LDAP",
        ));
    }
    let first = stream.read_u8().await?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        length = 0;
        for _ in 0..(first & 0x7f).min(4) {
            length = length << 8 | usize::from(stream.read_u8().await?);
        }
    }
    if length > LARGEST {
        return Err(Error::other("the server's response is too large"));
    }
    let mut content = vec![0; length];
    stream.read_exact(&mut content).await?;
    Ok(content)
}

async fn say(stream: &mut TcpStream, words: &str) -> Result<()> {
    stream.write_all(words.as_bytes()).await
}

/// A line without its end. Read byte by byte: what follows the last one belongs to TLS.
async fn line(stream: &mut TcpStream) -> Result<String> {
    let mut line = Vec::new();
    loop {
        match stream.read_u8().await? {
            b'\n' => break,
            byte => line.push(byte),
        }
        if line.len() > LONGEST {
            return Err(Error::other("the server's line does not end"));
        }
    }
    let text = String::from_utf8_lossy(&line);
    Ok(text.trim_end_matches('\r').to_owned())
}

fn refused(line: &str) -> Error {
    Error::other(format!("no STARTTLS: the server responded {}", safe(line)))
}
