//! The serial numbers of all rows, two digits a byte: of 100,000 rows each has sixteen bytes and not thirty-two.

use std::borrow::Cow;

use memchr::memmem::Finder;

use crate::domain::text::is_upper_hex;

/// Stands before what is packed: how many digits there are. What is longer, or no hex, stands as it is behind this.
const AS_IT_IS: u8 = u8::MAX;

/// Serial numbers, end to end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Serials {
    bytes: Vec<u8>,
    /// Bytes of numbers that no row has any more.
    dead: usize,
}

fn digit(nibble: u8) -> u8 {
    b"0123456789ABCDEF"[usize::from(nibble & 15)]
}

/// What a digit counts, as serial numbers are written here.
fn nibble(digit: u8) -> u8 {
    // Without a branch, so that several are read at once.
    (digit & 15) + 9 * (digit >> 6)
}

impl Serials {
    /// Takes a number, upper-case hex, or none, and gives where it stands. More than 4 GiB do not fit: a number behind them
    /// is none.
    pub(super) fn push(&mut self, serial: &str) -> u32 {
        let Ok(at) = u32::try_from(self.bytes.len()) else {
            return u32::MAX;
        };
        let digits = serial.as_bytes();
        match u8::try_from(digits.len()) {
            Ok(count) if is_upper_hex(serial) && count != AS_IT_IS => {
                self.bytes.push(count);
                let (pairs, odd) = digits.as_chunks();
                let pairs = pairs.iter();
                self.bytes
                    .extend(pairs.map(|[high, low]| nibble(*high) << 4 | nibble(*low)));
                self.bytes.extend(odd.iter().map(|high| nibble(*high) << 4));
            }
            _ => {
                self.bytes.push(AS_IT_IS);
                let len = u32::try_from(digits.len()).unwrap_or(0);
                self.bytes.extend(len.to_le_bytes());
                self.bytes.extend(&digits[..len as usize]);
            }
        }
        at
    }

    /// The bytes of a number: how many digits are packed in them, or that they are as they are.
    fn packed(&self, at: u32) -> (u8, &[u8]) {
        let rest = self.bytes.get(at as usize..).unwrap_or_default();
        let Some((count, rest)) = rest.split_first() else {
            return (0, &[]);
        };
        if *count != AS_IT_IS {
            let len = usize::from(*count).div_ceil(2);
            return (*count, rest.get(..len).unwrap_or_default());
        }
        let Some((len, rest)) = rest.split_first_chunk::<4>() else {
            return (0, &[]);
        };
        let len = u32::from_le_bytes(*len) as usize;
        (AS_IT_IS, rest.get(..len).unwrap_or_default())
    }

    /// Bytes that a number takes.
    fn size(&self, at: u32) -> usize {
        let (count, bytes) = self.packed(at);
        bytes.len() + if count == AS_IT_IS { 5 } else { 1 }
    }

    /// A number; the empty text for none.
    pub(super) fn get(&self, at: u32) -> Cow<'_, str> {
        let (count, bytes) = self.packed(at);
        if count == AS_IT_IS {
            return String::from_utf8_lossy(bytes);
        }
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.take(usize::from(count));
        digits.map(|nibble| char::from(digit(nibble))).collect()
    }

    /// Makes room for the numbers of so many rows, going by what so many have taken.
    pub(super) fn make_room(&mut self, rows: usize, all: usize) {
        let of_all = self.bytes.len().saturating_mul(all) / rows.max(1);
        let more = of_all.saturating_mul(17) / 16;
        let more = more.min(u32::MAX as usize);
        // Where there is no room for it, it grows as it comes.
        let _ = self
            .bytes
            .try_reserve_exact(more.saturating_sub(self.bytes.len()));
    }

    /// A number that its row has no more.
    pub(super) fn remove(&mut self, at: u32) {
        self.dead += self.size(at);
    }

    /// Whether a quarter of it is of no use.
    pub(super) fn is_wasteful(&self) -> bool {
        self.dead > self.bytes.len() / 4
    }

    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.bytes.capacity()
    }
}

/// Digits that are looked for in many numbers. The bytes of all of them are gone through once, as the digits stand in them from
/// the first half of a byte on, or from the second: only where they do, a number is read.
pub(super) struct Digits<'a> {
    whole: Finder<'a>,
    /// Where they may stand among all bytes, upwards; `None` for too few digits to look for.
    spots: Option<Vec<usize>>,
    /// Bytes that a spot takes, at most.
    reach: usize,
}

impl<'a> Digits<'a> {
    pub(super) fn new(digits: &'a str, serials: &Serials) -> Self {
        let packed = |nibbles: &[u8]| -> Vec<u8> {
            let (pairs, _) = nibbles.as_chunks::<2>();
            pairs.iter().map(|[high, low]| high << 4 | low).collect()
        };
        let are_packed = digits.len() > 2 && is_upper_hex(digits);
        let spots = are_packed.then(|| {
            let all: Vec<u8> = digits.bytes().map(nibble).collect();
            let mut spots = Vec::new();
            for bytes in [packed(&all), packed(&all[1..])] {
                spots.extend(Finder::new(&bytes).find_iter(&serials.bytes));
            }
            spots.sort_unstable();
            spots
        });
        Self {
            whole: Finder::new(digits),
            spots,
            reach: digits.len() / 2,
        }
    }

    /// Whether the digits stand in a number of those that they were looked for in.
    pub(super) fn are_in(&self, serials: &Serials, at: u32) -> bool {
        let (count, bytes) = serials.packed(at);
        if count == AS_IT_IS {
            return self.whole.find(bytes).is_some();
        }
        if let Some(spots) = &self.spots {
            // A spot that begins in the number before may hide one here.
            let from = (at as usize).saturating_sub(self.reach);
            let end = at as usize + 1 + bytes.len();
            let next = spots.partition_point(|spot| *spot < from);
            if spots.get(next).is_none_or(|spot| *spot >= end) {
                return false;
            }
        }
        let mut text = [0; AS_IT_IS as usize + 1];
        let (pairs, _) = text.as_chunks_mut::<2>();
        for (pair, byte) in pairs.iter_mut().zip(bytes) {
            *pair = [digit(byte >> 4), digit(*byte)];
        }
        self.whole.find(&text[..usize::from(count)]).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_kept_and_their_digits_found(
            // Of few digits, too: what is looked for then stands over the ends of numbers, and over itself.
            numbers in prop::collection::vec("[0-9A-F]{0,40}|[02]{28,34}|[0-9A-F]{250,260}|[a-zé:]{0,9}", 1..20),
            digits in "[0-9A-F]{1,8}|[02]{3,9}|[a-z]{1,2}",
            from in any::<prop::sample::Index>(),
        ) {
            let mut serials = Serials::default();
            let places: Vec<u32> = numbers.iter().map(|number| serials.push(number)).collect();
            // Part of one that is there, too.
            let one = &numbers[from.index(numbers.len())];
            let part: String = one.chars().skip(1).take(7).collect();
            for wanted in [&digits, &part] {
                let finder = Digits::new(wanted, &serials);
                for (number, place) in numbers.iter().zip(&places) {
                    prop_assert_eq!(&serials.get(*place), number);
                    let expected = number.contains(wanted.as_str());
                    prop_assert_eq!(finder.are_in(&serials, *place), expected, "{} in {}", wanted, number);
                }
            }
        }
    }

    #[test]
    fn sixteen_bytes_hold_thirty_two_digits() {
        let mut serials = Serials::default();
        let at = serials.push("0A1B2C3D4E5F60718293A4B5C6D7E8F9");
        assert_eq!(serials.size(at), 17);
        assert_eq!(serials.push(""), 17);
        assert_eq!(serials.get(17), "");
        assert_eq!(serials.get(99), "");
        serials.remove(at);
        assert!(serials.is_wasteful());
    }
}
