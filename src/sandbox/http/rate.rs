//! The rate limits: 100 calls in 5 seconds and 1000 in 3 minutes, rolling, per key. Refused calls do not count.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// `(calls, window)`, the shorter window first.
const WINDOWS: [(usize, SignedDuration); 2] = [
    (100, SignedDuration::from_secs(5)),
    (1000, SignedDuration::from_secs(180)),
];

/// Who called when.
#[derive(Debug, Default)]
pub struct RateLimiter(Mutex<HashMap<u64, VecDeque<Timestamp>>>);

impl RateLimiter {
    /// Whether the key with this id may call now; counts the call if so.
    pub fn admit(&self, key_id: u64, now: Timestamp) -> bool {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = keys.entry(key_id).or_default();
        while calls
            .front()
            .is_some_and(|at| now.duration_since(*at) >= WINDOWS[1].1)
        {
            calls.pop_front();
        }
        let over = WINDOWS.iter().any(|(most, window)| {
            calls.len() >= *most && now.duration_since(calls[calls.len() - most]) < *window
        });
        if !over {
            calls.push_back(now);
        }
        !over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_windows_roll() {
        let limiter = RateLimiter::default();
        let start = Timestamp::UNIX_EPOCH;
        let at = |ms: i64| start + SignedDuration::from_millis(ms);
        assert!((0..100).all(|n| limiter.admit(1, at(n))));
        assert!(!limiter.admit(1, at(4999)));
        assert!(
            limiter.admit(2, at(4999)),
            "another key has windows of its own"
        );
        assert!(
            limiter.admit(1, at(5000)),
            "the first call has left the window"
        );
        let admitted = (0..170_000)
            .step_by(60)
            .filter(|ms| limiter.admit(3, at(*ms)))
            .count();
        assert_eq!(admitted, 1000);
        assert!(limiter.admit(3, at(180_000)));
    }
}
