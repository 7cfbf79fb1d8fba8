//! What lies over the screens: a stack, the topmost gets the keys.

use super::draft_list::Begun;
use super::field::TextField;
use super::fields;
use super::msg::{Completion, SentText};
use super::operations::names::NameRow;
use super::operations::{Asking, Menu};
use super::picker::Picker;
use crate::config::KeyPlace;
use crate::domain::failure::Failure;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::write::WriteId;
use crate::keys::{Action, Place};

/// Something that lies over the screens.
#[derive(Debug, PartialEq)]
pub enum Popup {
    /// The keys of the place that was left.
    Help(Reader),
    Reader(Reader),
    Palette(Box<Palette>),
    Copy(Subject, Picker<Action>),
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
            Self::Record(..) => Place::Record,
            Self::Prompt(_) | Self::Connect(_) | Self::Asking(_) => Place::Prompt,
            Self::Operations(_) | Self::Drafts(_) => Place::Operations,
            Self::Watches(_) => Place::Watch,
            Self::Newer(_) => Place::Newer,
        }
    }

    /// Whether text that is typed goes into a field of it.
    pub fn is_typing(&self) -> bool {
        match self {
            Self::Prompt(prompt) => prompt.field.is_some(),
            Self::Palette(_) | Self::Sources(_) => true,
            Self::Connect(form) => matches!(form.focus, 1 | 2),
            Self::Asking(asking) => asking.is_typing(),
            Self::Help(_)
            | Self::Reader(_)
            | Self::Copy(..)
            | Self::Record(..)
            | Self::Watches(_)
            | Self::Newer(_)
            | Self::Drafts(_)
            | Self::Operations(_) => false,
        }
    }

    /// Whether the path of a file is typed.
    pub fn asks_path(&self) -> bool {
        matches!(self, Self::Prompt(prompt) if prompt.field.is_some() && prompt.asks_path())
    }

    /// The text field that takes what is typed.
    pub fn field_mut(&mut self) -> Option<&mut TextField> {
        match self {
            Self::Palette(palette) => palette.picker.field.as_deref_mut(),
            Self::Prompt(prompt) => prompt.field.as_mut(),
            Self::Connect(form) => form.field_mut(),
            Self::Sources(sources) => sources.picker.field.as_deref_mut(),
            Self::Asking(asking) => asking.field_mut(),
            Self::Help(_)
            | Self::Reader(_)
            | Self::Copy(..)
            | Self::Record(..)
            | Self::Watches(_)
            | Self::Newer(_)
            | Self::Drafts(_)
            | Self::Operations(_) => None,
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

/// The certificate that a copy or a file is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub order: OrderId,
    pub certificate: CertificateId,
    /// What it is called.
    pub name: String,
    /// Its serial number as the account lists it, to be compared with what is downloaded.
    pub serial: Option<String>,
    /// Its thumbprint as the account lists it.
    pub thumbprint: Option<String>,
    /// The public key that was asked for, where this program knows it.
    pub spki_der: Option<Vec<u8>>,
    /// The random value for domain validation, if there is one.
    pub token: Option<String>,
    /// The record or file that it belongs in, as one line.
    pub record: Option<String>,
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
    /// The folder for the certificates of a bulk run.
    BulkFolder(OrderId),
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
    pub(super) fn asks_path(&self) -> bool {
        matches!(
            self.kind,
            PromptKind::WriteTo(_) | PromptKind::BulkFolder(_)
        )
    }

    /// How the path goes on, if it is still what is typed.
    pub(super) fn path_completed(&mut self, typed: &str, result: Result<Completion, Failure>) {
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
    /// What has to be typed for it, where Enter is not enough, and what is said when something else was.
    pub(super) fn asks(&self) -> Option<(&str, String)> {
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

/// Region and key.
#[derive(Debug, PartialEq)]
pub struct ConnectForm {
    /// Region: index into [`REGIONS`].
    pub region: usize,
    /// Address, when the region is *other*.
    pub url: TextField,
    pub key: TextField,
    /// Where the key can be kept here; `None` until that is known.
    pub places: Option<Vec<KeyPlace>>,
    /// Where it is to be kept: index into `places`, or behind its end for nowhere.
    pub keep: usize,
    /// Which field has the focus: 0 region, 1 address, 2 key, 3 where it is kept.
    pub focus: usize,
    /// Whether what was typed is being tried.
    pub trying: bool,
    /// Why it is asked.
    pub why: String,
    /// What was wrong with the last answer.
    pub error: Option<String>,
}

/// Regions and their base URLs (documentation of the Services API, *base URLs*).
pub const REGIONS: &[(&str, &str)] = &[
    (
        "US: www.digicert.com",
        "https://www.digicert.com/services/v2",
    ),
    (
        "Europe: certcentral.digicert.eu",
        "https://certcentral.digicert.eu/services/v2",
    ),
    ("another URL", ""),
];

impl ConnectForm {
    /// The place where the key is to be kept.
    pub fn place(&self) -> Option<&KeyPlace> {
        self.places.as_ref()?.get(self.keep)
    }

    /// Takes where the key can be kept. The key store is the choice unless another is made; nothing else keeps a key
    /// without being chosen.
    pub fn found(&mut self, places: Vec<KeyPlace>, kept: Option<&KeyPlace>) {
        let usual = kept.unwrap_or(&KeyPlace::Store);
        let at = places.iter().position(|place| place == usual);
        self.keep = at.unwrap_or(places.len());
        self.places = Some(places);
    }

    /// The next choice of the field that offers some, or the one before.
    pub fn choose(&mut self, by: isize) {
        match (self.focus, &self.places) {
            (0, _) => self.region = fields::further(self.region, by, REGIONS.len()),
            (3, Some(places)) => self.keep = fields::further(self.keep, by, places.len() + 1),
            _ => {}
        }
    }

    fn field_mut(&mut self) -> Option<&mut TextField> {
        match self.focus {
            1 => Some(&mut self.url),
            2 => Some(&mut self.key),
            _ => None,
        }
    }

    /// The base URL that is chosen.
    pub fn base_url(&self) -> String {
        match REGIONS.get(self.region) {
            Some((_, url)) if !url.is_empty() => (*url).to_string(),
            _ => self.url.text().trim().trim_end_matches('/').to_string(),
        }
    }
}
