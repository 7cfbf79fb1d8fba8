//! Dates as typed and as the API wants them: `yyyy-MM-dd` for a duplicate, `dd MMM YYYY` for a reissue.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

/// Reads `2026-07-01` or `01 JUL 2026`; says what is wrong otherwise.
pub fn parse(text: &str) -> Result<Date, String> {
    let text = text.trim();
    let parts: Vec<&str> = text.split('-').collect();
    let numbers = match parts[..] {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            (digits(year), digits(month), digits(day))
        }
        _ => {
            let words: Vec<&str> = text.split_whitespace().collect();
            match words[..] {
                [day, month, year] if year.len() == 4 && day.len() <= 2 => {
                    let month = MONTHS
                        .iter()
                        .position(|name| name.eq_ignore_ascii_case(month))
                        .and_then(|place| i16::try_from(place + 1).ok());
                    (digits(year), month, digits(day))
                }
                _ => (None, None, None),
            }
        }
    };
    let (Some(year), Some(month), Some(day)) = numbers else {
        return Err(format!("{text} is not a date; write it as 2026-07-01"));
    };
    i8::try_from(month)
        .ok()
        .zip(i8::try_from(day).ok())
        .and_then(|(month, day)| Date::new(year, month, day).ok())
        .ok_or_else(|| format!("{text} is no day of the calendar"))
}

fn digits(text: &str) -> Option<i16> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

/// `2026-07-01`, for people and for the duplicate endpoint.
pub fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `01 JUL 2026`, for the reissue endpoint.
pub fn spelled(date: Date) -> String {
    let month = usize::try_from(date.month() - 1)
        .ok()
        .and_then(|place| MONTHS.get(place))
        .unwrap_or(&"JAN");
    format!("{:02} {month} {:04}", date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn both_forms_are_read() {
        for text in ["2026-07-01", " 01 JUL 2026", "1 jul 2026"] {
            assert_eq!(parse(text), Ok(date(2026, 7, 1)), "{text}");
        }
        assert_eq!(iso(date(2026, 7, 1)), "2026-07-01");
        assert_eq!(spelled(date(2026, 6, 9)), "09 JUN 2026");
    }

    #[test]
    fn a_day_that_does_not_exist_is_told() {
        for text in ["2026-02-30", "2026-13-01", "2026-00-10", "31 APR 2026"] {
            assert!(
                parse(text).is_err_and(|why| why.contains("calendar")),
                "{text}"
            );
        }
        for text in [
            "",
            "tomorrow",
            "26-07-01",
            "2026/07/01",
            "+026-07-01",
            "2026-7-1",
        ] {
            assert!(
                parse(text).is_err_and(|why| why.contains("not a date")),
                "{text}"
            );
        }
    }
}
