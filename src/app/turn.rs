//! What a message brings, from wherever it came to pass: what is to be done outside, what the status line says, and what
//! those above may want to follow. Each part writes its own into it, and calls those below it by name; upwards there are
//! only these.

use super::effect::{Effect, ListId};
use super::status::{Status, Tone};
use super::subject::ChainUse;
use crate::domain::draft::FormKind;
use crate::domain::failure::Failure;
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::text::sanitise;
use crate::domain::write::{Outgoing, WriteId};
use crate::keys::Action;

/// What a message brings.
#[derive(Debug, Default)]
pub struct Turn {
    /// What is to be done outside, in this order.
    pub effects: Vec<Effect>,
    /// What the status line says.
    pub status: Option<Status>,
    /// What happened to what was sent.
    pub events: Vec<WriteEvent>,
    /// Certificates that were held against what was asked for, which the engine has settled.
    pub verified: Vec<Verified>,
    /// What those above are asked to do, in this order.
    pub outcomes: Vec<Outcome>,
    /// Whether something that waits for a yes is another now: a yes just after that was meant for what stood there before.
    pub changed: bool,
}

/// A certificate that came of a write, and was held against what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub op: WriteId,
    /// As CertCentral sent it, with its chain.
    pub pem: String,
    /// Whether it is as it was asked for.
    pub is_as_asked: bool,
}

/// What happened to something that was sent, for whoever shows or asks about it.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteEvent {
    /// A request was decided from here.
    Decided(RequestId),
    /// The account took one of several that were marked.
    Taken(Outgoing),
    /// What was lost arrived; these drafts held it until now.
    Arrived { name: String, drafts: Vec<String> },
    /// It was looked for once more, since it is to be sent again, and is not there.
    Looked {
        op: WriteId,
        /// Why it could not be looked for.
        trouble: Option<Failure>,
        /// What the account showed when the operator said yes; `None` where nobody has yet.
        said_yes_to: Option<String>,
    },
    /// What did not arrive was sent again, under another number. The engine settles it.
    Resent { before: WriteId, now: WriteId },
    /// What the journal could not take, or has already, was sent all the same. The engine settles it.
    SentAllTheSame { op: WriteId, outgoing: Outgoing },
    /// The certificate that came of it was held against what was asked for. The engine settles it.
    Verified {
        op: WriteId,
        /// As CertCentral sent it, with its chain.
        pem: String,
        /// Whether it is as it was asked for.
        is_as_asked: bool,
    },
    /// It was not sent, since the journal cannot take it.
    NoJournal { op: WriteId, failure: Failure },
    /// It was not sent, since the journal has the same; the operator may say yes to it all the same.
    Twin { op: WriteId, failure: Failure },
}

/// What those above are asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Open this.
    Open(Open),
    /// Do what a key asks for: in the place that a popup lies over, else on the screens.
    Act { action: Action, here: bool },
    /// Fetch a certificate with its chain.
    Fetch(Box<ChainUse>),
    /// Copy this part of the certificate of each of these orders.
    Gather(Action, Vec<OrderId>),
    /// Write the certificates of these orders into a folder.
    WriteMarked(Vec<OrderId>, String),
    /// Write what came of a list of CSRs into a folder.
    WriteAll(ListId, String),
    /// The region's URL and the address that were typed when the question for them was left.
    LeftConnecting(String, String),
    /// End the program.
    Quit,
}

/// Something to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Open {
    /// The certificates of an order, with one of them under the cursor.
    Certificates(OrderId, Option<CertificateId>),
    Form(FormKind, OrderId),
    /// A form that asks for these names: of a new order all of them, else beside those of the order.
    Named(FormKind, OrderId, Vec<String>),
    /// The list of CSRs of an order; the one that is kept under this key beside it takes its place first.
    Bulk(ListId, Option<String>),
}

impl Turn {
    /// A turn that goes on from what the status line says.
    pub fn of(status: Option<Status>) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// Asks those above for something.
    pub fn ask(&mut self, outcome: Outcome) {
        self.outcomes.push(outcome);
    }

    /// Has something done.
    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Has these done, one after the other.
    pub fn extend(&mut self, effects: impl IntoIterator<Item = Effect>) {
        self.effects.extend(effects);
    }

    /// Says something in the status line.
    pub fn set_status(&mut self, tone: Tone, words: impl Into<String>) {
        self.status = Some(Status {
            words: words.into(),
            tone,
        });
    }

    /// Says why something failed.
    pub fn tell_failure(&mut self, failure: &Failure) {
        self.set_status(Tone::Bad, failure.to_string());
    }

    /// Tells what came of something that was waited for, here and to whoever looks elsewhere.
    pub fn announce(&mut self, tone: Tone, words: &str) {
        let text = sanitise(words).into_owned();
        self.set_status(tone, text.clone());
        self.push(Effect::Notify { text });
    }

    /// Takes the words of the status line, to go on with them.
    pub fn take_words(&mut self) -> String {
        self.status
            .take()
            .map_or_else(String::new, |status| status.words)
    }
}
