//! What can go wrong when the configuration is asked for something or changed.

use std::path::PathBuf;

use super::{BaseUrlError, ProfileName};

/// A request to the configuration that could not be met.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named profile is not in the file.
    #[error(
        "there is no profile `{name}` in {} ({known}); create one with `certdeck profile add {name} --region us` (or \
            eu)",
        file.display()
    )]
    NoSuchProfile {
        /// The name asked for.
        name: ProfileName,
        /// The file looked in.
        file: PathBuf,
        /// The names it has, for the message.
        known: String,
    },
    /// The named profile is in the file and has no address.
    #[error(
        "profile `{name}` in {} has no usable URL, so it is ignored; set one with `certdeck profile edit {name} \
         --region us` (or eu, or --url URL)",
        file.display()
    )]
    Unusable {
        /// The name asked for.
        name: ProfileName,
        /// The file it stands in.
        file: PathBuf,
    },
    /// The profile to add is there already.
    #[error("profile `{name}` is already in {}; change it with `certdeck profile edit {name}`, or choose another name", file.display())]
    ProfileExists {
        /// The name asked for.
        name: ProfileName,
        /// The file it stands in.
        file: PathBuf,
    },
    /// A URL that cannot be used.
    #[error("the URL in {from} cannot be used: {reason}")]
    BadUrl {
        /// Where the URL was given.
        from: String,
        /// What is wrong with it.
        #[source]
        reason: BaseUrlError,
    },
    /// The file is not TOML, so that editing it could lose what the operator wrote.
    #[error("{}:{line}: {message}; fix the file first. Nothing was changed", file.display())]
    NotToml {
        file: PathBuf,
        /// The line of the mistake, counted from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A part of the file has another shape than this program writes.
    #[error("`{key}` in {} is not a table; fix the file first. Nothing was changed", file.display())]
    NotTable {
        file: PathBuf,
        /// The key that should be a table.
        key: String,
    },
    /// The file could not be read or written.
    #[error("could not {what} {}: {source}", file.display())]
    Io {
        /// `read` or `write`.
        what: &'static str,
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// No home directory, so there is no place for the file.
    #[error(
        "no home directory is known: set HOME or XDG_CONFIG_HOME, or specify the file with --config FILE"
    )]
    NoHome,
}
