//! The account's domains and organizations as they are listed, and single domains in full: only there stands what has to stand
//! where. Of a row and of what was read of it alone, what was asked for later counts.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxBuildHasher;

use super::Account;
use super::validated::Validated;
use crate::app::effect::{Effect, Read};
use crate::app::remote::Remote;
use crate::domain::dcv::Domain;
use crate::domain::expiring::Expiring;
use crate::domain::ids::{DomainId, OrganizationId};
use crate::domain::names::normalise;
use crate::domain::organization::AccountOrganization;

/// Domains that are kept in full, beside those that are being read.
const KNOWN: usize = 2_000;

/// What was read so long ago is read anew when somebody comes to look at it.
const OLD: SignedDuration = SignedDuration::from_mins(5);

/// What is known of the account's domains.
#[derive(Debug, PartialEq, Default)]
pub struct Domains {
    /// All of them; what was read later of one alone stands in its row.
    pub list: Remote<Vec<Domain>>,
    /// Single ones, as their newest read found them.
    pub details: HashMap<DomainId, Remote<Domain>>,
    /// How many expire soon, as the account counts them.
    pub expiring: Remote<Expiring>,
    pub organizations: Remote<Vec<AccountOrganization>>,
    /// How often any of it became another.
    pub revision: u64,
    /// Where the domain with a name stands in the list.
    by_name: HashMap<Box<str>, u32, FxBuildHasher>,
    /// Where the domain with a number stands in the list.
    by_id: HashMap<DomainId, u32, FxBuildHasher>,
    /// Of each row whether it may be used, and until when it is validated.
    validated: Vec<(bool, Validated)>,
    /// Until when each organization is.
    organizations_validated: HashMap<OrganizationId, Validated, FxBuildHasher>,
}

impl Domains {
    /// All domains that are listed.
    pub fn rows(&self) -> &[Domain] {
        self.list.value().map_or(&[], Vec::as_slice)
    }

    /// A domain as it was read alone: with its random value, as far as it has one.
    pub fn in_full(&self, id: DomainId) -> Option<&Domain> {
        self.details.get(&id)?.value()
    }

    /// A domain, as it was read last.
    pub fn get(&self, id: DomainId) -> Option<&Domain> {
        let at = self.by_id.get(&id).copied();
        let row = || self.rows().get(at? as usize);
        let read = self.details.get(&id);
        let newer = read.filter(|read| read.is_newer_than(&self.list));
        newer
            .and_then(Remote::value)
            .or_else(row)
            .or_else(|| read.and_then(Remote::value))
    }

    /// Whether a domain was not read alone since the list was, and is not being read.
    pub(in crate::app) fn is_to_read(&self, id: DomainId) -> bool {
        self.details.get(&id).is_none_or(|read| {
            let is_newer = read.is_newer_than(&self.list);
            !read.is_loading() && read.failure().is_none() && !is_newer
        })
    }

    /// Whether the list of domains is there.
    pub(in crate::app) fn are_known(&self) -> bool {
        self.list.value().is_some()
    }

    /// The domain that serves a name as lists of orders have it: the one nearest to it, an active one before others.
    pub fn serving(&self, name: &str) -> Option<&Domain> {
        self.rows().get(self.place(name)?)
    }

    /// Until when the domain that serves a name is validated.
    pub(in crate::app) fn validated(&self, name: &str) -> Option<Validated> {
        let (_, validated) = self.validated.get(self.place(name)?)?;
        Some(*validated)
    }

    /// Until when an organization is validated.
    pub(in crate::app) fn organization(&self, id: OrganizationId) -> Option<Validated> {
        self.organizations_validated.get(&id).copied()
    }

    fn place(&self, name: &str) -> Option<usize> {
        let mut rest = name.strip_prefix("*.").unwrap_or(name);
        let mut inactive = None;
        loop {
            if let Some(at) = self.by_name.get(rest).map(|at| *at as usize) {
                if self
                    .validated
                    .get(at)
                    .is_some_and(|(is_active, _)| *is_active)
                {
                    return Some(at);
                }
                inactive.get_or_insert(at);
            }
            match rest.split_once('.') {
                Some((_, parent)) => rest = parent,
                None => return inactive,
            }
        }
    }

    /// The list came.
    pub(super) fn on_list(&mut self) {
        self.revision += 1;
        let asked = self.list.asked();
        for row in self.list.value_mut().into_iter().flatten() {
            let later = self
                .details
                .get(&row.id)
                .filter(|read| read.asked() > asked);
            if let Some(later) = later.and_then(Remote::value) {
                row.clone_from(later);
            }
        }
        self.by_name.clear();
        self.by_id.clear();
        self.validated.clear();
        for (row, at) in self.list.value().into_iter().flatten().zip(0..) {
            self.validated.push((row.is_active, Validated::domain(row)));
            self.by_id.insert(row.id, at);
            let name = normalise(&row.name);
            // Of two with the same name the active one counts.
            if row.is_active || !self.by_name.contains_key(name.as_str()) {
                self.by_name.insert(name.into(), at);
            }
        }
    }

    /// The organizations came.
    pub(super) fn on_organizations(&mut self) {
        self.revision += 1;
        let all = self.organizations.value().into_iter().flatten();
        self.organizations_validated = all
            .map(|one| (one.id, Validated::organization(one)))
            .collect();
    }

    /// A domain came in full.
    fn on_detail(&mut self, id: DomainId) {
        let Some(read @ Remote::Ready { value, .. }) = self.details.get(&id) else {
            return;
        };
        self.revision += 1;
        let at = self.by_id.get(&id).map(|at| *at as usize);
        if let (Some(at), true) = (at, read.is_newer_than(&self.list))
            && let Some(row) = self.list.value_mut().and_then(|rows| rows.get_mut(at))
        {
            row.clone_from(value);
            if let Some(known) = self.validated.get_mut(at) {
                *known = (row.is_active, Validated::domain(row));
            }
        }
        if self.details.len() > KNOWN {
            self.details
                .retain(|other, read| *other == id || read.is_loading());
        }
    }
}

impl Account {
    /// A domain came in full: its row, and the orders that are known to have names in it, follow.
    pub(super) fn on_domain(&mut self, id: DomainId) {
        self.domains.on_detail(id);
        let Some(read) = self.domains.details.get(&id) else {
            return;
        };
        if let Some(domain) = read.value() {
            for data in self.known.values_mut() {
                if read.is_newer_than(&data.domains) {
                    data.domain_came(domain);
                }
            }
        }
    }

    /// Reads domains and organizations, unless they were asked for before.
    pub(in crate::app) fn want_validations(&mut self) -> Vec<Effect> {
        if self.domains.list == Remote::Idle && self.is_connected() {
            self.read_validations()
        } else {
            Vec::new()
        }
    }

    /// Somebody comes to look at them: what was read a while ago, or could not be read, is read anew.
    pub(in crate::app) fn look_at_validations(&mut self, now: Timestamp) -> Vec<Effect> {
        let is_old =
            |came: Option<Timestamp>| came.is_none_or(|came| now.duration_since(came).abs() > OLD);
        let is_loading = self.domains.list.is_loading();
        if !is_loading && is_old(self.domains.list.came_at()) && self.is_connected() {
            self.read_validations()
        } else {
            Vec::new()
        }
    }

    /// Reads domains and organizations anew, and how much expires soon.
    pub(in crate::app) fn read_validations(&mut self) -> Vec<Effect> {
        if !self.is_connected() {
            return Vec::new();
        }
        [Read::AccountDomains, Read::Organizations, Read::Expiring]
            .map(|read| self.read(read))
            .into()
    }

    /// Reads these domains in full, anew.
    pub(in crate::app) fn read_in_full(
        &mut self,
        ids: impl IntoIterator<Item = DomainId>,
    ) -> Vec<Effect> {
        if !self.is_connected() {
            return Vec::new();
        }
        ids.into_iter()
            .map(|id| self.read(Read::Domain(id)))
            .collect()
    }
}
