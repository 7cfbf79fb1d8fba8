//! What a row of the journal says of itself: one table over every outcome, every resolution, and whoever ran it.

use super::journal::{accepted, intent, lost, name};
use super::time;
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::testing::fixtures::record;
use crate::domain::write::{Answer, Found, Intent, Owner, Record, Resolved, WriteKind};
use crate::store::Store;

const OWN: OrderId = OrderId(112_233);
const FOUND: OrderId = OrderId(998_877);

fn entry(kind: &str, outcome: Option<Answer>, what: Option<Found>) -> Record {
    let intent = Intent {
        kind: WriteKind::of_stored(kind),
        order: (kind != "new order").then_some(OWN),
        ..intent(1)
    };
    Record {
        resolved: what.map(|what| Resolved { what, at: time(2) }),
        ..record(intent, outcome)
    }
}

pub(super) fn outcomes() -> [Option<Answer>; 8] {
    let refused = Answer::Refused {
        status: 400,
        errors: Vec::new(),
    };
    let not_sent = Answer::NotSent {
        why: "the limit".into(),
    };
    [
        None,
        Some(lost()),
        Some(refused),
        Some(not_sent),
        Some(accepted(None, None)),
        Some(accepted(Some(5), None)),
        Some(accepted(None, Some(9))),
        Some(accepted(Some(5), Some(9))),
    ]
}

pub(super) fn resolutions() -> [Option<Found>; 9] {
    let (request, certificate) = (RequestId(5), CertificateId(9));
    [
        None,
        Some(Found::Request(request)),
        Some(Found::Certificate(FOUND, certificate)),
        Some(Found::Order(FOUND)),
        Some(Found::Rejected(request)),
        Some(Found::NoCertificate),
        Some(Found::NotArrived),
        Some(Found::Overtaken),
        Some(Found::Done),
    ]
}

/// Whether more is waited for: of a duplicate that nobody checked yet, of one that was checked; of a new order likewise;
/// and of an approval, which makes no certificate.
fn awaited(outcome: Option<&Answer>, what: Option<&Found>) -> [bool; 5] {
    let until_checked = [true, false, true, false, false];
    match (outcome, what) {
        (_, Some(Found::Request(..))) => [true; 5],
        (_, Some(Found::Certificate(..))) => until_checked,
        // Of what makes no order, an order that is as it was wanted is the end.
        (_, Some(Found::Order(..))) => [false, false, true, false, false],
        (None | Some(Answer::Unknown { .. }), Some(Found::NotArrived)) => [true; 5],
        (_, Some(_)) => [false; 5],
        (
            Some(Answer::Accepted {
                requests,
                certificate,
                ..
            }),
            None,
        ) => {
            let decides = !requests.is_empty() && certificate.is_none();
            [true, false, true, false, decides]
        }
        (_, None) => [false; 5],
    }
}

#[test]
fn every_row_knows_whether_it_is_waited_for() {
    for outcome in outcomes() {
        for what in resolutions() {
            let told = [
                ("duplicate", None),
                ("duplicate", Some(Vec::new())),
                ("new order", None),
                ("new order", Some(Vec::new())),
                ("approval", None),
            ]
            .map(|(kind, findings)| {
                let row = Record {
                    findings,
                    ..entry(kind, outcome.clone(), what)
                };
                row.is_awaited()
            });
            let expected = awaited(outcome.as_ref(), what.as_ref());
            assert_eq!(told, expected, "{outcome:?} {what:?}");
        }
    }
}

#[test]
fn every_row_knows_whether_it_is_under_way_or_lost_by_whoever_ran_it() {
    let owners = [Owner::Mine, Owner::Other { pid: 7 }, Owner::Gone];
    for outcome in outcomes() {
        for what in resolutions() {
            for owner in owners {
                let row = Record {
                    owner,
                    ..entry("duplicate", outcome.clone(), what)
                };
                let lives = owner != Owner::Gone;
                assert_eq!(row.is_running(), outcome.is_none() && lives, "{row:?}");
                let is_lost = match &outcome {
                    None => !lives,
                    Some(Answer::Unknown { .. }) => !matches!(owner, Owner::Other { .. }),
                    Some(_) => false,
                };
                assert_eq!(row.is_unknown(), is_lost && what.is_none(), "{row:?}");
                let not_found = what == Some(Found::NotArrived);
                assert_eq!(row.is_not_found(), not_found, "{row:?}");
            }
        }
    }
}

#[test]
fn every_row_knows_the_order_that_its_certificate_is_on() {
    for outcome in outcomes() {
        for what in resolutions() {
            let on = ["duplicate", "approval", "renewal", "new order"]
                .map(|kind| entry(kind, outcome.clone(), what).made_on());
            let expected = match (&outcome, &what) {
                (_, Some(Found::Certificate(..) | Found::Order(..))) => [Some(FOUND); 4],
                // The account took it on its own number: a renewal does not make the order that it renews.
                (Some(Answer::Accepted { .. }), _) => [Some(OWN), Some(OWN), None, Some(OWN)],
                _ => [Some(OWN), Some(OWN), None, None],
            };
            assert_eq!(on, expected, "{outcome:?} {what:?}");
        }
    }
    // Where the answer names an order, that counts, and not the one that it was asked of.
    let named = Answer::Accepted {
        status: 201,
        order: Some(FOUND),
        requests: Vec::new(),
        certificate: None,
        random_value: None,
    };
    for kind in ["duplicate", "approval", "renewal", "new order"] {
        let row = entry(kind, Some(named.clone()), None);
        assert_eq!(row.made_on(), Some(FOUND), "{kind}");
    }
    let unnamed = Answer::Accepted {
        status: 204,
        order: None,
        requests: Vec::new(),
        certificate: None,
        random_value: None,
    };
    for (kind, on) in [
        ("duplicate", Some(OWN)),
        ("renewal", None),
        ("new order", None),
    ] {
        assert_eq!(
            entry(kind, Some(unnamed.clone()), None).made_on(),
            on,
            "{kind}"
        );
    }
}

#[test]
fn what_it_takes_to_look_for_a_row_is_readable_or_it_is_not_looked_for() {
    for (column, needed) in [
        ("kind", true),
        ("method", true),
        ("path", true),
        ("body", true),
        ("profile", false),
        ("started", false),
        ("before", false),
    ] {
        let row = Record {
            unreadable: vec!["findings", column],
            ..entry("duplicate", Some(lost()), None)
        };
        assert_eq!(row.cannot_be_looked_for(), needed, "{column}");
    }
    assert!(entry("of another version", None, None).cannot_be_looked_for());
    assert!(!entry("duplicate", None, None).cannot_be_looked_for());
}

#[test]
fn every_resolution_reads_back_as_it_was_written() {
    for what in resolutions().into_iter().flatten() {
        let mut store = Store::in_memory().unwrap();
        store.begin(&intent(1)).unwrap();
        store.finish(&name(1), &lost(), time(1)).unwrap();
        store.resolve(&name(1), &what, time(2)).unwrap();
        let row = store.entry(&name(1)).unwrap().unwrap();
        assert_eq!(row.resolved, Some(Resolved { what, at: time(2) }));
    }
}

#[test]
fn an_operation_is_told_by_its_name() {
    assert_eq!(format!("{} {:>6}|", name(1), name(2)), "op-1   op-2|");
}

#[test]
fn a_cell_that_cannot_be_read_is_named_once_and_what_it_said_is_unknown() {
    let needed = [
        "op", "kind", "method", "path", "body", "profile", "owner", "pid",
    ];
    let others = ["order_id", "csr_sha256", "started", "outcome", "detail"];
    for column in needed.into_iter().chain(others) {
        let mut store = Store::in_memory().unwrap();
        store.begin(&intent(1)).unwrap();
        let taken = accepted(None, Some(7));
        store.finish(&name(1), &taken, time(3)).unwrap();
        let sql = format!("UPDATE journal SET {column} = x'ff80'");
        assert_eq!(store.conn.execute(&sql, []).unwrap(), 1, "{column}");
        let read = store.list(9).unwrap().remove(0);
        assert_eq!(read.unreadable, [column]);
        let is_told = !matches!(column, "outcome" | "detail");
        assert_eq!(read.outcome == Some(taken), is_told, "{column}: {read:?}");
        assert!(read.outcome.is_some(), "{column}: it had an end");
        // The path of a request names its order as well.
        assert_eq!(read.intent.order, Some(OWN), "{column}");
        let of_order = store.list_for_order(OWN, 9).unwrap();
        assert_eq!(of_order.len(), 1, "{column}");
    }
    // Of a path that names none nothing is made up.
    let mut store = Store::in_memory().unwrap();
    store.begin(&intent(1)).unwrap();
    let sql = "UPDATE journal SET order_id = x'ff', path = '/order/certificate/list'";
    store.conn.execute(sql, []).unwrap();
    assert_eq!(store.list(9).unwrap()[0].intent.order, None);
}
