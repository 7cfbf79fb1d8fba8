//! The made-up account: so many orders, deterministic for a seed.

use jiff::Timestamp;

use super::ca::Ca;
use super::model::Account;

/// Adds to `account` (which holds `foundation::account` already: staff, keys, four containers, two organizations, domains,
/// fields) more organizations and domains and `orders` orders with certificates and requests. Same seed, same account; dates are relative to `now`.
pub fn fill(_account: &mut Account, _ca: &Ca, _orders: usize, _now: Timestamp) {}
