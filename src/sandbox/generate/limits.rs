//! How long a certificate might last when it was issued: the history that an old account shows.

use crate::sandbox::tables::Family;
use jiff::civil::{Date, date};

/// From this day on, so many days for a public TLS certificate (API notes, certificate lifetime limits).
const PUBLIC_TLS: [(Date, u32); 5] = [
    (date(2000, 1, 1), 825),
    (date(2020, 9, 1), 397),
    (date(2026, 2, 24), 199),
    (date(2027, 3, 1), 99),
    (date(2029, 3, 1), 46),
];

/// Most days a certificate of this family could last when issued on `today`.
pub(super) fn most_days(family: Family, today: Date) -> u32 {
    match family {
        Family::PublicTls => PUBLIC_TLS
            .iter()
            .rev()
            .find(|(from, _)| *from <= today)
            .map_or(825, |(_, days)| *days),
        Family::Vmc => 397,
        Family::CodeSigning => 459,
        Family::Client | Family::SecureEmail => 825,
        Family::PrivateTls | Family::Document => 1095,
    }
}
