//! Several writes of one confirmation: each goes once and in its turn, whatever is queued behind what is under way.

use super::requests_tests::{end, taken, written};
use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::app::status::Tone;
use crate::app::writes::Batch;
use crate::domain::write::{Method, Outgoing, WriteId, WriteKind};

fn approval(id: u64) -> Outgoing {
    let path = format!("/request/{id}/status");
    Outgoing {
        // No order that the desk knows, whose name would be told with it.
        order: Some(OrderId(100 + id)),
        request: Some(RequestId(id)),
        ..write(
            WriteKind::Approve,
            Method::Put,
            &path,
            r#"{"status":"approved"}"#,
        )
    }
}

fn note(text: &str) -> Outgoing {
    Outgoing {
        order: approval(1).order,
        ..post(
            WriteKind::Note,
            1,
            "note",
            &format!(r#"{{"text":"{text}"}}"#),
        )
    }
}

fn approvals(ids: impl IntoIterator<Item = u64>) -> Vec<Outgoing> {
    ids.into_iter().map(approval).collect()
}

/// The request that the one write among the effects decides, and its number.
fn sent(effects: &[Effect]) -> Option<(u64, WriteId)> {
    let (op, path, _) = written(effects)?;
    Some((path.split('/').nth(2)?.parse().ok()?, op))
}

/// Where the batch stands: what is under way and what waits, how many the account took and refused, and how many there are.
fn standing(desk: &Desk) -> Option<(WriteId, Vec<u64>, usize, usize, usize)> {
    let batch: &Batch = desk.model.engine.writes.batch.as_ref()?;
    let rest = batch.rest.iter().filter_map(|one| one.request);
    Some((
        batch.current.clone(),
        rest.map(|id| id.0).collect(),
        batch.done,
        batch.refused.len(),
        batch.total,
    ))
}

#[test]
fn a_second_batch_waits_behind_the_first_and_each_of_its_rows_is_sent_once() {
    let mut desk = Desk::with_orders(1);
    let (id, op) = sent(&desk.send_together(approvals([1, 2]))).unwrap();
    assert_eq!(id, 1);
    assert_eq!(desk.told(), "Sending 1 of 2; press Esc to stop.");
    // Of the second, two are the first's: one under way, one waiting for its turn.
    let effects = desk.send_together(approvals([2, 3, 1, 4, 5]));
    assert_eq!(sent(&effects), None, "nothing overtakes what is under way");
    let words = "2 of 5 are already under way and are not sent again.";
    assert_eq!(desk.told(), words);
    let waiting = vec![2, 3, 4, 5];
    assert_eq!(standing(&desk), Some((op.clone(), waiting, 0, 0, 5)));
    let mut op = op;
    for (n, next) in [2, 3, 4, 5].into_iter().enumerate() {
        assert!(
            desk.model.engine.writes.is_in_batch(&op)
                && desk.model.engine.writes.batch_has_more(&op)
        );
        let (id, following) = sent(&end(&mut desk, op.clone(), taken())).unwrap();
        assert!(
            !desk.model.engine.writes.is_in_batch(&op)
                && !desk.model.engine.writes.batch_has_more(&op)
        );
        assert_eq!(id, next);
        assert_eq!(
            desk.told(),
            [
                "Sending 2 of 5; press Esc to stop.",
                "Sending 3 of 5; press Esc to stop.",
                "Sending 4 of 5; press Esc to stop.",
                "Sending 5 of 5."
            ][n]
        );
        op = following;
    }
    assert!(
        desk.model.engine.writes.is_in_batch(&op) && !desk.model.engine.writes.batch_has_more(&op),
        "the last"
    );
    assert_eq!(sent(&end(&mut desk, op, taken())), None);
    assert_eq!(desk.told(), "All 5 done.");
    assert_eq!(desk.model.engine.writes.batch, None);
    assert_eq!(desk.model.engine.writes.all.len(), 5);
}

#[test]
fn what_is_under_way_is_not_sent_a_second_time_and_that_is_said() {
    for (first, second, words, goes) in [
        (
            vec![approval(1)],
            vec![approval(1)],
            "Not sent: the same is under way.",
            false,
        ),
        (
            vec![approval(1), approval(2)],
            vec![approval(1), approval(2)],
            "2 of 2 are already under way and are not sent again.",
            false,
        ),
        (
            vec![approval(1)],
            vec![approval(1), approval(2)],
            "1 of 2 are already under way and are not sent again.",
            true,
        ),
        // The same request decided the other way is under way as well.
        (
            vec![approval(1)],
            vec![Outgoing {
                kind: WriteKind::Reject,
                body: r#"{"status":"rejected"}"#.into(),
                ..approval(1)
            }],
            "Not sent: the same is under way.",
            false,
        ),
        (
            vec![note("a")],
            vec![note("a")],
            "Not sent: the same is under way.",
            false,
        ),
        (vec![note("a")], vec![note("b")], "", true),
        (vec![approval(1)], vec![approval(2)], "", true),
        // To look twice does no harm.
        (
            vec![Outgoing {
                kind: WriteKind::CheckNames,
                ..note("")
            }],
            vec![Outgoing {
                kind: WriteKind::CheckNames,
                ..note("")
            }],
            "",
            true,
        ),
    ] {
        let mut desk = Desk::with_orders(1);
        desk.send_together(first.clone());
        desk.model.status = None;
        let effects = desk.send_together(second.clone());
        let case = format!("{first:?} {second:?}");
        assert_eq!(written(&effects).is_some(), goes, "{case}");
        assert_eq!(desk.told(), words, "{case}");
    }
}

#[test]
fn what_is_being_looked_for_is_under_way_and_what_ended_is_not() {
    let mut desk = Desk::with_orders(1);
    let (_, op) = sent(&desk.send_together(vec![approval(1)])).unwrap();
    let looks = end(&mut desk, op, Ended::Unknown(lost()));
    assert_eq!(desk.shown(0), hands::LOOKING);
    assert_eq!(sent(&desk.send_together(vec![approval(1)])), None);
    desk.looks_in_vain(0, looks);
    assert!(sent(&desk.send_together(vec![approval(1)])).is_some());
}

#[test]
fn one_more_is_sent_at_once_beside_a_batch_and_leaves_it_alone() {
    let mut desk = Desk::with_orders(1);
    let (_, op) = sent(&desk.send_together(approvals([1, 2, 3]))).unwrap();
    let (id, alone) = sent(&desk.send_together(vec![approval(9)])).unwrap();
    assert_eq!(id, 9);
    assert!(
        !desk.model.engine.writes.is_in_batch(&alone)
            && !desk.model.engine.writes.batch_has_more(&alone)
    );
    let before = standing(&desk);
    for outcome in [taken(), Ended::Refused(lost()), Ended::Unknown(lost())] {
        assert_eq!(sent(&end(&mut desk, alone.clone(), outcome)), None);
        assert_eq!(standing(&desk), before);
    }
    let (id, _) = sent(&end(&mut desk, op, taken())).unwrap();
    assert_eq!(id, 2);
}

#[test]
fn one_alone_is_no_batch() {
    let mut desk = Desk::with_orders(1);
    assert!(desk.send_together(Vec::new()).is_empty());
    let (_, op) = sent(&desk.send_together(vec![approval(1)])).unwrap();
    assert_eq!(desk.model.engine.writes.batch, None);
    assert!(
        !desk.model.engine.writes.is_in_batch(&op) && !desk.model.engine.writes.batch_has_more(&op)
    );
    end(&mut desk, op, taken());
    assert!(!desk.told().contains("All"), "{}", desk.told());
}

#[test]
fn what_is_refused_is_counted_and_named_and_the_others_go_on() {
    for refusals in 0..=7_usize {
        let mut desk = Desk::with_orders(1);
        let mut effects = desk.send_together(approvals(1..=7));
        let mut n = 0;
        while let Some((id, op)) = sent(&effects) {
            n += 1;
            assert_eq!(id, n as u64);
            let stop = if n < 7 { "; press Esc to stop" } else { "" };
            assert_eq!(desk.told(), format!("Sending {n} of 7{stop}."));
            let refused = Failure {
                kind: FailureKind::Refused,
                status: Some(400),
                ..lost()
            };
            let outcome = if n <= refusals {
                Ended::Refused(refused)
            } else {
                taken()
            };
            effects = end(&mut desk, op, outcome);
        }
        assert_eq!(n, 7);
        let names: Vec<_> = (1..=refusals.min(4))
            .map(|id| format!("approval of request {id}"))
            .collect();
        let names = names.join(", ");
        let done = 7 - refusals;
        let words = match refusals {
            0 => "All 7 done.".to_owned(),
            1..=4 => format!("{done} of 7 done. Refused: {names}. Press W to see why."),
            many => {
                let more = many - 4;
                format!("{done} of 7 done. Refused: {names}, and {more} more. Press W to see why.")
            }
        };
        assert_eq!(desk.told(), words);
        let tone = desk.model.status.as_ref().map(|told| told.tone);
        let expected = if refusals == 0 {
            Tone::Good
        } else {
            Tone::Warn
        };
        assert_eq!(tone, Some(expected));
    }
}

#[test]
fn what_stops_the_batch_tells_how_many_were_not_sent() {
    let failure = |kind| Failure {
        kind,
        status: Some(403),
        ..lost()
    };
    for (outcome, left) in [
        (Ended::NotSent(lost()), Some(3)),
        (Ended::Unknown(lost()), Some(3)),
        (Ended::NoJournal(lost()), Some(3)),
        (Ended::Refused(failure(FailureKind::InvalidKey)), Some(3)),
        (Ended::Refused(failure(FailureKind::RateLimited)), Some(3)),
        (Ended::Refused(failure(FailureKind::Permission)), Some(3)),
        (Ended::Refused(failure(FailureKind::Refused)), None),
        // Somebody else decided it meanwhile.
        (
            Ended::Refused(Failure {
                status: Some(400),
                ..failure(FailureKind::Refused)
            }),
            None,
        ),
        (
            Ended::Twin {
                failure: lost(),
                taken: true,
            },
            None,
        ),
        (Ended::Accepted(Accepted::default()), None),
    ] {
        let mut desk = Desk::with_orders(1);
        let (_, op) = sent(&desk.send_together(approvals([1, 2, 3, 4, 5]))).unwrap();
        let (_, op) = sent(&end(&mut desk, op, taken())).unwrap();
        let case = format!("{outcome:?}");
        let effects = end(&mut desk, op, outcome);
        assert_eq!(sent(&effects).is_none(), left.is_some(), "{case}");
        assert_eq!(
            desk.model.engine.writes.batch.is_none(),
            left.is_some(),
            "{case}"
        );
        // However it ends, what waits for a decision is read once more.
        assert_eq!(
            reads(&effects).contains(&&Read::Requests),
            left.is_some(),
            "{case}"
        );
        if let Some(left) = left {
            let words = format!("{left} of 5 were not sent; they stay marked.");
            assert!(desk.told().ends_with(&words), "{case}: {}", desk.told());
            assert!(
                desk.told().len() > words.len() + 1,
                "it says why: {}",
                desk.told()
            );
            assert_eq!(
                desk.model.status.as_ref().map(|told| told.tone),
                Some(Tone::Bad)
            );
        }
    }
}

#[test]
fn what_a_batch_left_unsent_is_still_told_once_it_is_known_what_stopped_it() {
    let mut desk = Desk::with_orders(1);
    let alone = |id| Outgoing {
        order: None,
        ..approval(id)
    };
    let (_, op) = sent(&desk.send_together(vec![alone(1), alone(2), alone(3)])).unwrap();
    let effects = end(&mut desk, op, Ended::Unknown(lost()));
    let left = "2 of 3 were not sent; they stay marked.";
    assert!(desk.told().ends_with(left), "{}", desk.told());
    let mut request = super::requests_tests::request(
        1,
        super::RequestKind::Duplicate,
        super::RequestStatus::Approved,
    );
    request.order = None;
    let read = Read::Request(RequestId(1));
    let all: Vec<Effect> = effects.into_iter().chain(desk.wait(1)).collect();
    desk.answer(&all, &read, Ok(Data::Request(Box::new(request))));
    assert!(
        desk.told().contains("request 1 approved"),
        "{}",
        desk.told()
    );
    assert!(desk.told().ends_with(left), "{}", desk.told());
}

#[test]
fn the_list_is_read_after_the_last_decision_of_a_batch_and_of_nothing_else() {
    let mut desk = Desk::with_orders(1);
    let mut all = approvals([1, 2]);
    all.push(note("a"));
    let mut effects = desk.send_together(all);
    let mut read = Vec::new();
    while let Some((op, ..)) = written(&effects) {
        effects = end(&mut desk, op, taken());
        read.push(reads(&effects).contains(&&Read::Requests));
    }
    assert_eq!(read, [false; 3], "the last is a note");
    let effects = desk.send_together(approvals([3, 4]));
    let (_, op) = sent(&effects).unwrap();
    let effects = end(&mut desk, op, taken());
    assert!(!reads(&effects).contains(&&Read::Requests));
    let (_, op) = sent(&effects).unwrap();
    let effects = end(&mut desk, op, taken());
    assert!(reads(&effects).contains(&&Read::Requests));
}

#[test]
fn the_same_that_was_taken_is_asked_about_where_it_was_sent_alone() {
    for (together, taken, asked) in [
        (1, true, true),
        (1, false, false),
        (3, true, false),
        (3, false, false),
    ] {
        let mut desk = Desk::with_orders(1);
        let (_, op) = sent(&desk.send_together(approvals(1..=together))).unwrap();
        let twin = Ended::Twin {
            failure: lost(),
            taken,
        };
        end(&mut desk, op, twin);
        let is_asked = matches!(desk.model.popups.last(), Some(Popup::Prompt(_)));
        assert_eq!(is_asked, asked, "{together} {taken}");
    }
}

#[test]
fn esc_stops_between_two_and_what_was_taken_is_marked_no_longer() {
    let mut desk = Desk::with_orders(4);
    desk.press("* m enter");
    desk.type_text("moved");
    desk.press("enter");
    let first = desk.model.engine.writes.all[0].op.clone();
    desk.ends(&first, Ended::Accepted(Accepted::default()));
    assert_eq!(desk.model.orders.marks.len(), 3);
    desk.press("esc");
    assert!(
        desk.told().starts_with("Stopped: 2 were not sent"),
        "{}",
        desk.told()
    );
    let second = desk.model.engine.writes.all[0].op.clone();
    assert_ne!(second, first);
    desk.ends(&second, Ended::Accepted(Accepted::default()));
    assert_eq!(desk.model.engine.writes.all.len(), 2);
    assert_eq!(desk.model.orders.marks.len(), 2, "what was not sent");
}
