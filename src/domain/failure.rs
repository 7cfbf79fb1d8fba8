//! Why something did not work, as plain data: what happened, what to do, and for a write whether it may have
//! arrived all the same.

use std::fmt;

/// What kind of trouble it is; decides where it is shown and what is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The account does not know the key.
    InvalidKey,
    /// There is no key.
    NoKey,
    /// The key's role is too small.
    Permission,
    /// No way to the server: network, DNS, connection, TLS.
    Network,
    /// The server did not answer in time.
    Timeout,
    /// Something between here and the server answered with a page.
    Proxy,
    RateLimited,
    /// Not there, or not ours.
    NotFound,
    /// The API refused what was asked.
    Refused,
    /// The server is in trouble.
    Server,
    /// Something on this machine: files, clipboard, key store.
    Local,
    /// The journal has the same: it is under way, or was done, here or by another certdeck.
    Twin,
    Other,
}

/// Why something did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    /// What happened, to what. May hold the server's words; shown sanitised.
    pub what: String,
    /// What the operator can do.
    pub advice: String,
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The API's error codes.
    pub codes: Vec<String>,
}

impl Failure {
    /// Whether it says no to who asks, or to how often, and not to what was asked: the next would be refused as well.
    pub fn refuses_all(&self) -> bool {
        let one = self
            .codes
            .iter()
            .any(|code| code.contains("invalid_approver"));
        let all = matches!(
            self.kind,
            FailureKind::InvalidKey
                | FailureKind::NoKey
                | FailureKind::Permission
                | FailureKind::RateLimited
        );
        all && !one
    }

    /// Whether a duplicate was refused for what the reissue workflow can put right: validation that has expired, or
    /// duplicates that are not allowed. The codes of accounts for this are not documented; they are told by their words.
    pub fn calls_for_reissue(&self) -> bool {
        let says =
            |code: &String| code.contains("validation") || code.contains("duplicates_not_allowed");
        self.codes.iter().any(says)
    }

    /// Whether it came with a code of the API: what something in between answers has none.
    pub fn has_codes(&self) -> bool {
        self.codes.iter().any(|code| !code.trim().is_empty())
    }

    /// What the answer was of which nobody can tell whether it says that something was done, for people; without one none
    /// came.
    pub fn answer(&self) -> Option<String> {
        self.status
            .map(|status| format!("the response (HTTP {status})"))
    }

    /// A failure of a kind, in one sentence.
    pub fn of(kind: FailureKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            advice: String::new(),
            status: None,
            codes: Vec::new(),
        }
    }

    /// A failure on this machine.
    pub fn local(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Local,
            what: what.into(),
            advice: advice.into(),
            status: None,
            codes: Vec::new(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.advice.is_empty() {
            write!(f, " {}", self.advice)?;
        }
        Ok(())
    }
}
