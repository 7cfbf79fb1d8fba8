//! Domains of the account. Their own `status` is deprecated; what counts is when control was proved and until when.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{date, moment, organization, some_id, timestamp};
use crate::certcentral::wire;
use crate::domain::dcv::{DcvMethod, Domain, DomainValidation};
use crate::domain::expiring::{DomainCounts, Expiring, OrderCounts};
use crate::domain::ids::DomainId;

/// A domain, from the list or in full; `None` without a number or a name.
pub fn domain(wire: wire::domains::Domain) -> Option<Domain> {
    let older_method = wire.dcv.iter().find_map(|dcv| dcv.method.clone());
    let invitations = wire.dcv.into_iter().flat_map(|dcv| dcv.dcv_invitations);
    let mut mailed: Vec<String> = Vec::new();
    for address in invitations.filter_map(|mail| mail.email) {
        if !mailed.contains(&address) {
            mailed.push(address);
        }
    }
    let token = wire.dcv_token.unwrap_or_default();
    // The nearest end counts: it is when the first kind of certificate needs a new proof.
    let ends = wire.dcv_expiration.unwrap_or_default();
    let exact = moment(wire.dcv_expiration_datetime.as_deref());
    let (ov_until, ev_until) = (
        end(ends.ov.as_deref(), exact),
        end(ends.ev.as_deref(), exact),
    );
    let nearest = || ov_until.into_iter().chain(ev_until).min();
    let proved_until = exact.or_else(nearest);
    let proved = wire
        .dcv_approval_datetime
        .or(ends.dcv_approval_date)
        .as_deref()
        .and_then(timestamp);
    let organization = wire.organization.and_then(organization);
    let (id, name) = (DomainId(some_id(wire.id)?), wire.name?);
    Some(Domain {
        is_active: wire.is_active.unwrap_or(true),
        method: wire
            .dcv_method
            .or(older_method)
            .as_deref()
            .map(DcvMethod::parse),
        token: token.token,
        verification: token.verification_value,
        file_url: token.http_token_url,
        token_status: token.status,
        token_until: moment(token.expiration_date.as_deref()),
        proved,
        proved_until,
        is_pending: wire.is_pending_validation,
        ov_until,
        ev_until,
        organization_id: organization.as_ref().and_then(|known| known.id),
        organization: organization.map(|known| known.name),
        validations: wire
            .validations
            .into_iter()
            .filter_map(|row| {
                Some(DomainValidation {
                    kind: row.kind?,
                    status: row.status.unwrap_or_default(),
                    until: moment(row.validated_until.as_deref()),
                })
            })
            .collect(),
        mailed,
        ..Domain::new(id, name)
    })
}

/// When a proof ends. A day is one of US Mountain time (*list domains*): the exact moment where that is on this day, else the
/// first of it, since validations end at midnight there.
fn end(text: Option<&str>, exact: Option<Timestamp>) -> Option<Timestamp> {
    let text = text?;
    if text.contains(':') {
        return timestamp(text);
    }
    let zone = TimeZone::get("America/Denver").unwrap_or(TimeZone::UTC);
    let day = date(text)?;
    let first = day.to_zoned(zone.clone()).ok()?.timestamp();
    let is_then = |at: &Timestamp| at.to_zoned(zone.clone()).date() == day;
    Some(exact.filter(is_then).unwrap_or(first))
}

/// How many domains and orders expire soon.
pub fn expiring(
    domains: &wire::domains::DomainCounts,
    orders: &wire::domains::ExpiringOrders,
) -> Expiring {
    let span = |days: i64| {
        let mut spans = orders.expiring_orders.iter();
        let span = spans.find(|span| span.days_expiring == Some(days))?;
        span.count.or(span.order_count)
    };
    Expiring {
        domains: DomainCounts {
            expired: domains.number_of_expired_domains,
            within_30: domains.number_of_domains_expiring_within_30_days,
            within_60: domains.number_of_domains_expiring_from_31_to_60_days,
            within_90: domains.number_of_domains_expiring_from_61_to_90_days,
        },
        orders: OrderCounts {
            lately: span(-7),
            within_30: span(30),
            within_60: span(60),
            within_90: span(90),
        },
    }
}

/// The addresses that mails for a domain go to, each once.
pub fn addresses(wire: wire::domains::DcvAddresses) -> Vec<String> {
    let all = wire.base_emails.into_iter();
    let all = all.chain(wire.whois_emails).chain(wire.dns_txt_emails);
    let mut addresses: Vec<String> = Vec::new();
    for address in all.filter(|address| !address.trim().is_empty()) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::moment("2026-12-11T03:00:00+00:00", None, "2026-12-11T03:00:00Z")]
    #[case::day_in_winter("2026-12-10", None, "2026-12-10T07:00:00Z")]
    #[case::day_in_summer("2026-06-10", None, "2026-06-10T06:00:00Z")]
    #[case::exact_on_that_day("2026-12-10", Some("2026-12-11T03:00:00Z"), "2026-12-11T03:00:00Z")]
    #[case::exact_of_another("2026-12-10", Some("2027-01-01T00:00:00Z"), "2026-12-10T07:00:00Z")]
    fn a_day_is_one_of_mountain_time(
        #[case] text: &str,
        #[case] exact: Option<&str>,
        #[case] expected: &str,
    ) {
        let exact = exact.map(|text| text.parse().unwrap());
        assert_eq!(end(Some(text), exact).unwrap().to_string(), expected);
    }
}
