//! Where a duplicate cannot help: a reissue that is stored as one, with what was typed for the duplicate, waits for
//! validation or for approval, and the order's own certificate stays.
use certdeck::app::names;
use certdeck::app::popups::Popup;
use certdeck::domain::dcv::Placement;
use certdeck::domain::draft::{FieldId, FormKind};
use certdeck::domain::ids::OrderId;
use certdeck::domain::write::Stage;
use certdeck::sandbox::model::{
    Approval, CertificateKind, CertificateState, OrderStatus, RequestKind,
};
use jiff::SignedDuration;

use crate::account::{Pick, Server};
use crate::desk::Desk;
use crate::draw;
use crate::openssl::{Kind, request};

/// The form of a duplicate with a CSR in it, and that CSR.
fn duplicate<'a>(mut desk: Desk<'a>, order: &Pick) -> (Desk<'a>, String) {
    desk.open_order(order.id);
    desk.press("d");
    desk.settle();
    let csr = request(Kind::Ec, &order.names).csr;
    desk.paste(&csr);
    (desk, csr)
}

fn choose(desk: &mut Desk<'_>, field: FieldId, name: &str) {
    for _ in 0..30 {
        if desk.model.form.as_ref().unwrap().focus() == field {
            desk.type_text(name);
            return;
        }
        desk.press("tab");
    }
    panic!("{field:?} cannot be reached");
}

/// Goes on to the reissue, which has the CSR already.
fn ask_as_reissue(desk: &mut Desk<'_>, csr: &str) {
    desk.press("ctrl-t");
    desk.settle();
    let form = desk.model.form.as_ref().unwrap();
    assert_eq!(form.kind, FormKind::Reissue);
    let typed: serde_json::Value = serde_json::from_str(&form.draft_json()).unwrap();
    let field = |field: FieldId| typed["fields"][&*field.key()].as_str().unwrap_or_default();
    assert_eq!(field(FieldId::Csr).trim_end(), csr.trim_end());
    assert_eq!(field(FieldId::StoreAsDuplicate), "true");
}

fn shown(desk: &Desk<'_>) -> String {
    draw::text(&desk.model)
}

/// The kind and state of the newest certificate of an order, the order's state, and the primary's number.
fn newest(server: &Server, order: u64) -> (CertificateKind, CertificateState, OrderStatus, u64) {
    server.sandbox().with_account(|account| {
        let order = account.order(order).unwrap();
        let made = order.certificates.last().unwrap();
        (made.kind, made.state, order.status, order.primary().id)
    })
}

#[test]
fn validation_that_has_expired_is_told_and_the_reissue_waits_for_it() {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let (_, _, _, primary) = newest(&server, order.id);
    let expired = server.sandbox().now() - SignedDuration::from_hours(48);
    server.sandbox().change_account(|account| {
        for domain in &mut account.domains {
            if order.names.iter().any(|name| domain.covers(name)) {
                domain.dcv.expires = Some(expired);
            }
        }
        account.order_mut(order.id).unwrap().dcv.clear();
    });
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let (mut desk, csr) = duplicate(Desk::on_disk(&server, &store), &order);
    let notes = desk.model.form.as_ref().unwrap().order_notes();
    assert!(
        notes.iter().any(|note| note.text.contains("not current")),
        "{notes:?}"
    );
    desk.press("ctrl-s");
    let warned = shown(&desk);
    assert!(warned.contains("CertCentral will refuse"), "{warned}");
    desk.press("esc");
    ask_as_reissue(&mut desk, &csr);
    choose(&mut desk, FieldId::Dcv, "dns txt");
    desk.press("ctrl-s enter");
    desk.until("it is waiting", |watch| {
        matches!(watch.stage, Stage::AwaitsCertificate(_))
    });
    let (kind, state, status, _) = newest(&server, order.id);
    assert!(matches!(kind, CertificateKind::Duplicate(_)));
    assert!(matches!(state, CertificateState::Processing { .. }));
    assert_eq!(status, OrderStatus::ReissuePending);

    // The answer's random value stands with the record that has to be made.
    let token = desk.model.engine.writes.all[0]
        .token
        .clone()
        .expect("a random value");
    let record = format!("TXT record example.net: {token}");
    assert!(shown(&desk).contains(&record), "{}", shown(&desk));

    // The account tells it once; the next start still knows it.
    drop(desk);
    let mut desk = Desk::on_disk(&server, &store);
    desk.settle();
    desk.press("W");
    assert!(shown(&desk).contains(&record), "{}", shown(&desk));
    desk.press("y");
    assert!(matches!(
        desk.model.popups.last(),
        Some(Popup::Record(row, _)) if row.token.as_ref() == Some(&token)
    ));
    desk.press("esc enter");
    desk.settle();
    for _ in 0..2 {
        desk.press("o");
    }
    desk.settle();
    let id = OrderId(order.id);
    let rows = names::rows(
        &desk.model.engine.account.known[&id],
        id,
        &desk.model.engine.writes.all,
    );
    let own: Vec<_> = rows
        .iter()
        .filter(|row| row.token.as_deref() == Some(&token))
        .collect();
    assert!(!own.is_empty(), "{rows:?}");
    for row in own {
        assert!(
            matches!(&row.place, Some(Placement::Record { kind, value, .. }) if *kind == "TXT" && value.contains(&token)),
            "{:?}",
            row.place
        );
    }

    // Found at the second look.
    for _ in 0..2 {
        desk.press("c enter");
        desk.until("an answer", |watch| !watch.stage.is_open());
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
        matches!(&ours.stage, Stage::Issued { problems, .. } if problems.is_empty()),
        "{:?}",
        ours.stage
    );
    let (kind, state, status, now) = newest(&server, order.id);
    assert!(matches!(kind, CertificateKind::Duplicate(_)));
    assert_eq!(state, CertificateState::Issued);
    assert_eq!((status, now), (OrderStatus::Issued, primary));
}

#[test]
fn approval_that_is_wanted_is_had_by_a_reissue_with_a_comment() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let (_, _, _, primary) = newest(&server, order.id);
    let (mut desk, csr) = duplicate(Desk::open(&server), &order);
    desk.press("ctrl-s");
    // On the way back, the one that was made from it follows what is typed since.
    ask_as_reissue(&mut desk, &csr);
    desk.press("esc d");
    desk.settle();
    let csr = request(Kind::Ec, &order.names).csr;
    desk.paste(&csr);
    ask_as_reissue(&mut desk, &csr);
    choose(&mut desk, FieldId::Comments, "for the second host");
    desk.press("ctrl-s enter");
    desk.until("a request", |watch| {
        matches!(watch.stage, Stage::AwaitsApproval(_))
    });
    let left: Vec<_> = desk.model.engine.drafts.texts.keys().collect();
    assert!(left.is_empty(), "what led to it is sent as well: {left:?}");
    let asked = server.requests(order.id).pop().unwrap();
    assert_eq!(asked.kind, RequestKind::Reissue);
    assert_eq!(asked.comments.as_deref(), Some("for the second host"));
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
    let ours = desk.model.engine.writes.all.last().unwrap();
    assert!(
        matches!(&ours.stage, Stage::Issued { problems, .. } if problems.is_empty()),
        "{:?}",
        ours.stage
    );
    let (kind, state, _, now) = newest(&server, order.id);
    assert!(matches!(kind, CertificateKind::Duplicate(_)));
    assert_eq!((state, now), (CertificateState::Issued, primary));
}
