//! Settings and profiles: one TOML file, read so that a mistake in it costs that one setting and never the start.
//!
//! ```text
//! config.toml --read--> Config { settings, profiles, notices }      (read.rs, settings.rs, profile.rs)
//! profile add | edit | use | remove --edit--> config.toml, comments kept   (edit.rs)
//! ```
//!
//! The API key is never in this file; a profile only says where the key is found (`runtime::keystore`).

mod base_url;
mod dns;
mod edit;
mod env;
mod error;
mod lenient;
mod paths;
mod profile;
mod read;
mod settings;

pub use base_url::{BaseUrl, BaseUrlError, Region};
pub use edit::{
    Change, Pending, ProfileChange, add_profile, edit_profile, put_profile, remove_profile,
    use_profile,
};
pub use env::Env;
pub use error::ConfigError;
pub use paths::{DEFAULT_CONFIG, config_path, store_path};
pub use profile::{KeyCache, KeyPlace, Profile, ProfileName, ProfileNameError};
pub use settings::{
    AfterIssue, ClipboardChoice, CsrSubject, KeyBinding, LogFile, ServedName, Settings, Theme,
};

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The environment variable that replaces the profile's URL.
pub const URL_VARIABLE: &str = "CERTDECK_URL";
/// The environment variable that holds the API key itself.
pub const KEY_VARIABLE: &str = "CERTDECK_API_KEY";

/// A setting that could not be taken as written; the program runs on with its default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The file the setting stands in.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The setting, dotted: `profiles.acme.region`.
    pub key: String,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: ", self.file.display(), self.line)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// What the configuration file says, with a default for everything it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Where it was read from (the file need not exist).
    pub path: PathBuf,
    /// How the program behaves, for all profiles.
    pub settings: Settings,
    /// The account used when none is named.
    pub default_profile: Option<ProfileName>,
    /// The accounts by name.
    pub profiles: BTreeMap<ProfileName, Profile>,
    /// Profiles of the file whose address cannot be used.
    pub unusable: BTreeSet<ProfileName>,
    /// What could not be taken as written.
    pub notices: Vec<Notice>,
}

impl Config {
    /// Reads `path`. A file that does not exist gives the defaults and no notice; any other trouble gives
    /// the defaults and a notice, so this cannot fail.
    pub fn load(path: &Path) -> Self {
        read::load(path)
    }

    /// The account to work on.
    ///
    /// `wanted` is the name given on the command line; without one it is the default profile, or the only one.
    /// `CERTDECK_URL` replaces the URL, and stands in for a profile when there is none. `Ok(None)` means that
    /// nothing is set up yet.
    ///
    /// # Errors
    /// [`ConfigError::NoSuchProfile`] for a name that is not in the file, [`ConfigError::Unusable`] for one whose
    /// address cannot be used, [`ConfigError::BadUrl`] for a `CERTDECK_URL` that is none.
    pub fn profile(
        &self,
        wanted: Option<&ProfileName>,
        env: &Env,
    ) -> Result<Option<Profile>, ConfigError> {
        let name = wanted.or_else(|| self.default_or_only());
        let found = match name {
            Some(name) => Some(
                self.profiles
                    .get(name)
                    .ok_or_else(|| self.no_such_profile(name))?,
            ),
            None => None,
        };
        let Some(url) = env.text(URL_VARIABLE) else {
            return Ok(found.cloned());
        };
        let url = BaseUrl::parse(&url).map_err(|reason| ConfigError::BadUrl {
            from: URL_VARIABLE.to_owned(),
            reason,
        })?;
        let mut profile = found
            .cloned()
            .unwrap_or_else(|| Profile::new(ProfileName::fallback(), url.clone()));
        profile.url_overridden = profile.url != url || found.is_none();
        profile.url = url;
        Ok(Some(profile))
    }

    fn default_or_only(&self) -> Option<&ProfileName> {
        let all = || self.profiles.keys().chain(&self.unusable);
        match &self.default_profile {
            Some(name) => Some(name),
            None if all().count() == 1 => all().next(),
            None => all().find(|name| **name == ProfileName::fallback()),
        }
    }

    /// The error for a profile that is not in the file, naming those that are, or for one that cannot be used.
    pub fn no_such_profile(&self, name: &ProfileName) -> ConfigError {
        if self.unusable.contains(name) {
            return ConfigError::Unusable {
                name: name.clone(),
                file: self.path.clone(),
            };
        }
        let known: Vec<&str> = self.profiles.keys().map(ProfileName::as_str).collect();
        ConfigError::NoSuchProfile {
            name: name.clone(),
            file: self.path.clone(),
            known: if known.is_empty() {
                "there are none yet".to_owned()
            } else {
                format!("known: {}", known.join(", "))
            },
        }
    }
}
