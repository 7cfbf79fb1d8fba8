//! Rules of duplicates and reissues on orders of every kind that matters to them.

use jiff::civil::{Date, date};
use rstest::rstest;

use super::super::csr::{self, Csr};
use super::super::order::{Order, Role};
use super::super::product::{Choice, Ica, Platform, Product};
use super::super::status::{CertificateStatus, OrderStatus};
use super::reissue::Validity;
use super::*;
use crate::domain::testing as real;

const TODAY: Date = date(2026, 11, 20);
const ENDS: Date = date(2027, 3, 1);
const COVERS: Date = date(2027, 9, 1);

fn order(name_id: &str, names: &[&str]) -> Order {
    testing::order(name_id, names[0], names, ENDS, COVERS)
}

fn request(name: &str) -> Csr {
    let subject = format!("/CN={name}");
    csr::read(&real::csr(&subject, &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]).0).unwrap()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn told<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<(Option<FieldId>, String)> {
    findings
        .map(|finding| (finding.field, finding.reason.to_string()))
        .collect()
}

fn duplicate(order: &Order, common_name: &str, dns_names: &[&str]) -> Ruling {
    let csr = request(common_name);
    let ask = duplicate::Ask {
        common_name,
        dns_names: &names(dns_names),
        csr: Some(&csr),
        hash: "sha256",
        ..duplicate::Ask::default()
    };
    duplicate::check_duplicate(order, None, &ask, TODAY)
}

fn reissue_with(order: &Order, change: impl FnOnce(&mut reissue::Ask<'_>)) -> Ruling {
    let csr = request("shop.example.net");
    let others = names(&["www.example.net"]);
    let mut ask = reissue::Ask {
        common_name: "shop.example.net",
        dns_names: &others,
        csr: Some(&csr),
        hash: "sha256",
        ..reissue::Ask::default()
    };
    change(&mut ask);
    reissue::check_reissue(order, None, &ask, TODAY)
}

fn shop() -> Order {
    order("ssl_multi_domain", &["shop.example.net", "www.example.net"])
}

#[test]
fn a_plain_duplicate_and_a_plain_reissue_find_nothing_to_say() {
    assert_eq!(
        duplicate(&shop(), "shop.example.net", &["WWW.example.net"]),
        Ruling::default()
    );
    assert_eq!(reissue_with(&shop(), |_| {}), Ruling::default());
}

#[rstest]
#[case("ssl_plus", &["a.example", "www.a.example"], "www.a.example", &["a.example"], Some(FieldId::CommonName))]
#[case("ssl_multi_domain", &["a.example", "b.example"], "c.example", &["a.example", "b.example"], Some(FieldId::CommonName))]
#[case("ssl_multi_domain", &["a.example", "b.example"], "a.example", &["b.example", "c.example"], Some(FieldId::Names))]
#[case("ssl_wildcard", &["*.a.example", "a.example"], "*.a.example", &["a.example", "x.b.example"], Some(FieldId::Names))]
#[case("ssl_plus", &["a.example"], "a.example", &["http://a.example"], Some(FieldId::Names))]
fn names_that_a_duplicate_may_not_have_block_once(
    #[case] product: &str,
    #[case] own: &[&str],
    #[case] common_name: &str,
    #[case] others: &[&str],
    #[case] field: Option<FieldId>,
) {
    let ruling = duplicate(&order(product, own), common_name, others);
    let blocking: Vec<Option<FieldId>> = ruling.blocking().map(|finding| finding.field).collect();
    assert_eq!(blocking, [field], "{ruling:?}");
}

#[rstest]
#[case("ssl_multi_domain", &["a.example", "b.example"], "b.example", &["a.example"])]
#[case("ssl_wildcard", &["*.a.example", "a.example"], "*.a.example", &["a.example", "x.a.example", "x.y.a.example"])]
#[case("private_ssl_wildcard", &["*.a.example"], "*.a.example", &["x.a.example"])]
fn names_that_a_duplicate_may_have_pass(
    #[case] product: &str,
    #[case] own: &[&str],
    #[case] common_name: &str,
    #[case] others: &[&str],
) {
    let ruling = duplicate(&order(product, own), common_name, others);
    assert!(ruling.allowed(), "{ruling:?}");
}

#[test]
fn a_duplicate_that_leaves_names_out_is_advised_and_an_ev_form_leaves_the_bare_domain_out_itself() {
    let ruling = duplicate(&shop(), "shop.example.net", &[]);
    assert!(ruling.allowed());
    assert!(
        told(
            ruling
                .advice()
                .filter(|finding| finding.field == Some(FieldId::Names))
        )[0]
        .1
        .starts_with("excluded: www.example.net.")
    );
    let ev = order("ssl_ev_plus", &["www.a.example", "a.example"]);
    let (common_name, others) = duplicate::prefill(&ev);
    assert_eq!((common_name.as_str(), others.len()), ("www.a.example", 0));
    assert_eq!(duplicate(&ev, &common_name, &[]), Ruling::default());
}

#[rstest]
#[case(OrderStatus::Pending, true)]
#[case(OrderStatus::Revoked, true)]
#[case(OrderStatus::Expired, true)]
#[case(OrderStatus::Other("on_hold".into()), true)]
#[case(OrderStatus::ReissuePending, false)]
fn only_issued_orders_are_duplicated(#[case] status: OrderStatus, #[case] blocks: bool) {
    let order = Order { status, ..shop() };
    let ruling = duplicate::may_duplicate(&order, None, TODAY);
    assert_eq!((ruling.allowed(), ruling.findings.len()), (!blocks, 1));
}

#[test]
fn order_and_product_can_forbid_duplicates() {
    let order = Order {
        allow_duplicates: Some(false),
        ..shop()
    };
    let ruling = duplicate::may_duplicate(&order, None, TODAY);
    assert_eq!(ruling.findings[0].reason, Reason::OrderForbidsDuplicates);
    let product = Product {
        duplicates_allowed: Some(false),
        ..Product::default()
    };
    let ruling = duplicate::may_duplicate(&shop(), Some(&product), TODAY);
    assert!(matches!(
        ruling.findings[0].reason,
        Reason::ProductForbidsDuplicates(_)
    ));
}

#[test]
fn an_order_near_its_end_over_or_renewed_says_so() {
    let at = |covers| {
        let order = Order {
            order_valid_till: Some(covers),
            ..shop()
        };
        duplicate::may_duplicate(&order, None, TODAY)
            .findings
            .remove(0)
    };
    assert_eq!(at(date(2026, 11, 19)).weight, Weight::Blocks);
    assert_eq!(
        at(date(2026, 11, 25)).reason,
        Reason::OrderEndsSoon {
            days: 5,
            renewable: true
        }
    );
    let order = Order {
        renewed_by: Some(OrderId(9)),
        is_renewed: true,
        ..shop()
    };
    let ruling = reissue::may_reissue(&order, TODAY);
    assert!(told(ruling.advice())[0].1.contains("by order 9"));
}

#[test]
fn values_that_the_product_does_not_offer_block() {
    let product = Product {
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
    };
    let csr = request("shop.example.net");
    let others = names(&["www.example.net"]);
    let mut ask = duplicate::Ask {
        common_name: "shop.example.net",
        dns_names: &others,
        csr: Some(&csr),
        hash: "SHA256",
        ca_cert_id: Some("0a1b"),
        platform: Some(45),
        end: None,
    };
    let check =
        |ask: &duplicate::Ask<'_>| duplicate::check_duplicate(&shop(), Some(&product), ask, TODAY);
    assert_eq!(check(&ask), Ruling::default());
    (ask.hash, ask.ca_cert_id, ask.platform) = ("sha512", Some("FFFF"), Some(2));
    let fields: Vec<Option<FieldId>> = check(&ask)
        .blocking()
        .map(|finding| finding.field)
        .collect();
    let wanted = [FieldId::Hash, FieldId::Ica, FieldId::Platform];
    assert_eq!(fields, wanted.map(Some));
    (ask.hash, ask.ca_cert_id, ask.platform) = ("sha256", None, Some(-1));
    assert!(check(&ask).allowed());
}

#[test]
fn code_signing_wants_a_platform_sha256_and_a_long_key() {
    let order = order("code_signing", &["Example GmbH"]);
    let csr = csr::read(&real::csr("/CN=Example", &["rsa:2048"]).0).unwrap();
    let ask = duplicate::Ask {
        csr: Some(&csr),
        hash: "sha384",
        ..duplicate::Ask::default()
    };
    let ruling = duplicate::check_duplicate(&order, None, &ask, TODAY);
    let fields: Vec<Option<FieldId>> = ruling.blocking().map(|finding| finding.field).collect();
    let wanted = [FieldId::Csr, FieldId::Hash, FieldId::Platform];
    assert_eq!(fields, wanted.map(Some));
}

#[test]
fn the_csr_is_required_and_its_other_names_and_old_key_are_told() {
    let ruling = reissue_with(&shop(), |ask| ask.csr = None);
    assert_eq!(
        told(ruling.blocking()),
        [(Some(FieldId::Csr), "a CSR is required".to_owned())]
    );
    let mut order = shop();
    let csr = request("other.example.net");
    order.certificate.csr = Some(crate::domain::order::CsrText(csr.pem()));
    let others = names(&["www.example.net"]);
    let ask = reissue::Ask {
        common_name: "shop.example.net",
        dns_names: &others,
        csr: Some(&csr),
        hash: "sha256",
        ..reissue::Ask::default()
    };
    let ruling = reissue::check_reissue(&order, None, &ask, TODAY);
    let reasons: Vec<&Reason> = ruling.advice().map(|finding| &finding.reason).collect();
    assert_eq!(
        reasons,
        [
            &Reason::CsrNamesIgnored(names(&["other.example.net"])),
            &Reason::CsrUsedBefore
        ]
    );
}

#[test]
fn an_end_that_will_be_cut_is_told_and_one_in_the_past_blocks() {
    let check = |end| {
        let csr = request("shop.example.net");
        let others = names(&["www.example.net"]);
        let ask = duplicate::Ask {
            common_name: "shop.example.net",
            dns_names: &others,
            csr: Some(&csr),
            hash: "sha256",
            end: Some(end),
            ..duplicate::Ask::default()
        };
        duplicate::check_duplicate(&shop(), None, &ask, TODAY)
    };
    let cut = check(date(2027, 8, 1));
    assert!(
        told(cut.advice())[0]
            .1
            .contains("will be shortened to 2027-06-06"),
        "{cut:?}"
    );
    assert!(!check(TODAY).allowed());
    assert_eq!(check(date(2027, 6, 6)), Ruling::default());
}

#[test]
fn a_reissue_waits_for_the_one_before_and_leaves_unknown_products_alone() {
    let pending = Order {
        status: OrderStatus::ReissuePending,
        ..shop()
    };
    assert_eq!(
        reissue::may_reissue(&pending, TODAY).findings[0].reason,
        Reason::ReissuePending
    );
    for known in ["code_signing", "secure_email_sponsor", "vmc_basic"] {
        assert!(reissue::may_reissue(&order(known, &["Example"]), TODAY).allowed());
    }
    let mut unknown = order("brand_new", &["Example"]);
    unknown.product.kind = "brand_new".into();
    assert!(!reissue::may_reissue(&unknown, TODAY).allowed());
    let lapsed = Order {
        status: OrderStatus::Expired,
        ..shop()
    };
    let ruling = reissue::may_reissue(&lapsed, TODAY);
    assert!(ruling.allowed() && ruling.findings[0].reason == Reason::CertificateEnded(COVERS));
}

#[test]
fn validity_counts_on_plan_orders_only_and_within_limits() {
    let plan = Order {
        is_plan: true,
        ..shop()
    };
    let reason = |order: &Order, validity| {
        let ruling = reissue_with(order, |ask| ask.validity = Some(validity));
        ruling
            .findings
            .first()
            .map(|finding| (finding.weight, finding.reason.to_string()))
    };
    assert_eq!(
        reason(&shop(), Validity::Days(30)).unwrap().0,
        Weight::Advises
    );
    assert_eq!(reason(&plan, Validity::Days(199)), None);
    assert!(
        reason(&plan, Validity::Days(200))
            .unwrap()
            .1
            .contains("199")
    );
    assert_eq!(reason(&plan, Validity::Days(0)).unwrap().0, Weight::Blocks);
    assert_eq!(reason(&plan, Validity::Years(2)).unwrap().0, Weight::Blocks);
    assert!(
        reason(&plan, Validity::Years(1))
            .unwrap()
            .1
            .contains("shortened to 2027-06-06")
    );
    assert_eq!(
        reason(&plan, Validity::End(TODAY)).unwrap().0,
        Weight::Blocks
    );
}

#[test]
fn what_gets_lost_or_ignored_in_a_reissue_is_told() {
    let lost = reissue_with(&shop(), |ask| {
        (ask.comments, ask.skip_approval) = ("please", true);
    });
    assert_eq!(lost.findings[0].reason, Reason::CommentLost);
    let private = order("private_ssl_plus", &["shop.example.net", "www.example.net"]);
    let stored = reissue_with(&private, |ask| ask.store_as_duplicate = true);
    assert_eq!(stored.findings[0].reason, Reason::CannotStore);
    let wildcard = order("ssl_wildcard", &["*.example.net"]);
    let ruling = reissue_with(&wildcard, |ask| {
        (ask.common_name, ask.dcv_method) = ("*.example.net", Some("http-token"));
    });
    let fields: Vec<_> = ruling.blocking().map(|finding| finding.field).collect();
    assert!(fields.contains(&Some(FieldId::Dcv)));
}

#[test]
fn names_added_by_a_reissue_are_told_and_block_where_the_product_takes_none() {
    let order = shop();
    let others = names(&["www.example.net", "new.example.net"]);
    let csr = request("shop.example.net");
    let ask = reissue::Ask {
        common_name: "shop.example.net",
        dns_names: &others,
        csr: Some(&csr),
        hash: "sha256",
        ..reissue::Ask::default()
    };
    let added = reissue::check_reissue(&order, None, &ask, TODAY);
    assert_eq!(
        added.findings[0].reason,
        Reason::NamesAdded(names(&["new.example.net"]))
    );
    let single = Product {
        additional_names: Some(false),
        ..Product::default()
    };
    assert!(!reissue::check_reissue(&order, Some(&single), &ask, TODAY).allowed());
}

#[test]
fn a_reissue_has_wildcards_where_the_product_takes_them() {
    let refused = |name_id: &str, own: &[&str], wanted: &[&str]| {
        let (order, wanted) = (order(name_id, own), names(wanted));
        let ask = reissue::Ask {
            common_name: "shop.example.net",
            dns_names: &wanted,
            hash: "sha256",
            ..reissue::Ask::default()
        };
        let ruling = reissue::check_reissue(&order, None, &ask, TODAY);
        told(ruling.blocking())
            .into_iter()
            .any(|(field, said)| field == Some(FieldId::Names) && said.contains("is a wildcard"))
    };
    let plain = ["shop.example.net"];
    for name_id in [
        "ssl_ev_basic",
        "ssl_ev_securesite_flex",
        "ssl_ev_plus",
        "ssl_multi_domain",
    ] {
        assert!(refused(name_id, &plain, &["*.example.net"]), "{name_id}");
        // What the order has got, the account has allowed.
        let has = ["shop.example.net", "*.example.net"];
        assert!(!refused(name_id, &has, &["*.example.net"]), "{name_id}");
    }
    for name_id in [
        "ssl_basic",
        "ssl_securesite_flex",
        "ssl_cloud_wildcard",
        "private_ssl_flex",
    ] {
        assert!(!refused(name_id, &plain, &["*.example.net"]), "{name_id}");
    }
}

#[test]
fn dropping_a_name_lists_every_living_certificate_that_carries_it() {
    let order = shop();
    let carrying = |id, role, own: &[&str], ends| {
        testing::certificate(id, role, "shop.example.net", own, ends)
    };
    let both = ["shop.example.net", "www.example.net"];
    let living = carrying(2, Role::Duplicate(Some("001".into())), &both, ENDS);
    let over = carrying(3, Role::Reissue, &both, date(2026, 1, 1));
    let without = carrying(4, Role::Duplicate(None), &["shop.example.net"], ENDS);
    let mut revoked = carrying(5, Role::Duplicate(None), &both, ENDS);
    revoked.status = Some(CertificateStatus::Revoked);
    let primary_again = carrying(1, Role::Primary, &both, ENDS);
    let others = [living, over, without, revoked, primary_again];

    let effect = reissue::effect(&order, &others, "shop.example.net", &[], false, TODAY);
    assert_eq!(effect.names.dropped, ["www.example.net"]);
    let touched: Vec<&str> = effect
        .touched
        .iter()
        .map(|touched| touched.what.as_str())
        .collect();
    assert_eq!(touched, ["primary", "duplicate 001"]);
    assert!(effect.dangerous);
    let text = effect.sentences.join(" ");
    assert!(
        text.contains("www.example.net") && text.contains("within 72 hours"),
        "{text}"
    );
    // All that is alive is revoked, also what does not carry the name that goes.
    let all = ["primary", "duplicate 001", "duplicate"];
    let told = text.split_once("Revoked then: ").unwrap().1;
    assert!(all.iter().all(|what| told.contains(what)), "{told}");

    let kept = names(&["www.example.net", "new.example.net"]);
    let harmless = reissue::effect(&order, &others, "shop.example.net", &kept, false, TODAY);
    assert!(!harmless.dangerous && harmless.touched.is_empty());
    assert!(harmless.sentences.join(" ").contains("nothing is revoked"));
    let beside = reissue::effect(&order, &others, "shop.example.net", &[], true, TODAY);
    assert!(!beside.dangerous && beside.touched.len() == 2);
    let text = beside.sentences.join(" ");
    assert!(
        text.contains("A duplicate never makes DigiCert revoke"),
        "{text}"
    );
}

#[test]
fn a_dropped_wildcard_takes_the_names_below_it_along() {
    let order = order("ssl_wildcard", &["*.a.example", "a.example"]);
    let extra = testing::certificate(2, Role::Duplicate(None), "x.a.example", &[], ENDS);
    let dropped = reissue::effect(
        &order,
        std::slice::from_ref(&extra),
        "a.example",
        &[],
        false,
        TODAY,
    );
    assert_eq!(dropped.touched[1].names, ["x.a.example"]);
    let kept = reissue::effect(
        &order,
        &[extra],
        "*.a.example",
        &names(&["a.example"]),
        false,
        TODAY,
    );
    assert!(kept.touched.is_empty() && !kept.dangerous);
}

#[rstest]
#[case(0, "today")]
#[case(1, "in 1 day")]
#[case(12, "in 12 days")]
fn a_copy_of_a_certificate_that_ends_soon_is_told_to_end_as_soon(
    #[case] days: i64,
    #[case] when: &str,
) {
    use jiff::ToSpan as _;
    let mut order = shop();
    order.certificate.valid_till = Some(TODAY.saturating_add(days.days()));
    order.order_valid_till = Some(TODAY.saturating_add(300.days()));
    let csr = request("shop.example.net");
    let mut ask = duplicate::Ask {
        common_name: &order.certificate.common_name.clone(),
        dns_names: &order.certificate.dns_names.clone(),
        csr: Some(&csr),
        hash: "sha256",
        ..duplicate::Ask::default()
    };
    let said = |ruling: &Ruling| {
        told(ruling.advice())
            .into_iter()
            .any(|(field, words)| field == Some(FieldId::EndDate) && words.contains(when))
    };
    assert!(said(&duplicate::check_duplicate(&order, None, &ask, TODAY)));
    ask.end = Some(TODAY.saturating_add(100.days()));
    assert!(!said(&duplicate::check_duplicate(
        &order, None, &ask, TODAY
    )));
}

/// An order and a name that is new to it; by which method, and what stands in the way of the names and of the method.
#[rstest]
#[case("ssl_multi_domain", "8.8.8.8", None, "", "")]
#[case("ssl_multi_domain", "8.8.8.8", Some("http-token"), "", "")]
#[case(
    "ssl_multi_domain",
    "8.8.8.8",
    Some("dns-txt-token"),
    "",
    "validated by a file"
)]
#[case(
    "ssl_multi_domain",
    "8.8.8.8",
    Some("email"),
    "",
    "validated by a file"
)]
#[case(
    "ssl_multi_domain",
    "10.0.0.7",
    None,
    "a private or reserved IP address",
    ""
)]
#[case("ssl_ev_multi_domain", "8.8.8.8", None, "only host names", "")]
#[case("private_ssl_multi_domain", "10.0.0.7", None, "", "")]
fn an_address_is_a_name_where_the_product_takes_it_and_proven_by_a_file(
    #[case] product: &str,
    #[case] address: &str,
    #[case] method: Option<&str>,
    #[case] of_name: &str,
    #[case] of_method: &str,
) {
    let order = order(product, &["shop.example.net"]);
    let asked = names(&[address]);
    let csr = request("shop.example.net");
    let ask = reissue::Ask {
        common_name: "shop.example.net",
        dns_names: &asked,
        csr: Some(&csr),
        hash: "sha256",
        dcv_method: method,
        ..reissue::Ask::default()
    };
    let ruling = reissue::check_reissue(&order, None, &ask, TODAY);
    let said = |field| {
        let found = told(ruling.blocking()).into_iter();
        let texts = found
            .filter(|(at, _)| *at == Some(field))
            .map(|(_, text)| text);
        texts.collect::<Vec<_>>().join("; ")
    };
    for (field, wanted) in [(FieldId::Names, of_name), (FieldId::Dcv, of_method)] {
        let said = said(field);
        assert_eq!(said.is_empty(), wanted.is_empty(), "{said}");
        assert!(said.contains(wanted), "{said}");
    }
}
