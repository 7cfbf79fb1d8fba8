//! Calendar dates as people type them and as the API's endpoints want them: two spellings of the same idea.
//!
//! `yyyy-MM-dd` is what orders and duplicates take; a reissue's `custom_expiration_date` is `dd MMM YYYY` with the English
//! month in capitals (`09 JUN 2021`). Both fields are silently cut or refused far away, so a date that does not exist is
//! told here.

use crate::domain::text;
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// It does not have the form.
    #[error("{text:?} is not a date: use {form}")]
    Form {
        text: String,
        /// The form, as an example.
        form: &'static str,
    },
    /// There is no such month.
    #[error("there is no month {0}: months are 01 to 12")]
    NoSuchMonth(i64),
    /// There is no such day.
    #[error("{month} {year} has {}, there is no {day}.", text::days(*days as usize))]
    NoSuchDay {
        /// The day that was asked for.
        day: i64,
        month: &'static str,
        year: i64,
        /// How many days the month has.
        days: i8,
    },
}

/// Reads `yyyy-MM-dd`, checked against the calendar.
pub fn parse_iso(text: &str) -> Result<Date, DateError> {
    let form = || DateError::Form {
        text: text.trim().to_owned(),
        form: "2026-07-01 (year-month-day)",
    };
    let mut parts = text.trim().split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(form());
    };
    let number = |part: &str, length| digits(part, length).ok_or_else(form);
    checked(
        number(year, 4..=4)?,
        number(month, 1..=2)?,
        number(day, 1..=2)?,
    )
}

/// Writes `yyyy-MM-dd`.
pub fn print_iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// Reads `dd MMM YYYY` with the English month in three letters, any case, checked against the calendar.
pub fn parse_reissue(text: &str) -> Result<Date, DateError> {
    let form = || DateError::Form {
        text: text.trim().to_owned(),
        form: "09 JUN 2026 (day, English month, year)",
    };
    let mut parts = text.split_whitespace();
    let (Some(day), Some(month), Some(year), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(form());
    };
    let position = MONTHS
        .iter()
        .position(|known| known.eq_ignore_ascii_case(month));
    let month = position.ok_or_else(form)? as i64 + 1;
    let number = |part: &str, length| digits(part, length).ok_or_else(form);
    checked(number(year, 4..=4)?, month, number(day, 1..=2)?)
}

/// Writes `dd MMM YYYY`: `09 JUN 2026`.
pub fn print_reissue(date: Date) -> String {
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    format!("{:02} {month} {:04}", date.day(), date.year())
}

/// Reads either spelling, whichever it is.
pub fn parse(text: &str) -> Result<Date, DateError> {
    if text.trim().contains(char::is_whitespace) {
        parse_reissue(text)
    } else {
        parse_iso(text)
    }
}

/// Reads `UTCTime` (tag 0x17) and `GeneralizedTime` (0x18) of a certificate into UTC: also without seconds, with fractions of
/// them, with an offset. `None` when it is none.
pub(crate) fn parse_asn1(tag: u8, content: &[u8]) -> Option<DateTime> {
    let text = std::str::from_utf8(content).ok()?;
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = text.split_at(count);
    let (year, rest) = match tag {
        0x17 if (10..14).contains(&count) => {
            let year: i16 = digits[..2].parse().ok()?;
            // RFC 5280, 4.1.2.5.1.
            (
                if year >= 50 { 1900 + year } else { 2000 + year },
                &digits[2..],
            )
        }
        // Some wrote the long form under the short one's tag.
        0x17 | 0x18 if count == 14 => (digits[..4].parse().ok()?, &digits[4..]),
        0x18 if count >= 10 => (digits[..4].parse().ok()?, &digits[4..]),
        _ => return None,
    };
    if rest.len() % 2 != 0 || rest.len() > 10 {
        return None;
    }
    let two = |at: usize| {
        rest.get(at..at + 2)
            .map_or(Some(0), |two| two.parse::<i8>().ok())
    };
    // A leap second is the last one that a clock here shows.
    let second = two(8)?.min(59);
    let time = DateTime::new(year, two(0)?, two(2)?, two(4)?, two(6)?, second, 0).ok()?;
    let zone = zone.trim_start_matches(|c: char| c == '.' || c == ',' || c.is_ascii_digit());
    let minutes = match zone.split_at_checked(1) {
        None | Some(("Z", "")) => 0,
        Some((sign @ ("+" | "-"), offset)) if offset.len() == 4 => {
            let hours: i64 = offset[..2].parse().ok()?;
            let minutes: i64 = offset[2..].parse().ok()?;
            (hours * 60 + minutes) * if sign == "+" { 1 } else { -1 }
        }
        Some(_) => return None,
    };
    time.checked_sub(SignedDuration::from_mins(minutes)).ok()
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<i64> {
    let fits = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// `year` has four digits, `day` and `month` at most two.
fn checked(year: i64, month: i64, day: i64) -> Result<Date, DateError> {
    if !(1..=12).contains(&month) {
        return Err(DateError::NoSuchMonth(month));
    }
    let first = Date::constant(year as i16, month as i8, 1);
    let days = first.days_in_month();
    if !(1..=i64::from(days)).contains(&day) {
        return Err(DateError::NoSuchDay {
            day,
            month: MONTH_NAMES[month as usize - 1],
            year,
            days,
        });
    }
    Ok(Date::constant(year as i16, month as i8, day as i8))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_spellings_are_read_as_they_are_written() {
        assert_eq!(parse_iso(" 2026-07-01 "), Ok(date(2026, 7, 1)));
        assert_eq!(parse_reissue("9 Jun  2026"), Ok(date(2026, 6, 9)));
        assert_eq!(print_reissue(date(2026, 6, 9)), "09 JUN 2026");
        assert_eq!(parse("09 JUN 2026"), parse("2026-06-09"));
    }

    #[test]
    fn what_the_calendar_does_not_have_is_told() {
        let told = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            told("2027-02-29"),
            "February 2027 has 28 days, there is no 29."
        );
        assert_eq!(
            told("31 APR 2026"),
            "April 2026 has 30 days, there is no 31."
        );
        assert_eq!(
            told("2026-13-01"),
            "there is no month 13: months are 01 to 12"
        );
        assert_eq!(parse("2028-02-29"), Ok(date(2028, 2, 29)));
        for text in [
            "",
            "01.07.2026",
            "07/01/2026",
            "2026-7-1-1",
            "26-07-01",
            "09 JUIN 2026",
            "+026-07-01",
            "２０２６-07-01",
        ] {
            assert!(matches!(parse(text), Err(DateError::Form { .. })), "{text}");
        }
    }

    #[test]
    fn dates_of_certificates_are_read_in_every_form_they_are_written_in() {
        for (tag, text, read) in [
            (0x17, "260301000000Z", Some("2026-03-01T00:00:00")),
            (0x17, "500101000000Z", Some("1950-01-01T00:00:00")),
            (0x17, "491231235959Z", Some("2049-12-31T23:59:59")),
            (0x17, "2603010000Z", Some("2026-03-01T00:00:00")),
            (0x17, "260301000000+0130", Some("2026-02-28T22:30:00")),
            (0x17, "260301003000-0030", Some("2026-03-01T01:00:00")),
            (0x17, "261231235960Z", Some("2026-12-31T23:59:59")),
            (0x18, "99991231235959Z", Some("9999-12-31T23:59:59")),
            (0x18, "00010101000000Z", Some("0001-01-01T00:00:00")),
            (0x18, "20260301000000.5Z", Some("2026-03-01T00:00:00")),
            (0x18, "2026030100Z", Some("2026-03-01T00:00:00")),
            (0x18, "20260301000000", Some("2026-03-01T00:00:00")),
            (0x17, "19020701025736Z", Some("1902-07-01T02:57:36")),
            (0x17, "260230000000Z", None),
            (0x17, "2603010000000Z", None),
            (0x18, "today", None),
            (0x18, "20260301000000x", None),
            (0x04, "260301000000Z", None),
        ] {
            let found = parse_asn1(tag, text.as_bytes()).map(|time| time.to_string());
            assert_eq!(found.as_deref(), read, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_date_comes_back(year in 1i16..=9999, day in 0i32..365) {
            let day = date(year, 1, 1).saturating_add(jiff::Span::new().days(day));
            prop_assert_eq!(parse_iso(&print_iso(day)), Ok(day));
            prop_assert_eq!(parse_reissue(&print_reissue(day)), Ok(day));
        }
    }
}
