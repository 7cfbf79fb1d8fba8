//! What an error means for what was asked: whether a write may have been done, whether a read is worth another try.

use super::{ApiError, Phase, ProxyTrouble};

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

/// Whether a status, with a code of the API beside it, says that nothing was done. Everything else but a documented success leaves it open: an interim or
/// unknown status, a redirect, another kind of success. And of the 4xx 408 is a server that gave up reading, 425 one
/// that wants it sent once more, 460 and 499 are balancers that think we hung up: none of them says what was done.
fn is_refusal(status: u16) -> bool {
    (400..=499).contains(&status) && !matches!(status, 408 | 425 | 460 | 499)
}

impl ApiError {
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
            | ApiError::Proxy { .. }
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
            | ApiError::RateLimited { .. }
                if self.is_of_the_api() =>
            {
                Fate::Refused
            }
            ApiError::Http { status, .. } if is_refusal(*status) && self.is_of_the_api() => {
                Fate::Refused
            }
            ApiError::InvalidKey { .. }
            | ApiError::MissingPermission { .. }
            | ApiError::NotFound { .. }
            | ApiError::RateLimited { .. }
            | ApiError::Http { .. }
            | ApiError::Timeout { .. }
            | ApiError::ProxyHtml { .. }
            | ApiError::ConnectionLost { .. }
            | ApiError::Truncated { .. }
            | ApiError::TooLarge { .. }
            | ApiError::Redirected { .. }
            | ApiError::Unexpected { .. } => Fate::Unknown,
        }
    }

    /// Whether the same read may well succeed when tried again.
    pub fn is_transient(&self) -> bool {
        match self {
            ApiError::NoNetwork { .. }
            | ApiError::Dns { .. }
            | ApiError::Connect { .. }
            | ApiError::Proxy {
                trouble: ProxyTrouble::Away | ProxyTrouble::Silent,
                ..
            }
            | ApiError::Timeout { .. }
            | ApiError::ConnectionLost { .. }
            | ApiError::Truncated { .. }
            | ApiError::RateLimited { .. } => true,
            ApiError::Http { status, .. } | ApiError::ProxyHtml { status, .. } => {
                matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
#[path = "fate_tests.rs"]
mod tests;
