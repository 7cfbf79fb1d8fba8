//! The small operations: the menu says why not, the question shows the exact request, nothing goes unconfirmed or
//! twice, and every answer is read as what it is.

use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::app::popups::operations::{Menu, entries};
use crate::domain::ids::CertificateId;
use crate::domain::operation::Operation;
use crate::domain::order::{Note, Order};
use crate::domain::status::{CertificateStatus, OrderStatus};
use crate::domain::write::{Entry, Found, Outgoing, WriteId};

const ID: OrderId = OrderId(1);

fn primary() -> Certificate {
    let mut row = Certificate::empty(Role::Primary);
    row.id = Some(CertificateId(10));
    row.serial = Some("0A".into());
    row.common_name = "n1.example.net".into();
    row
}

fn duplicate() -> Certificate {
    let mut row = Certificate::empty(Role::Duplicate(None));
    row.id = Some(CertificateId(11));
    row.serial = Some("0B".into());
    row.status = Some(CertificateStatus::Approved);
    row
}

/// A desk with an open order of this state.
pub(super) fn opened(change: impl FnOnce(&mut Order)) -> Desk {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let mut info = order(1, primary());
    change(&mut info);
    answer(&mut desk, &effects, info);
    desk
}

fn answer(desk: &mut Desk, effects: &[Effect], info: Order) -> Vec<Effect> {
    let mut more = desk.answer(
        effects,
        &Read::Duplicates(ID),
        Ok(Data::Certificates(vec![duplicate()])),
    );
    more.extend(desk.answer(
        effects,
        &Read::Reissues(ID),
        Ok(Data::Certificates(Vec::new())),
    ));
    more.extend(desk.answer(effects, &Read::Order(ID), Ok(Data::Order(Box::new(info)))));
    more
}

fn choose(desk: &mut Desk, operation: &Operation) {
    desk.press("m");
    let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
        panic!("no menu");
    };
    let lines = entries(&desk.model.engine, menu);
    let at = lines
        .iter()
        .position(|line| line.choice.one() == Some(operation));
    for _ in 0..at.expect("it is in the menu") {
        desk.press("j");
    }
    let effects = desk.press("enter");
    let is_sent = effects.iter().any(|effect| *effect != Effect::OpenAhead);
    assert!(!is_sent, "nothing is sent before it is seen: {effects:?}");
}

fn written(effects: &[Effect]) -> (WriteId, Outgoing) {
    let all: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Write { op, outgoing, .. } => Some((op.clone(), (**outgoing).clone())),
            _ => None,
        })
        .collect();
    assert_eq!(all.len(), 1, "{effects:?}");
    all.into_iter().next().unwrap()
}

fn accept(desk: &mut Desk, op: WriteId, accepted: Accepted) -> Vec<Effect> {
    desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Accepted(accepted),
    })
}

fn allowed(desk: &Desk, certificate: u64) -> Vec<Operation> {
    let menu = Menu {
        order: ID,
        marked: Vec::new(),
        certificate: Some(CertificateId(certificate)),
        about_name: Vec::new(),
        picker: crate::app::picker::Picker::default(),
        opened: crate::app::remote::Opened::default(),
    };
    entries(&desk.model.engine, &menu)
        .into_iter()
        .filter(|line| line.why_not.is_none())
        .filter_map(|line| line.choice.one().cloned())
        .collect()
}

#[test]
fn a_menu_that_was_opened_before_the_order_was_read_gets_its_certificate() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter m");
    let lines = |desk: &Desk| {
        let Some(Popup::Operations(menu)) = desk.model.popups.last() else {
            panic!("no menu");
        };
        let lines = entries(&desk.model.engine, menu).into_iter();
        lines
            .filter_map(|line| line.choice.one().cloned())
            .collect::<Vec<_>>()
    };
    let revoke = Operation::RevokeCertificate(CertificateId(10));
    assert!(!lines(&desk).contains(&revoke));
    answer(&mut desk, &effects, order(1, primary()));
    assert!(lines(&desk).contains(&revoke));
}

#[test]
fn the_menu_offers_what_the_order_s_state_allows_and_says_why_not() {
    use Operation::{
        Archive, AutoReissue, CancelOrder, CancelReissue, Note, RevokeCertificate, RevokeOrder,
    };
    let (current, copy) = (CertificateId(10), CertificateId(11));
    for (status, certificate, expected) in [
        (
            OrderStatus::Issued,
            current,
            vec![
                Note,
                AutoReissue(true),
                RevokeCertificate(current),
                RevokeOrder,
            ],
        ),
        (
            OrderStatus::Issued,
            copy,
            vec![
                Note,
                AutoReissue(true),
                Archive(copy),
                RevokeCertificate(copy),
                RevokeOrder,
            ],
        ),
        (
            OrderStatus::ReissuePending,
            current,
            vec![Note, CancelReissue, AutoReissue(true)],
        ),
        (
            OrderStatus::NeedsApproval,
            current,
            vec![Note, AutoReissue(true), RevokeCertificate(current)],
        ),
        (OrderStatus::Revoked, current, vec![Note, AutoReissue(true)]),
    ] {
        let desk = opened(|order| {
            order.status = status.clone();
            order.auto_reissue = Some(false);
        });
        assert_eq!(allowed(&desk, certificate.0), expected, "{status}");
    }
    let mut desk = opened(|order| {
        order.status = OrderStatus::Pending;
        order.is_plan = false;
        order.certificate.serial = None;
    });
    assert_eq!(allowed(&desk, 10), [Note, CancelOrder]);
    choose(&mut desk, &Operation::RevokeOrder);
    assert!(matches!(
        desk.model.popups.last(),
        Some(Popup::Operations(_))
    ));
    assert!(
        desk.told().contains("its status is pending"),
        "{}",
        desk.told()
    );
}

#[test]
fn the_menu_opens_on_a_row_of_the_list_and_reads_the_order() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("m");
    assert_eq!(
        reads(&effects),
        [&Read::Order(ID), &Read::Duplicates(ID), &Read::Reissues(ID)]
    );
    desk.press("enter");
    assert!(desk.told().contains("is loading"));
    answer(&mut desk, &effects, order(1, primary()));
    desk.press("enter");
    assert!(matches!(desk.model.popups.last(), Some(Popup::Asking(_))));
}

#[test]
fn every_small_operation_is_seen_before_it_is_sent_and_said_when_it_is_done() {
    use crate::domain::write::Method;
    let order = "/order/certificate/1";
    for (operation, status, keys, method, path, body, done) in [
        (
            Operation::CancelOrder,
            OrderStatus::WaitingPickup,
            "n o enter",
            Method::Put,
            format!("{order}/status"),
            r#"{"status":"canceled","note":"no"}"#,
            "order 1 is canceled",
        ),
        (
            Operation::CancelReissue,
            OrderStatus::ReissuePending,
            "n o enter",
            Method::Put,
            format!("{order}/status"),
            r#"{"status":"canceled","note":"no"}"#,
            "the reissue of order 1 is canceled",
        ),
        (
            Operation::AutoReissue(false),
            OrderStatus::Issued,
            "enter",
            Method::Put,
            format!("{order}/auto-reissue"),
            r#"{"auto_reissue":0}"#,
            "auto-reissue of order 1 is off",
        ),
        (
            Operation::Archive(CertificateId(11)),
            OrderStatus::Issued,
            "enter",
            Method::Put,
            "/certificate/11/archive".to_owned(),
            "",
            "certificate 11 is archived",
        ),
        (
            Operation::Note,
            OrderStatus::Revoked,
            "o h enter",
            Method::Post,
            format!("{order}/note"),
            r#"{"text":"oh"}"#,
            "the note is on order 1",
        ),
    ] {
        let mut desk = opened(|order| {
            order.status = status;
            order.auto_reissue = Some(true);
        });
        desk.press("o j");
        choose(&mut desk, &operation);
        let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
            panic!("{operation:?} is not asked about");
        };
        assert_eq!(
            asking.outgoing()[0].path,
            path,
            "what is shown is what is sent"
        );
        let (op, outgoing) = written(&desk.press(keys));
        let sent = (
            outgoing.method,
            outgoing.path.as_str(),
            outgoing.body.as_str(),
        );
        assert_eq!(sent, (method, path.as_str(), body));
        assert!(
            desk.press("enter")
                .iter()
                .all(|effect| !matches!(effect, Effect::Write { .. }))
        );
        accept(&mut desk, op, Accepted::default());
        assert_eq!(desk.told(), done);
    }
}

#[test]
fn a_cancellation_wants_its_reason_and_is_sent_once() {
    let mut desk = opened(|order| order.status = OrderStatus::Pending);
    choose(&mut desk, &Operation::CancelOrder);
    assert!(desk.press("enter").is_empty());
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("the question is gone");
    };
    assert!(asking.fields.error.is_some());
    let effects = desk.press("q u i t enter");
    let (op, outgoing) = written(&effects);
    assert_eq!(outgoing.path, "/order/certificate/1/status");
    assert_eq!(outgoing.body, r#"{"status":"canceled","note":"quit"}"#);
    assert!(desk.model.popups.is_empty());
    choose(&mut desk, &Operation::CancelOrder);
    assert!(desk.told().contains("under way"), "{}", desk.told());
    desk.press("esc");
    let effects = accept(&mut desk, op, Accepted::default());
    assert_eq!(desk.told(), "order 1 is canceled");
    assert!(
        reads(&effects).contains(&&Read::Order(ID)),
        "the order is read anew"
    );
}

#[test]
fn a_revocation_wants_the_order_number_and_its_answer_is_a_request() {
    let mut desk = opened(|_| {});
    desk.press("o j");
    choose(&mut desk, &Operation::RevokeCertificate(CertificateId(11)));
    assert!(
        desk.press("enter").is_empty(),
        "the number is not typed yet"
    );
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("the question is gone");
    };
    assert_eq!(
        asking.outgoing()[0].body,
        r#"{"revocation_reason":"unspecified"}"#
    );
    // Back to the reason: the key may be known to others; then comment and number.
    let effects = desk.press("tab tab right tab space space tab o h tab 1 enter");
    let (op, outgoing) = written(&effects);
    assert_eq!(outgoing.path, "/certificate/11/revoke");
    assert_eq!(
        outgoing.body,
        r#"{"revocation_reason":"keyCompromise","comments":"oh"}"#
    );
    let accepted = Accepted {
        requests: vec![RequestId(5)],
        ..Accepted::default()
    };
    let effects = accept(&mut desk, op.clone(), accepted);
    assert_eq!(desk.shown(0), "waiting for approval of request 5");
    let mut info = order(1, primary());
    info.requests = vec![request(5, RequestKind::Revoke, RequestStatus::Approved)];
    let effects = answer(&mut desk, &effects, info);
    let shown = desk.shown(0);
    assert_eq!(shown, "request 5 approved: certificate 11 is revoked");
    assert_eq!(
        desk.told(),
        "revocation of certificate 11 · n1.example.net: request 5 approved: certificate 11 is revoked"
    );
    assert!(effects.contains(&Effect::Journal {
        op,
        entry: Entry::Found(Found::Order(ID))
    }));
    desk.nothing_is_late();
    assert_eq!(
        desk.model.next_deadline(),
        None,
        "nothing is waited for any more"
    );
}

#[test]
fn a_revocation_without_approval_is_done_at_once() {
    let mut desk = opened(|_| {});
    choose(&mut desk, &Operation::RevokeOrder);
    let effects = desk.press("tab space tab tab 1 enter");
    let (op, outgoing) = written(&effects);
    assert_eq!(
        outgoing.body,
        r#"{"revocation_reason":"unspecified","skip_approval":true}"#
    );
    accept(&mut desk, op, Accepted::default());
    assert_eq!(desk.told(), "all certificates of order 1 are revoked");
}

#[test]
fn revoked_already_counts_as_done() {
    let mut desk = opened(|_| {});
    choose(&mut desk, &Operation::RevokeOrder);
    let effects = desk.press("tab tab tab 1 enter");
    let (op, _) = written(&effects);
    let refused = Failure {
        codes: vec!["order_already_revoked".into()],
        kind: FailureKind::Refused,
        ..lost()
    };
    desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Refused(refused),
    });
    let told = "all certificates of order 1 are revoked already; nothing was changed";
    assert_eq!(desk.told(), told);
    let list = desk.watch_list();
    assert!(list.contains(&format!("✓ {told}")), "{list}");
}

#[test]
fn a_lost_answer_is_looked_up_by_what_the_operation_changes() {
    let noted = |order: &mut Order, count: usize| {
        let note = Note {
            id: None,
            text: "hm".into(),
            date: None,
            author: None,
        };
        order.notes = vec![note; count];
    };
    for (arrived, count) in [(true, 2), (false, 1)] {
        let mut desk = opened(|order| noted(order, 1));
        choose(&mut desk, &Operation::Note);
        let effects = desk.press("h m enter");
        let (op, outgoing) = written(&effects);
        assert_eq!(outgoing.body, r#"{"text":"hm"}"#);
        let mut newest = desk.tell(Msg::WriteEnded {
            op: op.clone(),
            outcome: Ended::Unknown(lost()),
        });
        let mut all = newest.clone();
        for _ in 0..20 {
            let mut info = order(1, primary());
            noted(&mut info, count);
            all.extend(answer(&mut desk, &newest, info));
            newest = match desk.model.next_deadline() {
                Some(due) => desk.wait(due.duration_since(desk.now).as_secs() + 1),
                None => break,
            };
            all.extend(newest.clone());
        }
        if arrived {
            assert_eq!(desk.shown(0), "the note is on order 1");
            let told = "note of order 1 · n1.example.net: the note is on order 1";
            assert_eq!(desk.told(), told);
            assert!(all.contains(&Effect::Journal {
                op,
                entry: Entry::Found(Found::Order(ID))
            }));
        } else {
            assert!(all.contains(&Effect::Journal {
                op,
                entry: Entry::Found(Found::NotArrived)
            }));
            let shown = desk.shown(0);
            let still = "outcome unknown, and CertCentral does not show it done so far (checked ";
            assert!(shown.starts_with(still), "{shown}");
        }
        assert!(
            all.iter()
                .all(|effect| !matches!(effect, Effect::Write { .. }))
        );
    }
}

#[test]
fn what_is_older_than_what_was_sent_is_not_taken_for_it() {
    let early = Timestamp::UNIX_EPOCH;
    for (dated, found) in [(None, true), (Some(early), false)] {
        let mut desk = opened(|_| {});
        choose(&mut desk, &Operation::Note);
        let (op, _) = written(&desk.press("h m enter"));
        let effects = desk.tell(Msg::WriteEnded {
            op,
            outcome: Ended::Unknown(lost()),
        });
        let mut info = order(1, primary());
        info.notes = vec![Note {
            id: None,
            text: "hm".into(),
            date: dated,
            author: None,
        }];
        answer(&mut desk, &effects, info);
        let words = if found {
            "the note is on order 1"
        } else {
            hands::LOOKING
        };
        assert_eq!(desk.shown(0), words, "note {dated:?}");

        let mut desk = opened(|_| {});
        choose(&mut desk, &Operation::RevokeOrder);
        let (op, _) = written(&desk.press("tab tab tab 1 enter"));
        let effects = desk.tell(Msg::WriteEnded {
            op,
            outcome: Ended::Unknown(lost()),
        });
        let mut info = order(1, primary());
        info.requests = vec![Request {
            date: dated,
            ..request(5, RequestKind::Revoke, RequestStatus::Pending)
        }];
        answer(&mut desk, &effects, info);
        let waits = "waiting for approval of request 5";
        let words = if found { waits } else { hands::LOOKING };
        assert_eq!(desk.shown(0), words, "revoke {dated:?}");
    }
}

#[test]
fn a_paste_into_the_question_sends_nothing() {
    let mut desk = opened(|_| {});
    choose(&mut desk, &Operation::Note);
    let effects = desk.paste("one\ntwo\n");
    assert!(effects.is_empty());
    assert!(matches!(desk.model.popups.last(), Some(Popup::Asking(_))));
}

#[test]
fn a_reissue_that_is_over_is_cancelled_only_if_no_certificate_came_of_it() {
    for issued in [false, true] {
        let mut desk = opened(|order| order.status = OrderStatus::ReissuePending);
        choose(&mut desk, &Operation::CancelReissue);
        let (op, _) = written(&desk.press("n o enter"));
        let effects = desk.tell(Msg::WriteEnded {
            op: op.clone(),
            outcome: Ended::Unknown(lost()),
        });
        let mut info = order(1, primary());
        if issued {
            info.certificate.id = Some(CertificateId(12));
            info.certificate.serial = Some("0C".into());
        }
        let effects = answer(&mut desk, &effects, info);
        let what = if issued {
            Found::Overtaken
        } else {
            Found::Order(ID)
        };
        assert!(effects.contains(&Effect::Journal {
            op,
            entry: Entry::Found(what)
        }));
        let words = desk.model.engine.writes.all[0].words();
        assert_eq!(words.contains("is canceled"), !issued, "{words}");
        assert_eq!(
            words.contains("issued as certificate 12"),
            issued,
            "{words}"
        );
    }
}
