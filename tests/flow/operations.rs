//! The small operations against an account: each does there what it says here, and once.

use certdeck::app::names::{self, NameRow};
use certdeck::app::popups::Popup;
use certdeck::app::popups::operations::{Choice, entries};
use certdeck::domain::dcv::{DcvMethod, Placement, Proof};
use certdeck::domain::domain_operation::DomainOperation;
use certdeck::domain::ids::OrderId;
use certdeck::domain::operation::Operation;
use certdeck::domain::write::Stage;
use certdeck::sandbox::model::{Approval, CertificateState, Order, OrderStatus};
use certdeck::sandbox::tables::{Family, Names};
use rstest::rstest;

use crate::account::Server;
use crate::desk::Desk;

/// Opens the menu and goes to an operation.
pub fn choose(desk: &mut Desk<'_>, wanted: impl Fn(&Operation) -> bool) {
    desk.press("m");
    desk.settle();
    let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
        panic!("no menu");
    };
    let lines = entries(&desk.model.engine, menu);
    let at = lines
        .iter()
        .position(|line| matches!(&line.choice, Choice::One(operation) if wanted(operation)));
    let at = at.unwrap_or_else(|| panic!("not in the menu: {lines:?}"));
    assert_eq!(lines[at].why_not, None);
    for _ in 0..at {
        desk.press("j");
    }
    desk.press("enter");
    assert!(matches!(desk.model.popups.last(), Some(Popup::Asking(_))));
}

/// A desk on the names of an order.
fn on_domains(server: &Server, order: u64) -> Desk<'_> {
    let mut desk = Desk::open(server);
    desk.open_order(order);
    for _ in 0..3 {
        desk.press("o");
    }
    desk.settle();
    desk
}

/// The first row of that tab.
fn first_name(desk: &Desk<'_>, order: u64) -> NameRow {
    let id = OrderId(order);
    names::rows(
        &desk.model.engine.account.known[&id],
        id,
        &desk.model.engine.writes.all,
    )
    .remove(0)
}

/// Answers the question for a method with this one.
fn choose_method(desk: &mut Desk<'_>, wanted: &DcvMethod) {
    for _ in DcvMethod::OFFERED {
        if desk.asks(wanted) {
            break;
        }
        desk.press("right");
    }
    desk.press("enter");
}

fn settled(desk: &mut Desk<'_>) -> String {
    desk.until("an end", |watch| !watch.stage.is_open());
    match &desk.model.engine.writes.all[0].stage {
        Stage::Completed(words) => words.clone(),
        state => panic!("{state:?}"),
    }
}

#[test]
fn a_note_is_added_and_shown() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    choose(&mut desk, |operation| *operation == Operation::Note);
    desk.type_text("moved to the new hosts");
    desk.press("enter");
    settled(&mut desk);
    let info = desk.model.engine.account.known[&OrderId(order.id)]
        .order
        .value()
        .unwrap();
    let notes = info
        .notes
        .iter()
        .filter(|note| note.text == "moved to the new hosts");
    assert_eq!(notes.count(), 1);
}

#[test]
fn a_revocation_is_a_request_until_it_is_approved() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    choose(&mut desk, |operation| *operation == Operation::RevokeOrder);
    for _ in 0..3 {
        desk.press("tab");
    }
    desk.type_text(&order.id.to_string());
    desk.press("enter");
    desk.until("a request", |watch| {
        matches!(watch.stage, Stage::AwaitsApproval(_))
    });
    let status = |server: &Server| {
        server
            .sandbox()
            .with_account(|account| account.order(order.id).unwrap().status)
    };
    assert_eq!(status(&server), OrderStatus::Issued);
    desk.press("a enter");
    desk.settle();
    while desk
        .model
        .engine
        .writes
        .all
        .iter()
        .any(|watch| watch.stage.is_open())
    {
        desk.wait_for_the_deadline();
    }
    assert_eq!(status(&server), OrderStatus::Revoked);
    let words = desk.model.engine.writes.all[1].words();
    assert!(words.contains("all certificates of order"), "{words}");
}

#[test]
fn without_approval_a_certificate_is_revoked_at_once() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    choose(&mut desk, |operation| {
        matches!(operation, Operation::RevokeCertificate(_))
    });
    desk.press("tab space tab tab");
    desk.type_text(&order.id.to_string());
    desk.press("enter");
    let words = settled(&mut desk);
    assert!(words.ends_with("is revoked"), "{words}");
    server.sandbox().with_account(|account| {
        let primary = account.order(order.id).unwrap().primary();
        assert!(matches!(primary.state, CertificateState::Revoked(_)));
    });
}

#[test]
fn the_domains_tab_says_what_has_to_stand_where_and_a_check_finds_it() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = on_domains(&server, order.id);
    let now = desk.model.engine.now;
    let domain = first_name(&desk, order.id).domain;
    let domain = domain.expect("a domain of the account serves it");
    assert!(matches!(domain.proof(now), Proof::Valid(Some(_))));
    choose(&mut desk, |operation| {
        matches!(operation, Operation::Domain(DomainOperation::Method, _))
    });
    choose_method(&mut desk, &DcvMethod::DnsCname);
    let words = settled(&mut desk);
    desk.settle();
    let shown = first_name(&desk, order.id);
    assert_eq!(shown.method, Some(DcvMethod::DnsCname));
    let token = shown.token.expect("a random value");
    assert!(words.contains(&token), "{words}");
    let Some(Placement::Record { kind, name, value }) = shown.place else {
        panic!("{:?}", shown.place);
    };
    assert_eq!(kind, "CNAME");
    assert_eq!(name, format!("_dnsauth.{}", domain.name));
    assert_eq!(value, format!("{token}.dcv.digicert.com"));
    desk.press("c enter");
    desk.until("an answer", |watch| !watch.stage.is_open());
}

#[test]
fn a_pending_order_is_checked_until_its_names_are_found_and_can_be_cancelled() {
    let server = Server::start();
    let pending = |server: &Server| {
        server.sandbox().with_account(|account| {
            let mut orders = account.orders().iter();
            orders
                .find(|order| {
                    order.status == OrderStatus::Pending
                        && order.product.family == Family::PublicTls
                        && order.product.names != Names::None
                })
                .map(|order| order.id)
                .expect("a pending order")
        })
    };
    let id = pending(&server);
    let mut desk = on_domains(&server, id);
    choose(&mut desk, |operation| *operation == Operation::NamesMethod);
    choose_method(&mut desk, &DcvMethod::DnsTxt);
    let words = settled(&mut desk);
    desk.settle();
    assert!(words.contains("random value"), "{words}");
    desk.press("c enter");
    let words = settled(&mut desk);
    assert!(words.contains("checked"), "{words}");
    assert!(
        !desk.model.engine.account.known[&OrderId(id)]
            .checked
            .is_empty()
    );
    if pending(&server) == id {
        choose(&mut desk, |operation| *operation == Operation::CancelOrder);
        desk.type_text("not needed");
        desk.press("enter");
        settled(&mut desk);
        server.sandbox().with_account(|account| {
            assert_eq!(account.order(id).unwrap().status, OrderStatus::Canceled);
        });
    }
}

#[test]
fn a_file_of_its_own_name_is_told_with_its_address() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = on_domains(&server, order.id);
    choose(&mut desk, |operation| {
        matches!(operation, Operation::Domain(DomainOperation::Method, _))
    });
    choose_method(&mut desk, &DcvMethod::HttpTokenDynamic);
    settled(&mut desk);
    desk.settle();
    let row = first_name(&desk, order.id);
    assert_eq!(row.method, Some(DcvMethod::HttpTokenDynamic));
    let domain = row.domain.expect("a domain serves it").name;
    let Some(Placement::File { url, content }) = row.place else {
        panic!("{:?}", row.place);
    };
    let folder = format!("http://{domain}/.well-known/pki-validation/");
    let name = url.strip_prefix(&folder).expect("its folder");
    let own = name.strip_suffix(".txt").expect("a text file");
    assert_ne!(own, "fileauth", "{url}");
    assert_eq!(Some(content), row.token);
}

#[rstest]
#[case("", true)]
#[case("html@domain-emails", false)]
fn whom_the_mails_for_a_domain_go_to_is_told_where_the_account_tells_it(
    #[case] faults: &str,
    #[case] told: bool,
) {
    let server = Server::start();
    server.sandbox().set_faults(faults).unwrap();
    let id = server.sandbox().with_account(|account| {
        let waits = |order: &&Order| {
            let names = &order.primary().dns_names;
            let mut domains = account.domains.iter();
            order.product.family == Family::PublicTls
                && names.first().is_some_and(|name| {
                    domains.any(|domain| domain.covers(name) && domain.dcv.approved.is_none())
                })
        };
        let found = account.orders().iter().find(waits);
        found.expect("an order whose domain is not proved").id
    });
    let mut desk = on_domains(&server, id);
    choose(&mut desk, |operation| {
        matches!(operation, Operation::Domain(DomainOperation::Method, _))
    });
    choose_method(&mut desk, &DcvMethod::Email);
    settled(&mut desk);
    desk.settle();
    let row = first_name(&desk, id);
    assert_eq!(row.method, Some(DcvMethod::Email));
    let domain = row.domain.expect("a domain serves it");
    let postmaster = format!("postmaster@{}", domain.name);
    assert_eq!(domain.mailed.contains(&postmaster), told);
    assert_eq!(domain.mailed.is_empty(), !told);
}

#[test]
fn mails_that_are_sent_again_prove_the_names_of_a_pending_order() {
    let server = Server::start();
    let id = server.sandbox().with_account(|account| {
        let mut orders = account.orders().iter();
        let found = orders.find(|order| {
            let by_mail = order
                .dcv
                .first()
                .is_some_and(|(_, proof)| proof.approved.is_none() && !proof.method.uses_token());
            order.status == OrderStatus::Pending
                && order.product.family == Family::PublicTls
                && order.product.names != Names::None
                && by_mail
        });
        found.expect("an order that waits for mails").id
    });
    let mut desk = on_domains(&server, id);
    choose(&mut desk, |operation| *operation == Operation::NamesEmails);
    desk.press("enter");
    let words = settled(&mut desk);
    assert_eq!(words, "the validation emails are sent again");
    server.sandbox().advance(std::time::Duration::from_secs(31));
    desk.press("R");
    desk.settle();
    server.sandbox().with_account(|account| {
        let order = account.order(id).unwrap();
        let proved = order.dcv.iter().any(|(_, proof)| proof.approved.is_some());
        assert!(proved, "{:?}", order.dcv);
    });
}

#[test]
fn the_organisation_of_an_order_is_told_with_what_it_is_validated_for_and_until_when() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    let id = desk.model.engine.account.known[&OrderId(order.id)]
        .order
        .value()
        .and_then(|info| info.organization.as_ref()?.id)
        .expect("an organisation");
    let told = desk.model.engine.account.organizations[&id]
        .value()
        .expect("it is read");
    server.sandbox().with_account(|account| {
        let there = &account.organization(id.0).unwrap().validations;
        assert_eq!(told.len(), there.len());
        for (told, there) in told.iter().zip(there) {
            assert_eq!(told.kind, there.kind.id());
            let seconds = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_second);
            assert_eq!(seconds(told.until), seconds(there.validated_until));
        }
    });
}
