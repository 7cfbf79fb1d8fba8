//! Certificates: names, keys, hashes, usages.

use tempfile::TempDir;

use super::super::csr::{KeyKind, read_csr};
use super::super::{
    CaError, Hash, IssueRequest, LeafKind, MailUse, Person, Profile, Purpose, formats,
};
use super::{ca, key, openssl_ok, request, verified, write};

#[test]
fn every_intermediate_issues_what_openssl_verifies() {
    let ca = ca();
    let key = key(&ca);
    for ica in ca.intermediates() {
        let req = IssueRequest {
            ica_id: ica.id.clone(),
            ..request(&ca, ica.purpose, ica.key_kind, &key)
        };
        let issued = ca.issue(&req).unwrap();
        let text = verified(&ca, &ica.id, &issued);
        assert!(
            text.contains(&ica.subject_common_name),
            "issued by {}: {text}",
            ica.name
        );
    }
}

#[test]
fn a_certificate_says_what_was_asked() {
    let ca = ca();
    let req = request(&ca, Purpose::Tls, KeyKind::Rsa, &key(&ca));
    let issued = ca.issue(&req).unwrap();
    let text = verified(&ca, &req.ica_id, &issued);
    for part in [
        "0a:1b:2c:3d:4e:5f:60:71:82:93:a4:b5:c6:d7:e8:f9",
        "DNS:shop.example.net, DNS:*.xn--bcher-kva.example",
        "sha256WithRSAEncryption",
        "TLS Web Server Authentication",
        "CA:FALSE",
        "X509v3 Authority Key Identifier",
        "X509v3 Subject Key Identifier",
        "2.23.140.1.2.2",
        "C=JP",
        "CN=shop.example.net",
    ] {
        assert!(text.contains(part), "{part:?} is missing in {text}");
    }
    assert_eq!(issued.serial_hex, "0A1B2C3D4E5F60718293A4B5C6D7E8F9");

    let dir = TempDir::new().unwrap();
    write(&dir, "leaf.pem", formats::pem(&issued.der));
    let print = openssl_ok(
        dir.path(),
        &["x509", "-in", "leaf.pem", "-noout", "-fingerprint", "-sha1"],
    );
    assert_eq!(
        print.trim().split('=').nth(1).unwrap().replace(':', ""),
        issued.thumbprint_hex
    );
    let subject = openssl_ok(
        dir.path(),
        &[
            "x509",
            "-in",
            "leaf.pem",
            "-noout",
            "-subject",
            "-nameopt",
            "utf8,sep_comma_plus",
        ],
    );
    assert!(subject.contains("株式会社サンドボックス"), "{subject}");
}

#[test]
fn the_certificate_carries_the_key_of_the_csr() {
    let ca = ca();
    let dir = TempDir::new().unwrap();
    for newkey in [
        &["-newkey", "rsa:2048"][..],
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["-newkey", "ed25519"],
    ] {
        let head = [
            "req", "-new", "-nodes", "-keyout", "key.pem", "-out", "csr.pem",
        ];
        let args = [&head[..], &["-subj", "/CN=shop.example.net"], newkey].concat();
        openssl_ok(dir.path(), &args);
        let csr = std::fs::read_to_string(dir.path().join("csr.pem")).unwrap();
        let facts = read_csr(&csr).unwrap();
        assert!(!facts.signature_wrong, "{newkey:?}");
        let req = IssueRequest {
            public_key: facts.public_key,
            ..request(&ca, Purpose::Tls, KeyKind::Rsa, &key(&ca))
        };
        let issued = ca.issue(&req).unwrap();
        verified(&ca, &req.ica_id, &issued);
        write(&dir, "leaf.pem", formats::pem(&issued.der));
        let of_csr = openssl_ok(dir.path(), &["req", "-in", "csr.pem", "-noout", "-pubkey"]);
        let of_leaf = openssl_ok(
            dir.path(),
            &["x509", "-in", "leaf.pem", "-noout", "-pubkey"],
        );
        assert_eq!(of_csr, of_leaf);
    }
}

#[test]
fn the_hash_of_the_signature_is_the_one_asked_for() {
    let ca = ca();
    let base = request(&ca, Purpose::Tls, KeyKind::Rsa, &key(&ca));
    for (hash, word) in [
        (Hash::Sha256, "sha256WithRSAEncryption"),
        (Hash::Sha384, "sha384WithRSAEncryption"),
        (Hash::Sha512, "sha512WithRSAEncryption"),
    ] {
        let req = IssueRequest {
            signature_hash: hash,
            ..base.clone()
        };
        let text = verified(&ca, &req.ica_id, &ca.issue(&req).unwrap());
        assert!(text.contains(word), "{word}: {text}");
    }
    let ecdsa = request(&ca, Purpose::Tls, KeyKind::Ec, &key(&ca));
    let text = verified(&ca, &ecdsa.ica_id, &ca.issue(&ecdsa).unwrap());
    assert!(
        text.contains("ecdsa-with-SHA384"),
        "P-384 has SHA-384 alone: {text}"
    );
}

#[test]
fn pss_is_used_when_key_and_intermediate_are_rsa() {
    let ca = ca();
    let rsa = ca
        .made_up_csr(LeafKind::Rsa2048, 3, Some("shop.example.net"), &[])
        .unwrap();
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let base = request(&ca, Purpose::Tls, KeyKind::Rsa, &rsa);
        let req = IssueRequest {
            rsassa_pss: true,
            signature_hash: hash,
            ..base
        };
        let text = verified(&ca, &req.ica_id, &ca.issue(&req).unwrap());
        assert!(text.contains("rsassaPss"), "{text}");
        assert!(
            text.contains(&format!("Hash Algorithm: {}", hash.as_str())),
            "{text}"
        );
    }
    let ec_key = request(&ca, Purpose::Tls, KeyKind::Rsa, &key(&ca));
    let req = IssueRequest {
        rsassa_pss: true,
        ..ec_key
    };
    let text = verified(&ca, &req.ica_id, &ca.issue(&req).unwrap());
    assert!(
        text.contains("sha256WithRSAEncryption"),
        "without effect on an EC key: {text}"
    );
}

#[test]
fn profiles_have_their_key_usages() {
    let ca = ca();
    let signs = MailUse {
        signs: true,
        ..MailUse::default()
    };
    for (purpose, profile, word) in [
        (
            Purpose::Tls,
            Profile::ServerClientAuth,
            "TLS Web Client Authentication",
        ),
        (Purpose::CodeSigning, Profile::CodeSigning, "Code Signing"),
        (Purpose::Email, Profile::Mail(signs), "E-mail Protection"),
        (
            Purpose::Client,
            Profile::Mail(MailUse {
                logs_in: true,
                ..signs
            }),
            "TLS Web Client Authentication",
        ),
        (
            Purpose::Document,
            Profile::Document,
            "1.3.6.1.4.1.311.10.3.12",
        ),
        (Purpose::Vmc, Profile::Vmc, "1.3.6.1.5.5.7.3.31"),
    ] {
        let req = IssueRequest {
            profile,
            dns_names: Vec::new(),
            emails: vec!["ada@example.net".into()],
            ..request(&ca, purpose, KeyKind::Ec, &key(&ca))
        };
        let text = verified(&ca, &req.ica_id, &ca.issue(&req).unwrap());
        assert!(text.contains("email:ada@example.net"), "{text}");
        // Newer openssl knows the newest purposes by name.
        let known = text.contains(word)
            || text.contains("Brand Indicator")
            || text.contains("Microsoft Document Signing");
        assert!(known, "{word} is missing in {text}");
    }
}

#[test]
fn a_mail_certificate_names_the_person_and_the_uses_that_were_asked_for() {
    let ca = ca();
    let person = Person {
        given_name: Some("Zoë".into()),
        surname: Some("Ñandú".into()),
        pseudonym: Some("Ally".into()),
        serial_number: Some("EMP-0017".into()),
        title: Some("Head of PKI".into()),
        email: Some("zoe@example.net".into()),
        principal_name: Some("zoe@corp.example.net".into()),
    };
    let uses = MailUse {
        decrypts: true,
        logs_in: true,
        ..MailUse::default()
    };
    let req = IssueRequest {
        profile: Profile::Mail(uses),
        common_name: Some("Zoë Ñandú".into()),
        dns_names: Vec::new(),
        emails: vec!["zoe@example.net".into()],
        person: Some(person),
        ..request(&ca, Purpose::Email, KeyKind::Ec, &key(&ca))
    };
    let text = verified(&ca, &req.ica_id, &ca.issue(&req).unwrap());
    for part in [
        "GN = Zoë",
        "SN = Ñandú",
        "pseudonym = Ally",
        "serialNumber = EMP-0017",
        "title = Head of PKI",
        "emailAddress = zoe@example.net",
        "CN = Zoë Ñandú",
        "UPN::zoe@corp.example.net",
        "email:zoe@example.net",
        "Key Agreement",
        "E-mail Protection, TLS Web Client Authentication",
    ] {
        // Newer openssl writes no blanks around the sign.
        let found = text.contains(part) || text.contains(&part.replace(" = ", "="));
        assert!(found, "{part} is missing in {text}");
    }
    assert!(!text.contains("Digital Signature"), "not for signing");
}

#[test]
fn long_names_and_many_names_are_issued() {
    let ca = ca();
    let long = format!("{}.{}.example.org", "a".repeat(63), "b".repeat(40));
    let mut names: Vec<String> = (0..99).map(|n| format!("host-{n}.example.com")).collect();
    names.insert(0, long.clone());
    let req = IssueRequest {
        common_name: Some(long.clone()),
        dns_names: names,
        organization: None,
        ..request(&ca, Purpose::Tls, KeyKind::Ec, &key(&ca))
    };
    let text = verified(&ca, &req.ica_id, &ca.issue(&req).unwrap());
    assert!(
        !text.contains(&format!("CN={long}")),
        "over 64 characters: {text}"
    );
    assert!(text.contains(&format!("DNS:{long}")), "{text}");
    assert!(text.contains("DNS:host-98.example.com"), "{text}");
}

#[test]
fn what_cannot_be_issued_says_why() {
    let ca = ca();
    let good = request(&ca, Purpose::Tls, KeyKind::Rsa, &key(&ca));
    let name = IssueRequest {
        dns_names: vec!["bücher.example".into()],
        ..good.clone()
    };
    assert!(matches!(ca.issue(&name), Err(CaError::BadName(n)) if n == "bücher.example"));
    let ica = IssueRequest {
        ica_id: "FFFF".into(),
        ..good.clone()
    };
    assert!(matches!(
        ca.issue(&ica),
        Err(CaError::UnknownIntermediate(_))
    ));
    let period = IssueRequest {
        not_after: good.not_before,
        ..good.clone()
    };
    assert!(matches!(ca.issue(&period), Err(CaError::BadPeriod(..))));
    let key = IssueRequest {
        public_key: vec![1, 2, 3],
        ..good
    };
    assert!(matches!(ca.issue(&key), Err(CaError::BadKey(_))));
}
