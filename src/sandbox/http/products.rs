//! Products: list, info, platforms, prices.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::desk::Desk;
use super::error::ApiError;
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::rules::{Refusal, material};
use crate::sandbox::tables::{Family, Names, PLATFORMS, PRODUCTS, Product, SignatureHash};

/// `GET /product`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let containers: Vec<u64> = desk
        .read()
        .containers
        .iter()
        .filter(|c| c.is_active)
        .map(|c| c.id)
        .collect();
    let wanted = call.query.number("container_id");
    if wanted.is_some_and(|id| !containers.contains(&id)) {
        return Err(Refusal::NotFound("container").into());
    }
    let products = PRODUCTS
        .iter()
        .map(|product| {
            common(desk, product)
                .with("validation_name", product.validation.name())
                .with("validation_description", product.validation.description())
                .with("allowed_container_ids", containers.clone())
                .maybe("replacement_product_name_id", product.replacement)
                .into()
        })
        .collect();
    Ok(Reply::ok(Object::new().list("products", products)))
}

/// `GET /product/{name_id}`
pub fn info(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let product = Product::by_name_id(call.param(0)).ok_or(Refusal::NotFound("product"))?;
    let code_signing = product.family == Family::CodeSigning;
    let platforms: Vec<Value> = PLATFORMS
        .iter()
        .filter(|platform| platform.id == -1 || platform.code_signing == code_signing)
        .map(views::platform)
        .collect();
    Ok(Reply::ok(
        common(desk, &product)
            .with("duplicates_allowed", product.duplicates)
            .with(
                "additional_dns_names_allowed",
                !matches!(product.names, Names::None),
            )
            .with(
                "increased_compatibility_allowed",
                product.family == Family::PublicTls,
            )
            .with("custom_expiration_date_allowed", true)
            .with("allow_auto_renew", product.is_tls())
            .with("server_platforms", platforms)
            .with(
                "license_agreement",
                "This is the sandbox of certdeck. Its certificates are for tests alone.",
            ),
    ))
}

fn common(desk: &Desk, product: &Product) -> Object {
    let hashes: Vec<Value> = SignatureHash::allowed_for(product)
        .iter()
        .map(|hash| json!({ "id": hash.id(), "name": hash.name() }))
        .collect();
    let intermediates: Vec<Value> = material::allowed_intermediates(&desk.ca, product)
        .map(|info| json!({ "id": info.id, "name": info.name, "chain_info": info.chain_info }))
        .collect();
    let years: Vec<u32> = (1..=product.max_order_years).collect();
    Object::new()
        .with("group_name", product.group)
        .with("name_id", product.name_id)
        .with("name", product.name)
        .with("type", product.kind)
        .maybe("validation_type", product.validation.id())
        .with("allowed_validity_years", json!([1]))
        .with("allowed_order_validity_years", years)
        .with("max_multi_year_order_validity_years", product.max_order_years)
        .with(
            "signature_hash_types",
            json!({ "allowed_hash_types": hashes, "default_hash_type_id": SignatureHash::Sha256.id() }),
        )
        .with("allowed_ca_certs", intermediates)
        .with("csr_required", product.csr_required)
}

/// `GET /product/platform-certformat-mapping`
pub fn platform_formats() -> Reply {
    let mapping: Map<String, Value> = PLATFORMS
        .iter()
        .map(|platform| (platform.id.to_string(), json!(platform.format)))
        .collect();
    Reply::ok(json!({ "platform_certformat_mapping": mapping }))
}

/// `GET /product/pricing`
pub fn pricing() -> Reply {
    let products: Vec<Value> = PRODUCTS
        .iter()
        .map(|product| {
            let years: Map<String, Value> = (1..=u64::from(product.max_order_years))
                .map(|years| (years.to_string(), views::price(product.year_cents * years)))
                .collect();
            json!({ "name_id": product.name_id, "name": product.name, "currency": "USD", "prices": years })
        })
        .collect();
    Reply::ok(json!({ "products": products }))
}
