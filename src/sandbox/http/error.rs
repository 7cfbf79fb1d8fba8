//! The error body: `{"errors":[{"code","message"}]}` with its status.

use serde_json::{Value, json};

use super::reply::Reply;
use crate::sandbox::rules::Refusal;

/// Why a call is not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("The specified route was not found.")]
    Route,
    /// No key was sent.
    #[error("Access denied due to missing_key.")]
    NoKey,
    /// The key is unknown.
    #[error("Access denied due to access_denied_invalid_key.")]
    BadKey,
    /// `Accept` asks for what the route cannot produce.
    #[error("The requested representation is not available.")]
    NotAcceptable,
    #[error("Service unavailable, please limit request volume")]
    Limited,
    /// The body is too large.
    #[error("The request is too large.")]
    TooLarge,
    /// The body took too long.
    #[error("The request was not received in time.")]
    TooSlow,
    /// A 5xx that was asked for.
    #[error("An internal error occurred.")]
    Broken(u16),
}

impl ApiError {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal.status(),
            Self::Route => 404,
            Self::NoKey => 401,
            Self::BadKey => 403,
            Self::NotAcceptable => 406,
            Self::Limited => 429,
            Self::TooLarge => 413,
            Self::TooSlow => 408,
            Self::Broken(status) => *status,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) | Self::Broken(_) => "internal_error",
            Self::Route => "not_found|route",
            Self::NoKey => "access_denied|missing_key",
            Self::BadKey => "access_denied|access_denied_invalid_key",
            Self::NotAcceptable => "not_acceptable",
            Self::Limited => "request_limit_exceeded",
            Self::TooLarge => "request_too_large",
            Self::TooSlow => "request_timeout",
        }
    }

    /// The answer.
    pub fn reply(&self) -> Reply {
        let errors: Vec<Value> = match self {
            Self::Refused(refusal) => refusal
                .errors()
                .into_iter()
                .map(|(code, message)| json!({ "code": code, "message": message }))
                .collect(),
            other => vec![json!({ "code": other.code(), "message": other.to_string() })],
        };
        Reply::json(self.status(), &json!({ "errors": errors }))
    }
}
