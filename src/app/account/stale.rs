//! Whether what is shown is what the account holds now: old data says since when it is old.

use jiff::Timestamp;

use super::Account;
use crate::app::msg::{Ended, Msg, SyncEvent};
use crate::domain::failure::FailureKind;

/// What is known of the way to the account, and of how old the list of orders is.
#[derive(Debug, Default)]
pub struct Freshness {
    /// When the list was last known to be the account's, by this machine's clock.
    list: Option<Timestamp>,
    /// Whether the last try to bring it up to date failed.
    failed: bool,
    /// Whether the last thing that was asked for got no answer of the account.
    gone: bool,
}

impl Account {
    /// The list of orders is not known to be the account's any more: since when, where that is known.
    pub fn stale(&self) -> Option<Option<Timestamp>> {
        let fresh = &self.freshness;
        let old = fresh.failed || fresh.gone;
        (old && !self.orders.is_empty()).then(|| fresh.list.map(|list| self.by_account(list)))
    }

    /// Notes what a message tells of it.
    pub(in crate::app) fn heard(&mut self, msg: &Msg, now: Timestamp) {
        let fresh = &mut self.freshness;
        match msg {
            Msg::Connected(_) => fresh.gone = false,
            Msg::ListOf { at, .. } => fresh.list = Some(*at),
            Msg::Reply { result, .. } => {
                fresh.gone = result.as_ref().is_err_and(|why| is_gone(why.kind));
            }
            Msg::Sync { event, .. } => match event {
                SyncEvent::Rows { .. } => fresh.gone = false,
                SyncEvent::Stored(_) | SyncEvent::Held(_) => {}
                SyncEvent::Finished { .. } => {
                    *fresh = Freshness {
                        list: Some(now),
                        ..Freshness::default()
                    }
                }
                SyncEvent::Failed(why) => {
                    fresh.failed = true;
                    fresh.gone = is_gone(why.kind);
                }
            },
            Msg::WriteEnded { outcome, .. } => match outcome {
                Ended::Accepted(_) | Ended::Refused(_) => fresh.gone = false,
                Ended::NotSent(why) | Ended::Unknown(why) => {
                    fresh.gone = is_gone(why.kind);
                }
                Ended::NoJournal(_) | Ended::Twin { .. } => {}
            },
            _ => {}
        }
    }
}

/// Whether no answer of the account came, rather than one that displeases.
fn is_gone(kind: FailureKind) -> bool {
    match kind {
        FailureKind::Network
        | FailureKind::Timeout
        | FailureKind::Proxy
        | FailureKind::Server
        | FailureKind::InvalidKey
        | FailureKind::NoKey
        | FailureKind::Other => true,
        FailureKind::Permission
        | FailureKind::RateLimited
        | FailureKind::NotFound
        | FailureKind::Refused
        | FailureKind::Local
        | FailureKind::Twin => false,
    }
}
