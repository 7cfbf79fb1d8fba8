//! Of two who send the same one does, and what of the journal cannot be read settles nothing.

use super::journal::{accepted, intent, lost, name};
use super::states::{outcomes, resolutions};
use super::time;
use crate::domain::ids::OrderId;
use crate::domain::write::{Answer, Found, Intent, WriteId, WriteKind};
use crate::store::{Store, StoreError, Twin, TwinState};

#[test]
fn of_two_who_send_the_same_only_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut one = Store::open(&path).unwrap();
    let mut other = Store::open(&path).unwrap();
    let numbered = |op: u64, intent: &Intent| Intent {
        op: name(op),
        ..intent.clone()
    };
    let about = |kind: &str, path: &str, body: &str| Intent {
        kind: WriteKind::of_stored(kind),
        path: path.into(),
        body: body.into(),
        csr_sha256: None,
        ..intent(0)
    };
    let renewal = |reference: &str, name: &str| {
        let body = format!(r#"{{"alternative_order_id":"{reference}","name":"{name}"}}"#);
        about("renewal", "/order/certificate/ssl_plus", &body)
    };
    let basic = "/order/certificate/ssl_basic";
    let (note, revoke) = ("/order/certificate/112233/note", "/certificate/8/revoke");
    let (decide, reissue) = ("/request/9/status", "/order/certificate/112233/reissue");
    let with_csr = |kind: &str, csr: u8| Intent {
        csr_sha256: Some([csr; 32]),
        ..about(kind, reissue, "{}")
    };
    // The same in another dress, what is another thing, and what may be under way beside it.
    let cases = [
        (
            intent(1),
            Intent {
                body: "wrapped otherwise".into(),
                ..intent(1)
            },
            vec![intent(2)],
        ),
        (
            with_csr("reissue", 1),
            with_csr("reissue", 2),
            vec![Intent {
                order: Some(OrderId(1)),
                path: "/order/certificate/1/reissue".into(),
                ..with_csr("reissue", 1)
            }],
        ),
        (
            with_csr("reissue", 3),
            with_csr("reissue stored as a duplicate", 3),
            vec![intent(2)],
        ),
        (
            about("note", note, r#"{"text":"a"}"#),
            about("note", note, r#"{ "text": "a" }"#),
            vec![about("note", note, r#"{"text":"b"}"#)],
        ),
        (
            about("approval", decide, r#"{"status":"approved"}"#),
            about("rejection", decide, r#"{"status":"rejected"}"#),
            vec![about(
                "approval",
                "/request/10/status",
                r#"{"status":"approved"}"#,
            )],
        ),
        (
            about("revocation of a certificate", revoke, r#"{"comments":"a"}"#),
            about("revocation of a certificate", revoke, "{}"),
            vec![about(
                "revocation of a certificate",
                "/certificate/7/revoke",
                "{}",
            )],
        ),
        (
            about(
                "new order",
                basic,
                r#"{"certificate":{"common_name":"a","csr":"1"}}"#,
            ),
            about(
                "new order",
                basic,
                r#"{"certificate":{"common_name":"a","csr":"2"}}"#,
            ),
            vec![about(
                "new order",
                basic,
                r#"{"certificate":{"common_name":"b","csr":"3"}}"#,
            )],
        ),
        (
            renewal("certdeck-1", "a"),
            // An order is renewed once.
            Intent {
                path: "/order/certificate/ssl_basic".into(),
                ..renewal("certdeck-2", "b")
            },
            vec![Intent {
                order: Some(OrderId(1)),
                ..renewal("certdeck-3", "b")
            }],
        ),
    ];
    let mut op = 100;
    let mut next = || {
        op += 2;
        (op, op + 1)
    };
    for (first, twin, others) in cases {
        let (begun, second) = next();
        let (first, twin) = (numbered(begun, &first), numbered(second, &twin));
        one.begin(&first).unwrap();
        let refused = |store: &mut Store, state| {
            let Err(StoreError::Twin(twin)) = store.begin(&twin) else {
                panic!("{twin:?} was begun beside {first:?}");
            };
            assert_eq!((twin.op, twin.state), (first.op.clone(), state));
        };
        for store in [&mut one, &mut other] {
            refused(store, TwinState::Running);
        }
        for another in &others {
            let another = numbered(next().0, another);
            other.begin(&another).unwrap();
            other.finish(&another.op, &lost(), time(1)).unwrap();
            other.dismiss(&another.op).unwrap();
        }
        one.finish(&first.op, &lost(), time(1)).unwrap();
        refused(&mut other, TwinState::Unknown);
        // Looked for and not found, it may be sent again by whoever looked; others are told of it.
        one.resolve(&first.op, &Found::NotArrived, time(2)).unwrap();
        refused(&mut other, TwinState::NotFound);
        one.begin(&twin).unwrap();
        // That is what the next finds.
        let despite = Intent {
            despite: true,
            ..numbered(next().0, &twin)
        };
        other.begin(&despite).unwrap();
        for (store, op) in [(&mut one, &twin.op), (&mut other, &despite.op)] {
            let why = "test".into();
            store.finish(op, &Answer::NotSent { why }, time(3)).unwrap();
        }
    }
}

#[test]
fn what_the_account_took_is_news_to_whoever_looked_before() {
    let mut store = Store::in_memory().unwrap();
    let note = |op: u64, text: &str, as_of: Option<i64>| Intent {
        kind: Ok(WriteKind::Note),
        path: "/order/certificate/112233/note".into(),
        body: format!(r#"{{"text":"{text}"}}"#),
        csr_sha256: None,
        as_of: as_of.map(time),
        at: time(2000),
        ..intent(op)
    };
    let duplicate = |op: u64, as_of: Option<i64>| Intent {
        op: name(op),
        as_of: as_of.map(time),
        at: time(2000),
        ..intent(1)
    };
    for intent in [note(1, "a", None), duplicate(2, None)] {
        store.begin(&intent).unwrap();
        let taken = accepted(None, None);
        store.finish(&intent.op, &taken, time(1000)).unwrap();
    }
    let taken = |done: Result<(), StoreError>| {
        matches!(
            done,
            Err(StoreError::Twin(Twin {
                state: TwinState::Taken,
                ..
            }))
        )
    };
    assert!(taken(store.begin(&note(3, "a", Some(999)))));
    assert!(taken(store.begin(&duplicate(4, Some(999)))));
    // Whoever looked since has not seen which CSR it came of.
    for as_of in [None, Some(1001)] {
        assert!(
            taken(store.begin(&duplicate(5, as_of))),
            "a CSR is never used unasked"
        );
    }
    // Known, it is the operator's to send once more; and so is what nobody can date, after a while.
    store.begin(&note(6, "a", Some(1001))).unwrap();
    store.finish(&name(6), &lost(), time(1002)).unwrap();
    store.dismiss(&name(6)).unwrap();
    store.begin(&note(7, "a", None)).unwrap();
}

#[test]
fn what_came_of_the_first_says_whether_the_same_may_be_sent() {
    for outcome in outcomes() {
        for what in resolutions() {
            let mut store = Store::in_memory().unwrap();
            store.begin(&intent(1)).unwrap();
            if let Some(outcome) = &outcome {
                store.finish(&name(1), outcome, time(1)).unwrap();
            }
            if let Some(what) = &what
                && store.resolve(&name(1), what, time(2)).is_err()
            {
                // The journal does not take what contradicts the account's answer.
                continue;
            }
            let state = match (&outcome, &what) {
                (None, None) => Some(TwinState::Running),
                (Some(Answer::Unknown { .. }), None) => Some(TwinState::Unknown),
                (Some(Answer::Refused { .. } | Answer::NotSent { .. }), _)
                | (
                    _,
                    Some(
                        Found::NotArrived
                        | Found::NoCertificate
                        | Found::Overtaken
                        | Found::Rejected(..),
                    ),
                ) => None,
                _ => Some(TwinState::Taken),
            };
            let again = Intent {
                op: name(2),
                ..intent(1)
            };
            let told = match store.begin(&again) {
                Err(StoreError::Twin(twin)) => Some(twin.state),
                done => {
                    assert_eq!(done, Ok(()));
                    None
                }
            };
            assert_eq!(told, state, "{outcome:?} {what:?}");
        }
    }
}

#[test]
fn what_was_taken_is_news_up_to_the_moment_that_the_desk_knows_and_else_for_ten_minutes() {
    let note = |op: u64, as_of: Option<i64>, at: i64| Intent {
        kind: Ok(WriteKind::Note),
        path: "/order/certificate/112233/note".into(),
        body: r#"{"text":"a"}"#.into(),
        csr_sha256: None,
        as_of: as_of.map(time),
        at: time(at),
        ..intent(op)
    };
    // When it was taken, when what came of it was seen, and what the second desk knows and when it asks.
    for (taken, seen, as_of, at, is_news) in [
        (1000, None, Some(999), 1001, true),
        (1000, None, Some(1000), 1001, true),
        (1000, None, Some(1001), 1001, false),
        (1000, Some(1500), Some(1400), 1600, true),
        (1000, Some(1500), Some(1501), 1600, false),
        (1000, None, None, 1599, true),
        (1000, None, None, 1600, false),
        (1000, Some(1500), None, 2099, true),
        (1000, Some(1500), None, 2100, false),
    ] {
        let mut store = Store::in_memory().unwrap();
        store.begin(&note(1, None, 1000)).unwrap();
        let outcome = accepted(None, None);
        store.finish(&name(1), &outcome, time(taken)).unwrap();
        if let Some(seen) = seen {
            store.resolve(&name(1), &Found::Done, time(seen)).unwrap();
        }
        let told = store.begin(&note(2, as_of, at));
        assert_eq!(
            told.is_err(),
            is_news,
            "{taken} {seen:?} {as_of:?} {at}: {told:?}"
        );
    }
}

#[test]
fn to_look_twice_does_no_harm() {
    let check = |op: u64, kind: WriteKind| Intent {
        kind: Ok(kind),
        path: "/order/certificate/112233/check-dcv".into(),
        csr_sha256: None,
        ..intent(op)
    };
    let mut store = Store::in_memory().unwrap();
    for (n, kind) in WriteKind::ALL.iter().enumerate() {
        let first = 2 * n as u64 + 1;
        store.begin(&check(first, *kind)).unwrap();
        let told = store.begin(&check(first + 1, *kind));
        assert_eq!(told.is_ok(), kind.is_check(), "{kind:?}");
        // What changes something is no look, though a look at the same is under way.
        if kind.is_check() {
            let change = check(100 + first, WriteKind::NamesMethod);
            store.begin(&change).unwrap();
            store.finish(&change.op, &lost(), time(1)).unwrap();
            store.dismiss(&change.op).unwrap();
        }
        // Each kind is looked at by itself.
        let begun = if told.is_ok() { 2 } else { 1 };
        for op in (first..).take(begun) {
            store.finish(&name(op), &lost(), time(1)).unwrap();
            store.dismiss(&name(op)).unwrap();
        }
    }
}

#[test]
fn what_is_written_down_without_a_csr_is_told_by_its_words() {
    let without = |op: u64| Intent {
        csr_sha256: None,
        ..intent(op)
    };
    for (first, second) in [
        (without(1), without(2)),
        (without(1), intent(2)),
        (intent(1), without(2)),
    ] {
        let mut store = Store::in_memory().unwrap();
        store.begin(&first).unwrap();
        let told = store.begin(&second);
        assert!(matches!(told, Err(StoreError::Twin(_))), "{told:?}");
    }
}

/// Of what another desk lost and did not find, one that was open all the time knows nothing; the next start takes it up.
#[test]
fn what_was_lost_elsewhere_is_sent_only_by_who_took_it_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut open = Store::open(&path).unwrap();
    let mut gone = Store::open(&path).unwrap();
    gone.begin(&intent(1)).unwrap();
    gone.finish(&name(1), &lost(), time(1)).unwrap();
    gone.resolve(&name(1), &Found::NotArrived, time(2)).unwrap();
    drop(gone);
    let again = Intent {
        op: name(2),
        ..intent(1)
    };
    let told = open.begin(&again);
    let Err(StoreError::Twin(twin)) = told else {
        panic!("{told:?}");
    };
    assert_eq!(twin.state, TwinState::NotFound);
    let mut next = Store::open(&path).unwrap();
    assert_eq!(next.unsettled().unwrap().len(), 1);
    next.begin(&again).unwrap();
}

#[test]
fn what_somebody_who_is_gone_began_may_have_arrived() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    Store::open(&path).unwrap().begin(&intent(1)).unwrap();
    let again = Intent {
        op: name(2),
        ..intent(1)
    };
    let told = Store::open(&path).unwrap().begin(&again);
    let Err(StoreError::Twin(twin)) = told else {
        panic!("{told:?}");
    };
    assert_eq!((twin.op, twin.state), (name(1), TwinState::Unknown));
}

/// What a cell may hold that somebody else wrote, or a disk.
fn damage() -> Vec<&'static str> {
    vec![
        "NULL",
        "'text'",
        "x''",
        "x'ff00'",
        "-1",
        "1.5",
        "'{\"'",
        "CAST(x'ff80' AS TEXT)",
        "9223372036854775807",
    ]
}

#[test]
fn a_cell_that_cannot_be_read_costs_that_row_and_settles_nothing() {
    let columns = [
        "op",
        "kind",
        "order_id",
        "method",
        "path",
        "body",
        "csr_sha256",
        "profile",
        "started",
        "owner",
        "pid",
        "outcome",
        "detail",
        "finished",
        "resolution",
        "resolved",
        "dismissed",
        "before",
        "findings",
    ];
    for column in columns {
        for value in damage() {
            let mut store = Store::in_memory().unwrap();
            for op in 1..=3 {
                store.begin(&intent(op)).unwrap();
                store.finish(&name(op), &lost(), time(9)).unwrap();
            }
            let sql = format!("UPDATE OR IGNORE journal SET {column} = {value} WHERE seq = 2");
            if store.conn.execute(&sql, []).is_err() {
                continue; // The table itself refuses it.
            }
            let what = format!("{column} = {value}");
            let all = store.list(10).unwrap();
            assert_eq!(all.len(), 3, "{what}");
            let entry = all[1].clone();
            let unsettled = store.unsettled().unwrap();
            assert_eq!(unsettled.len(), 3, "{what}: a lost write is lost still");
            for whole in [0, 2] {
                assert!(unsettled[whole].unreadable.is_empty(), "{what}");
            }
            let cell = format!("SELECT typeof({column}) = 'blob' FROM journal WHERE seq = 2");
            let is_blob: bool = store.conn.query_row(&cell, [], |row| row.get(0)).unwrap();
            if is_blob {
                assert!(entry.unreadable.contains(&column), "{what}: {entry:?}");
            }
            // Others are reached, and so is this one, whatever it is called.
            assert!(store.list_for_order(OrderId(112_233), 10).unwrap().len() >= 2);
            store
                .resolve(&name(1), &Found::NotArrived, time(9))
                .unwrap();
            let _ = store.begin(&intent(4));
            if entry.is_running() {
                continue; // Without an outcome it is this store's own, still under way.
            }
            store.dismiss(&entry.intent.op).unwrap();
            let left: Vec<WriteId> = store
                .unsettled()
                .unwrap()
                .into_iter()
                .map(|entry| entry.intent.op)
                .collect();
            assert!(!left.contains(&entry.intent.op), "{what}: {left:?}");
            assert!(left.contains(&name(1)) && left.contains(&name(3)), "{what}");
        }
    }
}
