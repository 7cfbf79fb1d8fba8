//! Saving the authority and bringing it back, so that a sandbox started again goes on with the same keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::authority::{Authority, Draft};
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

pub(super) fn export(authorities: &[Authority]) -> CaExport {
    let authorities = authorities
        .iter()
        .map(|a| Saved {
            id: a.id.clone(),
            name: a.name.clone(),
            organization: a.organization.clone(),
            purpose: a.purpose,
            private: a.private,
            is_root: a.is_root,
            parent: a.parent,
            hash: a.hash,
            der: STANDARD.encode(&a.der),
            cross_der: a.cross_der.as_ref().map(|d| STANDARD.encode(d)),
            key_pkcs8: STANDARD.encode(&a.key_pkcs8),
        })
        .collect();
    CaExport { authorities }
}

pub(super) fn import(saved: &CaExport) -> Result<Vec<Authority>, CaError> {
    let bytes = |text: &str| {
        STANDARD
            .decode(text)
            .map_err(|e| CaError::BadState(e.to_string()))
    };
    let mut made = Vec::with_capacity(saved.authorities.len());
    for s in &saved.authorities {
        // A parent stands before its children: a chain that ran in a circle would never end.
        if s.parent.is_some_and(|p| p >= made.len()) {
            return Err(CaError::BadState(format!(
                "{} names an issuer that is not there",
                s.name
            )));
        }
        made.push(Authority::new(Draft {
            id: s.id.clone(),
            name: s.name.clone(),
            organization: s.organization.clone(),
            purpose: s.purpose,
            private: s.private,
            is_root: s.is_root,
            parent: s.parent,
            hash: s.hash,
            der: bytes(&s.der)?,
            cross_der: s.cross_der.as_deref().map(bytes).transpose()?,
            key_pkcs8: bytes(&s.key_pkcs8)?,
        })?);
    }
    Ok(made)
}
