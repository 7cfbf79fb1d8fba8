//! Writing the journal. Each call is on the disk before it returns.

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::super::error::refuse_private_key;
use super::super::{Store, StoreError, WorkError};
use super::read::{COLUMNS, read_entry};
use super::{before, detail, twin};
use crate::domain::write::{Answer, Entry, Found, Intent, Owner, Record, WriteId};

impl Store {
    /// Stores what is about to be sent. Only after this returns may a byte leave. Where the same is under way or was
    /// taken already, nothing is stored, unless [`Intent::despite`] says that it is to be sent.
    ///
    /// # Errors
    ///
    /// [`StoreError::Twin`] for the same; [`StoreError::OpExists`] when the operation was begun before,
    /// [`StoreError::PrivateKey`] when the body holds a private key, and the disk's own.
    pub fn begin(&mut self, intent: &Intent) -> Result<(), StoreError> {
        refuse_private_key("the request", &intent.body)?;
        self.claim.take().map_err(|error| StoreError::ReadOnly {
            path: self.path.clone(),
            reason: error.to_string(),
        })?;
        let owner = self.claim.token().to_owned();
        let Self {
            conn,
            path,
            claim,
            taken_up,
            ..
        } = self;
        let taken_up = taken_up.get_mut();
        // In the transaction that holds the store for itself: of two that ask at once, one finds the other.
        super::super::run(conn, |conn| {
            if !intent.despite && let Some(twin) = twin::find(conn, claim, taken_up, intent)? {
                return Err(StoreError::Twin(twin).into());
            }
            let done = conn
                .prepare_cached(
                    "INSERT INTO journal (op, kind, order_id, method, path, body, csr_sha256, profile, \
                     started, owner, pid, before) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                )?
                .execute(params![
                    intent.op.0,
                    intent.kind.as_ref().map_or_else(String::as_str, |kind| kind.key()),
                    intent.order.map(|order| order.0.cast_signed()),
                    intent.method,
                    intent.path,
                    intent.body,
                    intent.csr_sha256,
                    intent.profile,
                    intent.at.to_string(),
                    owner,
                    std::process::id(),
                    before::put(&intent.before, intent.foreseen),
                ]);
            match done {
                Err(error)
                    if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) =>
                {
                    Err(StoreError::OpExists(intent.op.clone()).into())
                }
                done => Ok(done.map(|_| ())?),
            }
        })
        .map_err(|error| error.at(path))
    }

    /// Stores how the sending ended, once. What the disk does not take is stored as soon as it does
    /// ([`Store::catch_up`]).
    ///
    /// # Errors
    ///
    /// [`StoreError::OpMissing`], [`StoreError::OpDecided`]; [`StoreError::OpRunning`] when a living process
    /// other than this runs it.
    pub fn finish(
        &mut self,
        op: &WriteId,
        outcome: &Answer,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let done = self.finish_now(op, outcome, at);
        if matches!(&done, Err(error) if error.is_disk() || matches!(error, StoreError::Busy { .. }))
        {
            self.late.push((op.clone(), outcome.clone(), at));
        }
        done
    }

    /// Stores the outcomes that the disk did not take before. Those that it still does not take wait on.
    pub fn catch_up(&mut self) {
        for (op, outcome, at) in std::mem::take(&mut self.late) {
            // Kept again when it fails for the same reason; any other is told where the operation is shown.
            let _ = self.finish(&op, &outcome, at);
        }
    }

    fn finish_now(
        &mut self,
        op: &WriteId,
        outcome: &Answer,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (word, json) = detail::put_outcome(outcome);
        self.change(op, |conn, seq, entry| {
            if entry.outcome.is_some() {
                return Err(StoreError::OpDecided(op.clone()).into());
            }
            if let Owner::Other { pid } = entry.owner {
                return Err(StoreError::OpRunning {
                    op: op.clone(),
                    pid,
                }
                .into());
            }
            conn.prepare_cached(
                "UPDATE journal SET outcome = ?2, detail = ?3, finished = ?4 WHERE seq = ?1",
            )?
            .execute(params![seq, word, json, at.to_string()])?;
            Ok(())
        })
    }

    /// Stores what happened to a write since its answer.
    pub fn note(&mut self, op: &WriteId, entry: &Entry, at: Timestamp) -> Result<(), StoreError> {
        match entry {
            Entry::Found(what) => self.resolve(op, what, at),
            Entry::Verified(problems) => self.checked(op, problems),
            Entry::Dismissed => self.dismiss(op),
        }
    }

    /// Stores what was found to have come of an operation; a later finding replaces an earlier one.
    ///
    /// # Errors
    ///
    /// [`StoreError::OpRunning`] while it is under way; [`StoreError::OpDecided`] when the account's answer
    /// says otherwise: a refused one has no result, and an accepted one did arrive.
    pub fn resolve(&mut self, op: &WriteId, what: &Found, at: Timestamp) -> Result<(), StoreError> {
        self.catch_up();
        self.change(op, |conn, seq, entry| {
            refuse_running(entry)?;
            let fits = match &entry.outcome {
                None | Some(Answer::Unknown { .. }) => true,
                Some(Answer::Accepted { .. }) => *what != Found::NotArrived,
                Some(Answer::Refused { .. } | Answer::NotSent { .. }) => false,
            };
            if !fits {
                return Err(StoreError::OpDecided(op.clone()).into());
            }
            conn.prepare_cached(
                "UPDATE journal SET resolution = ?2, resolved = ?3 WHERE seq = ?1",
            )?
            .execute(params![seq, detail::put_resolution(what), at.to_string()])?;
            Ok(())
        })
    }

    /// Stores that the certificate which came of an operation was checked, and what of it is not as asked.
    ///
    /// # Errors
    ///
    /// [`StoreError::OpMissing`].
    pub fn checked(&mut self, op: &WriteId, findings: &[String]) -> Result<(), StoreError> {
        let json = serde_json::Value::from(findings).to_string();
        self.change(op, |conn, seq, _| {
            conn.prepare_cached("UPDATE journal SET findings = ?2 WHERE seq = ?1")?
                .execute(params![seq, json])?;
            Ok(())
        })
    }

    /// Notes that the operator has seen enough of an operation. It stays in the journal.
    ///
    /// # Errors
    ///
    /// [`StoreError::OpMissing`]; [`StoreError::OpRunning`] while it is under way.
    pub fn dismiss(&mut self, op: &WriteId) -> Result<(), StoreError> {
        self.change(op, |conn, seq, entry| {
            refuse_running(entry)?;
            conn.prepare_cached("UPDATE journal SET dismissed = 1 WHERE seq = ?1")?
                .execute([seq])?;
            Ok(())
        })
    }

    // Read and written in one transaction, so that two processes cannot both decide.
    fn change(
        &mut self,
        op: &WriteId,
        work: impl FnOnce(&Connection, i64, &Record) -> Result<(), WorkError>,
    ) -> Result<(), StoreError> {
        let Self {
            conn, path, claim, ..
        } = self;
        super::super::run(conn, |conn| {
            // One whose name cannot be read goes by its place.
            let sql = format!("SELECT {COLUMNS} FROM journal WHERE op = ?1 OR '#' || seq = ?1");
            let (seq, entry) = conn
                .prepare_cached(&sql)?
                .query_row([&op.0], |row| Ok((row.get("seq")?, read_entry(row, claim))))
                .optional()?
                .ok_or(StoreError::OpMissing(op.clone()))?;
            work(conn, seq, &entry)
        })
        .map_err(|error| error.at(path))
    }
}

fn refuse_running(entry: &Record) -> Result<(), StoreError> {
    let op = entry.intent.op.clone();
    match (&entry.outcome, entry.owner) {
        (None, Owner::Mine) => Err(StoreError::OpRunning {
            op,
            pid: std::process::id(),
        }),
        (None, Owner::Other { pid }) => Err(StoreError::OpRunning { op, pid }),
        (None, Owner::Gone) | (Some(_), _) => Ok(()),
    }
}
