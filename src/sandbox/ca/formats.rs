//! The download formats: what is in each, and in which order (API notes, certificates).

use std::io::{Cursor, Write as _};

use aws_lc_rs::digest;
use der::asn1::{Any, ObjectIdentifier};
use der::{Encode, Tag, TagNumber};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::types::{CaError, ChainLink};

/// Upper-case hex without separators, as the API writes serials and thumbprints.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
            let _ = write!(out, "{b:02X}");
            out
        })
}

/// SHA-1 of a certificate, 40 upper-case hex digits.
pub fn thumbprint(der: &[u8]) -> String {
    hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, der).as_ref())
}

/// A certificate in PEM: lines of 64, `\r\n`, one at the end too.
pub fn pem(der: &[u8]) -> String {
    armour("CERTIFICATE", der, pem::LineEnding::CRLF)
}

/// PEM under any label.
pub(super) fn armour(label: &str, der: &[u8], line_end: pem::LineEnding) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(line_end);
    pem::encode_config(&pem::Pem::new(label, der), config)
}

/// `pem_all`: end-entity, intermediates, root.
pub fn pem_all(leaf: &[u8], chain: &[ChainLink]) -> String {
    std::iter::once(leaf)
        .chain(chain.iter().map(|l| l.der.as_slice()))
        .map(pem)
        .collect()
}

/// `pem_noroot`: end-entity and intermediates.
pub fn pem_noroot(leaf: &[u8], chain: &[ChainLink]) -> String {
    pem_all(leaf, without_root(chain))
}

/// `pem_nointermediate`: the end-entity alone.
pub fn pem_nointermediate(leaf: &[u8]) -> String {
    pem(leaf)
}

/// `p7b` and `cer`: a PKCS #7 with certificates alone, PEM-armoured, in the documented order root, intermediates,
/// end-entity.
///
/// The order is why this is written out: CMS calls the certificates a SET, and an encoder that sorts it would put
/// the end-entity anywhere.
pub fn p7b(leaf: &[u8], chain: &[ChainLink]) -> Result<String, CaError> {
    let certificates: Vec<u8> = chain
        .iter()
        .rev()
        .map(|l| l.der.as_slice())
        .chain([leaf])
        .flatten()
        .copied()
        .collect();
    let der = signed_data(certificates).map_err(CaError::der("a PKCS #7 file"))?;
    Ok(armour("PKCS7", &der, pem::LineEnding::CRLF))
}

/// RFC 5652 `ContentInfo` around a `SignedData` (version 1) that nobody signed.
fn signed_data(certificates: Vec<u8>) -> der::Result<Vec<u8>> {
    const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
    const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
    let context = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber::N0,
    };
    let none = Any::new(Tag::Set, Vec::new())?.to_der()?;
    let content = Any::new(Tag::Sequence, DATA.to_der()?)?.to_der()?;
    let certificates = Any::new(context, certificates)?.to_der()?;
    let body = [1u8.to_der()?, none.clone(), content, certificates, none].concat();
    let explicit = Any::new(context, Any::new(Tag::Sequence, body)?.to_der()?)?.to_der()?;
    Any::new(Tag::Sequence, [SIGNED_DATA.to_der()?, explicit].concat())?.to_der()
}

/// The ZIP formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZipKind {
    /// Root, intermediates and end-entity as `.crt`
    Default,
    /// The same as `.cer`
    DefaultCer,
    /// The same as `.crt`, PEM by name
    DefaultPem,
    /// Intermediates and end-entity as `.crt`, no root
    Apache,
}

/// A ZIP with one PEM file a certificate: root, intermediates, end-entity. The end-entity is named after
/// `common_name` (dots become underscores, `*` becomes `star`).
pub fn zip(
    kind: ZipKind,
    common_name: &str,
    leaf: &[u8],
    chain: &[ChainLink],
) -> Result<Vec<u8>, CaError> {
    let extension = if kind == ZipKind::DefaultCer {
        "cer"
    } else {
        "crt"
    };
    let mut files: Vec<(String, &[u8])> = Vec::new();
    if let (Some(root), true) = (chain.last(), kind != ZipKind::Apache) {
        files.push((format!("TrustedRoot.{extension}"), &root.der));
    }
    let intermediates = without_root(chain);
    for (index, link) in intermediates.iter().enumerate().rev() {
        let number = if index == 0 {
            String::new()
        } else {
            (index + 1).to_string()
        };
        files.push((format!("DigiCertCA{number}.{extension}"), &link.der));
    }
    files.push((format!("{}.{extension}", file_stem(common_name)), leaf));
    pack(&files).map_err(|e| CaError::Crypto {
        what: "a ZIP file",
        reason: e.to_string(),
    })
}

fn pack(files: &[(String, &[u8])]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, der) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default())?;
        zip.write_all(pem(der).as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A name that is safe as a file name on every system.
fn file_stem(common_name: &str) -> String {
    let stem: String = common_name
        .replace('*', "star")
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .take(100)
        .collect();
    if stem.is_empty() {
        "certificate".to_owned()
    } else {
        stem
    }
}

fn without_root(chain: &[ChainLink]) -> &[ChainLink] {
    chain.split_last().map_or(chain, |(_, rest)| rest)
}
