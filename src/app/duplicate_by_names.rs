//! From names to an order: which issued orders could give a duplicate for exactly these names, the newest renewed one
//! first. What the console's Automation does (*Request duplicate certificates*): it offers the latest orders of a product type and
//! organization. Those are the ones of the order that was looked at, where such orders are found, else of the newest one found;
//! others are offered apart, after them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::effect::Effect;
use super::model::Model;
use super::opening;
use super::picker::Picker;
use super::popup::{Popup, SourceOrder, Sources};
use crate::domain::draft::FormKind;
use crate::domain::names;
use crate::domain::order::OrderSummary;
use crate::domain::rules::newer;
use crate::domain::rules::renew::{self, Source};
use crate::keys::Action;

/// Orders shown at most.
const MOST: usize = 50;

/// Asks for names.
pub(super) fn open(model: &mut Model) {
    let like = model.current_order();
    model.popups.push(Popup::Sources(Box::new(Sources {
        like,
        found: Vec::new(),
        picker: Picker::typed(),
        note: None,
    })));
    search(model);
}

/// Looks up what is typed, if names are asked for.
pub(super) fn search(model: &mut Model) {
    let today = model.today();
    let Some(Popup::Sources(sources)) = model.popups.last_mut() else {
        return;
    };
    let mut wanted = BTreeSet::new();
    let mut wrong = None;
    for entry in names::parse_list(&sources.picker.text()) {
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
    let orders = &model.engine.account.orders;
    // Of a large account only rows that hold one of the names, or a wildcard, are looked at closely.
    let near: Vec<_> = orders
        .rows()
        .iter()
        .filter(|row| {
            let text = row.names_text();
            !wanted.is_empty()
                && (text.contains("*.") || wanted.iter().any(|name| text.contains(name.as_str())))
        })
        .map(|row| orders.summary(row))
        .collect();
    let like = sources.like.and_then(|id| orders.get(id));
    let like = like.map(|row| orders.summary(row));
    sources.found = grouped(&near, &wanted, like.as_ref(), today)
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
    sources.picker.begin();
    sources.note = if let Some(wrong) = wrong {
        Some(wrong)
    } else if wanted.is_empty() {
        Some("Common name and other names, separated by spaces or commas.".into())
    } else if sources.found.is_empty() {
        Some("No issued order has exactly these names. You would need a new order.".into())
    } else {
        None
    };
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
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = usize::from(Sources::LINES.min(model.box_lines()) / Sources::EACH);
    let Some(Popup::Sources(sources)) = model.popups.last_mut() else {
        return Vec::new();
    };
    let rows = sources.rows();
    if sources.picker.go(action, &rows, page) {
        return Vec::new();
    }
    match action {
        Action::Back => {
            model.popups.pop();
        }
        Action::Open => {
            if let Some(order) = sources.picker.chosen(&rows).copied() {
                model.popups.pop();
                return opening::open_form(model, FormKind::Duplicate, order);
            }
            model.set_status(
                crate::app::status::Tone::Info,
                "No order is found for this yet.",
            );
        }
        _ => {}
    }
    Vec::new()
}
