//! The sandbox's time: the real one, which a test may move forward.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// A clock that several tasks read.
#[derive(Debug, Default)]
pub struct Clock {
    ahead_ms: AtomicI64,
}

impl Clock {
    /// Now, to the second the API shows and finer.
    pub fn now(&self) -> Timestamp {
        let real = Timestamp::now();
        real.checked_add(SignedDuration::from_millis(
            self.ahead_ms.load(Ordering::Relaxed),
        ))
        .unwrap_or(real)
    }

    /// Moves every later reading forward.
    pub fn advance(&self, by: SignedDuration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 2);
        self.ahead_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_stays_moved() {
        let clock = Clock::default();
        let before = clock.now();
        clock.advance(SignedDuration::from_hours(24));
        assert!(clock.now().duration_since(before) >= SignedDuration::from_hours(24));
    }
}
