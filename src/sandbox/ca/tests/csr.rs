//! CSRs in every form, and what is none.

use rcgen::{KeyPair, PublicKeyData};
use tempfile::TempDir;

use super::super::csr::{CsrProblem, KeyKind, read_csr};
use super::super::formats;
use super::{ca, key, openssl_ok};

#[test]
fn a_csr_is_read_in_every_form_that_clients_send() {
    let key = key(&ca());
    let lf = key.csr_pem.clone();
    let pem = lf.replace('\n', "\r\n");
    let want = read_csr(&pem).unwrap();
    assert_eq!(want.public_key, key.public_key);
    assert_eq!((want.key_kind, want.key_bits), (KeyKind::Ec, 256));
    assert!(want.signature_valid);
    let head = "-----BEGIN CERTIFICATE REQUEST-----";
    let tail = "-----END CERTIFICATE REQUEST-----";
    let body: String = lf.lines().filter(|l| !l.starts_with('-')).collect();
    for (form, text) in [
        ("unix lines", lf.clone()),
        ("one line", format!("{head}{body}{tail}")),
        ("one line and spaces", format!("{head} {body} {tail}")),
        ("written-out line ends", lf.replace('\n', "\\n")),
        ("written-out windows line ends", lf.replace('\n', "\\r\\n")),
        ("blank lines", lf.replace('\n', "\n\n")),
        (
            "new",
            lf.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        ),
        (
            "text before",
            format!("Subject: CN = shop\n  Version: 1\n{lf}"),
        ),
        ("byte order mark", format!("\u{feff}{lf}")),
        ("old macintosh", lf.replace('\n', "\r")),
    ] {
        assert_eq!(read_csr(&text).as_ref(), Ok(&want), "{form}");
    }
}

#[test]
fn a_bare_public_key_is_accepted_and_has_no_request() {
    let pair = KeyPair::generate().unwrap();
    let facts = read_csr(&pair.public_key_pem()).unwrap();
    assert_eq!(facts.public_key, pair.subject_public_key_info());
    assert_eq!(facts.der, None);
}

#[test]
fn garbage_is_no_csr() {
    let pem = key(&ca()).csr_pem.replace("\r\n", "\n");
    let pair = KeyPair::generate().unwrap();
    assert_eq!(read_csr("hello"), Err(CsrProblem::NoPem));
    assert_eq!(read_csr(""), Err(CsrProblem::NoPem));
    assert_eq!(read_csr(&pair.serialize_pem()), Err(CsrProblem::PrivateKey));
    assert_eq!(read_csr(&pem[..pem.len() - 30]), Err(CsrProblem::NoEnd));
    let third = pem.lines().nth(2).unwrap();
    let cut = pem.replacen(third, "", 1);
    assert!(
        matches!(read_csr(&cut), Err(CsrProblem::NotDer(_))),
        "a line is missing"
    );
    let odd = pem.replacen("\nMI", "\n!!", 1);
    assert!(matches!(read_csr(&odd), Err(CsrProblem::NotBase64(_))));
    let certificate = ca().roots_pem();
    assert_eq!(read_csr(&certificate), Err(CsrProblem::NoPem));
}

#[test]
fn a_csr_signed_by_another_key_is_told() {
    let pem = key(&ca()).csr_pem;
    let mut der = read_csr(&pem).unwrap().der.unwrap();
    *der.last_mut().unwrap() ^= 1;
    let facts = read_csr(&formats::armour(
        "CERTIFICATE REQUEST",
        &der,
        pem::LineEnding::LF,
    ))
    .unwrap();
    assert!(!facts.signature_valid);
}

#[test]
fn key_sizes_are_in_bits() {
    let dir = TempDir::new().unwrap();
    for (args, kind, bits) in [
        (&["-newkey", "rsa:3072"][..], KeyKind::Rsa, 3072),
        (&["-newkey", "rsa:1024"], KeyKind::Rsa, 1024),
        (
            &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
            KeyKind::Ec,
            521,
        ),
        (&["-newkey", "ed25519"], KeyKind::Other, 0),
    ] {
        let head = [
            "req", "-new", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-subj", "/CN=x",
        ];
        openssl_ok(dir.path(), &[&head[..], args].concat());
        let facts = read_csr(&std::fs::read_to_string(dir.path().join("c.pem")).unwrap()).unwrap();
        assert_eq!((facts.key_kind, facts.key_bits), (kind, bits), "{args:?}");
    }
}
