//! The question before the same is done to several marked orders.

use super::asking::{MOST_LISTED, MOST_READ, asked};
use super::{Asking, QuestionField, What, answer, why_not};
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::fields::Input;
use crate::app::popups::Popup;
use crate::app::remote::Opened;
use crate::app::status::Tone;
use crate::domain::ids::OrderId;
use crate::domain::operation::Operation;
use crate::domain::text::sanitise;

/// What can be done to several orders at once: what is the same for each, and breaks nothing.
pub(super) const TOGETHER: [Operation; 3] = [
    Operation::Note,
    Operation::AutoReissue(true),
    Operation::AutoReissue(false),
];

/// Why an operation cannot be done to several orders at once, or to any of these.
pub(super) fn why_not_together(
    engine: &Engine,
    orders: &[OrderId],
    operation: &Operation,
) -> Option<String> {
    if !TOGETHER.contains(operation) {
        return Some("for one order at a time: open it, or unmark the others".into());
    }
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

/// Asks what the operation needs, once for all, and shows what is sent. Those that it is known not to be possible for are
/// excluded, and that is said.
pub(in crate::app) fn ask(
    popups: &mut Vec<Popup>,
    operation: Operation,
    orders: Vec<OrderId>,
    cx: &mut Cx<'_>,
) {
    if let Some(why) = why_not_together(cx.engine, &orders, &operation) {
        let words = format!("{}: {why}.", operation.label());
        cx.turn.set_status(Tone::Warn, words);
        return;
    }
    let (excluded, orders): (Vec<OrderId>, Vec<OrderId>) = orders
        .into_iter()
        .partition(|order| refused(cx.engine, *order, &operation).is_some());
    let asks_nothing = operation == Operation::Note;
    let fields: Vec<(QuestionField, Input)> = match operation {
        Operation::Note => vec![(QuestionField::Note, answer::typed())],
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
            operation,
            orders: orders.clone(),
            excluded,
        },
        fields: asked(fields),
        opened,
        sent_before: Vec::new(),
        served: None,
        order: None,
    };
    asking.tell_orders(cx.engine);
    popups.push(Popup::Asking(Box::new(asking)));
    // Each anew, as far as that is few calls: somebody may have changed it since it was listed.
    // A note can be added whatever the order is.
    let reads = if asks_nothing { 0 } else { MOST_READ };
    for order in orders.into_iter().take(reads) {
        let read = cx.engine.account.read_info(order);
        cx.turn.extend(read);
    }
}

fn name(engine: &Engine, order: OrderId) -> String {
    match engine.account.orders.get(order) {
        Some(row) => format!("{order} {}", row.title()),
        None => order.to_string(),
    }
}

impl Asking {
    /// What it does, and to which orders.
    pub(super) fn tell_orders(&mut self, engine: &Engine) {
        let What::Orders {
            operation,
            orders,
            excluded,
        } = &self.what
        else {
            return;
        };
        self.title = match orders.len() {
            1 => format!("{}: 1 order", operation.label()),
            many => format!("{}: {many} orders", operation.label()),
        };
        let listed = if orders.len() > MOST_LISTED {
            MOST_LISTED - 1
        } else {
            MOST_LISTED
        };
        let mut words: Vec<String> = orders
            .iter()
            .take(listed)
            .map(|order| name(engine, *order))
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
        if *operation == Operation::AutoReissue(true) {
            words.push(
                "CertCentral will reissue automatically within 30 days before a certificate expires, until its order \
                    expires. An order that is not a Multi-year Plan is refused."
                    .into(),
            );
        }
        self.words = words
            .iter()
            .map(|line| sanitise(line).into_owned())
            .collect();
    }
}

/// An order was read: one that the same cannot be done to any more leaves the question, which closes where no other is left.
pub(in crate::app) fn on_order(popups: &mut Vec<Popup>, cx: &mut Cx<'_>) {
    let at = popups.iter().rposition(|popup| {
        matches!(popup, Popup::Asking(asking) if matches!(asking.what, What::Orders { .. }))
    });
    let Some(Popup::Asking(asking)) = at.and_then(|at| popups.get_mut(at)) else {
        return;
    };
    let What::Orders {
        operation,
        orders,
        excluded,
    } = &mut asking.what
    else {
        return;
    };
    let before = orders.len();
    let mut why = None;
    orders.retain(|order| match refused(cx.engine, *order, operation) {
        Some(reason) => {
            excluded.push(*order);
            why.get_or_insert(format!("Order {order}: {reason}"));
            false
        }
        None => true,
    });
    let left = orders.len();
    asking.tell_orders(cx.engine);
    asking.fields.error = None;
    cx.turn.changed |= left < before;
    if left == 0 {
        if let Some(at) = at {
            popups.remove(at);
        }
        let why = why.unwrap_or_default();
        let words = format!("{}. Nothing was sent.", sanitise(&why));
        cx.turn.set_status(Tone::Warn, words);
    }
}
