//! The parts of a certificate that rcgen leaves to its caller: period, policies, issuer access, rare uses.

use der::Encode;
use der::asn1::{Ia5String, ObjectIdentifier};
use jiff::Timestamp;
use rcgen::{CertificateParams, CustomExtension, ExtendedKeyUsagePurpose as Eku};
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{AccessDescription, AuthorityInfoAccessSyntax, CertificatePolicies};

use super::types::CaError;

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

/// The policies of a certificate.
pub(super) fn policies(oids: &[&str]) -> Result<CustomExtension, CaError> {
    let wrap = CaError::der("a policy extension");
    let policies = oids
        .iter()
        .map(|oid| {
            Ok(PolicyInformation {
                policy_identifier: ObjectIdentifier::new(oid)?,
                policy_qualifiers: None,
            })
        })
        .collect::<der::Result<_>>()
        .map_err(&wrap)?;
    let content = CertificatePolicies(policies).to_der().map_err(&wrap)?;
    Ok(CustomExtension::from_oid_content(POLICIES, content))
}

/// Signing documents, as Microsoft and as RFC 9336 have it.
pub(super) fn document_signing() -> Vec<Eku> {
    vec![
        Eku::Other(vec![1, 3, 6, 1, 4, 1, 311, 10, 3, 12]),
        Eku::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 36]),
    ]
}

/// `id-kp-BrandIndicatorforMessageIdentification`.
pub(super) fn brand_indicator() -> Eku {
    Eku::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 31])
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
