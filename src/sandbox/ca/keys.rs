//! Keys of the account's own people: CSRs for certificates that were there before the sandbox started.

use std::sync::OnceLock;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, PublicKeyData, RsaKeySize, SanType,
};

use super::formats;
use super::types::CaError;

/// The kind of a key that is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafKind {
    /// RSA of 2,048 bits
    Rsa2048,
    /// RSA of 3,072 bits, the least that code signing takes
    Rsa3072,
    /// ECDSA on P-256
    P256,
    /// ECDSA on P-384
    P384,
}

/// A key that somebody in the account made, and the CSR for it. Nobody keeps the private half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafKey {
    /// The public key, a DER `SubjectPublicKeyInfo`
    pub public_key: Vec<u8>,
    /// The CSR, PEM with `\n`
    pub csr_pem: String,
}

/// Keys shared by many certificates where making one is slow: an RSA key costs a thousand times an ECDSA key. Each is
/// made at its first use.
#[derive(Default)]
pub(super) struct KeyPool {
    rsa2048: [OnceLock<KeyPair>; 4],
    rsa3072: OnceLock<KeyPair>,
}

impl KeyPool {
    /// A CSR for these names. `slot` chooses among the shared keys; an ECDSA key is always new. A common name over 64
    /// characters and names that are not ASCII are left out.
    pub(super) fn csr(
        &self,
        kind: LeafKind,
        slot: u64,
        common_name: Option<&str>,
        dns_names: &[String],
    ) -> Result<LeafKey, CaError> {
        let new = |alg| KeyPair::generate_for(alg).map_err(CaError::crypto("a key"));
        match kind {
            LeafKind::P256 => request(
                &new(&rcgen::PKCS_ECDSA_P256_SHA256)?,
                common_name,
                dns_names,
            ),
            LeafKind::P384 => request(
                &new(&rcgen::PKCS_ECDSA_P384_SHA384)?,
                common_name,
                dns_names,
            ),
            LeafKind::Rsa2048 => {
                let cell = &self.rsa2048[(slot % self.rsa2048.len() as u64) as usize];
                request(shared(cell, RsaKeySize::_2048)?, common_name, dns_names)
            }
            LeafKind::Rsa3072 => request(
                shared(&self.rsa3072, RsaKeySize::_3072)?,
                common_name,
                dns_names,
            ),
        }
    }
}

fn shared(cell: &OnceLock<KeyPair>, size: RsaKeySize) -> Result<&KeyPair, CaError> {
    if let Some(key) = cell.get() {
        return Ok(key);
    }
    let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size)
        .map_err(CaError::crypto("a key"))?;
    Ok(cell.get_or_init(|| key))
}

fn request(
    key: &KeyPair,
    common_name: Option<&str>,
    dns_names: &[String],
) -> Result<LeafKey, CaError> {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    if let Some(cn) = common_name.filter(|n| !n.is_empty() && n.chars().count() <= 64) {
        name.push(DnType::CommonName, cn);
    }
    params.distinguished_name = name;
    params.subject_alt_names = dns_names
        .iter()
        .filter_map(|n| n.as_str().try_into().ok().map(SanType::DnsName))
        .collect();
    let csr = params
        .serialize_request(key)
        .map_err(CaError::crypto("a CSR"))?;
    Ok(LeafKey {
        public_key: key.subject_public_key_info(),
        csr_pem: formats::armour("CERTIFICATE REQUEST", csr.der(), pem::LineEnding::LF),
    })
}
