//! Bulk duplicates: many CSRs, one duplicate of the same order each. All are checked before the first is sent, and each
//! is sent when the one before it has its answer.
//!
//! ```text
//! Unchecked --> Wrong | Known | LeftOut | Ready --start--> Queued --next--> Sent
//!                        ^                  |   ^------stop----'              |
//!                        `--- marked -------'   `---- it was not taken -------'
//! ```

mod check;
mod draft;
mod files;
mod rows;
mod run;
mod shared;
mod used;

pub(super) use draft::{key as draft_key, order_of};
use files::Files;
pub(super) use files::Wanted;
pub use shared::{Chosen, Shared};

use std::collections::{BTreeMap, HashSet};

use super::effect::{Effect, Read};
use super::msg::PriorCsr;
use super::remote::Opened;
use super::writes::{Below, Watch, Writes};
use crate::app::status::Tone;
use crate::domain::csr::Csr;
use crate::domain::draft::FieldId;
use crate::domain::draft::csr_notes::KnownCsrs;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::write::{Arrival, Outgoing, Stage, WriteId};

/// Where a row stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Not looked at yet.
    Unchecked,
    /// It cannot be sent, for this reason.
    Wrong(String),
    /// The order or the journal has this CSR already: it is not sent again.
    Known(String),
    /// The operator left it out.
    LeftOut,
    /// It can be sent, exactly so.
    Ready(Box<Outgoing>),
    /// It was confirmed, exactly so, and waits for its turn.
    Queued(Box<Outgoing>),
    /// It was sent; its watch knows the rest.
    Sent(WriteId),
}

/// One CSR.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// File name, or the name in the CSR.
    pub name: String,
    /// The CSR, if the text is one.
    pub csr: Option<Csr>,
    pub says: String,
    pub standing: Standing,
    /// What should be known all the same.
    pub advice: Vec<String>,
    /// Where its certificate was written, or why it was not.
    pub file: Option<Result<String, String>>,
    /// The number under which it was confirmed to be sent.
    pub number: Option<WriteId>,
    /// What the journal says of it, when an earlier session sent it.
    pub earlier: Option<PriorCsr>,
    /// Why no CSR could be read; nothing changes that.
    unreadable: Option<String>,
    /// The operator left it out.
    dropped: bool,
    /// What its CSR is told from others by, as far as the account shows theirs.
    key: Option<String>,
    /// What is to be said of it by itself, on the basis of the list.
    judged: Option<check::Judged>,
}

/// A run that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The one that has no answer yet.
    pub current: WriteId,
    /// How many this run set out to send.
    pub total: usize,
    /// How many of them were sent, the current one included.
    pub sent: usize,
    /// Whether the operator stopped it.
    pub stopped: bool,
}

/// Bulk duplicates of one order.
#[derive(Debug)]
pub struct BulkList {
    pub order: OrderId,
    /// What all of them share.
    pub shared: Shared,
    pub rows: Vec<Row>,
    /// The run that is under way.
    pub run: Option<Run>,
    /// How many readings of files are under way.
    pub reading: usize,
    /// What keeps every duplicate of this order from being sent.
    pub blocked: Option<String>,
    prior: Option<Result<Vec<PriorCsr>, Failure>>,
    /// What was asked for after this tells what is on the order.
    pub(super) opened: Opened,
    /// What came of the certificates that were last asked to be written.
    files: Files,
    /// Whether something changed since it was kept.
    unkept: bool,
    /// What the rows were judged by.
    basis: Option<check::Basis>,
    /// The CSRs of the order's certificates.
    known: KnownCsrs,
}

/// The lists, by their orders: each stays until it is thrown away.
#[derive(Debug, Default)]
pub struct BulkLists {
    all: BTreeMap<OrderId, BulkList>,
}

/// How many rows stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub answered: usize,
    /// Sent, the one under way included.
    pub sent: usize,
    /// Confirmed, or able to be sent.
    pub rest: usize,
    /// Neither sent nor to be sent.
    pub out: usize,
    /// Certificates that are issued and checked.
    pub done: usize,
    /// Certificates that are issued, but not as they were asked for.
    pub otherwise: usize,
    /// Certificates that came of what an earlier session sent.
    pub earlier: usize,
}

impl BulkList {
    fn new(order: OrderId) -> Self {
        Self {
            order,
            shared: Shared::default(),
            rows: Vec::new(),
            run: None,
            reading: 0,
            blocked: None,
            prior: None,
            opened: Opened::default(),
            files: Files::default(),
            unkept: false,
            basis: None,
            known: KnownCsrs::default(),
        }
    }

    /// The rows that can be sent, each with its request.
    pub fn ready(&self) -> impl Iterator<Item = (&Row, &Outgoing)> {
        self.rows.iter().filter_map(|row| match &row.standing {
            Standing::Ready(outgoing) => Some((row, outgoing.as_ref())),
            _ => None,
        })
    }

    /// The writes that its rows came to.
    fn sent(&self) -> impl Iterator<Item = &WriteId> {
        self.rows.iter().filter_map(|row| match &row.standing {
            Standing::Sent(op) => Some(op),
            _ => None,
        })
    }

    /// How many rows stand where.
    pub fn counts(&self, watches: &[Watch]) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            match &row.standing {
                Standing::Sent(op) => {
                    counts.sent += 1;
                    let watch = watches.iter().find(|watch| watch.op == *op);
                    if watch.is_none_or(|watch| watch.stage != Stage::Sending) {
                        counts.answered += 1;
                    }
                    match watch.map(|watch| &watch.stage) {
                        Some(Stage::Issued { problems, .. }) if problems.is_empty() => {
                            counts.done += 1;
                        }
                        Some(Stage::Issued { .. }) => counts.otherwise += 1,
                        _ => {}
                    }
                    let earlier = row.earlier.as_ref().filter(|_| watch.is_none());
                    if earlier.is_some_and(|sent| sent.certificate.is_some()) {
                        counts.earlier += 1;
                    }
                }
                Standing::Ready(_) | Standing::Queued(_) => counts.rest += 1,
                Standing::Unchecked
                | Standing::Wrong(_)
                | Standing::Known(_)
                | Standing::LeftOut => counts.out += 1,
            }
        }
        counts
    }

    /// Whether something of it was sent.
    pub fn has_sent(&self) -> bool {
        self.sent().next().is_some()
    }

    /// Whether leaving the program would lose sight of a run.
    pub fn is_running(&self) -> bool {
        self.run.is_some()
    }
}

impl BulkLists {
    /// The list of an order.
    pub fn get(&self, order: OrderId) -> Option<&BulkList> {
        self.all.get(&order)
    }

    /// All of them, by their orders.
    pub fn iter(&self) -> impl Iterator<Item = &BulkList> {
        self.all.values()
    }

    /// Those of which something is being sent.
    pub fn running(&self) -> impl Iterator<Item = &BulkList> {
        self.iter().filter(|list| list.is_running())
    }

    /// What lists tell their rows by.
    pub(super) fn sent(&self) -> HashSet<WriteId> {
        self.iter().flat_map(BulkList::sent).cloned().collect()
    }

    /// Goes on with the list of an order as it was left, or as it was kept: what is on the order now decides what is not
    /// sent again.
    pub(super) fn open(&mut self, order: OrderId, writes: &Writes, below: &mut Below<'_>) {
        self.all.entry(order).or_insert_with(|| {
            let mut list = BulkList::new(order);
            if let Some(json) = below.drafts.get(&draft_key(order)) {
                list.restore(json);
            }
            list
        });
        self.read_order(order, below);
        read_offer(order, below);
        self.recheck(order, writes, below);
    }

    /// Reads the order anew, and what the journal has of it.
    pub(super) fn read_order(&mut self, order: OrderId, below: &mut Below<'_>) {
        let (opened, reads) = below.account.open_order(order);
        self.opened(order, opened);
        below.turn.extend(reads);
        below.turn.push(Effect::LoadPriorCsrs { order });
    }

    /// Nothing older than this tells any more what is on the order.
    pub(super) fn opened(&mut self, order: OrderId, opened: Opened) {
        if let Some(list) = self.all.get_mut(&order) {
            list.opened = opened;
        }
    }

    /// Another server platform, hash or issuing CA is chosen for the whole list.
    pub(super) fn choose(
        &mut self,
        order: OrderId,
        field: FieldId,
        id: &str,
        writes: &Writes,
        below: &Below<'_>,
    ) {
        if let Some(list) = self.all.get_mut(&order) {
            list.shared.choose(field, id);
            list.unkept = true;
        }
        self.recheck(order, writes, below);
    }

    /// Another last day is typed for the whole list.
    pub(super) fn set_end(
        &mut self,
        order: OrderId,
        end: String,
        writes: &Writes,
        below: &Below<'_>,
    ) {
        if let Some(list) = self.all.get_mut(&order) {
            list.shared.end = end;
            list.unkept = true;
        }
        self.recheck(order, writes, below);
    }

    /// Leaves a row out or takes it in again; also one that was refused, or that did not arrive as far as the account
    /// shows.
    pub(super) fn mark(
        &mut self,
        order: OrderId,
        at: usize,
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        let Some(list) = self.all.get_mut(&order) else {
            return;
        };
        let Some(row) = list.rows.get_mut(at) else {
            return;
        };
        let nothing_came = match (row.watch(&writes.all), &row.earlier) {
            (Some(watch), _) => match &watch.stage {
                Stage::NotFound(_) => true,
                // What was set aside may have arrived all the same.
                Stage::Ended(failure) => failure.kind != FailureKind::Other,
                _ => false,
            },
            (None, Some(sent)) => sent.arrival == Arrival::Nothing,
            (None, None) => false,
        };
        if nothing_came && matches!(row.standing, Standing::Sent(_)) {
            row.standing = Standing::Unchecked;
            row.number = None;
            row.earlier = None;
            list.unkept = true;
            // It may have arrived meanwhile: nothing older decides whether it is sent again.
            self.read_order(order, below);
        } else if !matches!(row.standing, Standing::Sent(_)) {
            row.dropped = !row.dropped;
            list.unkept = true;
        }
        self.recheck(order, writes, below);
    }

    /// Throws a list away. What was sent is in the journal and in the watches.
    pub(super) fn discard(&mut self, order: OrderId, below: &mut Below<'_>) {
        self.all.remove(&order);
        let key = draft_key(order);
        if below.drafts.get(&key).is_some() {
            let dropped = below.drafts.drop(key);
            below.turn.push(dropped);
        }
    }

    /// Forgets the list of an order, and not what is kept of it.
    pub(super) fn forget(&mut self, order: OrderId) {
        self.all.remove(&order);
    }

    /// Forgets them all, and not what is kept of them.
    pub(super) fn forget_all(&mut self) {
        self.all.clear();
    }
}

/// Reads what the account offers for an order, as far as it was not read yet.
pub(super) fn read_offer(order: OrderId, below: &mut Below<'_>) {
    let account = &mut *below.account;
    if let Some(info) = account.order(order) {
        let read = Read::Product(info.product.name_id.clone());
        if account.is_missing(&read) {
            below.turn.push(account.read(read));
        }
    }
    below.turn.extend(account.read_limits_of(order));
}

impl Row {
    /// The watch of what was sent.
    pub fn watch<'a>(&self, watches: &'a [Watch]) -> Option<&'a Watch> {
        let Standing::Sent(op) = &self.standing else {
            return None;
        };
        watches.iter().find(|watch| watch.op == *op)
    }

    /// Where it stands, in words.
    pub fn words(&self, watches: &[Watch]) -> (Tone, String) {
        match &self.standing {
            Standing::Unchecked => (Tone::Info, "not checked yet".into()),
            Standing::Wrong(why) => (Tone::Bad, format!("excluded: {why}")),
            Standing::Known(why) => (Tone::Warn, format!("not sent again: {why}")),
            Standing::LeftOut => (Tone::Info, "excluded by you".into()),
            Standing::Ready(_) if self.advice.is_empty() => (Tone::Info, "ready; not sent".into()),
            Standing::Ready(_) => (Tone::Warn, "ready with warnings; not sent".into()),
            Standing::Queued(_) => (Tone::Info, "not sent yet".into()),
            Standing::Sent(_) => match (self.watch(watches), &self.earlier) {
                (Some(watch), _) => (tone(&watch.stage), watch.words()),
                (None, Some(sent)) => (told_before(sent), sent.words.clone()),
                (None, None) => (Tone::Info, "sent; W shows it".into()),
            },
        }
    }

    /// The certificate that came of it, as far as anyone told.
    pub fn certificate(&self, watches: &[Watch]) -> Option<CertificateId> {
        match self.watch(watches).map(|watch| &watch.stage) {
            Some(Stage::Issued { certificate, .. }) => Some(*certificate),
            Some(_) => None,
            None => self.earlier.as_ref()?.certificate,
        }
    }
}

fn told_before(sent: &PriorCsr) -> Tone {
    match (sent.arrival, sent.certificate) {
        (Arrival::Arrived, Some(_)) => Tone::Good,
        (Arrival::Arrived, None) => Tone::Info,
        (Arrival::Nothing | Arrival::NotSent, _) => Tone::Bad,
    }
}

fn tone(state: &Stage) -> Tone {
    match state {
        Stage::Sending
        | Stage::AwaitsApproval(_)
        | Stage::AwaitsCertificate(_)
        | Stage::Verifying(_) => Tone::Info,
        Stage::LookingUp(_) | Stage::NotFound(_) => Tone::Warn,
        Stage::Issued { problems, .. } if problems.is_empty() => Tone::Good,
        Stage::Completed(_) => Tone::Good,
        Stage::Issued { .. } | Stage::Ended(_) => Tone::Bad,
    }
}
