//! The cells of a row, read one by one: what is not what it should be costs that cell, not the journal.

use rusqlite::Row;
use rusqlite::types::ValueRef;

/// Reads a row, and remembers what could not be read.
pub(super) struct Cells<'a, 'row> {
    row: &'a Row<'row>,
    pub(super) unreadable: Vec<&'static str>,
}

impl<'a, 'row> Cells<'a, 'row> {
    pub(super) fn new(row: &'a Row<'row>) -> Self {
        Self {
            row,
            unreadable: Vec::new(),
        }
    }

    fn read<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(ValueRef<'_>) -> Option<T>,
    ) -> Option<T> {
        match self.row.get_ref(name) {
            Ok(ValueRef::Null) => None,
            Ok(value) => {
                let read = read(value);
                if read.is_none() {
                    self.unreadable.push(name);
                }
                read
            }
            Err(_) => {
                self.unreadable.push(name);
                None
            }
        }
    }

    /// Text; `None` where there is none, or none that can be read.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.parsed(name, |text| Some(text.to_owned()))
    }

    /// Text that means something.
    pub(super) fn parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.read(name, |value| parse(value.as_str().ok()?))
    }

    /// Text that has to be there.
    pub(super) fn needed(&mut self, name: &'static str) -> String {
        let before = self.unreadable.len();
        self.text(name).unwrap_or_else(|| {
            if self.unreadable.len() == before {
                self.unreadable.push(name);
            }
            String::new()
        })
    }

    pub(super) fn number(&mut self, name: &'static str) -> Option<i64> {
        self.read(name, |value| value.as_i64().ok())
    }

    /// A number of the account's, none of which is negative.
    pub(super) fn id(&mut self, name: &'static str) -> Option<u64> {
        self.read(name, |value| value.as_i64().ok()?.try_into().ok())
    }

    pub(super) fn bytes<const N: usize>(&mut self, name: &'static str) -> Option<[u8; N]> {
        self.read(name, |value| value.as_blob().ok()?.try_into().ok())
    }
}
