//! Signatures on CSRs and certificates: what they are called, how strong their hash is, and whether they verify.
//!
//! x509-parser's own check knows neither P-521 nor RSASSA-PSS salts of other lengths than the digest's (openssl makes
//! the longest possible one by default), so the algorithm is chosen here and aws-lc-rs does the work.

use std::fmt;

use aws_lc_rs::signature::{self as aws, ParsedPublicKey, RsaPssSaltLength, VerificationAlgorithm};
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use super::asn1;
use super::key::{Curve, KeyKind};

/// The hash under a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    Md2,
    Md4,
    Md5,
    Sha1,
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
    /// Whether a CA refuses it: MD2, MD4, MD5, SHA-1, SHA-224.
    pub fn is_weak(self) -> bool {
        matches!(
            self,
            Self::Md2 | Self::Md4 | Self::Md5 | Self::Sha1 | Self::Sha224
        )
    }

    fn label(self) -> &'static str {
        match self {
            Self::Md2 => "MD2",
            Self::Md4 => "MD4",
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The key made it over these bytes.
    Valid,
    Invalid,
    /// Nothing here can check it; why, in words that follow a colon.
    Unsupported(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Scheme {
    Pkcs1,
    Pss { salt: u16, mask: Hash },
    Ecdsa,
    Dsa,
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
            "1.2.840.113549.1.1.2" => (Scheme::Pkcs1, Hash::Md2),
            "1.2.840.113549.1.1.3" => (Scheme::Pkcs1, Hash::Md4),
            "1.2.840.113549.1.1.4" => (Scheme::Pkcs1, Hash::Md5),
            "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => (Scheme::Pkcs1, Hash::Sha1),
            "1.2.840.113549.1.1.14" => (Scheme::Pkcs1, Hash::Sha224),
            "1.2.840.113549.1.1.11" => (Scheme::Pkcs1, Hash::Sha256),
            "1.2.840.113549.1.1.12" => (Scheme::Pkcs1, Hash::Sha384),
            "1.2.840.113549.1.1.13" => (Scheme::Pkcs1, Hash::Sha512),
            RSASSA_PSS => pss(identifier),
            "1.2.840.10045.4.1" => (Scheme::Ecdsa, Hash::Sha1),
            "1.2.840.10045.4.3.1" => (Scheme::Ecdsa, Hash::Sha224),
            "1.2.840.10045.4.3.2" => (Scheme::Ecdsa, Hash::Sha256),
            "1.2.840.10045.4.3.3" => (Scheme::Ecdsa, Hash::Sha384),
            "1.2.840.10045.4.3.4" => (Scheme::Ecdsa, Hash::Sha512),
            "1.2.840.10040.4.3" => (Scheme::Dsa, Hash::Sha1),
            "2.16.840.1.101.3.4.3.1" => (Scheme::Dsa, Hash::Sha224),
            "2.16.840.1.101.3.4.3.2" => (Scheme::Dsa, Hash::Sha256),
            "1.3.101.112" => (Scheme::Ed25519, Hash::Other),
            _ => (Scheme::Unknown, Hash::Other),
        };
        let name = match scheme {
            Scheme::Pkcs1 => format!("RSA with {hash}"),
            Scheme::Pss { .. } => format!("RSASSA-PSS with {hash}"),
            Scheme::Ecdsa => format!("ECDSA with {hash}"),
            Scheme::Dsa => format!("DSA with {hash}"),
            Scheme::Ed25519 => "Ed25519".into(),
            Scheme::Unknown if oid == RSASSA_PSS => "RSASSA-PSS with unreadable parameters".into(),
            Scheme::Unknown => format!("an unknown algorithm ({oid})"),
        };
        Self { name, hash, scheme }
    }
}

const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";

/// RFC 4055: what is not said is SHA-1, with 20 octets of salt.
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
        (Ok(mask), Ok(salt)) => (Scheme::Pss { salt, mask }, hash),
        _ => (Scheme::Unknown, hash),
    }
}

/// Checks `signature` over `data` with the signer's key. What is called invalid was checked for certain: a key or a form
/// that nothing here takes is not.
pub(crate) fn verify(
    signer: &SubjectPublicKeyInfo<'_>,
    identifier: &AlgorithmIdentifier<'_>,
    signature: &[u8],
    data: &[u8],
) -> Verdict {
    let algorithm = Algorithm::of(identifier);
    let bits = &signer.subject_public_key.data;
    let Some(key) = KeyKind::of(signer) else {
        return Verdict::Unsupported("its key could not be read".into());
    };
    match (&algorithm.scheme, &key) {
        (Scheme::Pkcs1 | Scheme::Pss { .. }, KeyKind::Rsa { bits: size }) => {
            rsa(&algorithm, *size, bits, signature, data)
        }
        (Scheme::Ecdsa, KeyKind::Ec { curve }) => {
            ecdsa(curve, algorithm.hash, bits, signature, data)
        }
        (Scheme::Ed25519, KeyKind::Ed25519) => checked(&aws::ED25519, bits, signature, data),
        (Scheme::Unknown | Scheme::Dsa, _) => {
            Verdict::Unsupported(format!("{} is not checked here", algorithm.name))
        }
        (_, KeyKind::Other(name)) => {
            Verdict::Unsupported(format!("{name} keys are not checked here"))
        }
        // The signer's key cannot make such a signature.
        _ => Verdict::Invalid,
    }
}

/// A key that the library does not take leaves the question open.
fn checked(
    algorithm: &'static dyn VerificationAlgorithm,
    key: &[u8],
    signature: &[u8],
    data: &[u8],
) -> Verdict {
    match ParsedPublicKey::new(algorithm, key) {
        Err(_) => Verdict::Unsupported("its key has a form that is not supported here".into()),
        Ok(key) => match key.verify_sig(data, signature) {
            Ok(()) => Verdict::Valid,
            Err(_) => Verdict::Invalid,
        },
    }
}

fn rsa(algorithm: &Algorithm, size: u32, key: &[u8], signature: &[u8], data: &[u8]) -> Verdict {
    let hash = algorithm.hash;
    let numbers = || {
        let sequence = asn1::read(key).ok()?;
        let modulus = asn1::read(sequence.content).ok()?;
        let exponent = asn1::read(modulus.rest).ok()?;
        Some((modulus.content, exponent.content))
    };
    let Some((modulus, exponent)) = numbers() else {
        return Verdict::Unsupported("its key could not be read".into());
    };
    let negative = |number: &[u8]| number.first().is_none_or(|first| *first >= 0x80);
    if negative(modulus) || negative(exponent) {
        return Verdict::Unsupported("a number of its RSA key is encoded as a negative one".into());
    }
    let range = |least: u32| (least..=8192).contains(&size);
    // Weak keys and hashes are refused by the checks that say so; here it matters only whether the signature is right.
    let verifier: Option<&'static dyn VerificationAlgorithm> = match algorithm.scheme {
        Scheme::Pss { mask, .. } if mask != hash => {
            // aws-lc-rs takes one hash for both.
            return Verdict::Unsupported(format!(
                "its RSASSA-PSS uses {hash} and, in its mask, {mask}"
            ));
        }
        Scheme::Pss { .. } if range(2048) => match hash {
            Hash::Sha256 => Some(&aws::RSA_PSS_2048_8192_SHA256),
            Hash::Sha384 => Some(&aws::RSA_PSS_2048_8192_SHA384),
            Hash::Sha512 => Some(&aws::RSA_PSS_2048_8192_SHA512),
            _ => None,
        },
        Scheme::Pkcs1 if range(1024) => match hash {
            Hash::Sha1 => Some(&aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
            Hash::Sha256 => Some(&aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
            Hash::Sha384 if range(2048) => Some(&aws::RSA_PKCS1_2048_8192_SHA384),
            Hash::Sha512 => Some(&aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
            _ => None,
        },
        _ => None,
    };
    let Some(verifier) = verifier else {
        return Verdict::Unsupported(format!(
            "{} with a key of {size} bits is not checked here",
            algorithm.name
        ));
    };
    let Scheme::Pss { salt, .. } = algorithm.scheme else {
        return checked(verifier, key, signature, data);
    };
    if ParsedPublicKey::new(verifier, key).is_err() {
        return Verdict::Unsupported("its key has a form that is not supported here".into());
    }
    let salt = RsaPssSaltLength::Custom(salt);
    let with = match hash {
        Hash::Sha256 => aws::RSA_PSS_2048_8192_SHA256.with_pss_salt_length(salt),
        Hash::Sha384 => aws::RSA_PSS_2048_8192_SHA384.with_pss_salt_length(salt),
        _ => aws::RSA_PSS_2048_8192_SHA512.with_pss_salt_length(salt),
    };
    match with.verify_sig(key, data, signature) {
        Ok(()) => Verdict::Valid,
        Err(_) => Verdict::Invalid,
    }
}

fn ecdsa(curve: &Curve, hash: Hash, key: &[u8], signature: &[u8], data: &[u8]) -> Verdict {
    // X.509 wants a DER SEQUENCE of two numbers; programs that sign with bare cryptography leave the two side by side.
    let der = asn1::read(signature)
        .is_ok_and(|outer| outer.tag == asn1::SEQUENCE && outer.rest.is_empty());
    // An uncompressed point is two numbers behind one octet.
    if !der && key.first() == Some(&4) && signature.len() + 1 == key.len() {
        return Verdict::Unsupported(
            "it is not in the form that X.509 requires, but two bare numbers (r and s)".into(),
        );
    }
    let verifier: &'static dyn VerificationAlgorithm = match (curve, hash) {
        (Curve::P256, Hash::Sha1) => &aws::ECDSA_P256_SHA1_ASN1,
        (Curve::P256, Hash::Sha256) => &aws::ECDSA_P256_SHA256_ASN1,
        (Curve::P256, Hash::Sha384) => &aws::ECDSA_P256_SHA384_ASN1,
        (Curve::P256, Hash::Sha512) => &aws::ECDSA_P256_SHA512_ASN1,
        (Curve::P384, Hash::Sha256) => &aws::ECDSA_P384_SHA256_ASN1,
        (Curve::P384, Hash::Sha384) => &aws::ECDSA_P384_SHA384_ASN1,
        (Curve::P384, Hash::Sha512) => &aws::ECDSA_P384_SHA512_ASN1,
        (Curve::P521, Hash::Sha1) => &aws::ECDSA_P521_SHA1_ASN1,
        (Curve::P521, Hash::Sha224) => &aws::ECDSA_P521_SHA224_ASN1,
        (Curve::P521, Hash::Sha256) => &aws::ECDSA_P521_SHA256_ASN1,
        (Curve::P521, Hash::Sha384) => &aws::ECDSA_P521_SHA384_ASN1,
        (Curve::P521, Hash::Sha512) => &aws::ECDSA_P521_SHA512_ASN1,
        (Curve::Other(name), Hash::Sha256) if name == "secp256k1" => &aws::ECDSA_P256K1_SHA256_ASN1,
        _ => {
            return Verdict::Unsupported(format!(
                "ECDSA on {curve} with {hash} is not checked here"
            ));
        }
    };
    checked(verifier, key, signature, data)
}
