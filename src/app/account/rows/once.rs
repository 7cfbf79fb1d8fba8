//! Values that repeat, each kept once.

use std::collections::HashMap;
use std::hash::Hash;

use rustc_hash::FxBuildHasher;

/// The number of no value.
pub(super) const NONE: u16 = u16::MAX;

/// A table that keeps each value once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Once<T: Hash + Eq> {
    values: Vec<T>,
    index: HashMap<T, u16, FxBuildHasher>,
    /// The number that was given last: rows of a page are alike.
    last: u16,
}

impl<T: Hash + Eq> Default for Once<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            index: HashMap::default(),
            last: NONE,
        }
    }
}

impl<T: Hash + Eq + Clone> Once<T> {
    /// The number of a value. When the table is full (65,535 different ones) the value is not kept.
    pub(super) fn number(&mut self, value: T) -> u16 {
        if self.get(self.last) == Some(&value) {
            return self.last;
        }
        if let Some(number) = self.index.get(&value) {
            self.last = *number;
            return *number;
        }
        let number = self.values.len() as u16;
        if number == NONE {
            return NONE;
        }
        self.values.push(value.clone());
        self.index.insert(value, number);
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
