//! One authority: what it is called and may do, and, made when it first signs or is first shown, its key and certificate.
//!
//! An RSA key costs tens of milliseconds. A sandbox whose certificates nobody asks for makes none.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::rsa;
use rcgen::{Issuer, KeyPair, SignatureAlgorithm};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::blueprint::kind_of;
use super::csr::KeyKind;
use super::formats::{hex, pem, thumbprint};
use super::types::{CaError, Hash, IcaCertificate, IcaInfo, Purpose};

/// What an authority is, whatever its key.
pub(super) struct Identity {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) organization: String,
    pub(super) purpose: Purpose,
    pub(super) private: bool,
    pub(super) is_root: bool,
    /// Hash of the signature on its certificate.
    pub(super) hash: Hash,
    pub(super) key_kind: KeyKind,
    /// Size of its key in bits
    pub(super) key_bits: u32,
}

type Make = Box<dyn FnOnce() -> Result<Credentials, CaError> + Send>;

/// An authority.
pub(super) struct Authority {
    pub(super) identity: Identity,
    pub(super) issuer: Option<Arc<Self>>,
    credentials: LazyLock<Result<Credentials, CaError>, Make>,
}

impl Authority {
    /// An authority whose key and certificate `make` makes, once, at their first use.
    pub(super) fn new(
        identity: Identity,
        issuer: Option<Arc<Self>>,
        make: impl FnOnce() -> Result<Credentials, CaError> + Send + 'static,
    ) -> Self {
        Self {
            identity,
            issuer,
            credentials: LazyLock::new(Box::new(make)),
        }
    }

    /// Its key and certificate.
    pub(super) fn credentials(&self) -> Result<&Credentials, CaError> {
        self.credentials.as_ref().map_err(Clone::clone)
    }

    /// From this authority up to its root.
    pub(super) fn way_up(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |authority| authority.issuer.as_deref())
    }

    /// What the account shows without its certificate.
    pub(super) fn info(&self) -> IcaInfo {
        let of = &self.identity;
        let names: Vec<String> = self
            .way_up()
            .map(|a| format!("{} ({})", a.identity.name, a.identity.hash.chain_word()))
            .collect();
        IcaInfo {
            id: of.id.clone(),
            name: of.name.clone(),
            chain_info: names.join(" > "),
            subject_common_name: of.name.clone(),
            subject_org: of.organization.clone(),
            issuer_common_name: self
                .issuer
                .as_ref()
                .map(|issuer| issuer.identity.name.clone())
                .unwrap_or_default(),
            key_kind: of.key_kind,
            key_bits: of.key_bits,
            signature_hash: of.hash,
            is_private: of.private,
            purpose: of.purpose,
        }
    }
}

/// The certificate of an authority, and its key in every hash it can sign with.
pub(super) struct Credentials {
    pub(super) der: Vec<u8>,
    /// The certificate of the same key and name made by the issuer, for a cross-signed root.
    pub(super) cross_der: Option<Vec<u8>>,
    pub(super) key_pkcs8: Vec<u8>,
    /// The same key once for every hash it signs with but the first.
    signers: Vec<(Hash, Issuer<'static, KeyPair>)>,
    first: (Hash, Issuer<'static, KeyPair>),
    /// The key again for RSASSA-PSS, which rcgen does not speak.
    pub(super) rsa: Option<rsa::KeyPair>,
}

impl Credentials {
    /// Those of this certificate and its private key.
    pub(super) fn new(
        der: Vec<u8>,
        cross_der: Option<Vec<u8>>,
        key_pkcs8: Vec<u8>,
    ) -> Result<Self, CaError> {
        let algorithm = KeyPair::try_from(key_pkcs8.as_slice())
            .map_err(CaError::crypto("an authority from its key"))?
            .algorithm();
        let signer = |hash, alg: &'static SignatureAlgorithm| {
            let key = KeyPair::from_pkcs8_der_and_sign_algo(&key_pkcs8.as_slice().into(), alg)?;
            Ok((hash, Issuer::from_ca_cert_der(&der.as_slice().into(), key)?))
        };
        let wrap = CaError::crypto("an authority from its certificate");
        let (kind, _) = kind_of(algorithm);
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
            .then(|| rsa::KeyPair::from_pkcs8(&key_pkcs8))
            .transpose()
            .map_err(|e| CaError::Crypto {
                what: "an RSA key",
                reason: e.to_string(),
            })?;
        Ok(Self {
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

    /// The kind of the key, and its size in bits.
    pub(super) fn key(&self) -> (KeyKind, u32) {
        kind_of(self.first.1.key().algorithm())
    }

    /// The certificate that stands for this authority in a chain: the cross certificate if there is one.
    pub(super) fn link_der(&self) -> &[u8] {
        self.cross_der.as_deref().unwrap_or(&self.der)
    }

    /// What the account shows of the certificate.
    pub(super) fn shown(&self) -> Result<IcaCertificate, CaError> {
        let unreadable = |reason: String| CaError::Crypto {
            what: "an intermediate certificate",
            reason,
        };
        let (_, certificate) =
            X509Certificate::from_der(&self.der).map_err(|error| unreadable(error.to_string()))?;
        let at = |time: x509_parser::time::ASN1Time| {
            jiff::Timestamp::from_second(time.timestamp())
                .map_err(|error| unreadable(error.to_string()))
        };
        Ok(IcaCertificate {
            valid_from: at(certificate.validity().not_before)?,
            valid_to: at(certificate.validity().not_after)?,
            serial: hex(certificate.raw_serial()),
            thumbprint: thumbprint(&self.der),
            pem: pem(&self.der),
        })
    }
}
