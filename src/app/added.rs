//! The endpoints that were added by hand or from a file: looked at beside the names of orders and those of the settings.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::account::Account;
use crate::app::effect::Effect;
use crate::domain::endpoint::Target;
use crate::domain::ids::OrderId;

/// Which endpoint a row is. It keeps this as long as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointId {
    /// The name and the endpoint of it in the settings, by their places there.
    Settings(u16, u16),
    /// One that was added, by its number.
    Added(u32),
    /// A name of an order, by its place among the names.
    Name(OrderId, u16),
}

/// The endpoints that were added.
#[derive(Debug, Default)]
pub struct AddedEndpoints {
    /// The names whose endpoints are replaced by the rule when they are due (`auto` in the settings), as they are compared;
    /// said by the runtime at the start.
    pub auto: BTreeSet<String>,
    /// By numbers that none of them gets twice.
    all: BTreeMap<u32, Target>,
    next: u32,
    revision: u64,
    /// What was added before it was known for which account: its own once the desk is connected.
    unkept: Vec<Target>,
}

impl AddedEndpoints {
    /// All of them, with their numbers.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Target)> {
        self.all.iter().map(|(id, target)| (*id, target))
    }

    /// One of them.
    pub fn get(&self, id: u32) -> Option<&Target> {
        self.all.get(&id)
    }

    /// Changes whenever one comes or goes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Adds endpoints. Those that were not there yet.
    pub(in crate::app) fn add(&mut self, targets: Vec<Target>) -> Vec<Target> {
        self.revision += 1;
        let mut new = Vec::new();
        for target in targets {
            if !self.all.values().any(|known| *known == target) {
                self.all.insert(self.next, target.clone());
                self.next += 1;
                new.push(target);
            }
        }
        new
    }

    /// Removes endpoints. Those that were there.
    pub(in crate::app) fn remove(&mut self, ids: &[u32]) -> Vec<Target> {
        self.revision += 1;
        ids.iter().filter_map(|id| self.all.remove(id)).collect()
    }

    /// What of a change is kept, if it is known for which account.
    pub(in crate::app) fn keep(
        &mut self,
        added: Vec<Target>,
        removed: Vec<Target>,
        account: &Account,
    ) -> Option<Effect> {
        self.unkept.extend(added);
        self.unkept.retain(|target| !removed.contains(target));
        account.name()?;
        let added = std::mem::take(&mut self.unkept);
        let is_any = !added.is_empty() || !removed.is_empty();
        is_any.then_some(Effect::KeepEndpoints { added, removed })
    }

    /// Another account: its own are not known yet.
    pub(in crate::app) fn forget(&mut self) {
        self.revision += 1;
        self.all.clear();
        self.unkept.clear();
    }
}
