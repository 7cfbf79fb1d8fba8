//! Keys for the rows that have none: made two at a time, each in its file before its CSR is used.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::{BulkList, BulkLists, Row, Standing};
use crate::app::effect::{Effect, KeySpec, ListId};
use crate::app::msg::KeyMade;
use crate::app::status::Tone;
use crate::app::writes::{Below, Writes};
use crate::domain::csr;
use crate::domain::failure::Failure;
use crate::domain::file_pattern::{FileSet, Named, Pattern};
use crate::domain::ids::OrderId;

/// Keys that are made at a time: an RSA key takes a processor for a while.
const AT_A_TIME: usize = 2;

/// What stands before the order in the name under which a key is asked for.
const ROW: &str = "row-";

fn asked_as(order: OrderId) -> String {
    format!("{ROW}{order}")
}

/// The order of the row that a key was asked for.
fn order_of(form: &str) -> Option<OrderId> {
    Some(OrderId(form.strip_prefix(ROW)?.parse().ok()?))
}

impl BulkLists {
    /// Makes the keys that rows still need. Whether any are being made now.
    pub(in crate::app) fn make_keys(
        &mut self,
        id: ListId,
        writes: &Writes,
        below: &mut Below<'_>,
    ) -> bool {
        let Some(list) = self.all.get_mut(&id) else {
            return false;
        };
        let Some(Ok(pattern)) = list.settings.files() else {
            return false;
        };
        let needs_key = |row: &Row| matches!(row.standing, Standing::AwaitsKey(_));
        if !list.rows.iter().any(needs_key) {
            return false;
        }
        list.aim(&pattern, needs_key, below);
        list.making_keys = true;
        list.unkept = true;
        list.make_more(below);
        list.recheck(writes, below);
        if list.making_keys {
            let words = list.making_words();
            below.turn.set_status(Tone::Info, words);
        }
        list.making_keys
    }

    /// No more keys are made; what is under way goes on.
    pub(in crate::app) fn stop_keys(&mut self, id: ListId) {
        if let Some(list) = self.all.get_mut(&id) {
            list.making_keys = false;
        }
    }

    /// A key was made, or not. Whether a row asked for it.
    pub(in crate::app) fn on_key(
        &mut self,
        form: &str,
        result: &Result<KeyMade, Failure>,
        writes: &Writes,
        below: &mut Below<'_>,
    ) -> bool {
        let Some(order) = order_of(form) else {
            return false;
        };
        if let Some(list) = self.all.get_mut(&ListId::Reissues) {
            list.on_key(order, result, below);
            list.recheck(writes, below);
            list.make_more(below);
            if list.making_keys {
                let words = list.making_words();
                below.turn.set_status(Tone::Info, words);
            }
        }
        true
    }

    /// A review begins: what failed before is tried again.
    pub(in crate::app) fn try_again(&mut self, id: ListId, writes: &Writes, below: &mut Below<'_>) {
        if let Some(list) = self.all.get_mut(&id) {
            for row in &mut list.rows {
                row.trouble = None;
            }
            list.recheck(writes, below);
        }
    }
}

impl BulkList {
    /// Says of each of these rows where its files go; of two that would have the same neither gets any.
    pub(super) fn aim(
        &mut self,
        pattern: &Pattern,
        which: impl Fn(&Row) -> bool,
        below: &Below<'_>,
    ) {
        let at = below.account.by_account(below.now);
        let at = at.to_zoned(TimeZone::UTC).datetime();
        let files = |row: &Row| {
            let named = Named {
                name: &row.name,
                order: row.order,
                at,
            };
            pattern.files(named, self.settings.latest)
        };
        let mut all: Vec<Option<FileSet>> = self
            .rows
            .iter()
            .map(|row| {
                row.target
                    .clone()
                    .or_else(|| which(row).then(|| files(row)))
            })
            .collect();
        let mut taken: HashMap<String, usize> = HashMap::new();
        for files in all.iter().flatten() {
            *taken.entry(files.full_chain.clone()).or_default() += 1;
        }
        for (row, files) in self.rows.iter_mut().zip(&mut all) {
            let Some(files) = files.take().filter(|_| row.target.is_none()) else {
                continue;
            };
            if taken.get(&files.full_chain).is_some_and(|rows| *rows > 1) {
                let words = format!(
                    "another order here would have the same file, {}: add {{order}} to where it is written",
                    files.full_chain
                );
                row.trouble = Some(words);
                continue;
            }
            row.target = Some(files);
        }
    }

    /// Begins to make the next keys, as far as there are any and not enough are being made.
    fn make_more(&mut self, below: &mut Below<'_>) {
        let mut making = self.rows.iter().filter(|row| row.making).count();
        for row in &mut self.rows {
            if making >= AT_A_TIME || !self.making_keys {
                break;
            }
            let (Standing::AwaitsKey(algorithm), false, None) =
                (&row.standing, row.making, &row.trouble)
            else {
                continue;
            };
            let (Some(target), Some(changes)) = (&row.target, row.changes()) else {
                continue;
            };
            let mut names = changes.names.iter().cloned();
            below.turn.push(Effect::MakeKey(KeySpec {
                form: asked_as(row.order),
                algorithm: *algorithm,
                common_name: names.next().unwrap_or_default(),
                dns_names: changes.names.clone(),
                organization: changes.organization.clone(),
                path: target.key.clone(),
                makes_folders: true,
            }));
            row.making = true;
            making += 1;
        }
        if making == 0 {
            self.making_keys = false;
        }
    }

    fn on_key(&mut self, order: OrderId, result: &Result<KeyMade, Failure>, below: &mut Below<'_>) {
        self.unkept = true;
        let Some(row) = self.rows.iter_mut().find(|row| row.order == order) else {
            return;
        };
        row.making = false;
        match result {
            Ok(made) => {
                row.key_file = Some(made.path.clone());
                row.csr = csr::read(&made.csr.0).ok();
                self.put(order, &made.csr.0, below);
            }
            Err(failure) => {
                row.target = None;
                row.trouble = Some(failure.what.trim_end_matches('.').to_owned());
            }
        }
    }

    fn making_words(&self) -> String {
        let made = self
            .rows
            .iter()
            .filter(|row| row.key_file.is_some())
            .count();
        let open = |row: &&Row| matches!(row.standing, Standing::AwaitsKey(_));
        let all = made + self.rows.iter().filter(open).count();
        format!("Generating keys: {made} of {all}…")
    }
}
