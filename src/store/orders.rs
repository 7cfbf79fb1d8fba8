//! The orders as last seen on an account, and how far they are in line with it.
//!
//! An account is named by a key that the caller makes (base URL and account number do): a profile whose API key
//! was changed to another account must not show the old one's orders.

use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, Statement, params};

use super::{Store, StoreError, WorkError};
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;

/// Orders that the list begins with, which are kept apart: a screenful of a large terminal.
pub const FIRST: usize = 100;

/// Rows that [`Store::load_after`] hands over at once. Each is a piece of memory that is made here and given back elsewhere, a few
/// at a time: what those need stays with the process.
const BATCH: usize = 256;

/// Rows that one statement puts in.
const TOGETHER: usize = 32;

/// How far the stored orders are in line with the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// When the last complete reading of the list began.
    pub last_full: Option<Timestamp>,
    /// Up to when status changes were asked for.
    pub last_change: Option<Timestamp>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// The orders that were handed over, ascending.
    pub rows: Vec<OrderId>,
    /// Rows that another version wrote or damage touched. Only the account can bring them back.
    pub unreadable: usize,
}

/// What the list began with when it was last whole.
#[derive(Debug, Default)]
pub struct First {
    /// Its first rows.
    pub rows: Rows,
    /// How many it had in all; 0 where that is not known.
    pub of: usize,
}

/// [`First`] as it is kept: JSON.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct KeptFirst {
    ids: Vec<u64>,
    of: usize,
}

/// Some of the orders.
#[derive(Debug, Default)]
pub struct Batch {
    /// Those that could be read.
    pub rows: Rows,
    /// How many could not.
    pub unreadable: usize,
    /// The last number that was looked at, where there may be more behind it.
    pub last: Option<OrderId>,
}

impl Store {
    /// How many orders are stored for the account.
    #[cfg(test)]
    pub fn count_orders(&self, account: &str) -> Result<usize, StoreError> {
        self.read(|conn| {
            let Some(account) = find_account(conn, account)? else {
                return Ok(0);
            };
            let count: i64 = conn
                .prepare_cached("SELECT count(*) FROM orders WHERE account = ?1")?
                .query_row([account], |row| row.get(0))?;
            Ok(count as usize)
        })
    }

    /// The accounts that something is stored of, as their names begin: one key more is another account.
    pub fn accounts(&self, begins: &str) -> Result<Vec<String>, StoreError> {
        self.read(|conn| {
            let mut all = conn.prepare_cached("SELECT key FROM account ORDER BY id")?;
            let all = all.query_map([], |row| row.get(0))?;
            let all = all.collect::<Result<Vec<String>, _>>()?;
            Ok(all
                .into_iter()
                .filter(|key| key.starts_with(begins))
                .collect())
        })
    }

    /// The orders that the list began with when it was last whole: the first screenful, before [`Store::load_after`] brings
    /// the rest.
    pub fn load_first(&self, account: &str) -> Result<First, StoreError> {
        self.read(|conn| {
            let mut begins = First::default();
            let Some(account) = find_account(conn, account)? else {
                return Ok(begins);
            };
            // An older file that can only be read has no such column.
            let Ok(mut first) = conn.prepare_cached("SELECT first FROM account WHERE id = ?1")
            else {
                return Ok(begins);
            };
            // What cannot be read is as good as none: its rows come with all the others.
            let first: Option<String> =
                first.query_row([account], |row| row.get(0)).unwrap_or(None);
            let kept: KeptFirst = first
                .and_then(|json| serde_json::from_str(&json).ok())
                .unwrap_or_default();
            let mut statement =
                conn.prepare_cached("SELECT id, row FROM orders WHERE account = ?1 AND id = ?2")?;
            begins.of = kept.of;
            for id in kept.ids.iter().take(FIRST) {
                let mut rows = statement.query(params![account, id.cast_signed()])?;
                while let Some(row) = rows.next()? {
                    read_row(row, &mut begins.rows);
                }
            }
            Ok(begins)
        })
    }

    /// Keeps which orders the list begins with, and of how many.
    pub fn keep_first(
        &mut self,
        account: &str,
        ids: &[OrderId],
        of: usize,
    ) -> Result<(), StoreError> {
        let ids = ids.iter().take(FIRST).map(|id| id.0).collect();
        let json = serde_json::json!(KeptFirst { ids, of }).to_string();
        self.write_cache(|conn| {
            let account = make_account(conn, account)?;
            conn.prepare_cached("UPDATE account SET first = ?2 WHERE id = ?1 AND first IS NOT ?2")?
                .execute(params![account, json])?;
            Ok(())
        })
    }

    /// Every order, in batches, by ascending number, until the sink has enough.
    pub fn load_all(
        &self,
        account: &str,
        mut sink: impl FnMut(Rows) -> ControlFlow<()>,
    ) -> Result<Loaded, StoreError> {
        // Before the rows: those that are stored meanwhile are newer than it says, never older.
        let cursor = self.cursor(account)?;
        let mut loaded = Loaded::default();
        let mut after = None;
        loop {
            let batch = self.load_after(account, after)?;
            loaded.rows.extend(batch.rows.ids());
            loaded.unreadable += batch.unreadable;
            if !batch.rows.is_empty() && sink(batch.rows).is_break() {
                return Ok(loaded);
            }
            after = batch.last;
            if after.is_none() {
                break;
            }
        }
        self.follow(account, cursor);
        Ok(loaded)
    }

    /// The next orders behind a number, ascending; the first ones without it.
    pub fn load_after(&self, account: &str, after: Option<OrderId>) -> Result<Batch, StoreError> {
        self.read(|conn| {
            let mut batch = Batch::default();
            let Some(account) = find_account(conn, account)? else {
                return Ok(batch);
            };
            // Without a bound the first time: a damaged number may be less than all that are.
            let bound = after.map_or("", |_| "AND id > ?3");
            let mut statement = conn.prepare_cached(&format!(
                "SELECT id, row FROM orders WHERE account = ?1 {bound} ORDER BY id LIMIT ?2"
            ))?;
            let batch_size = BATCH as i64;
            let mut rows = match after {
                Some(after) => statement.query(params![account, batch_size, after.0.cast_signed()]),
                None => statement.query(params![account, batch_size]),
            }?;
            batch.rows = Rows::with_capacity(BATCH);
            let mut count = 0;
            let mut last = None;
            while let Some(row) = rows.next()? {
                count += 1;
                last = row.get(0).ok().map(order_id).or(last);
                if read_row(row, &mut batch.rows).is_none() {
                    batch.unreadable += 1;
                }
            }
            batch.last = last.filter(|_| count == BATCH);
            Ok(batch)
        })
    }

    /// Whether rows that are in line with the account up to `cursor` hold what another certdeck stored since they were
    /// last handed over, or brought in line, from here.
    pub fn is_behind(&self, account: &str, cursor: Cursor) -> bool {
        let followed = self.followed.borrow();
        followed.get(account).copied().unwrap_or_default() != cursor
    }

    /// Notes that the rows which are in line with the account up to `cursor` are handed over.
    pub fn follow(&self, account: &str, cursor: Cursor) {
        self.followed
            .borrow_mut()
            .insert(account.to_owned(), cursor);
    }

    /// Gives back the memory that pages of the file take, after a long list: what follows reads few.
    pub fn shrink(&self) {
        // A store that keeps them does its work all the same.
        let _ = self.conn.execute_batch("PRAGMA shrink_memory");
    }

    /// The numbers of all stored orders, ascending.
    pub fn order_ids(&self, account: &str) -> Result<Vec<OrderId>, StoreError> {
        self.read(|conn| {
            let Some(account) = find_account(conn, account)? else {
                return Ok(Vec::new());
            };
            let mut statement =
                conn.prepare_cached("SELECT id FROM orders WHERE account = ?1 ORDER BY id")?;
            let ids = statement
                .query_map([account], |row| Ok(row.get(0).ok().map(order_id)))?
                .collect::<Result<Vec<_>, _>>()?;
            Ok(ids.into_iter().flatten().collect())
        })
    }

    /// Stores rows, each replacing what was known of its order; returns how many were new or different.
    pub fn upsert_orders(&mut self, account: &str, orders: &Rows) -> Result<usize, StoreError> {
        self.upsert_pages(account, [orders])
    }

    /// The same for many pages, in one transaction.
    pub fn upsert_pages<'a>(
        &mut self,
        account: &str,
        pages: impl IntoIterator<Item = &'a Rows>,
    ) -> Result<usize, StoreError> {
        self.write_cache(|conn| {
            let account = make_account(conn, account)?;
            let mut rows = pages.into_iter().flat_map(Rows::packed);
            let mut changed = 0;
            // A first reading brings new ones alone, which take two thirds of the time together. Where one of them is not new, they and
            // all that follow go one by one.
            let mut new = insert_new(conn, TOGETHER)?;
            let mut left = Vec::with_capacity(TOGETHER);
            loop {
                left.extend(rows.by_ref().take(TOGETHER));
                if left.len() < TOGETHER {
                    break;
                }
                let added = insert(&mut new, account, &left)?;
                changed += added;
                if added < TOGETHER {
                    break;
                }
                left.clear();
            }
            // A row that is as before is left alone: a daily full reading then writes next to nothing.
            let mut statement = conn.prepare_cached(
                "INSERT INTO orders (account, id, row) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (account, id) DO UPDATE SET row = excluded.row WHERE row != excluded.row",
            )?;
            for (id, bytes) in left.into_iter().chain(rows) {
                changed += statement.execute(params![account, id.0.cast_signed(), bytes])?;
            }
            Ok(changed)
        })
    }

    /// Stores rows of orders that are not stored yet; what is known of others stays. Returns how many that were.
    pub fn add_orders(&mut self, account: &str, orders: &Rows) -> Result<usize, StoreError> {
        let rows: Vec<_> = orders.packed().collect();
        self.write_cache(|conn| {
            let account = make_account(conn, account)?;
            let mut added = 0;
            for some in rows.chunks(TOGETHER) {
                let mut new = insert_new(conn, some.len())?;
                added += insert(&mut new, account, some)?;
            }
            Ok(added)
        })
    }

    /// Forgets orders that the account no longer lists; returns how many were there.
    pub fn remove_orders(&mut self, account: &str, ids: &[OrderId]) -> Result<usize, StoreError> {
        self.write_cache(|conn| {
            let Some(account) = find_account(conn, account)? else {
                return Ok(0);
            };
            let mut statement =
                conn.prepare_cached("DELETE FROM orders WHERE account = ?1 AND id = ?2")?;
            let mut served =
                conn.prepare_cached("DELETE FROM served WHERE account = ?1 AND order_id = ?2")?;
            let mut removed = 0;
            for id in ids {
                removed += statement.execute([account, id.0.cast_signed()])?;
                served.execute([account, id.0.cast_signed()])?;
            }
            Ok(removed)
        })
    }

    /// How far the stored orders are in line with the account; empty for one never seen.
    pub fn cursor(&self, account: &str) -> Result<Cursor, StoreError> {
        self.read(|conn| Ok(read_cursor(conn, account)?))
    }

    /// Notes that the stored orders, which were in line with the account up to `from`, are now up to `to`. Returns
    /// whether they are: where the mark is another than `from` by now, somebody else set it meanwhile, for rows that were
    /// not read here, and it stays as it is.
    pub fn move_cursor(
        &mut self,
        account: &str,
        from: Cursor,
        to: Cursor,
    ) -> Result<bool, StoreError> {
        let moved = self.write_cache(|conn| {
            if read_cursor(conn, account)? != from {
                return Ok(false);
            }
            let account = make_account(conn, account)?;
            conn.prepare_cached(
                "UPDATE account SET last_full = ?2, last_change = ?3 WHERE id = ?1",
            )?
            .execute(params![
                account,
                to.last_full.map(|time| time.to_string()),
                to.last_change.map(|time| time.to_string()),
            ])?;
            Ok(true)
        })?;
        self.follow(account, to);
        Ok(moved)
    }
}

/// The statement that puts in those of so many rows whose orders are not stored.
fn insert_new(conn: &Connection, rows: usize) -> Result<CachedStatement<'_>, rusqlite::Error> {
    let values = vec!["(?1, ?, ?)"; rows].join(", ");
    // What may fail half way would be written down before, to take it back.
    conn.prepare_cached(&format!(
        "INSERT OR IGNORE INTO orders (account, id, row) VALUES {values}"
    ))
}

/// Runs it; returns how many were put in.
fn insert(
    statement: &mut Statement<'_>,
    account: i64,
    rows: &[(OrderId, &[u8])],
) -> Result<usize, rusqlite::Error> {
    statement.raw_bind_parameter(1, account)?;
    for ((id, bytes), at) in rows.iter().zip((2..).step_by(2)) {
        statement.raw_bind_parameter(at, id.0.cast_signed())?;
        statement.raw_bind_parameter(at + 1, bytes)?;
    }
    statement.raw_execute()
}

fn read_cursor(conn: &Connection, account: &str) -> Result<Cursor, rusqlite::Error> {
    let found = conn
        .prepare_cached("SELECT last_full, last_change FROM account WHERE key = ?1")?
        .query_row([account], |row| {
            Ok(Cursor {
                last_full: read_time(row.get_ref(0)?),
                last_change: read_time(row.get_ref(1)?),
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub(super) fn find_account(conn: &Connection, key: &str) -> Result<Option<i64>, rusqlite::Error> {
    conn.prepare_cached("SELECT id FROM account WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()
}

pub(super) fn make_account(conn: &Connection, key: &str) -> Result<i64, WorkError> {
    if let Some(id) = find_account(conn, key)? {
        return Ok(id);
    }
    conn.execute("INSERT INTO account (key) VALUES (?1)", [key])?;
    Ok(conn.last_insert_rowid())
}

/// Puts a stored row behind others, and gives its number; nothing where it cannot be read.
fn read_row(row: &Row<'_>, rows: &mut Rows) -> Option<OrderId> {
    let id = order_id(row.get(0).ok()?);
    rows.push_packed(id, row.get_ref(1).ok()?.as_blob().ok()?)
        .ok()?;
    Some(id)
}

// A time that does not read is as good as none: the list is read in full once more.
fn read_time(value: ValueRef<'_>) -> Option<Timestamp> {
    value.as_str().ok()?.parse().ok()
}

/// SQLite's integers are signed; the bits stay the same.
pub(super) fn order_id(stored: i64) -> OrderId {
    OrderId(stored.cast_unsigned())
}
