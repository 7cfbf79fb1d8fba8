//! Which certificates are served, as an operator sees it: in the list, and on an order.

use certdeck::app::effect::Effect;
use certdeck::app::msg::Msg;
use certdeck::domain::ids::OrderId;
use certdeck::domain::served::{ChainEnd, ChainSent, Missing, Served, ServedCertificate};

use crate::account::{Desk, at};
use crate::desk::seen;

pub(crate) fn certificate(serial: &str, end: ChainEnd, is_in_order: bool) -> Served {
    Served::Certificate(ServedCertificate {
        serial: serial.into(),
        thumbprint: String::new(),
        name: "shop.example.net".into(),
        names: vec!["shop.example.net".into()],
        issuer: "R11".into(),
        expires: at("2026-12-01T12:00:00Z"),
        chain: ChainSent {
            end,
            is_in_order,
            extra: 0,
        },
    })
}

/// The chain goes to what clients have.
pub(crate) fn at_the_root() -> ChainEnd {
    ChainEnd::Below("DigiCert Global Root G2".into())
}

/// An intermediate is missing.
pub(crate) fn incomplete() -> ChainEnd {
    ChainEnd::Incomplete("R11".into())
}

/// Looks for the order under the cursor, and sees one thing after the other at its places.
fn look(desk: &mut Desk) {
    let order: OrderId = desk.model.current_order().expect("an order is there");
    let account = &desk.model.engine.account;
    let row = account.orders.get(order).expect("it is in the list");
    let primary = row.serial().into_owned();
    let kinds = [
        certificate(&primary, at_the_root(), true),
        Served::None(Missing::NoSuchName),
        certificate("0BAD", incomplete(), true),
        certificate(&primary, at_the_root(), false),
        Served::None(Missing::TimedOut),
    ]
    .into_iter()
    .cycle();
    let targets = desk
        .press("v")
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::LookServed(target) => Some(target),
            _ => None,
        });
    for (target, served) in targets.zip(kinds) {
        desk.tell(Msg::Served { target, served });
    }
}

#[test]
fn what_is_served_in_the_list() {
    seen("served_list", |size| {
        let mut desk = Desk::with_orders(size);
        look(&mut desk);
        desk.press("j j");
        look(&mut desk);
        desk.press("j v");
        desk
    });
}

#[test]
fn what_is_served_on_an_order() {
    seen("served_overview", |size| {
        let mut desk = Desk::with_order(size);
        look(&mut desk);
        desk.answer_order();
        desk.press("G");
        desk
    });
}
