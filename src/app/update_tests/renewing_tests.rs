//! Renewing an order that is due: a duplicate of a newer order where there is one, else the ordinary renewal.

use super::*;
use crate::app::popups::renewing::{self, Found};
use crate::app::testing::date;
use crate::domain::draft::FormKind;
use crate::domain::order::OrderSummary;
use crate::domain::rules::newer::Met;

const SHOP: [&str; 2] = ["shop.example.net", "www.shop.example.net"];

fn row(id: u64, ends: &str, renewed: bool) -> OrderSummary {
    let mut row = summary(id, SHOP[0]);
    row.dns_names = SHOP.map(Into::into).into();
    row.valid_till = Some(date(ends));
    row.order_valid_till = Some(date(ends));
    row.created = Timestamp::from_second(id as i64).ok();
    row.is_renewed = renewed;
    row
}

fn info(id: u64, ends: &str, renewed_by: Option<u64>) -> crate::domain::order::Order {
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.common_name = SHOP[0].into();
    certificate.dns_names = SHOP.map(Into::into).into();
    certificate.valid_till = Some(date(ends));
    let mut info = order(id, certificate);
    info.order_valid_till = Some(date(ends));
    info.created = Timestamp::from_second(id as i64).ok();
    info.is_renewed = renewed_by.is_some();
    info.renewed_by = renewed_by.map(OrderId);
    info
}

fn arrive(desk: &mut Desk, effects: &[Effect], info: crate::domain::order::Order) -> Vec<Effect> {
    let read = Read::Order(info.id);
    assert!(reads(effects).contains(&&read), "{read:?} is read");
    desk.answer(effects, &read, Ok(Data::Order(Box::new(info))))
}

/// The list holds these rows; `n` is pressed on order 1, and its info comes.
fn asked(rows: Vec<OrderSummary>, due: crate::domain::order::Order) -> (Desk, Vec<Effect>) {
    let mut desk = Desk::connected();
    desk.rows(rows);
    desk.press("G k g");
    while desk.model.current_order() != Some(OrderId(1)) {
        desk.press("j");
    }
    let effects = desk.press("n");
    let more = arrive(&mut desk, &effects, due);
    (desk, more)
}

fn offered(desk: &Desk) -> Found<'_> {
    let Some(Popup::Newer(asked)) = desk.model.popups.last() else {
        panic!("no newer order is offered: {:?}", desk.model.popups);
    };
    renewing::found(&desk.model.engine, asked).expect("a newer order")
}

fn opened(desk: &Desk) -> Option<(FormKind, u64)> {
    let form = desk.model.form.as_ref()?;
    Some((form.kind, form.order.id.0))
}

/// Order 1 is due, order 5 has the same names and lasts.
fn with_newer() -> (Desk, Vec<Effect>) {
    asked(
        vec![
            row(1, "2026-12-01", false),
            row(4, "2027-03-01", true),
            row(5, "2027-06-01", false),
        ],
        info(1, "2026-12-01", None),
    )
}

#[test]
fn an_order_that_nothing_newer_covers_is_renewed() {
    let (desk, _) = asked(
        vec![row(1, "2026-12-01", false)],
        info(1, "2026-12-01", None),
    );
    assert_eq!(opened(&desk), Some((FormKind::Renew, 1)));
    assert!(desk.model.popups.is_empty());
}

#[test]
fn a_newer_order_with_the_same_names_gives_a_duplicate_instead() {
    let (mut desk, effects) = with_newer();
    assert_eq!(offered(&desk).id, OrderId(5));
    assert!(offered(&desk).why.contains("newest"));
    assert!(opened(&desk).is_none(), "the operator decides");
    let found = offered(&desk).why_not();
    assert!(found.is_some_and(|why| why.contains("still loading")));
    arrive(&mut desk, &effects, info(5, "2027-06-01", None));
    assert!(
        offered(&desk)
            .conditions
            .iter()
            .all(|one| one.met == Met::Yes)
    );
    desk.press("enter");
    assert_eq!(opened(&desk), Some((FormKind::Duplicate, 5)));
    assert!(desk.model.popups.is_empty());
}

#[test]
fn the_ordinary_renewal_is_a_key_away_and_escape_asks_for_nothing() {
    let (mut desk, _) = with_newer();
    desk.press("n");
    assert_eq!(opened(&desk), Some((FormKind::Renew, 1)));
    let (mut desk, _) = with_newer();
    desk.press("esc");
    assert!(desk.model.popups.is_empty() && desk.model.form.is_none());
}

#[test]
fn renewals_are_followed_to_the_newest_order() {
    let (mut desk, effects) = asked(
        vec![
            row(1, "2026-12-01", true),
            row(2, "2027-03-01", true),
            row(3, "2027-09-01", false),
        ],
        info(1, "2026-12-01", Some(2)),
    );
    assert_eq!(offered(&desk).id, OrderId(2));
    let more = arrive(&mut desk, &effects, info(2, "2027-03-01", Some(3)));
    assert_eq!(offered(&desk).id, OrderId(3));
    arrive(&mut desk, &more, info(3, "2027-09-01", None));
    let found = offered(&desk);
    assert_eq!(found.why, "order 1 was renewed by 2, 2 by 3");
    assert!(found.no_renewal.is_some(), "it was renewed already");
    desk.press("n");
    assert!(desk.model.form.is_none());
    let Some(Popup::Newer(asked)) = desk.model.popups.last() else {
        panic!("the question stays");
    };
    assert!(
        asked
            .error
            .as_ref()
            .is_some_and(|why| why.contains("was renewed"))
    );
    desk.press("enter");
    assert_eq!(opened(&desk), Some((FormKind::Duplicate, 3)));
}

#[test]
fn what_keeps_a_duplicate_from_being_asked_for_is_told() {
    let (mut desk, effects) = with_newer();
    let mut newer = info(5, "2027-06-01", None);
    newer.allow_duplicates = Some(false);
    arrive(&mut desk, &effects, newer);
    desk.press("enter");
    let Some(Popup::Newer(asked)) = desk.model.popups.last() else {
        panic!("the question stays");
    };
    assert!(
        asked
            .error
            .as_ref()
            .is_some_and(|why| why.contains("allows no duplicates")),
        "{:?}",
        asked.error
    );
    desk.press("n");
    assert_eq!(opened(&desk), Some((FormKind::Renew, 1)));
}

#[test]
fn a_newer_order_that_cannot_be_read_is_told_and_read_again() {
    let (mut desk, effects) = with_newer();
    desk.answer(&effects, &Read::Order(OrderId(5)), Err(lost()));
    assert!(offered(&desk).failure.is_some());
    desk.press("enter");
    assert!(desk.model.form.is_none());
    let again = desk.press("R");
    arrive(&mut desk, &again, info(5, "2027-06-01", None));
    desk.press("enter");
    assert_eq!(opened(&desk), Some((FormKind::Duplicate, 5)));
}

#[test]
fn an_order_of_a_product_that_is_not_renewed_here_still_has_its_newer_one() {
    let other = |mut row: OrderSummary| {
        row.product.name_id = "ds_org".into();
        row
    };
    let mut due = info(1, "2026-12-01", None);
    due.product.name_id = "ds_org".into();
    let rows = |newer: bool| {
        let mut rows = vec![other(row(1, "2026-12-01", false))];
        if newer {
            rows.push(other(row(5, "2027-06-01", false)));
        }
        rows
    };
    let (desk, _) = asked(rows(true), due.clone());
    assert_eq!(offered(&desk).id, OrderId(5));
    assert!(offered(&desk).no_renewal.is_some());
    // Without one its row says enough: it is refused at once.
    let mut desk = Desk::connected();
    desk.rows(rows(false));
    assert_eq!(desk.press("n"), []);
    assert!(desk.model.form.is_none() && desk.model.popups.is_empty());
    let told = desk.model.status.as_ref().map(|told| told.words.clone());
    assert!(told.is_some_and(|words| words.contains("use the console")));
}
