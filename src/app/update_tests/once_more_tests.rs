//! Whichever way something is sent that was sent before, got no answer and was not found: a yes counts only after it was
//! looked for once more, by reads that began after the yes, however short ago the last look was.

use super::current_tests::{csr, written};
use super::looks_tests::{ID, answered, info, not_found, opened, shown};
use super::*;
use crate::app::bulk_screen::BulkView;
use crate::domain::ids::CertificateId;
use crate::domain::operation::Operation;
use crate::domain::order::{CsrText, Note, Order};
use crate::domain::write::{Outgoing, WriteKind};

/// Opens what sends it, up to the last Enter.
type Way = fn(&mut Desk);

fn form(desk: &mut Desk, key: &str) {
    let effects = desk.press(key);
    shown(desk, &effects, &[]);
    desk.tell(Msg::Paste(csr("n1.example.net")));
    desk.now += SignedDuration::from_secs(2);
    let effects = desk.press("ctrl-s");
    shown(desk, &effects, &[]);
}

fn question(desk: &mut Desk, wanted: fn(&Operation) -> bool, keys: &[&str]) {
    let effects = desk.press("m");
    shown(desk, &effects, &[]);
    for _ in 0..20 {
        let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
            break;
        };
        let chosen = crate::app::popups::operations::chosen(&desk.model.engine, menu);
        if chosen.is_some_and(|line| line.choice.one().is_some_and(wanted)) {
            desk.press("enter");
            break;
        }
        desk.press("j");
    }
    for key in keys {
        desk.press(key);
    }
}

fn bulk(desk: &mut Desk) {
    let effects = desk.press("b");
    shown(desk, &effects, &[]);
    desk.tell(Msg::PriorCsrs {
        order: ID,
        sent: Ok(Vec::new()),
    });
    desk.tell(Msg::Paste(csr("n1.example.net")));
    desk.press("ctrl-s");
    desk.press("1");
}

const WAYS: &[(&str, Way)] = &[
    ("duplicate", |desk| form(desk, "d")),
    ("reissue", |desk| form(desk, "r")),
    ("note", |desk| {
        question(
            desk,
            |operation| matches!(operation, Operation::Note),
            &["h", "i"],
        );
    }),
    ("revocation", |desk| {
        question(
            desk,
            |operation| matches!(operation, Operation::RevokeCertificate(_)),
            &["tab", "tab", "tab", "1"],
        );
    }),
    ("bulk", bulk),
];

/// What Enter would send.
fn sends(desk: &Desk) -> Vec<Outgoing> {
    match desk.model.popups.last() {
        Some(Popup::Asking(asking)) => return asking.outgoing(),
        Some(other) => panic!("{other:?}"),
        None => {}
    }
    if let Some(form) = &desk.model.form {
        return vec![form.reviewed_outgoing().expect("a review").clone()];
    }
    let open = desk.model.bulk_screens.open().expect("a list is open");
    assert!(matches!(open.view, BulkView::Review { .. }), "{open:?}");
    let list = desk.model.engine.bulk.get(open.id).unwrap();
    list.ready().map(|(_, outgoing)| outgoing.clone()).collect()
}

/// What stands where it is asked.
fn says(desk: &Desk) -> String {
    let told = desk.model.status.as_ref().map(|told| told.words.clone());
    let error = match desk.model.popups.last() {
        Some(Popup::Asking(asking)) => asking.fields.error.clone(),
        _ => None,
    };
    let of_list = match desk.model.bulk_screens.open().map(|open| &open.view) {
        Some(BulkView::Review { error, .. }) => error.clone(),
        _ => None,
    };
    [told, error, of_list].into_iter().flatten().collect()
}

/// A review or question of what was lost a moment ago; the account was looked at this very second.
fn asked(way: Way) -> (Desk, Outgoing) {
    let mut desk = opened();
    way(&mut desk);
    let outgoing = sends(&desk).remove(0);
    let asks = matches!(desk.model.popups.last(), Some(Popup::Asking(_)));
    not_found(&mut desk, outgoing.clone());
    if asks {
        // While it was under way the question had closed.
        desk.model.popups.clear();
        way(&mut desk);
    }
    if desk.model.bulk_screens.is_open() {
        // A list that is open sees what was sent elsewhere.
        desk.press("esc ctrl-s 1");
    }
    let again = sends(&desk);
    assert_eq!(again, std::slice::from_ref(&outgoing), "{}", says(&desk));
    if asks {
        // What is known of it is told before the first yes can count.
        let effects = desk.key("enter");
        assert!(written(&effects).is_empty());
        let effects = shown(&mut desk, &effects, &[]);
        assert!(written(&effects).is_empty(), "{}", says(&desk));
        assert!(says(&desk).contains("sent at"), "{}", says(&desk));
    }
    (desk, outgoing)
}

/// The account as it is once this arrived.
fn with(outgoing: &Outgoing) -> (Order, Vec<Certificate>) {
    let mut info = info();
    let csr = outgoing.expected.as_ref();
    let csr = csr.map(|csr| crate::domain::pem::encode("CERTIFICATE REQUEST", &csr.csr_der));
    let row = |role: Role| {
        let mut row = Certificate::empty(role);
        row.id = Some(CertificateId(20));
        row.serial = Some("0B".into());
        row.csr = csr.clone().map(CsrText);
        row
    };
    let mut duplicates = Vec::new();
    match outgoing.kind {
        WriteKind::Duplicate => duplicates.push(row(Role::Duplicate(None))),
        WriteKind::Reissue => {
            info.certificate = row(Role::Primary);
        }
        WriteKind::Note => info.notes.push(Note {
            id: Some(5),
            text: "hi".into(),
            date: None,
            author: None,
        }),
        WriteKind::RevokeCertificate => {
            let mut request = super::keyless_tests::asked(77, Timestamp::UNIX_EPOCH);
            request.kind = RequestKind::Revoke;
            request.date = None;
            info.requests.push(request);
        }
        other => panic!("{other:?}"),
    }
    (info, duplicates)
}

/// No yes is kept, and nothing says that one is.
fn nothing_waits(desk: &Desk, name: &str) {
    assert!(desk.model.yes.is_none(), "{name}");
    let words = says(desk);
    assert!(!words.contains("if nothing changed"), "{name}: {words}");
}

#[test]
fn a_yes_to_what_was_lost_waits_for_a_look_that_began_after_it() {
    for (name, way) in WAYS {
        // It is not there: one yes sends it once.
        let (mut desk, outgoing) = asked(*way);
        let effects = desk.key("enter");
        assert!(written(&effects).is_empty(), "{name}: {}", says(&desk));
        assert!(
            reads(&effects).contains(&&Read::Order(ID)),
            "{name}: {effects:?}"
        );
        assert!(written(&desk.key("enter")).is_empty(), "{name}: one is one");
        let effects = shown(&mut desk, &effects, &[]);
        let sent = written(&effects);
        assert_eq!(sent.len(), 1, "{name}: {}", says(&desk));
        assert_eq!(sent[0].1, outgoing, "{name}");

        // It arrived since that last look.
        let (mut desk, outgoing) = asked(*way);
        let effects = desk.key("enter");
        let (info, duplicates) = with(&outgoing);
        let effects = answered(&mut desk, &effects, &[], &info, &duplicates);
        assert!(written(&effects).is_empty(), "{name}: {}", says(&desk));
        assert_eq!(desk.model.engine.writes.all.len(), 1, "{name}");
        let words = desk.shown(0);
        assert!(!words.starts_with("outcome unknown"), "{name}: {words}");
        assert!(!says(&desk).is_empty(), "{name}");
        nothing_waits(&desk, name);

        // A part of the look fails: that says nothing.
        let (mut desk, _) = asked(*way);
        let effects = desk.key("enter");
        let effects = shown(&mut desk, &effects, &[Read::Order(ID)]);
        assert!(written(&effects).is_empty(), "{name}");
        let words = says(&desk);
        assert!(words.contains("not be reloaded"), "{name}: {words}");
        nothing_waits(&desk, name);

        // There is nobody to ask.
        let (mut desk, _) = asked(*way);
        desk.model.engine.account.connection = None;
        let effects = desk.key("enter");
        assert!(written(&effects).is_empty(), "{name}");
        assert!(desk.model.yes.is_none(), "{name}");
        let words = says(&desk);
        assert!(words.contains("no connection"), "{name}: {words}");
    }
}

/// What is asked about changed a moment ago, and a part of it is still being read: that Enter was meant for what stood
/// there before, and is not kept.
#[test]
fn a_yes_right_after_a_change_is_not_kept() {
    let mut desk = opened();
    question(
        &mut desk,
        |operation| matches!(operation, Operation::RevokeCertificate(_)),
        &["tab", "tab", "tab", "1"],
    );
    desk.now += SignedDuration::from_secs(10);
    let effects = desk.key("enter");
    desk.model.yes = None;
    let mut changed = info();
    changed.certificate.id = Some(CertificateId(11));
    let order = Data::Order(Box::new(changed.clone()));
    desk.answer(&effects, &Read::Order(ID), Ok(order));
    assert!(desk.model.changed_at.is_some());
    let again = desk.key("enter");
    assert!(written(&again).is_empty());
    assert!(desk.model.yes.is_none(), "{}", says(&desk));
    let rest = answered(&mut desk, &effects, &[], &changed, &[]);
    assert!(written(&rest).is_empty(), "{}", says(&desk));
    assert!(desk.model.engine.writes.all.is_empty());
}

/// What cannot be undone wants its number before the yes, not while that is kept.
#[test]
fn a_number_that_is_typed_after_the_yes_sends_nothing() {
    let mut desk = opened();
    form(&mut desk, "r");
    let review = desk.model.form.as_mut().unwrap();
    let crate::app::form::Layer::Review(reviewing) = &mut review.layer else {
        panic!("no review");
    };
    reviewing.review.danger = Some("This breaks what is in use.".into());
    desk.now += SignedDuration::from_secs(10);
    let effects = desk.key("enter");
    assert!(desk.model.yes.is_none(), "{}", says(&desk));
    desk.press("1");
    let effects = shown(&mut desk, &effects, &[]);
    assert!(written(&effects).is_empty());
    assert!(desk.model.engine.writes.all.is_empty());
}
