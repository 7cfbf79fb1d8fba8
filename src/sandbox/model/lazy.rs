//! A value made when it is first asked for, even by a reader: certificates of a generated account are signed only then.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A slot that is filled once. Filling needs no exclusive access; whoever comes second gets the first one's value.
#[derive(Debug)]
pub struct Lazy<T>(OnceLock<Arc<T>>);

impl<T> Lazy<T> {
    /// An empty slot.
    pub const fn empty() -> Self {
        Self(OnceLock::new())
    }

    /// A slot that is filled already.
    pub fn filled(value: T) -> Self {
        let slot = OnceLock::new();
        slot.get_or_init(|| Arc::new(value));
        Self(slot)
    }

    /// The value, if it was made.
    pub fn get(&self) -> Option<&Arc<T>> {
        self.0.get()
    }

    /// The value, made now by `make` if it was not yet. An error leaves the slot empty.
    pub fn get_or_try<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<&Arc<T>, E> {
        if let Some(value) = self.0.get() {
            return Ok(value);
        }
        let made = Arc::new(make()?);
        Ok(self.0.get_or_init(|| made))
    }
}

impl<T> Default for Lazy<T> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<T> Clone for Lazy<T> {
    fn clone(&self) -> Self {
        let slot = OnceLock::new();
        if let Some(value) = self.0.get() {
            slot.get_or_init(|| Arc::clone(value));
        }
        Self(slot)
    }
}

impl<T: Serialize> Serialize for Lazy<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().map(Arc::as_ref).serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lazy<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or_else(Self::empty, Self::filled))
    }
}
