//! What can go wrong between here and the account, told so that an operator knows what happened to what and what to do.
//!
//! An [`ApiError`] is plain data: it travels in messages, sits in the model and is compared in tests. Texts of the
//! server and of whatever stands between are kept raw; the screen cleans them.

mod advice;
mod fate;

pub use fate::Fate;

use std::time::Duration;

use crate::domain::text::bytes;

/// One element of the API's `errors`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiErrorItem {
    /// Machine code such as `not_found|order`; empty when the server sent none. Never a closed set.
    pub code: String,
    /// The server's sentence; empty when it sent none.
    pub message: String,
}

impl ApiErrorItem {
    /// The general part of the code, before the first `|` or `:`.
    pub fn general(&self) -> &str {
        self.code.split(['|', ':']).next().unwrap_or_default()
    }
}

/// Which time limit was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Finding the server, connecting, and the TLS handshake.
    Connect,
    /// The request was sent, no answer began.
    Headers,
    /// The answer began and then stood still.
    Body,
    /// The answer kept coming, but too slowly to end in time.
    Total,
}

impl Phase {
    fn words(self) -> &'static str {
        match self {
            Phase::Connect => "no connection",
            Phase::Headers => "no response",
            Phase::Body => "response stalled partway",
            Phase::Total => "response not complete",
        }
    }
}

/// What a proxy did instead of passing something on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyTrouble {
    /// What names it is no address of a proxy.
    Setting,
    /// It cannot be reached.
    Away,
    /// It wants a user and a password, or others.
    SignIn,
    /// It does not open connections to the account.
    Refused,
    /// It opened none in time, or none that lasted.
    Silent,
}

/// Why a call of the API did not give what was asked for. `what` names the thing asked for, e.g. `order 123`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The address of the API cannot be used.
    #[error("the URL of the API cannot be used: {reason}")]
    BadUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// The key cannot be sent at all.
    #[error("the API key cannot be sent: {reason}")]
    BadKey {
        /// What is wrong with it, without quoting it.
        reason: String,
    },
    /// The HTTP client could not be built.
    #[error("could not start the HTTPS client: {detail}")]
    Setup {
        /// What the library said.
        detail: String,
    },
    /// No way to the network.
    #[error("{what}: no network route to {host}")]
    NoNetwork {
        /// What was asked for.
        what: String,
        host: String,
    },
    /// The server's name has no address.
    #[error("{what}: could not resolve {host}")]
    Dns {
        /// What was asked for.
        what: String,
        host: String,
    },
    /// Nobody answered the call for a connection, or it was refused.
    #[error("{what}: could not connect to {host}: {detail}")]
    Connect {
        /// What was asked for.
        what: String,
        host: String,
        /// What the system said.
        detail: String,
    },
    /// A proxy is in the way. Nothing was sent: it opened no connection to the account.
    #[error("{what}: the proxy {proxy} {detail}")]
    Proxy {
        /// What was asked for.
        what: String,
        /// Address and the variable that names it, or the variable alone.
        proxy: String,
        trouble: ProxyTrouble,
        /// The same in words.
        detail: String,
    },
    /// The server could not be trusted.
    #[error("{what}: no TLS connection to {host}: {detail}")]
    Tls {
        /// What was asked for.
        what: String,
        host: String,
        /// What the TLS library said.
        detail: String,
    },
    /// A time limit was hit.
    #[error("{what}: {} within {} s", phase.words(), limit.as_secs())]
    Timeout {
        /// What was asked for.
        what: String,
        phase: Phase,
        limit: Duration,
    },
    /// The connection broke after the request had begun to leave.
    #[error("{what}: connection lost before a response arrived: {detail}")]
    ConnectionLost {
        /// What was asked for.
        what: String,
        /// What the system said.
        detail: String,
    },
    /// The answer broke off.
    #[error("{what}: response cut off after {}", bytes(*got as usize))]
    Truncated {
        /// What was asked for.
        what: String,
        /// HTTP status that the answer began with.
        status: u16,
        got: u64,
    },
    /// The answer is larger than any answer should be.
    #[error("{what}: response over {}, discarded", bytes(*limit as usize))]
    TooLarge {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: u16,
        /// The cap in bytes.
        limit: u64,
    },
    /// A web page came where data was asked for: a proxy, a login portal or the edge of the service answered.
    #[error("{what}: received a web page instead of data (HTTP {status}{})", title.as_ref().map(|title| format!(", \"{title}\"")).unwrap_or_default())]
    ProxyHtml {
        /// What was asked for.
        what: String,
        /// HTTP status of the page.
        status: u16,
        title: Option<String>,
    },
    /// The server sent us elsewhere; redirects are not followed, since the key would travel along.
    #[error("{what}: {}", points(*status, to.as_deref()))]
    Redirected {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: u16,
        /// Scheme and host of the target.
        to: Option<String>,
    },
    /// The key is not known here.
    #[error(
        "{what}: CertCentral did not accept the API key (HTTP {status}){}",
        listed(errors)
    )]
    InvalidKey {
        /// What was asked for.
        what: String,
        /// HTTP status, 401 or 403.
        status: u16,
        /// What the server said.
        errors: Vec<ApiErrorItem>,
    },
    /// The key's role does not allow it.
    #[error("{what}: the key's role does not allow this{}", listed(errors))]
    MissingPermission {
        /// What was asked for.
        what: String,
        /// What the server said.
        errors: Vec<ApiErrorItem>,
    },
    /// Not there, or not visible to this key.
    #[error("{what}: not found{}", listed(errors))]
    NotFound {
        /// What was asked for.
        what: String,
        /// What the server said.
        errors: Vec<ApiErrorItem>,
    },
    /// Too many calls with this key.
    #[error("{what}: rate limit reached{}", back_in(*retry_after))]
    RateLimited {
        /// What was asked for.
        what: String,
        /// What the server said.
        errors: Vec<ApiErrorItem>,
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// Any other refusal or failure, with everything the server said.
    #[error("{what}: {} (HTTP {status}{}){}", happened(*status), back_in(*retry_after), listed(errors))]
    Http {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: u16,
        /// What the server said; empty when it said nothing readable.
        errors: Vec<ApiErrorItem>,
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// The answer is not what this call answers with.
    #[error("{what}: could not read the response: {detail}")]
    Unexpected {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: u16,
        /// What was wrong, without quoting the body.
        detail: String,
    },
}

/// What a status that is no success says.
fn happened(status: u16) -> &'static str {
    match status {
        500.. => "the server failed",
        400..=499 => "refused",
        200..=299 => "received an error instead of a result",
        _ => "the response is not a result",
    }
}

/// What a status of 300 to 399 says: only some of them point anywhere (RFC 9110, 15.4).
fn points(status: u16, to: Option<&str>) -> String {
    match (status, to) {
        (304, _) => "the server says that nothing changed since an earlier response (HTTP 304), which was not requested".into(),
        (301 | 302 | 303 | 307 | 308, None) => {
            format!("the server redirected without a target (HTTP {status})")
        }
        (_, Some(to)) => format!("the server redirected elsewhere (HTTP {status}, to {to})"),
        (_, None) => format!("the response is not a result (HTTP {status})"),
    }
}

/// When the server says to come again.
fn back_in(wait: Option<Duration>) -> String {
    let Some(seconds) = wait.map(|wait| wait.as_secs()).filter(|wait| *wait > 0) else {
        return String::new();
    };
    let length = match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds.div_ceil(60)),
        7_200..172_800 => format!("{} h", seconds.div_ceil(3_600)),
        _ => format!("{} d", seconds.div_ceil(86_400)),
    };
    format!(", asks to wait {length}")
}

/// `: message (code); message (code)`, or nothing.
fn listed(errors: &[ApiErrorItem]) -> String {
    let mut text = String::new();
    for (index, error) in errors.iter().enumerate() {
        text.push_str(if index == 0 { ": " } else { "; " });
        match (error.message.is_empty(), error.code.is_empty()) {
            (false, false) => {
                // The code belongs to the sentence, and a full stop comes after it.
                text.push_str(error.message.trim_end_matches('.'));
                text.push_str(" (");
                text.push_str(&error.code);
                text.push(')');
            }
            (false, true) => text.push_str(&error.message),
            (true, _) => text.push_str(&error.code),
        }
    }
    text
}

impl ApiError {
    /// HTTP status of the answer, when one came.
    pub fn status(&self) -> Option<u16> {
        match self {
            ApiError::Truncated { status, .. }
            | ApiError::TooLarge { status, .. }
            | ApiError::ProxyHtml { status, .. }
            | ApiError::Redirected { status, .. }
            | ApiError::InvalidKey { status, .. }
            | ApiError::Http { status, .. }
            | ApiError::Unexpected { status, .. } => Some(*status),
            ApiError::MissingPermission { .. } => Some(403),
            ApiError::NotFound { .. } => Some(404),
            ApiError::RateLimited { .. } => Some(429),
            _ => None,
        }
    }

    /// Everything the server said, for a place that shows it line by line.
    pub fn errors(&self) -> &[ApiErrorItem] {
        match self {
            ApiError::InvalidKey { errors, .. }
            | ApiError::MissingPermission { errors, .. }
            | ApiError::NotFound { errors, .. }
            | ApiError::RateLimited { errors, .. }
            | ApiError::Http { errors, .. } => errors,
            _ => &[],
        }
    }

    /// Whether one of the errors has this code, whole or as its general part.
    pub fn has_code(&self, code: &str) -> bool {
        let mut errors = self.errors().iter();
        errors.any(|error| error.code == code || error.general() == code)
    }

    /// Whether it is the API's own word: whatever stands between here and there has no codes of the API (`not_found|order`), and says the same
    /// whether or not something was done behind it.
    pub fn is_of_the_api(&self) -> bool {
        let is_own = |code: &str| {
            let letter =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            code.bytes().all(letter) && code.bytes().any(|byte| byte.is_ascii_lowercase())
        };
        self.errors().iter().any(|error| is_own(error.general()))
    }

    /// How long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            ApiError::RateLimited { retry_after, .. } | ApiError::Http { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }
}
