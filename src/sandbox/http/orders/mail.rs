//! The fields of Secure Email orders and reissues: which are needed, and what they may say.

use super::super::body::Body;
use super::super::error::ApiError;
use super::asked::invalid;
use crate::sandbox::model::{MailDetails, NameSource, PrimaryUsage};
use crate::sandbox::tables::{Family, Product};

/// Whether it is an order or a reissue: orders of `secure_email_sponsor` always need a name or a pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A new order.
    Order,
    /// A reissue.
    Reissue,
}

/// Reads them; `None` for other products, which ignore them.
pub fn details(
    product: &Product,
    work: Work,
    body: &Body,
) -> Result<Option<Box<MailDetails>>, ApiError> {
    if product.family != Family::SecureEmail {
        return Ok(None);
    }
    let sponsor = product.name_id == "secure_email_sponsor";
    let with_source = sponsor || product.name_id == "secure_email_organization";
    let mut needed = vec!["certificate.usage_designation.primary_usage"];
    if with_source {
        needed.push("certificate.common_name_indicator");
    }
    body.require(&needed)?;
    let name_source = match body
        .text("certificate.common_name_indicator")
        .filter(|_| with_source)
    {
        None => None,
        Some(word) => Some(
            NameSource::parse(&word).ok_or_else(|| invalid("certificate.common_name_indicator"))?,
        ),
    };
    if sponsor {
        body.require(individual(work, name_source, body))?;
    }
    let primary_usage = body
        .text("certificate.usage_designation.primary_usage")
        .and_then(|word| PrimaryUsage::parse(&word))
        .ok_or_else(|| invalid("certificate.usage_designation.primary_usage"))?;
    let of_sponsor = |path: &str, most: usize| match body.text(path).filter(|_| sponsor) {
        Some(text) if text.chars().count() > most => Err(invalid(path)),
        other => Ok(other),
    };
    let pseudonym = of_sponsor("certificate.individual.pseudonym", 128)?;
    let subject_pseudonym = of_sponsor("subject.pseudonym", 128)?.or_else(|| {
        pseudonym
            .clone()
            .filter(|_| body.flag("subject.include_pseudonym"))
    });
    Ok(Some(Box::new(MailDetails {
        name_source,
        first_name: of_sponsor("certificate.individual.first_name", 64)?,
        last_name: of_sponsor("certificate.individual.last_name", 64)?,
        pseudonym,
        primary_usage,
        additional_usages: body
            .texts("certificate.usage_designation.additional_usages")
            .unwrap_or_default(),
        user_principal_name: principal_name(sponsor, body)?,
        profile_type: profile_type(body)?,
        serial_number: of_sponsor("subject.serial_number", 100)?,
        job_title: of_sponsor("subject.job_title", 128)?,
        subject_pseudonym,
        include_email: body.flag("subject.include_email"),
        include_names: sponsor && body.flag("subject.include_given_name_surname"),
    })))
}

/// What the individual must be told by: the reissue page asks for what the source names, the order page also for a person behind
/// an address.
fn individual(work: Work, source: Option<NameSource>, body: &Body) -> &'static [&'static str] {
    const NAMES: &[&str] = &[
        "certificate.individual.first_name",
        "certificate.individual.last_name",
    ];
    match (source, work) {
        (Some(NameSource::GivenNameSurname), _) => NAMES,
        (Some(NameSource::Pseudonym), _) => &["certificate.individual.pseudonym"],
        (_, Work::Order) if !body.has("certificate.individual.pseudonym") => NAMES,
        (_, Work::Order | Work::Reissue) => &[],
    }
}

/// At most one, of at most 255 characters.
fn principal_name(sponsor: bool, body: &Body) -> Result<Option<String>, ApiError> {
    const PATH: &str = "certificate.user_principle_name";
    let names = body.texts(PATH).filter(|_| sponsor).unwrap_or_default();
    match names.as_slice() {
        [] => Ok(None),
        [name] if name.chars().count() <= 255 => Ok(Some(name.clone())),
        _ => Err(invalid(PATH)),
    }
}

fn profile_type(body: &Body) -> Result<Option<String>, ApiError> {
    let word = body
        .text("certificate.profile_type")
        .or_else(|| body.text("profile_type"));
    match word.as_deref() {
        None | Some("strict" | "multipurpose") => Ok(word),
        Some(_) => Err(invalid("certificate.profile_type")),
    }
}
