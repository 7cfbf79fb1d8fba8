//! Lists of certificates to ask for, one a row: duplicates of one order, a CSR each, or reissues of several orders. All
//! rows are checked before the first is sent, and each is sent when the one before it has its answer.
//!
//! ```text
//! Unchecked --> Wrong | Known | LeftOut | Ready --start--> Queued --next--> Sent --verified--> files, where a pattern says so
//!                 AwaitsKey -- made --------^ |   ^------stop----'              |
//!                        ^--- marked ---------'   `---- it was not taken -------'
//! ```
//!
//! | rows | what is asked for | where the CSR comes from |
//! | --- | --- | --- |
//! | [`ListId::Duplicates`] | what the list says, the same for all | files and pastes, a row each |
//! | [`ListId::Reissues`] | what the form of the order's reissue says: its draft is the row's | a key that is made here, files by their names, the present CSR, the form |

mod check;
mod draft;
mod fields;
mod files;
mod judge;
mod keys;
mod marked;
mod rows;
mod run;
mod shared;
mod used;

pub(super) use draft::{key as draft_key, list_of};
pub use fields::{BulkField, CsrSource, Settings};
use files::Files;
pub(super) use files::{Wanted, write_set};
pub use judge::Changes;
pub use shared::{Chosen, Shared};

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::effect::{Effect, KeyAlgorithm, ListId, Read};
use super::msg::PriorCsr;
use super::remote::{Opened, Ticket};
use super::writes::{Below, Watch, Writes};
use crate::app::status::Tone;
use crate::domain::csr::Csr;
use crate::domain::draft::csr_notes::KnownCsrs;
use crate::domain::failure::FailureKind;
use crate::domain::file_pattern::FileSet;
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
    /// It can be sent once its key is made: this kind.
    AwaitsKey(KeyAlgorithm),
    /// It can be sent, exactly so.
    Ready(Box<Outgoing>),
    /// It was confirmed, exactly so, and waits for its turn.
    Queued(Box<Outgoing>),
    /// It was sent; its watch knows the rest.
    Sent(WriteId),
}

/// One certificate to ask for, and its CSR.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The order that it is asked of.
    pub order: OrderId,
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
    /// The file of the private key that was made for it.
    pub key_file: Option<String>,
    /// Where its files go.
    pub target: Option<FileSet>,
    /// Whether its key is being made.
    pub making: bool,
    /// Whether its CSR is the one that its order has already, and is meant to be.
    is_present: bool,
    /// Why its key could not be made, or why it was not sent with the others; the next review begins anew.
    trouble: Option<String>,
    /// Whether its files are on their way to the disk.
    writing: bool,
    /// Why no CSR could be read; nothing changes that.
    unreadable: Option<String>,
    /// The operator left it out.
    dropped: bool,
    /// What its CSR is told from others by, as far as the account shows theirs.
    key: Option<String>,
    /// What is to be said of it by itself, on the basis of the list.
    judged: Option<judge::Judged>,
    /// What a reissue was judged by.
    judged_by: Option<judge::Ground>,
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
    /// The order that is read once more before its row is sent.
    reading: Option<OrderId>,
    /// When it began, by this machine's clock.
    began: Timestamp,
}

/// Certificates to ask for, one a row.
#[derive(Debug)]
pub struct BulkList {
    pub id: ListId,
    /// What all duplicates share.
    pub shared: Shared,
    /// What is chosen for all reissues.
    pub settings: Settings,
    /// CSR files that no order could be told for, each with why.
    pub leftovers: Vec<String>,
    pub rows: Vec<Row>,
    /// The run that is under way.
    pub run: Option<Run>,
    /// How many readings of files are under way.
    pub reading: usize,
    /// What keeps every duplicate of this order from being sent.
    pub blocked: Option<String>,
    /// What the journal has of CSRs that were sent, by their orders; of those that are not here it was not read.
    prior: check::PriorCsrs,
    /// What was asked for after this tells what is on the order.
    pub(super) opened: Opened,
    /// The account that it is of; `None` while that is not known.
    account: Option<String>,
    /// What was asked for after this tells how the orders of reissues stand.
    read_from: Ticket,
    /// What came of the certificates that were last asked to be written.
    files: Files,
    /// Whether something changed since it was kept.
    unkept: bool,
    /// Where the journal of this order is read once more, everything of the list is on the disk: it is asked for last.
    storing: Option<OrderId>,
    /// Whether keys are being made for all rows that need one.
    making_keys: bool,
    /// What duplicates were judged by.
    basis: Option<judge::Basis>,
    /// The CSRs of the order's certificates.
    known: KnownCsrs,
}

/// The lists: each stays until it is thrown away.
#[derive(Debug, Default)]
pub struct BulkLists {
    all: BTreeMap<ListId, BulkList>,
    /// Up to which change of drafts the rows of reissues follow them.
    drafts_seen: u64,
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
    fn new(id: ListId) -> Self {
        Self {
            id,
            shared: Shared::default(),
            settings: Settings::default(),
            leftovers: Vec::new(),
            rows: Vec::new(),
            run: None,
            reading: 0,
            blocked: None,
            prior: BTreeMap::new(),
            opened: Opened::default(),
            account: None,
            read_from: Ticket::default(),
            files: Files::default(),
            unkept: false,
            storing: None,
            making_keys: false,
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
        let by_number: HashMap<&WriteId, &Watch> =
            watches.iter().map(|watch| (&watch.op, watch)).collect();
        for row in &self.rows {
            match &row.standing {
                Standing::Sent(op) => {
                    counts.sent += 1;
                    let watch = by_number.get(op).copied();
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
                Standing::Ready(_) | Standing::Queued(_) | Standing::AwaitsKey(_) => {
                    counts.rest += 1;
                }
                Standing::Unchecked
                | Standing::Wrong(_)
                | Standing::Known(_)
                | Standing::LeftOut => counts.out += 1,
            }
        }
        counts
    }

    /// What a review of it shows: every request, and what is dangerous in it.
    pub fn reviewed(&self) -> Vec<(String, Option<String>)> {
        let danger = |row: &Row| row.changes().and_then(|changes| changes.danger.clone());
        let ready = self.ready();
        ready
            .map(|(row, outgoing)| (outgoing.body.clone(), danger(row)))
            .collect()
    }

    /// Whether the key of a row is on its way into its file.
    pub fn is_making_keys(&self) -> bool {
        self.rows.iter().any(|row| row.making)
    }

    /// The orders that its rows are asked of.
    pub fn orders(&self) -> Vec<OrderId> {
        match self.id {
            ListId::Duplicates(order) => vec![order],
            ListId::Reissues => self.rows.iter().map(|row| row.order).collect(),
        }
    }

    /// The rows that can be sent and take names from certificates: each wants the number of its order typed.
    pub fn dangerous(&self) -> impl Iterator<Item = (&Row, &str)> {
        self.ready().filter_map(|(row, _)| {
            let danger = row.changes()?.danger.as_deref()?;
            Some((row, danger))
        })
    }

    /// What is to be typed before it is sent; `None` where nothing is.
    pub fn confirmation(&self) -> Option<String> {
        if let ListId::Duplicates(order) = self.id {
            return Some(order.to_string());
        }
        let numbers: Vec<String> = self
            .dangerous()
            .map(|(row, _)| row.order.to_string())
            .collect();
        (!numbers.is_empty()).then(|| numbers.join(" "))
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

impl Run {
    /// How long the rest will take at the pace so far; `None` before anything was answered.
    pub fn time_left(&self, now: Timestamp) -> Option<SignedDuration> {
        // The one that was sent last has no answer yet.
        let answered = i32::try_from(self.sent.checked_sub(1)?).ok()?;
        let left = i32::try_from(self.total).ok()? - answered;
        (answered > 0).then(|| now.duration_since(self.began) / answered * left)
    }
}

impl BulkLists {
    /// A list; that of duplicates by its order.
    pub fn get(&self, id: impl Into<ListId>) -> Option<&BulkList> {
        self.all.get(&id.into())
    }

    /// All of them.
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

    /// Goes on with a list as it was left, or as it was kept: what is on its orders now decides what is not sent again.
    pub(super) fn open(&mut self, id: ListId, writes: &Writes, below: &mut Below<'_>) {
        self.restored(id, below);
        self.read_orders(id, below);
        self.recheck(id, writes, below);
    }

    /// A list as it was left, or as it was kept.
    fn restored(&mut self, id: ListId, below: &Below<'_>) -> &mut BulkList {
        self.all.entry(id).or_insert_with(|| {
            let mut list = BulkList::new(id);
            list.account = below.account.name().map(str::to_owned);
            if let Some(json) = below.drafts.get(&draft_key(id)) {
                list.restore(json);
            }
            list
        })
    }

    /// The account that a list is of, where the desk is connected to another.
    pub(super) fn foreign(&mut self, id: ListId, below: &Below<'_>) -> Option<String> {
        let now = below.account.name()?.to_owned();
        let list = self.restored(id, below);
        if list.rows.is_empty() {
            list.account = Some(now);
            return None;
        }
        let own = list.account.get_or_insert_with(|| now.clone());
        (*own != now).then(|| own.clone())
    }

    /// Reads the orders of what was not sent yet anew, and what the journal has of them.
    pub(super) fn read_orders(&mut self, id: ListId, below: &mut Below<'_>) {
        let Some(list) = self.all.get_mut(&id) else {
            return;
        };
        match id {
            ListId::Duplicates(order) => {
                let (opened, reads) = below.account.open_order(order);
                list.opened = opened;
                below.turn.extend(reads);
                below.turn.push(Effect::LoadPriorCsrs { order });
                read_offer(order, below);
            }
            ListId::Reissues => {
                list.opened = Opened {
                    known: None,
                    since: below.account.mark(),
                };
                list.read_from = list.opened.since;
                let unsent = list.rows.iter().filter(|row| !row.is_sent());
                for order in unsent.map(|row| row.order) {
                    below.turn.extend(below.account.read_info(order));
                    below.turn.push(Effect::LoadPriorCsrs { order });
                    read_offer(order, below);
                }
            }
        }
    }

    /// Nothing older than this tells any more what is on the orders of a list.
    pub(super) fn opened(&mut self, id: ListId, opened: Opened) {
        if let Some(list) = self.all.get_mut(&id) {
            list.opened = opened;
        }
    }

    /// What an order offers is read, where a list has a row of it.
    pub(super) fn on_order(&self, order: OrderId, below: &mut Below<'_>) {
        if self.iter().any(|list| list.orders().contains(&order)) {
            read_offer(order, below);
        }
    }

    /// Leaves a row out or takes it in again; also one that was refused, or that did not arrive as far as the account
    /// shows.
    pub(super) fn mark(&mut self, id: ListId, at: usize, writes: &Writes, below: &mut Below<'_>) {
        let Some(list) = self.all.get_mut(&id) else {
            return;
        };
        let Some(row) = list.rows.get_mut(at) else {
            return;
        };
        let nothing_came = row.may_be_sent_again(&writes.all);
        if nothing_came && matches!(row.standing, Standing::Sent(_)) {
            row.standing = Standing::Unchecked;
            row.number = None;
            row.earlier = None;
            list.unkept = true;
            // It may have arrived meanwhile: nothing older decides whether it is sent again.
            self.read_orders(id, below);
        } else if !matches!(row.standing, Standing::Sent(_)) {
            row.dropped = !row.dropped;
            list.unkept = true;
        }
        self.recheck(id, writes, below);
    }

    /// Throws a list away. What was sent is in the journal and in the watches.
    pub(super) fn discard(&mut self, id: ListId, below: &mut Below<'_>) {
        self.all.remove(&id);
        let key = draft_key(id);
        if below.drafts.get(&key).is_some() {
            let dropped = below.drafts.drop(key);
            below.turn.push(dropped);
        }
    }

    /// Forgets a list, and not what is kept of it.
    pub(super) fn forget(&mut self, id: ListId) {
        self.all.remove(&id);
    }

    /// Forgets them all, and not what is kept of them.
    pub(super) fn forget_all(&mut self) {
        self.all.clear();
    }
}

/// Reads what the account offers for an order, as far as it was not read yet.
fn read_offer(order: OrderId, below: &mut Below<'_>) {
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
    /// Whether a reissue brought another certificate than was asked for: it goes into no file by itself.
    fn is_mismatch(&self, watches: &[Watch]) -> bool {
        let stage = self.watch(watches).map(|watch| &watch.stage);
        self.judged_by.is_some()
            && matches!(stage, Some(Stage::Issued { problems, .. }) if !problems.is_empty())
    }

    /// Whether nothing came of what was sent, as far as the account shows.
    pub fn may_be_sent_again(&self, watches: &[Watch]) -> bool {
        match (self.watch(watches), &self.earlier) {
            (Some(watch), _) => match &watch.stage {
                Stage::NotFound(_) => true,
                // What was set aside may have arrived all the same.
                Stage::Ended(failure) => failure.kind != FailureKind::Other,
                _ => false,
            },
            (None, Some(sent)) => sent.arrival == Arrival::Nothing,
            (None, None) => false,
        }
    }

    /// Whether it was sent.
    pub(super) fn is_sent(&self) -> bool {
        matches!(self.standing, Standing::Sent(_))
    }

    /// What a reissue changes, once its order was read.
    pub fn changes(&self) -> Option<&Changes> {
        self.judged.as_ref()?.changes.as_deref()
    }

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
            Standing::AwaitsKey(kind) if self.making => {
                (Tone::Info, format!("generating a key: {}…", kind.label()))
            }
            Standing::AwaitsKey(kind) => (
                Tone::Info,
                format!("ready; new {} key; not sent", kind.label()),
            ),
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
