//! Filter values: exact or "contains", one of several, dates and ranges of dates.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A text filter: `abc` is exact, `%abc` contains. Case does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextTest {
    Exact(String),
    /// A part of it.
    Contains(String),
}

impl TextTest {
    /// Reads a decoded value. A trailing `%` is dropped too.
    pub fn read(value: &str) -> Self {
        match value.strip_prefix('%') {
            Some(part) => Self::Contains(part.trim_end_matches('%').to_lowercase()),
            None => Self::Exact(value.to_lowercase()),
        }
    }

    /// Whether the text passes.
    pub fn passes(&self, text: &str) -> bool {
        match self {
            Self::Exact(wanted) if text.is_ascii() => text.eq_ignore_ascii_case(wanted),
            Self::Exact(wanted) => text.to_lowercase() == *wanted,
            Self::Contains(part) => text.to_lowercase().contains(part.as_str()),
        }
    }
}

/// A span of time, both ends included; `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeTest {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

const DAY: SignedDuration = SignedDuration::from_hours(24);
const INSTANT: SignedDuration = SignedDuration::from_nanos(1);

impl TimeTest {
    /// Reads `a...b`, `>a`, `>=a`, `<a`, `<=a` or `a`, in UTC or another zone. A day without a time means all of it: `>` begins
    /// after its end. `None`: not a time at all.
    pub fn read(value: &str, zone: &TimeZone) -> Option<Self> {
        let first = |text: &str| super::dates::read_time(text, zone).map(|(at, _)| at);
        let last = |text: &str| {
            let (at, timed) = super::dates::read_time(text, zone)?;
            Some(if timed {
                at
            } else {
                at.checked_add(DAY - INSTANT).unwrap_or(at)
            })
        };
        let after = |at: Timestamp| at.checked_add(INSTANT).unwrap_or(at);
        let before = |at: Timestamp| at.checked_sub(INSTANT).unwrap_or(at);
        if let Some((a, b)) = value.split_once("...") {
            return Some(Self {
                from: Some(first(a)?),
                until: Some(last(b)?),
            });
        }
        let (from, until) = if let Some(rest) = value.strip_prefix(">=") {
            (Some(first(rest)?), None)
        } else if let Some(rest) = value.strip_prefix("<=") {
            (None, Some(last(rest)?))
        } else if let Some(rest) = value.strip_prefix('>') {
            (Some(after(last(rest)?)), None)
        } else if let Some(rest) = value.strip_prefix('<') {
            (None, Some(before(first(rest)?)))
        } else {
            (Some(first(value)?), Some(last(value)?))
        };
        Some(Self { from, until })
    }

    /// Whether an instant passes.
    pub fn passes(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at <= until)
    }

    /// Whether a day passes (its noon does).
    pub fn passes_day(&self, day: Date) -> bool {
        day.at(12, 0, 0, 0)
            .to_zoned(TimeZone::UTC)
            .is_ok_and(|noon| self.passes(noon.timestamp()))
    }

    /// Both ends.
    pub fn ends(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        (self.from, self.until)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_percent_sign_means_contains() {
        assert!(TextTest::read("%SHOP").passes("www.shop.example"));
        assert!(!TextTest::read("shop").passes("www.shop.example"));
        assert!(TextTest::read("Shop.example").passes("shop.example"));
    }

    #[test]
    fn days_pass_whole() {
        let read = |text| TimeTest::read(text, &TimeZone::UTC).unwrap();
        let day = date(2024, 6, 15);
        for text in [
            "2024-06-15",
            "2024-06-01...2024-06-15",
            ">2024-06-14",
            "<2024-06-16",
            ">=2024-06-15",
            "<=2024-06-15",
        ] {
            assert!(read(text).passes_day(day), "{text}");
        }
        for text in [
            "2024-06-14",
            ">2024-06-15",
            "<2024-06-15",
            "2024-06-16...2024-07-01",
        ] {
            assert!(!read(text).passes_day(day), "{text}");
        }
        assert_eq!(TimeTest::read("soon", &TimeZone::UTC), None);
    }
}
