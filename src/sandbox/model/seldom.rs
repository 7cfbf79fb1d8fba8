//! A list that is empty nearly always: an account of a million orders has several in each.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// As large as a pointer while nothing is in it; a `Vec` is three times that.
#[derive(Debug, Clone)]
#[expect(
    clippy::box_collection,
    reason = "the room of an empty list is what it is about"
)]
pub struct Seldom<T>(Option<Box<Vec<T>>>);

impl<T: 'static> Seldom<T> {
    const EMPTY: &'static Vec<T> = &Vec::new();

    /// Gives back room that nothing stands in.
    pub fn shrink_to_fit(&mut self) {
        self.0.take_if(|list| list.is_empty());
        if let Some(list) = &mut self.0 {
            list.shrink_to_fit();
        }
    }
}

impl<T> Default for Seldom<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<Vec<T>> for Seldom<T> {
    fn from(mut list: Vec<T>) -> Self {
        list.shrink_to_fit();
        Self((!list.is_empty()).then(|| Box::new(list)))
    }
}

impl<T> FromIterator<T> for Seldom<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<T: 'static> Deref for Seldom<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        self.0.as_deref().unwrap_or(Self::EMPTY)
    }
}

impl<T: 'static> DerefMut for Seldom<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        self.0.get_or_insert_default()
    }
}

impl<'a, T: 'static> IntoIterator for &'a Seldom<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Seldom<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    /// Makes no room where there is nothing to change.
    fn into_iter(self) -> Self::IntoIter {
        match &mut self.0 {
            Some(list) => list.iter_mut(),
            None => [].iter_mut(),
        }
    }
}

impl<T: Serialize + 'static> Serialize for Seldom<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Vec::serialize(self, serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Seldom<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_small_and_reads_and_writes_as_a_list() {
        assert_eq!(size_of::<Seldom<String>>(), size_of::<usize>());
        let mut list = Seldom::<u32>::default();
        assert!(list.is_empty() && (&mut list).into_iter().next().is_none());
        assert!(list.0.is_none());
        assert_eq!(serde_json::to_string(&list).unwrap(), "[]");
        list.push(7);
        list.extend([8, 9]);
        assert_eq!(serde_json::to_string(&list).unwrap(), "[7,8,9]");
        let mut read: Seldom<u32> = serde_json::from_str("[7,8,9]").unwrap();
        assert_eq!(*read, *list);
        for number in &mut read {
            *number += 1;
        }
        assert_eq!(read.iter().sum::<u32>(), 27);
        read.clear();
        read.shrink_to_fit();
        assert!(read.0.is_none());
        let none: Seldom<u32> = serde_json::from_str("[]").unwrap();
        assert!(none.0.is_none());
    }
}
