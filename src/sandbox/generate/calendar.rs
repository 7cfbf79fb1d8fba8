//! Days counted from today: the generator plans in numbers and turns them into dates at the end.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::dice::Dice;

const DAY: i64 = 86_400;

/// Today, and the way from day numbers to dates. Day 0 is today, -1 yesterday.
#[derive(Clone, Copy)]
pub(super) struct Calendar {
    now: i64,
    midnight: i64,
    today: Date,
}

impl Calendar {
    pub(super) fn new(now: Timestamp) -> Self {
        let seconds = now.as_second();
        let today = now.to_zoned(TimeZone::UTC).date();
        Self {
            now: seconds,
            midnight: seconds - seconds.rem_euclid(DAY),
            today,
        }
    }

    /// The date of a day number.
    pub(super) fn date(&self, day: i64) -> Date {
        self.today.saturating_add(Span::new().days(day))
    }

    /// The day number of a date.
    pub(super) fn day(&self, date: Date) -> i64 {
        i64::from((date - self.today).get_days())
    }

    /// The day on which an order of so many years ends that begins on `start`.
    pub(super) fn years_after(&self, start: i64, years: u32) -> i64 {
        self.day(self.date(start).saturating_add(i64::from(years).years()))
    }

    /// A moment of a day, at `second` of it. What would lie in the future is moved into the part of today that is
    /// over, so that two moments keep their order.
    pub(super) fn at(&self, day: i64, second: i64) -> Timestamp {
        let at = if day >= 0 {
            self.midnight + second.rem_euclid(DAY) * (self.now - self.midnight) / DAY
        } else {
            self.midnight + day * DAY + second
        };
        Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// A moment in the future (or past) that nothing clips.
    pub(super) fn ahead(&self, day: i64, second: i64) -> Timestamp {
        Timestamp::from_second(self.midnight + day * DAY + second).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Seconds after now.
    pub(super) fn soon(&self, seconds: i64) -> Timestamp {
        Timestamp::from_second(self.now + seconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A second of the day at which people work.
pub(super) fn office_hours(dice: &mut Dice) -> i64 {
    dice.between(7 * 3600, 18 * 3600)
}
