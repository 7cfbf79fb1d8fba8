//! Whom a certificate names: its subject and its alternative names.

use std::net::IpAddr;

use rcgen::string::PrintableString;
use rcgen::{DistinguishedName, DnType, DnValue, SanType};

use super::mark;
use super::person::Person;
use super::types::{CaError, IssueRequest, Policy, Registration, Subject};

/// X.520's upper bound of a common name.
const LONGEST_COMMON_NAME: usize = 64;

const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];
const BUSINESS_CATEGORY: &[u64] = &[2, 5, 4, 15];
const ORGANIZATION_IDENTIFIER: &[u64] = &[2, 5, 4, 97];
const JURISDICTION_STATE: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 2];
const JURISDICTION_COUNTRY: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 3];

/// The subject: the organization, what the rules want to be known of it, the person, the common name.
pub(super) fn subject(req: &IssueRequest) -> Result<DistinguishedName, CaError> {
    let mut name = DistinguishedName::new();
    if let Some(organization) = &req.organization {
        describe(organization, &mut name)?;
    }
    if let Some(person) = &req.person {
        person.describe(&mut name);
    }
    if let Some(cn) = req
        .common_name
        .as_deref()
        .filter(|n| !n.is_empty() && n.chars().count() <= LONGEST_COMMON_NAME)
    {
        name.push(DnType::CommonName, cn);
    }
    let registration = req
        .organization
        .as_ref()
        .and_then(|o| o.registration.as_ref());
    match (req.policy, registration) {
        (Some(Policy::ExtendedValidation | Policy::EvCodeSigning), Some(known)) => {
            register(known, &mut name)?;
        }
        (Some(Policy::Mark), Some(known)) => {
            register(known, &mut name)?;
            mark::describe(known, &mut name)?;
        }
        (Some(Policy::Mail { .. }), Some(known)) => {
            name.push(custom(ORGANIZATION_IDENTIFIER), identifier(known));
        }
        (_, _) => {}
    }
    Ok(name)
}

fn describe(organization: &Subject, name: &mut DistinguishedName) -> Result<(), CaError> {
    if let Some(c) = organization
        .c
        .as_deref()
        .filter(|c| c.len() == 2 && c.chars().all(|x| x.is_ascii_alphabetic()))
    {
        name.push(DnType::CountryName, printable(&c.to_ascii_uppercase())?);
    }
    let parts = [
        (DnType::StateOrProvinceName, organization.st.as_deref()),
        (DnType::LocalityName, organization.l.as_deref()),
        (DnType::OrganizationName, Some(organization.o.as_str())),
        (DnType::OrganizationalUnitName, organization.ou.as_deref()),
    ];
    for (kind, value) in parts {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            name.push(kind, value);
        }
    }
    Ok(())
}

/// What extended validation found out (EV Guidelines, 7.1.4.2): what kind of organization, where registered, under which number.
fn register(known: &Registration, name: &mut DistinguishedName) -> Result<(), CaError> {
    name.push(custom(BUSINESS_CATEGORY), "Private Organization");
    name.push(custom(JURISDICTION_COUNTRY), printable(&known.country)?);
    if let Some(state) = &known.state {
        name.push(custom(JURISDICTION_STATE), state.as_str());
    }
    name.push(custom(SERIAL_NUMBER), printable(&known.number)?);
    Ok(())
}

/// A register's entry as one identifier (S/MIME Baseline Requirements, appendix A): scheme, country, number. Germany's numbers are
/// only unique with the court's code, which the European identifier has in front.
fn identifier(known: &Registration) -> String {
    match known.country.as_str() {
        "DE" => format!("NTRDE-DEK1101R.{}", known.number),
        country => format!("NTR{country}-{}", known.number),
    }
}

/// The alternative names.
pub(super) fn names(req: &IssueRequest) -> Result<Vec<SanType>, CaError> {
    let bad = |name: &str| CaError::BadName(name.to_owned());
    let dns = req
        .dns_names
        .iter()
        .map(|name| match name.parse::<IpAddr>() {
            Ok(ip) => Ok(SanType::IpAddress(ip)),
            Err(_) => name
                .as_str()
                .try_into()
                .map(SanType::DnsName)
                .map_err(|_| bad(name)),
        });
    let emails = req.emails.iter().map(|name| {
        name.as_str()
            .try_into()
            .map(SanType::Rfc822Name)
            .map_err(|_| bad(name))
    });
    let principal_name = req.person.as_ref().and_then(Person::alternative_name);
    dns.chain(emails).chain(principal_name.map(Ok)).collect()
}

pub(super) fn custom(oid: &[u64]) -> DnType {
    DnType::CustomDnType(oid.to_vec())
}

/// A value that X.520 wants as a PrintableString.
pub(super) fn printable(text: &str) -> Result<DnValue, CaError> {
    PrintableString::try_from(text)
        .map(DnValue::PrintableString)
        .map_err(|_| CaError::BadName(text.to_owned()))
}
