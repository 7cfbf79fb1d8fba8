//! Names in every spelling, their limits, and what covers what.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::testing::SPELLINGS;

#[test]
fn one_spelling_is_compared_and_another_is_shown() {
    assert_eq!(normalise(" Shop.Example.NET. "), "shop.example.net");
    let (long, short) = ("2001:4860:4860:0:0:0:0:8888", "2001:4860:4860::8888");
    assert_eq!(normalise(long), short);
    assert_eq!(check("10.0.0.7").as_deref(), Ok("10.0.0.7"));
    assert_eq!(normalise("*.BÜCHER.example"), "*.xn--bcher-kva.example");
    assert_eq!(display("*.xn--bcher-kva.example"), "*.bücher.example");
    assert_eq!(
        display_with_ascii("bücher.example"),
        "bücher.example (xn--bcher-kva.example)"
    );
    assert_eq!(display_with_ascii("shop.example"), "shop.example");
    assert_eq!(display("xn--.example"), "xn--.example");
    assert_eq!(display("a\u{202e}b"), "a<U+202E>b");
    assert_eq!(normalise("例え。テスト。"), "xn--r8jz45g.xn--zckzah");
    assert_eq!(check("。"), Err(NameError::Empty));
}

#[test]
fn every_spelling_of_a_name_is_the_same_name() {
    for a in SPELLINGS {
        for b in SPELLINGS {
            let (a, b) = (a.to_owned(), b.to_owned());
            let case = format!("{a:?} {b:?}");
            assert!(same(&a, &b), "{case}");
            assert_eq!(display(&a), display(&b), "{case}");
            assert_eq!(check(&a), check(&b), "{case}");
            assert_eq!(set(&a, &[&b]).len(), 1, "{case}");
            assert_eq!(once([&a, &b]), [a.as_str()], "{case}");
            assert_eq!(without_common_name(&a, &[&b]), [""; 0], "{case}");
            let (before, after) = (set(&a, &[""]), set(&b, &[""]));
            assert!(NameDiff::between(&before, &after).is_empty(), "{case}");
            let (a, b) = (a.trim(), b.trim());
            assert_eq!(parse_list(&format!("{a} DNS:{b}")).len(), 1, "{case}");
            let (wild, below) = (format!("*.{a}"), format!("a.b.{b}"));
            assert!(is_subdomain_of_wildcard(&wild, &below), "{case}");
            let (one, other) = (format!("Ops@{a}"), format!("ops@{b}"));
            assert!(same_address(&one, &other), "{case}");
            assert!(!same_address(&one, &format!("dev@{b}")), "{case}");
            assert!(!same(a, &format!("w.{b}")), "{case}");
            assert!(!same(&wild, b), "{case}");
        }
    }
}

#[test]
fn a_part_of_a_name_is_found_in_whichever_spelling_it_is_typed() {
    let lines = "shop.example.net\nxn--bcher-kva.example\n*.xn--bcher-kva.example";
    let found = |typed: &str| NamePart::new(typed).is_in(lines);
    for typed in SPELLINGS {
        let typed = typed.trim().to_lowercase();
        assert!(found(&typed), "{typed}");
        assert!(found(&format!("*.{typed}")), "{typed}");
    }
    for typed in [
        "büch",
        "ücher",
        "bcher-kva",
        "shop",
        "shop.",
        "example.net.",
        "example.",
    ] {
        assert!(found(typed), "{typed}");
    }
    for typed in [
        "bücher.example.net",
        "buch",
        "p.example.ne.",
        "net.example",
        "hop.ex.",
    ] {
        assert!(!found(typed), "{typed}");
    }
}

#[rstest]
#[case("https://shop.example.net/x", "without https://")]
#[case("ops@example.net", "email")]
#[case("192.0.2.1", "reserved")]
#[case("10.0.0.7", "private")]
#[case("100.64.0.1", "private")]
#[case("198.19.255.1", "reserved")]
#[case("255.255.255.255", "reserved")]
#[case("fd00::1", "private")]
#[case("::ffff:8.8.8.8", "reserved")]
#[case("2001:DB8::1", "2001:db8::1 is")]
#[case("[2001:4860:4860::8888]", "brackets")]
#[case("a..example.net", "two dots")]
#[case(".example.net", "empty label")]
#[case("w*.example.net", "asterisk")]
#[case("a.*.example.net", "asterisk")]
#[case("sh op.example.net", "' '")]
#[case("-a.example.net", "hyphen")]
#[case("xn--zzzzzz--.example", "international")]
#[case("localhost", "in full")]
#[case("*.net", "registry")]
#[case("*.co.uk", "registry")]
#[case("*.xn--55qx5d.cn", "registry")]
#[case("co.uk", "example.co.uk")]
#[case("srv01.corp", "below corp")]
#[case("printer.home.arpa", "below home.arpa")]
#[case("*.cluster.local", "below local")]
#[case("a_b.example.net", "'_'")]
#[case("a.123", "in full")]
#[case("", "empty")]
#[case(" . ", "empty")]
fn what_is_no_public_name_is_told_why(#[case] name: &str, #[case] reason: &str) {
    let error = check_public(name).unwrap_err().to_string();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn an_address_is_public_up_to_the_edge_of_what_is_kept_for_other_purposes() {
    for (last, first) in [
        ("100.63.255.255", "100.64.0.0"),
        ("100.128.0.0", "100.127.255.255"),
        ("198.17.255.255", "198.18.0.0"),
        ("198.20.0.0", "198.19.255.255"),
        ("223.255.255.255", "224.0.0.0"),
        ("1.0.0.0", "0.255.255.255"),
        ("192.0.1.1", "192.0.0.1"),
        ("192.88.98.1", "192.88.99.1"),
        ("192.88.100.1", "192.88.99.255"),
        ("9.255.255.255", "10.0.0.0"),
        ("169.253.255.255", "169.254.0.0"),
        ("126.255.255.255", "127.0.0.0"),
        ("203.0.112.1", "203.0.113.1"),
        ("2001:200::1", "2001:1ff::1"),
        ("2001:db7::1", "2001:db8::1"),
        ("2001:db9::1", "2001::1"),
        ("3fff:1000::1", "3fff:fff::1"),
        ("3fff:ffff::1", "3fff::1"),
        ("2000::1", "1fff:ffff::1"),
        ("3ffe:ffff::1", "4000::1"),
        ("2003::1", "2002::1"),
    ] {
        assert_eq!(check_public(last).as_deref(), Ok(last));
        let refused = check_public(first);
        assert_eq!(refused, Err(NameError::NotPublic(first.into())));
    }
}

#[test]
fn what_only_looks_like_a_name_is_told_as_what_it_is() {
    for url in [
        "https://a.example",
        "a.example/x",
        "a.example/",
        "/a.example",
    ] {
        assert_eq!(check(url), Err(NameError::Url(url.into())));
    }
    // Letters of full width turn into a slash, and a hyphen that is not seen into nothing.
    for name in ["ａ／ｂ.example", "\u{ad}.example", "a.\u{ad}.example"] {
        assert!(
            matches!(check(name), Err(NameError::International(_))),
            "{name:?}"
        );
    }
    for (name, wide) in [("*.localhost", true), ("localhost", false), ("*.net", true)] {
        let told = check_public(name);
        assert_eq!(
            told == Err(NameError::TooWide(name.into())),
            wide,
            "{told:?}"
        );
    }
    assert_eq!(
        check_public("localhost"),
        Err(NameError::NotQualified("localhost".into()))
    );
}

#[test]
fn names_differ_when_some_come_or_some_go() {
    let diff = |before: &[&str], after: &[&str]| {
        let diff = NameDiff::between(&set("", before), &set("", after));
        (diff.added.len(), diff.dropped.len(), diff.is_empty())
    };
    assert_eq!(diff(&["a.example"], &["a.example"]), (0, 0, true));
    assert_eq!(
        diff(&["a.example"], &["a.example", "b.example"]),
        (1, 0, false)
    );
    assert_eq!(
        diff(&["a.example", "b.example"], &["a.example"]),
        (0, 1, false)
    );
    assert_eq!(diff(&["a.example"], &["b.example"]), (1, 1, false));
}

#[test]
fn a_label_has_63_characters_at_most_and_a_name_253() {
    let label = |length: usize| "a".repeat(length);
    for (length, passes) in [(1, true), (62, true), (63, true), (64, false), (200, false)] {
        for name in [
            format!("{}.example", label(length)),
            format!("w.{}.example", label(length)),
            format!("example.{}", label(length)),
        ] {
            match check(&name) {
                Ok(checked) => assert!(passes && checked == name, "{name}"),
                Err(NameError::LongLabel {
                    length: told,
                    label: named,
                    ..
                }) => {
                    assert!(
                        !passes && told == length && named == label(length),
                        "{name}"
                    );
                }
                Err(other) => panic!("{name}: {other}"),
            }
        }
    }
    let name = |length: usize| {
        let tail = [63, 63, 63].map(label).join(".");
        format!("{}.{tail}", label(length - tail.len() - 1))
    };
    for (length, passes) in [(250, true), (253, true), (254, false), (255, false)] {
        let name = name(length);
        assert_eq!(name.len(), length);
        let result = check(&name);
        assert_eq!(result.is_ok(), passes, "{length}");
        let told =
            matches!(result, Err(NameError::LongName { length: told, .. }) if told == length);
        assert_eq!(told, !passes, "{length}");
        // The asterisk counts, and a last dot does not.
        let wild = format!("*.{}", &name[2..]);
        assert_eq!(check(&wild).is_ok(), passes, "{length}");
        assert_eq!(check(&format!("{name}.")).is_ok(), passes, "{length}");
    }
    // 57 letters of which each takes one, beside `xn--` and what says where the others are.
    let wide = format!("{}ü.example", label(56));
    let ascii = normalise(&wide);
    let length = ascii.split('.').next().unwrap().len();
    assert_eq!(check(&wide).is_ok(), length <= 63, "{length}");
    let wider = format!("{}ü.example", label(62));
    assert!(matches!(
        check(&wider),
        Err(NameError::LongLabel { length: 64.., .. } | NameError::International(_))
    ));
}

#[test]
fn lengths_are_counted_in_a_labels() {
    let long = "a".repeat(64);
    assert!(matches!(
        check(&format!("{long}.example")),
        Err(NameError::LongLabel { length: 64, .. })
    ));
    let label = "a".repeat(62);
    let name = [label.as_str(); 5].join(".");
    assert!(
        matches!(check(&name), Err(NameError::LongName { .. })),
        "{:?}",
        check(&name)
    );
    assert_eq!(
        check_public("*.Bücher.example").as_deref(),
        Ok("*.xn--bcher-kva.example")
    );
    assert_eq!(check("localhost").as_deref(), Ok("localhost"));
}

#[test]
fn what_only_looks_internal_or_like_a_registry_is_a_public_name() {
    for name in [
        "example.co.uk",
        "*.example.co.uk",
        "corp.example.net",
        "mycorp.example",
        // A company lets others have names below; the domain is its own.
        "*.github.io",
        "8.8.8.8",
        "100.128.0.1",
        "198.20.0.1",
        "2001:4860:4860::8888",
        "2a00:1450:4001::1",
    ] {
        assert_eq!(check_public(name).as_deref(), Ok(name));
    }
}

#[test]
fn a_wildcard_covers_one_label_and_allows_any_depth_below() {
    let below = |name| is_subdomain_of_wildcard("*.example.com", name);
    assert!(below("a.example.com") && below("a.b.Example.com") && below("*.b.example.com"));
    assert!(
        !below("example.com")
            && !below("badexample.com")
            && !below("*.example.com")
            && !below("a.example.org")
    );
    assert!(!is_subdomain_of_wildcard("example.com", "a.example.com"));
}

#[test]
fn names_compare_with_the_common_name_in_both_sets() {
    let order = set(
        "shop.example.net",
        &["shop.example.net", "WWW.example.net", ""],
    );
    let asked = set("www.example.net", &["shop.example.net."]);
    assert!(NameDiff::between(&order, &asked).is_empty());
    let less = set("shop.example.net", &["new.example.net"]);
    let diff = NameDiff::between(&order, &less);
    assert_eq!(diff.added, ["new.example.net"]);
    assert_eq!(diff.dropped, ["www.example.net"]);
    assert_eq!(diff.kept, ["shop.example.net"]);
    assert_eq!(
        without_common_name("a.example", &["A.example", "b.example", " ", "B.example."]),
        ["b.example"]
    );
}

#[test]
fn a_field_of_names_takes_any_separator() {
    let entries =
        parse_list("a.example, DNS:b.example;\"c.example\"\r\n A.example\tbad*name.example");
    let names: Vec<_> = entries
        .iter()
        .map(|entry| entry.name.as_deref().ok())
        .collect();
    assert_eq!(
        names,
        [
            Some("a.example"),
            Some("b.example"),
            Some("c.example"),
            None
        ]
    );
    assert_eq!(entries[3].typed, "bad*name.example");
}

proptest! {
    #[test]
    fn a_name_that_passes_stays_as_it_is(name in "(\\*\\.)?[a-z0-9ü-]{1,8}(\\.[a-zé0-9]{1,8}){0,3}") {
        if let Ok(checked) = check(&name) {
            prop_assert_eq!(check(&checked), Ok(checked.clone()));
            prop_assert_eq!(normalise(&name), checked.clone());
            prop_assert_eq!(normalise(&display(&checked)), checked);
        }
    }

    #[test]
    fn no_text_makes_it_fall_over(name in any::<String>()) {
        let _ = (check_public(&name), parse_list(&name), display_with_ascii(&name));
        prop_assert_eq!(normalise(&normalise(&name)), normalise(&name));
    }
}

#[test]
fn a_dot_alone_is_in_names_that_have_one() {
    for (part, name, is_in) in [
        (".", "example.net", true),
        (".", "Ada Example", false),
        ("..", "example.net", false),
        ("net.", "example.net", true),
        ("example.", "example.net", true),
        ("xample.", "Ada Example", true),
    ] {
        let part = NamePart::new(part);
        let lines = format!("{}\n", normalise(name));
        let found = part.needles().any(|needle| lines.contains(&*needle));
        assert_eq!(found, is_in, "{part:?} in {name}");
        assert_eq!(part.is_in(&normalise(name)), is_in, "{part:?} in {name}");
    }
}
