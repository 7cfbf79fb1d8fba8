//! One page of a list, and where the next begins.

use crate::certcentral::wire::common::PageInfo;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Rows that could be read.
    pub rows: Vec<T>,
    /// Index of the first row.
    pub offset: u64,
    /// Rows that the server sent, those without a number included.
    pub returned: u64,
    /// Count of all matches; absent on lists that are not paged.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    pub(super) fn new<W>(
        wire: Vec<W>,
        info: Option<PageInfo>,
        asked: u64,
        convert: impl FnMut(W) -> Option<T>,
    ) -> Self {
        let info = info.unwrap_or_default();
        Self {
            returned: wire.len() as u64,
            rows: wire.into_iter().filter_map(convert).collect(),
            // What was asked for counts: some answers say 0 whatever the page.
            offset: asked,
            total: info.total,
        }
    }

    /// Offset of the next page; `None` after the last. Goes on by what came, not by what was asked for, and ends when
    /// nothing came or the total shrank meanwhile.
    pub fn next_offset(&self) -> Option<u64> {
        let next = self.offset + self.returned;
        let more = self.total.is_some_and(|total| next < total);
        (more && self.returned > 0).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(offset: u64, returned: u64, total: Option<u64>) -> Page<()> {
        Page {
            rows: Vec::new(),
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
