//! RSASSA-PSS signatures: rcgen does not make them, so its certificate is signed again.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding};
use der::asn1::{Any, BitString, ObjectIdentifier};
use der::{Decode, Encode, Tag};
use x509_cert::Certificate;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::types::{CaError, Hash};

const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// The same certificate under a PSS signature of `key`; the salt is as long as the hash (RFC 4055).
pub(super) fn sign_again(der: &[u8], key: &rsa::KeyPair, hash: Hash) -> Result<Vec<u8>, CaError> {
    let wrap = CaError::der("an RSASSA-PSS certificate");
    let (padding, oid, salt): (&'static dyn RsaEncoding, &str, u8) = match hash {
        Hash::Sha256 => (&RSA_PSS_SHA256, "2.16.840.1.101.3.4.2.1", 32),
        Hash::Sha384 => (&RSA_PSS_SHA384, "2.16.840.1.101.3.4.2.2", 48),
        Hash::Sha512 => (&RSA_PSS_SHA512, "2.16.840.1.101.3.4.2.3", 64),
    };
    let algorithm = algorithm(oid, salt).map_err(&wrap)?;
    let mut certificate = Certificate::from_der(der).map_err(&wrap)?;
    certificate.tbs_certificate.signature = algorithm.clone();
    certificate.signature_algorithm = algorithm;
    let tbs = certificate.tbs_certificate.to_der().map_err(&wrap)?;
    let mut signature = vec![0u8; key.public_modulus_len()];
    key.sign(padding, &SystemRandom::new(), &tbs, &mut signature)
        .map_err(|e| CaError::Crypto {
            what: "an RSASSA-PSS signature",
            reason: e.to_string(),
        })?;
    certificate.signature = BitString::from_bytes(&signature).map_err(&wrap)?;
    certificate.to_der().map_err(&wrap)
}

/// `RSASSA-PSS-params` as RFC 4055 writes them out.
fn algorithm(hash_oid: &str, salt: u8) -> der::Result<AlgorithmIdentifierOwned> {
    let hash = AlgorithmIdentifierOwned {
        oid: ObjectIdentifier::new(hash_oid)?,
        parameters: Some(Any::null()),
    };
    let mask = AlgorithmIdentifierOwned {
        oid: MGF1,
        parameters: Some(Any::encode_from(&hash)?),
    };
    let explicit = |number: u8, body: Vec<u8>| -> der::Result<Vec<u8>> {
        let number = der::TagNumber::new(number);
        Any::new(
            Tag::ContextSpecific {
                constructed: true,
                number,
            },
            body,
        )?
        .to_der()
    };
    let fields = [
        explicit(0, hash.to_der()?)?,
        explicit(1, mask.to_der()?)?,
        explicit(2, salt.to_der()?)?,
    ]
    .concat();
    Ok(AlgorithmIdentifierOwned {
        oid: RSASSA_PSS,
        parameters: Some(Any::new(Tag::Sequence, fields)?),
    })
}
