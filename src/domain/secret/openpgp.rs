//! OpenPGP secret keys without armour: packets of RFC 9580, section 5.5.3 (tags 5 and 7).
//!
//! Nothing but numbers marks such a packet, so all of its public part has to fit: what is random does not.

use std::ops::RangeInclusive;

use zeroize::Zeroizing;

use crate::domain::dress::Stream;

/// Bytes from the tag to behind the beginning of the first number.
const HEAD: usize = 24;

/// Bytes of the longest public part, and a little of the secret one.
const LONGEST: usize = 4200;

/// Whether a secret key's packet begins anywhere in bytes.
pub(super) fn in_bytes(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && (0..bytes.len()).any(|at| is_secret(&bytes[at..]))
}

/// Whether one begins anywhere in base64.
pub(super) fn in_stream(stream: &Stream) -> bool {
    let chars: &[u8] = &stream.chars;
    let mut head = Zeroizing::new([0; HEAD]);
    // The first six bits of the tags.
    memchr::memchr3_iter(b'l', b'n', b'x', chars).any(|at| {
        may_be_secret(stream.head(at, &mut *head)).is_some()
            && is_secret(&stream.decode(at, LONGEST))
    })
}

/// The algorithm and what stands behind it, and the whole length, if a packet of a secret key or a secret subkey may
/// begin here.
fn may_be_secret(bytes: &[u8]) -> Option<(u8, &[u8], usize)> {
    let (length, body) = packet(bytes)?;
    let (algorithm, rest) = match body {
        // Made between 1990 and 2055.
        [4, 0x25..=0xa0, _, _, _, algorithm, rest @ ..]
        // These tell the length of the public part too.
        | [5 | 6, 0x25..=0xa0, _, _, _, algorithm, 0, 0, _, _, rest @ ..] => (*algorithm, rest),
        _ => return None,
    };
    matches!(algorithm, 1..=3 | 16..=19 | 22 | 25..=28).then_some((algorithm, rest, length))
}

/// Whether a packet of a secret key begins here, and is there as far as its secret part.
fn is_secret(bytes: &[u8]) -> bool {
    let Some((algorithm, rest, length)) = may_be_secret(bytes) else {
        return false;
    };
    let numbers = |sizes: &[RangeInclusive<usize>]| {
        let behind = sizes
            .iter()
            .try_fold(rest, |rest, sizes| number(rest, sizes));
        behind.is_some_and(|behind| !behind.is_empty())
    };
    match algorithm {
        1..=3 => numbers(&[1000..=16_400, 2..=64]),
        16 => numbers(&[1000..=8200, 2..=64, 64..=8200]),
        17 => numbers(&[1000..=8200, 159..=512, 900..=8200, 900..=8200]),
        // The curve's identifier (ISO's arc, ECMA's, or ANSI's), and a point on it.
        18 | 19 | 22 => {
            matches!(
                rest,
                [3..=11, 0x2b, 6 | 0x24 | 0x81, ..] | [8, 0x2a, 0x86, 0x48, 0xce, ..]
            ) && number(&rest[usize::from(rest[0]) + 1..], &(200..=1100)).is_some()
        }
        25 | 27 => plain_or_locked(length, rest, 32),
        26 => plain_or_locked(length, rest, 56),
        _ => plain_or_locked(length, rest, 57),
    }
}

/// Whether behind a public part of so many bytes stands how the secret one is kept: as it is, or by a cipher and a
/// passphrase (RFC 9580, sections 3.7 and 9.3).
fn plain_or_locked(length: usize, rest: &[u8], public: usize) -> bool {
    match rest.get(public..) {
        Some([0, ..]) => {
            length == 6 + public + 1 + public + 2 || length == 10 + public + 1 + public
        }
        Some([254 | 255, 7..=13, 0 | 1 | 3 | 4, ..]) => length > 6 + public * 2,
        Some([253, _, 7..=13, 1..=3, ..]) => length > 6 + public * 2,
        _ => false,
    }
}

/// The content of the packet that begins here, as far as it is there, and its whole length.
fn packet(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, head) = match *bytes {
        [0x94 | 0x9c, length, ..] => (usize::from(length), 2),
        [0x95 | 0x9d, a, b, ..] => (usize::from(u16::from_be_bytes([a, b])), 3),
        [0x96 | 0x9e, a, b, c, d, ..] => (u32::from_be_bytes([a, b, c, d]) as usize, 5),
        [0xc5 | 0xc7, length @ 0..=191, ..] => (usize::from(length), 2),
        [0xc5 | 0xc7, a @ 192..=223, b, ..] => {
            ((usize::from(a) - 192) * 256 + usize::from(b) + 192, 3)
        }
        [0xc5 | 0xc7, 255, a, b, c, d, ..] => (u32::from_be_bytes([a, b, c, d]) as usize, 6),
        _ => return None,
    };
    let body = bytes.get(head..)?;
    (60..65_536)
        .contains(&length)
        .then_some((length, &body[..length.min(body.len())]))
}

/// What stands behind the number that begins here, if its size is in the range; nothing of it where it is cut off.
fn number<'b>(bytes: &'b [u8], sizes: &RangeInclusive<usize>) -> Option<&'b [u8]> {
    let [a, b, first, ..] = *bytes else {
        return None;
    };
    let bits = usize::from(u16::from_be_bytes([a, b]));
    // The first byte has its highest bit where the size says.
    let top = (bits + 7) % 8;
    let fits = first.checked_ilog2() == Some(top as u32);
    (sizes.contains(&bits) && fits).then(|| bytes.get(2 + bits.div_ceil(8)..).unwrap_or_default())
}

#[cfg(test)]
#[path = "openpgp_tests.rs"]
mod tests;
