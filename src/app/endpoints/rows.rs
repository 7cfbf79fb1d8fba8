//! The rows of the list of endpoints: made once of the names of issued orders, the settings, and what was added, so many
//! orders at a time; and anew where one of these became another: once a second while that goes on.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, Hasher as _};

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxBuildHasher;

use crate::app::account::Account;
use crate::app::account::rows::{OrderRow, Orders};
use crate::app::added::EndpointId;
use crate::app::engine::Engine;
use crate::app::served::{ServedLooks, is_for_servers};
use crate::domain::endpoint::Target;
use crate::domain::ids::OrderId;
use crate::domain::names::is_wildcard;
use crate::domain::served::Standing;
use crate::domain::status::OrderStatus;

/// Orders that are gone through in one turn, and bytes of their names.
const STEP: (usize, usize) = (16_384, 1 << 19);

/// Between two makings of rows that change.
pub(super) const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// Stands for no place, and for no day.
pub(super) const NONE: u32 = u32::MAX;

/// A row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub(super) id: EndpointId,
    /// The place of the order to which the name belongs.
    pub(super) place: u32,
    /// The last day of that order's certificate, as rows of orders hold days.
    pub(super) ends: u32,
}

/// What rows were made of.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Basis {
    orders: (u32, usize),
    len: usize,
    added: u64,
}

/// Rows by a hash of their names.
type ByName = HashMap<u64, u32, FxBuildHasher>;

/// Rows that are being made.
#[derive(Debug, Clone, PartialEq)]
struct Making {
    basis: Basis,
    rows: Vec<Row>,
    by_name: ByName,
    /// The next order.
    at: u32,
    /// Serial numbers of which no order is known yet, without leading zeros.
    serials: HashSet<String, FxBuildHasher>,
    found: HashMap<String, OrderId, FxBuildHasher>,
}

/// The rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Rows {
    pub(super) all: Vec<Row>,
    by_name: ByName,
    /// Orders by the serial number of their primary, of certificates that were seen and belong to no other.
    pub(super) found: HashMap<String, OrderId, FxBuildHasher>,
    /// When they are to be made anew.
    pub(super) due: Option<Timestamp>,
    began: Option<Timestamp>,
    made: Option<Basis>,
    making: Option<Making>,
}

impl EndpointId {
    /// Where is looked.
    pub fn target(self, engine: &Engine) -> Option<Target> {
        match self {
            Self::Added(id) => engine.added.get(id).cloned(),
            Self::Settings(name, at) => {
                let (name, endpoints) = engine.served.endpoints.get(usize::from(name))?;
                let endpoint = endpoints.get(usize::from(at))?;
                Some(Target::at(endpoint.clone(), name))
            }
            Self::Name(order, nth) => {
                let row = engine.account.orders.get(order)?;
                Target::of_name(row.names_text().split('\n').nth(nth.into())?)
            }
        }
    }

    /// Whether the row has this name, where it is one of an order.
    fn is_named(self, name: &str, orders: &Orders) -> bool {
        match self {
            Self::Name(order, nth) => name_of(order, nth, orders) == Some(name),
            _ => false,
        }
    }
}

fn name_of(order: OrderId, nth: u16, orders: &Orders) -> Option<&str> {
    orders.get(order)?.names_text().split('\n').nth(nth.into())
}

/// The name of a row that is one of an order.
pub(super) fn own_name(row: Row, orders: &Orders) -> Option<&str> {
    let EndpointId::Name(_, nth) = row.id else {
        return None;
    };
    let names = orders.at(row.place)?.names_text();
    names.split('\n').nth(nth.into())
}

/// Where the row of a name stands among these, or where it goes.
fn find(by_name: &ByName, rows: &[Row], name: &str, orders: &Orders) -> Result<u32, u64> {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(name.as_bytes());
    let mut key = hasher.finish();
    while let Some(at) = by_name.get(&key) {
        let row = rows.get(*at as usize);
        if row.is_some_and(|row| row.id.is_named(name, orders)) {
            return Ok(*at);
        }
        // Another name of the same hash.
        key = key.wrapping_add(1);
    }
    Err(key)
}

impl Rows {
    /// Whether they are being made.
    pub(super) fn is_making(&self) -> bool {
        self.making.is_some()
    }

    /// Whether they were made once.
    pub(super) fn is_made(&self) -> bool {
        self.made.is_some()
    }

    /// The row of a name of an order.
    pub(super) fn of_name(&self, name: &str, account: &Account) -> Option<u32> {
        find(&self.by_name, &self.all, name, &account.orders).ok()
    }

    /// Makes them anew where they would be others, and goes on where that is under way. Whether they became others.
    pub(super) fn refresh(&mut self, engine: &Engine, now: Timestamp) -> bool {
        let orders = &engine.account.orders;
        let basis = Basis {
            orders: orders.revision(),
            len: orders.len(),
            added: engine.added.revision(),
        };
        self.due = None;
        if self.made == Some(basis) {
            self.making = None;
            return false;
        }
        // Places of rows hold as long as none is removed: what came meanwhile is taken the next time.
        let is_of = |making: &Making| making.basis.orders.0 == basis.orders.0;
        if !self.making.as_ref().is_some_and(is_of) {
            let next = self.next();
            // What the operator added is there at once.
            let is_same_list = self.made.is_some_and(|made| made.added == basis.added);
            if is_same_list
                && next.is_some_and(|next| now < next)
                && self.began <= Some(now)
                && self
                    .made
                    .is_some_and(|made| made.orders.0 == basis.orders.0)
            {
                self.making = None;
                self.due = next;
                return false;
            }
            self.making = Some(Making::begin(basis, engine));
            self.began = Some(now);
        }
        let Some(making) = &mut self.making else {
            return false;
        };
        if !making.go_on(engine) {
            return false;
        }
        let made = making.basis;
        if let Some(done) = self.making.take() {
            self.all = done.rows;
            self.by_name = done.by_name;
            self.found = done.found;
        }
        self.made = Some(made);
        if made != basis {
            self.due = self.next();
        }
        true
    }

    /// When rows that go on changing are made the next time.
    fn next(&self) -> Option<Timestamp> {
        self.began.and_then(|began| began.checked_add(PAUSE).ok())
    }
}

impl Making {
    fn begin(basis: Basis, engine: &Engine) -> Self {
        let mut rows = Vec::new();
        let lone = |id| Row {
            id,
            place: NONE,
            ends: NONE,
        };
        for (name, (_, endpoints)) in (0..).zip(&engine.served.endpoints) {
            let all = (0..).zip(endpoints);
            rows.extend(all.map(|(at, _)| lone(EndpointId::Settings(name, at))));
        }
        let added = engine.added.all();
        rows.extend(added.map(|(id, _)| lone(EndpointId::Added(id))));
        Self {
            basis,
            rows,
            by_name: ByName::default(),
            at: 0,
            serials: strangers(&engine.served),
            found: HashMap::default(),
        }
    }

    /// Goes through some more orders. Whether all are done.
    fn go_on(&mut self, engine: &Engine) -> bool {
        let orders = &engine.account.orders;
        let products = orders.product_values().iter();
        let products: Vec<bool> = products.map(is_for_servers).collect();
        let issued = orders.status_values().iter();
        let issued: Vec<bool> = issued
            .map(|status| matches!(status, OrderStatus::Issued | OrderStatus::ReissuePending))
            .collect();
        let is = |all: &[bool], at: u16, else_| all.get(usize::from(at)).copied().unwrap_or(else_);
        let end = (self.at as usize + STEP.0).min(orders.len());
        let mut bytes = 0;
        while (self.at as usize) < end && bytes < STEP.1 {
            if let Some(row) = orders.at(self.at) {
                if is(&issued, row.status, false) && is(&products, row.product, true) {
                    self.take(row, engine);
                    bytes += row.names_text().len();
                }
                if !self.serials.is_empty() {
                    let serial = row.serial();
                    let serial = serial.trim_start_matches('0');
                    if self.serials.contains(serial) {
                        self.found.insert(serial.to_owned(), row.id);
                    }
                }
            }
            self.at += 1;
        }
        self.at as usize >= self.basis.len
    }

    /// Takes the names of an order. Where another has the same, the one counts that was not renewed, and lasts longer.
    fn take(&mut self, order: OrderRow<'_>, engine: &Engine) {
        let orders = &engine.account.orders;
        let ends = order.valid_till.number().unwrap_or(NONE);
        for (nth, name) in (0..u16::MAX).zip(order.names_text().split('\n')) {
            for (at, (of, _)) in engine.served.endpoints.iter().enumerate() {
                if of == name {
                    self.belong(at as u16, order, ends, orders);
                }
            }
            if !is_host(name) {
                continue;
            }
            let row = Row {
                id: EndpointId::Name(order.id, nth),
                place: order.place(),
                ends,
            };
            match find(&self.by_name, &self.rows, name, orders) {
                Ok(at) if counts_before(order, &self.rows[at as usize], orders) => {
                    self.rows[at as usize] = row;
                }
                Ok(_) => {}
                Err(key) => {
                    self.by_name.insert(key, self.rows.len() as u32);
                    self.rows.push(row);
                }
            }
        }
    }

    /// The endpoints of a name in the settings belong to an order.
    fn belong(&mut self, name: u16, order: OrderRow<'_>, ends: u32, orders: &Orders) {
        let of = self
            .rows
            .iter_mut()
            .take_while(|row| matches!(row.id, EndpointId::Settings(..)));
        for row in of.filter(|row| matches!(row.id, EndpointId::Settings(at, _) if at == name)) {
            if row.place == NONE || counts_before(order, row, orders) {
                (row.place, row.ends) = (order.place(), ends);
            }
        }
    }
}

/// Whether an order counts before the one that a row belongs to.
fn counts_before(order: OrderRow<'_>, row: &Row, orders: &Orders) -> bool {
    let rank = |of: OrderRow<'_>| (!of.is_renewed, of.valid_till.number(), of.id);
    orders
        .at(row.place)
        .is_none_or(|other| rank(order) > rank(other))
}

/// Whether a name is a host that can be looked at. Nearly all are, or are wildcards, and are told by their letters.
fn is_host(name: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    if name.bytes().all(is_plain) && name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return true;
    }
    !is_wildcard(name) && Target::of_name(name).is_some()
}

/// Serial numbers of what was seen and is of no order that is known, without leading zeros.
fn strangers(served: &ServedLooks) -> HashSet<String, FxBuildHasher> {
    let last = served.targets().filter_map(|at| served.last(at, None));
    last.filter(|(_, seen)| seen.standing == Standing::Other)
        .filter_map(|(_, seen)| {
            let serial = &seen.served.certificate()?.serial;
            Some(serial.trim_start_matches('0').to_ascii_uppercase())
        })
        .collect()
}
