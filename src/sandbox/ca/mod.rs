//! The sandbox's certificate authority: real keys, real certificates, a real chain.
//!
//! Everything but the keys follows from the seed. What it issues passes `openssl verify` against [`Ca::roots_pem`].
//!
//! ```text
//! Sandbox Global Root G2 (RSA) ──┬── RSA intermediates: TLS, EV, code signing, Secure Email, client, document, mark
//!                                └── Sandbox Global Root G3, cross-signed ──── ECDSA intermediates: TLS, EV
//! Sandbox Private Root (ECDSA) ───── private TLS
//! ```
//!
//! The ECDSA intermediates end in a cross-signed root, so their chains are four certificates long: the API notes
//! (downloads, gotchas) say that clients meet more than three.

mod authority;
mod blueprint;
pub mod csr;
mod export;
mod extensions;
pub mod formats;
mod issue;
mod keys;
mod mark;
mod person;
mod pss;
mod subject;
#[cfg(test)]
mod tests;
mod types;
mod weak;

use std::sync::Arc;

use jiff::Timestamp;

use authority::Authority;
pub use csr::{CsrFacts, CsrProblem, KeyKind, read_csr};
pub use export::CaExport;
pub use keys::{LeafKey, LeafKind};
pub use person::{MailUse, Person};
pub use types::{
    CaError, ChainLink, Hash, IcaCertificate, IcaInfo, IssueRequest, Issued, MailKind, Policy,
    Profile, Purpose, Registration, Subject,
};

/// The certificate authority. A clone shares the same keys.
#[derive(Clone)]
pub struct Ca(Arc<Inner>);

struct Inner {
    /// Every authority: roots first, then intermediates in the order of [`Ca::intermediates`].
    authorities: Vec<Arc<Authority>>,
    /// What the account shows of the intermediates.
    infos: Vec<IcaInfo>,
    pool: keys::KeyPool,
}

impl std::fmt::Debug for Ca {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ca")
            .field("intermediates", &self.0.infos.len())
            .finish_non_exhaustive()
    }
}

impl Ca {
    /// The roots and intermediates. Keys are random, and made at their first use; ids and serials follow from `seed`, validity from
    /// `now`.
    pub fn new(seed: u64, now: Timestamp) -> Self {
        Self::from_authorities(blueprint::build(seed, now))
    }

    fn from_authorities(authorities: Vec<Arc<Authority>>) -> Self {
        let infos = authorities
            .iter()
            .filter(|a| !a.identity.is_root)
            .map(|a| a.info())
            .collect();
        Self(Arc::new(Inner {
            authorities,
            infos,
            pool: keys::KeyPool::default(),
        }))
    }

    /// The intermediates that issue, in a fixed order.
    pub fn intermediates(&self) -> &[IcaInfo] {
        &self.0.infos
    }

    /// The intermediate with this id, if there is one.
    pub fn intermediate(&self, ica_id: &str) -> Option<&IcaInfo> {
        self.0.infos.iter().find(|i| i.id == ica_id)
    }

    /// The certificate of the intermediate with this id.
    pub fn certificate(&self, ica_id: &str) -> Result<IcaCertificate, CaError> {
        self.authority(ica_id)?.credentials()?.shown()
    }

    /// The first intermediate made for `purpose` whose key is of `kind` if one is, else the first for the purpose.
    pub fn default_for(&self, purpose: Purpose, kind: KeyKind) -> Option<&IcaInfo> {
        let mut of_purpose = self.0.infos.iter().filter(|i| i.purpose == purpose);
        let first = of_purpose.next()?;
        Some(
            std::iter::once(first)
                .chain(of_purpose)
                .find(|i| i.key_kind == kind)
                .unwrap_or(first),
        )
    }

    /// Issues a certificate.
    pub fn issue(&self, req: &IssueRequest) -> Result<Issued, CaError> {
        issue::issue(self.authority(&req.ica_id)?, req)
    }

    /// A key and CSR for a certificate that was there before the sandbox started. `slot` (the certificate's id, say)
    /// chooses among the few RSA keys that many certificates share; an ECDSA key is new at each call, so the caller
    /// keeps what it gets.
    pub fn made_up_csr(
        &self,
        kind: LeafKind,
        slot: u64,
        common_name: Option<&str>,
        dns_names: &[String],
    ) -> Result<LeafKey, CaError> {
        self.0.pool.csr(kind, slot, common_name, dns_names)
    }

    /// What stands between a certificate of this intermediate and its root: intermediate(s) first, root last.
    /// Empty for an unknown id.
    pub fn chain(&self, ica_id: &str) -> Result<Vec<ChainLink>, CaError> {
        self.authority(ica_id)
            .into_iter()
            .flat_map(Authority::way_up)
            .map(|a| {
                Ok(ChainLink {
                    subject_common_name: a.identity.name.clone(),
                    der: a.credentials()?.link_der().to_vec(),
                })
            })
            .collect()
    }

    /// The self-signed roots, as one PEM text with `\r\n`: what to give to `openssl verify -CAfile`.
    pub fn roots_pem(&self) -> Result<String, CaError> {
        self.0
            .authorities
            .iter()
            .filter(|a| a.identity.is_root)
            .map(|a| Ok(formats::pem(&a.credentials()?.der)))
            .collect()
    }

    /// Everything needed to go on with the same keys in another process. Holds private keys.
    pub fn export(&self) -> Result<CaExport, CaError> {
        export::export(&self.0.authorities)
    }

    /// The authority that [`Ca::export`] described.
    pub fn import(saved: &CaExport) -> Result<Self, CaError> {
        Ok(Self::from_authorities(export::import(saved)?))
    }

    fn authority(&self, ica_id: &str) -> Result<&Authority, CaError> {
        self.0
            .authorities
            .iter()
            .find(|a| !a.identity.is_root && a.identity.id == ica_id)
            .map(Arc::as_ref)
            .ok_or_else(|| CaError::UnknownIntermediate(ica_id.to_owned()))
    }
}
