//! Endpoints that the settings want replaced by the rule (`auto`): what those get that are due, beside the orders that are.

use std::collections::HashSet;

use jiff::SignedDuration;

use super::due::Due;
use crate::app::advice::{advise, auto};
use crate::app::effect::Read;
use crate::cli::error::CliError;
use crate::cli::send::Standing;
use crate::cli::send::changes::{Prepared, Row, Target};
use crate::cli::session::{Session, came};
use crate::domain::coverage::days_between;
use crate::domain::draft::FormKind;
use crate::domain::endpoint_plan::Step;
use crate::domain::ids::OrderId;
use crate::domain::names;
use crate::domain::write::{Arrival, WriteKind};

/// How long a duplicate that was made for an endpoint has to be installed before another is made.
const TO_INSTALL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Orders that renewed one another are read so far, at most.
const RENEWALS: usize = 50;

/// Adds what endpoints get to what is due already: one certificate for all endpoints that get the same. What is not done by
/// itself comes back, with why.
pub(super) fn add(
    session: &mut Session<'_>,
    targets: &mut Vec<Target>,
    due: &Due,
) -> Result<Vec<Prepared>, CliError> {
    if session.script.engine.added.auto.is_empty() {
        return Ok(Vec::new());
    }
    session.load()?;
    session.load_endpoints()?;
    session.load_served()?;
    let orders = auto::orders(&session.script.engine);
    session
        .script
        .does(|engine, turn| engine.look_served(&orders, turn));
    session.settle("Looking at servers");
    for _ in 0..RENEWALS {
        if !session.script.does(auto::read) {
            break;
        }
        session.settle("Loading renewals");
    }
    // Who waits for an approval is not asked for again.
    session.read([Read::Requests]);
    came(&session.script.engine.account.requests.waiting)?;
    let mut kept: Vec<Prepared> = Vec::new();
    let mut seen: Vec<(Step, Vec<String>)> = Vec::new();
    for row in auto::rows(&session.script.engine) {
        let engine = &session.script.engine;
        let left = row.expires.map(|ends| days_between(engine.today(), ends));
        let is_due = left.is_some_and(|left| left <= due.within);
        let of = row.asked.of.or(row.asked.owner);
        let is_shown = |all: &HashSet<OrderId>| of.is_some_and(|order| all.contains(&order));
        if !is_due || !due.matching.as_ref().is_none_or(is_shown) {
            continue;
        }
        let wanted = (row.step, advise(engine, &row.asked).names);
        let (step, needed) = &wanted;
        let name = row.asked.target.name.clone();
        if seen.contains(&wanted) || targets.iter().any(|known| is_same(known, *step)) {
            continue;
        }
        let why = match step {
            Step::Duplicate(order) => made_before(session, *order, needed)?,
            Step::Reissue(_) => None,
            Step::Renew(_) if due.renewals => None,
            Step::Renew(order) => Some(format!(
                "order {order} would be renewed, which costs: --allow-renewals does it"
            )),
            Step::NewOrder => Some(format!("{}: a new order is not placed by itself", row.why)),
            Step::Wait(_) => Some(row.why.clone()),
        };
        let kind = match step {
            Step::Duplicate(_) => FormKind::Duplicate,
            Step::Renew(_) => FormKind::Renew,
            _ => FormKind::Reissue,
        };
        if let Some(why) = why.or_else(|| row.unread.map(|_| row.words())) {
            let mut row = Row::new(step.order(), name);
            row.standing = Standing::Skipped(why);
            kept.push((row, None));
        } else {
            let mut target = Target::new(kind, step.order(), name);
            let order = step
                .order()
                .and_then(|order| engine.account.orders.get(order));
            target.ends = order.and_then(|order| order.valid_till());
            if kind == FormKind::Duplicate {
                target.names.clone_from(needed);
            }
            targets.push(target);
        }
        seen.push(wanted);
    }
    Ok(kept)
}

/// Whether it is what an order that is due gets already.
fn is_same(known: &Target, step: Step) -> bool {
    let kind = match step {
        Step::Reissue(_) => FormKind::Reissue,
        Step::Renew(_) => FormKind::Renew,
        _ => return false,
    };
    known.kind == kind && known.order == step.order()
}

/// That a duplicate with these names was made here a short time ago: it is to be installed, and no other is made.
fn made_before(
    session: &Session<'_>,
    order: OrderId,
    needed: &[String],
) -> Result<Option<String>, CliError> {
    let all = session
        .script
        .ask(move |store| store.list_for_order(order, usize::MAX));
    let all = all.transpose()?.unwrap_or_default().into_iter();
    let now = session.script.engine.now;
    let mut made = all.filter(|entry| {
        let intent = &entry.intent;
        let is_like = || {
            let sent = intent.outgoing();
            sent.is_some_and(|sent| names::set("", &sent.names()) == names::set("", needed))
        };
        intent.kind == Ok(WriteKind::Duplicate)
            && !entry.dismissed
            && entry.arrival() == Arrival::Arrived
            && now.duration_since(intent.at) < TO_INSTALL
            && is_like()
    });
    Ok(made.next().map(|entry| {
        let on = entry.intent.at.strftime("%Y-%m-%d");
        format!("a duplicate for it was requested on {on}, and is not served yet: install it")
    }))
}
