//! How long a certificate may last: the dated table of public TLS, and the shortening of what was asked.
//!
//! A certificate's first day counts: 199 days from 1 February end on 18 August (API notes, list orders example).

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};

use super::Refusal;
use crate::sandbox::model::Length;
use crate::sandbox::tables::{Family, Product};

/// From this day on, so many days for a public TLS certificate. 2026: documented. 2027 and 2029: foreseen.
const PUBLIC_TLS: [(Date, u32); 5] = [
    (date(2000, 1, 1), 825),
    (date(2020, 9, 1), 397),
    (date(2026, 2, 24), 199),
    (date(2027, 3, 1), 99),
    (date(2029, 3, 1), 46),
];

/// Most days a public TLS certificate that is issued on `today` may last.
pub fn public_tls_days(today: Date) -> u32 {
    PUBLIC_TLS
        .iter()
        .rev()
        .find(|(from, _)| *from <= today)
        .map_or(825, |(_, days)| *days)
}

/// Most days a certificate of this family may last when issued on `today`.
pub fn most_days(family: Family, today: Date) -> u32 {
    match family {
        Family::PublicTls => public_tls_days(today),
        Family::Vmc => 397,
        Family::CodeSigning => 459,
        Family::Client | Family::SecureEmail => 825,
        Family::PrivateTls | Family::Document => 1095,
    }
}

/// The last day of so many days, the first one counted.
pub fn last_of(first: Date, days: u32) -> Date {
    plus(first, i64::from(days.saturating_sub(1)).days())
}

/// The day that a length ends on when it begins on `first`. A year ends on the same day of the next year.
pub fn end_of(first: Date, length: Length) -> Date {
    match length {
        Length::Years(years) => plus(first, i64::from(years.min(100)).years()),
        Length::Days(days) => last_of(first, days.min(100_000)),
        Length::Until(day) => day,
    }
}

/// Where an order or a reissue names the certificate's last day.
pub const CERTIFICATE_END: &str = "certificate.cert_validity.custom_expiration_date";

/// A certificate cannot end before it begins. What is too long is shortened elsewhere, not refused.
pub fn not_past(today: Date, asked: Option<Length>, field: &str) -> Result<(), Refusal> {
    match asked {
        Some(Length::Until(day)) if day < today => Err(Refusal::InvalidValue(field.to_owned())),
        Some(Length::Until(_) | Length::Years(_) | Length::Days(_)) | None => Ok(()),
    }
}

/// Most days that the length of one certificate may be asked for (page "Reissue certificate"). What is longer than the industry
/// allows today is shortened; what is longer than this is refused.
const MOST_ASKED: u32 = 397;

/// Refuses a length of a certificate that nobody can ask for.
pub fn askable(family: Family, today: Date, asked: Option<Length>) -> Result<(), Refusal> {
    let Some(asked) = asked else { return Ok(()) };
    let (field, is_whole) = match asked {
        Length::Years(_) => ("certificate.cert_validity.years", true),
        Length::Days(_) => ("certificate.cert_validity.days", false),
        Length::Until(_) => (CERTIFICATE_END, false),
    };
    let is_short = family != Family::PublicTls || is_whole || at_most(asked, today, MOST_ASKED);
    if is_short && fits(family, today, asked) {
        Ok(())
    } else {
        Err(Refusal::InvalidValue(field.to_owned()))
    }
}

/// Longest order, in years.
const MOST_YEARS: i16 = 3;

/// Whether an order of the product may have this length: at least a day and at most three years.
pub fn orderable(product: &Product, today: Date, length: Length) -> bool {
    let last = plus(today, MOST_YEARS.years().days(1));
    fits(product.family, today, length)
        && match length {
            Length::Years(years) => (1..=product.max_order_years).contains(&years),
            Length::Days(days) => (1..=1096).contains(&days),
            Length::Until(day) => day > today && day <= last,
        }
}

/// Whether the family has this length, of a certificate and of an order alike: code signing lasts as long as one certificate may, and
/// marks have no length but whole years.
fn fits(family: Family, today: Date, length: Length) -> bool {
    match family {
        Family::CodeSigning => at_most(length, today, most_days(family, today)),
        Family::Vmc => matches!(length, Length::Years(_)),
        Family::PublicTls
        | Family::PrivateTls
        | Family::Client
        | Family::SecureEmail
        | Family::Document => true,
    }
}

fn at_most(length: Length, today: Date, days: u32) -> bool {
    match length {
        Length::Years(years) => years.saturating_mul(365) <= days,
        Length::Days(asked) => asked <= days,
        Length::Until(day) => day <= plus(today, i64::from(days).days()),
    }
}

/// A certificate may not be asked to outlast an order whose length is asked for as well. A year and 365 days count as equal.
pub fn within_order(
    today: Date,
    asked: Option<Length>,
    order: Option<Length>,
) -> Result<(), Refusal> {
    match (asked, order) {
        (Some(asked), Some(order))
            if end_of(today, asked) > plus(end_of(today, order), 1.days()) =>
        {
            Err(Refusal::LongerThanOrder)
        }
        _ => Ok(()),
    }
}

/// The last day of a certificate: what was asked, never beyond the family's limit or the order's end. Too long is
/// shortened, not refused (seed "Duplicate certificate").
pub fn certificate_end(
    family: Family,
    first: Date,
    asked: Option<Length>,
    order_till: Date,
) -> Date {
    let limit = last_of(first, most_days(family, first)).min(order_till);
    asked
        .map_or(limit, |length| end_of(first, length).min(limit))
        .max(first)
}

fn plus(day: Date, span: Span) -> Date {
    day.checked_add(span).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_follows_the_day_of_issue() {
        for (day, days) in [
            (date(2020, 8, 31), 825),
            (date(2026, 2, 23), 397),
            (date(2026, 2, 24), 199),
            (date(2027, 3, 1), 99),
            (date(2030, 1, 1), 46),
        ] {
            assert_eq!(public_tls_days(day), days, "{day}");
        }
    }

    #[test]
    fn what_was_asked_is_shortened_to_the_limit_and_to_the_order() {
        let first = date(2026, 3, 1);
        let far = date(2029, 3, 1);
        let end = |asked, till| certificate_end(Family::PublicTls, first, asked, till);
        assert_eq!(end(None, far), date(2026, 9, 15));
        assert_eq!(end(Some(Length::Years(1)), far), date(2026, 9, 15));
        assert_eq!(end(Some(Length::Days(30)), far), date(2026, 3, 30));
        assert_eq!(
            end(Some(Length::Until(date(2026, 5, 1))), far),
            date(2026, 5, 1)
        );
        assert_eq!(end(None, date(2026, 4, 1)), date(2026, 4, 1));
        assert_eq!(
            certificate_end(Family::PrivateTls, first, Some(Length::Years(1)), far),
            date(2027, 3, 1)
        );
    }

    #[test]
    fn a_certificate_of_february_ends_where_the_example_of_the_notes_does() {
        assert_eq!(last_of(date(2026, 2, 1), 199), date(2026, 8, 18));
    }
}
