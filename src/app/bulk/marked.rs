//! The rows of reissues: the orders that were marked, and the CSRs that are given to them by their names.

use std::collections::HashSet;

use super::{BulkList, BulkLists, Row};
use crate::app::effect::ListId;
use crate::app::key_guard;
use crate::app::status::Tone;
use crate::app::writes::{Below, Writes};
use crate::domain::csr::{self, Csr};
use crate::domain::draft::{FormKind, lists, prefill};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::names;
use crate::domain::text::{counted, sanitise};
use crate::domain::write::Stage;

impl BulkLists {
    /// The list of reissues as it was kept, if it is not there yet.
    pub(in crate::app) fn restore_reissues(&mut self, below: &Below<'_>) {
        self.restored(ListId::Reissues, below);
    }

    /// Opens the list of reissues with these orders in it. What is over leaves it; an order stands in it once.
    pub(in crate::app) fn open_reissues(
        &mut self,
        orders: &[OrderId],
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        let id = ListId::Reissues;
        let list = self.restored(id, below);
        if !list.is_running() && !orders.is_empty() {
            // What was refused begins anew where its order is marked again.
            let again = |row: &Row| orders.contains(&row.order) && row.was_refused(writes);
            list.rows.retain(|row| !row.is_over(writes) && !again(row));
            // Nothing is lost with a row that nobody gave anything yet.
            let drafts = &*below.drafts;
            let is_bare = |row: &Row| {
                let key = FormKind::Reissue.draft_key(row.order);
                !row.is_confirmed()
                    && row.number.is_none()
                    && !row.making
                    && drafts.get(&key).is_none()
            };
            list.rows
                .retain(|row| orders.contains(&row.order) || !is_bare(row));
            let left = list
                .rows
                .iter()
                .filter(|row| !orders.contains(&row.order))
                .count();
            if left > 0 {
                let left = counted(left, "order", "orders");
                let words = format!("{left} of the list that was kept stay in it.");
                below.turn.set_status(Tone::Info, words);
            }
        }
        let there: HashSet<OrderId> = list.rows.iter().map(|row| row.order).collect();
        for order in orders.iter().filter(|order| !there.contains(order)) {
            let row = below.account.orders.get(*order);
            let title = row.map_or_else(String::new, |row| row.title().clone());
            list.rows.push(Row::new(*order, &title));
        }
        list.unkept |= orders.iter().any(|order| !there.contains(order));
        self.open(id, writes, below);
    }

    /// A list of reissues that was left is thrown away where all of it is over. Whether it was.
    pub(in crate::app) fn clear_finished(
        &mut self,
        id: ListId,
        writes: &Writes,
        below: &mut Below<'_>,
    ) -> bool {
        let is_over = |list: &BulkList| list.rows.iter().all(|row| row.is_over(writes));
        let clears = id == ListId::Reissues && self.get(id).is_some_and(is_over);
        if clears {
            self.discard(id, below);
        }
        clears
    }
}

impl Row {
    /// Whether the account refused it, or it never left.
    fn was_refused(&self, writes: &Writes) -> bool {
        let stage = self.watch(&writes.all).map(|watch| &watch.stage);
        // What is not found so far is looked for.
        !matches!(stage, Some(Stage::NotFound(_))) && self.may_be_sent_again(&writes.all)
    }

    /// Whether nothing more comes of it: its certificate is verified and written.
    fn is_over(&self, writes: &Writes) -> bool {
        let is_written = match &self.file {
            Some(file) => file.is_ok(),
            None => self.target.is_none(),
        };
        match self.watch(&writes.all).map(|watch| &watch.stage) {
            Some(Stage::Issued { problems, .. }) => problems.is_empty() && is_written,
            Some(_) => false,
            None => self.certificate(&writes.all).is_some() && is_written,
        }
    }
}

impl BulkList {
    /// Files were read: each CSR goes to the order with its names.
    pub(super) fn give_files(
        &mut self,
        files: Vec<(String, Result<String, Failure>)>,
        below: &mut Below<'_>,
    ) {
        let mut found = Vec::new();
        self.leftovers.clear();
        for (name, result) in files {
            match result {
                Ok(text) => self.read_csrs(&name, text, &mut found),
                Err(failure) => {
                    let why = failure.what.trim_end_matches('.');
                    self.leave(&name, why);
                }
            }
        }
        self.give(&found, below);
    }

    /// A text was pasted: one CSR is for the row that is looked at, several are for the orders with their names.
    pub(super) fn give_pasted(&mut self, at: usize, text: String, below: &mut Below<'_>) {
        let mut found = Vec::new();
        self.leftovers.clear();
        self.read_csrs("pasted", text, &mut found);
        match (found.as_slice(), self.rows.get(at)) {
            ([(_, csr)], Some(row)) if !row.is_confirmed() => {
                let (order, title) = (row.order, row.name.clone());
                let csr = csr.pem();
                self.put(order, &csr, below);
                let words = format!("CSR set for order {order} {title}.");
                below.turn.set_status(Tone::Info, words);
            }
            _ => self.give(&found, below),
        }
    }

    fn leave(&mut self, name: &str, why: &str) {
        let words = format!("{name}: {why}");
        self.leftovers.push(sanitise(&words).into_owned());
    }

    fn read_csrs(&mut self, name: &str, mut text: String, found: &mut Vec<(String, Csr)>) {
        if let Some(kind) = key_guard::refuse(&mut text) {
            self.leave(
                name,
                &format!("that was {kind}; it was not kept and is never sent"),
            );
            return;
        }
        match csr::read_all(&text) {
            Err(error) => self.leave(name, &error.to_string()),
            Ok(all) => {
                let several = all.len() > 1;
                for (line, result) in all {
                    let name = if several {
                        format!("{name}:{line}")
                    } else {
                        name.to_owned()
                    };
                    match result {
                        Ok(csr) => found.push((name, csr)),
                        Err(error) => self.leave(&name, &error.to_string()),
                    }
                }
            }
        }
    }

    /// Each CSR goes to the one order whose names it has; what more than one could be meant by is told.
    fn give(&mut self, found: &[(String, Csr)], below: &mut Below<'_>) {
        let wanted: Vec<(OrderId, Vec<String>, bool)> = self
            .rows
            .iter()
            .filter(|row| !row.is_confirmed())
            .filter_map(|row| {
                let names = normal(row.changes()?.names.iter());
                Some((row.order, names, row.csr.is_some() && !row.is_present))
            })
            .collect();
        let all: Vec<Vec<String>> = found
            .iter()
            .map(|(_, csr)| normal(csr.dns_names().iter()))
            .collect();
        let mut given = 0;
        for ((name, csr), names) in found.iter().zip(&all) {
            let orders: Vec<&(OrderId, Vec<String>, bool)> =
                wanted.iter().filter(|(_, own, _)| own == names).collect();
            let twins = all.iter().filter(|other| *other == names).count();
            match orders.as_slice() {
                [] if names.is_empty() => self.leave(name, "it has no names to find its order by"),
                [] => {
                    let names = lists::words(&csr.dns_names());
                    self.leave(
                        name,
                        &format!("no order here has exactly its names ({names})"),
                    );
                }
                [(order, ..)] if twins > 1 => {
                    let words =
                        format!("several CSRs have the names of order {order}: paste one of them");
                    self.leave(name, &words);
                }
                [(order, _, true)] => {
                    self.leave(name, &format!("order {order} already has a CSR"));
                }
                [(order, ..)] => {
                    self.put(*order, &csr.pem(), below);
                    given += 1;
                }
                [(first, ..), .., (last, ..)] => {
                    let words = format!(
                        "{} have its names, among them {first} and {last}: paste it on a row",
                        counted(orders.len(), "order", "orders")
                    );
                    self.leave(name, &words);
                }
            }
        }
        let given = counted(given, "CSR matches its order", "CSRs match their orders");
        let (tone, words) = match self.leftovers.as_slice() {
            [] => (Tone::Info, format!("{given} by names.")),
            [one] => (Tone::Warn, format!("{given} by names; not used: {one}.")),
            [first, more @ ..] => {
                let more = more.len();
                (
                    Tone::Warn,
                    format!("{given} by names; not used: {first}, and {more} more."),
                )
            }
        };
        below.turn.set_status(tone, words);
    }

    /// The CSR of an order's reissue stands in the draft of its form.
    pub(super) fn put(&mut self, order: OrderId, csr: &str, below: &mut Below<'_>) {
        let key = FormKind::Reissue.draft_key(order);
        let json = prefill::with_csr(below.drafts.get(&key), csr);
        below.turn.extend(below.drafts.save(key, json));
        self.unkept = true;
    }
}

/// Names as they are compared, each once, in an order of their own.
fn normal<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = names.map(|name| names::normalise(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
