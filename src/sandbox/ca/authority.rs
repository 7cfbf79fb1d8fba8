//! One authority: its certificate, its key in every hash it can sign with, and the way up to its issuer.

use aws_lc_rs::rsa;
use rcgen::{Issuer, KeyPair, SignatureAlgorithm};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::blueprint::kind_of;
use super::csr::KeyKind;
use super::formats::{pem, thumbprint};
use super::types::{CaError, Hash, IcaInfo, Purpose};

/// What an authority is made from.
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) organization: String,
    pub(super) purpose: Purpose,
    pub(super) private: bool,
    pub(super) is_root: bool,
    /// Index of the issuer among all authorities.
    pub(super) parent: Option<usize>,
    /// Hash of the signature on the certificate.
    pub(super) hash: Hash,
    pub(super) der: Vec<u8>,
    /// The certificate of the same key and name made by `parent`, for a cross-signed root.
    pub(super) cross_der: Option<Vec<u8>>,
    pub(super) key_pkcs8: Vec<u8>,
}

/// An authority that can sign.
pub(super) struct Authority {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) organization: String,
    pub(super) purpose: Purpose,
    pub(super) private: bool,
    pub(super) is_root: bool,
    pub(super) parent: Option<usize>,
    pub(super) hash: Hash,
    pub(super) der: Vec<u8>,
    pub(super) cross_der: Option<Vec<u8>>,
    pub(super) key_pkcs8: Vec<u8>,
    /// The same key once for every hash it signs with; never empty.
    signers: Vec<(Hash, Issuer<'static, KeyPair>)>,
    first: (Hash, Issuer<'static, KeyPair>),
    /// The key again for RSASSA-PSS, which rcgen does not speak.
    pub(super) rsa: Option<rsa::KeyPair>,
}

impl Authority {
    pub(super) fn new(draft: Draft) -> Result<Self, CaError> {
        let algorithm = KeyPair::try_from(draft.key_pkcs8.as_slice())
            .map_err(CaError::crypto("an authority from its key"))?
            .algorithm();
        let (kind, _) = kind_of(algorithm);
        let signer = |hash, alg: &'static SignatureAlgorithm| {
            let key =
                KeyPair::from_pkcs8_der_and_sign_algo(&draft.key_pkcs8.as_slice().into(), alg)?;
            Ok((
                hash,
                Issuer::from_ca_cert_der(&draft.der.as_slice().into(), key)?,
            ))
        };
        let wrap = CaError::crypto("an authority from its certificate");
        let (first, signers) = match kind {
            KeyKind::Rsa => (
                signer(Hash::Sha256, &rcgen::PKCS_RSA_SHA256).map_err(&wrap)?,
                vec![
                    signer(Hash::Sha384, &rcgen::PKCS_RSA_SHA384).map_err(&wrap)?,
                    signer(Hash::Sha512, &rcgen::PKCS_RSA_SHA512).map_err(&wrap)?,
                ],
            ),
            _ if *algorithm == rcgen::PKCS_ECDSA_P384_SHA384 => {
                (signer(Hash::Sha384, algorithm).map_err(&wrap)?, Vec::new())
            }
            _ => (signer(Hash::Sha256, algorithm).map_err(&wrap)?, Vec::new()),
        };
        let rsa = (kind == KeyKind::Rsa)
            .then(|| rsa::KeyPair::from_pkcs8(&draft.key_pkcs8))
            .transpose()
            .map_err(|e| CaError::Crypto {
                what: "an RSA key",
                reason: e.to_string(),
            })?;
        let Draft {
            id,
            name,
            organization,
            purpose,
            private,
            is_root,
            parent,
            hash,
            der,
            cross_der,
            key_pkcs8,
        } = draft;
        Ok(Self {
            id,
            name,
            organization,
            purpose,
            private,
            is_root,
            parent,
            hash,
            der,
            cross_der,
            key_pkcs8,
            signers,
            first,
            rsa,
        })
    }

    /// The signer for `hash`, or the nearest that the key has, with the hash it really uses.
    pub(super) fn signer(&self, hash: Hash) -> (Hash, &Issuer<'static, KeyPair>) {
        let (hash, issuer) = self
            .signers
            .iter()
            .find(|(h, _)| *h == hash)
            .unwrap_or(&self.first);
        (*hash, issuer)
    }

    /// The certificate that stands for this authority in a chain: the cross certificate if there is one.
    pub(super) fn link_der(&self) -> &[u8] {
        self.cross_der.as_deref().unwrap_or(&self.der)
    }

    /// What the account shows; `names` are the names from this authority up to its root.
    pub(super) fn info(&self, names: &[(String, Hash)]) -> IcaInfo {
        let (key_kind, key_bits) = kind_of(self.first.1.key().algorithm());
        let (serial, from, to) = X509Certificate::from_der(&self.der)
            .map(|(_, c)| {
                let at = |t: x509_parser::time::ASN1Time| {
                    jiff::Timestamp::from_second(t.timestamp())
                        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
                };
                (
                    super::formats::hex(c.raw_serial()),
                    at(c.validity().not_before),
                    at(c.validity().not_after),
                )
            })
            .unwrap_or_default();
        IcaInfo {
            id: self.id.clone(),
            name: self.name.clone(),
            chain_info: names
                .iter()
                .map(|(name, hash)| format!("{name} ({})", hash.chain_word()))
                .collect::<Vec<_>>()
                .join(" > "),
            subject_common_name: self.name.clone(),
            subject_org: self.organization.clone(),
            issuer_common_name: names
                .get(1)
                .map(|(name, _)| name.clone())
                .unwrap_or_default(),
            valid_from: from,
            valid_to: to,
            serial,
            thumbprint: thumbprint(&self.der),
            key_kind,
            key_bits,
            signature_hash: self.hash,
            is_private: self.private,
            purpose: self.purpose,
            pem: pem(&self.der),
        }
    }
}
