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
