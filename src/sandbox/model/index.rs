//! Where a certificate is: by id, by serial number, by thumbprint.

use std::collections::HashMap;
use std::sync::RwLock;

use super::Serial;

/// Order id by certificate id, certificate id by serial; thumbprints only of certificates that were signed.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub by_certificate: HashMap<u64, u64>,
    pub by_serial: HashMap<Serial, u64>,
    thumbprints: RwLock<HashMap<String, (u64, u64)>>,
}

impl Index {
    /// Remembers a thumbprint; readers do this, since certificates are signed on first reading.
    pub fn learn_thumbprint(&self, thumbprint: &str, order_id: u64, certificate_id: u64) {
        if let Ok(mut map) = self.thumbprints.write() {
            map.entry(thumbprint.to_owned())
                .or_insert((order_id, certificate_id));
        }
    }

    /// `(order id, certificate id)` of a thumbprint in upper-case hex.
    pub fn by_thumbprint(&self, thumbprint: &str) -> Option<(u64, u64)> {
        self.thumbprints.read().ok()?.get(thumbprint).copied()
    }
}
