//! Private keys in text and files are recognised here, so that they are refused and wiped before anything else sees them.
//!
//! A key is a key also without its armour, on one line, cut off, with damaged dashes, and inside whatever it was copied out
//! of: every layer (`domain::dress`) of a text is looked at, by the words that keys are written with (`words`) and, at every
//! place where base64 or bytes could begin, by the structures that keys are encoded in (`structures`).

mod openpgp;
mod structures;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use zeroize::Zeroize as _;

use super::dress::{self, Layer, Stream, TooMuch};

/// What kind of private key was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// `PRIVATE KEY` (PKCS#8).
    Pkcs8,
    /// `ENCRYPTED PRIVATE KEY` (PKCS#8, with a passphrase).
    EncryptedPkcs8,
    /// `RSA PRIVATE KEY` (PKCS#1), also in words or XML; a DSA key without armour looks the same.
    Rsa,
    /// `EC PRIVATE KEY` (SEC 1).
    Ec,
    /// `DSA PRIVATE KEY`.
    Dsa,
    /// `OPENSSH PRIVATE KEY`.
    OpenSsh,
    /// A PuTTY `.ppk` file.
    Putty,
    /// A PKCS#12 file (`.pfx`, `.p12`).
    Pkcs12,
    /// A Java key store.
    JavaKeyStore,
    /// A JSON Web Key with its private part.
    Jwk,
    /// An OpenPGP secret key.
    OpenPgp,
    /// Anything else that says it is one (SSH2, age, WireGuard).
    Other,
    /// Not one that was found: text that cannot be looked through, so that nobody can say that it holds none.
    Unread,
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "a private key (PKCS#8)",
            Self::EncryptedPkcs8 => "an encrypted private key (PKCS#8)",
            Self::Rsa => "an RSA private key",
            Self::Ec => "an EC private key",
            Self::Dsa => "a DSA private key",
            Self::OpenSsh => "an OpenSSH private key",
            Self::Putty => "a PuTTY private key",
            Self::Pkcs12 => "a PKCS#12 file, which contains a private key",
            Self::JavaKeyStore => "a Java key store, which contains private keys",
            Self::Jwk => "a JSON Web Key with its private part",
            Self::OpenPgp => "an OpenPGP secret key",
            Self::Other => "a private key",
            Self::Unread => "packed text, or too much to search for a private key",
        })
    }
}

/// Recognises a private key anywhere in the text, in any dress; `None` when there is none. Nothing of what it finds is kept:
/// every copy made on the way is wiped.
pub fn contains_private_key(text: &str) -> Option<SecretKind> {
    in_bytes(text.as_bytes())
}

/// As [`contains_private_key`], of a file that need not be text.
pub fn in_bytes(bytes: &[u8]) -> Option<SecretKind> {
    verdict(dress::look(bytes, in_layer))
}

/// What was found; what could not be looked through counts as found.
pub(crate) fn verdict(looked: Result<Option<SecretKind>, TooMuch>) -> Option<SecretKind> {
    looked.unwrap_or(Some(SecretKind::Unread))
}

/// What one layer of a text holds.
pub(crate) fn in_layer(layer: &Layer) -> Option<SecretKind> {
    /// Ways of reading that are decoded whole: all characters, and the longest run of each line.
    const WHOLE: usize = 2;
    words::kind(&layer.bytes)
        .or_else(|| layer.streams.iter().find_map(in_stream))
        .or_else(|| in_raw(&layer.bytes))
        .or_else(|| {
            // A key somewhere in a file begins between two characters as a rule.
            let ways = layer.streams.iter().take(WHOLE);
            ways.map(|way| way.decode(0, usize::MAX))
                .find_map(|bytes| in_raw(&bytes))
        })
}

/// What base64 characters hold, wherever it begins.
fn in_stream(stream: &Stream) -> Option<SecretKind> {
    let openpgp = || openpgp::in_stream(stream).then_some(SecretKind::OpenPgp);
    structures::in_stream(stream).or_else(openpgp)
}

/// What bytes hold.
fn in_raw(bytes: &[u8]) -> Option<SecretKind> {
    let openpgp = || openpgp::in_bytes(bytes).then_some(SecretKind::OpenPgp);
    structures::in_bytes(bytes).or_else(openpgp)
}

/// Overwrites the text in memory and leaves it empty. For pasted text in which a private key was recognised.
pub fn wipe(text: &mut String) {
    text.zeroize();
}
