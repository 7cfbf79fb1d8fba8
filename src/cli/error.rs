//! Why a command was not done, and the exit code that says so.

use std::process::ExitCode;

use crate::certcentral::ApiError;
use crate::config::{ConfigError, ProfileName};
use crate::logging::LogError;
use crate::runtime::checks::{self, NoTerminal};
use crate::runtime::keystore::KeyStoreError;
use crate::runtime::trust::TrustError;
#[cfg(feature = "sandbox")]
use crate::sandbox::SandboxError;

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
    /// Started where the desk cannot be drawn.
    #[error(transparent)]
    NoTerminal(#[from] NoTerminal),
}

impl CliError {
    /// 2 for a start that cannot work, 1 for everything else.
    pub(super) fn code(&self) -> ExitCode {
        match self {
            Self::NoTerminal(_) | Self::NoAccount => ExitCode::from(checks::EXIT),
            #[cfg(not(feature = "sandbox"))]
            Self::NoSandbox => ExitCode::from(checks::EXIT),
            _ => ExitCode::FAILURE,
        }
    }
}
