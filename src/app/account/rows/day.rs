//! A date in three bytes, one side by side with the other: of 100,000 rows each has three.

use jiff::civil::Date;

/// A date of a row, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Day([u8; 3]);

/// No date has this number.
const NONE: u32 = 0xff_ffff;

/// Years are from -9999 on.
const FIRST_YEAR: u32 = 9999;

impl Day {
    /// The number of a date, as rows hold it.
    pub(in crate::app) fn number_of(date: Date) -> u32 {
        let year = (i32::from(date.year()) + FIRST_YEAR as i32) as u32;
        (year * 12 + date.month() as u32 - 1) * 31 + date.day() as u32 - 1
    }

    /// A number that grows with the date, below 2^23; `None` where there is none.
    pub(in crate::app) fn number(self) -> Option<u32> {
        let [low, middle, high] = self.0;
        let number = u32::from_le_bytes([low, middle, high, 0]);
        (number != NONE).then_some(number)
    }

    /// The date.
    pub(in crate::app) fn date(self) -> Option<Date> {
        let number = self.number()?;
        let (year, rest) = (number / 372, number % 372);
        let year = year as i16 - FIRST_YEAR as i16;
        Date::new(year, (rest / 31 + 1) as i8, (rest % 31 + 1) as i8).ok()
    }
}

impl From<Option<Date>> for Day {
    fn from(date: Option<Date>) -> Self {
        let [low, middle, high, _] = date.map_or(NONE, Self::number_of).to_le_bytes();
        Self([low, middle, high])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan as _;
    use proptest::prelude::*;

    #[test]
    fn the_first_and_the_last_day_are_kept() {
        for date in [None, Some(Date::MIN), Some(Date::MAX), Some(Date::ZERO)] {
            assert_eq!(Day::from(date).date(), date);
        }
    }

    proptest! {
        #[test]
        fn days_are_kept_and_keep_their_order(one in -4_371_000..2_932_000_i32, later in 1..800_i32) {
            let epoch = jiff::civil::date(1970, 1, 1);
            let at = |days: i32| epoch.saturating_add(days.days());
            let (one, two) = (at(one), at(one + later));
            prop_assert_eq!(Day::from(Some(one)).date(), Some(one));
            prop_assert!(one == two || Day::from(Some(one)).number() < Day::from(Some(two)).number());
        }
    }
}
