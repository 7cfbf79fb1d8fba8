//! The question before the same is done to several marked orders.

use super::asking::{MOST_LISTED, MOST_READ, asked};
use super::{Asking, Choice, QuestionField, What, answer, why_not};
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::fields::Input;
use crate::app::popups::Popup;
use crate::app::remote::{Basis, Opened};
use crate::app::status::Tone;
use crate::domain::ids::OrderId;
use crate::domain::operation::{self, Operation};
use crate::domain::text::{counted, sanitise};

/// What can be done to several orders at once: what is the same for each, and breaks nothing.
pub(super) const TOGETHER: [Choice; 4] = [
    Choice::One(Operation::Note),
    Choice::One(Operation::AutoReissue(true)),
    Choice::One(Operation::AutoReissue(false)),
    Choice::ArchiveEnded,
];

/// Orders whose certificates are read to archive what expired or was revoked, at most: each takes three calls.
const MOST_ARCHIVED: usize = 50;

/// Why something cannot be done to several orders at once, or to any of these.
pub(super) fn why_not_together(
    engine: &Engine,
    orders: &[OrderId],
    choice: &Choice,
) -> Option<String> {
    if !TOGETHER.contains(choice) {
        return Some("for one order at a time: open it, or unmark the others".into());
    }
    let Choice::One(operation) = choice else {
        // What is known of certificates is as old as the last look at the order: it is read first.
        let marked = orders.len();
        return (marked > MOST_ARCHIVED)
            .then(|| format!("{MOST_ARCHIVED} at once at most, and {marked} are marked"));
    };
    let mut whys = orders
        .iter()
        .map(|order| refused(engine, *order, operation));
    // What is not known of an order is no reason.
    whys.all(|why| why.is_some())
        .then(|| "it cannot be done to any of the marked orders".into())
}

/// Why it cannot be done to an order, as far as that is known: the account refuses what it cannot.
fn refused(engine: &Engine, order: OrderId, operation: &Operation) -> Option<String> {
    engine.account.order(order)?;
    why_not(engine, order, operation)
}

/// What is done to an order, or why nothing can be done.
fn on_one(engine: &Engine, order: OrderId, choice: &Choice) -> Result<Vec<Operation>, String> {
    match choice {
        Choice::One(operation) => match refused(engine, order, operation) {
            Some(why) => Err(why),
            None => Ok(vec![operation.clone()]),
        },
        Choice::ArchiveEnded => ended(engine, order),
    }
}

/// The certificates that are archived, or why there are none.
fn ended(engine: &Engine, order: OrderId) -> Result<Vec<Operation>, String> {
    let data = engine.account.known.get(&order).ok_or("not loaded")?;
    if let Some(failure) = data.order.failure() {
        return Err(format!("not loaded: {failure}"));
    }
    let order = data.order.value().ok_or("not loaded")?;
    let today = engine.account.day(engine.now);
    let all = data.certificates();
    let over = all.iter().filter(|row| row.is_over(today));
    let archives = over.filter_map(|row| row.id).map(Operation::Archive);
    let archives: Vec<Operation> = archives
        .filter(|one| operation::why_not(one, order, all).is_none())
        .collect();
    if !archives.is_empty() {
        return Ok(archives);
    }
    let lists = [&data.duplicates, &data.reissues];
    Err(match lists.into_iter().find_map(|list| list.failure()) {
        Some(failure) => format!("its certificates are not loaded: {failure}"),
        None => "no duplicate or earlier reissue to archive".into(),
    })
}

/// Asks what is needed, once for all, and shows what is sent. Those that it is known not to be possible for are excluded,
/// and that is said.
pub(in crate::app) fn ask(
    popups: &mut Vec<Popup>,
    choice: &Choice,
    orders: Vec<OrderId>,
    cx: &mut Cx<'_>,
) {
    if let Some(why) = why_not_together(cx.engine, &orders, choice) {
        let words = format!("{}: {why}.", choice.label());
        cx.turn.set_status(Tone::Warn, words);
        return;
    }
    let fields: Vec<(QuestionField, Input)> = match choice {
        Choice::One(Operation::Note) => vec![(QuestionField::Note, answer::typed())],
        _ => Vec::new(),
    };
    let opened = Opened {
        since: cx.engine.account.mark(),
        known: None,
    };
    let mut asking = Asking {
        title: String::new(),
        words: Vec::new(),
        what: What::Orders {
            choice: choice.clone(),
            unread: match choice {
                Choice::ArchiveEnded => orders.clone(),
                Choice::One(_) => Vec::new(),
            },
            orders,
            each: Vec::new(),
            excluded: Vec::new(),
        },
        fields: asked(fields),
        opened,
        sent_before: Vec::new(),
        served: None,
        order: None,
    };
    asking.tell_orders(cx.engine);
    let What::Orders { orders, .. } = &asking.what else {
        return;
    };
    // Each anew, as far as that is few calls: somebody may have changed it since it was listed.
    let account = &mut cx.engine.account;
    for order in orders {
        match choice {
            Choice::ArchiveEnded => cx.turn.extend(account.read_order(*order, true)),
            // A note can be added whatever the order is.
            Choice::One(Operation::Note) => {}
            Choice::One(_) => {
                let is_among = orders.iter().take(MOST_READ).any(|read| read == order);
                cx.turn
                    .extend(is_among.then(|| account.read_info(*order)).flatten());
            }
        }
    }
    popups.push(Popup::Asking(Box::new(asking)));
}

fn name(engine: &Engine, order: OrderId) -> String {
    match engine.account.orders.get(order) {
        Some(row) => format!("{order} {}", row.title()),
        None => order.to_string(),
    }
}

impl Asking {
    /// What it does, and to which orders; those that it cannot be done to are excluded. Returns why, of the first of them.
    pub(super) fn tell_orders(&mut self, engine: &Engine) -> Option<String> {
        let What::Orders {
            choice,
            orders,
            each,
            unread,
            excluded,
        } = &mut self.what
        else {
            return None;
        };
        let mut why = None;
        unread.retain(|order| engine.account.basis(*order, self.opened) == Basis::Reading);
        each.clear();
        orders.retain(|order| {
            if unread.contains(order) {
                return true;
            }
            match on_one(engine, *order, choice) {
                Err(reason) => {
                    excluded.push(*order);
                    why.get_or_insert(format!("Order {order}: {reason}"));
                    false
                }
                Ok(operations) => {
                    each.extend(operations.into_iter().map(|operation| (*order, operation)));
                    true
                }
            }
        });
        self.title = format!(
            "{}: {}",
            choice.label(),
            counted(orders.len(), "order", "orders")
        );
        let listed = if orders.len() > MOST_LISTED {
            MOST_LISTED - 1
        } else {
            MOST_LISTED
        };
        let archived = |order: OrderId| match choice {
            Choice::One(_) => String::new(),
            Choice::ArchiveEnded => match each.iter().filter(|(of, _)| *of == order).count() {
                0 => ": loading…".to_owned(),
                count => format!(": {}", counted(count, "certificate", "certificates")),
            },
        };
        let mut words: Vec<String> = orders
            .iter()
            .take(listed)
            .map(|order| format!("{}{}", name(engine, *order), archived(*order)))
            .collect();
        if orders.len() > listed {
            words.push(format!("and {} more", orders.len() - listed));
        }
        if !excluded.is_empty() {
            let named: Vec<String> = excluded.iter().take(4).map(ToString::to_string).collect();
            let more = match excluded.len() - named.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            words.push(format!(
                "Excluded, since it cannot be done there: {}{more}.",
                named.join(", ")
            ));
        }
        match choice {
            Choice::One(Operation::AutoReissue(true)) => words.push(
                "CertCentral will reissue automatically within 30 days before a certificate expires, until its order \
                    expires. An order that is not a Multi-year Plan is refused."
                    .into(),
            ),
            Choice::ArchiveEnded => words.push(
                "Duplicates and earlier reissues that expired or were revoked are hidden from the lists. certdeck \
                    cannot unarchive them."
                    .into(),
            ),
            Choice::One(_) => {}
        }
        self.words = words
            .iter()
            .map(|line| sanitise(line).into_owned())
            .collect();
        why
    }
}

/// An order was read: one that the same cannot be done to any more leaves the question, which closes where no other is left.
pub(in crate::app) fn on_order(popups: &mut Vec<Popup>, cx: &mut Cx<'_>) {
    let at = popups.iter().rposition(|popup| {
        matches!(popup, Popup::Asking(asking) if matches!(asking.what, What::Orders { .. }))
    });
    let Some(at) = at else {
        return;
    };
    let Some(Popup::Asking(asking)) = popups.get_mut(at) else {
        return;
    };
    let before = asking.what.clone();
    let why = asking.tell_orders(cx.engine);
    asking.fields.error = None;
    cx.turn.changed |= asking.what != before;
    let is_left = matches!(&asking.what, What::Orders { orders, .. } if !orders.is_empty());
    if !is_left {
        popups.remove(at);
        let why = why.unwrap_or_default();
        let words = format!("{}. Nothing was sent.", sanitise(&why));
        cx.turn.set_status(Tone::Warn, words);
    }
}
