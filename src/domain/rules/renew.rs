//! Renewals: whether a reissue is enough, and which newer order could serve instead.
//!
//! The console's Automation does the last (page *Request duplicate certificates*): before it renews, it looks for the newest
//! renewed order with the same names and takes a duplicate of that.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::super::coverage::{Coverage, coverage};
use super::super::ids::OrderId;
use super::super::names;
use super::super::order::OrderSummary;
use super::super::status::OrderStatus;

/// What the dates of a row call for: "order covers N d more: reissue", "order ends too: renew".
pub fn decide(order: &OrderSummary, today: Date) -> Coverage {
    coverage(
        &order.status,
        order.valid_till,
        order.order_valid_till,
        order.is_renewed,
        today,
    )
}

/// An order that could give a duplicate for some names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source<'a> {
    pub order: &'a OrderSummary,
    /// Why it stands where it stands.
    pub why: String,
}

/// Issued orders that could give a duplicate for exactly these names, the best first: not renewed by another, then the
/// newest. Wildcard products also serve for names below their wildcard. Where the orders are a part of all, `newest` is the
/// best of all: no other is called that.
pub fn sources<'a>(
    orders: impl IntoIterator<Item = &'a OrderSummary>,
    wanted: &BTreeSet<String>,
    newest: Option<OrderId>,
    today: Date,
) -> Vec<Source<'a>> {
    let mut found: Vec<(bool, &OrderSummary)> = orders
        .into_iter()
        .filter(|order| order.status == OrderStatus::Issued && !wanted.is_empty())
        .filter(|order| {
            order
                .order_valid_till
                .or(order.valid_till)
                .is_none_or(|end| end >= today)
        })
        .filter_map(|order| fits(order, wanted).map(|exact| (exact, order)))
        .collect();
    found.sort_by(|(_, a), (_, b)| {
        (a.is_renewed, b.created, b.id.0).cmp(&(b.is_renewed, a.created, a.id.0))
    });
    let mut first = true;
    found
        .into_iter()
        .map(|(exact, order)| {
            let names = if exact {
                "the same names"
            } else {
                "the names below its wildcard"
            };
            let why = if order.is_renewed {
                format!("{names}, but renewed by a newer order")
            } else if std::mem::take(&mut first) {
                let is_newest = newest.is_none_or(|newest| newest == order.id);
                let of = if is_newest {
                    "order with them"
                } else {
                    "of these"
                };
                format!("{names}, the newest {of}")
            } else {
                format!("{names}, older")
            };
            Source { order, why }
        })
        .collect()
}

/// `Some(true)` for the same names, `Some(false)` for names below the wildcard beside the order's own.
fn fits(order: &OrderSummary, wanted: &BTreeSet<String>) -> Option<bool> {
    let own = names::set(&order.common_name, &order.dns_names);
    if own == *wanted {
        return Some(true);
    }
    let below = |name: &String| {
        own.iter()
            .any(|wildcard| names::is_subdomain_of_wildcard(wildcard, name))
    };
    let serves =
        order.product.is_wildcard() && own.is_subset(wanted) && wanted.difference(&own).all(below);
    serves.then_some(false)
}

/// Follows renewals to the newest order: A renewed by B renewed by C gives C, with the way there (`first` included).
/// `renewed_by` tells the next one; a circle ends the search.
pub fn newest(first: OrderId, renewed_by: impl Fn(OrderId) -> Option<OrderId>) -> Vec<OrderId> {
    let mut way = vec![first];
    let mut last = first;
    while let Some(next) = renewed_by(last).filter(|next| next.0 != 0 && !way.contains(next)) {
        way.push(next);
        last = next;
    }
    way
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::testing::row;
    use super::*;

    const TODAY: Date = date(2026, 11, 20);

    #[test]
    fn the_newest_order_with_exactly_these_names_comes_first() {
        let end = date(2027, 6, 1);
        let mut old = row(1, "a.example", &["www.a.example"], end, end);
        old.is_renewed = true;
        let new = row(
            9,
            "www.a.example",
            &["a.example", "www.a.example"],
            end,
            end,
        );
        let middle = row(5, "a.example", &["WWW.a.example"], end, end);
        let other = row(7, "a.example", &["www.a.example", "b.example"], end, end);
        let over = row(
            8,
            "a.example",
            &["www.a.example"],
            date(2026, 1, 1),
            date(2026, 1, 1),
        );
        let orders = [old, new, middle, other, over];
        let wanted = names::set("a.example", &["www.a.example"]);
        let found = sources(&orders, &wanted, None, TODAY);
        let ids: Vec<u64> = found.iter().map(|source| source.order.id.0).collect();
        assert_eq!(ids, [9, 5, 1]);
        assert!(found[0].why.contains("newest") && found[2].why.contains("renewed"));
    }

    #[test]
    fn a_wildcard_order_serves_names_below_it() {
        let end = date(2027, 6, 1);
        let mut wildcard = row(1, "*.example.com", &["example.com"], end, end);
        wildcard.product.name_id = "ssl_wildcard".into();
        let orders = [wildcard];
        let found = |extra: &str| {
            let wanted = names::set("*.example.com", &["example.com", extra]);
            sources(&orders, &wanted, None, TODAY).len()
        };
        assert_eq!((found("a.b.example.com"), found("a.example.org")), (1, 0));
    }

    #[test]
    fn renewals_are_followed_to_their_end_and_circles_are_left() {
        let next = |id: OrderId| match id.0 {
            1 => Some(OrderId(2)),
            2 => Some(OrderId(3)),
            3 => Some(OrderId(0)),
            7 => Some(OrderId(8)),
            8 => Some(OrderId(7)),
            _ => None,
        };
        assert_eq!(
            newest(OrderId(1), next),
            [OrderId(1), OrderId(2), OrderId(3)]
        );
        assert_eq!(newest(OrderId(7), next), [OrderId(7), OrderId(8)]);
    }
}
