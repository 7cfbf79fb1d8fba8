//! Signature hashes (glossary, "Signature hashes").

use serde::{Deserialize, Serialize};

use super::{Family, Product};

/// The hash of a certificate's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SignatureHash {
    /// Historic, private certificates only; the sandbox shows it and signs nothing with it.
    Sha1,
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl SignatureHash {
    /// What may be asked for today.
    pub const ALLOWED: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// What may be asked for when ordering this product: code and document signing have SHA-256 alone.
    pub fn allowed_for(product: &Product) -> &'static [Self] {
        match product.family {
            Family::CodeSigning | Family::Document => &Self::ALLOWED[..1],
            Family::PublicTls
            | Family::PrivateTls
            | Family::Client
            | Family::SecureEmail
            | Family::Vmc => &Self::ALLOWED,
        }
    }

    /// The API's word.
    pub fn id(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The hash with this word, in either case.
    pub fn parse(id: &str) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512]
            .into_iter()
            .find(|hash| hash.id().eq_ignore_ascii_case(id))
    }
}
