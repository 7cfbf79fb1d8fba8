//! Renewing an order: first it is looked whether a newer order covers the same names, for a duplicate of that one costs
//! nothing and makes no order more (page *Request duplicate certificates*). Renewals are followed to their end: of an
//! order that was renewed by B, and B by C, a duplicate comes from C.

use std::borrow::Cow;

use super::effect::{Effect, Read};
use super::model::Model;
use super::opening;
use super::popup::{Newer, Popup};
use super::remote::Remote;
use crate::app::status::Tone;
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
pub(super) fn begin(model: &mut Model, id: OrderId) -> Vec<Effect> {
    if info(model, id).is_none() {
        return opening::open_form(model, FormKind::Renew, id);
    }
    let by_names = by_names(model, id);
    if way(model, id, by_names.as_ref()).is_none() {
        return renew(model, id);
    }
    model.popups.push(Popup::Newer(Newer {
        due: id,
        by_names,
        error: None,
    }));
    follow(model)
}

/// Whether there is an order newer than this one that may serve in its place, as far as is known: by which one it was
/// renewed stands in its info.
pub(super) fn has_newer(model: &Model, id: OrderId) -> bool {
    let row = model.engine.account.orders.get(id);
    let is_renewed = info(model, id).is_none() && row.is_some_and(|row| row.is_renewed);
    is_renewed || way(model, id, by_names(model, id).as_ref()).is_some()
}

/// The ordinary renewal, or why there is none.
fn renew(model: &mut Model, id: OrderId) -> Vec<Effect> {
    match no_renewal(model, id) {
        Some(why) => {
            model.set_status(Tone::Warn, why);
            Vec::new()
        }
        None => opening::open_form(model, FormKind::Renew, id),
    }
}

fn no_renewal(model: &Model, id: OrderId) -> Option<String> {
    let ruling = may_renew(info(model, id)?, model.today());
    let finding = ruling.blocking().next()?;
    Some(format!("Order {id}: {}", finding.reason))
}

fn info(model: &Model, id: OrderId) -> Option<&Order> {
    model.engine.account.known.get(&id)?.order.value()
}

/// The newest order of the list with the names of this one, and why.
fn by_names(model: &Model, id: OrderId) -> Option<(OrderId, String)> {
    let orders = &model.engine.account.orders;
    let due = match info(model, id) {
        Some(due) => Cow::Borrowed(due),
        None => Cow::Owned(Order::of_row(&orders.summary(orders.get(id)?))),
    };
    let wanted = names::set(&due.certificate.common_name, &due.certificate.dns_names);
    let first = wanted.iter().next()?;
    // Of a large account only rows that hold one of the names are looked at closely.
    let near: Vec<_> = orders
        .rows()
        .iter()
        .filter(|row| row.names_text().contains(first.as_str()))
        .map(|row| orders.summary(row))
        .collect();
    let source = newer::in_place_of(&due, &near, model.today())?;
    Some((source.order.id, source.why))
}

/// From the order that is due to the newest one, by the links of the orders that are known; without a link by the
/// names. `None` when there is no newer one.
fn way(model: &Model, due: OrderId, by_names: Option<&(OrderId, String)>) -> Option<Vec<OrderId>> {
    let today = model.today();
    let next = |id| info(model, id)?.renewed_by;
    let linked = renew::newest(due, next);
    let named = by_names.map(|(first, _)| {
        let mut way = vec![due];
        way.extend(renew::newest(*first, next));
        way
    });
    let useless =
        |id| info(model, id).is_some_and(|order| !may_duplicate(order, None, today).allowed());
    match (linked.len(), named) {
        (1, named) => named,
        (_, Some(named)) if linked.last().is_some_and(|id| useless(*id)) => Some(named),
        _ => Some(linked),
    }
    .filter(|way| way.last() != Some(&due))
}

/// The order that could serve in place of a renewal, as much as is known of it by now.
pub fn found<'a>(model: &'a Model, asked: &Newer) -> Option<Found<'a>> {
    let way = way(model, asked.due, asked.by_names.as_ref())?;
    let id = *way.last()?;
    let data = model.engine.account.known.get(&id);
    let order = data.and_then(|data| data.order.value());
    let conditions = match (info(model, asked.due), order, data) {
        (Some(due), Some(order), Some(data)) => {
            let product = model.engine.account.products.get(&order.product.name_id);
            let product = product.and_then(Remote::value);
            newer::conditions(due, order, product, data.requests(), model.today())
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
        no_renewal: no_renewal(model, asked.due),
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

fn asked(model: &Model) -> Option<&Newer> {
    model.popups.iter().rev().find_map(|popup| match popup {
        Popup::Newer(newer) => Some(newer),
        _ => None,
    })
}

/// Reads what is not known yet of the newest order.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    let Some(found) = asked(model).and_then(|asked| found(model, asked)) else {
        return Vec::new();
    };
    let id = found.id;
    let Some(order) = found.order else {
        let asked = model.engine.account.known.get(&id).map(|data| &data.order);
        return if asked.is_none_or(|order| *order == Remote::Idle) {
            model.engine.account.read_order(id, false)
        } else {
            Vec::new()
        };
    };
    let name = order.product.name_id.clone();
    if model
        .engine
        .account
        .products
        .get(&name)
        .is_none_or(|known| *known == Remote::Idle)
    {
        return vec![model.engine.account.read(Read::Product(name))];
    }
    Vec::new()
}

/// Why a key does nothing while a newer order is offered.
pub(super) fn why_not(model: &Model, asked: &Newer, action: Action) -> Option<String> {
    match action {
        Action::Open => match found(model, asked) {
            Some(found) => found.why_not(),
            None => Some("No newer order can be duplicated instead.".into()),
        },
        Action::Renew => no_renewal(model, asked.due),
        _ => None,
    }
}

/// Keys while a newer order is offered.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(asked) = asked(model).cloned() else {
        return Vec::new();
    };
    let id = found(model, &asked).map_or(asked.due, |found| found.id);
    let refused = why_not(model, &asked, action);
    if refused.is_some() {
        if let Some(Popup::Newer(newer)) = model.popups.last_mut() {
            newer.error = refused;
        }
        return Vec::new();
    }
    match action {
        Action::Open => {
            model.popups.pop();
            opening::open_form(model, FormKind::Duplicate, id)
        }
        Action::Renew => {
            model.popups.pop();
            opening::open_form(model, FormKind::Renew, asked.due)
        }
        Action::Refresh => model.engine.account.read_order(id, true),
        Action::Back => {
            model.popups.pop();
            Vec::new()
        }
        _ => Vec::new(),
    }
}
