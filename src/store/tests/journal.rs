//! The journal tells the truth, whoever dies when.

use super::time;
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::testing::fixtures;
use crate::domain::write::{Answer, Found, Intent, Owner, Record, WriteId, WriteKind};
use crate::store::{Store, StoreError};

pub(super) fn name(op: u64) -> WriteId {
    WriteId(format!("op-{op}"))
}

pub(super) fn intent(op: u64) -> Intent {
    Intent {
        order: Some(OrderId(112_233)),
        path: "/order/certificate/112233/duplicate".into(),
        body: r#"{"certificate":{"csr":"MIIC"}}"#.into(),
        csr_sha256: Some([op as u8; 32]),
        at: time(op as i64),
        ..fixtures::intent(&name(op).0)
    }
}

pub(super) fn accepted(request: Option<u64>, certificate: Option<u64>) -> Answer {
    Answer::Accepted {
        status: 201,
        order: Some(OrderId(112_233)),
        requests: request.map(RequestId).into_iter().collect(),
        certificate: certificate.map(CertificateId),
        random_value: None,
    }
}

pub(super) fn lost() -> Answer {
    Answer::Unknown {
        why: "the connection broke while waiting for the answer".into(),
    }
}

fn ops(entries: &[Record]) -> Vec<u64> {
    entries.iter().map(number).collect()
}

fn number(entry: &Record) -> u64 {
    entry.intent.op.0["op-".len()..].parse().unwrap()
}

#[test]
fn every_outcome_reads_back_as_it_was_written() {
    let mut store = Store::in_memory().unwrap();
    let outcomes = [
        accepted(Some(5), None),
        accepted(None, Some(9)),
        Answer::Accepted {
            status: 204,
            order: None,
            requests: vec![],
            certificate: None,
            random_value: Some("22b6447f711922b0".into()),
        },
        Answer::Refused {
            status: 400,
            errors: vec!["csr_invalid_cannot_parse: no CSR".into(), "second".into()],
        },
        Answer::NotSent {
            why: "the limit".into(),
        },
        lost(),
    ];
    for (op, outcome) in (1..).zip(&outcomes) {
        store.begin(&intent(op)).unwrap();
        store.finish(&name(op), outcome, time(100)).unwrap();
    }
    let listed = store.list(10).unwrap();
    assert_eq!(ops(&listed), [6, 5, 4, 3, 2, 1], "newest first");
    for (entry, outcome) in listed.iter().rev().zip(&outcomes) {
        assert_eq!(entry.intent, intent(number(entry)));
        assert_eq!(entry.outcome.as_ref(), Some(outcome));
        assert_eq!(entry.finished, Some(time(100)));
    }
    assert_eq!(ops(&store.list(2).unwrap()), [6, 5]);
}

#[test]
fn the_same_operation_never_begins_twice() {
    let mut store = Store::in_memory().unwrap();
    store.begin(&intent(1)).unwrap();
    assert_eq!(
        store.begin(&intent(1)),
        Err(StoreError::OpExists(name(1))),
        "under way"
    );
    store
        .finish(&name(1), &accepted(Some(5), None), time(2))
        .unwrap();
    assert_eq!(
        store.begin(&intent(1)),
        Err(StoreError::OpExists(name(1))),
        "done"
    );
}

#[test]
fn an_outcome_is_written_once() {
    let mut store = Store::in_memory().unwrap();
    assert_eq!(
        store.finish(&name(1), &lost(), time(1)),
        Err(StoreError::OpMissing(name(1)))
    );
    store.begin(&intent(1)).unwrap();
    store
        .finish(&name(1), &accepted(Some(5), None), time(1))
        .unwrap();
    assert_eq!(
        store.finish(&name(1), &lost(), time(2)),
        Err(StoreError::OpDecided(name(1)))
    );
    let entry = store.entry(&name(1)).unwrap().unwrap();
    assert_eq!(entry.outcome, Some(accepted(Some(5), None)));
}

#[test]
fn what_a_dead_process_began_is_unknown_until_it_is_looked_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    {
        let mut store = Store::open(&path).unwrap();
        store.begin(&intent(1)).unwrap();
    }
    let mut store = Store::open(&path).unwrap();
    let open = store.open_ops().unwrap();
    assert_eq!(ops(&open), [1]);
    assert!(open[0].is_unknown() && !open[0].is_running());
    assert_eq!(open[0].owner, Owner::Gone);

    store
        .resolve(&name(1), &Found::NotArrived, time(9))
        .unwrap();
    assert_eq!(store.open_ops().unwrap(), []);
    let entry = store.entry(&name(1)).unwrap().unwrap();
    assert_eq!(entry.resolved.unwrap().what, Found::NotArrived);
}

#[test]
fn what_a_living_process_runs_is_not_taken_for_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut one = Store::open(&path).unwrap();
    let mut other = Store::open(&path).unwrap();
    one.begin(&intent(1)).unwrap();

    let seen = other.open_ops().unwrap();
    assert_eq!(
        seen[0].owner,
        Owner::Other {
            pid: std::process::id()
        }
    );
    assert!(seen[0].is_running() && !seen[0].is_unknown());
    let running = Err(StoreError::OpRunning {
        op: name(1),
        pid: std::process::id(),
    });
    assert_eq!(
        other.resolve(&name(1), &Found::NotArrived, time(2)),
        running
    );
    assert_eq!(other.finish(&name(1), &lost(), time(2)), running);
    assert_eq!(other.dismiss(&name(1)), running);
    assert_eq!(one.open_ops().unwrap()[0].owner, Owner::Mine);

    one.finish(&name(1), &accepted(Some(5), None), time(3))
        .unwrap();
    assert_eq!(other.open_ops().unwrap(), []);
}

#[test]
fn nothing_is_left_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    // As a killed process leaves it: the file is there, nobody holds its lock.
    let left = folder.path().join("p.sqlite3-live-0123");
    std::fs::write(&left, "").unwrap();
    let mut living = Store::open(&path).unwrap();
    living.begin(&intent(1)).unwrap();
    {
        let mut store = Store::open(&path).unwrap();
        store.begin(&intent(2)).unwrap();
        assert_eq!(ops(&store.open_ops().unwrap()), [1, 2]);
        assert!(!left.exists());
    }
    assert!(living.open_ops().unwrap()[0].is_running());
    drop(living);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["p.sqlite3"]);
}

#[test]
fn a_lost_answer_is_open_until_resolved_or_dismissed() {
    let mut store = Store::in_memory().unwrap();
    for op in 1..=3 {
        store.begin(&intent(op)).unwrap();
        store.finish(&name(op), &lost(), time(1)).unwrap();
    }
    assert_eq!(ops(&store.open_ops().unwrap()), [1, 2, 3]);
    store
        .resolve(
            &name(1),
            &Found::Certificate(OrderId(112_233), CertificateId(9)),
            time(2),
        )
        .unwrap();
    store.dismiss(&name(2)).unwrap();
    assert_eq!(ops(&store.open_ops().unwrap()), [3]);
    assert!(store.entry(&name(2)).unwrap().unwrap().dismissed);
}

#[test]
fn what_the_account_said_is_not_resolved_away() {
    let mut store = Store::in_memory().unwrap();
    store.begin(&intent(1)).unwrap();
    store
        .finish(&name(1), &accepted(Some(5), None), time(1))
        .unwrap();
    assert_eq!(
        store.resolve(&name(1), &Found::NotArrived, time(2)),
        Err(StoreError::OpDecided(name(1)))
    );
    store.begin(&intent(2)).unwrap();
    let refused = Answer::Refused {
        status: 403,
        errors: vec![],
    };
    store.finish(&name(2), &refused, time(1)).unwrap();
    assert_eq!(
        store.resolve(&name(2), &Found::NotArrived, time(2)),
        Err(StoreError::OpDecided(name(2)))
    );
}

#[test]
fn the_watch_finds_what_it_waited_for_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    {
        let mut store = Store::open(&path).unwrap();
        for op in 1..=4 {
            store.begin(&intent(op)).unwrap();
        }
        store
            .finish(&name(1), &accepted(Some(5), None), time(1))
            .unwrap();
        store
            .finish(&name(2), &accepted(Some(6), Some(9)), time(1))
            .unwrap();
        store.finish(&name(3), &lost(), time(1)).unwrap();
        let request = RequestId(8);
        store
            .resolve(&name(3), &Found::Request(request), time(2))
            .unwrap();
    }
    let mut store = Store::open(&path).unwrap();
    assert_eq!(ops(&store.awaited().unwrap()), [1, 2, 3]);
    assert_eq!(ops(&store.open_ops().unwrap()), [4]);
    let request = RequestId(5);
    store
        .resolve(&name(1), &Found::Rejected(request), time(3))
        .unwrap();
    assert_eq!(ops(&store.awaited().unwrap()), [2, 3]);
    store.checked(&name(2), &[]).unwrap();
    assert_eq!(ops(&store.awaited().unwrap()), [3], "checked");
}

#[test]
fn what_was_not_found_is_looked_for_at_the_next_start_until_it_is_set_aside() {
    let mut store = Store::in_memory().unwrap();
    let new = Intent {
        kind: Ok(WriteKind::NewOrder),
        order: None,
        ..intent(2)
    };
    for intent in [&intent(1), &new] {
        store.begin(intent).unwrap();
        store.finish(&intent.op, &lost(), time(1)).unwrap();
        store
            .resolve(&intent.op, &Found::NotArrived, time(2))
            .unwrap();
    }
    assert_eq!(ops(&store.awaited().unwrap()), [1, 2]);
    store.dismiss(&name(2)).unwrap();
    assert_eq!(ops(&store.awaited().unwrap()), [1]);
    // Sent again since, that one is what is looked for.
    let again = Intent {
        op: name(3),
        ..intent(1)
    };
    store.begin(&again).unwrap();
    assert_eq!(ops(&store.unsettled().unwrap()), [3]);
    // Refused, it says nothing of the first.
    let refused = Answer::Refused {
        status: 429,
        errors: Vec::new(),
    };
    store.finish(&again.op, &refused, time(3)).unwrap();
    assert_eq!(ops(&store.unsettled().unwrap()), [1]);
}

#[test]
fn what_a_renewal_made_is_never_the_order_that_it_renews() {
    let (old, new) = (OrderId(112_233), OrderId(998_877));
    let taken = |order| Answer::Accepted {
        status: 201,
        order,
        requests: Vec::new(),
        certificate: None,
        random_value: None,
    };
    let renewal = WriteKind::Renew.key();
    for (kind, outcome, made_on) in [
        (renewal, Some(taken(Some(new))), Some(new)),
        (renewal, Some(taken(None)), None),
        // As earlier versions kept it.
        (renewal, Some(taken(Some(old))), None),
        (renewal, Some(lost()), None),
        (renewal, None, None),
        ("duplicate", Some(taken(None)), Some(old)),
        ("duplicate", Some(lost()), Some(old)),
        ("duplicate", None, Some(old)),
    ] {
        let mut store = Store::in_memory().unwrap();
        let sent = Intent {
            kind: WriteKind::of_stored(kind),
            ..intent(1)
        };
        store.begin(&sent).unwrap();
        if let Some(outcome) = &outcome {
            store.finish(&name(1), outcome, time(1)).unwrap();
        }
        let entry = store.entry(&name(1)).unwrap().unwrap();
        assert_eq!(entry.made_on(), made_on, "{kind} {outcome:?}");
        assert_eq!(entry.intent.order, Some(old));
    }
}

#[test]
fn a_certificate_is_waited_for_until_it_was_checked_and_what_differs_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut store = Store::open(&path).unwrap();
    let order = OrderId(998_877);
    let new = Intent {
        kind: Ok(WriteKind::NewOrder),
        order: None,
        ..intent(1)
    };
    store.begin(&new).unwrap();
    store.finish(&name(1), &lost(), time(1)).unwrap();
    store
        .resolve(&name(1), &Found::Order(order), time(2))
        .unwrap();
    let found = store.awaited().unwrap();
    assert_eq!(
        ops(&found),
        [1],
        "the order is there, its certificate is not"
    );
    assert_eq!(found[0].made_on(), Some(order));
    let certificate = CertificateId(9);
    store
        .resolve(&name(1), &Found::Certificate(order, certificate), time(3))
        .unwrap();
    assert_eq!(ops(&store.awaited().unwrap()), [1], "nobody has checked it");
    let findings = vec!["its key is not the CSR's".to_owned()];
    store.checked(&name(1), &findings).unwrap();
    drop(store);
    let store = Store::open(&path).unwrap();
    assert_eq!(store.awaited().unwrap(), []);
    let entry = store.entry(&name(1)).unwrap().unwrap();
    assert_eq!(entry.findings, Some(findings));
}

#[test]
fn what_another_that_lives_looks_for_is_left_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut one = Store::open(&path).unwrap();
    one.begin(&intent(1)).unwrap();
    one.finish(&name(1), &lost(), time(1)).unwrap();
    let other = Store::open(&path).unwrap();
    assert_eq!(other.open_ops().unwrap(), []);
    assert_eq!(ops(&one.open_ops().unwrap()), [1], "its own");
    drop(one);
    assert_eq!(ops(&other.open_ops().unwrap()), [1]);
}

#[test]
fn an_order_knows_what_was_sent_about_it() {
    let mut store = Store::in_memory().unwrap();
    store.begin(&intent(1)).unwrap();
    store
        .begin(&Intent {
            order: None,
            ..intent(2)
        })
        .unwrap();
    store.begin(&intent(3)).unwrap();
    let about = store.list_for_order(OrderId(112_233), 10).unwrap();
    assert_eq!(ops(&about), [3, 1]);
}

#[test]
fn no_private_key_enters_and_debug_tells_no_body() {
    let mut store = Store::in_memory().unwrap();
    let mut bad = intent(1);
    bad.body = r#"{"csr":"-----BEGIN PRIVATE KEY-----"}"#.into();
    let refused = store.begin(&bad);
    assert!(
        matches!(
            refused,
            Err(StoreError::PrivateKey {
                what: "the request",
                ..
            })
        ),
        "{refused:?}"
    );
    assert_eq!(store.list(10).unwrap(), []);
    assert!(!format!("{:?}", intent(1)).contains("MIIC"));
    bad.body = r#"{"comments":"New private key after the audit."}"#.into();
    assert_eq!(store.begin(&bad), Ok(()), "words about one are sent");
}

#[test]
fn what_a_later_version_wrote_is_looked_up_and_not_trusted() {
    let mut store = Store::in_memory().unwrap();
    store.begin(&intent(1)).unwrap();
    store
        .finish(&name(1), &accepted(Some(5), None), time(1))
        .unwrap();
    store
        .conn
        .execute("UPDATE journal SET outcome = 'parked'", [])
        .unwrap();
    assert!(store.entry(&name(1)).unwrap().unwrap().is_unknown());
}
