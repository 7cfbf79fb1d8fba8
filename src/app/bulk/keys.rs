//! Keys for the rows that have none: made two at a time, each in its file before its CSR is used.

use std::collections::HashSet;

use jiff::tz::TimeZone;

use super::{BulkList, BulkLists, Row, Standing};
use crate::app::effect::{Effect, KeySpec, ListId};
use crate::app::msg::KeyMade;
use crate::app::status::Tone;
use crate::app::writes::{Below, Writes};
use crate::domain::csr;
use crate::domain::draft::{FormKind, prefill};
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

impl BulkLists {
    /// Says where the files of each row go, and makes the keys that rows still need. Whether any are being made now.
    pub(in crate::app) fn prepare(
        &mut self,
        id: ListId,
        writes: &Writes,
        below: &mut Below<'_>,
    ) -> bool {
        let Some(list) = self.all.get_mut(&id) else {
            return false;
        };
        let (ListId::Reissues, Some(files)) = (id, list.settings.files()) else {
            list.rows.iter_mut().for_each(Row::aim_anew);
            return false;
        };
        let Ok(pattern) = files else {
            return false;
        };
        list.aim(&pattern, below);
        list.unkept = true;
        list.recheck(writes, below);
        let needs_key = |row: &Row| matches!(row.standing, Standing::AwaitsKey(_));
        if !list.rows.iter().any(needs_key) {
            return false;
        }
        list.making_keys = true;
        list.make_more(below);
        list.tell_making(below);
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
        let is_asked = |row: &&Row| row.making && asked_as(row.order) == form;
        let Some(list) = self.all.get_mut(&ListId::Reissues) else {
            return false;
        };
        let Some(order) = list.rows.iter().find(is_asked).map(|row| row.order) else {
            return false;
        };
        list.on_key(order, result, below);
        list.recheck(writes, below);
        list.make_more(below);
        if !list.is_making_keys() {
            // Nothing is reviewed whose CSR a restart would not find.
            list.storing = Some(order);
            below.turn.push(Effect::LoadPriorCsrs { order });
        }
        list.tell_making(below);
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
    /// Says of each row that is to be sent where its files go; those of two
    /// that would have the same are told apart by their orders. A row whose key is made keeps its place.
    fn aim(&mut self, pattern: &Pattern, below: &Below<'_>) {
        let files = |row: &Row, name: &str| self.files_of(name, row.order, pattern, false, below);
        let mut all: Vec<Option<FileSet>> = self
            .rows
            .iter()
            .map(|row| {
                if row.keeps_target() {
                    return row.target.clone();
                }
                let is_sent = matches!(row.standing, Standing::Ready(_) | Standing::AwaitsKey(_));
                is_sent.then(|| files(row, &row.name))
            })
            .collect();
        let taken = shared(&all);
        let is_shared = |files: &FileSet| taken.contains(&files.full_chain);
        for (row, place) in self.rows.iter().zip(&mut all) {
            if place.as_ref().is_some_and(is_shared) && !row.keeps_target() {
                // Orders of one name are told apart by their numbers.
                let name = format!("{}-{}", row.name, row.order);
                *place = Some(files(row, &name));
            }
        }
        let taken = shared(&all);
        for (row, files) in self.rows.iter_mut().zip(all) {
            if row.keeps_target() {
                continue;
            }
            row.target = files;
            let path = row.target.as_ref().map(|files| &files.full_chain);
            let twice = path.filter(|path| taken.contains(*path));
            if let Some(path) = twice {
                row.trouble = Some(format!(
                    "another order here would have the same file, {path}: add {{order}} to where it is written"
                ));
                row.target = None;
            }
        }
    }

    /// The files of an order under a name, by the pattern of the list.
    fn files_of(
        &self,
        name: &str,
        order: OrderId,
        pattern: &Pattern,
        again: bool,
        below: &Below<'_>,
    ) -> FileSet {
        let at = below.account.by_account(below.now);
        let named = Named {
            name,
            order,
            at: at.to_zoned(TimeZone::UTC).datetime(),
            again,
        };
        pattern.files(named, self.settings.latest)
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
            // Without a name the certificate takes only the key from it.
            let name = changes.names.first().unwrap_or(&row.name);
            below.turn.push(Effect::MakeKey(KeySpec {
                form: asked_as(row.order),
                algorithm: *algorithm,
                common_name: name.clone(),
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
            self.unkept = true;
        }
    }

    fn on_key(&mut self, order: OrderId, result: &Result<KeyMade, Failure>, below: &mut Below<'_>) {
        // The CSR is kept by itself at once, the list as a whole when all keys are made: it is long.
        let Some(at) = self.rows.iter().position(|row| row.order == order) else {
            return;
        };
        self.rows[at].making = false;
        match result {
            Ok(made) => {
                let kept = below.drafts.get(&FormKind::Reissue.draft_key(order));
                if kept.and_then(prefill::csr).is_some() {
                    let words = format!(
                        "The private key was written to {}; its CSR is not used: another one was given for order {order}.",
                        made.path
                    );
                    below.turn.set_status(Tone::Warn, words);
                    self.rows[at].target = None;
                    return;
                }
                let row = &mut self.rows[at];
                row.key_file = Some(made.path.clone());
                // What is wrong with it is told where the draft is judged, which has it too.
                row.csr = csr::read(&made.csr.0).ok();
                if let Some(target) = &mut row.target {
                    stand_beside(target, &made.path);
                }
                self.put(order, &made.csr.0, below);
            }
            Err(failure) => {
                // An earlier key of this day stays where it is, and so do the files beside it.
                let pattern = self.settings.files().and_then(Result::ok);
                let row = &self.rows[at];
                let again = pattern
                    .filter(|_| failure.what.contains("already exists"))
                    .map(|pattern| self.files_of(&row.name, row.order, &pattern, true, below))
                    .filter(|files| Some(files) != row.target.as_ref());
                let row = &mut self.rows[at];
                if again.is_none() {
                    row.trouble = Some(failure.what.trim_end_matches('.').to_owned());
                }
                row.target = again;
            }
        }
    }

    /// Says how many keys are made, while they are.
    fn tell_making(&self, below: &mut Below<'_>) {
        if !self.making_keys {
            return;
        }
        let made = self
            .rows
            .iter()
            .filter(|row| row.key_file.is_some())
            .count();
        let open = |row: &&Row| matches!(row.standing, Standing::AwaitsKey(_));
        let all = made + self.rows.iter().filter(open).count();
        let words = format!("Generating keys: {made} of {all}…");
        below.turn.set_status(Tone::Info, words);
    }
}

impl Row {
    /// Whether where its files go is decided: it was confirmed, or its key is there or on its way.
    fn keeps_target(&self) -> bool {
        self.is_confirmed() || self.making || (self.key_file.is_some() && self.target.is_some())
    }

    /// Nothing is written of it by itself.
    fn aim_anew(&mut self) {
        if !self.keeps_target() {
            self.target = None;
        }
    }
}

/// Paths that more than one row would write to.
fn shared(all: &[Option<FileSet>]) -> HashSet<String> {
    let (mut once, mut twice) = (HashSet::new(), HashSet::new());
    for files in all.iter().flatten() {
        if !once.insert(files.full_chain.as_str()) {
            twice.insert(files.full_chain.clone());
        }
    }
    twice
}

/// The files stand where the key is, wherever the next session starts.
fn stand_beside(target: &mut FileSet, key: &str) {
    let Some(folder) = key.strip_suffix(target.key.as_str()).map(str::to_owned) else {
        return;
    };
    let link = target.latest.as_mut().map(|(link, _)| link);
    let files = [
        &mut target.certificate,
        &mut target.chain,
        &mut target.full_chain,
        &mut target.key,
    ];
    for path in files.into_iter().chain(link) {
        path.insert_str(0, &folder);
    }
}
