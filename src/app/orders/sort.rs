//! The order of the list: what needs attention first, or by a column.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::zones;
use crate::app::account::rows::{Bits, Day, Orders};
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

/// How many rows are sorted by name in one go, which is the longest of all: some milliseconds.
const NAMES_IN_ONE_GO: usize = 1 << 17;

/// How many rows are sorted by anything else in one go.
const IN_ONE_GO: usize = 1 << 19;

/// How many rows are put in their places among names one by one.
const FEW: usize = 1 << 12;

/// How many rows are sorted by a key in one go.
fn most(key: SortKey) -> usize {
    match key {
        SortKey::Name => NAMES_IN_ONE_GO,
        _ => IN_ONE_GO,
    }
}

/// The places of all rows in the order of one key, kept up to date.
#[derive(Debug)]
pub struct Sorted {
    key: SortKey,
    today: Date,
    revision: (u32, usize),
    /// Whether they stand as they do only until they have been sorted.
    stale: bool,
    places: Vec<u32>,
}

impl Sorted {
    /// All rows, sorted; equal ones stand by number, newest first.
    pub fn new(orders: &Orders, key: SortKey, today: Date) -> Self {
        let mut places: Vec<u32> = (0..orders.len() as u32).collect();
        Ranking::new(orders, key, today).sort(&mut places);
        Self::of(key, today, orders.revision(), places)
    }

    /// The same, where that takes no longer than a key may wait.
    pub(super) fn in_one_go(orders: &Orders, key: SortKey, today: Date) -> Option<Self> {
        (orders.len() <= most(key)).then(|| Self::new(orders, key, today))
    }

    /// Places that were sorted when the rows stood so.
    pub(super) fn of(key: SortKey, today: Date, revision: (u32, usize), places: Vec<u32>) -> Self {
        Self {
            key,
            today,
            revision,
            stale: false,
            places,
        }
    }

    /// What they are sorted by.
    pub fn key(&self) -> SortKey {
        self.key
    }

    /// The places, in order.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// Whether they stand in order.
    pub(super) fn is_in_order(&self) -> bool {
        !self.stale
    }

    /// Takes in what changed and came since: a few rows are put in their places, many are sorted with all others. Where
    /// that takes longer than a key may wait they are all there, but no longer in order.
    pub fn update(&mut self, orders: &Orders, today: Date) {
        if !self.stale && self.put_in(orders, today) {
            return;
        }
        self.hold(orders.len());
        if orders.len() <= most(self.key) {
            Ranking::new(orders, self.key, today).sort(&mut self.places);
            self.stale = false;
            self.revision = orders.revision();
            self.today = today;
        }
    }

    /// Each row once, as far as they are known where they were.
    fn hold(&mut self, len: usize) {
        self.stale = true;
        let known = self.places.len();
        self.places.retain(|place| (*place as usize) < len);
        self.places.reserve_exact(len - self.places.len());
        self.places.extend(known as u32..len as u32);
    }

    /// Puts what changed and came in its places, unless it is unknown or too much.
    fn put_in(&mut self, orders: &Orders, today: Date) -> bool {
        let known = self.places.len();
        let changed = match orders.changed(self.revision) {
            Some(changed) if today == self.today || self.key != SortKey::Ends => changed,
            _ => return false,
        };
        let new = known as u32..orders.len() as u32;
        if changed.is_empty() && new.is_empty() {
            return true;
        }
        let count = changed.len() + new.len();
        if count > known / 4 || self.key == SortKey::Name && count > FEW {
            return false;
        }
        let mut moves = Bits::none(known);
        for place in changed {
            moves.set(*place);
        }
        let mut fresh: Vec<u32> = changed.iter().copied().chain(new).collect();
        fresh.sort_unstable();
        fresh.dedup();
        let ranking = Ranking::new(orders, self.key, today);
        ranking.sort(&mut fresh);
        self.places.retain(|place| !moves.has(*place));
        let mut places = Vec::with_capacity(orders.len());
        let mut rest = self.places.as_slice();
        for place in fresh {
            let before = rest.partition_point(|old| ranking.compare(*old, place).is_lt());
            places.extend_from_slice(&rest[..before]);
            places.push(place);
            rest = &rest[before..];
        }
        places.extend_from_slice(rest);
        self.places = places;
        self.revision = orders.revision();
        self.today = today;
        true
    }
}

/// What a row is sorted by, as a number, and one for those alike.
type Number = (u64, u64);

/// What the rows are compared by.
pub(super) struct Ranking<'a> {
    orders: &'a Orders,
    key: SortKey,
    /// As rows hold days.
    today: u32,
    /// Of each of the values that repeat (states, products) its place among them.
    ranks: Vec<u32>,
}

impl<'a> Ranking<'a> {
    pub(super) fn new(orders: &'a Orders, key: SortKey, today: Date) -> Self {
        let ranks = match key {
            SortKey::Ends => orders.status_values().iter().map(rank).collect(),
            SortKey::Status => ranks(orders.status_values().iter().map(OrderStatus::as_str)),
            SortKey::Product => ranks(
                orders
                    .product_values()
                    .iter()
                    .map(|product| product.name.as_str()),
            ),
            _ => Vec::new(),
        };
        Self {
            orders,
            key,
            today: Day::number_of(today),
            ranks,
        }
    }

    pub(super) fn sort(&self, places: &mut Vec<u32>) {
        if self.key == SortKey::Name {
            zones::sort(places, |place| self.name(place), |place| self.newest(place));
            return;
        }
        let numbers = places.iter().map(|place| (self.number(*place), *place));
        let mut keyed: Vec<(Number, u32)> = numbers.collect();
        // What stands in order already is not sorted again: as a list grows the rows that came are put between the others.
        keyed.sort_by_key(|(number, _)| *number);
        places.clear();
        places.extend(keyed.into_iter().map(|(_, place)| place));
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        if self.key == SortKey::Name {
            let names = zones::compare(self.name(a), self.name(b));
            return names.then_with(|| self.newest(a).cmp(&self.newest(b)));
        }
        self.number(a).cmp(&self.number(b))
    }

    /// Small for a high number of the order.
    fn newest(&self, place: u32) -> u64 {
        self.orders
            .packed()
            .get(place as usize)
            .map_or(u64::MAX, |row| !row.id.0)
    }

    fn number(&self, place: u32) -> Number {
        let Some(row) = self.orders.packed().get(place as usize) else {
            return (u64::MAX, u64::MAX);
        };
        let ranked = |value: u16| {
            self.ranks
                .get(usize::from(value))
                .copied()
                .unwrap_or(u32::MAX)
        };
        let day = |day: Day| day.number().unwrap_or(u32::MAX);
        let first = match self.key {
            SortKey::Ends => {
                let living = self
                    .ranks
                    .get(usize::from(row.status))
                    .copied()
                    .unwrap_or(2);
                let is_over = living == 0 && day(row.valid_till) < self.today;
                let rank = if is_over { 3 } else { living };
                let day = day(row.valid_till);
                // What is over stands newest first, so that yesterday's end is not lost at the bottom.
                u64::from(rank) << 32 | u64::from(if rank >= 2 { !day } else { day })
            }
            SortKey::Covers => u64::from(day(row.order_valid_till)),
            SortKey::Created => !(row.created.cast_unsigned() ^ 1 << 63),
            SortKey::Status => u64::from(ranked(row.status)),
            SortKey::Product => u64::from(ranked(row.product)),
            SortKey::Number | SortKey::Name => 0,
        };
        (first, !row.id.0)
    }

    fn name(&self, place: u32) -> &'a str {
        self.orders.at(place).map_or("", |row| row.common_name())
    }

    /// Puts down what a row is sorted by, so that bytes compare as rows do.
    pub(super) fn push(&self, place: u32, text: &mut Vec<u8>) {
        if self.key == SortKey::Name {
            zones::push(self.name(place), text);
            text.push(0);
            text.extend(self.newest(place).to_be_bytes());
        } else {
            let (first, alike) = self.number(place);
            text.extend(first.to_be_bytes());
            text.extend(alike.to_be_bytes());
        }
    }
}

/// Living, then under way, then over.
fn rank(status: &OrderStatus) -> u32 {
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

fn ranks<'a>(values: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let values: Vec<&str> = values.collect();
    let mut sorted: Vec<usize> = (0..values.len()).collect();
    sorted.sort_by_key(|at| values[*at]);
    let mut ranks = vec![0; values.len()];
    for (rank, at) in (0..).zip(sorted) {
        ranks[at] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::engine::Engine;
    use crate::app::orders::OrdersScreen;
    use crate::app::orders::sorting::Sorting;
    use crate::app::testing::{date, summary};
    use crate::domain::ids::OrderId;
    use crate::domain::order::OrderSummary;
    use crate::domain::packed::Rows;
    use jiff::{Timestamp, ToSpan};
    use proptest::prelude::*;

    #[test]
    fn what_ends_soonest_stands_first_and_what_is_over_last() {
        let mut orders = Orders::default();
        let row = |id, ends: Option<&str>, status| {
            let mut row = summary(id, "a.example.net");
            row.valid_till = ends.map(date);
            row.status = status;
            row
        };
        orders.upsert(&Rows::from_iter(vec![
            row(1, Some("2026-01-01"), OrderStatus::Issued),
            row(2, Some("2027-01-01"), OrderStatus::Issued),
            row(3, None, OrderStatus::NeedsApproval),
            row(4, Some("2026-12-01"), OrderStatus::ReissuePending),
            row(5, Some("2026-12-01"), OrderStatus::Revoked),
        ]));
        let sorted = Sorted::new(&orders, SortKey::Ends, date("2026-11-20"));
        assert_eq!(numbers(&sorted, &orders), [4, 2, 3, 1, 5]);
    }

    #[test]
    fn a_zone_stands_together() {
        let mut orders = Orders::default();
        orders.upsert(&Rows::from_iter(vec![
            summary(1, "www.example.org"),
            summary(2, "www.example.net"),
            summary(3, "api.example.org"),
        ]));
        let sorted = Sorted::new(&orders, SortKey::Name, date("2026-11-20"));
        assert_eq!(numbers(&sorted, &orders), [2, 3, 1]);
    }

    #[test]
    fn a_zone_is_not_parted_by_one_whose_name_is_longer() {
        let names = [
            "b.shop.example",
            "a.shop-2.example",
            "shop.example",
            "example",
            "",
        ];
        let mut orders = Orders::default();
        orders.upsert(
            &(1..)
                .zip(names)
                .map(|(id, name)| summary(id, name))
                .collect(),
        );
        let sorted = Sorted::new(&orders, SortKey::Name, date("2026-11-20"));
        assert_eq!(numbers(&sorted, &orders), [4, 3, 1, 2, 5]);
    }

    fn numbers(sorted: &Sorted, orders: &Orders) -> Vec<u64> {
        let rows = sorted.places().iter().filter_map(|at| orders.at(*at));
        rows.map(|row| row.id.0).collect()
    }

    fn any_row() -> impl Strategy<Value = OrderSummary> {
        let name = prop_oneof![
            Just(String::new()),
            "[ab-]{1,2}(\\.[ab-]{1,2}){0,3}",
            // What a host name is not, and longer than one can be.
            "[a\u{0}-\u{2}\u{e9}]{1,10}\\.a",
            (0..3u8).prop_map(|end| format!("{}{end}", "x".repeat(300))),
            "[a-c]{1,12}\\.example\\.(net|org)",
        ];
        (1..40u64, name, 0..3u8, prop::option::of(0..60i64), 0..3u8).prop_map(
            |(id, name, status, days, product)| {
                let mut row = summary(id, &name);
                row.status = match status {
                    0 => OrderStatus::Issued,
                    1 => OrderStatus::Revoked,
                    _ => OrderStatus::Pending,
                };
                row.valid_till = days.map(|days| date("2026-11-01") + days.days());
                row.order_valid_till = days.map(|days| date("2026-11-01") + (days * 7 % 50).days());
                row.created = days.and_then(|days| Timestamp::from_second(days % 5).ok());
                row.product.name = format!("Product {product}");
                row
            },
        )
    }

    proptest! {
        /// However rows come, change and go: the order kept up to date is the one made at once.
        #[test]
        fn what_is_kept_up_to_date_is_as_made_anew(
            batches in prop::collection::vec((prop::collection::vec(any_row(), 0..25), prop::option::of(1..40u64)), 1..8),
            later in any::<bool>(),
        ) {
            for key in SortKey::ALL {
                let mut orders = Orders::default();
                let mut today = date("2026-11-20");
                let mut sorted = Sorted::new(&orders, *key, today);
                for (rows, gone) in &batches {
                    orders.upsert(&Rows::from_iter(rows.clone()));
                    if let Some(gone) = gone {
                        orders.remove(&[OrderId(*gone)]);
                    }
                    sorted.update(&orders, today);
                    let anew = Sorted::new(&orders, *key, today);
                    prop_assert_eq!(numbers(&sorted, &orders), numbers(&anew, &orders), "{:?}", key);
                    let in_order = anew.places().windows(2).all(|pair| {
                        Ranking::new(&orders, *key, today).compare(pair[0], pair[1]).is_lt()
                    });
                    prop_assert!(in_order, "{:?}: {:?}", key, numbers(&anew, &orders));
                    if later {
                        today += 1.day();
                    }
                }
            }
        }
    }

    proptest! {
        /// However rows change between the steps of a long sort: it ends as one in one go.
        #[test]
        fn sorted_in_steps_is_as_in_one_go(
            first in prop::collection::vec(any_row(), 0..40),
            between in prop::collection::vec((prop::collection::vec(any_row(), 0..2), prop::option::of(1..40u64)), 0..8),
        ) {
            let today = date("2026-11-20");
            for key in SortKey::ALL {
            let mut orders = Orders::default();
            orders.upsert(&Rows::from_iter(first.clone()));
            let mut sorting = Sorting::in_lots(4, &orders, *key, today);
            let mut between = between.clone().into_iter();
            let mut sorted = loop {
                if let Some(sorted) = sorting.step(&orders) {
                    break sorted;
                }
                let Some((rows, gone)) = between.next() else { continue };
                orders.upsert(&Rows::from_iter(rows));
                orders.remove(&gone.map(OrderId).into_iter().collect::<Vec<_>>());
            };
            sorted.update(&orders, today);
            let anew = Sorted::new(&orders, *key, today);
            prop_assert_eq!(numbers(&sorted, &orders), numbers(&anew, &orders), "{:?}", key);
            }
        }
    }

    #[test]
    fn a_product_that_comes_while_products_are_sorted_stands_where_it_belongs() {
        let today = date("2026-11-20");
        let of = |id, product: &str| {
            let mut row = summary(id, "a.example");
            row.product.name = product.into();
            row
        };
        let mut orders = Orders::default();
        orders.upsert(&(1..=12).map(|id| of(id, "B")).collect());
        let mut sorting = Sorting::in_lots(4, &orders, SortKey::Product, today);
        assert!(sorting.step(&orders).is_none());
        orders.upsert(&Rows::from_iter([of(13, "A")]));
        let mut sorted = loop {
            if let Some(sorted) = sorting.step(&orders) {
                break sorted;
            }
        };
        sorted.update(&orders, today);
        let anew = Sorted::new(&orders, SortKey::Product, today);
        assert_eq!(numbers(&sorted, &orders), numbers(&anew, &orders));
    }

    #[test]
    fn a_long_sort_takes_steps_and_the_list_stands_as_it_stood_until_it_is_done() {
        let mut engine = Engine::new(String::new(), jiff::Timestamp::UNIX_EPOCH);
        let count = NAMES_IN_ONE_GO as u64 + 1;
        let rows = (1..=count).map(|id| summary(id, &format!("h-{}.example", id * 7919 % count)));
        engine.account.orders.upsert(&rows.collect());
        let today = date("2026-11-20");
        let mut screen = OrdersScreen::default();
        screen.rebuild(&engine, today);
        let before = screen.view.clone();
        screen.sort_by(SortKey::Name, &engine, today);
        let mut steps = 0;
        while !screen.go_on(&engine, today) {
            assert_eq!((screen.sort, &screen.view), (SortKey::Ends, &before));
            steps += 1;
        }
        assert!((8..40).contains(&steps), "{steps}");
        assert_eq!((screen.sort, screen.sorting()), (SortKey::Name, None));
        let anew = Sorted::new(&engine.account.orders, SortKey::Name, today);
        assert!(screen.view == anew.places());
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
