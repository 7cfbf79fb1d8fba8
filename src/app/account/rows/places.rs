//! Where the row of a number stands. The numbers stand in the rows alone.

use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::Packed;
use crate::domain::ids::OrderId;

/// Places of rows by the rows' numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(HashTable<u32>);

impl Places {
    /// The place of the row with this number.
    pub(super) fn get(&self, id: OrderId, rows: &[Packed]) -> Option<u32> {
        let found = self
            .0
            .find(hash(id), |place| number(*place, rows) == Some(id));
        found.copied()
    }

    /// Takes a place of a row whose number has none.
    pub(super) fn insert(&mut self, place: u32, rows: &[Packed]) {
        let of = |place: &u32| number(*place, rows).map_or(0, hash);
        self.0.insert_unique(of(&place), place, of);
    }

    /// Makes room for more; where there is none, it grows as they come.
    pub(super) fn make_room(&mut self, more: usize, rows: &[Packed]) {
        let of = |place: &u32| number(*place, rows).map_or(0, hash);
        let _ = self.0.try_reserve(more, of);
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// They follow from the rows.
impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

fn hash(id: OrderId) -> u64 {
    FxBuildHasher.hash_one(id)
}

fn number(place: u32, rows: &[Packed]) -> Option<OrderId> {
    rows.get(place as usize).map(|row| row.id)
}
