//! What is known of orders and organisations: read when it is wanted and not there, forgotten when nobody wanted it for
//! long.

use std::collections::HashSet;

use super::effect::{Effect, Read};
use super::model::Model;
use super::opening::is_connected;
use super::remote::Remote;
use crate::domain::ids::OrderId;

/// Orders that are kept in full.
const KNOWN: usize = 200;

/// Reads an order and its certificates; what is known already only when asked for anew.
pub(super) fn read_order(model: &mut Model, id: OrderId, anew: bool) -> Vec<Effect> {
    if !is_connected(model) {
        return Vec::new();
    }
    forget(model, id);
    let known = model.known.get(&id);
    let wanted = |known: Option<bool>| anew || known.unwrap_or(true);
    let missing = [
        (
            Read::Order(id),
            wanted(known.map(|data| is_missing(&data.order))),
        ),
        (
            Read::Duplicates(id),
            wanted(known.map(|data| is_missing(&data.duplicates))),
        ),
        (
            Read::Reissues(id),
            wanted(known.map(|data| is_missing(&data.reissues))),
        ),
    ];
    missing
        .into_iter()
        .filter(|(_, wanted)| *wanted)
        .map(|(read, _)| model.read(read))
        .collect()
}

/// Notes that an order is wanted, and forgets those that were not for long: a desk is open all day.
fn forget(model: &mut Model, id: OrderId) {
    let turn = model.ticket().0;
    model.known.entry(id).or_default().wanted = turn;
    if model.known.len() <= KNOWN {
        return;
    }
    let watched = model.watches.iter().filter(|watch| watch.looks_on());
    let watched: HashSet<OrderId> = watched.filter_map(|watch| watch.order).collect();
    let in_use = |order: &OrderId| {
        model.current_order() == Some(*order)
            || model.preview.order() == Some(*order)
            || model
                .form
                .as_ref()
                .is_some_and(|form| form.order.id == *order)
            || model.bulks.contains_key(order)
            || watched.contains(order)
    };
    let mut spare: Vec<(u64, OrderId)> = model
        .known
        .iter()
        .filter(|(order, data)| !in_use(order) && !data.is_loading())
        .map(|(order, data)| (data.wanted, *order))
        .collect();
    spare.sort_unstable();
    let surplus = model.known.len() - KNOWN;
    for (_, order) in spare.into_iter().take(surplus) {
        model.known.remove(&order);
    }
}

/// Reads what the organisation of an order is validated for; what is known only when asked for anew. Many orders share
/// one organisation.
pub(super) fn read_organization(model: &mut Model, id: OrderId, anew: bool) -> Option<Effect> {
    let order = model.known.get(&id)?.order.value()?;
    let organization = order.organization.as_ref()?.id?;
    let known = model.organizations.get(&organization);
    let wanted = anew || known.is_none_or(is_missing);
    (wanted && is_connected(model)).then(|| model.read(Read::Organization(organization)))
}

pub(super) fn is_missing<T>(remote: &Remote<T>) -> bool {
    matches!(remote, Remote::Idle | Remote::Failed { .. })
}
