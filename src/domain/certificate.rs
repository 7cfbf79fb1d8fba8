//! What an issued certificate says, read from its own bytes: the facts that are held against what was asked for.

use std::fmt;
use std::fmt::Write as _;

use aws_lc_rs::digest;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use x509_parser::error::X509Error;
use x509_parser::prelude::FromDer;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo, X509Name};

use super::asn1::{self, Tlv, TlvError};
use super::dates;
use super::key::KeyKind;
use super::pem::{self, PemError};
use super::secret::{self, SecretKind};
use super::signature::{self, Algorithm, Verdict};
use super::subject::{AltNames, Subject};
use crate::domain::text::counted;

/// The label of a certificate's PEM block.
pub const LABEL: &str = "CERTIFICATE";

/// Why a certificate could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The PEM is damaged.
    #[error("the certificate's PEM is damaged: {0}")]
    Pem(#[from] PemError),
    /// The text holds a private key. The caller wipes the text.
    #[error("this contains {0}, not a certificate; certdeck did not keep it")]
    PrivateKey(SecretKind),
    /// No certificate in the text.
    #[error("no certificate found in it; one begins with -----BEGIN CERTIFICATE-----")]
    None,
    /// The content of a block is no certificate.
    #[error("could not read certificate {number} ({reason}): download it again")]
    Malformed {
        /// Which one of the text, from 1.
        number: usize,
        /// What the parser says.
        reason: String,
    },
}

/// The facts of one certificate. Texts are safe to show. `Debug` tells name, serial and thumbprint.
#[derive(Clone, PartialEq, Eq)]
pub struct CertFacts {
    pub der: Vec<u8>,
    pub subject: Subject,
    /// The subject alternative names; DNS names as they stand.
    pub names: AltNames,
    pub issuer: Subject,
    /// Serial number in upper-case hex, whole octets, a leading zero kept: as the API writes it.
    pub serial: String,
    /// SHA-1 of `der` in upper-case hex, 40 digits: the API's thumbprint.
    pub thumbprint: String,
    /// SHA-256 of `der` in upper-case hex, 64 digits.
    pub sha256: String,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity; the last that can be counted where it says 9999-12-31, which means "no end".
    pub not_after: Timestamp,
    /// The day of it, UTC, as it is written.
    pub end: Date,
    /// Whether basic constraints say it is a CA's.
    pub is_ca: bool,
    /// The `SubjectPublicKeyInfo`.
    pub spki_der: Vec<u8>,
    /// Kind and size of the key.
    pub key: KeyKind,
    /// The signature algorithm as people write it.
    pub signature: String,
    /// The subject as it stands in the certificate, for comparing with an issuer.
    pub(crate) subject_der: Vec<u8>,
    /// The issuer as it stands in the certificate.
    pub(crate) issuer_der: Vec<u8>,
    /// What its signature says of its own key; `None` when it names another issuer.
    pub(crate) own_signature: Option<Verdict>,
    pub(crate) key_id: Option<Vec<u8>>,
    pub(crate) issuer_key_id: Option<Vec<u8>>,
}

impl CertFacts {
    /// Reads a DER certificate; the error says what of it cannot be read. Read part by part, because an odd extension or
    /// serial number of one certificate shall not hide the others.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        let parts = Parts::of(der)?;
        let spki =
            whole::<SubjectPublicKeyInfo<'_>>(parts.spki).ok_or("could not read its public key")?;
        let subject: X509Name<'_> = whole(parts.subject).ok_or("could not read its subject")?;
        let issuer: X509Name<'_> = whole(parts.issuer).ok_or("could not read its issuer")?;
        let algorithm: AlgorithmIdentifier<'_> =
            whole(parts.algorithm).ok_or("could not read its signature algorithm")?;
        let (not_before, not_after) = parts.validity()?;
        let mut facts = Self {
            der: der.to_vec(),
            subject: Subject::of(&subject),
            names: AltNames::default(),
            issuer: Subject::of(&issuer),
            serial: hex(parts.serial),
            thumbprint: hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, der).as_ref()),
            sha256: hex(digest::digest(&digest::SHA256, der).as_ref()),
            not_before: instant(not_before),
            not_after: instant(not_after),
            end: not_after.date(),
            is_ca: false,
            key: KeyKind::of(&spki).ok_or("could not read its public key")?,
            signature: Algorithm::of(&algorithm).name,
            subject_der: parts.subject.to_vec(),
            issuer_der: parts.issuer.to_vec(),
            own_signature: (parts.subject == parts.issuer).then(|| parts.signed_by(&spki)),
            spki_der: parts.spki.to_vec(),
            key_id: None,
            issuer_key_id: None,
        };
        facts.read_extensions(parts.extensions);
        Ok(facts)
    }

    /// What an extension that cannot be read would say is not known; it hides nothing else.
    fn read_extensions(&mut self, mut extensions: &[u8]) {
        while let Ok(extension) = asn1::read(extensions) {
            extensions = extension.rest;
            let Ok(oid) = asn1::read(extension.content) else {
                continue;
            };
            let value = match oid.rest.first() {
                Some(&asn1::BOOLEAN) => asn1::read(oid.rest).map_or(&[][..], |flag| flag.rest),
                _ => oid.rest,
            };
            let Ok(value) = asn1::read(value) else {
                continue;
            };
            let first = || {
                let outer = asn1::read(value.content).ok()?;
                asn1::read(outer.content).ok()
            };
            match oid.content {
                [0x55, 0x1d, 0x0e] => {
                    self.key_id = asn1::read(value.content).ok().map(|id| id.content.to_vec());
                }
                [0x55, 0x1d, 0x11] => self.names.add(value.content),
                [0x55, 0x1d, 0x13] => {
                    self.is_ca =
                        first().is_some_and(|ca| ca.tag == asn1::BOOLEAN && ca.content != [0]);
                }
                [0x55, 0x1d, 0x23] => {
                    let id = first().filter(|id| id.tag == 0x80);
                    self.issuer_key_id = id.map(|id| id.content.to_vec());
                }
                _ => {}
            }
        }
    }

    /// The common name; where there is none, the first alternative name, then the whole subject.
    pub fn display_name(&self) -> String {
        let names = self.names.dns.first().or(self.names.emails.first());
        let name = self.subject.common_name.as_ref().or(names);
        name.cloned().unwrap_or_else(|| self.subject.one_line())
    }

    /// The DNS names of the subject alternative name extension, the only ones that clients look at.
    pub fn dns_names(&self) -> &[String] {
        &self.names.dns
    }

    /// PEM with lines of 64 characters, `\n`, and one at the end.
    pub fn pem(&self) -> String {
        pem::encode(LABEL, &self.der)
    }

    /// Whether subject and issuer are the same name. A CA that changes its key issues such certificates too.
    pub fn is_self_issued(&self) -> bool {
        self.subject_der == self.issuer_der
    }

    /// Whether its own key made its signature: what a root is known by.
    pub fn is_self_signed(&self) -> bool {
        self.own_signature == Some(Verdict::Valid)
    }

    /// Whether `issuer` signed this certificate: names and key identifiers fit and the signature verifies.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        match self.issued_by(issuer) {
            Some(Verdict::Valid) => true,
            // Identifiers that were compared are the best there is when nothing here can check the signature.
            Some(Verdict::Unsupported(_)) => {
                self.issuer_key_id.is_some() && issuer.key_id.is_some()
            }
            Some(Verdict::Invalid) | None => false,
        }
    }

    /// `None` when names or key identifiers say another issuer; else what the signature says.
    pub(crate) fn issued_by(&self, issuer: &Self) -> Option<Verdict> {
        if self.issuer_der != issuer.subject_der {
            return None;
        }
        if let (Some(wanted), Some(there)) = (&self.issuer_key_id, &issuer.key_id)
            && wanted != there
        {
            return None;
        }
        let signer: SubjectPublicKeyInfo<'_> = whole(&issuer.spki_der)?;
        Some(Parts::of(&self.der).ok()?.signed_by(&signer))
    }

    /// Whether the serial is this one; case, colons, spaces and leading zeros are forgiven.
    pub fn has_serial(&self, serial: &str) -> bool {
        plain_hex(&self.serial) == plain_hex(serial)
    }
}

impl fmt::Debug for CertFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertFacts")
            .field("name", &self.display_name())
            .field("issuer", &self.issuer.common_name)
            .field("serial", &self.serial)
            .field("thumbprint", &self.thumbprint)
            .field("is_ca", &self.is_ca)
            .finish_non_exhaustive()
    }
}

/// The certificates of a text, and those that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificates {
    /// The readable ones, in their order; one at least.
    pub read: Vec<CertFacts>,
    /// Why others are not among them.
    pub unreadable: Vec<CertificateError>,
}

/// Every certificate of a text, in its order; one that cannot be read does not hide the others. Blocks of other kinds are
/// passed over; PKCS#7 is not opened.
pub fn read_some(text: &str) -> Result<Certificates, CertificateError> {
    if let Some(kind) = secret::contains_private_key(text) {
        return Err(CertificateError::PrivateKey(kind));
    }
    let mut read = Vec::new();
    let mut unreadable = Vec::new();
    let blocks = pem::blocks(text)?;
    let certificates = blocks
        .iter()
        .filter_map(|block| match block.label.as_str() {
            LABEL | "X509 CERTIFICATE" => Some(&block.der[..]),
            // OpenSSL's own form: what the certificate is trusted for follows it.
            "TRUSTED CERTIFICATE" => {
                Some(asn1::read(&block.der).map_or(&block.der[..], |certificate| certificate.raw))
            }
            _ => None,
        });
    for (index, der) in certificates.enumerate() {
        match CertFacts::from_der(der) {
            Ok(facts) => read.push(facts),
            Err(reason) => unreadable.push(CertificateError::Malformed {
                number: index + 1,
                reason,
            }),
        }
    }
    match (read.is_empty(), unreadable.first()) {
        (false, _) => Ok(Certificates { read, unreadable }),
        (true, Some(error)) => Err(error.clone()),
        (true, None) => Err(CertificateError::None),
    }
}

/// As [`read_some`], where one that cannot be read is an error.
pub fn read_all(text: &str) -> Result<Vec<CertFacts>, CertificateError> {
    let found = read_some(text)?;
    match found.unreadable.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(found.read),
    }
}

/// The parts of a certificate (RFC 5280, 4.1), each whole with its header but for the contents of serial number and extensions.
struct Parts<'a> {
    tbs: &'a [u8],
    serial: &'a [u8],
    /// The algorithm inside what is signed; it has to be the one outside.
    inner_algorithm: &'a [u8],
    issuer: &'a [u8],
    validity: &'a [u8],
    subject: &'a [u8],
    spki: &'a [u8],
    extensions: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(der: &'a [u8]) -> Result<Self, String> {
        fn part<'a>(bytes: &'a [u8], tag: u8, what: &str) -> Result<Tlv<'a>, String> {
            match asn1::read(bytes) {
                Ok(tlv) if tlv.tag == tag => Ok(tlv),
                Err(TlvError::Short { wanted, present }) if bytes.first() == Some(&tag) => {
                    Err(format!(
                        "it is cut off: {what} needs {} more bytes",
                        wanted.saturating_sub(present)
                    ))
                }
                _ => Err(format!("could not read {what}")),
            }
        }
        let whole = part(der, asn1::SEQUENCE, "it")?;
        if !whole.rest.is_empty() {
            return Err(counted(
                whole.rest.len(),
                "byte follows its end",
                "bytes follow its end",
            ));
        }
        let tbs = part(whole.content, asn1::SEQUENCE, "its content")?;
        let algorithm = part(tbs.rest, asn1::SEQUENCE, "its signature algorithm")?;
        let signature = part(algorithm.rest, asn1::BIT_STRING, "its signature")?;
        let after_version = match asn1::read(tbs.content) {
            Ok(version) if version.tag == asn1::CONTEXT_0 => version.rest,
            _ => tbs.content,
        };
        let serial = part(after_version, asn1::INTEGER, "its serial number")?;
        let inner = part(serial.rest, asn1::SEQUENCE, "its signature algorithm")?;
        let issuer = part(inner.rest, asn1::SEQUENCE, "its issuer")?;
        let validity = part(issuer.rest, asn1::SEQUENCE, "its validity")?;
        let subject = part(validity.rest, asn1::SEQUENCE, "its subject")?;
        let spki = part(subject.rest, asn1::SEQUENCE, "its public key")?;
        let mut rest = spki.rest;
        let mut extensions = &[][..];
        // Two unique identifiers may stand before them.
        while let Ok(part) = asn1::read(rest) {
            rest = part.rest;
            if part.tag == 0xa3 {
                extensions = asn1::read(part.content).map_or(&[][..], |list| list.content);
            }
        }
        Ok(Self {
            tbs: tbs.raw,
            serial: serial.content,
            inner_algorithm: inner.raw,
            issuer: issuer.raw,
            validity: validity.content,
            subject: subject.raw,
            spki: spki.raw,
            extensions,
            algorithm: algorithm.raw,
            signature: signature.content,
        })
    }

    fn validity(&self) -> Result<(DateTime, DateTime), String> {
        let told = || "could not read its validity".to_owned();
        let begin = asn1::read(self.validity).map_err(|_| told())?;
        let end = asn1::read(begin.rest).map_err(|_| told())?;
        let date = |tlv: &Tlv<'_>| dates::parse_asn1(tlv.tag, tlv.content);
        date(&begin).zip(date(&end)).ok_or_else(told)
    }

    /// What its signature says of a key. Two different algorithms inside and outside were never signed as they stand.
    fn signed_by(&self, signer: &SubjectPublicKeyInfo<'_>) -> Verdict {
        let Some(identifier) = whole::<AlgorithmIdentifier<'_>>(self.algorithm) else {
            return Verdict::Unsupported("could not read its algorithm".into());
        };
        // The first octet of a BIT STRING counts its unused bits; signatures have none.
        match self.signature {
            [0, bits @ ..] if self.inner_algorithm == self.algorithm => {
                signature::verify(signer, &identifier, bits, self.tbs)
            }
            _ => Verdict::Invalid,
        }
    }
}

fn whole<'a, T: FromDer<'a, X509Error>>(raw: &'a [u8]) -> Option<T> {
    T::from_der(raw)
        .ok()
        .filter(|(rest, _)| rest.is_empty())
        .map(|(_, value)| value)
}

/// A moment as near as can be told: "no end" is written as 9999-12-31, which is later than any moment that is counted here.
fn instant(time: DateTime) -> Timestamp {
    time.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02X}");
    }
    hex
}

/// Upper case, digits only, without leading zeros.
fn plain_hex(text: &str) -> String {
    let digits: String = text
        .chars()
        .filter(char::is_ascii_hexdigit)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, IsCa, KeyPair, SerialNumber};

    use super::*;
    use crate::domain::testing;

    #[test]
    fn the_facts_are_those_that_openssl_reads() {
        let key = KeyPair::generate().unwrap();
        let mut params =
            CertificateParams::new(vec!["shop.example.net".into(), "www.example.net".into()])
                .unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "shop.example.net");
        params
            .distinguished_name
            .push(DnType::OrganizationName, "株式会社例");
        params.is_ca = IsCa::ExplicitNoCa;
        params.serial_number = Some(SerialNumber::from_slice(&[0x0a, 0xbc, 0x01]));
        params.not_before = rcgen::date_time_ymd(2026, 3, 1);
        params.not_after = rcgen::date_time_ymd(2026, 9, 16);
        let pem = params.self_signed(&key).unwrap().pem();
        let facts = read_all(&pem).unwrap().remove(0);

        let openssl = |field: &[&str]| {
            let mut arguments = vec!["x509", "-noout"];
            arguments.extend(field);
            let text = String::from_utf8(testing::openssl(&arguments, pem.as_bytes())).unwrap();
            text.trim().split_once('=').unwrap().1.to_owned()
        };
        assert_eq!(facts.serial, openssl(&["-serial"]));
        assert_eq!(facts.serial, "0ABC01");
        assert_eq!(
            facts.thumbprint,
            openssl(&["-fingerprint", "-sha1"]).replace(':', "")
        );
        assert_eq!(
            facts.sha256,
            openssl(&["-fingerprint", "-sha256"]).replace(':', "")
        );
        assert_eq!(facts.dns_names(), ["shop.example.net", "www.example.net"]);
        assert_eq!(facts.subject.organization.as_deref(), Some("株式会社例"));
        assert_eq!(facts.not_before.to_string(), "2026-03-01T00:00:00Z");
        assert_eq!(facts.not_after.to_string(), "2026-09-16T00:00:00Z");
        assert!(!facts.is_ca && facts.is_self_issued() && facts.is_issued_by(&facts));
        assert!(
            facts.has_serial("0a:bc:01") && facts.has_serial("ABC01") && !facts.has_serial("ABC1")
        );
        assert_eq!(facts.pem(), pem.replace("\r\n", "\n"));
        assert!(format!("{facts:?}").len() < 300);
    }

    #[test]
    fn texts_without_a_readable_certificate_say_so() {
        let (pem, key) = testing::self_signed("a.example");
        assert_eq!(read_all("<html>proxy</html>"), Err(CertificateError::None));
        let broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        assert!(matches!(
            read_all(&format!("{pem}{broken}")),
            Err(CertificateError::Malformed { number: 2, .. })
        ));
        assert!(matches!(
            read_all(&format!("{pem}{}", key.serialize_pem())),
            Err(CertificateError::PrivateKey(_))
        ));
        let crlf = pem.replace("\r\n", "\n").replace('\n', "\r\n");
        assert_eq!(read_all(&crlf).unwrap()[0].pem(), pem.replace("\r\n", "\n"));
    }

    #[test]
    fn one_odd_certificate_does_not_hide_the_others() {
        let (pem, _) = testing::self_signed("a.example");
        let broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        let found = read_some(&format!("{broken}{pem}")).unwrap();
        assert_eq!(found.read.len(), 1);
        assert!(matches!(
            found.unreadable[..],
            [CertificateError::Malformed { number: 1, .. }]
        ));
    }

    #[test]
    fn no_end_is_an_end() {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["a.example".into()]).unwrap();
        params.not_after = rcgen::date_time_ymd(9999, 12, 31);
        let der = params.self_signed(&key).unwrap().der().to_vec();
        // rcgen gives a day; the standard's spelling is its last second.
        let at = der
            .windows(8)
            .position(|eight| eight == b"99991231")
            .unwrap();
        let mut whole = der.clone();
        whole[at + 8..at + 14].copy_from_slice(b"235959");
        for der in [der, whole] {
            let facts = CertFacts::from_der(&der).unwrap();
            assert_eq!(facts.end.to_string(), "9999-12-31");
            assert!(facts.not_after.to_string().starts_with("9999-12-3"));
        }
    }

    #[test]
    fn a_trusted_certificate_of_openssl_is_one() {
        let (pem, _) = testing::self_signed("a.example");
        let trusted = testing::openssl(
            &[
                "x509",
                "-addtrust",
                "serverAuth",
                "-setalias",
                "ours",
                "-trustout",
            ],
            pem.as_bytes(),
        );
        let trusted = String::from_utf8(trusted).unwrap();
        assert!(trusted.contains("BEGIN TRUSTED CERTIFICATE"));
        assert_eq!(read_all(&trusted).unwrap(), read_all(&pem).unwrap());
    }

    #[test]
    fn two_algorithms_in_one_certificate_were_never_signed() {
        let (pem, _) = testing::self_signed("a.example");
        let facts = read_all(&pem).unwrap().remove(0);
        assert!(facts.is_self_signed());
        let mut der = facts.der.clone();
        // ecdsa-with-SHA256, the second time outside of what is signed.
        let oid = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
        let at = der.windows(8).rposition(|eight| eight == oid).unwrap();
        der[at + 7] = 0x03;
        let changed = CertFacts::from_der(&der).unwrap();
        assert_eq!(changed.own_signature, Some(Verdict::Invalid));
        assert!(!changed.is_self_signed() && !changed.is_issued_by(&changed));
    }
}
