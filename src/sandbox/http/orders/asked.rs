//! The `certificate` object and the length of time in a body, which order, reissue and duplicate share.

use super::super::body::{Body, Read};
use super::super::dates::read_end;
use super::super::error::ApiError;
use super::mail::{self, Work};
use super::types;
use crate::sandbox::model::{DcvMethod, Length, ProvisioningMethod, ShipInfo};
use crate::sandbox::rules::{Asked, Refusal};
use crate::sandbox::tables::{Family, Platform, Product};

/// Reads `certificate`, and what some products have beside it.
pub fn asked(product: &Product, work: Work, body: &Body) -> Result<Asked, ApiError> {
    const EMAILS: &str = "certificate.emails";
    types::check(body)?;
    let has_emails = matches!(product.family, Family::Client | Family::SecureEmail);
    let emails = if has_emails {
        body.addresses(EMAILS)?
    } else {
        body.texts(EMAILS)?
    };
    let common_name = body.text("certificate.common_name")?;
    let individual = if product.family == Family::Document {
        full_name(body)?
    } else {
        None
    };
    Ok(Asked {
        common_name: common_name
            .map(|name| name.trim().to_owned())
            .or(individual),
        dns_names: body.texts("certificate.dns_names")?,
        emails: emails.unwrap_or_default(),
        csr: body.text("certificate.csr")?,
        signature_hash: body.text("certificate.signature_hash")?,
        server_platform: platform(body)?,
        ca_cert_id: body.text("certificate.ca_cert_id")?,
        profile_option: body.text("certificate.profile_option")?,
        rsassa_pss: body.flag("certificate.is_rsassa_pss")?,
        mail: mail::details(product, work, body)?,
        validity: length(body, "certificate.cert_validity")?,
    })
}

/// The person whom a document signing certificate is for.
fn full_name(body: &Body) -> Read<String> {
    for path in ["individual", "certificate.individual"] {
        if let Some(individual) = body.object(path)? {
            let first = individual.text("first_name")?;
            let last = individual.text("last_name")?;
            let names: Vec<String> = first.into_iter().chain(last).collect();
            return Ok(Some(names.join(" ")).filter(|name| !name.is_empty()));
        }
    }
    Ok(None)
}

/// Reads `certificate.server_platform`; its id is required within it, and 0 is "none" of clients in typed languages.
fn platform(body: &Body) -> Read<i64> {
    const PLATFORM: &str = "certificate.server_platform";
    let Some(platform) = body.object(PLATFORM)? else {
        return Ok(None);
    };
    let id = platform.must("id", platform.integer("id")?)?;
    if id != 0 && Platform::by_id(id).is_none() && !(1..=999).contains(&id) {
        return Err(platform.invalid("id"));
    }
    Ok(Some(id).filter(|id| *id != 0))
}

/// Reads `{years | days | custom_expiration_date}` at a path: the date overrides the days, the days the years.
pub fn length(body: &Body, path: &str) -> Read<Length> {
    let Some(object) = body.object(path)? else {
        return Ok(None);
    };
    let said = first_said(&object, &["custom_expiration_date", "days", "years"])?;
    Ok(said.map(|(length, _)| length))
}

/// The first of these fields that says a length, and its name. Fields called `days` and `years` count, others are dates.
/// Clients in typed languages send 0 for a form that they do not use; where no other form is used, it is refused.
pub fn first_said<'a>(body: &Body, paths: &[&'a str]) -> Read<(Length, &'a str)> {
    let mut said = None;
    let mut zero = None;
    for path in paths {
        let length = if path.ends_with("days") {
            body.count(path)?.map(Length::Days)
        } else if path.ends_with("years") {
            body.count(path)?.map(Length::Years)
        } else {
            date(body, path)?
        };
        match length {
            Some(Length::Days(0) | Length::Years(0)) => zero = zero.or(Some(*path)),
            Some(length) => said = said.or(Some((length, *path))),
            None => {}
        }
    }
    match (said, zero) {
        (None, Some(path)) => Err(body.invalid(path)),
        (said, _) => Ok(said),
    }
}

/// Reads a last day.
pub fn date(body: &Body, path: &str) -> Read<Length> {
    body.word(path, |text| read_end(text).map(Length::Until))
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

/// Reads a word that is one of these.
pub fn one_of(body: &Body, path: &str, known: &[&str]) -> Read<String> {
    body.word(path, |text| known.contains(&text).then(|| text.to_owned()))
}

/// Reads `payment_method`.
pub fn payment_method(body: &Body) -> Read<String> {
    one_of(body, "payment_method", &PAYMENT)
}

/// Reads `ship_info`.
pub fn ship_info(body: &Body) -> Read<ShipInfo> {
    let Some(ship) = body.object("ship_info")? else {
        return Ok(None);
    };
    ship.require(&["name", "addr1", "city", "state", "zip", "country", "method"])?;
    let text = |name: &str| Ok::<_, ApiError>(ship.text(name)?.unwrap_or_default());
    Ok(Some(ShipInfo {
        name: text("name")?,
        addr1: text("addr1")?,
        addr2: ship.text("addr2")?,
        city: text("city")?,
        state: text("state")?,
        zip: ship.text_or_number("zip")?.unwrap_or_default(),
        country: text("country")?,
        method: one_of(&ship, "method", &SHIPPING)?.unwrap_or_default(),
    }))
}

/// Reads `cs_provisioning_method`; `none` is shown on old orders, not taken on new ones.
pub fn provisioning(body: &Body) -> Read<ProvisioningMethod> {
    body.word("cs_provisioning_method", |text| {
        ProvisioningMethod::parse(text).filter(|method| *method != ProvisioningMethod::None)
    })
}

/// Reads `dcv_method`.
pub fn dcv_method(body: &Body) -> Read<DcvMethod> {
    body.word("dcv_method", DcvMethod::parse)
}

/// Checks what says how domains are validated; see the module's notes for what the scope does not change. Returns whether
/// a request token of the account's AuthKey proves them.
pub fn dcv_wishes(body: &Body) -> Result<bool, ApiError> {
    one_of(body, "certificate_dcv_scope", &["base_domain", "fqdn"])?;
    body.flag("use_auth_key")
}

/// `invalid_value:<path>`.
pub fn invalid(path: &str) -> ApiError {
    ApiError::Refused(Refusal::InvalidValue(path.to_owned()))
}
