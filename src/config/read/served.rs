//! The table `[served]`: where the certificates of names are served, and what of that is replaced by the rule.

use toml_edit::InlineTable;

use super::{Entry, Reader, entries, strings};
use crate::config::ServedName;

/// The one way to replace what is served when it is due.
const AUTO: &str = "duplicate-or-renew";

impl Reader<'_> {
    /// `[served]`
    pub(super) fn served(&mut self, entry: &Entry<'_>) -> Vec<ServedName> {
        let mut served = Vec::new();
        let Some(names) = self.table(entry) else {
            return served;
        };
        for (key, item) in entries(names) {
            let entry = Entry::new(&entry.name, key, item);
            let inline = item.as_inline_table().filter(|table| !table.is_dotted());
            if let Some(table) = inline {
                served.extend(self.served_table(&entry, table, key.get()));
                continue;
            }
            if item.is_table_like() {
                self.wrong(&entry, "put the whole name in quotes: \"www.example.com\"");
                continue;
            }
            match strings(item) {
                Some(endpoints) => served.push(ServedName {
                    name: key.get().to_owned(),
                    endpoints,
                    auto: false,
                    line: self.line(&entry),
                }),
                None => self.wrong(
                    &entry,
                    "must be a list of endpoints: [\"lb1.internal:443\", \"smtp://mx1:25\"]",
                ),
            }
        }
        served
    }

    /// `{ at = ["lb1:443"], auto = "duplicate-or-renew" }`
    fn served_table(
        &mut self,
        entry: &Entry<'_>,
        table: &InlineTable,
        name: &str,
    ) -> Option<ServedName> {
        let mut served = ServedName {
            name: name.to_owned(),
            endpoints: Vec::new(),
            auto: false,
            line: self.line(entry),
        };
        for (key, item) in entries(table) {
            let entry = Entry::new(&entry.name, key, item);
            match key.get() {
                "at" => {
                    let Some(endpoints) = strings(item) else {
                        let why = "must be a list of endpoints: [\"lb1.internal:443\"]";
                        self.wrong(&entry, why);
                        return None;
                    };
                    served.endpoints = endpoints;
                }
                "auto" if item.as_str() == Some(AUTO) => served.auto = true,
                "auto" => self.wrong(&entry, format!("must be \"{AUTO}\"")),
                _ => self.unknown(&entry, &["at", "auto"]),
            }
        }
        Some(served)
    }
}
