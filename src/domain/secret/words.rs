//! The words that private keys are written with: armours, headers, names of members and elements, dumps.

use memchr::memmem::{find, find_iter};
use zeroize::Zeroizing;

use super::SecretKind;
use crate::domain::dress::Copied;

/// What kind of key the words of a text say it holds.
pub(super) fn kind(text: &[u8]) -> Option<SecretKind> {
    const MARKS: [(&[u8], SecretKind); 9] = [
        (b"putty-user-key-file-", SecretKind::Putty),
        (b"private-lines:", SecretKind::Putty),
        (b"dek-info:", SecretKind::Other),
        (b"age-secret-key-", SecretKind::Other),
        (b"minisignencryptedsecretkey", SecretKind::Other),
        (b"comment:signifysecretkey", SecretKind::Other),
        (b"ed25519v1-secret", SecretKind::Other),
        // GnuPG's own files.
        (b"(private-key(", SecretKind::OpenPgp),
        (b"protected-private-key(", SecretKind::OpenPgp),
    ];
    armoured(text).or_else(|| {
        let letters = letters(text, |byte| {
            !matches!(*byte, b' ' | b'\t' | b'\r' | 0x0c | b'"' | b'\'' | b'\\')
        });
        let said = MARKS
            .iter()
            .find(|(mark, _)| find(&letters, mark).is_some());
        said.map(|(_, kind)| *kind)
            .or_else(|| dumped(&letters))
            .or_else(|| elements(text))
            .or_else(|| members(text))
    })
}

/// The bytes that are kept, in lower case.
fn letters(text: &[u8], keep: impl Fn(&u8) -> bool) -> Copied {
    let mut letters = Zeroizing::new(Vec::with_capacity(text.len()));
    letters.extend(
        text.iter()
            .filter(|byte| keep(byte))
            .map(u8::to_ascii_lowercase),
    );
    letters
}

/// The words an armour may have between `BEGIN` and `PRIVATE KEY`, spaces taken out.
const KINDS: [(&[u8], SecretKind); 9] = [
    (b"", SecretKind::Pkcs8),
    (b"encrypted", SecretKind::EncryptedPkcs8),
    (b"rsa", SecretKind::Rsa),
    (b"ec", SecretKind::Ec),
    (b"dsa", SecretKind::Dsa),
    (b"openssh", SecretKind::OpenSsh),
    (b"any", SecretKind::Other),
    (b"pgp", SecretKind::OpenPgp),
    (b"ssh2encrypted", SecretKind::Other),
];

/// What stands before `PRIVATE KEY` decides: openssl itself prints "writing new private key to 'key.pem'" before a CSR.
fn armoured(text: &[u8]) -> Option<SecretKind> {
    /// Letters of the longest kind that is taken when the dashes before `BEGIN` are there.
    const LONGEST: usize = 40;
    let letters = letters(text, |byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    for at in find_iter(&letters, b"privatekey") {
        let before = &letters[..at];
        let known = KINDS.iter().find(|(word, _)| {
            before
                .strip_suffix(*word)
                .is_some_and(|rest| rest.ends_with(b"begin") || rest.ends_with(b"-end"))
        });
        if let Some((_, kind)) = known {
            return Some(*kind);
        }
        let near = &before[before.len().saturating_sub(LONGEST)..];
        let armour = near.windows(6).rposition(|window| window == b"-begin");
        if armour.is_some_and(|at| !near[at + 6..].contains(&b'-')) {
            return Some(SecretKind::Other);
        }
    }
    None
}

/// Dumps in words (`openssl pkey -text`, `certtool -k`, `certutil -dump`, what programs print of a key): a heading of a
/// private part, and digits behind it.
fn dumped(text: &[u8]) -> Option<SecretKind> {
    const HEADINGS: [(&[u8], SecretKind); 22] = [
        (b"privateexponent", SecretKind::Rsa),
        (b"privexponent", SecretKind::Rsa),
        (b"prime1", SecretKind::Rsa),
        (b"prime2", SecretKind::Rsa),
        (b"primep", SecretKind::Rsa),
        (b"primeq", SecretKind::Rsa),
        (b"primes", SecretKind::Rsa),
        (b"exponent1", SecretKind::Rsa),
        (b"exponent2", SecretKind::Rsa),
        (b"primeexponent", SecretKind::Rsa),
        (b"coefficient", SecretKind::Rsa),
        (b"dmp1", SecretKind::Rsa),
        (b"iqmp", SecretKind::Rsa),
        (b"priv", SecretKind::Other),
        (b"privatekey", SecretKind::Other),
        (b"privatevalue", SecretKind::Other),
        (b"privatescalar", SecretKind::Other),
        (b"secretkey", SecretKind::Other),
        (b"secretexponent", SecretKind::Other),
        (b"secretscalar", SecretKind::Other),
        (b"secretmultiplier", SecretKind::Other),
        (b"skey[", SecretKind::OpenPgp),
    ];
    // `Private-Exponent`, `private_exponent`
    let letters = letters(text, |byte| !matches!(*byte, b'-' | b'_'));
    for (heading, kind) in HEADINGS {
        for at in find_iter(&letters, heading) {
            if digits_follow(&letters[at + heading.len()..]) {
                return Some(kind);
            }
        }
    }
    parsed(text)
}

/// Whether what stands behind a heading is the number: signs, the number's name or size, and then digits.
fn digits_follow(rest: &[u8]) -> bool {
    /// Digits of the shortest key.
    const FEWEST: usize = 32;
    /// Signs, names and sizes that may stand between.
    const NAMES: usize = 6;
    let is_sign = |byte: &u8| !byte.is_ascii_alphanumeric();
    let mut rest = rest;
    let mut signs = 0;
    for _ in 0..NAMES {
        let skip = rest
            .iter()
            .take(16)
            .take_while(|byte| is_sign(byte))
            .count();
        signs += skip;
        rest = &rest[skip..];
        let rest_of_hex = rest.strip_prefix(b"0x").unwrap_or(rest);
        let digits = rest_of_hex
            .iter()
            .filter(|byte| !matches!(**byte, b':' | b'\n' | b'-' | b' '))
            .take_while(|byte| byte.is_ascii_hexdigit())
            .take(FEWEST);
        // A heading alone is followed by a sign; `private` is followed by a word.
        if digits.count() == FEWEST {
            return signs > 0;
        }
        let word = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .take(9)
            .count();
        let is_size = rest[..word].iter().all(u8::is_ascii_digit)
            || [&b"bit"[..], b"bits"].iter().any(|end| {
                rest[..word]
                    .strip_suffix(*end)
                    .is_some_and(|size| size.iter().all(u8::is_ascii_digit))
            });
        let is_name = word == 1
            || [&b"hex"[..], b"value", b"data", b"raw", b"integer"].contains(&&rest[..word]);
        if word == 0 || word > 8 || !(is_size || is_name) {
            return false;
        }
        rest = &rest[word..];
    }
    false
}

/// `openssl asn1parse` prints the numbers of a key: a version, then at least three long ones (a public key has one).
fn parsed(letters: &[u8]) -> Option<SecretKind> {
    const INTEGER: &[u8] = b"prim:integer:";
    const OCTETS: &[u8] = b"prim:octetstring[hexdump]:";
    let values = |mark: &'static [u8]| {
        find_iter(letters, mark).map(move |at| {
            let rest = &letters[at + mark.len()..];
            let end = rest.iter().position(|byte| !byte.is_ascii_hexdigit());
            &rest[..end.unwrap_or(rest.len())]
        })
    };
    let first = values(INTEGER).next()?;
    if values(INTEGER).filter(|value| value.len() >= 96).count() >= 3 {
        return Some(SecretKind::Rsa);
    }
    let key = values(OCTETS).next()?;
    match first {
        b"00" if key.starts_with(b"30") || key.starts_with(b"04") => Some(SecretKind::Pkcs8),
        b"01" if (28..=144).contains(&key.len()) => Some(SecretKind::Ec),
        _ => None,
    }
}

/// `RSAKeyValue` and `DSAKeyValue` of XML Signature with their private parts, as .NET writes them.
fn elements(text: &[u8]) -> Option<SecretKind> {
    const PRIVATE: [&[u8]; 6] = [b"d", b"p", b"q", b"dp", b"dq", b"inverseq"];
    let mut public = false;
    let mut private = 0;
    let mut dsa = false;
    for at in memchr::memchr_iter(b'<', text) {
        let rest = &text[at + 1..];
        let Some(end) = rest.iter().take(40).position(|byte| *byte == b'>') else {
            continue;
        };
        let name = rest[..end].to_ascii_lowercase();
        let name = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        let long = rest[end + 1..]
            .iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
            .take(20)
            .count()
            == 20;
        public |= name == b"modulus";
        private += usize::from(long && PRIVATE.contains(&name));
        dsa |= long && name == b"x";
    }
    if public && private > 0 {
        Some(SecretKind::Rsa)
    } else {
        // A public DSA key has P, Q and Y.
        (dsa && private > 1).then_some(SecretKind::Dsa)
    }
}

/// JSON Web Keys and their like: members by name, quoted in any way or not at all, with base64 or digits for a value.
fn members(text: &[u8]) -> Option<SecretKind> {
    /// Names that say by themselves what they hold, as BIND and programs that print a key's numbers write them.
    const PRIVATE: [(&[u8], SecretKind); 18] = [
        (b"private", SecretKind::Other),
        (b"privatekey", SecretKind::Other),
        (b"secretkey", SecretKind::Other),
        (b"privkey", SecretKind::Other),
        (b"privatevalue", SecretKind::Other),
        (b"privatescalar", SecretKind::Other),
        (b"secretexponent", SecretKind::Other),
        (b"secretscalar", SecretKind::Other),
        (b"secretmultiplier", SecretKind::Other),
        (b"privateexponent", SecretKind::Rsa),
        (b"prime1", SecretKind::Rsa),
        (b"prime2", SecretKind::Rsa),
        (b"exponent1", SecretKind::Rsa),
        (b"exponent2", SecretKind::Rsa),
        (b"coefficient", SecretKind::Rsa),
        (b"crtcoefficient", SecretKind::Rsa),
        (b"dmp1", SecretKind::Rsa),
        (b"iqmp", SecretKind::Rsa),
    ];
    /// Characters of the shortest modulus in base64.
    const MODULUS: usize = 80;
    let mut kty = false;
    let mut curve = false;
    let mut modulus = false;
    let mut secret = false;
    let mut numbers = false;
    let mut parts = 0;
    let mut primes = (0, 0);
    let mut generator = false;
    for at in memchr::memchr2_iter(b':', b'=', text) {
        let quiet = |byte: &u8| {
            matches!(
                *byte,
                b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'"' | b'\'' | b'\\' | b'`' | b'>'
            )
        };
        let before = &text[..at];
        let name_end = before
            .iter()
            .rposition(|byte| !quiet(byte))
            .map_or(0, |at| at + 1);
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(*byte, b'_' | b'-');
        let name_start = before[..name_end]
            .iter()
            .rposition(|byte| !word(byte))
            .map_or(0, |at| at + 1);
        let name = &before[name_start..name_end];
        // `…+g==` pads a text, and names no generator.
        let is_end_of_base64 = before[..name_start]
            .last()
            .is_some_and(|byte| matches!(byte, b'+' | b'/'));
        if name.is_empty() || name.len() > 20 {
            continue;
        }
        let value = &text[at + 1..];
        let skip = value.iter().take(64).position(|byte| !quiet(byte));
        let value = &value[skip.unwrap_or(value.len().min(64))..];
        let length = value
            .iter()
            .take_while(|byte| {
                byte.is_ascii_alphanumeric() || matches!(**byte, b'+' | b'/' | b'_' | b'-')
            })
            .count()
            .max(pairs(value));
        let quoted = name_end < at && length > 0;
        let name: Vec<u8> = name
            .iter()
            .filter(|byte| byte.is_ascii_alphanumeric())
            .map(u8::to_ascii_lowercase)
            .collect();
        match name.as_slice() {
            b"kty" => kty = true,
            b"curve" | b"crv" | b"namedcurve" | b"pointx" => curve = true,
            b"n" | b"modulus" if length >= MODULUS => modulus = true,
            b"d" | b"k" if length >= 16 || quoted => {
                secret = true;
                numbers |= length >= 40;
            }
            b"p" | b"q" | b"dp" | b"dq" | b"qi" | b"inverseq" if length >= 20 => {
                parts += 1;
                match name.as_slice() {
                    b"p" => primes.0 = length,
                    b"q" => primes.1 = length,
                    _ => {}
                }
            }
            b"g" | b"generator" if length > 0 && !is_end_of_base64 => generator = true,
            name => {
                let known = PRIVATE.iter().find(|(private, _)| *private == name);
                if let Some((_, kind)) = known
                    && is_material(&value[..length])
                {
                    return Some(*kind);
                }
            }
        }
    }
    if secret && (kty || parts >= 2) || modulus && (numbers || parts >= 2) {
        return Some(SecretKind::Jwk);
    }
    if curve && numbers {
        return Some(SecretKind::Ec);
    }
    // Two long numbers of one size; those of DSA and Diffie-Hellman have a generator.
    let (p, q): (usize, usize) = primes;
    let are_primes = p.min(q) >= MODULUS && p.abs_diff(q) * 20 < p && !generator;
    are_primes.then_some(SecretKind::Rsa)
}

/// Digits of the hex pairs, with a sign or a line end between two, that a value begins with.
fn pairs(value: &[u8]) -> usize {
    /// As many are enough to be a number.
    const MANY: usize = 64;
    let pairs = value.split(|byte| matches!(byte, b' ' | b':' | b'\n' | b'\r' | b'\t'));
    let pairs = pairs.filter(|pair| !pair.is_empty());
    let is_pair = |pair: &&[u8]| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
    pairs.take(MANY).take_while(is_pair).count() * 2
}

/// Whether this is key material and no path, name or word.
fn is_material(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"0x").unwrap_or(value);
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    // Decimal digits are hex digits as well.
    let hex = value.iter().all(u8::is_ascii_hexdigit) && value.len() >= 64;
    let mixed =
        has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    hex || (value.len() >= 40 && mixed)
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
