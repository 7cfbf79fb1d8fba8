//! Where a certificate is: by id, by serial number, by thumbprint.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::RwLock;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::{Order, Serial};

/// Order by certificate, certificate by serial number; thumbprints only of certificates that were signed.
///
/// Serial numbers stand in the certificates alone: whoever looks for one brings the orders, sorted by id.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Certificate id and order id, by certificate id. Ids grow: what is new comes last.
    places: Vec<(u64, u64)>,
    /// Certificate ids, found by serial number.
    serials: HashTable<u64>,
    thumbprints: RwLock<HashMap<String, (u64, u64)>>,
}

impl Index {
    /// Where each certificate of these orders is.
    pub fn of(orders: &[Order]) -> Self {
        let count = orders.iter().map(|order| order.certificates.len()).sum();
        let mut index = Self {
            places: Vec::with_capacity(count),
            serials: HashTable::with_capacity(count),
            thumbprints: RwLock::default(),
        };
        for order in orders {
            let ids = order.certificates.iter().map(|c| (c.id, order.id));
            index.places.extend(ids);
        }
        index.places.sort_unstable();
        for order in orders {
            for certificate in &order.certificates {
                index.learn_serial(certificate.serial, certificate.id, orders);
                if let Some(signed) = certificate.signed.get() {
                    index.learn_thumbprint(&signed.thumbprint, order.id, certificate.id);
                }
            }
        }
        index
    }

    /// Takes a certificate that one of the orders has.
    pub fn insert(&mut self, serial: Serial, id: u64, order_id: u64, orders: &[Order]) {
        match self.places.binary_search_by_key(&id, |(known, _)| *known) {
            Ok(at) => self.places[at].1 = order_id,
            Err(at) => self.places.insert(at, (id, order_id)),
        }
        self.learn_serial(serial, id, orders);
    }

    /// Forgets the certificates of an order that is gone; thumbprints lead nowhere by themselves.
    pub fn forget(&mut self, gone: &Order) {
        for certificate in &gone.certificates {
            let place = self
                .places
                .binary_search_by_key(&certificate.id, |(known, _)| *known);
            if let Ok(at) = place {
                self.places.remove(at);
            }
            let is_it = |id: &u64| *id == certificate.id;
            if let Ok(found) = self.serials.find_entry(hash(certificate.serial), is_it) {
                found.remove();
            }
        }
    }

    /// The order of a certificate.
    pub fn order_of(&self, certificate_id: u64) -> Option<u64> {
        order_of(&self.places, certificate_id)
    }

    /// The certificate with this serial number.
    pub fn by_serial(&self, serial: Serial, orders: &[Order]) -> Option<u64> {
        let has = |id: &u64| serial_of(&self.places, orders, *id) == Some(serial);
        self.serials.find(hash(serial), has).copied()
    }

    fn learn_serial(&mut self, serial: Serial, id: u64, orders: &[Order]) {
        let of = |id: &u64| serial_of(&self.places, orders, *id);
        let has = |id: &u64| of(id) == Some(serial);
        if let Some(known) = self.serials.find_mut(hash(serial), has) {
            *known = id;
        } else {
            let again = |id: &u64| of(id).map_or(0, hash);
            self.serials.insert_unique(hash(serial), id, again);
        }
    }

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

fn hash(serial: Serial) -> u64 {
    FxBuildHasher.hash_one(serial)
}

fn order_of(places: &[(u64, u64)], certificate_id: u64) -> Option<u64> {
    let at = places.binary_search_by_key(&certificate_id, |(id, _)| *id);
    at.ok().map(|at| places[at].1)
}

fn serial_of(places: &[(u64, u64)], orders: &[Order], certificate_id: u64) -> Option<Serial> {
    let order_id = order_of(places, certificate_id)?;
    let at = orders.binary_search_by_key(&order_id, |order| order.id);
    let certificate = orders.get(at.ok()?)?.certificate(certificate_id);
    certificate.map(|certificate| certificate.serial)
}
