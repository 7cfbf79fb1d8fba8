//! CSRs in every dress: looked for in each layer of a text, wherever base64 or bytes could begin one, and taken only when
//! what comes out is a request to its last byte.

use super::super::asn1;
use super::super::dress::{self, Layer, Stream};
use super::super::key::PublicKey;
use super::super::secret::{self, SecretKind};
use super::super::signature::Verdict;
use super::{Csr, read};

/// Bytes that tell what begins at a place.
const HEAD: usize = 48;

/// What a text holds, whatever it is dressed in.
#[derive(Default)]
pub(super) struct Found {
    /// Every CSR once, with the line it begins on where that can be told.
    pub requests: Vec<(Option<usize>, Csr)>,
    /// Every bare public key.
    pub keys: Vec<PublicKey>,
    /// Whether there is a certificate.
    pub certificate: bool,
    /// How many CSRs stand in it, the repeated ones too.
    pub times: usize,
}

/// Looks through a text; the error is a private key, before anything else.
///
/// Of a comparison the new side counts, where it holds a request: the file as it is now is what it was pasted for. One that
/// stands in the old side alone was replaced, and its key with it; it is not offered beside the new one, since both may name
/// the same server, and nobody would see which of them was taken.
pub(super) fn find(text: &[u8]) -> Result<Found, SecretKind> {
    let mut all = everything(text)?;
    if let Some(sides) = dress::sides(text) {
        let (old, new) = (everything(&sides.old)?, everything(&sides.new)?);
        if !new.requests.is_empty() {
            let beside = |(_, csr): &(_, Csr)| !new.has(csr) && !old.has(csr);
            let beside: Vec<_> = all.requests.into_iter().filter(beside).collect();
            all = new;
            all.requests.extend(beside);
        }
    }
    Ok(all)
}

fn everything(text: &[u8]) -> Result<Found, SecretKind> {
    let mut found = Found::default();
    let secret = dress::look(text, |layer| {
        secret::in_layer(layer).or_else(|| {
            found.collect(layer);
            None
        })
    });
    if let Some(kind) = secret::verdict(secret) {
        return Err(kind);
    }
    // A reading that went wrong somewhere can still look like a request; a right one proves itself.
    if found.requests.iter().any(|(_, csr)| csr.signature_valid()) {
        found
            .requests
            .retain(|(_, csr)| csr.verdict != Verdict::Invalid);
    }
    Ok(found)
}

/// What may begin at a place.
enum Kind {
    Request,
    Certificate,
    Key,
    /// Signed or wrapped content (PKCS#7, CMC), in which a request may lie.
    Wrapped,
}

impl Found {
    fn has(&self, csr: &Csr) -> bool {
        self.requests.iter().any(|(_, known)| known.der == csr.der)
    }

    fn collect(&mut self, layer: &Layer) {
        for stream in &layer.streams {
            self.of_stream(layer, stream);
        }
        if layer
            .bytes
            .iter()
            .any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
        {
            self.of_bytes(&layer.bytes);
        }
    }

    fn of_stream(&mut self, layer: &Layer, stream: &Stream) {
        let mut from = 0;
        let mut times = 0;
        while let Some(at) = stream.sequence(from) {
            from = at + 1;
            let Some((kind, length)) = kind(&stream.decode(at, HEAD)) else {
                continue;
            };
            let whole = stream.decode(at, length);
            if whole.len() < length {
                continue;
            }
            let line = (layer.depth == 0).then(|| {
                let before = &layer.bytes[..stream.place(at).unwrap_or_default()];
                before.split(|byte| *byte == b'\n').count()
            });
            // Where a line was lost, the next words of the text would be taken for its end.
            let last = at + (length * 4).div_ceil(3) - 1;
            let next = stream.place(last).map(|at| at + 1);
            let next = next.and_then(|next| layer.bytes.get(next));
            let before = stream.place(at).and_then(|at| at.checked_sub(1));
            let before = before.and_then(|before| layer.bytes.get(before));
            let encoded = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
            let begins = !before.is_some_and(encoded);
            let ends = !next.is_some_and(encoded);
            // Every request and every certificate holds a key, and a cut one nothing else that is whole.
            if matches!(kind, Kind::Key) && !(begins && ends) {
                continue;
            }
            if self.take(&kind, &whole, ends, line) {
                times += usize::from(matches!(kind, Kind::Request));
                from = last;
            }
        }
        self.times = self.times.max(times);
    }

    fn of_bytes(&mut self, bytes: &[u8]) {
        let mut at = 0;
        let mut times = 0;
        while let Some(skip) = memchr::memchr(asn1::SEQUENCE, bytes.get(at..).unwrap_or_default()) {
            at += skip;
            let rest = &bytes[at..];
            let begins = kind(&rest[..rest.len().min(HEAD)]);
            if let Some((kind, length)) = begins
                && let Some(whole) = rest.get(..length)
                // What is wrapped is in these very bytes.
                && !matches!(kind, Kind::Wrapped)
                && (!matches!(kind, Kind::Key) || length == bytes.len())
                && self.take(&kind, whole, true, None)
            {
                times += usize::from(matches!(kind, Kind::Request));
                at += length;
            } else {
                at += 1;
            }
        }
        self.times = self.times.max(times);
    }

    /// Takes what begins here, if it is what it seems; tells whether it did.
    fn take(&mut self, kind: &Kind, whole: &[u8], ends: bool, line: Option<usize>) -> bool {
        match kind {
            Kind::Request if self.requests.iter().any(|(_, csr)| csr.der == whole) => true,
            Kind::Request => {
                let Ok(csr) = read::from_der(whole) else {
                    return false;
                };
                let taken = csr.signature_valid() || ends;
                if taken {
                    self.requests.push((line, csr));
                }
                taken
            }
            Kind::Key => {
                let Some(key) = PublicKey::from_der(whole) else {
                    return false;
                };
                if !self.keys.iter().any(|known| known.spki_der == key.spki_der) {
                    self.keys.push(key);
                }
                true
            }
            Kind::Certificate => {
                let is = super::super::certificate::CertFacts::from_der(whole).is_ok();
                self.certificate |= is;
                is
            }
            Kind::Wrapped => {
                self.of_bytes(whole);
                true
            }
        }
    }
}

/// What may begin with these bytes, and how many it has.
fn kind(head: &[u8]) -> Option<(Kind, usize)> {
    /// 1.2.840.113549.1.7.2, signed data.
    const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    let (tag, start, length) = asn1::header(head).ok()?;
    let inside = head.get(start..)?;
    if tag != asn1::SEQUENCE || length < 40 {
        return None;
    }
    let content = |bytes: &'_ [u8]| asn1::header(bytes).ok().map(|(_, start, _)| start);
    let kind = match *inside.first()? {
        asn1::OID if inside.get(2..)?.starts_with(SIGNED) => Kind::Wrapped,
        asn1::SEQUENCE => {
            let first = &inside[content(inside)?..];
            match first {
                // A version; the subject follows.
                [asn1::INTEGER, 1, _, asn1::SEQUENCE, ..] => Kind::Request,
                [asn1::CONTEXT_0, 3, asn1::INTEGER, ..] => Kind::Certificate,
                [asn1::OID, ..] => Kind::Key,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some((kind, start + length))
}

/// What a file holds, as the text that is pasted from it; the error is a private key in a file that is no text. What a
/// binary file (DER, also wrapped as PKCS#7) holds becomes PEM.
pub fn of_file(bytes: &[u8]) -> Result<String, SecretKind> {
    match bytes {
        [0xff, 0xfe, text @ ..] => return Ok(utf16(text, u16::from_le_bytes)),
        [0xfe, 0xff, text @ ..] => return Ok(utf16(text, u16::from_be_bytes)),
        _ => {}
    }
    let zeros = memchr::memchr(0, bytes).is_some();
    let readable = std::str::from_utf8(bytes).ok();
    if let Some(text) = readable.filter(|_| !zeros) {
        return Ok(text.to_owned());
    }
    let found = find(bytes)?;
    let mut text: String = found.requests.iter().map(|(_, csr)| csr.pem()).collect();
    if text.is_empty() && found.certificate {
        text = super::pem::encode(super::super::certificate::LABEL, bytes);
    }
    if text.is_empty()
        && let Some(key) = found.keys.first()
    {
        text = super::pem::encode("PUBLIC KEY", &key.spki_der);
    }
    if text.is_empty() {
        // Text in another character set: what matters of it is ASCII. Zeros are those of UTF-16 without its mark.
        let chars = bytes.iter().filter(|byte| **byte != 0);
        text = chars.map(|byte| char::from(*byte)).collect();
    }
    Ok(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
