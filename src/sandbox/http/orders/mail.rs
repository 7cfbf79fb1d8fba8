//! The fields of Secure Email orders and reissues: which are needed, and what they may say.

use super::super::body::Body;
use super::super::error::ApiError;
use super::asked::one_of;
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
    if product.family == Family::Client && product.name_id != "class1_smime" {
        // An older client sends none.
        body.word("certificate.common_name_indicator", |word| {
            NameSource::parse(word).filter(|source| PERSON.contains(source))
        })?;
    }
    if product.family != Family::SecureEmail {
        return Ok(None);
    }
    let sponsor = product.name_id == "secure_email_sponsor";
    let mailbox = product.name_id == "secure_email_mailbox";
    let with_source = sponsor || product.name_id == "secure_email_organization";
    let mut needed = vec![PRIMARY];
    if with_source {
        needed.push("certificate.common_name_indicator");
    }
    body.require(&needed)?;
    let name_source = if with_source {
        body.word("certificate.common_name_indicator", |word| {
            NameSource::parse(word).filter(|source| sources(sponsor).contains(source))
        })?
    } else {
        body.text("certificate.common_name_indicator")?;
        None
    };
    if sponsor {
        body.require(individual(work, name_source, body)?)?;
    }
    let primary_usage = body.must(PRIMARY, body.word(PRIMARY, PrimaryUsage::parse)?)?;
    let text = |counts: bool, path: &str, most: usize| {
        let text = body.text(path)?.filter(|_| counts);
        match text {
            Some(text) if text.chars().count() > most => Err(body.invalid(path)),
            text => Ok(text),
        }
    };
    let of_sponsor = |path: &str, most: usize| text(sponsor, path, most);
    let person = sponsor || product.name_id == "secure_email_individual";
    let pseudonym = text(person, "certificate.individual.pseudonym", 128)?;
    let with_pseudonym = body.flag("subject.include_pseudonym")?;
    let subject_pseudonym = of_sponsor("subject.pseudonym", 128)?
        .or_else(|| pseudonym.clone().filter(|_| with_pseudonym));
    let profile_type = profile_type(body)?;
    Ok(Some(Box::new(MailDetails {
        name_source,
        first_name: text(person, "certificate.individual.first_name", 64)?,
        last_name: text(person, "certificate.individual.last_name", 64)?,
        pseudonym,
        primary_usage,
        additional_usages: additional_usages(profile_type.as_deref(), body)?,
        user_principal_name: principal_name(sponsor, profile_type.as_deref(), body)?,
        profile_type,
        serial_number: of_sponsor("subject.serial_number", 100)?,
        job_title: of_sponsor("subject.job_title", 128)?,
        subject_pseudonym,
        // The page "Reissue certificate" names the other three products.
        include_email: body.flag("subject.include_email")? && !mailbox,
        include_names: body.flag("subject.include_given_name_surname")? && sponsor,
    })))
}

/// Where the common name of a client certificate comes from (page "Order client certificate").
const PERSON: [NameSource; 2] = [NameSource::GivenNameSurname, NameSource::Pseudonym];

const PRIMARY: &str = "certificate.usage_designation.primary_usage";

/// The uses beside the primary one; the profile `strict` has no other than the first.
fn additional_usages(profile_type: Option<&str>, body: &Body) -> Result<Vec<String>, ApiError> {
    const PATH: &str = "certificate.usage_designation.additional_usages";
    const KNOWN: [&str; 3] = ["non_repudiation", "client_auth", "data_encipherment"];
    let known = if profile_type == Some("strict") {
        &KNOWN[..1]
    } else {
        &KNOWN
    };
    match body.texts(PATH)? {
        Some(usages) if !usages.iter().all(|usage| known.contains(&usage.as_str())) => {
            Err(body.invalid(PATH))
        }
        usages => Ok(usages.unwrap_or_default()),
    }
}

/// Where the common name may come from (S/MIME Baseline Requirements, 7.1.4.2.2): a person's is no organization's, and the other way round.
fn sources(sponsor: bool) -> &'static [NameSource] {
    if sponsor {
        &[
            NameSource::Email,
            NameSource::GivenNameSurname,
            NameSource::Pseudonym,
        ]
    } else {
        &[NameSource::Email, NameSource::Organization]
    }
}

/// What the individual must be told by: the reissue page asks for what the source names, the order page also for a person behind
/// an address.
fn individual(
    work: Work,
    source: Option<NameSource>,
    body: &Body,
) -> Result<&'static [&'static str], ApiError> {
    const NAMES: &[&str] = &[
        "certificate.individual.first_name",
        "certificate.individual.last_name",
    ];
    let has_pseudonym = body.has("certificate.individual.pseudonym")?;
    Ok(match (source, work) {
        (Some(NameSource::GivenNameSurname), _) => NAMES,
        (Some(NameSource::Pseudonym), _) => &["certificate.individual.pseudonym"],
        (_, Work::Order) if !has_pseudonym => NAMES,
        (_, Work::Order | Work::Reissue) => &[],
    })
}

/// At most one, of at most 255 characters; the profile `strict` has names of mailboxes alone (S/MIME Baseline Requirements, 7.1.2.3).
fn principal_name(
    sponsor: bool,
    profile_type: Option<&str>,
    body: &Body,
) -> Result<Option<String>, ApiError> {
    const PATH: &str = "certificate.user_principle_name";
    let names = body.texts(PATH)?.filter(|_| sponsor).unwrap_or_default();
    match names.as_slice() {
        [] => Ok(None),
        [name] if name.chars().count() <= 255 && profile_type != Some("strict") => {
            Ok(Some(name.clone()))
        }
        _ => Err(body.invalid(PATH)),
    }
}

fn profile_type(body: &Body) -> Result<Option<String>, ApiError> {
    const KNOWN: [&str; 2] = ["strict", "multipurpose"];
    Ok(one_of(body, "certificate.profile_type", &KNOWN)?.or(one_of(body, "profile_type", &KNOWN)?))
}
