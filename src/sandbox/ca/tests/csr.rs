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
    assert!(!want.signature_wrong);
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
fn keys_that_no_authority_certifies_are_told() {
    let dir = TempDir::new().unwrap();
    let ec = |curve: &'static str| vec!["-algorithm", "EC", "-pkeyopt", curve];
    let rsa = |option: &'static str| vec!["-algorithm", "RSA", "-pkeyopt", option];
    for (made, told) in [
        (ec("ec_paramgen_curve:P-256"), None),
        (ec("ec_paramgen_curve:P-384"), None),
        (rsa("rsa_keygen_bits:2048"), None),
        (rsa("rsa_keygen_pubexp:3"), None),
        (ec("ec_paramgen_curve:prime192v1"), Some("not on P-256")),
        (ec("ec_paramgen_curve:secp256k1"), Some("not on P-256")),
        (
            ec("ec_paramgen_curve:brainpoolP256r1"),
            Some("not on P-256"),
        ),
        (ec("ec_paramgen_curve:P-521"), Some("not on P-256")),
        (
            [
                ec("ec_paramgen_curve:P-256"),
                vec!["-pkeyopt", "ec_param_enc:explicit"],
            ]
            .concat(),
            Some("not on P-256"),
        ),
        (rsa("rsa_keygen_bits:2050"), Some("divided by 8")),
        (vec!["-algorithm", "RSA-PSS"], Some("bound to RSASSA-PSS")),
        (vec!["-algorithm", "ED25519"], Some("neither plain RSA")),
    ] {
        let genpkey = [vec!["genpkey", "-out", "key.pem"], made.clone()].concat();
        openssl_ok(dir.path(), &genpkey);
        let bare = openssl_ok(dir.path(), &["pkey", "-in", "key.pem", "-pubout"]);
        let request = ["req", "-new", "-key", "key.pem", "-subj", "/CN=a"];
        let request = openssl_ok(dir.path(), &request);
        for text in [bare, request] {
            let found = read_csr(&text).unwrap().weakness;
            let fits = match (&found, told) {
                (Some(found), Some(told)) => found.contains(told),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            assert!(fits, "{made:?}: {found:?}");
        }
    }
}

#[test]
fn numbers_that_make_no_safe_rsa_key_are_told() {
    use num_bigint::BigUint;
    let power = |bits: u32, more: u32| (BigUint::from(1u8) << bits) + more;
    // Together they have 2,048 bits.
    let mersenne = |bits: u32| power(bits, 0) - 1u8;
    let apart = mersenne(1279) * mersenne(607) * mersenne(107) * mersenne(31) * mersenne(24);
    let close = power(1023, 1_155) * power(1023, 1_155);
    for (modulus, exponent, told) in [
        (apart.clone(), 1u32, "exponent"),
        (apart.clone(), 65_536, "exponent"),
        (apart << 1u32, 65_537, ""),
        (power(2047, 0), 65_537, "small factor"),
        (close, 65_537, ""),
    ] {
        let pem = rsa_key(&modulus.to_bytes_be(), &exponent.to_be_bytes());
        let found = read_csr(&pem).unwrap().weakness.unwrap_or_default();
        assert!(!found.is_empty() && found.contains(told), "{found}");
    }
}

/// A bare RSA key of these numbers, PEM.
fn rsa_key(modulus: &[u8], exponent: &[u8]) -> String {
    use der::Encode;
    use der::asn1::{Any, BitString, Uint};
    let number = |bytes: &[u8]| Uint::new(bytes).unwrap().to_der().unwrap();
    let body = [number(modulus), number(exponent)].concat();
    let key = Any::new(der::Tag::Sequence, body)
        .unwrap()
        .to_der()
        .unwrap();
    let spki = x509_cert::spki::SubjectPublicKeyInfoOwned {
        algorithm: x509_cert::spki::AlgorithmIdentifierOwned {
            oid: der::asn1::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"),
            parameters: Some(Any::null()),
        },
        subject_public_key: BitString::from_bytes(&key).unwrap(),
    };
    formats::armour("PUBLIC KEY", &spki.to_der().unwrap(), pem::LineEnding::LF)
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
    let certificate = ca().roots_pem().unwrap();
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
    assert!(facts.signature_wrong);
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
