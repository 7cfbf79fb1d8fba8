//! What organizations are validated for.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{day, moment, some_id};
use crate::certcentral::wire::organization::{
    Organization as WireOrganization, Validation as Wire,
};
use crate::domain::ids::OrganizationId;
use crate::domain::organization::{AccountOrganization, Validation};

/// A validation; `None` when it does not say what for. An end that is told as a day lasts to the end of that day.
pub fn validation(wire: Wire) -> Option<Validation> {
    let until = wire.validated_until.as_deref();
    Some(Validation {
        kind: wire.kind?.to_lowercase(),
        status: wire.status.unwrap_or_default().to_lowercase(),
        until: match until {
            Some(text) if text.contains(':') => moment(until),
            _ => end_of_day(until),
        },
    })
}

/// The last second of a day.
fn end_of_day(text: Option<&str>) -> Option<Timestamp> {
    let end = day(text)?.at(23, 59, 59, 0);
    Some(end.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// An organization of the account with what it is validated for; `None` without a number.
pub fn account_organization(wire: WireOrganization) -> Option<AccountOrganization> {
    let is_active = wire
        .is_active
        .unwrap_or(wire.status.as_deref() != Some("inactive"));
    Some(AccountOrganization {
        id: OrganizationId(some_id(wire.id)?),
        name: wire.name.or(wire.display_name).unwrap_or_default(),
        is_active,
        place: [wire.city, wire.state, wire.country]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        validations: wire
            .validations
            .into_iter()
            .filter_map(validation)
            .collect(),
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
