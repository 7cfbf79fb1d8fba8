//! To which order a certificate belongs that a server sends.

use super::Account;
use super::rows::Bits;
use crate::domain::ids::OrderId;
use crate::domain::order::Certificate;
use crate::domain::served::{ServedCertificate, is_same_serial};

impl Account {
    /// The order that is known to have a certificate: by its thumbprint, or its serial number where that is not told.
    pub fn order_with(&self, served: &ServedCertificate) -> Option<OrderId> {
        let is_it = |one: &Certificate| match &one.thumbprint {
            Some(thumbprint) if !served.thumbprint.is_empty() => {
                thumbprint.eq_ignore_ascii_case(&served.thumbprint)
            }
            _ => {
                let serial = one.serial.as_deref();
                serial.is_some_and(|serial| is_same_serial(serial, &served.serial))
            }
        };
        let mut known = self.known.iter();
        let listed = known.find(|(_, data)| data.certificates().iter().any(is_it));
        if let Some((order, _)) = listed {
            return Some(*order);
        }
        // Of the others the list tells the primary's serial number.
        let digits = served.serial.trim_start_matches('0').to_ascii_uppercase();
        if digits.is_empty() {
            return None;
        }
        let near = self
            .orders
            .with_serial_digits(&digits, &Bits::all(self.orders.len()));
        let mut rows = near.places().filter_map(|place| self.orders.at(place));
        rows.find(|row| is_same_serial(&row.serial(), &served.serial))
            .map(|row| row.id)
    }
}
