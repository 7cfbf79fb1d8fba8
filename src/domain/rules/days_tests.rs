//! Ends and lengths at their limits: the last day that passes, and the first that does not.

use jiff::civil::{Date, date};

use super::super::order::{Certificate, Order, Role};
use super::reissue::{Ask, Validity};
use super::table_tests::{ADVISES, BLOCKS, TODAY, good_csr, order};
use super::*;

/// The last day of a public TLS certificate that is issued today (199 days).
const LATEST: Date = date(2027, 6, 6);

#[test]
fn days_count_to_the_limit_and_not_beyond() {
    let good = good_csr("shop.example.net");
    let weight = |order: &Order, validity| {
        let ask = Ask {
            common_name: "shop.example.net",
            csr: Some(&good),
            hash: "sha256",
            validity: Some(validity),
            ..Ask::default()
        };
        let ruling = reissue::check_reissue(order, None, &ask, TODAY);
        let mut found = ruling
            .findings
            .into_iter()
            .filter(|finding| finding.field == Some(FieldId::Validity));
        found.next().map(|finding| finding.weight)
    };
    let plan = |name_id: &str, covers: Date| Order {
        is_plan: true,
        order_valid_till: Some(covers),
        ..order(name_id, &["shop.example.net"])
    };
    let tls = plan("ssl_plus", date(2029, 1, 1));
    for (validity, wanted) in [
        (Validity::Days(0), Some(BLOCKS)),
        (Validity::Days(2), None),
        (Validity::Days(198), None),
        (Validity::Days(199), None),
        (Validity::Days(200), Some(ADVISES)),
        (Validity::Days(u32::MAX), Some(ADVISES)),
        (Validity::Years(0), Some(BLOCKS)),
        (Validity::Years(1), Some(ADVISES)),
        (Validity::Years(2), Some(BLOCKS)),
        (Validity::End(date(2026, 11, 19)), Some(BLOCKS)),
        (Validity::End(TODAY), Some(BLOCKS)),
        (Validity::End(date(2026, 11, 21)), None),
        (Validity::End(LATEST), None),
        (Validity::End(date(2027, 6, 7)), Some(ADVISES)),
    ] {
        assert_eq!(weight(&tls, validity), wanted, "{validity:?}");
        let fixed = Order {
            is_plan: false,
            ..tls.clone()
        };
        assert_eq!(
            weight(&fixed, validity),
            Some(ADVISES),
            "no plan, {validity:?}"
        );
    }
    // The plan's own end cuts too, and private certificates have no limit of the industry.
    let short = plan("ssl_plus", date(2027, 1, 31));
    assert_eq!(weight(&short, Validity::End(date(2027, 1, 31))), None);
    assert_eq!(
        weight(&short, Validity::End(date(2027, 2, 1))),
        Some(ADVISES)
    );
    let private = plan("private_ssl_plus", date(2029, 1, 1));
    assert_eq!(weight(&private, Validity::Days(500)), None);
}

#[test]
fn a_duplicate_is_told_to_be_cut_by_the_industry_when_the_original_lives_longer() {
    let good = good_csr("shop.example.net");
    let found = |original: Date, covers: Date, asked: Option<Date>| {
        let mut copied = order("ssl_plus", &["shop.example.net"]);
        copied.certificate.valid_till = Some(original);
        copied.order_valid_till = Some(covers);
        let ask = duplicate::Ask {
            common_name: "shop.example.net",
            csr: Some(&good),
            hash: "sha256",
            end: asked,
            ..duplicate::Ask::default()
        };
        let ruling = duplicate::check_duplicate(&copied, None, &ask, TODAY);
        let mut found = ruling
            .findings
            .into_iter()
            .filter(|finding| finding.field == Some(FieldId::EndDate));
        let first = found.next().map(|finding| (finding.weight, finding.reason));
        first.map(|(weight, reason)| match reason {
            Reason::Cut(end) => (weight, "cut", end.date),
            Reason::EndsSoon { latest, .. } => (weight, "soon", latest),
            Reason::End(_) => (weight, "end", TODAY),
            other => panic!("{other:?}"),
        })
    };
    let covers = date(2029, 1, 1);
    let cut = Some((ADVISES, "cut", LATEST));
    for (original, covers, asked, wanted) in [
        (LATEST, covers, None, None),
        (date(2027, 6, 7), covers, None, cut),
        (date(2027, 12, 1), covers, None, cut),
        (date(2027, 12, 1), covers, Some(LATEST), None),
        (date(2027, 12, 1), covers, Some(date(2027, 6, 7)), cut),
        (
            date(2027, 12, 1),
            covers,
            Some(TODAY),
            Some((BLOCKS, "end", TODAY)),
        ),
        // The order ends first.
        (date(2027, 12, 1), date(2027, 1, 31), None, None),
        // The original ends first: soon, and later could be had.
        (date(2026, 12, 21), covers, None, None),
        (
            date(2026, 12, 20),
            covers,
            None,
            Some((ADVISES, "soon", LATEST)),
        ),
        (TODAY, covers, None, Some((ADVISES, "soon", LATEST))),
        (date(2026, 12, 20), date(2026, 12, 20), None, None),
        (
            date(2026, 12, 19),
            date(2026, 12, 20),
            None,
            Some((ADVISES, "soon", date(2026, 12, 20))),
        ),
    ] {
        assert_eq!(
            found(original, covers, asked),
            wanted,
            "{original} {covers} {asked:?}"
        );
    }
}

#[test]
fn a_certificate_lives_through_its_last_day() {
    let shop = order("ssl_multi_domain", &["shop.example.net", "www.example.net"]);
    let carrying = |id: u64, ends: Date| -> Certificate {
        testing::certificate(
            id,
            Role::Duplicate(None),
            "www.example.net",
            &["www.example.net"],
            ends,
        )
    };
    for (ends, touched) in [(date(2026, 11, 19), 1), (TODAY, 2), (date(2026, 11, 21), 2)] {
        let others = [carrying(2, ends)];
        let effect = reissue::effect(&shop, &others, "shop.example.net", &[], false, TODAY);
        assert_eq!(effect.touched.len(), touched, "{ends}");
    }
}
