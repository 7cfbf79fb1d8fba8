//! The texts of all rows in one piece of memory, so that a search goes through them as through one text.

use memchr::memmem::Finder;

use super::bits::Bits;

/// Texts of rows, end to end, a line end behind each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arena {
    text: String,
    pieces: Vec<Piece>,
    /// Bytes of texts that no row has any more.
    dead: usize,
}

/// Where a text begins, and whose it is. It ends before its line end, which stands before the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    start: u32,
    row: u32,
}

/// The row of a text that no row has any more.
const NOBODY: u32 = u32::MAX;

impl Arena {
    /// Takes the text of a row, and gives its number. More than 4 GiB do not fit: a text behind them is left empty.
    pub fn push(&mut self, row: u32, text: &str) -> u32 {
        let number = self.pieces.len() as u32;
        let fits = self.text.len() + text.len() < u32::MAX as usize;
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.pieces.push(Piece { start, row });
        if fits {
            self.text.push_str(text);
            self.text.push('\n');
        }
        number
    }

    /// Makes room for the texts of so many rows, going by what so many have taken. Where there is no room for it, it
    /// grows as it comes.
    pub fn make_room(&mut self, rows: usize, all: usize) {
        let of_all = |of_these: usize| of_these.saturating_mul(all) / rows.max(1);
        let (text, pieces) = (self.text.len(), self.pieces.len());
        // A little more than these say: it need not move for the last ones.
        let more = of_all(text).saturating_mul(17) / 16;
        let more = more.min(u32::MAX as usize).saturating_sub(text);
        let _ = self.text.try_reserve_exact(more);
        let _ = self
            .pieces
            .try_reserve_exact(of_all(pieces).saturating_sub(pieces));
    }

    /// A text by its number.
    pub fn get(&self, number: u32) -> &str {
        self.lines(number).strip_suffix('\n').unwrap_or("")
    }

    /// A text with the line end behind it.
    fn lines(&self, number: u32) -> &str {
        let number = number as usize;
        let Some(piece) = self.pieces.get(number) else {
            return "";
        };
        let end = self.pieces.get(number + 1);
        let end = end.map_or(self.text.len(), |next| next.start as usize);
        self.text.get(piece.start as usize..end).unwrap_or("")
    }

    /// Whether a needle stands in a text. A line end in it is the end of a line.
    pub fn has(&self, number: u32, needle: &Finder<'_>) -> bool {
        needle.find(self.lines(number).as_bytes()).is_some()
    }

    /// Forgets whose text it was.
    pub fn remove(&mut self, number: u32) {
        self.dead += self.get(number).len() + 1;
        if let Some(piece) = self.pieces.get_mut(number as usize) {
            piece.row = NOBODY;
        }
    }

    /// Whether a quarter of it is of no use.
    pub fn is_wasteful(&self) -> bool {
        self.dead > self.text.len() / 4
    }

    /// The rows in whose text a needle stands. A line end in it is the end of a line.
    pub fn find(&self, needle: &str, found: &mut Bits) {
        let finder = Finder::new(needle);
        let text = self.text.as_bytes();
        let mut piece = 0;
        let mut from = 0;
        while let Some(skip) = text.get(from..).and_then(|rest| finder.find(rest)) {
            piece = self.piece_at(piece, from + skip);
            let Some(hit) = self.pieces.get(piece) else {
                return;
            };
            if hit.row != NOBODY {
                found.set(hit.row);
            }
            piece += 1;
            // The next one in the same text changes nothing.
            match self.pieces.get(piece) {
                Some(next) => from = next.start as usize,
                None => return,
            }
        }
    }

    /// The piece in which a byte stands, which is not before this one: near by mostly.
    fn piece_at(&self, from: usize, at: usize) -> usize {
        let starts = |piece: usize| self.pieces.get(piece).map(|piece| piece.start as usize);
        let mut low = from;
        let mut step = 1;
        while starts(low + step).is_some_and(|start| start <= at) {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(self.pieces.len());
        low + self.pieces[low..high].partition_point(|piece| piece.start as usize <= at) - 1
    }
}

#[cfg(test)]
impl Arena {
    /// Bytes and texts that there is room for.
    pub fn room(&self) -> (usize, usize) {
        (self.text.capacity(), self.pieces.capacity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_search_finds_what_a_look_at_each_text_finds(
            texts in prop::collection::vec("[ab.]{0,6}", 1..40),
            gone in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
            needle in "[ab.]{1,3}\n?",
        ) {
            let mut arena = Arena::default();
            let numbers: Vec<u32> = (0..).zip(&texts).map(|(row, text)| arena.push(row, text)).collect();
            let mut lives = vec![true; texts.len()];
            for one in gone {
                let at = one.index(texts.len());
                lives[at] = false;
                arena.remove(numbers[at]);
            }
            let mut found = Bits::none(texts.len());
            arena.find(&needle, &mut found);
            for (row, text) in texts.iter().enumerate() {
                prop_assert_eq!(arena.get(numbers[row]), text);
                let expected = lives[row] && format!("{text}\n").contains(&needle);
                prop_assert_eq!(found.has(row as u32), expected, "{} in {:?}", needle, text);
                prop_assert_eq!(lives[row] && arena.has(numbers[row], &Finder::new(&needle)), expected);
            }
        }
    }
}
