//! What was sent: accepted, refused, lost, looked up.

use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::domain::ids::CertificateId;
use crate::domain::order::CsrText;
use crate::domain::status::CertificateStatus;
use crate::domain::write::{Entry, Outgoing, WriteId, WriteKind};

pub(super) const CSR: &str =
    "-----BEGIN CERTIFICATE REQUEST-----\nAQID\n-----END CERTIFICATE REQUEST-----\n";

pub(super) fn outgoing() -> Outgoing {
    let outgoing = post(WriteKind::Duplicate, 1, "duplicate", "{}");
    with_csr(outgoing, &[1, 2, 3])
}

/// A desk that has sent a duplicate.
pub(super) fn sent() -> (Desk, crate::domain::write::WriteId) {
    let mut desk = Desk::with_orders(1);
    let effects = desk.send(outgoing(), Some("duplicate-1".into()), "duplicate".into());
    let Some(Effect::Write { op, .. }) = effects.first() else {
        panic!("nothing was sent");
    };
    let op = op.clone();
    (desk, op)
}

pub(super) fn issued(id: u64, csr: &str) -> Certificate {
    let mut row = Certificate::empty(Role::Duplicate(None));
    row.id = Some(CertificateId(id));
    row.serial = Some(format!("0A{id}"));
    row.status = Some(CertificateStatus::Approved);
    row.csr = Some(CsrText(csr.into()));
    row
}

/// The account takes it and makes request 9 of it.
pub(super) fn accepted(desk: &mut Desk, op: WriteId) -> Vec<Effect> {
    let accepted = Accepted {
        order: Some(OrderId(1)),
        requests: vec![RequestId(9)],
        ..Accepted::default()
    };
    let outcome = Ended::Accepted(accepted);
    desk.tell(Msg::WriteEnded { op, outcome })
}

/// Sent and taken: the request waits for its approval.
fn waiting() -> (Desk, Vec<Effect>) {
    let (mut desk, op) = sent();
    let effects = accepted(&mut desk, op);
    (desk, effects)
}

#[test]
fn a_write_that_is_accepted_with_a_request_waits_for_its_approval_and_then_for_the_certificate() {
    let (mut desk, effects) = waiting();
    assert!(effects.contains(&Effect::DropDraft {
        key: "duplicate-1".into()
    }));
    assert_eq!(desk.shown(0), "waiting for approval of request 9");
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    let rows = vec![issued(7, "another"), issued(8, CSR)];
    let more = desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(rows)),
    );
    assert_eq!(
        desk.shown(0),
        "certificate 8 is issued; loading and verifying it",
        "found by its CSR"
    );
    assert_eq!(reads(&more), [&Read::Chain(CertificateId(8))]);
    let last = desk.answer(
        &more,
        &Read::Chain(CertificateId(8)),
        Ok(Data::Chain("no certificate".into())),
    );
    assert!(
        matches!(
            &last[..],
            [Effect::Journal { entry: Entry::Verified(problems), .. }, Effect::Notify { text }]
                if problems.len() == 1 && text.contains("certificate 8")
        ),
        "whoever looks elsewhere is told of the end: {last:?}"
    );
}

#[test]
fn what_is_issued_at_once_is_held_against_the_row_of_the_account() {
    let at_once = || {
        let (mut desk, op) = sent();
        let accepted = Accepted {
            order: Some(OrderId(1)),
            certificate: Some(CertificateId(8)),
            chain: Some("no certificate".into()),
            ..Accepted::default()
        };
        let outcome = Ended::Accepted(accepted);
        let effects = desk.tell(Msg::WriteEnded { op, outcome });
        let words = desk.model.engine.writes.all[0].words();
        assert_eq!(words, "certificate 8 is issued; verifying it");
        (desk, effects)
    };
    let is_checked = |effects: &[Effect]| {
        let mut all = effects.iter();
        all.any(|effect| matches!(effect, Effect::Journal { entry: Entry::Verified(problems), .. } if problems.len() == 1))
    };

    let (mut desk, effects) = at_once();
    let rows = Data::Certificates(vec![issued(8, CSR)]);
    let more = desk.answer(&effects, &Read::Duplicates(OrderId(1)), Ok(rows));
    assert!(is_checked(&more), "{more:?}");
    assert_eq!(reads(&more), [] as [&Read; 0], "nothing is fetched twice");

    // A row that does not come does not keep it from being checked.
    let (mut desk, mut effects) = at_once();
    for _ in 0..6 {
        let asked: Vec<Read> = reads(&effects).into_iter().cloned().collect();
        for read in asked {
            let data = match read {
                Read::Order(_) => {
                    Data::Order(Box::new(order(1, Certificate::empty(Role::Primary))))
                }
                _ => Data::Certificates(Vec::new()),
            };
            if is_checked(&desk.answer(&effects, &read, Ok(data))) {
                return;
            }
        }
        effects = desk.wait(5);
    }
    panic!("{:?}", desk.model.engine.writes.all[0]);
}

#[test]
fn a_watch_asks_by_itself_ever_more_rarely() {
    let (mut desk, effects) = waiting();
    let empty = |desk: &mut Desk, effects: &[Effect]| {
        let info = order(1, Certificate::empty(Role::Primary));
        desk.answer(
            effects,
            &Read::Order(OrderId(1)),
            Ok(Data::Order(Box::new(info))),
        );
        desk.answer(
            effects,
            &Read::Duplicates(OrderId(1)),
            Ok(Data::Certificates(Vec::new())),
        );
        desk.answer(
            effects,
            &Read::Reissues(OrderId(1)),
            Ok(Data::Certificates(Vec::new())),
        );
    };
    empty(&mut desk, &effects);
    desk.nothing_is_late();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let due = desk
            .model
            .next_deadline()
            .expect("a watch that is open looks again");
        pauses.push(due.duration_since(desk.now).as_secs());
        let effects = desk.wait(due.duration_since(desk.now).as_secs() + 1);
        assert!(reads(&effects).contains(&&Read::Order(OrderId(1))));
        empty(&mut desk, &effects);
    }
    assert!(
        pauses.windows(2).all(|pair| pair[0] <= pair[1]),
        "{pauses:?}"
    );
    assert!(pauses[7] > pauses[0]);
}

#[test]
fn a_lost_answer_is_looked_up_and_nothing_is_sent_again() {
    let (mut desk, op) = sent();
    let effects = desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Unknown(lost()),
    });
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Write { .. } | Effect::DropDraft { .. }))
    );
    assert_eq!(desk.shown(0), hands::LOOKING);
    let mut all = effects;
    let mut newest = all.clone();
    for _ in 0..20 {
        let info = order(1, Certificate::empty(Role::Primary));
        let none = || Ok(Data::Certificates(Vec::new()));
        desk.answer(
            &newest,
            &Read::Order(OrderId(1)),
            Ok(Data::Order(Box::new(info))),
        );
        desk.answer(&newest, &Read::Duplicates(OrderId(1)), none());
        desk.answer(&newest, &Read::Reissues(OrderId(1)), none());
        newest = match desk.model.next_deadline() {
            Some(due) => desk.wait(due.duration_since(desk.now).as_secs() + 1),
            None => break,
        };
        all.extend(newest.clone());
    }
    let shown = desk.shown(0);
    let still = "outcome unknown, and nothing with this CSR in CertCentral so far (checked ";
    assert!(shown.starts_with(still), "{shown}");
    assert!(
        all.iter()
            .all(|effect| !matches!(effect, Effect::Write { .. }))
    );
}

#[test]
fn a_lost_answer_whose_certificate_is_there_is_found_by_its_csr() {
    let (mut desk, op) = sent();
    let effects = desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Unknown(lost()),
    });
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(vec![issued(8, CSR)])),
    );
    assert_eq!(
        desk.shown(0),
        "certificate 8 is issued; loading and verifying it"
    );
}

#[test]
fn a_certificate_that_carried_the_csr_before_is_not_what_came_of_it() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(vec![issued(8, CSR)])),
    );
    desk.send(outgoing(), None, "duplicate".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    let effects = desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Unknown(lost()),
    });
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(vec![issued(8, CSR)])),
    );
    assert_eq!(desk.shown(0), hands::LOOKING);
    let rows = vec![issued(8, CSR), issued(9, CSR)];
    let effects = desk.press("R");
    desk.answer(
        &effects,
        &Read::Duplicates(OrderId(1)),
        Ok(Data::Certificates(rows)),
    );
    assert_eq!(
        desk.shown(0),
        "certificate 9 is issued; loading and verifying it"
    );
}

#[test]
fn a_refused_write_keeps_the_draft_and_says_what_the_account_said() {
    let (mut desk, op) = sent();
    desk.model
        .engine
        .drafts
        .texts
        .insert("duplicate-1".into(), "{}".into());
    let refused = Failure {
        what: "Refused: the CSR cannot be parsed.".into(),
        ..lost()
    };
    let effects = desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Refused(refused),
    });
    assert!(
        effects
            .iter()
            .all(|effect| !matches!(effect, Effect::DropDraft { .. }))
    );
    assert!(desk.model.engine.drafts.texts.contains_key("duplicate-1"));
    assert!(desk.told().contains("CSR cannot be parsed"));
}

#[test]
fn a_decision_leaves_the_cursor_on_what_it_decides() {
    let (mut desk, op) = sent();
    accepted(&mut desk, op.clone());
    desk.press("W a enter");
    let Some(Popup::Watches(picker)) = desk.model.popups.last() else {
        panic!("the watches are closed");
    };
    let ids = crate::app::writes::ids(&desk.model.engine.writes.all);
    assert_eq!(ids.len(), 2);
    assert_eq!(picker.chosen(&ids), Some(&op));
}

/// A desk that waits for the certificates of a reissue of each of two orders, and the effects of the last answers.
fn two_reissues() -> (Desk, Vec<Effect>) {
    let mut desk = Desk::with_orders(2);
    let mut effects = Vec::new();
    for id in [1, 2] {
        let outgoing = Outgoing {
            kind: WriteKind::Reissue,
            order: Some(OrderId(id)),
            ..outgoing()
        };
        desk.send(outgoing, None, "reissue".into());
        let op = desk.model.engine.writes.all[0].op.clone();
        effects.extend(desk.tell(Msg::WriteEnded {
            op,
            outcome: Ended::Accepted(Accepted::default()),
        }));
    }
    (desk, effects)
}

/// Answers everything that is read of orders: nothing new.
fn nothing_new(desk: &mut Desk, effects: &[Effect]) {
    for read in reads(effects) {
        let data = match read {
            Read::Order(id) => {
                let mut info = order(id.0, Certificate::empty(Role::Primary));
                info.status = crate::domain::status::OrderStatus::ReissuePending;
                Data::Order(Box::new(info))
            }
            Read::Duplicates(_) | Read::Reissues(_) => Data::Certificates(Vec::new()),
            _ => continue,
        };
        desk.answer(effects, read, Ok(data));
    }
}

fn next_look(desk: &mut Desk) -> Vec<Effect> {
    let due = desk
        .model
        .engine
        .writes
        .all
        .iter()
        .filter_map(|watch| watch.due)
        .max();
    let due = due.expect("an open watch looks again");
    desk.wait(due.duration_since(desk.now).as_secs() + 1)
}

#[test]
fn later_looks_ask_once_for_all_orders_and_read_what_changed() {
    let (mut desk, mut effects) = two_reissues();
    let mut calls = Vec::new();
    let mut changes = 0;
    for _ in 0..12 {
        nothing_new(&mut desk, &effects);
        effects = next_look(&mut desk);
        calls.push(reads(&effects).len());
        if let [Read::Changes(seconds)] = reads(&effects)[..] {
            changes += 1;
            let read = Read::Changes(*seconds);
            assert!(*seconds > 60, "further back than the last look");
            let more = desk.answer(&effects, &read, Ok(Data::Changes(vec![OrderId(77)])));
            assert!(reads(&more).is_empty(), "nothing of ours changed");
        }
    }
    assert!(
        calls[..3].iter().all(|calls| *calls == 6),
        "at first everything: {calls:?}"
    );
    assert_eq!(changes, calls.iter().filter(|calls| **calls == 1).count());
    assert!(changes >= 6, "{calls:?}");
    assert!(calls[3..].contains(&6), "and now and then again: {calls:?}");

    nothing_new(&mut desk, &effects);
    let changed = |desk: &mut Desk| loop {
        let effects = next_look(desk);
        if let [read @ Read::Changes(_)] = &reads(&effects)[..] {
            let read = (*read).clone();
            return (effects, read);
        }
        nothing_new(desk, &effects);
    };
    let (effects, read) = changed(&mut desk);
    let more = desk.answer(&effects, &read, Ok(Data::Changes(vec![OrderId(2)])));
    let wanted = [
        &Read::Order(OrderId(2)),
        &Read::Duplicates(OrderId(2)),
        &Read::Reissues(OrderId(2)),
    ];
    assert_eq!(reads(&more), wanted);
    nothing_new(&mut desk, &more);
    let (effects, read) = changed(&mut desk);
    desk.answer(&effects, &read, Err(lost()));
    assert!(
        desk.model
            .engine
            .writes
            .all
            .iter()
            .all(|watch| watch.trouble.is_some())
    );
    let effects = next_look(&mut desk);
    assert_eq!(
        reads(&effects).len(),
        6,
        "after a failure everything is read"
    );
}

#[test]
fn while_somebody_has_to_approve_only_the_order_is_asked_for() {
    let (mut desk, mut effects) = waiting();
    let mut seen = Vec::new();
    for _ in 0..6 {
        nothing_new(&mut desk, &effects);
        effects = next_look(&mut desk);
        seen.push(reads(&effects).len());
    }
    assert_eq!(seen, [1, 1, 1, 3, 1, 1], "now and then everything");
    assert_eq!(reads(&effects), [&Read::Order(OrderId(1))]);
}

#[test]
fn a_watch_waits_out_a_broken_connection_and_a_refused_key() {
    let (mut desk, effects) = waiting();
    for read in reads(&effects) {
        desk.answer(&effects, read, Err(lost()));
    }
    assert!(
        desk.model.engine.writes.all[0].trouble.is_some(),
        "it says why it waits"
    );
    assert!(
        desk.model.engine.writes.all[0].due.is_some(),
        "and tries again"
    );
    let connected = |key: Result<String, Failure>| {
        Msg::Connected(Connection {
            key,
            ..hands::connection("demo account")
        })
    };
    desk.tell(connected(Err(lost())));
    let effects = desk.wait(600);
    assert!(reads(&effects).is_empty(), "there is nobody to ask");
    let effects = desk.tell(connected(Ok("again".into())));
    assert!(
        reads(&effects).contains(&&Read::Order(OrderId(1))),
        "{effects:?}"
    );
}

#[test]
fn whoever_went_elsewhere_is_told_of_the_end() {
    let (mut desk, mut effects) = waiting();
    effects.extend(desk.press("esc 3 1"));
    let mut info = order(1, Certificate::empty(Role::Primary));
    info.requests = vec![Request {
        kind: RequestKind::Duplicate,
        status: RequestStatus::Rejected,
        ..super::keyless_tests::asked(9, desk.now)
    }];
    let own = info.requests[0].clone();
    let more = desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    let full = Ok(Data::Request(Box::new(Request {
        processor_comment: Some("not now".into()),
        ..own
    })));
    let last = desk.answer(&more, &Read::Request(RequestId(9)), full);
    let told = last.iter().find_map(|effect| match effect {
        Effect::Notify { text } => Some(text.as_str()),
        _ => None,
    });
    assert!(
        told.is_some_and(|text| text.contains("rejected: not now")),
        "{last:?}"
    );
}

#[test]
fn a_write_whose_request_was_approved_does_not_wait_for_another_one_with_the_same_csr() {
    let (mut desk, effects) = waiting();
    let now = desk.now;
    let asked = |id: u64, status: RequestStatus| Request {
        kind: RequestKind::Duplicate,
        status,
        csr: Some(CsrText(CSR.into())),
        ..super::keyless_tests::asked(id, now)
    };
    let requests = vec![
        asked(9, RequestStatus::Approved),
        asked(10, RequestStatus::Pending),
    ];
    let mut info = order(1, Certificate::empty(Role::Primary));
    info.requests.clone_from(&requests);
    let more = desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    for request in requests {
        let read = Read::Request(request.id);
        desk.answer(&more, &read, Ok(Data::Request(Box::new(request))));
    }
    assert_eq!(desk.shown(0), "accepted; waiting for the certificate");
}
