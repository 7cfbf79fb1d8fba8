//! What lies over the screens: a stack, the topmost gets the keys.

pub mod activity;
pub mod connect;
pub mod copy;
pub mod drafts;
pub mod duplicate_by_names;
mod endpoints;
mod marked;
pub mod operations;
pub mod palette;
pub mod prompts;
mod reader;
pub mod renewing;
pub mod request;
pub mod unjournaled;

pub use connect::{ConnectField, ConnectForm};
pub(in crate::app) use endpoints::{ask_add, ask_endpoint_file, ask_endpoints, ask_remove};
pub use reader::help_lines;

use crossterm::event::KeyEvent;

use crate::app::cx::Cx;
use crate::app::effect::ListId;
use crate::app::engine::Engine;
use crate::app::field::TextField;
use crate::app::msg::{Completion, SentText};
use crate::app::names::{self, NameRow};
use crate::app::picker::Picker;
use crate::app::status::Tone;
use crate::app::subject::Subject;
use crate::app::writes::{ids, resend};
use crate::domain::endpoint::Target;
use crate::domain::failure::Failure;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::write::{Stage, WriteId};
use crate::keys::{Action, KeyMap, Place, place_of};
use drafts::Begun;
use operations::{Asking, Menu, What};
use request::Requested;

/// Something that lies over the screens.
#[derive(Debug, PartialEq)]
pub enum Popup {
    /// The keys of the place that was left.
    Help(Reader),
    Reader(Reader),
    Palette(Box<Palette>),
    Copy(Subject, Picker<Action>),
    /// What to copy of several marked orders.
    CopyMarked(Vec<OrderId>, Picker<Action>),
    /// What to copy of the proof of control over a name.
    Record(Box<NameRow>, Picker<Action>),
    Prompt(Box<Prompt>),
    /// What was sent and is being waited for.
    Watches(Picker<WriteId>),
    /// The small operations on an order.
    Operations(Menu),
    /// The question before something small is sent.
    Asking(Box<Asking>),
    /// Region and key, at the first start or after a refused key.
    Connect(Box<ConnectForm>),
    /// Orders that could give a duplicate for some names.
    Sources(Box<Sources>),
    /// A newer order that could serve in place of a renewal.
    Newer(Newer),
    /// A certificate for an endpoint.
    Request(Box<Requested>),
    /// The forms that were begun and not sent.
    Drafts(Picker<Begun>),
}

impl Popup {
    /// The place whose keys it takes.
    pub fn place(&self) -> Place {
        match self {
            Self::Help(_) | Self::Reader(_) => Place::Reader,
            Self::Palette(_) | Self::Sources(_) => Place::Palette,
            Self::Copy(..) => Place::Copy,
            Self::CopyMarked(..) => Place::CopyMarked,
            Self::Record(..) => Place::Record,
            Self::Prompt(_) | Self::Connect(_) | Self::Asking(_) => Place::Prompt,
            Self::Operations(_) | Self::Drafts(_) | Self::Request(..) => Place::Operations,
            Self::Watches(_) => Place::Watch,
            Self::Newer(_) => Place::Newer,
        }
    }

    /// The orders that several are asked about at once: what is known of them is used.
    pub(in crate::app) fn orders(&self) -> &[OrderId] {
        match self {
            Self::Asking(asking) => match &asking.what {
                What::Orders { orders, .. } => orders,
                What::Operation(..) | What::Decide { .. } | What::Domains { .. } => &[],
            },
            _ => &[],
        }
    }

    /// Whether text that is typed goes into a field of it.
    pub fn is_typing(&self) -> bool {
        self.field().is_some()
    }

    /// Whether the path of a file is typed.
    pub fn asks_path(&self) -> bool {
        matches!(self, Self::Prompt(prompt) if prompt.field.is_some() && prompt.asks_path())
    }

    /// The text field that takes what is typed.
    pub fn field(&self) -> Option<&TextField> {
        match self {
            Self::Palette(palette) => palette.picker.field.as_deref(),
            Self::Prompt(prompt) => prompt.field.as_ref(),
            Self::Connect(form) => form.fields.text(),
            Self::Sources(sources) => sources.picker.field.as_deref(),
            Self::Asking(asking) => asking.fields.text(),
            Self::Help(_)
            | Self::Reader(_)
            | Self::Copy(..)
            | Self::CopyMarked(..)
            | Self::Record(..)
            | Self::Watches(_)
            | Self::Newer(_)
            | Self::Request(..)
            | Self::Drafts(_)
            | Self::Operations(_) => None,
        }
    }

    /// The same, to type into.
    pub fn field_mut(&mut self) -> Option<&mut TextField> {
        match self {
            Self::Palette(palette) => palette.picker.field.as_deref_mut(),
            Self::Prompt(prompt) => prompt.field.as_mut(),
            Self::Connect(form) => form.fields.text_mut(),
            Self::Sources(sources) => sources.picker.field.as_deref_mut(),
            Self::Asking(asking) => asking.fields.text_mut(),
            _ => None,
        }
    }

    /// Takes a key that turns a choice of it.
    pub(in crate::app) fn turn(&mut self, key: KeyEvent) {
        match self {
            Self::Connect(form) => form.fields.turn(key),
            Self::Asking(asking) => asking.fields.turn(key),
            _ => {}
        }
    }
}

/// Text to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reader {
    pub title: String,
    /// Lines; remote text is sanitised when drawn.
    pub lines: Vec<ReaderLine>,
    /// First line that is shown.
    pub top: usize,
}

impl Reader {
    /// Columns inside of the frame at most; longer lines are hard to read.
    pub const WIDEST: u16 = 84;

    /// Columns of text on a screen of so many: without frame and margins, and the column for the marks of more.
    pub fn columns(screen: u16) -> usize {
        usize::from(screen.saturating_sub(6).clamp(10, Self::WIDEST) - 1)
    }
}

/// A line of a [`Reader`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderLine {
    Heading(String),
    /// A key and what it does.
    Key(String, String),
    Text(String),
    /// A line of a request.
    Sent(SentText),
}

/// The command palette.
#[derive(Debug, PartialEq)]
pub struct Palette {
    /// The places whose keys hold once it is closed.
    pub below: Vec<Place>,
    /// Commands that match, best first.
    pub found: Vec<Command>,
    /// What is typed, and the command that is chosen.
    pub picker: Picker<Action>,
}

impl Palette {
    /// Lines for commands at most.
    pub const LINES: u16 = 16;

    /// The command that is chosen: its place in `found`.
    pub fn at(&self) -> usize {
        self.picker.at(&self.rows())
    }

    /// The commands that were found.
    pub fn rows(&self) -> Vec<Action> {
        self.found.iter().map(|command| command.action).collect()
    }
}

/// From names to the orders that could give a duplicate for exactly these names, as Automation looks for them.
#[derive(Debug, PartialEq)]
pub struct Sources {
    /// The order that was looked at: its product type and organization are those that are wanted.
    pub like: Option<OrderId>,
    /// Orders, the best first; those of another product type or organization after the others.
    pub found: Vec<SourceOrder>,
    /// The names as typed, and the order that is chosen.
    pub picker: Picker<OrderId>,
    /// What is wrong with the names, or that none was found.
    pub note: Option<String>,
}

impl Sources {
    /// Lines for orders at most.
    pub const LINES: u16 = 14;

    /// Lines of one order: what it is, and why it stands there.
    pub const EACH: u16 = 2;

    /// The order that is chosen: its place in `found`.
    pub fn at(&self) -> usize {
        self.picker.at(&self.rows())
    }

    /// The orders that were found.
    pub fn rows(&self) -> Vec<OrderId> {
        self.found.iter().map(|found| found.order).collect()
    }
}

/// An order that could give a duplicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceOrder {
    pub order: OrderId,
    pub product: String,
    pub organization: String,
    /// What makes it stand apart, if anything does.
    pub apart: Option<String>,
    /// Why it stands where it stands.
    pub why: String,
}

/// An order is to be renewed for which there may be a newer one. What is known of that one is looked up when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newer {
    /// The order that is to be renewed.
    pub due: OrderId,
    /// The newest order with the same names, and why it is that one.
    pub by_names: Option<(OrderId, String)>,
    /// Why the last key did nothing.
    pub error: Option<String>,
}

/// A command that can be chosen by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub action: Action,
    /// Its key, if it has one here.
    pub key: Option<String>,
    pub help: &'static str,
    /// Why it cannot be done now.
    pub why_not: Option<String>,
}

/// A question with at most one text field.
#[derive(Debug, PartialEq)]
pub struct Prompt {
    /// What it is about.
    pub kind: PromptKind,
    pub title: String,
    /// Words above the field.
    pub body: Vec<String>,
    pub field: Option<TextField>,
    /// What was wrong with the last answer.
    pub error: Option<String>,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptKind {
    /// Where to write a certificate.
    WriteTo(Subject),
    /// Where to write a text.
    WriteText {
        text: String,
        /// What it is.
        what: String,
    },
    /// The folder for the certificates of a bulk run.
    BulkFolder(ListId),
    /// The folder for the certificates of marked orders.
    MarkedFolder(Vec<OrderId>),
    /// Which endpoints to add.
    Endpoints,
    /// The file that lists endpoints to add.
    EndpointFile,
    /// Add these endpoints.
    AddEndpoints(Vec<Target>),
    /// Remove these endpoints.
    RemoveEndpoints(Vec<u32>),
    /// Replace a file that is there.
    Overwrite {
        path: String,
        text: String,
        what: String,
    },
    /// Copy although it is larger than most terminals take.
    ForceCopy { text: String, what: String },
    /// Look no more for a write whose outcome nobody knows.
    Dismiss(WriteId),
    /// Run the command after issue for a certificate.
    Install(Subject),
    /// Look no more at what the command after issue did, or have it not run.
    DismissInstall(OrderId, CertificateId),
    /// Send again what did not arrive.
    SendAgain {
        op: WriteId,
        /// What has to be typed; nothing where Enter is enough.
        word: Option<String>,
    },
    /// Send although the journal cannot take it.
    Unjournaled {
        op: WriteId,
        /// What has to be typed.
        word: String,
    },
    /// Send although the account has the same.
    Twice {
        op: WriteId,
        /// What has to be typed.
        word: String,
    },
    /// Leave although something is unfinished.
    Quit,
}

impl Prompt {
    /// Whether a path is asked for.
    pub(in crate::app) fn asks_path(&self) -> bool {
        matches!(
            self.kind,
            PromptKind::WriteTo(_)
                | PromptKind::WriteText { .. }
                | PromptKind::BulkFolder(_)
                | PromptKind::MarkedFolder(_)
                | PromptKind::EndpointFile
        )
    }

    /// How the path goes on, if it is still what is typed.
    pub(in crate::app) fn path_completed(
        &mut self,
        typed: &str,
        result: Result<Completion, Failure>,
    ) {
        let asks_path = self.asks_path();
        let Some(field) = self.field.as_mut().filter(|_| asks_path) else {
            return;
        };
        if field.text() != typed {
            return;
        }
        self.error = match result {
            Ok(completion) => {
                field.set_text(&completion.text);
                (!completion.offers.is_empty()).then(|| completion.offers.join("  "))
            }
            Err(failure) => Some(failure.to_string()),
        };
    }
}

impl PromptKind {
    /// Whether a yes to it sends something.
    pub(in crate::app) fn sends(&self) -> bool {
        matches!(
            self,
            Self::SendAgain { .. } | Self::Unjournaled { .. } | Self::Twice { .. }
        )
    }

    /// What has to be typed for it, where Enter is not enough, and what is said when something else was.
    pub(in crate::app) fn asks(&self) -> Option<(&str, String)> {
        match self {
            Self::SendAgain { word, .. } => word.as_deref().map(|word| {
                let why = format!("Type the order number, {word}, to send this again.");
                (word, why)
            }),
            Self::Unjournaled { word, .. } => {
                let why = format!("Type {word} to send without the journal.");
                Some((word, why))
            }
            Self::Twice { word, .. } => {
                let why = format!("Type {word} to send the same once more.");
                Some((word, why))
            }
            _ => None,
        }
    }
}

/// Does what a key asked for in what lies on top. What a yes sends waits for what the desk knows by then: that key of a
/// question about something small is [`operations::asking::confirm`].
pub(in crate::app) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    if copy::moved(popups, action, cx.keys) {
        return;
    }
    // Enter in a copy menu is the key of the line under the cursor.
    let top = popups.last().filter(|_| action == Action::Open);
    let chosen = top.and_then(|popup| copy::chosen(cx.keys, popup));
    let action = chosen.unwrap_or(action);
    match popups.last() {
        Some(Popup::Help(_) | Popup::Reader(_)) => reader::act(popups, action, cx.size.1),
        Some(Popup::Palette(_)) => palette::act(popups, action, cx),
        Some(Popup::Sources(_)) => duplicate_by_names::act(popups, action, cx),
        Some(Popup::Drafts(_)) => drafts::act(popups, action, cx),
        Some(Popup::Newer(_)) => renewing::act(popups, action, cx),
        Some(Popup::Request(..)) => request::act(popups, action, cx),
        Some(Popup::Copy(subject, _)) => {
            let subject = subject.clone();
            copy::act(popups, action, subject, cx);
        }
        Some(Popup::CopyMarked(orders, _)) => {
            let orders = orders.clone();
            marked::act(popups, action, &orders, cx);
        }
        Some(Popup::Record(row, _)) => {
            let row = row.clone();
            copy::act_on_name(popups, action, &row, cx);
        }
        Some(Popup::Prompt(_)) => prompts::act(popups, action, cx),
        Some(Popup::Connect(_)) => connect::act(popups, action, cx),
        Some(Popup::Watches(_)) => activity::act(popups, action, cx),
        Some(Popup::Operations(_)) => operations::act(popups, action, cx),
        Some(Popup::Asking(_)) => operations::asking::act(popups, action),
        None => {}
    }
}

/// Says why a key of what lies on top does nothing.
fn tell_why_not(popups: &[Popup], action: Action, cx: &mut Cx<'_>) {
    let top = popups.last();
    let why = top.and_then(|popup| why_not(popup, action, cx.engine, cx.keys));
    let words = why.unwrap_or_else(|| place_of(action));
    cx.turn.set_status(Tone::Warn, words);
}

/// Why a key of what lies over the screens does nothing now; `None` when it does something.
pub fn why_not(popup: &Popup, action: Action, engine: &Engine, keys: &KeyMap) -> Option<String> {
    let told = |words: &str| Some(words.to_owned());
    match popup {
        Popup::Watches(picker) => {
            let at = picker.at(&ids(&engine.writes.all));
            let watch = engine.writes.all.get(at)?;
            let is_done = matches!(watch.stage, Stage::Issued { .. });
            let waits = matches!(watch.stage, Stage::AwaitsApproval(_));
            match action {
                Action::Approve if !waits => told("It is not waiting for approval."),
                Action::SendAgain => resend::why_not(&engine.writes, &watch.op)
                    .filter(|_| {
                        !resend::is_refused(watch)
                            || resend::form_that_holds(&engine.drafts, watch).is_none()
                    })
                    .map(str::to_owned),
                Action::WriteFile if !is_done => told("Its certificate is not available yet."),
                Action::CopyMenu
                    if !is_done
                        && names::answer_of(&engine.account, &engine.writes, &watch.op)
                            .is_none() =>
                {
                    told("Its certificate is not available yet.")
                }
                Action::Open if watch.order.is_none() => {
                    resend::why_not(&engine.writes, &watch.op).map(str::to_owned)
                }
                _ => None,
            }
        }
        Popup::Copy(..) | Popup::CopyMarked(..) | Popup::Record(..) if action == Action::Open => {
            match copy::chosen(keys, popup) {
                Some(action) => why_not(popup, action, engine, keys),
                None => told("There is nothing to copy."),
            }
        }
        Popup::Palette(palette) if action == Action::Open => {
            match palette.found.get(palette.at()) {
                Some(command) => command.why_not.clone(),
                None => told("Unknown command; press : for all commands."),
            }
        }
        Popup::Sources(sources) if action == Action::Open => sources
            .found
            .is_empty()
            .then(|| "No order is found for this yet.".to_owned()),
        Popup::Prompt(prompt) => match action {
            Action::NextField if prompt.asks_path() => None,
            Action::NextField | Action::PreviousField => told("There is nowhere else to go here."),
            _ => None,
        },
        Popup::Copy(subject, _) => {
            let has = match action {
                Action::CopySerial => subject.serial.is_some(),
                Action::CopyThumbprint => subject.thumbprint.is_some(),
                Action::CopyToken => subject.token.is_some(),
                Action::CopyRecord => subject.record.is_some(),
                _ => true,
            };
            (!has).then(|| {
                "CertCentral has not reported this for this certificate. Open the order first."
                    .into()
            })
        }
        Popup::Record(row, _) => match names::parts(row).into_iter().find(|one| one.0 == action) {
            Some((_, None)) => told("CertCentral did not report where the random value belongs."),
            None if action == Action::CopyRecordValue => {
                told("That is the random value, which has its own key.")
            }
            _ => None,
        },
        Popup::Operations(menu) if action == Action::Open => {
            operations::chosen(engine, menu).and_then(|entry| entry.why_not)
        }
        Popup::Newer(newer) => renewing::why_not(engine, newer, action),
        Popup::Request(requested) if action == Action::Open => request::why_not(engine, requested),
        _ => None,
    }
}
