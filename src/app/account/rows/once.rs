//! Values that repeat, each kept once.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash};

use rustc_hash::FxBuildHasher;

/// The number of no value.
pub(super) const NONE: u16 = u16::MAX;

/// A table that keeps each value once. It is looked for by a view of it, whose texts stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Once<T> {
    values: Vec<T>,
    /// Numbers by the hash of the view, or, where another value has that, the next that is free.
    index: HashMap<u64, u16, FxBuildHasher>,
    /// The number that was given last: rows of a page are alike.
    last: u16,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            index: HashMap::default(),
            last: NONE,
        }
    }
}

impl<T> Once<T> {
    /// The number of a value. When the table is full (65,535 different ones) the value is not kept.
    pub(super) fn number<V: Hash + PartialEq<T>>(
        &mut self,
        view: &V,
        make: impl FnOnce() -> T,
    ) -> u16 {
        if self.get(self.last).is_some_and(|last| *view == *last) {
            return self.last;
        }
        let mut hash = FxBuildHasher.hash_one(view);
        while let Some(number) = self.index.get(&hash).copied() {
            if self.get(number).is_some_and(|value| *view == *value) {
                self.last = number;
                return number;
            }
            hash = hash.wrapping_add(1);
        }
        let number = self.values.len() as u16;
        if number == NONE {
            return NONE;
        }
        self.values.push(make());
        self.index.insert(hash, number);
        self.last = number;
        number
    }

    pub(super) fn get(&self, number: u16) -> Option<&T> {
        self.values.get(usize::from(number))
    }

    pub(super) fn values(&self) -> &[T] {
        &self.values
    }
}
