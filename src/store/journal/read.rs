//! Reading the journal: newest first, one order's, and what still needs somebody.

use jiff::Timestamp;
use rusqlite::{Params, Row};

use super::super::owner::Claim;
use super::super::{Store, StoreError};
use super::{Entry, Intent, OpId, Owner, Resolved, detail};
use crate::domain::ids::OrderId;

/// The columns that [`read_entry`] reads, in its order.
pub(super) const COLUMNS: &str = "op, kind, order_id, method, path, body, csr_sha256, profile, started, \
    owner, pid, outcome, detail, finished, resolution, resolved, dismissed, before, findings";

impl Store {
    /// The newest entries, newest first.
    pub fn list(&self, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.entries("ORDER BY seq DESC LIMIT ?1", [limit as i64])
    }

    /// The newest entries about one order, newest first.
    pub fn list_for_order(&self, order: OrderId, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.entries(
            "WHERE order_id = ?1 ORDER BY seq DESC LIMIT ?2",
            [order.0.cast_signed(), limit as i64],
        )
    }

    /// One entry.
    pub fn entry(&self, op: &OpId) -> Result<Option<Entry>, StoreError> {
        Ok(self.entries("WHERE op = ?1", [&op.0])?.into_iter().next())
    }

    /// Operations without a known end, oldest first: under way in some process ([`Entry::is_running`]), or to
    /// be looked up on the account ([`Entry::is_unknown`]). Dismissed ones are left out.
    pub fn open_ops(&self) -> Result<Vec<Entry>, StoreError> {
        self.claim.sweep();
        let mut open = self.entries(
            "WHERE (outcome IS NULL OR outcome = 'unknown') AND dismissed = 0 ORDER BY seq",
            [],
        )?;
        open.retain(|entry| entry.is_running() || entry.is_unknown());
        Ok(open)
    }

    /// Operations that the account took and that are not at their end ([`Entry::is_awaited`]), oldest first: what the
    /// watch goes on with after a restart. Dismissed ones are left out.
    pub fn awaited(&self) -> Result<Vec<Entry>, StoreError> {
        let mut awaited = self.entries(
            "WHERE (outcome = ?1 OR resolution IS NOT NULL) AND findings IS NULL AND dismissed = 0 ORDER BY seq",
            [detail::ACCEPTED],
        )?;
        awaited.retain(Entry::is_awaited);
        Ok(awaited)
    }

    fn entries(&self, rest: &str, params: impl Params) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.query(rest, params)?;
        // A process may write its outcome and end between the reading of the row and the question whether it
        // lives. One that is gone writes no more, so a second look tells the truth.
        for entry in &mut entries {
            if entry.outcome.is_none() && entry.owner == Owner::Gone {
                let again = self.query("WHERE op = ?1", [&entry.intent.op.0])?;
                if let Some(again) = again.into_iter().next() {
                    *entry = again;
                }
            }
        }
        Ok(entries)
    }

    fn query(&self, rest: &str, params: impl Params) -> Result<Vec<Entry>, StoreError> {
        self.read(|conn| {
            let entries = conn
                .prepare_cached(&format!("SELECT {COLUMNS} FROM journal {rest}"))?
                .query_map(params, |row| read_entry(row, &self.claim))?
                .collect::<Result<_, _>>()?;
            Ok(entries)
        })
    }
}

pub(super) fn read_entry(row: &Row<'_>, claim: &Claim) -> Result<Entry, rusqlite::Error> {
    let order: Option<i64> = row.get(2)?;
    let started: String = row.get(8)?;
    let outcome: Option<String> = row.get(11)?;
    let json: Option<String> = row.get(12)?;
    let finished: Option<String> = row.get(13)?;
    let resolution: Option<String> = row.get(14)?;
    let resolved: Option<String> = row.get(15)?;
    let open = outcome
        .as_deref()
        .is_none_or(|word| word == detail::UNKNOWN);
    let owner = owner(row, claim, open && resolution.is_none())?;
    let findings: Option<String> = row.get(18)?;
    Ok(Entry {
        intent: Intent {
            op: OpId(row.get(0)?),
            kind: row.get(1)?,
            order: order.map(|order| OrderId(order.cast_unsigned())),
            method: row.get(3)?,
            path: row.get(4)?,
            body: row.get(5)?,
            csr_sha256: row.get(6)?,
            profile: row.get(7)?,
            before: row.get(17)?,
            at: time(&started),
        },
        owner,
        outcome: outcome.map(|word| detail::get_outcome(&word, &json.unwrap_or_default())),
        finished: finished.as_deref().map(time),
        resolved: resolution
            .as_deref()
            .and_then(detail::get_resolution)
            .map(|what| Resolved {
                what,
                at: time(&resolved.unwrap_or_default()),
            }),
        // What cannot be read is checked once more.
        findings: findings.and_then(|json| serde_json::from_str(&json).ok()),
        dismissed: row.get(16)?,
    })
}

fn owner(row: &Row<'_>, claim: &Claim, ask: bool) -> Result<Owner, rusqlite::Error> {
    let token: String = row.get(9)?;
    Ok(if token == claim.token() {
        Owner::Mine
    } else if ask && claim.lives(&token) {
        Owner::Other { pid: row.get(10)? }
    } else {
        Owner::Gone
    })
}

// What was sent matters more than when.
fn time(stored: &str) -> Timestamp {
    stored.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}
