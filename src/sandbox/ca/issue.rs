//! Making an end-entity certificate for somebody else's key.

use std::net::IpAddr;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose as Eku, IsCa,
    KeyUsagePurpose as Usage, PublicKeyData, SanType, SerialNumber, SubjectPublicKeyInfo,
};

use super::authority::Authority;
use super::blueprint::kind_of;
use super::csr::KeyKind;
use super::person::Person;
use super::types::{CaError, IssueRequest, Issued, Profile};
use super::{extensions, formats, pss};

/// X.520's upper bound of a common name.
const LONGEST_COMMON_NAME: usize = 64;

/// Issues `req` in the name of `issuer`.
pub(super) fn issue(issuer: &Authority, req: &IssueRequest) -> Result<Issued, CaError> {
    if req.not_after <= req.not_before {
        return Err(CaError::BadPeriod(req.not_before, req.not_after));
    }
    let key = SubjectPublicKeyInfo::from_der(&req.public_key)
        .map_err(|e| CaError::BadKey(e.to_string()))?;
    let (key_kind, _) = kind_of(key.algorithm());
    let params = params(issuer, req, key_kind)?;
    let (hash, signer) = issuer.signer(req.signature_hash);
    let certificate = params
        .signed_by(&key, signer)
        .map_err(CaError::crypto("a certificate"))?;
    let mut der = certificate.der().to_vec();
    if let Some(rsa) = issuer
        .rsa
        .as_ref()
        .filter(|_| req.rsassa_pss && key_kind == KeyKind::Rsa)
    {
        der = pss::sign_again(&der, rsa, hash)?;
    }
    let significant = req
        .serial
        .iter()
        .position(|b| *b != 0)
        .unwrap_or(req.serial.len() - 1);
    Ok(Issued {
        serial_hex: formats::hex(&req.serial[significant..]),
        thumbprint_hex: formats::thumbprint(&der),
        der,
    })
}

fn params(
    issuer: &Authority,
    req: &IssueRequest,
    key: KeyKind,
) -> Result<CertificateParams, CaError> {
    let mut params = CertificateParams::default();
    params.serial_number = Some(SerialNumber::from_slice(&req.serial));
    extensions::set_period(&mut params, req.not_before, req.not_after);
    params.distinguished_name = subject(req)?;
    params.subject_alt_names = names(req)?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    if let Some(person) = &req.person {
        params.key_usages = person.key_usages(key);
        params.extended_key_usages = person.extended_key_usages();
    } else {
        params.key_usages = key_usages(req.profile, key);
        params.extended_key_usages = extended_key_usages(req.profile);
    }
    params.crl_distribution_points = vec![extensions::revocation_list(&issuer.id)];
    params.custom_extensions =
        extensions::policies(issuer.purpose, req.profile, req.organization.is_some())?
            .into_iter()
            .chain([extensions::issuer_access(&issuer.id)?])
            .collect();
    Ok(params)
}

fn subject(req: &IssueRequest) -> Result<DistinguishedName, CaError> {
    let mut name = DistinguishedName::new();
    if let Some(org) = &req.organization {
        if let Some(c) = org
            .c
            .as_deref()
            .filter(|c| c.len() == 2 && c.chars().all(|x| x.is_ascii_alphabetic()))
        {
            name.push(
                DnType::CountryName,
                extensions::country(&c.to_ascii_uppercase())?,
            );
        }
        let parts = [
            (DnType::StateOrProvinceName, org.st.as_deref()),
            (DnType::LocalityName, org.l.as_deref()),
            (DnType::OrganizationName, Some(org.o.as_str())),
            (DnType::OrganizationalUnitName, org.ou.as_deref()),
        ];
        for (kind, value) in parts {
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                name.push(kind, value);
            }
        }
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
    Ok(name)
}

fn names(req: &IssueRequest) -> Result<Vec<SanType>, CaError> {
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

fn key_usages(profile: Profile, key: KeyKind) -> Vec<Usage> {
    match profile {
        Profile::CodeSigning | Profile::Vmc => vec![Usage::DigitalSignature],
        Profile::Document => vec![Usage::DigitalSignature, Usage::ContentCommitment],
        Profile::ServerAuth | Profile::ServerClientAuth | Profile::Email | Profile::Client => {
            match key {
                KeyKind::Rsa => vec![Usage::DigitalSignature, Usage::KeyEncipherment],
                _ => vec![Usage::DigitalSignature],
            }
        }
    }
}

fn extended_key_usages(profile: Profile) -> Vec<Eku> {
    match profile {
        Profile::ServerAuth => vec![Eku::ServerAuth],
        Profile::ServerClientAuth => vec![Eku::ServerAuth, Eku::ClientAuth],
        Profile::CodeSigning => vec![Eku::CodeSigning],
        Profile::Email => vec![Eku::EmailProtection],
        Profile::Client => vec![Eku::ClientAuth, Eku::EmailProtection],
        // Microsoft's document signing and RFC 9336's.
        Profile::Document => {
            vec![
                Eku::Other(vec![1, 3, 6, 1, 4, 1, 311, 10, 3, 12]),
                Eku::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 36]),
            ]
        }
        // id-kp-BrandIndicatorforMessageIdentification.
        Profile::Vmc => vec![Eku::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 31])],
    }
}
