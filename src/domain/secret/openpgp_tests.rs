//! Packets of secret and of public keys, in base64 and as they are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::{SecretKind, contains_private_key, in_bytes};

/// An OpenPGP packet of a made-up key: the numbers are none, their sizes are those of a key.
fn openpgp(tag: u8, algorithm: u8) -> Vec<u8> {
    let number = |bits: u16, seed: u8| {
        let bytes = usize::from(bits).div_ceil(8);
        let mut out = bits.to_be_bytes().to_vec();
        out.push(1 << ((bits + 7) % 8));
        out.extend((1..bytes).map(|at| (at as u8).wrapping_mul(37) ^ seed));
        out
    };
    let mut body = vec![4, 0x66, 0x12, 0x34, 0x56, algorithm];
    match algorithm {
        1 => body.extend([number(2048, 7), number(17, 0), vec![0], number(2046, 9)].concat()),
        17 => body.extend(
            [
                number(2048, 7),
                number(256, 3),
                number(2047, 1),
                number(2048, 8),
                vec![0],
                number(255, 4),
            ]
            .concat(),
        ),
        19 => body.extend(
            [
                &[8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7][..],
                &number(515, 7),
                &[254, 9, 3, 8],
                &[0x5a; 60],
            ]
            .concat(),
        ),
        22 => body.extend(
            [
                &[9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1][..],
                &number(263, 7),
                &[0],
                &number(255, 2),
                &[1, 2],
            ]
            .concat(),
        ),
        _ => body.extend([&[0xa7; 32][..], &[0], &[0x3c; 32], &[1, 2]].concat()),
    }
    let length = body.len() as u16;
    [&[tag][..], &length.to_be_bytes(), &body].concat()
}

#[test]
fn an_openpgp_secret_key_is_recognised_without_armour_and_a_public_one_is_none() {
    for algorithm in [1, 17, 19, 22, 27] {
        for tag in [0x95, 0x9d] {
            let key = openpgp(tag, algorithm);
            assert_eq!(in_bytes(&key), Some(SecretKind::OpenPgp), "{algorithm}");
            let text = STANDARD.encode(&key);
            let wrapped: Vec<&str> = text
                .as_bytes()
                .chunks(64)
                .map(|line| std::str::from_utf8(line).unwrap())
                .collect();
            for text in [
                text.clone(),
                wrapped.join("\n"),
                format!("key: {text}"),
                STANDARD.encode([&b"some text before it "[..], &key].concat()),
                STANDARD.encode(&text),
            ] {
                assert_eq!(
                    contains_private_key(&text),
                    Some(SecretKind::OpenPgp),
                    "{algorithm}: {text}"
                );
            }
        }
        // Tags 6 and 14 hold no secret; the form is the same.
        for tag in [0x99, 0xb9] {
            let key = openpgp(tag, algorithm);
            assert_eq!(in_bytes(&key), None);
            assert_eq!(contains_private_key(&STANDARD.encode(&key)), None);
        }
    }
}

fn old_packet(body: &[u8]) -> Vec<u8> {
    let length = body.len() as u16;
    [&[0x95][..], &length.to_be_bytes(), body].concat()
}

#[test]
fn a_key_of_the_newer_curves_is_recognised_however_its_secret_part_is_kept() {
    let packet = |version: u8, algorithm: u8, public: usize, secret: &[u8]| {
        let mut body = vec![version, 0x66, 0x12, 0x34, 0x56, algorithm];
        if version > 4 {
            body.extend((public as u32).to_be_bytes());
        }
        body.extend(vec![0xa7; public]);
        body.extend(secret);
        old_packet(&body)
    };
    let with = |head: &[u8], length: usize| [head, &vec![0x3c; length]].concat();
    for (algorithm, public) in [(25, 32), (26, 56), (27, 32), (28, 57)] {
        // As it is: with a checksum, and since the newest version without.
        for (version, more, is_key) in [
            (4, 2, true),
            (4, 1, false),
            (4, 3, false),
            (6, 0, true),
            (6, 1, false),
        ] {
            let key = packet(version, algorithm, public, &with(&[0], public + more));
            let case = format!("{algorithm} version {version}, {more} behind");
            assert_eq!(in_bytes(&key).is_some(), is_key, "{case}");
        }
        // Locked by a cipher: longer than the public part twice, with what it takes to unlock it.
        for (head, is_key) in [
            (&[254, 9, 3, 8][..], true),
            (&[255, 7, 0, 8], true),
            (&[255, 13, 4, 8], true),
            (&[254, 6, 3, 8], false),
            (&[254, 14, 3, 8], false),
            (&[254, 9, 2, 8], false),
            (&[253, 40, 9, 1], true),
            (&[253, 40, 13, 3], true),
            (&[253, 40, 6, 1], false),
            (&[253, 40, 9, 4], false),
            (&[252, 9, 3, 8], false),
        ] {
            let case = format!("{algorithm} {head:?}");
            let key = packet(4, algorithm, public, &with(head, public));
            assert_eq!(in_bytes(&key).is_some(), is_key, "{case}");
            // As long as the public part twice is no key yet, one more byte is.
            let short = packet(4, algorithm, public, &with(head, public - head.len()));
            assert_eq!(in_bytes(&short), None, "{case}");
            let enough = packet(4, algorithm, public, &with(head, public - head.len() + 1));
            assert_eq!(in_bytes(&enough).is_some(), is_key, "{case}");
        }
    }
}

#[test]
fn a_key_of_the_old_kind_that_only_encrypts_is_recognised() {
    let number = |bits: u16| {
        let mut out = bits.to_be_bytes().to_vec();
        out.push(1 << ((bits + 7) % 8));
        out.extend(vec![0x5a; usize::from(bits).div_ceil(8) - 1]);
        out
    };
    for (base, is_key) in [(3, true), (400, false)] {
        let secret = [vec![0], number(255)].concat();
        let numbers = [number(2048), number(base), number(2047), secret].concat();
        let key = old_packet(&[&[4, 0x66, 0x12, 0x34, 0x56, 16][..], &numbers].concat());
        assert_eq!(in_bytes(&key).is_some(), is_key, "{base}");
    }
}

#[test]
fn the_private_part_of_a_dsa_key_in_xml_is_told_from_its_public_one() {
    let n = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4";
    let element = |parts: &[&str]| {
        let parts = parts.iter().map(|part| format!("<{part}>{n}</{part}>"));
        format!("<DSAKeyValue>{}</DSAKeyValue>", parts.collect::<String>())
    };
    for (parts, kind) in [
        (&["P", "Q", "G", "Y", "X"][..], Some(SecretKind::Dsa)),
        (&["P", "Q", "G", "Y"], None),
        (&["X"], None),
        (&["P", "X"], None),
        (&["Q", "P", "X"], Some(SecretKind::Dsa)),
    ] {
        assert_eq!(contains_private_key(&element(parts)), kind, "{parts:?}");
    }
}
