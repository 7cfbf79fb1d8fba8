//! Making an end-entity certificate for somebody else's key.

use rcgen::{
    CertificateParams, ExtendedKeyUsagePurpose as Eku, IsCa, KeyUsagePurpose as Usage,
    PublicKeyData, SerialNumber, SubjectPublicKeyInfo,
};

use super::authority::Authority;
use super::blueprint::kind_of;
use super::csr::KeyKind;
use super::types::{CaError, IssueRequest, Issued, Policy, Profile};
use super::{extensions, formats, mark, pss, subject};

/// Issues `req` in the name of `issuer`.
pub(super) fn issue(issuer: &Authority, req: &IssueRequest) -> Result<Issued, CaError> {
    if req.not_after <= req.not_before {
        return Err(CaError::BadPeriod(req.not_before, req.not_after));
    }
    let key = SubjectPublicKeyInfo::from_der(&req.public_key)
        .map_err(|e| CaError::BadKey(e.to_string()))?;
    let (key_kind, _) = kind_of(key.algorithm());
    let params = params(issuer, req, key_kind)?;
    let credentials = issuer.credentials()?;
    let (hash, signer) = credentials.signer(req.signature_hash);
    let certificate = params
        .signed_by(&key, signer)
        .map_err(CaError::crypto("a certificate"))?;
    let mut der = certificate.der().to_vec();
    if let Some(rsa) = credentials
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
    params.distinguished_name = subject::subject(req)?;
    params.subject_alt_names = subject::names(req)?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = key_usages(req.profile, key);
    params.extended_key_usages = extended_key_usages(req.profile);
    params.crl_distribution_points = vec![extensions::revocation_list(&issuer.identity.id)];
    let policy = req
        .policy
        .map(|policy| extensions::policies(&[policy.oid()]));
    let logo = (req.policy == Some(Policy::Mark)).then(mark::logotype);
    params.custom_extensions = policy
        .into_iter()
        .chain([extensions::issuer_access(&issuer.identity.id)])
        .chain(logo)
        .collect::<Result<_, _>>()?;
    Ok(params)
}

fn key_usages(profile: Profile, key: KeyKind) -> Vec<Usage> {
    match profile {
        Profile::Mail(uses) => uses.key_usages(key),
        Profile::CodeSigning | Profile::ClientAuth | Profile::Vmc => {
            vec![Usage::DigitalSignature]
        }
        Profile::Document => vec![Usage::DigitalSignature, Usage::ContentCommitment],
        Profile::ServerAuth | Profile::ServerClientAuth => match key {
            KeyKind::Rsa => vec![Usage::DigitalSignature, Usage::KeyEncipherment],
            KeyKind::Ec | KeyKind::Other => vec![Usage::DigitalSignature],
        },
    }
}

fn extended_key_usages(profile: Profile) -> Vec<Eku> {
    match profile {
        Profile::ServerAuth => vec![Eku::ServerAuth],
        Profile::ServerClientAuth => vec![Eku::ServerAuth, Eku::ClientAuth],
        Profile::ClientAuth => vec![Eku::ClientAuth],
        Profile::CodeSigning => vec![Eku::CodeSigning],
        Profile::Mail(uses) => uses.extended_key_usages(),
        Profile::Document => extensions::document_signing(),
        Profile::Vmc => vec![extensions::brand_indicator()],
    }
}
