//! What is said of chains as servers send them, and how a served certificate stands to an order.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rstest::rstest;

use super::*;
use crate::domain::order::Certificate;
use crate::domain::testing;

/// A root, a CA below it, one below that, and a certificate of it: DER.
struct Pki {
    root: Vec<u8>,
    upper: Vec<u8>,
    lower: Vec<u8>,
    leaf: Vec<u8>,
    stranger: Vec<u8>,
}

fn ca(name: &str) -> CertificateParams {
    testing::params(name, IsCa::Ca(BasicConstraints::Unconstrained))
}

fn pki() -> Pki {
    let keys: Vec<KeyPair> = (0..5).map(|_| KeyPair::generate().unwrap()).collect();
    let issuer = |name: &str, at: usize| Issuer::new(ca(name), &keys[at]);
    let root = ca("Root").self_signed(&keys[0]).unwrap();
    let upper = ca("Upper CA")
        .signed_by(&keys[1], &issuer("Root", 0))
        .unwrap();
    let lower = ca("Lower CA")
        .signed_by(&keys[2], &issuer("Upper CA", 1))
        .unwrap();
    let leaf = testing::params("shop.example.net", IsCa::ExplicitNoCa)
        .signed_by(&keys[3], &issuer("Lower CA", 2))
        .unwrap();
    let stranger = ca("Stranger").self_signed(&keys[4]).unwrap();
    Pki {
        root: root.der().to_vec(),
        upper: upper.der().to_vec(),
        lower: lower.der().to_vec(),
        leaf: leaf.der().to_vec(),
        stranger: stranger.der().to_vec(),
    }
}

fn served(sent: &[&Vec<u8>]) -> ServedCertificate {
    match Served::of(sent.iter().map(|der| der.as_slice())) {
        Served::Certificate(certificate) => certificate,
        Served::None(missing) => panic!("{missing:?}"),
    }
}

#[test]
fn a_chain_is_said_to_be_what_it_is() {
    let Pki {
        root,
        upper,
        lower,
        leaf,
        stranger,
    } = &pki();
    let words = |sent: &[&Vec<u8>]| {
        let chain = served(sent).chain;
        (chain.words(), chain.is_bad())
    };
    let said = |words: &str, is_bad| (words.to_owned(), is_bad);
    assert_eq!(
        words(&[leaf, lower, upper]),
        said("chain complete below Root", false)
    );
    assert_eq!(
        words(&[leaf, lower, upper, root]),
        said("chain complete, with the root", false)
    );
    assert_eq!(
        words(&[leaf]),
        said("chain incomplete: Lower CA not sent", true)
    );
    // What is left of it leads nowhere: there is a hole.
    assert_eq!(
        words(&[leaf, upper]),
        said(
            "chain incomplete: Lower CA not sent, 1 extra certificate",
            true
        )
    );
    assert_eq!(
        words(&[leaf, upper, lower]),
        said("chain complete below Root, out of order", true)
    );
    assert_eq!(
        words(&[leaf, lower, upper, lower]),
        said("chain complete below Root, 1 extra certificate", false)
    );
    assert_eq!(words(&[stranger]), said("self-signed", true));
    assert_eq!(
        words(&[stranger, root]),
        said("self-signed, 1 extra certificate", true)
    );
}

#[test]
fn the_first_certificate_is_the_servers_whatever_it_is() {
    let Pki { lower, leaf, .. } = &pki();
    let first = served(&[lower, leaf]);
    assert_eq!(first.name, "Lower CA");
    assert_eq!(first.issuer, "Upper CA");
    assert_eq!(served(&[leaf, lower]).name, "shop.example.net");
}

#[test]
fn what_is_no_certificate_hides_no_other_and_is_said() {
    let Pki { lower, leaf, .. } = &pki();
    let noise = vec![0x30, 0x03, 1, 2, 3];
    let Served::None(Missing::Failed(why)) = Served::of([noise.as_slice(), leaf]) else {
        panic!("the first counts");
    };
    assert!(why.starts_with("unreadable certificate: "), "{why}");
    let rest = served(&[leaf, &noise, lower]);
    assert_eq!(rest.chain.words(), "chain complete below Upper CA");
    assert_eq!(
        Served::of([]),
        Served::None(Missing::Failed("no certificate sent".into()))
    );
}

fn certificate(serial: &str) -> ServedCertificate {
    ServedCertificate {
        serial: serial.into(),
        thumbprint: "AB".into(),
        name: "shop.example.net".into(),
        names: Vec::new(),
        issuer: "Example CA".into(),
        expires: Timestamp::UNIX_EPOCH,
        chain: ChainSent {
            end: ChainEnd::Below("Root".into()),
            is_in_order: true,
            extra: 0,
        },
    }
}

#[rstest]
#[case("0a", None, Standing::This)]
#[case("0A", Some(Standing::Other), Standing::This)]
#[case("0B", None, Standing::Earlier)]
#[case("0C", None, Standing::Duplicate)]
#[case("0D", None, Standing::Other)]
// Not all that was ever issued is listed: what was seen to be the primary was it.
#[case("0D", Some(Standing::This), Standing::Earlier)]
#[case("0D", Some(Standing::Earlier), Standing::Earlier)]
#[case("0D", Some(Standing::Duplicate), Standing::Duplicate)]
#[case("0D", Some(Standing::Other), Standing::Other)]
#[case("0C", Some(Standing::This), Standing::Duplicate)]
fn a_certificate_is_told_by_its_serial_number(
    #[case] serial: &str,
    #[case] before: Option<Standing>,
    #[case] standing: Standing,
) {
    let one = |serial: &str, role| {
        let mut certificate = Certificate::empty(role);
        certificate.serial = Some(serial.into());
        certificate
    };
    let known = [
        Certificate::empty(Role::Reissue),
        one("0B", Role::Reissue),
        one("000C", Role::Duplicate(None)),
    ];
    let found = Standing::of(&certificate(serial), "A", &known, before);
    assert_eq!(found, standing);
}

#[test]
fn an_order_without_a_certificate_has_none_that_is_served() {
    assert_eq!(
        Standing::of(&certificate("00"), "", &[], None),
        Standing::Other
    );
}

#[test]
fn words_say_which_certificate_it_is_and_until_when() {
    let served = Served::Certificate(certificate("0A"));
    let words = |standing: Standing| standing.words(&served, |_| "expires in 3 d".into());
    assert_eq!(words(Standing::This), "this one");
    assert_eq!(
        words(Standing::Earlier),
        "an earlier one of this order (expires in 3 d)"
    );
    assert_eq!(words(Standing::Duplicate), "a duplicate (expires in 3 d)");
    assert_eq!(
        words(Standing::Other),
        "another certificate (Example CA, expires in 3 d)"
    );
    let none = |missing| Standing::None.words(&Served::None(missing), |_| String::new());
    assert_eq!(none(Missing::NoSuchName), "none: no such name");
    assert_eq!(none(Missing::Refused), "none: connection refused");
    assert_eq!(none(Missing::TimedOut), "none: timeout");
    assert_eq!(none(Missing::failed("\u{1b}x")), "none: <U+001B>x");
}

#[test]
fn what_counts_for_most_comes_last() {
    let mut all = Standing::ALL;
    all.sort();
    assert_eq!(
        all.map(Standing::word),
        ["this", "dup", "none", "other", "old"]
    );
}
