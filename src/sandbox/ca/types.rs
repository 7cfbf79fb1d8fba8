//! The words of the authority: what is asked of it, what it answers, and why it may refuse.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::csr::KeyKind;
use super::person::{MailUse, Person};

/// A signature hash, as `signature_hash` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    /// The API's value, for example `sha256`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// How `chain_info` writes it, for example `SHA2-256`.
    pub(super) fn chain_word(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA2-256",
            Self::Sha384 => "SHA2-384",
            Self::Sha512 => "SHA2-512",
        }
    }
}

/// What an intermediate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// DV and OV TLS
    Tls,
    Ev,
    /// Code signing, EV code signing
    CodeSigning,
    Email,
    Client,
    Document,
    Vmc,
    Private,
}

/// What a certificate is for: decides key usage and extended key usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    ServerAuth,
    /// TLS server and client (`server_client_auth_eku`)
    ServerClientAuth,
    CodeSigning,
    ClientAuth,
    /// Mail and what goes with it: Secure Email, client certificates
    Mail(MailUse),
    Document,
    Vmc,
}

/// Whom a Secure Email certificate was validated for (S/MIME Baseline Requirements, 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    Mailbox,
    Organization,
    /// A person of an organization
    Sponsored,
    Individual,
}

/// The rules that a certificate is issued by, told by the policy that it names. Certificates of private authorities, and those
/// of documents, are issued by none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    DomainValidated,
    OrganizationValidated,
    ExtendedValidation,
    CodeSigning,
    /// Code signing, extended validation
    EvCodeSigning,
    Mail {
        kind: MailKind,
        /// The strict generation; else the multipurpose one
        strict: bool,
    },
    Mark,
}

impl Policy {
    /// Its object identifier: the CA/Browser Forum's, and the mark authorities'.
    pub fn oid(self) -> &'static str {
        use MailKind::{Individual, Mailbox, Organization, Sponsored};
        match self {
            Self::ExtendedValidation => "2.23.140.1.1",
            Self::DomainValidated => "2.23.140.1.2.1",
            Self::OrganizationValidated => "2.23.140.1.2.2",
            Self::EvCodeSigning => "2.23.140.1.3",
            Self::CodeSigning => "2.23.140.1.4.1",
            Self::Mail { kind, strict } => match (kind, strict) {
                (Mailbox, false) => "2.23.140.1.5.1.2",
                (Mailbox, true) => "2.23.140.1.5.1.3",
                (Organization, false) => "2.23.140.1.5.2.2",
                (Organization, true) => "2.23.140.1.5.2.3",
                (Sponsored, false) => "2.23.140.1.5.3.2",
                (Sponsored, true) => "2.23.140.1.5.3.3",
                (Individual, false) => "2.23.140.1.5.4.2",
                (Individual, true) => "2.23.140.1.5.4.3",
            },
            Self::Mark => "1.3.6.1.4.1.53087.1.1",
        }
    }
}

/// What a register says of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its number in the register
    pub number: String,
    /// The country of the register, two letters
    pub country: String,
    /// The state or province of the register
    pub state: Option<String>,
}

/// The organization in a certificate's subject. Empty strings are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    pub o: String,
    pub ou: Option<String>,
    pub l: Option<String>,
    pub st: Option<String>,
    /// Country, two letters; anything else is left out
    pub c: Option<String>,
    /// Where it is registered; stands in certificates of extended validation and, as one identifier, in Secure Email
    pub registration: Option<Registration>,
}

/// What to issue.
#[derive(Debug, Clone)]
pub struct IssueRequest {
    /// Id of the intermediate
    pub ica_id: String,
    /// Serial number, big endian, first bit clear and first byte not zero (else the zero bytes fall away, as DER asks)
    pub serial: [u8; 16],
    /// The key to certify: a DER `SubjectPublicKeyInfo`, RSA, EC (P-256, P-384, P-521) or Ed25519
    pub public_key: Vec<u8>,
    /// Common name; left out of the subject when longer than 64 characters (X.520's limit)
    pub common_name: Option<String>,
    /// Names as A-labels; an IP address becomes an iPAddress. The common name is not added by itself
    pub dns_names: Vec<String>,
    /// Addresses for the subject alternative name
    pub emails: Vec<String>,
    /// Organization in the subject
    pub organization: Option<Subject>,
    /// Secure Email: the person that the certificate names
    pub person: Option<Person>,
    /// Start, whole seconds
    pub not_before: Timestamp,
    /// End, whole seconds
    pub not_after: Timestamp,
    /// Hash of the signature. An RSA intermediate signs with any; a P-256 one with SHA-256 and a P-384 one with
    /// SHA-384 whatever is asked: the nearest that its curve has
    pub signature_hash: Hash,
    /// What the certificate is for
    pub profile: Profile,
    /// By which rules; decides the policy and what stands in the subject
    pub policy: Option<Policy>,
    /// RSASSA-PSS instead of PKCS #1; only with an RSA intermediate and an RSA key, else without effect (as the
    /// reissue page says)
    pub rsassa_pss: bool,
}

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub der: Vec<u8>,
    /// Serial, upper-case hex as the API shows it
    pub serial_hex: String,
    /// SHA-1 of the certificate, 40 upper-case hex digits
    pub thumbprint_hex: String,
}

/// One certificate of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    /// Common name of its subject
    pub subject_common_name: String,
    pub der: Vec<u8>,
}

/// What the account shows of an intermediate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IcaInfo {
    /// `ca_cert_id`: 16 upper-case hex digits, never a number
    pub id: String,
    /// Name in the product list
    pub name: String,
    /// `NAME (SHA2-256) > ROOT (SHA2-256)`
    pub chain_info: String,
    /// Common name of its subject
    pub subject_common_name: String,
    /// Organization of its subject
    pub subject_org: String,
    /// Common name of its issuer
    pub issuer_common_name: String,
    pub key_kind: KeyKind,
    /// Size of its key in bits
    pub key_bits: u32,
    /// Hash of the signature on it
    pub signature_hash: Hash,
    /// Ends in a private root
    pub is_private: bool,
    /// What it is for
    pub purpose: Purpose,
}

/// What the account shows of an intermediate's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IcaCertificate {
    pub valid_from: Timestamp,
    pub valid_to: Timestamp,
    /// Serial, upper-case hex
    pub serial: String,
    /// SHA-1, upper-case hex
    pub thumbprint: String,
    /// The certificate, PEM with `\r\n`
    pub pem: String,
}

/// Why the authority could not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CaError {
    #[error("the sandbox has no intermediate {0}; take an id from /certificate/intermediates")]
    UnknownIntermediate(String),
    /// The name cannot stand in a certificate
    #[error("{0:?} cannot stand in a certificate: names are ASCII (A-labels), addresses too")]
    BadName(String),
    /// The key is of a kind that cannot be certified
    #[error(
        "the sandbox cannot certify this public key ({0}); use RSA, EC P-256, P-384, P-521 or Ed25519"
    )]
    BadKey(String),
    /// Start and end do not make a period
    #[error("a certificate from {0} to {1} has no valid period")]
    BadPeriod(Timestamp, Timestamp),
    /// The crypto library refused
    #[error("making {what} failed: {reason}; this is a fault of the sandbox")]
    Crypto {
        what: &'static str,
        /// What the library said
        reason: String,
    },
    /// A saved state does not hold an authority
    #[error("could not read the saved certificate authority ({0}); start with a fresh state file")]
    BadState(String),
}

impl CaError {
    /// Wraps a library's error; `what` names the thing that was being made.
    pub(super) fn crypto(what: &'static str) -> impl Fn(rcgen::Error) -> Self {
        move |e| Self::Crypto {
            what,
            reason: e.to_string(),
        }
    }

    /// The same for the DER encoder.
    pub(super) fn der(what: &'static str) -> impl Fn(der::Error) -> Self {
        move |e| Self::Crypto {
            what,
            reason: e.to_string(),
        }
    }
}
