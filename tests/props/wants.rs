//! What is wanted, what becomes of a request for it, and what a journal may say of that.

use certdeck::app::journal::JournalRow;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Duplicate,
    Reissue,
    /// A duplicate that becomes a reissue which is stored as one.
    Beside,
    Note,
}

impl What {
    /// Everything.
    pub const ALL: [Self; 4] = [Self::Duplicate, Self::Reissue, Self::Beside, Self::Note];

    /// The endpoint that it goes to.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Reissue | Self::Beside => "reissue",
            Self::Note => "note",
        }
    }

    /// The key of its form.
    pub fn form(self) -> Option<&'static str> {
        match self {
            Self::Duplicate => Some("d"),
            Self::Reissue | Self::Beside => Some("r"),
            Self::Note => None,
        }
    }
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Arrives,
    Vanishes,
    IsRefused,
    /// The desk did not send it.
    Stays,
}

/// A fault, what becomes of the request, and whether nobody answers until somebody gives up.
pub type Fault = (&'static str, Fate, bool);

/// The faults.
pub const FAULTS: [Fault; 11] = [
    ("", Fate::Arrives, false),
    ("lost", Fate::Arrives, false),
    ("late500", Fate::Arrives, false),
    ("latehtml502", Fate::Arrives, false),
    ("cut", Fate::Arrives, false),
    ("slowbody=20m", Fate::Arrives, true),
    ("reset", Fate::Vanishes, false),
    ("500", Fate::Vanishes, false),
    ("html502", Fate::Vanishes, false),
    ("hang", Fate::Vanishes, true),
    ("429", Fate::IsRefused, false),
];

/// What may be wrong with what is read.
pub const TROUBLES: [&str; 8] = [
    "",
    "",
    "500@order",
    "html404@order|duplicates|reissues",
    "reset@duplicates|reissues",
    "truncate@reissues",
    "html502@duplicates",
    "429@order|reissues",
];

/// A CSR without its armour and its lines.
pub fn bare(text: &str) -> String {
    let words = ["BEGIN", "END"].map(|word| format!("-----{word} CERTIFICATE REQUEST-----"));
    let text = text.replace(&words[0], "").replace(&words[1], "");
    text.split_whitespace().collect()
}

/// Whether a row of the journal says what became of a request.
pub fn is_true(what: What, fate: Fate, row: &JournalRow) -> bool {
    let words = row.outcome.as_deref().unwrap_or_default();
    let absent = words.contains("no trace of it");
    match fate {
        Fate::IsRefused => words.starts_with("refused (429)"),
        Fate::Vanishes => absent,
        Fate::Stays => words.starts_with("not sent"),
        Fate::Arrives => {
            let told = words.starts_with("accepted")
                || words.ends_with("; accepted")
                || words.ends_with("; no clear response");
            told && !absent && (what == What::Note || row.certificate.is_some())
        }
    }
}
