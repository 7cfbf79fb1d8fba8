//! The list of requests: filtered, marked, several decided with one comment, one after the other.

use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::domain::order::Person;
use crate::domain::request::{RequestPage, Wanted};
use crate::domain::write::WriteId;

pub(super) fn request(id: u64, kind: RequestKind, status: RequestStatus) -> Request {
    let name = if id == 4 {
        "Ada Example"
    } else {
        "Bob Example"
    };
    Request {
        date: Timestamp::from_second(1_000 - id.cast_signed()).ok(),
        requester: Some(person(name, "").into()),
        order: Some(OrderId(id)),
        common_name: Some(format!("n{id}.example.net")),
        ..testing::request(id, kind, status)
    }
}

pub(super) fn listed() -> Desk {
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

pub(super) fn shown(desk: &Desk) -> Vec<u64> {
    let shown = desk
        .model
        .requests
        .shown(&desk.model.engine.account.requests);
    shown.map(|row| row.id.0).collect()
}

/// The one write among the effects: its number, path and body.
pub(super) fn written(effects: &[Effect]) -> Option<(WriteId, String, String)> {
    let mut all = effects.iter().filter_map(|effect| match effect {
        Effect::Write { op, outgoing, .. } => {
            Some((op.clone(), outgoing.path.clone(), outgoing.body.clone()))
        }
        _ => None,
    });
    let first = all.next();
    assert!(all.next().is_none(), "two at once: {effects:?}");
    first
}

pub(super) fn end(desk: &mut Desk, op: WriteId, outcome: Ended) -> Vec<Effect> {
    desk.tell(Msg::WriteEnded { op, outcome })
}

pub(super) fn taken() -> Ended {
    Ended::Accepted(Accepted::default())
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
    let watch = &desk.model.engine.writes.all[0];
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
    assert_eq!(desk.told(), "All 3 done.");
    assert!(desk.model.requests.marks.is_empty() && desk.model.engine.writes.batch.is_none());
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
    let (op, path, _) = written(&end(&mut desk, op, Ended::Refused(own))).unwrap();
    assert_eq!(path, "/request/5/status");
    let list = desk.watch_list();
    let (refused, why) = (format!("✗ {}", desk.shown(1)), "approving your own request");
    assert!(list.contains(&refused) && list.contains(why), "{list}");
    let effects = end(&mut desk, op, Ended::Unknown(lost()));
    assert_eq!(written(&effects), None, "nothing more is sent");
    let told = desk.told();
    assert!(told.contains("2 of 4 were not sent"), "{told}");
    assert!(desk.model.engine.writes.batch.is_none());
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
    let told = desk.told();
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

fn decided() -> Wanted {
    Wanted {
        status: vec![RequestStatus::Approved, RequestStatus::Rejected],
        ..Wanted::default()
    }
}

fn page(ids: std::ops::Range<u64>, status: &RequestStatus, next: Option<u64>) -> Data {
    let rows = ids.map(|id| request(id, RequestKind::Reissue, status.clone()));
    Data::RequestPage(RequestPage {
        rows: rows.collect(),
        next,
        total: Some(60),
    })
}

#[test]
fn decided_requests_are_read_when_asked_for_and_page_by_page_as_the_cursor_goes_down() {
    let mut desk = listed();
    let effects = desk.press("t");
    let first = Read::RequestPage(decided(), 0);
    assert_eq!(reads(&effects), [&first]);
    assert!(
        shown(&desk).is_empty(),
        "what waits is not what is asked for"
    );
    let more = desk.answer(
        &effects,
        &first,
        Ok(page(100..140, &RequestStatus::Approved, Some(40))),
    );
    assert_eq!(shown(&desk), (100..140).collect::<Vec<_>>());
    assert!(reads(&more).is_empty(), "a screenful is there");
    let effects = desk.press("G");
    let second = Read::RequestPage(decided(), 40);
    assert_eq!(reads(&effects), [&second]);
    desk.answer(
        &effects,
        &second,
        Ok(page(140..160, &RequestStatus::Rejected, None)),
    );
    assert_eq!(shown(&desk).len(), 60);
    assert!(reads(&desk.press("G")).is_empty(), "there is no more");
    desk.press("a");
    let told = desk.model.status.as_ref().unwrap();
    assert_eq!(told.words, "Request 159 is already rejected.");
    assert!(desk.model.popups.is_empty());
    let effects = desk.press("t");
    let all = Read::RequestPage(Wanted::default(), 0);
    assert_eq!(
        reads(&effects),
        [&all],
        "the account is not asked to filter"
    );
    desk.press("t");
    assert_eq!(
        shown(&desk),
        [4, 5, 6, 7],
        "what waits was there all the time"
    );
}

#[test]
fn a_filter_that_lets_few_through_reads_on_by_itself_but_not_while_it_is_typed() {
    let mut desk = listed();
    let typed = desk.press("/ s t a t u s : r e j space o r d e r : 1 5 9");
    assert!(typed.is_empty(), "{typed:?}");
    let effects = desk.press("enter");
    let rejected = |offset| {
        let wanted = Wanted {
            status: vec![RequestStatus::Rejected],
            ..Wanted::default()
        };
        Read::RequestPage(wanted, offset)
    };
    assert_eq!(reads(&effects), [&rejected(0)]);
    let first = page(100..140, &RequestStatus::Rejected, Some(40));
    let more = desk.answer(&effects, &rejected(0), Ok(first));
    assert_eq!(reads(&more), [&rejected(40)], "none fits so far");
    let failed = desk.answer(&more, &rejected(40), Err(lost()));
    assert!(
        reads(&failed).is_empty(),
        "a failure is not tried again by itself"
    );
    let again = desk.press("R");
    assert!(reads(&again).contains(&&rejected(0)));
    let more = desk.answer(
        &again,
        &rejected(0),
        Ok(page(100..140, &RequestStatus::Rejected, Some(40))),
    );
    desk.answer(
        &more,
        &rejected(40),
        Ok(page(140..160, &RequestStatus::Rejected, None)),
    );
    assert_eq!(shown(&desk), [159]);
}

#[test]
fn a_request_is_read_in_full_where_the_cursor_rests_and_before_it_is_decided() {
    let mut desk = listed();
    assert!(desk.press("j").is_empty(), "a move reads nothing");
    let rest = desk.model.next_deadline().expect("the cursor rests");
    assert!(rest > desk.now);
    let effects = desk.wait(1);
    assert_eq!(reads(&effects), [&Read::Request(RequestId(5))]);
    let mut full = request(5, RequestKind::Duplicate, RequestStatus::Submitted);
    full.comments = Some("for Lisbon".into());
    desk.answer(
        &effects,
        &Read::Request(RequestId(5)),
        Ok(Data::Request(Box::new(full))),
    );
    assert_eq!(desk.model.next_deadline(), None, "it is read once");
    let row = desk
        .model
        .requests
        .row(&desk.model.engine.account.requests, 1);
    assert_eq!(row.unwrap().comments.as_deref(), Some("for Lisbon"));
    desk.press("j");
    let effects = desk.press("a");
    assert_eq!(reads(&effects), [&Read::Request(RequestId(6))]);
    let mut full = request(6, RequestKind::Revoke, RequestStatus::Pending);
    full.reviewer = Some(person("Cleo Example", "").into());
    desk.answer(
        &effects,
        &Read::Request(RequestId(6)),
        Ok(Data::Request(Box::new(full))),
    );
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("nothing is asked");
    };
    let words = &asking.words[0];
    assert!(words.contains("first approved by Cleo Example"), "{words}");
}

#[test]
fn what_one_asked_for_oneself_is_pointed_out_before_it_is_decided() {
    let mut desk = Desk::connected();
    let effects = vec![
        desk.model.engine.account.read(Read::Session),
        desk.model.engine.account.read(Read::Requests),
    ];
    let session = crate::domain::account::Session {
        user_id: Some(crate::domain::ids::UserId(14)),
        ..crate::domain::account::Session::default()
    };
    desk.answer(&effects, &Read::Session, Ok(Data::Session(session)));
    let mut own = request(4, RequestKind::Reissue, RequestStatus::Pending);
    own.requester = own.requester.map(|one| {
        std::sync::Arc::new(Person {
            id: Some(crate::domain::ids::UserId(14)),
            ..(*one).clone()
        })
    });
    let other = request(5, RequestKind::Reissue, RequestStatus::Pending);
    desk.answer(
        &effects,
        &Read::Requests,
        Ok(Data::Requests(vec![own, other])),
    );
    desk.press("2 space space a");
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("nothing is asked");
    };
    assert!(
        asking.words[0].contains("requested by you"),
        "{:?}",
        asking.words
    );
    assert!(
        !asking.words[1].contains("requested by you"),
        "{:?}",
        asking.words
    );
}

#[test]
fn a_long_history_of_an_order_is_read_as_the_cursor_goes_down() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let mut info = order(1, Certificate::empty(Role::Primary));
    info.requests = (1..=50)
        .map(|id| request(id, RequestKind::Reissue, RequestStatus::Approved))
        .collect();
    let first = desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    let asked = |effects: &[Effect]| {
        let all = reads(effects).into_iter();
        all.filter(|read| matches!(read, Read::Request(_))).count()
    };
    assert_eq!(asked(&first), 20);
    // The newest are at the top, and have the lowest numbers here: those that were read at once are at the end.
    let all: usize = asked(&desk.press("o o")) + asked(&desk.press("G")) + asked(&desk.press("g"));
    assert_eq!(
        all, 30,
        "the others, around the cursor at the top and at the end"
    );
    assert_eq!(
        asked(&desk.press("G")) + asked(&desk.press("g")),
        0,
        "each is read once"
    );
}

#[test]
fn what_stands_beside_and_below_the_list_follows_a_cursor_that_rests_and_is_read_once() {
    let mut desk = listed();
    desk.tell(Msg::Resize(120, 40));
    desk.wait(1);
    assert_eq!(desk.model.rested_request(), Some(0));
    assert!(desk.press("j j j").is_empty(), "a move reads nothing");
    assert_eq!(desk.model.rested_request(), Some(0), "nor shows anything");
    assert_eq!(desk.model.side_order(), Some(OrderId(4)));
    let effects = desk.wait(1);
    assert_eq!(desk.model.rested_request(), Some(3));
    assert_eq!(desk.model.side_order(), Some(OrderId(7)));
    let asked = Read::Request(RequestId(7));
    assert!(reads(&effects).contains(&&asked));

    // The order knows of the request as well: it is on its way, or there.
    let row = request(7, RequestKind::Duplicate, RequestStatus::Pending);
    let mut full = row.clone();
    full.comments = Some("for Lisbon".into());
    let mut info = order(7, Certificate::empty(Role::Primary));
    info.requests = vec![row];
    let info = Data::Order(Box::new(info));
    let came = desk.answer(&effects, &Read::Order(OrderId(7)), Ok(info.clone()));
    assert!(!reads(&came).contains(&&asked), "{came:?}");
    let full = Data::Request(Box::new(full));
    desk.answer(&effects, &asked, Ok(full));
    let comment = |rows: &[Request]| rows[0].comments.clone();
    let known = &desk.model.engine.account.known[&OrderId(7)];
    assert_eq!(comment(known.requests()).as_deref(), Some("for Lisbon"));
    let effects = desk.press("enter");
    let came = desk.answer(&effects, &Read::Order(OrderId(7)), Ok(info));
    assert!(!reads(&came).contains(&&asked), "{came:?}");
}

#[test]
fn the_cursor_goes_through_the_rows_that_are_seen_before_the_list_moves() {
    let mut desk = listed();
    let effects = desk.press("t");
    let first = Read::RequestPage(decided(), 0);
    let rows = page(100..160, &RequestStatus::Approved, None);
    desk.answer(&effects, &first, Ok(rows));
    // 24 lines: heading and rows have 13 of them, what the request says the rest.
    let seen = 12;
    desk.press("pgdn");
    let cursor = desk.model.requests.cursor;
    assert_eq!((cursor.at, cursor.top), (seen - 1, 0), "no row is left out");
    desk.press("j");
    assert_eq!(desk.model.requests.cursor.top, 1);
    for _ in 1..seen {
        desk.press("k");
        assert_eq!(desk.model.requests.cursor.top, 1);
    }
    desk.press("k");
    assert_eq!(desk.model.requests.cursor.top, 0);
}

#[test]
fn the_cursor_stays_on_its_request_when_others_come_and_go() {
    let mut desk = listed();
    let under = |desk: &Desk| desk.model.selected_request().map(|row| row.id.0);
    let refresh = |desk: &mut Desk, ids: &[u64]| {
        let effects = desk.press("R");
        let rows = ids
            .iter()
            .map(|id| request(*id, RequestKind::Reissue, RequestStatus::Pending));
        let rows = Data::Requests(rows.collect());
        desk.answer(&effects, &Read::Requests, Ok(rows));
    };
    refresh(&mut desk, &[3, 4, 5, 6, 7]);
    assert_eq!(under(&desk), Some(3), "nobody chose a row");
    desk.press("j j");
    assert_eq!(under(&desk), Some(5));
    refresh(&mut desk, &[1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(under(&desk), Some(5));
    refresh(&mut desk, &[5, 6, 7]);
    assert_eq!(under(&desk), Some(5));
    refresh(&mut desk, &[6, 7]);
    assert_eq!(under(&desk), Some(6), "the next one");
}

#[test]
fn a_request_that_somebody_else_decided_is_read_again() {
    let mut desk = listed();
    desk.press("j");
    let (op, ..) = written(&desk.press("a enter")).unwrap();
    let late = Failure {
        kind: FailureKind::Refused,
        codes: vec!["request_already_processed".into()],
        status: Some(400),
        advice: "Correct what the server names, then send again.".into(),
        ..lost()
    };
    let effects = end(&mut desk, op, Ended::Refused(late));
    assert!(reads(&effects).contains(&&Read::Requests), "{effects:?}");
    assert!(reads(&effects).contains(&&Read::Order(OrderId(5))));
    let told = desk.told();
    assert!(told.contains("in the meantime"), "{told}");
    assert!(!told.contains("send again"), "{told}");
}

#[test]
fn who_may_not_decide_is_told_why() {
    let me = |id: u64| Person {
        id: Some(crate::domain::ids::UserId(id)),
        name: "Ada Example".into(),
        email: String::new(),
    };
    let refused = |desk: &mut Desk| {
        let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
            panic!("nothing is asked");
        };
        let asked = asking.words.join("\n");
        let (op, ..) = written(&desk.press("enter")).unwrap();
        let own = Failure {
            kind: FailureKind::Permission,
            codes: vec!["access_denied|invalid_approver".into()],
            status: Some(403),
            ..lost()
        };
        end(desk, op, Ended::Refused(own));
        (asked, desk.told().to_owned())
    };
    let mut desk = listed();
    let session = vec![desk.model.engine.account.read(Read::Session)];
    let who = crate::domain::account::Session {
        user_id: Some(crate::domain::ids::UserId(14)),
        ..crate::domain::account::Session::default()
    };
    desk.answer(&session, &Read::Session, Ok(Data::Session(who)));
    let effects = desk.press("R");
    let mut own = request(4, RequestKind::Reissue, RequestStatus::Pending);
    own.requester = Some(me(14).into());
    let mut second = request(5, RequestKind::Reissue, RequestStatus::Pending);
    second.reviewer = Some(me(14).into());
    let rows = Data::Requests(vec![own, second]);
    desk.answer(&effects, &Read::Requests, Ok(rows));
    desk.press("a");
    let (_, told) = refused(&mut desk);
    assert!(told.contains("You made this request"), "{told}");
    desk.press("j a");
    let (asked, told) = refused(&mut desk);
    assert!(
        asked.contains("first approved by Ada Example (you:"),
        "{asked}"
    );
    assert!(told.contains("You gave the first"), "{told}");
}

#[test]
fn of_many_requests_each_is_named_in_a_line_and_what_was_refused_by_its_number() {
    let mut desk = Desk::connected();
    let effects = vec![desk.model.engine.account.read(Read::Requests)];
    let rows = (1..=15).map(|id| {
        let mut row = request(id, RequestKind::Reissue, RequestStatus::Pending);
        row.comments = Some("so much ".repeat(60));
        row
    });
    let rows = Data::Requests(rows.collect());
    desk.answer(&effects, &Read::Requests, Ok(rows));
    desk.press("2");
    for _ in 0..15 {
        desk.press("space");
    }
    desk.press("a");
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("nothing is asked");
    };
    assert_eq!(asking.words[0], "1 reissue, n1.example.net");
    assert_eq!(asking.words.last().unwrap(), "and 4 more that are marked");
    assert_eq!(asking.words.len(), 12);
    assert_eq!(asking.outgoing().len(), 15);
    let mut effects = desk.press("enter");
    let refused = Failure {
        status: Some(400),
        ..lost()
    };
    while let Some((op, path, _)) = written(&effects) {
        let outcome = if path.contains("/1") || path.contains("/3/") {
            Ended::Refused(refused.clone())
        } else {
            taken()
        };
        effects = end(&mut desk, op, outcome);
    }
    let told = desk.told();
    assert_eq!(
        told,
        "7 of 15 done. Refused: approval of request 1, approval of request 3, approval of request 10, approval \
            of request 11, and 4 more. Press W to see why."
    );
}
