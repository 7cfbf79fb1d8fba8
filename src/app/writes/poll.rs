//! Looks whose time has come, with as few calls as tell what a watch waits for: the order alone while somebody has to
//! approve, the duplicates alone while they are issued (of one order all together), the rows of the list for all reissues whose
//! answers brought a certificate, and for what changes the state of its order one list of changes for all watches together. Every few looks everything is read all the same: what the
//! list leaves out is not documented.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::verify::cannot_tell;
use super::{Below, Watch, Writes, names};
use crate::app::account::OrderData;
use crate::app::effect::Read;
use crate::app::remote::Remote;
use crate::domain::failure::Failure;
use crate::domain::ids::{DomainId, OrderId, RequestId};
use crate::domain::write::{Stage, WriteKind};

/// Looks at first at which everything is read: most work is done within seconds.
pub(super) const QUICK: usize = 3;

/// One of so many later looks reads everything.
const WHOLE: usize = 4;

/// Orders with requests that wait for somebody, from which on the list of requests is read in place of each order.
const TOGETHER: usize = 3;

/// Seconds by which the list of changes reaches further back than the pause, so that none falls between two looks.
const MARGIN: i64 = 60;

/// What tells whether a watch goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// Its row in the list of orders.
    Listed,
    /// The list of orders whose state changed.
    Changes,
    Duplicates,
    Order,
    /// Everything that is known of an order.
    Whole,
}

fn look(watch: &Watch) -> Look {
    if watch.looks <= QUICK && watch.trouble.is_none() && watch.replaces() {
        return Look::Listed;
    }
    let quick = watch.looks <= QUICK && !is_shared(watch);
    if quick || watch.looks.is_multiple_of(WHOLE) || watch.trouble.is_some() {
        return Look::Whole;
    }
    match (&watch.stage, watch.outgoing.kind) {
        (Stage::AwaitsApproval(_), _) => Look::Order,
        (Stage::AwaitsCertificate(_), WriteKind::Duplicate) => Look::Duplicates,
        (
            Stage::AwaitsCertificate(_),
            WriteKind::Reissue | WriteKind::Renew | WriteKind::NewOrder,
        ) => Look::Changes,
        _ => Look::Whole,
    }
}

/// Whether one read tells, by the number of its request or certificate, what came of it and of all others like it on its
/// order: they are looked for together.
fn is_shared(watch: &Watch) -> bool {
    match watch.stage {
        Stage::AwaitsApproval(_) => true,
        Stage::AwaitsCertificate(Some(_)) => watch.outgoing.kind == WriteKind::Duplicate,
        _ => false,
    }
}

impl Writes {
    /// Looks whose time has come.
    pub fn due(&mut self, below: &mut Below<'_>) {
        let connected = below.account.is_connected();
        let mark = below.account.mark();
        let mut looks: BTreeSet<(OrderId, Look)> = BTreeSet::new();
        let mut references: BTreeSet<String> = BTreeSet::new();
        let mut requests: BTreeSet<RequestId> = BTreeSet::new();
        let mut domains: BTreeSet<DomainId> = BTreeSet::new();
        let mut back = 0;
        let now = below.now;
        let is_due = |watch: &Watch| watch.due.is_some_and(|due| due <= now);
        let shared: BTreeSet<OrderId> = self
            .all
            .iter()
            .filter(|watch| is_shared(watch) && is_due(watch))
            .filter_map(|watch| watch.order)
            .collect();
        let by_list = |watch: &Watch| look(watch) == Look::Listed;
        let listed = self.all.iter().any(|watch| by_list(watch) && is_due(watch));
        let awaits = |watch: &Watch| matches!(watch.stage, Stage::AwaitsApproval(_));
        let waiting = || self.all.iter().filter(|watch| awaits(watch));
        let together = waiting().count() >= TOGETHER && waiting().any(is_due);
        for watch in &mut self.all {
            let along = || {
                is_shared(watch) && watch.order.is_some_and(|id| shared.contains(&id))
                    || listed && by_list(watch)
                    || together && awaits(watch)
            };
            if watch.due.is_none() || !(is_due(watch) || along()) {
                continue;
            }
            watch.due = None;
            // Once there is somebody to ask, every watch is due again.
            if !connected {
                continue;
            }
            back = back.max(watch.pause());
            watch.looks += 1;
            watch.mark = mark;
            match (watch.order, watch.outgoing.request) {
                (Some(order), _) => {
                    looks.insert((order, look(watch)));
                }
                (None, Some(request)) => {
                    requests.insert(request);
                }
                (None, None) => {
                    references.extend(watch.outgoing.reference());
                    domains.extend(watch.outgoing.domain());
                }
            }
        }
        let references = references.into_iter().map(Read::OrdersByReference);
        let requests = requests.into_iter().map(Read::Request);
        let domains = domains.into_iter().map(Read::Domain);
        for read in references.chain(requests).chain(domains) {
            below.turn.push(below.account.read(read));
        }
        if self.looked_for_together(&mut looks) {
            below.turn.push(below.account.read(Read::Requests));
        }
        let whole = |order: OrderId| looks.contains(&(order, Look::Whole));
        let mut by_changes = false;
        let mut by_list = Vec::new();
        for (order, look) in &looks {
            match look {
                Look::Whole => self.read_whole(*order, below),
                _ if whole(*order) => {}
                Look::Order => below.turn.push(below.account.read(Read::Order(*order))),
                Look::Duplicates => below
                    .turn
                    .push(below.account.read(Read::Duplicates(*order))),
                Look::Listed => by_list.push(*order),
                Look::Changes => {
                    by_changes = true;
                    below.account.changes.orders.insert(*order);
                }
            }
        }
        if by_changes {
            let seconds = u32::try_from(back + MARGIN).unwrap_or(u32::MAX);
            below.turn.push(below.account.read(Read::Changes(seconds)));
        }
        if !by_list.is_empty() {
            below.turn.push(below.account.read_listed(by_list));
        }
    }

    /// Takes the orders out of which a request alone is waited for, where they are several: the list of requests tells of all.
    fn looked_for_together(&mut self, looks: &mut BTreeSet<(OrderId, Look)>) -> bool {
        let mut alone: BTreeSet<OrderId> = looks.iter().map(|(order, _)| *order).collect();
        let others = self.all.iter().filter(|watch| watch.looks_on());
        let others = others.filter(|watch| !matches!(watch.stage, Stage::AwaitsApproval(_)));
        for order in others.filter_map(|watch| watch.order) {
            alone.remove(&order);
        }
        let waits = |watch: &&Watch| matches!(watch.stage, Stage::AwaitsApproval(_));
        let waiting = self.all.iter().filter(waits);
        let waiting: BTreeSet<OrderId> = waiting.filter_map(|watch| watch.order).collect();
        alone.retain(|order| waiting.contains(order));
        // What the list does not tell is seen by a look at the order now and then, and at once where the list failed.
        for watch in self.all.iter().filter(|watch| awaits_itself(watch)) {
            if let Some(order) = watch.order {
                alone.remove(&order);
            }
        }
        if alone.len() < TOGETHER {
            return false;
        }
        looks.retain(|(order, _)| !alone.contains(order));
        self.together.extend(alone);
        true
    }

    /// The list of requests came, or did not: orders whose request does not wait any more are read.
    pub fn on_requests(&mut self, below: &mut Below<'_>) {
        let asked = std::mem::take(&mut self.together);
        if asked.is_empty() {
            return;
        }
        let read = &below.account.requests.waiting;
        let failure = read.failure().cloned();
        let listed = read.value().into_iter().flatten();
        let listed: BTreeSet<RequestId> = listed.map(|request| request.id).collect();
        let mut decided = BTreeSet::new();
        for watch in &mut self.all {
            let order = watch.order.filter(|order| asked.contains(order));
            let (Some(order), Stage::AwaitsApproval(request)) = (order, &watch.stage) else {
                continue;
            };
            watch.trouble.clone_from(&failure);
            if failure.is_none() && !listed.contains(request) {
                decided.insert(order);
            } else if watch.due.is_none() {
                watch.wait(below.now);
            }
        }
        for order in decided {
            self.read_whole(order, below);
        }
    }

    fn read_whole(&self, order: OrderId, below: &mut Below<'_>) {
        below.turn.extend(below.account.read_order(order, true));
        let about_domains = self.all.iter().any(|watch| {
            watch.order == Some(order) && watch.looks_on() && watch.outgoing.kind.is_about_domains()
        });
        if about_domains {
            let reads = names::read(below.account, self, order, true);
            below.turn.extend(reads);
        }
    }

    /// Nothing more is sent in a row: what its answers brought is looked for.
    pub(in crate::app) fn look_for_all(&mut self, now: Timestamp) {
        for watch in &mut self.all {
            if watch.looks == 0 && watch.replaces() && watch.due.is_some() {
                let others = watch.due;
                watch.wait(now);
                watch.due = watch.due.min(others);
            }
        }
    }

    /// Orders came as the list has them, or did not: what waits for their certificates goes on.
    pub fn on_listed(&mut self, asked: &[OrderId], below: &mut Below<'_>) {
        let failure = below.account.listed.read.failure().cloned();
        for order in asked {
            for watch in &mut self.all {
                if watch.order == Some(*order) && watch.replaces() {
                    watch.trouble.clone_from(&failure);
                }
            }
            self.advance(*order, below);
        }
        // Nothing is known of some: they are looked for again all the same.
        let waits = |watch: &&mut Watch| {
            let is_asked = watch.order.is_some_and(|order| asked.contains(&order));
            is_asked && watch.due.is_none() && watch.replaces()
        };
        for watch in self.all.iter_mut().filter(waits) {
            watch.wait(below.now);
        }
    }

    /// The list of changes came, or did not: what it names is read, everything else waits on.
    pub fn on_changes(&mut self, below: &mut Below<'_>) {
        let changes = &mut below.account.changes;
        let asked = std::mem::take(&mut changes.orders);
        let failure = changes.read.failure().cloned();
        let changed: Vec<OrderId> = changes.read.value().cloned().unwrap_or_default();
        let changed = |order: &OrderId| failure.is_none() && changed.contains(order);
        for watch in &mut self.all {
            let Some(order) = watch.order.filter(|order| asked.contains(order)) else {
                continue;
            };
            watch.trouble.clone_from(&failure);
            if !changed(&order)
                && watch.due.is_none()
                && matches!(watch.stage, Stage::AwaitsCertificate(_))
            {
                watch.wait(below.now);
            }
        }
        for order in asked.into_iter().filter(changed) {
            self.read_whole(order, below);
        }
    }
}

/// Whether its own order is read in place of the list of requests.
fn awaits_itself(watch: &Watch) -> bool {
    let is_waiting = matches!(watch.stage, Stage::AwaitsApproval(_));
    is_waiting && (watch.trouble.is_some() || watch.looks.is_multiple_of(2 * WHOLE))
}

/// How far a look has come.
pub(super) enum Looked {
    /// Something of it is on its way, or was not asked for.
    NotYet,
    /// Something could not be read.
    Failed(Failure),
    /// Everything that could show the write was asked for after the look began, and came.
    Whole,
}

/// How far the look at an order has come that a watch is in.
pub(super) fn looked(watch: &Watch, data: &OrderData) -> Looked {
    let kind = watch.outgoing.kind;
    let (order, lists) = (&data.order, [&data.duplicates, &data.reissues]);
    let domains = Some(&data.domains).filter(|_| kind.is_about_domains());
    // A CSR stands in a request alone while somebody has to approve it; what was read of it before stays so.
    let with_csr = watch.outgoing.expected.is_some();
    let requests = || data.requests.values().filter(|_| with_csr);
    let loading = data.is_loading()
        || domains.is_some_and(Remote::is_loading)
        || requests().any(Remote::is_loading);
    if loading {
        return Looked::NotYet;
    }
    let failure = order
        .failure()
        .or_else(|| lists.iter().find_map(|list| list.failure()))
        .or_else(|| domains.and_then(Remote::failure))
        .or_else(|| requests().find_map(Remote::failure));
    if let Some(failure) = failure {
        return Looked::Failed(failure.clone());
    }
    let domains = domains.is_none_or(|domains| domains.is_since(watch.mark));
    if !(data.lists_since(watch.mark) && domains) {
        return Looked::NotYet;
    }
    match cannot_tell(data, watch) {
        Some(why) => {
            let advice = "Look for it in the console before you send the same again.";
            Looked::Failed(Failure::local(why, advice))
        }
        None => Looked::Whole,
    }
}
