//! List orders: filter, sort, page. Found lists are remembered, so that the pages of a full sync cost one search.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::super::call::Call;
use super::super::csv::Csv;
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::paging::{Page, sort_keys};
use super::super::reply::Reply;
use super::super::views;
use super::filter::OrderFilter;
use super::row::{CSV_HEADER, Rows, csv_cells, sort_name, years};
use crate::sandbox::model::{Account, Order};
use crate::sandbox::rules::status;

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    orders: Option<Rows<'a>>,
    page: Value,
}

/// `GET /order/certificate`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let today = desk.context(call).today();
    let filter = OrderFilter::read(&call.query, call.actor, today, call.quirks.filter_ignored);
    let keys = sort_keys(&call.query);
    let page = Page::read(&call.query)?;
    let account = desk.read();
    // By id is how they are stored: the commonest lists need no search at all.
    let plain = filter.is_empty() && keys.iter().all(|(name, _)| is_id(name));
    let (orders, total) = if plain {
        stored(&account, page, keys.first().is_some_and(|(_, down)| *down))
    } else {
        let key = format!(
            "{}|{today}|{}|{}",
            call.actor.user_id,
            call.quirks.filter_ignored,
            call.query.fingerprint()
        );
        let found = desk.remembered(&account, key, |account| {
            search(account, &filter, &keys, today)
        });
        (pick(&account, &found, page), found.len())
    };
    if call.csv {
        let mut csv = Csv::new(&CSV_HEADER);
        for order in orders {
            csv.line(csv_cells(&account, order, today));
        }
        return Ok(Reply::csv(csv.text()));
    }
    let prices = views::sees_prices(call.actor);
    let rows = (!orders.is_empty()).then_some(Rows {
        account: &account,
        ca: &desk.ca,
        orders,
        today,
        prices,
        empty_organization: call.quirks.empty_organization,
    });
    Ok(Reply::json(
        200,
        &Answer {
            orders: rows,
            page: page.object(total),
        },
    ))
}

fn is_id(name: &str) -> bool {
    matches!(name, "order_id" | "id")
}

fn stored(account: &Account, page: Page, down: bool) -> (Vec<&Order>, usize) {
    let all = account.orders();
    let orders = if down {
        all.iter()
            .rev()
            .skip(page.offset)
            .take(page.limit)
            .collect()
    } else {
        page.of(all).iter().collect()
    };
    (orders, all.len())
}

fn pick<'a>(account: &'a Account, found: &Arc<Vec<u32>>, page: Page) -> Vec<&'a Order> {
    let all = account.orders();
    page.of(found)
        .iter()
        .filter_map(|at| all.get(*at as usize))
        .collect()
}

fn search(
    account: &Account,
    filter: &OrderFilter,
    keys: &[(String, bool)],
    today: Date,
) -> Vec<u32> {
    let all = account.orders();
    let mut found: Vec<u32> = match filter.candidates(account) {
        Some(ids) => ids
            .iter()
            .filter_map(|id| all.binary_search_by_key(id, |order| order.id).ok())
            .filter(|at| filter.passes(&all[*at]))
            .map(|at| at as u32)
            .collect(),
        None => (0..all.len())
            .filter(|at| filter.passes(&all[*at]))
            .map(|at| at as u32)
            .collect(),
    };
    found.sort_unstable();
    found.dedup();
    if !keys.is_empty() {
        found.sort_by(|a, b| compare(&all[*a as usize], &all[*b as usize], keys, today));
    }
    found
}

fn compare(a: &Order, b: &Order, keys: &[(String, bool)], today: Date) -> Ordering {
    keys.iter()
        .map(|(name, down)| {
            let order = match name.as_str() {
                "order_id" | "id" => a.id.cmp(&b.id),
                "date_created" => a.date_created.cmp(&b.date_created),
                "common_name" => sort_name(a).cmp(&sort_name(b)),
                "status" => status::shown(a, today)
                    .id()
                    .cmp(status::shown(b, today).id()),
                "valid_till" => a.primary().valid_till.cmp(&b.primary().valid_till),
                "order_valid_till" => a.order_valid_till.cmp(&b.order_valid_till),
                "validity_years" => years(a.order_validity).cmp(&years(b.order_validity)),
                "product_name" | "product" => a.product.name.cmp(b.product.name),
                _ => Ordering::Equal,
            };
            if *down { order.reverse() } else { order }
        })
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}
