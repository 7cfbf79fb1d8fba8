//! A CSR as it was pasted: what it says, and whether it may be sent.
//!
//! ```text
//! text --read--> Csr --check--> nothing, or every reason why the CA would refuse it
//!           \--> CsrError: what else it is, or where it breaks
//! ```

mod check;
mod error;
#[cfg(test)]
mod field_tests;
mod find;
mod key;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fmt::Write as _;

pub use check::{Refusal, check, check_public_key};
pub use error::{CsrError, CsrPart};
pub use find::of_file;
pub use key::csr_key;
#[cfg(test)]
pub(crate) use read::READ;
pub use read::{Found, MAX_LENGTH, Pasted, from_der, known, paste, read, read_all};

pub use super::key::{Curve, KeyKind, PublicKey};
use super::pem;
pub use super::signature::{Hash, Verdict};
pub use super::subject::{AltNames, Subject};

/// The label of a CSR's PEM block.
pub const LABEL: &str = "CERTIFICATE REQUEST";

/// A certificate signing request (PKCS#10) that was read completely. Its signature was tried; [`check()`] judges it.
///
/// `Debug` tells subject, key kind and fingerprint, never the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Csr {
    pub der: Vec<u8>,
    /// The `SubjectPublicKeyInfo` inside it, for comparing with a certificate's.
    pub spki_der: Vec<u8>,
    /// SHA-256 of `der`.
    pub sha256: [u8; 32],
    /// The subject. The API takes names from the request's JSON, not from here.
    pub subject: Subject,
    /// The subject alternative names asked for.
    pub names: AltNames,
    /// What it asks for besides names that a certificate of the account has not: words for people.
    pub wishes: Vec<String>,
    /// Purposes (extended key usages) it asks for besides that of servers, by the names that `openssl` has for them.
    pub purposes: Vec<String>,
    /// Kind and size of the key.
    pub key: KeyKind,
    /// The signature algorithm as people write it: `RSASSA-PSS with SHA-256`.
    pub signature: String,
    /// The hash under the signature.
    pub hash: Hash,
    /// Whether the signature was made by this key over this request.
    pub verdict: Verdict,
}

impl Csr {
    /// Whether the signature was checked and is right.
    pub fn signature_valid(&self) -> bool {
        self.verdict == Verdict::Valid
    }

    /// SHA-256 of the request as 64 lower-case hex digits: what a certificate row's CSR is matched by.
    pub fn fingerprint(&self) -> String {
        let mut hex = String::with_capacity(64);
        for byte in self.sha256 {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    /// Header, base64 and footer without any line break: what the reissue page of the API documentation asks for.
    pub fn one_line_pem(&self) -> String {
        pem::encode_one_line(LABEL, &self.der)
    }

    /// PEM with lines of 64 characters and `\n`.
    pub fn pem(&self) -> String {
        pem::encode(LABEL, &self.der)
    }

    /// Every DNS name of the request, the common name first when it is one, without repetition.
    pub fn dns_names(&self) -> Vec<String> {
        let common = self
            .subject
            .common_names()
            .filter(|name| name.contains('.') && !super::names::is_address(name))
            .filter(|name| super::names::check(name).is_ok());
        let mut names: Vec<String> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for name in common.chain(&self.names.dns) {
            if seen.insert(super::names::normalise(name)) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Whether the request has the address among its names, or as its common name.
    pub fn has_address(&self, address: &str) -> bool {
        let wanted = super::names::normalise(address);
        let ips = self.names.ips.iter().map(ToString::to_string);
        let names = self.subject.common_names();
        let common = names.map(|name| super::names::normalise(name));
        super::names::is_address(address) && ips.chain(common).any(|name| name == wanted)
    }

    /// Every other name of the request, in words: common names that are no DNS names, and alternative names of other kinds.
    pub fn other_names(&self) -> Vec<String> {
        let dns = self.dns_names();
        let is_dns = |name: &String| {
            dns.iter()
                .any(|known| super::draft::lists::same(known, name))
        };
        let common = self.subject.common_names().filter(|name| !is_dns(name));
        let common = common.map(|name| format!("CN {name}"));
        common.chain(self.names.other_than_dns()).collect()
    }
}

impl fmt::Debug for Csr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Csr")
            .field("subject", &self.subject.one_line())
            .field("key", &self.key)
            .field("sha256", &self.fingerprint())
            .finish_non_exhaustive()
    }
}
