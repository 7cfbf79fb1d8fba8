//! Where the CSRs of a list are already: on the order, in what was sent, in the journal.

use std::collections::{HashMap, HashSet};

use super::{PriorCsr, Row};
use crate::app::account::OrderData;
use crate::app::writes::Watch;
use crate::domain::failure::Failure;
use crate::domain::request::Request;
use crate::domain::status::RequestStatus;
use crate::domain::write::{Arrival, Stage, WriteId};

/// Where CSRs are that certificates, requests, the journal or a watch of the order carry already.
pub(super) struct Used<'a> {
    data: &'a OrderData,
    /// By the DER of their CSRs.
    sent: HashMap<&'a [u8], &'a Watch>,
    pub(super) lost: HashMap<&'a [u8], &'a Watch>,
    /// What the journal has, by its number; `None` until it was read.
    pub(super) prior: Option<HashMap<&'a WriteId, &'a PriorCsr>>,
    /// What arrived of that, by the SHA-256 of its CSR.
    journal: HashMap<[u8; 32], &'a PriorCsr>,
}

impl<'a> Used<'a> {
    /// What is known of an order; `watches` are its own, `own` the numbers of all of this session.
    pub(super) fn of(
        prior: Option<&'a Result<Vec<PriorCsr>, Failure>>,
        data: &'a OrderData,
        watches: &[&'a Watch],
        own: &HashSet<&WriteId>,
    ) -> Self {
        let (mut sent, mut lost) = (HashMap::new(), HashMap::new());
        for watch in watches {
            let Some(expected) = &watch.outgoing.expected else {
                continue;
            };
            let used = match watch.stage {
                Stage::Ended(_) => continue,
                Stage::NotFound(_) => &mut lost,
                _ => &mut sent,
            };
            used.insert(expected.csr_der.as_slice(), *watch);
        }
        let prior = prior.and_then(|prior| prior.as_ref().ok());
        let arrived = prior.into_iter().flatten();
        let arrived = arrived.filter(|sent| sent.arrival == Arrival::Arrived);
        // What became of this session's own is in their watches.
        let journal = arrived
            .filter(|sent| !own.contains(&sent.op))
            .map(|sent| (sent.sha256, sent))
            .collect();
        // Of several of one number the first counts.
        let by_number = |prior: &'a Vec<PriorCsr>| {
            let all = prior.iter().rev();
            all.map(|sent| (&sent.op, sent)).collect()
        };
        Self {
            data,
            sent,
            lost,
            prior: prior.map(by_number),
            journal,
        }
    }

    /// Where the CSR of a row is, in words.
    pub(super) fn find(&self, row: &Row) -> Option<String> {
        let csr = row.csr.as_ref()?;
        let key = row.key.as_deref();
        if let Some(row) = key.and_then(|key| self.data.certificates_with(key).next()) {
            let number = row.id.map_or_else(String::new, |id| format!(" {id}"));
            return Some(format!("certificate{number} of this order has it"));
        }
        let rejected = |request: &&Request| request.status == RequestStatus::Rejected;
        let asked = key.and_then(|key| self.data.requests_with(key).find(|one| !rejected(one)));
        if let Some(request) = asked {
            return Some(format!("request {} of this order has it", request.id));
        }
        if let Some(watch) = self.sent.get(csr.der.as_slice()) {
            return Some(watch.words());
        }
        let sent = self.journal.get(&csr.sha256)?;
        Some(format!("it is in the journal: {}", sent.words))
    }
}
