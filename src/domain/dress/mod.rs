//! What a text is underneath: the encodings and decorations that a CSR, a certificate or a private key wears when it is
//! copied out of a mail, a console, a manifest or a program.
//!
//! ```text
//! text --look--> layer --look--> escapes undone · quoted-printable undone · text inside base64 · bytes inside hex or numbers
//!                  |             · rich text's own text · the sides of a comparison
//!                  |             each a layer of its own, looked at in the same way, until nothing new comes
//!                  +--streams--> its base64 characters, read in each of the ways that lines are dressed
//! ```
//!
//! The guard against private keys and the reader of CSRs look through the same layers, so that what one can read the other
//! can refuse. The work is bounded: layers are not deeper than [`DEEPEST`], and all of them together not larger than a few
//! times the text. Every copy is wiped when it is dropped.

mod alphabets;
mod bytes;
mod comparisons;
mod dumps;
mod escapes;
mod packed;
mod rtf;
mod strangers;
mod streams;
#[cfg(test)]
mod tests;

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use zeroize::Zeroizing;

pub(crate) use comparisons::sides;
pub(crate) use escapes::fold;
pub(crate) use streams::{LENIENT, Stream};

/// A copy that is wiped when it is dropped.
pub(crate) type Copied = Zeroizing<Vec<u8>>;

/// How many dresses one wears over another. A secret of a secret, as a string in a file in a mail, has five.
const DEEPEST: usize = 7;

/// Bytes below which there is nothing to find.
const SHORTEST: usize = 16;

/// Bytes of layers that are looked at whatever the length of the text: what 64 KiB, as much as a field takes, cost in the
/// dearest dress. A dump's column of characters reads as escapes here and there, and each kind of them doubles the layers.
const FLOOR: usize = 2 << 20;

/// How many times its own length a text's layers may cost in all.
const TIMES: usize = 2;

/// One text: as it came, or what was found underneath.
pub(crate) struct Layer {
    /// The text, or bytes that are none.
    pub bytes: Copied,
    /// Its base64 characters, read in each of the ways that lines are dressed.
    pub streams: Vec<Stream>,
    /// How many dresses lie over it: 0 is the text as it came.
    pub depth: usize,
    /// Whether it can be read. What cannot wears no dress of lines, escapes and numbers.
    is_text: bool,
}

impl Layer {
    fn of(bytes: Copied, depth: usize) -> Self {
        let is_text = is_text(&bytes);
        let streams = streams::of(&bytes, is_text);
        Self {
            bytes,
            streams,
            depth,
            is_text,
        }
    }

    /// What lies directly underneath; of what is packed not more than `most` bytes.
    fn under(&self, most: usize) -> Result<Vec<Copied>, TooMuch> {
        let mut under = Vec::new();
        if self.is_text {
            let framed = alphabets::of_uuencode(&self.bytes);
            let escaped = framed.as_ref().map_or(&self.bytes, |(_, around)| around);
            under.extend(escapes::undo(escaped));
            under.extend(rtf::undo(escaped));
            under.extend(escapes::undo_quoted_printable(escaped));
            under.extend(framed.map(|(inside, _)| inside));
            under.extend(
                sides(&self.bytes)
                    .into_iter()
                    .flat_map(|sides| [sides.new, sides.old]),
            );
            under.extend(joined(bytes::of_hex(&self.bytes)));
            under.extend(joined(bytes::of_numbers(&self.bytes)));
            under.extend(joined(dumps::of_dumps(&self.bytes)));
            under.extend(joined(alphabets::of_base32(&self.bytes)));
            under.extend(joined(alphabets::of_base85(&self.bytes)));
        }
        under.extend(self.streams.iter().flat_map(Stream::texts));
        under.extend(joined(packed::inside(&self.bytes, &self.streams, most)?));
        Ok(under)
    }
}

/// Whether nearly all of it can be read; the zeros of UTF-16 belong to letters.
fn is_text(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let reads = |byte: &&u8| matches!(**byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0);
    bytes.iter().filter(reads).count() >= bytes.len() / 8 * 7
}

/// The small ones in one, a line each: a text can hold thousands.
fn joined(found: Vec<Copied>) -> Vec<Copied> {
    /// Smaller than any CSR: what is joined must not make a cut one whole.
    const SMALL: usize = 128;
    let (small, mut found): (Vec<Copied>, Vec<Copied>) =
        found.into_iter().partition(|bytes| bytes.len() < SMALL);
    let room = small.iter().map(|bytes| bytes.len() + 1).sum();
    let mut all = Zeroizing::new(Vec::with_capacity(room));
    for (at, bytes) in small.iter().enumerate() {
        if at > 0 {
            all.push(b'\n');
        }
        all.extend_from_slice(bytes);
    }
    if !all.is_empty() {
        found.push(all);
    }
    found
}

/// A text that is not looked through to its end: too much lies in it, or it is packed in a way that is not undone here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMuch;

/// Shows `look` the text and every layer underneath, the outermost first, until it says something. What was not looked
/// through is told: nobody can say what it holds.
pub(crate) fn look<T>(
    text: &[u8],
    mut look: impl FnMut(&Layer) -> Option<T>,
) -> Result<Option<T>, TooMuch> {
    let mut left = text.len().saturating_mul(TIMES).saturating_add(FLOOR);
    let mut seen = HashSet::from([fingerprint(text)]);
    let mut queue = VecDeque::from([(0, Zeroizing::new(text.to_vec()))]);
    while let Some((depth, bytes)) = queue.pop_front() {
        let layer = Layer::of(bytes, depth);
        if let Some(found) = look(&layer) {
            return Ok(Some(found));
        }
        // The ways of reading it; its bytes were counted when it was found, and the text itself is always looked at.
        let ways: usize = layer.streams.iter().map(|way| way.chars.len()).sum();
        if depth > 0 {
            left = left.checked_sub(ways / 2).ok_or(TooMuch)?;
        }
        for under in layer.under(left)? {
            if under.len() < SHORTEST || !seen.insert(fingerprint(&under)) {
                continue;
            }
            if depth == DEEPEST {
                return Err(TooMuch);
            }
            left = left.checked_sub(under.len()).ok_or(TooMuch)?;
            queue.push_back((depth + 1, under));
        }
    }
    Ok(None)
}

fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
