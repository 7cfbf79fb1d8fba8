//! What the program wants done, as plain data. The runtime turns each into a task; its result comes back as a
//! [`Msg`](super::msg::Msg).

use crate::domain::dcv::Placement;
use crate::domain::endpoint::Target;
use crate::domain::ids::{
    CertificateId, ContainerId, DomainId, OrderId, OrganizationId, RequestId,
};
use crate::domain::install::Install;
use crate::domain::request::Wanted;
use crate::domain::served::Seen;
use crate::domain::write::{Before, Entry, Outgoing, WriteId};

use super::remote::Ticket;
use super::secret::Secret;
use crate::config::KeyPlace;
use crate::domain::failure::Failure;

/// A read of the account. It is its own slot: a newer read of the same thing makes an older one stale.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Read {
    /// Who the key belongs to.
    Session,
    Order(OrderId),
    /// Its duplicates, archived ones included.
    Duplicates(OrderId),
    /// Its reissues, archived ones included.
    Reissues(OrderId),
    /// Requests that wait for a decision.
    Requests,
    /// A page of requests in other states, from an index on.
    RequestPage(Wanted, u64),
    Request(RequestId),
    /// Product info by identifier.
    Product(String),
    /// The account's domains that serve these names of an order.
    Domains(OrderId, Vec<String>),
    /// All domains of the account.
    AccountDomains,
    /// A domain in full.
    Domain(DomainId),
    /// How much of the account expires soon.
    Expiring,
    /// All organizations of the account.
    Organizations,
    /// Orders whose state changed in the last so many seconds.
    Changes(u32),
    /// These orders as the list has them, many with one call.
    Listed(Vec<OrderId>),
    /// What an organisation is validated for.
    Organization(OrganizationId),
    /// A certificate with its chain, as one PEM text.
    Chain(CertificateId),
    /// The orders that were placed with a reference of our own.
    OrdersByReference(String),
    /// What the account has to order with.
    Offer,
    /// What may be ordered in a container.
    Limits(ContainerId),
}

/// What a private key and CSR made here shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySpec {
    /// The form that asks, by the key of its draft: what is made fills no other.
    pub form: String,
    pub algorithm: KeyAlgorithm,
    pub common_name: String,
    /// DNS names for the SAN extension.
    pub dns_names: Vec<String>,
    /// Organisation, if it shall be in the subject.
    pub organization: Option<String>,
    /// Where the key goes: a file that does not exist yet, mode 0600.
    pub path: String,
    /// Whether folders that are missing are made.
    pub makes_folders: bool,
}

/// Kinds of key that can be made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// RSA with this many bits: 2048, 3072 or 4096.
    Rsa(u32),
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
}

impl KeyAlgorithm {
    /// What is offered, the default first.
    pub const ALL: &'static [Self] = &[
        Self::P256,
        Self::Rsa(2048),
        Self::Rsa(3072),
        Self::Rsa(4096),
        Self::P384,
    ];

    /// Words for a person.
    pub fn label(self) -> String {
        match self {
            Self::Rsa(bits) => format!("RSA {bits}"),
            Self::P256 => "ECDSA P-256".into(),
            Self::P384 => "ECDSA P-384".into(),
        }
    }
}

/// Which list of certificates to ask for: each is kept, checked and sent by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListId {
    /// Duplicates of one order, a CSR each.
    Duplicates(OrderId),
    /// Reissues, an order each.
    Reissues,
}

impl From<OrderId> for ListId {
    fn from(order: OrderId) -> Self {
        Self::Duplicates(order)
    }
}

/// Whose certificate goes into a file that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewFile {
    /// That of a row of a list of CSRs: the write that it came of.
    Row(WriteId),
    /// That of one of several marked orders.
    Order(OrderId),
}

/// What the program wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Try a key and an address; once CertCentral took them, work with them and keep them.
    Connect {
        url: String,
        /// The key as typed.
        key: Secret,
        /// Where to keep the key, and the address in a profile; `None` keeps neither.
        keep: Option<KeyPlace>,
    },
    /// Stop trying what [`Effect::Connect`] began.
    StopConnecting,
    /// Find out where a key can be kept here.
    FindKeyPlaces,
    Read {
        /// Which read this is.
        ticket: Ticket,
        read: Read,
    },
    /// Bring the list of orders in line with the account.
    Sync {
        /// The run; events of an earlier one are stale.
        run: Ticket,
    },
    Write {
        op: WriteId,
        outgoing: Box<Outgoing>,
        /// What was there before; the journal keeps it for whoever looks for this later.
        before: Box<Before>,
        /// Send it although the journal cannot take it: the operator said so.
        unjournaled: bool,
        /// Send it although the journal has the same: the operator said so.
        despite: bool,
    },
    /// Look what really stands at a place: DNS, or a site.
    LookAt(Placement),
    /// Look which certificate is served.
    LookServed(Target),
    /// Keep what was seen to be served.
    KeepServed(Vec<(OrderId, Target, Seen)>),
    /// Keep that the command after issue is to run for a certificate: once, or once more where the operator asks for it.
    PlanInstall {
        install: Box<Install>,
        again: bool,
    },
    /// Run the command after issue for a certificate that waits for it.
    RunInstall {
        order: OrderId,
        certificate: CertificateId,
    },
    /// Set aside that the command failed for a certificate, or have it not run for one that waits.
    DismissInstall {
        order: OrderId,
        certificate: CertificateId,
    },
    /// Keep endpoints that were added, and forget those that were removed.
    KeepEndpoints {
        added: Vec<Target>,
        removed: Vec<Target>,
    },
    /// Read a file that lists endpoints.
    ReadEndpoints {
        path: String,
    },
    /// Look up what CAA says of a name.
    LookUpCaa(String),
    /// Open the connection of the next write: somebody reads what it is.
    OpenAhead,
    /// Make a private key and a CSR.
    MakeKey(KeySpec),
    /// Put text on the operator's clipboard.
    Copy {
        text: String,
        /// What it is, e.g. `full chain of shop.example.net`.
        what: String,
        /// Send it although it is larger than most terminals take.
        force: bool,
    },
    /// Write certificates to a file, mode 0644.
    WriteFile {
        path: String,
        text: String,
        /// What it is, as for the clipboard.
        what: String,
        /// Replace a file that is there; asked for first.
        overwrite: bool,
    },
    /// Read a text file into the form.
    ReadFile {
        /// The form that asks, by the key of its draft.
        form: String,
        path: String,
    },
    /// Look how a path that is typed goes on.
    CompletePath {
        typed: String,
    },
    /// Read the CSR files of a bulk screen: files, and folders for what looks like one.
    ReadCsrs {
        /// The list they are for.
        list: ListId,
        paths: Vec<String>,
    },
    /// Ask the journal which CSRs were sent for an order.
    LoadPriorCsrs {
        order: OrderId,
    },
    /// Write a certificate to files that are not there yet.
    WriteNew {
        of: NewFile,
        /// Path and text of each; the first is the one that is told.
        files: Vec<(String, String)>,
        /// Whether they belong together: folders that are missing are made, and files that are there and hold the same count
        /// as written.
        is_set: bool,
        /// A link that is made to lead to the newest folder, and what it leads to, seen from its own folder.
        latest: Option<(String, String)>,
        /// The file beside them that is to hold the private key, and the public key of the certificate: where another key
        /// is there, nothing is written.
        key: Option<(String, Vec<u8>)>,
        /// What a server or its clients would stumble over in it.
        caveat: Option<String>,
    },
    /// Edit text in the operator's editor.
    Edit {
        text: String,
        /// What it is; becomes the file's ending.
        what: String,
    },
    /// Show text alone on a plain screen until a key is pressed.
    Plain {
        text: String,
    },
    /// Keep a form's draft.
    SaveDraft {
        key: String,
        /// Its text, JSON.
        json: String,
    },
    /// Let two drafts change places.
    SwapDrafts {
        /// The key of one.
        one: String,
        /// The key of the other.
        other: String,
    },
    DropDraft {
        key: String,
    },
    /// Keep with a draft what the account said of it, or that this counts no longer.
    KeepRefusal {
        key: String,
        /// What the account said.
        refusal: Option<Failure>,
    },
    /// Ring the bell and notify the desktop.
    Notify {
        text: String,
    },
    /// Write into the journal what happened to a write since its answer.
    Journal {
        op: WriteId,
        entry: Entry,
    },
    LoadJournal,
    /// Read a request from the journal, exactly as it was sent.
    ShowSent {
        op: WriteId,
        what: String,
    },
    /// Give the terminal back to the shell for a while.
    Suspend,
    Redraw,
    /// Leave with this exit code.
    Quit(u8),
}
