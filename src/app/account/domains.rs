//! The account's domains and organizations as they are listed, and single domains in full: only there stands what has to stand
//! where.

use std::collections::HashMap;

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

/// Domains that are kept in full, beside those that are asked about.
const KNOWN: usize = 500;

/// What is known of the account's domains.
#[derive(Debug, PartialEq, Default)]
pub struct Domains {
    /// All of them; what came of one since stands in its row.
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
    /// Of each row whether it may be used, and until when it is validated.
    validated: Vec<(bool, Validated)>,
}

impl Domains {
    /// All domains that are listed.
    pub fn rows(&self) -> &[Domain] {
        self.list.value().map_or(&[], Vec::as_slice)
    }

    /// A domain, as far as it is known.
    pub fn get(&self, id: DomainId) -> Option<&Domain> {
        let detail = self.details.get(&id).and_then(Remote::value);
        detail.or_else(|| self.rows().iter().find(|row| row.id == id))
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
        let mut all = self.organizations.value()?.iter();
        all.find(|one| one.id == id).map(Validated::organization)
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

    /// The list came: what is known in full and was read after it stands in its place.
    pub(super) fn on_list(&mut self) {
        self.revision += 1;
        let asked = self.list.asked();
        // What is older than the list is read anew where somebody looks at it.
        let details = &mut self.details;
        details.retain(|_, detail| detail.asked() > asked || detail.is_loading());
        for row in self.list.value_mut().into_iter().flatten() {
            let newer = details.get(&row.id).and_then(Remote::value);
            if let Some(newer) = newer {
                row.clone_from(newer);
            }
        }
        self.by_name.clear();
        self.validated.clear();
        for (row, at) in self.list.value().into_iter().flatten().zip(0..) {
            self.validated.push((row.is_active, Validated::domain(row)));
            let name = normalise(&row.name);
            // Of two with the same name the active one counts.
            if row.is_active || !self.by_name.contains_key(name.as_str()) {
                self.by_name.insert(name.into(), at);
            }
        }
    }

    /// A domain came in full.
    fn on_detail(&mut self, id: DomainId) {
        let Some(Remote::Ready { value, .. }) = self.details.get(&id) else {
            return;
        };
        self.revision += 1;
        let mut rows = self.list.value_mut().into_iter().flatten().zip(0..);
        if let Some((row, at)) = rows.find(|(row, _)| row.id == id) {
            row.clone_from(value);
            if let Some(known) = self.validated.get_mut::<usize>(at) {
                *known = (row.is_active, Validated::domain(row));
            }
        }
        if self.details.len() > KNOWN {
            self.details
                .retain(|other, detail| *other == id || detail.is_loading());
        }
    }
}

impl Account {
    /// A domain came in full: its row, and the orders that are known to have names in it, follow.
    pub(super) fn on_domain(&mut self, id: DomainId) {
        self.domains.on_detail(id);
        let Some(domain) = self.domains.details.get(&id).and_then(Remote::value) else {
            return;
        };
        for data in self.known.values_mut() {
            data.domain_came(domain);
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

    /// Reads domains and organizations anew, and how much expires soon.
    pub(in crate::app) fn read_validations(&mut self) -> Vec<Effect> {
        [Read::AccountDomains, Read::Organizations, Read::Expiring]
            .map(|read| self.read(read))
            .into()
    }

    /// Reads these domains in full; those that are known so already only when asked for anew.
    pub(in crate::app) fn read_in_full(
        &mut self,
        ids: impl IntoIterator<Item = DomainId>,
        anew: bool,
    ) -> Vec<Effect> {
        if !self.is_connected() {
            return Vec::new();
        }
        let mut reads = Vec::new();
        for id in ids {
            let known = self.domains.details.get(&id);
            if anew || known.is_none_or(Remote::is_missing) {
                reads.push(self.read(Read::Domain(id)));
            }
        }
        reads
    }
}
