//! Whether the same is under way or was taken already: asked in the transaction that begins an operation, so that of two
//! desks on one store only one sends it.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

use super::super::owner::Claim;
use super::read::{COLUMNS, read_entry};
use crate::domain::write::{Answer, Found, Intent, Owner, Record, WriteId, WriteKind};

/// For how long what was taken counts as news to a desk that cannot say when it last looked.
const NEWS: SignedDuration = SignedDuration::from_mins(10);

/// The same in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub op: WriteId,
    /// When it was begun.
    pub at: Timestamp,
    pub state: TwinState,
}

/// Where the same stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwinState {
    /// It is being sent.
    Running,
    /// Nobody knows whether it arrived.
    Unknown,
    /// Another certdeck lost it and has not found it so far, and nobody here goes on with it.
    NotFound,
    /// The account has it.
    Taken,
}

/// The newest that asks for the same as this and is not at an end without a result.
pub(super) fn find(
    conn: &Connection,
    claim: &Claim,
    taken_up: &HashSet<WriteId>,
    intent: &Intent,
) -> Result<Option<Twin>, rusqlite::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM journal WHERE dismissed IS NOT 1 AND op IS NOT ?1 \
         AND (csr_sha256 = ?2 OR path = ?3 OR order_id = ?4) ORDER BY seq DESC"
    );
    // An order is renewed once, whichever product it becomes.
    let renewed = intent.order.filter(|_| intent.kind == Ok(WriteKind::Renew));
    let renewed = renewed.map(|order| order.0.cast_signed());
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![
        intent.op.0,
        intent.csr_sha256,
        intent.path,
        renewed
    ])?;
    while let Some(row) = rows.next()? {
        let entry = read_entry(row, claim);
        if let Some(state) = state(&entry, taken_up, intent) {
            return Ok(Some(Twin {
                op: entry.intent.op,
                at: entry.intent.at,
                state,
            }));
        }
    }
    Ok(None)
}

/// How far a twin came that keeps this from being sent unasked.
fn state(entry: &Record, taken_up: &HashSet<WriteId>, intent: &Intent) -> Option<TwinState> {
    let other = &entry.intent;
    let Ok(kind) = &intent.kind else {
        return None;
    };
    // To look, or to tell, twice does no harm.
    if kind.is_check() || other.kind.as_ref().is_ok_and(|kind| kind.is_check()) {
        return None;
    }
    let same_csr = intent.csr_sha256.is_some()
        && intent.csr_sha256 == other.csr_sha256
        && intent.order == other.order;
    // With a CSR that alone tells, however the rest of the request was written down.
    let told_apart = intent.csr_sha256.is_some() && other.csr_sha256.is_some();
    let same_request =
        !told_apart && intent.path == other.path && same_body(&intent.body, &other.body);
    // Of most things only one can be under way, whatever else is said with it.
    let many = matches!(kind, WriteKind::Duplicate | WriteKind::Note)
        || kind.makes_order()
        || kind.sets_method();
    // An order is renewed once, whichever the product of the new one.
    let is_renewal =
        |intent: &Intent| intent.kind == Ok(WriteKind::Renew) && intent.order.is_some();
    let same_renewal = is_renewal(intent) && is_renewal(other) && intent.order == other.order;
    let same_thing = intent.path == other.path && !many || same_renewal;
    // Of a product one order for a name is under way at a time; whether another one is wanted is asked once it is known.
    let same_order = *kind == WriteKind::NewOrder
        && intent.path == other.path
        && common_name(&intent.body).is_some_and(|name| common_name(&other.body) == Some(name));
    let is_same = same_csr || same_request || same_thing || same_order;
    let found = entry.resolved.as_ref().map(|found| &found.what);
    match (&entry.outcome, found) {
        (None, None) if entry.is_running() => is_same.then_some(TwinState::Running),
        (None | Some(Answer::Unknown { .. }), None) => is_same.then_some(TwinState::Unknown),
        // What was lost here, or taken up, is looked for before it is sent again; of what another lost, nobody here knows.
        (None | Some(Answer::Unknown { .. }), Some(Found::NotArrived))
            if entry.owner != Owner::Mine && !taken_up.contains(&other.op) =>
        {
            is_same.then_some(TwinState::NotFound)
        }
        (Some(Answer::Refused { .. } | Answer::NotSent { .. }), _)
        | (
            _,
            Some(Found::NotArrived | Found::NoCertificate | Found::Overtaken | Found::Rejected(..)),
        ) => None,
        (_, found) => {
            let seen = found.and(entry.resolved.as_ref()).map(|found| found.at);
            let taken = entry.finished.max(seen).unwrap_or(other.at);
            let is_news = || match intent.as_of {
                Some(known) => taken >= known,
                None => intent.at.duration_since(taken) < NEWS,
            };
            // What the account lists does not tell the CSR: whoever looked since has not seen that it was this one.
            // An order is reissued once at a time: a key made anew does not make it another thing.
            let same_once = same_thing && (*kind == WriteKind::Reissue || same_renewal);
            (same_csr || (same_request || same_once) && is_news()).then_some(TwinState::Taken)
        }
    }
}

/// The common name that a body asks for.
fn common_name(body: &str) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    Some(body["certificate"]["common_name"].as_str()?.to_owned())
}

/// Whether two bodies say the same: an order's own reference is another with each try.
fn same_body(one: &str, other: &str) -> bool {
    let read = |body: &str| {
        let mut body: serde_json::Value = serde_json::from_str(body).ok()?;
        if let Some(fields) = body.as_object_mut() {
            fields.remove("alternative_order_id");
        }
        Some(body)
    };
    one == other || read(one).is_some_and(|one| Some(one) == read(other))
}
