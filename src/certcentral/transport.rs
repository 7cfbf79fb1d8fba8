//! One exchange with the server: a request out, an answer or an [`ApiError`] back. Never tries twice.
//!
//! ```text
//! Call --build--> reqwest --send--> headers --body, capped--> Answer (2xx)
//!                   |                  |           |
//!                   v                  v           v
//!        NoNetwork Dns Connect   Redirected     Truncated TooLarge
//!        Tls Timeout             ProxyHtml      Timeout ConnectionLost
//!        ConnectionLost          Http …
//! ```

use std::borrow::Cow;
use std::io::ErrorKind;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{
    ACCEPT, AGE, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER,
};
use http::{HeaderMap, Method};
use jiff::Timestamp;
use reqwest::{Response, Url};
use tokio::time::{Instant, timeout_at};

use super::error::{ApiError, Phase, ProxyTrouble};
use super::proxy::{self, Way};
use super::{body, retry, tls};

/// Time limits and the size cap of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExchangeLimits {
    /// Name look-up, connection and TLS handshake together.
    pub connect: Duration,
    /// From then until the answer begins.
    pub headers: Duration,
    /// Between two pieces of the answer's body.
    pub idle: Duration,
    /// From the start to the last byte.
    pub total: Duration,
    /// Bytes that an answer's body may have, unpacked.
    pub body: u64,
}

impl ExchangeLimits {
    /// For reads.
    pub const READ: Self = Self {
        connect: Duration::from_secs(10),
        headers: Duration::from_secs(30),
        idle: Duration::from_secs(30),
        total: Duration::from_mins(2),
        body: 32 * 1024 * 1024,
    };

    /// For writes: the server may issue a certificate before it answers, and giving up early leaves an unknown outcome.
    pub const WRITE: Self = Self {
        headers: Duration::from_secs(90),
        total: Duration::from_mins(3),
        ..Self::READ
    };
}

/// What is asked of the server.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub method: Method,
    /// Below the base URL, with a leading slash.
    pub path: String,
    /// Encoded, without the question mark; empty for none.
    pub query: String,
    /// The thing asked for, in the words of an error message.
    pub what: Cow<'static, str>,
    /// Whether the answer is a file rather than JSON.
    pub file: bool,
    /// Exactly these bytes, as JSON.
    pub body: Option<Bytes>,
}

impl Call {
    /// A call of a path under the base URL; `what` names it in errors.
    pub fn new(
        method: Method,
        path: impl Into<String>,
        what: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            method,
            path: path.into(),
            query: String::new(),
            what: what.into(),
            file: false,
            body: None,
        }
    }

    /// A call with a JSON text as its body; an empty text is no body at all.
    pub fn with_body(method: Method, path: String, what: String, body: &str) -> Self {
        let mut call = Self::new(method, path, what);
        call.body = (!body.is_empty()).then(|| Bytes::copy_from_slice(body.as_bytes()));
        call
    }

    /// A read of a path under the base URL; `what` names it in errors.
    pub fn get(path: impl Into<String>, what: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Method::GET, path, what)
    }
}

/// A successful answer, read to its end.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    pub body: Bytes,
}

/// Where a request goes: the account, the key, and the way there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub base: &'a Url,
    pub headers: &'a HeaderMap,
    pub way: &'a Way,
    /// Authorities trusted besides the system's, DER.
    pub authorities: &'a [Vec<u8>],
}

/// When an answer was made by the account's clock, and between which moments of this machine's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dated {
    pub date: Timestamp,
    pub asked: Timestamp,
    pub answered: Timestamp,
}

/// Sends one request and reads its answer. `dated` hears when by the account's clock it was answered, before anybody
/// has the answer.
pub(super) async fn exchange(
    http: &reqwest::Client,
    to: Target<'_>,
    limits: &ExchangeLimits,
    call: &Call,
    dated: impl FnOnce(Dated),
) -> Result<Answer, ApiError> {
    let what = || call.what.clone().into_owned();
    let asked = Timestamp::now();
    let start = Instant::now();
    let end = start + limits.total;
    let url = url(to.base, call)?;

    let mut request = http
        .request(call.method.clone(), url)
        .headers(to.headers.clone());
    request = request.header(ACCEPT, if call.file { "*/*" } else { "application/json" });
    // What something in between kept from before says nothing of what is there now.
    request = request.header(CACHE_CONTROL, "no-cache");
    if let Some(body) = &call.body {
        request = request
            .header(CONTENT_TYPE, "application/json")
            .body(body.clone());
    } else if call.method != Method::GET {
        // The library says nothing about a body that is not there; the documentation asks for a length.
        request = request.header(CONTENT_LENGTH, 0);
    }

    // The library's own limit ends the connecting; this one has to begin where that ends at the latest.
    let answered = (start + limits.connect + limits.headers).min(end);
    let response = match timeout_at(answered, request.send()).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Err(sending_failed(&error, what(), to, limits).await),
        Err(_) => {
            return Err(ApiError::Timeout {
                what: what(),
                phase: Phase::Headers,
                limit: limits.headers,
            });
        }
    };

    let status = response.status().as_u16();
    let headers = response.headers();
    let content_type = text(headers, &CONTENT_TYPE).unwrap_or_default().to_owned();
    let date = text(headers, &DATE).and_then(retry::http_date);
    let retry_after = retry_after(headers, date);
    // What a cache kept is dated by when it was new.
    let date = date.filter(|_| !headers.contains_key(AGE));
    let answered = Timestamp::now();
    let location = text(headers, &LOCATION).and_then(|location| origin(to.base, location));

    if (300..400).contains(&status) {
        return Err(ApiError::Redirected {
            what: what(),
            status,
            to: location,
        });
    }
    let body = match read_body(response, limits, end, what).await {
        // What was said is too long to read, not that it was said.
        Err(ApiError::TooLarge { .. }) if !(200..300).contains(&status) => Bytes::new(),
        body => body?,
    };
    tracing::debug!(
        method = %call.method,
        path = call.path,
        status,
        bytes = body.len(),
        ms = start.elapsed().as_millis() as u64,
        "exchange"
    );
    let is_page = body::is_html(&content_type, &body);
    if let Some(date) = date.filter(|_| !is_page) {
        dated(Dated {
            date,
            asked,
            answered,
        });
    }
    if (200..300).contains(&status) {
        if is_page {
            return Err(body::web_page(what(), status, &body));
        }
        return Ok(Answer { status, body });
    }
    Err(body::refusal(
        what(),
        status,
        retry_after,
        &content_type,
        &body,
    ))
}

fn url(base: &Url, call: &Call) -> Result<Url, ApiError> {
    let mut text = String::with_capacity(base.as_str().len() + call.path.len() + call.query.len());
    text.push_str(base.as_str().trim_end_matches('/'));
    text.push_str(&call.path);
    if !call.query.is_empty() {
        text.push('?');
        text.push_str(&call.query);
    }
    Url::parse(&text).map_err(|error| ApiError::BadUrl {
        reason: error.to_string(),
    })
}

async fn read_body(
    mut response: Response,
    limits: &ExchangeLimits,
    end: Instant,
    what: impl Fn() -> String,
) -> Result<Bytes, ApiError> {
    let status = response.status().as_u16();
    let announced = response.content_length().unwrap_or(0);
    let too_large = || ApiError::TooLarge {
        what: what(),
        status,
        limit: limits.body,
    };
    if announced > limits.body {
        return Err(too_large());
    }
    let mut body = BytesMut::with_capacity(announced.min(1024 * 1024) as usize);
    loop {
        let idle = Instant::now() + limits.idle;
        match timeout_at(idle.min(end), response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                if (body.len() + chunk.len()) as u64 > limits.body {
                    return Err(too_large());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Ok(None)) => return Ok(body.freeze()),
            Ok(Err(_)) => {
                return Err(ApiError::Truncated {
                    what: what(),
                    status,
                    got: body.len() as u64,
                });
            }
            Err(_) => {
                let (phase, limit) = if idle <= end {
                    (Phase::Body, limits.idle)
                } else {
                    (Phase::Total, limits.total)
                };
                return Err(ApiError::Timeout {
                    what: what(),
                    phase,
                    limit,
                });
            }
        }
    }
}

/// Tells apart why no answer began, and who is to blame. Everything that happened before a connection stood means that
/// nothing was sent.
async fn sending_failed(
    error: &reqwest::Error,
    what: String,
    to: Target<'_>,
    limits: &ExchangeLimits,
) -> ApiError {
    let host = to.base.host_str().unwrap_or_default().to_owned();
    let detail = innermost(error);
    let is_connect = error.is_connect() || error.is_dns();
    if let Way::Through { name, door, .. } = to.way {
        let late = error.is_timeout() && is_connect;
        let silent = || {
            let seconds = limits.connect.as_secs();
            let words = format!("opened no connection to {host} within {seconds} s");
            (ProxyTrouble::Silent, words)
        };
        let blamed = proxy::trouble(error).or_else(|| late.then(silent));
        if let Some(mut told) = blamed {
            // The library drops what was said.
            let is_bare = told.0 == ProxyTrouble::Away && !told.1.contains(": ");
            if is_bare || told.0 == ProxyTrouble::Refused {
                let port = to.base.port_or_known_default().unwrap_or(443);
                let asked = door.asked(&host, port, to.authorities).await;
                told = asked.unwrap_or(told);
            }
            let (trouble, mut detail) = told;
            if trouble == ProxyTrouble::Refused {
                detail = detail.replacen("a connection", &format!("a connection to {host}"), 1);
            }
            return ApiError::Proxy {
                what,
                proxy: name.clone(),
                trouble,
                detail,
            };
        }
    }
    if !is_connect {
        return ApiError::ConnectionLost { what, detail };
    }
    let unused = match to.way {
        Way::Straight(Some(why)) => Some(why.as_str()),
        _ => None,
    };
    let with = |detail: String| match unused {
        Some(why) => format!("{detail} ({why})"),
        None => detail,
    };
    if error.is_dns() {
        return match unused {
            None => ApiError::Dns { what, host },
            Some(_) => ApiError::Connect {
                what,
                host,
                detail: with("could not resolve it".to_owned()),
            },
        };
    }
    if error.is_timeout() {
        if unused.is_none() {
            return ApiError::Timeout {
                what,
                phase: Phase::Connect,
                limit: limits.connect,
            };
        }
        let seconds = limits.connect.as_secs();
        let detail = with(format!("none within {seconds} s"));
        return ApiError::Connect { what, host, detail };
    }
    match io_kind(error) {
        Some(
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown,
        ) if unused.is_none() => ApiError::NoNetwork { what, host },
        // The TLS library reports what it does not like as invalid data or an early end inside an I/O error.
        Some(ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
            let detail = match to.way {
                Way::Through { name, .. } => format!("{detail}, through the proxy {name}"),
                _ => detail,
            };
            ApiError::Tls { what, host, detail }
        }
        _ => match to.way {
            Way::Through { name, .. } => ApiError::Proxy {
                what,
                proxy: name.clone(),
                trouble: ProxyTrouble::Silent,
                detail: format!("opened a connection to {host} that was lost: {detail}"),
            },
            _ => ApiError::Connect {
                what,
                host,
                detail: with(detail),
            },
        },
    }
}

/// The message at the bottom of an error's chain, which is the one that says something; what the TLS library says in
/// words instead of names of its types.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut at = error;
    loop {
        if let Some(error) = at.downcast_ref::<rustls::Error>() {
            return tls::words(error);
        }
        // An I/O error leaves what it wraps out of its `source`.
        let io = at.downcast_ref::<std::io::Error>();
        let wrapped = io.and_then(std::io::Error::get_ref);
        let deeper = wrapped.map(|error| error as &(dyn std::error::Error + 'static));
        match deeper.or_else(|| at.source()) {
            Some(deeper) => at = deeper,
            None => break,
        }
    }
    let words = match at.downcast_ref::<std::io::Error>() {
        // `Connection refused (os error 111)`: the number is for nobody who reads this.
        Some(error) => {
            let words = error.to_string();
            let end = words.find(" (os error").unwrap_or(words.len());
            words[..end].to_owned()
        }
        None => at.to_string(),
    };
    if words.trim().is_empty() {
        return "no details".to_owned();
    }
    words
}

/// The kind of the innermost I/O error that has one. An I/O error leaves what it wraps out of its `source`, so both
/// ways down are taken.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<ErrorKind> {
    let io = error.downcast_ref::<std::io::Error>();
    let inner = match io.and_then(std::io::Error::get_ref) {
        Some(wrapped) => io_kind(wrapped),
        None => error.source().and_then(io_kind),
    };
    inner.or_else(|| {
        io.map(std::io::Error::kind)
            .filter(|kind| *kind != ErrorKind::Other)
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn retry_after(headers: &HeaderMap, date: Option<Timestamp>) -> Option<Duration> {
    retry::retry_after(
        text(headers, &RETRY_AFTER)?,
        date.unwrap_or_else(Timestamp::now),
    )
}

/// Scheme, host and port of a redirect's target; its path and query may hold what should not be shown.
fn origin(base: &Url, location: &str) -> Option<String> {
    let target = base.join(location).ok()?;
    Some(target.origin().ascii_serialization())
}
