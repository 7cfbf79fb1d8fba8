//! A store of an earlier format, written by the program of then: every row is there, and says what it said.

use std::path::PathBuf;

use rusqlite::Connection;

use super::journal::intent;
use super::{all, order};
use crate::domain::clock::ClockOffset;
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::write::{Answer, Before, Found, Owner, Record, WriteId, WriteKind};
use crate::store::{Cursor, DraftKey, Store, StoreError, schema};

/// The file of format 2 in a place of its own.
fn format_2() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    std::fs::write(
        &path,
        include_bytes!("../../../tests/fixtures/store-2.sqlite3"),
    )
    .unwrap();
    (folder, path)
}

/// Kind, outcome, resolution, findings and whether it was set aside, of each row in the order of their numbers.
type Row = (
    WriteKind,
    Option<Answer>,
    Option<Found>,
    Option<Vec<String>>,
    bool,
);

fn written() -> Vec<Row> {
    let accepted = |order, requests, certificate, random_value: Option<&str>| Answer::Accepted {
        status: 201,
        order,
        requests,
        certificate,
        random_value: random_value.map(str::to_owned),
    };
    let waits = accepted(
        Some(OrderId(2_001)),
        vec![RequestId(501), RequestId(502)],
        None,
        Some("a-random-value"),
    );
    let issued = accepted(None, Vec::new(), Some(CertificateId(701)), None);
    let why = |why: &str| why.to_owned();
    let unknown = Answer::Unknown {
        why: why("no answer within 60 s"),
    };
    let all = WriteKind::ALL.iter();
    let mut rows: Vec<Row> = all.map(|kind| (*kind, None, None, None, false)).collect();
    let refused = Answer::Refused {
        status: 400,
        errors: vec![why("invalid_csr: The CSR is not valid")],
    };
    let not_sent = Answer::NotSent {
        why: why("no connection"),
    };
    let outcomes = [waits, issued.clone(), refused, not_sent, unknown.clone()];
    rows.extend(outcomes.map(|outcome| (WriteKind::Duplicate, Some(outcome), None, None, false)));
    let found = [
        Found::Certificate(OrderId(2_002), CertificateId(702)),
        Found::Request(RequestId(503)),
        Found::Rejected(RequestId(504)),
        Found::Order(OrderId(2_003)),
        Found::Done,
        Found::Overtaken,
        Found::NoCertificate,
        Found::NotArrived,
    ];
    rows.extend(found.map(|found| {
        let outcome = Some(unknown.clone());
        (WriteKind::Reissue, outcome, Some(found), None, false)
    }));
    let findings = [Vec::new(), vec![why("it lacks www.example.net")]];
    rows.extend(findings.map(|findings| {
        let outcome = Some(issued.clone());
        (
            WriteKind::ReissueAsDuplicate,
            outcome,
            None,
            Some(findings),
            false,
        )
    }));
    rows.push((WriteKind::Note, Some(unknown), None, None, true));
    rows
}

fn said(entry: &Record) -> Row {
    (
        entry.intent.kind.clone().unwrap(),
        entry.outcome.clone(),
        entry.resolved.as_ref().map(|found| found.what),
        entry.findings.clone(),
        entry.dismissed,
    )
}

#[test]
fn every_row_of_format_2_is_there_and_says_what_it_said() {
    let (_folder, path) = format_2();
    let store = Store::open(&path).unwrap();
    let mut entries = store.list(1000).unwrap();
    entries.reverse();
    let told: Vec<Row> = entries.iter().map(said).collect();
    assert_eq!(told, written());
    for (entry, number) in entries.iter().zip(1_u64..) {
        let intent = &entry.intent;
        assert_eq!(intent.op, WriteId(format!("fixture-{number}")));
        assert_eq!(entry.owner, Owner::Gone);
        assert_eq!(entry.unreadable, [""; 0]);
        let order = (intent.kind != Ok(WriteKind::NewOrder)).then_some(OrderId(1_000 + number));
        assert_eq!(intent.order, order);
        assert_eq!(intent.path, format!("/path/of/{number}"));
        assert_eq!(intent.body, format!("{{\"number\":{number}}}"));
        let before = Before {
            known: true,
            certificates: vec![CertificateId(1), CertificateId(2)],
            requests: vec![RequestId(3)],
            notes: 4,
            first_step: true,
            clock: Some(ClockOffset { seconds: -1200 }),
            ..Before::default()
        };
        assert_eq!(intent.before, before);
        assert!(!entry.cannot_be_looked_for());
    }
    // What is open is looked for: all that have no outcome, and what waits or was not found.
    let open: Vec<String> = store
        .unsettled()
        .unwrap()
        .into_iter()
        .map(|entry| entry.intent.op.0)
        .collect();
    let waits = [23, 24, 27, 28, 29, 35];
    let expected: Vec<String> = (1..=22)
        .chain(waits)
        .map(|n| format!("fixture-{n}"))
        .collect();
    assert_eq!(open, expected);
    let draft = DraftKey {
        kind: "duplicate".into(),
        order: Some(OrderId(1_001)),
    };
    let draft = store.load_draft(&draft).unwrap().unwrap();
    assert_eq!(draft.json, "{\"note\":\"typed\"}");
    assert!(draft.refusal.unwrap().contains("invalid_csr"));
    let account = "https://a.example#0a";
    assert_eq!(all(&store, account), [order(1), order(2)]);
    assert_eq!(store.cursor(account).unwrap(), Cursor::default());
}

/// The words for people may change: what is stored does not follow them.
#[test]
fn kinds_are_stored_by_keys_of_their_own() {
    let (_folder, path) = format_2();
    drop(Store::open(&path).unwrap());
    let conn = Connection::open(&path).unwrap();
    let mut kinds = conn
        .prepare("SELECT kind FROM journal ORDER BY seq LIMIT 22")
        .unwrap();
    let kinds: Vec<String> = kinds
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let keys = "duplicate reissue reissue_as_duplicate approve reject cancel_order cancel_reissue revoke_certificate \
        revoke_order archive note auto_reissue check_names names_method check_domain domain_method domain_token \
        names_token names_emails domain_emails renew new_order";
    assert_eq!(kinds, keys.split_whitespace().collect::<Vec<_>>());
}

/// A program of format 2 that is still open writes its words into the file after it was brought up to date.
#[test]
fn what_a_program_of_format_2_adds_is_known() {
    let (_folder, path) = format_2();
    let mut store = Store::open(&path).unwrap();
    for (number, kind) in (50..).zip(WriteKind::ALL) {
        let mut sent = intent(number);
        (sent.kind, sent.despite) = (Ok(*kind), true);
        store.begin(&sent).unwrap();
        let conn = Connection::open(&path).unwrap();
        conn.execute(
            "UPDATE journal SET kind = ?2, owner = 'x' WHERE op = ?1",
            [&sent.op.0, kind.former_key()],
        )
        .unwrap();
        let entry = store.entry(&sent.op).unwrap().unwrap();
        assert_eq!(entry.intent.kind, Ok(*kind));
    }
}

#[test]
fn a_file_of_format_2_that_cannot_be_written_is_read() {
    let (_folder, path) = format_2();
    let conn = crate::store::read_only::open(&path).unwrap();
    assert_eq!(schema::version(&conn).unwrap(), 2);
    conn.pragma_query(None, "query_only", |_| Ok(())).unwrap();
    let count: i64 = conn
        .query_row("SELECT count(*) FROM journal", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, i64::try_from(written().len()).unwrap());
}

/// A later version may know more kinds: a row of one is unknown, stays so, and is neither looked for nor sent again.
#[test]
fn a_kind_that_is_not_known_is_shown_and_stays() {
    let mut store = Store::in_memory().unwrap();
    let mut sent = intent(1);
    sent.kind = Err("teleport".into());
    store.begin(&sent).unwrap();
    let lost = Answer::Unknown {
        why: "no answer".into(),
    };
    store.finish(&sent.op, &lost, sent.at).unwrap();
    let open = store.unsettled().unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].intent.kind, Err("teleport".into()));
    assert!(open[0].is_unknown() && open[0].cannot_be_looked_for());
    // The same CSR on the same order is not sent unasked beside it.
    let mut same = intent(2);
    same.csr_sha256 = sent.csr_sha256;
    assert!(same.csr_sha256.is_some());
    assert!(matches!(store.begin(&same), Err(StoreError::Twin(_))));
    store.dismiss(&sent.op).unwrap();
    assert_eq!(store.unsettled().unwrap(), []);
    assert_eq!(store.list(10).unwrap().len(), 1);
}
