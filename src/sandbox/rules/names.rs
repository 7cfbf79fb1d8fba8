//! Which names a certificate may have: at all, for a product, and in a duplicate.

use std::collections::BTreeSet;

use crate::sandbox::model::Certificate;
use crate::sandbox::tables::{Family, Names, Product};

use super::Refusal;

/// The common name first, then the other names; blanks and repetitions are dropped, case is folded.
pub fn normalise(common_name: Option<&str>, dns_names: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    common_name
        .into_iter()
        .chain(dns_names.iter().map(String::as_str))
        .map(|name| name.trim().trim_end_matches('.').to_lowercase())
        .filter(|name| !name.is_empty() && seen.insert(name.clone()))
        .collect()
}

/// Whether the text can be a DNS name in a certificate: A-labels, a `*` only as the whole first label.
pub fn is_dns_name(name: &str, single_label: bool) -> bool {
    let rest = name.strip_prefix("*.").unwrap_or(name);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A last label of digits alone makes the whole an address.
    let top = rest.rsplit('.').next().unwrap_or(rest);
    name.len() <= 253
        && rest.split('.').all(label)
        && (single_label || rest.contains('.'))
        && !top.bytes().all(|b| b.is_ascii_digit())
}

/// Checks the names of a new certificate of this product. They are normalised, the common name first.
pub fn check(product: &Product, names: &[String]) -> Result<(), Refusal> {
    let bad = |field: &str| Err(Refusal::InvalidValue(format!("certificate.{field}")));
    let Some((common_name, others)) = names.split_first() else {
        return Ok(());
    };
    let single_label = product.family == Family::PrivateTls;
    let proper =
        |name: &String| is_dns_name(name, single_label) || (single_label && is_address(name));
    if !proper(common_name) {
        return bad("common_name");
    }
    if !others.iter().all(proper) {
        return bad("dns_names");
    }
    let wild = |name: &String| name.starts_with("*.");
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

fn is_address(name: &str) -> bool {
    name.parse::<std::net::IpAddr>().is_ok()
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
            "a_b.example.net",
            "xn--bcher-kva.example",
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
            "10.0.0.1",
        ] {
            assert!(!is_dns_name(name, false), "{name}");
        }
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
