//! A long sort, done in steps between which keys are heard.

use jiff::civil::Date;

use super::sort::{Ranking, SortKey, Sorted};
use crate::app::account::rows::Orders;

/// How many rows are to be sorted together: a few milliseconds. Twice as many are dealt out in one step.
const TOGETHER: usize = 1 << 13;

/// How many rows tell, for each lot, where the lots part.
const TELLING: usize = 16;

/// The rows on their way to the order of a key: they are dealt out in lots that follow each other, then each lot is
/// sorted.
#[derive(Debug)]
pub(super) struct Sorting {
    key: SortKey,
    today: Date,
    revision: (u32, usize),
    /// How many products and states there were: one more gives others another rank.
    values: (usize, usize),
    together: usize,
    /// How many rows there were when it began; what comes later is taken in at the end.
    len: usize,
    dealt: usize,
    /// Where each lot but the first begins.
    bounds: Vec<Vec<u8>>,
    lots: std::vec::IntoIter<Vec<u32>>,
    places: Vec<u32>,
}

impl Sorting {
    /// Begins; the steps do the work.
    pub(super) fn new(orders: &Orders, key: SortKey, today: Date) -> Self {
        Self::in_lots(TOGETHER, orders, key, today)
    }

    /// Begins, with lots of about so many rows.
    pub(super) fn in_lots(together: usize, orders: &Orders, key: SortKey, today: Date) -> Self {
        let len = orders.len();
        let ranking = Ranking::new(orders, key, today);
        let count = len.div_ceil(together);
        // From all over: rows that came together are alike.
        let telling = (0..count * TELLING).map(|n| (n.wrapping_mul(0x9E37_79B1) % len) as u32);
        let mut telling: Vec<u32> = telling.collect();
        ranking.sort(&mut telling);
        let bounds = telling.chunks(TELLING).skip(1).map(|lot| {
            let mut bound = Vec::new();
            ranking.push(lot[0], &mut bound);
            bound
        });
        Self {
            key,
            today,
            revision: orders.revision(),
            values: values(orders),
            together,
            len,
            dealt: 0,
            bounds: bounds.collect(),
            lots: vec![Vec::new(); count].into_iter(),
            places: Vec::with_capacity(len),
        }
    }

    /// What it sorts by.
    pub(super) fn key(&self) -> SortKey {
        self.key
    }

    /// The next step; all rows in order after the last one. Rows that change meanwhile are known to have changed since
    /// it began; where that is no longer known it begins anew.
    pub(super) fn step(&mut self, orders: &Orders) -> Option<Sorted> {
        if orders.changed(self.revision).is_none() || self.values != values(orders) {
            *self = Self::in_lots(self.together, orders, self.key, self.today);
        }
        let ranking = Ranking::new(orders, self.key, self.today);
        if self.dealt < self.len {
            let end = self.len.min(self.dealt + 2 * self.together);
            let lots = self.lots.as_mut_slice();
            let mut rank = Vec::new();
            for place in self.dealt as u32..end as u32 {
                rank.clear();
                ranking.push(place, &mut rank);
                lots[self.bounds.partition_point(|bound| *bound <= rank)].push(place);
            }
            self.dealt = end;
            return None;
        }
        let done = self.places.len();
        while self.places.len() < done + self.together {
            let Some(mut lot) = self.lots.next() else {
                let places = std::mem::take(&mut self.places);
                return Some(Sorted::of(self.key, self.today, self.revision, places));
            };
            ranking.sort(&mut lot);
            self.places.append(&mut lot);
        }
        None
    }
}

fn values(orders: &Orders) -> (usize, usize) {
    (orders.product_values().len(), orders.status_values().len())
}
