//! Why a command was not done, and the exit code that says so.

use std::process::ExitCode;

use jiff::Timestamp;

use super::exit::Exit;
use crate::certcentral::ApiError;
use crate::config::{ConfigError, ProfileName};
use crate::domain::failure::Failure;
use crate::logging::LogError;
use crate::runtime::checks::NoTerminal;
use crate::runtime::failure::failure;
use crate::runtime::keystore::KeyStoreError;
use crate::runtime::trust::TrustError;
#[cfg(feature = "sandbox")]
use crate::sandbox::SandboxError;
use crate::store::StoreError;

/// A profile that is to move to another address with what gives the key of the one it has.
#[derive(Debug, thiserror::Error)]
#[error(
    "profile `{name}` has {what}: that provides the key of {old}, which would be sent to {new}; nothing was changed. \
     Repeat {again} in this command if it provides the key of the new URL too, or remove it: {out}"
)]
pub(super) struct OtherAddress {
    pub(super) name: ProfileName,
    /// The settings, with an article.
    pub(super) what: String,
    /// The address so far.
    pub(super) old: String,
    /// The address asked for.
    pub(super) new: String,
    /// The options that give them anew.
    pub(super) again: String,
    /// The options that take them out.
    pub(super) out: String,
}

/// A command that was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// The settings or a profile.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The log that was asked for.
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Key(#[from] KeyStoreError),
    /// The API did not answer as hoped.
    #[error("{0}\n{advice}", advice = .0.advice())]
    Api(#[from] ApiError),
    /// What the profile trusts.
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[cfg(feature = "sandbox")]
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The sandbox, and this build has none.
    #[cfg(not(feature = "sandbox"))]
    #[error(
        "this certdeck was built without the sandbox, and so without the demo: build it with cargo's default features to have them"
    )]
    NoSandbox,
    /// The system gives no threads or sockets.
    #[error("the system refuses what every network program needs: {0}")]
    Runtime(std::io::Error),
    /// No account to work on.
    #[error(
        "no profile is configured, or several and none is the default: run `certdeck profile add NAME --region us` \
         (or eu), choose one with --profile, or set CERTDECK_URL"
    )]
    NoProfile,
    /// A profile named where there is none.
    #[error(
        "--profile selects an account, and the demo and the sandbox have their own; leave it out"
    )]
    NoAccount,
    /// The place asked for is not here.
    #[error(
        "the key cannot be stored in {place}: {why}; nothing was changed. Choose another place with --keep"
    )]
    NoSuchPlace { place: String, why: String },
    /// The key of one address would be sent to another.
    #[error(transparent)]
    OtherAddress(#[from] Box<OtherAddress>),
    /// A stored key may still be there.
    #[error(
        "the key of {old} may still be in {place} ({why}), and would be sent to the new URL; nothing was changed. \
         Remove it with `certdeck key clear`, or add --key-store false"
    )]
    KeyStays {
        /// The address so far.
        old: String,
        /// Where the key may be.
        place: String,
        /// Why it could not be removed.
        why: String,
    },
    /// Options that do not go together, or a field that is none.
    #[error("{0}")]
    Usage(String),
    /// Standard output does not take what was to be printed.
    #[error("could not write the output: {0}")]
    Output(#[from] std::io::Error),
    /// The account did not say what was to be read.
    #[error("{0}")]
    Failure(Failure),
    /// A question that has no answer: the program itself is at fault.
    #[error("CertCentral was not asked, or its response was not read; nothing is known")]
    NoAnswer,
    /// What is stored could not be brought up to date.
    #[error("{failure}\nNothing is listed, since it might be out of date.{}", stored_words(*stored))]
    NotUpToDate {
        failure: Failure,
        /// Of when what is stored is.
        stored: Option<Timestamp>,
    },
    /// There is nothing to list offline.
    #[error(
        "no orders of this account are stored here yet; run the command without --cached first"
    )]
    NothingStored,
    /// What is kept on this machine.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Started where the desk cannot be drawn.
    #[error(transparent)]
    NoTerminal(#[from] NoTerminal),
}

fn stored_words(stored: Option<Timestamp>) -> String {
    stored.map_or_else(String::new, |at| {
        let at = at.strftime("%Y-%m-%d %H:%M UTC");
        format!(" --cached lists the orders as stored on {at}.")
    })
}

impl CliError {
    /// How the command ended, by the table of [`Exit`].
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::NoTerminal(_) | Self::NoAccount | Self::Usage(_) => Exit::Usage,
            #[cfg(not(feature = "sandbox"))]
            Self::NoSandbox => Exit::Usage,
            Self::Key(KeyStoreError::NoKey { .. }) => Exit::NoKey,
            Self::Api(error) => Exit::from(&failure(error)),
            Self::Failure(failure) | Self::NotUpToDate { failure, .. } => Exit::from(failure),
            _ => Exit::Failed,
        }
    }

    /// The same as the system takes it.
    pub(super) fn code(&self) -> ExitCode {
        self.exit().into()
    }

    /// Whether whoever read the output has gone, who had enough of it: that is nothing to speak of.
    pub(super) fn is_unheard(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}
