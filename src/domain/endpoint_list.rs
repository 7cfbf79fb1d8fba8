//! Endpoints as a person lists them: one a line, or several addresses at once as a range or a CIDR block.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::endpoint::{Endpoint, Target};
use super::names;
use super::sighting::safe;
use super::text::counted;

/// Addresses of one range, at most.
pub const MOST_ADDRESSES: usize = 256;

/// Endpoints that are added at once, at most.
pub const MOST: usize = 1_000;

/// Reads a list: entries on lines of their own or between commas, each `host:port`, an address range or a CIDR block,
/// with ` for NAME` behind it where a name is asked for that is not the host's. What follows a `#` counts for nothing.
///
/// # Errors
/// Words for a person: what is wrong, and in which line where there are several.
pub fn parse(text: &str) -> Result<Vec<Target>, String> {
    let mut all: Vec<Target> = Vec::new();
    let is_one = text.trim().lines().count() <= 1;
    for (at, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        let entries = line.split(',').map(str::trim);
        for entry in entries.filter(|entry| !entry.is_empty()) {
            let targets = parse_entry(entry).map_err(|why| {
                if is_one {
                    why
                } else {
                    format!("line {}: {why}", at + 1)
                }
            })?;
            for target in targets {
                if !all.contains(&target) {
                    all.push(target);
                }
            }
            if all.len() > MOST {
                return Err(format!("at most {MOST} endpoints at once"));
            }
        }
    }
    if all.is_empty() {
        return Err("no endpoint in it; write host:port, or addresses as 10.0.0.0/24:443".into());
    }
    Ok(all)
}

fn parse_entry(entry: &str) -> Result<Vec<Target>, String> {
    let (place, name) = match entry.split_once(" for ") {
        Some((place, name)) => {
            let name = names::check(name).map_err(|error| error.to_string())?;
            (place.trim(), Some(name))
        }
        None => (entry, None),
    };
    let endpoints = parse_range(place)?;
    let targets = endpoints.into_iter().map(|endpoint| {
        let name = name.clone().unwrap_or_else(|| endpoint.host.clone());
        Target::at(endpoint, &name)
    });
    Ok(targets.collect())
}

/// The endpoints of a range, a block, or a single one.
fn parse_range(place: &str) -> Result<Vec<Endpoint>, String> {
    let (scheme, rest) = match place.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), place),
    };
    let shown = || safe(place);
    let (first, last, port) = if let Some((base, tail)) = rest.split_once('/')
        && let Some(base) = address(base)
        && !tail.is_empty()
    {
        let (length, port) = port_of(tail);
        let block = length.parse().ok().and_then(|length| block(base, length));
        let Some((first, last)) = block else {
            return Err(format!(
                "{}: the number behind / must be 0 to {}",
                shown(),
                bits(base)
            ));
        };
        (first, last, port)
    } else if let Some((from, tail)) = rest.split_once('-')
        && let Some(from) = address(from)
    {
        let (to, port) = if let Some(tail) = tail.strip_prefix('[') {
            let (to, port) = tail.split_once(']').unwrap_or((tail, ""));
            (to, port.strip_prefix(':'))
        } else if tail.parse::<IpAddr>().is_ok() {
            (tail, None)
        } else {
            port_of(tail)
        };
        let Some(to) = end_of(from, to) else {
            return Err(format!(
                "{}: the range must end in an address of the same kind, or the last number of one",
                shown()
            ));
        };
        (number(from), to, port)
    } else {
        return Ok(vec![Endpoint::parse(place)?]);
    };
    let (from, is_old) = (first, is_old(rest));
    let Some(more) = last.checked_sub(from) else {
        return Err(format!("{}: the range ends before it begins", shown()));
    };
    if more >= MOST_ADDRESSES as u128 {
        return Err(format!(
            "{}: at most {}",
            shown(),
            counted(MOST_ADDRESSES, "address", "addresses at once")
        ));
    }
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let each = (from..=last).map(|number| {
        let host = if is_old {
            Ipv4Addr::from(number as u32).to_string()
        } else {
            format!("[{}]", Ipv6Addr::from(number))
        };
        Endpoint::parse(&format!("{scheme}{host}{port}"))
    });
    each.collect()
}

/// An address, in brackets or not.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    bare.unwrap_or(text).parse().ok()
}

/// Whether an entry is of addresses of the old kind.
fn is_old(text: &str) -> bool {
    let first = text.split(['/', '-']).next().unwrap_or_default();
    address(first).is_some_and(|address| address.is_ipv4())
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => address.into(),
    }
}

fn bits(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// The first and the last address of a block.
fn block(base: IpAddr, length: u32) -> Option<(u128, u128)> {
    let free = bits(base).checked_sub(length)?;
    let rest = 1_u128.checked_shl(free).unwrap_or(0).wrapping_sub(1);
    let first = number(base) & !rest;
    Some((first, first | rest))
}

/// The last address of a range: whole, or the last number of one.
fn end_of(from: IpAddr, text: &str) -> Option<u128> {
    if let Some(to) = address(text) {
        return (to.is_ipv4() == from.is_ipv4()).then(|| number(to));
    }
    let IpAddr::V4(from) = from else {
        return None;
    };
    let [a, b, c, _] = from.octets();
    let last: u8 = text.parse().ok()?;
    Some(u32::from(Ipv4Addr::new(a, b, c, last)).into())
}

/// What stands before a colon, and the port behind it.
fn port_of(text: &str) -> (&str, Option<&str>) {
    match text.split_once(':') {
        Some((before, port)) => (before, Some(port)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn read(text: &str) -> Vec<String> {
        let all = parse(text).unwrap();
        all.iter().map(Target::words).collect()
    }

    #[rstest]
    #[case("lb1.internal:8443", &["lb1.internal:8443"])]
    #[case("10.0.0.5:443 for Shop.Example.net", &["10.0.0.5:443 for shop.example.net"])]
    #[case("10.0.0.4/31", &["10.0.0.4:443", "10.0.0.5:443"])]
    #[case("10.0.0.5/31:8443", &["10.0.0.4:8443", "10.0.0.5:8443"])]
    #[case("10.0.0.9-10:8443", &["10.0.0.9:8443", "10.0.0.10:8443"])]
    #[case("10.0.0.255-10.0.1.0", &["10.0.0.255:443", "10.0.1.0:443"])]
    #[case("smtp://10.0.0.9-10", &["smtp://10.0.0.9", "smtp://10.0.0.10"])]
    #[case("[2001:db8::]/127:8443", &["[2001:db8::]:8443", "[2001:db8::1]:8443"])]
    #[case("2001:db8::9-2001:db8::a", &["[2001:db8::9]:443", "[2001:db8::a]:443"])]
    #[case("[2001:db8::9]-[2001:db8::a]:25", &["[2001:db8::9]:25", "[2001:db8::a]:25"])]
    #[case("a-b.example.net", &["a-b.example.net:443"])]
    #[case("a.example # the first\n\nb.example, a.example", &["a.example:443", "b.example:443"])]
    fn a_list_is_read(#[case] text: &str, #[case] words: &[&str]) {
        assert_eq!(read(text), words);
    }

    #[test]
    fn a_range_has_so_many_addresses_at_most() {
        assert_eq!(read("10.1.0.0/24").len(), MOST_ADDRESSES);
        assert_eq!(read("2001:db8::/120").len(), MOST_ADDRESSES);
        assert_eq!(read("10.1.0.0-10.1.0.255").len(), MOST_ADDRESSES);
        for text in ["10.1.0.0/23", "10.1.0.0-10.1.1.0", "::/0", "0.0.0.0/0"] {
            assert!(parse(text).unwrap_err().contains("256"), "{text}");
        }
        let lines = ["10.1.0.0/24", "10.2.0.0/24", "10.3.0.0/24", "10.4.0.0/24"];
        assert!(parse(&lines.join("\n")).unwrap_err().contains("1000"));
    }

    #[rstest]
    #[case("", "no endpoint")]
    #[case("# nothing", "no endpoint")]
    #[case("10.0.0.0/33", "0 to 32")]
    #[case("10.0.0.0/x", "0 to 32")]
    #[case("2001:db8::/129", "0 to 128")]
    #[case("10.0.0.9-8", "ends before")]
    #[case("10.0.0.9-::1", "same kind")]
    #[case("10.0.0.9-300", "same kind")]
    #[case("10.0.0.8/31:0", "1 to 65535")]
    #[case("a.example\nb.example:x", "line 2: ")]
    #[case("10.0.0.1 for not a name", "not a name")]
    fn what_is_none_says_what_is_wrong(#[case] text: &str, #[case] words: &str) {
        let error = parse(text).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
}
