//! The rules at their edges: the last case that passes beside the first that does not.

use jiff::civil::Date;

use super::super::ids::OrderId;
use super::super::order::{Certificate, Order, Role};
use super::super::product::{Product, ProductRef};
use super::super::status::OrderStatus;
use super::super::validity::Bounds;
use super::reissue::Ask;
use super::table_tests::{TODAY, good_csr, order};
use super::*;

fn days(days: i32) -> Date {
    TODAY.saturating_add(jiff::Span::new().days(days))
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn reasons(ruling: &Ruling, field: Option<FieldId>) -> Vec<Reason> {
    let about = ruling
        .findings
        .iter()
        .filter(|finding| finding.field == field);
    about.map(|finding| finding.reason.clone()).collect()
}

#[test]
fn a_comment_is_lost_only_where_nobody_approves() {
    let good = good_csr("shop.example.net");
    for (comments, skip_approval, told) in [
        ("", false, false),
        (" ", true, false),
        ("please", false, false),
        ("", true, false),
        ("please", true, true),
    ] {
        let ask = Ask {
            common_name: "shop.example.net",
            csr: Some(&good),
            hash: "sha256",
            comments,
            skip_approval,
            ..Ask::default()
        };
        let asked = order("ssl_securesite", &["shop.example.net"]);
        let ruling = place::check_order(&asked, None, &ask);
        let found = reasons(&ruling, Some(FieldId::Comments));
        assert_eq!(
            found == [Reason::CommentLost],
            told,
            "{comments:?} {skip_approval}"
        );
    }
}

#[test]
fn every_product_that_is_ordered_here_has_its_name() {
    let ordered = |name_id: &str| place::is_ordered_here(&ProductRef::named(name_id));
    for (name_id, name, here) in [
        ("ssl_securesite", "Secure Site SSL", true),
        ("ssl_ev_basic", "Basic EV", true),
        ("wildcard_dv_rapidssl", "RapidSSL Wildcard DV SSL", true),
        ("private_ssl_flex", "Private SSL OV", true),
        ("code_signing", "Code Signing", false),
        ("brand_new", "brand_new", false),
    ] {
        assert_eq!(ProductRef::named(name_id).name, name);
        assert_eq!(ordered(name_id), here, "{name_id}");
    }
}

#[test]
fn a_duplicate_has_the_names_of_its_order_or_those_below_its_wildcard() {
    let not_on = |name: &str| Reason::NameNotOnOrder(name.into());
    let not_below = |name: &str, wildcard: &str| Reason::NotBelowWildcard {
        name: name.into(),
        wildcard: wildcard.into(),
    };
    let other = |name: &str, order: &str| Reason::OtherCommonName {
        name: name.into(),
        order: order.into(),
    };
    let multi = &["shop.example.net", "api.example.net"][..];
    let wild_multi = &["shop.example.net", "*.example.org"][..];
    let wild = &["*.example.net"][..];
    for (product, own, common, asked, of_common, of_names) in [
        (
            "ssl_multi_domain",
            multi,
            "shop.example.net",
            &["api.example.net"][..],
            vec![],
            vec![],
        ),
        (
            "ssl_multi_domain",
            multi,
            "api.example.net",
            &["shop.example.net"],
            vec![],
            vec![],
        ),
        (
            "ssl_multi_domain",
            multi,
            "x.example.net",
            &["shop.example.net", "api.example.net", "y.example.net"],
            vec![Reason::CommonNameNotOnOrder("x.example.net".into())],
            vec![not_on("y.example.net")],
        ),
        (
            "ssl_plus",
            &["shop.example.net", "www.shop.example.net"],
            "www.shop.example.net",
            &["shop.example.net"],
            vec![other("www.shop.example.net", "shop.example.net")],
            vec![],
        ),
        // Below a wildcard of an order for many names nobody says that more may be had.
        (
            "ssl_multi_domain",
            wild_multi,
            "shop.example.net",
            &["*.example.org", "a.example.org"],
            vec![],
            vec![Reason::MaybeBelowWildcard("a.example.org".into())],
        ),
        (
            "ssl_multi_domain",
            wild_multi,
            "shop.example.net",
            &["*.example.org", "a.example.com"],
            vec![],
            vec![not_on("a.example.com")],
        ),
        (
            "ssl_wildcard",
            wild,
            "*.example.net",
            &["a.example.net", "b.a.example.net"],
            vec![],
            vec![],
        ),
        (
            "ssl_wildcard",
            wild,
            "*.example.net",
            &["a.example.org"],
            vec![],
            vec![not_below("a.example.org", "*.example.net")],
        ),
    ] {
        let good = good_csr(common);
        let dns_names = names(asked);
        let ask = duplicate::Ask {
            common_name: common,
            dns_names: &dns_names,
            csr: Some(&good),
            hash: "sha256",
            ..duplicate::Ask::default()
        };
        let ruling = duplicate::check_duplicate(&order(product, own), None, &ask, TODAY);
        let case = format!("{product} {common} {asked:?}: {ruling:?}");
        assert_eq!(
            reasons(&ruling, Some(FieldId::CommonName)),
            of_common,
            "{case}"
        );
        assert_eq!(reasons(&ruling, Some(FieldId::Names)), of_names, "{case}");
    }
}

#[test]
fn a_duplicate_that_ends_soon_is_told_of_where_nobody_asked_for_an_end() {
    let good = good_csr("shop.example.net");
    for (ends, asked, told) in [
        (days(10), None, true),
        (days(10), Some(days(5)), false),
        (days(10), Some(days(10)), false),
        (days(180), None, false),
    ] {
        let mut of = order("ssl_plus", &["shop.example.net"]);
        of.certificate.valid_till = Some(ends);
        let ask = duplicate::Ask {
            common_name: "shop.example.net",
            csr: Some(&good),
            hash: "sha256",
            end: asked,
            ..duplicate::Ask::default()
        };
        let ruling = duplicate::check_duplicate(&of, None, &ask, TODAY);
        let soon = |reason: &Reason| matches!(reason, Reason::EndsSoon { .. });
        let found = reasons(&ruling, Some(FieldId::EndDate)).iter().any(soon);
        assert_eq!(found, told, "{ends} {asked:?}: {ruling:?}");
    }
}

#[test]
fn an_order_that_was_renewed_is_told_of_whichever_way_the_account_says_so() {
    for (is_renewed, by) in [
        (false, None),
        (true, None),
        (false, Some(9)),
        (true, Some(9)),
    ] {
        let of = Order {
            is_renewed,
            renewed_by: by.map(OrderId),
            ..order("ssl_plus", &["shop.example.net"])
        };
        let expected = (is_renewed || by.is_some()).then_some(Reason::Renewed(by.map(OrderId)));
        for ruling in [
            reissue::may_reissue(&of, TODAY),
            duplicate::may_duplicate(&of, None, TODAY),
        ] {
            let found = ruling.findings.iter().map(|finding| finding.reason.clone());
            let found: Vec<_> = found.collect();
            assert_eq!(
                found,
                expected.clone().into_iter().collect::<Vec<_>>(),
                "{by:?}"
            );
        }
    }
}

#[test]
fn an_ica_of_a_product_that_tells_none_may_be_ignored() {
    let good = good_csr("shop.example.net");
    let ask = Ask {
        common_name: "shop.example.net",
        csr: Some(&good),
        hash: "sha256",
        ca_cert_id: Some("0A1B"),
        ..Ask::default()
    };
    let asked = order("ssl_securesite", &["shop.example.net"]);
    let untold = Product::default();
    for (product, found) in [
        (None, vec![]),
        (Some(&untold), vec![Reason::IcaMaybeIgnored]),
    ] {
        let ruling = place::check_order(&asked, product, &ask);
        assert_eq!(reasons(&ruling, Some(FieldId::Ica)), found);
        assert!(ruling.allowed(), "{ruling:?}");
    }
}

#[test]
fn each_family_has_its_hashes_where_the_product_tells_none() {
    for (name_id, hash, allowed) in [
        ("ssl_plus", "sha256", true),
        ("ssl_plus", "sha512", true),
        ("ssl_plus", "sha1", false),
        ("private_ssl_plus", "sha1", true),
        ("private_ssl_plus", "sha384", true),
        ("private_ssl_plus", "md5", false),
        ("code_signing", "sha256", true),
        ("code_signing", "sha384", false),
    ] {
        let mut ruling = Ruling::default();
        fields::hash(
            &mut ruling,
            hash,
            &order(name_id, &["shop.example.net"]),
            None,
        );
        assert_eq!(ruling.allowed(), allowed, "{name_id} {hash}");
    }
}

#[test]
fn where_no_names_can_be_added_as_many_may_come_as_go() {
    let good = good_csr("shop.example.net");
    let product = |additional_names| Product {
        additional_names,
        ..Product::default()
    };
    let own = &["shop.example.net", "a.example.net"][..];
    for (asked, allows, blocked) in [
        (&["a.example.net"][..], Some(false), false),
        (&["b.example.net"], Some(false), false),
        (&["a.example.net", "b.example.net"], Some(false), true),
        (&["b.example.net", "c.example.net"], Some(false), true),
        (&["b.example.net", "c.example.net"], Some(true), false),
        (&["b.example.net", "c.example.net"], None, false),
    ] {
        let dns_names = names(asked);
        let ask = Ask {
            common_name: "shop.example.net",
            dns_names: &dns_names,
            csr: Some(&good),
            hash: "sha256",
            ..Ask::default()
        };
        let product = product(allows);
        let ruling = reissue::check_reissue(&order("ssl_plus", own), Some(&product), &ask, TODAY);
        let found = reasons(&ruling, Some(FieldId::Names));
        let no_extra = |reason: &Reason| matches!(reason, Reason::NoExtraNames { .. });
        assert_eq!(
            found.iter().any(no_extra),
            blocked,
            "{asked:?} {allows:?}: {found:?}"
        );
        let added = |reason: &Reason| matches!(reason, Reason::NamesAdded(_));
        let comes = asked.iter().any(|name| !own.contains(name));
        assert_eq!(
            found.iter().any(added),
            comes && !blocked,
            "{asked:?} {allows:?}"
        );
    }
}

#[test]
fn a_reissue_is_bounded_by_its_plan_or_else_by_its_order() {
    for (is_plan, order_end, plan_end) in
        [(true, None, Some(days(5))), (false, Some(days(5)), None)]
    {
        let of = Order {
            is_plan,
            order_valid_till: Some(days(5)),
            ..order("ssl_plus", &["shop.example.net"])
        };
        let Bounds {
            order_end: order,
            plan_end: plan,
            original_end: None,
            ..
        } = reissue::bounds(&of, TODAY)
        else {
            panic!("a reissue copies no end");
        };
        assert_eq!((order, plan), (order_end, plan_end), "{is_plan}");
    }
}

fn listed(id: Option<u64>, serial: Option<&str>) -> Certificate {
    let mut row = testing::certificate(
        0,
        Role::Duplicate(None),
        "shop.example.net",
        &["shop.example.net", "old.example.net"],
        days(100),
    );
    row.id = id.map(super::super::ids::CertificateId);
    row.serial = serial.map(Into::into);
    row
}

#[test]
fn a_certificate_that_is_listed_twice_is_counted_once_by_its_number_or_its_serial() {
    let of = order("ssl_plus", &["shop.example.net", "old.example.net"]);
    for (others, touched) in [
        (vec![], 1),
        // The order's own has the number 1 and the serial 0001.
        (vec![listed(Some(1), None)], 1),
        (vec![listed(None, Some("0001"))], 1),
        (vec![listed(Some(1), Some("0002"))], 1),
        (vec![listed(Some(2), Some("0002"))], 2),
        (vec![listed(None, None), listed(None, None)], 3),
        (
            vec![listed(Some(2), Some("0002")), listed(Some(2), None)],
            2,
        ),
        (vec![listed(Some(2), None), listed(Some(3), None)], 3),
    ] {
        let effect = reissue::effect(
            &of,
            &others,
            "shop.example.net",
            &names(&["shop.example.net"]),
            false,
            TODAY,
        );
        assert_eq!(effect.touched.len(), touched, "{others:?}");
    }
}

#[test]
fn what_a_reissue_does_to_others_is_said_as_far_as_it_is_documented() {
    for (name_id, asked, as_duplicate, has, lacks) in [
        (
            "ssl_plus",
            "old.example.net",
            false,
            "nothing is revoked",
            "Removed from the order",
        ),
        (
            "ssl_plus",
            "new.example.net",
            false,
            "DigiCert revokes",
            "The CA may revoke",
        ),
        (
            "ssl_plus",
            "new.example.net",
            false,
            "Removed from the order: old.example.net",
            "does not say",
        ),
        (
            "ssl_plus",
            "new.example.net",
            true,
            "never makes DigiCert revoke",
            "within 72 hours",
        ),
        (
            "vmc_basic",
            "old.example.net",
            false,
            "No name is removed. The documentation does not say",
            "nothing is revoked",
        ),
        (
            "vmc_basic",
            "new.example.net",
            false,
            "The CA may revoke",
            "within 72 hours",
        ),
        (
            "vmc_basic",
            "new.example.net",
            false,
            "Removed from the order: old.example.net",
            "No name is removed",
        ),
        (
            "code_signing",
            "new.example.net",
            false,
            "The documentation does not say",
            "Removed from the order",
        ),
    ] {
        let of = order(name_id, &["shop.example.net", "old.example.net"]);
        let asked = names(&["shop.example.net", asked]);
        let effect = reissue::effect(&of, &[], "shop.example.net", &asked, as_duplicate, TODAY);
        let said = effect.sentences.join("\n");
        assert!(said.contains(has), "{name_id} {asked:?}: {said}");
        assert!(!said.contains(lacks), "{name_id} {asked:?}: {said}");
    }
}

#[test]
fn an_order_serves_as_a_source_up_to_its_last_day_and_for_what_it_covers() {
    let wanted = |all: &[&str]| all.iter().map(ToString::to_string).collect();
    for (status, covers, product, own, asked, serves) in [
        (
            OrderStatus::Issued,
            days(0),
            "ssl_plus",
            "shop.example.net",
            "shop.example.net",
            true,
        ),
        (
            OrderStatus::Issued,
            days(-1),
            "ssl_plus",
            "shop.example.net",
            "shop.example.net",
            false,
        ),
        (
            OrderStatus::Pending,
            days(9),
            "ssl_plus",
            "shop.example.net",
            "shop.example.net",
            false,
        ),
        (
            OrderStatus::Issued,
            days(9),
            "ssl_plus",
            "shop.example.net",
            "other.example.net",
            false,
        ),
        (
            OrderStatus::Issued,
            days(9),
            "ssl_wildcard",
            "*.example.net",
            "a.example.net",
            true,
        ),
        // Of another product a wildcard is one of its names, and no more.
        (
            OrderStatus::Issued,
            days(9),
            "ssl_multi_domain",
            "*.example.net",
            "a.example.net",
            false,
        ),
        (
            OrderStatus::Issued,
            days(9),
            "ssl_wildcard",
            "*.example.net",
            "a.example.org",
            false,
        ),
    ] {
        let mut row = testing::row(1, own, &[], days(9), covers);
        row.status = status.clone();
        row.product.name_id = product.into();
        let asked = if own.starts_with('*') {
            vec![own, asked]
        } else {
            vec![asked]
        };
        let rows = [row];
        let found = renew::sources(&rows, &wanted(&asked), None, TODAY);
        assert_eq!(
            found.len(),
            usize::from(serves),
            "{status:?} {covers} {product} {asked:?}"
        );
        assert!(renew::sources(&rows, &wanted(&[]), None, TODAY).is_empty());
    }
}
