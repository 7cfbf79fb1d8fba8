//! The account's list of orders as it is read, page by page.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Account;
use crate::app::effect::{Effect, Read};
use crate::app::msg::SyncEvent;
use crate::app::remote::Ticket;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::order::{Order, OrderSummary};
use crate::domain::packed::Rows;

/// How the list stands to the account.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum SyncState {
    #[default]
    Never,
    Running {
        run: Ticket,
        done: u64,
        /// Rows in all; 0 while unknown.
        total: u64,
    },
    /// Read to the end.
    Done(Timestamp),
    /// Stopped half way; what was there stays.
    Failed(Failure),
}

impl Account {
    /// Brings the list in line with the account: events of an earlier run count no longer.
    pub(in crate::app) fn start_sync(&mut self) -> Effect {
        let run = self.ticket();
        self.sync = SyncState::Running {
            run,
            done: 0,
            total: 0,
        };
        Effect::Sync { run }
    }

    /// Whether this is the newest run, and under way.
    pub(in crate::app) fn is_syncing(&self, run: Ticket) -> bool {
        matches!(self.sync, SyncState::Running { run: newest, .. } if newest == run)
    }

    /// Takes what a run tells. Whether the list is whole with it, as far as it will be.
    pub(in crate::app) fn on_sync(
        &mut self,
        run: Ticket,
        event: SyncEvent,
        now: Timestamp,
    ) -> bool {
        match event {
            SyncEvent::Rows { rows, done, total } => {
                self.sync = SyncState::Running { run, done, total };
                self.orders.expect(total as usize);
                self.take(&rows) || done >= total
            }
            SyncEvent::Stored(rows) => self.take(&rows),
            SyncEvent::Held(ids) => {
                let rows = self.orders.rows().map(|row| row.id);
                let gone: Vec<OrderId> = rows.filter(|id| ids.binary_search(id).is_err()).collect();
                self.orders.remove(&gone);
                true
            }
            SyncEvent::Finished { removed } => {
                self.orders.remove(&removed);
                self.sync = SyncState::Done(now);
                true
            }
            SyncEvent::Failed(failure) => {
                self.sync = SyncState::Failed(failure);
                true
            }
        }
    }

    /// Takes rows of a series. Whether it is at its end: none are left then.
    pub(in crate::app) fn take(&mut self, rows: &Rows) -> bool {
        let last = rows.is_empty();
        self.orders.upsert(rows);
        last
    }

    /// Reads orders as the list has them, with those that are on their way.
    pub(in crate::app) fn read_listed(
        &mut self,
        orders: impl IntoIterator<Item = OrderId>,
    ) -> Effect {
        self.listed.orders.extend(orders);
        let all = self.listed.orders.iter().copied().collect();
        self.read(Read::Listed(all))
    }

    /// Orders came as the list has them, or did not: what is known of each follows. Those that were asked for.
    pub(in crate::app) fn on_listed(&mut self, now: Timestamp) -> BTreeSet<OrderId> {
        let asked = std::mem::take(&mut self.listed.orders);
        let came = match self.listed.read.failure() {
            None => self.listed.read.value().cloned().unwrap_or_default(),
            Some(_) => Vec::new(),
        };
        for row in came.iter().filter(|row| asked.contains(&row.id)) {
            if self.orders.get(row.id).is_some() {
                self.orders.upsert(&Rows::from_iter([row]));
            }
            let data = self.known.get_mut(&row.id);
            if let Some(data) = data.filter(|data| self.listed.read.is_newer_than(&data.order)) {
                data.listed(row, now);
            }
        }
        asked
    }

    /// Takes what order info says of an order in the list, so that a reissue is seen at once. Whether that is new.
    pub(in crate::app) fn refresh_row(&mut self, id: OrderId) -> bool {
        let Some(order) = self.known.get(&id).and_then(|data| data.order.value()) else {
            return false;
        };
        let Some(new) = self.new_row(order) else {
            return false;
        };
        self.orders.upsert(&Rows::from_iter([&new]));
        true
    }

    fn new_row(&self, order: &Order) -> Option<OrderSummary> {
        let old = self.orders.get(order.id)?.summary();
        let certificate = &order.certificate;
        let new = OrderSummary {
            status: order.status.clone(),
            certificate_id: certificate.id.or(old.certificate_id),
            serial: certificate.serial.clone().or_else(|| old.serial.clone()),
            valid_from: certificate.valid_from.or(old.valid_from),
            valid_till: certificate.valid_till.or(old.valid_till),
            order_valid_till: order.order_valid_till.or(old.order_valid_till),
            is_renewed: order.is_renewed,
            ..old.clone()
        };
        (new != old).then_some(new)
    }
}
