//! How many orders depend on each domain: those whose certificate expires soon and has names in it. Counted from the list of
//! orders while somebody looks, so many rows at a time.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use rustc_hash::FxBuildHasher;

use crate::app::account::Account;
use crate::app::account::rows::{Day, Lookup, OrderRow};
use crate::domain::ids::DomainId;
use crate::domain::plan::Need;

/// Days in which a certificate expires that is counted.
pub const DAYS: i32 = 60;

/// Orders that are looked at in one turn, and bytes of the names of those that count.
const STEP: (usize, usize) = (16_384, 1 << 19);

/// Between two counts of a list that changes.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// What the numbers were counted from.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Basis {
    orders: (u32, usize),
    len: usize,
    today: Date,
    /// [`Domains::revision`](crate::app::account::Domains)
    domains: u64,
}

type Counts = HashMap<DomainId, u32, FxBuildHasher>;

/// Numbers that are being counted.
#[derive(Debug, Clone, PartialEq)]
struct Counting {
    basis: Basis,
    counts: Counts,
    /// The next order.
    at: u32,
}

/// How many orders depend on each domain.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dependents {
    /// When they are to be counted anew.
    pub due: Option<Timestamp>,
    began: Option<Timestamp>,
    made: Option<(Basis, Counts)>,
    counting: Option<Counting>,
}

impl Dependents {
    /// How many orders depend on a domain, as far as they were counted.
    pub fn of(&self, id: DomainId) -> Option<u32> {
        let (_, counts) = self.made.as_ref()?;
        Some(counts.get(&id).copied().unwrap_or(0))
    }

    /// Whether they are being counted.
    pub fn is_counting(&self) -> bool {
        self.counting.is_some()
    }

    /// Counts anew where the lists are others than those that were counted, and goes on where that is under way. Whether
    /// the numbers became others.
    pub(super) fn refresh(&mut self, account: &Account, today: Date, now: Timestamp) -> bool {
        let basis = Basis {
            orders: account.orders.revision(),
            len: account.orders.len(),
            today,
            domains: account.domains.revision,
        };
        self.due = None;
        if self.made.as_ref().is_some_and(|(made, _)| *made == basis) {
            self.counting = None;
            return false;
        }
        // Places of rows hold as long as none is removed: what came meanwhile is counted the next time.
        let is_of = |counting: &Counting| {
            let of = counting.basis;
            (of.orders.0, of.today, of.domains) == (basis.orders.0, today, basis.domains)
        };
        if !self.counting.as_ref().is_some_and(is_of) {
            let next = self.next_count();
            if next.is_some_and(|next| now < next) && self.began <= Some(now) {
                self.counting = None;
                self.due = next;
                return false;
            }
            self.counting = Some(Counting {
                basis,
                counts: Counts::default(),
                at: 0,
            });
            self.began = Some(now);
        }
        let Some(counting) = &mut self.counting else {
            return false;
        };
        if !counting.go_on(account) {
            return false;
        }
        let counted = counting.basis;
        let done = self.counting.take();
        self.made = done.map(|done| (done.basis, done.counts));
        if counted != basis {
            self.due = self.next_count();
        }
        true
    }

    /// When lists that go on changing are counted the next time.
    fn next_count(&self) -> Option<Timestamp> {
        self.began.and_then(|began| began.checked_add(PAUSE).ok())
    }
}

impl Counting {
    /// Looks at some more orders. Whether all are counted.
    fn go_on(&mut self, account: &Account) -> bool {
        let orders = &account.orders;
        let today = self.basis.today;
        let lookup = Lookup::of(orders, &account.domains, today);
        let number = |days: i32| Day::from(Some(today.saturating_add(days.days()))).number();
        let (first, last) = (number(0), number(DAYS));
        let end = (self.at as usize + STEP.0).min(orders.len());
        let mut names = 0;
        while (self.at as usize) < end && names < STEP.1 {
            if let Some(row) = orders.at(self.at) {
                let ends = row.valid_till.number();
                if ends.is_some() && ends >= first && ends <= last {
                    names += self.count(row, &lookup, account);
                }
            }
            self.at += 1;
        }
        self.at as usize >= self.basis.len
    }

    /// Counts an order for each domain that it has names in. Bytes of its names.
    fn count(&mut self, row: OrderRow<'_>, lookup: &Lookup<'_>, account: &Account) -> usize {
        let standing = lookup.standing(row, false);
        let need = standing.and_then(|standing| standing.need());
        let reuses = lookup.reuses_validations(row);
        if !reuses || need.is_none_or(|need| need == Need::Done) {
            return 0;
        }
        let mut of_order: Vec<DomainId> = Vec::new();
        let text = row.names_text();
        for name in text.split('\n') {
            if let Some(domain) = account.domains.serving(name)
                && !of_order.contains(&domain.id)
            {
                of_order.push(domain.id);
                *self.counts.entry(domain.id).or_default() += 1;
            }
        }
        text.len()
    }
}
