//! The words of keys, at the limits between a key and talk about one.

use super::*;

fn digits(count: usize) -> String {
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".repeat(3)[..count].into()
}

/// Characters of base64 without any meaning.
fn chars(count: usize) -> String {
    "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0".repeat(4)[..count].into()
}

#[test]
fn each_armour_is_one_by_the_word_in_it() {
    for (word, kind) in [
        ("", SecretKind::Pkcs8),
        ("ENCRYPTED ", SecretKind::EncryptedPkcs8),
        ("RSA ", SecretKind::Rsa),
        ("EC ", SecretKind::Ec),
        ("DSA ", SecretKind::Dsa),
        ("OPENSSH ", SecretKind::OpenSsh),
        ("ANY ", SecretKind::Other),
        ("PGP ", SecretKind::OpenPgp),
        ("SSH2 ENCRYPTED ", SecretKind::Other),
        ("TSS2 ", SecretKind::Other),
        ("ENCRYPTED SIGSTORE ", SecretKind::Other),
    ] {
        let armour = format!("text\n-----BEGIN {word}PRIVATE KEY-----");
        assert_eq!(kind_of(&armour), Some(kind), "{armour}");
    }
    for (text, is_key) in [
        // Known words do without dashes, others do not.
        ("BEGIN RSA PRIVATE KEY", true),
        ("BEGIN TSS2 PRIVATE KEY", false),
        ("-----END RSA PRIVATE KEY", true),
        ("END RSA PRIVATE KEY", false),
        (
            "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----private key",
            false,
        ),
        ("-----BEGIN X-----PRIVATE KEY", false),
        ("the RSA private key", false),
    ] {
        assert_eq!(kind_of(text).is_some(), is_key, "{text}");
    }
    // `-begin` and the word between stand within forty letters.
    for (letters, is_key) in [(33, true), (34, true), (35, false), (36, false)] {
        let armour = format!("-----BEGIN {} PRIVATE KEY", "X".repeat(letters));
        assert_eq!(kind_of(&armour).is_some(), is_key, "{letters}");
    }
}

fn kind_of(text: &str) -> Option<SecretKind> {
    kind(text.as_bytes())
}

/// A colon before every two digits.
fn colons(digits: &str) -> String {
    let pairs = digits.as_bytes().chunks(2).map(String::from_utf8_lossy);
    pairs.flat_map(|pair| [":".into(), pair]).collect()
}

#[test]
fn behind_a_heading_stands_the_number_or_its_name_and_size_first() {
    let (least, less) = (digits(32), digits(31));
    let d = &least;
    for (rest, is_number) in [
        (format!(":{least}"), true),
        (format!(":{less}"), false),
        (format!(":{less}g"), false),
        (format!(":0x{least}"), true),
        // The sign before it tells a heading from a word.
        (least.clone(), false),
        (format!("{least}:"), false),
        (format!("\n{}", colons(d)), true),
        (format!(": {}-{}\n{}", &d[..8], &d[8..20], &d[20..]), true),
        (format!(":{}.{}", &d[..8], &d[8..]), false),
        (format!("(d):{d}"), true),
        (format!("(dd):{d}"), false),
        (format!("(2048 bits)={d}").replace(' ', ""), true),
        (format!("(2048bit)={d}"), true),
        (format!("(bits)={d}"), true),
        (format!("[2048]={d}"), true),
        (format!("(20x8bit)={d}"), false),
        (format!("(hex):{d}"), true),
        (format!("value:{d}"), true),
        (format!("data:{d}"), true),
        (format!("raw:{d}"), true),
        (format!("integer:{d}"), true),
        (format!("word:{d}"), false),
        (format!("(12345678)={d}"), true),
        (format!("(123456789)={d}"), false),
        // Five names and sizes may stand before it, and sixteen signs.
        (format!(":x:x:x:x:x:{d}"), true),
        (format!(":x:x:x:x:x:x:{d}"), false),
        (format!("{}{d}", ".".repeat(16)), true),
        (format!("{}{d}", ".".repeat(17)), false),
        (String::new(), false),
        (":".into(), false),
        ("::::".into(), false),
    ] {
        assert_eq!(digits_follow(rest.as_bytes()), is_number, "{rest}");
    }
}

#[test]
fn each_heading_of_a_private_part_is_one_with_a_number_behind_it_alone() {
    let number = digits(64);
    for heading in [
        "Private Exponent",
        "priv_exponent",
        "prime1",
        "prime2",
        "prime p",
        "prime q",
        "primes",
        "exponent1",
        "exponent2",
        "prime exponent",
        "coefficient",
        "dmp1",
        "iqmp",
        "priv",
        "private key",
        "private value",
        "private scalar",
        "secret key",
        "secret exponent",
        "secret scalar",
        "secret-multiplier",
        "skey[2]",
    ] {
        assert!(
            kind_of(&format!("{heading}: {number}")).is_some(),
            "{heading}"
        );
        assert_eq!(
            kind_of(&format!("{heading} of the house: {number}")),
            None,
            "{heading}"
        );
    }
    assert_eq!(
        kind_of(&format!("public exponent: {number}, modulus: {number}")),
        None
    );
}

#[test]
fn the_numbers_of_asn1parse_are_a_key_by_how_many_and_how_long_they_are() {
    use SecretKind::{Ec, Pkcs8, Rsa};
    let int = |value: &str| format!("prim:integer:{value}\n");
    let octets = |value: &str| format!("prim:octetstring[hexdump]:{value}\n");
    let (long, short) = (digits(96), digits(95));
    let of = |parts: &[String]| parsed(parts.concat().as_bytes());
    for (parts, kind) in [
        (
            vec![int("00"), int(&long), int(&long), int(&long)],
            Some(Rsa),
        ),
        (vec![int("00"), int(&long), int(&long), int(&short)], None),
        (vec![int(&long), int("03")], None),
        (
            vec![int("00"), octets(&format!("30{}", digits(60)))],
            Some(Pkcs8),
        ),
        (
            vec![int("00"), octets(&format!("04{}", digits(60)))],
            Some(Pkcs8),
        ),
        (vec![int("00"), octets(&format!("05{}", digits(60)))], None),
        (vec![int("02"), octets(&format!("30{}", digits(60)))], None),
        (vec![int("01"), octets(&digits(27))], None),
        (vec![int("01"), octets(&digits(28))], Some(Ec)),
        (vec![int("01"), octets(&digits(144))], Some(Ec)),
        (vec![int("01"), octets(&digits(145))], None),
        (vec![int("02"), octets(&digits(64))], None),
        (vec![int("01")], None),
        (vec![octets(&digits(64))], None),
    ] {
        assert_eq!(of(&parts), kind, "{parts:?}");
    }
    // The last line may have no end.
    let open = [int("01"), octets(&digits(64)).trim_end().to_owned()];
    assert_eq!(of(&open), Some(Ec));
}

#[test]
fn elements_are_those_of_a_key_by_their_names_and_long_values() {
    use SecretKind::{Dsa, Rsa};
    let (long, short) = (chars(20), chars(19));
    let element = |name: &str, value: &str| format!("<{name}>{value}</{name}>");
    let public = || element("Modulus", &long);
    for name in ["D", "P", "Q", "DP", "DQ", "InverseQ", "ds:D", "a:b:d"] {
        let private = |value: &str| public() + &element(name, value);
        assert_eq!(elements(private(&long).as_bytes()), Some(Rsa), "{name}");
        assert_eq!(elements(private(&short).as_bytes()), None, "{name}");
        let broken = format!(" {}\n {} ", &long[..9], &long[9..]);
        assert_eq!(elements(private(&broken).as_bytes()), Some(Rsa), "{name}");
        let other = format!("{}.{}", &long[..9], &long[9..]);
        assert_eq!(elements(private(&other).as_bytes()), None, "{name}");
        assert_eq!(
            elements(element(name, &long).as_bytes()),
            None,
            "{name} alone"
        );
    }
    for name in ["E", "Exponent", "DD", "Y"] {
        let text = public() + &element(name, &long);
        assert_eq!(elements(text.as_bytes()), None, "{name}");
    }
    // A name has 39 characters at most.
    for (spaces, kind) in [(37, Some(Rsa)), (38, None)] {
        let name = format!("{}:D", "x".repeat(spaces));
        let text = public() + &element(&name, &long);
        assert_eq!(elements(text.as_bytes()), kind, "{spaces}");
    }
    for (names, kind) in [
        (&["P", "Q", "X"][..], Some(Dsa)),
        (&["P", "X"], None),
        (&["P", "Q"], None),
    ] {
        let text: String = names.iter().map(|name| element(name, &long)).collect();
        assert_eq!(elements(text.as_bytes()), kind, "{names:?}");
    }
    let text = element("P", &long) + &element("Q", &long) + &element("X", &short);
    assert_eq!(elements(text.as_bytes()), None);
}

#[test]
fn members_are_those_of_a_key_by_their_names_and_the_lengths_of_their_values() {
    use SecretKind::{Jwk, Other, Rsa};
    let of = |text: &str| members(text.as_bytes());
    let c = |count: usize| chars(count);
    for (text, kind) in [
        // A private part and what says that it is a key's.
        (format!("kty: RSA, d: {}", c(16)), Some(Jwk)),
        (format!("kty: RSA, k: {}", c(16)), Some(Jwk)),
        (format!("kty: RSA, d: {}", c(15)), None),
        (format!("kty: RSA, \"d\": \"{}\"", c(3)), Some(Jwk)),
        (format!("kty: RSA, e: {}", c(40)), None),
        (format!("d: {}", c(43)), None),
        (
            format!("d: {}, p: {}, q: {}", c(43), c(20), c(20)),
            Some(Jwk),
        ),
        (format!("d: {}, p: {}, q: {}", c(43), c(20), c(19)), None),
        (
            format!("d: {}, dp: {}, dq: {}", c(16), c(20), c(20)),
            Some(Jwk),
        ),
        (
            format!("d: {}, qi: {}, inverse_q: {}", c(16), c(20), c(20)),
            Some(Jwk),
        ),
        // A modulus and a long number beside it.
        (format!("n: {}, d: {}", c(80), c(40)), Some(Jwk)),
        (format!("n: {}, d: {}", c(79), c(40)), None),
        (format!("n: {}, d: {}", c(80), c(39)), None),
        (
            format!("modulus: {}, p: {}, q: {}", c(80), c(20), c(20)),
            Some(Jwk),
        ),
        (format!("modulus: {}, p: {}", c(80), c(20)), None),
        (format!("n: {}, e: {}", c(80), c(80)), None),
        // Two long numbers of one size, without a generator.
        (format!("p: {}, q: {}", c(80), c(80)), Some(Rsa)),
        (format!("p: {}, q: {}", c(79), c(80)), None),
        (format!("p: {}, q: {}", c(80), c(79)), None),
        (format!("p: {}, q: {}", c(100), c(96)), Some(Rsa)),
        (format!("p: {}, q: {}", c(100), c(95)), None),
        (format!("p: {}, q: {}", c(100), c(104)), Some(Rsa)),
        (format!("p: {}, q: {}", c(100), c(105)), None),
        (format!("p: {}, q: {}, g: 2", c(80), c(80)), None),
        (format!("p: {}, q: {}, generator = 2", c(80), c(80)), None),
        // How a CSR ends is no generator.
        (
            format!(
                "-----BEGIN CERTIFICATE REQUEST-----\nMIHN+g==\n-----END CERTIFICATE REQUEST-----\np: {}, q: {}",
                c(80),
                c(80)
            ),
            Some(Rsa),
        ),
        (
            format!(
                "-----BEGIN CERTIFICATE REQUEST-----\nMIHN/g==\n-----END CERTIFICATE REQUEST-----\np: {}, q: {}",
                c(80),
                c(80)
            ),
            Some(Rsa),
        ),
        (
            format!(
                "-----BEGIN CERTIFICATE REQUEST-----\nMIHN+G=\n-----END CERTIFICATE REQUEST-----\np: {}, q: {}",
                c(80),
                c(80)
            ),
            Some(Rsa),
        ),
        (
            format!(
                "-----BEGIN CERTIFICATE REQUEST-----\nMIHN/g=\n-----END CERTIFICATE REQUEST-----\np: {}, q: {}",
                c(80),
                c(80)
            ),
            Some(Rsa),
        ),
        (format!("p: {}, q: {}, g:", c(80), c(80)), Some(Rsa)),
        (format!("p: {}, dq: {}", c(80), c(80)), None),
        // Names that say it by themselves.
        (format!("private_key: {}", c(40)), Some(Other)),
        (format!("private_key: {}", c(39)), None),
        (format!("\"secretKey\" = \"{}\"", c(43)), Some(Other)),
        (format!("Private-Exponent => '{}'", c(43)), Some(Rsa)),
        (format!("dmp1={}", c(43)), Some(Rsa)),
        (format!("public_key: {}", c(43)), None),
        // Names are short, and the value is not far.
        (
            format!("privatekey{}: {}", "_".repeat(10), c(40)),
            Some(Other),
        ),
        (format!("privatekey{}: {}", "_".repeat(11), c(40)), None),
        (format!(": {}", c(40)), None),
        (format!("privkey:{}{}", " ".repeat(64), c(40)), Some(Other)),
        (format!("privkey:{}{}", " ".repeat(65), c(40)), None),
        (format!("privkey , : {}", c(40)), None),
        ("privkey:".into(), None),
        (format!("my privkey: {}", c(40)), Some(Other)),
        (format!("myprivkey: {}", c(40)), None),
    ] {
        assert_eq!(of(&text), kind, "{text}");
    }
}

#[test]
fn material_is_hex_or_what_has_letters_of_both_kinds_and_digits() {
    for (value, is) in [
        (digits(64), true),
        (digits(63), false),
        (digits(64).to_uppercase(), true),
        ("7".repeat(64), true),
        (format!("{}g", digits(64)), false),
        (chars(40), true),
        (chars(39), false),
        (chars(60).to_lowercase(), false),
        (chars(60).to_uppercase(), false),
        ("aB".repeat(30), false),
        ("path/To/a".repeat(9), false),
        (String::new(), false),
    ] {
        assert_eq!(is_material(value.as_bytes()), is, "{value}");
    }
}
