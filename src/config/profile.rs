//! A profile: one account, named by the operator, with its address and where its key is found.

use std::path::PathBuf;

use super::{AfterIssue, BaseUrl, Change, ProfileChange};

/// The name of a profile: letters, digits, `-`, `_` and `.`, so that it can be part of a file's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileName(String);

/// Why a text is no profile name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a profile's name is 1 to 64 letters, digits, `-`, `_` or `.`, and begins with a letter or digit"
)]
pub struct ProfileNameError;

impl ProfileName {
    /// Checks `text` and takes it.
    ///
    /// # Errors
    /// [`ProfileNameError`] for anything that could not be part of a file's name everywhere.
    pub fn parse(text: &str) -> Result<Self, ProfileNameError> {
        let fits = text.len() <= 64
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProfileNameError)
        }
    }

    /// The name used where nobody chose one: `default`.
    pub fn fallback() -> Self {
        Self("default".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ProfileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for ProfileName {
    type Err = ProfileNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// A cache for the key that the operator asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCache {
    /// The kernel's keyring: until reboot, at most 3 days.
    Kernel,
}

impl KeyCache {
    /// The word in the configuration.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
        }
    }
}

/// A place where an API key can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// The key store of the desktop (Secret Service).
    Store,
    /// A file that only its owner can read.
    File(PathBuf),
    Kernel,
}

impl KeyPlace {
    /// What it is.
    pub fn words(&self) -> String {
        match self {
            Self::Store => "the key store of this machine".to_owned(),
            Self::File(path) => format!("a file only you can read: {}", path.display()),
            Self::Kernel => "the kernel's keyring".to_owned(),
        }
    }

    /// How long a key lasts there. The kernel's persistent keyring goes three days after it was last used (`keyctl`,
    /// *persistent-keyring(7)*); where a system has none, the key goes with the login.
    pub const fn lasts(&self) -> &'static str {
        match self {
            Self::Store | Self::File(_) => "until you remove it",
            Self::Kernel => {
                "until reboot, or three days without use; on some systems until you log out"
            }
        }
    }

    /// What a profile has to say for its key to be kept there, and found there first.
    pub fn change(&self, known: Option<&Profile>) -> ProfileChange {
        let mut change = ProfileChange::default();
        let key_store = known.and_then(|profile| profile.key_store);
        match self {
            Self::Store => {
                if known.is_some_and(|profile| !profile.uses_key_store()) {
                    change.key_store = Change::Set(true);
                }
            }
            Self::File(path) => {
                change.key_file = Change::Set(path.clone());
                if key_store == Some(true) {
                    change.key_store = Change::Remove;
                }
            }
            Self::Kernel => {
                change.key_cache = Change::Set(KeyCache::Kernel);
                change.key_store = Change::Set(false);
                change.key_file = Change::Remove;
            }
        }
        change
    }
}

impl ProfileChange {
    /// Whether it says where the key comes from.
    pub fn gives_key(&self) -> bool {
        matches!(self.key_command, Change::Set(_)) || matches!(self.key_file, Change::Set(_))
    }

    /// Leaves behind what gives the key of the profile's address so far, unless it is given anew.
    pub fn leave_keys_of(&mut self, old: &Profile) {
        fn leave<T: PartialEq>(change: &mut Change<T>, old: Option<&T>) {
            if *change == Change::Keep && old.is_some() {
                *change = Change::Remove;
            }
        }
        leave(&mut self.key_command, old.key_command.as_ref());
        leave(&mut self.key_file, old.key_file.as_ref());
        leave(&mut self.key_cache, old.key_cache.as_ref());
    }
}

/// One account and the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub name: ProfileName,
    /// The address of its API.
    pub url: BaseUrl,
    /// Whether `CERTDECK_URL` put another address here than the file says.
    pub url_overridden: bool,
    /// A command that prints the key: program and arguments, run without a shell.
    pub key_command: Option<Vec<String>>,
    /// A file that holds the key; it must be 0600 in a folder that is 0700.
    pub key_file: Option<PathBuf>,
    /// Whether the desktop's key store is asked. `None`: yes, unless a key file is named.
    pub key_store: Option<bool>,
    /// A cache for the key, if one was asked for.
    pub key_cache: Option<KeyCache>,
    /// Certificates to trust besides the system's, as PEM (a proxy's, or the sandbox's).
    pub ca_file: Option<PathBuf>,
    /// Its own command after issue, in place of the settings'.
    pub after_issue: Option<Box<AfterIssue>>,
}

impl Profile {
    /// A profile with an address and every default.
    pub fn new(name: ProfileName, url: BaseUrl) -> Self {
        Self {
            name,
            url,
            url_overridden: false,
            key_command: None,
            key_file: None,
            key_store: None,
            key_cache: None,
            ca_file: None,
            after_issue: None,
        }
    }

    /// The profile after a change of it.
    pub fn changed(mut self, change: &ProfileChange) -> Self {
        if let Some(url) = &change.url {
            self.url = url.clone();
        }
        change.key_command.clone().apply(&mut self.key_command);
        change.key_file.clone().apply(&mut self.key_file);
        change.key_store.clone().apply(&mut self.key_store);
        change.key_cache.clone().apply(&mut self.key_cache);
        change.ca_file.clone().apply(&mut self.ca_file);
        self
    }

    /// Whether the key store is asked for this profile's key.
    pub fn uses_key_store(&self) -> bool {
        self.key_store.unwrap_or(self.key_file.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("acme", true)]
    #[case("acme-eu_2.prod", true)]
    #[case("", false)]
    #[case("..", false)]
    #[case("../etc/passwd", false)]
    #[case("a/b", false)]
    #[case("-rf", false)]
    #[case("é", false)]
    fn names(#[case] text: &str, #[case] fits: bool) {
        assert_eq!(ProfileName::parse(text).is_ok(), fits);
    }
}
