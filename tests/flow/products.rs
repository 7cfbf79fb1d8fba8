//! Every TLS product of the account: ordered through its form, validated, issued, and renewed by `n`; of the others every one
//! of which a renewal is documented, renewed.

use certdeck::app::fields::Input;
use certdeck::app::form::{Form, Layer};
use certdeck::domain::draft::FieldId;
use certdeck::domain::draft::contact::{Contact, ContactField};
use certdeck::domain::write::Stage;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::{Approval, CertificateState, OrderStatus, ValidationType};
use certdeck::sandbox::rules::{dcv, issue};
use certdeck::sandbox::tables::{Names, PRODUCTS, Product, Validation};

use crate::account::Server;
use crate::desk::Desk;
use crate::openssl::{Kind, request};
use crate::orders::{reach, successor};

/// An account in which nobody approves, and an organization of it that is validated for everything.
fn account() -> (Server, String) {
    let server = Server::with(SandboxOptions {
        orders: 40,
        ..SandboxOptions::default()
    });
    let now = server.sandbox().now();
    let organization = server.sandbox().change_account(|account| {
        for container in &mut account.containers {
            container.approval = Approval::Off;
        }
        let validated = account.organizations.iter().find(|organization| {
            let mut kinds = [ValidationType::Ov, ValidationType::Ev].into_iter();
            organization.is_active && kinds.all(|kind| organization.is_validated_for(kind, now))
        });
        validated.expect("an organization").name.clone()
    });
    (server, organization)
}

/// Names that the product takes, none of them on the account yet.
fn names(product: &Product, at: usize) -> Vec<String> {
    match (product.names, product.validation) {
        (Names::One, _) => vec![format!("p{at}.example"), format!("www.p{at}.example")],
        (Names::Wildcard, _) => vec![format!("*.p{at}.example"), format!("p{at}.example")],
        (Names::Flex, Validation::Private) => vec![format!("p{at}"), format!("*.p{at}.corp")],
        (Names::Flex, Validation::Ov | Validation::Dv) => {
            vec![format!("p{at}.example"), format!("*.p{at}.example")]
        }
        _ => vec![format!("p{at}.example"), format!("a.p{at}.example")],
    }
}

/// Reviews and sends what is filled in.
fn send(desk: &mut Desk<'_>, what: &str) {
    desk.press("ctrl-s");
    let form = desk.model.form.as_ref().expect("a form");
    let problems: Vec<_> = form
        .shown()
        .flat_map(|(spec, _)| form.problems_at(spec.id))
        .collect();
    assert!(
        matches!(form.layer, Layer::Review(_)),
        "{what}: {problems:?} {:?}",
        form.order_notes()
    );
    desk.press("enter");
    desk.settle();
}

fn has(desk: &Desk<'_>, id: FieldId) -> bool {
    let form = desk.model.form.as_ref();
    form.is_some_and(|form: &Form| form.shown().any(|(spec, _)| spec.id == id))
}

/// The names of the order are validated as somebody who places its random value would; returns its number once it is issued.
fn issued(desk: &mut Desk<'_>, server: &Server, what: &str) -> u64 {
    let order = desk.model.engine.writes.all[0].order;
    let order = order
        .unwrap_or_else(|| panic!("{what}: {:?}", desk.model.engine.writes.all[0]))
        .0;
    let now = server.sandbox().now();
    server.sandbox().change_account(|account| {
        for _ in 0..2 {
            // The first look at a random value finds nothing.
            let looked = dcv::check_order(account, order, &[], now);
            looked.unwrap_or_else(|why| panic!("{what}: {why:?}"));
        }
        let certificate = account.order(order).expect("it").primary();
        let id = certificate.id;
        if certificate.state == (CertificateState::Processing { ready: None }) {
            issue::proceed(account, order, id, now, jiff::SignedDuration::ZERO);
        }
    });
    desk.until(what, |watch| matches!(watch.stage, Stage::Issued { .. }));
    let Stage::Issued { problems, .. } = &desk.model.engine.writes.all[0].stage else {
        panic!("just seen");
    };
    assert!(problems.is_empty(), "{what}: {problems:?}");
    order
}

#[test]
fn every_tls_product_is_ordered_and_renewed_here() {
    let (server, organization) = account();
    let mut desk = Desk::open(&server);
    for (at, product) in PRODUCTS.iter().enumerate() {
        if !product.is_tls() {
            continue;
        }
        let what = product.name_id;
        let names = names(product, at);
        desk.press("N");
        desk.settle();
        reach(&mut desk, FieldId::Product);
        desk.type_text(product.name);
        desk.settle();
        let chosen = &desk.model.form.as_ref().expect("a form").order.product;
        assert_eq!(chosen.name_id, what);
        reach(&mut desk, FieldId::Csr);
        desk.paste(&request(Kind::Ec, &names[..1]).csr);
        reach(&mut desk, FieldId::CommonName);
        desk.type_text(&names[0]);
        reach(&mut desk, FieldId::Names);
        desk.type_text(&names[1..].join("\n"));
        let is_dv = product.validation == Validation::Dv;
        assert_eq!(has(&desk, FieldId::Organization), !is_dv, "{what}");
        if !is_dv {
            reach(&mut desk, FieldId::Organization);
            desk.type_text(&organization);
        }
        if has(&desk, FieldId::Dcv) {
            reach(&mut desk, FieldId::Dcv);
            desk.type_text("dns txt");
        }
        send(&mut desk, what);
        let order = issued(&mut desk, &server, what);
        // It is due in the time in which the account takes renewals.
        let soon = server.sandbox().now() + jiff::SignedDuration::from_hours(60 * 24);
        server.sandbox().change_account(|account| {
            let order = account.order_mut(order).expect("it");
            order.order_valid_till = Some(soon.to_zoned(jiff::tz::TimeZone::UTC).date());
        });
        desk.home();
        desk.press("R");
        desk.settle();
        desk.open_order(order);
        desk.press("R");
        desk.settle();
        desk.press("n");
        desk.settle();
        desk.paste(&request(Kind::Ec, &names[..1]).csr);
        if has(&desk, FieldId::Dcv) {
            reach(&mut desk, FieldId::Dcv);
            desk.type_text("dns txt");
        }
        send(&mut desk, what);
        let renewal = issued(&mut desk, &server, what);
        assert_eq!(successor(&server, order), Some(renewal), "{what}");
        server.sandbox().with_account(|account| {
            let new = account.order(renewal).expect("it");
            assert_eq!(new.product.name_id, what);
            assert_eq!(new.organization_id.is_none(), is_dv, "{what}");
        });
        desk.home();
    }
}

/// An issued order of the product that the account takes a renewal of.
fn due(server: &Server, name_id: &str) -> u64 {
    let soon = server.sandbox().now() + jiff::SignedDuration::from_hours(60 * 24);
    server.sandbox().change_account(|account| {
        let issued = account.orders().iter().find(|order| {
            order.product.name_id == name_id
                && order.status == OrderStatus::Issued
                && !order.is_renewed
        });
        let id = issued.unwrap_or_else(|| panic!("an order of {name_id}")).id;
        let order = account.order_mut(id).expect("it");
        order.order_valid_till = Some(soon.to_zoned(jiff::tz::TimeZone::UTC).date());
        id
    })
}

fn needs(desk: &Desk<'_>, id: FieldId) -> bool {
    let form = desk.model.form.as_ref().expect("a form");
    let mut shown = form.shown();
    shown.any(|(spec, _)| spec.id == id && form.is_required(spec))
}

/// What is wanted of the form beside what the old order tells.
fn fill(desk: &mut Desk<'_>) {
    let text = [
        (FieldId::CommonName, "Ada Example"),
        (FieldId::Emails, "ada@example.net"),
        (FieldId::FirstName, "Ada"),
        (FieldId::LastName, "Example"),
    ];
    let choices = [
        (FieldId::CnIndicator, "the first email"),
        (FieldId::PrimaryUsage, "signing email"),
        (
            FieldId::Contact(Contact::Verified, ContactField::Who),
            "someone",
        ),
    ];
    for (id, name) in choices {
        if has(desk, id) {
            reach(desk, id);
            desk.type_text(name);
        }
    }
    if needs(desk, FieldId::Csr) {
        reach(desk, FieldId::Csr);
        desk.paste(&request(Kind::Ec, &["Example Trading GmbH".to_owned()]).csr);
    }
    if needs(desk, FieldId::Platform) {
        // The first token that there is.
        reach(desk, FieldId::Platform);
        desk.press("home right");
    }
    let verifier = [
        (ContactField::FirstName, "Vera"),
        (ContactField::LastName, "Example"),
        (ContactField::Email, "vera@example.net"),
    ];
    let verifier = verifier.map(|(part, text)| (FieldId::Contact(Contact::Verified, part), text));
    for (id, text) in text.into_iter().chain(verifier) {
        let form = desk.model.form.as_ref().expect("a form");
        let field = form.shown().find(|(spec, _)| spec.id == id);
        if field
            .is_some_and(|(_, field)| matches!(&field.input, Input::Text(text) if text.is_empty()))
        {
            reach(desk, id);
            desk.type_text(text);
        }
    }
}

#[test]
fn every_other_product_whose_renewal_is_documented_is_renewed_here() {
    let server = Server::with(SandboxOptions {
        orders: 600,
        ..SandboxOptions::default()
    });
    server.sandbox().change_account(|account| {
        for container in &mut account.containers {
            container.approval = Approval::Off;
        }
    });
    let mut desk = Desk::open(&server);
    for name_id in [
        "code_signing",
        "code_signing_ev",
        "client_premium",
        "client_email_security_plus",
        "client_digital_signature_plus",
        "secure_email_mailbox",
        "secure_email_sponsor",
        "secure_email_organization",
        "document_signing_org_1",
        "vmc_basic",
    ] {
        let order = due(&server, name_id);
        desk.open_order(order);
        desk.press("R");
        desk.settle();
        desk.press("n");
        desk.settle();
        let form = desk.model.form.as_ref();
        assert!(form.is_some(), "{name_id}: {:?}", desk.model.status);
        fill(&mut desk);
        send(&mut desk, name_id);
        let renewal = successor(&server, order);
        let watch = &desk.model.engine.writes.all[0];
        assert_eq!(watch.order.map(|id| id.0), renewal, "{name_id}: {watch:?}");
        assert!(renewal.is_some(), "{name_id}: {watch:?}");
        server.sandbox().with_account(|account| {
            let new = account.order(renewal.expect("it")).expect("it");
            assert_eq!(new.product.name_id, name_id);
        });
        desk.home();
    }
}

#[test]
fn why_a_product_is_not_renewed_here_is_told_at_the_key() {
    let server = Server::with(SandboxOptions {
        orders: 600,
        ..SandboxOptions::default()
    });
    let mut desk = Desk::open(&server);
    let order = due(&server, "secure_email_individual");
    desk.open_order(order);
    desk.press("n");
    desk.settle();
    assert!(desk.model.form.is_none());
    let told = desk.model.status.as_ref().expect("the reason");
    assert!(
        told.words.contains("does not describe how it is renewed"),
        "{}",
        told.words
    );
}
