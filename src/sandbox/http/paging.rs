//! Pages and sort keys.

use serde_json::{Value, json};

use super::call::Query;
use super::error::ApiError;

/// The largest page, also what one gets when none is named.
pub const LARGEST: usize = 1000;

/// The part of a list that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub limit: usize,
    pub offset: usize,
    /// Whether the client named a limit other than 0.
    named: bool,
}

impl Page {
    /// Reads `limit` and `offset`. 0 and none mean the largest page; more than that is cut to it.
    pub fn read(query: &Query) -> Result<Self, ApiError> {
        let named = query.number("limit")?.filter(|limit| *limit > 0);
        Ok(Self {
            limit: named.map_or(LARGEST, |limit| {
                usize::try_from(limit).unwrap_or(LARGEST).min(LARGEST)
            }),
            offset: query
                .number("offset")?
                .map_or(0, |offset| usize::try_from(offset).unwrap_or(usize::MAX)),
            named: named.is_some(),
        })
    }

    /// The items of this page.
    pub fn of<'a, T>(&self, items: &'a [T]) -> &'a [T] {
        let start = self.offset.min(items.len());
        let end = start.saturating_add(self.limit).min(items.len());
        &items[start..end]
    }

    /// The paging object.
    pub fn object(&self, total: usize) -> Value {
        json!({ "total": total, "limit": self.limit, "offset": self.offset })
    }

    /// The paging object of the lists whose documentation shows `"limit": 0` when nothing was asked for.
    pub fn object_or_zero(&self, total: usize) -> Value {
        let limit = if self.named || total > LARGEST {
            self.limit
        } else {
            0
        };
        json!({ "total": total, "limit": limit, "offset": self.offset })
    }
}

/// Sort keys: `-name` descends, `+name` and `name` ascend.
pub fn sort_keys(query: &Query) -> Vec<(String, bool)> {
    query
        .get("sort")
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|key| !key.is_empty())
        .map(|key| match key.strip_prefix('-') {
            Some(name) => (name.to_owned(), true),
            None => (key.trim_start_matches('+').to_owned(), false),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_never_larger_than_the_largest() {
        let items: Vec<u32> = (0..2500).collect();
        for (query, len, first) in [
            ("", 1000, Some(0)),
            ("limit=0", 1000, Some(0)),
            ("limit=5000&offset=2000", 500, Some(2000)),
            ("limit=25&offset=25", 25, Some(25)),
            ("offset=2500", 0, None),
        ] {
            let page = Page::read(&Query::read(query)).unwrap();
            let got = page.of(&items);
            assert_eq!((got.len(), got.first().copied()), (len, first), "{query}");
        }
    }

    #[test]
    fn signs_of_sort_keys() {
        let keys = sort_keys(&Query::read("sort=-date_created,%2Bstatus,+id,name"));
        let keys: Vec<(&str, bool)> = keys
            .iter()
            .map(|(name, down)| (name.as_str(), *down))
            .collect();
        assert_eq!(
            keys,
            [
                ("date_created", true),
                ("status", false),
                ("id", false),
                ("name", false)
            ]
        );
    }
}
