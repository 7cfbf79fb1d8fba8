//! Reading a CSR in every form that clients send: the documentation wants one line, most send lines, some send the
//! two characters `\n` (API notes, gotchas 29). Nothing is taken from a CSR but its key.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::error::X509Error;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::{PublicKey, RSAPublicKey};
use x509_parser::signature_algorithm::SignatureAlgorithm;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The family of a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    Rsa,
    Ec,
    /// Anything else (Ed25519, DSA…)
    Other,
}

/// What the account takes from a CSR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsrFacts {
    /// The key, a DER `SubjectPublicKeyInfo`
    pub public_key: Vec<u8>,
    pub key_kind: KeyKind,
    /// Its size in bits (RSA: the modulus; EC: the curve); 0 when unknown
    pub key_bits: u32,
    /// The request; `None` when a bare public key was sent
    pub der: Option<Vec<u8>>,
    /// Why nobody may certify the key, if so; its size aside
    pub weakness: Option<String>,
    /// Whether another key signed the request, or it was changed since. What carries no signature, or one that cannot be checked here, is
    /// not called so.
    pub signature_wrong: bool,
    /// SHA-256 of the request, or of the key when there is no request
    pub sha256: [u8; 32],
}

/// Why a text is no CSR.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsrProblem {
    /// Nothing that begins like a CSR
    #[error("there is no CSR in the text: no line -----BEGIN CERTIFICATE REQUEST-----")]
    NoPem,
    /// Begins, but does not end
    #[error("the CSR begins but has no matching -----END line; send it whole")]
    NoEnd,
    /// Somebody sent a private key
    #[error(
        "the text is a private key, not a CSR; treat that key as compromised and generate a new one"
    )]
    PrivateKey,
    /// Not base64
    #[error("the CSR is not base64 ({0}); send it as it was created")]
    NotBase64(String),
    /// Not a request or a key
    #[error("the CSR cannot be parsed ({0}); create a new one")]
    NotDer(String),
}

const REQUEST_LABELS: [&str; 2] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];
const KEY_LABEL: &str = "PUBLIC KEY";

/// Padding is often lost on the way; the DER inside says whether anything else was.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a CSR, or a bare public key, in PEM. A CSR may come without its header and footer: ACME servers that order in somebody's
/// name pass on what they got.
pub fn read_csr(text: &str) -> Result<CsrFacts, CsrProblem> {
    let text = text.replace("\\r", "\r").replace("\\n", "\n");
    let (label, body) = match armour(&text) {
        // What is garbage is told as such: by the missing header.
        Err(CsrProblem::NoPem) => return bare_request(&text).ok_or(CsrProblem::NoPem),
        found => found?,
    };
    let body: String = body
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}')
        .collect();
    let der = BASE64
        .decode(body.as_bytes())
        .map_err(|e| CsrProblem::NotBase64(e.to_string()))?;
    if label == KEY_LABEL {
        bare_key(der)
    } else {
        request(der)
    }
}

fn bare_request(text: &str) -> Option<CsrFacts> {
    let body: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    request(BASE64.decode(body.as_bytes()).ok()?).ok()
}

/// The first block that is a CSR or a key, as its label and what stands inside.
fn armour(text: &str) -> Result<(&str, &str), CsrProblem> {
    let mut rest = text;
    while let Some(at) = rest.find("-----BEGIN ") {
        rest = &rest[at + "-----BEGIN ".len()..];
        let Some(end) = rest.find("-----") else {
            return Err(CsrProblem::NoEnd);
        };
        let label = rest[..end].trim();
        if label.ends_with("PRIVATE KEY") {
            return Err(CsrProblem::PrivateKey);
        }
        if REQUEST_LABELS.contains(&label) || label == KEY_LABEL {
            let body = &rest[end + "-----".len()..];
            let close = body.find("-----END ").ok_or(CsrProblem::NoEnd)?;
            let after = &body[close + "-----END ".len()..];
            return match after.find("-----") {
                Some(stop) if after[..stop].trim() == label => Ok((label, &body[..close])),
                _ => Err(CsrProblem::NoEnd),
            };
        }
    }
    Err(CsrProblem::NoPem)
}

fn request(der: Vec<u8>) -> Result<CsrFacts, CsrProblem> {
    let (rest, csr) =
        X509CertificationRequest::from_der(&der).map_err(|e| CsrProblem::NotDer(e.to_string()))?;
    if !rest.is_empty() {
        return Err(CsrProblem::NotDer(format!(
            "{} bytes follow the request",
            rest.len()
        )));
    }
    let spki = &csr.certification_request_info.subject_pki;
    let (key_kind, key_bits) = size(spki);
    let public_key = spki.raw.to_vec();
    let weakness = super::weak::weakness(spki);
    let signature_wrong = can_be_checked(&csr, key_kind, key_bits)
        && csr.verify_signature() == Err(X509Error::SignatureVerificationError);
    Ok(CsrFacts {
        public_key,
        key_kind,
        key_bits,
        weakness,
        signature_wrong,
        sha256: sha256(&der),
        der: Some(der),
    })
}

fn bare_key(der: Vec<u8>) -> Result<CsrFacts, CsrProblem> {
    let (rest, spki) =
        SubjectPublicKeyInfo::from_der(&der).map_err(|e| CsrProblem::NotDer(e.to_string()))?;
    if !rest.is_empty() {
        return Err(CsrProblem::NotDer(format!(
            "{} bytes follow the key",
            rest.len()
        )));
    }
    let (key_kind, key_bits) = size(&spki);
    Ok(CsrFacts {
        key_kind,
        key_bits,
        weakness: super::weak::weakness(&spki),
        der: None,
        signature_wrong: false,
        sha256: sha256(&der),
        public_key: der,
    })
}

/// Whether what checks signatures knows this one: it tells no other hash from a wrong signature, but takes RSA keys of some lengths
/// alone, and of RSASSA-PSS the form in which mask and salt have the hash of the message.
fn can_be_checked(csr: &X509CertificationRequest<'_>, kind: KeyKind, bits: u32) -> bool {
    const HASHES: [(&str, u32); 3] = [
        ("2.16.840.1.101.3.4.2.1", 32),
        ("2.16.840.1.101.3.4.2.2", 48),
        ("2.16.840.1.101.3.4.2.3", 64),
    ];
    if kind == KeyKind::Rsa && !(2048..=8192).contains(&bits) {
        return false;
    }
    match SignatureAlgorithm::try_from(&csr.signature_algorithm) {
        Ok(SignatureAlgorithm::RSASSA_PSS(pss)) => {
            let hash = pss.hash_algorithm_oid();
            let known = HASHES.contains(&(&*hash.to_id_string(), pss.salt_length()));
            known
                && pss
                    .mask_gen_algorithm()
                    .is_ok_and(|mask| mask.hash == *hash)
        }
        Ok(_) | Err(_) => true,
    }
}

fn size(spki: &SubjectPublicKeyInfo<'_>) -> (KeyKind, u32) {
    match spki.parsed() {
        Ok(PublicKey::RSA(key)) => (KeyKind::Rsa, bits(key.modulus)),
        // A P-521 coordinate is 66 bytes, which a count of bytes would call 528 bits.
        Ok(PublicKey::EC(point)) => (
            KeyKind::Ec,
            if point.key_size() == 528 {
                521
            } else {
                point.key_size() as u32
            },
        ),
        _ if super::weak::is_bound_to_pss(spki) => {
            match RSAPublicKey::from_der(&spki.subject_public_key.data) {
                Ok((_, key)) => (KeyKind::Rsa, bits(key.modulus)),
                Err(_) => (KeyKind::Other, 0),
            }
        }
        _ => (KeyKind::Other, 0),
    }
}

/// Bits of a big-endian number.
fn bits(number: &[u8]) -> u32 {
    let digits = number
        .iter()
        .position(|b| *b != 0)
        .map_or(&[][..], |at| &number[at..]);
    digits
        .first()
        .map_or(0, |top| digits.len() as u32 * 8 - top.leading_zeros())
}

fn sha256(der: &[u8]) -> [u8; 32] {
    let mut out = [0u8; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
    out
}
