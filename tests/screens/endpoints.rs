//! The endpoints, as an operator sees them.

use allocation_counter::measure;
use certdeck::app::effect::Effect;
use certdeck::app::msg::Msg;
use certdeck::app::popups::Popup;
use certdeck::domain::endpoint::{Endpoint, Target};
use certdeck::domain::order::OrderSummary;
use certdeck::domain::packed::Rows;
use certdeck::domain::served::{Missing, Served};

use crate::account::Desk;
use crate::desk::seen;
use crate::draw::cells;
use crate::fixtures::summary;
use crate::served::{at_the_root, certificate, incomplete};

/// A desk on the endpoints, with one in the settings and two that were added.
pub(crate) fn desk(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with_orders(size);
    let endpoints = ["lb1.internal:8443", "smtp://mx1.internal"];
    let endpoints = endpoints.map(|text| Endpoint::parse(text).expect("an endpoint"));
    desk.model.engine.served.endpoints = vec![("shop.example.net".into(), endpoints.into())];
    desk.press("6 a");
    desk.tell(Msg::Paste("10.0.0.5:8443, 10.0.0.6:8443".into()));
    desk.press("enter enter");
    desk
}

/// Looks everywhere, and sees one thing after the other.
pub(crate) fn look(desk: &mut Desk) {
    let orders = desk.model.engine.account.orders.rows();
    let serials: Vec<String> = orders.map(|row| row.serial().into_owned()).collect();
    let mut looks = desk.press("* v u");
    let mut nth = 0;
    while let Some(effect) = looks.pop() {
        let Effect::LookServed(target) = effect else {
            continue;
        };
        let Target { endpoint, .. } = &target;
        let served = match (endpoint.host.as_str(), nth % 7) {
            ("10.0.0.5", _) => certificate("0BAD", incomplete(), true),
            ("10.0.0.6", _) => Served::None(Missing::TimedOut),
            ("lb1.internal", _) => certificate(&serials[2], at_the_root(), true),
            (_, 0) => Served::None(Missing::NoSuchName),
            (_, _) => certificate(&serials[nth % serials.len()], at_the_root(), true),
        };
        nth += 1;
        looks.extend(desk.tell(Msg::Served { target, served }));
    }
    let due = desk.model.endpoints.due().expect("a deadline");
    desk.tell_at(Msg::Deadline, due);
    desk.press("g");
}

#[test]
fn the_endpoints() {
    seen("endpoints", |size| {
        let mut desk = desk(size);
        look(&mut desk);
        desk
    });
}

#[test]
fn endpoints_that_nobody_looked_at() {
    seen("endpoints_unseen", |size| {
        let mut desk = desk(size);
        desk.press("space j v");
        desk
    });
}

#[test]
fn no_endpoint_passes_the_filter() {
    seen("endpoints_filtered", |size| {
        let mut desk = desk(size);
        desk.press("/");
        desk.tell(Msg::Paste("served:old nowhere".into()));
        desk.press("enter");
        desk
    });
}

#[test]
fn addresses_to_be_added() {
    seen("endpoints_add", |size| {
        let mut desk = desk(size);
        desk.press("a");
        desk.tell(Msg::Paste("10.0.1.0/28:443".into()));
        desk.press("enter");
        desk
    });
}

#[test]
fn a_certificate_is_requested() {
    seen("endpoints_request", |size| {
        let mut desk = desk(size);
        look(&mut desk);
        desk.press("/");
        desk.tell(Msg::Paste("lb1".into()));
        desk.press("enter r");
        desk
    });
}

#[test]
fn what_an_endpoint_gets_is_not_made_anew_whenever_it_is_drawn() {
    let allocations = |orders: u64| {
        let mut desk = desk((80, 24));
        look(&mut desk);
        let account = desk
            .model
            .engine
            .account
            .name()
            .expect("an account")
            .to_owned();
        // All of them have the name, so that all are looked through closely.
        let rows = (0..orders).map(|n| OrderSummary {
            dns_names: vec!["shop.example.net".into()],
            ..summary(500_000_000 + n, "shop.example.net")
        });
        let rows: Vec<OrderSummary> = rows.collect();
        let rows = Rows::from_iter(&rows).into();
        desk.tell(Msg::Cached { account, rows });
        desk.press("/");
        desk.tell(Msg::Paste("lb1".into()));
        desk.press("enter r");
        assert!(matches!(desk.model.popups.last(), Some(Popup::Request(_))));
        measure(|| drop(cells(&desk.model))).count_total
    };
    let (few, many) = (allocations(10), allocations(2_000));
    assert!(many < few + 500, "{few} with 10 orders, {many} with 2,000");
}
