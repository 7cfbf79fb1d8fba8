//! The forms that were begun and not sent: what each is about, and the way back into it.

use super::Popup;
use crate::app::bulk;
use crate::app::cx::Cx;
use crate::app::drafts::Drafts;
use crate::app::effect::ListId;
use crate::app::engine::Engine;
use crate::app::picker::Picker;
use crate::app::status::Tone;
use crate::app::turn::{Open, Outcome};
use crate::domain::draft::FormKind;
use crate::domain::ids::OrderId;
use crate::keys::Action;

/// What was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Form(FormKind),
    Bulk,
    Reissues,
}

/// A form that was begun, or a list of CSRs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    kind: Kind,
    order: OrderId,
    /// Its number, where it is kept beside one that another desk typed in the same form; else 0.
    beside: u32,
}

/// What stands before the number of one that is kept beside another's.
const BESIDE: char = '~';

impl Begun {
    fn of(key: &str) -> Option<Self> {
        let (key, beside) = split(key)?;
        let key = key.as_str();
        let form = |kind, order| Self {
            kind: Kind::Form(kind),
            order,
            beside,
        };
        if key == FormKind::NewOrder.draft_key(OrderId(0)) {
            return Some(form(FormKind::NewOrder, OrderId(0)));
        }
        if bulk::list_of(key) == Some(ListId::Reissues) {
            return Some(Self {
                kind: Kind::Reissues,
                order: OrderId(0),
                beside,
            });
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
            beside,
        })
    }

    /// The key of the form that it is for.
    fn key(self) -> String {
        match self.kind {
            Kind::Form(kind) => kind.draft_key(self.order),
            Kind::Bulk => bulk::draft_key(self.order),
            Kind::Reissues => bulk::draft_key(ListId::Reissues),
        }
    }

    /// `Reissue of order 123456 · shop.example.net`.
    pub fn words(self, engine: &Engine) -> String {
        let what = match self.kind {
            Kind::Form(FormKind::NewOrder) if self.beside > 0 => {
                return format!("New order, of another certdeck ({})", self.beside);
            }
            Kind::Form(FormKind::NewOrder) => return "New order".into(),
            Kind::Form(FormKind::Duplicate) => "Duplicate",
            Kind::Form(FormKind::Reissue) => "Reissue",
            Kind::Form(FormKind::Renew) => "Renewal",
            Kind::Reissues if self.beside > 0 => {
                return format!(
                    "Reissues of several orders, of another certdeck ({})",
                    self.beside
                );
            }
            Kind::Reissues => return "Reissues of several orders".into(),
            Kind::Bulk => "Bulk duplicates",
        };
        let orders = &engine.account.orders;
        let name = orders.get(self.order).map(|row| row.title());
        let name = name.map_or_else(String::new, |name| format!(" · {name}"));
        let beside = match self.beside {
            0 => String::new(),
            number => format!(", of another certdeck ({number})"),
        };
        format!("{what} of order {}{name}{beside}", self.order)
    }
}

/// The key of the form, and the number of a draft that is kept beside another's.
fn split(key: &str) -> Option<(String, u32)> {
    let Some((kind, rest)) = key.split_once(BESIDE) else {
        return Some((key.to_owned(), 0));
    };
    let (number, order) = match rest.split_once('-') {
        Some((number, order)) => (number, format!("-{order}")),
        None => (rest, String::new()),
    };
    Some((format!("{kind}{order}"), number.parse().ok()?))
}

/// The key of the draft that one is kept under beside another's.
fn kept_beside(begun: Begun, drafts: &Drafts) -> Option<String> {
    let mut kept = drafts.texts.keys();
    kept.find(|key| Begun::of(key) == Some(begun)).cloned()
}

/// Everything that was begun, order by order.
pub fn begun(drafts: &Drafts) -> Vec<Begun> {
    let mut all: Vec<Begun> = drafts
        .texts
        .keys()
        .filter_map(|key| Begun::of(key))
        .collect();
    all.sort_by_key(|begun| (begun.order, begun.beside));
    all
}

/// Lists them, or says that there is nothing.
pub(in crate::app) fn show(popups: &mut Vec<Popup>, cx: &mut Cx<'_>) {
    let all = begun(&cx.engine.drafts);
    if all.is_empty() {
        cx.turn.set_status(Tone::Info, "No unsent drafts.");
    } else {
        popups.push(Popup::Drafts(Picker::on(&all, 0)));
    }
}

/// Keys in the list.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let all = begun(&cx.engine.drafts);
    let Some(Popup::Drafts(picker)) = popups.last_mut() else {
        return;
    };
    if picker.go(action, &all, all.len()) {
        return;
    }
    match action {
        Action::Back => {
            popups.pop();
        }
        Action::Open => {
            let chosen = picker.chosen(&all).copied();
            popups.clear();
            let Some(begun) = chosen else {
                return;
            };
            // What is kept beside another's takes its place, and that one is kept beside.
            let beside = kept_beside(begun, &cx.engine.drafts).filter(|_| begun.beside > 0);
            let open = match begun.kind {
                Kind::Form(kind) => Open::Form(kind, begun.order),
                Kind::Bulk => Open::Bulk(begun.order.into(), beside.clone()),
                Kind::Reissues => Open::Bulk(ListId::Reissues, beside.clone()),
            };
            if let (Kind::Form(_), Some(beside)) = (begun.kind, beside) {
                cx.turn.push(cx.engine.drafts.swap(beside, begun.key()));
            }
            cx.turn.ask(Outcome::Open(open));
        }
        _ => {}
    }
}
