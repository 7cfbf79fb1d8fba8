//! The download formats.

use tempfile::TempDir;

use super::super::Purpose;
use super::super::csr::KeyKind;
use super::super::formats::{self, ZipKind};
use super::{ca, key, openssl_ok, request, write};

#[test]
fn downloads_hold_the_documented_certificates_in_order() {
    let ca = ca();
    let req = request(&ca, Purpose::Tls, KeyKind::Ec, &key(&ca));
    let leaf = ca.issue(&req).unwrap().der;
    let chain = ca.chain(&req.ica_id).unwrap();
    let up: Vec<Vec<u8>> = std::iter::once(leaf.clone())
        .chain(chain.iter().map(|l| l.der.clone()))
        .collect();
    let blocks = |text: &str| -> Vec<Vec<u8>> {
        pem::parse_many(text)
            .unwrap()
            .into_iter()
            .map(pem::Pem::into_contents)
            .collect()
    };
    let all = formats::pem_all(&leaf, &chain);
    assert_eq!(blocks(&all), up);
    assert_eq!(all.matches('\n').count(), all.matches("\r\n").count());
    assert!(all.ends_with("-----END CERTIFICATE-----\r\n"));
    assert_eq!(blocks(&formats::pem_noroot(&leaf, &chain)), up[..3]);
    assert_eq!(blocks(&formats::pem_nointermediate(&leaf)), up[..1]);

    let dir = TempDir::new().unwrap();
    write(&dir, "all.p7b", formats::p7b(&leaf, &chain).unwrap());
    let printed = openssl_ok(dir.path(), &["pkcs7", "-in", "all.p7b", "-print_certs"]);
    let mut down = up.clone();
    down.reverse();
    assert_eq!(blocks(&printed), down);
    openssl_ok(dir.path(), &["asn1parse", "-in", "all.p7b"]);
    openssl_ok(
        dir.path(),
        &[
            "cms", "-cmsout", "-print", "-inform", "PEM", "-in", "all.p7b",
        ],
    );
}

#[rstest::rstest]
#[case(ZipKind::Default, &["TrustedRoot.crt", "DigiCertCA2.crt", "DigiCertCA.crt", "star_example_net.crt"])]
#[case(ZipKind::DefaultPem, &["TrustedRoot.crt", "DigiCertCA2.crt", "DigiCertCA.crt", "star_example_net.crt"])]
#[case(ZipKind::DefaultCer, &["TrustedRoot.cer", "DigiCertCA2.cer", "DigiCertCA.cer", "star_example_net.cer"])]
#[case(ZipKind::Apache, &["DigiCertCA2.crt", "DigiCertCA.crt", "star_example_net.crt"])]
fn zips_hold_one_file_a_certificate(#[case] kind: ZipKind, #[case] names: &[&str]) {
    use std::io::Read as _;
    let ca = ca();
    let req = request(&ca, Purpose::Tls, KeyKind::Ec, &key(&ca));
    let leaf = ca.issue(&req).unwrap().der;
    let packed = formats::zip(
        kind,
        "*.example.net",
        &leaf,
        &ca.chain(&req.ica_id).unwrap(),
    )
    .unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(packed)).unwrap();
    let mut found = Vec::new();
    let mut last = String::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        found.push(file.name().unwrap().into_owned());
        last.clear();
        file.read_to_string(&mut last).unwrap();
    }
    assert_eq!(found, names);
    assert_eq!(last, formats::pem(&leaf));
}
