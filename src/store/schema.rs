//! The tables, and the steps that bring an older file up to date.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::StoreError;

/// Bytes of a page of a new file.
const PAGE: i64 = 8192;

/// Bytes that are written ahead before they are put in their places, which waits for the disk twice.
const WRITTEN_AHEAD: i64 = 8 * 1024 * 1024;

/// How long a call waits for another process before it gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Step `n` leads from format `n` to `n + 1`. A step that was released never changes.
pub(super) const STEPS: &[&str] = &["
    CREATE TABLE account (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        last_full TEXT,
        last_change TEXT
    );
    -- `ends` is the primary certificate's last day as the number yyyymmdd; `row` is what domain/packed packs.
    CREATE TABLE orders (
        account INTEGER NOT NULL,
        id INTEGER NOT NULL,
        ends INTEGER,
        row BLOB NOT NULL,
        PRIMARY KEY (account, id)
    ) WITHOUT ROWID;
    CREATE INDEX orders_by_end ON orders (account, ends) WHERE ends IS NOT NULL;
    -- `order_id` is 0 for a form that has no order.
    CREATE TABLE draft (
        kind TEXT NOT NULL,
        order_id INTEGER NOT NULL,
        json TEXT NOT NULL,
        updated TEXT NOT NULL,
        PRIMARY KEY (kind, order_id)
    ) WITHOUT ROWID;
    CREATE TABLE journal (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        op TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        order_id INTEGER,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        body TEXT NOT NULL,
        csr_sha256 BLOB,
        profile TEXT NOT NULL,
        started TEXT NOT NULL,
        owner TEXT NOT NULL,
        pid INTEGER NOT NULL,
        outcome TEXT,
        detail TEXT,
        finished TEXT,
        resolution TEXT,
        resolved TEXT,
        dismissed INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX journal_by_order ON journal (order_id, seq) WHERE order_id IS NOT NULL;
    CREATE INDEX journal_open ON journal (seq) WHERE outcome IS NULL OR outcome = 'unknown';
", "
    ALTER TABLE draft ADD COLUMN refusal TEXT;
    ALTER TABLE journal ADD COLUMN before TEXT;
    -- What of the certificate is not as asked, a JSON array; NULL until it was checked.
    ALTER TABLE journal ADD COLUMN findings TEXT;
    UPDATE journal SET findings = '[]'
        WHERE resolution LIKE '%\"certificate\"%' OR detail LIKE '%\"certificate\"%';
", "
    -- Kinds by keys of their own instead of words for people.
    UPDATE journal SET kind = CASE kind
        WHEN 'reissue stored as a duplicate' THEN 'reissue_as_duplicate'
        WHEN 'approval' THEN 'approve'
        WHEN 'rejection' THEN 'reject'
        WHEN 'cancellation' THEN 'cancel_order'
        WHEN 'cancellation of the reissue' THEN 'cancel_reissue'
        WHEN 'revocation of a certificate' THEN 'revoke_certificate'
        WHEN 'revocation of all certificates' THEN 'revoke_order'
        WHEN 'archiving of a certificate' THEN 'archive'
        WHEN 'auto-reissue setting' THEN 'auto_reissue'
        WHEN 'domain check' THEN 'check_names'
        WHEN 'domain validation method' THEN 'names_method'
        WHEN 'check of a domain''s token' THEN 'check_domain'
        WHEN 'domain validation method of a domain' THEN 'domain_method'
        WHEN 'new token of a domain' THEN 'domain_token'
        WHEN 'random value of an order' THEN 'names_token'
        WHEN 'validation mails' THEN 'names_emails'
        WHEN 'validation mails of a domain' THEN 'domain_emails'
        WHEN 'renewal' THEN 'renew'
        WHEN 'new order' THEN 'new_order'
        ELSE kind END;
", "
    -- The numbers of the orders that the list begins with, a JSON array, instead of an index that every row went into.
    DROP INDEX orders_by_end;
    ALTER TABLE orders DROP COLUMN ends;
    ALTER TABLE account ADD COLUMN first TEXT;
", "
    -- What was last seen to be served for an order, by endpoint and the name that was asked for there; `seen` is JSON.
    CREATE TABLE served (
        account INTEGER NOT NULL,
        order_id INTEGER NOT NULL,
        endpoint TEXT NOT NULL,
        name TEXT NOT NULL,
        seen TEXT NOT NULL,
        PRIMARY KEY (account, order_id, endpoint, name)
    ) WITHOUT ROWID;
", "
    -- Certificates for the command after issue: waiting without an owner, over with `ended`. `job` and `ended` are JSON.
    CREATE TABLE install (
        order_id INTEGER NOT NULL,
        certificate_id INTEGER NOT NULL,
        job TEXT NOT NULL,
        owner TEXT,
        ended TEXT,
        changed TEXT NOT NULL,
        dismissed INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (order_id, certificate_id)
    ) WITHOUT ROWID;
    -- Which file the private key of a CSR made here is in.
    CREATE TABLE key_file (
        spki_sha256 BLOB PRIMARY KEY,
        path TEXT NOT NULL,
        made TEXT NOT NULL
    ) WITHOUT ROWID;
", "
    -- Endpoints that were added by hand or from a file, and the name that is asked for there.
    CREATE TABLE endpoint (
        account INTEGER NOT NULL,
        endpoint TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (account, endpoint, name)
    ) WITHOUT ROWID;
", "
    -- Where the files of a certificate go that a command asked for, and which command runs then, until they are written. `files` and
    -- `exec` are JSON.
    CREATE TABLE output (
        csr_sha256 BLOB NOT NULL,
        path TEXT NOT NULL,
        spki_sha256 BLOB NOT NULL,
        files TEXT NOT NULL,
        exec TEXT,
        is_due INTEGER NOT NULL,
        kept TEXT NOT NULL,
        PRIMARY KEY (csr_sha256, path)
    ) WITHOUT ROWID;
"];

/// The oldest format that can be read as it is: what is read has the same columns since, but for `first`, and for tables that are newer.
pub(super) const READABLE: i64 = 2;

/// The newest format that is known here.
pub(super) const KNOWN: i64 = STEPS.len() as i64;

/// Settings of a connection and the tables' newest form.
pub(super) fn prepare(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| StoreError::sql(path, &error);
    settle(conn).map_err(failed)?;
    // First, because it tells a damaged file and costs nothing on a good one.
    refuse_newer(version(conn).map_err(failed)?, path)?;
    // Of a new file alone: a page that holds more rows is split less often as they come.
    conn.pragma_update(None, "page_size", PAGE)
        .map_err(failed)?;
    write_ahead(conn).map_err(failed)?;
    conn.pragma_update(None, "synchronous", "FULL")
        .map_err(failed)?;
    let page: i64 = conn
        .pragma_query_value(None, "page_size", |row| row.get(0))
        .map_err(failed)?;
    conn.pragma_update(None, "wal_autocheckpoint", WRITTEN_AHEAD / page.max(512))
        .map_err(failed)?;
    // Where a plain fsync leaves data in the drive's cache (macOS); means nothing elsewhere.
    conn.pragma_update(None, "fullfsync", true)
        .map_err(failed)?;
    migrate(conn, path)
}

/// What holds for every connection.
pub(super) fn settle(conn: &Connection) -> Result<(), rusqlite::Error> {
    conn.set_prepared_statement_cache_capacity(32);
    conn.busy_timeout(PATIENCE)
}

// The change to WAL wants the file alone and does not wait by itself when two processes make it at once.
fn write_ahead(conn: &Connection) -> Result<(), rusqlite::Error> {
    let pause = Duration::from_millis(10);
    let mut left = PATIENCE;
    loop {
        match conn.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && left > pause =>
            {
                std::thread::sleep(pause);
                left -= pause;
            }
            done => return done,
        }
    }
}

fn migrate(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| StoreError::sql(path, &error);
    if version(conn).map_err(failed)? == KNOWN {
        return Ok(());
    }
    let transaction = conn
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    // Read again under the lock: another process may have done the work meanwhile.
    let found = version(&transaction).map_err(failed)?;
    refuse_newer(found, path)?;
    for step in STEPS.iter().skip(found as usize) {
        transaction.execute_batch(step).map_err(failed)?;
    }
    transaction
        .pragma_update(None, "user_version", KNOWN)
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// The format of the tables; 0 where there are none.
pub(super) fn version(conn: &Connection) -> Result<i64, rusqlite::Error> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn refuse_newer(found: i64, path: &Path) -> Result<(), StoreError> {
    if (0..=KNOWN).contains(&found) {
        return Ok(());
    }
    Err(StoreError::Newer {
        path: path.to_owned(),
        found,
        known: KNOWN,
    })
}
