//! What a Verified Mark Certificate has besides: the mark in its subject, and the logo itself (Verified Mark Certificate Requirements;
//! RFC 3709, Logotypes). Register and logo are the sandbox's own: every mark is the same yellow triangle.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::asn1::{Any, Ia5StringRef, ObjectIdentifier, OctetStringRef};
use der::{Encode, Tag, TagNumber};
use rcgen::{CustomExtension, DistinguishedName};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::subject::{custom, printable};
use super::types::{CaError, Registration};

const TRADEMARK_OFFICE_COUNTRY: &[u64] = &[1, 3, 6, 1, 4, 1, 53087, 1, 3];
const TRADEMARK_REGISTRATION: &[u64] = &[1, 3, 6, 1, 4, 1, 53087, 1, 4];
const MARK_TYPE: &[u64] = &[1, 3, 6, 1, 4, 1, 53087, 1, 13];
const LOGOTYPE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 12];
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// An SVG image of the profile *tiny-ps*, gzip, base64.
const LOGO: &str = "H4sIAAAAAAAC/03OwYrCMBAG4LtPMcyebdIYRCSJsAdPLgi7PkBt0yZQk9IMpuvTb0RYhDn8P3z8jDostxHudk4+Bo11xRFsaGPnw6Dx8nNc7/BgVirdBygyJI2OaNozlnOu8qaK88AE55wVge9DAuHaJHueY+9Hq5F8+F1PqRhv82dcNHLgsJXl0CjyNFrz3YTuGhfFXlXNtiXIviOnsTBw1g+OXrmsjho/hNwiM2pqyEGn8asWIKWT/LQRUMvHv+tb+XTPN83qD18mcjz2AAAA";

/// Adds the mark to the subject.
pub(super) fn describe(known: &Registration, name: &mut DistinguishedName) -> Result<(), CaError> {
    name.push(custom(MARK_TYPE), "Registered Mark");
    name.push(custom(TRADEMARK_OFFICE_COUNTRY), printable(&known.country)?);
    name.push(custom(TRADEMARK_REGISTRATION), printable(&known.number)?);
    Ok(())
}

/// The logo as a logotype extension: the subject's logo, with its hash, in a data URL.
pub(super) fn logotype() -> Result<CustomExtension, CaError> {
    encoded()
        .map(|content| CustomExtension::from_oid_content(LOGOTYPE, content))
        .map_err(CaError::der("a logotype extension"))
}

fn encoded() -> der::Result<Vec<u8>> {
    let image = STANDARD.decode(LOGO).map_err(|_| der::ErrorKind::Failed)?;
    let hash = digest::digest(&digest::SHA256, &image);
    let algorithm = AlgorithmIdentifierOwned {
        oid: SHA256,
        parameters: None,
    };
    let hash = sequence(&[
        algorithm.to_der()?,
        OctetStringRef::new(hash.as_ref())?.to_der()?,
    ])?;
    let url = format!("data:image/svg+xml;base64,{LOGO}");
    let details = sequence(&[
        Ia5StringRef::new("image/svg+xml")?.to_der()?,
        sequence(&[hash])?,
        sequence(&[Ia5StringRef::new(&url)?.to_der()?])?,
    ])?;
    let images = sequence(&[sequence(&[details])?])?;
    // LogotypeInfo.direct, then LogotypeExtn.subjectLogo.
    sequence(&[tagged(2, tagged(0, images)?)?])
}

fn sequence(parts: &[Vec<u8>]) -> der::Result<Vec<u8>> {
    Any::new(Tag::Sequence, parts.concat())?.to_der()
}

fn tagged(number: u8, content: Vec<u8>) -> der::Result<Vec<u8>> {
    let number = TagNumber::new(number);
    let constructed = true;
    let tag = Tag::ContextSpecific {
        constructed,
        number,
    };
    Any::new(tag, content)?.to_der()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logo_stands_there_with_its_hash() {
        let content = encoded().unwrap();
        let holds = |part: &[u8]| content.windows(part.len()).any(|found| found == part);
        let image = STANDARD.decode(LOGO).unwrap();
        assert!(image.starts_with(b"\x1f\x8b"), "gzip");
        let hash = digest::digest(&digest::SHA256, &image);
        assert!(holds(hash.as_ref()) && holds(LOGO.as_bytes()));
    }
}
