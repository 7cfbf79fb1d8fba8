//! A set of places of rows, a bit each.

/// A set of places of rows, of as many rows as it was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// No place of so many.
    pub fn none(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)],
            len,
        }
    }

    /// Every place of so many.
    pub fn all(len: usize) -> Self {
        let mut all = Self::none(len);
        all.negate();
        all
    }

    /// Puts a place in; one behind the last row is none.
    pub fn set(&mut self, place: u32) {
        if (place as usize) < self.len {
            self.words[place as usize / 64] |= 1 << (place % 64);
        }
    }

    /// Whether a place is in it.
    pub fn has(&self, place: u32) -> bool {
        let word = self.words.get(place as usize / 64);
        word.is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// The places of what is true.
    pub fn where_true(rows: impl ExactSizeIterator<Item = bool>) -> Self {
        let mut found = Self::none(rows.len());
        let mut rows = rows.enumerate();
        for word in &mut found.words {
            for (at, holds) in rows.by_ref().take(64) {
                *word |= u64::from(holds) << (at % 64);
            }
        }
        found
    }

    /// Adds what is in the other.
    pub fn or(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Keeps what is in both.
    pub fn and(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// The places that are in it, ascending.
    pub fn places(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.words).flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(at * 64 + bit)
            })
        })
    }

    /// Turns it round: what was in it is not, and the other way about.
    pub fn negate(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        if let Some(last) = self.words.last_mut()
            && !self.len.is_multiple_of(64)
        {
            *last &= (1 << (self.len % 64)) - 1;
        }
    }

    /// How many are in it.
    pub fn count(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_turned_round_ends_where_the_rows_end() {
        for len in [0, 1, 63, 64, 65, 130] {
            let mut bits = Bits::all(len);
            assert_eq!(bits.count(), len);
            assert!(bits.places().eq(0..len as u32));
            assert!(!bits.has(len as u32));
            bits.negate();
            assert_eq!(bits.count(), 0);
            bits.set(len as u32);
            assert_eq!(bits.count(), 0, "there is no such row");
            if len > 0 {
                bits.set(len as u32 - 1);
                assert!(bits.has(len as u32 - 1));
                bits.and(&Bits::none(len));
                assert_eq!(bits, Bits::none(len));
            }
        }
    }
}
