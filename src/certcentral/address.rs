//! Where calls go and with what key: what is refused before anything leaves.

use std::net::IpAddr;

use http::{HeaderMap, HeaderValue};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::error::ApiError;

/// Checks and normalises the base URL: https unless loopback, no user, no query.
pub(super) fn base(text: &str) -> Result<Url, ApiError> {
    let bad = |reason: &str| ApiError::BadUrl {
        reason: reason.to_owned(),
    };
    let url =
        Url::parse(text.trim().trim_end_matches('/')).map_err(|error| bad(&error.to_string()))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(bad("it names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it contains a user or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it has a query or a fragment"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(bad(
            "plain http would show the key to the network; only this machine itself can be used without https",
        )),
        other => Err(bad(&format!("{other} is not https"))),
    }
}

/// Whether the address is this machine itself.
pub(super) fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(is_this_machine)
}

/// Whether the host of an address is this machine itself.
pub(super) fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The header that carries the key, marked so that no log prints it.
pub(super) fn headers(key: &SecretString) -> Result<HeaderMap, ApiError> {
    let key = key.expose_secret().trim();
    if key.is_empty() {
        return Err(ApiError::BadKey {
            reason: "it is empty".to_owned(),
        });
    }
    let printable = key.bytes().all(|byte| byte.is_ascii_graphic());
    let value = HeaderValue::from_str(key).ok().filter(|_| printable);
    let Some(mut value) = value else {
        return Err(ApiError::BadKey {
            reason: "it contains a space, a control character, or a non-ASCII character, which no key has"
                .to_owned(),
        });
    };
    value.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert("x-dc-devkey", value);
    Ok(headers)
}
