//! From pasted text to a [`Csr`], part by part, so that an error can name the part and the place.

use std::borrow::Cow;

use aws_lc_rs::digest;
use x509_parser::prelude::FromDer;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo, X509Name};

use super::super::asn1::{self, Tlv, TlvError};
use super::super::dress;
use super::super::key::{KeyKind, PublicKey};
use super::super::pem::{self, Block, PemError};
use super::super::signature::{self, Algorithm};
use super::super::subject::{AltNames, Subject, identifier};
use super::{Csr, CsrError, CsrPart, LABEL, find};

/// Bytes of text that are read. A paste of many CSRs is shorter; anything longer is another file.
pub const MAX_LENGTH: usize = 4 << 20;

#[cfg(test)]
thread_local! {
    /// How many were read, for tests of what is read anew.
    pub(crate) static READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// What a text holds that may stand in a CSR field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pasted {
    Csr(Box<Csr>),
    /// A bare public key, which reissues of some products take.
    PublicKey(PublicKey),
}

/// Reads the one CSR in a text: see [`paste`]; a bare public key is an error.
pub fn read(text: &str) -> Result<Csr, CsrError> {
    match paste(text)? {
        Pasted::Csr(csr) => Ok(*csr),
        Pasted::PublicKey(_) => Err(CsrError::PublicKey),
    }
}

/// Reads a CSR that the account or the journal holds. One that stands in its armour and in no other dress, with nothing
/// beside it, is taken as it stands: these are read again with every answer. Anything else is read as what was pasted.
pub fn known(text: &str) -> Result<Csr, CsrError> {
    let plain = text.trim();
    let alone = plain.starts_with("-----BEGIN")
        && plain.ends_with("-----")
        && plain.matches("-----").count() == 4;
    let block = alone.then(|| ::pem::parse(plain).ok()).flatten();
    if let Some(block) = block.filter(|block| block.tag() == LABEL)
        && let Ok(csr) = from_der(block.contents())
    {
        return Ok(csr);
    }
    read(text)
}

/// Reads the one CSR, or the one public key, in a text, whatever it is dressed in. Text around it, certificates beside it,
/// and the same CSR twice are no obstacle. A private key anywhere is an error before anything else is looked at.
pub fn paste(text: &str) -> Result<Pasted, CsrError> {
    let look = Look::at(text)?;
    let mut different: Vec<(Option<usize>, Csr)> = Vec::new();
    for (line, result) in look.requests() {
        let csr = result?;
        if !different.iter().any(|(_, known)| known.der == csr.der) {
            different.push((line, csr));
        }
    }
    match different.len() {
        0 => look.something_else(),
        1 => Ok(Pasted::Csr(Box::new(different.remove(0).1))),
        count => Err(CsrError::Several {
            count,
            second: different[1].0,
        }),
    }
}

/// One CSR of several in a text: the line it begins on, and what reading it gave.
pub type Found = (usize, Result<Csr, CsrError>);

/// Reads every CSR in a text, each with the line it begins on; a damaged one does not hide the others. One that is there
/// twice is told twice.
pub fn read_all(text: &str) -> Result<Vec<Found>, CsrError> {
    let look = Look::at(text)?;
    let found = look.requests();
    if found.is_empty() {
        return Err(look.something_else().err().unwrap_or(CsrError::NoCsr));
    }
    Ok(found
        .into_iter()
        .map(|(line, result)| (line.unwrap_or(1), result))
        .collect())
}

/// A text read in two ways: its armoured blocks as they stand, which tells where something is wrong, and whatever it is
/// dressed in.
struct Look {
    blocks: Result<Vec<Block>, PemError>,
    found: find::Found,
    /// Requests that begin by their armour.
    begun: usize,
}

impl Look {
    fn at(text: &str) -> Result<Self, CsrError> {
        if text.len() > MAX_LENGTH {
            return Err(CsrError::TooLong {
                length: text.len(),
                limit: MAX_LENGTH,
            });
        }
        let found = find::find(text.as_bytes()).map_err(CsrError::PrivateKey)?;
        if text
            .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
            .is_empty()
        {
            return Err(CsrError::Empty);
        }
        // Of a comparison the new side: see `find`.
        let sides = dress::sides(text.as_bytes());
        let text = sides.map_or(Cow::Borrowed(text), |sides| {
            Cow::Owned(String::from_utf8_lossy(&sides.new).into_owned())
        });
        let mut blocks = pem::blocks(&text);
        if let Ok(blocks) = &mut blocks
            && blocks.is_empty()
            && let Some(der) =
                pem::bare_base64(&text).filter(|der| der.first() == Some(&asn1::SEQUENCE))
        {
            blocks.push(Block {
                label: LABEL.into(),
                der,
                line: 1,
                unlike: None,
            });
        }
        Ok(Self {
            blocks,
            found,
            begun: pem::begun(&text, pem::is_request),
        })
    }

    /// Every CSR and every request that cannot be read, in the order of the text as far as that is known.
    fn requests(&self) -> Vec<(Option<usize>, Result<Csr, CsrError>)> {
        let armoured: Vec<(Option<usize>, Result<Csr, CsrError>)> = match &self.blocks {
            Ok(blocks) => blocks
                .iter()
                .filter(|block| pem::is_request(&block.label))
                .map(|block| (Some(block.line), self.read(block)))
                .collect(),
            Err(error) if self.begun > 0 => vec![(None, Err(error.clone().into()))],
            Err(_) => Vec::new(),
        };
        // What could not be read as it stands was only dressed in something when there are as many under it, and base64
        // without an armour may be another thing.
        let dressed = self.found.times >= self.begun.max(1);
        let another = self.begun == 0 && (self.found.certificate || !self.found.keys.is_empty());
        let mut all: Vec<_> = armoured
            .into_iter()
            .filter(|(_, result)| result.is_ok() || !(dressed || another))
            .collect();
        for (line, csr) in &self.found.requests {
            let known = |(_, other): &(_, Result<Csr, CsrError>)| {
                other.as_ref().is_ok_and(|other| other.der == csr.der)
            };
            if !all.iter().any(known) {
                all.push((*line, Ok(csr.clone())));
            }
        }
        all.sort_by_key(|(line, _)| line.unwrap_or(usize::MAX));
        all
    }

    /// What was read already is not checked again. Where a line may not belong to it, it is not known to be cut or joined.
    fn read(&self, block: &Block) -> Result<Csr, CsrError> {
        let der = &block.der;
        let known = self.found.requests.iter().find(|(_, csr)| csr.der == *der);
        known.map_or_else(
            || {
                from_der(der).map_err(|error| match block.unlike {
                    Some(line) => CsrError::Pem(PemError::Unlike {
                        label: block.label.clone(),
                        line,
                    }),
                    None => error,
                })
            },
            |(_, csr)| Ok(csr.clone()),
        )
    }

    /// What a text without any request holds.
    fn something_else(self) -> Result<Pasted, CsrError> {
        let blocks = self.blocks.as_deref().unwrap_or_default();
        let has = |label: &str| blocks.iter().any(|block| block.label.ends_with(label));
        let certificate = has("CERTIFICATE") || self.found.certificate;
        let mut keys = self.found.keys;
        if (has("PUBLIC KEY") || !certificate) && !keys.is_empty() {
            return match keys.len() {
                1 => Ok(Pasted::PublicKey(keys.remove(0))),
                count => Err(CsrError::SeveralKeys { count }),
            };
        }
        Err(match (certificate, self.blocks) {
            (true, _) => CsrError::Certificate,
            (false, Err(error)) => error.into(),
            (false, Ok(blocks)) => match blocks.into_iter().next() {
                None => CsrError::NoCsr,
                Some(block) => CsrError::OtherBlock {
                    label: block.label,
                    line: block.line,
                },
            },
        })
    }
}

/// Reads a DER request. Errors name the part and its byte offset.
pub fn from_der(der: &[u8]) -> Result<Csr, CsrError> {
    #[cfg(test)]
    READ.set(READ.get() + 1);
    let at = |part: &[u8]| asn1::offset(der, part);
    let element = |bytes, part, tag| element(der, bytes, part, tag);

    let whole = element(der, CsrPart::Whole, asn1::SEQUENCE)?;
    if !whole.rest.is_empty() {
        return Err(CsrError::Trailing {
            offset: whole.raw.len(),
            extra: whole.rest.len(),
        });
    }
    let info = element(whole.content, CsrPart::Info, asn1::SEQUENCE)?;
    let algorithm = element(info.rest, CsrPart::SignatureAlgorithm, asn1::SEQUENCE)?;
    let signature = element(algorithm.rest, CsrPart::Signature, asn1::BIT_STRING)?;

    // x509-parser takes any tag for the object identifier, and one whose last number does not end.
    let oid = element(algorithm.content, CsrPart::SignatureAlgorithm, asn1::OID)?;
    if oid.content.last().is_none_or(|last| *last >= 0x80) {
        let offset = asn1::offset(der, oid.raw);
        return Err(CsrError::Malformed {
            part: CsrPart::SignatureAlgorithm,
            offset,
        });
    }

    let version = element(info.content, CsrPart::Version, asn1::INTEGER)?;
    let subject = element(version.rest, CsrPart::Subject, asn1::SEQUENCE)?;
    let key = element(subject.rest, CsrPart::PublicKey, asn1::SEQUENCE)?;
    // Some devices leave the empty attributes out, against the standard.
    let attributes = match key.rest {
        [] => &[][..],
        rest => element(rest, CsrPart::Attributes, asn1::CONTEXT_0)?.content,
    };

    let malformed = |part, raw| CsrError::Malformed {
        part,
        offset: at(raw),
    };
    let name: X509Name<'_> =
        whole_of(subject.raw).ok_or(malformed(CsrPart::Subject, subject.raw))?;
    let spki: SubjectPublicKeyInfo<'_> =
        whole_of(key.raw).ok_or(malformed(CsrPart::PublicKey, key.raw))?;
    let identifier: AlgorithmIdentifier<'_> =
        whole_of(algorithm.raw).ok_or(malformed(CsrPart::SignatureAlgorithm, algorithm.raw))?;
    let kind = KeyKind::of(&spki).ok_or(malformed(CsrPart::PublicKey, key.raw))?;
    let asked = asked_for(der, attributes)?;
    // The first octet of a BIT STRING counts its unused bits; signatures have none.
    let [0, bits @ ..] = signature.content else {
        return Err(malformed(CsrPart::Signature, signature.raw));
    };
    let Algorithm {
        name: signature_name,
        hash,
        ..
    } = Algorithm::of(&identifier);

    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
    Ok(Csr {
        der: der.to_vec(),
        spki_der: key.raw.to_vec(),
        sha256,
        subject: Subject::of(&name),
        names: asked.names,
        wishes: asked.wishes,
        purposes: asked.purposes,
        key: kind,
        signature: signature_name,
        hash,
        verdict: signature::verify(&spki, &identifier, bits, info.raw),
    })
}

fn element<'a>(der: &[u8], bytes: &'a [u8], part: CsrPart, tag: u8) -> Result<Tlv<'a>, CsrError> {
    let offset = asn1::offset(der, bytes);
    match asn1::read(bytes) {
        Ok(tlv) if tlv.tag == tag => Ok(tlv),
        // A wrong tag is the wrong thing; only a right one can be cut off.
        Err(TlvError::Short { wanted, present })
            if bytes.first().is_none_or(|first| *first == tag) =>
        {
            Err(CsrError::Cut {
                part,
                offset,
                missing: wanted.saturating_sub(present),
            })
        }
        _ => Err(CsrError::Malformed { part, offset }),
    }
}

fn whole_of<'a, T: FromDer<'a, x509_parser::error::X509Error>>(raw: &'a [u8]) -> Option<T> {
    T::from_der(raw)
        .ok()
        .filter(|(rest, _)| rest.is_empty())
        .map(|(_, value)| value)
}

/// `extensionRequest` (PKCS#9) and what Microsoft's tools wrote before it was standard.
const EXTENSION_REQUESTS: [&[u8]; 2] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e],
    &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0e],
];

/// `subjectAltName`.
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];

/// Extensions that no request to the account has a field for: none of them comes from a request into a certificate.
const NEVER_CARRIED: [(&str, &str); 19] = [
    ("1.3.6.1.5.5.7.1.24", "OCSP must-staple (tlsfeature)"),
    ("2.5.29.32", "certificate policies"),
    ("2.5.29.30", "name constraints"),
    ("2.5.29.31", "CRL distribution points"),
    ("2.5.29.33", "policy mappings"),
    ("2.5.29.36", "policy constraints"),
    ("2.5.29.54", "inhibitAnyPolicy"),
    ("2.5.29.46", "a location of delta CRLs"),
    ("2.5.29.18", "issuer alternative names"),
    ("2.5.29.9", "subject directory attributes"),
    ("2.5.29.16", "a private key usage period"),
    ("2.5.29.35", "an issuer's key (authorityKeyIdentifier)"),
    ("1.3.6.1.5.5.7.1.1", "issuer access (authorityInfoAccess)"),
    ("1.3.6.1.5.5.7.1.11", "subject access (subjectInfoAccess)"),
    ("1.3.6.1.5.5.7.48.1.5", "no OCSP check (noCheck)"),
    ("1.3.6.1.4.1.311.20.2", "a Windows template"),
    ("1.3.6.1.4.1.311.21.7", "a Windows template"),
    ("2.16.840.1.113730.1.1", "a Netscape type"),
    ("2.16.840.1.113730.1.13", "a Netscape comment"),
];

/// What every certificate has of itself: its key's identifier, and what Windows writes beside the usages.
const OF_ITSELF: [&str; 3] = [
    "2.5.29.14",
    "1.3.6.1.4.1.311.21.10",
    "1.2.840.113549.1.9.15",
];

/// What an extension asks a certificate to be or to have, where a request to the account has no field for that: it is in no
/// certificate. Empty for what every certificate has of itself.
fn wishes(oid: &[u8], value: &[u8]) -> Vec<String> {
    const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
    /// `keyCertSign` and `cRLSign` in the first octet of the bits.
    const SIGNS: [(u8, &str); 2] = [
        (0x04, "the signing of certificates (keyCertSign)"),
        (0x02, "the signing of revocation lists (cRLSign)"),
    ];
    match oid {
        // SEQUENCE { BOOLEAN TRUE …
        BASIC_CONSTRAINTS => matches!(value, [0x30, _, 0x01, 0x01, truth, ..] if *truth != 0)
            .then(|| "a CA certificate (CA:TRUE)".to_owned())
            .into_iter()
            .collect(),
        // BIT STRING, its length, its unused bits
        KEY_USAGE => {
            let bits = value.get(3).copied().unwrap_or_default();
            let asked = SIGNS.iter().filter(|(bit, _)| bits & bit != 0);
            asked.map(|(_, wish)| (*wish).to_owned()).collect()
        }
        EXTENDED_KEY_USAGE => Vec::new(),
        _ => {
            let oid = identifier(oid);
            if OF_ITSELF.contains(&oid.as_str()) {
                return Vec::new();
            }
            let known = NEVER_CARRIED.iter().find(|(known, _)| *known == oid);
            vec![known.map_or_else(
                || format!("the extension {oid}"),
                |(_, wish)| (*wish).to_owned(),
            )]
        }
    }
}

/// What certificates for servers are for.
const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// `extendedKeyUsage`.
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];

/// Purposes by the names that `openssl` takes for them.
const PURPOSES: [(&str, &str); 12] = [
    ("1.3.6.1.5.5.7.3.2", "clientAuth"),
    ("1.3.6.1.5.5.7.3.3", "codeSigning"),
    ("1.3.6.1.5.5.7.3.4", "emailProtection"),
    ("1.3.6.1.5.5.7.3.5", "ipsecEndSystem"),
    ("1.3.6.1.5.5.7.3.6", "ipsecTunnel"),
    ("1.3.6.1.5.5.7.3.7", "ipsecUser"),
    ("1.3.6.1.5.5.7.3.8", "timeStamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
    ("1.3.6.1.5.5.7.3.17", "ipsecIKE"),
    ("1.3.6.1.4.1.311.20.2.2", "msSmartcardLogin"),
    ("1.3.6.1.5.2.3.5", "pkInitKDC"),
    ("2.5.29.37.0", "anyExtendedKeyUsage"),
];

/// The purposes that an extension (a DER `ExtKeyUsageSyntax`) asks for besides that of servers, as far as it can be read.
fn purposes(value: &[u8]) -> Vec<String> {
    let mut asked = Vec::new();
    let mut rest = asn1::read(value).map_or(&[][..], |list| list.content);
    while let Ok(purpose) = asn1::read(rest) {
        rest = purpose.rest;
        let oid = identifier(purpose.content);
        if oid != SERVER_AUTH {
            let known = PURPOSES.iter().find(|(known, _)| *known == oid);
            asked.push(known.map_or(oid, |(_, name)| (*name).to_owned()));
        }
    }
    asked
}

/// What the extensions of a request ask for.
#[derive(Default)]
struct Asked {
    names: AltNames,
    wishes: Vec<String>,
    purposes: Vec<String>,
}

/// Adds what is not there yet.
fn add(to: &mut Vec<String>, more: Vec<String>) {
    for one in more {
        if !to.contains(&one) {
            to.push(one);
        }
    }
}

/// Alternative names, purposes and other wishes of all the extensions asked for, in every request and every extension that
/// holds some: which of them a CA would look at is not known. Attributes of other kinds (challenge passwords, what Windows adds) are passed over unread:
/// they do not matter here, and odd ones occur.
fn asked_for(der: &[u8], mut attributes: &[u8]) -> Result<Asked, CsrError> {
    let part = |bytes, tag| element(der, bytes, CsrPart::Attributes, tag);
    let mut asked = Asked::default();
    while !attributes.is_empty() {
        let attribute = part(attributes, asn1::SEQUENCE)?;
        attributes = attribute.rest;
        let oid = part(attribute.content, asn1::OID)?;
        if !EXTENSION_REQUESTS.contains(&oid.content) {
            continue;
        }
        // Of no request at all, as some tools write it, to several in one attribute.
        let mut requests = part(oid.rest, asn1::SET)?.content;
        while !requests.is_empty() {
            let request = part(requests, asn1::SEQUENCE)?;
            requests = request.rest;
            let mut extensions = request.content;
            while !extensions.is_empty() {
                let extension = part(extensions, asn1::SEQUENCE)?;
                extensions = extension.rest;
                let oid = part(extension.content, asn1::OID)?;
                let value = match oid.rest.first() {
                    Some(&asn1::BOOLEAN) => part(oid.rest, asn1::BOOLEAN).map(|flag| flag.rest),
                    _ => Ok(oid.rest),
                };
                let value = value.and_then(|value| part(value, asn1::OCTET_STRING));
                if oid.content == SUBJECT_ALT_NAME {
                    asked.names.add(value?.content);
                } else if let Ok(value) = value {
                    add(&mut asked.wishes, wishes(oid.content, value.content));
                    if oid.content == EXTENDED_KEY_USAGE {
                        add(&mut asked.purposes, purposes(value.content));
                    }
                }
            }
        }
    }
    Ok(asked)
}
