//! What has to stand where for several domains: read one by one, since the list does not tell it, then copied or written
//! together.

use crate::app::account::Account;
use crate::app::effect::Effect;
use crate::app::remote::Remote;
use crate::domain::copyable;
use crate::domain::dcv::Placement;
use crate::domain::ids::DomainId;
use crate::domain::text::counted;

/// What the records are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Purpose {
    Copy,
    Write,
    /// To look whether they are there.
    LookUp,
}

/// Records that are being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Records {
    domains: Vec<DomainId>,
    pub(in crate::app) purpose: Purpose,
}

/// How far the reading is.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::app) enum Read {
    /// So many are still to come.
    Waits(usize),
    /// This one could not be read, and why.
    Failed(DomainId, String),
    /// All are there: the lines, what they are, and where they belong.
    Done {
        text: String,
        what: String,
        places: Vec<Placement>,
    },
}

impl Records {
    /// The records of these domains; what is not known of them in full is read.
    pub(in crate::app) fn of(
        domains: Vec<DomainId>,
        purpose: Purpose,
        account: &mut Account,
    ) -> (Self, Vec<Effect>) {
        let reads = account.read_in_full(domains.iter().copied(), false);
        (Self { domains, purpose }, reads)
    }

    /// How far the reading is.
    pub(in crate::app) fn read(&self, account: &Account) -> Read {
        let details = &account.domains.details;
        let (mut lines, mut places) = (Vec::new(), Vec::new());
        let mut waits = 0;
        for id in &self.domains {
            match details.get(id) {
                Some(Remote::Ready { value, .. }) => {
                    lines.push(value.zone_line());
                    places.extend(value.placement());
                }
                Some(Remote::Failed { error, .. }) => {
                    return Read::Failed(*id, error.to_string());
                }
                _ => waits += 1,
            }
        }
        if waits > 0 {
            return Read::Waits(waits);
        }
        let count = counted(self.domains.len(), "domain", "domains");
        Read::Done {
            text: copyable::zone(&lines),
            what: format!("DCV records of {count}"),
            places,
        }
    }
}
