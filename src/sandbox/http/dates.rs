//! Dates as the API writes them (API notes, "Dates and times"), and as clients do.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::sandbox::model::Length;

/// `2026-03-04T05:06:07+00:00`.
pub fn stamp(at: Timestamp) -> String {
    let t = at.to_zoned(TimeZone::UTC).datetime();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+00:00",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minute(),
        t.second()
    )
}

/// `2026-03-04 05:06:07`, in UTC.
pub fn plain(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC)
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// `2026-08-18`.
pub fn day(date: Date) -> String {
    date.to_string()
}

/// Reads a `custom_expiration_date` in the two forms that are documented, `2026-07-01` (orders) and `09 JUN 2021` (reissues);
/// either is taken everywhere. Clients in typed languages write the whole date and time of ISO 8601, which counts as the day that it
/// names where it was written.
pub fn read_end(text: &str) -> Option<Date> {
    let text = text.trim();
    let is_day = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match text.split_at_checked(10) {
        Some((day, "")) if is_day(day) => day.parse().ok(),
        Some((day, time)) if is_day(day) && time.starts_with('T') && !time.ends_with(']') => {
            let is_whole = text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok();
            day.parse().ok().filter(|_| is_whole)
        }
        _ => Date::strptime("%d %b %Y", text).ok(),
    }
}

/// Reads a day or a time of UTC (or of `zone`): `2024-01-01`, `2024-01-01T00:00:00`, `2024-01-01 00:00:00`, with or without an
/// offset. The flag says whether a time was given.
pub fn read_time(text: &str, zone: &TimeZone) -> Option<(Timestamp, bool)> {
    let text = text.trim();
    // A decoder of query strings has turned the plus sign of an offset into a space.
    let with_offset = || {
        text.contains('T')
            .then(|| text.replacen(' ', "+", 1).parse())
    };
    if let Some(instant) = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| with_offset()?.ok())
    {
        return Some((instant, true));
    }
    if let Ok(date) = text.parse::<Date>()
        && text.len() == 10
    {
        return Some((date.to_zoned(zone.clone()).ok()?.timestamp(), false));
    }
    // The documentation joins day and time by a plus sign, which a decoder of query strings turns into a space.
    let time: DateTime = text.replacen([' ', '+'], "T", 1).parse().ok()?;
    Some((time.to_zoned(zone.clone()).ok()?.timestamp(), true))
}

/// The fields of a length: exactly one of `years`, `days`, `custom_expiration_date`.
pub fn length(length: Length) -> serde_json::Value {
    match length {
        Length::Years(years) => serde_json::json!({ "years": years }),
        Length::Days(days) => serde_json::json!({ "days": days }),
        Length::Until(until) => serde_json::json!({ "custom_expiration_date": day(until) }),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_is_documented_is_read_and_nothing_else() {
        let wanted = date(2021, 6, 9);
        for text in [
            "2021-06-09",
            "09 JUN 2021",
            "09 Jun 2021",
            "2021-06-09T10:00:00+00:00",
            "2021-06-09T23:22:11.1234567-11:00",
            "2021-06-09T00:00:00",
            "2021-06-09T10:00:00Z",
        ] {
            assert_eq!(read_end(text), Some(wanted), "{text}");
        }
        for text in [
            "soon",
            "06/09/2021",
            "09-JUN-2021",
            "20210609",
            "2021-06-31",
            "2021-06-09T",
            "2021-06-09Tnoon",
            "2021-06-09T25:00:00Z",
            "2021-06-09T10:00:00+02:00[Europe/Berlin]",
            "2021-06-09 10:00:00",
            "June 9, 2021",
        ] {
            assert_eq!(read_end(text), None, "{text}");
        }
        assert_eq!(stamp(Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00+00:00");
        let utc = TimeZone::UTC;
        assert_eq!(
            read_time("2024-01-01", &utc).map(|(_, timed)| timed),
            Some(false)
        );
        for text in [
            "2024-01-01T01:02:03",
            "2024-01-01 01:02:03",
            "2024-01-01+01:02:03",
            "2024-01-01T01:02:03Z",
            "2024-01-01T02:02:03+01:00",
            "2024-01-01T02:02:03 01:00",
        ] {
            assert_eq!(
                read_time(text, &utc),
                Some(("2024-01-01T01:02:03Z".parse().unwrap(), true)),
                "{text}"
            );
        }
    }
}
