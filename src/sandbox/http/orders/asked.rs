//! The `certificate` object and the length of time in a body, which order, reissue and duplicate share.

use super::super::body::Body;
use super::super::dates::read_day;
use super::super::error::ApiError;
use super::mail::{self, Work};
use crate::sandbox::model::{Length, ProvisioningMethod, ShipInfo};
use crate::sandbox::rules::{Asked, Refusal};
use crate::sandbox::tables::{Platform, Product};

/// Reads `certificate`, and what Secure Email has beside it.
pub fn asked(product: &Product, work: Work, body: &Body) -> Result<Asked, ApiError> {
    let server_platform = match body.get("certificate.server_platform") {
        Some(serde_json::Value::Object(_)) => body.integer("certificate.server_platform.id"),
        Some(_) => body.integer("certificate.server_platform"),
        None => None,
    }
    .filter(|id| *id != 0);
    if server_platform.is_some_and(|id| Platform::by_id(id).is_none() && !(1..=999).contains(&id)) {
        return Err(invalid("certificate.server_platform.id"));
    }
    if body.has("certificate.csr") && body.text("certificate.csr").is_none() {
        return Err(invalid("certificate.csr"));
    }
    Ok(Asked {
        common_name: body
            .text("certificate.common_name")
            .map(|name| name.trim().to_owned()),
        dns_names: body.texts("certificate.dns_names"),
        emails: body.texts("certificate.emails").unwrap_or_default(),
        csr: body.text("certificate.csr"),
        signature_hash: body.text("certificate.signature_hash"),
        server_platform,
        ca_cert_id: body.text("certificate.ca_cert_id"),
        profile_option: body.text("certificate.profile_option"),
        rsassa_pss: body.flag("certificate.is_rsassa_pss"),
        mail: mail::details(product, work, body)?,
        validity: length(body, "certificate.cert_validity")?,
    })
}

/// Reads `{years | days | custom_expiration_date}` at a path: the date overrides the days, the days the years.
pub fn length(body: &Body, path: &str) -> Result<Option<Length>, ApiError> {
    let at = |name: &str| format!("{path}.{name}");
    if let Some(until) = date(body, &at("custom_expiration_date"))? {
        return Ok(Some(until));
    }
    if let Some(days) = count(body, &at("days"))? {
        return Ok(Some(Length::Days(days)));
    }
    Ok(count(body, &at("years"))?.map(Length::Years))
}

/// Reads a day.
pub fn date(body: &Body, path: &str) -> Result<Option<Length>, ApiError> {
    match body.text(path) {
        None => Ok(None),
        Some(text) => read_day(&text)
            .map(|day| Some(Length::Until(day)))
            .ok_or_else(|| invalid(path)),
    }
}

/// Reads a count of years or days; 0 is the same as none.
pub fn count(body: &Body, path: &str) -> Result<Option<u32>, ApiError> {
    if !body.has(path) {
        return Ok(None);
    }
    match body.integer(path).map(u32::try_from) {
        Some(Ok(0)) => Ok(None),
        Some(Ok(count)) => Ok(Some(count)),
        Some(Err(_)) | None => Err(invalid(path)),
    }
}

/// How a token may be sent.
const SHIPPING: [&str; 2] = ["STANDARD", "EXPEDITED"];
/// How an order may be paid.
const PAYMENT: [&str; 5] = [
    "balance",
    "card",
    "profile",
    "subscription",
    "wire_transfer",
];

/// Reads `payment_method`.
pub fn payment_method(body: &Body) -> Result<Option<String>, ApiError> {
    match body.text("payment_method") {
        Some(text) if !PAYMENT.contains(&text.as_str()) => Err(invalid("payment_method")),
        other => Ok(other),
    }
}

/// Reads `ship_info`.
pub fn ship_info(body: &Body) -> Result<Option<ShipInfo>, ApiError> {
    if !body.has("ship_info") {
        return Ok(None);
    }
    body.require(&[
        "ship_info.name",
        "ship_info.addr1",
        "ship_info.city",
        "ship_info.state",
        "ship_info.zip",
        "ship_info.country",
        "ship_info.method",
    ])?;
    let text = |name: &str| body.text(&format!("ship_info.{name}")).unwrap_or_default();
    if !SHIPPING.contains(&text("method").as_str()) {
        return Err(invalid("ship_info.method"));
    }
    Ok(Some(ShipInfo {
        name: text("name"),
        addr1: text("addr1"),
        addr2: body.text("ship_info.addr2"),
        city: text("city"),
        state: text("state"),
        zip: text("zip"),
        country: text("country"),
        method: text("method"),
    }))
}

/// Reads `cs_provisioning_method`.
pub fn provisioning(body: &Body) -> Result<Option<ProvisioningMethod>, ApiError> {
    match body.text("cs_provisioning_method") {
        None => Ok(None),
        // `none` is shown on old orders, not taken on new ones.
        Some(text) => ProvisioningMethod::parse(&text)
            .filter(|method| *method != ProvisioningMethod::None)
            .map(Some)
            .ok_or_else(|| invalid("cs_provisioning_method")),
    }
}

/// Reads `dcv_method`.
pub fn dcv_method(body: &Body) -> Result<Option<crate::sandbox::model::DcvMethod>, ApiError> {
    match body.text("dcv_method") {
        None => Ok(None),
        Some(text) => crate::sandbox::model::DcvMethod::parse(&text)
            .map(Some)
            .ok_or_else(|| invalid("dcv_method")),
    }
}

/// Refuses a `certificate_dcv_scope` that does not exist; see the module's notes for what it does not change.
pub fn dcv_scope(body: &Body) -> Result<(), ApiError> {
    match body.text("certificate_dcv_scope").as_deref() {
        None | Some("base_domain" | "fqdn") => Ok(()),
        Some(_) => Err(invalid("certificate_dcv_scope")),
    }
}

/// `invalid_value:<path>`.
pub fn invalid(path: &str) -> ApiError {
    ApiError::Refused(Refusal::InvalidValue(path.to_owned()))
}
