//! Duplicates against an account: what was chosen comes of it, and what the account made otherwise is told.

use certdeck::app::bulk::BulkField;
use certdeck::app::fields::Input;
use certdeck::app::msg::Msg;
use certdeck::app::popups::{Popup, PromptKind};
use certdeck::domain::draft::FieldId;
use certdeck::domain::ids::{CertificateId, OrderId, RequestId};
use certdeck::domain::write::Stage;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::{Approval, ContainerLimit, Order, OrderStatus};
use certdeck::sandbox::tables::{Family, Names};

use rstest::rstest;

use crate::account::{Pick, Server};
use crate::desk::Desk;
use crate::openssl::{Kind, request};

/// The form of a duplicate, with a CSR for the order's names.
fn form<'a>(server: &'a Server, order: &Pick) -> Desk<'a> {
    let mut desk = Desk::open(server);
    desk.open_order(order.id);
    desk.press("d");
    desk.settle();
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk
}

fn go_to(desk: &mut Desk<'_>, field: FieldId) {
    for _ in 0..20 {
        if desk.model.form.as_ref().unwrap().focus() == field {
            return;
        }
        desk.press("tab");
    }
    panic!("{field:?} cannot be reached");
}

/// Sends it and waits for its end: what was checked, and what is not as asked.
fn done(desk: &mut Desk<'_>) -> (Vec<String>, Vec<String>) {
    desk.press("ctrl-s enter");
    desk.until("the end", |watch| {
        matches!(watch.stage, Stage::Issued { .. })
    });
    match &desk.model.engine.writes.all[0].stage {
        Stage::Issued {
            checks, problems, ..
        } => (checks.clone(), problems.clone()),
        state => panic!("{state:?}"),
    }
}

fn with_rsa(server: &Server, order: &Pick) -> (Vec<String>, Vec<String>) {
    let mut desk = form(server, order);
    go_to(&mut desk, FieldId::Ica);
    desk.type_text("rsa sha256");
    done(&mut desk)
}

#[test]
fn the_issuing_ca_that_was_asked_for_is_compared_with_the_one_that_signed() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let (checks, problems) = with_rsa(&server, &order);
    assert_eq!(problems, Vec::<String>::new());
    assert!(
        checks
            .iter()
            .any(|check| check.contains("issued it, as requested")),
        "{checks:?}"
    );
    // An account that may not choose says nothing of it.
    server
        .sandbox()
        .change_account(|account| account.ignores_chosen_ca = true);
    let (_, problems) = with_rsa(&server, &order);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].contains("not Sandbox Global G2 TLS RSA")
            && problems[0].contains("ignored the choice"),
        "{problems:?}"
    );
}

#[test]
fn an_end_date_that_is_cut_is_told_before_and_after() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let mut desk = form(&server, &order);
    go_to(&mut desk, FieldId::EndDate);
    desk.paste("2099-01-31");
    let before = desk.model.form.as_ref().unwrap().end_note().text;
    let (checks, problems) = done(&mut desk);
    let ends = server.sandbox().with_account(|account| {
        let order = account.order(order.id).unwrap();
        order.certificates.last().unwrap().valid_till.unwrap()
    });
    assert!(before.contains(&ends.to_string()), "{before} / {ends}");
    assert_eq!(problems, [] as [String; 0], "it was foreseen");
    let told = format!("it expires {ends}, as expected (2099-01-31 was requested)");
    assert!(
        checks.iter().any(|check| check.starts_with(&told)),
        "{checks:?}"
    );
}

fn wildcard(server: &Server) -> Pick {
    server.pick_where(Approval::Off, |order: &Order| {
        order.status == OrderStatus::Issued
            && order.product.family == Family::PublicTls
            && order.product.names == Names::Wildcard
    })
}

#[test]
fn a_wildcard_order_takes_names_below_its_wildcard_and_no_others() {
    let server = Server::start();
    let order = wildcard(&server);
    let below = order.names[0].replace("*.", "a.");
    let mut desk = form(&server, &order);
    go_to(&mut desk, FieldId::Names);
    desk.type_text("elsewhere.example.org");
    desk.press("ctrl-s");
    let form = desk.model.form.as_ref().unwrap();
    let told: Vec<_> = form.problems_at(FieldId::Names).collect();
    assert!(told[0].text.contains("is not below"), "{told:?}");
    desk.press("ctrl-e");
    let mut names = order.names[1..].to_vec();
    names.push(below.clone());
    desk.tell(Msg::Edited(Ok(names.join("\n"))));
    let (_, problems) = done(&mut desk);
    assert_eq!(problems, Vec::<String>::new());
    server.sandbox().with_account(|account| {
        let order = account.order(order.id).unwrap();
        assert!(order.certificates.last().unwrap().has_name(&below));
    });
}

/// The ids that a field of the open form offers.
fn offered(desk: &Desk<'_>, field: FieldId) -> Vec<String> {
    let form = desk.model.form.as_ref().unwrap();
    let (_, found) = form.shown().find(|(spec, _)| spec.id == field).unwrap();
    let Input::Choice(choice) = &found.input else {
        panic!("{field:?} is no choice");
    };
    let ids = choice.options().iter().map(|option| option.id.clone());
    ids.collect()
}

#[test]
fn only_what_the_container_of_the_order_allows_is_offered() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let mut desk = form(&server, &order);
    let all = offered(&desk, FieldId::Ica);
    assert!(all.len() > 2 && offered(&desk, FieldId::Hash).len() > 1);
    let allowed = all.last().unwrap().clone();
    server.sandbox().change_account(|account| {
        let order = account.order(order.id).unwrap();
        let (container, product) = (order.container_id, order.product.name_id.to_owned());
        let mut containers = account.containers.iter_mut();
        let container = containers.find(|known| known.id == container).unwrap();
        container.limits.push(ContainerLimit {
            product_name_id: product,
            role_id: 0,
            allowed_hashes: Some(vec!["sha384".into()]),
            allowed_intermediates: Some(vec![allowed.clone()]),
            allowed_lifetimes: None,
            allowed_order_lifetimes: None,
        });
    });
    for key in ["d", "r"] {
        desk = Desk::open(&server);
        desk.open_order(order.id);
        desk.press(key);
        desk.settle();
        assert_eq!(offered(&desk, FieldId::Ica), ["", &allowed], "{key}");
        assert_eq!(offered(&desk, FieldId::Hash), ["sha384"], "{key}");
    }
    desk = Desk::open(&server);
    desk.open_order(order.id);
    desk.press("b");
    desk.settle();
    let open = desk.model.bulk_screens.open().unwrap();
    let list = desk.model.engine.bulk.get(OrderId(order.id)).unwrap();
    let ica = open.choice(list, BulkField::Ica).unwrap();
    let icas = ica.options();
    assert_eq!(icas.len(), 2);
    assert_eq!(icas[1].id, allowed);
}

/// The request that the certificates tab names for a certificate.
fn made_by(desk: &Desk<'_>, order: u64, certificate: u64) -> Option<u64> {
    let data = &desk.model.engine.account.known[&OrderId(order)];
    let mut rows = data.certificates().iter();
    let row = rows.find(|row| row.id.map(|id| id.0) == Some(certificate));
    row.expect("it is listed").request.map(|id| id.0)
}

/// The newest certificate of an order, and the request for it.
fn newest(server: &Server, order: u64) -> (u64, Option<u64>) {
    server.sandbox().with_account(|account| {
        let order = account.order(order).unwrap();
        let made = order.certificates.last().unwrap().id;
        let ids = order.requests.iter().copied();
        let of_it = |id: &u64| account.request(*id).unwrap().certificate_id == Some(made);
        (made, ids.rev().find(of_it))
    })
}

#[rstest]
#[case::issued_at_once(Approval::Off, false)]
#[case::approved_by_itself(Approval::Automatic, false)]
#[case::a_request(Approval::OneStep, false)]
#[case::a_certificate_without_its_chain(Approval::Off, true)]
fn each_answer_leads_to_the_certificate_and_its_row_names_the_request(
    #[case] approval: Approval,
    #[case] slow: bool,
) {
    let server = Server::with(SandboxOptions {
        orders: 2000,
        ..SandboxOptions::default()
    });
    let order = server.pick(approval);
    server
        .sandbox()
        .change_account(|account| account.order_mut(order.id).unwrap().is_slow = slow);
    let mut desk = form(&server, &order);
    desk.press("ctrl-s enter");
    desk.settle();
    let (made, request) = newest(&server, order.id);
    let state = desk.model.engine.writes.all[0].stage.clone();
    match (approval, slow) {
        (Approval::OneStep, _) => {
            let waits = RequestId(request.expect("a request"));
            assert_eq!(state, Stage::AwaitsApproval(waits));
            desk.press("a enter");
            desk.settle();
        }
        (_, true) => assert_eq!(state, Stage::AwaitsCertificate(Some(CertificateId(made)))),
        (_, false) => assert!(matches!(state, Stage::Issued { .. }), "{state:?}"),
    }
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
    let ours = desk.model.engine.writes.all.last().unwrap();
    assert!(
        matches!(&ours.stage, Stage::Issued { certificate, problems, .. }
            if certificate.0 == made && problems.is_empty()),
        "{:?}",
        ours.stage
    );
    assert_eq!(made_by(&desk, order.id, made), request);
    assert_eq!(request.is_some(), approval != Approval::Off);
}

#[test]
fn of_one_csr_used_twice_each_row_names_its_own_request_or_none() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = form(&server, &order);
    let csr = desk.model.form.as_ref().unwrap().draft_json();
    for again in [false, true] {
        desk.press("ctrl-s enter");
        desk.settle();
        if again {
            let Some(Popup::Prompt(prompt)) = desk.model.popups.last() else {
                panic!("{:?}", desk.model.popups);
            };
            assert!(
                matches!(prompt.kind, PromptKind::Twice { .. }),
                "{prompt:?}"
            );
            desk.type_text(&order.id.to_string());
            desk.press("enter");
            desk.settle();
        }
        desk.press("esc d");
        desk.settle();
        let typed: serde_json::Value = serde_json::from_str(&csr).unwrap();
        desk.paste(typed["fields"]["csr"].as_str().unwrap());
    }
    let (made, _) = newest(&server, order.id);
    desk.settle();
    assert_eq!(made_by(&desk, order.id, made), None, "is not known");
}
