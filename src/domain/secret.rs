//! Private keys in pasted text are recognised here, so that they are refused and wiped before anything else sees them.
//!
//! A key is a key also without its armour, on one line, cut off, or with damaged dashes: beside the markers, every place
//! in the text where base64 could begin is tried for the first bytes of the known private key structures.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD_INDIFFERENT;
use zeroize::Zeroize as _;

use super::asn1;

/// What kind of private key was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// `PRIVATE KEY` (PKCS#8).
    Pkcs8,
    /// `ENCRYPTED PRIVATE KEY` (PKCS#8, with a passphrase).
    EncryptedPkcs8,
    /// `RSA PRIVATE KEY` (PKCS#1); a DSA key without armour looks the same.
    Rsa,
    /// `EC PRIVATE KEY` (SEC 1).
    Ec,
    /// `DSA PRIVATE KEY`.
    Dsa,
    /// `OPENSSH PRIVATE KEY`.
    OpenSsh,
    /// A PuTTY `.ppk` file.
    Putty,
    /// A PKCS#12 file (`.pfx`, `.p12`) as base64.
    Pkcs12,
    /// A JSON Web Key with its private part.
    Jwk,
    /// Another armour that says `PRIVATE KEY` (PGP, SSH2).
    Other,
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "a private key (PKCS#8)",
            Self::EncryptedPkcs8 => "an encrypted private key (PKCS#8)",
            Self::Rsa => "an RSA private key",
            Self::Ec => "an EC private key",
            Self::Dsa => "a DSA private key",
            Self::OpenSsh => "an OpenSSH private key",
            Self::Putty => "a PuTTY private key",
            Self::Pkcs12 => "a PKCS#12 file, which holds a private key",
            Self::Jwk => "a JSON Web Key with its private part",
            Self::Other => "a private key",
        })
    }
}

/// Recognises a private key anywhere in the text; `None` when there is none. Neither keeps nor copies what it finds
/// beyond a few bytes, which are wiped.
pub fn contains_private_key(text: &str) -> Option<SecretKind> {
    putty(text)
        .or_else(|| armoured(text))
        .or_else(|| jwk(text))
        .or_else(|| unarmoured(text))
}

/// Overwrites the text in memory and leaves it empty. For pasted text in which a private key was recognised.
pub fn wipe(text: &mut String) {
    text.zeroize();
}

fn putty(text: &str) -> Option<SecretKind> {
    text.contains("PuTTY-User-Key-File-")
        .then_some(SecretKind::Putty)
}

/// The words an armour may have between `BEGIN` and `PRIVATE KEY`, spaces taken out.
const KINDS: [(&str, SecretKind); 9] = [
    ("", SecretKind::Pkcs8),
    ("ENCRYPTED", SecretKind::EncryptedPkcs8),
    ("RSA", SecretKind::Rsa),
    ("EC", SecretKind::Ec),
    ("DSA", SecretKind::Dsa),
    ("OPENSSH", SecretKind::OpenSsh),
    ("ANY", SecretKind::Other),
    ("PGP", SecretKind::Other),
    ("SSH2ENCRYPTED", SecretKind::Other),
];

/// What stands before `PRIVATE KEY` decides: openssl itself prints "writing new private key to 'key.pem'" before a CSR.
fn armoured(text: &str) -> Option<SecretKind> {
    const LONGEST: usize = "BEGINSSH2ENCRYPTEDPRIVATEKEY".len() + 8;
    let mut window = String::with_capacity(LONGEST * 2);
    for c in text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
    {
        window.push(c.to_ascii_uppercase());
        if window.ends_with("PRIVATEKEY") {
            let before = &window[..window.len() - "PRIVATEKEY".len()];
            let found = KINDS.iter().find(|(word, _)| {
                before
                    .strip_suffix(word)
                    .is_some_and(|rest| rest.ends_with("BEGIN") || rest.ends_with("-END"))
            });
            if let Some((_, kind)) = found {
                window.zeroize();
                return Some(*kind);
            }
        }
        if window.len() >= LONGEST * 2 {
            window.drain(..LONGEST);
        }
    }
    window.zeroize();
    None
}

fn jwk(text: &str) -> Option<SecretKind> {
    let has = |key: &str| {
        text.match_indices(key)
            .any(|(at, _)| text[at + key.len()..].trim_start().starts_with(':'))
    };
    (has("\"kty\"") && has("\"d\"")).then_some(SecretKind::Jwk)
}

/// Base64 characters looked at from each place; enough for every header that [`der_kind`] reads.
const PROBE: usize = 128;

fn unarmoured(text: &str) -> Option<SecretKind> {
    let mut plain: Vec<u8> = base64_only(text);
    let found = plain.windows(4).enumerate().find_map(|(at, start)| {
        // A DER SEQUENCE begins with `M` and one of the first sixteen letters; "openssh-key-v1" with `b3Bl`.
        let sequence = start[0] == b'M' && (b'A'..=b'P').contains(&start[1]);
        if !sequence && start != b"b3Bl" {
            return None;
        }
        let probe = &plain[at..plain.len().min(at + PROBE)];
        let mut bytes = STANDARD_NO_PAD_INDIFFERENT
            .decode(&probe[..probe.len() / 4 * 4])
            .ok()?;
        let kind = if bytes.starts_with(b"openssh-key-v1") {
            Some(SecretKind::OpenSsh)
        } else {
            der_kind(&bytes)
        };
        bytes.zeroize();
        kind
    });
    plain.zeroize();
    found
}

/// The base64 characters of the text; escaped line ends (`\n` as two characters) and everything that is not base64 dropped.
fn base64_only(text: &str) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut escaped = false;
    for byte in text.bytes() {
        if byte == b'\\' {
            escaped = true;
            continue;
        }
        let dropped = escaped && matches!(byte, b'n' | b'r' | b't');
        escaped = false;
        if !dropped && (byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/') {
            plain.push(byte);
        }
    }
    plain
}

/// The content of the element at the start, as far as it is there, and what follows it.
fn open(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, head, length) = match bytes {
        // Indefinite length: PKCS#12 files of some tools are BER.
        [tag, 0x80, ..] => (*tag, 2, usize::MAX),
        _ => asn1::header(bytes).ok()?,
    };
    if found != tag {
        return None;
    }
    let body = bytes.get(head..)?;
    let length = length.min(body.len());
    Some((&body[..length], &body[length..]))
}

fn der_kind(bytes: &[u8]) -> Option<SecretKind> {
    /// 1.2.840.113549.1, RSA's PKCS arc.
    const PKCS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
    let (body, _) = open(bytes, asn1::SEQUENCE)?;
    if let Some((version, rest)) = open(body, asn1::INTEGER) {
        let inner = || open(rest, asn1::SEQUENCE);
        return match version {
            [0 | 1] if inner().is_some() => {
                let (algorithm, key) = inner()?;
                open(algorithm, asn1::OID)?;
                // A version 1 certificate's body begins alike; its next part is a name, a key's is an OCTET STRING.
                key.first()
                    .is_none_or(|tag| *tag == asn1::OCTET_STRING)
                    .then_some(SecretKind::Pkcs8)
            }
            [0] if open(rest, asn1::INTEGER).is_some() => Some(SecretKind::Rsa),
            [1] => open(rest, asn1::OCTET_STRING).map(|_| SecretKind::Ec),
            [3] => {
                let (content, _) = open(inner()?.0, asn1::OID)?;
                (content.starts_with(PKCS) && content.get(7) == Some(&7))
                    .then_some(SecretKind::Pkcs12)
            }
            _ => None,
        };
    }
    let (algorithm, key) = open(body, asn1::SEQUENCE)?;
    let (oid, _) = open(algorithm, asn1::OID)?;
    // PKCS#5 schemes (1.5) and PKCS#12's (1.12) encrypt keys; no other structure begins with them.
    let scheme = oid.starts_with(PKCS) && matches!(oid.get(7), Some(5 | 12));
    (scheme && key.first().is_none_or(|tag| *tag == asn1::OCTET_STRING))
        .then_some(SecretKind::EncryptedPkcs8)
}

#[cfg(test)]
mod tests {
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
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----", SecretKind::Other),
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
}
