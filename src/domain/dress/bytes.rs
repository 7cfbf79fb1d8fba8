//! Bytes written as numbers: hex with or without separators, dumps with addresses, lists of decimal numbers.

use zeroize::Zeroizing;

use super::Copied;

/// Fewer bytes than this are a hash, a serial or a colour.
pub(super) const FEWEST: usize = 24;

/// No number has so many digits that is not bytes.
const LONG: usize = 64;

/// What the runs of hex digits in a text spell.
pub(super) fn of_hex(text: &[u8]) -> Vec<Copied> {
    let mut found = Vec::new();
    runs(text, &mut found);
    if let Some(plain) = without_addresses(text) {
        runs(&plain, &mut found);
    }
    found
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => return None,
    })
}

/// What stands between two bytes of a dump, and of an array in a program.
fn separates(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\n'
            | b'\r'
            | 0x0c
            | b':'
            | b','
            | b';'
            | b'.'
            | b'-'
            | b'_'
            | b'{'
            | b'}'
            | b'['
            | b']'
            | b'('
            | b')'
            | b'\\'
            | b'"'
            | b'\''
            | b'|'
            | b'h'
            | b'+'
            | b'&'
    )
}

fn runs(text: &[u8], found: &mut Vec<Copied>) {
    let mut run = run_in(text);
    let mut lost = Vec::new();
    let mut flush = |run: &mut Copied| {
        if !are_bits(run) {
            keep(run, found);
        }
        run.clear();
    };
    let mut at = 0;
    while at < text.len() {
        if digit(text[at]).is_none() {
            if !separates(text[at]) {
                flush(&mut run);
            }
            at += 1;
            continue;
        }
        // `0x` or `\x` in front of a byte.
        if text[at] == b'0' && matches!(text.get(at + 1), Some(b'x' | b'X')) {
            at += 2;
            continue;
        }
        let length = text[at..]
            .iter()
            .take_while(|byte| digit(**byte).is_some())
            .count();
        let token = &text[at..at + length];
        at += length;
        // A word goes on: `beef` in `beefsteak` is no number.
        if text.get(at).is_some_and(u8::is_ascii_alphabetic) && text[at] != b'h' {
            flush(&mut run);
            continue;
        }
        // A long one that is odd has lost a digit somewhere: what stands before it is read from the beginning on, and what
        // stands behind it from the end.
        if length % 2 == 1 && length >= LONG {
            let mut behind = Zeroizing::new(Vec::with_capacity(length / 2));
            behind.extend(token[1..].chunks_exact(2).filter_map(byte));
            lost.push(behind);
        } else if length % 2 == 1 {
            // A single digit of an array (`0xa`) is a byte; anything else that is odd is another number.
            if length == 1 && !run.is_empty() {
                run.extend(digit(token[0]));
            } else {
                flush(&mut run);
            }
            continue;
        }
        run.extend(token.chunks_exact(2).filter_map(byte));
    }
    flush(&mut run);
    found.append(&mut lost);
}

/// The byte that two digits are.
fn byte(pair: &[u8]) -> Option<u8> {
    Some(digit(pair[0])? << 4 | digit(pair[1])?)
}

/// The lines of a dump without the address in front and the characters behind (`xxd`, `hexdump -C`, `od -t x1`).
fn without_addresses(text: &[u8]) -> Option<Copied> {
    // A blank in each line's place.
    let mut out = Zeroizing::new(Vec::with_capacity(text.len() + 1));
    let mut dumped = 0;
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = line.trim_ascii();
        let address = line
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let rest = line.get(address..).unwrap_or_default();
        let is_address =
            (4..=16).contains(&address) && matches!(rest.first(), Some(b':' | b' ' | b'\t'));
        if !is_address {
            out.push(b'\n');
            continue;
        }
        dumped += 1;
        // Only without a colon behind the address are the characters in a frame; elsewhere a bar is one of them.
        let framed = rest.first() != Some(&b':') && rest.ends_with(b"|");
        let rest = rest.trim_ascii_start();
        let rest = rest.strip_prefix(b":").unwrap_or(rest);
        let bar = rest.iter().position(|byte| framed && *byte == b'|');
        let gap = || {
            let gap = rest.windows(2).skip(4).position(|pair| pair == b"  ");
            gap.map(|at| at + 4)
        };
        out.extend_from_slice(&rest[..bar.or_else(gap).unwrap_or(rest.len())]);
        out.push(b' ');
    }
    (dumped > 0).then_some(out)
}

/// What the lists of decimal numbers in a text spell: `[45, 45, 45, …]`, also with Java's signs.
pub(super) fn of_numbers(text: &[u8]) -> Vec<Copied> {
    let mut found = Vec::new();
    let mut run = run_in(text);
    let mut at = 0;
    while at < text.len() {
        let negative = text[at] == b'-';
        let start = at + usize::from(negative);
        let length = text[start..]
            .iter()
            .take(4)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if length == 0 {
            if !(text[at].is_ascii_whitespace() || text[at] == b',') {
                keep(&mut run, &mut found);
            }
            at += 1;
            continue;
        }
        let value = text[start..start + length]
            .iter()
            .fold(0u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        match (negative, u8::try_from(value)) {
            (false, Ok(byte)) => run.push(byte),
            (true, Ok(byte @ 1..=128)) => run.push(byte.wrapping_neg()),
            _ => keep(&mut run, &mut found),
        }
        at = start + length;
    }
    keep(&mut run, &mut found);
    found
}

/// Whether hex digits spell only these bytes where the digits are bits.
pub(super) fn are_bits(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| byte & 0xee == 0)
}

/// Room for the longest run of numbers in a text, of which each byte takes two characters or more: what grows leaves copies
/// behind that nobody wipes.
pub(super) fn run_in(text: &[u8]) -> Copied {
    Zeroizing::new(Vec::with_capacity(text.len() / 2 + 1))
}

/// Ends a run, which is found if it is long enough.
pub(super) fn keep(run: &mut Copied, found: &mut Vec<Copied>) {
    if run.len() >= FEWEST {
        found.push(Zeroizing::new(run.to_vec()));
    }
    run.clear();
}
