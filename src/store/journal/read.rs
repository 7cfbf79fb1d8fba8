//! Reading the journal: newest first, one order's, and what still needs somebody.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Params, Row};

use super::super::owner::Claim;
use super::super::{Store, StoreError};
use super::cells::Cells;
use super::{before, detail};
use crate::domain::ids::OrderId;
use crate::domain::write::{Answer, Intent, Owner, Record, Resolved, WriteId, WriteKind};

/// The columns that [`read_entry`] reads.
pub(super) const COLUMNS: &str = "seq, op, kind, order_id, method, path, body, csr_sha256, profile, started, \
    owner, pid, outcome, detail, finished, resolution, resolved, dismissed, before, findings";

impl Store {
    /// The newest entries, newest first.
    pub fn list(&self, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.entries("ORDER BY seq DESC LIMIT ?1", [limit as i64])
    }

    /// The newest entries about one order, newest first.
    pub fn list_for_order(&self, order: OrderId, limit: usize) -> Result<Vec<Record>, StoreError> {
        // One whose order cannot be read may be about this one: its path tells.
        let mut entries = self.entries(
            "WHERE order_id = ?1 OR typeof(order_id) NOT IN ('integer', 'null') \
             ORDER BY seq DESC LIMIT ?2",
            [order.0.cast_signed(), limit as i64],
        )?;
        entries.retain(|entry| entry.intent.order == Some(order));
        Ok(entries)
    }

    /// What was sent last with a CSR to a path.
    ///
    /// # Errors
    /// The disk's own.
    pub fn newest_of(
        &self,
        csr_sha256: &[u8; 32],
        path: &str,
    ) -> Result<Option<Record>, StoreError> {
        let rest = "WHERE csr_sha256 = ?1 AND path = ?2 ORDER BY seq DESC LIMIT 1";
        let entries = self.entries(rest, rusqlite::params![csr_sha256, path])?;
        Ok(entries.into_iter().next())
    }

    /// One entry.
    pub fn entry(&self, op: &WriteId) -> Result<Option<Record>, StoreError> {
        Ok(self.entries("WHERE op = ?1", [&op.0])?.into_iter().next())
    }

    /// Operations that are not at their end and were not set aside, oldest first: under way in some process
    /// ([`Record::is_running`]), to be looked up on the account ([`Record::is_unknown`]), or taken by it with something
    /// still to come ([`Record::is_awaited`]). What was not found and sent again since is left out.
    pub fn unsettled(&self) -> Result<Vec<Record>, StoreError> {
        self.claim.sweep();
        // Which rows are settled is said by several columns together, each of which may be unreadable: they are told
        // apart here and not by SQLite.
        let mut all = self.entries("WHERE dismissed IS NOT 1 ORDER BY seq DESC", [])?;
        let mut newer: HashSet<Sent> = HashSet::new();
        all.retain(|entry| {
            let sent = Sent::of(entry);
            let is_open = entry.is_running() || entry.is_unknown() || entry.is_awaited();
            let again = entry.is_not_found() && newer.contains(&sent);
            if !matches!(
                entry.outcome,
                Some(Answer::Refused { .. } | Answer::NotSent { .. })
            ) {
                newer.insert(sent);
            }
            is_open && !again
        });
        all.reverse();
        let taken_up = all.iter().filter(|entry| !entry.is_running());
        let taken_up = taken_up.map(|entry| entry.intent.op.clone());
        self.taken_up.borrow_mut().extend(taken_up);
        Ok(all)
    }

    /// Those of them without a known end: under way, or to be looked up.
    #[cfg(test)]
    pub fn open_ops(&self) -> Result<Vec<Record>, StoreError> {
        let mut open = self.unsettled()?;
        open.retain(|entry| entry.is_running() || entry.is_unknown());
        Ok(open)
    }

    /// Those of them that the watch goes on with after a restart.
    #[cfg(test)]
    pub fn awaited(&self) -> Result<Vec<Record>, StoreError> {
        let mut awaited = self.unsettled()?;
        awaited.retain(Record::is_awaited);
        Ok(awaited)
    }

    fn entries(&self, rest: &str, params: impl Params) -> Result<Vec<Record>, StoreError> {
        let mut entries = self.query(rest, params)?;
        look_again(&mut entries, |op| {
            let again = self.query("WHERE op = ?1", [&op.0])?;
            Ok(again.into_iter().next())
        })?;
        Ok(entries)
    }

    fn query(&self, rest: &str, params: impl Params) -> Result<Vec<Record>, StoreError> {
        self.read(|conn| {
            let entries = conn
                .prepare_cached(&format!("SELECT {COLUMNS} FROM journal {rest}"))?
                .query_map(params, |row| Ok(read_entry(row, &self.claim)))?
                .collect::<Result<_, _>>()?;
            Ok(entries)
        })
    }
}

/// A process may write its outcome and end between the reading of the row and the question whether it lives. One that is
/// gone writes no more, so a second look tells the truth.
fn look_again(
    entries: &mut [Record],
    read: impl Fn(&WriteId) -> Result<Option<Record>, StoreError>,
) -> Result<(), StoreError> {
    for entry in entries {
        if entry.outcome.is_none()
            && entry.owner == Owner::Gone
            && let Some(again) = read(&entry.intent.op)?
        {
            *entry = again;
        }
    }
    Ok(())
}

/// What tells that two were the same.
#[derive(PartialEq, Eq, Hash)]
struct Sent {
    kind: Result<WriteKind, String>,
    order: Option<OrderId>,
    csr: Option<[u8; 32]>,
    request: Option<(String, String)>,
}

impl Sent {
    fn of(entry: &Record) -> Self {
        let intent = &entry.intent;
        let request = || (intent.path.clone(), intent.body.clone());
        Self {
            kind: intent.kind.clone(),
            order: intent.order,
            csr: intent.csr_sha256,
            request: intent.csr_sha256.is_none().then(request),
        }
    }
}

pub(super) fn read_entry(row: &Row<'_>, claim: &Claim) -> Record {
    let mut cells = Cells::new(row);
    let path = cells.needed("path");
    let order = cells.id("order_id").map(OrderId);
    let order = order.or_else(|| {
        let lost = cells.unreadable.contains(&"order_id");
        lost.then(|| order_in(&path)).flatten()
    });
    let word = cells.text("outcome");
    let word = match word {
        None if cells.unreadable.contains(&"outcome") => Some(String::new()),
        word => word,
    };
    let json = cells.text("detail").unwrap_or_default();
    let outcome = word.map(|word| detail::get_outcome(&word, &json));
    let resolution = cells.parsed("resolution", detail::get_resolution);
    let found = cells.parsed("resolved", time);
    let resolved = resolution.map(|what| Resolved {
        what,
        at: found.unwrap_or_default(),
    });
    let open = matches!(outcome, None | Some(Answer::Unknown { .. }));
    let owner = owner(&mut cells, claim, open && resolved.is_none());
    let op = cells.text("op").unwrap_or_else(|| {
        // It has to be named all the same, to be set aside.
        let seq = cells.number("seq").unwrap_or_default();
        format!("#{seq}")
    });
    let (before, foreseen) = cells.parsed("before", before::get).unwrap_or_default();
    Record {
        intent: Intent {
            op: WriteId(op),
            kind: WriteKind::of_stored(&cells.needed("kind")),
            order,
            method: cells.needed("method"),
            path,
            body: cells.needed("body"),
            csr_sha256: cells.bytes("csr_sha256"),
            profile: cells.needed("profile"),
            before,
            foreseen,
            as_of: None,
            despite: false,
            // What was sent matters more than when.
            at: cells.parsed("started", time).unwrap_or_default(),
        },
        owner,
        outcome,
        finished: cells.parsed("finished", time),
        resolved,
        // What cannot be read is checked once more.
        findings: cells.parsed("findings", |json| serde_json::from_str(json).ok()),
        dismissed: cells.number("dismissed") == Some(1),
        unreadable: cells.unreadable,
    }
}

/// The order that a request is about, by its path.
fn order_in(path: &str) -> Option<OrderId> {
    let rest = path.strip_prefix("/order/certificate/")?;
    rest.split('/').next()?.parse().ok().map(OrderId)
}

fn owner(cells: &mut Cells<'_, '_>, claim: &Claim, ask: bool) -> Owner {
    let token = cells.needed("owner");
    let pid = cells.number("pid").unwrap_or_default();
    if token == claim.token() {
        Owner::Mine
    } else if ask && claim.lives(&token) {
        let pid = u32::try_from(pid).unwrap_or_default();
        Owner::Other { pid }
    } else {
        Owner::Gone
    }
}

fn time(stored: &str) -> Option<Timestamp> {
    stored.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::domain::testing::fixtures::{intent, record};

    fn entry(op: &str, owner: Owner, outcome: Option<Answer>) -> Record {
        Record {
            owner,
            ..record(intent(op), outcome)
        }
    }

    #[test]
    fn a_row_whose_owner_just_ended_is_read_once_more_and_no_other() {
        let why = || "the limit".to_owned();
        let ended = || Some(Answer::NotSent { why: why() });
        let mut rows = [
            entry("ended", Owner::Gone, None),
            entry("killed", Owner::Gone, None),
            entry("removed", Owner::Gone, None),
            entry("mine", Owner::Mine, None),
            entry("another", Owner::Other { pid: 7 }, None),
            entry("over", Owner::Gone, Some(Answer::Unknown { why: why() })),
        ];
        let before = rows.clone();
        let asked = RefCell::new(Vec::new());
        let done = look_again(&mut rows, |op| {
            asked.borrow_mut().push(op.0.clone());
            Ok(match op.0.as_str() {
                "ended" => Some(entry(&op.0, Owner::Gone, ended())),
                "removed" => None,
                name => Some(entry(name, Owner::Gone, None)),
            })
        });
        assert_eq!(done, Ok(()));
        assert_eq!(asked.into_inner(), ["ended", "killed", "removed"]);
        assert_eq!(
            rows[0].outcome,
            ended(),
            "it wrote its outcome before it ended"
        );
        assert_eq!(rows[1..], before[1..]);
        let failed = StoreError::OpMissing(WriteId("ended".into()));
        let done = look_again(&mut [before[0].clone()], |_| Err(failed.clone()));
        assert_eq!(done, Err(failed));
    }
}
