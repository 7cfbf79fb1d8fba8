//! Renewing an order: first it is looked whether a newer order covers the same names, for a duplicate of that one costs
//! nothing and makes no order more (page *Request duplicate certificates*). Renewals are followed to their end: of an
//! order that was renewed by B, and B by C, a duplicate comes from C.

use std::borrow::Cow;

use super::{Newer, Popup};
use crate::app::account::rows::Bits;
use crate::app::cx::Cx;
use crate::app::effect::Read;
use crate::app::engine::Engine;
use crate::app::remote::Remote;
use crate::app::status::Tone;
use crate::app::turn::{Open, Outcome};
use crate::domain::draft::FormKind;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::names;
use crate::domain::order::Order;
use crate::domain::rules::duplicate::may_duplicate;
use crate::domain::rules::newer::{self, Condition, Met};
use crate::domain::rules::place::may_renew;
use crate::domain::rules::renew;
use crate::keys::Action;

/// What is known of the order that could serve in place of a renewal.
#[derive(Debug)]
pub struct Found<'a> {
    pub id: OrderId,
    /// Why it is that one.
    pub why: String,
    /// Order info; absent while it is read.
    pub order: Option<&'a Order>,
    /// What has to hold for a duplicate of it.
    pub conditions: Vec<Condition>,
    /// Why it cannot be read.
    pub failure: Option<&'a Failure>,
    /// Why the order that is due cannot be renewed, if so.
    pub no_renewal: Option<String>,
}

impl Found<'_> {
    /// Why a duplicate cannot be asked for, if so.
    pub fn why_not(&self) -> Option<String> {
        if let Some(failure) = self.failure {
            return Some(failure.to_string());
        }
        if self.order.is_none() {
            return Some(format!("Order {} is still loading.", self.id));
        }
        let no = self.conditions.iter().find(|one| one.met == Met::No)?;
        Some(format!("Order {}: {}.", self.id, no.words))
    }
}

/// `n`: the ordinary renewal, or first the question whether a newer order shall serve.
pub(in crate::app) fn begin(popups: &mut Vec<Popup>, id: OrderId, cx: &mut Cx<'_>) {
    let engine = &*cx.engine;
    let by_names = by_names(engine, id);
    if info(engine, id).is_some() && way(engine, id, by_names.as_ref()).is_some() {
        popups.push(Popup::Newer(Newer {
            due: id,
            by_names,
            error: None,
        }));
        follow(popups, cx);
        return;
    }
    // The ordinary renewal, or why there is none.
    match no_renewal(engine, id) {
        Some(why) => cx.turn.set_status(Tone::Warn, why),
        None => cx.turn.ask(Outcome::Open(Open::Form(FormKind::Renew, id))),
    }
}

/// Whether there is an order newer than this one that may serve in its place, as far as is known: by which one it was
/// renewed stands in its info.
pub(in crate::app) fn has_newer(engine: &Engine, id: OrderId) -> bool {
    let row = engine.account.orders.get(id);
    let is_renewed = info(engine, id).is_none() && row.is_some_and(|row| row.is_renewed);
    is_renewed || way(engine, id, by_names(engine, id).as_ref()).is_some()
}

fn no_renewal(engine: &Engine, id: OrderId) -> Option<String> {
    let ruling = may_renew(info(engine, id)?, engine.today());
    let finding = ruling.blocking().next()?;
    Some(format!("Order {id}: {}", finding.reason))
}

fn info(engine: &Engine, id: OrderId) -> Option<&Order> {
    engine.account.known.get(&id)?.order.value()
}

/// The newest order of the list with the names of this one, and why.
fn by_names(engine: &Engine, id: OrderId) -> Option<(OrderId, String)> {
    let orders = &engine.account.orders;
    let due = match info(engine, id) {
        Some(due) => Cow::Borrowed(due),
        None => Cow::Owned(Order::of_row(&orders.get(id)?.summary())),
    };
    let wanted = names::set(&due.certificate.common_name, &due.certificate.dns_names);
    let first = wanted.iter().next()?;
    // Of a large account only rows that hold one of the names are looked at closely.
    let named = orders.with_name_text(first, &Bits::all(orders.len()));
    let near: Vec<_> = named
        .places()
        .filter_map(|place| orders.at(place))
        .map(|row| row.summary())
        .collect();
    let source = newer::in_place_of(&due, &near, engine.today())?;
    Some((source.order.id, source.why))
}

/// From the order that is due to the newest one, by the links of the orders that are known; without a link by the
/// names. `None` when there is no newer one.
fn way(
    engine: &Engine,
    due: OrderId,
    by_names: Option<&(OrderId, String)>,
) -> Option<Vec<OrderId>> {
    let today = engine.today();
    let next = |id| info(engine, id)?.renewed_by;
    let linked = renew::newest(due, next);
    let named = by_names.map(|(first, _)| {
        let mut way = vec![due];
        way.extend(renew::newest(*first, next));
        way
    });
    let useless =
        |id| info(engine, id).is_some_and(|order| !may_duplicate(order, None, today).allowed());
    match (linked.len(), named) {
        (1, named) => named,
        (_, Some(named)) if linked.last().is_some_and(|id| useless(*id)) => Some(named),
        _ => Some(linked),
    }
    .filter(|way| way.last() != Some(&due))
}

/// The order that could serve in place of a renewal, as much as is known of it by now.
pub fn found<'a>(engine: &'a Engine, asked: &Newer) -> Option<Found<'a>> {
    let way = way(engine, asked.due, asked.by_names.as_ref())?;
    let id = *way.last()?;
    let data = engine.account.known.get(&id);
    let order = data.and_then(|data| data.order.value());
    let conditions = match (info(engine, asked.due), order, data) {
        (Some(due), Some(order), Some(data)) => {
            let product = engine.account.products.get(&order.product.name_id);
            let product = product.and_then(Remote::value);
            newer::conditions(due, order, product, data.requests(), engine.today())
        }
        _ => Vec::new(),
    };
    let named = asked.by_names.as_ref().filter(|(first, _)| *first == id);
    Some(Found {
        id,
        why: match named {
            Some((_, why)) if way.len() == 2 => why.clone(),
            _ => renewals(&way),
        },
        order,
        conditions,
        failure: data.and_then(|data| data.order.failure()),
        no_renewal: no_renewal(engine, asked.due),
    })
}

/// "order 1 was renewed by 2, and 2 by 3".
fn renewals(way: &[OrderId]) -> String {
    let mut words = String::new();
    for pair in way.windows(2) {
        let step = if words.is_empty() {
            format!("order {} was renewed by {}", pair[0], pair[1])
        } else {
            format!(", {} by {}", pair[0], pair[1])
        };
        words.push_str(&step);
    }
    words
}

fn asked(popups: &[Popup]) -> Option<&Newer> {
    popups.iter().rev().find_map(|popup| match popup {
        Popup::Newer(newer) => Some(newer),
        _ => None,
    })
}

/// Reads what is not known yet of the newest order.
pub(in crate::app) fn follow(popups: &[Popup], cx: &mut Cx<'_>) {
    let Some(found) = asked(popups).and_then(|asked| found(cx.engine, asked)) else {
        return;
    };
    let id = found.id;
    let name = found.order.map(|order| order.product.name_id.clone());
    let account = &mut cx.engine.account;
    match name {
        None => {
            let asked = account.known.get(&id).map(|data| &data.order);
            if asked.is_none_or(|order| *order == Remote::Idle) {
                cx.turn.extend(account.read_order(id, false));
            }
        }
        Some(name) => {
            let known = account.products.get(&name);
            if known.is_none_or(|known| *known == Remote::Idle) {
                cx.turn.push(account.read(Read::Product(name)));
            }
        }
    }
}

/// Why a key does nothing while a newer order is offered.
pub(super) fn why_not(engine: &Engine, asked: &Newer, action: Action) -> Option<String> {
    match action {
        Action::Open => match found(engine, asked) {
            Some(found) => found.why_not(),
            None => Some("No newer order can be duplicated instead.".into()),
        },
        Action::Renew => no_renewal(engine, asked.due),
        _ => None,
    }
}

/// Keys while a newer order is offered.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let Some(asked) = asked(popups).cloned() else {
        return;
    };
    let engine = &*cx.engine;
    let id = found(engine, &asked).map_or(asked.due, |found| found.id);
    let refused = why_not(engine, &asked, action);
    if refused.is_some() {
        if let Some(Popup::Newer(newer)) = popups.last_mut() {
            newer.error = refused;
        }
        return;
    }
    let open = match action {
        Action::Open => Some(Open::Form(FormKind::Duplicate, id)),
        Action::Renew => Some(Open::Form(FormKind::Renew, asked.due)),
        Action::Back => None,
        Action::Refresh => return cx.turn.extend(cx.engine.account.read_order(id, true)),
        _ => return,
    };
    popups.pop();
    if let Some(open) = open {
        cx.turn.ask(Outcome::Open(open));
    }
}
