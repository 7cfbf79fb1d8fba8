//! When a frame is drawn: the first that a key changes at once, what follows it closely together with what follows that.
//!
//! Keys that are held down, or typed by a script, come faster than anybody reads; over a slow line the frames of each
//! would pile up behind each other. So after a frame with something typed in it the next one comes [`TOGETHER`] later
//! at the earliest, with all that happened by then. So do those of a long list that comes in pieces, but for a key, which waits
//! for keys alone. The last state is always drawn, and a key that comes alone never waits.
//!
//! Time is passed in, so that this can be tested without waiting.

use std::time::{Duration, Instant};

/// How close behind a frame with something typed in it no other frame is drawn.
pub const TOGETHER: Duration = Duration::from_millis(30);

/// The state between two frames.
#[derive(Debug, Default)]
pub struct Pace {
    /// Whether something that was typed has been taken since the last frame.
    typed: bool,
    /// Whether a piece of a list has.
    listed: bool,
    /// Until when no frame is drawn.
    until: Option<Instant>,
    /// Whether that holds with something typed in it, too.
    holds_keys: bool,
    /// Whether a frame waits for that.
    waits: bool,
}

impl Pace {
    /// Something that was typed was taken.
    pub fn typed(&mut self) {
        self.typed = true;
    }

    /// A piece of a list was taken.
    pub fn listed(&mut self) {
        self.listed = true;
    }

    /// Whether a frame is drawn now; if not, one is at the [`Pace::deadline`].
    pub fn is_due(&mut self, now: Instant) -> bool {
        let held = self.until.is_some_and(|until| now < until);
        self.waits = held && (self.holds_keys || !self.typed);
        !self.waits
    }

    /// A frame was made; `shown` says whether it differed from the one before.
    pub fn drawn(&mut self, shown: bool, now: Instant) {
        self.holds_keys = std::mem::take(&mut self.typed);
        let listed = std::mem::take(&mut self.listed);
        self.until = (shown && (self.holds_keys || listed)).then(|| now + TOGETHER);
    }

    /// When the frame that waits is drawn.
    pub fn deadline(&self) -> Option<Instant> {
        self.until.filter(|_| self.waits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Plays keys that are typed at some milliseconds, each changing what is shown, through a loop as the desk's. When
    /// frames were drawn, and the keys that each shows.
    fn frames(keys: &[u64]) -> Vec<(u64, usize)> {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut pace = Pace::default();
        let (mut taken, mut shown, mut frames) = (0, 0, Vec::new());
        loop {
            let next = keys.get(taken).map(|ms| at(*ms));
            let Some(now) = [next, pace.deadline()].into_iter().flatten().min() else {
                return frames;
            };
            while keys.get(taken).is_some_and(|ms| at(*ms) <= now) {
                taken += 1;
                pace.typed();
            }
            if pace.is_due(now) {
                if taken != shown {
                    frames.push((now.duration_since(start).as_millis() as u64, taken));
                }
                pace.drawn(taken != shown, now);
                shown = taken;
            }
        }
    }

    #[test]
    fn a_key_that_comes_alone_is_drawn_at_once() {
        assert_eq!(
            frames(&[0, 30, 63, 200]),
            [(0, 1), (30, 2), (63, 3), (200, 4)]
        );
    }

    #[test]
    fn keys_that_come_fast_are_drawn_together() {
        let keys: Vec<u64> = (0..60).map(|n| n * 5).collect();
        let frames = frames(&keys);
        assert_eq!(frames[..3], [(0, 1), (30, 7), (60, 13)]);
        assert_eq!(frames.len(), 11);
        assert_eq!(frames.last(), Some(&(300, 60)));
    }

    #[test]
    fn what_changes_nothing_holds_nothing_up() {
        let now = Instant::now();
        let mut pace = Pace::default();
        pace.typed();
        assert!(pace.is_due(now));
        pace.drawn(false, now);
        assert!(pace.is_due(now));
        // What was not typed is drawn as it comes.
        pace.drawn(true, now);
        assert!(pace.is_due(now));
        assert_eq!(pace.deadline(), None);
    }

    proptest! {
        #[test]
        fn frames_keep_their_distance_and_the_last_one_shows_all(
            gaps in prop::collection::vec(0u64..80, 1..40)
        ) {
            let keys: Vec<u64> = gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at) }).collect();
            let frames = frames(&keys);
            let most = TOGETHER.as_millis() as u64;
            for pair in frames.windows(2) {
                prop_assert!(pair[1].0 - pair[0].0 >= most, "{frames:?}");
            }
            prop_assert_eq!(frames.last().map(|(_, shown)| *shown), Some(keys.len()));
            for (key, at) in keys.iter().enumerate() {
                let seen = frames.iter().find(|(_, shown)| *shown > key).map(|(drawn, _)| *drawn);
                prop_assert!(seen.is_some_and(|seen| seen - at < most), "{frames:?}");
            }
        }
    }

    #[test]
    fn pieces_of_a_list_share_frames_and_hold_up_no_key() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut pace = Pace::default();
        pace.listed();
        assert!(pace.is_due(at(0)));
        pace.drawn(true, at(0));
        pace.listed();
        assert!(!pace.is_due(at(5)));
        assert_eq!(pace.deadline(), Some(at(30)));
        pace.typed();
        assert!(pace.is_due(at(6)), "a key waits for no list");
        pace.drawn(true, at(6));
        pace.listed();
        assert!(!pace.is_due(at(20)));
        assert!(pace.is_due(at(36)));
    }
}
