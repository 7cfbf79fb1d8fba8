//! Chains of a small PKI made at test time, in every order and company, and what openssl says of the result.

use std::io::Write as _;
use std::process::Command;

use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PKCS_ECDSA_P384_SHA384,
    PKCS_RSA_SHA256,
};

use super::*;
use crate::domain::certificate::read_all;
use crate::domain::{csr, testing};

/// A small PKI: an old and a new root, the new one cross-signed by the old, an intermediate, a leaf.
struct Pki {
    old_root: CertFacts,
    new_root: CertFacts,
    cross: CertFacts,
    intermediate: CertFacts,
    leaf: CertFacts,
    other_leaf: CertFacts,
    csr: csr::Csr,
}

fn facts(certificate: &rcgen::Certificate) -> CertFacts {
    CertFacts::from_der(certificate.der()).unwrap()
}

fn ca(name: &str) -> CertificateParams {
    testing::params(name, IsCa::Ca(BasicConstraints::Unconstrained))
}

fn pki() -> Pki {
    let old_key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    let new_key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
    let ica_key = KeyPair::generate().unwrap();
    let leaf_key = KeyPair::generate().unwrap();
    let other_key = KeyPair::generate().unwrap();
    let old_root = ca("Old Root").self_signed(&old_key).unwrap();
    let new_root = ca("New Root").self_signed(&new_key).unwrap();
    let old_issuer = Issuer::new(ca("Old Root"), &old_key);
    let new_issuer = Issuer::new(ca("New Root"), &new_key);
    let ica_issuer = Issuer::new(ca("Issuing CA"), &ica_key);
    let cross = ca("New Root").signed_by(&new_key, &old_issuer).unwrap();
    let intermediate = ca("Issuing CA").signed_by(&ica_key, &new_issuer).unwrap();
    let end = |name: &str| testing::params(name, IsCa::ExplicitNoCa);
    let leaf = end("shop.example.net")
        .signed_by(&leaf_key, &ica_issuer)
        .unwrap();
    let other_leaf = end("other.example.net")
        .signed_by(&other_key, &ica_issuer)
        .unwrap();
    let request = CertificateParams::new(vec![])
        .unwrap()
        .serialize_request(&leaf_key)
        .unwrap();
    Pki {
        old_root: facts(&old_root),
        new_root: facts(&new_root),
        cross: facts(&cross),
        intermediate: facts(&intermediate),
        leaf: facts(&leaf),
        other_leaf: facts(&other_leaf),
        csr: csr::from_der(request.der()).unwrap(),
    }
}

fn names(certificates: &[CertFacts]) -> Vec<String> {
    certificates.iter().map(CertFacts::display_name).collect()
}

#[test]
fn any_order_and_repetition_gives_the_same_chain() {
    let pki = pki();
    let mut pool = vec![
        pki.new_root.clone(),
        pki.leaf.clone(),
        pki.intermediate.clone(),
        pki.leaf.clone(),
    ];
    let expected = arrange(pool.clone(), Expect::default()).unwrap();
    assert_eq!(expected.leaf, pki.leaf);
    assert_eq!(names(&expected.intermediates), ["Issuing CA"]);
    assert_eq!(expected.root.as_ref(), Some(&pki.new_root));
    assert_eq!(expected.end(), End::Root(3));
    for _ in 0..4 {
        pool.rotate_left(1);
        assert_eq!(arrange(pool.clone(), Expect::default()).unwrap(), expected);
    }
    assert!(expected.leftovers.is_empty());
}

#[test]
fn a_cross_signed_bundle_goes_the_long_way_and_reports_the_other_root() {
    let pki = pki();
    let pool = vec![
        pki.new_root.clone(),
        pki.old_root.clone(),
        pki.cross.clone(),
        pki.leaf.clone(),
        pki.intermediate.clone(),
    ];
    let chain = arrange(pool, Expect::default()).unwrap();
    assert_eq!(chain.intermediates, [pki.intermediate, pki.cross]);
    assert_eq!(chain.root, Some(pki.old_root));
    assert_eq!(chain.leftovers.len(), 1);
    assert_eq!(
        (&chain.leftovers[0].certificate, chain.leftovers[0].why),
        (&pki.new_root, Why::AnotherWay)
    );
}

#[test]
fn a_whole_chain_is_preferred_to_a_longer_one_that_leads_nowhere() {
    let pki = pki();
    let pool = vec![
        pki.leaf.clone(),
        pki.cross.clone(),
        pki.new_root.clone(),
        pki.intermediate.clone(),
    ];
    let chain = arrange(pool, Expect::default()).unwrap();
    assert_eq!(chain.root, Some(pki.new_root));
    assert_eq!(chain.leftovers[0].certificate, pki.cross);
}

#[test]
fn a_chain_without_its_root_names_who_is_missing() {
    let pki = pki();
    let chain = arrange(
        vec![pki.intermediate.clone(), pki.leaf.clone()],
        Expect::default(),
    )
    .unwrap();
    assert_eq!(chain.root, None);
    assert_eq!(chain.root_pem(), None);
    assert_eq!(chain.end(), End::Missing("New Root".into()));
    let alone = arrange(vec![pki.leaf.clone()], Expect::default()).unwrap();
    assert_eq!(alone.chain_pem(), "");
    assert_eq!(alone.end(), End::Missing("Issuing CA".into()));
}

#[test]
fn the_leaf_is_found_by_key_or_serial_and_never_guessed() {
    let pki = pki();
    let pool = vec![
        pki.other_leaf.clone(),
        pki.intermediate.clone(),
        pki.leaf.clone(),
    ];
    let by_key = Expect {
        spki_der: Some(&pki.csr.spki_der),
        serial: None,
    };
    let chain = arrange(pool.clone(), by_key).unwrap();
    assert_eq!(chain.leaf, pki.leaf);
    assert_eq!(chain.leftovers[0].why, Why::AnotherLeaf);
    let by_serial = Expect {
        spki_der: None,
        serial: Some(&pki.other_leaf.serial),
    };
    let wrong = arrange(pool.clone(), by_serial).unwrap();
    assert_eq!(wrong.leaf, pki.other_leaf);
    assert!(
        matches!(arrange(pool.clone(), Expect::default()), Err(ChainError::SeveralLeaves(names)) if names.len() == 2)
    );
    let missing = Expect {
        spki_der: None,
        serial: Some("00FF"),
    };
    let error = arrange(pool, missing).unwrap_err();
    assert!(
        error.to_string().contains("serial 00FF") && error.to_string().contains(&pki.leaf.serial),
        "{error}"
    );
    assert!(matches!(
        arrange(vec![pki.intermediate], Expect::default()),
        Err(ChainError::NoLeaf(_))
    ));
    assert_eq!(arrange(vec![], Expect::default()), Err(ChainError::Empty));
}

#[test]
fn an_impostor_with_the_right_name_is_left_out() {
    let pki = pki();
    let impostor_key = KeyPair::generate().unwrap();
    let mut params = ca("Issuing CA");
    // The same key identifier too, so that only the signature tells.
    params.key_identifier_method =
        rcgen::KeyIdMethod::PreSpecified(pki.intermediate.key_id.clone().unwrap());
    let impostor = facts(&params.self_signed(&impostor_key).unwrap());
    let (stranger, _) = testing::self_signed("stranger.example");
    let stranger = read_all(&stranger).unwrap().remove(0);
    let pool = vec![
        impostor.clone(),
        stranger.clone(),
        pki.leaf.clone(),
        pki.intermediate.clone(),
        pki.new_root.clone(),
    ];
    let chain = arrange(pool, Expect::default()).unwrap();
    assert_eq!(chain.intermediates, [pki.intermediate]);
    let why: Vec<_> = chain
        .leftovers
        .iter()
        .map(|left| (left.certificate.display_name(), left.why))
        .collect();
    assert_eq!(
        why,
        [
            ("Issuing CA".into(), Why::BadSignature),
            ("stranger.example".into(), Why::AnotherLeaf)
        ]
    );
}

#[test]
fn what_is_copied_satisfies_openssl_verify() {
    let pki = pki();
    let pool = [&pki.old_root, &pki.cross, &pki.leaf, &pki.intermediate];
    let crlf: String = pool
        .iter()
        .map(|facts| facts.pem().replace('\n', "\r\n"))
        .collect();
    let chain = Chain::from_pem(&crlf, Expect::default()).unwrap();
    let full = chain.full_chain_pem();
    assert!(!full.contains('\r') && full.ends_with("-----END CERTIFICATE-----\n"));
    assert_eq!(full, chain.certificate_pem() + &chain.chain_pem());
    assert_eq!(full.matches("BEGIN CERTIFICATE").count(), 3);
    let file = |text: &str| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    };
    let (root, chain_file) = (file(&chain.root_pem().unwrap()), file(&chain.chain_pem()));
    let leaf = file(&chain.certificate_pem());
    let output = Command::new("openssl")
        .args(["verify", "-no-CApath", "-no-CAstore", "-CAfile"])
        .arg(root.path())
        .arg("-untrusted")
        .arg(chain_file.path())
        .arg(leaf.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_ca_that_changed_its_key_is_no_root() {
    let old_key = KeyPair::generate().unwrap();
    let new_key = KeyPair::generate().unwrap();
    let leaf_key = KeyPair::generate().unwrap();
    let old = ca("The CA").self_signed(&old_key).unwrap();
    let old_issuer = Issuer::new(ca("The CA"), &old_key);
    // The new key under the old one: issued by the same name, not signed by its own key.
    let rollover = ca("The CA").signed_by(&new_key, &old_issuer).unwrap();
    let new_issuer = Issuer::new(ca("The CA"), &new_key);
    let end = testing::params("shop.example.net", IsCa::ExplicitNoCa);
    let leaf = end.signed_by(&leaf_key, &new_issuer).unwrap();
    let (old, rollover, leaf) = (facts(&old), facts(&rollover), facts(&leaf));
    assert!(rollover.is_self_issued() && !rollover.is_self_signed());
    let cut = arrange(vec![rollover.clone(), leaf.clone()], Expect::default()).unwrap();
    assert_eq!(
        (cut.root.clone(), cut.end()),
        (None, End::Missing("The CA".into()))
    );
    assert_eq!(cut.intermediates, std::slice::from_ref(&rollover));
    let whole = arrange(vec![old.clone(), rollover, leaf], Expect::default()).unwrap();
    assert_eq!((whole.end(), whole.root), (End::Root(3), Some(old)));
}

/// A chain below a CA whose signatures nothing here can check: `openssl` makes it, with a key on a curve that is not known.
#[test]
fn a_link_that_fits_by_its_names_alone_is_not_called_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, root) = (path("ca.key"), path("ca.pem"));
    let curve = "ec_paramgen_curve:brainpoolP256r1";
    testing::openssl(
        &[
            "req",
            "-x509",
            "-nodes",
            "-newkey",
            "ec",
            "-pkeyopt",
            curve,
            "-subj",
            "/CN=Odd Root",
            "-keyout",
            &key,
            "-out",
            &root,
        ],
        b"",
    );
    let (request, _) = testing::csr("/CN=shop.example.net", &["rsa:2048"]);
    let leaf = testing::openssl(
        &[
            "x509",
            "-req",
            "-CA",
            &root,
            "-CAkey",
            &key,
            "-CAcreateserial",
            "-extfile",
            "/dev/null",
        ],
        request.as_bytes(),
    );
    let text = String::from_utf8(leaf).unwrap() + &std::fs::read_to_string(&root).unwrap();
    let chain = Chain::from_pem(&text, Expect::default()).unwrap();
    assert!(!matches!(chain.end(), End::Root(_)), "{:?}", chain.end());
    assert_eq!(chain.root, None);
}

/// What is sent with a gap in it is not passed on as whole; what ends before its root as a rule is.
#[test]
fn a_chain_with_a_hole_says_who_is_missing() {
    let pki = pki();
    let chain = |pool: &[&CertFacts]| {
        let pool = pool.iter().map(|one| (*one).clone()).collect();
        arrange(pool, Expect::default()).unwrap()
    };
    let whole = chain(&[&pki.leaf, &pki.intermediate, &pki.new_root]);
    assert_eq!(whole.hole(), None);
    let rootless = chain(&[&pki.leaf, &pki.intermediate]);
    assert_eq!(rootless.hole(), None);
    let alone = chain(&[&pki.leaf]);
    assert_eq!(alone.hole(), None);
    // The one between was not sent.
    let gap = chain(&[&pki.leaf, &pki.intermediate, &pki.old_root]);
    assert_eq!(gap.hole().as_deref(), Some("New Root"));
    let gap = chain(&[&pki.leaf, &pki.new_root]);
    assert_eq!(gap.hole().as_deref(), Some("Issuing CA"));
    // One of the right name, and another key.
    let key = KeyPair::generate().unwrap();
    let impostor = facts(&ca("New Root").self_signed(&key).unwrap());
    let gap = chain(&[&pki.leaf, &pki.intermediate, &impostor]);
    assert_eq!(gap.hole().as_deref(), Some("New Root"));
}

#[test]
fn an_intermediate_that_is_not_valid_now_is_told() {
    let root_key = KeyPair::generate().unwrap();
    let root = ca("Root").self_signed(&root_key).unwrap();
    let root_issuer = Issuer::new(ca("Root"), &root_key);
    let now: jiff::Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
    for (from, till, told) in [
        (2020, 2036, None),
        (2010, 2020, Some("its Issuing CA expired 2020-01-01")),
        (2030, 2036, Some("its Issuing CA is valid from 2030-01-01")),
    ] {
        let ica_key = KeyPair::generate().unwrap();
        let mut params = ca("Issuing CA");
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(till, 1, 1);
        let issuer = Issuer::new(params.clone(), &ica_key);
        let intermediate = params.signed_by(&ica_key, &root_issuer).unwrap();
        let leaf = testing::params("shop.example.net", IsCa::ExplicitNoCa);
        let leaf = leaf
            .signed_by(&KeyPair::generate().unwrap(), &issuer)
            .unwrap();
        let pool = vec![facts(&leaf), facts(&intermediate), facts(&root)];
        let chain = arrange(pool, Expect::default()).unwrap();
        assert_eq!(chain.outdated(now).as_deref(), told);
    }
}
