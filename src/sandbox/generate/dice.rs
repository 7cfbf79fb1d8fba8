//! Chance that repeats: every choice of the generator comes from here, and follows from the seed.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::sandbox::model::Serial;

/// Dice of one order, or of the account's surroundings.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice number `stream` of a seed. Different streams do not disturb each other: an order keeps its names
    /// whatever happens to its neighbours.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// Whether a chance of `percent` in a hundred came true.
    pub(super) fn percent(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of several. The list is never empty: all are tables of this room.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.between(0, list.len() as i64 - 1) as usize]
    }

    /// One of several, each as likely as its weight.
    pub(super) fn weighted<'a, T>(&mut self, list: &'a [(u32, T)]) -> &'a T {
        let total: i64 = list.iter().map(|(weight, _)| i64::from(*weight)).sum();
        let mut left = self.between(1, total);
        let found = list.iter().find(|(weight, _)| {
            left -= i64::from(*weight);
            left <= 0
        });
        found.map_or(&list[0].1, |(_, item)| item)
    }

    /// A serial number.
    pub(super) fn serial(&mut self) -> Serial {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        Serial::from_random(bytes)
    }

    /// A random value as DCV uses it: 32 letters and digits.
    pub(super) fn token(&mut self) -> String {
        const LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        (0..32).map(|_| char::from(*self.pick(LETTERS))).collect()
    }
}
