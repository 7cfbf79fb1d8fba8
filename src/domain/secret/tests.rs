//! Keys of every kind in every dress, made when the tests run, and texts that must not be taken for one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rstest::rstest;

use super::*;
use crate::domain::testing;

#[rstest]
#[case(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], SecretKind::Pkcs8)]
#[case(&["genrsa", "-traditional", "2048"], SecretKind::Rsa)]
#[case(&["ecparam", "-name", "prime256v1", "-genkey", "-noout"], SecretKind::Ec)]
#[case(&["genpkey", "-algorithm", "ED25519"], SecretKind::Pkcs8)]
#[case(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-aes256", "-pass", "pass:x"], SecretKind::EncryptedPkcs8)]
#[case(&["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha256"], SecretKind::Pkcs8)]
fn a_key_made_by_openssl_is_recognised_however_it_was_pasted(
    #[case] arguments: &[&str],
    #[case] kind: SecretKind,
) {
    let pem = String::from_utf8(testing::openssl(arguments, b"")).unwrap();
    let body: String = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let lines: Vec<&str> = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let forms = [
        pem.clone(),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', ""),
        pem.replace('\n', "\\n"),
        pem.replace('\n', " "),
        pem.replace("-----", "--"),
        body.clone(),
        lines.join("\\n"),
        lines.join("\n"),
        format!("see my key:{body}"),
        format!("key={}", &body[..64.min(body.len())]),
    ];
    for form in &forms {
        assert_eq!(
            contains_private_key(form),
            Some(kind),
            "{} bytes",
            form.len()
        );
    }
}

#[test]
fn other_forms_of_keys_are_recognised_by_their_marks() {
    let openssh = STANDARD.encode(b"openssh-key-v1\0\0\0\0\x04none");
    for (text, kind) in [
        (openssh.as_str(), SecretKind::OpenSsh),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", SecretKind::OpenSsh),
        ("-----BEGIN DSA PRIVATE KEY-----", SecretKind::Dsa),
        ("- - - BEGIN PRIVATE  KEY", SecretKind::Pkcs8),
        ("AAAA\n-----END RSA PRIVATE KEY-----", SecretKind::Rsa),
        ("PuTTY-User-Key-File-3: ssh-rsa", SecretKind::Putty),
        (
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
            SecretKind::Other,
        ),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----", SecretKind::OpenPgp),
        (
            r#"{"kty": "EC", "crv": "P-256", "d" : "x"}"#,
            SecretKind::Jwk,
        ),
    ] {
        assert_eq!(contains_private_key(text), Some(kind), "{text}");
    }
}

#[test]
fn a_pkcs12_file_as_base64_is_recognised() {
    let key = testing::openssl(
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ],
        b"",
    );
    let pfx = testing::openssl(
        &[
            "pkcs12",
            "-export",
            "-nocerts",
            "-inkey",
            "/dev/stdin",
            "-passout",
            "pass:x",
        ],
        &key,
    );
    assert_eq!(
        contains_private_key(&STANDARD.encode(pfx)),
        Some(SecretKind::Pkcs12)
    );
}

#[test]
fn requests_certificates_public_keys_and_talk_about_keys_are_no_secret() {
    let (csr, _) = testing::csr("/CN=shop.example.net", &["rsa:2048"]);
    let certificate = testing::self_signed("shop.example.net").0;
    let public = testing::openssl(&["req", "-pubkey", "-noout"], csr.as_bytes());
    let talk = "Generating a RSA private key\nwriting new private key to 'key.pem'\n-----\nWe never send private keys.\n";
    for text in [
        csr.as_str(),
        &certificate,
        &String::from_utf8(public).unwrap(),
        talk,
        "",
    ] {
        assert_eq!(contains_private_key(text), None, "{text}");
        assert_eq!(contains_private_key(&text.replace('\n', "")), None);
    }
    assert_eq!(contains_private_key(&format!("{talk}{csr}")), None);
}

#[test]
fn wiping_leaves_nothing() {
    let mut text = String::from("secret");
    wipe(&mut text);
    assert_eq!(text, "");
}

fn openssl_text(arguments: &[&str]) -> String {
    String::from_utf8(testing::openssl(arguments, b"")).unwrap()
}

/// One of each structure, and one with a passphrase.
fn keys() -> Vec<String> {
    [
        &[
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
        ][..],
        &["genrsa", "-traditional", "1024"],
        &["ecparam", "-name", "prime256v1", "-genkey", "-noout"],
        &["genpkey", "-algorithm", "ED25519"],
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-384",
            "-aes256",
            "-pass",
            "pass:x",
        ],
    ]
    .iter()
    .map(|arguments| openssl_text(arguments))
    .collect()
}

#[test]
fn a_key_is_recognised_in_every_dress() {
    for key in keys() {
        for (dress, text) in testing::dresses(&key) {
            let first = key.lines().next().unwrap_or_default();
            assert!(contains_private_key(&text).is_some(), "{first}: {dress}");
        }
    }
}

#[test]
fn dumps_and_other_spellings_of_keys_are_recognised() {
    let key = openssl_text(&["genrsa", "-traditional", "2048"]);
    let ec = openssl_text(&["ecparam", "-name", "prime256v1", "-genkey", "-noout"]);
    let ed = openssl_text(&["genpkey", "-algorithm", "ED25519"]);
    let openssl = |arguments: &[&str], key: &str| {
        String::from_utf8(testing::openssl(arguments, key.as_bytes())).unwrap()
    };
    let text = openssl(&["pkey", "-text", "-noout"], &key);
    let numbers = |heading: &str| -> String {
        let at = text.find(heading).unwrap() + heading.len();
        let digits = text[at..]
            .chars()
            .take_while(|c| c.is_ascii_hexdigit() || matches!(c, ':' | ' ' | '\n'));
        digits.filter(char::is_ascii_hexdigit).collect()
    };
    let base64 = |heading: &str| {
        let hex = numbers(heading);
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap())
            .collect();
        STANDARD.encode(bytes.strip_prefix(&[0]).unwrap_or(&bytes))
    };
    let (n, d, p, q) = (
        base64("modulus:"),
        base64("privateExponent:"),
        base64("prime1:"),
        base64("prime2:"),
    );
    let url = |text: &str| text.replace('+', "-").replace('/', "_").replace('=', "");
    let xml = format!(
        "<RSAKeyValue><Modulus>{n}</Modulus><Exponent>AQAB</Exponent><P>{p}</P><Q>{q}</Q><D>{d}</D></RSAKeyValue>"
    );
    let jwk = format!(
        "{{\"kty\":\"RSA\",\"n\":\"{}\",\"e\":\"AQAB\",\"d\":\"{}\",\"p\":\"{}\"}}",
        url(&n),
        url(&d),
        url(&p)
    );
    let shared = jwk.replace('"', "");
    for text in [
        text.clone(),
        text.replace("privateExponent", "private exponent"),
        openssl(&["pkey", "-text", "-noout"], &ec),
        openssl(&["pkey", "-text", "-noout"], &ed),
        openssl(&["asn1parse"], &key),
        openssl(&["asn1parse"], &ec),
        openssl(&["asn1parse"], &ed),
        format!("data: {}", STANDARD.encode(&text)),
        xml.clone(),
        xml.replace('<', "&lt;").replace('>', "&gt;"),
        xml.replace('<', "<ds:")
            .replace("<ds:/", "</ds:")
            .replace("><", ">\n  <"),
        xml.replace('<', "\\u003c").replace('>', "\\u003e"),
        xml.to_uppercase().replace(&p.to_uppercase(), &p),
        jwk.clone(),
        format!("{{\"keys\":[{jwk}]}}"),
        jwk.replace('"', "\\\""),
        jwk.replace('"', "'"),
        jwk.replace("\"d\"", "\"\\u0064\"")
            .replace("kty", "\\u006bty"),
        shared.clone(),
        shared
            .replace(',', "\n")
            .replace(['{', '}'], "")
            .replace(':', ": "),
        STANDARD.encode(&jwk),
        jwk.replace('"', "&quot;"),
        jwk.replace('"', "%22").replace(':', "%3A"),
        format!("\"privateKey\": \"{}\"", &d[..44]),
        format!(
            "PrivateKey = {}",
            "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
        ),
        "-----BEGIN TSS2 PRIVATE KEY-----".into(),
        "----- BEGIN ENCRYPTED COSIGN PRIVATE KEY -----".into(),
        "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ".into(),
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00".into(),
        "Private-Lines: 1\nAAAA".into(),
        STANDARD.encode([
            0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0,
        ]),
    ] {
        assert!(contains_private_key(&text).is_some(), "{text}");
    }
}

/// Dropbear's key files: fields, each behind its length.
fn of_dropbear(fields: &[&[u8]]) -> Vec<u8> {
    let field = |field: &&[u8]| [&(field.len() as u32).to_be_bytes(), *field].concat();
    fields.iter().flat_map(field).collect()
}

#[test]
fn an_ed25519_key_of_dropbear_is_recognised() {
    let key = of_dropbear(&[b"ssh-ed25519", &[7; 64]]);
    assert!(in_bytes(&key).is_some());
    assert!(contains_private_key(&STANDARD.encode(key)).is_some());
}

/// What programs print of a key, in their words; the digits are made up.
#[test]
fn a_private_part_under_any_heading_is_recognised() {
    let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let colons = hex
        .as_bytes()
        .chunks(2)
        .map(|two| std::str::from_utf8(two).unwrap())
        .collect::<Vec<_>>()
        .join(":");
    let spaced = colons.replace(':', " ");
    let decimal = "71243198712349871234987123498712349812734981273498127349812734";
    let base64 = STANDARD.encode(format!("{hex}{hex}{hex}{hex}"));
    let short = "Hfza7sr9AwJlf1ySg2jKp3uV8xQz0mNbT5eRc4Yd6Wk=";
    let (csr, _) = testing::csr(
        "/CN=a.example",
        &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    );
    for text in [
        format!("Private exponent d = 0x{hex}"),
        format!("private exponent (d): {hex}"),
        format!("Private Exponent: {decimal}"),
        format!("privateExponent:\n    00:{colons}"),
        format!("private exponent:\n\t{colons}"),
        format!("privateExponent = {hex}"),
        format!("PrivateExponent (2048 bits) = {hex}"),
        format!("Private-Exponent[256]= {hex}"),
        format!("prime1: {decimal}"),
        format!("Prime P: {hex}"),
        format!("prime q = 0x{hex}"),
        format!("Primes: [{decimal} {decimal}]"),
        format!("CRT coefficient: 0x{hex}"),
        format!("exponent1:\n    {colons}"),
        format!("Private value x: {hex}"),
        format!("Private scalar: 0x{hex}"),
        format!("Secret exponent: {hex}"),
        format!("Private Key: (256 bit)\n{colons}"),
        format!("private key (hex): {hex}"),
        format!("priv:\n    {colons}"),
        format!("Private-Key: (256 bit)\npriv:\n    {colons}"),
        format!("Private Key:\n  {hex}"),
        format!("skey[2]: {hex}"),
        format!("{{D:{decimal} iqmp={decimal}}}"),
        // BIND's files, and numbers as programs print them.
        format!(
            "Private-key-format: v1.3\nAlgorithm: 8 (RSASHA256)\nModulus: {base64}\nPublicExponent: AQAB\nPrivateExponent: {base64}"
        ),
        format!("Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: {short}"),
        format!("Prime1: {short}"),
        format!("prime_2 = {short}"),
        format!("\"Coefficient\": \"{short}\""),
        format!("n = {decimal}{decimal}\ne = 65537\nd = {decimal}{decimal}"),
        format!("modulus={base64} e=3 d={base64}"),
        format!("n = {decimal}{decimal}\np = {decimal}\nq = {decimal}"),
        format!("p = {decimal}{decimal}\nq = {decimal}{decimal}"),
        format!("EccKey(curve='NIST P-256', point_x=1, point_y=2, d={decimal})"),
        format!("curve: P-256\nd: {decimal}"),
        format!("Modulus: 0x{hex}{hex}\nPrivate: 0x{hex}"),
        format!("n = {spaced} {spaced}\nd = {spaced} {spaced}"),
        format!("{{\"q\": \"{base64}\", \"p\": \"{base64}\"}}"),
        STANDARD.encode(of_dropbear(&[
            b"ssh-rsa",
            &[3],
            &[0x87; 257],
            &[0x87; 256],
            &[0x87; 129],
        ])),
        STANDARD.encode(of_dropbear(&[
            b"ecdsa-sha2-nistp256",
            b"nistp256",
            &[4; 65],
            &[0x87; 32],
        ])),
        format!("EllipticCurvePrivateNumbers(private_value={decimal}, public_numbers=x)"),
        "(private-key (rsa (n #00c0#) (d #00c1#)))".into(),
        "(21:protected-private-key(3:rsa".into(),
        "untrusted comment: signify secret key\nRWRCSwAAAA".into(),
        "AGE-SECRET-KEY-PQ-1QQQQQQ".into(),
        STANDARD.encode(b"\x07\x02\0\0\0\xa4\0\0RSA2\0\x08\0\0\x01\0\x01\0"),
        STANDARD.encode(b"\x1e\xf1\xb5\xb0\0\0\0\0\x02\0\0\0\0\0\0\0"),
    ] {
        for text in [
            text.clone(),
            format!("{csr}\n{text}"),
            STANDARD.encode(&text),
            text.replace('\n', "\\n"),
        ] {
            assert!(
                contains_private_key(&text).is_some_and(|kind| kind != SecretKind::Unread),
                "{text}"
            );
        }
    }
    for talk in [
        format!("Private key fingerprint SHA256: {colons}"),
        format!("The private key of 2026 was exchanged; certificate {hex}"),
        format!("Exponent: 65537 (0x10001), modulus: {hex}"),
        format!("The coefficient of variation is 12; order 4711, hash {hex}"),
        format!("privilege: {hex}"),
        format!("X509v3 Subject Key Identifier: {colons}"),
        format!("public key: {hex}"),
        format!("PublicKey: {short} PublicExponent: AQAB Modulus: {base64}"),
        format!("n = {decimal}{decimal}, e = 65537; d = 30 days"),
        "prime1: the first of the prime contractors, exponent1: not used".into(),
    ] {
        assert_eq!(contains_private_key(&talk), None, "{talk}");
    }
}

/// Hex that lost a digit or got one too many, at either end or in the middle, and base64 of it.
#[test]
fn a_digit_more_or_less_hides_no_key() {
    for key in keys() {
        let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(body).unwrap();
        let pairs: Vec<String> = der.iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = pairs.concat();
        let middle = hex.len() / 2;
        for hex in [
            hex[..hex.len() - 1].to_owned(),
            format!("0{hex}"),
            format!("{}{}", &hex[..middle], &hex[middle + 1..]),
            format!("{}f{}", &hex[..middle], &hex[middle..]),
        ] {
            let once = STANDARD.encode(&hex);
            for text in [
                format!("key {hex} end"),
                once.replace('=', ""),
                STANDARD.encode(&once),
                once,
                hex,
            ] {
                let found = contains_private_key(&text);
                assert!(
                    found.is_some_and(|kind| kind != SecretKind::Unread),
                    "{text}"
                );
            }
        }
    }
}

/// What nobody can look through is not said to hold no key.
#[test]
fn what_cannot_be_looked_through_is_refused_as_that() {
    let packed = |bytes: &[u8]| STANDARD.encode([bytes, &[7; 64]].concat());
    let bomb = {
        use std::io::Write as _;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b'x'; 8 << 20]).unwrap();
        packer.finish().unwrap()
    };
    let mut deep = "deep text in base64, many times over, all of it readable".to_owned();
    for _ in 0..12 {
        deep = STANDARD.encode(deep);
    }
    for text in [
        packed(b"PK\x03\x04\x14\0\0\0"),
        packed(b"BZh91AY&SY"),
        packed(b"\xfd7zXZ\0"),
        packed(b"7z\xbc\xaf\x27\x1c"),
        packed(b"\x28\xb5\x2f\xfd\x04"),
        STANDARD.encode(&bomb),
        deep,
        "\\u0026amp;amp;#43;%2525252B".repeat(60_000),
    ] {
        assert_eq!(
            contains_private_key(&text),
            Some(SecretKind::Unread),
            "{} bytes",
            text.len()
        );
    }
    assert_eq!(in_bytes(&bomb), Some(SecretKind::Unread));
    let said = SecretKind::Unread.to_string();
    assert!(said.contains("too much to search"), "{said}");
}

/// Numbers without any meaning are no key, in any dress.
#[test]
fn what_is_random_is_no_key() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    let bytes: Vec<u8> = (0..60_000).map(|_| next()).collect();
    assert_eq!(in_bytes(&bytes), None);
    for part in bytes.chunks(3000) {
        let pem = format!(
            "-----BEGIN X-----\n{}\n-----END X-----",
            STANDARD.encode(part)
        );
        for (dress, text) in testing::dresses(&pem).into_iter().step_by(19) {
            assert_eq!(contains_private_key(&text), None, "{dress}");
        }
    }
}

/// What may be pasted and sent: nobody is kept from it.
#[test]
fn what_is_public_is_not_refused_in_any_dress() {
    let (csr, _) = testing::csr(
        "/CN=shop.example.net",
        &[
            "rsa:2048",
            "-addext",
            "subjectAltName=DNS:www.example.net,IP:10.0.0.7",
        ],
    );
    let (ec, _) = testing::csr(
        "/CN=a.example",
        &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    );
    let certificate = testing::self_signed("shop.example.net")
        .0
        .replace("\r\n", "\n");
    let public = testing::openssl(&["req", "-pubkey", "-noout"], csr.as_bytes());
    let public = String::from_utf8(public).unwrap();
    for text in [
        &csr,
        &ec,
        &certificate,
        &public,
        &format!("{certificate}{certificate}"),
    ] {
        for (dress, text) in testing::dresses(text) {
            assert_eq!(contains_private_key(&text), None, "{dress}\n{text}");
        }
    }
    let openssl = |arguments: &[&str], input: &str| {
        String::from_utf8(testing::openssl(arguments, input.as_bytes())).unwrap()
    };
    let n = STANDARD.encode([0xb5; 256]);
    for text in [
        openssl(&["req", "-text"], &csr),
        openssl(&["x509", "-text"], &certificate),
        openssl(&["pkey", "-pubin", "-text"], &public),
        openssl(&["asn1parse"], &certificate),
        openssl(&["asn1parse"], &public),
        format!("<RSAKeyValue><Modulus>{n}</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>"),
        format!("<DSAKeyValue><P>{n}</P><Q>{n}</Q><G>{n}</G><Y>{n}</Y></DSAKeyValue>"),
        format!("{{\"kty\":\"RSA\",\"n\":\"{n}\",\"e\":\"AQAB\",\"kid\":\"d\",\"use\":\"sig\"}}"),
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}".into(),
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@example".into(),
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c".into(),
        format!("p = {n}\nq = {n}\ng = 2"),
        format!("p = {n}\nq = d1d9b5"),
        STANDARD.encode(of_dropbear(&[b"ssh-rsa", &[3], &[7; 257]])),
        STANDARD.encode(of_dropbear(&[b"ssh-ed25519", &[7; 32]])),
        format!(
            "h ssh-rsa {}\nh ecdsa-sha2-nistp256 {}",
            STANDARD.encode(of_dropbear(&[b"ssh-rsa", &[1, 0, 1], &[0x87; 257]])),
            STANDARD.encode(of_dropbear(&[b"ecdsa-sha2-nistp256", b"nistp256", &[4; 65]]))
        ),
        "ssl_key=/etc/ssl/private/550e8400-e29b-41d4-a716-446655440000 private/0123456789abcdef0123456789abcdef".into(),
        "0A:BC:01:7F:12:90:34:AA:0A:BC:01:7F:12:90:34:AA".into(),
        "sha256 9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08".into(),
        "pin-sha256=\"d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=\"".into(),
        "_dnsauth.example.net TXT 2rk8dq7gjz8w3m5b6c9n0v4x1y2t3r5p".into(),
        "dc_AbCd0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".into(),
        "We begin using the private key of the new HSM on Monday. d: done, k: key, p: priority".into(),
        "private_key=/etc/pki/tls/private/shop.example.net.key, private_key_id: 0123456789abcdef0123456789abcdef01234567".into(),
        "privateKeyUsagePeriod: 2026-01-01 to 2027-01-01; the private key: never send it to anyone".into(),
        "shop.example.net, www.example.net; order 4711, request 12345678, ends 2026-12-31 (199 days)".into(),
        "kty? d = Tuesday. Order for E-Mail: ops@example.net".into(),
        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]".into(),
    ] {
        assert_eq!(contains_private_key(&text), None, "{text}");
    }
}

/// A proxy certificate's extension begins as a PKCS#8 key does: a number, then a sequence that begins with an identifier.
#[test]
fn a_proxy_certificate_is_no_key() {
    let config = "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\nCN=proxy\n[ext]\n1.3.6.1.5.5.7.1.14=critical,DER:30:0f:02:01:00:30:0a:06:08:2b:06:01:05:05:07:15:01\n";
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config).unwrap();
    let path = file.path().to_str().unwrap();
    let text = openssl_text(&[
        "req",
        "-x509",
        "-nodes",
        "-newkey",
        "rsa:2048",
        "-keyout",
        "/dev/null",
        "-config",
        path,
    ]);
    for (dress, text) in testing::dresses(&text) {
        assert_eq!(contains_private_key(&text), None, "{dress}");
    }
}

#[test]
fn a_large_text_is_looked_through_in_bounded_work() {
    // Each level is base64 of the one before, until no more fits; and texts that are nothing but escapes.
    let mut nested = openssl_text(&["genrsa", "2048"]);
    for _ in 0..5 {
        nested = STANDARD.encode(nested);
    }
    assert!(contains_private_key(&nested).is_some());
    for text in [
        "\\n%2B&#43;=3D".repeat(10_000),
        "MIIE".repeat(32_000),
        "TUlJ".repeat(32_000),
        "30 82 ".repeat(20_000),
    ] {
        let _ = contains_private_key(&text);
    }
}
