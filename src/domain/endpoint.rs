//! Where a certificate is served: a host and a port, and what is spoken there before TLS begins; and which name is asked for.

use std::fmt;
use std::net::IpAddr;

use super::ids::OrderId;
use super::names::{self, check, is_address, is_wildcard};
use super::sighting::safe;

/// Stands for the order of what was seen where no order is looked at: an endpoint that was added.
pub const NO_ORDER: OrderId = OrderId(0);

/// What is spoken at an endpoint before TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// TLS from the first byte on.
    Tls,
    /// SMTP with STARTTLS (RFC 3207).
    Smtp,
    /// IMAP with STARTTLS (RFC 9051).
    Imap,
    /// POP3 with STLS (RFC 2595).
    Pop3,
    /// LDAP with the StartTLS operation (RFC 4511).
    Ldap,
}

/// Schemes as settings write them, what is spoken there, and the port that they stand for.
const SCHEMES: &[(&str, Protocol, u16)] = &[
    ("https", Protocol::Tls, 443),
    ("tls", Protocol::Tls, 443),
    ("smtp", Protocol::Smtp, 25),
    ("smtps", Protocol::Tls, 465),
    ("imap", Protocol::Imap, 143),
    ("imaps", Protocol::Tls, 993),
    ("pop3", Protocol::Pop3, 110),
    ("pop3s", Protocol::Tls, 995),
    ("ldap", Protocol::Ldap, 389),
    ("ldaps", Protocol::Tls, 636),
];

impl Protocol {
    /// The scheme that is written for it, and the port that it stands for.
    fn scheme(self) -> (&'static str, u16) {
        let mut schemes = SCHEMES.iter();
        let own = schemes.find(|(_, protocol, _)| *protocol == self);
        own.map_or(("https", 443), |(scheme, _, port)| (*scheme, *port))
    }
}

/// A place on the network where a certificate may be served.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    pub protocol: Protocol,
    /// A DNS name in lower case and A-labels, or an IP address without brackets.
    pub host: String,
    pub port: u16,
}

impl Endpoint {
    /// Reads `host:port`, `[::1]:443`, `scheme://host` and `scheme://host:port`; without both, the port is 443.
    ///
    /// # Errors
    /// Words for a person: what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let shown = || safe(text);
        let (scheme, place) = match text.split_once("://") {
            Some((scheme, place)) => (scheme, place.strip_suffix('/').unwrap_or(place)),
            None => ("https", text),
        };
        let spelt = scheme.to_ascii_lowercase();
        let known = SCHEMES.iter().find(|(word, ..)| *word == spelt);
        let Some((_, protocol, standard)) = known else {
            let words: Vec<&str> = SCHEMES.iter().map(|(word, ..)| *word).collect();
            return Err(format!(
                "{}: unknown scheme; known: {}",
                shown(),
                words.join(", ")
            ));
        };
        let (host, port) = split_port(place);
        let port = match port {
            None => *standard,
            Some(digits) => match digits.parse::<u16>() {
                Ok(port) if port > 0 && digits.bytes().all(|digit| digit.is_ascii_digit()) => port,
                _ => return Err(format!("{}: the port must be 1 to 65535", shown())),
            },
        };
        let host = check(host).map_err(|error| format!("{}: {error}", shown()))?;
        if is_wildcard(&host) {
            return Err(format!("{}: a wildcard is no host", shown()));
        }
        Ok(Self {
            protocol: *protocol,
            host,
            port,
        })
    }

    /// Where browsers look for the certificate of a name.
    fn of_name(name: &str) -> Self {
        Self {
            protocol: Protocol::Tls,
            host: name.to_owned(),
            port: 443,
        }
    }

    /// Its address, where the host is one.
    pub fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, standard) = self.protocol.scheme();
        if self.protocol != Protocol::Tls {
            write!(f, "{scheme}://")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            write!(f, "{}", self.host)?;
        }
        if self.protocol != Protocol::Tls && self.port == standard {
            return Ok(());
        }
        write!(f, ":{}", self.port)
    }
}

/// What stands before the last colon, and the port behind it. An IPv6 address has colons of its own, and brackets where a
/// port follows.
fn split_port(place: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = place.strip_prefix('[').and_then(|at| at.split_once(']')) {
        return match rest.strip_prefix(':') {
            Some(port) => (host, Some(port)),
            None if rest.is_empty() => (host, None),
            None => (place, None),
        };
    }
    if is_address(place) {
        return (place, None);
    }
    match place.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (place, None),
    }
}

/// An endpoint, and the name that is asked for there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    pub endpoint: Endpoint,
    /// A DNS name for the server name indication; an address, or none at all, sends none.
    pub name: String,
}

impl Target {
    /// Where a name of an order is looked at by itself; nowhere where it is a wildcard, or no host.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = check(name).ok().filter(|name| !is_wildcard(name))?;
        let endpoint = Endpoint::of_name(&name);
        Some(Self { endpoint, name })
    }

    /// Where the settings look for the certificate of a name. Of a wildcard some name has to be asked for: the host itself
    /// where the wildcard covers it, else `www` below the wildcard.
    pub fn at(endpoint: Endpoint, name: &str) -> Self {
        let name = names::normalise(name);
        let name = match name.strip_prefix("*.") {
            Some(base) if covers(base, &endpoint.host) => endpoint.host.clone(),
            Some(base) => format!("www.{base}"),
            None => name,
        };
        Self { endpoint, name }
    }

    /// For a person: the endpoint, and the name where that is another one.
    pub fn words(&self) -> String {
        let (endpoint, name) = (self.endpoint.to_string(), &self.name);
        if self.endpoint.host == *name {
            endpoint
        } else {
            format!("{endpoint} for {name}")
        }
    }
}

/// Whether a wildcard at `base` covers a host: one label below it.
fn covers(base: &str, host: &str) -> bool {
    let below = host
        .strip_suffix(base)
        .and_then(|rest| rest.strip_suffix('.'));
    below.is_some_and(|label| !label.is_empty() && !label.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("lb1.internal:443", "lb1.internal:443")]
    #[case("LB1.Internal", "lb1.internal:443")]
    #[case("10.0.0.5:8443", "10.0.0.5:8443")]
    #[case("[::1]:443", "[::1]:443")]
    #[case("2001:db8::1", "[2001:db8::1]:443")]
    #[case("[2001:db8::1]", "[2001:db8::1]:443")]
    #[case("smtp://mx1:25", "smtp://mx1")]
    #[case("smtp://mx1", "smtp://mx1")]
    #[case("SMTP://mx1:587", "smtp://mx1:587")]
    #[case("imap://[::1]:143", "imap://[::1]")]
    #[case("pop3://mail.example.net", "pop3://mail.example.net")]
    #[case("ldap://dc1.example.net:389", "ldap://dc1.example.net")]
    #[case("ldaps://dc1.example.net", "dc1.example.net:636")]
    #[case("imaps://mail.example.net", "mail.example.net:993")]
    #[case("https://www.example.net/", "www.example.net:443")]
    #[case(" bücher.example:443 ", "xn--bcher-kva.example:443")]
    fn an_endpoint_is_read_and_written(#[case] text: &str, #[case] written: &str) {
        let endpoint = Endpoint::parse(text).unwrap();
        assert_eq!(endpoint.to_string(), written);
        assert_eq!(Endpoint::parse(written), Ok(endpoint));
    }

    #[rstest]
    #[case("", "empty")]
    #[case("lb1:0", "1 to 65535")]
    #[case("lb1:65536", "1 to 65535")]
    #[case("lb1:+43", "1 to 65535")]
    #[case("lb1:https", "1 to 65535")]
    #[case("[::1]443", "")]
    #[case("*.example.net:443", "wildcard")]
    #[case("gopher://lb1", "unknown scheme")]
    #[case("https://lb1/path", "")]
    #[case("a@example.net:443", "")]
    fn what_is_none_says_what_is_wrong(#[case] text: &str, #[case] words: &str) {
        let error = Endpoint::parse(text).unwrap_err();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn a_name_is_looked_at_where_browsers_do_and_a_wildcard_is_not() {
        let target = Target::of_name("Shop.Example.NET").unwrap();
        assert_eq!(target.words(), "shop.example.net:443");
        assert_eq!(target.name, "shop.example.net");
        for name in ["*.example.net", "ada@example.net", "Ada Example", ""] {
            assert_eq!(Target::of_name(name), None, "{name}");
        }
        let address = Target::of_name("2001:db8::1").unwrap();
        assert_eq!(address.words(), "[2001:db8::1]:443");
        assert!(address.endpoint.address().is_some());
    }

    #[rstest]
    #[case(
        "lb1.internal:443",
        "shop.example.net",
        "lb1.internal:443 for shop.example.net"
    )]
    #[case("shop.example.net:8443", "shop.example.net", "shop.example.net:8443")]
    #[case(
        "lb1.internal",
        "*.example.net",
        "lb1.internal:443 for www.example.net"
    )]
    #[case("a.example.net", "*.example.net", "a.example.net:443")]
    #[case(
        "a.b.example.net",
        "*.example.net",
        "a.b.example.net:443 for www.example.net"
    )]
    fn an_endpoint_is_asked_for_a_name(
        #[case] endpoint: &str,
        #[case] name: &str,
        #[case] words: &str,
    ) {
        let target = Target::at(Endpoint::parse(endpoint).unwrap(), name);
        assert_eq!(target.words(), words);
    }
}
