//! What is known of the account: each read has its slot, and whoever shows it asks here. It knows nobody who asks.

mod cache;
mod domains;
mod list;
mod offered;
mod opened;
mod order_data;
mod requests;
pub mod rows;
mod served;
mod slots;
mod stale;
#[cfg(test)]
mod tests;
mod validated;

pub use domains::Domains;
pub use list::SyncState;
use stale::Freshness;

pub use order_data::OrderData;
pub(in crate::app) use requests::is_unread;
pub use requests::{Own, Requests};

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::effect::{Effect, Read};
use super::msg::Connection;
use super::remote::{Remote, Ticket};
use crate::app::account::rows::Orders;
use crate::domain::account::Session;
use crate::domain::clock::ClockOffset;
use crate::domain::draft::limits::Limit;
use crate::domain::draft::offer::Offer;
use crate::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId, RequestId};
use crate::domain::order::OrderSummary;
use crate::domain::organization::Validation;
use crate::domain::product::Product;

/// What is known of the account.
#[derive(Debug, Default)]
pub struct Account {
    /// Where the desk is connected; `None` until the runtime says.
    pub connection: Option<Connection>,
    /// Who the key belongs to.
    pub session: Remote<Session>,
    /// How the account's clock stands to this machine's; `None` before the first answer.
    pub clock: Option<ClockOffset>,
    pub orders: Orders,
    /// How those stand to the account.
    pub sync: SyncState,
    pub requests: Requests,
    /// What is known of orders that were looked at.
    pub known: HashMap<OrderId, OrderData>,
    /// Product info by identifier.
    pub products: HashMap<String, Remote<Product>>,
    /// The orders whose state changed.
    pub changes: Changes,
    /// Orders that are read as the list has them.
    pub listed: Listed,
    /// Its domains, and its organizations with what they are validated for.
    pub domains: Domains,
    /// What organizations are validated for.
    pub organizations: HashMap<OrganizationId, Remote<Vec<Validation>>>,
    /// Chains on their way.
    pub chains: HashMap<CertificateId, Remote<String>>,
    /// Orders that were placed with a reference of our own, while they are looked for.
    pub reference_lookups: HashMap<String, Remote<Vec<OrderId>>>,
    /// What the account has to order with.
    pub offer: Remote<Offer>,
    /// What may be ordered in the containers that were chosen.
    pub limits: HashMap<ContainerId, Remote<Vec<Limit>>>,
    freshness: Freshness,
    tickets: u64,
    revision: u64,
    /// How often an order was wanted: the one that was not for longest is forgotten first.
    wants: u64,
}

/// The orders whose state changed: one question for all who wait for that.
#[derive(Debug, Default, PartialEq)]
pub struct Changes {
    /// The newest answer.
    pub read: Remote<Vec<OrderId>>,
    /// The orders that it is asked for.
    pub orders: BTreeSet<OrderId>,
}

/// Orders that are read as the list has them: one question for all who ask for some.
#[derive(Debug, Default, PartialEq)]
pub struct Listed {
    /// The newest answer.
    pub read: Remote<Vec<OrderSummary>>,
    /// The orders that it is asked for.
    pub orders: BTreeSet<OrderId>,
}

impl Account {
    /// Forgets everything that came from the account. Tickets go on: an answer that is late fits no read that began since.
    pub fn forget(&mut self) {
        *self = Self {
            tickets: self.tickets,
            revision: self.revision + 1,
            ..Self::default()
        };
    }

    /// The account that the desk is connected to, as the store names it.
    pub fn name(&self) -> Option<&str> {
        let name = self.connection.as_ref().map(|known| known.account.as_str());
        name.filter(|name| !name.is_empty())
    }

    /// Whether there is somebody to ask.
    pub fn is_connected(&self) -> bool {
        self.connection
            .as_ref()
            .is_some_and(|connection| connection.key.is_ok())
    }

    /// A time of this machine by the account's clock, as far as it is known.
    pub fn by_account(&self, at: Timestamp) -> Timestamp {
        self.clock.unwrap_or_default().to_account(at)
    }

    /// The day of a time of this machine by the account's clock, UTC as its dates are.
    pub fn day(&self, at: Timestamp) -> Date {
        self.by_account(at).to_zoned(TimeZone::UTC).date()
    }

    /// What is known is what it was at this number, as far as reads and their answers go.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A new ticket.
    pub(in crate::app) fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    /// The newest ticket: what is asked for from now on has a later one.
    pub(in crate::app) fn mark(&self) -> Ticket {
        Ticket(self.tickets)
    }

    /// Starts a read: a newer one of the same thing makes an older one stale.
    pub(in crate::app) fn read(&mut self, read: Read) -> Effect {
        let ticket = self.ticket();
        self.revision += 1;
        if let Read::Domains(id, names) = &read {
            let data = self.known.entry(*id).or_default();
            data.domains_asked.clone_from(names);
        }
        self.slots(&read, true, &mut |slot| slot.ask(ticket));
        Effect::Read { ticket, read }
    }

    /// Reads a chain, unless it is on its way. What was fetched before is fetched again: it must be what is there now.
    pub(in crate::app) fn want_chain(&mut self, id: CertificateId) -> Option<Effect> {
        let chain = self.chains.get(&id);
        let is_coming = chain.is_some_and(Remote::is_loading);
        (!is_coming).then(|| self.read(Read::Chain(id)))
    }

    /// Order info, as it was last read.
    pub fn order(&self, id: OrderId) -> Option<&crate::domain::order::Order> {
        self.known.get(&id)?.order.value()
    }

    /// The known orders that name a request. It is one, but for odd answers: each of them has to hear of it, or it
    /// would be asked for again and again for the others.
    pub(in crate::app) fn orders_of_request(&self, id: RequestId) -> Vec<OrderId> {
        let names = |data: &OrderData| {
            let info = data.order.value();
            info.is_some_and(|info| info.requests.iter().any(|request| request.id == id))
        };
        let known = self.known.iter().filter(|(_, data)| names(data));
        known.map(|(order, _)| *order).collect()
    }

    /// Whether the answer to the read with this ticket is awaited for a request of an order.
    pub(in crate::app) fn awaits_request(
        &self,
        order: OrderId,
        id: RequestId,
        ticket: Ticket,
    ) -> bool {
        let data = self.known.get(&order);
        let request = data.and_then(|data| data.requests.get(&id));
        request.is_some_and(|request| request.awaits(ticket))
    }
}
