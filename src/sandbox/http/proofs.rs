//! How a domain's proof of control is shown: until when it counts, and by what it comes.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::dates::{day, stamp};
use super::reply::Object;
use crate::sandbox::model::Domain;

/// `dcv_expiration`. The list writes days of US Mountain time, unless `include_dcv_expiration_time` asks for moments of UTC
/// (documentation page "List domains").
///
/// `reuse` is what `include_validation_reuse_status` asks for: whether a proof may still be used again, and since when it is
/// there. The words of the two states stand on no page; nothing was shortened since 2021.
pub fn expiration(domain: &Domain, as_moments: bool, reuse: Option<Timestamp>) -> Option<Value> {
    let text = |at| {
        if as_moments {
            stamp(at)
        } else {
            mountain_day(at)
        }
    };
    let until = domain.dcv.expires?;
    let object = Object::new()
        .with("ov", text(until))
        .with("ev", text(until));
    let Some(now) = reuse else {
        return Some(object.into());
    };
    let status = if domain.dcv.is_valid(now) {
        "valid"
    } else {
        "expired"
    };
    let object = object
        .with("ov_shortened", text(until))
        .with("ov_status", status)
        .with("ev_status", status)
        .maybe("dcv_approval_date", domain.dcv.approved.map(text));
    Some(object.into())
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
