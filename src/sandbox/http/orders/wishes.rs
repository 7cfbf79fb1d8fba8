//! Fields of an order that nothing is made of here but that order info shows them again.

use super::super::body::{Body, Read};
use super::super::error::ApiError;
use crate::sandbox::model::Wishes;

/// Languages of mails: those that the documentation itself comes in. The spelling of variants is not documented, so all are
/// taken that are in use.
const LOCALES: [&str; 18] = [
    "en", "de", "es", "fr", "it", "ja", "ko", "pt", "pt_br", "ru", "zh", "zh_cn", "zh_tw",
    "zh_hans", "zh_hant", "en_us", "en_gb", "fr_ca",
];

/// Reads `locale`.
pub fn locale(body: &Body) -> Read<String> {
    body.word("locale", |text| {
        let known = text.to_ascii_lowercase().replace('-', "_");
        LOCALES.contains(&known.as_str()).then(|| text.to_owned())
    })
}

/// Reads what is shown again.
pub fn wishes(body: &Body) -> Result<Wishes, ApiError> {
    Ok(Wishes {
        organization_units: body
            .texts("certificate.organization_units")?
            .unwrap_or_default(),
        custom_renewal_message: body.text("custom_renewal_message")?,
        locale: locale(body)?,
        apply_cr_discount: body.flag("apply_cr_discount")?,
        replaced_serial: body.text("serial_number")?,
    })
}
