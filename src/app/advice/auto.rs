//! The endpoints that the settings want replaced by the rule (`auto = "duplicate-or-renew"`): when each is due, and what it
//! gets then. Nothing is sent by itself: the desk opens the form on a yes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Advice, Asked, Basis, advise, read_ways};
use crate::app::account::rows::Bits;
use crate::app::engine::Engine;
use crate::app::served::primary;
use crate::app::turn::Turn;
use crate::domain::endpoint::{NO_ORDER, Target};
use crate::domain::endpoint_plan::{Step, is_due};
use crate::domain::ids::OrderId;
use crate::domain::served::Standing;
use crate::domain::status::OrderStatus;

/// Between two makings while what they go by changes.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// An endpoint that is replaced by the rule.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoRow {
    pub asked: Asked,
    /// The last day of what it serves; `None` where nobody looked, or it serves none.
    pub expires: Option<Date>,
    pub step: Step,
    pub why: String,
    /// The order that was renewed, while it is not known by which: what it gets may be another then.
    pub unread: Option<OrderId>,
}

impl AutoRow {
    /// What it gets, for a person.
    pub fn words(&self) -> String {
        match self.unread {
            Some(order) => format!("loading by which order {order} was renewed"),
            None => self.step.words(),
        }
    }

    /// Whether it is due to be replaced.
    pub fn is_due(&self, today: Date) -> bool {
        is_due(self.expires, today)
    }
}

/// The endpoints that are replaced by the rule, made while somebody looks at what shows them.
#[derive(Debug, PartialEq, Default)]
pub struct AutoPlan {
    pub rows: Vec<AutoRow>,
    /// When they are to be made anew.
    pub due: Option<Timestamp>,
    made: Option<(Basis, Timestamp)>,
}

impl AutoPlan {
    /// What an endpoint gets by the rule.
    pub fn of(&self, target: &Target) -> Option<&AutoRow> {
        self.rows.iter().find(|row| row.asked.target == *target)
    }

    /// Keeps the rows in step with what is known, at most once a second.
    pub(in crate::app) fn refresh(&mut self, engine: &Engine, now: Timestamp) {
        self.due = None;
        if engine.added.auto.is_empty() {
            return;
        }
        let basis = Basis::of(engine);
        if let Some((made, at)) = self.made {
            let next = at.checked_add(PAUSE).ok().filter(|next| now < *next);
            if made == basis {
                return;
            }
            if next.is_some() && at <= now {
                self.due = next;
                return;
            }
        }
        self.made = Some((basis, now));
        self.rows = rows(engine);
    }
}

/// The endpoints that are replaced by the rule, what expires first first. For scripts as for the desk: it decides, and sends
/// nothing.
pub fn rows(engine: &Engine) -> Vec<AutoRow> {
    let mut all: Vec<AutoRow> = Vec::new();
    for name in &engine.added.auto {
        let own = Target::of_name(name);
        let named = engine.served.endpoints.iter().filter(|(of, _)| of == name);
        let named = named.flat_map(|(_, endpoints)| endpoints);
        let named = named.map(|endpoint| Target::at(endpoint.clone(), name));
        let added = engine.added.all().map(|(_, target)| target);
        let added = added.filter(|target| target.name == *name).cloned();
        let owner = owner(name, engine);
        for target in own.into_iter().chain(named).chain(added) {
            if !all.iter().any(|row| row.asked.target == target) {
                all.push(row(target, owner, engine));
            }
        }
    }
    all.sort_by_key(|row| (row.expires.is_none(), row.expires));
    all
}

/// Reads what decides and is not known yet: by which others orders were renewed. Whether anything has to be read.
pub fn read(engine: &mut Engine, turn: &mut Turn) -> bool {
    let all = rows(engine);
    let effects = read_ways(engine, all.iter().map(|row| &row.asked));
    let reads = !effects.is_empty();
    turn.extend(effects);
    reads
}

/// The orders that endpoints have what they serve from, or that their names belong to.
pub fn orders(engine: &Engine) -> Vec<OrderId> {
    let all = rows(engine).into_iter();
    let orders: BTreeSet<OrderId> = all
        .filter_map(|row| row.asked.of.or(row.asked.owner))
        .collect();
    orders.into_iter().collect()
}

fn row(target: Target, owner: Option<OrderId>, engine: &Engine) -> AutoRow {
    let last = engine.served.last(&target, owner);
    let of = last.and_then(|(order, seen)| {
        let standing = seen.now(&primary(order, &engine.account));
        let is_own = !matches!(standing, Standing::Other | Standing::None);
        (order != NO_ORDER && is_own).then_some(order)
    });
    let served = last.and_then(|(_, seen)| seen.served.certificate());
    let asked = Asked { target, of, owner };
    let Advice {
        decision, unread, ..
    } = advise(engine, &asked);
    AutoRow {
        asked,
        expires: served.map(|one| one.expires.to_zoned(TimeZone::UTC).date()),
        step: decision.step,
        why: decision.why,
        unread,
    }
}

/// The order that a name belongs to: issued, not renewed before others, the one that lasts longest.
fn owner(name: &str, engine: &Engine) -> Option<OrderId> {
    let orders = &engine.account.orders;
    let near = orders.with_name_text(name, &Bits::all(orders.len()));
    let rows = near.places().filter_map(|place| orders.at(place));
    let has_name = rows.filter(|row| {
        let is_in_force = matches!(
            row.status(),
            OrderStatus::Issued | OrderStatus::ReissuePending
        );
        is_in_force && row.names_text().split('\n').any(|own| own == name)
    });
    let newest = has_name.max_by_key(|row| (!row.is_renewed, row.valid_till(), row.id));
    newest.map(|row| row.id)
}
