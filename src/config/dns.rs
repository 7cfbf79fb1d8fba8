//! A DNS server as the settings name it: an address, with a port where that is not 53.

use std::net::{IpAddr, SocketAddr};

/// Servers that the settings may name: a look asks one after the other, and has to end (`resolv.conf(5)`, `MAXNS`).
pub(super) const MOST: usize = 3;

/// Reads `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::1`, or `[2001:db8::1]:53`. Names are none: they would have to be
/// looked up first.
pub(super) fn server(text: &str) -> Option<SocketAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let alone = bare.unwrap_or(text).parse::<IpAddr>();
    let read = match alone {
        Ok(address) => Some(SocketAddr::new(address, 53)),
        Err(_) => text.parse().ok(),
    };
    read.filter(|server| server.port() != 0 && !server.ip().is_unspecified())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    #[rstest]
    #[case("192.0.2.53", "192.0.2.53:53")]
    #[case(" 192.0.2.53:5353 ", "192.0.2.53:5353")]
    #[case("2001:db8::1", "[2001:db8::1]:53")]
    #[case("[2001:db8::1]", "[2001:db8::1]:53")]
    #[case("[2001:db8::1]:5353", "[2001:db8::1]:5353")]
    fn an_address_is_read(#[case] text: &str, #[case] server: &str) {
        assert_eq!(super::server(text), server.parse().ok());
    }

    #[rstest]
    #[case("")]
    #[case("dns.example.net")]
    #[case("192.0.2.53:0")]
    #[case("192.0.2.53:65536")]
    #[case("192.0.2.300")]
    #[case("0.0.0.0")]
    #[case("https://192.0.2.53")]
    #[case("192.0.2.53, 192.0.2.54")]
    fn what_is_none_is_none(#[case] text: &str) {
        assert_eq!(super::server(text), None);
    }
}
