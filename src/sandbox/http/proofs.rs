//! How a domain's proof of control is shown: until when it counts, and by what it comes.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::dates::{day, stamp};
use crate::sandbox::model::Domain;

/// `dcv_expiration`. The list writes days of US Mountain time, unless `include_dcv_expiration_time` asks for moments of UTC
/// (documentation page "List domains").
pub fn expiration(domain: &Domain, as_moments: bool) -> Option<Value> {
    let until = domain.dcv.expires?;
    let text = if as_moments {
        stamp(until)
    } else {
        mountain_day(until)
    };
    Some(json!({ "ov": text, "ev": text }))
}

fn mountain_day(at: Timestamp) -> String {
    let zone = TimeZone::get("America/Denver").unwrap_or(TimeZone::UTC);
    day(at.to_zoned(zone).date())
}

/// Where the mails of a domain go.
pub fn mails(domain: &Domain) -> Value {
    let addresses: Vec<String> = [
        "admin",
        "administrator",
        "hostmaster",
        "postmaster",
        "webmaster",
    ]
    .iter()
    .map(|local| format!("{local}@{}", domain.name))
    .collect();
    json!({
        "name_scope": domain.name,
        "base_emails": addresses,
        "whois_emails": [],
    })
}
