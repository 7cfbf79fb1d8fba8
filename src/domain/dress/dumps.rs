//! Bytes as `od`, `hexdump` and `xxd` dump them other than one by one in hex: in octal, bits and decimal numbers, in words of
//! several bytes, and as characters; with an address in front and what can be read behind, or without.

use zeroize::Zeroizing;

use super::Copied;
use super::bytes::{FEWEST, are_bits, keep, of_numbers, run_in};

/// How a number of so many digits writes bytes: the base, and bytes a number. Those of several are turned round, as the
/// machines are that people dump on; the others are read as plain hex.
const NUMBERS: [(usize, u32, usize); 9] = [
    (3, 8, 1),
    (6, 8, 2),
    (11, 8, 4),
    (22, 8, 8),
    (8, 2, 1),
    (4, 16, 2),
    (8, 16, 4),
    (16, 16, 8),
    (32, 16, 16),
];

/// Bytes in a line of `od` and `hexdump`.
const A_LINE: usize = 16;

/// What the dumps in a text spell, read in each way that fits.
pub(super) fn of_dumps(text: &[u8]) -> Vec<Copied> {
    let mut found = Vec::new();
    for addressed in [true, false] {
        words(text, addressed, &mut found);
    }
    if let Some(decimal) = without_addresses(text, |rest| {
        let is_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b' ' | b'\t' | b'-');
        rest.iter().all(is_number).then(|| rest.to_vec().into())
    }) {
        found.extend(of_numbers(&decimal));
    }
    let shown = without_addresses(text, cells);
    found.extend(shown.filter(|shown| shown.len() >= FEWEST));
    found
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b'\n' | b'\r'))
        .map(<[u8]>::trim_ascii_end)
}

/// The numbers at the beginning of each line, behind its address if it has one.
fn words(text: &[u8], addressed: bool, found: &mut Vec<Copied>) {
    let mut runs = NUMBERS.map(|_| run_in(text));
    for line in lines(text).filter(|line| !line.is_empty()) {
        let words = line.split(u8::is_ascii_whitespace);
        let words = words.filter(|word| !word.is_empty());
        let words = words.skip(usize::from(addressed));
        let digits = words.clone().next().map_or(0, <[u8]>::len);
        for (run, of) in runs.iter_mut().zip(NUMBERS) {
            let before = run.len();
            if of.0 == digits {
                run.extend(words.clone().map_while(|word| number(word, of)).flatten());
            }
            if run.len() == before {
                keep_of(run, of, found);
            }
        }
    }
    for (run, of) in runs.iter_mut().zip(NUMBERS) {
        keep_of(run, of, found);
    }
}

/// Ends a run of numbers; what are bits is read as bits alone.
fn keep_of(run: &mut Copied, (_, base, _): (usize, u32, usize), found: &mut Vec<Copied>) {
    if base == 16 && are_bits(run) {
        run.clear();
    }
    keep(run, found);
}

/// The bytes of one number, the last first.
fn number(
    word: &[u8],
    (digits, base, bytes): (usize, u32, usize),
) -> Option<impl Iterator<Item = u8>> {
    let word = std::str::from_utf8(word).ok()?;
    let value = u128::from_str_radix(word, base).ok()?;
    let fits = word.len() == digits && (bytes == 16 || value >> (8 * bytes) == 0);
    fits.then(|| value.to_le_bytes().into_iter().take(bytes))
}

/// What stands behind the addresses of a dump's lines, as `read` reads it; `None` where no line is one.
fn without_addresses(text: &[u8], read: impl Fn(&[u8]) -> Option<Copied>) -> Option<Copied> {
    let mut out: Copied = Zeroizing::new(Vec::with_capacity(2 * text.len() + A_LINE));
    let mut dumped = false;
    for line in lines(text) {
        let line = line.trim_ascii_start();
        let address = line.iter().take_while(|byte| byte.is_ascii_hexdigit());
        let address = address.count();
        let rest = &line[address..];
        let read = ((6..=8).contains(&address) && rest.first() == Some(&b' ')).then(|| read(rest));
        if let Some(bytes) = read.flatten() {
            dumped = true;
            out.extend_from_slice(&bytes);
        }
    }
    dumped.then_some(out)
}

/// `od -c`, `od -a` and `hexdump -c`: a byte in each four columns, as itself, by its name or in octal.
fn cells(rest: &[u8]) -> Option<Copied> {
    const WIDTH: usize = 4;
    let mut out: Copied = Zeroizing::new(Vec::with_capacity(A_LINE));
    // Blanks at the end of a line are lost on the way.
    let blank: &[u8] = b"";
    let cells = rest.chunks(WIDTH).chain(std::iter::repeat(blank));
    for cell in cells.take(A_LINE) {
        out.push(match cell.trim_ascii() {
            [] | b"sp" => b' ',
            [byte] => *byte,
            b"\\n" | b"nl" => b'\n',
            b"\\r" | b"cr" => b'\r',
            b"\\t" | b"ht" => b'\t',
            b"\\0" | b"nul" => 0,
            b"\\a" => 7,
            b"\\b" => 8,
            b"\\v" => 11,
            b"\\f" => 12,
            octal => u8::from_str_radix(std::str::from_utf8(octal).ok()?, 8).ok()?,
        });
    }
    Some(out)
}
