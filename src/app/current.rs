//! What is decided is decided on what is true now. A form, the menu of an order and a question are opened on what is known
//! of the order, and the order is read again at that moment: what is known is shown as old meanwhile, what came is given
//! to what is open, and nothing is sent before.

use jiff::{SignedDuration, Timestamp};

use super::effect::Effect;
use super::failure::Failure;
use super::form::FormKind;
use super::model::Model;
use super::opening::{is_connected, read_order};
use super::order::OrderData;
use super::remote::Ticket;
use crate::domain::ids::OrderId;

/// For so long after what is asked about changed no yes counts: it was meant for what stood there before.
const TO_READ: SignedDuration = SignedDuration::from_secs(1);

/// Since when what is open of an order counts as current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opened {
    /// What was asked for after this is as current as what is open.
    pub since: Ticket,
    /// When what was known before came, where it was.
    pub known: Option<Timestamp>,
}

/// A form that was asked for before its order was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which form.
    pub kind: FormKind,
    /// Of which order.
    pub order: OrderId,
    /// Since when what comes of it is current.
    pub opened: Opened,
    /// What the operator looked at then: who goes elsewhere wants it no more.
    pub seen: Option<OrderId>,
}

/// How what is known of an order stands to what is open of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// It was read since.
    Current,
    /// It is being read.
    Reading,
    /// It could not be read.
    Failed(Failure),
}

/// Something of an order opens: the order is read again.
pub(super) fn open(model: &mut Model, order: OrderId) -> (Opened, Vec<Effect>) {
    let data = model.known.get(&order);
    let opened = Opened {
        since: model.mark(),
        known: data.and_then(|data| data.order.came_at()),
    };
    (opened, read_order(model, order, true))
}

/// How what is known of an order stands to what was opened of it. Lists that the account does not give count as read:
/// some products have none.
pub fn basis(model: &Model, order: OrderId, opened: Opened) -> Basis {
    let Some(data) = model.known.get(&order) else {
        return Basis::Reading;
    };
    if let Some(failure) = data.order.failure() {
        return Basis::Failed(failure.clone());
    }
    let lists = !data.duplicates.is_loading() && !data.reissues.is_loading();
    if data.order.is_since(opened.since) && lists {
        Basis::Current
    } else {
        Basis::Reading
    }
}

/// What stands behind the heading of what is open: that it is old, while it is.
pub fn age(model: &Model, order: OrderId, opened: Opened) -> Option<String> {
    let known = opened.known.map_or_else(String::new, |at| {
        format!("as read {} UTC, ", at.strftime("%H:%M:%S"))
    });
    match basis(model, order, opened) {
        Basis::Current => None,
        Basis::Reading => Some(format!("{known}reading…")),
        Basis::Failed(_) => Some(format!("{known}not read since")),
    }
}

/// Why nothing may be sent from what is open yet; what could not be read is tried once more.
pub(super) fn not_yet(
    model: &mut Model,
    order: OrderId,
    opened: Opened,
) -> Option<(String, Vec<Effect>)> {
    let failure = match basis(model, order, opened) {
        Basis::Current => return changed_just_now(model).map(|words| (words, Vec::new())),
        Basis::Reading if !is_connected(model) => {
            let words = "There is no connection to read the order again; nothing is sent.";
            return Some((words.to_owned(), Vec::new()));
        }
        Basis::Reading => None,
        Basis::Failed(failure) => Some(failure),
    };
    let data = model.known.get(&order);
    let effects = if failure.is_none() && data.is_some_and(OrderData::is_loading) {
        Vec::new()
    } else {
        read_order(model, order, true)
    };
    let words = match failure {
        None => format!("Order {order} is being read again. Press Enter once that is done."),
        Some(failure) => format!(
            "Not sent: order {order} could not be read again: {failure} It is tried once more; then press Enter."
        ),
    };
    Some((words, effects))
}

/// Why a yes does not count yet: what it is about was another a moment ago.
pub(super) fn changed_just_now(model: &Model) -> Option<String> {
    let changed = model.changed_at?;
    (model.now.duration_since(changed).abs() < TO_READ)
        .then(|| "What this is about changed just now. Read it, then press Enter.".to_owned())
}
