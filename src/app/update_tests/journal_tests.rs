//! The journal: the order of a row, the request as it was sent, and an end to looking for what nobody knows of.

use super::*;
use crate::app::msg::{Ended, SentText};
use crate::app::popups::ReaderLine;
use crate::domain::write::{Answer, Entry, Found, Intent, Record, Resolved, WriteId, WriteKind};

/// A note: taken, or lost.
fn row(op: &str, outcome: Option<&str>) -> Record {
    let answer = match outcome {
        Some(_) => Answer::Accepted {
            status: 201,
            order: None,
            requests: Vec::new(),
            certificate: None,
            random_value: None,
        },
        None => Answer::Unknown {
            why: "no answer".into(),
        },
    };
    let note = Intent {
        kind: Ok(WriteKind::Note),
        path: "/order/certificate/1/note".into(),
        ..testing::intent(op)
    };
    testing::record(note, Some(answer))
}

fn on_journal(rows: Vec<Record>) -> Desk {
    let mut desk = Desk::with_orders(1);
    assert_eq!(desk.press("3"), [Effect::LoadJournal]);
    desk.tell(Msg::Journal(Ok(rows)));
    desk
}

#[test]
fn a_row_opens_its_order() {
    let mut desk = on_journal(vec![row("a", Some("accepted"))]);
    let effects = desk.press("enter");
    assert!(reads(&effects).contains(&&Read::Order(OrderId(1))));
}

#[test]
fn a_request_is_shown_as_it_was_sent_and_cut_where_the_screen_ends() {
    let mut desk = on_journal(vec![row("a", Some("accepted"))]);
    let effects = desk.press("v");
    let [Effect::ShowSent { op, what }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(*op, WriteId("a".into()));
    let body = format!("POST /order\n\n{{\"csr\":\"{}\"}}", "A".repeat(200));
    desk.tell(Msg::JournalRequest {
        what: what.clone(),
        result: Ok(SentText(body.clone())),
    });
    let Some(Popup::Reader(reader)) = desk.model.popups.last() else {
        panic!("nothing to read");
    };
    let mut text = String::new();
    for line in &reader.lines {
        match line {
            ReaderLine::Sent(part) => {
                assert!(part.0.chars().count() <= 74);
                text.push_str(&part.0);
            }
            ReaderLine::Text(part) => text.push_str(part),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(text, body.replace('\n', ""), "nothing is left out");
    assert!(!format!("{:?}", desk.model.popups).contains("AAAA"));
}

#[test]
fn only_an_unknown_outcome_can_be_set_aside_and_only_when_confirmed() {
    let mut desk = on_journal(vec![row("a", None), row("b", Some("accepted"))]);
    assert!(desk.press("x").is_empty());
    assert!(desk.press("esc").is_empty());
    assert!(desk.press("x").is_empty());
    assert_eq!(
        desk.press("enter"),
        [Effect::Journal {
            op: WriteId("a".into()),
            entry: Entry::Dismissed
        }]
    );
    assert!(desk.press("j x").is_empty());
    assert!(desk.model.popups.is_empty());
    assert!(desk.told().contains("known"));
}

#[test]
fn what_is_set_aside_is_no_longer_looked_for() {
    let (mut desk, op) = sent();
    desk.tell(Msg::WriteEnded {
        op: op.clone(),
        outcome: Ended::Unknown(lost()),
    });
    desk.press("3");
    desk.tell(Msg::Journal(Ok(vec![row(&op.0, None)])));
    desk.press("x enter");
    assert_eq!(desk.shown(0), "outcome unknown; dismissed");
    assert_eq!(desk.model.engine.writes.all[0].due, None);
}

#[test]
fn what_is_asked_before_a_row_is_set_aside_says_what_is_left_of_it() {
    let odd = Record {
        findings: Some(vec!["its key is not the CSR's".into()]),
        ..row("a", Some("accepted"))
    };
    let waits = Record {
        resolved: Some(Resolved {
            what: Found::Request(RequestId(9)),
            at: Timestamp::UNIX_EPOCH,
        }),
        ..row("a", Some("accepted"))
    };
    let not_found = Record {
        outcome: Some(Answer::Unknown { why: String::new() }),
        resolved: Some(Resolved {
            what: Found::NotArrived,
            at: Timestamp::UNIX_EPOCH,
        }),
        ..row("a", Some("accepted"))
    };
    for (row, begins) in [
        (not_found, "Whether CertCentral received this is not known"),
        (
            odd,
            "The certificate that resulted does not match what was requested",
        ),
        (
            row("a", None),
            "Whether CertCentral received this is not known",
        ),
        (waits, "CertCentral has it, and something is still to come"),
    ] {
        let mut desk = on_journal(vec![row]);
        desk.press("x");
        let Some(Popup::Prompt(prompt)) = desk.model.popups.last() else {
            panic!("{begins}: nothing is asked");
        };
        assert!(prompt.body[0].starts_with(begins), "{:?}", prompt.body);
    }
}

#[test]
fn the_keys_of_the_journal_are_for_its_rows_alone() {
    use crate::app::order_actions::{why_not_dismissed, why_not_shown};

    let desk = on_journal(vec![row("a", None)]);
    assert_eq!(why_not_shown(&desk.model), None);
    assert_eq!(why_not_dismissed(&desk.model), None);
    let mut elsewhere = on_journal(vec![row("a", None)]);
    elsewhere.press("1");
    let mut on_order = on_journal(vec![row("a", None)]);
    on_order.press("enter");
    assert!(on_order.model.order.is_some());
    let mut empty = on_journal(Vec::new());
    let does_nothing = |desk: &mut Desk| {
        assert!(why_not_shown(&desk.model).is_some());
        assert!(why_not_dismissed(&desk.model).is_some());
        for command in [": s h o w - s e n t enter", ": d i s m i s s enter"] {
            assert!(desk.press(command).is_empty(), "{command}");
            assert!(desk.model.popups.is_empty(), "{command}");
            assert!(desk.model.status.is_some(), "{command}");
        }
    };
    does_nothing(&mut elsewhere);
    does_nothing(&mut on_order);
    does_nothing(&mut empty);
}
