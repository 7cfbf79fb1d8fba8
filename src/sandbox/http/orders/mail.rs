//! The fields of Secure Email orders and reissues, and those of them that other products have: which are needed, and what they may say.

use super::super::body::{Body, Read};
use super::super::error::ApiError;
use super::asked::one_of;
use crate::sandbox::model::{MailDetails, NameSource, PrimaryUsage};
use crate::sandbox::tables::{Family, Product};

/// Whether it is an order or a reissue: orders of `secure_email_sponsor` always need a name or a pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Order,
    Reissue,
}

/// Reads them; `None` for other products, of which a few hold their own words.
pub fn details(
    product: &Product,
    work: Work,
    body: &Body,
) -> Result<Option<Box<MailDetails>>, ApiError> {
    match product.family {
        Family::SecureEmail => {}
        Family::Client => return of_client(product, body).map(|()| None),
        Family::Document => return of_document(body).map(|()| None),
        Family::PublicTls | Family::PrivateTls | Family::CodeSigning | Family::Vmc => {
            return Ok(None);
        }
    }
    let sponsor = product.name_id == "secure_email_sponsor";
    let mailbox = product.name_id == "secure_email_mailbox";
    let with_source = sponsor || product.name_id == "secure_email_organization";
    let mut needed = vec![PRIMARY_USAGE];
    if with_source {
        needed.push(INDICATOR);
    }
    body.require(&needed)?;
    let source = if with_source {
        name_source(sources(sponsor), body)?
    } else {
        None
    };
    if sponsor {
        body.require(individual(work, source, body)?)?;
    }
    let primary_usage = body.must(
        PRIMARY_USAGE,
        body.word(PRIMARY_USAGE, PrimaryUsage::parse)?,
    )?;
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
        name_source: source,
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

const INDICATOR: &str = "certificate.common_name_indicator";

/// What the key is for.
pub const PRIMARY_USAGE: &str = "certificate.usage_designation.primary_usage";

/// Client certificates: a person's or a pseudonym's name (page "Order client certificate"), and of `class1_smime`, whose common name is the
/// address, any. All of it may be left out: an older client sends none.
fn of_client(product: &Product, body: &Body) -> Result<(), ApiError> {
    let known: &[NameSource] = if product.proves_addresses() {
        &NameSource::ALL
    } else {
        &[NameSource::GivenNameSurname, NameSource::Pseudonym]
    };
    name_source(known, body)?;
    body.word(PRIMARY_USAGE, PrimaryUsage::parse)?;
    let profile_type = profile_type(body)?;
    additional_usages(profile_type.as_deref(), body)?;
    Ok(())
}

/// Document signing: the key signs and does nothing else. What it signs is told by words of which the pages show examples alone.
fn of_document(body: &Body) -> Result<(), ApiError> {
    one_of(body, PRIMARY_USAGE, &["signing"])?;
    Ok(())
}

fn name_source(known: &[NameSource], body: &Body) -> Read<NameSource> {
    body.word(INDICATOR, |word| {
        NameSource::parse(word).filter(|source| known.contains(source))
    })
}

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
