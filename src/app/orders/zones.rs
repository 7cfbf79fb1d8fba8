//! Names, domain by domain from the right, so that a zone stands together; rows without a name come last.

use std::cmp::Ordering;

/// Stands behind each label, before all that can stand in one.
const LABEL_END: u8 = 1;

/// Stands for no name: behind all that can stand in one.
const NO_NAME: u8 = u8::MAX;

/// Bytes of which names are compared in chunks. Names are not longer: what is goes on in one piece.
const CHUNKED: usize = 256;

/// Compares two names.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let no_name = a.is_empty().cmp(&b.is_empty());
    no_name.then_with(|| letters(a).cmp(letters(b)))
}

/// `www.shop.example.net` as `net`, `example`, `shop`, `www`, an end behind each.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    let labels = name.rsplit('.');
    labels.flat_map(|label| {
        let letters = label.bytes().map(|byte| byte.max(LABEL_END + 1));
        letters.chain([LABEL_END])
    })
}

/// Puts a name down so that bytes compare as names do. It ends before any byte that is not above zero.
pub(super) fn push(name: &str, text: &mut Vec<u8>) {
    let bytes = name.as_bytes();
    let least = bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte));
    if bytes.is_empty() {
        text.push(NO_NAME);
    } else if least <= LABEL_END {
        text.extend(letters(name));
    } else {
        let mut end = bytes.len();
        for at in (0..bytes.len()).rev() {
            if bytes[at] == b'.' {
                text.extend_from_slice(&bytes[at + 1..end]);
                text.push(LABEL_END);
                end = at;
            }
        }
        text.extend_from_slice(&bytes[..end]);
        text.push(LABEL_END);
    }
}

/// Sorts places by their names, and where those are alike by what is small for the newest.
pub(super) fn sort<'a>(
    places: &mut [u32],
    name: impl Fn(u32) -> &'a str,
    newest: impl Fn(u32) -> u64,
) {
    let mut zones = Zones {
        text: Vec::with_capacity(places.len() * 32),
        starts: Vec::with_capacity(places.len() + 1),
        newest: |at: u32| newest(places[at as usize]),
    };
    for place in &*places {
        zones.starts.push(zones.text.len());
        push(name(*place), &mut zones.text);
    }
    zones.starts.push(zones.text.len());
    let mut names: Vec<Chunk> = (0..places.len() as u32).map(|at| (0, 0, at)).collect();
    zones.sort(&mut names, 0);
    let sorted: Vec<u32> = names.iter().map(|(.., at)| places[*at as usize]).collect();
    places.copy_from_slice(&sorted);
}

/// Sixteen bytes of a name, the first one the highest, zeros behind its end; and which name it is.
type Chunk = (u64, u64, u32);

/// Names as they compare, end to end.
struct Zones<N> {
    text: Vec<u8>,
    starts: Vec<usize>,
    newest: N,
}

impl<N: Fn(u32) -> u64> Zones<N> {
    /// Sorts names that are alike so far by their next bytes, and those alike then by the next.
    fn sort(&self, names: &mut [Chunk], depth: usize) {
        let depth = depth + self.shared(names, depth);
        for name in &mut *names {
            (name.0, name.1) = self.chunk(name.2, depth);
        }
        names.sort_unstable_by_key(|(high, low, _)| u128::from(*high) << 64 | u128::from(*low));
        for alike in names.chunk_by_mut(|a, b| (a.0, a.1) == (b.0, b.1)) {
            if let [_] = alike {
                continue;
            }
            // A chunk that is not full is the last one.
            if alike[0].1.to_be_bytes()[7] == 0 {
                alike.sort_unstable_by_key(|(.., at)| (self.newest)(*at));
            } else if depth < CHUNKED {
                self.sort(alike, depth + 16);
            } else {
                alike.sort_unstable_by_key(|(.., at)| (self.name(*at), (self.newest)(*at)));
            }
        }
    }

    /// How many bytes more all of them share.
    fn shared(&self, names: &[Chunk], depth: usize) -> usize {
        let rest = |name: &Chunk| self.name(name.2).get(depth..).unwrap_or_default();
        let Some((first, others)) = names.split_first() else {
            return 0;
        };
        let mut shared = rest(first);
        for other in others {
            let alike = shared.iter().zip(rest(other)).take_while(|(a, b)| a == b);
            shared = &shared[..alike.count()];
        }
        shared.len()
    }

    fn name(&self, at: u32) -> &[u8] {
        let at = at as usize;
        &self.text[self.starts[at]..self.starts[at + 1]]
    }

    fn chunk(&self, at: u32, depth: usize) -> (u64, u64) {
        let rest = self.name(at).get(depth..).unwrap_or_default();
        let mut chunk = [0; 16];
        match rest.first_chunk() {
            Some(full) => chunk = *full,
            None => chunk[..rest.len()].copy_from_slice(rest),
        }
        let chunk = u128::from_be_bytes(chunk);
        ((chunk >> 64) as u64, chunk as u64)
    }
}
