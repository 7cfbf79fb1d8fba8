//! Which certificate an endpoint gets, by what is known of the account: the rule is [`endpoint_plan`], here stands what it
//! goes by.

pub mod auto;

use std::collections::BTreeSet;

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

/// An endpoint that a certificate is requested for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub target: Target,
    /// The order that has what it serves.
    pub of: Option<OrderId>,
    /// The order that its name belongs to.
    pub owner: Option<OrderId>,
}

/// What it gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
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
        names,
        decision,
        choices,
    }
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
    for (id, why) in &decision.passed_over {
        let row = near.iter().find(|row| row.id == *id);
        if row.is_some_and(|row| may_duplicate(&known(row), None, today).allowed()) {
            all.push((Step::Duplicate(*id), format!("order {id} {why}")));
        }
    }
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
    let next = |id| engine.account.order(id)?.renewed_by;
    let first = asked.of.or(asked.owner);
    let way = first.map_or_else(Vec::new, |first| renew::newest(first, next));
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
