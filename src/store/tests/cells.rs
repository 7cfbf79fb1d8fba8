//! Whatever one cell of the file has become: every other row is read as it was, nothing panics, and what cannot be read
//! is unknown and not settled.

use std::ops::ControlFlow;

use proptest::prelude::*;
use rusqlite::types::Value;

use super::journal::{accepted, intent, name};
use super::{all, order, time};
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;
use crate::domain::write::Record;
use crate::store::{Draft, DraftKey, Store};

const ACCOUNT: &str = "a";

/// What another program, a failing disk or a later version may leave in a cell.
fn value() -> impl Strategy<Value = (Value, bool)> {
    let words = prop::sample::select(vec![
        "accepted",
        "refused",
        "unknown",
        "not_sent",
        "[]",
        "{}",
        "null",
        "true",
        "1",
        "-1",
        "0",
        "1e999",
        "2026-01-30T08:12:45Z",
        "{\"certificate\":1}",
        "{\"requests\":[1]}",
        "[\"x\"]",
        "reissue",
        "op-2",
        "\0",
        "9223372036854775808",
    ]);
    let plain = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        prop::sample::select(vec![0, 1, 2, -1, i64::MIN, i64::MAX]).prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Real),
        any::<String>().prop_map(Value::Text),
        words.prop_map(|word| Value::Text(word.to_owned())),
    ];
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..80),
        Just(vec![0xff, 0x80]),
        Just(vec![0; 31]),
    ];
    prop_oneof![
        3 => plain.prop_map(|value| (value, false)),
        // The same bytes as a text, also where they are none.
        1 => (bytes, any::<bool>()).prop_map(|(bytes, as_text)| (Value::Blob(bytes), as_text)),
    ]
}

/// Puts the value into a cell, if the table takes it there.
fn damage(
    store: &Store,
    table: &str,
    column: &str,
    at: &str,
    (value, as_text): &(Value, bool),
) -> bool {
    let put = if *as_text { "CAST(?1 AS TEXT)" } else { "?1" };
    let sql = format!("UPDATE {table} SET {column} = {put} WHERE {at}");
    store
        .conn
        .execute(&sql, [value])
        .is_ok_and(|rows| rows == 1)
}

fn columns(table: &str) -> Vec<String> {
    let store = Store::in_memory().unwrap();
    let sql = format!("SELECT name FROM pragma_table_info('{table}')");
    let mut asked = store.conn.prepare(&sql).unwrap();
    let names = asked.query_map([], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

fn column(table: &'static str) -> impl Strategy<Value = String> {
    prop::sample::select(columns(table))
}

fn entry(entries: &[Record], op: u64) -> Option<&Record> {
    entries.iter().find(|entry| entry.intent.op == name(op))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_the_orders_one_is_lost_at_most(column in column("orders"), value in value(), which in 1_u64..=3) {
        let mut store = Store::in_memory().unwrap();
        let orders: Vec<_> = (1..=3).map(order).collect();
        store.upsert_orders(ACCOUNT, &Rows::from_iter(&orders)).unwrap();
        prop_assume!(damage(&store, "orders", &column, &format!("id = {which}"), &value));
        let mut read = Vec::new();
        let loaded = store.load_all(ACCOUNT, |batch| {
            read.extend(batch.iter().map(|row| row.summary()));
            ControlFlow::Continue(())
        }).unwrap();
        // In another account's name it is no row of this one.
        let moved = usize::from(column == "account");
        prop_assert!(read.len() + loaded.unreadable + moved >= 3, "{} {}", read.len(), loaded.unreadable);
        for order in orders.iter().filter(|order| order.id != OrderId(which)) {
            prop_assert!(read.contains(order), "{:?} is lost", order.id);
        }
        let _ = store.order_ids(ACCOUNT).unwrap();
        let _ = store.count_orders(ACCOUNT).unwrap();
        let first = all(&store, ACCOUNT);
        prop_assert!(first.len() >= 2);
        // Read from the account again, all are whole.
        store.upsert_orders(ACCOUNT, &Rows::from_iter(&orders)).unwrap();
        let first = all(&store, ACCOUNT);
        for order in &orders {
            prop_assert!(first.contains(order), "{:?} is not mended", order.id);
        }
    }

    #[test]
    fn of_the_drafts_one_is_lost_at_most(column in column("draft"), value in value(), which in 1_u64..=3) {
        let mut store = Store::in_memory().unwrap();
        let drafts: Vec<Draft> = (1..=3).map(|order| Draft {
            key: DraftKey { kind: "reissue".into(), order: Some(OrderId(order)) },
            json: format!("{{\"n\":{order}}}"),
            updated: time(order as i64),
            refusal: None,
        }).collect();
        for draft in &drafts {
            store.save_draft(draft).unwrap();
        }
        prop_assume!(damage(&store, "draft", &column, &format!("order_id = {which}"), &value));
        let listed = store.list_drafts().unwrap();
        prop_assert_eq!(listed.len() + store.unreadable_drafts().unwrap(), 3);
        for draft in drafts.iter().filter(|draft| draft.key.order != Some(OrderId(which))) {
            prop_assert!(listed.contains(draft), "{:?} is lost", draft.key);
            let read = store.load_draft(&draft.key).unwrap();
            prop_assert_eq!(read.as_ref(), Some(draft));
        }
        let again = &drafts[which as usize - 1];
        let _ = store.load_draft(&again.key);
        store.save_draft(again).unwrap();
        let read = store.load_draft(&again.key).unwrap();
        prop_assert_eq!(read.map(|draft| draft.json), Some(again.json.clone()));
    }

    #[test]
    fn of_the_journal_one_is_unknown_at_most_and_nothing_is_settled_by_it(
        column in column("journal"), value in value(), which in 1_u64..=3, sent in any::<bool>(),
    ) {
        let mut store = Store::in_memory().unwrap();
        for op in 1..=3 {
            store.begin(&intent(op)).unwrap();
            if sent {
                // Something is still to come of each.
                store.finish(&name(op), &accepted(Some(op), None), time(10)).unwrap();
            }
        }
        let before = store.list(10).unwrap();
        let open = store.unsettled().unwrap();
        prop_assert_eq!(open.len(), 3);
        prop_assume!(damage(&store, "journal", &column, &format!("op = 'op-{which}'"), &value));
        let listed = store.list(10).unwrap();
        prop_assert_eq!(listed.len(), 3);
        let unsettled = store.unsettled().unwrap();
        for op in (1..=3).filter(|op| *op != which) {
            prop_assert_eq!(entry(&listed, op), entry(&before, op), "op-{} is not as it was", op);
            prop_assert!(entry(&unsettled, op).is_some(), "op-{op} is no longer looked for");
        }
        let _ = (store.open_ops().unwrap(), store.awaited().unwrap());
        let _ = store.list_for_order(OrderId(112_233), 10).unwrap();
        // A cell that is not read says nothing: what it belonged to is still open.
        let damaged = listed.iter().find(|entry| !entry.unreadable.is_empty());
        if let Some(damaged) = damaged {
            let is_there = unsettled.iter().any(|entry| entry.intent.op == damaged.intent.op);
            prop_assert!(is_there, "{column} cannot be read, and it counts as settled: {damaged:?}");
        }
    }
}
