//! Fields of an order that nothing is made of here: those that order info shows again, and those whose type is all that is
//! looked at.

use super::super::body::{Body, Read};
use super::super::error::ApiError;
use crate::sandbox::model::Wishes;
use crate::sandbox::tables::{Family, Product};

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

/// Reads what is shown again, and checks the rest.
pub fn wishes(product: &Product, body: &Body) -> Result<Wishes, ApiError> {
    match product.family {
        Family::PublicTls | Family::PrivateTls => of_tls(body)?,
        Family::Document => of_document_signing(body)?,
        Family::Vmc => of_mark(body)?,
        Family::CodeSigning | Family::Client | Family::SecureEmail => {}
    }
    if let Some(contact) = body.object("organization_contact")? {
        person(&contact)?;
    }
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

/// Checks the types of a person's particulars.
pub fn person(body: &Body) -> Result<(), ApiError> {
    for name in ["first_name", "last_name", "job_title"] {
        body.text(name)?;
    }
    for name in ["telephone", "telephone_extension"] {
        body.text_or_number(name)?;
    }
    body.address("email")?;
    Ok(())
}

fn of_tls(body: &Body) -> Result<(), ApiError> {
    for entry in body.objects("dcv_emails")? {
        entry.text("dns_name")?;
        entry.text("email_domain")?;
        entry.address("email")?;
    }
    match body.object("technical_contact")? {
        Some(contact) => person(&contact),
        None => Ok(()),
    }
}

fn of_document_signing(body: &Body) -> Result<(), ApiError> {
    body.flag("use_org_as_common_name")?;
    body.flag("csa_agreed_to")?;
    let Some(subject) = body.object("subject")? else {
        return Ok(());
    };
    subject.text("name")?;
    subject.text("job_title")?;
    subject.text_or_number("phone")?;
    subject.address("email")?;
    Ok(())
}

fn of_mark(body: &Body) -> Result<(), ApiError> {
    let Some(mark) = body.object("vmc")? else {
        return Ok(());
    };
    mark.flag("enable_hosting")?;
    for name in [
        "logo",
        "mark_type",
        "trademark_country_code",
        "trademark_registration_number",
        "mark_type_data.country_code",
        "mark_type_data.registration_number",
        "mark_type_data.state_province",
        "mark_type_data.locality",
        "mark_type_data.citation",
    ] {
        mark.text(name)?;
    }
    Ok(())
}
