//! The CAA records that decide for a name: those of the nearest name upwards that has any (RFC 8659, 3).

use std::net::IpAddr;

use hickory_resolver::proto::rr::{RData, RecordType};

use super::ask;
use super::resolver::Resolver;
use crate::domain::caa::{CaaRecord, CaaSet};
use crate::domain::names;

/// Climbs from the name up to the top-level domain. An alias is followed for its own question only: what is above its
/// target decides nothing.
pub(super) async fn look(resolver: &Resolver, name: &str) -> Result<Option<CaaSet>, String> {
    let plain = names::normalise(name);
    let plain = plain.strip_prefix("*.").unwrap_or(&plain);
    if plain.parse::<IpAddr>().is_ok() || plain.rsplit('.').next() == Some("onion") {
        return Ok(None);
    }
    let mut at = ask::name(plain)?;
    while !at.is_root() {
        let told = resolver.follow(&at, RecordType::CAA).await;
        let told = told.map_err(|untold| format!("{}: {}", ask::plain(&at), untold.words()))?;
        let records: Vec<CaaRecord> = told.records.iter().filter_map(record).collect();
        if !records.is_empty() {
            return Ok(Some(CaaSet {
                at: ask::plain(&told.at),
                records,
            }));
        }
        at = at.base_name();
    }
    Ok(None)
}

fn record(data: &RData) -> Option<CaaRecord> {
    match data {
        RData::CAA(caa) => Some(CaaRecord::new(caa.issuer_critical, &caa.tag, &caa.value)),
        _ => None,
    }
}
