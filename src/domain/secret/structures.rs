//! The structures that private keys are encoded in: PKCS#1, PKCS#8, SEC 1, PKCS#12, OpenSSH, Dropbear, Java's key stores.
//!
//! A text is tried at every place, so that a key is found behind any other text and when its end is missing. So that nothing
//! public is taken for one, what has the form of a signed structure (a certificate, a CSR, a CRL) is passed over whole.

use zeroize::Zeroizing;

use super::SecretKind;
use crate::domain::asn1;
use crate::domain::dress::Stream;

/// Bytes looked at from each place; enough for every header that [`der_kind`] reads.
const PROBE: usize = 96;

/// How SSH's keys of each kind begin in base64: the length of the kind's name, and the name.
const SSH: [&[u8]; 3] = [
    b"AAAAB3NzaC1yc2E",
    b"AAAAB3NzaC1kc3M",
    b"AAAAE2VjZHNhLXNoYTItbmlzdH",
];

/// Bytes of one of them, with its private part.
const LONGEST_SSH: usize = 8 << 10;

/// What base64 characters hold.
pub(super) fn in_stream(stream: &Stream) -> Option<SecretKind> {
    let chars: &[u8] = &stream.chars;
    let marks: [(&[u8], SecretKind); 6] = [
        // "openssh-key-v1"
        (b"b3BlbnNzaC1rZXktdj", SecretKind::OpenSsh),
        // FEEDFEED, CECECECE and version 2
        (b"/u3+7QAAAA", SecretKind::JavaKeyStore),
        (b"zs7OzgAAAA", SecretKind::JavaKeyStore),
        // Microsoft's PRIVATEKEYBLOB (the two uses of a key) and .pvk
        (b"BwIAAACkAABSU0Ey", SecretKind::Rsa),
        (b"BwIAAAAkAABSU0Ey", SecretKind::Rsa),
        (b"HvG1sAAAAA", SecretKind::Other),
    ];
    for (mark, kind) in marks {
        if memchr::memmem::find(chars, mark).is_some() {
            return Some(kind);
        }
    }
    let ssh = SSH.iter().flat_map(|mark| {
        let found = memchr::memmem::find_iter(chars, mark);
        found.map(|at| stream.decode(at, LONGEST_SSH))
    });
    if ssh.into_iter().any(|key| is_ssh_key(&key)) {
        return Some(SecretKind::OpenSsh);
    }
    let mut from = 0;
    let mut buffer = Zeroizing::new([0; PROBE]);
    while let Some(at) = stream.sequence(from) {
        from = at + 1;
        let head = stream.head(at, &mut *buffer);
        if let Some(kind) = der_kind(head) {
            return Some(kind);
        }
        if let Some(length) = signed_length(head) {
            let whole = stream.decode(at, length);
            if is_signed(&whole, length) {
                // Four characters hold three bytes.
                from = at + length / 3 * 4;
            }
        }
    }
    None
}

/// What bytes hold.
pub(super) fn in_bytes(bytes: &[u8]) -> Option<SecretKind> {
    const MARKS: [(&[u8], SecretKind); 6] = [
        (b"openssh-key-v1\0", SecretKind::OpenSsh),
        (&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0], SecretKind::JavaKeyStore),
        (&[0xce, 0xce, 0xce, 0xce, 0, 0, 0], SecretKind::JavaKeyStore),
        (b"\x07\x02\0\0\0\xa4\0\0RSA2", SecretKind::Rsa),
        (b"\x07\x02\0\0\0\x24\0\0RSA2", SecretKind::Rsa),
        (b"\x1e\xf1\xb5\xb0\0\0\0", SecretKind::Other),
    ];
    if bytes
        .iter()
        .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
    {
        return None;
    }
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if let Some((_, kind)) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark)) {
            return Some(*kind);
        }
        // A signature has the form of an Ed25519 key, and stands inside of something.
        if is_ssh_key(rest) || (at == 0 && is_ed25519(rest)) {
            return Some(SecretKind::OpenSsh);
        }
        at += 1;
        if rest[0] != asn1::SEQUENCE {
            continue;
        }
        if let Some(kind) = der_kind(&rest[..rest.len().min(PROBE)]) {
            return Some(kind);
        }
        if let Some(length) = signed_length(rest)
            && is_signed(&rest[..rest.len().min(length)], length)
        {
            at += length - 1;
        }
    }
    None
}

/// A field behind its length (RFC 4251, section 5), and what follows it.
fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    /// Bytes of the longest number.
    const LONGEST: usize = 2100;
    let (length, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let whole = (1..=LONGEST).contains(&length) && length <= rest.len();
    whole.then(|| rest.split_at(length))
}

/// Whether these are an Ed25519 key as Dropbear keeps it: its private and its public part in one field.
fn is_ed25519(bytes: &[u8]) -> bool {
    let key = field(bytes).filter(|(name, _)| *name == b"ssh-ed25519");
    let key = key.and_then(|(_, rest)| field(rest));
    key.is_some_and(|(key, _)| key.len() == 64)
}

/// Whether a key begins here as Dropbear keeps it: the fields of the public one (RFC 4253, section 6.6), and then one more.
fn is_ssh_key(bytes: &[u8]) -> bool {
    /// Bytes of the shortest private part.
    const SHORTEST: usize = 16;
    let Some((name, rest)) = field(bytes) else {
        return false;
    };
    let public = match name {
        b"ssh-rsa" => 2,
        b"ssh-dss" => 4,
        b"ecdsa-sha2-nistp256" | b"ecdsa-sha2-nistp384" | b"ecdsa-sha2-nistp521" => 2,
        _ => return false,
    };
    let behind = (0..public).try_fold(rest, |rest, _| Some(field(rest)?.1));
    let private = behind.and_then(field);
    // What can be read is the kind of the next public key, and what begins with a field a certificate's signature.
    private.is_some_and(|(key, _)| key.len() >= SHORTEST && !key.is_ascii() && field(key).is_none())
}

/// How long the structure that begins here is, when a signed one could begin so.
fn signed_length(head: &[u8]) -> Option<usize> {
    let (_, start, length) = asn1::header(head).ok()?;
    let inside = head.get(start..)?;
    (length > 64 && inside.first() == Some(&asn1::SEQUENCE)).then_some(start + length)
}

/// Whether it is `SIGNED{…}` (RFC 5280, RFC 2986) to its last byte: content, algorithm, signature.
fn is_signed(whole: &[u8], length: usize) -> bool {
    let parts = || {
        let outer = asn1::read(whole).ok()?;
        let content = asn1::read(outer.content).ok()?;
        let algorithm = asn1::read(content.rest).ok()?;
        let oid = asn1::read(algorithm.content).ok()?;
        let signature = asn1::read(algorithm.rest).ok()?;
        let tags = [content.tag, algorithm.tag, oid.tag, signature.tag];
        let wanted = [asn1::SEQUENCE, asn1::SEQUENCE, asn1::OID, asn1::BIT_STRING];
        (tags == wanted && signature.rest.is_empty() && outer.rest.is_empty()).then_some(())
    };
    whole.len() == length && parts().is_some()
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

/// The length that the header at the start gives the content.
fn length(bytes: &[u8]) -> usize {
    asn1::header(bytes).map_or(0, |(_, _, length)| length)
}

/// What begins here. The bytes may end before the structure does.
fn der_kind(bytes: &[u8]) -> Option<SecretKind> {
    /// 1.2.840.113549.1, RSA's PKCS arc.
    const PKCS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];
    /// Bytes of the shortest RSA modulus and DSA prime in use.
    const SHORTEST: usize = 48;
    let (body, _) = open(bytes, asn1::SEQUENCE)?;
    // Whether what was looked at ends before the structure does, so that a part may be missing.
    let cut = length(bytes) > body.len();
    if let Some((version, rest)) = open(body, asn1::INTEGER) {
        let inner = || open(rest, asn1::SEQUENCE);
        let octets = |rest: &[u8]| match rest.first() {
            Some(tag) => *tag == asn1::OCTET_STRING,
            None => cut,
        };
        return match version {
            [0 | 1] if inner().is_some() => {
                let (algorithm, key) = inner()?;
                let (oid, _) = open(algorithm, asn1::OID)?;
                // A version 1 certificate's body begins alike; its next part is a name, a key's is an OCTET STRING.
                (oid.len() >= 3 && octets(key)).then_some(SecretKind::Pkcs8)
            }
            // Two numbers are a signature or a public key; a private key begins with its version. 1 has several primes.
            [0 | 1] if open(rest, asn1::INTEGER).is_some() => {
                (length(rest) >= SHORTEST).then_some(SecretKind::Rsa)
            }
            [1] => {
                let (_, parameters) = open(rest, asn1::OCTET_STRING)?;
                // Whose leading zeros were left out, against the standard, can be as short as it likes.
                let named = matches!(parameters.first(), Some(0xa0 | 0xa1));
                let long = (14..=72).contains(&length(rest));
                (long || named).then_some(SecretKind::Ec)
            }
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
    let octets = key.first().map_or(cut, |tag| *tag == asn1::OCTET_STRING);
    (scheme && octets).then_some(SecretKind::EncryptedPkcs8)
}

#[cfg(test)]
#[path = "structures_tests.rs"]
mod tests;
