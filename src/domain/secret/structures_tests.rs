//! The structures of keys, part by part, at the limits between a key and what is none.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::{contains_private_key, in_bytes as looked};
use super::*;

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..128 => vec![tag, length as u8],
        128..256 => vec![tag, 0x81, length as u8],
        _ => [&[tag, 0x82][..], &(length as u16).to_be_bytes()].concat(),
    };
    [head, content.to_vec()].concat()
}

fn seq(parts: &[&[u8]]) -> Vec<u8> {
    der(asn1::SEQUENCE, &parts.concat())
}

fn int(bytes: usize) -> Vec<u8> {
    der(asn1::INTEGER, &vec![0x51; bytes])
}

fn version(number: u8) -> Vec<u8> {
    der(asn1::INTEGER, &[number])
}

fn octets(bytes: usize) -> Vec<u8> {
    der(asn1::OCTET_STRING, &vec![0xa5; bytes])
}

fn oid(bytes: &[u8]) -> Vec<u8> {
    der(asn1::OID, bytes)
}

/// An object identifier below RSA's PKCS arc.
fn pkcs(rest: &[u8]) -> Vec<u8> {
    oid(&[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01][..], rest].concat())
}

#[test]
fn a_key_is_told_from_what_begins_alike() {
    use SecretKind::{Ec, EncryptedPkcs8, Pkcs8, Pkcs12, Rsa};
    let algorithm = seq(&[&oid(&[0x2b, 0x65, 0x70])]);
    let short = seq(&[&oid(&[0x2b, 0x65])]);
    let (bits, context) = (der(asn1::BIT_STRING, &[7; 40]), der(0xa0, &[6; 9]));
    let mut cases: Vec<(Vec<u8>, Option<SecretKind>)> = vec![
        (seq(&[&version(0), &algorithm, &octets(34)]), Some(Pkcs8)),
        (seq(&[&version(1), &algorithm, &octets(34)]), Some(Pkcs8)),
        (seq(&[&version(2), &algorithm, &octets(34)]), None),
        (seq(&[&version(0), &short, &octets(34)]), None),
        (seq(&[&version(0), &seq(&[&int(3)]), &octets(34)]), None),
        // A certificate of version 1: a name stands where the key would.
        (seq(&[&version(0), &algorithm, &algorithm]), None),
        (seq(&[&version(0), &algorithm, &bits]), None),
        (seq(&[&version(0), &algorithm]), None),
        (
            der(
                asn1::SET,
                &[version(0), algorithm.clone(), octets(34)].concat(),
            ),
            None,
        ),
        (seq(&[&version(3), &seq(&[&pkcs(&[7, 1])])]), Some(Pkcs12)),
        (seq(&[&version(3), &seq(&[&pkcs(&[7, 2])])]), Some(Pkcs12)),
        (seq(&[&version(3), &seq(&[&pkcs(&[1, 1])])]), None),
        (seq(&[&version(3), &seq(&[&pkcs(&[])])]), None),
        (
            seq(&[&version(3), &seq(&[&oid(&[0x2b, 6, 1, 5, 5, 7, 3, 7, 1])])]),
            None,
        ),
        (seq(&[&version(2), &seq(&[&pkcs(&[7, 1])])]), None),
        (
            seq(&[&seq(&[&pkcs(&[5, 13])]), &octets(40)]),
            Some(EncryptedPkcs8),
        ),
        (
            seq(&[&seq(&[&pkcs(&[12, 1, 3])]), &octets(40)]),
            Some(EncryptedPkcs8),
        ),
        (seq(&[&seq(&[&pkcs(&[5, 13])]), &bits]), None),
        (seq(&[&seq(&[&pkcs(&[5, 13])])]), None),
        (seq(&[&seq(&[&pkcs(&[1, 11])]), &octets(40)]), None),
        (seq(&[&seq(&[&pkcs(&[9, 5])]), &octets(40)]), None),
        (seq(&[&algorithm, &octets(40)]), None),
        (seq(&[&bits, &octets(40)]), None),
        (vec![], None),
        (vec![0x30], None),
        (vec![0x30, 0x80], None),
    ];
    for bytes in [47, 48, 64, 256] {
        let kind = (bytes >= 48).then_some(Rsa);
        cases.push((seq(&[&version(0), &int(bytes), &int(3)]), kind));
        cases.push((seq(&[&version(1), &int(bytes), &int(3)]), kind));
        // A public key, and a signature.
        cases.push((seq(&[&version(2), &int(bytes), &int(3)]), None));
        cases.push((seq(&[&int(bytes), &int(3)]), None));
    }
    for bytes in [0, 1, 13, 14, 32, 66, 72, 73] {
        let long = (14..=72).contains(&bytes);
        let key = octets(bytes);
        cases.push((seq(&[&version(1), &key]), long.then_some(Ec)));
        cases.push((seq(&[&version(1), &key, &bits]), long.then_some(Ec)));
        cases.push((seq(&[&version(1), &key, &context]), Some(Ec)));
        cases.push((seq(&[&version(1), &key, &der(0xa1, &[6; 9])]), Some(Ec)));
        cases.push((seq(&[&version(0), &key, &context]), None));
    }
    for (bytes, kind) in &cases {
        assert_eq!(der_kind(bytes), *kind, "{bytes:x?}");
        // Inside a file that has no lengths at its beginning.
        if let [0x30, length @ 0..0x80, content @ ..] = &bytes[..]
            && content.len() == usize::from(*length)
        {
            let ber = [&[0x30, 0x80], content].concat();
            assert!(der_kind(&ber).is_some() || kind.is_none(), "{ber:x?}");
        }
    }
}

#[test]
fn a_key_whose_end_is_missing_is_one_still() {
    let algorithm = seq(&[&oid(&[0x2b, 0x65, 0x70])]);
    let scheme = seq(&[&pkcs(&[5, 13])]);
    for (key, from) in [
        (
            seq(&[&version(0), &algorithm, &octets(34)]),
            5 + algorithm.len(),
        ),
        (seq(&[&scheme, &octets(34)]), 1 + scheme.len()),
        (seq(&[&version(0), &int(256), &int(3)]), 11),
        (seq(&[&version(1), &octets(32)]), 7),
    ] {
        for end in 0..key.len() {
            let kind = der_kind(&key[..end]);
            assert_eq!(
                kind.is_some(),
                end >= from,
                "{end} of {}: {kind:?}",
                key.len()
            );
        }
    }
}

/// A signed structure with this in its content, of so many bytes more.
fn signed(inside: &[u8], more: usize) -> Vec<u8> {
    let content = seq(&[&octets(60 + more), inside]);
    let algorithm = seq(&[&pkcs(&[1, 11])]);
    seq(&[&content, &algorithm, &der(asn1::BIT_STRING, &[0x5a; 40])])
}

#[test]
fn what_is_signed_is_passed_over_to_its_last_byte_and_no_further() {
    let key = seq(&[&version(1), &octets(32), &der(0xa0, &[0x2a; 9])]);
    let found = |bytes: &[u8]| {
        let texts = [0, 3, 6].map(|before| {
            let text = [&[0xe5; 6][..before], bytes].concat();
            contains_private_key(&STANDARD.encode(text))
        });
        assert!(texts.iter().all(|kind| *kind == looked(bytes)), "{texts:?}");
        looked(bytes)
    };
    let inner = seq(&[&version(0), &int(50)]);
    for more in 0..5 {
        let whole = signed(&inner, more);
        assert_eq!(found(&whole), None, "{more}: what looks like a key in it");
        assert_eq!(found(&[&whole[..], &key].concat()), Some(SecretKind::Ec));
        // Base64 shows what begins between two of its characters.
        if whole.len().is_multiple_of(3) {
            assert_eq!(found(&[&whole[..], &whole].concat()), None, "{more}");
            let twice = [&whole[..], &whole, &key].concat();
            assert_eq!(found(&twice), Some(SecretKind::Ec), "{more}");
        }
        // What is not signed to its last byte is looked into.
        let cut = &whole[..whole.len() - 1];
        assert_eq!(found(cut), Some(SecretKind::Rsa), "{more}");
    }
}

#[test]
fn signed_is_what_has_a_content_an_algorithm_and_a_signature_and_nothing_else() {
    let content = seq(&[&octets(80)]);
    let algorithm = seq(&[&pkcs(&[1, 11])]);
    let signature = der(asn1::BIT_STRING, &[0x5a; 40]);
    let set = der(asn1::SET, &octets(80));
    let no_oid = seq(&[&int(3)]);
    for (parts, is) in [
        (&[&content, &algorithm, &signature][..], true),
        (&[&set, &algorithm, &signature], false),
        (&[&content, &set, &signature], false),
        (&[&content, &no_oid, &signature], false),
        (&[&content, &algorithm, &octets(40)], false),
        (&[&content, &algorithm], false),
        (&[&content, &algorithm, &signature, &signature], false),
        (&[&content], false),
    ] {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_slice()).collect();
        let whole = seq(&parts);
        assert_eq!(is_signed(&whole, whole.len()), is, "{whole:x?}");
        assert!(!is_signed(&whole, whole.len() + 1), "cut off");
        let behind = [&whole[..], &[0]].concat();
        assert!(
            !is_signed(&behind, behind.len()),
            "with something behind it"
        );
    }
    for (bytes, inside, may) in [
        (62, asn1::SEQUENCE, false),
        (63, asn1::SEQUENCE, true),
        (63, asn1::SET, false),
    ] {
        let head = der(asn1::SEQUENCE, &der(inside, &vec![1; bytes]));
        let length = may.then_some(head.len());
        assert_eq!(signed_length(&head), length, "{bytes} {inside:x}");
    }
    assert_eq!(signed_length(&[0x30, 0x81]), None);
    assert_eq!(signed_length(&[0x30, 0x81, 0x90]), None);
}

/// Both parts in one field, at the beginning of all; elsewhere a signature has that form.
#[test]
fn an_ed25519_key_begins_what_it_is_in() {
    let field = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    for (size, is) in [(64, true), (63, false), (65, false), (32, false)] {
        let key = [field(b"ssh-ed25519"), field(&vec![0xa7; size])].concat();
        let kind = is.then_some(SecretKind::OpenSsh);
        assert_eq!(in_bytes(&key), kind, "{size}");
        assert_eq!(contains_private_key(&STANDARD.encode(&key)), kind, "{size}");
        let signature = field(&key);
        assert_eq!(in_bytes(&signature), None, "{size}");
    }
}

#[test]
fn the_fields_of_a_key_as_ssh_has_them() {
    let field = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    let numbers =
        |sizes: &[usize]| -> Vec<Vec<u8>> { sizes.iter().map(|size| vec![0xa7; *size]).collect() };
    for (name, sizes, is) in [
        ("ssh-rsa", &[3, 257, 256][..], true),
        ("ssh-rsa", &[3, 257, 16], true),
        ("ssh-rsa", &[3, 257, 15], false),
        ("ssh-rsa", &[3, 257], false),
        ("ssh-rsa", &[3, 2100, 256], true),
        ("ssh-rsa", &[3, 2101, 256], false),
        ("ssh-rsa", &[0, 257, 256], false),
        ("ssh-rsa", &[1, 257, 256, 130], true),
        ("ssh-dss", &[129, 21, 128, 128, 20], true),
        ("ssh-dss", &[129, 21, 128, 128], false),
        ("ssh-dss", &[129, 21, 128, 128, 15], false),
        ("ecdsa-sha2-nistp256", &[8, 65, 32], true),
        ("ecdsa-sha2-nistp521", &[8, 133, 66], true),
        ("ecdsa-sha2-nistp256", &[8, 65], false),
        ("ecdsa-sha2-nistp256", &[8, 65, 15], false),
        ("ssh-ed448", &[64], false),
        ("ecdsa-sha2", &[8, 65, 32], false),
    ] {
        let all = numbers(sizes);
        let key = all.iter().flat_map(|bytes| field(bytes));
        let key: Vec<u8> = field(name.as_bytes()).into_iter().chain(key).collect();
        assert_eq!(is_ssh_key(&key), is, "{name} {sizes:?}");
        for before in [&b""[..], b"\0", b"\0\0", b"key"] {
            let bytes = [before, &key].concat();
            let kind = is.then_some(SecretKind::OpenSsh);
            assert_eq!(looked(&bytes), kind, "{name} {sizes:?} {before:?}");
            let text = STANDARD.encode(&bytes);
            assert_eq!(
                contains_private_key(&text),
                kind,
                "{name} {sizes:?} {before:?}"
            );
        }
        // The private part is there whole, or it is none of this.
        if name != "ssh-rsa" {
            assert!(!is_ssh_key(&key[..key.len() - 1]), "{name} {sizes:?}");
        }
    }
    assert!(!is_ssh_key(b""));
    assert!(!is_ssh_key(b"\0\0\0\x07ssh"));
}

#[test]
fn each_mark_of_a_key_file_is_seen_in_bytes_and_in_base64() {
    for (mark, kind) in [
        (&b"openssh-key-v1\0"[..], SecretKind::OpenSsh),
        (b"\xfe\xed\xfe\xed\0\0\0\x02", SecretKind::JavaKeyStore),
        (b"\xce\xce\xce\xce\0\0\0\x02", SecretKind::JavaKeyStore),
        (b"\x07\x02\0\0\0\xa4\0\0RSA2", SecretKind::Rsa),
        (b"\x07\x02\0\0\0\x24\0\0RSA2", SecretKind::Rsa),
        (b"\x1e\xf1\xb5\xb0\0\0\0\0", SecretKind::Other),
    ] {
        let file = [mark, &[0x81; 40]].concat();
        assert_eq!(looked(&file), Some(kind), "{mark:x?}");
        assert_eq!(
            contains_private_key(&STANDARD.encode(&file)),
            Some(kind),
            "{mark:x?}"
        );
        let later = [&[0x81; 7][..], &file].concat();
        assert_eq!(looked(&later), Some(kind), "{mark:x?}");
        let mut other = file.clone();
        other[1] ^= 0x40;
        assert_eq!(looked(&other), None, "{mark:x?}");
        assert_eq!(
            contains_private_key(&STANDARD.encode(&other)),
            None,
            "{mark:x?}"
        );
    }
}
