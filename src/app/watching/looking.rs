//! Looks whose time has come, with as few calls as tell what a watch waits for: the order alone while somebody has to
//! approve, the duplicates alone while one is issued, and for what changes the state of its order one list of changes
//! for all watches together. Every few looks everything is read all the same: what the list leaves out is not
//! documented.

use std::collections::BTreeSet;

use crate::app::effect::{Effect, Read};
use crate::app::model::Model;
use crate::app::opening;
use crate::app::operations::names;
use crate::app::watch::{Watch, WatchState};
use crate::domain::ids::OrderId;
use crate::domain::write::WriteKind;

/// Looks at first at which everything is read: most work is done within seconds.
pub(super) const QUICK: usize = 3;

/// One of so many later looks reads everything.
const WHOLE: usize = 4;

/// Seconds by which the list of changes reaches further back than the pause, so that none falls between two looks.
const MARGIN: i64 = 60;

/// What tells whether a watch goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// The list of orders whose state changed.
    Changes,
    /// The order's duplicates.
    Duplicates,
    /// Order info.
    Order,
    /// Everything that is known of an order.
    Whole,
}

fn look(watch: &Watch) -> Look {
    if watch.looks <= QUICK || watch.looks.is_multiple_of(WHOLE) || watch.trouble.is_some() {
        return Look::Whole;
    }
    match (&watch.state, watch.outgoing.kind) {
        (WatchState::Approval(_), _) => Look::Order,
        (WatchState::Issue(_), WriteKind::Duplicate) => Look::Duplicates,
        (WatchState::Issue(_), WriteKind::Reissue | WriteKind::Renew | WriteKind::NewOrder) => {
            Look::Changes
        }
        _ => Look::Whole,
    }
}

/// Looks whose time has come.
pub(in crate::app) fn due(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let connected = opening::is_connected(model);
    let mut looks: BTreeSet<(OrderId, Look)> = BTreeSet::new();
    let mut references: Vec<String> = Vec::new();
    let mut back = 0;
    for watch in &mut model.watches {
        if watch.due.is_none_or(|due| due > now) {
            continue;
        }
        watch.due = None;
        // Once there is somebody to ask, every watch is due again.
        if !connected {
            continue;
        }
        back = back.max(watch.pause());
        watch.looks += 1;
        match watch.order {
            Some(order) => {
                looks.insert((order, look(watch)));
            }
            None => references.extend(watch.outgoing.reference()),
        }
    }
    let mut effects: Vec<Effect> = references
        .into_iter()
        .map(|reference| model.read(Read::Alternate(reference)))
        .collect();
    let whole = |order: OrderId| looks.contains(&(order, Look::Whole));
    let mut listed = false;
    for (order, look) in &looks {
        match look {
            Look::Whole => effects.extend(read_whole(model, *order)),
            _ if whole(*order) => {}
            Look::Order => effects.push(model.read(Read::Order(*order))),
            Look::Duplicates => effects.push(model.read(Read::Duplicates(*order))),
            Look::Changes => {
                listed = true;
                model.changes.orders.insert(*order);
            }
        }
    }
    if listed {
        let seconds = u32::try_from(back + MARGIN).unwrap_or(u32::MAX);
        effects.push(model.read(Read::Changes(seconds)));
    }
    effects
}

fn read_whole(model: &mut Model, order: OrderId) -> Vec<Effect> {
    let mut effects = opening::read_order(model, order, true);
    let about_domains = model.watches.iter().any(|watch| {
        watch.order == Some(order)
            && watch.state.is_open()
            && watch.outgoing.kind.is_about_domains()
    });
    if about_domains {
        effects.extend(names::read(model, order, true));
    }
    effects
}

/// The list of changes came, or did not: what it names is read, everything else waits on.
pub(in crate::app) fn changes_came(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let asked = std::mem::take(&mut model.changes.orders);
    let failure = model.changes.read.failure().cloned();
    let changed: Vec<OrderId> = model.changes.read.value().cloned().unwrap_or_default();
    let changed = |order: &OrderId| failure.is_none() && changed.contains(order);
    for watch in &mut model.watches {
        let Some(order) = watch.order.filter(|order| asked.contains(order)) else {
            continue;
        };
        watch.trouble.clone_from(&failure);
        if !changed(&order) && watch.due.is_none() && matches!(watch.state, WatchState::Issue(_)) {
            watch.wait(now);
        }
    }
    let all = asked.into_iter().filter(changed).collect::<Vec<_>>();
    all.into_iter()
        .flat_map(|order| read_whole(model, order))
        .collect()
}
