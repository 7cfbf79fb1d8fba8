//! Products as the account may order them.

use super::order::platform;
use crate::certcentral::wire;
use crate::domain::draft::limits::Limit;
use crate::domain::product::{Choice, Ica, Product, ProductRef};

/// A product of the list or in full; `None` when it has no identifier.
pub fn product(wire: wire::product::Product) -> Option<Product> {
    let name_id = wire.name_id?;
    let hashes = wire.signature_hash_types.unwrap_or_default();
    let order_years = match wire.max_multi_year_order_validity_years {
        Some(most) if wire.allowed_order_validity_years.is_empty() => {
            (1..=most.min(10) as u32).collect()
        }
        _ => years(&wire.allowed_order_validity_years),
    };
    Some(Product {
        product: ProductRef {
            name: wire.name.unwrap_or_else(|| name_id.clone()),
            name_id,
            kind: wire.kind.unwrap_or_default(),
            validation: wire.validation_type.map(|text| text.to_lowercase()),
        },
        group: wire.group_name.unwrap_or_default(),
        duplicates_allowed: wire.duplicates_allowed,
        additional_names: wire.additional_dns_names_allowed,
        hashes: hashes
            .allowed_hash_types
            .into_iter()
            .filter_map(|hash| {
                let id = hash.id?.to_lowercase();
                let name = hash.name.unwrap_or_else(|| id.clone());
                Some(Choice { id, name })
            })
            .collect(),
        default_hash: hashes.default_hash_type_id.map(|id| id.to_lowercase()),
        icas: wire
            .allowed_ca_certs
            .into_iter()
            .filter_map(|ca| {
                let id = ca.id?;
                Some(Ica {
                    name: ca.name.unwrap_or_else(|| id.clone()),
                    id,
                    chain: ca.chain_info.unwrap_or_default(),
                })
            })
            .collect(),
        platforms: wire
            .server_platforms
            .into_iter()
            .filter_map(platform)
            .collect(),
        validity_years: years(&wire.allowed_validity_years),
        order_validity_years: order_years,
        custom_expiration: wire.custom_expiration_date_allowed,
        auto_renew: wire.allow_auto_renew,
        csr_required: wire.csr_required,
        containers: wire.allowed_container_ids,
    })
}

/// A limit of a container; `None` when it names no product.
pub fn limit(wire: wire::product::ProductLimit) -> Option<Limit> {
    let numbers = |years: &[String]| {
        let numbers = years.iter().filter_map(|text| text.parse().ok());
        self::years(&numbers.collect::<Vec<f64>>())
    };
    Some(Limit {
        product: wire.product_name_id?,
        role: wire.role_id.unwrap_or_default(),
        years: numbers(&wire.allowed_lifetimes),
        order_years: numbers(&wire.allowed_order_lifetimes),
        hashes: wire.allowed_hashes,
        icas: wire.allowed_intermediates,
        auto_renew: wire.allow_auto_renew,
        auto_reissue: wire.allow_auto_reissue,
        wildcards: wire.allowed_wildcards,
    })
}

/// Whole years only: parts of years come from products that have no such choice. And no more than a life: what is
/// reckoned with them has to stay within the calendar.
fn years(years: &[f64]) -> Vec<u32> {
    let whole = years
        .iter()
        .filter(|years| years.fract() == 0.0 && (1.0..=100.0).contains(*years));
    whole.map(|years| *years as u32).collect()
}
