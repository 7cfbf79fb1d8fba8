//! Names of hosts. All lie under names that are reserved for examples and tests (RFC 2606, RFC 6761).

use super::dice::Dice;
use crate::sandbox::tables::{Names, Product};

const HOSTS: &[&str] = &[
    "www",
    "shop",
    "api",
    "mail",
    "vpn",
    "login",
    "portal",
    "intranet",
    "cdn",
    "static",
    "git",
    "ci",
    "wiki",
    "chat",
    "sso",
    "ldap",
    "db",
    "proxy",
    "lb",
    "edge",
    "app",
    "mobile",
    "beta",
    "staging",
    "dev",
    "test",
    "grafana",
    "status",
    "files",
    "media",
    "booking",
    "checkout",
    "pay",
    "tracking",
    "partner",
    "b2b",
    "crm",
    "erp",
    "webmail",
    "autodiscover",
];

const PLACES: &[&str] = &[
    "eu", "us", "ap", "fra", "lon", "nyc", "sin", "tyo", "dc1", "dc2",
];

/// How the names of an order look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As the product has them.
    Usual,
    Hundred,
    /// Labels as long as DNS takes them, and a common name of over 64 characters.
    Long,
    Deep,
    /// An IP address among them (private TLS).
    Address,
}

/// The names of a TLS order below `domain`, the common name first. `others` are domains of the same organization.
pub(super) fn names(
    product: &Product,
    look: Look,
    domain: &str,
    others: &[&str],
    dice: &mut Dice,
) -> Vec<String> {
    let mut names = match (look, product.names) {
        (_, Names::None) => return Vec::new(),
        (Look::Hundred, _) => (0..100).map(|n| format!("node-{n:03}.{domain}")).collect(),
        (Look::Long, _) => {
            let label = "an-extraordinarily-long-label-which-fills-the-whole-sixty-three";
            vec![
                format!("{label}.{label}.{domain}"),
                format!("short.{domain}"),
            ]
        }
        (Look::Deep, _) => {
            vec![
                format!("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.{domain}"),
                domain.to_owned(),
            ]
        }
        (Look::Address, _) => vec![
            host(domain, dice),
            "192.0.2.17".into(),
            "2001:db8::17".into(),
        ],
        (Look::Usual, Names::One) if dice.percent(30) => {
            vec![domain.to_owned(), format!("www.{domain}")]
        }
        (Look::Usual, Names::One) => vec![host(domain, dice)],
        (Look::Usual, Names::Wildcard) => wildcard(domain, dice),
        (Look::Usual, Names::Many) => several(domain, others, 2, 9, dice),
        // Flex takes any mix, but an extended validation never has a wildcard.
        (Look::Usual, Names::Flex) => match dice.between(1, 10) {
            1 | 2 if product.validation != crate::sandbox::tables::Validation::Ev => {
                wildcard(domain, dice)
            }
            3..=6 => several(domain, others, 2, 6, dice),
            _ => vec![host(domain, dice)],
        },
    };
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn wildcard(domain: &str, dice: &mut Dice) -> Vec<String> {
    if dice.percent(75) {
        vec![format!("*.{domain}"), domain.to_owned()]
    } else {
        let below = format!("{}.{domain}", dice.pick(PLACES));
        vec![format!("*.{below}"), below]
    }
}

fn several(domain: &str, others: &[&str], low: i64, high: i64, dice: &mut Dice) -> Vec<String> {
    let mut names = vec![host(domain, dice)];
    for _ in 1..dice.between(low, high) {
        let base = if others.is_empty() || dice.percent(70) {
            domain
        } else {
            dice.pick(others)
        };
        names.push(host(base, dice));
    }
    names
}

fn host(domain: &str, dice: &mut Dice) -> String {
    let host = dice.pick(HOSTS);
    match dice.between(1, 10) {
        1..=4 => format!("{host}.{domain}"),
        5..=6 => format!("{host}-{:02}.{domain}", dice.between(1, 40)),
        7..=8 => format!("{host}.{}.{domain}", dice.pick(PLACES)),
        _ => format!(
            "{host}{}.{}.{domain}",
            dice.between(1, 400),
            dice.pick(PLACES)
        ),
    }
}
