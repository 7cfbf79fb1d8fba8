//! The JSON types of what only some products read: a field of another type is refused whatever the product makes of it.

use super::super::body::Body;
use super::super::error::ApiError;

const TEXTS: [&str; 21] = [
    "certificate.common_name_indicator",
    "certificate.profile_type",
    "certificate.usage_designation.primary_usage",
    "certificate.individual.country",
    "certificate.individual.pseudonym",
    "individual.country",
    "individual.pseudonym",
    "profile_type",
    "subject.job_title",
    "subject.name",
    "subject.pseudonym",
    "subject.serial_number",
    "vmc.logo",
    "vmc.mark_type",
    "vmc.mark_type_data.citation",
    "vmc.mark_type_data.country_code",
    "vmc.mark_type_data.locality",
    "vmc.mark_type_data.registration_number",
    "vmc.mark_type_data.state_province",
    "vmc.trademark_country_code",
    "vmc.trademark_registration_number",
];
const LISTS: [&str; 2] = [
    "certificate.usage_designation.additional_usages",
    "certificate.user_principle_name",
];
const FLAGS: [&str; 6] = [
    "csa_agreed_to",
    "subject.include_email",
    "subject.include_given_name_surname",
    "subject.include_pseudonym",
    "use_org_as_common_name",
    "vmc.enable_hosting",
];
/// The documentation does not say on which level the individual of document signing stands.
const PEOPLE: [&str; 4] = [
    "certificate.individual",
    "individual",
    "organization_contact",
    "technical_contact",
];

/// Checks the types in an order, a reissue or a duplicate.
pub fn check(body: &Body) -> Result<(), ApiError> {
    for path in TEXTS {
        body.text(path)?;
    }
    for path in LISTS {
        body.texts(path)?;
    }
    for path in FLAGS {
        body.flag(path)?;
    }
    body.text_or_number("subject.phone")?;
    body.address("subject.email")?;
    for path in PEOPLE {
        if let Some(contact) = body.object(path)? {
            person(&contact)?;
        }
    }
    for entry in body.objects("dcv_emails")? {
        entry.text("dns_name")?;
        entry.text("email_domain")?;
        entry.address("email")?;
    }
    Ok(())
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
