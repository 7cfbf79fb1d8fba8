//! Why there is no key, or why it could not be kept; every source is named with its reason.

use std::fmt::Write as _;

use super::Source;

/// A source that was asked and gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    pub source: Source,
    /// Why not, and what could be done.
    pub why: String,
}

/// What can go wrong with the key's places.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// No source has a key.
    #[error(
        "no API key for {whose}; looked in this order:{}\nstore one with `certdeck key set`, or set CERTDECK_API_KEY",
        list(tried)
    )]
    NoKey {
        /// `profile "acme"`, or words for there being none.
        whose: String,
        /// Every source, in the order it was asked.
        tried: Vec<Tried>,
    },
    /// The key could not be stored anywhere the profile allows.
    #[error("the key was not stored:{}\n{}", list(tried), ways_out(tried))]
    NotStored {
        /// Every place that was tried.
        tried: Vec<Tried>,
    },
    /// The profile has no place for a key.
    #[error(
        "profile `{0}` has `key_store = false` and no `key_file`, so there is no place for a key; `certdeck key set \
         --keep file` sets one, or --keep store, or --keep kernel"
    )]
    NoPlace(String),
    /// The profile could not be written.
    #[error(transparent)]
    Profile(#[from] crate::config::ConfigError),
    /// `CERTDECK_URL` points somewhere else than the profile.
    #[error(
        "CERTDECK_URL is set, and keys are stored for the URL of a profile; unset it, or create a profile with \
            `certdeck profile add NAME --url {0}`"
    )]
    Overridden(String),
    /// What was typed or piped is no key.
    #[error("the key given {0}")]
    NotAKey(String),
    /// The operator left the prompt.
    #[error("no key was given; nothing was changed")]
    Cancelled,
    /// The terminal or the pipe could not be read.
    #[error("could not read the key: {0}")]
    Read(#[from] std::io::Error),
}

/// The places that were not tried, and how long each keeps a key.
fn ways_out(tried: &[Tried]) -> String {
    let untried = |is: fn(&Source) -> bool| !tried.iter().any(|tried| is(&tried.source));
    let mut ways = Vec::new();
    if untried(|source| matches!(source, Source::File(_))) {
        let file = "`certdeck key set --keep file` keeps it in a file only you can read, until you remove it";
        ways.push(file.to_owned());
    }
    if untried(|source| *source == Source::Kernel) {
        ways.push(format!(
            "`--keep kernel` keeps it in the kernel's keyring, {}",
            Source::Kernel.lasts()
        ));
    }
    ways.push(
        "a `key_command` in the profile or CERTDECK_API_KEY gives it without storing it".to_owned(),
    );
    ways.join("; ")
}

fn list(tried: &[Tried]) -> String {
    let mut text = String::new();
    for Tried { source, why } in tried {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {source}: {why}");
    }
    text
}
