//! Keys that no public authority certifies: of another form than the rules allow, or so made that the private half can be found (TLS
//! Baseline Requirements, 6.1.1.3, 6.1.5 and 6.1.6; those for code signing and S/MIME say the same).

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ParsedPublicKey};
use num_bigint::BigUint;
use x509_parser::public_key::{PublicKey, RSAPublicKey};
use x509_parser::x509::SubjectPublicKeyInfo;

const P256: &str = "1.2.840.10045.3.1.7";
const P384: &str = "1.3.132.0.34";

/// How often Fermat's way of factoring is tried, as the rules ask.
const ROUNDS: u32 = 100;

/// What is wrong with the key, if anything is; the size aside.
pub(super) fn weakness(spki: &SubjectPublicKeyInfo<'_>) -> Option<String> {
    match spki.parsed() {
        Ok(PublicKey::RSA(key)) => of_rsa(&key).map(str::to_owned),
        Ok(PublicKey::EC(_)) => of_curve(spki),
        _ if is_bound_to_pss(spki) => Some(
            "its RSA key is bound to RSASSA-PSS (id-RSASSA-PSS), and certificates name RSA keys by rsaEncryption alone; make a plain RSA key"
                .to_owned(),
        ),
        _ => Some("its key is neither plain RSA nor on the curves P-256 or P-384".to_owned()),
    }
}

/// Whether an RSA key is one for PSS alone (RFC 4055). Certificates have no such keys (TLS Baseline Requirements, 7.1.3.1.1), though their
/// signatures may be of that kind.
pub(super) fn is_bound_to_pss(spki: &SubjectPublicKeyInfo<'_>) -> bool {
    spki.algorithm.algorithm.to_id_string() == "1.2.840.113549.1.1.10"
}

fn of_rsa(key: &RSAPublicKey<'_>) -> Option<&'static str> {
    let modulus = BigUint::from_bytes_be(key.modulus);
    let exponent = BigUint::from_bytes_be(key.exponent);
    if key.modulus.first().is_some_and(|byte| byte & 0x80 != 0) {
        return Some("the modulus of its RSA key is negative");
    }
    if !exponent.bit(0) || exponent <= BigUint::from(1u8) || exponent.bits() > 256 {
        return Some("the exponent of its RSA key is not an odd number from 3 to 2^256");
    }
    if !modulus.bits().is_multiple_of(8) {
        return Some("the length of its RSA key in bits cannot be divided by 8");
    }
    if (2..752u32).any(|small| &modulus % small == BigUint::ZERO) {
        return Some("the modulus of its RSA key has a small factor");
    }
    if is_roca(&modulus) {
        return Some("its RSA key was made by a faulty chip (ROCA, CVE-2017-15361)");
    }
    if has_close_primes(&modulus) {
        return Some("the two primes of its RSA key are too close to each other");
    }
    None
}

/// Whether the modulus looks as those of the faulty chips: modulo every small prime it is a power of 65537.
fn is_roca(modulus: &BigUint) -> bool {
    let primes = (3..=167u32).filter(|n| (2..*n).all(|d| n % d != 0));
    primes.into_iter().all(|prime| {
        let rest = modulus % prime;
        let powers = std::iter::successors(Some(1u32), |power| Some(power * 65_537 % prime));
        powers
            .take(prime as usize)
            .any(|power| rest == BigUint::from(power))
    })
}

/// Fermat: two primes close to each other are found from the square root on.
fn has_close_primes(modulus: &BigUint) -> bool {
    let mut middle = modulus.sqrt();
    if &middle * &middle < *modulus {
        middle += 1u8;
    }
    (0..ROUNDS).any(|round| {
        let middle = &middle + round;
        is_square(&(&middle * &middle - modulus))
    })
}

fn is_square(number: &BigUint) -> bool {
    // Most numbers fail by their remainder, which costs no root.
    let may_be = [63u32, 64, 65, 11].iter().all(|by| {
        let rest = number % by;
        (0..*by).any(|root| rest == BigUint::from(root * root % by))
    });
    may_be && {
        let root = number.sqrt();
        &root * &root == *number
    }
}

fn of_curve(spki: &SubjectPublicKeyInfo<'_>) -> Option<String> {
    let curve = spki
        .algorithm
        .parameters
        .as_ref()
        .and_then(|parameters| parameters.as_oid().ok())
        .map(|oid| oid.to_id_string());
    let point = &spki.subject_public_key.data;
    let is_on = match curve.as_deref() {
        Some(P256) => ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).is_ok(),
        Some(P384) => ParsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, point).is_ok(),
        Some(_) | None => {
            return Some("its EC key is not on P-256 or P-384, told by their names".to_owned());
        }
    };
    (!is_on).then(|| "its EC key is no point of its curve".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(numbers: impl Iterator<Item = u32>) -> BigUint {
        numbers.map(BigUint::from).product()
    }

    #[test]
    fn the_fingerprint_of_the_faulty_chips_is_known() {
        let primes = (3..=167u32).filter(|n| (2..*n).all(|d| n % d != 0));
        let all = product(primes);
        let weak = BigUint::from(65_537u32).modpow(&BigUint::from(12_345u32), &all);
        assert!(is_roca(&weak) && is_roca(&(&weak + &all)));
        assert!(!is_roca(&(weak + 2u8)));
    }

    #[test]
    fn primes_that_are_close_are_found() {
        let prime = (BigUint::from(1u8) << 127) - 1u8;
        let next = (BigUint::from(1u8) << 127) + 29u8;
        assert!(has_close_primes(&(&prime * next)));
        assert!(has_close_primes(&(&prime * &prime)));
        let far = (BigUint::from(1u8) << 107) - 1u8;
        assert!(!has_close_primes(&(prime * far)));
    }
}
