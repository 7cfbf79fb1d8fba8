//! A proxy asked once more, for what it said: the HTTP library drops the status of a refused CONNECT, and the reason why a
//! SOCKS proxy was not reached.
//!
//! Nothing but the CONNECT is sent, as the library sent it before, and the connection is closed whatever comes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use hyper_util::client::proxy::matcher::Intercept;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::error::ProxyTrouble;
use super::{tls, transport};

/// How long the answer is waited for: the proxy gave one a moment ago.
const LIMIT: Duration = Duration::from_secs(5);

/// Bytes of an answer that are looked at.
const LONGEST: usize = 1024;

/// Where a proxy listens, and how it is asked there.
#[derive(Clone, PartialEq, Eq)]
pub struct Door {
    host: String,
    port: u16,
    asked_in: Asked,
    sign_in: Option<HeaderValue>,
}

/// How a proxy is asked for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Http,
    /// By HTTP inside of TLS.
    Https,
    /// By one of the SOCKS protocols, whose answers the library tells.
    Socks,
}

/// Without user and password.
impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl Door {
    /// The door that a matcher leads to.
    pub(super) fn of(found: &Intercept) -> Self {
        let (asked_in, usual) = match found.uri().scheme_str() {
            None | Some("http") => (Asked::Http, 80),
            Some("https") => (Asked::Https, 443),
            Some(_) => (Asked::Socks, 1080),
        };
        let host = found.uri().host().unwrap_or_default();
        Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: found.uri().port_u16().unwrap_or(usual),
            asked_in,
            sign_in: found.basic_auth().cloned(),
        }
    }

    /// What the proxy says when it is asked for a connection to the account, and what that means; `None` where it says
    /// nothing that explains anything. A proxy that is asked in TLS is trusted as the account is: by the system's
    /// authorities and these (DER).
    pub(super) async fn asked(
        &self,
        host: &str,
        port: u16,
        authorities: &[Vec<u8>],
    ) -> Option<(ProxyTrouble, String)> {
        let asked = self.ask(host, port, authorities);
        timeout(LIMIT, asked).await.ok().flatten()
    }

    async fn ask(
        &self,
        host: &str,
        port: u16,
        authorities: &[Vec<u8>],
    ) -> Option<(ProxyTrouble, String)> {
        let stream = match TcpStream::connect((self.host.as_str(), self.port)).await {
            Ok(stream) => stream,
            Err(error) => {
                let why = transport::innermost(&error);
                return Some((ProxyTrouble::Away, format!("could not be reached: {why}")));
            }
        };
        match self.asked_in {
            Asked::Http => self.connect(stream, host, port).await,
            Asked::Https => {
                let config = tls::speaking(&tls::config(authorities).ok()?, &["http/1.1"]);
                let name = ServerName::try_from(self.host.clone()).ok()?;
                match TlsConnector::from(Arc::new(config))
                    .connect(name, stream)
                    .await
                {
                    Ok(stream) => self.connect(stream, host, port).await,
                    Err(error) => {
                        let why = transport::innermost(&error);
                        Some((
                            ProxyTrouble::Refused,
                            format!("opened no connection: {why}"),
                        ))
                    }
                }
            }
            Asked::Socks => None,
        }
    }

    async fn connect(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        host: &str,
        port: u16,
    ) -> Option<(ProxyTrouble, String)> {
        let mut request =
            format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
        if let Some(sign_in) = &self.sign_in {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(sign_in.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        stream.write_all(&request).await.ok()?;
        let mut answer = Vec::new();
        let mut piece = [0; LONGEST];
        while answer.len() < LONGEST && !answer.contains(&b'\n') {
            match stream.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(count) => answer.extend_from_slice(&piece[..count]),
            }
        }
        told(&answer)
    }
}

/// What the first line of an answer says.
fn told(answer: &[u8]) -> Option<(ProxyTrouble, String)> {
    let line = answer.split(|byte| *byte == b'\n').next()?;
    let line = plain(line);
    if line.is_empty() {
        return None;
    }
    let status = line
        .strip_prefix("HTTP/")
        .and_then(|rest| rest.split_once(' '))
        .and_then(|(_, rest)| {
            let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
            Some((code.parse::<u16>().ok()?, reason.trim()))
        });
    let Some((code, reason)) = status else {
        return Some((
            ProxyTrouble::Setting,
            format!("is not an HTTP proxy: it responded \"{line}\" and opened no connection"),
        ));
    };
    let http = format!("HTTP {code} {reason}");
    let http = http.trim_end();
    match code {
        // It does now what it refused a moment ago.
        200..=299 => None,
        407 => Some((ProxyTrouble::SignIn, format!("requires a sign-in ({http})"))),
        _ => Some((
            ProxyTrouble::Refused,
            format!("refused to open a connection ({http})"),
        )),
    }
}

/// The start of a line as a person can read it.
fn plain(line: &[u8]) -> String {
    const MOST: usize = 60;
    let text = String::from_utf8_lossy(line);
    let shown: String = text
        .trim()
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() || c == ' ' {
                c
            } else {
                '?'
            }
        })
        .take(MOST)
        .collect();
    if text.trim().chars().count() > MOST {
        return format!("{shown}…");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        b"HTTP/1.1 403 Forbidden\r\n",
        ProxyTrouble::Refused,
        "(HTTP 403 Forbidden)"
    )]
    #[case(b"HTTP/1.0 502\r\n\r\n", ProxyTrouble::Refused, "(HTTP 502)")]
    #[case(
        b"HTTP/1.1 302 Found\r\nLocation: http://login/\r\n",
        ProxyTrouble::Refused,
        "(HTTP 302 Found)"
    )]
    #[case(
        b"HTTP/1.1 407 \x1b[31mAuth\r\n",
        ProxyTrouble::SignIn,
        "(HTTP 407 ?[31mAuth)"
    )]
    #[case(
        b"SSH-2.0-OpenSSH_9.6\r\n",
        ProxyTrouble::Setting,
        "\"SSH-2.0-OpenSSH_9.6\""
    )]
    #[case(b"\x15\x03\x01\x00\x02", ProxyTrouble::Setting, "is not an HTTP proxy")]
    #[case(
        b"HTTP/1.1 nonsense\r\n",
        ProxyTrouble::Setting,
        "is not an HTTP proxy"
    )]
    fn a_first_line_says_what_the_proxy_did(
        #[case] answer: &[u8],
        #[case] trouble: ProxyTrouble,
        #[case] words: &str,
    ) {
        let (told, detail) = told(answer).unwrap();
        assert_eq!(told, trouble);
        assert!(detail.contains(words), "{detail}");
        assert!(!detail.contains(char::is_control), "{detail}");
    }

    #[test]
    fn what_explains_nothing_says_nothing() {
        for answer in [
            &b""[..],
            b"\r\n",
            b"HTTP/1.1 200 Connection established\r\n\r\n",
        ] {
            assert_eq!(told(answer), None);
        }
    }
}
