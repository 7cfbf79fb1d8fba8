//! From texts to rows, and what is wrong with each: everything is known before the first is sent.

use std::collections::HashMap;

use super::{Bulk, Row, Standing, kept, shared};
use crate::app::account::OrderData;
use crate::app::key_guard;
use crate::app::model::Model;
use crate::app::msg::PriorCsr;
use crate::app::remote::Remote;
use crate::app::status::Tone;
use crate::app::writes::Watch;
use crate::domain::csr::{self, Csr, csr_key};
use crate::domain::draft::csr_notes::{self, KnownCsrs};
use crate::domain::draft::offer::Offer;
use crate::domain::draft::{Context, Draft, duplicate, lists};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::secret::SecretKind;
use crate::domain::status::RequestStatus;
use crate::domain::text::counted;
use crate::domain::text::sanitise;
use crate::domain::write::{Arrival, Stage};

/// Files were read.
pub(in crate::app) fn came(
    model: &mut Model,
    order: OrderId,
    files: Vec<(String, Result<String, Failure>)>,
) {
    let Some(bulk) = model.bulks.get_mut(&order) else {
        return;
    };
    bulk.reading = bulk.reading.saturating_sub(1);
    let before = bulk.rows.len();
    let mut keys = 0;
    for (name, result) in files {
        match result {
            Ok(text) => keys += usize::from(bulk.add(Some(&name), text)),
            Err(failure) => bulk
                .rows
                .push(Row::unreadable(&name, failure.what.trim_end_matches('.'))),
        }
    }
    let added = bulk.rows.len() - before;
    let new = bulk.rows[before..].iter();
    let unread = new.filter(|row| row.unreadable.is_some()).count();
    bulk.unkept |= added > 0;
    recheck(model, order);
    if keys > 0 {
        model.set_status(
            Tone::Bad,
            format!(
                "{} a private key; certdeck did not keep it and never sends it.",
                counted(keys, "file contains", "files contain")
            ),
        );
    } else {
        let read = added - unread;
        if unread == 0 {
            model.set_status(Tone::Info, format!("{read} loaded and checked."));
        } else {
            let words = counted(unread, "file cannot", "files cannot");
            model.set_status(
                Tone::Warn,
                format!("{read} loaded and checked; {words} be read."),
            );
        }
    }
}

/// The journal told what was sent for the order before.
pub(in crate::app) fn before_came(
    model: &mut Model,
    order: OrderId,
    result: Result<Vec<PriorCsr>, Failure>,
) {
    if let Some(bulk) = model.bulks.get_mut(&order) {
        bulk.before = Some(result);
    }
    recheck(model, order);
}

/// Checks everything that was not sent yet against what is known now.
pub(in crate::app) fn recheck(model: &mut Model, order: OrderId) {
    let Some(mut bulk) = model.bulks.remove(&order) else {
        return;
    };
    if let Some(data) = model.engine.account.known.get(&order)
        && let Some(info) = data.order.value()
    {
        let product = model.engine.account.offered(info);
        let ctx = Context {
            order: info,
            product: product.as_ref(),
            siblings: data.certificates(),
            offer: &Offer::default(),
            reference: "",
            today: model.today(),
        };
        bulk.check(&ctx, data, &model.engine.writes.all);
    }
    model.bulks.insert(order, bulk);
}

impl Row {
    fn new(name: &str) -> Self {
        Self {
            name: sanitise(name).into_owned(),
            csr: None,
            says: String::new(),
            standing: Standing::Unchecked,
            advice: Vec::new(),
            file: None,
            number: None,
            earlier: None,
            unreadable: None,
            dropped: false,
        }
    }

    pub(super) fn unreadable(name: &str, why: &str) -> Self {
        let why = sanitise(why).into_owned();
        Self {
            standing: Standing::Wrong(why.clone()),
            unreadable: Some(why),
            ..Self::new(name)
        }
    }

    pub(super) fn of(name: &str, csr: Csr) -> Self {
        let names = csr.dns_names();
        let says = if names.is_empty() {
            format!("{}, no names", csr.key)
        } else {
            format!("{}, {}", csr.key, lists::words(&names))
        };
        Self {
            says: sanitise(&says).into_owned(),
            csr: Some(csr),
            ..Self::new(name)
        }
    }
}

impl Bulk {
    /// What a text is called in the list: its file, or its number among those that were pasted.
    fn name_of(&self, file: Option<&str>) -> String {
        file.map_or_else(|| format!("pasted {}", self.rows.len() + 1), str::to_owned)
    }

    /// Says in the list that a text held a private key.
    pub(super) fn refuse(&mut self, file: Option<&str>, kind: SecretKind) {
        let why = format!("that was {kind}; it was not kept and is never sent");
        let row = Row::unreadable(&self.name_of(file), &why);
        self.rows.push(row);
    }

    /// Adds every CSR of a text; one with a private key in it is wiped. Tells whether there was one.
    pub(super) fn add(&mut self, file: Option<&str>, mut text: String) -> bool {
        let pasted = file.is_none();
        if let Some(kind) = key_guard::refuse(&mut text) {
            self.refuse(file, kind);
            return true;
        }
        let name = self.name_of(file);
        match csr::read_all(&text) {
            Err(error) => self.rows.push(Row::unreadable(&name, &error.to_string())),
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
                            Row::of(&own.unwrap_or(at), csr)
                        }
                        Err(error) => Row::unreadable(&at, &error.to_string()),
                    });
                }
            }
        }
        false
    }

    fn check(&mut self, ctx: &Context<'_>, data: &OrderData, watches: &[Watch]) {
        let template = self.shared.template(ctx);
        let checked = duplicate::check(&template, ctx);
        self.blocked = checked.forbidden().map(|note| note.text.clone());
        self.shared.told(&checked);
        let asked = template.all_names();
        let known = KnownCsrs::of(ctx.order, ctx.siblings);
        let used = self.used(data, watches);
        let before = self.before.as_ref().and_then(|before| before.as_ref().ok());
        let mut seen: HashMap<Vec<u8>, String> = HashMap::new();
        let mut keys: HashMap<Vec<u8>, String> = HashMap::new();
        for (at, row) in self.rows.iter_mut().enumerate() {
            let Some(csr) = row.csr.clone() else { continue };
            let label = format!("row {} ({})", at + 1, row.name);
            let twice = seen.get(&csr.der).cloned();
            let same_key = keys.get(&csr.spki_der).cloned();
            if let Some(before) = before {
                row.earlier = kept::sent(row, before).or(row.earlier.take());
            }
            if row.is_open_question() {
                // Until the journal is read, nobody knows whether it was sent.
                row.standing = match (&row.earlier, &row.number) {
                    (Some(_), Some(op)) => Standing::Sent(op.clone()),
                    _ => Standing::Unchecked,
                };
                if before.is_some() && row.earlier.is_none() {
                    row.number = None;
                }
            }
            if matches!(row.standing, Standing::Sent(_)) {
                keys.insert(csr.spki_der, label.clone());
                seen.insert(csr.der, label);
                continue;
            }
            if row.number.is_some() && !matches!(row.standing, Standing::Queued(_)) {
                continue;
            }
            if let Some(first) = twice {
                row.standing = Standing::Wrong(format!("the same CSR as {first}"));
                continue;
            }
            keys.insert(csr.spki_der.clone(), label.clone());
            seen.insert(csr.der.clone(), label);
            if let Some(why) = used.find(&csr) {
                row.standing = Standing::Known(why);
                continue;
            }
            // What was confirmed is sent as it was shown, or not at all.
            if matches!(row.standing, Standing::Queued(_)) {
                continue;
            }
            let reading = csr_notes::reading(&csr.pem(), ctx.order, &asked, &known, true);
            row.advice = reading.warnings().map(|note| note.text.clone()).collect();
            let draft = Draft {
                csr: reading.csr,
                csr_problem: reading.problem,
                ..template.clone()
            };
            let checked = duplicate::check(&draft, ctx);
            // What is said of a shared field is said there, once.
            let own = checked
                .advice
                .iter()
                .filter(|advice| !shared::has(advice.field));
            row.advice.extend(own.map(|advice| advice.text.clone()));
            if let Some(words) = used.lost.get(&csr.der) {
                row.advice.push(format!("Sent before: {words}."));
            }
            if let Some(first) = same_key {
                let words = format!("The same key as {first}: two servers would share it.");
                row.advice.push(words);
            }
            row.standing = match duplicate::outgoing(&draft, ctx) {
                _ if row.dropped => Standing::LeftOut,
                Some(outgoing) => Standing::Ready(Box::new(outgoing)),
                None => Standing::Wrong(
                    checked
                        .problems
                        .first()
                        .map(|problem| problem.text.clone())
                        .or_else(|| self.blocked.clone())
                        .unwrap_or_else(|| "it cannot be sent".into()),
                ),
            };
        }
    }

    /// CSRs that certificates, requests, the journal or a watch of the order carry already.
    fn used(&self, data: &OrderData, watches: &[Watch]) -> Used {
        let mut used = Used::default();
        for row in data.certificates() {
            let number = row.id.map_or_else(String::new, |id| format!(" {id}"));
            if let Some(key) = row.csr.as_ref().and_then(|text| csr_key(&text.0)) {
                let words = format!("certificate{number} of this order has it");
                used.on_order.entry(key).or_insert(words);
            }
        }
        for request in data.requests() {
            if request.status == RequestStatus::Rejected {
                continue;
            }
            if let Some(key) = request.csr.as_ref().and_then(|text| csr_key(&text.0)) {
                let words = format!("request {} of this order has it", request.id);
                used.on_order.entry(key).or_insert(words);
            }
        }
        for watch in watches {
            let Some(expected) = &watch.outgoing.expected else {
                continue;
            };
            let used = match watch.stage {
                _ if watch.order != Some(self.order) => continue,
                Stage::Ended(_) => continue,
                Stage::NotFound(_) => &mut used.lost,
                _ => &mut used.sent,
            };
            used.insert(expected.csr_der.clone(), watch.words());
        }
        // What became of this session's own is in their watches.
        let before = self.before.iter().flatten().flatten();
        for sent in before.filter(|sent| sent.arrival == Arrival::Arrived) {
            if !watches.iter().any(|watch| watch.op == sent.op) {
                used.journal.insert(sent.sha256, sent.words.clone());
            }
        }
        used
    }

    /// Why the review cannot begin yet.
    pub(super) fn not_yet(&self, data: Option<&OrderData>) -> Option<String> {
        if let Some(why) = &self.blocked {
            return Some(why.clone());
        }
        if self.reading > 0 {
            return Some("The files are still loading.".into());
        }
        let unread = |failure: Option<&Failure>, what: &str| match failure {
            Some(failure) => format!("{what} not loaded: {failure}"),
            None => format!("{what} not loaded yet; try again in a moment."),
        };
        let Some(data) = data.filter(|data| data.order.value().is_some()) else {
            let failure = data.and_then(|data| data.order.failure());
            return Some(unread(failure, "The order is"));
        };
        // What was read before, or could not be read anew, says nothing of what is there now.
        if !data.order.is_since(self.opened.since) {
            return Some(unread(data.order.failure(), "The order is"));
        }
        for (remote, what) in [
            (&data.duplicates, "The order's duplicates are"),
            (&data.reissues, "The order's reissues are"),
        ] {
            if !remote.is_since(self.opened.since) {
                return Some(unread(remote.failure(), what));
            }
        }
        let failed = data.requests.values().find_map(Remote::failure);
        if failed.is_some() || data.requests.values().any(Remote::is_loading) {
            return Some(unread(failed, "The order's requests are"));
        }
        match &self.before {
            None => return Some(unread(None, "The journal is")),
            Some(Err(failure)) => return Some(unread(Some(failure), "The journal is")),
            Some(Ok(_)) => {}
        }
        if self.ready().next().is_none() {
            return Some(if self.rows.is_empty() {
                "There is no CSR yet: enter files or a folder, or paste some.".into()
            } else {
                "No row is ready to be sent; each row shows why.".into()
            });
        }
        None
    }
}

/// Where a CSR was used before.
#[derive(Default)]
struct Used {
    on_order: HashMap<String, String>,
    sent: HashMap<Vec<u8>, String>,
    lost: HashMap<Vec<u8>, String>,
    journal: HashMap<[u8; 32], String>,
}

impl Used {
    fn find(&self, csr: &Csr) -> Option<String> {
        let on_order = csr_key(&csr.pem()).and_then(|key| self.on_order.get(&key));
        let sent = || self.sent.get(&csr.der);
        on_order.or_else(sent).cloned().or_else(|| {
            let words = self.journal.get(&csr.sha256)?;
            Some(format!("it is in the journal: {words}"))
        })
    }
}
