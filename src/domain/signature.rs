//! Signatures on CSRs and certificates: what they are called, how strong their hash is, and whether they verify.
//!
//! x509-parser's own check knows neither P-521 nor RSASSA-PSS salts of other lengths than the digest's (openssl makes
//! the longest possible one by default), so the algorithm is chosen here and aws-lc-rs does the work.

use std::fmt;

use aws_lc_rs::signature::{self as aws, RsaPssSaltLength, VerificationAlgorithm};
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use super::key::{Curve, KeyKind};

/// The hash under a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// Broken.
    Md5,
    /// Broken.
    Sha1,
    /// Too short.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// Part of the algorithm (Ed25519), or not known.
    Other,
}

impl Hash {
    /// Whether a CA refuses it: MD5, SHA-1, SHA-224.
    pub fn is_weak(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1 | Self::Sha224)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Other => "an unknown hash",
        }
    }

    fn by_oid(oid: &str) -> Self {
        match oid {
            "1.2.840.113549.2.5" => Self::Md5,
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// The result of checking a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The key made it over these bytes.
    Valid,
    /// It did not.
    Invalid,
    /// Nothing here can check this algorithm.
    Unsupported,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Pkcs1,
    Pss { salt: u16 },
    Ecdsa,
    Ed25519,
    Unknown,
}

/// A signature algorithm, named as people write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Algorithm {
    pub name: String,
    pub hash: Hash,
    scheme: Scheme,
}

impl Algorithm {
    pub(crate) fn of(identifier: &AlgorithmIdentifier<'_>) -> Self {
        let oid = identifier.algorithm.to_id_string();
        let (scheme, hash) = match oid.as_str() {
            "1.2.840.113549.1.1.4" => (Scheme::Pkcs1, Hash::Md5),
            "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => (Scheme::Pkcs1, Hash::Sha1),
            "1.2.840.113549.1.1.14" => (Scheme::Pkcs1, Hash::Sha224),
            "1.2.840.113549.1.1.11" => (Scheme::Pkcs1, Hash::Sha256),
            "1.2.840.113549.1.1.12" => (Scheme::Pkcs1, Hash::Sha384),
            "1.2.840.113549.1.1.13" => (Scheme::Pkcs1, Hash::Sha512),
            "1.2.840.113549.1.1.10" => pss(identifier),
            "1.2.840.10045.4.1" => (Scheme::Ecdsa, Hash::Sha1),
            "1.2.840.10045.4.3.1" => (Scheme::Ecdsa, Hash::Sha224),
            "1.2.840.10045.4.3.2" => (Scheme::Ecdsa, Hash::Sha256),
            "1.2.840.10045.4.3.3" => (Scheme::Ecdsa, Hash::Sha384),
            "1.2.840.10045.4.3.4" => (Scheme::Ecdsa, Hash::Sha512),
            "1.3.101.112" => (Scheme::Ed25519, Hash::Other),
            _ => (Scheme::Unknown, Hash::Other),
        };
        let name = match scheme {
            Scheme::Pkcs1 => format!("RSA with {hash}"),
            Scheme::Pss { .. } => format!("RSASSA-PSS with {hash}"),
            Scheme::Ecdsa => format!("ECDSA with {hash}"),
            Scheme::Ed25519 => "Ed25519".into(),
            Scheme::Unknown => format!("an unknown algorithm ({oid})"),
        };
        Self { name, hash, scheme }
    }
}

/// RFC 4055: without parameters everything is SHA-1 with 20 octets of salt.
fn pss(identifier: &AlgorithmIdentifier<'_>) -> (Scheme, Hash) {
    let Some(parameters) = &identifier.parameters else {
        return (Scheme::Unknown, Hash::Other);
    };
    let Ok(parameters) = RsaSsaPssParams::try_from(parameters) else {
        return (Scheme::Unknown, Hash::Other);
    };
    let hash = Hash::by_oid(&parameters.hash_algorithm_oid().to_id_string());
    let mask = parameters
        .mask_gen_algorithm()
        .map(|mask| Hash::by_oid(&mask.hash.to_id_string()));
    match (mask, u16::try_from(parameters.salt_length())) {
        (Ok(mask), Ok(salt)) if mask == hash => (Scheme::Pss { salt }, hash),
        // aws-lc-rs takes one hash for both; two different ones are allowed but nobody makes them.
        _ => (Scheme::Unknown, hash),
    }
}

/// Checks `signature` over `data` with the signer's key.
pub(crate) fn verify(
    signer: &SubjectPublicKeyInfo<'_>,
    identifier: &AlgorithmIdentifier<'_>,
    signature: &[u8],
    data: &[u8],
) -> Verdict {
    let algorithm = Algorithm::of(identifier);
    let key = KeyKind::of(signer);
    let verifier: Option<Box<dyn VerificationAlgorithm>> = match (algorithm.scheme, key) {
        (Scheme::Pkcs1, Some(KeyKind::Rsa { .. })) => pkcs1(algorithm.hash),
        (Scheme::Pss { salt }, Some(KeyKind::Rsa { .. })) => rsa_pss(algorithm.hash, salt),
        (Scheme::Ecdsa, Some(KeyKind::Ec { curve })) => ecdsa(&curve, algorithm.hash),
        (Scheme::Ed25519, Some(KeyKind::Ed25519)) => Some(Box::new(aws::ED25519)),
        (Scheme::Unknown, _) | (_, Some(KeyKind::Other(_)) | None) => None,
        // The signer's key cannot make such a signature.
        _ => return Verdict::Invalid,
    };
    match verifier {
        None => Verdict::Unsupported,
        Some(verifier) => {
            match verifier.verify_sig(&signer.subject_public_key.data, data, signature) {
                Ok(()) => Verdict::Valid,
                Err(_) => Verdict::Invalid,
            }
        }
    }
}

fn pkcs1(hash: Hash) -> Option<Box<dyn VerificationAlgorithm>> {
    // Weak keys and hashes are refused by the checks that say so; here it matters only whether the signature is right.
    Some(Box::new(match hash {
        Hash::Sha1 => aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        Hash::Sha384 => aws::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        Hash::Md5 | Hash::Sha224 | Hash::Other => return None,
    }))
}

fn rsa_pss(hash: Hash, salt: u16) -> Option<Box<dyn VerificationAlgorithm>> {
    let salt = RsaPssSaltLength::Custom(salt);
    Some(Box::new(match hash {
        Hash::Sha256 => aws::RSA_PSS_2048_8192_SHA256.with_pss_salt_length(salt),
        Hash::Sha384 => aws::RSA_PSS_2048_8192_SHA384.with_pss_salt_length(salt),
        Hash::Sha512 => aws::RSA_PSS_2048_8192_SHA512.with_pss_salt_length(salt),
        Hash::Md5 | Hash::Sha1 | Hash::Sha224 | Hash::Other => return None,
    }))
}

fn ecdsa(curve: &Curve, hash: Hash) -> Option<Box<dyn VerificationAlgorithm>> {
    Some(Box::new(match (curve, hash) {
        (Curve::P256, Hash::Sha1) => aws::ECDSA_P256_SHA1_ASN1,
        (Curve::P256, Hash::Sha256) => aws::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, Hash::Sha384) => aws::ECDSA_P256_SHA384_ASN1,
        (Curve::P256, Hash::Sha512) => aws::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, Hash::Sha256) => aws::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, Hash::Sha384) => aws::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, Hash::Sha512) => aws::ECDSA_P384_SHA512_ASN1,
        (Curve::P521, Hash::Sha256) => aws::ECDSA_P521_SHA256_ASN1,
        (Curve::P521, Hash::Sha384) => aws::ECDSA_P521_SHA384_ASN1,
        (Curve::P521, Hash::Sha512) => aws::ECDSA_P521_SHA512_ASN1,
        (Curve::Other(name), Hash::Sha256) if name == "secp256k1" => aws::ECDSA_P256K1_SHA256_ASN1,
        _ => return None,
    }))
}
