//! What an issued certificate says, read from its own bytes: the facts that are held against what was asked for.

use std::fmt;
use std::fmt::Write as _;

use aws_lc_rs::digest;
use jiff::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer as _;
use x509_parser::time::ASN1Time;

use super::csr::Csr;
use super::key::KeyKind;
use super::pem::{self, PemError};
use super::secret::{self, SecretKind};
use super::signature::{self, Algorithm, Verdict};
use super::subject::{AltNames, Subject};

/// The label of a certificate's PEM block.
pub const LABEL: &str = "CERTIFICATE";

/// Why a certificate could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The PEM is damaged.
    #[error("the certificate's PEM is damaged: {0}")]
    Pem(#[from] PemError),
    /// The text holds a private key. The caller wipes the text.
    #[error("this holds {0}, no certificate; it was not kept")]
    PrivateKey(SecretKind),
    /// No certificate in the text.
    #[error("there is no certificate in this text: it begins with -----BEGIN CERTIFICATE-----")]
    None,
    /// The content of a block is no certificate.
    #[error("certificate {number} cannot be read ({reason}): download it again")]
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
    /// The whole certificate.
    pub der: Vec<u8>,
    /// The subject.
    pub subject: Subject,
    /// The subject alternative names; DNS names as they stand.
    pub names: AltNames,
    /// The issuer.
    pub issuer: Subject,
    /// Serial number in upper-case hex, whole octets, a leading zero kept: as the API writes it.
    pub serial: String,
    /// SHA-1 of `der` in upper-case hex, 40 digits: the API's thumbprint.
    pub thumbprint: String,
    /// SHA-256 of `der` in upper-case hex, 64 digits.
    pub sha256: String,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity.
    pub not_after: Timestamp,
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
    /// Subject key identifier.
    pub(crate) key_id: Option<Vec<u8>>,
    /// Authority key identifier.
    pub(crate) issuer_key_id: Option<Vec<u8>>,
}

impl CertFacts {
    /// Reads a DER certificate; the error is what the parser says.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        let (rest, certificate) = X509Certificate::from_der(der).map_err(|error| match error {
            x509_parser::nom::Err::Error(error) | x509_parser::nom::Err::Failure(error) => {
                error.to_string()
            }
            x509_parser::nom::Err::Incomplete(_) => "it is cut off".into(),
        })?;
        if !rest.is_empty() {
            return Err(format!("{} bytes follow its end", rest.len()));
        }
        let spki = certificate.public_key();
        let mut facts = Self {
            der: der.to_vec(),
            subject: Subject::of(certificate.subject()),
            names: AltNames::default(),
            issuer: Subject::of(certificate.issuer()),
            serial: hex(certificate.raw_serial()),
            thumbprint: hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, der).as_ref()),
            sha256: hex(digest::digest(&digest::SHA256, der).as_ref()),
            not_before: timestamp(certificate.validity().not_before)?,
            not_after: timestamp(certificate.validity().not_after)?,
            is_ca: false,
            spki_der: spki.raw.to_vec(),
            key: KeyKind::of(spki).ok_or("its public key cannot be read")?,
            signature: Algorithm::of(&certificate.signature_algorithm).name,
            subject_der: certificate.subject().as_raw().to_vec(),
            issuer_der: certificate.issuer().as_raw().to_vec(),
            key_id: None,
            issuer_key_id: None,
        };
        for extension in certificate.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::BasicConstraints(constraints) => facts.is_ca = constraints.ca,
                ParsedExtension::SubjectAlternativeName(_) => {
                    facts.names = AltNames::of(extension.value);
                }
                ParsedExtension::SubjectKeyIdentifier(id) => facts.key_id = Some(id.0.to_vec()),
                ParsedExtension::AuthorityKeyIdentifier(id) => {
                    facts.issuer_key_id = id.key_identifier.as_ref().map(|id| id.0.to_vec());
                }
                _ => {}
            }
        }
        Ok(facts)
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

    /// Whether subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        self.subject_der == self.issuer_der
    }

    /// Whether `issuer` signed this certificate: names and key identifiers fit and the signature verifies.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        match self.issued_by(issuer) {
            Some(Verdict::Valid) => true,
            // Identifiers that were compared are the best there is when nothing here can check the signature.
            Some(Verdict::Unsupported) => self.issuer_key_id.is_some() && issuer.key_id.is_some(),
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
        let (_, certificate) = X509Certificate::from_der(&self.der).ok()?;
        let (_, signer) = X509Certificate::from_der(&issuer.der).ok()?;
        Some(signature::verify(
            signer.public_key(),
            &certificate.signature_algorithm,
            &certificate.signature_value.data,
            certificate.tbs_certificate.as_ref(),
        ))
    }

    /// Whether the serial is this one; case, colons, spaces and leading zeros are forgiven.
    pub fn has_serial(&self, serial: &str) -> bool {
        plain_hex(&self.serial) == plain_hex(serial)
    }

    /// Whether the thumbprint (SHA-1) is this one; case, colons and spaces are forgiven.
    pub fn has_thumbprint(&self, thumbprint: &str) -> bool {
        plain_hex(&self.thumbprint) == plain_hex(thumbprint)
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

/// Whether the certificate carries the CSR's key.
pub fn same_key(certificate: &CertFacts, csr: &Csr) -> bool {
    certificate.spki_der == csr.spki_der
}

/// Every certificate of a text, in its order. Blocks of other kinds are passed over; PKCS#7 is not opened.
pub fn read_all(text: &str) -> Result<Vec<CertFacts>, CertificateError> {
    if let Some(kind) = secret::contains_private_key(text) {
        return Err(CertificateError::PrivateKey(kind));
    }
    let certificates: Vec<CertFacts> = pem::blocks(text)?
        .iter()
        .filter(|block| {
            matches!(
                block.label.as_str(),
                LABEL | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE"
            )
        })
        .enumerate()
        .map(|(index, block)| {
            let number = index + 1;
            CertFacts::from_der(&block.der)
                .map_err(|reason| CertificateError::Malformed { number, reason })
        })
        .collect::<Result<_, _>>()?;
    if certificates.is_empty() {
        Err(CertificateError::None)
    } else {
        Ok(certificates)
    }
}

fn timestamp(time: ASN1Time) -> Result<Timestamp, String> {
    Timestamp::from_second(time.timestamp()).map_err(|_| "a date is out of range".into())
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
    use crate::domain::{csr, testing};

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
    fn the_key_of_a_certificate_is_that_of_its_csr_and_of_no_other() {
        let (text, key) = testing::self_signed("a.example");
        let params = CertificateParams::new(vec!["a.example".into()]).unwrap();
        let own = csr::read(&params.serialize_request(&key).unwrap().pem().unwrap()).unwrap();
        let other_key = KeyPair::generate().unwrap();
        let other =
            csr::read(&params.serialize_request(&other_key).unwrap().pem().unwrap()).unwrap();
        let facts = read_all(&text).unwrap().remove(0);
        assert!(same_key(&facts, &own));
        assert!(!same_key(&facts, &other));
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
}
