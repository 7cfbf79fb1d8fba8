//! The cache of orders.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::{all, order, time};
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;
use crate::domain::status::OrderStatus;
use crate::store::{Cursor, FIRST, Loaded, Store};

#[test]
fn what_was_stored_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("default.sqlite3");
    let orders: Vec<_> = (1..=10).map(order).collect();
    {
        let mut store = Store::open(&path).unwrap();
        assert_eq!(
            store
                .upsert_orders("us/1", &Rows::from_iter(&orders))
                .unwrap(),
            10
        );
    }
    let store = Store::open(&path).unwrap();
    assert_eq!(all(&store, "us/1"), orders);
    assert_eq!(store.count_orders("us/1").unwrap(), 10);
}

#[test]
fn another_account_sees_none_of_it() {
    let mut store = Store::in_memory().unwrap();
    store
        .upsert_orders("us/1", &Rows::from_iter(&[order(1)]))
        .unwrap();
    store
        .upsert_orders("us/2", &Rows::from_iter(&[order(2)]))
        .unwrap();
    assert_eq!(all(&store, "us/2"), [order(2)]);
    assert_eq!(all(&store, "eu/1"), []);
    store.keep_first("us/1", &[OrderId(1)], 1).unwrap();
    let first = store.load_first("eu/1").unwrap();
    assert!(first.rows.is_empty());
    assert_eq!(store.remove_orders("eu/1", &[OrderId(1)]).unwrap(), 0);
    assert_eq!(store.count_orders("us/1").unwrap(), 1);
}

#[test]
fn a_row_replaces_the_earlier_one_and_an_unchanged_one_costs_nothing() {
    let mut store = Store::in_memory().unwrap();
    store
        .upsert_orders("a", &Rows::from_iter(&[order(1), order(2), order(3)]))
        .unwrap();
    let mut changed = order(2);
    changed.status = OrderStatus::Other("on_hold".into());
    changed.valid_till = None;
    let written = store
        .upsert_orders(
            "a",
            &Rows::from_iter(&[order(1), changed.clone(), order(3)]),
        )
        .unwrap();
    assert_eq!(written, 1);
    assert_eq!(all(&store, "a"), [order(1), changed, order(3)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However many come together, known or not, twice or once: the last row of each order is there, and each change counts.
    #[test]
    fn many_together_are_stored_as_one_after_another(
        calls in prop::collection::vec(
            (0..400_u64, prop::collection::vec((0..90_u64, 0..3_u32), 0..60), any::<bool>()),
            1..6,
        ),
    ) {
        let mut store = Store::in_memory().unwrap();
        let mut stored = BTreeMap::new();
        for (from, rows, ascending) in calls {
            let steps = (0..).zip(rows);
            let rows: Vec<_> = steps
                .map(|(step, (any, duplicates))| {
                    let mut row = order(from + if ascending { step } else { any });
                    row.duplicates = duplicates;
                    row
                })
                .collect();
            let changes = rows.iter().filter(|row| {
                stored.insert(row.id, (*row).clone()).as_ref() != Some(*row)
            });
            let changes = changes.count();
            let (first, second) = rows.split_at(rows.len() / 2);
            let pages = [Rows::from_iter(first), Rows::from_iter(second)];
            prop_assert_eq!(store.upsert_pages("a", &pages).unwrap(), changes);
            let expected: Vec<_> = stored.values().cloned().collect();
            prop_assert_eq!(all(&store, "a"), expected);
        }
    }
}

#[test]
fn removed_orders_are_gone() {
    let mut store = Store::in_memory().unwrap();
    let orders: Vec<_> = (1..=4).map(order).collect();
    store.upsert_orders("a", &Rows::from_iter(&orders)).unwrap();
    assert_eq!(
        store
            .remove_orders("a", &[OrderId(2), OrderId(3), OrderId(99)])
            .unwrap(),
        2
    );
    assert_eq!(store.order_ids("a").unwrap(), [OrderId(1), OrderId(4)]);
}

#[test]
fn the_first_screenful_comes_as_the_list_began_with_rows_as_they_are_now() {
    let mut store = Store::in_memory().unwrap();
    let mut orders: Vec<_> = (1..=200).map(order).collect();
    store.upsert_orders("a", &Rows::from_iter(&orders)).unwrap();
    assert!(
        store.load_first("a").unwrap().rows.is_empty(),
        "none were kept"
    );
    store
        .keep_first("a", &[7, 3, 99, 5].map(OrderId), 8)
        .unwrap();
    orders[2].status = OrderStatus::Revoked;
    store
        .upsert_orders("a", &Rows::from_iter(&orders[2..3]))
        .unwrap();
    store.remove_orders("a", &[OrderId(99)]).unwrap();
    let first = store.load_first("a").unwrap();
    let expected = Rows::from_iter([&orders[6], &orders[2], &orders[4]]);
    assert_eq!((first.rows, first.of), (expected, 8));
    let all: Vec<OrderId> = (1..=200).map(OrderId).collect();
    store.keep_first("a", &all, all.len()).unwrap();
    assert_eq!(
        store.load_first("a").unwrap().rows.len(),
        FIRST - 1,
        "99 is gone"
    );
}

#[test]
fn a_damaged_list_of_the_first_orders_shows_none_first() {
    let values = [
        "x'ff00'",
        "'text'",
        "1.5",
        "'[1]'",
        "'{\"ids\":[1]}'",
        "'{\"ids\":[1,\"a\"],\"of\":1}'",
        "'{\"ids\":[-1],\"of\":1}'",
        "'{\"ids\":[1],\"of\":-1}'",
        "NULL",
    ];
    for value in values {
        let mut store = Store::in_memory().unwrap();
        store
            .upsert_orders("a", &Rows::from_iter([&order(1)]))
            .unwrap();
        store.keep_first("a", &[OrderId(1)], 1).unwrap();
        assert_eq!(store.load_first("a").unwrap().rows.len(), 1);
        let sql = format!("UPDATE account SET first = {value}");
        store.conn.execute(&sql, []).unwrap();
        assert!(store.load_first("a").unwrap().rows.is_empty(), "{value}");
        assert_eq!(all(&store, "a"), [order(1)]);
    }
}

#[test]
fn a_hundred_thousand_orders_go_in_and_come_out_in_batches() {
    let mut store = Store::in_memory().unwrap();
    let orders: Vec<_> = (1..=100_000).map(order).collect();
    let mut written = 0;
    for page in orders.chunks(1000) {
        written += store.upsert_orders("a", &Rows::from_iter(page)).unwrap();
    }
    assert_eq!(written, 100_000);
    let mut next = 1;
    let mut batches = 0;
    let loaded = store
        .load_all("a", |batch| {
            batches += 1;
            for id in batch.ids() {
                assert_eq!(id, OrderId(next));
                next += 1;
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(
        loaded,
        Loaded {
            rows: (1..=100_000).map(OrderId).collect(),
            unreadable: 0
        }
    );
    assert!(batches > 10, "{batches} batches");
}

#[test]
fn the_sink_may_stop_the_loading() {
    let mut store = Store::in_memory().unwrap();
    let orders: Vec<_> = (1..=20_000).map(order).collect();
    store.upsert_orders("a", &Rows::from_iter(&orders)).unwrap();
    let mut batches = 0;
    let loaded = store
        .load_all("a", |_| {
            batches += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(batches, 1);
    assert!(loaded.rows.len() < 20_000);
}

#[test]
fn an_unreadable_row_is_counted_and_the_next_reading_repairs_it() {
    let mut store = Store::in_memory().unwrap();
    let orders = [order(1), order(2)];
    store.upsert_orders("a", &Rows::from_iter(&orders)).unwrap();
    store
        .conn
        .execute("UPDATE orders SET row = x'0102' WHERE id = 1", [])
        .unwrap();
    let loaded = store.load_all("a", |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(
        loaded,
        Loaded {
            rows: vec![OrderId(2)],
            unreadable: 1
        }
    );
    store.upsert_orders("a", &Rows::from_iter(&orders)).unwrap();
    assert_eq!(all(&store, "a"), orders);
}

#[test]
fn the_cursor_is_kept_for_each_account() {
    let mut store = Store::in_memory().unwrap();
    assert_eq!(store.cursor("a").unwrap(), Cursor::default());
    let cursor = Cursor {
        last_full: Some(time(0)),
        last_change: Some(time(60)),
    };
    assert!(store.move_cursor("a", Cursor::default(), cursor).unwrap());
    assert_eq!(store.cursor("a").unwrap(), cursor);
    assert_eq!(store.cursor("b").unwrap(), Cursor::default());
}

#[test]
fn a_cell_that_cannot_be_read_costs_that_order() {
    for column in ["id", "row"] {
        for value in ["x'ff00'", "'text'", "1.5", "CAST(x'ff80' AS TEXT)"] {
            let mut store = Store::in_memory().unwrap();
            let orders: Vec<_> = (1..=3).map(order).collect();
            store.upsert_orders("a", &Rows::from_iter(&orders)).unwrap();
            let sql = format!("UPDATE orders SET {column} = {value} WHERE id = 2");
            store.conn.execute(&sql, []).unwrap();
            let what = format!("{column} = {value}");
            let mut rows = 0;
            let loaded = store
                .load_all("a", |batch| {
                    rows += batch.len();
                    ControlFlow::Continue(())
                })
                .unwrap();
            assert_eq!(
                (loaded.rows.len(), loaded.rows.len() + loaded.unreadable),
                (rows, 3),
                "{what}"
            );
            assert!(rows >= 2, "{what}");
            assert!(store.order_ids("a").unwrap().len() >= 2, "{what}");
            store.load_first("a").unwrap();
            // Read again from the account, it is whole.
            store.upsert_orders("a", &Rows::from_iter(&orders)).unwrap();
            assert_eq!(all(&store, "a").len(), 3, "{what}");
        }
    }
}

#[test]
fn a_mark_that_another_desk_moved_stays_and_tells_that_rows_are_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let (mut mine, mut other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    let at = |second| Cursor {
        last_full: Some(time(0)),
        last_change: Some(time(second)),
    };
    let none = Cursor::default();
    assert!(!mine.is_behind("a", none));
    assert!(mine.move_cursor("a", none, at(1)).unwrap());
    assert!(!mine.is_behind("a", at(1)), "it was moved from here");
    other
        .upsert_orders("a", &Rows::from_iter(&[order(5)]))
        .unwrap();
    assert!(other.is_behind("a", other.cursor("a").unwrap()));
    assert!(other.move_cursor("a", at(1), at(2)).unwrap());
    let now = mine.cursor("a").unwrap();
    assert!(mine.is_behind("a", now));
    assert_eq!(all(&mine, "a"), [order(5)]);
    assert!(!mine.is_behind("a", now), "the rows were handed over");
    // A run that began before the other's ends after it.
    assert!(!mine.move_cursor("a", at(1), at(3)).unwrap());
    assert_eq!(mine.cursor("a").unwrap(), at(2));
    assert!(mine.is_behind("a", at(2)));
    assert!(!mine.is_behind("b", none));
}
