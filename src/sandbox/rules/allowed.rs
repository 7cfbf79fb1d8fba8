//! What a container's custom limits leave of a product: hashes, intermediates, lengths (API notes, "Product limits"). They bind
//! orders, reissues and duplicates alike.

use jiff::Timestamp;

use super::{Asked, Refusal, dcv};
use crate::sandbox::model::{Account, ContainerLimit, Length, ProvisioningMethod, Role};
use crate::sandbox::tables::{Family, Product, SignatureHash, Validation};

/// The limit for users of this role; one for the role itself wins over one for everybody (role 0).
pub fn limit<'a>(
    account: &'a Account,
    container_id: u64,
    product: &Product,
    role: Role,
) -> Option<&'a ContainerLimit> {
    let of = |role_id| {
        account
            .container(container_id)?
            .limits
            .iter()
            .find(|limit| limit.product_name_id == product.name_id && limit.role_id == role_id)
    };
    of(role.id()).or_else(|| of(0))
}

/// Whether an intermediate is left.
pub fn intermediate(limit: Option<&ContainerLimit>, id: &str) -> bool {
    limit
        .and_then(|limit| limit.allowed_intermediates.as_ref())
        .is_none_or(|ids| ids.iter().any(|ok| ok.eq_ignore_ascii_case(id)))
}

/// Whether a hash is left.
pub fn hash(limit: Option<&ContainerLimit>, hash: SignatureHash) -> bool {
    limit
        .and_then(|limit| limit.allowed_hashes.as_ref())
        .is_none_or(|ids| ids.iter().any(|ok| ok.eq_ignore_ascii_case(hash.id())))
}

/// Refuses a certificate whose length in years is not left.
pub fn lifetime(limit: Option<&ContainerLimit>, asked: &Asked) -> Result<(), Refusal> {
    let years = limit.and_then(|limit| limit.allowed_lifetimes.as_ref());
    within(years, asked.validity, "certificate.cert_validity.years")
}

/// Refuses an order whose length in years is not left; `field` is what named it.
pub fn order_lifetime(
    limit: Option<&ContainerLimit>,
    length: Option<Length>,
    field: &str,
) -> Result<(), Refusal> {
    let years = limit.and_then(|limit| limit.allowed_order_lifetimes.as_ref());
    within(years, length, field)
}

/// Profiles that every account has (glossary, "Certificate profile options"; the last one by a client).
const PROFILES: [&str; 3] = [
    "server_auth_only_eku",
    "server_client_auth_eku",
    "kdc_smart_card",
];

/// Refuses a profile that neither every account has nor this one.
pub fn profile(account: &Account, asked: &Asked) -> Result<(), Refusal> {
    match &asked.profile_option {
        Some(name)
            if !PROFILES.contains(&name.as_str()) && !account.profile_options.contains(name) =>
        {
            Err(Refusal::InvalidValue(
                "certificate.profile_option".to_owned(),
            ))
        }
        Some(_) | None => Ok(()),
    }
}

/// Mail providers whose addresses everybody can have.
const PROVIDERS: [&str; 14] = [
    "126.com",
    "163.com",
    "gmail.com",
    "googlemail.com",
    "icloud.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "naver.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "web.de",
];

/// Those that give addresses in many countries, by the name before the country's part.
const PROVIDERS_ABROAD: [&str; 9] = [
    "aol", "gmx", "hotmail", "live", "msn", "outlook", "yahoo", "yandex", "zoho",
];

fn is_provider(domain: &str) -> bool {
    let brand = psl::suffix(domain.as_bytes()).and_then(|suffix| {
        let rest = domain.len().checked_sub(suffix.as_bytes().len() + 1)?;
        domain.get(..rest)
    });
    PROVIDERS.contains(&domain) || brand.is_some_and(|brand| PROVIDERS_ABROAD.contains(&brand))
}

/// Refuses addresses of public mail providers on certificates of a business, unless the provider's domain is validated in the
/// account (page "Reissue certificate", `emails`).
pub fn providers(
    account: &Account,
    product: &Product,
    asked: &Asked,
    now: Timestamp,
) -> Result<(), Refusal> {
    let is_public = |address: &String| {
        let domain = dcv::mail_domain(address);
        is_provider(&domain) && !dcv::proven_on_account(account, &domain, now)
    };
    if product.validation == Validation::Smime && asked.emails.iter().any(is_public) {
        return Err(Refusal::InvalidValue("certificate.emails".to_owned()));
    }
    Ok(())
}

/// How a code signing certificate is delivered: as asked for, else as the order has it stored, else by the account's default.
/// What the account's preferences do not enable is refused where it is asked for, and passed over where it is stored (page
/// "Reissue certificate").
pub fn provisioning(
    account: &Account,
    product: &Product,
    asked: Option<ProvisioningMethod>,
    stored: Option<ProvisioningMethod>,
) -> Result<ProvisioningMethod, Refusal> {
    if product.family != Family::CodeSigning {
        return Ok(ProvisioningMethod::None);
    }
    let enabled = |method: &ProvisioningMethod| account.provisioning.contains(method);
    match asked {
        Some(method) if !enabled(&method) => {
            Err(Refusal::InvalidValue("cs_provisioning_method".to_owned()))
        }
        Some(method) => Ok(method),
        None => Ok(stored
            .filter(enabled)
            .or(account.provisioning.first().copied())
            .unwrap_or(ProvisioningMethod::Email)),
    }
}

fn within(left: Option<&Vec<u32>>, length: Option<Length>, field: &str) -> Result<(), Refusal> {
    match (left, length) {
        (Some(left), Some(Length::Years(years))) if !left.contains(&years) => {
            Err(Refusal::InvalidValue(field.to_owned()))
        }
        _ => Ok(()),
    }
}
