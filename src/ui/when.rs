//! Dates for people: the day in UTC as the account means it, and how far away it is. Never local time.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::coverage::days_between;

/// `in 21 d`, `today`, `3 d ago`.
pub(crate) fn days(days: i32) -> String {
    match days {
        0 => "today".into(),
        1.. => format!("in {} d", thousands(days)),
        _ => format!("{} d ago", thousands(-days)),
    }
}

fn thousands(days: i32) -> String {
    super::text::count(days.unsigned_abs().into())
}

/// How far away a day is.
pub(crate) fn relative(date: Date, today: Date) -> String {
    days(days_between(today, date))
}

/// `2026-12-11 (in 21 d)`.
pub(crate) fn day(date: Date, today: Date) -> String {
    format!("{date} ({})", relative(date, today))
}

/// The day of a moment, UTC.
pub(crate) fn date_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// `2026-11-20 14:03 UTC`.
pub(crate) fn moment(at: Timestamp) -> String {
    let zoned = at.to_zoned(TimeZone::UTC);
    format!(
        "{} {:02}:{:02} UTC",
        zoned.date(),
        zoned.hour(),
        zoned.minute()
    )
}

/// `2026-11-20 14:03 UTC (3 d ago)`.
pub(crate) fn moment_ago(at: Timestamp, today: Date) -> String {
    format!("{} ({})", moment(at), relative(date_of(at), today))
}

/// `14:03 UTC` today, else the day.
pub(crate) fn short(at: Timestamp, today: Date) -> String {
    let zoned = at.to_zoned(TimeZone::UTC);
    if zoned.date() == today {
        format!("{:02}:{:02} UTC", zoned.hour(), zoned.minute())
    } else {
        zoned.date().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_told_in_words() {
        let today = date(2026, 11, 20);
        assert_eq!(relative(today, today), "today");
        assert_eq!(day(date(2026, 12, 11), today), "2026-12-11 (in 21 d)");
        assert_eq!(relative(date(2026, 11, 17), today), "3 d ago");
        assert_eq!(relative(date(2030, 1, 1), today), "in 1,138 d");
    }

    #[test]
    fn times_are_utc_and_say_so() {
        let at: Timestamp = "2026-11-20T23:30:00-05:00".parse().unwrap();
        assert_eq!(moment(at), "2026-11-21 04:30 UTC");
        assert_eq!(short(at, date(2026, 11, 21)), "04:30 UTC");
        assert_eq!(short(at, date(2026, 11, 22)), "2026-11-21");
    }
}
