//! Texts from the field, each read, refused or told rightly. `tests/support/field` holds them: `p*` is one good CSR as people
//! paste it, `s*` are CSRs as devices make them, `k*` odd keys and signatures.

use std::path::{Path, PathBuf};

use super::*;
use crate::domain::product::Family;
use crate::domain::secret::SecretKind;
use crate::domain::testing;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/field")
}

fn text(name: &str) -> String {
    of_file(&std::fs::read(folder().join(name)).unwrap()).unwrap()
}

fn names(prefix: char) -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(prefix))
        .collect();
    names.sort();
    names
}

#[test]
fn what_people_paste_is_the_good_request() {
    let good = read(&text("00-good.csr")).unwrap();
    assert!(good.signature_valid());
    let pasted = names('p');
    assert!(pasted.len() >= 20, "{pasted:?}");
    for name in pasted {
        assert_eq!(read(&text(&name)).as_ref(), Ok(&good), "{name}");
    }
}

/// What each file is: its subject, its DNS names, its other names, its key, its signature, and what is said against it.
type Row = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
    &'static str,
);

const ISSUED: &str = "CN=mail.xn--jxalpdlp.example, O=Example Trading GmbH, C=DE";
const MAIL: &str = "mail.xn--jxalpdlp.example";

#[rustfmt::skip]
const ROWS: [Row; 13] = [
    ("s01-epson-version1.csr", ISSUED, &[MAIL], &[], "RSA 2048", "valid"),
    ("s02-cisco-unstructured-only.csr", "unstructuredName=edge-rtr1.example.net", &[], &[], "RSA 2048", "valid"),
    ("s05-cn-not-first-dc.csr", "CN=host.example.net, OU=Servers, DC=net, DC=example", &["host.example.net"], &[], "RSA 2048", "valid"),
    ("s07-two-san-ext.csr", ISSUED, &[MAIL, "one.example.net", "two.example.net"], &[], "RSA 2048", "valid"),
    ("s08-ms-and-pkcs9-both-san.csr", ISSUED, &[MAIL, "ms.example.net", "pkcs9.example.net"], &[], "RSA 2048", "valid"),
    ("s11-printable-latin1.csr", "CN=Ex Vitöö, O=Müller AG, emailAddress=ops@example.net", &[], &["CN Ex Vitöö"], "RSA 2048", "valid"),
    ("s16-san-ip-mail-uri-other.csr", ISSUED, &[MAIL], &["IP 10.0.0.7", "IP 2001:db8::1", "email ops@example.net", "URI https://x.example.net", "UPN u@example.net", "DirName CN=dn"], "RSA 2048", "valid"),
    ("s18-san-ip-8byte.csr", ISSUED, &[MAIL], &["an IP with 8 octets"], "RSA 2048", "valid"),
    ("s26-extreq-empty-set.csr", ISSUED, &[MAIL], &[], "RSA 2048", "valid"),
    ("k05-ecdsa-raw-rs.csr", ISSUED, &[MAIL], &[], "ECDSA P-384", "two bare numbers"),
    ("k06-negative-modulus.csr", ISSUED, &[MAIL], &[], "RSA 2048", "encoded as a negative"),
    ("k13-ec-explicit.csr", "CN=shop.example.net", &["shop.example.net"], &[], "ECDSA a curve given by its parameters (256 bits)", "is not checked here"),
    ("k15-pss-sha1mgf.csr", "CN=shop.example.net", &["shop.example.net"], &[], "RSA 2048", "uses SHA-256 and, in its mask, SHA-1"),
];

#[test]
fn what_devices_make_is_told_by_what_it_is() {
    let mut files = names('s');
    files.extend(names('k'));
    let mut known: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
    known.sort_unstable();
    files.sort();
    assert_eq!(files, known, "each file has its row");
    for (name, subject, dns, others, key, signature) in ROWS {
        let csr = read(&text(name)).unwrap();
        assert_eq!(csr.subject.one_line(), subject, "{name}");
        assert_eq!(csr.dns_names(), dns, "{name}");
        assert_eq!(csr.other_names(), others, "{name}");
        assert_eq!(csr.key.to_string(), key, "{name}");
        match &csr.verdict {
            Verdict::Valid => assert_eq!(signature, "valid", "{name}"),
            Verdict::Unsupported(why) => assert!(why.contains(signature), "{name}: {why}"),
            Verdict::Invalid => panic!("{name} is called a forgery"),
        }
        // What cannot be checked is no reason to make it again; a key that no CA takes is.
        let refusals = check(&csr, Family::PublicTls);
        assert_eq!(
            refusals.is_empty(),
            name != "k13-ec-explicit.csr",
            "{name}: {refusals:?}"
        );
    }
}

#[test]
fn a_file_that_is_no_text_is_read_as_well() {
    let good = read(&text("00-good.csr")).unwrap();
    let pem = good.pem();
    let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.iter()
            .copied()
            .chain(pem.encode_utf16().flat_map(unit))
            .collect()
    };
    let (certificate, key) = testing::self_signed("a.example");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (signer, signing) = (path("cert.pem"), path("key.pem"));
    std::fs::write(&signer, &certificate).unwrap();
    std::fs::write(&signing, key.serialize_pem()).unwrap();
    // A request for a registration authority is signed data around the CSR (CMC, RFC 5272).
    let wrapped = testing::openssl(
        &[
            "cms",
            "-sign",
            "-binary",
            "-nodetach",
            "-outform",
            "DER",
            "-signer",
            &signer,
            "-inkey",
            &signing,
        ],
        &good.der,
    );
    let cmc = crate::domain::pem::encode("NEW CERTIFICATE REQUEST", &wrapped);
    assert_eq!(read(&cmc).as_ref(), Ok(&good));
    let latin1 = [b"M\xfcller\n", pem.as_bytes()].concat();
    for (what, bytes) in [
        ("DER", good.der.clone()),
        ("UTF-16", utf16(&[0xff, 0xfe], u16::to_le_bytes)),
        (
            "UTF-16, the other way",
            utf16(&[0xfe, 0xff], u16::to_be_bytes),
        ),
        ("UTF-16 without a mark", utf16(&[], u16::to_le_bytes)),
        ("signed data", wrapped),
        ("Latin-1", latin1),
        ("UTF-8 with a mark", format!("\u{feff}{pem}").into_bytes()),
        (
            "inside something else",
            [
                &[0x30, 0x82, 0x10, 0x00, 0x06, 0x03, 1, 2, 3][..],
                &good.der,
            ]
            .concat(),
        ),
    ] {
        let text = of_file(&bytes).unwrap();
        assert_eq!(read(&text).as_ref(), Ok(&good), "{what}: {text}");
    }
    let der = crate::domain::pem::blocks(&certificate).unwrap()[0]
        .der
        .clone();
    assert_eq!(read(&of_file(&der).unwrap()), Err(CsrError::Certificate));
    assert_eq!(
        read(&of_file(&good.spki_der).unwrap()),
        Err(CsrError::PublicKey)
    );
    assert_eq!(of_file(&key.serialize_der()), Err(SecretKind::Pkcs8));
}
