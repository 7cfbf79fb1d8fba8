//! What a certificate says and may be used for, by its product: the CA/Browser Forum's requirements for TLS, extended validation, code
//! signing and S/MIME, and those of the mark authorities.

use jiff::Timestamp;
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;

use crate::sandbox::ca::{
    Hash, IssueRequest, MailKind, MailUse, Person, Policy, Profile, Registration, Subject,
};
use crate::sandbox::model::{
    Account, Certificate, MailDetails, NameSource, Order, Organization, PrimaryUsage,
};
use crate::sandbox::tables::{Family, Product, SignatureHash, Validation};

/// What the authority is asked to issue; the certificate lasts from the start of its first to the end of its last day, UTC.
pub fn request(
    account: &Account,
    order: &Order,
    certificate: &Certificate,
    public_key: Vec<u8>,
    (from, till): (Date, Date),
) -> IssueRequest {
    let organization = order
        .organization_id
        .and_then(|id| account.organization(id));
    let policy = policy(&order.product, certificate, organization.is_some());
    let common_name = match order.product.family {
        Family::CodeSigning | Family::Document | Family::Vmc => organization
            .map(|org| org.name.clone())
            .or_else(|| certificate.common_name.clone()),
        Family::PublicTls | Family::PrivateTls | Family::Client | Family::SecureEmail => {
            certificate
                .common_name
                .clone()
                .or_else(|| certificate.emails.first().cloned())
        }
    };
    let ascii = |names: &[String]| names.iter().filter(|n| n.is_ascii()).cloned().collect();
    IssueRequest {
        ica_id: certificate.ca_cert_id.to_string(),
        serial: certificate.serial.bytes(),
        public_key,
        common_name,
        dns_names: ascii(&certificate.dns_names),
        emails: ascii(&certificate.emails),
        organization: organization
            .filter(|_| names_organization(policy))
            .map(subject),
        person: person(account, order, certificate, policy),
        not_before: from
            .to_zoned(TimeZone::UTC)
            .map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp()),
        not_after: till
            .to_datetime(time(23, 59, 59, 0))
            .to_zoned(TimeZone::UTC)
            .map_or(Timestamp::MAX, |z| z.timestamp()),
        signature_hash: match certificate.signature_hash {
            SignatureHash::Sha1 | SignatureHash::Sha256 => Hash::Sha256,
            SignatureHash::Sha384 => Hash::Sha384,
            SignatureHash::Sha512 => Hash::Sha512,
        },
        profile: profile(&order.product, certificate),
        policy,
        rsassa_pss: certificate.rsassa_pss,
    }
}

fn policy(product: &Product, certificate: &Certificate, has_organization: bool) -> Option<Policy> {
    Some(match (product.family, product.validation) {
        (Family::PublicTls, Validation::Ev) => Policy::ExtendedValidation,
        (Family::PublicTls, Validation::Dv) => Policy::DomainValidated,
        (Family::PublicTls, _) => Policy::OrganizationValidated,
        (Family::CodeSigning, Validation::EvCs) => Policy::EvCodeSigning,
        (Family::CodeSigning, _) => Policy::CodeSigning,
        (Family::SecureEmail, _) => Policy::Mail {
            kind: mail_kind(product),
            strict: is_strict(certificate.mail.as_deref()),
        },
        // It logs in, and has nothing of mail.
        (Family::Client, _) if product.name_id == AUTHENTICATION => return None,
        // The older client products are issued in the multipurpose generation.
        (Family::Client, _) => Policy::Mail {
            kind: if product.proves_addresses() {
                MailKind::Mailbox
            } else if has_organization {
                MailKind::Sponsored
            } else {
                MailKind::Individual
            },
            strict: false,
        },
        (Family::Vmc, _) => Policy::Mark,
        (Family::PrivateTls | Family::Document, _) => return None,
    })
}

/// The client product that is for logging in alone.
const AUTHENTICATION: &str = "client_authentication_plus";

fn mail_kind(product: &Product) -> MailKind {
    match product.name_id {
        "secure_email_mailbox" => MailKind::Mailbox,
        "secure_email_organization" => MailKind::Organization,
        "secure_email_individual" => MailKind::Individual,
        _ => MailKind::Sponsored,
    }
}

/// The strict generation signs and decrypts mail and nothing else: without a `profile_type`, a use or a name that only the
/// multipurpose one has chooses that one.
fn is_strict(mail: Option<&MailDetails>) -> bool {
    match mail.map(|mail| (mail.profile_type.as_deref(), mail)) {
        Some((Some(word), _)) => word == "strict",
        Some((None, mail)) => {
            let more = ["client_auth", "data_encipherment"];
            !more.iter().any(|usage| also(mail, usage)) && mail.user_principal_name.is_none()
        }
        None => true,
    }
}

/// Whether a use is among the additional ones.
fn also(mail: &MailDetails, usage: &str) -> bool {
    mail.additional_usages.iter().any(|said| said == usage)
}

/// Whether the organization stands in the subject: what was validated for a domain, an address or a person names none.
fn names_organization(policy: Option<Policy>) -> bool {
    !matches!(
        policy,
        Some(
            Policy::DomainValidated
                | Policy::Mail {
                    kind: MailKind::Mailbox | MailKind::Individual,
                    ..
                }
        )
    )
}

fn subject(org: &Organization) -> Subject {
    let country = org.country.to_uppercase();
    let state = Some(org.state.clone()).filter(|state| !state.is_empty());
    let is_code = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    Subject {
        o: org.name.clone(),
        ou: None,
        l: Some(org.city.clone()),
        st: state.clone(),
        // The register is the sandbox's own: one number an organization.
        registration: is_code.then(|| Registration {
            number: format!("{:08}", org.id.wrapping_mul(7_919) % 100_000_000),
            country: country.clone(),
            state,
        }),
        c: Some(country),
    }
}

/// The person, as far as the policy lets a certificate name one.
fn person(
    account: &Account,
    order: &Order,
    certificate: &Certificate,
    policy: Option<Policy>,
) -> Option<Person> {
    let Some(Policy::Mail { kind, .. }) = policy else {
        return None;
    };
    let mail = certificate.mail.as_deref();
    let email = mail
        .filter(|mail| mail.include_email)
        .and_then(|_| certificate.emails.first().cloned());
    let named = match kind {
        MailKind::Mailbox | MailKind::Organization => Person::default(),
        MailKind::Sponsored | MailKind::Individual => name(account, order, certificate),
    };
    Some(Person {
        serial_number: mail.and_then(|mail| mail.serial_number.clone()),
        title: mail.and_then(|mail| mail.job_title.clone()),
        principal_name: mail.and_then(|mail| mail.user_principal_name.clone()),
        email,
        ..named
    })
}

/// The person's name or pseudonym, never both (S/MIME Baseline Requirements, 7.1.4.2): the one that the common name is made from;
/// behind an address, the one that is to be included. One of them there must be, so what this certificate does not say is taken from
/// an earlier one of the order, from the common name, or from whoever asked for it.
fn name(account: &Account, order: &Order, certificate: &Certificate) -> Person {
    let own = certificate.mail.as_deref();
    let earlier = order.certificates.iter().rev().map(|c| c.mail.as_deref());
    let known = |mail: &&MailDetails| full_name(mail).is_some() || pseudonym(mail).is_some();
    let mail = std::iter::once(own).chain(earlier).flatten().find(known);
    if let Some(mail) = mail {
        let names = full_name(mail);
        let as_pseudonym = match own.unwrap_or(mail).name_source {
            Some(NameSource::Pseudonym) => true,
            Some(NameSource::GivenNameSurname) => false,
            Some(NameSource::Email | NameSource::Organization) | None => {
                !mail.include_names && mail.subject_pseudonym.is_some()
            }
        };
        let pseudonym = pseudonym(mail).filter(|_| as_pseudonym || names.is_none());
        let (given_name, surname) = names.filter(|_| pseudonym.is_none()).unwrap_or_default();
        return Person {
            given_name,
            surname,
            pseudonym,
            ..Person::default()
        };
    }
    let written = certificate
        .common_name
        .clone()
        .filter(|name| !name.contains('@'));
    let user = || account.user(certificate.user_id);
    let whole = written
        .or_else(|| user().map(|user| format!("{} {}", user.first_name, user.last_name)))
        .unwrap_or_default();
    let (given_name, surname) = match whole.trim().rsplit_once(' ') {
        Some((first, last)) => (Some(first.to_owned()), Some(last.to_owned())),
        None => (None, Some(whole)),
    };
    Person {
        given_name,
        surname,
        ..Person::default()
    }
}

/// First and last name, where one of them is known.
fn full_name(mail: &MailDetails) -> Option<(Option<String>, Option<String>)> {
    let names = (mail.first_name.clone(), mail.last_name.clone());
    (names != (None, None)).then_some(names)
}

fn pseudonym(mail: &MailDetails) -> Option<String> {
    mail.subject_pseudonym
        .clone()
        .or_else(|| mail.pseudonym.clone())
}

fn profile(product: &Product, certificate: &Certificate) -> Profile {
    match product.family {
        Family::PublicTls | Family::PrivateTls => match certificate.profile_option.as_deref() {
            Some("server_client_auth_eku") => Profile::ServerClientAuth,
            Some(_) | None => Profile::ServerAuth,
        },
        Family::CodeSigning => Profile::CodeSigning,
        Family::Client if product.name_id == AUTHENTICATION => Profile::ClientAuth,
        Family::Client | Family::SecureEmail => {
            Profile::Mail(mail_use(product, certificate.mail.as_deref()))
        }
        Family::Document => Profile::Document,
        Family::Vmc => Profile::Vmc,
    }
}

/// What the key may do: as asked, and without a word signing and decrypting. The client products are told apart by it.
fn mail_use(product: &Product, mail: Option<&MailDetails>) -> MailUse {
    let is = |name_id: &str| product.name_id.starts_with(name_id);
    if product.family == Family::Client {
        return MailUse {
            signs: true,
            decrypts: !is("client_digital_signature_plus"),
            commits: is("client_digital_signature_plus"),
            enciphers: false,
            logs_in: !is("client_email_security_plus"),
        };
    }
    let usage = mail.map_or(PrimaryUsage::DualUse, |mail| mail.primary_usage);
    let also = |usage| mail.is_some_and(|mail| also(mail, usage));
    MailUse {
        signs: usage != PrimaryUsage::KeyManagement,
        decrypts: usage != PrimaryUsage::Signing,
        commits: also("non_repudiation"),
        enciphers: also("data_encipherment"),
        logs_in: also("client_auth"),
    }
}
