//! Wire to domain: texts get their meaning here, and what has no number of its own is left out.
//!
//! Dates are read leniently and are absent when they cannot be read; unknown statuses keep their text. Texts of the
//! account stay raw: the screen cleans what it draws.

mod account;
mod certificate;
mod domain;
mod list;
mod order;
mod organization;
mod product;
mod request;

pub use account::session;
pub use certificate::{certificate_row, certificate_rows};
pub use domain::{addresses, domain, expiring};
pub use list::{OrderList, OrderRows, PlainList};
pub use order::order;
pub use organization::{account_organization, validation};
pub use product::{limit, product};
pub use request::{RequestList, request};

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::certcentral::wire;
use crate::domain::ids::{ContainerId, OrganizationId, UserId};
use crate::domain::order::{Container, Organization, Person};
use crate::domain::product::ProductRef;
use crate::domain::text::is_upper_hex;

/// A moment: `2026-03-04T05:06:07+00:00`, with `Z`, with a space for the `T`, or without a zone, which is read as UTC.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse() {
        return Some(timestamp);
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        return Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp());
    }
    // `+0000` and `+00` without a colon.
    strtime::parse("%Y-%m-%dT%H:%M:%S%z", text)
        .and_then(|parsed| parsed.to_timestamp())
        .ok()
}

/// A day: `2026-08-18`, `09 JUN 2021`, or the day part of a moment as it is written, never shifted by a zone.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Some(day) = text.get(..10).and_then(|day| day.parse().ok()) {
        return Some(day);
    }
    strtime::parse("%d %b %Y", text)
        .and_then(|parsed| parsed.to_date())
        .ok()
}

fn moment(text: Option<&str>) -> Option<Timestamp> {
    text.and_then(timestamp)
}

fn day(text: Option<&str>) -> Option<Date> {
    text.and_then(date)
}

/// Upper-case hex without colons, spaces or a `0x`.
pub fn hex(text: &str) -> Cow<'_, str> {
    // As it mostly comes.
    if is_upper_hex(text) {
        return text.into();
    }
    let text = text.trim();
    let text = text.strip_prefix("0x").unwrap_or(text);
    let digits = text.chars().filter(|c| !matches!(c, ':' | ' ' | '-'));
    digits.collect::<String>().to_ascii_uppercase().into()
}

/// A serial number as hex; `None` for what stands in its place while there is none, such as `N/A` or zeros: two
/// certificates with the same of those are not the same.
pub fn serial(text: &str) -> Option<Cow<'_, str>> {
    let serial = hex(text);
    let is_number = !serial.is_empty() && is_upper_hex(&serial);
    let same = |digit: u8| serial.bytes().all(|other| other == digit);
    (is_number && !same(b'0') && !(same(b'F') && serial.len() > 2)).then_some(serial)
}

/// A number that is no `0`, which some payloads send for none, and not larger than what the store takes (an `i64`).
pub fn some_id(id: Option<u64>) -> Option<u64> {
    id.filter(|id| (1..=i64::MAX as u64).contains(id))
}

fn person(person: wire::common::Person) -> Option<Person> {
    let name = full_name(person.first_name, person.last_name);
    let email = person.email.unwrap_or_default();
    let id = some_id(person.id).map(UserId);
    (id.is_some() || !name.is_empty() || !email.is_empty()).then_some(Person { id, name, email })
}

fn full_name(first: Option<String>, last: Option<String>) -> String {
    let parts: Vec<String> = first.into_iter().chain(last).collect();
    parts.join(" ")
}

fn organization(named: wire::common::Named) -> Option<Organization> {
    let place: Vec<String> = [named.city, named.state, named.country]
        .into_iter()
        .flatten()
        .collect();
    let name = named.name.or(named.display_name).unwrap_or_default();
    let id = some_id(named.id).map(OrganizationId);
    (id.is_some() || !name.is_empty()).then(|| Organization {
        id,
        name,
        place: (!place.is_empty()).then(|| place.join(", ")),
    })
}

fn container(named: wire::common::Named) -> Container {
    Container {
        id: some_id(named.id).map(ContainerId),
        name: named.name.unwrap_or_default(),
    }
}

fn product_ref(product: Option<wire::common::ProductRef>, name_id: Option<String>) -> ProductRef {
    let product = product.unwrap_or_default();
    let name_id = product.name_id.or(name_id).unwrap_or_default();
    ProductRef {
        name: product.name.unwrap_or_else(|| name_id.clone()),
        name_id,
        kind: product.kind.unwrap_or_default(),
        validation: product.validation_type.map(|text| text.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_in_several_spellings() {
        let expected: Timestamp = "2026-03-04T05:06:07Z".parse().unwrap();
        for text in [
            "2026-03-04T05:06:07+00:00",
            "2026-03-04T05:06:07Z",
            "2026-03-04T05:06:07.000Z",
            "2026-03-04T06:06:07+01:00",
            "2026-03-04T05:06:07+0000",
            "2026-03-04T05:06:07",
            "2026-03-04 05:06:07",
        ] {
            assert_eq!(timestamp(text), Some(expected), "{text}");
        }
        assert_eq!(timestamp(""), None);
        assert_eq!(timestamp("soon"), None);
    }

    #[test]
    fn days_are_never_shifted() {
        let expected = jiff::civil::date(2026, 8, 18);
        for text in [
            "2026-08-18",
            "2026-08-18T23:59:59-07:00",
            "2026-08-18 00:00:00",
            "18 AUG 2026",
            "18 Aug 2026",
        ] {
            assert_eq!(date(text), Some(expected), "{text}");
        }
        assert_eq!(date(""), None);
        assert_eq!(date("0000-00-00"), None);
    }

    #[test]
    fn serials_lose_their_colons() {
        assert_eq!(hex(" 0a:1B 2c "), "0A1B2C");
        assert_eq!(serial(" 0x0a:1B 2c ").as_deref(), Some("0A1B2C"));
        for none in [
            "",
            "0",
            "00:00:00:00",
            "N/A",
            "none",
            "PENDING",
            "-",
            "unknown",
            "FFFFFFFF",
            "…",
        ] {
            assert_eq!(serial(none), None, "{none}");
        }
    }
}
