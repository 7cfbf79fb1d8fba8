//! Which certificates are served for the names of orders, as last seen from here. Looked at when asked for, a few at once;
//! nothing waits for it.

mod again;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use jiff::Timestamp;
use rustc_hash::FxBuildHasher;

use super::account::Account;
use super::account::rows::{Bits, Orders};
use super::effect::Effect;
use crate::domain::endpoint::{Endpoint, NO_ORDER, Target};
use crate::domain::ids::OrderId;
use crate::domain::names::{is_wildcard, once, same};
use crate::domain::order::Certificate;
use crate::domain::product::{Family, ProductRef};
use crate::domain::served::{Seen, Served, Standing, is_same_serial};
use crate::domain::text::counted;

/// Looks at the same time.
pub const AT_ONCE: usize = 16;

/// Places that are asked for together, at most: a few minutes where none of them answers.
pub const MOST: usize = 1_000;

/// A name as it stands in certificates, and where its certificate is served besides there.
pub type NamedEndpoints = (String, Vec<Endpoint>);

/// Where the certificate of an order may be served.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Places {
    pub targets: Vec<Target>,
    /// Wildcard names, for which no endpoint is named.
    pub wildcards: Vec<String>,
}

/// Places that a sentence names.
const NAMED: usize = 5;

/// What was seen is kept so many together, while more is looked at.
const TOGETHER: usize = 64;

/// What was seen, and what is looked at.
#[derive(Debug, Default)]
pub struct ServedLooks {
    /// Where the certificates of names are looked at besides the names themselves (`[served]` in the settings); said by the
    /// runtime at the start.
    pub endpoints: Vec<NamedEndpoints>,
    /// Of each order that was looked at, and nothing of the others: what was seen by where.
    /// Under [`NO_ORDER`] stands what was looked at for none.
    orders: HashMap<OrderId, BTreeMap<Target, Seen>, FxBuildHasher>,
    /// The orders of which something was seen there.
    at: HashMap<Target, Vec<OrderId>, FxBuildHasher>,
    /// What is still to be looked at.
    waiting: VecDeque<Target>,
    /// The orders for which something waits to be looked at, or is.
    wanted: HashMap<Target, Vec<OrderId>, FxBuildHasher>,
    under_way: usize,
    /// Changes whenever something was seen that may stand otherwise than before.
    revision: u64,
    /// What was seen and is not kept yet.
    unkept: BTreeSet<(OrderId, Target)>,
    /// What was asked for together.
    asked: BTreeSet<(OrderId, Target)>,
    /// New certificates that are to be seen.
    again: Vec<again::Again>,
}

impl ServedLooks {
    /// Where the certificate of an order may be served.
    pub fn places(&self, order: OrderId, account: &Account) -> Places {
        let mut places = Places::default();
        if !is_served(order, account) {
            return places;
        }
        for name in names(order, account) {
            let own = Target::of_name(&name);
            let named = self.endpoints.iter().filter(|(of, _)| same(of, &name));
            let named = named.flat_map(|(_, endpoints)| endpoints);
            let named = named.map(|endpoint| Target::at(endpoint.clone(), &name));
            let before = places.targets.len();
            for target in own.into_iter().chain(named) {
                if !places.targets.contains(&target) {
                    places.targets.push(target);
                }
            }
            if places.targets.len() == before && is_wildcard(&name) {
                places.wildcards.push(name);
            }
        }
        places
    }

    /// Looks which certificates are served for these orders. How many places that are; at most [`MOST`] are looked at, and
    /// where there are more, none.
    pub(in crate::app) fn look(
        &mut self,
        orders: &[OrderId],
        account: &Account,
    ) -> (usize, Vec<Effect>) {
        let each = orders.iter().map(|order| {
            let places = self.places(*order, account);
            (*order, places.targets)
        });
        let all = each
            .flat_map(|(order, targets)| targets.into_iter().map(move |target| (order, target)));
        self.look_at(all.collect())
    }

    /// Looks which certificates are served at these places, each for an order or for [none](NO_ORDER).
    pub(in crate::app) fn look_at(&mut self, all: Vec<(OrderId, Target)>) -> (usize, Vec<Effect>) {
        let count = all.len();
        if count > MOST {
            return (count, Vec::new());
        }
        if self.looking() == 0 {
            self.asked.clear();
        }
        for (order, target) in all {
            let wanted = self.wanted.entry(target.clone()).or_insert_with(|| {
                self.waiting.push_back(target.clone());
                Vec::new()
            });
            if !wanted.contains(&order) {
                wanted.push(order);
            }
            self.asked.insert((order, target));
        }
        (count, self.go_on())
    }

    /// Begins what waits, as far as there is room.
    fn go_on(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while self.under_way < AT_ONCE
            && let Some(target) = self.waiting.pop_front()
        {
            self.under_way += 1;
            effects.push(Effect::LookServed(target));
        }
        effects
    }

    /// A look ended.
    pub(in crate::app) fn on_served(
        &mut self,
        target: &Target,
        served: &Served,
        account: &mut Account,
        now: Timestamp,
    ) -> Vec<Effect> {
        self.under_way = self.under_way.saturating_sub(1);
        self.revision += 1;
        let mut effects = self.go_on();
        let mut orders = self.wanted.remove(target).unwrap_or_default();
        let before = self.at.get(target).into_iter().flatten();
        // Of other orders, too, something else was seen there before.
        let before: Vec<OrderId> = before.copied().filter(|of| !orders.contains(of)).collect();
        orders.extend(before);
        for order in orders {
            let looks = self.orders.entry(order).or_default();
            // What the same certificate was to the order, here or elsewhere.
            let serial = |of: &Served| of.certificate().map(|one| one.serial.clone());
            let mut all = looks.values();
            let before = all.find(|before| serial(&before.served) == serial(served));
            let standing = standing(order, served, account, before.map(|seen| seen.standing));
            let seen = Seen {
                at: now,
                served: served.clone(),
                standing,
            };
            looks.insert(target.clone(), seen);
            self.note(order, target);
            self.unkept.insert((order, target.clone()));
            if standing == Standing::Other && order != NO_ORDER {
                // It may be one of those that the list does not name.
                effects.extend(account.read_order(order, false));
            }
        }
        effects.extend(self.keep(account));
        effects
    }

    /// Something of an order was seen there.
    fn note(&mut self, order: OrderId, target: &Target) {
        let orders = self.at.entry(target.clone()).or_default();
        if !orders.contains(&order) {
            orders.push(order);
        }
    }

    /// What was seen there last turned out to be of another order.
    pub(in crate::app) fn is_of(&mut self, order: OrderId, target: &Target, account: &Account) {
        let Some((_, seen)) = self.last(target, None) else {
            return;
        };
        let mut seen = seen.clone();
        seen.standing = standing(order, &seen.served, account, Some(Standing::Earlier));
        self.revision += 1;
        let looks = self.orders.entry(order).or_default();
        looks.insert(target.clone(), seen);
        self.note(order, target);
        self.unkept.insert((order, target.clone()));
    }

    /// What was seen last at a place, and of which order that is: `owner` where it is one of its own, else the order that is
    /// known to have that certificate, else the one that it was looked at for, or [none](NO_ORDER).
    pub fn last(&self, target: &Target, owner: Option<OrderId>) -> Option<(OrderId, &Seen)> {
        let seen = |order: &OrderId| Some((*order, self.orders.get(order)?.get(target)?));
        let all = || self.at.get(target).into_iter().flatten().filter_map(seen);
        let newest = all().map(|(_, seen)| seen.at).max()?;
        let rank = |(order, seen): &(OrderId, &Seen)| {
            let is_own = matches!(
                seen.standing,
                Standing::This | Standing::Duplicate | Standing::Earlier
            );
            (is_own, Some(*order) == owner, *order)
        };
        let newest = all().filter(|(_, seen)| seen.at == newest);
        newest.max_by_key(rank)
    }

    /// The places where something was seen.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.at.keys()
    }

    /// Whether a place is looked at, or is to be.
    pub fn is_looking_at(&self, target: &Target) -> bool {
        self.wanted.contains_key(target)
    }

    /// A place is looked at no more for its own sake.
    pub(in crate::app) fn leave(&mut self, target: &Target) {
        self.revision += 1;
        if let Some(looks) = self.orders.get_mut(&NO_ORDER) {
            looks.remove(target);
        }
        self.unkept.remove(&(NO_ORDER, target.clone()));
        if let Some(orders) = self.at.get_mut(target) {
            orders.retain(|order| *order != NO_ORDER);
            if orders.is_empty() {
                self.at.remove(target);
            }
        }
    }

    /// Keeps what is not kept yet: all of it once nothing is looked at any more, and before that many together.
    pub(in crate::app) fn keep(&mut self, account: &Account) -> Option<Effect> {
        account.name()?;
        let is_time = self.looking() == 0 || self.unkept.len() >= TOGETHER;
        if !is_time || self.unkept.is_empty() {
            return None;
        }
        let all = std::mem::take(&mut self.unkept).into_iter();
        let all = all.filter_map(|(order, target)| {
            let seen = self.orders.get(&order)?.get(&target)?.clone();
            Some((order, target, seen))
        });
        Some(Effect::KeepServed(all.collect()))
    }

    /// What an earlier session saw, where nothing was seen since.
    pub(in crate::app) fn kept(&mut self, all: Vec<(OrderId, Target, Seen)>) {
        self.revision += 1;
        for (order, target, seen) in all {
            self.note(order, &target);
            let looks = self.orders.entry(order).or_default();
            looks.entry(target).or_insert(seen);
        }
    }

    /// More is known of an order: what was seen of it may be told from others now.
    pub(in crate::app) fn know(&mut self, order: OrderId, account: &Account) {
        for (target, seen) in self.orders.get_mut(&order).into_iter().flatten() {
            let before = seen.standing;
            self.revision += 1;
            seen.standing = standing(order, &seen.served, account, Some(before));
            if seen.standing != before {
                self.unkept.insert((order, target.clone()));
            }
        }
    }

    /// Leaves what was not begun; how many that were.
    pub(in crate::app) fn stop(&mut self) -> usize {
        let left = std::mem::take(&mut self.waiting);
        for target in &left {
            self.wanted.remove(target);
        }
        self.asked.retain(|(_, target)| !left.contains(target));
        left.len()
    }

    /// Another account: nothing of this one is shown any more.
    pub(in crate::app) fn forget(&mut self) {
        self.revision += 1;
        self.orders.clear();
        self.at.clear();
        self.waiting.clear();
        self.wanted.clear();
        self.asked.clear();
        self.unkept.clear();
        self.again.clear();
    }

    /// Changes whenever something was seen.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether anything was seen, or is looked at.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.wanted.is_empty()
    }

    /// What counts for most of what was seen of an order, whose primary has this serial number.
    pub fn standing(&self, order: OrderId, primary: &str) -> Option<Standing> {
        let looks = self.orders.get(&order)?.values();
        looks.map(|seen| seen.now(primary)).max()
    }

    /// Where certificates of an order were last seen that are about to be revoked, in a sentence: that of this serial number,
    /// else all of its own.
    pub fn still_served(
        &self,
        order: OrderId,
        serial: Option<&str>,
        account: &Account,
    ) -> Option<String> {
        let is_meant = |standing: Standing, seen: &Seen| {
            let own = seen.served.certificate();
            own.is_some_and(|own| match serial {
                Some(serial) => is_same_serial(&own.serial, serial),
                None => standing != Standing::Other,
            })
        };
        let seen = self.seen(order, account).into_iter();
        let all: Vec<(String, Timestamp)> = seen
            .filter(|(_, standing, seen)| is_meant(*standing, seen))
            .map(|(target, _, seen)| (target.words(), seen.at))
            .collect();
        let at = all.iter().map(|(_, at)| *at).max()?;
        let places: Vec<&str> = all.iter().take(NAMED).map(|(place, _)| &**place).collect();
        let more = match all.len() - places.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let at = at.strftime("%Y-%m-%d %H:%M UTC");
        Some(format!(
            "Still served at {}{more}, as last seen {at}.",
            places.join(", ")
        ))
    }

    /// The rows of orders for which that is this; without a word, of all that were looked at.
    pub fn places_of(&self, wanted: Option<Standing>, orders: &Orders) -> Bits {
        let mut found = Bits::none(orders.len());
        for order in self.orders.keys() {
            let Some(row) = orders.get(*order) else {
                continue;
            };
            let is_one = |wanted| self.standing(*order, &row.serial()) == Some(wanted);
            if wanted.is_none_or(is_one) {
                found.set(row.place());
            }
        }
        found
    }

    /// How many places are looked at, or are to be.
    pub fn looking(&self) -> usize {
        self.wanted.len()
    }

    /// Whether something of an order is looked at, or is to be.
    pub fn is_looking(&self, order: OrderId) -> bool {
        self.wanted.values().any(|orders| orders.contains(&order))
    }

    /// What was seen of an order, what counts for most first: where, how it stands now, and all of it.
    pub fn seen(&self, order: OrderId, account: &Account) -> Vec<(&Target, Standing, &Seen)> {
        let primary = primary(order, account);
        let looks = self.orders.get(&order).into_iter().flatten();
        let mut all: Vec<_> = looks
            .map(|(target, seen)| (target, seen.now(&primary), seen))
            .collect();
        all.sort_by_key(|(_, standing, _)| std::cmp::Reverse(*standing));
        all
    }

    /// What was seen of what was asked for together, in a few words: nothing while any is under way.
    pub(in crate::app) fn summary(&self, account: &Account) -> Option<String> {
        if self.looking() > 0 {
            return None;
        }
        let mut counts = BTreeMap::new();
        for (order, target) in &self.asked {
            let own = || Some((*order, self.orders.get(order)?.get(target)?));
            // Where no order was looked at, it may be the certificate of any.
            let seen = match *order {
                NO_ORDER => self.last(target, None),
                _ => own(),
            };
            if let Some((order, seen)) = seen {
                *counts
                    .entry(seen.now(&primary(order, account)))
                    .or_insert(0) += 1;
            }
        }
        let told = counts
            .iter()
            .rev()
            .map(|(standing, count)| format!("{count} {}", tally(*standing)));
        let told: Vec<String> = told.collect();
        Some(format!("Served, seen from here: {}.", told.join(", ")))
    }

    /// How many places are left, for the status line.
    pub(in crate::app) fn left(&self) -> String {
        let left = counted(self.looking(), "place", "places");
        format!("Looking at {left}…")
    }
}

/// What is counted of a standing.
fn tally(standing: Standing) -> &'static str {
    match standing {
        Standing::This => "this one",
        Standing::Earlier => "earlier",
        Standing::Duplicate => "duplicate",
        Standing::Other => "other",
        Standing::None => "none",
    }
}

/// Whether the certificates of an order are for servers.
fn is_served(order: OrderId, account: &Account) -> bool {
    let row = account.orders.get(order);
    let product = row.and_then(|row| row.product());
    let product = product.or_else(|| Some(&account.order(order)?.product));
    product.is_none_or(is_for_servers)
}

/// Whether certificates of a product are for servers, as far as is known.
pub(in crate::app) fn is_for_servers(product: &ProductRef) -> bool {
    let family = product.family();
    family.is_tls() || family == Family::Other
}

/// The names of an order, each once.
fn names(order: OrderId, account: &Account) -> Vec<String> {
    let all: Vec<String> = match (account.orders.get(order), account.order(order)) {
        (Some(row), _) => row.names_text().split('\n').map(str::to_owned).collect(),
        (None, Some(order)) => {
            let certificate = &order.certificate;
            let own = std::iter::once(&certificate.common_name);
            own.chain(&certificate.dns_names).cloned().collect()
        }
        (None, None) => Vec::new(),
    };
    once(&all)
}

/// The serial number of an order's primary certificate, or the empty text.
pub(in crate::app) fn primary(order: OrderId, account: &Account) -> String {
    let row = account
        .orders
        .get(order)
        .map(|row| row.serial().into_owned());
    let known = || account.order(order)?.certificate.serial.clone();
    row.or_else(known).unwrap_or_default()
}

fn standing(
    order: OrderId,
    served: &Served,
    account: &Account,
    before: Option<Standing>,
) -> Standing {
    let Some(certificate) = served.certificate() else {
        return Standing::None;
    };
    let known: &[Certificate] = match account.known.get(&order) {
        Some(data) => data.certificates(),
        None => &[],
    };
    Standing::of(certificate, &primary(order, account), known, before)
}
