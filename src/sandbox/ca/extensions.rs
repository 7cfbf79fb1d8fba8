//! The parts of a certificate that rcgen leaves to its caller: period, country, policies, issuer access.

use der::Encode;
use der::asn1::{Ia5String, ObjectIdentifier};
use jiff::Timestamp;
use rcgen::string::PrintableString;
use rcgen::{CertificateParams, CustomExtension, DnValue};
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{AccessDescription, AuthorityInfoAccessSyntax, CertificatePolicies};

use super::types::{CaError, Profile, Purpose};

const POLICIES: &[u64] = &[2, 5, 29, 32];
const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// Host of the made-up URLs; `.invalid` so that nothing ever asks it.
const HOST: &str = "sandbox.invalid";

/// Sets start and end. rcgen's time type is not ours to name, so it is reached from the epoch.
pub(super) fn set_period(params: &mut CertificateParams, from: Timestamp, to: Timestamp) {
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let since = |at: Timestamp| std::time::Duration::from_secs(at.as_second().max(0) as u64);
    params.not_before = epoch + since(from);
    params.not_after = epoch + since(to);
}

/// A country as the PrintableString that X.520 asks for.
pub(super) fn country(code: &str) -> Result<DnValue, CaError> {
    PrintableString::try_from(code)
        .map(DnValue::PrintableString)
        .map_err(|_| CaError::BadName(code.to_owned()))
}

/// The policy of a certificate: CA/Browser Forum's where one fits, none for private ones.
pub(super) fn policies(
    purpose: Purpose,
    profile: Profile,
    has_organization: bool,
) -> Result<Option<CustomExtension>, CaError> {
    let oid = match (purpose, profile) {
        (Purpose::Private, _) => return Ok(None),
        (Purpose::Ev, _) => "2.23.140.1.1",
        (_, Profile::CodeSigning) => "2.23.140.1.4.1",
        (_, Profile::Email) if has_organization => "2.23.140.1.5.2.2",
        (_, Profile::Email) => "2.23.140.1.5.1.2",
        (_, Profile::ServerAuth | Profile::ServerClientAuth) if has_organization => {
            "2.23.140.1.2.2"
        }
        (_, Profile::ServerAuth | Profile::ServerClientAuth) => "2.23.140.1.2.1",
        (_, Profile::Client | Profile::Document | Profile::Vmc) => return Ok(None),
    };
    let wrap = CaError::der("a policy extension");
    let policy = PolicyInformation {
        policy_identifier: ObjectIdentifier::new(oid).map_err(|e| wrap(e.into()))?,
        policy_qualifiers: None,
    };
    let content = CertificatePolicies(vec![policy]).to_der().map_err(&wrap)?;
    Ok(Some(CustomExtension::from_oid_content(POLICIES, content)))
}

/// Where the issuer's certificate and its OCSP answers would be.
pub(super) fn issuer_access(ica_id: &str) -> Result<CustomExtension, CaError> {
    let wrap = CaError::der("an issuer access extension");
    let at = |access_method, url: String| {
        Ok(AccessDescription {
            access_method,
            access_location: GeneralName::UniformResourceIdentifier(Ia5String::new(&url)?),
        })
    };
    let content = AuthorityInfoAccessSyntax(vec![
        at(OCSP, format!("http://ocsp.{HOST}")).map_err(&wrap)?,
        at(CA_ISSUERS, format!("http://cacerts.{HOST}/{ica_id}.crt")).map_err(&wrap)?,
    ])
    .to_der()
    .map_err(&wrap)?;
    Ok(CustomExtension::from_oid_content(
        AUTHORITY_INFO_ACCESS,
        content,
    ))
}

/// Where the issuer's revocation list would be.
pub(super) fn revocation_list(ica_id: &str) -> rcgen::CrlDistributionPoint {
    rcgen::CrlDistributionPoint {
        uris: vec![format!("http://crl.{HOST}/{ica_id}.crl")],
    }
}
