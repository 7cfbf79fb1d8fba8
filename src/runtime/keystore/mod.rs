//! Where the API key comes from: the first source that has one, and a reason for each that has none.
//!
//! ```text
//! CERTDECK_API_KEY > key_command > $CREDENTIALS_DIRECTORY      before raw mode: a command may ask on the terminal
//!     > kernel keyring (if asked for) > Secret Service > key_file       after the first frame: may take seconds
//! ```
//!
//! A key that is found is in a [`SecretString`] from then on, and the log is told to hide it.

mod command;
mod error;
mod file;
mod save;
mod search;
mod store;
mod typed;

pub use error::{KeyStoreError, Tried};
pub use save::{
    Cleared, Forgotten, Kept, clear, forget, keep, place, place_of, places, probe, set,
};
pub use search::KeySearch;
pub use typed::{read_choice, read_key};

use std::path::PathBuf;

use secrecy::SecretString;

use crate::config::{Env, KEY_VARIABLE, KeyPlace, Profile};
use crate::domain::text::bytes;
use crate::logging;

/// The longest text taken for a key, in bytes. CertCentral's have about 64.
const MAX_KEY: usize = 4096;

/// An API key and where it came from.
#[derive(Debug, Clone)]
pub struct ApiKey {
    pub secret: SecretString,
    /// Where it was found.
    pub source: Source,
}

/// A place a key can come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `CERTDECK_API_KEY`.
    Environment,
    /// The profile's `key_command`; the program's name.
    Command(String),
    /// A file in `$CREDENTIALS_DIRECTORY`.
    Credentials(PathBuf),
    Kernel,
    /// The desktop's key store.
    KeyStore,
    /// The profile's `key_file`.
    File(PathBuf),
    /// Typed in by the operator.
    Typed,
}

impl Source {
    /// How long a key lasts there.
    pub fn lasts(&self) -> &'static str {
        match self {
            Self::Kernel => KeyPlace::Kernel.lasts(),
            Self::KeyStore | Self::File(_) => KeyPlace::Store.lasts(),
            Self::Typed => "until certdeck exits",
            Self::Environment | Self::Command(_) | Self::Credentials(_) => "as long as it is given",
        }
    }
}

impl From<&KeyPlace> for Source {
    fn from(place: &KeyPlace) -> Self {
        match place {
            KeyPlace::Store => Self::KeyStore,
            KeyPlace::File(path) => Self::File(path.clone()),
            KeyPlace::Kernel => Self::Kernel,
        }
    }
}

/// What is asked for the key before every place where certdeck stores one.
pub fn earlier(env: &Env, profile: &Profile) -> Vec<Source> {
    let variable = env.get(KEY_VARIABLE).map(|_| Source::Environment);
    let program = profile.key_command.as_ref().and_then(|argv| argv.first());
    let command = program.map(|program| Source::Command(program.clone()));
    variable.into_iter().chain(command).collect()
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment variable CERTDECK_API_KEY"),
            Self::Command(program) => write!(f, "the key_command `{program}`"),
            Self::Credentials(path) => write!(f, "the credential {}", path.display()),
            Self::Kernel => f.write_str("the kernel's keyring"),
            Self::KeyStore => f.write_str("the key store (Secret Service)"),
            Self::File(path) => write!(f, "the key file {}", path.display()),
            Self::Typed => f.write_str("what you typed"),
        }
    }
}

/// Takes what a source gave as a key: one line end at its end is dropped, anything that could not be sent as
/// a header is refused, without repeating it.
pub fn take_key(bytes: Vec<u8>) -> Result<SecretString, String> {
    use zeroize::Zeroize;
    let checked = match std::str::from_utf8(&bytes) {
        Ok(text) => check(text).map(SecretString::from),
        Err(_) => Err("is not text".to_owned()),
    };
    let mut bytes = bytes;
    bytes.zeroize();
    if let Ok(secret) = &checked {
        logging::hide(secret);
    }
    checked
}

fn check(text: &str) -> Result<&str, String> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    let lines = text.lines().count();
    if lines > 1 {
        return Err(format!("has {lines} lines; enter only the key"));
    }
    if text.len() > MAX_KEY {
        return Err(format!(
            "is {} long, which no API key is",
            bytes(text.len())
        ));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("contains a space or a character that no API key has".to_owned());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use secrecy::ExposeSecret;

    #[rstest]
    #[case("ABC123\n", "ABC123")]
    #[case("ABC123\r\n", "ABC123")]
    #[case("ABC123", "ABC123")]
    fn one_line_end_is_dropped(#[case] text: &str, #[case] key: &str) {
        assert_eq!(take_key(text.into()).unwrap().expose_secret(), key);
    }

    #[rstest]
    #[case("", "is empty")]
    #[case("\n", "is empty")]
    #[case("ABC\nuser: me\n", "has 2 lines")]
    #[case("ABC\n\n", "contains a space")]
    #[case("AB C", "contains a space")]
    #[case("A\u{1b}[31m", "contains a space")]
    #[case("Schlüssel", "contains a space")]
    fn what_is_no_key_is_refused(#[case] text: &str, #[case] begin: &str) {
        let why = take_key(text.into()).unwrap_err();
        assert!(why.starts_with(begin), "{why}");
        assert!(!why.contains("ABC"), "{why}");
    }

    #[test]
    fn debug_does_not_show_the_key() {
        let key = ApiKey {
            secret: take_key(b"VERYSECRETKEY".to_vec()).unwrap(),
            source: Source::Typed,
        };
        assert!(!format!("{key:?}").contains("VERYSECRET"));
    }
}
