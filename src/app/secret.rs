//! A secret in transit through plain data: comparable for tests, silent in `Debug`, wiped when dropped.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A secret text.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// For the runtime, which hands it to the client.
    pub fn into_inner(self) -> SecretString {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}
