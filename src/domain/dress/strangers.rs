//! Base64 among lines that do not belong to it: numbers on lines of their own, what a pager asks, messages of a device, the
//! feet of pages.
//!
//! What belongs to a block can be seen from its width: all its lines are as long as the first, and only the last is shorter.
//! So of each line nothing but base64 of that width is taken; which of the lines behind the last whole one ends the block
//! cannot be seen, and each way of choosing it is one way of reading.

use super::streams::{Stream, Token, may_begin};

/// Narrower lines are no block's: words and numbers are as long.
const NARROWEST: usize = 16;

/// A shorter line that may be the last one of a block.
struct Candidate {
    token: Token,
    /// Characters of its base64 with the padding.
    length: usize,
    /// Whether nothing else stands in its line.
    alone: bool,
    /// Characters of its line in front of it.
    column: usize,
}

/// Which of the shorter lines ends a block: the longest one, the first one or the last one that nothing else stands in, or
/// the one that is dressed as the whole lines are.
#[derive(Clone, Copy)]
enum Choice {
    Longest,
    First,
    Last,
    Column,
}

const CHOICES: [Choice; 4] = [Choice::Longest, Choice::First, Choice::Last, Choice::Column];

/// What is taken of one block.
#[derive(Default)]
struct Block {
    whole: Vec<Token>,
    /// Characters of the last whole line in front of its base64.
    column: usize,
    /// Lines behind the last whole one.
    behind: Vec<Candidate>,
}

/// The ways of reading that leave strangers out; none where there are none. The tokens are those of each line.
pub(super) fn without(text: &[u8], lines: &[Vec<Token>]) -> Vec<Stream> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut width = None;
    let mut strange = false;
    let mut start = 0;
    let split = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    for (line, tokens) in split.zip(lines) {
        let line_start = start;
        start += line.len() + 1;
        if is_armour(line) {
            width = None;
            continue;
        }
        let Some(token) = tokens.iter().copied().max_by_key(|token| token.len()) else {
            continue;
        };
        let column = token.start - line_start;
        let chars = &text[token.start..token.end];
        // One line of base64 in four thousand begins so by chance.
        let begins = chars.starts_with(b"MI") && may_begin(chars);
        let first = width.is_none() || begins;
        if first && token.len() >= NARROWEST {
            width = Some(token.len());
            blocks.push(Block::default());
        }
        let Some(block) = blocks.last_mut().filter(|_| width.is_some()) else {
            continue;
        };
        if width == Some(token.len()) {
            strange |= !block.behind.is_empty();
            block.behind.clear();
            block.whole.push(token);
            block.column = column;
            continue;
        }
        let padding = text[token.end..].iter().take(2);
        let padding = padding.take_while(|byte| **byte == b'=').count();
        let candidate = Candidate {
            token,
            length: token.len() + padding,
            alone: line.trim_ascii().len() == token.len() + padding,
            column,
        };
        if width < Some(token.len()) || candidate.is_number(text) {
            strange = true;
        } else {
            block.behind.push(candidate);
        }
    }
    strange |= blocks
        .iter()
        .any(|block| block.behind.len() > 1 || block.is_signed(text));
    let choices = CHOICES.iter().filter(|_| strange);
    choices.map(|choice| read(text, &blocks, *choice)).collect()
}

fn is_armour(line: &[u8]) -> bool {
    let has = |word: &[u8]| memchr::memmem::find(line, word).is_some();
    has(b"--") && (has(b"BEGIN") || has(b"END"))
}

fn read(text: &[u8], blocks: &[Block], choice: Choice) -> Stream {
    let tokens = blocks.iter().flat_map(|block| {
        let last = block.last(choice).map(|last| last.token);
        let sign = usize::from(block.is_signed(text));
        let whole = block.whole.iter().copied().chain(last);
        whole.map(move |token| Token {
            start: token.start + sign.min(token.len()),
            ..token
        })
    });
    super::streams::stream(text, tokens)
}

impl Candidate {
    /// Whether it is the number of a line, of a page: so few digits end a block once in thousands.
    fn is_number(&self, text: &[u8]) -> bool {
        const LONGEST: usize = 4;
        let chars = &text[self.token.start..self.token.end];
        self.length <= LONGEST && self.length == chars.len() && chars.iter().all(u8::is_ascii_digit)
    }
}

impl Block {
    /// Whether its lines have the sign of a comparison in front; no structure begins with one.
    fn is_signed(&self, text: &[u8]) -> bool {
        let mut whole = self.whole.iter();
        whole.len() > 1 && whole.all(|token| text[token.start] == b'+')
    }

    fn last(&self, choice: Choice) -> Option<&Candidate> {
        let mut alone = self.behind.iter().filter(|line| line.alone);
        let chosen = match choice {
            Choice::Longest => alone.max_by_key(|line| line.length),
            Choice::First => alone.next(),
            Choice::Last => alone.next_back(),
            Choice::Column => self.behind.iter().find(|line| line.column == self.column),
        };
        chosen.or_else(|| self.behind.iter().max_by_key(|line| line.length))
    }
}
