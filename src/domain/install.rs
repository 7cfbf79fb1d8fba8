//! A certificate that is handed to the operator's own command, which puts it where it is served, and what came of that.
//!
//! ```text
//! Waiting --claimed--> Running --> Ended(exit code, output)
//!    ^                    '--- its certdeck died: nobody knows
//!    '--- asked for again
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chain::Chain;
use super::file_pattern::{FileSet, Named, Pattern};
use super::ids::{CertificateId, OrderId};
use super::text::sanitise;

/// What is handed over: verified, in files that hold the same or are not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    pub order: OrderId,
    pub certificate: CertificateId,
    pub job: InstallJob,
}

/// Names and files of a certificate that is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallJob {
    /// Its names, the common name first.
    pub names: Vec<String>,
    /// Upper-case hex.
    pub serial: String,
    pub certificate: PemFile,
    /// The intermediates; none where CertCentral sent none.
    pub chain: Option<PemFile>,
    pub full_chain: PemFile,
    /// The public key, as a SubjectPublicKeyInfo: by it the file of the private key is found, where that was made here.
    pub spki_der: Vec<u8>,
}

/// A file in PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PemFile {
    pub path: String,
    pub text: String,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstallExit {
    /// By itself, with this code.
    Code(i32),
    /// By a signal.
    Signal(i32),
    /// It was ended after that many seconds.
    TimedOut(u64),
    /// It did not run, for this reason.
    NotStarted(String),
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallEnd {
    pub exit: InstallExit,
    /// The end of what it printed, both streams, safe to show line by line.
    pub output: String,
}

/// Where a certificate that is handed over stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstallState {
    Waiting,
    /// Under way, here or in another certdeck.
    Running,
    Ended(InstallEnd),
    /// The certdeck that ran the command died: it may have ended, or be running still.
    Lost,
}

/// A certificate that is or was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallRecord {
    pub install: Install,
    pub state: InstallState,
    /// When it came to stand there.
    pub at: Timestamp,
    /// Whether the operator has seen enough of a failure.
    pub dismissed: bool,
}

impl Install {
    /// A verified certificate, and where its files go.
    pub fn new(order: OrderId, certificate: CertificateId, chain: &Chain, files: &FileSet) -> Self {
        let file = |path: &str, text: String| PemFile {
            path: path.to_owned(),
            text,
        };
        let leaf = &chain.leaf;
        Self {
            order,
            certificate,
            job: InstallJob {
                names: super::names::once(leaf.subject.common_name.iter().chain(leaf.dns_names())),
                serial: leaf.serial.clone(),
                certificate: file(&files.certificate, chain.certificate_pem()),
                chain: (!chain.intermediates.is_empty())
                    .then(|| file(&files.chain, chain.chain_pem())),
                full_chain: file(&files.full_chain, chain.full_chain_pem()),
                spki_der: leaf.spki_der.clone(),
            },
        }
    }

    /// A verified certificate whose files go where nobody said: into a folder of its own below `folder`, named by its serial
    /// number. `None` where that cannot be a path.
    pub fn in_own_folder(
        order: OrderId,
        certificate: CertificateId,
        chain: &Chain,
        folder: &str,
        at: Timestamp,
    ) -> Option<Self> {
        let folder = folder.trim_end_matches('/');
        let serial = super::file_pattern::for_file_name(&chain.leaf.serial);
        let pattern = format!("{folder}/{{order}}/{serial}/{{part}}.pem");
        let named = Named {
            name: "",
            order,
            at: jiff::tz::TimeZone::UTC.to_datetime(at),
            again: false,
        };
        let files = Pattern::parse(&pattern, false).ok()?.files(named, false);
        Some(Self::new(order, certificate, chain, &files))
    }

    /// What it is called.
    pub fn name(&self) -> String {
        let name = self.job.names.first();
        name.map_or_else(
            || format!("certificate {}", self.certificate),
            |name| sanitise(name).into_owned(),
        )
    }
}

impl InstallJob {
    /// Its files, the full chain first.
    pub fn files(&self) -> Vec<(String, String)> {
        let all = [
            Some(&self.full_chain),
            Some(&self.certificate),
            self.chain.as_ref(),
        ];
        all.into_iter()
            .flatten()
            .map(|file| (file.path.clone(), file.text.clone()))
            .collect()
    }
}

impl InstallExit {
    /// In a few words.
    pub fn words(&self) -> String {
        match self {
            Self::Code(0) => "installed".to_owned(),
            Self::Code(code) => format!("exit code {code}"),
            Self::Signal(signal) => format!("ended by signal {signal}"),
            Self::TimedOut(seconds) => format!("stopped after {seconds} s without an end"),
            Self::NotStarted(why) => format!("not run: {}", sanitise(why)),
        }
    }
}

impl InstallRecord {
    /// Whether it failed, or nobody knows, and nobody has set that aside.
    pub fn is_failure(&self) -> bool {
        let failed = match &self.state {
            InstallState::Waiting | InstallState::Running => false,
            InstallState::Ended(end) => end.exit != InstallExit::Code(0),
            InstallState::Lost => true,
        };
        failed && !self.dismissed
    }

    /// How it stands, in a few words.
    pub fn words(&self) -> String {
        let words = match &self.state {
            InstallState::Waiting => "waiting".to_owned(),
            InstallState::Running => "under way".to_owned(),
            InstallState::Ended(end) => end.exit.words(),
            InstallState::Lost => {
                "unknown: certdeck ended while the command ran; check before you run it again"
                    .to_owned()
            }
        };
        if self.dismissed {
            format!("{words}; dismissed")
        } else {
            words
        }
    }
}
