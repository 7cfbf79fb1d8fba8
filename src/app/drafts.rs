//! The forms that were begun and not sent: what each is about, and the way back into it.

use super::bulk;
use super::cursor::{Cursor, Move};
use super::effect::Effect;
use super::form::FormKind;
use super::model::{Model, Tone};
use super::opening;
use super::popup::Popup;
use crate::domain::ids::OrderId;
use crate::keys::Action;

/// What was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Form(FormKind),
    Bulk,
}

/// A form that was begun, or a list of CSRs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    kind: Kind,
    order: OrderId,
}

impl Begun {
    fn of(key: &str) -> Option<Self> {
        let form = |kind, order| Self {
            kind: Kind::Form(kind),
            order,
        };
        if key == FormKind::NewOrder.draft_key(OrderId(0)) {
            return Some(form(FormKind::NewOrder, OrderId(0)));
        }
        let order = OrderId(key.rsplit_once('-')?.1.parse().ok()?);
        let kinds = [FormKind::Duplicate, FormKind::Reissue, FormKind::Renew];
        let of_form = kinds.into_iter().find(|kind| kind.draft_key(order) == key);
        if let Some(kind) = of_form {
            return Some(form(kind, order));
        }
        (bulk::draft_key(order) == key).then_some(Self {
            kind: Kind::Bulk,
            order,
        })
    }

    /// `Reissue of order 123456 · shop.example.net`.
    pub fn words(self, model: &Model) -> String {
        let what = match self.kind {
            Kind::Form(FormKind::NewOrder) => return "New order".into(),
            Kind::Form(FormKind::Duplicate) => "Duplicate",
            Kind::Form(FormKind::Reissue) => "Reissue",
            Kind::Form(FormKind::Renew) => "Renewal",
            Kind::Bulk => "Bulk duplicates",
        };
        let orders = &model.orders.orders;
        let name = orders.get(self.order).map(|row| orders.title(row));
        let name = name.map_or_else(String::new, |name| format!(" · {name}"));
        format!("{what} of order {}{name}", self.order)
    }
}

/// Everything that was begun, order by order.
pub fn begun(model: &Model) -> Vec<Begun> {
    let mut all: Vec<Begun> = model
        .drafts
        .keys()
        .filter_map(|key| Begun::of(key))
        .collect();
    all.sort_by_key(|begun| begun.order);
    all
}

/// Lists them, or says that there is nothing.
pub(super) fn show(model: &mut Model) {
    if begun(model).is_empty() {
        model.tell(Tone::Info, "No form was begun and not sent.");
    } else {
        model.popups.push(Popup::Drafts(Cursor::default()));
    }
}

/// Keys in the list.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let all = begun(model);
    let Some(Popup::Drafts(cursor)) = model.popups.last_mut() else {
        return Vec::new();
    };
    let len = all.len();
    match action {
        Action::Down => cursor.go(Move::By(1), len, len),
        Action::Up => cursor.go(Move::By(-1), len, len),
        Action::Back => {
            model.popups.pop();
        }
        Action::Open => {
            let chosen = all.get(cursor.at).copied();
            model.popups.clear();
            return match chosen.map(|begun| (begun.kind, begun.order)) {
                Some((Kind::Form(kind), order)) => opening::open_form(model, kind, order),
                Some((Kind::Bulk, order)) => bulk::open(model, order),
                None => Vec::new(),
            };
        }
        _ => {}
    }
    Vec::new()
}
