//! The address of an account's API: a region's, or one given by hand; plain http only to this machine.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A CertCentral instance. Same paths on each; the console of a European account says "CertCentral Europe".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// `www.digicert.com`.
    Us,
    /// `certcentral.digicert.eu`.
    Eu,
}

impl Region {
    /// Every region, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Us, Self::Eu];

    /// The word in the configuration: `us` or `eu`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Eu => "eu",
        }
    }

    /// The base URL of the Services API v2 there.
    pub fn base_url(self) -> BaseUrl {
        BaseUrl(
            match self {
                Self::Us => "https://www.digicert.com/services/v2",
                Self::Eu => "https://certcentral.digicert.eu/services/v2",
            }
            .to_owned(),
        )
    }
}

/// The base URL of an API: checked, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BaseUrl(String);

/// Why a text is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Not a URL at all.
    #[error("`{0}` is not a URL; use one like https://www.digicert.com/services/v2")]
    NotUrl(String),
    /// The key would cross the network unencrypted.
    #[error(
        "plain http to {0} would show the API key to everyone on the way; use https (http is accepted for this \
            machine only)"
    )]
    PlainHttp(String),
    /// Something that does not belong into a base URL; not repeated, as it may be a password.
    #[error("a base URL has no {0}; use one like https://www.digicert.com/services/v2")]
    Extra(&'static str),
}

impl BaseUrl {
    /// Checks `text` and takes it.
    ///
    /// # Errors
    /// [`BaseUrlError`] for anything but https, or http to a loopback address, and for a user, query or fragment.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let text = text.trim().trim_end_matches('/');
        if text.contains('#') {
            return Err(BaseUrlError::Extra("fragment (`#`)"));
        }
        if text.contains('@') {
            return Err(BaseUrlError::Extra("user name (`@`)"));
        }
        if text.contains('?') {
            return Err(BaseUrlError::Extra("query (`?`)"));
        }
        let not_url = || BaseUrlError::NotUrl(text.to_owned());
        let uri: http::Uri = text.parse().map_err(|_| not_url())?;
        let host = uri
            .host()
            .filter(|host| !host.is_empty())
            .ok_or_else(not_url)?;
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback(host) => {}
            Some("http") => return Err(BaseUrlError::PlainHttp(host.to_owned())),
            _ => return Err(not_url()),
        }
        Ok(Self(text.to_owned()))
    }

    /// The URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The region this is, if it is one of them.
    pub fn region(&self) -> Option<Region> {
        Region::ALL
            .into_iter()
            .find(|region| region.base_url() == *self)
    }

    /// Host and port, as far as given: what a person calls the place.
    pub fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or(&*self.0, |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }
}

impl std::fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether packets to `host` stay on this machine. Only names and addresses that cannot be pointed
/// elsewhere count; a name from a resolver does not.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || bare.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://www.digicert.com/services/v2")]
    #[case("https://certcentral.digicert.eu/services/v2/")]
    #[case("http://127.0.0.1:8080/services/v2")]
    #[case("http://127.9.9.9/services/v2")]
    #[case("http://localhost:1/services/v2")]
    #[case("http://[::1]:8080/services/v2")]
    fn takes(#[case] text: &str) {
        let url = BaseUrl::parse(text).unwrap();
        assert_eq!(url.as_str(), text.trim_end_matches('/'));
    }

    #[rstest]
    #[case("http://www.digicert.com/services/v2")]
    #[case("http://127.0.0.1.example.net/services/v2")]
    #[case("http://localhost.example.net/")]
    #[case("http://10.0.0.1/")]
    #[case("http://[fe80::1]/")]
    #[case("HTTP://example.net/")]
    fn refuses_plain_http_to_others(#[case] text: &str) {
        assert!(
            matches!(BaseUrl::parse(text), Err(BaseUrlError::PlainHttp(_))),
            "{text}: {:?}",
            BaseUrl::parse(text)
        );
    }

    #[rstest]
    #[case("")]
    #[case("www.digicert.com")]
    #[case("/services/v2")]
    #[case("ftp://example.net/x")]
    #[case("https:///services/v2")]
    #[case("https://user:secret@example.net/")]
    #[case("http://127.0.0.1:80@example.net/")]
    #[case("https://example.net/?a=b")]
    #[case("https://example.net/#x")]
    fn refuses(#[case] text: &str) {
        let error = BaseUrl::parse(text).unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn regions_are_their_own_urls() {
        for region in Region::ALL {
            let url = region.base_url();
            assert_eq!(BaseUrl::parse(url.as_str()), Ok(url.clone()));
            assert_eq!(url.region(), Some(region));
        }
        assert_eq!(Region::Eu.base_url().authority(), "certcentral.digicert.eu");
    }
}
