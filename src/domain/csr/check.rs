//! Whether a CSR's key and signature will do, before the CA says no.
//!
//! The limits are those of the CSR requirements in the API's documentation and of the CA/Browser Forum's Baseline
//! Requirements (6.1.5): RSA from 2048 bits, ECDSA on P-256 or P-384; for code signing RSA from 3072 bits.

use super::super::product::Family;
use super::{Csr, Curve, KeyKind, Verdict};

/// One reason why a CSR is refused, with the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The RSA key is too short.
    #[error("the key has {bits} bits, {what} needs RSA with {minimum} or more: generate a new key")]
    ShortKey {
        bits: u32,
        minimum: u32,
        /// What the certificate is for.
        what: &'static str,
    },
    /// The RSA key is longer than is accepted.
    #[error(
        "the key has {bits} bits, more than the accepted 8192: generate a shorter one; 3072 or 4096 is enough"
    )]
    LongKey { bits: u32 },
    /// The RSA modulus is no whole number of octets.
    #[error(
        "the key has {bits} bits, which is not a multiple of 8: generate one with 2048, 3072, or 4096"
    )]
    OddLength { bits: u32 },
    /// A curve that is not accepted.
    #[error("the key is on {0}, only P-256 and P-384 are accepted: generate a new key")]
    CurveRefused(Curve),
    /// A kind of key that is not accepted.
    #[error("{0} keys are not accepted: generate an RSA key, or an ECDSA key on P-256 or P-384")]
    KeyRefused(KeyKind),
    /// The signature does not verify.
    #[error(
        "its signature does not match its key: it was changed after it was created, or signed with another key. Copy \
            it again from its source; if the error stays, create a new one"
    )]
    BadSignature,
}

/// Every reason why this CSR is refused for a product of this family, most fundamental first; empty when it is good.
pub fn check(csr: &Csr, family: Family) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    refusals.extend(check_public_key(&csr.key, family));
    // The hash of its signature is not the certificate's: no rule names one, and older devices know no other.
    // What could not be checked here is not known to be wrong: that is said, and the CA decides.
    if csr.verdict == Verdict::Invalid {
        refusals.push(Refusal::BadSignature);
    }
    refusals
}

/// Why a key of this kind is refused for a product of this family; `None` when it is good.
pub fn check_public_key(key: &KeyKind, family: Family) -> Option<Refusal> {
    let (minimum, what) = match family {
        Family::CodeSigning | Family::EvCodeSigning => (3072, "code signing"),
        _ => (2048, "a certificate"),
    };
    match key {
        KeyKind::Rsa { bits } if *bits < minimum => Some(Refusal::ShortKey {
            bits: *bits,
            minimum,
            what,
        }),
        KeyKind::Rsa { bits } if *bits > 8192 => Some(Refusal::LongKey { bits: *bits }),
        KeyKind::Rsa { bits } if bits % 8 != 0 => Some(Refusal::OddLength { bits: *bits }),
        KeyKind::Rsa { .. }
        | KeyKind::Ec {
            curve: Curve::P256 | Curve::P384,
        } => None,
        KeyKind::Ec { curve } => Some(Refusal::CurveRefused(curve.clone())),
        KeyKind::Ed25519 | KeyKind::Other(_) => Some(Refusal::KeyRefused(key.clone())),
    }
}
