//! The made-up account: so many orders, deterministic for a seed.

use jiff::Timestamp;

use super::ca::Ca;
use super::model::Account;

/// Fills `account` (its users, keys and root container exist already) with containers, organizations, domains, custom
/// fields and `orders` orders with their certificates and requests. Same seed, same account; dates are relative to `now`.
pub fn fill(_account: &mut Account, _ca: &Ca, _orders: usize, _now: Timestamp) {}
