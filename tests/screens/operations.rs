//! The menu of small operations, the question before one is sent, and the Domains tab once the domains are known.

use certdeck::app::effect::Read;
use certdeck::app::msg::Data;
use certdeck::domain::dcv::{DcvMethod, Domain, DomainValidation};
use certdeck::domain::ids::{DomainId, OrganizationId};
use certdeck::domain::organization::Validation;
use certdeck::domain::status::OrderStatus;

use crate::account::{self, Desk, ORDER, at};
use crate::draw::text;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 10)];

fn seen(name: &str, make: impl Fn((u16, u16)) -> Desk) {
    for size in SIZES {
        let desk = make(size);
        let screen = text(&desk.model);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), screen);
        });
    }
}

fn domains() -> Vec<Domain> {
    let domain = |id: u64, name: &str| Domain {
        method: Some(DcvMethod::DnsTxt),
        token: Some("5hj2k9w0q3n8v7c6b1m4z5x8s2d7f9g0".into()),
        token_status: Some("pending".into()),
        token_until: Some(at("2026-12-11T08:00:00Z")),
        proved: Some(at("2026-06-01T08:00:00Z")),
        proved_until: Some(at("2026-12-17T08:00:00Z")),
        organization: Some("Example Trading GmbH".into()),
        validations: vec![DomainValidation {
            kind: "ov".into(),
            status: "active".into(),
            until: Some(at("2026-12-17T08:00:00Z")),
        }],
        ..Domain::new(DomainId(id), name)
    };
    let mut pay = domain(71, "pay.example.net");
    pay.proved = None;
    pay.proved_until = None;
    pay.method = Some(DcvMethod::DnsCname);
    vec![domain(70, "shop.example.net"), pay]
}

fn on_domains(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with_order(size);
    desk.tab(3);
    let data = &desk.model.engine.account.known[&ORDER];
    let order = data.order.value().expect("the order is read");
    let names = certdeck::app::writes::names::names(order);
    desk.comes(&Read::Domains(ORDER, names), Ok(Data::Domains(domains())));
    desk
}

#[test]
fn domains_known() {
    seen("domains_known", on_domains);
}

#[test]
fn domains_not_proved() {
    seen("domains_not_proved", |size| {
        let mut desk = on_domains(size);
        desk.press("G");
        desk
    });
}

#[test]
fn what_can_be_copied_of_a_proof() {
    seen("domains_copy", |size| {
        let mut desk = on_domains(size);
        desk.press("G y");
        desk
    });
}

/// The order open, its organisation validated like this.
fn with_validations(size: (u16, u16), status: OrderStatus, all: &[(&str, Option<&str>)]) -> Desk {
    let mut desk = Desk::with_orders(size);
    desk.press("enter");
    let mut info = account::order();
    info.status = status;
    let id = OrganizationId(4455);
    info.organization.as_mut().expect("it has one").id = Some(id);
    desk.comes(&Read::Order(ORDER), Ok(Data::Order(Box::new(info))));
    let all = all.iter().map(|(kind, until)| Validation {
        kind: (*kind).into(),
        status: if until.is_some() { "active" } else { "pending" }.into(),
        until: until.map(at),
    });
    desk.comes(
        &Read::Organization(id),
        Ok(Data::Validations(all.collect())),
    );
    desk
}

#[test]
fn organisation_validated() {
    let all = [
        ("ov", Some("2026-12-02T10:00:00Z")),
        ("ev", None),
        ("cs", Some("2027-06-01T10:00:00Z")),
        ("ev_cs", Some("2027-06-01T10:00:00Z")),
    ];
    seen("order_organisation_ends_soon", |size| {
        with_validations(size, OrderStatus::Issued, &all)
    });
    seen("order_organisation_ended", |size| {
        let over = [("ov", Some("2026-11-02T10:00:00Z"))];
        with_validations(size, OrderStatus::Pending, &over)
    });
}

#[test]
fn menu() {
    seen("operations_menu", |size| {
        let mut desk = Desk::with_order(size);
        desk.press("m");
        desk
    });
}

#[test]
fn question_before_a_revocation() {
    seen("operations_revoke", |size| {
        let mut desk = Desk::with_order(size);
        desk.press("m");
        for _ in 0..6 {
            desk.press("j");
        }
        desk.press("enter");
        desk
    });
}

/// Three orders of the list are marked.
fn marked(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with_orders(size);
    desk.press("space space space");
    desk
}

#[test]
fn what_can_be_copied_of_marked_orders() {
    seen("marked_copy", |size| {
        let mut desk = marked(size);
        desk.press("y j");
        desk
    });
}

#[test]
fn what_can_be_done_to_marked_orders() {
    seen("marked_menu", |size| {
        let mut desk = marked(size);
        desk.press("m");
        desk
    });
}

#[test]
fn a_note_for_marked_orders() {
    seen("marked_note", |size| {
        let mut desk = marked(size);
        desk.press("m enter");
        desk.type_text("moved to the new hosts");
        desk
    });
}
