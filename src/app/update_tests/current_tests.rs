//! What is open of an order follows what the account says of it now, and nothing is sent before that is known.

use super::*;
use crate::app::effect::KeyAlgorithm;
use crate::app::form::Layer;
use crate::app::msg::{Ended, KeyMade};
use crate::app::popups::operations::Choice;
use crate::domain::ids::CertificateId;
use crate::domain::operation::Operation;
use crate::domain::order::{CsrText, Order};
use crate::domain::status::OrderStatus;
use crate::domain::write::{Outgoing, WriteId};

const ID: OrderId = OrderId(1);

fn info(names: &[&str]) -> Order {
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.id = Some(CertificateId(10));
    certificate.common_name = names[0].into();
    certificate.dns_names = names.iter().map(ToString::to_string).collect();
    certificate.valid_from = Some(crate::app::testing::date("2026-11-01"));
    certificate.valid_till = Some(crate::app::testing::date("2027-05-01"));
    order(1, certificate)
}

pub(super) fn csr(name: &str) -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.serialize_request(&key).unwrap().pem().unwrap()
}

const OLD: &[&str] = &["shop.example.net"];
const NEW: &[&str] = &["shop.example.net", "colleague.example.net"];

/// The order is known as it was an hour ago.
fn known(info: Order) -> Desk {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    desk.answer(&effects, &Read::Order(ID), Ok(Data::Order(Box::new(info))));
    for read in [Read::Duplicates(ID), Read::Reissues(ID)] {
        desk.answer(&effects, &read, Ok(Data::Certificates(Vec::new())));
    }
    desk.now += SignedDuration::from_hours(1);
    desk.nothing_is_late();
    desk
}

fn answered(desk: &mut Desk, effects: &[Effect], info: Order) {
    desk.answer(effects, &Read::Order(ID), Ok(Data::Order(Box::new(info))));
    for read in [Read::Duplicates(ID), Read::Reissues(ID)] {
        desk.answer(effects, &read, Ok(Data::Certificates(Vec::new())));
    }
}

pub(super) fn written(effects: &[Effect]) -> Vec<(WriteId, Outgoing)> {
    let all = effects.iter().filter_map(|effect| match effect {
        Effect::Write { op, outgoing, .. } => Some((op.clone(), (**outgoing).clone())),
        _ => None,
    });
    all.collect()
}

fn notice(desk: &Desk) -> String {
    let form = desk.model.form.as_ref().unwrap();
    form.notice
        .clone()
        .map_or_else(String::new, |note| note.text)
}

fn in_review(desk: &Desk) -> &Outgoing {
    let form = desk.model.form.as_ref().expect("a form is open");
    form.reviewed_outgoing().expect("a review is open")
}

#[test]
fn a_name_that_a_colleague_added_is_not_lost() {
    let mut desk = known(info(OLD));
    let effects = desk.press("r");
    assert!(
        reads(&effects).contains(&&Read::Order(ID)),
        "the order is read again: {effects:?}"
    );
    let heading = desk.model.form.as_ref().unwrap().heading();
    assert!(
        heading.contains("as loaded 12:00:00 UTC, loading…"),
        "{heading}"
    );
    desk.tell(Msg::Paste(csr(OLD[0])));
    answered(&mut desk, &effects, info(NEW));
    let heading = desk.model.form.as_ref().unwrap().heading();
    assert!(!heading.contains("as loaded"), "{heading}");
    assert!(
        notice(&desk).contains("colleague.example.net"),
        "{}",
        notice(&desk)
    );
    desk.press("ctrl-s");
    let body = &in_review(&desk).body;
    assert!(body.contains("colleague.example.net"), "{body}");
}

#[test]
fn nothing_is_sent_from_what_is_being_read() {
    let mut desk = known(info(OLD));
    let effects = desk.press("r");
    desk.tell(Msg::Paste(csr(OLD[0])));
    desk.press("ctrl-s");
    in_review(&desk);
    assert!(written(&desk.press("enter")).is_empty());
    assert!(
        desk.told().contains("Reloading order 1 once more"),
        "{}",
        desk.told()
    );
    answered(&mut desk, &effects, info(NEW));
    assert!(in_review(&desk).body.contains("colleague.example.net"));
    // Meant for what stood there before.
    assert!(written(&desk.press("enter")).is_empty());
    desk.now += SignedDuration::from_secs(2);
    let sent = written(&desk.press("enter"));
    assert_eq!(sent.len(), 1, "{}", desk.told());
    assert!(sent[0].1.body.contains("colleague.example.net"));
}

#[test]
fn what_did_not_change_waits_for_no_second_yes() {
    let mut desk = known(info(OLD));
    let effects = desk.press("r");
    desk.tell(Msg::Paste(csr(OLD[0])));
    desk.press("ctrl-s");
    answered(&mut desk, &effects, info(OLD));
    assert_eq!(written(&desk.press("enter")).len(), 1, "{}", desk.told());
}

#[test]
fn what_cannot_be_read_is_tried_again_and_sends_nothing() {
    let mut desk = known(info(OLD));
    let effects = desk.press("r");
    desk.tell(Msg::Paste(csr(OLD[0])));
    desk.press("ctrl-s");
    desk.answer(&effects, &Read::Order(ID), Err(lost()));
    let again = desk.press("enter");
    assert!(written(&again).is_empty());
    assert!(reads(&again).contains(&&Read::Order(ID)), "{again:?}");
    answered(&mut desk, &again, info(OLD));
    assert_eq!(written(&desk.press("enter")).len(), 1, "{}", desk.told());
}

#[test]
fn an_order_that_cannot_be_reissued_any_more_leaves_the_review() {
    let mut desk = known(info(OLD));
    let effects = desk.press("r");
    desk.tell(Msg::Paste(csr(OLD[0])));
    desk.press("ctrl-s");
    let mut revoked = info(OLD);
    revoked.status = OrderStatus::Revoked;
    answered(&mut desk, &effects, revoked);
    let form = desk.model.form.as_ref().unwrap();
    assert!(matches!(form.layer, Layer::Editing));
    assert!(
        desk.told().contains("Revoked") || desk.told().contains("revoked"),
        "{}",
        desk.told()
    );
    desk.now += SignedDuration::from_secs(5);
    assert!(written(&desk.press("ctrl-s enter")).is_empty());
}

#[test]
fn what_was_typed_stays_and_is_held_against_the_order_as_it_is() {
    let mut desk = known(info(OLD));
    let effects = desk.press("r");
    desk.tell(Msg::Paste(csr(OLD[0])));
    let typed = desk.model.form.as_ref().unwrap().draft_json();
    answered(&mut desk, &effects, info(NEW));
    desk.press("ctrl-t");
    let form = desk.model.form.as_ref().unwrap();
    assert!(
        form.draft_json().contains("BEGIN CERTIFICATE REQUEST"),
        "{typed}"
    );
    desk.now += SignedDuration::from_secs(2);
    desk.press("ctrl-s");
    let form = desk.model.form.as_ref().unwrap();
    // The CSR's names were taken: that a colleague's is dropped is said before it is sent.
    let Layer::Review(reviewing) = &form.layer else {
        panic!("{}", desk.told());
    };
    let words = format!("{:?}", reviewing.review);
    assert!(words.contains("colleague.example.net"), "{words}");
}

#[test]
fn a_question_about_a_certificate_that_was_replaced_says_so_and_waits() {
    let mut desk = known(info(OLD));
    let effects = desk.press("m");
    let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
        panic!("no menu");
    };
    let lines = crate::app::popups::operations::entries(&desk.model.engine, menu);
    let label = |line: &crate::app::popups::operations::Entry| line.choice.label();
    let at = lines
        .iter()
        .position(|line| label(line).contains("Revoke certificate"));
    for _ in 0..at.unwrap() {
        desk.press("j");
    }
    let more = desk.key("enter");
    assert!(
        matches!(desk.model.popups.last(), Some(Popup::Asking(_))),
        "{}",
        desk.told()
    );
    let effects: Vec<Effect> = effects.into_iter().chain(more).collect();
    let mut reissued = info(OLD);
    reissued.certificate.id = Some(CertificateId(11));
    answered(&mut desk, &effects, reissued);
    match desk.model.popups.last() {
        Some(Popup::Asking(asking)) => {
            let words = asking.words.join(" ");
            assert!(
                words.contains("its certificate is 11, it was 10"),
                "{words}"
            );
        }
        _ => assert!(desk.told().contains("Nothing was sent"), "{}", desk.told()),
    }
}

#[test]
fn a_question_waits_for_the_order_that_it_is_about() {
    let mut desk = known(info(OLD));
    let effects = desk.press("m");
    desk.key("enter");
    desk.type_text("seen");
    assert!(written(&desk.key("enter")).is_empty());
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("the question is gone");
    };
    assert!(
        asking
            .fields
            .error
            .as_ref()
            .unwrap()
            .contains("Reloading order 1 once more")
    );
    // It is as it was: that yes counts, once.
    answered(&mut desk, &effects, info(OLD));
    assert_eq!(desk.model.engine.writes.all.len(), 1, "{}", desk.told());
    assert!(written(&desk.key("enter")).is_empty());
}

#[test]
fn a_form_that_was_asked_for_and_left_does_not_open() {
    for leave in ["k", "esc", "k d", "3", "k enter", "/"] {
        let mut desk = Desk::with_orders(3);
        desk.press("G");
        let effects = desk.press("r");
        desk.press(leave);
        desk.model.form = None;
        if leave == "/" {
            desk.press("esc k");
        }
        answered(&mut desk, &effects, info(OLD));
        assert!(desk.model.form.is_none(), "{leave}");
        desk.press("1 esc");
        assert!(desk.model.form.is_none(), "{leave}, and back");
    }
    let mut desk = Desk::with_orders(3);
    desk.press("G");
    let effects = desk.press("r");
    answered(&mut desk, &effects, info(OLD));
    assert!(desk.model.form.is_some(), "who waits gets it");
}

#[test]
fn a_key_made_for_one_form_fills_no_other() {
    let mut desk = known(info(OLD));
    let effects = desk.press("r");
    answered(&mut desk, &effects, info(OLD));
    desk.press("ctrl-g");
    let effects = desk.press("enter");
    let Some(Effect::MakeKey(spec)) = effects.first() else {
        panic!("{effects:?}");
    };
    assert_eq!(spec.algorithm, KeyAlgorithm::P256);
    let form = spec.form.clone();
    desk.press("esc esc d");
    let kind = |desk: &Desk| desk.model.form.as_ref().map(|form| form.kind);
    assert_eq!(kind(&desk), Some(FormKind::Duplicate));
    let made = KeyMade {
        csr: CsrText(csr(OLD[0])),
        path: "./shop.key".into(),
    };
    desk.tell(Msg::KeyMade {
        form,
        result: Ok(made),
    });
    let open = desk.model.form.as_ref().unwrap();
    assert!(!open.draft_json().contains("BEGIN CERTIFICATE REQUEST"));
    assert!(desk.told().contains("./shop.key"), "{}", desk.told());
}

#[test]
fn a_batch_ends_with_what_refuses_all_and_is_told_when_one_leaves() {
    for (kind, goes_on) in [
        (FailureKind::RateLimited, false),
        (FailureKind::InvalidKey, false),
        (FailureKind::Permission, false),
        (FailureKind::Refused, true),
        (FailureKind::NotFound, true),
    ] {
        let (mut desk, first) = super::accounts_tests::approving();
        desk.press("q");
        let Some(Popup::Prompt(prompt)) = desk.model.popups.last() else {
            panic!("leaving asks");
        };
        let body = prompt.body.join(" ");
        assert!(body.contains("2 changes are waiting"), "{body}");
        desk.press("esc");
        let failure = Failure {
            kind,
            status: Some(400),
            ..lost()
        };
        let outcome = Ended::Refused(failure);
        let next = desk.tell(Msg::WriteEnded { op: first, outcome });
        assert_eq!(written(&next).len(), usize::from(goes_on), "{kind:?}");
        if !goes_on {
            assert!(
                desk.told().contains("2 of 3 were not sent"),
                "{}",
                desk.told()
            );
            assert_eq!(desk.model.requests.marks.len(), 3, "they stay marked");
        }
    }
}

/// A review is looked at, and colleagues work meanwhile.
#[test]
fn a_review_reads_the_order_again() {
    let mut desk = known(info(OLD));
    let effects = desk.press("r");
    answered(&mut desk, &effects, info(OLD));
    desk.tell(Msg::Paste(csr(OLD[0])));
    desk.now += SignedDuration::from_secs(5);
    let effects = desk.press("ctrl-s");
    assert!(reads(&effects).contains(&&Read::Order(ID)), "{effects:?}");
    assert!(written(&desk.press("enter")).is_empty());
    answered(&mut desk, &effects, info(NEW));
    assert!(in_review(&desk).body.contains("colleague.example.net"));
}

/// Of all that is done until it is sent, the review alone opens a connection, once each time that it is opened.
#[test]
fn a_review_opens_the_connection_of_what_it_sends_once() {
    let mut desk = known(info(OLD));
    let opened = |effects: Vec<Effect>| {
        let opened = effects
            .iter()
            .filter(|effect| **effect == Effect::OpenAhead);
        opened.count()
    };
    assert_eq!(opened(desk.press("r")), 0);
    assert_eq!(opened(desk.paste(&csr(OLD[0]))), 0);
    assert_eq!(opened(desk.press("ctrl-s")), 1);
    assert_eq!(opened(desk.press("j")), 0);
    assert_eq!(opened(desk.tell(Msg::Resize(100, 30))), 0);
    assert_eq!(opened(desk.press("esc")), 0);
    assert_eq!(opened(desk.press("ctrl-s")), 1);
    assert_eq!(opened(desk.press("enter")), 0);
}

fn rest_comes(desk: &mut Desk, effects: &[Effect], seconds: i64) -> Vec<Effect> {
    desk.now += SignedDuration::from_secs(seconds);
    let mut more = Vec::new();
    for read in [Read::Duplicates(ID), Read::Reissues(ID)] {
        more.extend(desk.answer(effects, &read, Ok(Data::Certificates(Vec::new()))));
    }
    more
}

/// The review or the question was read, and long after that Enter is pressed.
#[test]
fn a_late_yes_counts_once_the_order_was_read_and_is_the_same() {
    let form: fn(&mut Desk) = |desk| {
        let effects = desk.press("r");
        desk.tell(Msg::Paste(csr(OLD[0])));
        desk.press("ctrl-s");
        answered(desk, &effects, info(OLD));
    };
    let question: fn(&mut Desk) = |desk| {
        let effects = desk.press("m");
        answered(desk, &effects, info(OLD));
        // The certificate is revoked.
        for _ in 0..20 {
            let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
                break;
            };
            let chosen = crate::app::popups::operations::chosen(&desk.model.engine, menu);
            if matches!(
                chosen.map(|line| line.choice),
                Some(Choice::One(Operation::RevokeCertificate(_)))
            ) {
                desk.press("enter");
            } else {
                desk.press("j");
            }
        }
        // Its last part is the order's number.
        for key in ["tab", "tab", "tab", "1"] {
            desk.press(key);
        }
    };
    for open in [form, question] {
        let late = || {
            let mut desk = known(info(OLD));
            open(&mut desk);
            desk.now += SignedDuration::from_secs(40);
            let effects = desk.press("enter");
            assert!(written(&effects).is_empty(), "{effects:?}");
            assert!(reads(&effects).contains(&&Read::Order(ID)), "{effects:?}");
            assert!(written(&desk.key("enter")).is_empty(), "one yes is one");
            (desk, effects)
        };
        // The same: it is sent without another yes, once all was read.
        let (mut desk, effects) = late();
        let order = Ok(Data::Order(Box::new(info(OLD))));
        let mut sent = desk.answer(&effects, &Read::Order(ID), order);
        assert!(
            written(&sent).is_empty(),
            "the other certificates are not read yet"
        );
        for read in [Read::Duplicates(ID), Read::Reissues(ID)] {
            sent.extend(desk.answer(&effects, &read, Ok(Data::Certificates(Vec::new()))));
        }
        assert_eq!(written(&sent).len(), 1, "{}", desk.told());
        // Another: nothing is sent, and what is shown is new.
        let (mut desk, effects) = late();
        let mut other = info(NEW);
        other.certificate.id = Some(CertificateId(11));
        answered(&mut desk, &effects, other);
        desk.now += SignedDuration::from_secs(5);
        assert!(desk.model.engine.writes.all.is_empty(), "{}", desk.told());
        // Another, and the rest comes long after: nothing is sent either.
        let (mut desk, effects) = late();
        let mut other = info(OLD);
        other.certificate.id = Some(CertificateId(11));
        let other = Ok(Data::Order(Box::new(other)));
        desk.answer(&effects, &Read::Order(ID), other);
        rest_comes(&mut desk, &effects, 3);
        assert!(desk.model.engine.writes.all.is_empty(), "{}", desk.told());
        // The same, and the rest comes late: it is sent, and nothing is read again for that; or too late.
        for (seconds, sends) in [(8, 1), (60, 0)] {
            let (mut desk, effects) = late();
            let order = Ok(Data::Order(Box::new(info(OLD))));
            desk.answer(&effects, &Read::Order(ID), order);
            let more = rest_comes(&mut desk, &effects, seconds);
            assert_eq!(written(&more).len(), sends, "{}", desk.told());
            assert!(!reads(&more).contains(&&Read::Order(ID)), "{more:?}");
        }
        // Not read: nothing is sent, and it is said.
        let (mut desk, effects) = late();
        let failure = Err(Failure::local("The line is cut.", ""));
        desk.answer(&effects, &Read::Order(ID), failure);
        let said = match desk.model.popups.last() {
            Some(Popup::Asking(asking)) => asking.fields.error.clone().unwrap_or_default(),
            _ => desk.told().to_owned(),
        };
        assert!(said.contains("Not sent"), "{said}");
        // Left: nothing is sent.
        let (mut desk, effects) = late();
        desk.press("esc");
        assert!(desk.told().contains("Nothing was sent"), "{}", desk.told());
        answered(&mut desk, &effects, info(OLD));
        assert!(desk.model.engine.writes.all.is_empty(), "{}", desk.told());
    }
}

/// Requests are decided on what they are when the yes is sent, however long the question stood open.
#[test]
fn a_late_yes_to_a_decision_counts_once_the_request_was_read_again() {
    use super::requests_tests::{listed, request};
    use crate::app::update_tests::requests_tests::written as sent;
    let submitted = || request(5, RequestKind::Duplicate, RequestStatus::Submitted);
    let mut first_given = submitted();
    first_given.status = RequestStatus::Pending;
    first_given.reviewer = Some(person("Cleo Example", "").into());
    let mut gone = submitted();
    gone.status = RequestStatus::Rejected;
    // What comes of the look, and whether the approval goes.
    for (came, goes, says) in [
        (Ok(submitted()), true, ""),
        (Ok(first_given), false, "first approved by Cleo Example"),
        (Ok(gone), false, "was rejected in the meantime"),
        (Err(lost()), false, "could not be reloaded"),
    ] {
        let what = format!("{came:?}");
        let mut desk = listed();
        desk.press("j");
        let read = Read::Request(RequestId(5));
        let effects = desk.press("a");
        let here = Data::Request(Box::new(submitted()));
        desk.answer(&effects, &read, Ok(here));
        desk.now += SignedDuration::from_secs(13);
        let effects = desk.key("enter");
        assert_eq!(sent(&effects), None, "{what}");
        assert!(reads(&effects).contains(&&read), "{what}: {effects:?}");
        assert_eq!(sent(&desk.key("enter")), None, "{what}: it is being read");
        let came = came.map(|request| Data::Request(Box::new(request)));
        let effects = desk.answer(&effects, &read, came);
        assert_eq!(sent(&effects).is_some(), goes, "{what}: {effects:?}");
        let words = match desk.model.popups.last() {
            Some(Popup::Asking(asking)) => {
                let error = asking.fields.error.clone().unwrap_or_default();
                format!("{} {error}", asking.words.join(" "))
            }
            _ => desk.told().to_owned(),
        };
        assert!(words.contains(says), "{what}: {words}");
    }
}
