//! One certificate of an order: asked for, issued, revoked; the primary one, an earlier one, or a duplicate.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Lazy, MailDetails, Seldom, Serial};
use crate::sandbox::tables::SignatureHash;

/// How the certificate came into the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateKind {
    /// The order's first one.
    First,
    /// Made by a reissue; replaces the primary one when issued.
    Reissue,
    /// An additional copy; the number is its `sub_id` (1 is `"001"`).
    Duplicate(u32),
}

/// Where it stands. Expiry is not a state: it follows from the dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateState {
    /// Waits for approval; serial and dates are not shown.
    Requested,
    /// Approved, not issued: validation is missing, or it takes its time until the timestamp.
    Processing {
        /// When it will be issued, if nothing but time is missing.
        ready: Option<Timestamp>,
    },
    Issued,
    /// Issued and revoked since.
    Revoked(Timestamp),
    /// The request for it was refused, or the order was canceled.
    Rejected,
}

impl CertificateState {
    /// Whether it was issued at some time.
    pub fn was_issued(self) -> bool {
        matches!(self, Self::Issued | Self::Revoked(_))
    }
}

/// The kind of key, known before any key exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyKind {
    /// RSA with so many bits.
    Rsa(u32),
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// Something else, with so many bits.
    Other(u32),
}

impl KeyKind {
    /// `key_size` of the API: bits.
    pub fn bits(self) -> u32 {
        match self {
            Self::Rsa(bits) | Self::Other(bits) => bits,
            Self::P256 => 256,
            Self::P384 => 384,
        }
    }
}

/// Where the key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CsrSource {
    /// A client sent the CSR (or bare public key): `Certificate::material` is filled.
    Sent,
    /// A generated order: key and CSR are made up when first asked for.
    MadeUp,
    /// There is none (yet): hardware tokens, orders placed without a CSR.
    Missing,
}

/// Key and CSR of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// The CSR exactly as it was sent, or PEM with `\n` where it was made up.
    pub csr: String,
    /// Subject public key info, DER.
    pub spki: Vec<u8>,
}

/// The certificate itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCertificate {
    /// DER.
    pub der: Vec<u8>,
    /// SHA-1 of the DER, upper-case hex.
    pub thumbprint: String,
}

/// A certificate of an order. `serial`, the dates and `signed` mean something only once `state` says issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Certificate {
    pub id: u64,
    /// How it came into the order.
    pub kind: CertificateKind,
    pub state: CertificateState,
    /// Hidden from the lists unless `show_archived`.
    pub archived: bool,
    /// Common name; `None` for products whose subject is the organization or a person.
    pub common_name: Option<String>,
    /// DNS names, the common name first. Empty where the product has none.
    pub dns_names: Vec<String>,
    /// E-mail addresses (client and Secure Email certificates).
    pub emails: Seldom<String>,
    /// Where the key comes from.
    pub csr: CsrSource,
    /// The kind of key; `None` while there is no CSR.
    pub key: Option<KeyKind>,
    pub material: Lazy<Material>,
    /// Hash of the signature.
    pub signature_hash: SignatureHash,
    /// Server platform id; -1 is "other".
    pub server_platform: i64,
    /// Id of the intermediate that signs it.
    pub ca_cert_id: Arc<str>,
    /// `profile_option` as it was sent.
    pub profile_option: Option<String>,
    pub rsassa_pss: bool,
    /// Secure Email: subject and usage.
    #[serde(default)]
    pub mail: Option<Box<MailDetails>>,
    pub validity: Option<super::Length>,
    /// When it was asked for.
    pub date_created: Timestamp,
    /// When it was issued.
    pub date_issued: Option<Timestamp>,
    /// First day.
    pub valid_from: Option<Date>,
    /// Last day; it ends at 23:59:59 UTC.
    pub valid_till: Option<Date>,
    /// Serial number, set when it was asked for.
    pub serial: Serial,
    /// Who asked for it (user id).
    pub user_id: u64,
    /// The certificate, signed when first asked for.
    pub signed: Lazy<SignedCertificate>,
}

impl Certificate {
    /// Whether its last day is before today.
    pub fn is_expired(&self, today: Date) -> bool {
        self.valid_till.is_some_and(|last| last < today)
    }

    /// Whole days from today to the last day; negative once it has ended.
    pub fn days_remaining(&self, today: Date) -> Option<i64> {
        let last = self.valid_till?;
        Some(i64::from((last - today).get_days()))
    }

    /// `sub_id` of a duplicate: at least three digits.
    pub fn sub_id(&self) -> Option<String> {
        match self.kind {
            CertificateKind::Duplicate(number) => Some(format!("{number:03}")),
            CertificateKind::First | CertificateKind::Reissue => None,
        }
    }

    /// Whether the name is the common name or one of the DNS names. Case does not matter.
    pub fn has_name(&self, name: &str) -> bool {
        self.common_name
            .as_deref()
            .is_some_and(|cn| cn.eq_ignore_ascii_case(name))
            || self
                .dns_names
                .iter()
                .any(|dns| dns.eq_ignore_ascii_case(name))
    }
}
