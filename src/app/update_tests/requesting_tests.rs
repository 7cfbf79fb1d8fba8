//! Which certificate an endpoint gets: what is read before it is decided, what is asked, and what opens.

use super::endpoints_tests::{add, at, desk_of, order_of, primary, sees, type_in};
use super::served_tests::{says, target, with_serial};
use super::*;
use crate::domain::draft::FormKind;
use crate::domain::endpoint_plan::Step;
use crate::domain::ids::CertificateId;
use crate::domain::order::{Certificate, OrderSummary, Role};
use crate::domain::served::{Missing, Seen, Served, ServedCertificate, Standing};
use crate::domain::status::OrderStatus;

/// What an endpoint serves: a certificate of this serial number and these names, to this day.
fn with_names(serial: &str, names: &[&str], expires: &str) -> Served {
    let Served::Certificate(served) = with_serial(serial) else {
        panic!("no certificate");
    };
    Served::Certificate(ServedCertificate {
        name: names[0].into(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        expires: expires.parse().unwrap(),
        ..served
    })
}

/// A desk on one endpoint that was added and serves this.
fn serving(rows: Vec<OrderSummary>, served: Served) -> Desk {
    let mut desk = desk_of(rows);
    desk.model.engine.served.endpoints.clear();
    add(&mut desk, "10.0.0.5:8443");
    desk.press("/");
    type_in(&mut desk, "10.0.0.5");
    desk.press("enter v");
    sees(&mut desk, at("10.0.0.5:8443", "10.0.0.5"), served);
    desk
}

fn until(id: u64, days: i64, change: impl FnOnce(&mut OrderSummary)) -> OrderSummary {
    let mut row = order_of(id, &["shop.example.net", "www.example.net"]);
    let day = jiff::civil::date(2026, 11, 20) + jiff::Span::new().days(days);
    (row.valid_till, row.order_valid_till) = (Some(day), Some(day));
    change(&mut row);
    row
}

/// The info of an order comes, where it was asked for: by which order it was renewed, if by one.
fn reads_info(desk: &mut Desk, id: u64, renewed_by: Option<u64>) {
    let mut primary = Certificate::empty(Role::Primary);
    primary.id = Some(CertificateId(id * 10));
    let mut info = order(id, primary);
    (info.is_renewed, info.renewed_by) = (true, renewed_by.map(OrderId));
    let read = Read::Order(OrderId(id));
    desk.comes(&read, Ok(Data::Order(Box::new(info))));
}

const SHOP: &[&str] = &["shop.example.net", "www.example.net"];

#[test]
fn a_certificate_is_requested_as_a_duplicate_of_the_newest_renewed_order() {
    let rows = vec![
        until(1, 5, |row| row.is_renewed = true),
        until(2, 150, |row| row.is_renewed = true),
        until(3, 180, |_| {}),
    ];
    let served = with_names(&primary(1), SHOP, "2026-11-25T12:00:00Z");
    let mut desk = serving(rows, served);
    let effects = desk.press("r");
    // By which order it was renewed stands in its info alone.
    let read = Read::Order(OrderId(1));
    assert!(reads(&effects).contains(&&read), "{effects:?}");
    assert!(says(&desk, "Duplicate of order 3"));
    assert!(says(&desk, "It serves a certificate of order 1"));
    assert!(says(&desk, "duplicate certificate feature must be enabled"));
    assert!(says(&desk, "approval step must be skipped"));
    let mut info = order(1, Certificate::empty(Role::Primary));
    info.renewed_by = Some(OrderId(2));
    desk.answer(&effects, &read, Ok(Data::Order(Box::new(info))));
    assert!(says(&desk, "Duplicate of order 2"));
    // What renewed that is read next, and nothing opens before.
    assert!(says(&desk, "loading by which order 2 was renewed"));
    desk.press("enter");
    assert!(desk.model.opening.is_none() && desk.model.popups.len() == 1);
    reads_info(&mut desk, 2, None);
    assert!(says(&desk, "order 1 was renewed by 2"));
    let effects = desk.press("enter");
    let form = desk.model.form.as_ref().map(|form| form.order.id);
    assert_eq!(form, Some(OrderId(2)), "{effects:?}");
}

#[test]
fn another_ca_is_switched_from_with_the_names_filled_into_a_new_order() {
    let served = with_names("0BAD", SHOP, "2026-11-25T12:00:00Z");
    let mut desk = serving(Vec::new(), served);
    desk.press("r");
    assert!(says(
        &desk,
        "Switch to DigiCert: it serves a certificate of Example CA"
    ));
    assert!(says(&desk, "New order"));
    assert!(
        says(&desk, "Names: shop.example.net, www.example.net") || {
            // The certificate's common name stands first where it is one of them.
            says(&desk, "Names: shop.example.net")
        }
    );
    desk.press("enter");
    let form = desk.model.form.as_ref().expect("a form");
    assert_eq!(form.kind, FormKind::NewOrder);
    let draft = form.draft_json();
    assert!(
        draft.contains("shop.example.net") && draft.contains("www.example.net"),
        "{draft}"
    );
    // What was typed before is not lost to another endpoint.
    desk.press("esc");
    desk.press("r enter");
    assert!(
        desk.told().contains("You began this form before"),
        "{}",
        desk.told()
    );
}

#[test]
fn what_answers_nothing_is_requested_by_its_host() {
    let mut desk = desk_of(Vec::new());
    desk.model.engine.served.endpoints.clear();
    add(&mut desk, "new.example.net:443");
    desk.press("r");
    assert!(says(&desk, "Nobody looked yet what it serves."));
    assert!(says(&desk, "Names: new.example.net"));
    desk.press("esc");
    sees(
        &mut desk,
        target("new.example.net"),
        Served::None(Missing::Refused),
    );
    assert_eq!(desk.model.popups.len(), 0);
}

#[test]
fn what_waits_says_for_what() {
    let rows = vec![until(1, 5, |row| row.status = OrderStatus::ReissuePending)];
    let mut desk = serving(rows, with_names(&primary(1), SHOP, "2026-11-25T12:00:00Z"));
    desk.press("r");
    assert!(says(&desk, "Waiting for order 1"));
    desk.press("enter");
    assert!(
        desk.told().contains("its reissue is pending"),
        "{}",
        desk.told()
    );
    assert!(desk.model.form.is_none());
}

#[test]
fn several_reissues_open_one_list_and_what_differs_goes_one_at_a_time() {
    let due = |id: u64, name: &str| {
        let mut row = until(id, 5, |_| {});
        row.common_name = name.into();
        row.dns_names = vec![name.into()];
        row.order_valid_till = Some(jiff::civil::date(2027, 11, 1));
        row
    };
    let mut renewal = due(3, "c.example.net");
    renewal.order_valid_till = renewal.valid_till;
    let mut desk = desk_of(vec![
        due(1, "a.example.net"),
        due(2, "b.example.net"),
        renewal,
    ]);
    desk.model.engine.served.endpoints.clear();
    for (id, name) in [
        (1, "a.example.net"),
        (2, "b.example.net"),
        (3, "c.example.net"),
    ] {
        let served = with_names(&primary(id), &[name], "2026-11-25T12:00:00Z");
        let account = desk.model.engine.account.name().unwrap().to_owned();
        let seen = Seen {
            at: desk.model.engine.now,
            served,
            standing: Standing::This,
        };
        let all = vec![(OrderId(id), target(name), seen)];
        desk.tell(Msg::KeptServed { account, all });
    }
    desk.wait(2);
    desk.press("* r");
    assert!(desk.told().contains("One at a time"), "{}", desk.told());
    assert!(
        desk.told().contains("renewal of order 3"),
        "{}",
        desk.told()
    );
    desk.press("u /");
    type_in(&mut desk, "-c.example.net");
    desk.press("enter * r");
    assert!(desk.model.bulk_screens.is_open(), "{}", desk.told());
}

#[test]
fn what_the_rule_gives_shows_on_the_endpoint_and_in_the_plan_and_nothing_is_sent() {
    let rows = vec![
        until(1, 5, |row| row.is_renewed = true),
        until(2, 150, |_| {}),
    ];
    let mut desk = desk_of(rows);
    desk.model.engine.added.auto = ["shop.example.net".to_owned()].into();
    let lb = at("lb1.internal:8443", "shop.example.net");
    let served = with_names(&primary(1), SHOP, "2026-11-25T12:00:00Z");
    let account = desk.model.engine.account.name().unwrap().to_owned();
    let seen = Seen {
        at: desk.model.engine.now,
        served,
        standing: Standing::This,
    };
    let all = vec![(OrderId(1), lb.clone(), seen)];
    desk.tell(Msg::KeptServed { account, all });
    desk.wait(2);
    // By which order the first was renewed is read before anything is said of it.
    let row = desk.model.auto.of(&lb).expect("a row").clone();
    assert_eq!(row.words(), "loading by which order 1 was renewed");
    reads_info(&mut desk, 1, None);
    let effects = desk.wait(2);
    let row = desk.model.auto.of(&lb).expect("a row").clone();
    assert_eq!(row.words(), "duplicate of order 2");
    assert_eq!(row.step, Step::Duplicate(OrderId(2)));
    assert!(row.is_due(desk.model.today()));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Write { .. }))
    );
    desk.press("/");
    type_in(&mut desk, "is:auto lb1");
    desk.press("enter");
    assert!(says(&desk, "duplicate of order 2 (due now; r opens it)"));
    // Where nobody looked, nothing is said to be due.
    let own = desk.model.auto.of(&target("shop.example.net")).unwrap();
    assert_eq!((own.expires, own.is_due(desk.model.today())), (None, false));
    desk.press("4");
    while desk.model.has_more() {
        desk.tell(Msg::GoOn);
    }
    let mut found = false;
    for _ in 0..4 {
        found |= says(
            &desk,
            "lb1.internal:8443 for shop.example.net: duplicate of order 2",
        );
        desk.press("j");
    }
    assert!(found);
}

/// Certificates of these orders were seen at their own names; all endpoints are marked.
fn marked(rows: Vec<OrderSummary>) -> Desk {
    let all: Vec<(u64, String)> = rows
        .iter()
        .map(|row| (row.id.0, row.common_name.clone()))
        .collect();
    let mut desk = desk_of(rows);
    desk.model.engine.served.endpoints.clear();
    let account = desk.model.engine.account.name().unwrap().to_owned();
    let seen = |id: u64, name: &str| Seen {
        at: desk.model.engine.now,
        served: with_names(&primary(id), &[name], "2026-11-25T12:00:00Z"),
        standing: Standing::This,
    };
    let all: Vec<_> = all
        .iter()
        .map(|(id, name)| (OrderId(*id), target(name), seen(*id, name)))
        .collect();
    desk.tell(Msg::KeptServed { account, all });
    desk.wait(2);
    desk.press("*");
    desk
}

fn ending(id: u64, name: &str) -> OrderSummary {
    let mut row = until(id, 5, |_| {});
    row.common_name = name.into();
    row.dns_names = vec![name.into()];
    row.order_valid_till = Some(jiff::civil::date(2027, 11, 1));
    row
}

#[test]
fn by_which_orders_marked_ones_were_renewed_is_read_before_a_list_opens() {
    let mut renewed = ending(1, "a.example.net");
    renewed.is_renewed = true;
    let mut desk = marked(vec![renewed, ending(2, "b.example.net")]);
    let effects = desk.press("r");
    assert_eq!(reads(&effects), [&Read::Order(OrderId(1))]);
    assert_eq!(desk.told(), "Loading by which others 1 order was renewed…");
    assert!(!desk.model.bulk_screens.is_open());
    reads_info(&mut desk, 1, None);
    // It was renewed by one that nobody knows: it waits, and is not reissued with the other.
    assert!(desk.told().contains("One at a time"), "{}", desk.told());
    assert!(desk.model.requesting.is_empty());

    // Who goes elsewhere meanwhile is not interrupted.
    let mut renewed = ending(1, "a.example.net");
    renewed.is_renewed = true;
    let mut desk = marked(vec![renewed, ending(2, "b.example.net")]);
    desk.press("r 1");
    assert!(desk.model.requesting.is_empty());
    let before = desk.told().to_owned();
    reads_info(&mut desk, 1, None);
    assert_eq!(desk.told(), before);
}

#[test]
fn what_tells_by_which_order_one_was_renewed_may_fail_and_is_tried_again() {
    let mut renewed = ending(1, "a.example.net");
    renewed.is_renewed = true;
    let mut desk = marked(vec![renewed, ending(2, "b.example.net")]);
    for _ in 0..2 {
        let effects = desk.press("r");
        assert_eq!(reads(&effects), [&Read::Order(OrderId(1))]);
        desk.comes(&Read::Order(OrderId(1)), Err(lost()));
        let told = desk.told();
        assert!(
            told.starts_with("By which order 1 was renewed is not known:"),
            "{told}"
        );
        assert!(!desk.model.bulk_screens.is_open());
    }
    // The same of one by itself: what is decided is not opened.
    desk.press("u g / a . e x a m p l e enter");
    for _ in 0..2 {
        let effects = desk.press("r");
        assert!(
            reads(&effects).contains(&&Read::Order(OrderId(1))),
            "{effects:?}"
        );
        desk.comes(&Read::Order(OrderId(1)), Err(lost()));
        assert!(says(&desk, "by which order 1 was renewed is not known"));
        desk.press("enter");
        assert!(desk.told().contains("is not known"), "{}", desk.told());
        desk.press("esc");
    }
}

#[test]
fn a_new_order_is_of_the_product_and_the_organization_of_the_one_before() {
    // Nothing helps but a new one: it was canceled.
    let mut row = until(1, 5, |row| row.status = OrderStatus::Revoked);
    row.organization = Some(crate::domain::order::Organization {
        id: Some(crate::domain::ids::OrganizationId(77)),
        ..row.organization.clone().unwrap()
    });
    let product = row.product.name_id.clone();
    let mut desk = serving(
        vec![row],
        with_names(&primary(1), SHOP, "2026-11-25T12:00:00Z"),
    );
    desk.press("r");
    assert!(says(&desk, "New order"));
    desk.press("enter");
    let form = desk.model.form.as_ref().expect("a form");
    let kept: serde_json::Value = serde_json::from_str(&form.draft_json()).unwrap();
    let fields = &kept["fields"];
    assert_eq!(fields["product"], product.as_str());
    assert_eq!(fields["organization.id"], "77");
    assert_eq!(fields["common_name"], SHOP[0]);
}

#[test]
fn what_an_endpoint_gets_follows_what_is_known() {
    let mut desk = serving(
        vec![until(1, 5, |_| {})],
        with_names(&primary(1), SHOP, "2026-11-25T12:00:00Z"),
    );
    desk.press("r");
    assert!(says(&desk, "Renewal of order 1"));
    let account = desk.model.engine.account.name().unwrap().to_owned();
    let rows = crate::domain::packed::Rows::from_iter([&until(2, 180, |_| {})]).into();
    desk.tell(Msg::Cached { account, rows });
    assert!(says(&desk, "Duplicate of order 2"));
}

#[test]
fn what_is_added_before_the_account_is_known_is_kept_once_it_is() {
    let mut desk = Desk::unconnected();
    desk.press("6");
    let kept = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::KeepEndpoints { added, .. } => Some(added.len()),
            _ => None,
        })
    };
    assert_eq!(kept(&add(&mut desk, "10.0.0.5:8443")), None);
    assert_eq!(kept(&add(&mut desk, "10.0.0.6:8443")), None);
    assert_eq!(desk.model.endpoints.of_all(), 2);
    let connected = Msg::Connected(super::hands::connection("demo account"));
    assert_eq!(kept(&desk.tell(connected.clone())), Some(2));
    assert_eq!(desk.model.endpoints.of_all(), 2);
    assert_eq!(kept(&desk.tell(connected)), None, "once");
}
