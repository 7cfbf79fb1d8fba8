//! From texts to rows: each CSR of a file or a paste is one, and so is what could not be read.

use super::{BulkList, BulkLists, Row, Standing};
use crate::app::effect::{Effect, ListId};
use crate::app::key_guard;
use crate::app::status::Tone;
use crate::app::writes::{Below, Writes};
use crate::domain::csr::{self, Csr, csr_key};
use crate::domain::draft::lists;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::secret::SecretKind;
use crate::domain::text::{counted, sanitise};

impl BulkLists {
    /// Files are to be read for a list.
    pub(in crate::app) fn read_files(
        &mut self,
        id: ListId,
        paths: Vec<String>,
        below: &mut Below<'_>,
    ) {
        if let Some(list) = self.all.get_mut(&id) {
            list.reading += 1;
            below.turn.push(Effect::ReadCsrs { list: id, paths });
        }
    }

    /// Files were read.
    pub(in crate::app) fn on_csr_files(
        &mut self,
        id: ListId,
        files: Vec<(String, Result<String, Failure>)>,
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        let Some(list) = self.all.get_mut(&id) else {
            return;
        };
        list.reading = list.reading.saturating_sub(1);
        let ListId::Duplicates(order) = id else {
            list.give_files(files, below);
            self.recheck(id, writes, below);
            return;
        };
        let before = list.rows.len();
        let mut keys = 0;
        for (name, result) in files {
            match result {
                Ok(text) => keys += usize::from(list.add(order, Some(&name), text)),
                Err(failure) => list.rows.push(Row::unreadable(
                    order,
                    &name,
                    failure.what.trim_end_matches('.'),
                )),
            }
        }
        let added = list.rows.len() - before;
        let new = list.rows[before..].iter();
        let unread = new.filter(|row| row.unreadable.is_some()).count();
        list.unkept |= added > 0;
        self.recheck(id, writes, below);
        let (tone, words) = if keys > 0 {
            let files = counted(keys, "file contains", "files contain");
            let words =
                format!("{files} a private key; certdeck did not keep it and never sends it.");
            (Tone::Bad, words)
        } else if unread > 0 {
            let read = added - unread;
            let unread = counted(unread, "file cannot", "files cannot");
            let words = format!("{read} loaded and checked; {unread} be read.");
            (Tone::Warn, words)
        } else {
            (Tone::Info, format!("{added} loaded and checked."))
        };
        below.turn.set_status(tone, words);
    }

    /// Adds every CSR of a text that was pasted; in a list of reissues they are for the row that is looked at, or for those
    /// with their names.
    pub(in crate::app) fn paste(
        &mut self,
        id: ListId,
        at: usize,
        text: String,
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        let Some(list) = self.all.get_mut(&id) else {
            return;
        };
        match id {
            ListId::Duplicates(order) => {
                let before = list.rows.len();
                list.add(order, None, text);
                list.unkept = true;
                let added = counted(list.rows.len() - before, "CSR", "CSRs");
                below.turn.set_status(Tone::Info, format!("{added} added."));
            }
            ListId::Reissues => list.give_pasted(at, text, below),
        }
        self.recheck(id, writes, below);
    }

    /// Says in a list that a private key was pasted.
    pub(in crate::app) fn refuse_pasted(
        &mut self,
        id: ListId,
        kind: SecretKind,
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        if let (Some(list), ListId::Duplicates(order)) = (self.all.get_mut(&id), id) {
            list.refuse(order, None, kind);
            list.unkept = true;
        }
        self.recheck(id, writes, below);
    }
}

impl Row {
    pub(super) fn new(order: OrderId, name: &str) -> Self {
        Self {
            order,
            name: sanitise(name).into_owned(),
            csr: None,
            says: String::new(),
            standing: Standing::Unchecked,
            advice: Vec::new(),
            file: None,
            number: None,
            earlier: None,
            key_file: None,
            target: None,
            making: false,
            is_present: false,
            trouble: None,
            writing: false,
            unreadable: None,
            dropped: false,
            key: None,
            judged: None,
            judged_by: None,
        }
    }

    pub(super) fn unreadable(order: OrderId, name: &str, why: &str) -> Self {
        let why = sanitise(why).into_owned();
        Self {
            standing: Standing::Wrong(why.clone()),
            unreadable: Some(why),
            ..Self::new(order, name)
        }
    }

    pub(super) fn of(order: OrderId, name: &str, csr: Csr) -> Self {
        let names = csr.dns_names();
        let says = if names.is_empty() {
            format!("{}, no names", csr.key)
        } else {
            format!("{}, {}", csr.key, lists::words(&names))
        };
        Self {
            says: sanitise(&says).into_owned(),
            key: csr_key(&csr.pem()),
            csr: Some(csr),
            ..Self::new(order, name)
        }
    }
}

impl BulkList {
    /// What a text is called in the list: its file, or its number among those that were pasted.
    fn name_of(&self, file: Option<&str>) -> String {
        file.map_or_else(|| format!("pasted {}", self.rows.len() + 1), str::to_owned)
    }

    /// Says in the list that a text held a private key.
    fn refuse(&mut self, order: OrderId, file: Option<&str>, kind: SecretKind) {
        let why = format!("that was {kind}; it was not kept and is never sent");
        let row = Row::unreadable(order, &self.name_of(file), &why);
        self.rows.push(row);
    }

    /// Adds every CSR of a text; one with a private key in it is wiped. Tells whether there was one.
    fn add(&mut self, order: OrderId, file: Option<&str>, mut text: String) -> bool {
        let pasted = file.is_none();
        if let Some(kind) = key_guard::refuse(&mut text) {
            self.refuse(order, file, kind);
            return true;
        }
        let name = self.name_of(file);
        match csr::read_all(&text) {
            Err(error) => self
                .rows
                .push(Row::unreadable(order, &name, &error.to_string())),
            Ok(found) => {
                let several = found.len() > 1;
                for (line, result) in found {
                    let at = if several && !pasted {
                        format!("{name}:{line}")
                    } else {
                        name.clone()
                    };
                    self.rows.push(match result {
                        Ok(csr) => {
                            let own = csr.subject.common_name.clone().filter(|_| pasted);
                            Row::of(order, &own.unwrap_or(at), csr)
                        }
                        Err(error) => Row::unreadable(order, &at, &error.to_string()),
                    });
                }
            }
        }
        false
    }
}
