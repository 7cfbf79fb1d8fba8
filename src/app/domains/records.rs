//! What has to stand where for several domains: read one by one, since the list does not tell it, then copied, written or
//! looked for together.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::app::account::Account;
use crate::app::effect::Effect;
use crate::app::remote::{Remote, Ticket};
use crate::domain::copyable;
use crate::domain::dcv::{Domain, Placement};
use crate::domain::ids::DomainId;
use crate::domain::text::counted;

/// Domains whose records are gathered at once, at most: each is a call.
pub(in crate::app) const MOST: usize = 500;

/// Reads that are under way at the same time.
const AT_ONCE: usize = 8;

/// What was read so short a time ago is not read anew.
const FRESH: SignedDuration = SignedDuration::from_secs(5);

/// What the records are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Purpose {
    Copy,
    Write,
    /// To look whether they are there.
    LookUp,
}

/// Records that are being read.
#[derive(Debug, PartialEq)]
pub(in crate::app) struct Records {
    domains: Vec<DomainId>,
    pub(in crate::app) purpose: Purpose,
    /// What was asked for after this is current.
    since: Ticket,
    /// What came.
    came: BTreeMap<DomainId, Domain>,
}

/// How far the reading is.
#[derive(Debug, PartialEq)]
pub(in crate::app) enum Read {
    /// So many are still to come; these reads are to be begun.
    Waits(usize, Vec<Effect>),
    /// This one could not be read, and why.
    Failed(DomainId, String),
    /// All are there: the lines, what they are, and where they belong.
    Done {
        text: String,
        what: String,
        /// Whether there is no record among them.
        is_none: bool,
        places: Vec<Placement>,
    },
}

impl Records {
    /// The records of these domains; what was not read just now is read.
    pub(in crate::app) fn of(
        domains: Vec<DomainId>,
        purpose: Purpose,
        account: &Account,
        now: Timestamp,
    ) -> Self {
        let details = &account.domains.details;
        let just_now = |id: &DomainId| {
            let Some(Remote::Ready { value, at, .. }) = details.get(id) else {
                return None;
            };
            let is_fresh = now.duration_since(*at).abs() <= FRESH;
            is_fresh.then(|| (*id, value.clone()))
        };
        Self {
            came: domains.iter().filter_map(just_now).collect(),
            domains,
            purpose,
            since: account.mark(),
        }
    }

    /// The one domain that it is about, where it is about one.
    pub(in crate::app) fn only(&self) -> Option<&Domain> {
        match self.domains.as_slice() {
            [one] => self.came.get(one),
            _ => None,
        }
    }

    /// How far the reading is; goes on with it.
    pub(in crate::app) fn read(&mut self, account: &mut Account, now: Timestamp) -> Read {
        let mut wanted = Vec::new();
        let mut under_way = 0;
        for id in &self.domains {
            if self.came.contains_key(id) {
                continue;
            }
            match account.domains.details.get(id) {
                Some(read) if read.is_loading() => under_way += 1,
                Some(Remote::Failed { error, .. }) if wanted.is_empty() && under_way == 0 => {
                    return Read::Failed(*id, error.to_string());
                }
                Some(read) if read.is_since(self.since) => {
                    self.came
                        .extend(read.value().cloned().map(|value| (*id, value)));
                }
                _ => wanted.push(*id),
            }
        }
        let left = self.domains.len() - self.came.len();
        if left > 0 {
            let room = AT_ONCE.saturating_sub(under_way);
            let reads = account.read_in_full(wanted.into_iter().take(room));
            return Read::Waits(left, reads);
        }
        let all: Vec<&Domain> = self
            .domains
            .iter()
            .filter_map(|id| self.came.get(id))
            .collect();
        let lines: Vec<String> = all.iter().map(|domain| domain.zone_line(now)).collect();
        let records = lines.iter().filter(|line| !line.starts_with(';')).count();
        let without = match all.len() - records {
            0 => String::new(),
            without => format!(" ({} without)", counted(without, "domain", "domains")),
        };
        let count = counted(records, "DCV record", "DCV records");
        Read::Done {
            text: copyable::zone(&lines),
            what: format!("{count}{without}"),
            is_none: records == 0,
            places: all.iter().filter_map(|domain| domain.placement()).collect(),
        }
    }
}
