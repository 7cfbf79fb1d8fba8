//! Requests as openssl makes them, pasted in every way, damaged in every place.

use rstest::rstest;

use super::*;
use crate::domain::pem::PemError;
use crate::domain::product::Family;
use crate::domain::secret::SecretKind;
use crate::domain::testing;

const SAN: [&str; 2] = [
    "-addext",
    "subjectAltName=DNS:shop.example.net,DNS:www.example.net,IP:192.0.2.7,IP:2001:db8::1,email:ops@example.net",
];

fn ec_csr(subject: &str) -> String {
    testing::csr(
        subject,
        &["ec", "-pkeyopt", "ec_paramgen_curve:P-256", SAN[0], SAN[1]],
    )
    .0
}

#[test]
fn a_request_made_by_openssl_says_what_it_asks_for() {
    let subject = "/C=DE/ST=Bayern/L=Nürnberg/O=Müller & Söhne/OU=IT/OU=Web/CN=shop.example.net";
    let (text, _) = testing::csr(subject, &["rsa:2048", "-utf8", SAN[0], SAN[1]]);
    let csr = read(&text).unwrap();
    assert_eq!(csr.subject.common_name.as_deref(), Some("shop.example.net"));
    assert_eq!(csr.subject.organization.as_deref(), Some("Müller & Söhne"));
    assert_eq!(csr.subject.units, ["IT", "Web"]);
    assert_eq!(
        csr.subject.one_line(),
        "CN=shop.example.net, O=Müller & Söhne, OU=IT, OU=Web, L=Nürnberg, ST=Bayern, C=DE"
    );
    assert_eq!(csr.names.dns, ["shop.example.net", "www.example.net"]);
    assert_eq!(csr.names.ips.len(), 2);
    assert_eq!(csr.names.ips[1].to_string(), "2001:db8::1");
    assert_eq!(csr.names.emails, ["ops@example.net"]);
    assert_eq!(csr.dns_names(), ["shop.example.net", "www.example.net"]);
    assert_eq!(csr.key, KeyKind::Rsa { bits: 2048 });
    assert_eq!(csr.signature, "RSA with SHA-256");
    assert!(csr.signature_valid());
    assert_eq!(csr.pem(), text);
    let spki = testing::openssl(&["req", "-noout", "-pubkey"], text.as_bytes());
    let spki = crate::domain::pem::blocks(&String::from_utf8(spki).unwrap()).unwrap();
    assert_eq!(csr.spki_der, spki[0].der);
    let der = testing::openssl(&["req", "-outform", "DER"], text.as_bytes());
    let digest = testing::openssl(&["dgst", "-sha256", "-r"], &der);
    assert_eq!(csr.fingerprint(), String::from_utf8(digest).unwrap()[..64]);
}

#[test]
fn every_way_of_pasting_gives_the_same_request() {
    let pem = ec_csr("/CN=shop.example.net");
    let expected = read(&pem).unwrap();
    let dump = testing::openssl(&["req", "-text"], pem.as_bytes());
    let one_line = expected.one_line_pem();
    assert!(!one_line.contains('\n'));
    for text in [
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\r"),
        pem.replace('\n', ""),
        pem.replace('\n', " "),
        pem.replace('\n', "\n\n"),
        pem.replace('\n', "\\n"),
        pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        format!("\u{feff}{pem}"),
        format!("Dear Ada,\nhere is it:\n\n{pem}\n-- \nBob"),
        format!("\"csr\": \"{}\",", pem.replace('\n', "\\n")),
        format!("{pem}{pem}"),
        String::from_utf8(dump).unwrap(),
        pem.lines().filter(|line| !line.starts_with('-')).collect(),
        one_line,
    ] {
        assert_eq!(read(&text).as_ref(), Ok(&expected), "{text}");
        assert_eq!(known(&text).as_ref(), Ok(&expected), "{text}");
    }
}

#[test]
fn every_dress_gives_the_same_request() {
    let (rsa, _) = testing::csr("/CN=shop.example.net", &["rsa:1024"]);
    for pem in [rsa, ec_csr("/CN=shop.example.net")] {
        let expected = read(&pem).unwrap();
        for (dress, text) in testing::dresses(&pem) {
            assert_eq!(read(&text).as_ref(), Ok(&expected), "{dress}\n{text}");
            assert_eq!(read_all(&text).unwrap().len(), 1, "{dress}");
        }
    }
}

#[test]
fn two_different_requests_are_told_in_every_dress() {
    let (one, two) = (ec_csr("/CN=a.example"), ec_csr("/CN=b.example"));
    for (dress, second) in testing::dresses(&two) {
        let text = format!("{one}\n{second}\n");
        let told = read(&text);
        let several = matches!(told, Err(CsrError::Several { count: 2, .. }));
        assert!(several, "{dress}: {told:?}");
        assert_eq!(known(&text), told, "{dress}");
    }
}

/// The last line is as long as it happens to be, and so may be as long as what stands around it.
#[test]
fn a_last_line_of_any_length_is_told_from_what_stands_around_it() {
    let strangers: [&dyn Fn(usize) -> String; 10] = [
        &|n| n.to_string(),
        &|n| format!("L{n}"),
        &|n| format!("{n}:"),
        &|_| "--More--".into(),
        &|_| "<--- More --->".into(),
        &|n| format!("---(more {n}%)---"),
        &|n| format!("lines 1-{n}"),
        &|n| format!("Page {n} of 9"),
        &|n| format!("- {n} -"),
        &|_| "%SYS-5-CONFIG_I: Configured from console by ada on vty0 (10.0.0.7)".into(),
    ];
    let mut lengths = std::collections::BTreeSet::new();
    for length in (1..=48).cycle() {
        // Every one that base64 has.
        if lengths.len() == 16 {
            break;
        }
        let pem = ec_csr(&format!("/CN={}", "a".repeat(length)));
        let expected = read(&pem).unwrap();
        let last = pem.lines().rev().nth(1).unwrap();
        if !lengths.insert(last.len()) {
            continue;
        }
        for stranger in strangers {
            let lines = pem.lines().enumerate();
            let before: Vec<_> = lines
                .map(|(n, line)| format!("{}\n{line}", stranger(n + 1)))
                .collect();
            let before = before.join("\n");
            let text = format!("{before}\n{}", stranger(42));
            assert_eq!(read(&text).as_ref(), Ok(&expected), "{text}");
            let bare = before.lines().filter(|line| !line.contains("-----"));
            let bare = bare.collect::<Vec<_>>().join("\n\n");
            assert_eq!(read(&bare).as_ref(), Ok(&expected), "{bare}");
        }
    }
}

/// What a comparison shows as removed was replaced; where nothing came for it, it is what the text holds.
#[test]
fn of_a_comparison_the_new_request_counts() {
    let (old, new, other) = (
        ec_csr("/CN=a.example"),
        ec_csr("/CN=a.example"),
        ec_csr("/CN=b.example"),
    );
    let expected = read(&new).unwrap();
    let signed = |sign: &str, text: &str| -> String {
        let lines = text.lines().map(|line| format!("{sign}{line}\n"));
        lines.collect()
    };
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let (before, after) = (lines(&old), lines(&new));
    let last = before.len() - 1;
    let same = before.iter().zip(&after).take_while(|(a, b)| a == b);
    let same = same.count();
    // As `git diff` writes it: what both have in common, the old lines, the new lines.
    let change = format!(
        "{}{}{}{}",
        signed(" ", &before[..same].join("\n")),
        signed("-", &before[same..last].join("\n")),
        signed("+", &after[same..last].join("\n")),
        signed(" ", &before[last]),
    );
    let head = "diff --git a/a.csr b/a.csr\nindex 1111111..2222222 100644\n--- a/a.csr\n+++ b/a.csr\n@@ -1,9 +1,9 @@\n";
    let quoted = format!("{head}{change}");
    let quoted: Vec<_> = quoted.lines().map(|line| format!("> {line}")).collect();
    for text in [
        quoted.join("\n"),
        format!("{head}{change}"),
        change.clone(),
        format!("{head}{}{}", signed("-", &old), signed("+", &new)),
        format!("{}{}", signed("-", &old), signed("+", &new)),
        format!("{head}{}{}", signed("+", &new), signed("-", &old)),
    ] {
        assert_eq!(read(&text).as_ref(), Ok(&expected), "{text}");
        let all = read_all(&text).unwrap();
        assert_eq!(all.len(), 1, "{text}");
        assert_eq!(all[0].1.as_ref(), Ok(&expected), "{text}");
    }
    let removed = format!("{head}{}", signed("-", &old));
    assert_eq!(read(&removed), read(&old));
    let two = format!("{head}{change}{head}{}", signed("+", &other));
    assert!(matches!(
        read(&two),
        Err(CsrError::Several { count: 2, .. })
    ));
    for (beside, at) in [
        (format!("{other}{head}{change}"), 0),
        (format!("{head}{change}{other}"), 1),
    ] {
        let all = read_all(&beside).unwrap().into_iter();
        let mut all: Vec<Csr> = all.map(|(_, csr)| csr.unwrap()).collect();
        assert_eq!(all.len(), 2, "{beside}");
        assert_eq!(all.remove(at), read(&other).unwrap(), "{beside}");
        assert_eq!(all[0], expected, "{beside}");
    }
}

#[rstest]
#[case(&["rsa:2048", "-sha384"], "RSA with SHA-384", Family::PublicTls)]
#[case(&["rsa:2048", "-sha512"], "RSA with SHA-512", Family::PublicTls)]
#[case(&["rsa:3072"], "RSA with SHA-256", Family::CodeSigning)]
// openssl's default salt is the longest possible one.
#[case(&["rsa:2048", "-sigopt", "rsa_padding_mode:pss"], "RSASSA-PSS with SHA-256", Family::PublicTls)]
#[case(&["rsa:2048", "-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:20"], "RSASSA-PSS with SHA-512", Family::PublicTls)]
#[case(&["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"], "RSASSA-PSS with SHA-256", Family::PublicTls)]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "ECDSA with SHA-256", Family::CodeSigning)]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha384"], "ECDSA with SHA-384", Family::PublicTls)]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha512"], "ECDSA with SHA-512", Family::PublicTls)]
fn good_keys_and_signatures_pass(
    #[case] key: &[&str],
    #[case] signature: &str,
    #[case] family: Family,
) {
    let csr = read(&testing::csr("/CN=a.example", key).0).unwrap();
    assert_eq!(csr.signature, signature);
    assert!(csr.signature_valid(), "{csr:?}");
    assert_eq!(check(&csr, family), vec![]);
}

#[rstest]
#[case(&["rsa:1024"], Family::PublicTls, "1024 bits")]
#[case(&["rsa:2044"], Family::PublicTls, "2044 bits")]
#[case(&["rsa:2052"], Family::PublicTls, "not a multiple of 8")]
#[case(&["rsa:2048"], Family::EvCodeSigning, "code signing needs RSA with 3072")]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:P-521"], Family::PublicTls, "P-521")]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], Family::PublicTls, "secp256k1")]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"], Family::PublicTls, "brainpoolP256r1")]
#[case(&["ed25519"], Family::PublicTls, "Ed25519")]
fn weak_keys_are_refused_with_the_reason(
    #[case] key: &[&str],
    #[case] family: Family,
    #[case] reason: &str,
) {
    let csr = read(&testing::csr("/CN=a.example", key).0).unwrap();
    let refusals = check(&csr, family);
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert!(refusals[0].to_string().contains(reason), "{}", refusals[0]);
}

/// Only the CA knows whether it takes one: the hash of a request's signature is not the certificate's.
#[rstest]
#[case(&["rsa:2048", "-sha1"], "SHA-1")]
#[case(&["rsa:2048", "-sha1", "-sigopt", "rsa_padding_mode:pss"], "SHA-1")]
#[case(&["rsa:2048", "-md5"], "MD5")]
#[case(&["rsa:2048", "-sha224"], "SHA-224")]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha1"], "SHA-1")]
fn no_hash_of_its_signature_refuses_a_request(#[case] key: &[&str], #[case] weak: &str) {
    let csr = read(&testing::csr("/CN=a.example", key).0).unwrap();
    assert_eq!(check(&csr, Family::PublicTls), vec![]);
    assert!(csr.hash.is_weak());
    assert_eq!(csr.hash.to_string(), weak);
}

/// Of these nothing here knows whether the signature is right; none is called a forgery.
#[rstest]
#[case(&["rsa:1024", "-sha384"], "RSA with SHA-384 with a key of 1024 bits")]
#[case(&["rsa:512", "-sha256"], "with a key of 512 bits")]
#[case(&["rsa:1024", "-sigopt", "rsa_padding_mode:pss"], "RSASSA-PSS with SHA-256 with a key of 1024 bits")]
#[case(&["rsa:2048", "-sha1", "-sigopt", "rsa_padding_mode:pss"], "RSASSA-PSS with SHA-1")]
#[case(&["rsa:2048", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_mgf1_md:sha1"], "in its mask, SHA-1")]
#[case(&["rsa:2048", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_mgf1_md:sha512"], "in its mask, SHA-512")]
#[case(&["rsa:2048", "-sha3-256"], "is not checked here")]
#[case(&["rsa:2048", "-sha224"], "RSA with SHA-224")]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"], "ECDSA on brainpoolP384r1")]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:secp224r1"], "ECDSA on P-224")]
#[case(&["ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"], "given by its parameters")]
#[case(&["ed448"], "is not checked here")]
fn what_cannot_be_checked_is_said_with_its_reason(#[case] key: &[&str], #[case] reason: &str) {
    let csr = read(&testing::csr("/CN=a.example", key).0).unwrap();
    match &csr.verdict {
        Verdict::Unsupported(why) => assert!(why.contains(reason), "{why}"),
        other => panic!("{other:?}"),
    }
    let refusals = check(&csr, Family::PublicTls);
    let bad = |refusal: &Refusal| *refusal == Refusal::BadSignature;
    assert!(!refusals.iter().any(bad), "{refusals:?}");
}

/// What a certificate of the account will not have is said; what every one has is not.
#[rstest]
#[case("basicConstraints=CA:TRUE", &["a CA certificate (CA:TRUE)"])]
#[case("basicConstraints=critical,CA:TRUE,pathlen:0", &["a CA certificate (CA:TRUE)"])]
#[case("basicConstraints=CA:FALSE", &[])]
#[case("keyUsage=critical,keyCertSign", &["the signing of certificates (keyCertSign)"])]
#[case("keyUsage=critical,keyCertSign,cRLSign", &["the signing of certificates (keyCertSign)", "the signing of revocation lists (cRLSign)"])]
#[case("keyUsage=digitalSignature,keyEncipherment", &[])]
#[case("tlsfeature=status_request", &["OCSP must-staple (tlsfeature)"])]
#[case("extendedKeyUsage=serverAuth", &[])]
#[case("extendedKeyUsage=serverAuth,clientAuth", &[])]
#[case("subjectKeyIdentifier=hash", &[])]
#[case("certificatePolicies=2.23.140.1.2.2", &["certificate policies"])]
#[case("nameConstraints=permitted;DNS:example.net", &["name constraints"])]
#[case("crlDistributionPoints=URI:http://crl.example.net/a.crl", &["CRL distribution points"])]
#[case("authorityInfoAccess=OCSP;URI:http://ocsp.example.net", &["issuer access (authorityInfoAccess)"])]
#[case("policyConstraints=requireExplicitPolicy:0", &["policy constraints"])]
#[case("inhibitAnyPolicy=0", &["inhibitAnyPolicy"])]
#[case("noCheck=", &["no OCSP check (noCheck)"])]
#[case("nsCertType=server", &["a Netscape type"])]
#[case("1.3.6.1.4.1.311.20.2=ASN1:BMPSTRING:WebServer", &["a Windows template"])]
#[case("1.2.3.4=ASN1:NULL", &["the extension 1.2.3.4"])]
fn other_wishes_of_a_request_are_told(#[case] extension: &str, #[case] wishes: &[&str]) {
    let key = [
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-addext",
        extension,
    ];
    let csr = read(&testing::csr("/CN=a.example", &key).0).unwrap();
    assert_eq!(csr.wishes, wishes);
}

#[rstest]
#[case("serverAuth", &[])]
#[case("serverAuth,clientAuth", &["clientAuth"])]
#[case("critical,codeSigning,emailProtection,1.2.3.4", &["codeSigning", "emailProtection", "1.2.3.4"])]
#[case("anyExtendedKeyUsage", &["anyExtendedKeyUsage"])]
fn other_purposes_than_that_of_servers_are_told(#[case] usage: &str, #[case] purposes: &[&str]) {
    let usage = format!("extendedKeyUsage={usage}");
    let key = [
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-addext",
        &usage,
    ];
    let csr = read(&testing::csr("/CN=a.example", &key).0).unwrap();
    assert_eq!(csr.purposes, purposes);
}

/// Advice to copy again is given only where something is known to be lost.
#[test]
fn a_stranger_that_cannot_be_told_apart_is_named_and_nothing_called_lost() {
    let pem = ec_csr("/CN=shop.example.net");
    let lines: Vec<&str> = pem.lines().collect();
    // Half a line: it is as wide as no other, and what belongs to it is not known.
    for stranger in ["Q0FO Tk9U IEJF IFJF QUQu", "see (1)", "x"] {
        let broken = lines[3].split_at(30);
        let text = [&lines[..3], &[broken.0, stranger, broken.1], &lines[4..]]
            .concat()
            .join("\n");
        let error = read(&text).unwrap_err();
        assert!(
            matches!(error, CsrError::Pem(PemError::Unlike { line: 4, .. })),
            "{stranger}: {error:?}"
        );
        let said = error.to_string();
        assert!(!said.contains("lost") && !said.contains("again"), "{said}");
    }
}

#[test]
fn a_changed_request_no_longer_matches_its_key() {
    let mut csr = read(&ec_csr("/CN=shop.example.net")).unwrap();
    let at = csr.der.windows(4).position(|four| four == b"shop").unwrap();
    csr.der[at] = b'c';
    let changed = from_der(&csr.der).unwrap();
    assert_eq!(
        changed.subject.common_name.as_deref(),
        Some("chop.example.net")
    );
    assert!(!changed.signature_valid());
    assert_eq!(
        check(&changed, Family::PublicTls),
        vec![Refusal::BadSignature]
    );
}

#[test]
fn a_challenge_password_and_unknown_attributes_do_no_harm() {
    let config = "[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\n[dn]\nCN=a.example\n[at]\nchallengePassword=wird nicht gesendet\nunstructuredName=x\n";
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config).unwrap();
    let path = file.path().to_str().unwrap();
    let text = testing::openssl(
        &[
            "req",
            "-new",
            "-nodes",
            "-keyout",
            "/dev/null",
            "-newkey",
            "rsa:2048",
            "-config",
            path,
            SAN[0],
            SAN[1],
        ],
        b"",
    );
    let csr = read(std::str::from_utf8(&text).unwrap()).unwrap();
    assert_eq!(csr.names.dns.len(), 2);
    assert!(csr.signature_valid());
}

#[test]
fn other_things_are_called_what_they_are() {
    let pem = ec_csr("/CN=a.example");
    let other = ec_csr("/CN=b.example");
    let (certificate, key) = testing::self_signed("a.example");
    let public = testing::openssl(&["req", "-noout", "-pubkey"], pem.as_bytes());
    let public = String::from_utf8(public).unwrap();
    assert_eq!(read(" \r\n\u{feff}"), Err(CsrError::Empty));
    assert_eq!(read("please find attached"), Err(CsrError::NoCsr));
    assert_eq!(read(&certificate), Err(CsrError::Certificate));
    assert!(read(&format!("{certificate}{pem}")).is_ok());
    assert_eq!(read(&public), Err(CsrError::PublicKey));
    match paste(&public).unwrap() {
        Pasted::PublicKey(key) => assert_eq!(key.key, KeyKind::Ec { curve: Curve::P256 }),
        Pasted::Csr(_) => panic!("a public key is no CSR"),
    }
    let lines = pem.lines().count();
    assert_eq!(
        read(&format!("{pem}{other}{pem}")),
        Err(CsrError::Several {
            count: 2,
            second: Some(lines + 1)
        })
    );
    assert_eq!(read_all(&format!("{pem}{other}{pem}")).unwrap().len(), 3);
    let both = format!("{pem}{}", key.serialize_pem());
    assert_eq!(read(&both), Err(CsrError::PrivateKey(SecretKind::Pkcs8)));
    assert!(matches!(
        read("-----BEGIN PKCS7-----\nMAAA\n-----END PKCS7-----"),
        Err(CsrError::OtherBlock { line: 1, .. })
    ));
    assert!(matches!(
        read(&" ".repeat(MAX_LENGTH + 1)),
        Err(CsrError::TooLong { .. })
    ));
}

#[test]
fn a_damaged_request_says_which_part_and_where() {
    let der = read(&ec_csr("/CN=shop.example.net")).unwrap().der;
    let missing = |keep: usize| match from_der(&der[..keep]) {
        Err(CsrError::Cut {
            part: CsrPart::Whole,
            offset: 0,
            missing,
        }) => missing,
        other => panic!("{other:?}"),
    };
    assert_eq!(missing(der.len() - 10), 10);
    assert_eq!(missing(1), 1);
    let mut longer = der.clone();
    longer.push(0);
    assert_eq!(
        from_der(&longer),
        Err(CsrError::Trailing {
            offset: der.len(),
            extra: 1
        })
    );

    let at = der.windows(2).position(|two| two == [0x02, 0x01]).unwrap();
    let mut wrong = der.clone();
    wrong[at] = 0x04;
    assert_eq!(
        from_der(&wrong),
        Err(CsrError::Malformed {
            part: CsrPart::Version,
            offset: at
        })
    );
    let mut wrong = der.clone();
    wrong[at + 3] = 0x31;
    assert_eq!(
        from_der(&wrong),
        Err(CsrError::Malformed {
            part: CsrPart::Subject,
            offset: at + 3
        })
    );

    let lost: String = ec_csr("/CN=x")
        .lines()
        .enumerate()
        .filter(|(n, _)| *n != 2)
        .flat_map(|(_, line)| [line, "\n"])
        .collect();
    let bare: String = ec_csr("/CN=x")
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    for text in [lost.as_str(), &bare[..bare.len() - 24]] {
        let told = read(text);
        assert!(matches!(told, Err(CsrError::Cut { .. })), "{told:?}");
    }
    let (certificate, _) = testing::self_signed("a.example");
    let bare =
        |text: &str| -> String { text.lines().filter(|line| !line.starts_with('-')).collect() };
    assert_eq!(read(&bare(&certificate)), Err(CsrError::Certificate));
}

#[test]
fn debug_shows_no_bytes_and_remote_names_are_safe_to_show() {
    let csr = read(&ec_csr("/CN=a\u{202e}b.example")).unwrap();
    let (text, _) = testing::csr("/CN=a\u{202e}b.example", &["rsa:2048", "-utf8"]);
    let spoofed = read(&text).unwrap();
    assert_eq!(
        spoofed.subject.common_name.as_deref(),
        Some("a<U+202E>b.example")
    );
    let debug = format!("{csr:?} {:?}", paste(&csr.pem()).unwrap());
    assert!(debug.len() < 500, "{debug}");
    assert!(debug.contains(&csr.fingerprint()));
}

#[test]
fn any_prefix_and_any_flipped_byte_is_survived() {
    let text = ec_csr("/CN=shop.example.net");
    let der = read(&text).unwrap().der;
    for at in 0..der.len() {
        let _ = from_der(&der[..at]);
        for bit in [0x01, 0x80, 0xff] {
            let mut flipped = der.clone();
            flipped[at] ^= bit;
            if let Ok(csr) = from_der(&flipped) {
                assert!(
                    !csr.signature_valid(),
                    "byte {at} {bit} {:02x?}",
                    &der[at - 12..at + 8]
                );
            }
        }
    }
    // Only its padding and its last line may be missing: without them the request is whole.
    let (body, _) = text.split_once("-----END").unwrap();
    let whole = body.trim_end_matches(['\n', '=']).len();
    for at in 0..text.len() {
        match read(&text[..at]) {
            Ok(csr) => assert!(at >= whole && csr.der == der, "{at}"),
            Err(_) => assert!(at < text.len() - 2, "{at}"),
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_paste_makes_reading_fall_over(pieces in proptest::collection::vec(0usize..14, 0..24), noise in ".*") {
        const PIECES: [&str; 13] = [
            "-----BEGIN CERTIFICATE REQUEST-----", "-----END CERTIFICATE REQUEST-----", "-----BEGIN CERTIFICATE-----",
            "-----END CERTIFICATE-----", "-----", "BEGIN ", "END ", "\n", "\r", "\\n", "MIIB", "A=", "ü: ",
        ];
        let text: String = pieces.iter().map(|piece| PIECES.get(*piece).copied().unwrap_or(&noise)).collect();
        let error = read(&text).unwrap_err().to_string();
        proptest::prop_assert!(!error.is_empty());
        let _ = crate::domain::certificate::read_all(&text);
    }
}

/// One line of base64 in four thousand begins as a CSR does, by chance.
#[test]
fn a_line_inside_that_begins_as_a_csr_does_begins_none() {
    let begins = |pem: &String| pem.lines().skip(2).any(|line| line.starts_with("MI"));
    let pem = (0..100_000)
        .map(|n| ec_csr(&format!("/CN={n}")))
        .find(begins);
    let pem = pem.unwrap();
    let lines = pem.lines().enumerate();
    let lines: Vec<_> = lines
        .map(|(n, line)| format!("L{}\n{line}", n + 1))
        .collect();
    assert_eq!(read(&lines.join("\n")), read(&pem), "{pem}");
}
