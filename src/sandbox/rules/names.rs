//! Which names a certificate may have: at all, for a product, and in a duplicate.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::sandbox::model::Certificate;
use crate::sandbox::tables::{Family, Names, Product, Validation};

use super::Refusal;

/// The common name first, then the other names; blanks and repetitions are dropped, case is folded.
pub fn normalise(common_name: Option<&str>, dns_names: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    common_name
        .into_iter()
        .chain(dns_names.iter().map(String::as_str))
        .map(|name| name.trim().trim_end_matches('.').to_lowercase())
        // One spelling of each address, too.
        .map(|name| name.parse::<IpAddr>().map_or(name, |ip| ip.to_string()))
        .filter(|name| !name.is_empty() && seen.insert(name.clone()))
        .collect()
}

/// Whether the text can be a DNS name in a certificate: A-labels, a `*` only as the whole first label. In a network of one's own names may
/// have one label, and underscores; in public they must end where names are given out, and be more than that end.
pub fn is_dns_name(name: &str, internal: bool) -> bool {
    let rest = name.strip_prefix("*.").unwrap_or(name);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || (b == b'_' && internal))
            && !label.starts_with('-')
            && !label.ends_with('-')
            && is_international_or_plain(label)
    };
    // A last label of digits alone makes the whole an address.
    name.len() <= 253
        && rest.split('.').all(label)
        && !top(rest).bytes().all(|b| b.is_ascii_digit())
        && (internal || is_public(rest))
}

/// The last label.
fn top(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Two hyphens in third and fourth place are for A-labels alone, which must be ones (RFC 5890, 2.3.1).
fn is_international_or_plain(label: &str) -> bool {
    match label.get(2..4) {
        Some("--") => {
            let (unicode, outcome) = idna::domain_to_unicode(label);
            label.starts_with("xn--")
                && outcome.is_ok()
                && idna::domain_to_ascii(&unicode).is_ok_and(|ascii| ascii == label)
        }
        Some(_) | None => true,
    }
}

/// Whether a name lies below what a registry gives out. The sandbox's world has the ends that are reserved for examples and tests too
/// (RFC 2606); the reverse zone holds no hosts.
fn is_public(name: &str) -> bool {
    let Some(suffix) = psl::suffix(name.as_bytes()) else {
        return false;
    };
    let end = suffix.as_bytes();
    let is_end = end == name.as_bytes();
    match suffix.typ() {
        _ if top(name) == "arpa" => false,
        Some(psl::Type::Icann) => !is_end,
        Some(psl::Type::Private) => true,
        None => !is_end && (end == b"example" || end == b"test"),
    }
}

/// The names that are asked for, checked. A mark's certificate has names of its own: its common name is the organization's, so that one
/// which is sent must be that or one of the names.
pub fn wanted(
    product: &Product,
    common_name: Option<&str>,
    dns_names: Option<&[String]>,
    organization: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    let dns_names = dns_names.unwrap_or_default();
    if product.family != Family::Vmc {
        let names = normalise(common_name, dns_names);
        return check(product, &names).map(|()| names);
    }
    let names = normalise(None, dns_names);
    if names.is_empty() {
        return Err(Refusal::Required(vec!["certificate.dns_names".to_owned()]));
    }
    let known = |name: &str| {
        organization.is_some_and(|org| org == name) || names.contains(&name.to_lowercase())
    };
    if common_name.is_some_and(|name| !name.is_empty() && !known(name)) {
        return Err(Refusal::InvalidValue("certificate.common_name".to_owned()));
    }
    check(product, &names)
        .map_err(|_| Refusal::InvalidValue("certificate.dns_names".to_owned()))
        .map(|()| names)
}

/// Checks the names of a new certificate of this product. They are normalised, the common name first.
pub fn check(product: &Product, names: &[String]) -> Result<(), Refusal> {
    let bad = |field: &str| Err(Refusal::InvalidValue(format!("certificate.{field}")));
    let Some((common_name, others)) = names.split_first() else {
        return Ok(());
    };
    let single_label = product.family == Family::PrivateTls;
    // Extended validation, and a mark, are for names (EV Guidelines, 7.1.4.2); elsewhere an address is as good as it is public.
    let takes_address = product.family == Family::PublicTls && product.validation != Validation::Ev;
    let proper = |name: &String| match name.parse::<IpAddr>() {
        Ok(ip) => single_label || (takes_address && is_public_address(ip)),
        Err(_) => is_dns_name(name, single_label),
    };
    if !proper(common_name) {
        return bad("common_name");
    }
    if !others.iter().all(proper) {
        return bad("dns_names");
    }
    let wild = |name: &String| name.starts_with("*.");
    // No wildcard is validated extendedly; those of onion services prove themselves (EV Guidelines, 7.1.4.2 and appendix B of the TLS ones).
    let ev_wild =
        |name: &String| product.validation == Validation::Ev && wild(name) && top(name) != "onion";
    if ev_wild(common_name) {
        return bad("common_name");
    }
    if others.iter().any(ev_wild) {
        return bad("dns_names");
    }
    match product.names {
        Names::One | Names::Many if wild(common_name) => bad("common_name"),
        Names::One | Names::Many if others.iter().any(wild) => bad("dns_names"),
        Names::Wildcard if !wild(common_name) => bad("common_name"),
        Names::Wildcard if !others.iter().all(|name| is_below(common_name, name)) => {
            bad("dns_names")
        }
        Names::One | Names::Many | Names::Wildcard | Names::Flex | Names::None => Ok(()),
    }
}

/// The names of a duplicate. Not naming any means the original's. Otherwise they are the original's, in another order
/// perhaps; a wildcard product also takes names below its wildcard, and a flexible one fewer names (product guide, "Flex
/// certificates").
pub fn duplicate(
    product: &Product,
    original: &Certificate,
    common_name: &str,
    dns_names: Option<&[String]>,
) -> Result<Vec<String>, Refusal> {
    let allowed = normalise(original.common_name.as_deref(), &original.dns_names);
    duplicate_of(product, &allowed, common_name, dns_names)
}

fn duplicate_of(
    product: &Product,
    allowed: &[String],
    common_name: &str,
    dns_names: Option<&[String]>,
) -> Result<Vec<String>, Refusal> {
    let common = normalise(Some(common_name), &[]);
    if let Some(name) = common.iter().find(|name| !allowed.contains(name)) {
        return Err(Refusal::DuplicateNames(format!(
            "{name} is not on the original"
        )));
    }
    let fits = |name: &String| {
        let below = |wild: &String| wild.starts_with("*.") && is_below(wild, name);
        allowed.contains(name) || (product.names == Names::Wildcard && allowed.iter().any(below))
    };
    let given = dns_names
        .map(|names| normalise(None, names))
        .filter(|names| product.is_flex() || !names.is_empty());
    let Some(given) = given else {
        let asked = normalise(Some(common_name), allowed);
        return match asked.iter().find(|name| !fits(name)) {
            Some(name) => Err(Refusal::DuplicateNames(format!(
                "{name} is not on the original"
            ))),
            None => Ok(asked),
        };
    };
    let asked = normalise(Some(common_name), &given);
    if let Some(name) = asked.iter().find(|name| !fits(name)) {
        return Err(Refusal::DuplicateNames(format!(
            "{name} is not on the original"
        )));
    }
    if product.is_flex() {
        return Ok(asked);
    }
    // A single-name product carries the bare domain or its www. by itself; clients leave either out.
    let twin = |name: &String| {
        asked
            .iter()
            .any(|a| *a == format!("www.{name}") || *name == format!("www.{a}"))
    };
    if let Some(name) = allowed
        .iter()
        .find(|name| !asked.contains(name) && !twin(name))
    {
        return Err(Refusal::DuplicateNames(format!("{name} is missing")));
    }
    let mut all = asked;
    for name in allowed {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    Ok(all)
}

/// Whether `name` is the domain of `wildcard` or below it.
pub fn is_below(wildcard: &str, name: &str) -> bool {
    let base = wildcard.strip_prefix("*.").unwrap_or(wildcard);
    let name = name.strip_prefix("*.").unwrap_or(name);
    name == base
        || name
            .strip_suffix(base)
            .is_some_and(|front| front.ends_with('.'))
}

/// Whether the name is an IP address.
pub fn is_address(name: &str) -> bool {
    name.parse::<IpAddr>().is_ok()
}

/// Networks that nobody on the internet can be reached in (IANA's registries of special-purpose addresses), and the length of what
/// addresses in them have in common.
const RESERVED_V4: [([u8; 4], u32); 14] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 3),
];
/// As [`RESERVED_V4`], within what IANA gives out.
const RESERVED_V6: [([u16; 2], u32); 4] = [
    ([0x2001, 0], 23),
    ([0x2001, 0xdb8], 32),
    ([0x2002, 0], 16),
    ([0x3fff, 0], 20),
];

/// Whether an address is one of the internet's.
fn is_public_address(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => RESERVED_V4
            .iter()
            .all(|(net, length)| (u32::from(ip) ^ u32::from_be_bytes(*net)) >> (32 - length) != 0),
        IpAddr::V6(ip) => {
            let [first, second, ..] = ip.segments();
            let start = |high: u16, low: u16| u32::from(high) << 16 | u32::from(low);
            first >> 13 == 1
                && RESERVED_V6.iter().all(|([high, low], length)| {
                    (start(first, second) ^ start(*high, *low)) >> (32 - length) != 0
                })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn names_are_folded_and_the_common_name_is_first() {
        let names = normalise(
            Some("Shop.example.net"),
            &strings(&["", "www.example.net", "shop.EXAMPLE.net"]),
        );
        assert_eq!(names, ["shop.example.net", "www.example.net"]);
    }

    #[test]
    fn what_is_no_name_is_seen() {
        for name in [
            "example.net",
            "*.example.net",
            "example.co.uk",
            "*.github.io",
            "xn--bcher-kva.example",
            "parcels.test",
        ] {
            assert!(is_dns_name(name, false), "{name}");
        }
        for name in [
            "",
            "net",
            "a..b",
            "a.*.net",
            "bücher.example",
            "-a.net",
            "a b.net",
            "*",
            "*.*.example.net",
            "w*.example.net",
            "10.0.0.1",
            "a_b.example.net",
            "ab--cd.example.net",
            "xn--zzzzzzzz.example",
            "*.net",
            "co.uk",
            "*.co.uk",
            "example",
            "srv.local",
            "srv.corp",
            "printer.home.arpa",
            "1.0.0.127.in-addr.arpa",
            "[2001:db8::1]",
        ] {
            assert!(!is_dns_name(name, false), "{name}");
        }
    }

    #[test]
    fn no_public_product_takes_what_is_no_public_name_and_no_ev_product_a_wildcard() {
        let tls = |family| {
            crate::sandbox::tables::PRODUCTS
                .iter()
                .filter(move |product| product.family == family)
        };
        for product in tls(Family::PublicTls) {
            let good = if product.names == Names::Wildcard {
                "*.example.net"
            } else {
                "shop.example.net"
            };
            assert_eq!(
                check(product, &strings(&[good])),
                Ok(()),
                "{}",
                product.name_id
            );
            for name in [
                "10.0.0.1",
                "intranet",
                "srv.local",
                "a_b.example.net",
                "co.uk",
                "*.co.uk",
            ] {
                let id = product.name_id;
                assert!(check(product, &strings(&[name])).is_err(), "{id} {name}");
                assert!(
                    check(product, &strings(&[good, name])).is_err(),
                    "{id} {name}"
                );
            }
            let wild = check(product, &strings(&["*.example.net"])).is_ok();
            let takes = matches!(product.names, Names::Wildcard | Names::Flex);
            let is_ev = product.validation == Validation::Ev;
            assert_eq!(wild, takes && !is_ev, "{}", product.name_id);
        }
        for product in tls(Family::PrivateTls).filter(|p| p.names == Names::Many) {
            let names = strings(&["intranet", "srv.local", "a_b.corp", "10.0.0.1"]);
            assert_eq!(check(product, &names), Ok(()), "{}", product.name_id);
        }
    }

    #[test]
    fn an_address_is_taken_where_everybody_can_reach_it() {
        let fits = |id: &str, name: &str| {
            let product = Product::by_name_id(id).unwrap();
            check(&product, &normalise(Some(name), &[])).is_ok()
        };
        for (name, public) in [
            ("8.8.8.8", true),
            ("223.255.255.255", true),
            ("2606:4700:4700:0::1111", true),
            ("2001:4860:4860::8888", true),
            ("10.0.0.7", false),
            ("100.64.0.1", false),
            ("127.0.0.1", false),
            ("169.254.1.1", false),
            ("172.31.255.255", false),
            ("192.0.2.1", false),
            ("192.168.0.1", false),
            ("198.19.0.1", false),
            ("203.0.113.9", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::ffff:8.8.8.8", false),
            ("2001:db8::7", false),
            ("fd00::1", false),
            ("fe80::1", false),
        ] {
            for id in [
                "ssl_plus",
                "ssl_multi_domain",
                "ssl_basic",
                "ssl_dv_geotrust",
            ] {
                assert_eq!(fits(id, name), public, "{id} {name}");
            }
            for id in ["ssl_ev_basic", "ssl_wildcard", "vmc_basic"] {
                assert!(!fits(id, name), "{id} {name}");
            }
            assert!(fits("private_ssl_multi_domain", name), "{name}");
        }
        assert_eq!(
            normalise(
                Some("2001:4860:4860:0:0:0:0:8888"),
                &strings(&["2001:4860:4860::8888"])
            ),
            ["2001:4860:4860::8888"]
        );
    }

    #[test]
    fn a_duplicate_keeps_the_names_of_its_original() {
        let original = strings(&["example.net", "www.example.net"]);
        let product = |id| Product::by_name_id(id).unwrap();
        let fits = |cn: &str, names: Option<&[&str]>| {
            let names = names.map(strings);
            duplicate_of(&product("ssl_plus"), &original, cn, names.as_deref())
        };
        assert_eq!(fits("example.net", None).unwrap(), original);
        assert_eq!(
            fits("www.example.net", Some(&[])).unwrap(),
            ["www.example.net", "example.net"]
        );
        // Clients leave out the bare domain of a single-name product (gotchas 17).
        assert_eq!(
            fits("www.example.net", Some(&["www.example.net"])).unwrap(),
            ["www.example.net", "example.net"]
        );
        assert!(fits("example.net", Some(&["mail.example.net"])).is_err());
        assert!(fits("mail.example.net", None).is_err());
        let three = strings(&["a.example.net", "b.example.net", "c.example.net"]);
        let fewer = |id| {
            let names = strings(&["b.example.net"]);
            duplicate_of(&product(id), &three, "a.example.net", Some(&names))
        };
        let missing = fewer("ssl_multi_domain");
        assert_eq!(
            missing,
            Err(Refusal::DuplicateNames(
                "c.example.net is missing".to_owned()
            ))
        );
        // A flexible product may drop names, in any order, and add none, below a wildcard neither.
        for flex in ["ssl_basic", "ssl_ev_securesite_flex"] {
            assert_eq!(fewer(flex).unwrap(), ["a.example.net", "b.example.net"]);
        }
        let wild = strings(&["*.example.net", "example.net"]);
        let below = |id, cn| {
            duplicate_of(
                &product(id),
                &wild,
                cn,
                Some(&strings(&["example.net", "a.example.net"])),
            )
        };
        assert!(below("ssl_wildcard", "*.example.net").is_ok());
        assert!(below("ssl_basic", "*.example.net").is_err());
    }

    #[test]
    fn wildcards_belong_to_wildcard_products() {
        let product = |id| Product::by_name_id(id).unwrap();
        assert!(check(&product("ssl_plus"), &strings(&["*.example.net"])).is_err());
        assert!(check(&product("ssl_wildcard"), &strings(&["example.net"])).is_err());
        assert!(
            check(
                &product("ssl_wildcard"),
                &strings(&["*.example.net", "a.example.net"])
            )
            .is_ok()
        );
        assert!(
            check(
                &product("ssl_wildcard"),
                &strings(&["*.example.net", "a.example.com"])
            )
            .is_err()
        );
        assert!(
            check(
                &product("ssl_basic"),
                &strings(&["*.example.net", "a.example.com"])
            )
            .is_ok()
        );
        assert!(check(&product("private_ssl_plus"), &strings(&["intranet"])).is_ok());
    }
}
