//! What organizations are validated for.

use super::{day, moment};
use crate::certcentral::wire::organization::Validation as Wire;
use crate::domain::organization::Validation;

/// A validation; `None` when it does not say what for. An end that is told as a day lasts to the end of that day.
pub fn validation(wire: Wire) -> Option<Validation> {
    let until = wire.validated_until.as_deref();
    let end_of_day = |day: jiff::civil::Date| {
        let zoned = day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC);
        Some(zoned.ok()?.timestamp())
    };
    Some(Validation {
        kind: wire.kind?.to_lowercase(),
        status: wire.status.unwrap_or_default().to_lowercase(),
        until: match until {
            Some(text) if text.contains(':') => moment(until),
            _ => day(until).and_then(end_of_day),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lasts_to_its_end() {
        let until = |text: &str| {
            let wire = Wire {
                kind: Some("OV".into()),
                validated_until: Some(text.into()),
                ..Wire::default()
            };
            validation(wire).unwrap().until.unwrap().to_string()
        };
        assert_eq!(until("2027-01-01"), "2027-01-01T23:59:59Z");
        assert_eq!(until("2027-01-01T08:00:00+00:00"), "2027-01-01T08:00:00Z");
        assert_eq!(validation(Wire::default()), None);
    }
}
