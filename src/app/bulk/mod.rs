//! Bulk duplicates: many CSRs, one duplicate of the same order each. All are checked before the first is sent.
//!
//! ```text
//! Collecting --Ctrl-S--> Review --order number, Enter--> Results, sending one after the other
//!     ^  ^------Esc--------'                              |  Esc stops: nothing further is sent
//!     `--------Ctrl-O, Ctrl-S (only the rest)-------------'
//! ```

mod check;
mod files;
mod kept;
mod keys;
mod run;
mod shared;

pub(super) use check::{before_came, came, recheck};
pub(super) use files::{not_fetched, write_all, written};
pub(super) use kept::{draft_came, keep, key as draft_key};
pub(super) use keys::{act, is_naming, open, paste, path_completed, product, typed, why_not};
pub(super) use run::{ended, is_current, sent_after_all, sent_again};
pub use shared::{Part, Shared};

use super::cursor::Cursor;
use super::field::TextField;
use super::key_guard::KeyGuard;
use super::model::Model;
use super::msg::PriorCsr;
use super::remote::Opened;
use super::writes::Watch;
use crate::app::status::Tone;
use crate::domain::csr::Csr;
use crate::domain::failure::Failure;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::write::{Arrival, Outgoing, Stage, WriteId};
use crate::keys::Place;

/// Lines of a request that one key scrolls.
const LINES: usize = 8;

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
}

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum BulkView {
    /// CSRs are collected and checked.
    Collecting,
    /// What will be sent.
    Review {
        /// The order number, typed to confirm.
        confirm: TextField,
        /// What was wrong with it.
        error: Option<String>,
        /// First line of the request that is shown.
        scroll: usize,
    },
    /// What was sent, and what came of it.
    Results,
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

/// Bulk duplicates of one order. It stays when its screen is left.
#[derive(Debug)]
pub struct Bulk {
    pub order: OrderId,
    pub paths: TextField,
    /// What all of them share.
    pub shared: Shared,
    pub rows: Vec<Row>,
    pub cursor: Cursor,
    /// What is on the screen.
    pub stage: BulkView,
    /// The run that is under way.
    pub run: Option<Run>,
    /// How many readings of files are under way.
    pub reading: usize,
    /// What keeps every duplicate of this order from being sent.
    pub blocked: Option<String>,
    before: Option<Result<Vec<PriorCsr>, Failure>>,
    /// What was asked for after this tells what is on the order.
    pub(super) opened: Opened,
    key_guard: KeyGuard,
    /// Whether something changed since it was kept.
    unkept: bool,
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

impl Bulk {
    fn new(order: OrderId) -> Self {
        let paths = TextField::focused();
        Self {
            order,
            paths,
            shared: Shared::new(),
            rows: Vec::new(),
            cursor: Cursor::default(),
            stage: BulkView::Collecting,
            run: None,
            reading: 0,
            blocked: None,
            before: None,
            opened: Opened::default(),
            key_guard: KeyGuard::default(),
            unkept: false,
        }
    }

    /// The place whose keys hold.
    pub fn place(&self) -> Place {
        match self.stage {
            BulkView::Collecting => Place::Bulk,
            BulkView::Review { .. } => Place::Review,
            BulkView::Results => Place::BulkRun,
        }
    }

    /// Whether the path of a file or folder is typed: the key for the next field completes it first.
    pub fn asks_path(&self) -> bool {
        let typed = self.shared.focus == Part::Paths && !self.paths.is_empty();
        typed && matches!(self.stage, BulkView::Collecting)
    }

    /// Whether a letter such as `?` is written: it begins no path, finds no choice and is part of no date.
    pub fn writes_letters(&self) -> bool {
        match self.stage {
            BulkView::Collecting => self.shared.focus == Part::Paths && !self.paths.is_empty(),
            BulkView::Review { .. } => true,
            BulkView::Results => false,
        }
    }

    /// Whether text that is typed goes into a field.
    pub fn is_typing(&self) -> bool {
        self.stage != BulkView::Results
    }

    /// The rows that can be sent, each with its request.
    pub fn ready(&self) -> impl Iterator<Item = (&Row, &Outgoing)> {
        self.rows.iter().filter_map(|row| match &row.standing {
            Standing::Ready(outgoing) => Some((row, outgoing.as_ref())),
            _ => None,
        })
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.cursor.at)
    }

    /// The writes that its rows came to.
    pub(in crate::app) fn sent(&self) -> impl Iterator<Item = &WriteId> {
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

    /// Whether leaving the program would lose sight of a run.
    pub fn is_running(&self) -> bool {
        self.run.is_some()
    }
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

impl Model {
    /// The bulk screen that is open.
    pub fn open_bulk(&self) -> Option<&Bulk> {
        self.bulks.get(&self.bulk?)
    }

    pub(super) fn open_bulk_mut(&mut self) -> Option<&mut Bulk> {
        self.bulks.get_mut(&self.bulk?)
    }
}
