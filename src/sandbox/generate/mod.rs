//! The made-up account: so many orders, deterministic for a seed.
//!
//! ```text
//! staff: people, divisions, organizations, domains ──► world: what orders draw on
//! mix: the cast ──► timeline: its days ──► order: certificates and requests ──► finish: ids, account
//! ```
//!
//! Every order has dice of its own, so that the first 250 are the same people's same troubles however many follow
//! them. No key is made and nothing is signed here: that happens when a certificate is first asked for.

mod calendar;
mod dice;
mod finish;
mod hosts;
mod limits;
mod order;
mod requests;
mod scenarios;
mod staff;
mod subject;
#[cfg(test)]
mod tests;
mod texts;
mod timeline;
mod world;

use jiff::Timestamp;

use super::ca::Ca;
use super::model::Account;
use calendar::Calendar;
use dice::Dice;
use world::World;

/// Streams of dice: orders count from 0 on, these stay clear of them.
const STAFF: u64 = 1 << 40;
const CAST: u64 = 2 << 40;
const CHAINS: u64 = 3 << 40;
const NAMES: u64 = 4 << 40;

/// Adds to `account` (which holds `foundation::account` already: staff, keys, four containers, two organizations, domains,
/// fields) more organizations and domains and `orders` orders with certificates and requests. Same seed, same account; dates are relative to `now`.
pub fn fill(account: &mut Account, ca: &Ca, orders: usize, now: Timestamp) {
    let seed = account.seed;
    let calendar = Calendar::new(now);
    staff::add(account, &calendar, &mut Dice::new(seed, STAFF));
    let world = World::of(account, ca, now);
    let hostile = texts::hostile();
    let cast = scenarios::cast(orders, hostile.len(), &mut Dice::new(seed, CAST));
    // Room once: what grows is copied, and has room for nobody.
    let mut drafts = Vec::with_capacity(cast.len());
    let mut requests = Vec::new();
    for (number, part) in (0..).zip(cast) {
        // The orders of a renewal chain have their names in common.
        let names = part
            .chain
            .map_or(NAMES + number, |(chain, _)| CHAINS + u64::from(chain));
        let mut dice = Dice::new(seed, number);
        let mut names_dice = Dice::new(seed, names);
        let draft = order::build(
            &part,
            &world,
            &calendar,
            &hostile,
            &mut dice,
            &mut names_dice,
            &mut requests,
        );
        drafts.extend(draft.map(|mut draft| {
            draft.order.shrink_to_fit();
            draft
        }));
    }
    finish::finish(account, drafts, requests);
}
