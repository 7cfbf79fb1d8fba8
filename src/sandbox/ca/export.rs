//! Saving the authority and bringing it back, so that a sandbox started again goes on with the same keys.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::authority::{Authority, Credentials, Identity};
use super::types::{CaError, Hash, Purpose};

/// A saved authority. It holds private keys: whoever writes it to a file gives that file mode 0600.
#[derive(Clone, Serialize, Deserialize)]
pub struct CaExport {
    authorities: Vec<Saved>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Saved {
    id: String,
    name: String,
    organization: String,
    purpose: Purpose,
    private: bool,
    is_root: bool,
    parent: Option<usize>,
    hash: Hash,
    der: String,
    cross_der: Option<String>,
    key_pkcs8: String,
}

impl std::fmt::Debug for CaExport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaExport")
            .field("authorities", &self.authorities.len())
            .finish_non_exhaustive()
    }
}

pub(super) fn export(authorities: &[Arc<Authority>]) -> Result<CaExport, CaError> {
    let position =
        |issuer: &Arc<Authority>| authorities.iter().position(|a| Arc::ptr_eq(a, issuer));
    let authorities = authorities
        .iter()
        .map(|a| {
            let of = &a.identity;
            let credentials = a.credentials()?;
            Ok(Saved {
                id: of.id.clone(),
                name: of.name.clone(),
                organization: of.organization.clone(),
                purpose: of.purpose,
                private: of.private,
                is_root: of.is_root,
                parent: a.issuer.as_ref().and_then(position),
                hash: of.hash,
                der: STANDARD.encode(&credentials.der),
                cross_der: credentials.cross_der.as_ref().map(|d| STANDARD.encode(d)),
                key_pkcs8: STANDARD.encode(&credentials.key_pkcs8),
            })
        })
        .collect::<Result<_, CaError>>()?;
    Ok(CaExport { authorities })
}

pub(super) fn import(saved: &CaExport) -> Result<Vec<Arc<Authority>>, CaError> {
    let bytes = |text: &str| {
        STANDARD
            .decode(text)
            .map_err(|e| CaError::BadState(e.to_string()))
    };
    let mut made: Vec<Arc<Authority>> = Vec::with_capacity(saved.authorities.len());
    for s in &saved.authorities {
        // A parent stands before its children: a chain that ran in a circle would never end.
        let issuer = match s.parent.map(|p| made.get(p)) {
            None => None,
            Some(Some(issuer)) => Some(Arc::clone(issuer)),
            Some(None) => {
                return Err(CaError::BadState(format!(
                    "{} names an issuer that is not there",
                    s.name
                )));
            }
        };
        let credentials = Credentials::new(
            bytes(&s.der)?,
            s.cross_der.as_deref().map(bytes).transpose()?,
            bytes(&s.key_pkcs8)?,
        )?;
        let (key_kind, key_bits) = credentials.key();
        let identity = Identity {
            id: s.id.clone(),
            name: s.name.clone(),
            organization: s.organization.clone(),
            purpose: s.purpose,
            private: s.private,
            is_root: s.is_root,
            hash: s.hash,
            key_kind,
            key_bits,
        };
        made.push(Arc::new(Authority::new(identity, issuer, || {
            Ok(credentials)
        })));
    }
    Ok(made)
}
