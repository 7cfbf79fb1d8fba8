//! What happened, as plain data. Everything that changes the [`Model`](super::model::Model) is one of these.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use crate::config::KeyPlace;
use crate::domain::account::Session;
use crate::domain::caa::CaaSet;
use crate::domain::clock::ClockOffset;
use crate::domain::dcv::{Domain, Placement};
use crate::domain::draft::limits::Limit;
use crate::domain::draft::offer::Offer;
use crate::domain::endpoint::Target;
use crate::domain::expiring::Expiring;
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::install::{InstallEnd, InstallRecord};
use crate::domain::order::{Certificate, Order, OrderSummary};
use crate::domain::organization::{AccountOrganization, Validation};
use crate::domain::packed::Rows;
use crate::domain::product::Product;
use crate::domain::request::{Request, RequestPage};
use crate::domain::served::{Seen, Served};
use crate::domain::sighting::Sighting;
use crate::domain::text::bytes;

use super::effect::{ListId, NewFile, Read};
use super::look::Ground;
use super::remote::Ticket;
use crate::domain::failure::Failure;
use crate::domain::write::{Arrival, Before, Record, Stage, WriteId};

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted; line ends are `\n`.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal told what its background is.
    Ground(Ground),
    /// The model's deadline passed.
    Deadline,
    /// Nothing else has happened, and the model has more to do: the next step of that.
    GoOn,
    /// The connection is set up (again): from here on replies belong to this account.
    Connected(Connection),
    /// How far the account's clock is ahead of this machine's: told before the first answer, and when it is another.
    Clock(ClockOffset),
    Reply {
        ticket: Ticket,
        read: Read,
        result: Result<Data, Failure>,
    },
    /// The list of orders: what the last session saw.
    Cached {
        /// The account that they are of ([`Connection::account`]).
        account: String,
        /// Rows; none at the end.
        rows: Arc<Rows>,
    },
    /// When that was last known to be the account's.
    ListOf {
        account: String,
        at: jiff::Timestamp,
        /// How many orders it had, where that is known: room is made for them.
        orders: usize,
    },
    /// The list of orders: progress of a run.
    Sync {
        run: Ticket,
        event: SyncEvent,
    },
    /// A look at a place ended.
    Seen {
        place: Placement,
        sightings: Vec<Sighting>,
    },
    /// A look at which certificate is served ended.
    Served {
        target: Target,
        served: Served,
    },
    /// What an earlier session saw to be served.
    KeptServed {
        /// The account that it is of ([`Connection::account`]).
        account: String,
        all: Vec<(OrderId, Target, Seen)>,
    },
    /// The endpoints that were added in earlier sessions.
    KeptEndpoints {
        /// The account that they are of ([`Connection::account`]).
        account: String,
        all: Vec<Target>,
    },
    /// A file that lists endpoints was read, or not.
    EndpointsRead {
        path: String,
        result: Result<String, Failure>,
    },
    /// What CAA says of a name was looked up, or not and why.
    Caa {
        name: String,
        looked: Result<Option<CaaSet>, String>,
    },
    WriteEnded {
        op: WriteId,
        outcome: Ended,
    },
    /// A key and CSR were made, or not.
    KeyMade {
        /// The form that asked ([`KeySpec::form`](super::effect::KeySpec)).
        form: String,
        result: Result<KeyMade, Failure>,
    },
    Copied(Result<CopyReport, Failure>),
    /// The text is larger than most terminals take; nothing was copied.
    CopyTooLarge {
        text: String,
        what: String,
        /// Why not, and the ways out.
        words: String,
    },
    /// A file was written, or not.
    FileSaved {
        path: String,
        /// What was to be written, in case it has to be asked for.
        text: String,
        what: String,
        result: Result<(), FileProblem>,
    },
    /// A file was read for the form, or not.
    FileRead {
        /// The form that asked.
        form: String,
        path: String,
        result: Result<String, Failure>,
    },
    /// It was looked how a path goes on.
    PathCompleted {
        typed: String,
        /// How it goes on.
        result: Result<Completion, Failure>,
    },
    /// Files were read for a bulk screen: the name of each, and its text.
    CsrsRead {
        /// The list they are for.
        list: ListId,
        files: Vec<(String, Result<String, Failure>)>,
    },
    /// What the journal knows of the CSRs that were sent for an order.
    PriorCsrs {
        order: OrderId,
        /// What was sent and may have arrived.
        sent: Result<Vec<PriorCsr>, Failure>,
    },
    /// A certificate was written to a file that was not there, or not.
    NewFileSaved {
        of: NewFile,
        path: String,
        /// What a server or its clients would stumble over in it.
        caveat: Option<String>,
        result: Result<(), FileProblem>,
    },
    /// The certificates for the command after issue, the newest first.
    Installs(Vec<InstallRecord>),
    /// The command after issue ended for a certificate; `None` where another certdeck runs it, or nothing waits any more.
    InstallEnded {
        order: OrderId,
        certificate: CertificateId,
        end: Option<InstallEnd>,
    },
    Edited(Result<String, Failure>),
    /// Writes of an earlier session that are not at their end.
    Resume(Vec<Unfinished>),
    /// The journal's rows, newest first.
    Journal(Result<Vec<Record>, Failure>),
    /// A request from the journal, exactly as it was sent.
    JournalRequest {
        what: String,
        /// Method, path and body.
        result: Result<SentText, Failure>,
    },
    /// A draft that was kept.
    Draft {
        key: String,
        /// Its text, JSON.
        json: String,
        /// What the account said when it was sent.
        refusal: Option<Failure>,
    },
    /// Something the operator should know: a setting that was not taken, a full disk.
    Notice(String),
    /// Nothing is kept beyond the end of the program, and why.
    NotKept(String),
    /// Another certdeck has typed in the form with this key: both drafts are kept.
    DraftBeside(String),
    /// What is typed is kept again.
    KeptAgain,
    /// What else is to be known of the paste that came last, beside what its field says.
    OfPaste(String),
    /// Something that was asked for is done.
    Done(String),
    /// What could not be taken of the settings: a screen that stays until it is read.
    Mistakes(Vec<String>),
    /// Where a key can be kept here.
    KeyPlaces {
        places: Vec<KeyPlace>,
        /// The one in which the profile keeps its key now.
        kept: Option<KeyPlace>,
    },
    /// What was typed to connect with was not taken; what there was before stays.
    NotConnected(Failure),
}

/// How a path goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// As far as there is one way, what is typed included.
    pub text: String,
    /// The ways there are from there, when there are several.
    pub offers: Vec<String>,
}

impl Completion {
    /// Whether what is typed does not go on: it is complete.
    pub fn leaves(&self, typed: &str) -> bool {
        self.text == typed && self.offers.is_empty()
    }
}

/// Where the desk is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Profile, or `demo`.
    pub profile: String,
    pub url: String,
    /// The name under which the store keeps this account: another key counts as another account. Empty without a key.
    pub account: String,
    /// Whether this is the built-in sandbox.
    pub sandbox: bool,
    /// Whether there is a key; without one nothing can be read.
    pub key: Result<String, Failure>,
}

impl Connection {
    /// `www.digicert.com` of `https://www.digicert.com/services/v2`, with the port if one is named.
    pub fn host(&self) -> &str {
        let url = self.url.as_str();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }
}

/// What a read brought.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// [`Read::Session`].
    Session(Session),
    /// [`Read::Order`].
    Order(Box<Order>),
    /// [`Read::Duplicates`] or [`Read::Reissues`].
    Certificates(Vec<Certificate>),
    /// [`Read::Requests`].
    Requests(Vec<Request>),
    /// [`Read::RequestPage`].
    RequestPage(RequestPage),
    /// [`Read::Request`].
    Request(Box<Request>),
    /// [`Read::Product`].
    Product(Box<Product>),
    /// [`Read::Domains`] or [`Read::AccountDomains`].
    Domains(Vec<Domain>),
    /// [`Read::Domain`].
    Domain(Box<Domain>),
    /// [`Read::Expiring`].
    Expiring(Expiring),
    /// [`Read::Organizations`].
    Organizations(Vec<AccountOrganization>),
    /// [`Read::Changes`].
    Changes(Vec<OrderId>),
    /// [`Read::Listed`].
    Listed(Vec<OrderSummary>),
    /// [`Read::Organization`].
    Validations(Vec<Validation>),
    /// [`Read::OrdersByReference`].
    Placed(Vec<OrderId>),
    /// [`Read::Offer`].
    Offer(Box<Offer>),
    /// [`Read::Limits`].
    Limits(Vec<Limit>),
    /// [`Read::Chain`]: PEM of certificate, intermediates and root in any order.
    Chain(String),
}

/// Progress of the list of orders.
#[derive(Debug, Clone, PartialEq)]
pub enum SyncEvent {
    /// Some rows came.
    Rows {
        /// The rows; those known already are replaced.
        rows: Arc<Rows>,
        /// How many came so far.
        done: u64,
        /// How many there are.
        total: u64,
    },
    /// Rows that another certdeck stored meanwhile.
    Stored(Arc<Rows>),
    /// After those, the orders that are stored: what is not among them is no longer in the account.
    Held(Vec<OrderId>),
    /// All came; these are no longer in the account.
    Finished {
        /// Orders that are gone.
        removed: Vec<OrderId>,
    },
    /// It stopped half way.
    Failed(Failure),
}

/// How a write ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// The account took it.
    Accepted(Accepted),
    /// The account refused it: nothing was done.
    Refused(Failure),
    /// It never left: nothing was done.
    NotSent(Failure),
    /// It never left, since the journal cannot take it. The operator may have it sent all the same.
    NoJournal(Failure),
    /// It never left, since the journal has the same: under way, taken, or lost by another certdeck. Where it is not under
    /// way, the operator may have it sent all the same.
    Twin {
        /// Where the other stands.
        failure: Failure,
        /// Whether the account has the other.
        taken: bool,
    },
    /// No answer came; it may have been done. Must be looked up before anything is sent again.
    Unknown(Failure),
}

/// What the account answered to a write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accepted {
    pub order: Option<OrderId>,
    /// Requests that were created, with their state where told.
    pub requests: Vec<RequestId>,
    /// Whether the request waits for the first of two approvals.
    pub first_of_two: bool,
    /// The certificate, where the answer names it.
    pub certificate: Option<CertificateId>,
    /// Its chain as one PEM text, where it was issued at once.
    pub chain: Option<String>,
    /// The random value for domain validation.
    pub dcv_random_value: Option<String>,
    /// Names whose domain validation was checked, each with its state as told; an empty name is the domain itself.
    pub checked: Vec<(String, String)>,
}

/// A key and CSR made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMade {
    /// The CSR, PEM.
    pub csr: crate::domain::order::CsrText,
    /// The file that holds the private key, mode 0600.
    pub path: String,
}

/// What became of a copy, in honest words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyReport {
    /// Words, e.g. `Sent 6,214 bytes to your terminal`.
    pub words: String,
    /// Whether it was read back.
    pub verified: bool,
    /// What to know or do when the paste is empty.
    pub hint: Option<String>,
}

/// Why a file was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// A file of that name is there; it is not replaced without asking.
    Exists,
    Failed(Failure),
}

/// A write of an earlier session that is not at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfinished {
    pub op: WriteId,
    pub outgoing: crate::domain::write::Outgoing,
    pub sent: jiff::Timestamp,
    /// Where it stands, as the journal knows.
    pub stage: Stage,
    /// The order that its certificate is on, or will be; `None` for a new one that is not found yet.
    pub order: Option<OrderId>,
    /// What was there before it was sent.
    pub before: Before,
    /// The random value for domain validation, if the answer brought one.
    pub token: Option<String>,
}

/// A request as it was sent. Its `Debug` tells the length only, since a body holds a CSR.
#[derive(Clone, PartialEq, Eq)]
pub struct SentText(pub String);

impl std::fmt::Debug for SentText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SentText({})", bytes(self.0.len()))
    }
}

/// What the journal says of a CSR that was sent for an order before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorCsr {
    /// SHA-256 of the CSR's DER.
    pub sha256: [u8; 32],
    pub op: WriteId,
    /// What came of it, in words.
    pub words: String,
    /// The certificate that came of it, if one did.
    pub certificate: Option<CertificateId>,
    /// Whether anything can have come of it.
    pub arrival: Arrival,
}
