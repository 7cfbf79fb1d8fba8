//! The rules field by field: what is asked for, and which field says what of it. Each row fails alone.

use jiff::civil::{Date, date};

use super::super::csr::{self, Csr};
use super::super::order::{CsrText, Order};
use super::super::product::{Choice, Ica, Platform, Product};
use super::super::status::OrderStatus;
use super::reissue::{Ask, Taken};
use super::*;
use crate::domain::testing as real;

pub(super) const TODAY: Date = date(2026, 11, 20);

pub(super) fn order(name_id: &str, names: &[&str]) -> Order {
    testing::order(name_id, names[0], names, date(2027, 3, 1), date(2027, 9, 1))
}

fn csr(name: &str, key: &[&str]) -> Csr {
    csr::read(&real::csr(&format!("/CN={name}"), key).0).unwrap()
}

pub(super) fn good_csr(name: &str) -> Csr {
    csr(name, &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn product() -> Product {
    Product {
        hashes: vec![Choice {
            id: "sha256".into(),
            name: "SHA-256".into(),
        }],
        icas: vec![Ica {
            id: "0A1B".into(),
            name: "Issuing".into(),
            chain: String::new(),
        }],
        platforms: vec![Platform {
            id: 45,
            name: "nginx".into(),
        }],
        ..Product::default()
    }
}

/// Field and weight of each finding.
fn said(ruling: &Ruling) -> Vec<(Option<FieldId>, Weight)> {
    ruling
        .findings
        .iter()
        .map(|finding| (finding.field, finding.weight))
        .collect()
}

pub(super) const BLOCKS: Weight = Weight::Blocks;
pub(super) const ADVISES: Weight = Weight::Advises;

/// Says what a change of a good question finds: of a new order or a renewal, and of a reissue.
type Case<'a> = (
    &'a str,
    &'a dyn Fn(&mut Ask<'a>),
    &'a [(Option<FieldId>, Weight)],
);

#[test]
fn each_field_of_a_new_order_and_of_a_reissue_is_held_against_its_rule() {
    let good = good_csr("shop.example.net");
    let (weak, foreign) = (
        csr("shop.example.net", &["rsa:1024"]),
        good_csr("other.example.net"),
    );
    let (www, twice, bad, wild) = (
        names(&["www.shop.example.net"]),
        names(&["shop.example.net"]),
        names(&["www.shop.example.net", "no name"]),
        names(&["www.shop.example.net", "*.example.net"]),
    );
    let cases: &[Case<'_>] = &[
        ("nothing", &|_| {}, &[]),
        (
            "no CSR",
            &|ask| ask.csr = None,
            &[(Some(FieldId::Csr), BLOCKS)],
        ),
        (
            "a weak key",
            &|ask| ask.csr = Some(&weak),
            &[(Some(FieldId::Csr), BLOCKS)],
        ),
        (
            "foreign names",
            &|ask| ask.csr = Some(&foreign),
            &[(Some(FieldId::Csr), ADVISES)],
        ),
        (
            "no hash",
            &|ask| ask.hash = " ",
            &[(Some(FieldId::Hash), BLOCKS)],
        ),
        ("hash in capitals", &|ask| ask.hash = "SHA256", &[]),
        (
            "another hash",
            &|ask| ask.hash = "sha512",
            &[(Some(FieldId::Hash), BLOCKS)],
        ),
        ("an ICA", &|ask| ask.ca_cert_id = Some("0a1b"), &[]),
        ("a blank ICA", &|ask| ask.ca_cert_id = Some(" "), &[]),
        (
            "another ICA",
            &|ask| ask.ca_cert_id = Some("FFFF"),
            &[(Some(FieldId::Ica), BLOCKS)],
        ),
        ("a platform", &|ask| ask.platform = Some(45), &[]),
        (
            "the platform for others",
            &|ask| ask.platform = Some(-1),
            &[],
        ),
        (
            "another platform",
            &|ask| ask.platform = Some(2),
            &[(Some(FieldId::Platform), BLOCKS)],
        ),
        (
            "no common name",
            &|ask| ask.common_name = " ",
            &[(Some(FieldId::CommonName), BLOCKS)],
        ),
        (
            "a bad common name",
            &|ask| ask.common_name = "no name",
            &[(Some(FieldId::CommonName), BLOCKS)],
        ),
        (
            "an internal name",
            &|ask| ask.common_name = "srv01.corp",
            &[(Some(FieldId::CommonName), BLOCKS)],
        ),
        ("the name twice", &|ask| ask.dns_names = &twice, &[]),
        (
            "a bad other name",
            &|ask| ask.dns_names = &bad,
            &[(Some(FieldId::Names), BLOCKS)],
        ),
        (
            "a wildcard",
            &|ask| ask.dns_names = &wild,
            &[(Some(FieldId::Names), BLOCKS)],
        ),
        (
            "a wildcard first",
            &|ask| ask.common_name = "*.example.net",
            &[(Some(FieldId::CommonName), BLOCKS)],
        ),
        ("a file", &|ask| ask.dcv_method = Some("http-token"), &[]),
        ("a comment", &|ask| ask.comments = "please", &[]),
        ("no approval", &|ask| ask.skip_approval = true, &[]),
        (
            "both",
            &|ask| (ask.comments, ask.skip_approval) = ("please", true),
            &[(Some(FieldId::Comments), ADVISES)],
        ),
    ];
    let blocks_alone = |found: &[(Option<FieldId>, Weight)],
                        wanted: &[(Option<FieldId>, Weight)]| {
        // A name that changes is told beside; what the case is about is what blocks, or what it adds for itself.
        let blocks: Vec<_> = found
            .iter()
            .filter(|(_, weight)| *weight == BLOCKS)
            .collect();
        let wanted_blocks: Vec<_> = wanted
            .iter()
            .filter(|(_, weight)| *weight == BLOCKS)
            .collect();
        blocks == wanted_blocks && wanted.iter().all(|one| found.contains(one))
    };
    for (what, change, wanted) in cases {
        let mut ask = Ask {
            common_name: "shop.example.net",
            dns_names: &www,
            csr: Some(&good),
            hash: "sha256",
            ..Ask::default()
        };
        change(&mut ask);
        let asked = order(
            "ssl_securesite",
            &["shop.example.net", "www.shop.example.net"],
        );
        let found = said(&place::check_order(&asked, Some(&product()), &ask));
        assert!(blocks_alone(&found, wanted), "{what}, ordered: {found:?}");
        let found = said(&reissue::check_reissue(
            &asked,
            Some(&product()),
            &ask,
            TODAY,
        ));
        assert!(blocks_alone(&found, wanted), "{what}, reissued: {found:?}");
        if wanted.is_empty() {
            assert_eq!(found, [], "{what}, reissued");
        }
    }
}

#[test]
fn a_wildcard_is_never_proved_by_a_file() {
    let good = good_csr("*.example.net");
    for (name_id, common, others, method, blocked) in [
        (
            "ssl_securesite_wildcard",
            "*.example.net",
            &[][..],
            "http-token",
            1,
        ),
        (
            "ssl_securesite_wildcard",
            "*.Example.net",
            &["*.b.example.net"],
            "http-token-dynamic",
            2,
        ),
        (
            "ssl_securesite_wildcard",
            "*.example.net",
            &[],
            "dns-txt-token",
            0,
        ),
        ("ssl_securesite_wildcard", "*.example.net", &[], "email", 0),
        ("ssl_securesite", "shop.example.net", &[], "http-token", 0),
    ] {
        let others = names(others);
        let ask = Ask {
            common_name: common,
            dns_names: &others,
            csr: Some(&good),
            hash: "sha256",
            dcv_method: Some(method),
            ..Ask::default()
        };
        let asked = order(name_id, &[common]);
        for ruling in [
            place::check_order(&asked, None, &ask),
            reissue::check_reissue(&asked, None, &ask, TODAY),
        ] {
            let found = ruling
                .blocking()
                .filter(|finding| finding.field == Some(FieldId::Dcv));
            assert_eq!(
                found.count(),
                blocked,
                "{name_id} {common} {method}: {ruling:?}"
            );
        }
    }
}

#[test]
fn a_wildcard_product_wants_one_and_a_product_for_one_name_tells_of_more() {
    let good = good_csr("shop.example.net");
    let reason = |name_id: &str, common: &str, others: &[&str]| {
        let others = names(others);
        let ask = Ask {
            common_name: common,
            dns_names: &others,
            csr: Some(&good),
            hash: "sha256",
            ..Ask::default()
        };
        let ruling = place::check_order(&order(name_id, &[common]), None, &ask);
        let about = |finding: &&Finding| {
            matches!(finding.field, Some(FieldId::CommonName | FieldId::Names))
        };
        ruling
            .findings
            .iter()
            .find(about)
            .map(|finding| finding.reason.clone())
    };
    let wants = |reason: Option<Reason>| matches!(reason, Some(Reason::WantsWildcard(_)));
    assert!(wants(reason(
        "ssl_securesite_wildcard",
        "shop.example.net",
        &[]
    )));
    assert!(!wants(reason(
        "ssl_securesite_wildcard",
        "*.Example.NET",
        &[]
    )));
    assert_eq!(
        reason(
            "ssl_securesite_wildcard",
            "*.example.net",
            &["a.other.example"]
        ),
        None
    );
    assert_eq!(
        reason(
            "ssl_securesite",
            "shop.example.net",
            &["www.Shop.example.net."]
        ),
        None
    );
    assert_eq!(
        reason(
            "ssl_securesite",
            "www.shop.example.net",
            &["shop.example.net"]
        ),
        None
    );
    let extra = |names: &[&str]| {
        let names = names.iter().map(ToString::to_string).collect();
        let product = "ssl_securesite".to_owned();
        Some(Reason::ExtraNames { names, product })
    };
    assert_eq!(
        reason(
            "ssl_securesite",
            "shop.example.net",
            &["shop.example.net", "api.example.net"]
        ),
        extra(&["api.example.net"])
    );
    assert_eq!(
        reason(
            "ssl_securesite_multi_domain",
            "shop.example.net",
            &["api.example.net"]
        ),
        None
    );
}

#[test]
fn a_private_certificate_has_names_that_a_public_one_may_not_have() {
    let good = good_csr("shop.example.net");
    for (name_id, name, field) in [
        ("private_ssl_plus", "srv01.corp", None),
        ("private_ssl_plus", "localhost", None),
        (
            "private_ssl_plus",
            "no name",
            Some(Some(FieldId::CommonName)),
        ),
        ("ssl_plus", "srv01.corp", Some(Some(FieldId::CommonName))),
        ("ssl_plus", "localhost", Some(Some(FieldId::CommonName))),
        ("ssl_plus", "shop.example.net", None),
    ] {
        for old in [false, true] {
            let own = if old { name } else { "shop.example.net" };
            let others = names(&[name]);
            let ask = Ask {
                common_name: name,
                dns_names: &others,
                csr: Some(&good),
                hash: "sha256",
                ..Ask::default()
            };
            let ruling = reissue::check_reissue(&order(name_id, &[own]), None, &ask, TODAY);
            let mut found = ruling.blocking().map(|finding| finding.field);
            // A name that the order has was good enough once, as far as it is one.
            let wanted = field.filter(|_| !old || name == "no name");
            assert_eq!(found.next(), wanted, "{name_id} {name} {old}: {ruling:?}");
        }
    }
    for (name_id, allowed) in [("ssl_plus", true), ("private_ssl_plus", false)] {
        let ask = Ask {
            common_name: "shop.example.net",
            csr: Some(&good),
            hash: "sha256",
            store_as_duplicate: true,
            ..Ask::default()
        };
        let ruling =
            reissue::check_reissue(&order(name_id, &["shop.example.net"]), None, &ask, TODAY);
        assert_eq!(ruling.allowed(), allowed, "{name_id}: {ruling:?}");
    }
}

#[test]
fn an_order_that_runs_is_reissued_though_its_certificate_is_over_and_one_that_is_over_is_not() {
    let at = |status: OrderStatus, covers: Option<Date>| Order {
        status,
        order_valid_till: covers,
        ..order("ssl_plus", &["shop.example.net"])
    };
    let days = |days: i32| TODAY.saturating_add(jiff::Span::new().days(days));
    for (status, covers, weights) in [
        (OrderStatus::Issued, Some(days(300)), &[][..]),
        (OrderStatus::Issued, Some(days(14)), &[]),
        (OrderStatus::Issued, Some(days(13)), &[ADVISES]),
        (OrderStatus::Issued, Some(days(0)), &[ADVISES]),
        (OrderStatus::Issued, Some(days(-1)), &[BLOCKS]),
        (OrderStatus::Issued, None, &[]),
        (OrderStatus::Expired, Some(days(300)), &[ADVISES]),
        (OrderStatus::Expired, Some(days(0)), &[ADVISES, ADVISES]),
        (OrderStatus::Expired, Some(days(-1)), &[BLOCKS]),
        (OrderStatus::Expired, None, &[BLOCKS]),
        (OrderStatus::ReissuePending, Some(days(300)), &[BLOCKS]),
        (OrderStatus::Revoked, Some(days(300)), &[BLOCKS]),
    ] {
        let ruling = reissue::may_reissue(&at(status.clone(), covers), TODAY);
        let found: Vec<Weight> = ruling
            .findings
            .iter()
            .map(|finding| finding.weight)
            .collect();
        assert_eq!(found, weights, "{status:?} {covers:?}: {ruling:?}");
    }
    let running = at(OrderStatus::Expired, Some(days(0)));
    let ruling = reissue::may_reissue(&running, TODAY);
    assert_eq!(ruling.findings[0].reason, Reason::CertificateEnded(days(0)));
}

#[test]
fn what_a_product_does_not_take_is_not_asked_for() {
    let code = order("code_signing", &["Example GmbH"]);
    let taken = |csr, common_name| {
        let ask = Ask {
            hash: "sha256",
            taken: Taken { csr, common_name },
            ..Ask::default()
        };
        let ruling = reissue::check_reissue(&code, None, &ask, TODAY);
        ruling
            .blocking()
            .map(|finding| finding.field)
            .collect::<Vec<_>>()
    };
    assert_eq!(taken(false, false), []);
    assert_eq!(taken(true, false), [Some(FieldId::Csr)]);
    assert_eq!(taken(false, true), [Some(FieldId::CommonName)]);
    // One that is given all the same is looked at.
    let weak = csr("Example", &["rsa:2048"]);
    let ask = Ask {
        hash: "sha256",
        csr: Some(&weak),
        taken: Taken {
            csr: false,
            common_name: false,
        },
        ..Ask::default()
    };
    let ruling = reissue::check_reissue(&code, None, &ask, TODAY);
    assert_eq!(said(&ruling), [(Some(FieldId::Csr), BLOCKS)]);
}

#[test]
fn a_renewal_is_possible_while_nobody_renewed_and_the_order_is_alive() {
    for (status, renewed, by, weights) in [
        (OrderStatus::Issued, false, None, &[ADVISES, ADVISES][..]),
        (
            OrderStatus::ReissuePending,
            false,
            None,
            &[ADVISES, ADVISES],
        ),
        (OrderStatus::Expired, false, None, &[ADVISES, ADVISES]),
        (OrderStatus::Revoked, false, None, &[BLOCKS]),
        (OrderStatus::Pending, false, None, &[BLOCKS]),
        (OrderStatus::Issued, true, None, &[BLOCKS]),
        (OrderStatus::Issued, false, Some(9), &[BLOCKS]),
    ] {
        let asked = Order {
            status: status.clone(),
            is_renewed: renewed,
            renewed_by: by.map(crate::domain::ids::OrderId),
            ..order("ssl_securesite", &["shop.example.net"])
        };
        let ruling = place::may_renew(&asked, TODAY);
        let found: Vec<Weight> = ruling
            .findings
            .iter()
            .map(|finding| finding.weight)
            .collect();
        assert_eq!(found, weights, "{status:?} {renewed} {by:?}: {ruling:?}");
    }
    // Without time left there is nothing to say, and another product is not ordered here.
    let over = Order {
        order_valid_till: Some(date(2027, 2, 15)),
        ..order("ssl_securesite", &["shop.example.net"])
    };
    assert_eq!(place::may_renew(&over, TODAY), Ruling::default());
    let early = Order {
        order_valid_till: Some(date(2027, 3, 1)),
        ..order("ssl_securesite", &["shop.example.net"])
    };
    let ruling = place::may_renew(&early, TODAY);
    assert_eq!(ruling.findings[0].reason, Reason::MaybeTooEarly(101));
    for (name_id, renewed) in [
        ("ssl_plus", true),
        ("ssl_dv_geotrust", true),
        ("private_ssl_plus", true),
        ("code_signing", true),
        ("secure_email_sponsor", true),
        ("vmc_basic", true),
        ("ds_org", false),
        ("mark_certificate", false),
    ] {
        let ruling = place::may_renew(&order(name_id, &["shop.example.net"]), TODAY);
        assert_eq!(ruling.allowed(), renewed, "{name_id}: {ruling:?}");
    }
}

#[test]
fn the_key_of_the_certificate_before_is_told_and_another_is_not() {
    let (own, other) = (good_csr("shop.example.net"), good_csr("shop.example.net"));
    for (sent, told) in [(&own, true), (&other, false)] {
        let mut asked = order("ssl_securesite", &["shop.example.net"]);
        asked.certificate.csr = Some(CsrText(own.pem()));
        let ask = Ask {
            common_name: "shop.example.net",
            csr: Some(sent),
            hash: "sha256",
            ..Ask::default()
        };
        for ruling in [
            place::check_order(&asked, None, &ask),
            reissue::check_reissue(&asked, None, &ask, TODAY),
        ] {
            let used = |finding: &Finding| finding.reason == Reason::CsrUsedBefore;
            assert_eq!(ruling.findings.iter().any(used), told);
        }
    }
}

/// What the certificate will not have of what its request asks for is said, and each of its names once.
#[test]
fn what_a_request_asks_for_besides_names_is_said_once() {
    use crate::domain::draft::csr_notes::{KnownCsrs, reading};
    let key = [
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-addext",
        "subjectAltName=DNS:a.example,DNS:A.example,DNS:a.example,IP:10.0.0.7,IP:10.0.0.7",
        "-addext",
        "extendedKeyUsage=serverAuth,clientAuth",
        "-addext",
        "certificatePolicies=2.23.140.1.2.2",
    ];
    let text = real::csr("/CN=a.example", &key).0;
    let said = |product: &str| {
        let order = order(product, &["a.example"]);
        let asked = ["a.example".to_owned()];
        let reading = reading(&text, &order, &asked, &KnownCsrs::default(), false);
        let notes = reading.notes.into_iter().map(|note| note.text);
        notes.collect::<Vec<_>>().join("\n")
    };
    let tls = said("ssl_plus");
    for part in [
        "names a.example, IP 10.0.0.7\n",
        "also requests certificate policies: the certificate will not include that",
        "also requests use for clientAuth: a server certificate has only serverAuth",
        "also contains IP 10.0.0.7, which",
    ] {
        assert!(tls.contains(part), "{part}\n{tls}");
    }
    assert!(!said("code_signing").contains("clientAuth"));
}
