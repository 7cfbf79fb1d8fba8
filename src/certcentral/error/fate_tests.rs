//! Every error there is, once: what became of a write that ended with it, and whether a read is worth another try.

use std::time::Duration;

use super::super::ApiErrorItem;
use super::*;

/// How many kinds of errors there are, each with a number: a new one has none until it gets a row in the table.
const VARIANTS: usize = 20;

fn variant(error: &ApiError) -> usize {
    match error {
        ApiError::BadUrl { .. } => 0,
        ApiError::BadKey { .. } => 1,
        ApiError::Setup { .. } => 2,
        ApiError::NoNetwork { .. } => 3,
        ApiError::Dns { .. } => 4,
        ApiError::Connect { .. } => 5,
        ApiError::Proxy { .. } => 6,
        ApiError::Tls { .. } => 7,
        ApiError::Timeout { .. } => 8,
        ApiError::ConnectionLost { .. } => 9,
        ApiError::Truncated { .. } => 10,
        ApiError::TooLarge { .. } => 11,
        ApiError::ProxyHtml { .. } => 12,
        ApiError::Redirected { .. } => 13,
        ApiError::InvalidKey { .. } => 14,
        ApiError::MissingPermission { .. } => 15,
        ApiError::NotFound { .. } => 16,
        ApiError::RateLimited { .. } => 17,
        ApiError::Http { .. } => 18,
        ApiError::Unexpected { .. } => 19,
    }
}

fn what() -> String {
    "order 1".into()
}

/// What the API says of its own, and what stands between here and there may say.
fn coded() -> Vec<ApiErrorItem> {
    vec![ApiErrorItem {
        code: "some_code|detail".into(),
        message: "Why.".into(),
    }]
}

fn bare() -> Vec<Vec<ApiErrorItem>> {
    let code = |code: &str| {
        vec![ApiErrorItem {
            code: code.into(),
            message: "Forbidden".into(),
        }]
    };
    // As gateways of the field put it.
    let codes = [
        "",
        "403",
        "Forbidden",
        "PERMISSION_DENIED",
        "AccessDenied|x",
        "|",
    ];
    let mut all: Vec<_> = codes.map(code).into();
    all.push(Vec::new());
    all
}

fn http(status: u16) -> ApiError {
    ApiError::Http {
        what: what(),
        status,
        errors: coded(),
        retry_after: None,
    }
}

fn page(status: u16) -> ApiError {
    ApiError::ProxyHtml {
        what: what(),
        status,
        title: None,
    }
}

fn timeout(phase: Phase) -> ApiError {
    ApiError::Timeout {
        what: what(),
        phase,
        limit: Duration::from_secs(30),
    }
}

fn proxy(trouble: ProxyTrouble) -> ApiError {
    ApiError::Proxy {
        what: what(),
        proxy: "http://proxy.example".into(),
        trouble,
        detail: "did not".into(),
    }
}

#[test]
fn of_every_error_it_is_known_what_became_of_a_write_and_whether_a_read_is_tried_again() {
    let (what, host, detail) = (what(), "api.example".to_owned(), "why".to_owned());
    let again = true;
    let table = [
        (
            ApiError::BadUrl {
                reason: detail.clone(),
            },
            Fate::NotSent,
            !again,
        ),
        (
            ApiError::BadKey {
                reason: detail.clone(),
            },
            Fate::NotSent,
            !again,
        ),
        (
            ApiError::Setup {
                detail: detail.clone(),
            },
            Fate::NotSent,
            !again,
        ),
        (
            ApiError::NoNetwork {
                what: what.clone(),
                host: host.clone(),
            },
            Fate::NotSent,
            again,
        ),
        (
            ApiError::Dns {
                what: what.clone(),
                host: host.clone(),
            },
            Fate::NotSent,
            again,
        ),
        (
            ApiError::Connect {
                what: what.clone(),
                host: host.clone(),
                detail: detail.clone(),
            },
            Fate::NotSent,
            again,
        ),
        (
            ApiError::Tls {
                what: what.clone(),
                host,
                detail: detail.clone(),
            },
            Fate::NotSent,
            !again,
        ),
        (proxy(ProxyTrouble::Setting), Fate::NotSent, !again),
        (proxy(ProxyTrouble::Away), Fate::NotSent, again),
        (proxy(ProxyTrouble::SignIn), Fate::NotSent, !again),
        (proxy(ProxyTrouble::Refused), Fate::NotSent, !again),
        (proxy(ProxyTrouble::Silent), Fate::NotSent, again),
        (timeout(Phase::Connect), Fate::NotSent, again),
        (timeout(Phase::Headers), Fate::Unknown, again),
        (timeout(Phase::Body), Fate::Unknown, again),
        (timeout(Phase::Total), Fate::Unknown, again),
        (
            ApiError::ConnectionLost {
                what: what.clone(),
                detail: detail.clone(),
            },
            Fate::Unknown,
            again,
        ),
        (
            ApiError::Truncated {
                what: what.clone(),
                status: 200,
                got: 1,
            },
            Fate::Unknown,
            again,
        ),
        (
            ApiError::TooLarge {
                what: what.clone(),
                status: 200,
                limit: 1,
            },
            Fate::Unknown,
            !again,
        ),
        (page(200), Fate::Unknown, !again),
        (page(403), Fate::Unknown, !again),
        (page(407), Fate::NotSent, !again),
        (
            ApiError::Redirected {
                what: what.clone(),
                status: 302,
                to: None,
            },
            Fate::Unknown,
            !again,
        ),
        (
            ApiError::InvalidKey {
                what: what.clone(),
                status: 401,
                errors: coded(),
            },
            Fate::Refused,
            !again,
        ),
        (
            ApiError::MissingPermission {
                what: what.clone(),
                errors: coded(),
            },
            Fate::Refused,
            !again,
        ),
        (
            ApiError::NotFound {
                what: what.clone(),
                errors: coded(),
            },
            Fate::Refused,
            !again,
        ),
        (
            ApiError::RateLimited {
                what: what.clone(),
                errors: coded(),
                retry_after: None,
            },
            Fate::Refused,
            again,
        ),
        (http(400), Fate::Refused, !again),
        (
            ApiError::Unexpected {
                what,
                status: 200,
                detail,
            },
            Fate::Unknown,
            !again,
        ),
    ];
    for (error, fate, transient) in &table {
        assert_eq!(error.fate(), *fate, "{error:?}");
        assert_eq!(error.is_transient(), *transient, "{error:?}");
    }
    for place in 0..VARIANTS {
        assert!(
            table.iter().any(|(error, ..)| variant(error) == place),
            "{place} is missing"
        );
    }
}

#[test]
fn of_every_status_it_is_known_whether_it_says_that_nothing_was_done() {
    for status in 0..=999 {
        let fate = match status {
            407 => Fate::NotSent,
            408 | 425 | 460 | 499 => Fate::Unknown,
            400..=499 => Fate::Refused,
            _ => Fate::Unknown,
        };
        assert_eq!(http(status).fate(), fate, "{status}");
        let fate = if status == 407 {
            Fate::NotSent
        } else {
            Fate::Unknown
        };
        assert_eq!(page(status).fate(), fate, "a page with {status}");
        let again = [408, 425, 429, 500, 502, 503, 504].contains(&status);
        assert_eq!(http(status).is_transient(), again, "{status}");
        assert_eq!(page(status).is_transient(), again, "a page with {status}");
    }
}

/// A gateway's 4xx says nothing of what happened behind it: only a code of the API does.
#[test]
fn without_a_code_of_the_api_nothing_is_refused() {
    for errors in bare() {
        let what = what();
        let mut all: Vec<ApiError> = (400..=499)
            .filter(|status| *status != 407)
            .map(|status| ApiError::Http {
                what: what.clone(),
                status,
                errors: errors.clone(),
                retry_after: None,
            })
            .collect();
        for status in [401, 403] {
            all.push(ApiError::InvalidKey {
                what: what.clone(),
                status,
                errors: errors.clone(),
            });
        }
        all.push(ApiError::MissingPermission {
            what: what.clone(),
            errors: errors.clone(),
        });
        all.push(ApiError::NotFound {
            what: what.clone(),
            errors: errors.clone(),
        });
        all.push(ApiError::RateLimited {
            what: what.clone(),
            errors,
            retry_after: None,
        });
        for error in all {
            assert_eq!(error.fate(), Fate::Unknown, "{error:?}");
        }
    }
}
