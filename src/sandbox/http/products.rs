//! Products: list, info, platforms, prices.

use serde_json::{Map, Value, json};

use super::call::Call;
use super::desk::Desk;
use super::error::ApiError;
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::model::{Account, ContainerLimit};
use crate::sandbox::rules::{Refusal, allowed, material};
use crate::sandbox::tables::{Family, Names, PLATFORMS, PRODUCTS, Product, SignatureHash};

/// `GET /product`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let container = container(&account, call)?;
    let containers: Vec<u64> = account
        .containers
        .iter()
        .filter(|c| c.is_active)
        .map(|c| c.id)
        .collect();
    let products = PRODUCTS
        .iter()
        .map(|product| {
            let limit = allowed::limit(&account, container, product, call.actor.role);
            common(desk, product, limit)
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
    let account = desk.read();
    let container = container(&account, call)?;
    let limit = allowed::limit(&account, container, &product, call.actor.role);
    Ok(Reply::ok(
        common(desk, &product, limit)
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

/// The container whose settings count: the one named, or the caller's own.
fn container(account: &Account, call: &Call) -> Result<u64, ApiError> {
    let own = account.user(call.actor.user_id).map(|u| u.container_id);
    match call.query.number("container_id")? {
        None => Ok(own.unwrap_or(0)),
        Some(id) => match account.container(id) {
            Some(container) if container.is_active => Ok(id),
            Some(_) | None => Err(Refusal::NotFound("container").into()),
        },
    }
}

fn common(desk: &Desk, product: &Product, limit: Option<&ContainerLimit>) -> Object {
    let hashes: Vec<Value> = SignatureHash::allowed_for(product)
        .iter()
        .filter(|hash| allowed::hash(limit, **hash))
        .map(|hash| json!({ "id": hash.id(), "name": hash.name() }))
        .collect();
    let intermediates: Vec<Value> = material::allowed_intermediates(&desk.ca, product)
        .filter(|info| allowed::intermediate(limit, &info.id))
        .map(|info| json!({ "id": info.id, "name": info.name, "chain_info": info.chain_info }))
        .collect();
    let left = |years: Option<&Vec<u32>>, year: u32| years.is_none_or(|ok| ok.contains(&year));
    let years: Vec<u32> = (1..=product.max_order_years)
        .filter(|year| {
            left(
                limit.and_then(|l| l.allowed_order_lifetimes.as_ref()),
                *year,
            )
        })
        .collect();
    let lifetimes: Vec<u32> = std::iter::once(1)
        .filter(|year| left(limit.and_then(|l| l.allowed_lifetimes.as_ref()), *year))
        .collect();
    Object::new()
        .with("group_name", product.group)
        .with("name_id", product.name_id)
        .with("name", product.name)
        .with("type", product.kind)
        .maybe("validation_type", product.validation.id())
        .with("allowed_validity_years", lifetimes)
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
