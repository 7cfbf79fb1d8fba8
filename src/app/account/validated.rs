//! Whether a validation still holds when a certificate is reissued, as numbers: of 100,000 orders with their names all are asked.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::rows::Day;
use crate::domain::dcv::Domain;
use crate::domain::organization::{AccountOrganization, Validation};
use crate::domain::plan::AHEAD;

/// The validation that a certificate needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Level {
    Ov,
    Ev,
}

impl Level {
    /// By the word that the API has for it.
    pub(in crate::app) fn parse(kind: &str) -> Option<Self> {
        match kind {
            "ov" => Some(Self::Ov),
            "ev" => Some(Self::Ev),
            _ => None,
        }
    }
}

/// When a validation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    /// Its last day, as rows hold days.
    last: u32,
    /// The last day of a certificate that is replaced while it holds.
    covers: u32,
}

impl End {
    const NEVER: Self = Self {
        last: u32::MAX,
        covers: u32::MAX,
    };
    const OVER: Self = Self { last: 0, covers: 0 };

    fn at(until: Timestamp) -> Self {
        let day = until.to_zoned(TimeZone::UTC).date();
        Self {
            last: Day::number_of(day),
            covers: Day::number_of(day.saturating_add(AHEAD.days())),
        }
    }
}

/// Until when something is validated, by [`Level`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Validated([End; 2]);

impl Validated {
    /// How long the proof of control over a domain may be used again.
    pub(in crate::app) fn domain(domain: &Domain) -> Self {
        if domain.proved.is_none() {
            return Self([End::OVER; 2]);
        }
        let until = |of_level: Option<Timestamp>| match of_level.or(domain.proved_until) {
            Some(until) => End::at(until),
            None => End::NEVER,
        };
        Self([until(domain.ov_until), until(domain.ev_until)])
    }

    /// How long what is known of an organization may be used again.
    pub(in crate::app) fn organization(organization: &AccountOrganization) -> Self {
        let until = |kind: &str| {
            let of_kind = organization.validations.iter();
            let done = of_kind.filter(|one| one.kind == kind && one.status == "active");
            let end = |one: &Validation| one.until.map_or(End::NEVER, End::at);
            done.map(end)
                .max_by_key(|end| end.last)
                .unwrap_or(End::OVER)
        };
        Self([until("ov"), until("ev")])
    }

    /// Whether it holds when a certificate that ends on this day is replaced, both days as rows hold them.
    pub(in crate::app) fn holds(self, level: Level, ends: u32, today: u32) -> bool {
        let end = self.0[level as usize];
        end.covers >= ends && end.last >= today
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DomainId;
    use jiff::civil::date;
    use rstest::rstest;

    #[rstest]
    #[case::long_after("2027-06-01", true)]
    #[case::on_the_day_of_the_reissue("2026-12-24", true)]
    #[case::the_day_before("2026-12-23", false)]
    #[case::over("2026-11-19", false)]
    fn a_validation_has_to_last_until_the_reissue(#[case] until: &str, #[case] holds: bool) {
        let at = |day: &str| Some(format!("{day}T12:00:00Z").parse().unwrap());
        let domain = Domain {
            proved: at("2026-06-01"),
            ov_until: at(until),
            ..Domain::new(DomainId(1), "example.net")
        };
        let ends = Day::number_of(date(2026, 12, 31));
        let today = Day::number_of(date(2026, 11, 20));
        let validated = Validated::domain(&domain);
        assert_eq!(validated.holds(Level::Ov, ends, today), holds);
        assert!(
            validated.holds(Level::Ev, ends, today),
            "no end of that is told"
        );
        // What is overdue is reissued today.
        let overdue = Day::number_of(date(2026, 11, 21));
        let lasts = until >= "2026-11-20";
        assert_eq!(validated.holds(Level::Ov, overdue, today), lasts);
    }

    #[test]
    fn what_was_never_validated_holds_for_nothing() {
        let domain = Domain::new(DomainId(1), "example.net");
        assert!(!Validated::domain(&domain).holds(Level::Ov, 1, 0));
    }
}
