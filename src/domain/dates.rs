//! Calendar dates as people type them and as the API's endpoints want them: two spellings of the same idea.
//!
//! `yyyy-MM-dd` is what orders and duplicates take; a reissue's `custom_expiration_date` is `dd MMM YYYY` with the English
//! month in capitals (`09 JUN 2021`). Both fields are silently cut or refused far away, so a date that does not exist is
//! told here.

use jiff::civil::Date;

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
    #[error("{text:?} is not a date: write it as {form}")]
    Form {
        /// What was typed.
        text: String,
        /// The form, as an example.
        form: &'static str,
    },
    /// There is no such month.
    #[error("there is no month {0}: months are 01 to 12")]
    NoSuchMonth(i64),
    /// There is no such day.
    #[error("{month} {year} has {days} days, there is no {day}.")]
    NoSuchDay {
        /// The day that was asked for.
        day: i64,
        /// The month's name.
        month: &'static str,
        /// The year.
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

    proptest! {
        #[test]
        fn every_date_comes_back(year in 1i16..=9999, day in 0i32..365) {
            let day = date(year, 1, 1).saturating_add(jiff::Span::new().days(day));
            prop_assert_eq!(parse_iso(&print_iso(day)), Ok(day));
            prop_assert_eq!(parse_reissue(&print_reissue(day)), Ok(day));
        }
    }
}
