//! The order of the list: what needs attention first, or by a column.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::app::account::rows::{OrderRow, Orders};
use crate::domain::status::OrderStatus;

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortKey {
    /// Living certificates by their end, then what is under way, then what is over.
    #[default]
    Ends,
    Number,
    /// Name, domain by domain from the right, so that a zone stands together.
    Name,
    Status,
    Product,
    /// End of the order.
    Covers,
    /// Newest first by the time it was placed.
    Created,
}

impl SortKey {
    /// Every key, in the order in which `s` goes through them.
    pub const ALL: &'static [Self] = &[
        Self::Ends,
        Self::Covers,
        Self::Name,
        Self::Number,
        Self::Status,
        Self::Product,
        Self::Created,
    ];

    /// The next one.
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|key| *key == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    /// Words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ends => "expiration",
            Self::Covers => "coverage",
            Self::Name => "name",
            Self::Number => "newest order",
            Self::Status => "status",
            Self::Product => "product",
            Self::Created => "date ordered",
        }
    }
}

/// Sorts places of rows; equal rows stand by number, newest first.
pub fn sort(places: &mut [u32], orders: &Orders, key: SortKey, today: Date) {
    let row = |place: &u32| orders.at(*place);
    let number = |row: Option<&OrderRow>| Reverse(row.map_or(0, |row| row.id.0));
    match key {
        SortKey::Ends => {
            let ranks: Vec<u8> = orders.status_values().iter().map(rank).collect();
            places.sort_by_cached_key(|place| {
                let row = row(place);
                let rank = row.map_or(u8::MAX, |row| {
                    let living = ranks.get(usize::from(row.status)).copied().unwrap_or(2);
                    if living == 0 && row.valid_till.is_some_and(|ends| ends < today) {
                        3
                    } else {
                        living
                    }
                });
                let ends = row.and_then(|row| row.valid_till);
                // What is over stands newest first, so that yesterday's end is not lost at the bottom.
                let day = ends.map_or(i32::MAX, day_number);
                (rank, if rank >= 2 { -day } else { day }, number(row))
            });
        }
        SortKey::Covers => places.sort_by_cached_key(|place| {
            let row = row(place);
            let day = row
                .and_then(|row| row.order_valid_till)
                .map_or(i32::MAX, day_number);
            (day, number(row))
        }),
        SortKey::Number => places.sort_by_cached_key(|place| number(row(place))),
        SortKey::Created => places.sort_by_cached_key(|place| {
            let row = row(place);
            (
                Reverse(row.map_or(i64::MIN, OrderRow::created_second)),
                number(row),
            )
        }),
        SortKey::Name => places.sort_by_cached_key(|place| {
            let row = row(place);
            let name = row.map(OrderRow::common_name).unwrap_or_default();
            (name.is_empty(), zone_first(name), number(row))
        }),
        SortKey::Status => {
            let ranks = ranks(orders.status_values().iter().map(OrderStatus::as_str));
            places.sort_by_cached_key(|place| by_rank(row(place), &ranks, |row| row.status));
        }
        SortKey::Product => {
            let ranks = ranks(
                orders
                    .product_values()
                    .iter()
                    .map(|product| product.name.as_str()),
            );
            places.sort_by_cached_key(|place| by_rank(row(place), &ranks, |row| row.product));
        }
    }
}

fn day_number(date: Date) -> i32 {
    i32::from(date.year()) * 512 + i32::from(date.month()) * 32 + i32::from(date.day())
}

/// Living, then under way, then over.
fn rank(status: &OrderStatus) -> u8 {
    match status {
        OrderStatus::Issued | OrderStatus::ReissuePending => 0,
        OrderStatus::NeedsApproval
        | OrderStatus::Pending
        | OrderStatus::Processing
        | OrderStatus::WaitingPickup
        | OrderStatus::Other(_) => 1,
        OrderStatus::Expired => 3,
        OrderStatus::Revoked | OrderStatus::Canceled | OrderStatus::Rejected => 4,
    }
}

fn ranks<'a>(values: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let values: Vec<&str> = values.collect();
    let mut sorted: Vec<usize> = (0..values.len()).collect();
    sorted.sort_by_key(|at| values[*at]);
    let mut ranks = vec![0; values.len()];
    for (rank, at) in sorted.into_iter().enumerate() {
        ranks[at] = rank;
    }
    ranks
}

fn by_rank(
    row: Option<&OrderRow>,
    ranks: &[usize],
    value: impl Fn(&OrderRow) -> u16,
) -> (usize, Reverse<u64>) {
    let rank = row
        .and_then(|row| ranks.get(usize::from(value(row))).copied())
        .unwrap_or(usize::MAX);
    (rank, Reverse(row.map_or(0, |row| row.id.0)))
}

/// `www.shop.example.net` → `net.example.shop.www`.
fn zone_first(name: &str) -> String {
    let mut labels: Vec<&str> = name.split('.').collect();
    labels.reverse();
    labels.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{date, summary};

    #[test]
    fn what_ends_soonest_stands_first_and_what_is_over_last() {
        let mut orders = Orders::default();
        let row = |id, ends: Option<&str>, status| {
            let mut row = summary(id, "a.example.net");
            row.valid_till = ends.map(date);
            row.status = status;
            row
        };
        orders.upsert(vec![
            row(1, Some("2026-01-01"), OrderStatus::Issued),
            row(2, Some("2027-01-01"), OrderStatus::Issued),
            row(3, None, OrderStatus::NeedsApproval),
            row(4, Some("2026-12-01"), OrderStatus::ReissuePending),
            row(5, Some("2026-12-01"), OrderStatus::Revoked),
        ]);
        let mut places: Vec<u32> = (0..5).collect();
        sort(&mut places, &orders, SortKey::Ends, date("2026-11-20"));
        let ids: Vec<u64> = places
            .iter()
            .filter_map(|at| orders.at(*at))
            .map(|row| row.id.0)
            .collect();
        assert_eq!(ids, [4, 2, 3, 1, 5]);
    }

    #[test]
    fn a_zone_stands_together() {
        let mut orders = Orders::default();
        orders.upsert(vec![
            summary(1, "www.example.org"),
            summary(2, "www.example.net"),
            summary(3, "api.example.org"),
        ]);
        let mut places: Vec<u32> = (0..3).collect();
        sort(&mut places, &orders, SortKey::Name, date("2026-11-20"));
        assert_eq!(places, [1, 2, 0]);
    }

    #[test]
    fn going_through_the_keys_comes_back() {
        let mut key = SortKey::default();
        for _ in SortKey::ALL {
            key = key.next();
        }
        assert_eq!(key, SortKey::default());
    }
}
