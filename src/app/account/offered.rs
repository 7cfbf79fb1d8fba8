//! What the account offers for an order.

use super::Account;
use crate::app::effect::{Effect, Read};
use crate::app::remote::Remote;
use crate::domain::ids::OrderId;
use crate::domain::order::Order;
use crate::domain::product::Product;

impl Account {
    /// What the account offers for an order's product, without what the limits of its container take away.
    pub fn offered(&self, order: &Order) -> Option<Product> {
        let known = self.products.get(&order.product.name_id);
        let mut product = known.and_then(Remote::value)?.clone();
        let container = order.container.as_ref().and_then(|container| container.id);
        let limits = container.and_then(|id| self.limits.get(&id)?.value());
        let roles = self.session.value().map(|session| session.roles.as_slice());
        for limit in limits.into_iter().flatten() {
            if limit.holds(&order.product.name_id, roles.unwrap_or_default()) {
                limit.apply(&mut product);
            }
        }
        Some(product)
    }

    /// Reads the limits of an order's container, if they were not read yet.
    pub(in crate::app) fn read_limits_of(&mut self, order: OrderId) -> Option<Effect> {
        let id = self.order(order)?.container.as_ref()?.id?;
        let is_there = self
            .limits
            .get(&id)
            .is_some_and(|known| !known.is_missing());
        (!is_there).then(|| self.read(Read::Limits(id)))
    }
}
