//! One page of a list, and where the next begins.

use std::collections::HashSet;

use super::{Query, unexpected};
use crate::certcentral::ApiError;
use crate::certcentral::wire::common::PageInfo;
use crate::domain::text::counted;

/// Which page of which organizations or domains.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    /// Only active or only inactive ones.
    pub active: Option<bool>,
    /// Anywhere in the name; an organization's number as well.
    pub search: Option<String>,
    /// Index of the first row.
    pub offset: u64,
}

impl ListQuery {
    pub(super) fn query(&self) -> Query {
        let mut query = Query::default();
        let status = |active| if active { "active" } else { "inactive" };
        query.push_some("filters[status]", self.active.map(status));
        query.push_within("filters[search]", self.search.as_deref());
        query.push_some("offset", (self.offset > 0).then_some(self.offset));
        query
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Rows that could be read.
    pub rows: Vec<T>,
    /// Index of the first row.
    pub offset: u64,
    /// Rows that could not.
    pub unread: Vec<Unread>,
    /// Rows that the server sent, those that could not be read included.
    pub returned: u64,
    /// Count of all matches; absent on lists that are not paged.
    pub total: Option<u64>,
}

/// A row of a page that cannot be read, or contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread {
    /// Its place in the page.
    pub at: usize,
    /// Its number, where that much can be told.
    pub id: Option<u64>,
}

/// More rows than any account has; a count beyond is none.
const MOST: u64 = 100_000_000;

impl<T> Page<T> {
    /// The page of a list that was asked for at an offset. `convert` gives a row, or the number of one that cannot be
    /// read, where it has one. A page that contradicts itself, or is another page, is an error
    /// and not a shorter list.
    pub(super) fn new<W>(
        what: &str,
        wire: Vec<W>,
        info: Option<PageInfo>,
        asked: u64,
        mut convert: impl FnMut(W) -> Result<T, Option<u64>>,
    ) -> Result<Self, ApiError> {
        let returned = wire.len() as u64;
        let total = checked(what, returned, info, asked)?;
        let (mut rows, mut unread) = (Vec::with_capacity(wire.len()), Vec::new());
        for (at, row) in wire.into_iter().enumerate() {
            match convert(row) {
                Ok(row) => rows.push(row),
                Err(id) => unread.push(Unread { at, id }),
            }
        }
        Ok(Self {
            returned,
            rows,
            unread,
            offset: asked,
            total,
        })
    }

    /// Offset of the next page; `None` after the last. Goes on by what came, not by what was asked for, and ends when
    /// nothing came or the total shrank meanwhile.
    pub fn next_offset(&self) -> Option<u64> {
        let next = self.offset.saturating_add(self.returned);
        let more = self.total.is_some_and(|total| next < total);
        (more && self.returned > 0).then_some(next)
    }
}

/// How many rows a list has in all, by a page of it that holds so many from the offset that was asked for. A page that
/// contradicts itself, or is another page, is an error and not a shorter list.
pub(super) fn checked(
    what: &str,
    returned: u64,
    info: Option<PageInfo>,
    asked: u64,
) -> Result<Option<u64>, ApiError> {
    let info = info.unwrap_or_default();
    let counts = |total: u64| {
        let rows = usize::try_from(total).unwrap_or(usize::MAX);
        format!("it counts {}", counted(rows, "row", "rows"))
    };
    let wrong = match (info.offset, info.total) {
        // Some answers say 0 whatever the page.
        (Some(offset), _) if offset != asked && offset != 0 => {
            Some(format!("it is the page at {offset}, not at {asked}"))
        }
        (_, Some(total)) if total > MOST => Some(counts(total)),
        (_, Some(total)) if returned > 0 && total < asked.saturating_add(returned) => Some(
            format!("{} and has {returned} from {asked} on", counts(total)),
        ),
        (_, Some(total)) if returned == 0 && asked < total => {
            Some(format!("{} and has none from {asked} on", counts(total)))
        }
        (_, None) if returned == 0 => {
            Some("it has no rows and does not say that there are none".to_owned())
        }
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Err(unexpected(what, wrong));
    }
    Ok(info.total)
}

/// Pages of one list that are read, at most: a million rows.
const PAGES: usize = 1000;

/// Goes through the pages of a list, and sees that each brings something: a server that counts more than it has would
/// be asked for ever.
#[derive(Debug, Default)]
pub struct Pages {
    seen: HashSet<u64>,
    read: usize,
}

impl Pages {
    /// Takes a page; gives the rows that did not come before, and where the next page begins.
    pub fn take<T>(
        &mut self,
        what: &str,
        page: Page<T>,
        id: impl Fn(&T) -> u64,
    ) -> Result<(Vec<T>, Option<u64>), ApiError> {
        let next = page.next_offset();
        let rows = page.rows.into_iter();
        let fresh: Vec<T> = rows.filter(|row| self.seen.insert(id(row))).collect();
        self.read += 1;
        if next.is_some() && (fresh.is_empty() || self.read >= PAGES) {
            return Err(unexpected(
                what,
                format!(
                    "its pages do not end: page {} brought nothing new",
                    self.read
                ),
            ));
        }
        Ok((fresh, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(offset: u64, returned: u64, total: Option<u64>) -> Page<()> {
        Page {
            rows: Vec::new(),
            unread: Vec::new(),
            offset,
            returned,
            total,
        }
    }

    #[test]
    fn pages_end_also_when_the_list_shrinks() {
        assert_eq!(page(0, 1000, Some(1500)).next_offset(), Some(1000));
        assert_eq!(page(1000, 500, Some(1500)).next_offset(), None);
        assert_eq!(page(1000, 500, Some(1200)).next_offset(), None);
        assert_eq!(page(1000, 0, Some(1500)).next_offset(), None);
        assert_eq!(page(0, 3, None).next_offset(), None);
    }
}
