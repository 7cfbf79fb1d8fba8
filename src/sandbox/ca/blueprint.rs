//! The plan of the hierarchy, and the building of it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose as Eku,
    IsCa, KeyPair, KeyUsagePurpose, RsaKeySize, SerialNumber,
};

use super::authority::{Authority, Credentials, Identity};
use super::csr::KeyKind;
use super::extensions::{self, set_period};
use super::subject::printable;
use super::types::{CaError, Hash, MailKind, Policy, Purpose};

/// Organization of every authority: nobody may take these for the real ones.
const ORGANIZATION: &str = "Certdeck Sandbox CA";

/// `anyPolicy` (RFC 5280, 4.2.1.4).
const ANY_POLICY: &str = "2.5.29.32.0";

/// One line of the plan.
struct Plan {
    name: &'static str,
    key: Key,
    /// Index of the issuer in the plan; `None` for a root of its own.
    parent: Option<usize>,
    /// A root that has a self-signed certificate besides the one of its parent.
    self_signed: bool,
    purpose: Purpose,
    private: bool,
    year: i16,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Rsa2048,
    P256,
    P384,
}

impl Key {
    /// Its kind, and its size in bits.
    fn kind(self) -> (KeyKind, u32) {
        match self {
            Self::Rsa2048 => (KeyKind::Rsa, 2048),
            Self::P256 => (KeyKind::Ec, 256),
            Self::P384 => (KeyKind::Ec, 384),
        }
    }

    /// The hash that it signs certificates of authorities with.
    fn hash(self) -> Hash {
        match self {
            Self::Rsa2048 | Self::P256 => Hash::Sha256,
            Self::P384 => Hash::Sha384,
        }
    }

    fn generate(self) -> Result<KeyPair, CaError> {
        match self {
            Self::Rsa2048 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
            Self::P256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
            Self::P384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
        }
        .map_err(CaError::crypto("a key"))
    }
}

const fn root(name: &'static str, key: Key, parent: Option<usize>, private: bool) -> Plan {
    Plan {
        name,
        key,
        parent,
        self_signed: true,
        purpose: Purpose::Tls,
        private,
        // A root lasts 25 years at most.
        year: 2019,
    }
}

const fn ica(name: &'static str, key: Key, parent: usize, purpose: Purpose) -> Plan {
    Plan {
        name,
        key,
        parent: Some(parent),
        self_signed: false,
        purpose,
        private: parent == 2,
        year: 2020,
    }
}

/// Few RSA keys: each costs tens of milliseconds at its first use.
const PLAN: &[Plan] = &[
    root("Sandbox Global Root G2", Key::Rsa2048, None, false),
    root("Sandbox Global Root G3", Key::P384, Some(0), false),
    root("Sandbox Private Root", Key::P384, None, true),
    ica(
        "Sandbox Global G2 TLS RSA SHA256 2020 CA1",
        Key::Rsa2048,
        0,
        Purpose::Tls,
    ),
    ica(
        "Sandbox Global G3 TLS ECC SHA384 2020 CA1",
        Key::P384,
        1,
        Purpose::Tls,
    ),
    ica(
        "Sandbox Global G3 TLS ECC P-256 SHA256 2020 CA2",
        Key::P256,
        1,
        Purpose::Tls,
    ),
    ica("Sandbox EV RSA CA G2", Key::Rsa2048, 0, Purpose::Ev),
    ica("Sandbox EV ECC CA G3", Key::P384, 1, Purpose::Ev),
    ica(
        "Sandbox Trusted G2 Code Signing RSA SHA256 2020 CA1",
        Key::Rsa2048,
        0,
        Purpose::CodeSigning,
    ),
    ica(
        "Sandbox Secure Email ECC SHA256 2020 CA1",
        Key::P256,
        0,
        Purpose::Email,
    ),
    ica(
        "Sandbox Assured Client ECC SHA256 2020 CA1",
        Key::P256,
        0,
        Purpose::Client,
    ),
    ica(
        "Sandbox Document Signing ECC SHA256 2020 CA1",
        Key::P256,
        0,
        Purpose::Document,
    ),
    ica(
        "Sandbox Verified Mark ECC SHA256 2020 CA1",
        Key::P256,
        0,
        Purpose::Vmc,
    ),
    ica(
        "Sandbox Private TLS ECC SHA384 2020 CA1",
        Key::P384,
        2,
        Purpose::Private,
    ),
];

/// Every authority of the plan. Keys are made at their first use; ids and serials follow from `seed`.
pub(super) fn build(seed: u64, now: Timestamp) -> Vec<Arc<Authority>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x00CA_00CA_00CA_00CA);
    let mut planned: Vec<Arc<Authority>> = Vec::with_capacity(PLAN.len());
    for plan in PLAN {
        let id = format!("{:016X}", rng.next_u64());
        let mut serial = [0u8; 16];
        rng.fill_bytes(&mut serial);
        serial[0] = (serial[0] & 0x7f) | 0x01;
        let issuer = plan.parent.and_then(|p| planned.get(p)).cloned();
        let signed_by = match plan.parent.and_then(|p| PLAN.get(p)) {
            Some(parent) if !plan.self_signed => parent.key,
            _ => plan.key,
        };
        let (key_kind, key_bits) = plan.key.kind();
        let identity = Identity {
            id,
            name: plan.name.to_owned(),
            organization: ORGANIZATION.to_owned(),
            purpose: plan.purpose,
            private: plan.private,
            is_root: plan.self_signed,
            hash: signed_by.hash(),
            key_kind,
            key_bits,
        };
        let by = issuer.clone();
        planned.push(Arc::new(Authority::new(identity, issuer, move || {
            make(plan, now, serial, by.as_deref())
        })));
    }
    planned
}

/// The key and certificate of one line of the plan.
fn make(
    plan: &Plan,
    now: Timestamp,
    mut serial: [u8; 16],
    issuer: Option<&Authority>,
) -> Result<Credentials, CaError> {
    let key = plan.key.generate()?;
    let mut params = params(plan, now, &serial)?;
    let own = plan
        .self_signed
        .then(|| params.self_signed(&key).map(|c| c.der().to_vec()))
        .transpose()
        .map_err(CaError::crypto("a root certificate"))?;
    let by_issuer = issuer
        .map(|issuer| {
            // A cross certificate is another certificate: it may not share the serial with the self-signed one.
            serial[15] ^= 0xff;
            params.serial_number = Some(SerialNumber::from_slice(&serial));
            restrict(&mut params, plan, &issuer.identity.id)?;
            let (_, by) = issuer.credentials()?.signer(Hash::Sha256);
            params
                .signed_by(&key, by)
                .map(|c| c.der().to_vec())
                .map_err(CaError::crypto("an intermediate certificate"))
        })
        .transpose()?;
    let (der, cross_der) = match (own, by_issuer) {
        (Some(own), cross) => (own, cross),
        (None, Some(by_issuer)) => (by_issuer, None),
        (None, None) => {
            return Err(CaError::Crypto {
                what: "an intermediate certificate",
                reason: format!("{} has no issuer", plan.name),
            });
        }
    };
    Credentials::new(der, cross_der, key.serialized_der().to_vec())
}

fn params(plan: &Plan, now: Timestamp, serial: &[u8; 16]) -> Result<CertificateParams, CaError> {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    // The one code that the rules leave to those who are in no country.
    name.push(DnType::CountryName, printable("XX")?);
    name.push(DnType::OrganizationName, ORGANIZATION);
    name.push(DnType::CommonName, plan.name);
    params.distinguished_name = name;
    params.serial_number = Some(SerialNumber::from_slice(serial));
    params.is_ca = IsCa::Ca(if plan.self_signed {
        BasicConstraints::Unconstrained
    } else {
        BasicConstraints::Constrained(0)
    });
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::CrlSign,
    ];
    params.use_authority_key_identifier_extension = true;
    let end_year = now.to_zoned(TimeZone::UTC).year() + if plan.self_signed { 15 } else { 8 };
    let midnight = |year: i16| {
        date(year, 3, 30)
            .to_zoned(TimeZone::UTC)
            .map(|z| z.timestamp())
    };
    let bad = |_| CaError::BadPeriod(now, now);
    set_period(
        &mut params,
        midnight(plan.year).map_err(bad)?,
        midnight(end_year).map_err(bad)?,
    );
    Ok(params)
}

/// What the certificate of an authority that has an issuer says besides: where its issuer is asked, and what its own certificates may
/// be for, and by which rules.
fn restrict(params: &mut CertificateParams, plan: &Plan, issuer_id: &str) -> Result<(), CaError> {
    params.crl_distribution_points = vec![extensions::revocation_list(issuer_id)];
    params.extended_key_usages = uses(plan.purpose);
    let policies = if plan.self_signed {
        vec![ANY_POLICY]
    } else {
        policies(plan.purpose)
    };
    params.custom_extensions = vec![
        extensions::policies(&policies)?,
        extensions::issuer_access(issuer_id)?,
    ];
    Ok(())
}

/// The extended key usages that certificates below may have.
fn uses(purpose: Purpose) -> Vec<Eku> {
    match purpose {
        Purpose::Tls | Purpose::Ev | Purpose::Private => vec![Eku::ServerAuth, Eku::ClientAuth],
        Purpose::CodeSigning => vec![Eku::CodeSigning],
        Purpose::Email | Purpose::Client => vec![Eku::EmailProtection, Eku::ClientAuth],
        Purpose::Document => extensions::document_signing(),
        Purpose::Vmc => vec![extensions::brand_indicator()],
    }
}

/// The policies that certificates below may name. An authority for TLS may name one of the CA/Browser Forum's or leave it open
/// (TLS Baseline Requirements, 7.1.2.10.5); those of DV and OV are two.
fn policies(purpose: Purpose) -> Vec<&'static str> {
    let mail = |kinds: &[MailKind]| -> Vec<_> {
        kinds
            .iter()
            .flat_map(|kind| {
                [false, true].map(|strict| Policy::Mail {
                    kind: *kind,
                    strict,
                })
            })
            .map(Policy::oid)
            .collect()
    };
    match purpose {
        Purpose::Tls | Purpose::Document | Purpose::Private => vec![ANY_POLICY],
        Purpose::Ev => vec![Policy::ExtendedValidation.oid()],
        Purpose::CodeSigning => vec![Policy::CodeSigning.oid(), Policy::EvCodeSigning.oid()],
        Purpose::Email => mail(&[
            MailKind::Mailbox,
            MailKind::Organization,
            MailKind::Sponsored,
            MailKind::Individual,
        ]),
        Purpose::Client => mail(&[MailKind::Mailbox, MailKind::Sponsored, MailKind::Individual]),
        Purpose::Vmc => vec![Policy::Mark.oid()],
    }
}

/// The kind of a key and its size, for the account's eyes.
pub(super) fn kind_of(alg: &rcgen::SignatureAlgorithm) -> (KeyKind, u32) {
    if *alg == rcgen::PKCS_ECDSA_P256_SHA256 {
        (KeyKind::Ec, 256)
    } else if *alg == rcgen::PKCS_ECDSA_P384_SHA384 {
        (KeyKind::Ec, 384)
    } else if *alg == rcgen::PKCS_ECDSA_P521_SHA512 {
        (KeyKind::Ec, 521)
    } else if *alg == rcgen::PKCS_ED25519 {
        (KeyKind::Other, 256)
    } else {
        (KeyKind::Rsa, 2048)
    }
}
