//! The small operations on an order: the menu that lists them with why one cannot be done, and the way from there to
//! the question that shows what is sent.

mod answer;
pub mod asking;
pub(super) mod meanwhile;
pub mod names;

pub use answer::{Answer, Part};
pub use asking::{Asking, What};

use super::actions::tell_why_not;
use super::effect::Effect;
use super::model::Model;
use super::order::OrderTab;
use super::picker::Picker;
use super::popup::Popup;
use super::remote::Opened;
use crate::app::status::Tone;
use crate::domain::dcv::Domain;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::operation::{self, Answers, Operation};
use crate::domain::order::{Certificate, Order};
use crate::domain::write::Stage;
use crate::keys::Action;

/// The open menu.
#[derive(Debug, PartialEq)]
pub struct Menu {
    pub order: OrderId,
    /// The certificate under the cursor; without one it is about the order's current one.
    pub certificate: Option<CertificateId>,
    /// What may be done about the name under the cursor.
    pub about_name: Vec<Operation>,
    /// The operation that is chosen.
    pub picker: Picker<Operation>,
    /// Since when what is read of the order is as current as the menu.
    pub opened: Opened,
}

/// A line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub operation: Operation,
    /// Why it cannot be done now.
    pub why_not: Option<String>,
}

/// The lines of the menu, all of them at any time: what cannot be done says why.
pub fn entries(model: &Model, menu: &Menu) -> Vec<Entry> {
    let order = model
        .engine
        .account
        .known
        .get(&menu.order)
        .and_then(|data| data.order.value());
    let mut operations = menu.about_name.clone();
    operations.extend([
        Operation::Note,
        Operation::CancelOrder,
        Operation::CancelReissue,
    ]);
    match order.and_then(|order| order.auto_reissue) {
        Some(on) => operations.push(Operation::AutoReissue(!on)),
        None => operations.extend([Operation::AutoReissue(true), Operation::AutoReissue(false)]),
    }
    let current = || order.and_then(|order| order.certificate.id);
    if let Some(id) = menu.certificate.or_else(current) {
        operations.extend([Operation::Archive(id), Operation::RevokeCertificate(id)]);
    }
    operations.push(Operation::RevokeOrder);
    operations
        .into_iter()
        .map(|operation| Entry {
            why_not: why_not(model, menu.order, &operation),
            operation,
        })
        .collect()
}

/// Why an operation cannot be done now: by the order's state, or because the same is under way.
pub fn why_not(model: &Model, id: OrderId, operation: &Operation) -> Option<String> {
    let Some(data) = model.engine.account.known.get(&id) else {
        return Some("the order is not loaded yet".into());
    };
    let Some(order) = data.order.value() else {
        return Some(match data.order.failure() {
            Some(failure) => failure.what.clone(),
            None => "the order is loading".into(),
        });
    };
    let path = operation.outgoing(id, &Answers::default()).path;
    let under_way = model.engine.writes.all.iter().any(|watch| {
        watch.outgoing.path == path && matches!(watch.stage, Stage::Sending | Stage::LookingUp(_))
    });
    if under_way {
        return Some("the same is under way; its response has not arrived yet".into());
    }
    operation::why_not(operation, order, data.certificates())
}

/// Opens the menu on the order that is looked at.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(order) = model.current_order() else {
        return Vec::new();
    };
    let under = model
        .order
        .as_ref()
        .filter(|open| open.tab == OrderTab::Certificates)
        .map(|open| open.cursor.at);
    let data = model.engine.account.known.get(&order);
    let certificate = under
        .zip(data)
        .and_then(|(at, data)| data.certificates().get(at)?.id);
    let (opened, effects) = model.engine.account.open_order(order);
    model.popups.push(Popup::Operations(Menu {
        order,
        certificate,
        about_name: names::selected(model)
            .as_ref()
            .map(names::operations)
            .unwrap_or_default(),
        picker: Picker::default(),
        opened,
    }));
    effects
}

/// What the lines of the menu do.
pub fn rows(entries: &[Entry]) -> Vec<Operation> {
    entries
        .iter()
        .map(|entry| entry.operation.clone())
        .collect()
}

/// The line of the menu that is chosen.
pub fn chosen(model: &Model, menu: &Menu) -> Option<Entry> {
    let entries = entries(model, menu);
    let at = menu.picker.at(&rows(&entries));
    entries.into_iter().nth(at)
}

/// Keys in the menu.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Popup::Operations(menu)) = model.popups.last() else {
        return Vec::new();
    };
    let rows = rows(&entries(model, menu));
    let (chosen, order, opened) = (menu.picker.chosen(&rows).cloned(), menu.order, menu.opened);
    match action {
        Action::Back => {
            model.popups.pop();
        }
        Action::Open => {
            return chosen.map_or_else(Vec::new, |operation| {
                ask(model, operation, order, Some(opened))
            });
        }
        _ => {
            if let Some(Popup::Operations(menu)) = model.popups.last_mut()
                && !menu.picker.go(action, &rows, rows.len())
            {
                tell_why_not(model, action);
            }
        }
    }
    Vec::new()
}

/// Why an operation cannot be done, as a sentence that names it.
fn refusal(model: &Model, operation: &Operation, order: OrderId) -> Option<String> {
    let why = why_not(model, order, operation)?;
    let words = format!("{}: {why}.", operation.label());
    Some(crate::domain::text::sanitise(&words).into_owned())
}

/// Asks what an operation needs and shows what it sends; or says why it cannot be done. `opened` is that of the menu that
/// it was chosen from.
pub(super) fn ask(
    model: &mut Model,
    operation: Operation,
    order: OrderId,
    opened: Option<Opened>,
) -> Vec<Effect> {
    if let Some(why) = refusal(model, &operation, order) {
        model.set_status(Tone::Warn, why);
        return Vec::new();
    }
    let (opened, effects) = match opened {
        Some(opened) => (opened, Vec::new()),
        None => model.engine.account.open_order(order),
    };
    let Some((info, certificates, domains)) = known(model, order) else {
        return effects;
    };
    let mut asking = Asking::about(operation, info, certificates, domains);
    asking.opened = opened;
    model.popups.push(Popup::Asking(Box::new(asking)));
    effects
}

fn known(model: &Model, order: OrderId) -> Option<(&Order, &[Certificate], &[Domain])> {
    let data = model.engine.account.known.get(&order)?;
    let domains = data.domains.value().map_or(&[][..], Vec::as_slice);
    Some((data.order.value()?, data.certificates(), domains))
}

/// The order of a question was read again: what the question says follows it.
pub(super) fn order_came(model: &mut Model, id: OrderId) {
    let about = |popup: &Popup| match popup {
        Popup::Asking(asking) => matches!(asking.what, What::Operation(_, order) if order == id),
        _ => false,
    };
    let Some(at) = model.popups.iter().rposition(about) else {
        return;
    };
    let mut popup = model.popups.remove(at);
    if let Popup::Asking(asking) = &mut popup
        && let Some((info, certificates, domains)) = known(model, id)
    {
        // What it waited for is there; what is said of a read that failed stays.
        let data = model.engine.account.known.get(&id);
        if data.is_some_and(|data| data.order.failure().is_none()) {
            asking.error = None;
        }
        if asking.order_arrived(info, certificates, domains) {
            model.changed_at = Some(model.engine.now);
        }
    }
    model.popups.insert(at, popup);
}
