//! Which certificate an endpoint gets, by what is known of the account: the rule is [`endpoint_plan`], here stands what it
//! goes by.

pub mod auto;

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::app::account::rows::Bits;
use crate::app::effect::{Effect, Read};
use crate::app::engine::Engine;
use crate::app::remote::Remote;
use crate::domain::endpoint::Target;
use crate::domain::endpoint_plan::{self, Case, Decision, Serves, Step};
use crate::domain::ids::OrderId;
use crate::domain::names;
use crate::domain::order::{Order, OrderSummary};
use crate::domain::rules::duplicate::may_duplicate;
use crate::domain::rules::newer::{self, Condition};
use crate::domain::rules::place::may_renew;
use crate::domain::rules::reissue::may_reissue;
use crate::domain::rules::renew;

/// Orders that are offered beside what is decided, at most.
const OTHERS: usize = 9;

/// Orders that are read at once to follow renewals, at most.
const AT_ONCE: usize = 20;

/// An endpoint that a certificate is requested for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub target: Target,
    /// The order that has what it serves.
    pub of: Option<OrderId>,
    /// The order that its name belongs to.
    pub owner: Option<OrderId>,
}

/// What an advice is made of, to tell whether it would be another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Basis {
    orders: (u32, usize),
    len: usize,
    served: u64,
    added: u64,
    account: u64,
    today: Date,
}

impl Basis {
    /// What is known now.
    pub fn of(engine: &Engine) -> Self {
        Self {
            orders: engine.account.orders.revision(),
            len: engine.account.orders.len(),
            served: engine.served.revision(),
            added: engine.added.revision(),
            account: engine.account.revision(),
            today: engine.today(),
        }
    }
}

/// What it gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// The order that was renewed, while it is not known by which: what is decided may be another then.
    pub unread: Option<OrderId>,
    /// The names that the certificate needs, the common name first; none where they are not known.
    pub names: Vec<String>,
    pub decision: Decision,
    /// What can be done, what is decided first, each with why.
    pub choices: Vec<(Step, String)>,
}

/// What an endpoint gets.
pub fn advise(engine: &Engine, asked: &Asked) -> Advice {
    let account = &engine.account;
    let row = |id| account.orders.get(id).map(|row| row.summary());
    let order = asked.of.or(asked.owner).and_then(row);
    let last = engine.served.last(&asked.target, asked.owner);
    let served = last.and_then(|(_, seen)| seen.served.certificate());
    let names = match served {
        Some(served) if !served.names.is_empty() => named(&served.name, &served.names),
        Some(_) => order.as_ref().map_or_else(Vec::new, |order| {
            named(&order.common_name, &order.dns_names)
        }),
        None if names::is_address(&asked.target.name) => Vec::new(),
        None => vec![asked.target.name.clone()],
    };
    let serves = match served {
        Some(served) if asked.of.is_some() => {
            Serves::Own(served.expires.to_zoned(TimeZone::UTC).date())
        }
        Some(_) => Serves::Other,
        None => Serves::Nothing,
    };
    let wanted: BTreeSet<String> = names.iter().cloned().collect();
    let mut near = near(engine, &wanted);
    let next = |id| account.order(id)?.renewed_by;
    let way = order
        .as_ref()
        .map_or_else(Vec::new, |order| renew::newest(order.id, next));
    for id in way {
        if !near.iter().any(|order| order.id == id) {
            near.extend(row(id));
        }
    }
    let case = Case {
        names: &wanted,
        serves,
        order: order.as_ref(),
        today: engine.today(),
    };
    let waits = |id: OrderId| account.requests.replacing.contains(&id);
    let decision = endpoint_plan::plan(&case, &near, next, waits);
    let choices = choices(engine, &decision, &near, order.as_ref());
    Advice {
        unread: unread(engine, asked),
        names,
        decision,
        choices,
    }
}

/// The order of an endpoint, and those that renewed it one after the other, as far as that is known.
pub(in crate::app) fn way(engine: &Engine, asked: &Asked) -> Vec<OrderId> {
    let next = |id| engine.account.order(id)?.renewed_by;
    let first = asked.of.or(asked.owner);
    first.map_or_else(Vec::new, |first| renew::newest(first, next))
}

/// The order on the way to the newest that was renewed, by its row in the list, and was not read: by which stands in its info
/// alone.
pub(in crate::app) fn unread(engine: &Engine, asked: &Asked) -> Option<OrderId> {
    let last = *way(engine, asked).last()?;
    let is_renewed = engine.account.orders.get(last)?.is_renewed;
    (is_renewed && engine.account.order(last).is_none()).then_some(last)
}

/// Reads what tells by which orders those of these endpoints were renewed, a few at a time.
pub(in crate::app) fn read_ways<'a>(
    engine: &mut Engine,
    asked: impl Iterator<Item = &'a Asked>,
) -> Vec<Effect> {
    let wanted: BTreeSet<OrderId> = asked.filter_map(|asked| unread(engine, asked)).collect();
    let read = |id: &OrderId| Some(&engine.account.known.get(id)?.order);
    let loading = wanted
        .iter()
        .filter(|id| read(id).is_some_and(Remote::is_loading));
    let room = AT_ONCE.saturating_sub(loading.count());
    let is_idle = |id: &&OrderId| read(id).is_none_or(|read| *read == Remote::Idle);
    let wanted: Vec<OrderId> = wanted.iter().filter(is_idle).take(room).copied().collect();
    let reads = wanted
        .into_iter()
        .filter_map(|id| engine.account.read_info(id));
    reads.collect()
}

/// Names in the spelling in which they are compared, each once, the common name first.
fn named(common: &str, all: &[String]) -> Vec<String> {
    let set = names::set("", all);
    let common = names::normalise(common);
    let first = set.get(&common).cloned();
    let rest = set.iter().filter(|name| Some(*name) != first.as_ref());
    first.iter().chain(rest).cloned().collect()
}

/// The orders that have one of the names, which those with all of them do.
fn near(engine: &Engine, wanted: &BTreeSet<String>) -> Vec<OrderSummary> {
    let orders = &engine.account.orders;
    let Some(first) = wanted.first() else {
        return Vec::new();
    };
    let near = orders.with_name_text(first, &Bits::all(orders.len()));
    let rows = near.places().filter_map(|place| orders.at(place));
    rows.map(|row| row.summary()).collect()
}

/// What is decided, and what else can be done.
fn choices(
    engine: &Engine,
    decision: &Decision,
    near: &[OrderSummary],
    order: Option<&OrderSummary>,
) -> Vec<(Step, String)> {
    let today = engine.today();
    let mut all = vec![(decision.step, decision.why.clone())];
    let known = |row: &OrderSummary| {
        let info = engine.account.order(row.id).cloned();
        info.unwrap_or_else(|| Order::of_row(row))
    };
    let others = decision.passed_over.iter().filter(|(id, _)| {
        let row = near.iter().find(|row| row.id == *id);
        row.is_some_and(|row| may_duplicate(&known(row), None, today).allowed())
    });
    let others = others.take(OTHERS);
    all.extend(others.map(|(id, why)| (Step::Duplicate(*id), format!("order {id} {why}"))));
    if let Some(order) = order {
        let info = known(order);
        let mine = [
            (Step::Reissue(order.id), may_reissue(&info, today).allowed()),
            (Step::Renew(order.id), may_renew(&info, today).allowed()),
        ];
        for (step, may) in mine {
            if may && step != decision.step {
                all.push((step, "instead, as on the order itself".into()));
            }
        }
    }
    if decision.step != Step::NewOrder {
        all.push((Step::NewOrder, "instead, with the names filled in".into()));
    }
    all
}

/// What has to hold for a duplicate of an order, as far as is known.
pub fn conditions(engine: &Engine, step: Step) -> Vec<Condition> {
    let Step::Duplicate(id) = step else {
        return Vec::new();
    };
    let data = engine.account.known.get(&id);
    let order = data.and_then(|data| data.order.value());
    let product = order.and_then(|order| engine.account.products.get(&order.product.name_id));
    let product = product.and_then(Remote::value);
    let requests = data.map_or(&[][..], |data| data.requests());
    newer::preconditions(order, product, requests)
}

/// Reads what is not known yet of the orders that it is about: by which others they were renewed stands in their info.
pub(in crate::app) fn want(engine: &mut Engine, asked: &Asked, chosen: Step) -> Vec<Effect> {
    let way = way(engine, asked);
    let mut effects = Vec::new();
    for id in way.into_iter().chain(chosen.order()) {
        let account = &mut engine.account;
        let read = account.known.get(&id).map(|data| &data.order);
        if read.is_none_or(|read| *read == Remote::Idle) {
            effects.extend(account.read_order(id, false));
        } else if let Some(order) = account.order(id).filter(|_| Some(id) == chosen.order()) {
            let name = order.product.name_id.clone();
            let product = account.products.get(&name);
            if product.is_none_or(|product| *product == Remote::Idle) {
                effects.push(account.read(Read::Product(name)));
            }
        }
    }
    effects
}
