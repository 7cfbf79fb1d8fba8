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

/// A number of so many bits.
fn number(bits: u16) -> Vec<u8> {
    let mut out = bits.to_be_bytes().to_vec();
    out.push(1 << ((bits + 7) % 8));
    out.extend(vec![0x5a; usize::from(bits).div_ceil(8) - 1]);
    out
}

/// What stands behind the algorithm in a packet of a key of its kind.
fn material(algorithm: u8) -> Vec<u8> {
    let point = |oid: &[u8]| [&[oid.len() as u8], oid, &number(263)].concat();
    let public = match algorithm {
        1..=3 => [number(2048), number(17)].concat(),
        16 => [number(2048), number(3), number(2047)].concat(),
        17 => [number(2048), number(256), number(2047), number(2048)].concat(),
        18 | 19 => point(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]),
        22 => point(&[0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1]),
        26 => vec![0xa7; 56],
        28 => vec![0xa7; 57],
        _ => vec![0xa7; 32],
    };
    [public, vec![254, 9, 3, 8], vec![0x3c; 80]].concat()
}

fn body(version: u8, made: u8, algorithm: u8, material: &[u8]) -> Vec<u8> {
    let length: &[u8] = if version > 4 { &[0, 0, 1, 7] } else { &[] };
    [
        &[version, made, 0x12, 0x34, 0x56, algorithm],
        length,
        material,
    ]
    .concat()
}

#[test]
fn a_packet_is_recognised_by_whichever_way_it_tells_its_length() {
    let long = [number(16_384), number(17), vec![254, 9, 3, 8]].concat();
    for (algorithm, material) in [(1, material(1)), (1, long), (25, material(25))] {
        let body = body(4, 0x66, algorithm, &material);
        let length = body.len();
        let two = u16::try_from(length).unwrap().to_be_bytes();
        let four = u32::try_from(length).unwrap().to_be_bytes();
        let mut heads = Vec::new();
        for old in [0x94, 0x98, 0x9c, 0xb8] {
            let is_secret = matches!(old, 0x94 | 0x9c);
            if let Ok(one) = u8::try_from(length) {
                heads.push((vec![old, one], is_secret));
            }
            heads.push(([&[old + 1], &two[..]].concat(), is_secret));
            heads.push(([&[old + 2], &four[..]].concat(), is_secret));
            heads.push((vec![old + 3], false));
        }
        for new in [0xc4, 0xc5, 0xc6, 0xc7, 0xce] {
            let is_secret = matches!(new, 0xc5 | 0xc7);
            if let Ok(one @ ..192) = u8::try_from(length) {
                heads.push((vec![new, one], is_secret));
            } else {
                let [a, b] = u16::try_from(length - 192).unwrap().to_be_bytes();
                heads.push((vec![new, a + 192, b], is_secret));
            }
            heads.push(([&[new, 255], &four[..]].concat(), is_secret));
            // A part of a body is none, and a length of another packet is none of this.
            heads.push((vec![new, 224], false));
        }
        for (head, is_secret) in heads {
            let key = [&head[..], &body].concat();
            assert_eq!(in_bytes(&key).is_some(), is_secret, "{algorithm} {head:x?}");
            // Also where what stands before it moves each of its characters.
            let text = STANDARD.encode(&key);
            for before in ["", "a", "ab", "abc", "abcd"] {
                let found = contains_private_key(&format!("{before}{text}"));
                assert_eq!(found.is_some(), is_secret, "{algorithm} {head:x?} {before}");
            }
        }
    }
}

#[test]
fn a_packet_is_one_of_a_key_by_its_version_its_time_and_its_algorithm() {
    for version in 2..=8 {
        for made in [0x24, 0x25, 0x66, 0xa0, 0xa1] {
            for algorithm in 0..=30 {
                let is_key = matches!(version, 4..=6)
                    && matches!(made, 0x25..=0xa0)
                    && matches!(algorithm, 1..=3 | 16..=19 | 22 | 25..=28);
                let key = old_packet(&body(version, made, algorithm, &material(algorithm)));
                let case = format!("{version} {made:x} {algorithm}");
                assert_eq!(in_bytes(&key).is_some(), is_key, "{case}");
            }
        }
    }
}

#[test]
fn the_numbers_of_a_key_have_their_sizes_and_something_behind_them() {
    let is_key = |algorithm: u8, material: &[u8], behind: &[u8]| {
        let key = old_packet(&body(4, 0x66, algorithm, &[material, behind].concat()));
        let base64 = contains_private_key(&STANDARD.encode(&key)).is_some();
        assert_eq!(base64, in_bytes(&key).is_some());
        base64
    };
    let secret = [&[0][..], &[0x3c; 60]].concat();
    let numbers = |bits: &[u16]| {
        bits.iter()
            .flat_map(|bits| number(*bits))
            .collect::<Vec<u8>>()
    };
    for (algorithm, good, limits) in [
        (1, &[2048, 17][..], &[(1000, 16_400), (2, 64)][..]),
        (2, &[2048, 17], &[(1000, 16_400), (2, 64)]),
        (16, &[2048, 3, 2047], &[(1000, 8200), (2, 64), (64, 8200)]),
        (
            17,
            &[2048, 256, 2047, 2048],
            &[(1000, 8200), (159, 512), (900, 8200), (900, 8200)],
        ),
    ] {
        assert!(is_key(algorithm, &numbers(good), &secret), "{algorithm}");
        assert!(
            !is_key(algorithm, &numbers(good), &[]),
            "{algorithm}: public"
        );
        let short = &numbers(good)[..numbers(good).len() - 3];
        assert!(!is_key(algorithm, short, &[]), "{algorithm}: cut off");
        for (at, (least, most)) in limits.iter().enumerate() {
            for (bits, fits) in [
                (least - 1, false),
                (*least, true),
                (*most, true),
                (most + 1, false),
            ] {
                let mut sizes = good.to_vec();
                sizes[at] = bits;
                let case = format!("{algorithm}: {sizes:?}");
                assert_eq!(is_key(algorithm, &numbers(&sizes), &secret), fits, "{case}");
            }
            // The highest bit stands where the size says, and no other number is told from it.
            let mut wrong = numbers(good);
            let first = good[..at]
                .iter()
                .map(|bits| number(*bits).len())
                .sum::<usize>()
                + 2;
            for top in [0, wrong[first] << 1, wrong[first] >> 1] {
                if top != wrong[first] {
                    wrong[first] = top;
                    assert!(
                        !is_key(algorithm, &wrong, &secret),
                        "{algorithm} {at} {top}"
                    );
                }
            }
        }
    }
    for algorithm in [18, 19, 22] {
        for (oid, is_curve) in [
            (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7][..], true),
            (&[0x2b, 0x81, 4, 0, 34], true),
            (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7], true),
            (&[0x2b, 6, 1, 4, 1, 0x97, 0x55, 1, 5, 1], true),
            (&[0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1, 1, 1], true),
            (&[0x2b, 6, 1], true),
            (&[0x2b, 6], false),
            (&[0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1, 1, 1, 1], false),
            (&[0x2b, 7, 1, 4], false),
            (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1], false),
            (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1], false),
        ] {
            for (bits, is_point) in [
                (199, false),
                (200, true),
                (263, true),
                (1100, true),
                (1101, false),
            ] {
                let curve = [&[oid.len() as u8], oid, &number(bits)].concat();
                let case = format!("{algorithm} {oid:x?} {bits}");
                assert_eq!(
                    is_key(algorithm, &curve, &secret),
                    is_curve && is_point,
                    "{case}"
                );
            }
        }
    }
}
