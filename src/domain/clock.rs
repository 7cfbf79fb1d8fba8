//! The account's clock against this machine's: plain data, measured from the `Date` of the account's answers.
//!
//! What is compared with a time of the account (when a request was made, when an order ends) has to be brought to the
//! account's clock first: a machine that is 20 minutes ahead would take what it sent just now for older than it is.

use jiff::Timestamp;

/// Seconds that a clock may be wrong before it is told.
const TOLERATED: u64 = 5 * 60;

/// Seconds of 2025-01-01 and of 2100-01-01: outside of them no account lives, and an answer that says so is dated by a
/// device without a clock of its own.
const PLAUSIBLE: std::ops::Range<i64> = 1_735_689_600..4_102_444_800;

/// How far the account's clock is ahead of this machine's, in seconds; negative where this machine's is ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClockOffset {
    /// Seconds to add to this machine's time for the account's.
    pub seconds: i64,
}

impl ClockOffset {
    /// What an answer tells that was dated `date` (whole seconds) by the account, asked for at `asked` and begun at
    /// `answered` by this machine's clock. The date lies somewhere between the two, so that each answer allows for a
    /// range; as long as the offset known so far is within it, it stays, and a steady clock is never news.
    #[must_use]
    pub fn measured(self, date: Timestamp, asked: Timestamp, answered: Timestamp) -> Self {
        let (from, to) = (asked.min(answered), asked.max(answered));
        let date = date.as_second();
        if !PLAUSIBLE.contains(&date) {
            return self;
        }
        // `date` was cut to the second, and so are these.
        let least = date - to.as_second() - 1;
        let most = date - from.as_second() + 1;
        if (least..=most).contains(&self.seconds) {
            return self;
        }
        Self {
            seconds: least + (most - least) / 2,
        }
    }

    /// A moment of this machine's clock, by the account's.
    pub fn to_account(self, here: Timestamp) -> Timestamp {
        shifted(here, self.seconds)
    }

    /// Whether the two are so far apart that somebody has to know.
    pub fn is_wrong(self) -> bool {
        self.seconds.unsigned_abs() > TOLERATED
    }

    /// How far this machine's clock is off: `20 min ahead`, `3 h behind`, `400 d ahead`.
    pub fn words(self) -> String {
        let seconds = self.seconds.unsigned_abs();
        let length = match seconds {
            0..120 => format!("{seconds} s"),
            120..7_200 => format!("{} min", seconds / 60),
            7_200..172_800 => format!("{} h", seconds / 3_600),
            _ => format!("{} d", seconds / 86_400),
        };
        let side = if self.seconds < 0 { "ahead" } else { "behind" };
        format!("{length} {side}")
    }
}

/// As far as there is time.
fn shifted(moment: Timestamp, seconds: i64) -> Timestamp {
    let end = if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    let shift = jiff::SignedDuration::from_secs(seconds);
    moment.checked_add(shift).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_is_right_stays_so_whatever_an_answer_takes() {
        let asked = at("2026-11-20T10:00:00.900Z");
        for (date, answered) in [
            ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00.950Z"),
            ("2026-11-20T10:00:01Z", "2026-11-20T10:00:01.000Z"),
            ("2026-11-20T10:01:10Z", "2026-11-20T10:01:30Z"),
        ] {
            let measured = ClockOffset::default().measured(at(date), asked, at(answered));
            assert_eq!(measured, ClockOffset::default(), "{date}");
        }
    }

    #[test]
    fn a_clock_that_is_wrong_is_seen_and_stays_as_it_was_seen() {
        let asked = at("2026-11-20T10:20:00Z");
        let date = at("2026-11-20T10:00:00Z");
        let wrong = ClockOffset::default().measured(date, asked, asked);
        assert_eq!(wrong, ClockOffset { seconds: -1200 });
        assert!(wrong.is_wrong());
        assert_eq!(wrong.words(), "20 min ahead");
        assert_eq!(wrong.to_account(asked), date);
        let later = at("2026-11-20T10:20:01.5Z");
        assert_eq!(wrong.measured(date, asked, later), wrong);
        // It was set right.
        assert_eq!(wrong.measured(asked, asked, asked), ClockOffset::default());
    }

    #[test]
    fn a_date_at_which_no_account_lives_says_nothing() {
        let asked = at("2026-11-20T10:00:00Z");
        let known = ClockOffset { seconds: -1200 };
        for date in [
            "0001-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "2024-12-31T23:59:59Z",
            "2100-01-01T00:00:00Z",
            "9999-12-30T00:00:00Z",
        ] {
            assert_eq!(known.measured(at(date), asked, asked), known, "{date}");
        }
        let day = at("2025-01-01T00:00:00Z");
        assert_ne!(known.measured(day, asked, asked), known);
    }

    #[test]
    fn what_is_off_is_told_in_words() {
        let words = |seconds| ClockOffset { seconds }.words();
        assert_eq!(words(0), "0 s behind");
        assert_eq!(words(-7_300), "2 h ahead");
        assert_eq!(words(400 * 86_400), "400 d behind");
        assert!(!ClockOffset { seconds: 300 }.is_wrong());
        assert!(ClockOffset { seconds: -301 }.is_wrong());
    }

    fn any_time() -> impl Strategy<Value = Timestamp> {
        let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        (first..=last).prop_map(|second| Timestamp::from_second(second).unwrap())
    }

    proptest! {
        #[test]
        fn no_date_of_a_server_is_too_much(
            known in any::<i64>(),
            date in any_time(),
            asked in any_time(),
            answered in any_time(),
        ) {
            let offset = ClockOffset { seconds: known };
            let _ = (offset.to_account(asked), offset.words());
            let measured = offset.measured(date, asked, answered);
            prop_assert_eq!(measured.measured(date, asked, answered), measured);
            let _ = (measured.to_account(asked), measured.words());
        }
    }
}
