//! Several certificates as one file for other programs: PKCS #7 without a signature (RFC 5652, 5.1), and ZIP.

use flate2::Crc;

use super::certificate::CertFacts;
use super::pem;

/// `1.2.840.113549.1.7.2`, signed data.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// `1.2.840.113549.1.7.1`, data.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];

/// A value of DER with its tag and length.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
        out.push(0x80 | (bytes.len() - first) as u8);
        out.extend_from_slice(&bytes[first..]);
    }
    out.extend_from_slice(content);
    out
}

/// Certificates as a PKCS #7 file in PEM, in this order: what is called `.p7b`.
pub fn p7b<'a>(certificates: impl IntoIterator<Item = &'a CertFacts>) -> String {
    let all = certificates.into_iter().flat_map(|one| one.der.clone());
    let all: Vec<u8> = all.collect();
    let signed = [
        value(0x02, &[1]),
        // No digests, no signers.
        value(0x31, &[]),
        value(0x30, &value(0x06, DATA)),
        value(0xa0, &all),
        value(0x31, &[]),
    ];
    let content = value(0xa0, &value(0x30, &signed.concat()));
    let whole = [value(0x06, SIGNED_DATA), content].concat();
    pem::encode("PKCS7", &value(0x30, &whole))
}

/// The first day that a ZIP file can name: what is in it was not made then, and says nothing of when it was.
const NO_DAY: u16 = 0x0021;

/// Files as a ZIP file, stored as they are. Names are plain, and sizes fit by far.
pub fn zip(files: &[(String, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, text) in files {
        let at = out.len() as u32;
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let mut header = Vec::new();
        // Version 1.0, no flags, stored.
        for part in [10, 0, 0, 0, NO_DAY] {
            header.extend_from_slice(&u16::to_le_bytes(part));
        }
        for part in [crc.sum(), text.len() as u32, text.len() as u32] {
            header.extend_from_slice(&part.to_le_bytes());
        }
        header.extend_from_slice(&(name.len() as u16).to_le_bytes());
        header.extend_from_slice(&[0, 0]);
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&header);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(text.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&[10, 0]);
        directory.extend_from_slice(&header);
        // No comment, first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let begins = out.len() as u32;
    let count = (files.len() as u16).to_le_bytes();
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count);
    out.extend_from_slice(&count);
    out.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    out.extend_from_slice(&begins.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_as_short_as_they_can_be() {
        assert_eq!(value(4, &[0; 3])[..2], [4, 3]);
        assert_eq!(value(4, &[0; 200])[..3], [4, 0x81, 200]);
        assert_eq!(value(4, &[0; 300])[..4], [4, 0x82, 1, 44]);
    }

    #[cfg(feature = "sandbox")]
    #[test]
    fn a_zip_file_reads_back() {
        use std::io::Read as _;
        let files = [
            ("cert.pem".to_owned(), "a certificate\n".to_owned()),
            ("chain.pem".to_owned(), "two\nlines\n".to_owned()),
        ];
        let packed = std::io::Cursor::new(zip(&files));
        let mut read = zip::ZipArchive::new(packed).unwrap();
        assert_eq!(read.len(), 2);
        for (name, text) in &files {
            let mut found = String::new();
            let mut entry = read.by_name(name).unwrap();
            entry.read_to_string(&mut found).unwrap();
            assert_eq!(found, *text);
        }
    }
}
