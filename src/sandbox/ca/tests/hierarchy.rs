//! Roots, intermediates, chains, and what a seed decides.

use jiff::Timestamp;
use tempfile::TempDir;

use super::super::csr::KeyKind;
use super::super::{Ca, Purpose, formats};
use super::{ca, key, openssl, openssl_ok, request, verified, write};

#[test]
fn chains_are_three_long_or_four_when_cross_signed() {
    let ca = ca();
    let names = |kind| -> Vec<String> {
        let id = &ca.default_for(Purpose::Tls, kind).unwrap().id;
        ca.chain(id)
            .unwrap()
            .into_iter()
            .map(|l| l.subject_common_name)
            .collect()
    };
    assert_eq!(
        names(KeyKind::Rsa),
        [
            "Sandbox Global G2 TLS RSA SHA256 2020 CA1",
            "Sandbox Global Root G2"
        ]
    );
    assert_eq!(
        names(KeyKind::Ec),
        [
            "Sandbox Global G3 TLS ECC SHA384 2020 CA1",
            "Sandbox Global Root G3",
            "Sandbox Global Root G2"
        ]
    );
    // The cross-signed chain holds with the RSA root alone.
    let req = request(&ca, Purpose::Tls, KeyKind::Ec, &key(&ca));
    let chain = ca.chain(&req.ica_id).unwrap();
    let dir = TempDir::new().unwrap();
    write(&dir, "root.pem", formats::pem(&chain[2].der));
    write(
        &dir,
        "chain.pem",
        formats::pem(&chain[0].der) + &formats::pem(&chain[1].der),
    );
    write(&dir, "leaf.pem", formats::pem(&ca.issue(&req).unwrap().der));
    openssl_ok(
        dir.path(),
        &[
            "verify",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "chain.pem",
            "leaf.pem",
        ],
    );
    // Another sandbox's roots must not do.
    write(
        &dir,
        "root.pem",
        Ca::new(1, Timestamp::now()).roots_pem().unwrap(),
    );
    let (ok, _) = openssl(
        dir.path(),
        &[
            "verify",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "chain.pem",
            "leaf.pem",
        ],
    );
    assert!(!ok);
}

#[test]
fn all_but_the_keys_follows_from_the_seed() {
    let now = Timestamp::now();
    let seen = |seed| -> Vec<(String, String, String)> {
        let ca = Ca::new(seed, now);
        ca.intermediates()
            .iter()
            .map(|i| {
                let serial = ca.certificate(&i.id).unwrap().serial;
                (i.id.clone(), i.chain_info.clone(), serial)
            })
            .collect()
    };
    assert_eq!(seen(7), seen(7));
    assert_ne!(seen(7), seen(8));
    let ca = Ca::new(7, now);
    let first = &ca.intermediates()[0];
    assert_eq!(
        first.chain_info,
        "Sandbox Global G2 TLS RSA SHA256 2020 CA1 (SHA2-256) > Sandbox Global Root G2 (SHA2-256)"
    );
    assert_eq!(first.id.len(), 16);
    let certificate = ca.certificate(&first.id).unwrap();
    assert_eq!(certificate.serial.len(), 32);
    assert!(certificate.valid_from < now && certificate.valid_to > now);
}

#[test]
fn a_saved_authority_goes_on() {
    let ca = ca();
    let saved = serde_json::to_string(&ca.export().unwrap()).unwrap();
    let again = Ca::import(&serde_json::from_str(&saved).unwrap()).unwrap();
    assert_eq!(ca.intermediates(), again.intermediates());
    for ica in ca.intermediates() {
        assert_eq!(
            ca.certificate(&ica.id).unwrap(),
            again.certificate(&ica.id).unwrap()
        );
    }
    let req = request(&ca, Purpose::Tls, KeyKind::Ec, &key(&ca));
    let issued = again.issue(&req).unwrap();
    verified(&ca, &req.ica_id, &issued);
    let shown = format!("{again:?} {:?}", ca.export().unwrap());
    assert!(shown.len() < 200, "keys have no place in Debug: {shown}");
}
