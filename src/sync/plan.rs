//! Which way is the shorter one: the whole list, or only what changed. Pure.

use jiff::Timestamp;

use super::Known;
use crate::certcentral::endpoints::MOST_NAMED;

/// The API's largest window of status changes, in seconds: 7 days. Source: "Status change list" of the Services
/// API documentation (`time_frame_too_long`).
const LONGEST: i64 = 604_800;

/// Seconds that a window reaches back before the last one's end: the account may note a change some time after
/// it happened.
const MARGIN: i64 = 120;

/// Orders that one call brings in the whole list.
pub(super) const PAGE: u64 = 1000;

/// What to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    Full,
    /// What changed within so many seconds.
    Changes {
        /// Length of the window that ends now.
        seconds: u32,
    },
}

/// Chooses by what is known and how old it is.
pub(super) fn plan(known: &Known, now: Timestamp) -> Plan {
    // Two calls at most bring everything, and asking for changes takes two as well.
    if known.orders.len() as u64 <= 2 * PAGE {
        return Plan::Full;
    }
    let Some(full) = known.cursor.last_full else {
        return Plan::Full;
    };
    let since = known.cursor.last_change.unwrap_or(full);
    let age = |then: Timestamp| now.as_second() - then.as_second();
    let window = age(since) + MARGIN;
    // A clock that was set back says nothing about what was missed. And a status is not all that can change, so
    // the whole list is due at least every 7 days.
    if age(since) < 0 || window > LONGEST || !(0..LONGEST).contains(&age(full)) {
        return Plan::Full;
    }
    u32::try_from(window).map_or(Plan::Full, |seconds| Plan::Changes { seconds })
}

/// Whether a window that was asked for at one time and told by another joins on to what was known before.
pub(super) fn is_seamless(asked: Timestamp, told: Timestamp) -> bool {
    (0..=MARGIN).contains(&(told.as_second() - asked.as_second()))
}

/// Whether naming `changed` orders, after `calls` others, takes fewer calls than the whole list.
pub(super) fn is_shorter(changed: usize, calls: usize, known: usize) -> bool {
    changed.div_ceil(MOST_NAMED) + calls < known.div_ceil(PAGE as usize)
}
