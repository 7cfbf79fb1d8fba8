//! The base64 characters of a text in the order in which they belong together.
//!
//! Lines are dressed in many ways: numbers, quotes, names of variables and addresses of a log in front, operators and line
//! ends behind. Which of it belongs to the base64 cannot be seen from a line, but what comes out can be checked: a DER
//! structure says its own length, and a CSR is signed. So each way of reading is tried.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::{Copied, strangers};

/// Padding is what gets lost first when text is copied, and adds nothing.
pub(crate) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// As many hyphens in a row are a rule, or the dashes of an armour.
const RULE: usize = 5;

/// Letters that readable text inside base64 has at least.
const READABLE: usize = 20;

/// One way of reading the base64 of a text.
#[derive(Default)]
pub(crate) struct Stream {
    /// The characters, of the standard alphabet, without padding.
    pub chars: Copied,
    /// For each piece of the text that they were taken from, where it begins here and where it began there.
    pieces: Vec<(u32, u32)>,
}

/// A run of base64 characters in a line.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

/// Every way of reading a text that differs from the others; of what is no text the long runs alone.
pub(super) fn of(text: &[u8], is_text: bool) -> Vec<Stream> {
    /// Characters in a row that are no accident.
    const LONG: usize = 16;
    let mut all = Vec::new();
    let mut known = HashSet::new();
    let mut add = |stream: Stream| {
        if stream.chars.len() >= READABLE && known.insert(super::fingerprint(&stream.chars)) {
            all.push(stream);
        }
    };
    if !is_text {
        let tokens = lines(text, false).into_iter().flatten();
        add(stream(text, tokens.filter(|token| token.len() >= LONG)));
        return all;
    }
    let mut strange = Vec::new();
    for url in [false, true] {
        if url && !speaks_base64url(text) {
            break;
        }
        let lines = lines(text, url);
        let tokens = |pick: &dyn Fn(&[Token]) -> Option<Token>| {
            stream(text, lines.iter().filter_map(|line| pick(line)))
        };
        add(stream(text, lines.iter().flatten().copied()));
        if !url {
            strange = strangers::without(text, &lines);
        }
        let armour = |line: &[Token]| {
            let end = line.last().map_or(0, |token| token.end);
            text[end..].starts_with(b"--")
        };
        if lines.iter().all(|line| line.len() <= 1 || armour(line)) {
            continue;
        }
        add(tokens(&|line| {
            line.iter().copied().max_by_key(|token| token.len())
        }));
        add(tokens(&|line| line.last().copied()));
        add(tokens(&|line| line.first().copied()));
    }
    strange.into_iter().for_each(&mut add);
    for quote in [b'"', b'\''] {
        if memchr::memchr(quote, text).is_some() {
            add(quoted(text, quote));
        }
    }
    let undressed = [without_prefix(text), without_numbers(text)];
    undressed.into_iter().flatten().for_each(add);
    all
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Whether hyphens or underscores stand at letters, as only base64url has them; more in a row are a rule.
fn speaks_base64url(text: &[u8]) -> bool {
    let is_sign = |byte: u8| matches!(byte, b'-' | b'_');
    let mut words = text.split(|byte| !is_sign(*byte) && !byte.is_ascii_alphanumeric());
    words.any(|word| {
        let mut runs = word.chunk_by(|a, b| is_sign(*a) == is_sign(*b));
        let is_word = word.iter().any(u8::is_ascii_alphanumeric);
        is_word && runs.any(|run| is_sign(run[0]) && run.len() < RULE)
    })
}

/// The tokens of each line.
fn lines(text: &[u8], url: bool) -> Vec<Vec<Token>> {
    let dash = |byte: &&u8| **byte == b'-';
    let belongs = |at: usize| {
        let in_rule = || {
            let before = text[..at].iter().rev().take_while(dash).take(RULE).count();
            before + text[at..].iter().take_while(dash).take(RULE).count() >= RULE
        };
        match text[at] {
            b'_' => url,
            b'-' => url && !in_rule(),
            byte => is_base64(byte),
        }
    };
    let mut lines = vec![Vec::new()];
    let mut at = 0;
    while at < text.len() {
        if matches!(text[at], b'\n' | b'\r') {
            lines.push(Vec::new());
        }
        let start = at;
        while at < text.len() && belongs(at) {
            at += 1;
        }
        if at > start {
            if let Some(line) = lines.last_mut() {
                line.push(Token { start, end: at });
            }
        } else {
            at += 1;
        }
    }
    lines
}

pub(super) fn stream(text: &[u8], tokens: impl Iterator<Item = Token>) -> Stream {
    let mut stream = Stream::default();
    for token in tokens {
        stream.push(text, token);
    }
    stream
}

/// What stands between quotes; what stands outside joins strings in a program.
fn quoted(text: &[u8], quote: u8) -> Stream {
    let mut stream = Stream::default();
    let mut from = None;
    for at in memchr::memchr_iter(quote, text) {
        from = match from {
            Some(from) => {
                stream.push_base64(text, from, at);
                None
            }
            None => Some(at + 1),
        };
    }
    if let Some(from) = from {
        stream.push_base64(text, from, text.len());
    }
    stream
}

/// The text without what all its long lines begin with: also a prefix of base64 characters, as the `+` of a comparison.
fn without_prefix(text: &[u8]) -> Option<Stream> {
    const FEWEST: usize = 3;
    let long = |line: &&[u8]| line.iter().filter(|byte| is_base64(**byte)).count() >= 16;
    let mut common: Option<&[u8]> = None;
    let mut count = 0;
    let split = || text.split(|byte| matches!(byte, b'\n' | b'\r'));
    for line in split().filter(long) {
        let same = common.map_or(line.len(), |common| {
            common.iter().zip(line).take_while(|(a, b)| a == b).count()
        });
        common = Some(&line[..same]);
        count += 1;
    }
    let prefix = common.filter(|prefix| count >= FEWEST && prefix.iter().any(|b| is_base64(*b)))?;
    let mut stream = Stream::default();
    let mut start = 0;
    for line in split() {
        let skip = if line.starts_with(prefix) {
            prefix.len()
        } else {
            0
        };
        stream.push_base64(text, start + skip, start + line.len());
        start += line.len() + 1;
    }
    Some(stream)
}

/// The text without the numbers that its lines begin with, where nothing stands between a number and its line.
fn without_numbers(text: &[u8]) -> Option<Stream> {
    /// Lines in a row whose numbers follow one another.
    const FEWEST: usize = 3;
    /// Digits of the longest number.
    const DIGITS: usize = 6;
    let mut start = 0;
    let lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    let lines = lines.map(|line| {
        let here = start + (line.len() - line.trim_ascii_start().len());
        start += line.len() + 1;
        (here, line.trim_ascii())
    });
    let lines: Vec<_> = lines.filter(|(_, line)| !line.is_empty()).collect();
    // How many of the lines are numbered from this number on.
    let run = |lines: &[(usize, &[u8])], first: usize| {
        let numbered = lines.iter().zip(first..);
        numbered
            .take_while(|((_, line), number)| behind_number(line, *number).is_some())
            .count()
    };
    let mut stream = Stream::default();
    let mut is_numbered = false;
    let mut at = 0;
    while at < lines.len() {
        let (start, line) = lines[at];
        let digits = line.iter().take(DIGITS);
        let digits = digits.take_while(|byte| byte.is_ascii_digit()).count();
        let firsts = (1..=digits)
            .filter_map(|digits| std::str::from_utf8(&line[..digits]).ok()?.parse().ok());
        let best = firsts.map(|first| (run(&lines[at..], first), first)).max();
        let Some((length, first)) = best.filter(|(length, _)| *length >= FEWEST) else {
            stream.push_base64(text, start, start + line.len());
            at += 1;
            continue;
        };
        for ((start, line), number) in lines[at..at + length].iter().zip(first..) {
            let skip = behind_number(line, number).unwrap_or_default();
            stream.push_base64(text, start + skip, start + line.len());
        }
        is_numbered = true;
        at += length;
    }
    is_numbered.then_some(stream)
}

/// Where a line goes on behind its number, if it begins with this one.
fn behind_number(line: &[u8], number: usize) -> Option<usize> {
    let digits = number.to_string();
    let zeros = line.iter().take_while(|byte| **byte == b'0').count();
    let mut before = [0, zeros].into_iter();
    let before = before.find(|before| line[*before..].starts_with(digits.as_bytes()))?;
    Some(before + digits.len())
}

impl Stream {
    fn push(&mut self, text: &[u8], token: Token) {
        self.pieces
            .push((self.chars.len() as u32, token.start as u32));
        let from = self.chars.len();
        // Grown by hand: what a growing vector leaves behind is not wiped.
        if self.chars.capacity() == 0 {
            self.chars.reserve_exact(text.len());
        }
        self.chars.extend_from_slice(&text[token.start..token.end]);
        for byte in &mut self.chars[from..] {
            match *byte {
                b'-' => *byte = b'+',
                b'_' => *byte = b'/',
                _ => {}
            }
        }
    }

    /// The base64 characters of a part of the text.
    fn push_base64(&mut self, text: &[u8], from: usize, to: usize) {
        let mut at = from;
        while at < to {
            let length = text[at..to]
                .iter()
                .take_while(|byte| is_base64(**byte))
                .count();
            if length > 0 {
                let end = at + length;
                self.push(text, Token { start: at, end });
            }
            at += length + 1;
        }
    }

    /// Where in the text a character stands.
    pub(crate) fn place(&self, at: usize) -> Option<usize> {
        if at >= self.chars.len() {
            return None;
        }
        let piece = self
            .pieces
            .partition_point(|(begin, _)| *begin as usize <= at);
        let (begin, place) = self.pieces[piece.checked_sub(1)?];
        Some(place as usize + at - begin as usize)
    }

    /// At most `most` bytes from a place on.
    pub(crate) fn decode(&self, at: usize, most: usize) -> Copied {
        let wanted = most.saturating_mul(4).div_ceil(3);
        let mut chars = &self.chars[at..self.chars.len().min(at.saturating_add(wanted))];
        if chars.len() % 4 == 1 {
            chars = &chars[..chars.len() - 1];
        }
        let mut bytes = Zeroizing::new(LENIENT.decode(chars).unwrap_or_default());
        bytes.truncate(most);
        bytes
    }

    /// The first bytes from a place on: as many as the buffer takes, a multiple of three.
    pub(crate) fn head<'b>(&self, at: usize, buffer: &'b mut [u8]) -> &'b [u8] {
        let wanted = buffer.len() / 3 * 4;
        let mut chars = &self.chars[at..self.chars.len().min(at + wanted)];
        if chars.len() % 4 == 1 {
            chars = &chars[..chars.len() - 1];
        }
        let length = LENIENT.decode_slice(chars, buffer).unwrap_or_default();
        &buffer[..length]
    }

    /// The next place where a DER `SEQUENCE` may begin that holds what CSRs, certificates and keys begin with: its tag and a
    /// length make an `M` and one of the first sixteen letters.
    pub(crate) fn sequence(&self, from: usize) -> Option<usize> {
        let chars = self.chars.get(from..)?;
        memchr::memchr_iter(b'M', chars)
            .find(|at| may_begin(&chars[*at..]))
            .map(|at| from + at)
    }

    /// What can be read inside the base64, whatever stands before it.
    pub(super) fn texts(&self) -> Vec<Copied> {
        /// Groups of four characters that hold nothing but ASCII.
        const GROUPS: usize = READABLE / 3;
        let chars: &[u8] = &self.chars;
        let mut texts = Vec::new();
        for shift in 0..4.min(chars.len()) {
            let groups = chars[shift..].chunks_exact(4);
            let mut start = 0;
            let mut text: Copied = Zeroizing::new(Vec::with_capacity(chars.len()));
            let all = groups.len();
            // Two or three characters behind the last whole group hold one or two letters.
            let tail = chars.len() - shift;
            let ends = groups.map(|group| !holds_ascii(group)).chain([true]);
            for (at, _) in ends.enumerate().filter(|(_, ends)| *ends) {
                if at - start >= GROUPS {
                    // The group at either end may hold a letter or two.
                    let first = start.saturating_sub(1);
                    let last = if at < all { (at + 1) * 4 } else { tail };
                    let most = (last - first * 4) * 3 / 4;
                    text.extend_from_slice(&readable(&self.decode(shift + first * 4, most)));
                }
                start = at + 1;
            }
            if !text.is_empty() {
                texts.push(text);
            }
        }
        texts
    }
}

/// Whether the characters are the start of a `SEQUENCE` that begins with a number, another one, or an identifier; also where
/// they end before that can be seen.
pub(super) fn may_begin(chars: &[u8]) -> bool {
    const VALUES: [u8; 256] = values();
    let Some(second) = chars.get(1) else {
        return false;
    };
    if !(b'A'..=b'P').contains(second) {
        return false;
    }
    let Some(eight) = chars.first_chunk::<8>() else {
        return true;
    };
    let bits = eight.iter().fold(0u64, |bits, char| {
        bits << 6 | u64::from(VALUES[usize::from(*char)])
    });
    let byte = |at: usize| (bits >> (40 - 8 * at)) as u8;
    // The length takes so many bytes more; 0x80 is one without an end.
    let more = match byte(1) {
        0x81..=0x84 => usize::from(byte(1) & 0x7f),
        0x85.. => return false,
        _ => 0,
    };
    // Behind four bytes of a length stands more than can be seen here; the first of them is zero below 16 MiB.
    match more {
        4 => byte(2) == 0,
        _ => matches!(byte(2 + more), 0x02 | 0x06 | 0x30),
    }
}

/// The value of each character of the alphabet.
const fn values() -> [u8; 256] {
    let mut values = [0; 256];
    let mut value = 0;
    while value < 64 {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether the three bytes of a group are below 128: one bit of each of its first three characters says so.
fn holds_ascii(group: &[u8]) -> bool {
    const BITS: [u8; 256] = bits();
    BITS[usize::from(group[0])]
        & BITS[usize::from(group[1])] >> 1
        & BITS[usize::from(group[2])] >> 2
        & 1
        == 1
}

/// For each character: bit 0, 1, 2 when it may be the first, second, third of a group of ASCII.
const fn bits() -> [u8; 256] {
    let mut bits = [0; 256];
    let mut value = 0;
    while value < 64 {
        let first = (value & 0x20 == 0) as u8;
        let second = (value & 0x08 == 0) as u8;
        let third = (value & 0x02 == 0) as u8;
        bits[ALPHABET[value] as usize] = first | second << 1 | third << 2;
        value += 1;
    }
    bits
}

/// The readable parts of some bytes, one a line; zeros between letters (UTF-16) are left out.
fn readable(bytes: &[u8]) -> Copied {
    // A line end for each part.
    let mut out = Zeroizing::new(Vec::with_capacity(2 * bytes.len()));
    let reads = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0);
    for part in bytes.split(|byte| !reads(byte)) {
        let letters = part.iter().filter(|byte| **byte != 0);
        if part.len() >= READABLE && letters.clone().count() >= READABLE {
            out.extend(letters);
            out.push(b'\n');
        }
    }
    out
}
