//! What is over is forgotten from the oldest on, and nothing that somebody still asks for.

use super::desk::unfinished;
use super::watching_tests::outgoing;
use super::*;
use crate::app::picker::Picker;
use crate::app::writes::ids;
use crate::domain::ids::CertificateId;
use crate::domain::write::{Outgoing, Stage, WriteKind};

/// Of those that are over, with something red or without, so many stay.
const STAY: usize = 100;

/// So many there may be before any goes.
const MOST: usize = 150;

fn note(n: usize) -> Outgoing {
    Outgoing {
        kind: WriteKind::Note,
        path: "/order/certificate/1/note".into(),
        body: format!("note {n}"),
        expected: None,
        ..outgoing()
    }
}

fn over(red: bool) -> Stage {
    Stage::Issued {
        certificate: CertificateId(1),
        checks: Vec::new(),
        problems: if red {
            vec!["its key is not the CSR's".into()]
        } else {
            Vec::new()
        },
    }
}

/// A desk with these, the newest first, each under its place as a number.
fn with(states: impl IntoIterator<Item = (Outgoing, Stage)>) -> Desk {
    let mut desk = Desk::with_orders(1);
    let states = states.into_iter().enumerate();
    desk.finds(states.map(|(n, (outgoing, state))| unfinished(&n.to_string(), outgoing, state)));
    desk
}

/// The places of those that are left once one more is sent.
fn left(desk: &mut Desk) -> Vec<usize> {
    desk.send(note(usize::MAX), None, "one more".into());
    let older = desk.model.engine.writes.all.iter().skip(1);
    older.map(|watch| watch.op.0.parse().unwrap()).collect()
}

#[test]
fn the_newest_of_what_is_over_stay_and_what_is_red_is_counted_apart() {
    for (plain, red, plain_left, red_left) in [
        (MOST, 0, MOST, 0),
        (MOST + 1, 0, STAY, 0),
        (0, MOST, 0, MOST),
        (0, MOST + 1, 0, STAY),
        (MOST, MOST, MOST, MOST),
        (STAY + 1, MOST + 1, STAY, STAY),
        (MOST + 1, STAY + 1, STAY, STAY),
        (STAY - 1, 400, STAY - 1, STAY),
        (400, STAY, STAY, STAY),
    ] {
        let case = format!("{plain} plain, {red} red");
        // Those that are red are older: that alone lets none of them go.
        let states = (0..plain + red).map(|n| (note(n), over(n >= plain)));
        let left = left(&mut with(states));
        let expected: Vec<usize> = (0..plain_left).chain(plain..plain + red_left).collect();
        assert_eq!(left, expected, "{case}");
    }
}

#[test]
fn what_is_looked_for_or_waited_for_stays_however_old_it_is() {
    let waits = [
        Stage::Sending,
        Stage::AwaitsApproval(RequestId(1)),
        Stage::AwaitsCertificate(None),
        Stage::Verifying(CertificateId(1)),
        Stage::LookingUp(lost()),
        Stage::NotFound(lost()),
    ];
    let ended = [Stage::Completed("done".into()), Stage::Ended(lost())];
    for (state, stays) in waits
        .map(|state| (state, true))
        .into_iter()
        .chain(ended.map(|state| (state, false)))
    {
        let old = [(outgoing(), state.clone())];
        let newer = (0..400).map(|n| (note(n), over(false)));
        let mut desk = with(newer.chain(old));
        let left = left(&mut desk);
        assert_eq!(left.contains(&400), stays, "{state:?}");
        assert_eq!(left.len(), STAY + usize::from(stays), "{state:?}");
    }
}

#[test]
fn what_says_that_something_lost_was_sent_again_stays_as_long_as_that_is_lost() {
    let placed = |reference: &str, name: &str| Outgoing {
        kind: WriteKind::NewOrder,
        path: "/order/certificate/ssl_plus".into(),
        body: format!(r#"{{"alternative_order_id":"{reference}","name":"{name}"}}"#),
        order: None,
        expected: None,
        ..outgoing()
    };
    let same = outgoing();
    for (lost_one, again, stays) in [
        (note(1000), note(1000), true),
        (note(1000), note(1001), false),
        (same.clone(), same, true),
        (placed("certdeck-1", "a"), placed("certdeck-1", "a"), true),
        // Changed in its form since, it still has the reference.
        (placed("certdeck-1", "a"), placed("certdeck-1", "b"), true),
        (placed("certdeck-1", "a"), placed("certdeck-2", "b"), false),
    ] {
        let case = format!("{lost_one:?} {again:?}");
        for (state, is_lost) in [
            (Stage::LookingUp(lost()), true),
            (Stage::NotFound(lost()), true),
            (Stage::AwaitsCertificate(None), false),
        ] {
            let newer = (0..400).map(|n| (note(n), over(false)));
            let older = [(again.clone(), over(false)), (lost_one.clone(), state)];
            let mut desk = with(newer.chain(older));
            assert_eq!(left(&mut desk).contains(&400), stays && is_lost, "{case}");
        }
    }
}

#[test]
fn the_cursor_stays_on_what_it_is_on_and_else_within_the_list() {
    for at in [0, 50, 98, 99, 100, 399, 400, 401] {
        // The last two wait, and stay.
        let states = (0..400).map(|n| (note(n), over(false)));
        let waits = std::iter::repeat_n((outgoing(), Stage::AwaitsCertificate(None)), 2);
        let mut desk = with(states.chain(waits));
        let picker = Picker::on(&ids(&desk.model.engine.writes.all), at);
        desk.model.popups.push(Popup::Watches(picker));
        let op = desk.model.engine.writes.all[at].op.clone();
        // A decision is a step on the way of what the cursor is on.
        let decision = Outgoing {
            kind: WriteKind::Approve,
            request: Some(RequestId(1)),
            ..note(0)
        };
        desk.send(decision, None, "approval".into());
        let Some(Popup::Watches(picker)) = desk.model.popups.last() else {
            panic!("the watches are closed");
        };
        let ids = ids(&desk.model.engine.writes.all);
        let under = picker.chosen(&ids);
        assert!(under.is_some(), "{at}: {picker:?} of {}", ids.len());
        let stayed = desk
            .model
            .engine
            .writes
            .all
            .iter()
            .any(|watch| watch.op == op);
        if stayed {
            assert_eq!(under, Some(&op), "{at}");
        }
    }
}
