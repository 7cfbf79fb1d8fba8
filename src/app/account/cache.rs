//! What is known of orders and organizations: read when it is wanted and not there, forgotten when nobody wanted it for
//! long.

use super::{Account, OrderData};
use crate::app::effect::{Effect, Read};
use crate::app::remote::Remote;
use crate::domain::ids::OrderId;

/// Orders that are kept in full.
const KNOWN: usize = 200;

impl Account {
    /// Reads an order and its certificates; what is known already only when asked for anew.
    pub(in crate::app) fn read_order(&mut self, id: OrderId, anew: bool) -> Vec<Effect> {
        if !self.is_connected() {
            return Vec::new();
        }
        self.wants += 1;
        let data = self.known.entry(id).or_default();
        data.wanted = self.wants;
        let is_behind = data.is_behind && !data.order.is_loading();
        let was_replaced = (is_behind || data.was_replaced) && !data.reissues.is_loading();
        let reads = [Read::Order(id), Read::Duplicates(id), Read::Reissues(id)];
        let is_old = |read: &Read| match read {
            Read::Order(_) => is_behind,
            Read::Reissues(_) => was_replaced,
            _ => false,
        };
        let wanted =
            reads.map(|read| (anew || is_old(&read) || self.is_missing(&read)).then_some(read));
        let wanted = wanted.into_iter().flatten();
        wanted.map(|read| self.read(read)).collect()
    }

    /// Reads order info alone, anew.
    pub(in crate::app) fn read_info(&mut self, id: OrderId) -> Option<Effect> {
        if !self.is_connected() {
            return None;
        }
        self.wants += 1;
        self.known.entry(id).or_default().wanted = self.wants;
        Some(self.read(Read::Order(id)))
    }

    /// Whether there are more orders than are kept in full.
    pub(in crate::app) fn is_full(&self) -> bool {
        self.known.len() > KNOWN
    }

    /// Forgets the orders that were not wanted for longest, but for those in use: a desk is open all day.
    pub(in crate::app) fn evict(&mut self, in_use: impl Fn(&OrderId) -> bool) {
        let spare = |(order, data): &(&OrderId, &OrderData)| !in_use(order) && !data.is_loading();
        let mut spare: Vec<(u64, OrderId)> = self
            .known
            .iter()
            .filter(spare)
            .map(|(order, data)| (data.wanted, *order))
            .collect();
        spare.sort_unstable();
        let surplus = self.known.len().saturating_sub(KNOWN);
        for (_, order) in spare.into_iter().take(surplus) {
            self.known.remove(&order);
        }
    }

    /// Reads what the organization of an order is validated for; what is known only when asked for anew. Many orders
    /// share one organization.
    pub(in crate::app) fn read_organization(&mut self, id: OrderId, anew: bool) -> Option<Effect> {
        let organization = self.order(id)?.organization.as_ref()?.id?;
        let known = self.organizations.get(&organization);
        let wanted = anew || known.is_none_or(Remote::is_missing);
        (wanted && self.is_connected()).then(|| self.read(Read::Organization(organization)))
    }
}
