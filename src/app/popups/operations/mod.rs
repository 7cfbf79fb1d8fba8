//! The small operations on an order: the menu that lists them with why one cannot be done, and the way from there to
//! the question that shows what is sent.

mod answer;
pub mod asking;
pub mod domains;
pub(in crate::app) mod meanwhile;
pub(in crate::app) mod orders;

pub use answer::QuestionField;
pub use asking::{Asking, What};

use super::{Popup, tell_why_not};
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::picker::Picker;
use crate::app::remote::Opened;
use crate::app::status::Tone;
use crate::app::turn::Turn;
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
    /// The marked orders that it is about; none where it is about that one.
    pub marked: Vec<OrderId>,
    /// The certificate under the cursor; without one it is about the order's current one.
    pub certificate: Option<CertificateId>,
    /// What may be done about the name under the cursor.
    pub about_name: Vec<Operation>,
    /// The line that is chosen.
    pub picker: Picker<Choice>,
    /// Since when what is read of the order is as current as the menu.
    pub opened: Opened,
}

/// What a line of the menu does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Choice {
    One(Operation),
    /// Archive each duplicate and earlier reissue that expired or was revoked.
    ArchiveEnded,
}

impl Choice {
    /// The operation, where it is one.
    #[cfg(test)]
    pub(in crate::app) fn one(&self) -> Option<&Operation> {
        match self {
            Self::One(operation) => Some(operation),
            Self::ArchiveEnded => None,
        }
    }

    /// What it does, in words.
    pub fn label(&self) -> String {
        match self {
            Self::One(operation) => operation.label(),
            Self::ArchiveEnded => "Archive old certificates".into(),
        }
    }
}

/// A line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub choice: Choice,
    /// Why it cannot be done now.
    pub why_not: Option<String>,
}

/// The lines of the menu, all of them at any time: what cannot be done says why.
pub fn entries(engine: &Engine, menu: &Menu) -> Vec<Entry> {
    let order = engine
        .account
        .known
        .get(&menu.order)
        .and_then(|data| data.order.value());
    if !menu.marked.is_empty() {
        return together(engine, menu);
    }
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
            why_not: why_not(engine, menu.order, &operation),
            choice: Choice::One(operation),
        })
        .collect()
}

/// The lines of a menu on several orders; what is for one order at a time says so.
fn together(engine: &Engine, menu: &Menu) -> Vec<Entry> {
    let one_at_a_time = [
        Operation::CancelOrder,
        Operation::CancelReissue,
        Operation::RevokeOrder,
    ];
    let choices = orders::TOGETHER.into_iter();
    choices
        .chain(one_at_a_time.map(Choice::One))
        .map(|choice| Entry {
            why_not: orders::why_not_together(engine, &menu.marked, &choice),
            choice,
        })
        .collect()
}

/// Opens the menu on marked orders.
pub(in crate::app) fn open_marked(popups: &mut Vec<Popup>, marked: Vec<OrderId>) {
    let Some(order) = marked.first().copied() else {
        return;
    };
    popups.push(Popup::Operations(Menu {
        order,
        marked,
        certificate: None,
        about_name: Vec::new(),
        picker: Picker::default(),
        opened: Opened::default(),
    }));
}

/// Why an operation cannot be done now: by the order's state, or because the same is under way.
pub fn why_not(engine: &Engine, id: OrderId, operation: &Operation) -> Option<String> {
    let Some(data) = engine.account.known.get(&id) else {
        return Some("the order is not loaded yet".into());
    };
    let Some(order) = data.order.value() else {
        return Some(match data.order.failure() {
            Some(failure) => failure.what.clone(),
            None => "the order is loading".into(),
        });
    };
    let path = operation.outgoing(id, &Answers::default()).path;
    let under_way = engine.writes.all.iter().any(|watch| {
        watch.outgoing.path == path && matches!(watch.stage, Stage::Sending | Stage::LookingUp(_))
    });
    if under_way {
        return Some("the same is under way; its response has not arrived yet".into());
    }
    operation::why_not(operation, order, data.certificates())
}

/// Opens the menu on an order: about this certificate of it, and this name.
pub(in crate::app) fn open(
    popups: &mut Vec<Popup>,
    order: OrderId,
    certificate: Option<CertificateId>,
    about_name: Vec<Operation>,
    cx: &mut Cx<'_>,
) {
    let (opened, reads) = cx.engine.account.open_order(order);
    cx.turn.extend(reads);
    popups.push(Popup::Operations(Menu {
        order,
        marked: Vec::new(),
        certificate,
        about_name,
        picker: Picker::default(),
        opened,
    }));
}

/// What the lines of the menu do.
pub fn rows(entries: &[Entry]) -> Vec<Choice> {
    entries.iter().map(|entry| entry.choice.clone()).collect()
}

/// The line of the menu that is chosen.
pub fn chosen(engine: &Engine, menu: &Menu) -> Option<Entry> {
    let entries = entries(engine, menu);
    let at = menu.picker.at(&rows(&entries));
    entries.into_iter().nth(at)
}

/// Keys in the menu.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let Some(Popup::Operations(menu)) = popups.last_mut() else {
        return;
    };
    let rows = rows(&entries(cx.engine, menu));
    match action {
        Action::Back => {
            popups.pop();
        }
        Action::Open => {
            let (chosen, order) = (menu.picker.chosen(&rows).cloned(), menu.order);
            let opened = menu.opened;
            let marked = menu.marked.clone();
            match chosen {
                Some(choice) if !marked.is_empty() => orders::ask(popups, &choice, marked, cx),
                Some(Choice::One(operation)) => ask(popups, operation, order, Some(opened), cx),
                Some(Choice::ArchiveEnded) | None => {}
            }
        }
        _ => {
            if !menu.picker.go(action, &rows, rows.len()) {
                tell_why_not(popups, action, cx);
            }
        }
    }
}

/// Why an operation cannot be done, as a sentence that names it.
pub(in crate::app) fn refusal(
    engine: &Engine,
    operation: &Operation,
    order: OrderId,
) -> Option<String> {
    let why = why_not(engine, order, operation)?;
    let words = format!("{}: {why}.", operation.label());
    Some(crate::domain::text::sanitise(&words).into_owned())
}

/// Asks what an operation needs and shows what it sends; or says why it cannot be done. `opened` is that of the menu that
/// it was chosen from.
pub(in crate::app) fn ask(
    popups: &mut Vec<Popup>,
    operation: Operation,
    order: OrderId,
    opened: Option<Opened>,
    cx: &mut Cx<'_>,
) {
    if let Some(why) = refusal(cx.engine, &operation, order) {
        cx.turn.set_status(Tone::Warn, why);
        return;
    }
    let opened = opened.unwrap_or_else(|| {
        let (opened, reads) = cx.engine.account.open_order(order);
        cx.turn.extend(reads);
        opened
    });
    let Some((info, certificates, domains)) = known(cx.engine, order) else {
        return;
    };
    let served = still_served(cx.engine, &operation, order, certificates);
    let mut asking = Asking::about(operation, info, certificates, domains, served);
    asking.opened = opened;
    popups.push(Popup::Asking(Box::new(asking)));
}

/// Where servers were last seen to have what an operation revokes.
pub fn still_served(
    engine: &Engine,
    operation: &Operation,
    order: OrderId,
    certificates: &[Certificate],
) -> Option<String> {
    let serial = match operation {
        Operation::RevokeCertificate(id) => {
            let revoked = certificates.iter().find(|row| row.id == Some(*id))?;
            Some(revoked.serial.as_deref()?)
        }
        Operation::RevokeOrder => None,
        _ => return None,
    };
    engine.served.still_served(order, serial, &engine.account)
}

fn known(engine: &Engine, order: OrderId) -> Option<(&Order, &[Certificate], &[Domain])> {
    let data = engine.account.known.get(&order)?;
    let domains = data.domains.value().map_or(&[][..], Vec::as_slice);
    Some((data.order.value()?, data.certificates(), domains))
}

/// The order of a question was read again: what the question says follows it.
pub(in crate::app) fn on_order(
    popups: &mut [Popup],
    id: OrderId,
    engine: &Engine,
    turn: &mut Turn,
) {
    let about = |popup: &Popup| match popup {
        Popup::Asking(asking) => matches!(asking.what, What::Operation(_, order) if order == id),
        _ => false,
    };
    let Some(Popup::Asking(asking)) = popups.iter_mut().rfind(|popup| about(popup)) else {
        return;
    };
    let Some((info, certificates, domains)) = known(engine, id) else {
        return;
    };
    // What it waited for is there; what is said of a read that failed stays.
    let data = engine.account.known.get(&id);
    if data.is_some_and(|data| data.order.failure().is_none()) {
        asking.fields.error = None;
    }
    turn.changed |= asking.follow(info, certificates, domains);
}
