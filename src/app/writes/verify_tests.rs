//! An issued certificate against what was asked for: what is not as asked is a problem, and nothing else is.

use jiff::civil::date;
use rcgen::{CertificateParams, KeyPair, SanType};

use super::*;
use crate::domain::certificate::read_all;
use crate::domain::testing::SPELLINGS;
use crate::domain::testing::fixtures::post;

/// A certificate for these names and addresses, from 1 January 2026 to 1 June.
fn certificate(key: &KeyPair, names: &[&str], addresses: &[&str]) -> String {
    let mut params = CertificateParams::default();
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2026, 6, 1);
    let names = names
        .iter()
        .map(|name| SanType::DnsName((*name).try_into().unwrap()));
    let addresses = addresses
        .iter()
        .map(|address| SanType::Rfc822Name((*address).try_into().unwrap()));
    params.subject_alt_names = names.chain(addresses).collect();
    params.self_signed(key).unwrap().pem()
}

fn facts(pem: &str) -> CertFacts {
    read_all(pem).unwrap().swap_remove(0)
}

/// What asks for these names, with the key of a certificate.
fn asking(pem: &str, names: &[&str]) -> Expected {
    Expected {
        csr_der: vec![1],
        spki_der: facts(pem).spki_der,
        common_name: names.first().map(ToString::to_string),
        dns_names: names.iter().map(ToString::to_string).collect(),
        ..Expected::default()
    }
}

fn outgoing(expected: Expected, body: &str) -> Outgoing {
    Outgoing {
        expected: Some(expected),
        ..post(WriteKind::Reissue, 1, "reissue", body)
    }
}

#[test]
fn a_certificate_with_another_key_is_a_problem_and_one_with_this_key_is_not() {
    let (own, other) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let names = ["shop.example.net"];
    let (mine, foreign) = (
        certificate(&own, &names, &[]),
        certificate(&other, &names, &[]),
    );
    for (csr, what) in [(vec![1], "CSR"), (Vec::new(), "public key")] {
        let expected = || Expected {
            csr_der: csr.clone(),
            ..asking(&mine, &names)
        };
        let (checks, problems) = compare(&mine, None, &outgoing(expected(), "{}"));
        assert!(
            checks.contains(&format!("its key matches the {what}")),
            "{checks:?}"
        );
        assert_eq!(problems, [""; 0]);
        let (checks, problems) = compare(&foreign, None, &outgoing(expected(), "{}"));
        assert_eq!(
            problems,
            [format!(
                "its key does not match the {what}: do not install it"
            )]
        );
        assert!(
            !checks.iter().any(|check| check.contains("its key is")),
            "{checks:?}"
        );
    }
}

#[test]
fn the_serial_is_the_accounts_or_it_is_another_certificate() {
    let key = KeyPair::generate().unwrap();
    let pem = certificate(&key, &["shop.example.net"], &[]);
    let sent = outgoing(asking(&pem, &["shop.example.net"]), "{}");
    let serial = facts(&pem).serial;
    let (checks, problems) = compare(&pem, Some(&serial), &sent);
    assert!(
        checks[0].contains(&serial) && problems.is_empty(),
        "{checks:?} {problems:?}"
    );
    let (checks, problems) = compare(&pem, Some("0123456789"), &sent);
    assert!(
        checks.is_empty() && problems.len() == 1,
        "{checks:?} {problems:?}"
    );
}

#[test]
fn names_are_there_or_lacking_or_along_or_foreign() {
    let key = KeyPair::generate().unwrap();
    for (asked, came, check, problem) in [
        (
            &["a.example"][..],
            &["a.example"][..],
            "it contains the requested name",
            "",
        ),
        (
            &["a.example", "b.example"],
            &["b.example", "A.example"],
            "it contains all 2 names",
            "",
        ),
        (
            &["a.example"],
            &["a.example", "www.a.example"],
            "it also contains www.a.example",
            "",
        ),
        (
            &["www.a.example"],
            &["www.a.example", "a.example"],
            "it also contains a.example",
            "",
        ),
        (
            &["*.a.example"],
            &["*.a.example", "a.example"],
            "it also contains a.example",
            "",
        ),
        (
            &["a.example", "b.example"],
            &["a.example"],
            "",
            "it lacks b.example",
        ),
        (
            &["a.example"],
            &["a.example", "b.example"],
            "it contains all 2 names",
            "it also contains b.example, not requested",
        ),
        (
            &["a.example"],
            &["a.example", "*.a.example"],
            "",
            "it also contains *.a.example, not requested",
        ),
        (
            &["*.a.example"],
            &["*.a.example", "x.a.example"],
            "",
            "it also contains x.a.example, not requested",
        ),
        (&["a.example"], &["www.a.example"], "", "it lacks a.example"),
        (&["a.example"], &[], "", "it lacks a.example"),
        (
            &[],
            &["a.example"],
            "",
            "it also contains a.example, not requested",
        ),
        (&[], &[], "", ""),
    ] {
        let pem = certificate(&key, came, &[]);
        let (checks, problems) = compare(&pem, None, &outgoing(asking(&pem, asked), "{}"));
        let case = format!("{asked:?} {came:?}: {checks:?} {problems:?}");
        assert!(checks.iter().any(|told| told.contains(check)), "{case}");
        assert_eq!(
            problems.first().map_or("", String::as_str),
            problem,
            "{case}"
        );
        assert!(problems.len() <= 1, "{case}");
        if asked.is_empty() && came.is_empty() {
            assert!(!format!("{checks:?}").contains("name"), "{case}");
        }
    }
}

#[test]
fn a_name_came_as_asked_in_whichever_spelling() {
    let key = KeyPair::generate().unwrap();
    for came in SPELLINGS.into_iter().filter(|name| name.is_ascii()) {
        let came = came.trim_end_matches('.');
        let pem = certificate(&key, &[came, &format!("www.{came}")], &[]);
        for asked in SPELLINGS {
            let (checks, problems) = compare(&pem, None, &outgoing(asking(&pem, &[asked]), "{}"));
            assert_eq!(problems, [""; 0], "{asked:?} {came:?}");
            assert!(
                checks
                    .iter()
                    .any(|check| check.starts_with("it also contains www.")),
                "{checks:?}"
            );
        }
        let missing = ["bücher.example", "käse.example"];
        let (_, problems) = compare(&pem, None, &outgoing(asking(&pem, &missing), "{}"));
        assert_eq!(problems, ["it lacks käse.example"], "as it was typed");
    }
}

#[test]
fn the_end_is_held_against_what_was_asked_for() {
    let key = KeyPair::generate().unwrap();
    let pem = certificate(&key, &["a.example"], &[]);
    for (asked, problem) in [
        (None, None),
        (Some(date(2026, 6, 1)), None),
        (
            Some(date(2026, 6, 2)),
            Some("it expires 2026-06-01, not 2026-06-02 as requested"),
        ),
        (
            Some(date(2026, 5, 31)),
            Some("it expires 2026-06-01, not 2026-05-31 as requested"),
        ),
    ] {
        let expected = Expected {
            valid_till: asked,
            ..asking(&pem, &["a.example"])
        };
        let (checks, problems) = compare(&pem, None, &outgoing(expected, "{}"));
        assert_eq!(problems.first().map(String::as_str), problem, "{asked:?}");
        let told = checks.iter().any(|check| check == "it expires 2026-06-01");
        assert_eq!(told, problem.is_none(), "{checks:?}");
    }
}

#[test]
fn addresses_are_held_against_those_that_were_asked_for() {
    let key = KeyPair::generate().unwrap();
    let held = ["Alice@example.com", "alice@xn--bcher-kva.example"];
    let pem = certificate(&key, &[], &held);
    let told = |emails: &str| {
        let body = format!(r#"{{"certificate":{{"emails":[{emails}]}}}}"#);
        let (checks, problems) = compare(&pem, None, &outgoing(Expected::default(), &body));
        [checks, problems].map(|list| list.join("; "))
    };
    let [checks, problems] = told(r#""alice@example.com","alice@b\u00fccher.example""#);
    assert!(checks.contains("it contains all 2 addresses"), "{checks}");
    assert!(!problems.contains("lacks"), "{problems}");
    let [checks, problems] = told(r#""alice@example.com","bob@example.com""#);
    assert!(problems.contains("it lacks bob@example.com"), "{problems}");
    assert!(
        problems.contains("it also contains alice@xn--bcher-kva.example, not requested"),
        "{problems}"
    );
    assert!(!checks.contains("addresses"), "{checks}");
    for (asked, lacks, foreign) in [
        (r#""alice@example.com""#, false, true),
        (
            r#""alice@example.com","alice@bücher.example","bob@example.com""#,
            true,
            false,
        ),
    ] {
        let [checks, problems] = told(asked);
        assert_eq!(problems.contains("it lacks bob"), lacks, "{problems}");
        assert_eq!(problems.contains("not requested"), foreign, "{problems}");
        assert!(!checks.contains("addresses"), "{checks}");
    }
    let [checks, problems] = told("");
    assert!(!format!("{checks}{problems}").contains("alice"));
}

#[test]
fn a_chain_of_which_something_cannot_be_read_is_told() {
    let key = KeyPair::generate().unwrap();
    let pem = certificate(&key, &["a.example"], &[]);
    let odd = format!("{pem}-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n");
    let (checks, problems) = compare(&odd, None, &outgoing(asking(&pem, &["a.example"]), "{}"));
    assert_eq!(problems.len(), 1, "{checks:?} {problems:?}");
}

#[test]
fn what_is_no_certificate_is_nothing_but_a_problem() {
    let sent = outgoing(Expected::default(), "{}");
    for text in [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n",
    ] {
        let (checks, problems) = compare(text, None, &sent);
        assert!(
            checks.is_empty() && problems.len() == 1,
            "{text}: {checks:?} {problems:?}"
        );
    }
}

#[test]
fn an_ip_address_is_there_by_its_octets() {
    let key = KeyPair::generate().unwrap();
    let names = ["shop.example.net", "2001:4860:4860::8888"].map(str::to_owned);
    let pem = CertificateParams::new(names).unwrap().self_signed(&key);
    let pem = pem.unwrap().pem();
    let told = |address: &str| {
        let expected = Expected {
            common_name: Some("shop.example.net".into()),
            dns_names: vec![address.into()],
            ..Expected::default()
        };
        let (checks, problems) = compare(&pem, None, &outgoing(expected, "{}"));
        [checks, problems].map(|list| list.join("; "))
    };
    let [checks, problems] = told("2001:4860:4860:0:0:0:0:8888");
    assert!(
        checks.contains("it contains all 2 names"),
        "{checks}; {problems}"
    );
    let [_, problems] = told("8.8.8.8");
    assert!(problems.contains("it lacks 8.8.8.8"), "{problems}");
}

#[test]
fn an_end_that_was_foreseen_is_no_surprise_and_another_is_told_as_one() {
    use crate::domain::rules::reissue::Validity;
    use crate::domain::validity::{Bounds, Foreseen};

    let begins = date(2026, 1, 1);
    let day = |month, day| date(2026, month, day);
    let until = |month, at| Some(Validity::End(day(month, at)));
    let as_foreseen =
        "it expires 2026-06-01, as expected (2026-06-10 was requested): the order expires then";
    let not_foreseen =
        "it expires 2026-06-01, and not 2026-06-05 as expected (2026-06-10 was requested)";
    let not_asked = "it expires 2026-06-01, not 2026-06-10 as requested";
    let plain = "it expires 2026-06-01";
    for (asked, order_end, told) in [
        (None, None, Ok(plain)),
        (None, Some(day(6, 1)), Ok(plain)),
        (
            None,
            Some(day(6, 5)),
            Err("it expires 2026-06-01, and not 2026-06-05 as expected"),
        ),
        (until(6, 1), None, Ok(plain)),
        (until(6, 1), Some(day(6, 5)), Ok(plain)),
        (until(6, 10), Some(day(6, 1)), Ok(as_foreseen)),
        (until(6, 10), Some(day(6, 5)), Err(not_foreseen)),
        (until(6, 10), Some(day(7, 1)), Err(not_asked)),
        (until(6, 10), None, Err(not_asked)),
        // The CA may count a length from the day beside the day of issue, and no further.
        (Some(Validity::Days(152)), None, Ok(plain)),
        (Some(Validity::Days(151)), None, Ok(plain)),
        (Some(Validity::Days(153)), None, Ok(plain)),
        (
            Some(Validity::Days(150)),
            None,
            Err("it expires 2026-06-01, not 2026-05-30 as requested"),
        ),
    ] {
        let expected = Expected {
            foreseen: Some(Foreseen {
                asked,
                bounds: Bounds {
                    today: begins,
                    industry: None,
                    order_end,
                    plan_end: None,
                    original_end: None,
                },
                begins: false,
            }),
            // What was foreseen goes before what the request says.
            valid_till: Some(day(2, 2)),
            ..Expected::default()
        };
        let told = told.map(str::to_owned).map_err(str::to_owned);
        let held = held(&expected, begins, day(6, 1));
        assert_eq!(held, told, "{asked:?} {order_end:?}");
    }
}
