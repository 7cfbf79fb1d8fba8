//! The account's domains and organizations, as an operator sees them.

use certdeck::app::effect::Read;
use certdeck::app::msg::Data;
use certdeck::domain::expiring::{DomainCounts, Expiring, OrderCounts};
use certdeck::domain::failure::FailureKind;

use crate::account::{self, Desk};
use crate::desk::seen;
use crate::hands::failure;

/// What the account knows of its domains comes.
fn domains_come(desk: &mut Desk) {
    desk.comes(&Read::AccountDomains, Ok(Data::Domains(account::domains())));
    desk.comes(
        &Read::Organizations,
        Ok(Data::Organizations(account::organizations())),
    );
    let expiring = Expiring {
        domains: DomainCounts {
            expired: Some(1),
            within_30: Some(1),
            within_60: Some(0),
            within_90: Some(2),
        },
        orders: OrderCounts {
            lately: Some(2),
            within_30: Some(14),
            within_60: None,
            within_90: None,
        },
    };
    desk.comes(&Read::Expiring, Ok(Data::Expiring(expiring)));
}

#[test]
fn the_domains() {
    seen("domains_list", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("5");
        domains_come(&mut desk);
        desk.press("space");
        desk.rest();
        let domain = account::domains().swap_remove(1);
        desk.comes(&Read::Domain(domain.id), Ok(Data::Domain(Box::new(domain))));
        desk
    });
}

#[test]
fn why_an_order_is_blocked() {
    seen("order_blocked", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("5");
        domains_come(&mut desk);
        desk.press("1 enter");
        desk.answer_order();
        desk.press("G");
        desk
    });
}

#[test]
fn the_organizations() {
    seen("organizations", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("5");
        domains_come(&mut desk);
        desk.press("o");
        desk
    });
}

#[test]
fn marked_domains_are_to_be_checked() {
    seen("domains_check", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("5");
        domains_come(&mut desk);
        desk.press("* c");
        desk
    });
}

#[test]
fn domains_that_could_not_be_loaded() {
    seen("domains_failed", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("5");
        let why = failure(FailureKind::Permission, "The key may not list domains.");
        desk.comes(&Read::AccountDomains, Err(why));
        desk
    });
}
