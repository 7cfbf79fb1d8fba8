//! What a filter lets through, and what is said of one that is not understood.

use super::filter::{Beside, Filter};
use crate::app::account::Domains;
use crate::app::account::rows::{Bits, Orders};
use crate::app::engine::Engine;
use crate::app::field::{FieldKind, TextField};
use crate::app::orders::OrdersScreen;
use crate::app::testing::{date, summary};
use crate::domain::ids::OrderId;
use crate::domain::order::Organization;
use crate::domain::packed::Rows;
use crate::domain::status::OrderStatus;
use proptest::prelude::*;
use rstest::rstest;

fn account() -> Orders {
    let mut orders = Orders::default();
    let mut a = summary(101, "shop.example.net");
    a.dns_names = vec!["shop.example.net".into(), "www.shop.example.net".into()];
    a.valid_till = Some(date("2026-12-11"));
    a.order_valid_till = Some(date("2027-06-29"));
    a.duplicates = 2;
    let mut b = summary(102, "*.example.org");
    b.product.name_id = "ssl_wildcard".into();
    b.product.name = "Wildcard SSL".into();
    b.valid_till = Some(date("2027-03-01"));
    b.order_valid_till = Some(date("2027-03-01"));
    let mut c = summary(203, "");
    c.dns_names = vec!["ada@xn--bcher-kva.example".into()];
    c.status = OrderStatus::Revoked;
    c.valid_till = None;
    c.order_valid_till = None;
    c.organization = Some(Organization {
        name: "株式会社サンドボックス".into(),
        ..Organization::default()
    });
    let mut d = summary(304, "shop.xn--bcher-kva.example");
    d.status = OrderStatus::Canceled;
    d.valid_till = None;
    d.order_valid_till = None;
    d.product.name = "Cloud".into();
    d.product.name_id = "ssl_cloud".into();
    let mut over = summary(405, "old.example.com");
    over.valid_till = Some(date("2025-01-31"));
    over.order_valid_till = Some(date("2025-01-31"));
    orders.upsert(&Rows::from_iter(vec![a, b, c, d, over]));
    orders
}

fn found(text: &str) -> Vec<u64> {
    let orders = account();
    let beside = Beside {
        today: date("2026-11-20"),
        marked: &|id| id.0 == 102,
        waiting: &|_| false,
        replacing: &|_| false,
        domains: &Domains::default(),
        served: &|_| Bits::none(orders.len()),
    };
    let found = Filter::parse(text, &[]).unwrap();
    let found = found.apply(&orders, beside, Bits::all(orders.len()));
    let rows = (0..).zip(orders.rows());
    rows.filter(|(place, _)| found.has(*place))
        .map(|(_, row)| row.id.0)
        .collect()
}

#[rstest]
#[case("", &[101, 102, 203, 304, 405])]
#[case("WWW.shop", &[101])]
#[case("10", &[101, 102])]
#[case("wildcard", &[102])]
#[case("サンド", &[203])]
#[case("bücher", &[203, 304])]
#[case("Bücher.example", &[203, 304])]
// A part of it finds all that the whole does, in an email address, too.
#[case("büch", &[203, 304])]
#[case("bücher -büch", &[])]
#[case("da@büch", &[203])]
#[case("name:*@bücher.example", &[203])]
#[case("status:revoked", &[203])]
#[case("-status:revoked", &[101, 102, 304, 405])]
#[case("ends<30d", &[101, 405])]
#[case("expires<30d", &[101, 405])]
#[case("ends>2026-12-31", &[102])]
#[case("covers>180d", &[101])]
#[case("product:ssl_wild", &[102])]
#[case("name:*.example.net", &[101])]
#[case("name:*.bücher.example", &[304])]
#[case("name:*.example.org", &[102])]
#[case("dup>1", &[101])]
#[case("is:marked", &[102])]
#[case("is:due", &[101])]
#[case("due:reissue", &[101])]
#[case("due:renew", &[102, 405])]
#[case("due:any", &[101, 102, 405])]
#[case("due:overdue", &[])]
#[case("blocked", &[])]
#[case("-due:blocked done", &[])]
#[case("id:203 status:rev", &[203])]
#[case("shop nothing", &[])]
#[case("0a000000", &[101, 102, 203, 304, 405])]
#[case("00:00:66", &[102])]
#[case("serial:66", &[102])]
// No digits of a serial number, though some of its letters are.
#[case("zone-000000", &[])]
// A number is found by any of its digits, a serial number by six.
#[case("04", &[304])]
#[case("id:04", &[304])]
#[case("id=04", &[])]
#[case("00066", &[])]
#[case("000066", &[102])]
// What has ended has ended before any later day, however that is written.
#[case("expires<2026-12-20", &[101, 405])]
#[case("ends<2026-12-20", &[101, 405])]
#[case("ends<=21d", &[101, 405])]
#[case("ends<21d", &[405])]
#[case("ends>=0d ends<30d", &[101])]
#[case("ends>=21d", &[101, 102])]
#[case("ends>21d", &[102])]
#[case("ends=21d", &[101])]
#[case("ends==2026-12-11", &[101])]
#[case("ends!=21d", &[102, 203, 304, 405])]
#[case("ends < 30 days", &[101, 405])]
#[case("dup>=2", &[101])]
#[case("dup>2", &[])]
#[case("dup<=0 status:issued", &[102, 405])]
#[case("duplicates!=0", &[101])]
#[case("status!=issued", &[203, 304])]
#[case("status=revoked", &[203])]
#[case("-status!=revoked", &[203])]
#[case("name=shop.example.net", &[101])]
#[case("name=example.net", &[])]
#[case("domain:example.net", &[101])]
#[case("domain=EXAMPLE.net.", &[101])]
#[case("domain:shop.example.net", &[101])]
#[case("domain:xample.net", &[])]
#[case("domain:example", &[203, 304])]
#[case("domain:bücher.example", &[203, 304])]
#[case("domain:example.org", &[102])]
#[case("-domain:example.net domain:net", &[])]
#[case("product=cloud", &[304])]
#[case("product=clou", &[])]
fn filters(#[case] text: &str, #[case] expected: &[u64]) {
    assert_eq!(found(text), expected, "{text}");
}

#[rstest]
#[case("ends<soon", "soon", "needs days")]
#[case("ends<30x", "30x", "unknown unit x")]
#[case("ends<30x shop", "30x", "unknown unit x")]
#[case("shop colour:red", "colour", "unknown field")]
#[case("statsu:issued", "statsu", "did you mean status?")]
#[case("status:isued", "isued", "did you mean issued?")]
#[case("status=issue", "issue", "did you mean issued?")]
#[case("status:issued status:revokd", "revokd", "did you mean revoked?")]
#[case("is:pretty", "pretty", "use due, waiting")]
#[case("is:du", "du", "did you mean due?")]
#[case("dup>many", "many", "needs a number")]
#[case("dup>-1", "-1", "needs a number")]
#[case("status:", "status:", "needs a value")]
#[case("status<issued", "status", "is not a number")]
#[case("name>a", "name", "is not a number")]
#[case("serial:xyz", "xyz", "hexadecimal")]
#[case("id:12a", "12a", "digits")]
fn what_is_not_understood_is_told_at_its_word(
    #[case] text: &str,
    #[case] word: &str,
    #[case] why: &str,
) {
    let error = Filter::parse(text, &[]).unwrap_err();
    assert_eq!(error.word, word, "{text}");
    assert!(
        text[error.at.clone()].starts_with(word),
        "{text}: {error:?}"
    );
    assert!(error.why.contains(why), "{text}: {error}");
}

#[test]
fn a_state_that_only_this_account_has_is_known() {
    let told = [OrderStatus::parse("on_hold")];
    assert!(Filter::parse("status:on_hold", &[]).is_err());
    assert!(Filter::parse("status:on", &told).is_ok());
}

#[test]
fn a_state_is_found_by_the_words_of_the_list() {
    for status in OrderStatus::KNOWN {
        for word in [status.as_str(), status.label(), status.short()] {
            let text = format!("status=\"{word}\"");
            assert!(Filter::parse(&text, &[]).is_ok(), "{text}");
        }
    }
}

proptest! {
    /// While a filter is typed, deleted and typed on, and rows, marks and the day change: the list is what it is to one who
    /// comes with the whole text.
    #[test]
    fn a_filter_typed_letter_by_letter_finds_what_it_finds_at_once(
        names in prop::collection::vec("[ab.]{0,3}(xn--bcher-kva|ab12ef|12)?[ab.]{0,3}", 1..40),
        steps in prop::collection::vec(
            prop_oneof![
                12 => "[ab.1 2ef:\"*u\u{fc}-]".prop_map(Step::Typed),
                2 => prop::sample::select(vec!["is:marked", "is:waiting", "name:", "expires<9d", "-b"])
                    .prop_map(|term| Step::Typed(format!(" {term}"))),
                2 => Just(Step::Deleted),
                1 => (0..40u64).prop_map(Step::Marked),
                1 => (0..40u64).prop_map(Step::Came),
                1 => Just(Step::NextDay),
            ],
            1..40,
        ),
    ) {
        let mut engine = Engine::new(String::new(), jiff::Timestamp::UNIX_EPOCH);
        let row = |id: u64, name: &str| {
            let mut row = summary(id, name);
            row.serial = Some(format!("AB12EF{id:02X}"));
            row.valid_till = Some(date("2026-11-20").saturating_add(jiff::Span::new().days(id as i64 % 20)));
            row
        };
        let rows = (0..).zip(&names).map(|(id, name)| row(id, name));
        engine.account.orders.upsert(&rows.collect());
        let mut today = date("2026-11-20");
        let mut screen = OrdersScreen::default();
        screen.rebuild(&engine, today);
        let mut text = String::new();
        for step in steps {
            match step {
                Step::Typed(typed) => text.push_str(&typed),
                Step::Deleted => drop(text.pop()),
                Step::Marked(id) => drop(screen.marks.insert(OrderId(id))),
                Step::Came(id) => engine.account.orders.upsert(&Rows::from_iter([&row(id, "b.ab12ef")])),
                Step::NextDay => today = today.tomorrow().unwrap(),
            }
            screen.filter = TextField::with(FieldKind::Line, &text);
            screen.refilter(&engine, today);
            if screen.filter_error.is_some() {
                continue;
            }
            let mut anew = OrdersScreen { marks: screen.marks.clone(), ..OrdersScreen::default() };
            anew.filter = TextField::with(FieldKind::Line, &text);
            anew.refilter(&engine, today);
            prop_assert_eq!(&screen.view, &anew.view, "{}", text);
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Typed(String),
    Deleted,
    Marked(u64),
    Came(u64),
    NextDay,
}
