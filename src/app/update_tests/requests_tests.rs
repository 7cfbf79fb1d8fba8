//! The list of requests: filtered, marked, several decided with one comment, one after the other.

use super::*;
use crate::app::effect::OpId;
use crate::app::msg::{Accepted, WriteOutcome};
use crate::app::watch::WatchState;
use crate::domain::order::Person;

fn request(id: u64, kind: RequestKind, status: RequestStatus) -> Request {
    Request {
        id: RequestId(id),
        kind,
        status,
        date: None,
        processed: None,
        requester: Some(Person {
            id: None,
            name: if id == 4 {
                "Ada Example"
            } else {
                "Bob Example"
            }
            .into(),
            email: String::new(),
        }),
        reviewer: None,
        processor: None,
        comments: None,
        processor_comment: None,
        order: Some(OrderId(id)),
        common_name: Some(format!("n{id}.example.net")),
        dns_names: Vec::new(),
        csr: None,
        organization: None,
        product: None,
    }
}

fn listed() -> Desk {
    let mut desk = Desk::with_orders(9);
    let effects = desk.press("2");
    let rows = vec![
        request(4, RequestKind::Reissue, RequestStatus::Pending),
        request(5, RequestKind::Duplicate, RequestStatus::Submitted),
        request(6, RequestKind::Revoke, RequestStatus::Pending),
        request(7, RequestKind::Duplicate, RequestStatus::Pending),
    ];
    desk.answer(&effects, &Read::Requests, Ok(Data::Requests(rows)));
    desk
}

fn shown(desk: &Desk) -> Vec<u64> {
    desk.model
        .requests
        .shown()
        .iter()
        .map(|row| row.id.0)
        .collect()
}

/// The one write among the effects: its number, path and body.
fn written(effects: &[Effect]) -> Option<(OpId, String, String)> {
    let mut all = effects.iter().filter_map(|effect| match effect {
        Effect::Write { op, outgoing } => {
            Some((op.clone(), outgoing.path.clone(), outgoing.body.clone()))
        }
        _ => None,
    });
    let first = all.next();
    assert!(all.next().is_none(), "two at once: {effects:?}");
    first
}

fn end(desk: &mut Desk, op: OpId, outcome: WriteOutcome) -> Vec<Effect> {
    desk.tell(Msg::Written { op, outcome })
}

fn taken() -> WriteOutcome {
    WriteOutcome::Accepted(Accepted::default())
}

#[test]
fn the_filter_takes_words_and_terms_and_never_triggers_a_command() {
    for (keys, expected) in [
        ("t y p e : d u p", vec![5, 7]),
        ("s t a t u s : s u b", vec![5]),
        ("b y : a d a", vec![4]),
        ("o r d e r : 6", vec![6]),
        ("n 7 . e", vec![7]),
        ("t y p e : d u p space b o b space n 5", vec![5]),
        ("q x a", vec![]),
    ] {
        let mut desk = listed();
        desk.press("/");
        assert!(desk.press(keys).is_empty());
        assert_eq!(shown(&desk), expected, "{keys}");
        desk.press("enter");
        assert_eq!(shown(&desk), expected, "the filter stays");
        desk.press("esc");
        assert_eq!(shown(&desk), [4, 5, 6, 7]);
        assert_eq!(desk.model.screen, Screen::Requests);
    }
}

#[test]
fn the_key_acts_on_the_row_that_is_seen() {
    let mut desk = listed();
    desk.press("/ r e v o k e enter x n o enter");
    let watch = &desk.model.watches[0];
    assert_eq!(watch.outgoing.path, "/request/6/status");
    assert_eq!(
        watch.outgoing.body,
        r#"{"status":"rejected","processor_comment":"no"}"#
    );
}

#[test]
fn marked_requests_are_decided_one_after_the_other_with_one_comment() {
    let mut desk = listed();
    desk.press("space j space space");
    desk.press("a");
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("nothing is asked");
    };
    assert_eq!(asking.title, "Approve 3 requests");
    let mut effects = desk.press("o k enter");
    let mut paths = Vec::new();
    while let Some((op, path, body)) = written(&effects) {
        assert_eq!(body, r#"{"status":"approved","processor_comment":"ok"}"#);
        paths.push(path);
        effects = end(&mut desk, op, taken());
    }
    assert_eq!(
        paths,
        [
            "/request/4/status",
            "/request/6/status",
            "/request/7/status"
        ]
    );
    assert_eq!(desk.model.told.as_ref().unwrap().words, "All 3 are done.");
    assert!(desk.model.requests.marks.is_empty() && desk.model.batch.is_none());
}

#[test]
fn a_refusal_does_not_stop_the_others_but_a_lost_answer_does() {
    let own = Failure {
        kind: FailureKind::Permission,
        codes: vec!["access_denied|invalid_approver".into()],
        status: Some(403),
        ..lost()
    };
    let mut desk = listed();
    desk.press("space space space space a");
    let (op, ..) = written(&desk.press("enter")).unwrap();
    let (op, path, _) = written(&end(&mut desk, op, WriteOutcome::Refused(own))).unwrap();
    assert_eq!(path, "/request/5/status");
    let WatchState::Ended(failure) = &desk.model.watches[1].state else {
        panic!("{:?}", desk.model.watches[1].state);
    };
    assert!(failure.advice.contains("themselves"), "{failure}");
    let effects = end(&mut desk, op, WriteOutcome::Unknown(lost()));
    assert_eq!(written(&effects), None, "nothing more is sent");
    let told = &desk.model.told.as_ref().unwrap().words;
    assert!(told.contains("2 of 4 were not sent"), "{told}");
    assert!(desk.model.batch.is_none());
    let left: Vec<u64> = desk.model.requests.marks.iter().map(|id| id.0).collect();
    assert_eq!(left, [4, 5, 6, 7], "what is not decided stays marked");
}

#[test]
fn the_first_of_two_approvals_is_told_as_such() {
    let mut desk = listed();
    desk.press("j a");
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("nothing is asked");
    };
    assert!(
        asking.words[0].contains("first of two"),
        "{:?}",
        asking.words
    );
    let (op, ..) = written(&desk.press("enter")).unwrap();
    end(&mut desk, op, taken());
    let told = &desk.model.told.as_ref().unwrap().words;
    assert!(told.contains("the first of two approvals"), "{told}");
}

#[test]
fn a_mark_goes_with_its_request() {
    let mut desk = listed();
    desk.press("space");
    let effects = desk.press("R");
    let rows = vec![request(5, RequestKind::Duplicate, RequestStatus::Pending)];
    desk.answer(&effects, &Read::Requests, Ok(Data::Requests(rows)));
    assert!(desk.model.requests.marks.is_empty());
}
