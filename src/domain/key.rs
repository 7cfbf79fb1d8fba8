//! What kind of public key a CSR, a certificate or a bare `PUBLIC KEY` holds.

use std::fmt;

use x509_parser::asn1_rs::Tag;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::asn1;

/// The kind and size of a public key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA, also with the RSASSA-PSS identifier.
    Rsa {
        /// Length of the modulus in bits.
        bits: u32,
    },
    /// An elliptic curve key for ECDSA.
    Ec { curve: Curve },
    /// Ed25519.
    Ed25519,
    /// Anything else, by name where there is one, else by object identifier.
    Other(String),
}

/// A named elliptic curve.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256, prime256v1.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// Another curve, by name where there is one, else by object identifier.
    Other(String),
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::P256 => f.write_str("P-256"),
            Self::P384 => f.write_str("P-384"),
            Self::P521 => f.write_str("P-521"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::Ec { curve } => write!(f, "ECDSA {curve}"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

impl KeyKind {
    pub(crate) fn of(spki: &SubjectPublicKeyInfo<'_>) -> Option<Self> {
        let algorithm = spki.algorithm.algorithm.to_id_string();
        let parameters = spki.algorithm.parameters.as_ref();
        Some(match algorithm.as_str() {
            "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => Self::Rsa {
                bits: modulus_bits(&spki.subject_public_key.data)?,
            },
            "1.2.840.10045.2.1" => {
                let named = parameters.filter(|any| any.tag() == Tag::Oid);
                let oid = named.and_then(|any| any.clone().oid().ok());
                Self::Ec {
                    curve: match (oid, parameters) {
                        (Some(oid), _) => curve(&oid.to_id_string()),
                        (None, Some(any)) => Curve::Other(explicit(any.data)),
                        (None, None) => Curve::Other("an unnamed curve".into()),
                    },
                }
            }
            "1.3.101.112" => Self::Ed25519,
            "1.3.101.113" => Self::Other("Ed448".into()),
            "1.2.840.10040.4.1" => Self::Other("DSA".into()),
            "2.16.840.1.101.3.4.3.17" => Self::Other("ML-DSA-44".into()),
            "2.16.840.1.101.3.4.3.18" => Self::Other("ML-DSA-65".into()),
            "2.16.840.1.101.3.4.3.19" => Self::Other("ML-DSA-87".into()),
            _ => Self::Other(algorithm),
        })
    }
}

/// `ECParameters` (RFC 3279): version, field, curve, base. The field's prime says how large it is.
fn explicit(parameters: &[u8]) -> String {
    let bits = || {
        let version = asn1::read(parameters).ok()?;
        let field = asn1::read(version.rest).ok()?;
        let kind = asn1::read(field.content).ok()?;
        let prime = asn1::read(kind.rest).ok()?;
        (prime.tag == asn1::INTEGER).then(|| number_bits(prime.content))?
    };
    match bits() {
        Some(bits) => format!("a curve given by its parameters ({bits} bits)"),
        None => "a curve given by its parameters".into(),
    }
}

/// Bits of a number that is not negative.
fn number_bits(content: &[u8]) -> Option<u32> {
    let zeros = content.iter().take_while(|byte| **byte == 0).count();
    let significant = &content[zeros..];
    let first = significant.first()?;
    Some(significant.len() as u32 * 8 - first.leading_zeros())
}

fn curve(oid: &str) -> Curve {
    match oid {
        "1.2.840.10045.3.1.7" => Curve::P256,
        "1.3.132.0.34" => Curve::P384,
        "1.3.132.0.35" => Curve::P521,
        "1.3.132.0.33" => Curve::Other("P-224".into()),
        "1.3.132.0.10" => Curve::Other("secp256k1".into()),
        "1.3.36.3.3.2.8.1.1.7" => Curve::Other("brainpoolP256r1".into()),
        "1.3.36.3.3.2.8.1.1.11" => Curve::Other("brainpoolP384r1".into()),
        "1.3.36.3.3.2.8.1.1.13" => Curve::Other("brainpoolP512r1".into()),
        _ => Curve::Other(oid.to_owned()),
    }
}

/// Bits of the modulus of a PKCS#1 `RSAPublicKey`.
fn modulus_bits(key: &[u8]) -> Option<u32> {
    let sequence = asn1::read(key)
        .ok()
        .filter(|tlv| tlv.tag == asn1::SEQUENCE)?;
    let modulus = asn1::read(sequence.content)
        .ok()
        .filter(|tlv| tlv.tag == asn1::INTEGER)?;
    number_bits(modulus.content)
}

/// A bare `PUBLIC KEY`, which some reissues take in the place of a CSR. `Debug` tells its kind only.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The `SubjectPublicKeyInfo`.
    pub spki_der: Vec<u8>,
    /// What kind of key it is.
    pub key: KeyKind,
}

impl PublicKey {
    /// Reads a DER `SubjectPublicKeyInfo`; `None` when it is none.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (rest, spki) = SubjectPublicKeyInfo::from_der(der).ok()?;
        let key = KeyKind::of(&spki)?;
        rest.is_empty().then(|| Self {
            spki_der: der.to_vec(),
            key,
        })
    }

    /// Header, base64 and footer without any line break, as reissues take it.
    pub fn one_line_pem(&self) -> String {
        super::pem::encode_one_line("PUBLIC KEY", &self.spki_der)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.key)
    }
}
