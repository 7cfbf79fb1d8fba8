//! The API's errors in the words of the desk.

use crate::certcentral::ApiError;
use crate::domain::failure::{Failure, FailureKind};

/// An API error as the desk shows it.
pub fn failure(error: &ApiError) -> Failure {
    Failure {
        kind: kind(error),
        what: format!("{}.", capitalised(&error.to_string())),
        advice: error.advice().to_owned(),
        status: error.status(),
        codes: error
            .errors()
            .iter()
            .map(|item| item.code.clone())
            .collect(),
    }
}

fn kind(error: &ApiError) -> FailureKind {
    match error {
        ApiError::InvalidKey { .. } | ApiError::BadKey { .. } => FailureKind::InvalidKey,
        ApiError::MissingPermission { .. } => FailureKind::Permission,
        ApiError::BadUrl { .. } | ApiError::Setup { .. } => FailureKind::Local,
        ApiError::NoNetwork { .. }
        | ApiError::Dns { .. }
        | ApiError::Connect { .. }
        | ApiError::Tls { .. }
        | ApiError::ConnectionLost { .. }
        | ApiError::Truncated { .. } => FailureKind::Network,
        ApiError::Timeout { .. } => FailureKind::Timeout,
        ApiError::Proxy { .. } | ApiError::ProxyHtml { .. } | ApiError::Redirected { .. } => {
            FailureKind::Proxy
        }
        ApiError::RateLimited { .. } => FailureKind::RateLimited,
        ApiError::NotFound { .. } => FailureKind::NotFound,
        ApiError::Http { status, .. } if *status >= 500 => FailureKind::Server,
        ApiError::Http {
            status: 400..=499, ..
        } => FailureKind::Refused,
        ApiError::Http { .. } | ApiError::TooLarge { .. } | ApiError::Unexpected { .. } => {
            FailureKind::Other
        }
    }
}

fn capitalised(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_key_is_told_as_one_and_says_what_to_do() {
        let told = failure(&ApiError::InvalidKey {
            what: "the user".into(),
            status: 403,
            errors: Vec::new(),
        });
        assert_eq!(told.kind, FailureKind::InvalidKey);
        assert!(told.what.starts_with("The user"));
        assert!(!told.advice.is_empty());
    }
}
