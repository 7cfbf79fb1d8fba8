//! From names to an order: which issued orders could give a duplicate for exactly these names, the newest renewed one
//! first. What the console's Automation does (*Request duplicate certificates*): it offers the latest orders of a product type and
//! organization. Those are the ones of the order that was looked at, where such orders are found, else of the newest one found;
//! others are offered apart, after them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Popup, SourceOrder, Sources};
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::picker::Picker;
use crate::app::status::Tone;
use crate::app::turn::{Open, Outcome};
use crate::domain::draft::FormKind;
use crate::domain::ids::OrderId;
use crate::domain::names;
use crate::domain::order::OrderSummary;
use crate::domain::rules::newer;
use crate::domain::rules::renew::{self, Source};
use crate::keys::Action;

/// Orders shown at most.
const MOST: usize = 50;

/// Asks for names; orders like this one are offered first.
pub(in crate::app) fn open(popups: &mut Vec<Popup>, like: Option<OrderId>, engine: &Engine) {
    let mut sources = Sources {
        like,
        found: Vec::new(),
        picker: Picker::typed(),
        note: None,
    };
    sources.search(engine);
    popups.push(Popup::Sources(Box::new(sources)));
}

impl Sources {
    /// Looks up what is typed.
    pub(in crate::app) fn search(&mut self, engine: &Engine) {
        let mut wanted = BTreeSet::new();
        let mut wrong = None;
        for entry in names::parse_list(&self.picker.text()) {
            match entry.name {
                Ok(name) => {
                    wanted.insert(name);
                }
                Err(error) => {
                    let why = error.to_string();
                    wrong = Some(if why.contains(&entry.typed) {
                        why
                    } else {
                        format!("{}: {why}", entry.typed)
                    });
                }
            }
        }
        let orders = &engine.account.orders;
        // Of a large account only rows that hold one of the names, or a wildcard, are looked at closely.
        let near: Vec<_> = orders
            .rows()
            .filter(|row| {
                let text = row.names_text();
                !wanted.is_empty()
                    && (text.contains("*.")
                        || wanted.iter().any(|name| text.contains(name.as_str())))
            })
            .map(|row| row.summary())
            .collect();
        let like = self.like.and_then(|id| orders.get(id));
        let like = like.map(|row| row.summary());
        self.found = grouped(&near, &wanted, like.as_ref(), engine.today())
            .into_iter()
            .take(MOST)
            .map(|(source, apart)| SourceOrder {
                order: source.order.id,
                product: source.order.product.name.clone(),
                organization: source
                    .order
                    .organization
                    .as_ref()
                    .map(|organization| organization.name.clone())
                    .unwrap_or_default(),
                apart,
                why: match source.order.order_valid_till.or(source.order.valid_till) {
                    Some(end) => format!("until {end}; {}", source.why),
                    None => source.why,
                },
            })
            .collect();
        self.picker.begin();
        self.note = if let Some(wrong) = wrong {
            Some(wrong)
        } else if wanted.is_empty() {
            Some("Common name and other names, separated by spaces or commas.".into())
        } else if self.found.is_empty() {
            Some("No issued order has exactly these names. You would need a new order.".into())
        } else {
            None
        };
    }
}

/// The orders that cover the names, those of the wanted product type and organization before the others; with each of these
/// what is different.
fn grouped<'a>(
    near: &'a [OrderSummary],
    wanted: &BTreeSet<String>,
    like: Option<&'a OrderSummary>,
    today: Date,
) -> Vec<(Source<'a>, Option<String>)> {
    let all = renew::sources(near, wanted, None, today);
    let found = |like: &&OrderSummary| {
        let alike = |source: &Source<'_>| newer::apart(source.order, like).is_none();
        all.iter().any(alike)
    };
    let newest = all.first().map(|source| source.order);
    let Some(profile) = like.filter(found).or(newest) else {
        return Vec::new();
    };
    // Each group by itself: the newest of either is called so.
    let is_apart = |order: &&OrderSummary| newer::apart(order, profile).is_some();
    let (others, own): (Vec<_>, Vec<_>) = near.iter().partition(is_apart);
    let newest = newest.map(|newest| newest.id);
    let own = renew::sources(own, wanted, newest, today).into_iter();
    let others = renew::sources(others, wanted, newest, today).into_iter();
    own.chain(others)
        .map(|source| {
            let apart = newer::apart(source.order, profile);
            (source, apart)
        })
        .collect()
}

/// Keys while names are asked for.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let page = usize::from(Sources::LINES.min(cx.box_lines) / Sources::EACH);
    let Some(Popup::Sources(sources)) = popups.last_mut() else {
        return;
    };
    let rows = sources.rows();
    if sources.picker.go(action, &rows, page) {
        return;
    }
    match action {
        Action::Back => {
            popups.pop();
        }
        Action::Open => {
            if let Some(order) = sources.picker.chosen(&rows).copied() {
                popups.pop();
                let open = Open::Form(FormKind::Duplicate, order);
                cx.turn.ask(Outcome::Open(open));
            } else {
                let words = "No order is found for this yet.";
                cx.turn.set_status(Tone::Info, words);
            }
        }
        _ => {}
    }
}
