//! Keys, CSRs and signed certificates: read from what a client sent, or made when first asked for.

use std::sync::Arc;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Asked, Refusal, allowed, contents};
use crate::sandbox::ca::{self, Ca, IcaInfo, LeafKind, Purpose};
use crate::sandbox::model::{
    Account, Certificate, ContainerLimit, CsrSource, KeyKind, Lazy, Material, Order,
    ProvisioningMethod, Serial, SignedCertificate,
};
use crate::sandbox::tables::{Family, Platform, Product, SignatureHash, Validation};

/// The serial number of a certificate: from seed and id alone.
pub fn serial(seed: u64, certificate_id: u64) -> Serial {
    let mut rng =
        ChaCha8Rng::seed_from_u64(seed ^ certificate_id.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    Serial::from_random(bytes)
}

/// Reads a CSR or public key that a client sent.
pub fn read(product: &Product, text: &str) -> Result<(KeyKind, Material), Refusal> {
    let facts =
        ca::read_csr(text).map_err(|problem| Refusal::CsrUnreadable(problem.to_string()))?;
    let (key, least) = match facts.key_kind {
        ca::KeyKind::Rsa if product.family == Family::CodeSigning => {
            (KeyKind::Rsa(facts.key_bits), 3072)
        }
        ca::KeyKind::Rsa => (KeyKind::Rsa(facts.key_bits), 2048),
        ca::KeyKind::Ec if facts.key_bits == 256 => (KeyKind::P256, 256),
        ca::KeyKind::Ec if facts.key_bits == 384 => (KeyKind::P384, 256),
        ca::KeyKind::Ec if facts.key_bits < 256 => (KeyKind::Other(facts.key_bits), 256),
        ca::KeyKind::Ec | ca::KeyKind::Other => {
            return Err(Refusal::CsrUnreadable(
                "its key is neither RSA nor on the curves P-256 or P-384".to_owned(),
            ));
        }
    };
    if facts.key_bits < least {
        return Err(Refusal::KeyTooSmall {
            bits: facts.key_bits,
            least,
        });
    }
    if let Some(weakness) = facts.weakness {
        return Err(Refusal::CsrUnreadable(weakness));
    }
    if facts.signature_wrong {
        return Err(Refusal::CsrUnreadable(
            "its signature does not match its key".to_owned(),
        ));
    }
    Ok((
        key,
        Material {
            csr: text.to_owned(),
            spki: facts.public_key,
        },
    ))
}

/// The hash that a client names, or SHA-256.
pub fn hash(
    product: &Product,
    limit: Option<&ContainerLimit>,
    asked: &Asked,
) -> Result<SignatureHash, Refusal> {
    match asked.signature_hash.as_deref() {
        None => Some(SignatureHash::Sha256),
        Some(text) => SignatureHash::parse(text),
    }
    .filter(|hash| {
        SignatureHash::allowed_for(product).contains(hash) && allowed::hash(limit, *hash)
    })
    .ok_or_else(|| Refusal::InvalidValue("certificate.signature_hash".to_owned()))
}

/// A key that a program of the customer makes on a token (`client_app`) needs the token's platform: the one that is sent, or that of the
/// certificate before.
pub fn token(
    provisioning: ProvisioningMethod,
    sent: Option<i64>,
    before: Option<i64>,
) -> Result<(), Refusal> {
    const FIELD: &str = "certificate.server_platform.id";
    let is_token = |id: i64| Platform::by_id(id).is_some_and(|platform| platform.token);
    match (provisioning, sent.or(before.filter(|id| is_token(*id)))) {
        (ProvisioningMethod::ClientApp, None) => Err(Refusal::Required(vec![FIELD.to_owned()])),
        (ProvisioningMethod::ClientApp, Some(id)) if !is_token(id) => {
            Err(Refusal::InvalidValue(FIELD.to_owned()))
        }
        (_, _) => Ok(()),
    }
}

/// What the product's intermediates are for.
pub fn purpose(product: &Product) -> Purpose {
    match product.family {
        Family::PublicTls if product.validation == Validation::Ev => Purpose::Ev,
        Family::PublicTls => Purpose::Tls,
        Family::PrivateTls => Purpose::Private,
        Family::CodeSigning => Purpose::CodeSigning,
        Family::Client => Purpose::Client,
        Family::SecureEmail => Purpose::Email,
        Family::Document => Purpose::Document,
        Family::Vmc => Purpose::Vmc,
    }
}

/// The intermediates that may sign this product.
pub fn allowed_intermediates<'a>(
    ca: &'a Ca,
    product: &Product,
) -> impl Iterator<Item = &'a IcaInfo> + use<'a> {
    let purpose = purpose(product);
    ca.intermediates()
        .iter()
        .filter(move |info| info.purpose == purpose)
}

/// The intermediate that a client names, or the default one for the product and key; where the limit leaves that out, the
/// first one that is left.
pub fn intermediate(
    ca: &Ca,
    product: &Product,
    limit: Option<&ContainerLimit>,
    key: Option<KeyKind>,
    asked: &Asked,
) -> Result<String, Refusal> {
    let mut left =
        allowed_intermediates(ca, product).filter(|info| allowed::intermediate(limit, &info.id));
    if let Some(id) = &asked.ca_cert_id {
        return left
            .find(|info| info.id.eq_ignore_ascii_case(id))
            .map(|info| info.id.clone())
            .ok_or_else(|| Refusal::InvalidValue("certificate.ca_cert_id".to_owned()));
    }
    let kind = match key {
        Some(KeyKind::P256 | KeyKind::P384) => ca::KeyKind::Ec,
        Some(KeyKind::Rsa(_) | KeyKind::Other(_)) | None => ca::KeyKind::Rsa,
    };
    ca.default_for(purpose(product), kind)
        .filter(|info| allowed::intermediate(limit, &info.id))
        .or_else(|| left.next())
        .map(|info| info.id.clone())
        .ok_or_else(|| Refusal::Internal(format!("no intermediate signs {}", product.name_id)))
}

/// The hash of a certificate: the one that is asked for, until it is issued. An intermediate with a curve has signed with that one's own.
pub fn shown_hash(ca: &Ca, certificate: &Certificate) -> SignatureHash {
    let issuer = certificate
        .state
        .was_issued()
        .then(|| ca.intermediate(&certificate.ca_cert_id))
        .flatten()
        .filter(|info| info.key_kind == ca::KeyKind::Ec);
    match issuer.map(|info| info.key_bits) {
        Some(384) => SignatureHash::Sha384,
        Some(_) => SignatureHash::Sha256,
        None => certificate.signature_hash,
    }
}

/// Where a certificate's key comes from, given what the client sent.
pub fn take_csr(
    product: &Product,
    csr: Option<&str>,
) -> Result<(CsrSource, Option<KeyKind>, Lazy<Material>), Refusal> {
    match csr {
        None => Ok((CsrSource::Missing, None, Lazy::empty())),
        Some(text) => {
            let (key, material) = read(product, text)?;
            Ok((CsrSource::Sent, Some(key), Lazy::filled(material)))
        }
    }
}

/// The CSR, made now if it is a generated one; `None` if the certificate has none.
pub fn csr<'a>(
    ca: &Ca,
    account: &Account,
    order: &Order,
    certificate: &'a Certificate,
) -> Result<Option<&'a Arc<Material>>, Refusal> {
    match certificate.csr {
        CsrSource::Missing => Ok(None),
        CsrSource::Sent | CsrSource::MadeUp => material(ca, account, order, certificate).map(Some),
    }
}

fn material<'a>(
    ca: &Ca,
    account: &Account,
    order: &Order,
    certificate: &'a Certificate,
) -> Result<&'a Arc<Material>, Refusal> {
    let kind = match certificate.key {
        Some(KeyKind::Rsa(bits)) if bits > 2048 => LeafKind::Rsa3072,
        Some(KeyKind::Rsa(_)) => LeafKind::Rsa2048,
        Some(KeyKind::P384) => LeafKind::P384,
        Some(KeyKind::P256 | KeyKind::Other(_)) | None => LeafKind::P256,
    };
    let is_new = certificate.material.get().is_none();
    let made = certificate.material.get_or_try(|| {
        ca.made_up_csr(
            kind,
            certificate.id,
            certificate.common_name.as_deref(),
            &certificate.dns_names,
        )
        .map(|made| Material {
            csr: made.csr_pem,
            spki: made.public_key,
        })
        .map_err(Refusal::from)
    })?;
    if is_new {
        account.learn_key(order.id);
    }
    Ok(made)
}

/// The signed certificate, signed now if it was not yet.
pub fn signed(
    ca: &Ca,
    account: &Account,
    order: &Order,
    certificate: &Certificate,
) -> Result<Arc<SignedCertificate>, Refusal> {
    let (Some(from), Some(till), true) = (
        certificate.valid_from,
        certificate.valid_till,
        certificate.state.was_issued(),
    ) else {
        return Err(Refusal::CertificateNotIssued);
    };
    if let Some(done) = certificate.signed.get() {
        return Ok(Arc::clone(done));
    }
    let spki = material(ca, account, order, certificate)?.spki.clone();
    let made = certificate.signed.get_or_try(|| {
        let issued = ca
            .issue(&contents::request(
                account,
                order,
                certificate,
                spki,
                (from, till),
            ))
            .map_err(Refusal::from)?;
        Ok::<_, Refusal>(SignedCertificate {
            der: issued.der,
            thumbprint: issued.thumbprint_hex,
        })
    })?;
    account.learn_thumbprint(&made.thumbprint, order.id, certificate.id);
    Ok(Arc::clone(made))
}
