//! What can go wrong between here and the account, told so that an operator knows what happened to what and what to do.
//!
//! An [`ApiError`] is plain data: it travels in messages, sits in the model and is compared in tests. Texts of the
//! server and of whatever stands between are kept raw; the screen cleans them.

use std::time::Duration;

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

    /// The part behind the first `|` or `:`; may be data such as a domain name or a field path.
    pub fn detail(&self) -> Option<&str> {
        self.code.split_once(['|', ':']).map(|(_, detail)| detail)
    }
}

/// What became of a write that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It never reached the server: nothing was done.
    NotSent,
    /// The server refused it: nothing was done.
    Refused,
    /// Nobody can know from here whether it was done.
    Unknown,
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
            Phase::Headers => "no answer",
            Phase::Body => "the answer stopped half way and nothing more came",
            Phase::Total => "the answer was not complete",
        }
    }
}

/// Why a call of the API did not give what was asked for. `what` names the thing asked for, e.g. `order 123`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The address of the API cannot be used.
    #[error("the address of the API cannot be used: {reason}")]
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
    #[error("the HTTPS client could not be started: {detail}")]
    Setup {
        /// What the library said.
        detail: String,
    },
    /// No way to the network.
    #[error("{what}: this machine has no way to {host}")]
    NoNetwork {
        /// What was asked for.
        what: String,
        /// Server.
        host: String,
    },
    /// The server's name has no address.
    #[error("{what}: no address was found for {host}")]
    Dns {
        /// What was asked for.
        what: String,
        /// Server.
        host: String,
    },
    /// Nobody answered the call for a connection, or it was refused.
    #[error("{what}: no connection to {host}: {detail}")]
    Connect {
        /// What was asked for.
        what: String,
        /// Server.
        host: String,
        /// What the system said.
        detail: String,
    },
    /// The server could not be trusted.
    #[error("{what}: no secure connection to {host}: {detail}")]
    Tls {
        /// What was asked for.
        what: String,
        /// Server.
        host: String,
        /// What the TLS library said.
        detail: String,
    },
    /// A time limit was hit.
    #[error("{what}: {} within {} s", phase.words(), limit.as_secs())]
    Timeout {
        /// What was asked for.
        what: String,
        /// Which limit.
        phase: Phase,
        /// The limit.
        limit: Duration,
    },
    /// The connection broke after the request had begun to leave.
    #[error("{what}: the connection broke before the answer came: {detail}")]
    ConnectionLost {
        /// What was asked for.
        what: String,
        /// What the system said.
        detail: String,
    },
    /// The answer broke off.
    #[error("{what}: the answer broke off after {got} bytes")]
    Truncated {
        /// What was asked for.
        what: String,
        /// HTTP status that the answer began with.
        status: u16,
        /// Bytes that came.
        got: u64,
    },
    /// The answer is larger than any answer should be.
    #[error("{what}: the answer is larger than {limit} bytes and was dropped")]
    TooLarge {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: u16,
        /// The cap in bytes.
        limit: u64,
    },
    /// A web page came where data was asked for: a proxy, a login portal or the edge of the service answered.
    #[error("{what}: a web page came instead of data (HTTP {status}{})", title.as_ref().map(|title| format!(", \"{title}\"")).unwrap_or_default())]
    ProxyHtml {
        /// What was asked for.
        what: String,
        /// HTTP status of the page.
        status: u16,
        /// The page's title.
        title: Option<String>,
    },
    /// The server sent us elsewhere; redirects are not followed, since the key would travel along.
    #[error("{what}: the server points elsewhere (HTTP {status}{})", to.as_ref().map(|to| format!(", to {to}")).unwrap_or_default())]
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
        "{what}: the API key was not accepted (HTTP {status}){}",
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
    #[error("{what}: the account's rate limit is reached")]
    RateLimited {
        /// What was asked for.
        what: String,
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// Any other refusal or failure, with everything the server said.
    #[error("{what}: {} (HTTP {status}){}", if *status >= 500 { "the server failed" } else { "refused" }, listed(errors))]
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
    #[error("{what}: the answer was not understood: {detail}")]
    Unexpected {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: u16,
        /// What was wrong, without quoting the body.
        detail: String,
    },
}

/// `: message (code); message (code)`, or nothing.
fn listed(errors: &[ApiErrorItem]) -> String {
    let mut text = String::new();
    for (index, error) in errors.iter().enumerate() {
        text.push_str(if index == 0 { ": " } else { "; " });
        match (error.message.is_empty(), error.code.is_empty()) {
            (false, false) => {
                text.push_str(&error.message);
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
    /// What the operator can do about it, as one sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            ApiError::BadUrl { .. } => {
                "Correct the address of the profile; https is needed for every host but this one."
            }
            ApiError::BadKey { .. } => "Set the key again: `certdeck key set`.",
            ApiError::Setup { .. } => {
                "Check that the system's list of trusted authorities is readable."
            }
            ApiError::NoNetwork { .. } => {
                "Check this machine's network, VPN or route, then try again."
            }
            ApiError::Dns { .. } => {
                "Check the address of the profile and this machine's name service; a proxy is taken from HTTPS_PROXY."
            }
            ApiError::Connect { .. } => {
                "Check that a firewall lets this machine out to the host, or set HTTPS_PROXY."
            }
            ApiError::Tls { .. } => {
                "Check the clock and the trusted authorities of this machine; a proxy that opens TLS needs its own authority installed."
            }
            ApiError::Timeout {
                phase: Phase::Connect,
                ..
            } => "Check the network and firewall, then try again.",
            ApiError::Timeout { .. } => "The service is slow or hangs; try again later.",
            ApiError::ConnectionLost { .. } | ApiError::Truncated { .. } => {
                "The line is unsteady; try again."
            }
            ApiError::TooLarge { .. } => {
                "Ask for less at once, or check that the address of the profile is the API."
            }
            ApiError::ProxyHtml { .. } => {
                "Something between here and the service answered: sign in to the proxy, or check the address of the profile."
            }
            ApiError::Redirected { .. } => {
                "Set the address of the profile to the right region; the key is not sent along a redirect."
            }
            ApiError::InvalidKey { .. } => {
                "Check that the key is current and belongs to this region: European accounts use certcentral.digicert.eu."
            }
            ApiError::MissingPermission { .. } => {
                "Use a key of a user whose role allows it; the key may also be narrowed to viewing."
            }
            ApiError::NotFound { .. } => {
                "Check the number; things of another account or container look as if they were not there."
            }
            ApiError::RateLimited { .. } => {
                "Wait some seconds up to three minutes; other programs with the same key count too."
            }
            ApiError::Http { status: 500.., .. } => {
                "The trouble is on the other side; try again in a while."
            }
            ApiError::Http { status: 407, .. } => {
                "The proxy wants a sign-in: put user and password into HTTPS_PROXY."
            }
            ApiError::Http { status: 403, .. } => {
                "The key's user may not do this; ask an administrator or an approver of the account."
            }
            ApiError::Http { .. } => "Correct what the server names, then send again.",
            ApiError::Unexpected { .. } => {
                "Check that the address of the profile is the API; if it is, the API may have changed."
            }
        }
    }

    /// For a write: what became of it. On [`Fate::Unknown`] (the answer was lost, unreadable, or a failure of the
    /// server) the account has to be looked at before anything is sent again.
    pub fn fate(&self) -> Fate {
        match self {
            ApiError::BadUrl { .. }
            | ApiError::BadKey { .. }
            | ApiError::Setup { .. }
            | ApiError::NoNetwork { .. }
            | ApiError::Dns { .. }
            | ApiError::Connect { .. }
            | ApiError::Tls { .. }
            | ApiError::Timeout {
                phase: Phase::Connect,
                ..
            } => Fate::NotSent,
            // A proxy that wants a sign-in has passed nothing on.
            ApiError::ProxyHtml { status: 407, .. } | ApiError::Http { status: 407, .. } => {
                Fate::NotSent
            }
            ApiError::InvalidKey { .. }
            | ApiError::MissingPermission { .. }
            | ApiError::NotFound { .. }
            | ApiError::RateLimited { .. } => Fate::Refused,
            // 408 is a server that gave up reading, 499 one that thinks we did: neither says what was done.
            ApiError::Http { status, .. } if *status < 500 && !matches!(status, 408 | 499) => {
                Fate::Refused
            }
            ApiError::Http { .. }
            | ApiError::Timeout { .. }
            | ApiError::ProxyHtml { .. }
            | ApiError::ConnectionLost { .. }
            | ApiError::Truncated { .. }
            | ApiError::TooLarge { .. }
            | ApiError::Redirected { .. }
            | ApiError::Unexpected { .. } => Fate::Unknown,
        }
    }

    /// For a write: whether it may have been done in spite of the error.
    pub fn may_have_arrived(&self) -> bool {
        self.fate() == Fate::Unknown
    }

    /// Whether the same read may well succeed when tried again.
    pub fn is_transient(&self) -> bool {
        match self {
            ApiError::NoNetwork { .. }
            | ApiError::Dns { .. }
            | ApiError::Connect { .. }
            | ApiError::Timeout { .. }
            | ApiError::ConnectionLost { .. }
            | ApiError::Truncated { .. }
            | ApiError::RateLimited { .. } => true,
            ApiError::Http { status, .. } | ApiError::ProxyHtml { status, .. } => {
                matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
            }
            _ => false,
        }
    }

    /// Whether there is no way to the service at all, rather than an answer that displeases.
    pub fn is_offline(&self) -> bool {
        matches!(
            self,
            ApiError::NoNetwork { .. }
                | ApiError::Dns { .. }
                | ApiError::Connect { .. }
                | ApiError::Timeout {
                    phase: Phase::Connect,
                    ..
                }
        )
    }

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
            | ApiError::Http { errors, .. } => errors,
            _ => &[],
        }
    }

    /// Whether one of the errors has this code, whole or as its general part.
    pub fn has_code(&self, code: &str) -> bool {
        let mut errors = self.errors().iter();
        errors.any(|error| error.code == code || error.general() == code)
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
