//! The slot of each read. A read is its own slot: what it is of says where the answer belongs.

use std::collections::HashMap;
use std::hash::Hash;

use jiff::Timestamp;

use super::Account;
use crate::app::effect::Read;
use crate::app::msg::Data;
use crate::app::remote::{Remote, Ticket};
use crate::domain::account::Session;
use crate::domain::dcv::Domain;
use crate::domain::draft::limits::Limit;
use crate::domain::draft::offer::Offer;
use crate::domain::expiring::Expiring;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::order::{Certificate, Order, OrderSummary};
use crate::domain::organization::{AccountOrganization, Validation};
use crate::domain::product::Product;
use crate::domain::request::{Request, RequestPage};

/// Where the answers to a read belong, whatever they are.
pub(super) trait Slot {
    /// A read with this ticket starts.
    fn ask(&mut self, ticket: Ticket);
    /// Whether there is nothing, and nothing on its way.
    fn is_missing(&self) -> bool;
    /// Whether the answer to the read with this ticket is still awaited.
    fn awaits(&self, ticket: Ticket) -> bool;
    /// An answer came. Whether it counted: what is stale, or no answer to this read, changes nothing.
    fn put(&mut self, ticket: Ticket, result: Result<Data, Failure>, at: Timestamp) -> bool;
}

/// What stands in a slot, out of what a read brought.
trait FromData: Sized {
    fn from_data(data: Data) -> Option<Self>;
}

impl<T: FromData> Slot for Remote<T> {
    fn ask(&mut self, ticket: Ticket) {
        Self::ask(self, ticket);
    }

    fn is_missing(&self) -> bool {
        Self::is_missing(self)
    }

    fn awaits(&self, ticket: Ticket) -> bool {
        Self::awaits(self, ticket)
    }

    fn put(&mut self, ticket: Ticket, result: Result<Data, Failure>, at: Timestamp) -> bool {
        let result = match result.map(T::from_data) {
            Ok(None) => return false,
            Ok(Some(value)) => Ok(value),
            Err(failure) => Err(failure),
        };
        self.reply(ticket, result, at)
    }
}

macro_rules! from_data {
    ($($type:ty: $data:pat => $value:expr;)*) => {$(
        impl FromData for $type {
            fn from_data(data: Data) -> Option<Self> {
                match data {
                    $data => Some($value),
                    _ => None,
                }
            }
        }
    )*};
}

from_data! {
    Session: Data::Session(session) => session;
    Order: Data::Order(order) => *order;
    Vec<Certificate>: Data::Certificates(rows) => rows;
    Vec<Request>: Data::Requests(rows) => rows;
    RequestPage: Data::RequestPage(page) => page;
    Request: Data::Request(request) => *request;
    Product: Data::Product(product) => *product;
    Vec<Domain>: Data::Domains(domains) => domains;
    Domain: Data::Domain(domain) => *domain;
    Expiring: Data::Expiring(counts) => counts;
    Vec<AccountOrganization>: Data::Organizations(organizations) => organizations;
    Vec<Validation>: Data::Validations(validations) => validations;
    Vec<OrderSummary>: Data::Listed(rows) => rows;
    Vec<OrderId>: Data::Changes(orders) | Data::Placed(orders) => orders;
    Offer: Data::Offer(offer) => *offer;
    Vec<Limit>: Data::Limits(limits) => limits;
    String: Data::Chain(pem) => pem;
}

impl Account {
    /// An answer came. Whether it counted: of what is stale nothing is kept.
    pub(in crate::app) fn reply(
        &mut self,
        ticket: Ticket,
        read: &Read,
        result: Result<Data, Failure>,
        now: Timestamp,
    ) -> bool {
        let before = match read {
            Read::Order(id) => self.order(*id).and_then(|order| order.certificate.id),
            _ => None,
        };
        let is_in_full = match read {
            Read::Request(id) => self.requests.awaits(*id, ticket),
            _ => false,
        };
        let mut waiting = 0_usize;
        self.slots(read, false, &mut |slot| {
            waiting += usize::from(slot.awaits(ticket));
        });
        let mut counts = false;
        let mut result = Some(result);
        self.slots(read, false, &mut |slot| {
            if !slot.awaits(ticket) {
                return;
            }
            waiting -= 1;
            // Most reads have one slot, and a long answer is not copied for it.
            let one = if waiting == 0 {
                result.take()
            } else {
                result.clone()
            };
            counts |= one.is_some_and(|one| slot.put(ticket, one, now));
        });
        if counts {
            self.revision += 1;
            if let Read::Order(id) | Read::Reissues(id) = read
                && let Some(data) = self.known.get_mut(id)
            {
                data.is_behind &= !matches!(read, Read::Order(_));
                data.notes_replaced(before);
            }
            self.on_reply(read, is_in_full);
        }
        counts
    }

    /// Makes anew what is made of several answers.
    fn on_reply(&mut self, read: &Read, is_in_full: bool) {
        match read {
            Read::Order(id) | Read::Duplicates(id) | Read::Reissues(id) => {
                if let Some(data) = self.known.get_mut(id) {
                    data.merge();
                }
            }
            Read::Requests => self.requests.on_waiting(),
            Read::RequestPage(_, offset) => self.requests.on_page(*offset),
            Read::AccountDomains => self.domains.on_list(),
            Read::Organizations => self.domains.on_organizations(),
            Read::Domain(id) => self.on_domain(*id),
            Read::Request(id) => {
                if is_in_full {
                    self.requests.merge();
                }
                for order in self.orders_of_request(*id) {
                    if let Some(data) = self.known.get_mut(&order) {
                        data.merge();
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether nothing is known of what a read brings, and none is under way.
    pub(in crate::app) fn is_missing(&mut self, read: &Read) -> bool {
        let mut missing = true;
        self.slots(read, false, &mut |slot| missing &= slot.is_missing());
        missing
    }

    /// The slots of a read: two where a request is listed, and its order is known. Those that are not there yet are made
    /// where it is asked for.
    pub(super) fn slots(&mut self, read: &Read, make: bool, each: &mut dyn FnMut(&mut dyn Slot)) {
        match read {
            Read::Session => each(&mut self.session),
            Read::Order(id) => {
                if let Some(data) = at(&mut self.known, id, make) {
                    each(&mut data.order);
                }
            }
            Read::Duplicates(id) => {
                if let Some(data) = at(&mut self.known, id, make) {
                    each(&mut data.duplicates);
                }
            }
            Read::Reissues(id) => {
                if let Some(data) = at(&mut self.known, id, make) {
                    each(&mut data.reissues);
                }
            }
            Read::Domains(id, _) => {
                if let Some(data) = at(&mut self.known, id, make) {
                    each(&mut data.domains);
                }
            }
            Read::Requests => each(&mut self.requests.waiting),
            Read::RequestPage(..) => each(&mut self.requests.others.page),
            Read::Request(id) => {
                let is_wanted = self.requests.is_wanted(*id);
                if let Some(slot) = at(&mut self.requests.details, id, make && is_wanted) {
                    each(slot);
                }
                for order in self.orders_of_request(*id) {
                    let data = self.known.get_mut(&order);
                    if let Some(slot) = data.and_then(|data| at(&mut data.requests, id, make)) {
                        each(slot);
                    }
                }
            }
            Read::Product(name) => one(at(&mut self.products, name, make), each),
            Read::AccountDomains => each(&mut self.domains.list),
            Read::Domain(id) => one(at(&mut self.domains.details, id, make), each),
            Read::Expiring => each(&mut self.domains.expiring),
            Read::Organizations => each(&mut self.domains.organizations),
            Read::Changes(_) => each(&mut self.changes.read),
            Read::Listed(_) => each(&mut self.listed.read),
            Read::Organization(id) => one(at(&mut self.organizations, id, make), each),
            Read::Chain(id) => one(at(&mut self.chains, id, make), each),
            Read::OrdersByReference(reference) => {
                one(at(&mut self.reference_lookups, reference, make), each);
            }
            Read::Offer => each(&mut self.offer),
            Read::Limits(id) => one(at(&mut self.limits, id, make), each),
        }
    }
}

fn one<T: FromData>(slot: Option<&mut Remote<T>>, each: &mut dyn FnMut(&mut dyn Slot)) {
    if let Some(slot) = slot {
        each(slot);
    }
}

fn at<'a, K: Clone + Eq + Hash, V: Default>(
    map: &'a mut HashMap<K, V>,
    key: &K,
    make: bool,
) -> Option<&'a mut V> {
    if make && !map.contains_key(key) {
        map.insert(key.clone(), V::default());
    }
    map.get_mut(key)
}
