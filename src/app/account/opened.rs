//! How what is known of an order stands to what is open of it: whoever opens something of an order has it read again, and
//! what was read before says so.

use jiff::Timestamp;

use super::Account;
use crate::app::effect::Effect;
use crate::app::remote::{Basis, Opened};
use crate::domain::ids::OrderId;

impl Account {
    /// Something of an order opens: the order is read again.
    pub(in crate::app) fn open_order(&mut self, order: OrderId) -> (Opened, Vec<Effect>) {
        let opened = Opened {
            known: self.known_since(order),
            since: self.mark(),
        };
        (opened, self.read_order(order, true))
    }

    /// When what is known of an order came.
    pub(in crate::app) fn known_since(&self, order: OrderId) -> Option<Timestamp> {
        self.known.get(&order)?.order.came_at()
    }

    /// How what is known of an order stands to what was opened of it. Lists that the account does not give count as read:
    /// some products have none.
    pub(in crate::app) fn basis(&self, order: OrderId, opened: Opened) -> Basis {
        let Some(data) = self.known.get(&order) else {
            return Basis::Reading;
        };
        if let Some(failure) = data.order.failure() {
            return Basis::Failed(failure.clone());
        }
        let lists = !data.duplicates.is_loading() && !data.reissues.is_loading();
        if data.order.is_since(opened.since) && lists {
            Basis::Current
        } else {
            Basis::Reading
        }
    }

    /// What stands behind the heading of what is open: that it is old, while it is.
    pub fn age(&self, order: OrderId, opened: Opened) -> Option<String> {
        let known = opened.known.map_or_else(String::new, |at| {
            format!("as loaded {} UTC, ", at.strftime("%H:%M:%S"))
        });
        match self.basis(order, opened) {
            Basis::Current => None,
            Basis::Reading => Some(format!("{known}loading…")),
            Basis::Failed(_) => Some(format!("{known}not loaded since")),
        }
    }
}
