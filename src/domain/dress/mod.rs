//! What a text is underneath: the encodings and decorations that a CSR, a certificate or a private key wears when it is
//! copied out of a mail, a console, a manifest or a program.
//!
//! ```text
//! text --look--> layer --look--> escapes undone · quoted-printable undone · text inside base64 · bytes inside hex or numbers
//!                  |             each a layer of its own, looked at in the same way, until nothing new comes
//!                  +--streams--> its base64 characters, read in each of the ways that lines are dressed
//! ```
//!
//! The guard against private keys and the reader of CSRs look through the same layers, so that what one can read the other
//! can refuse. The work is bounded: layers are not deeper than [`DEEPEST`], and all of them together not larger than a few
//! times the text. Every copy is wiped when it is dropped.

mod bytes;
mod escapes;
mod streams;
#[cfg(test)]
mod tests;

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use zeroize::Zeroizing;

pub(crate) use escapes::fold;
pub(crate) use streams::{LENIENT, Stream};

/// A copy that is wiped when it is dropped.
pub(crate) type Copied = Zeroizing<Vec<u8>>;

/// How many dresses one wears over another. A secret of a secret, as a string in a file in a mail, has five.
const DEEPEST: usize = 7;

/// Bytes below which there is nothing to find.
const SHORTEST: usize = 16;

/// Bytes of layers that are looked at whatever the length of the text.
const FLOOR: usize = 256 << 10;

/// How many times its own length a text's layers may have in all.
const TIMES: usize = 6;

/// One text: as it came, or what was found underneath.
pub(crate) struct Layer {
    /// The text, or bytes that are none.
    pub bytes: Copied,
    /// Its base64 characters, read in each of the ways that lines are dressed.
    pub streams: Vec<Stream>,
    /// How many dresses lie over it: 0 is the text as it came.
    pub depth: usize,
}

impl Layer {
    fn of(bytes: Copied, depth: usize) -> Self {
        let streams = streams::of(&bytes);
        Self {
            bytes,
            streams,
            depth,
        }
    }

    /// What lies directly underneath.
    fn under(&self) -> Vec<Copied> {
        let mut under: Vec<Copied> = escapes::undo(&self.bytes).into_iter().collect();
        under.extend(escapes::undo_quoted_printable(&self.bytes));
        under.extend(bytes::of_hex(&self.bytes));
        under.extend(bytes::of_numbers(&self.bytes));
        under.extend(self.streams.iter().flat_map(Stream::texts));
        under
    }
}

/// Shows `look` the text and every layer underneath, the outermost first, until it says something.
pub(crate) fn look<T>(text: &[u8], mut look: impl FnMut(&Layer) -> Option<T>) -> Option<T> {
    let mut left = text.len().saturating_mul(TIMES).saturating_add(FLOOR);
    let mut seen = HashSet::from([fingerprint(text)]);
    let mut queue = VecDeque::from([(0, Zeroizing::new(text.to_vec()))]);
    while let Some((depth, bytes)) = queue.pop_front() {
        let layer = Layer::of(bytes, depth);
        if let Some(found) = look(&layer) {
            return Some(found);
        }
        if depth == DEEPEST {
            continue;
        }
        for under in layer.under() {
            if under.len() < SHORTEST || !seen.insert(fingerprint(&under)) {
                continue;
            }
            left = left.checked_sub(under.len())?;
            queue.push_back((depth + 1, under));
        }
    }
    None
}

fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
