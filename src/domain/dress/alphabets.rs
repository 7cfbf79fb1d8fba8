//! Bytes written in other alphabets than base64's: base32, the kinds of base85, uuencode.

use zeroize::Zeroizing;

use super::Copied;

/// Fewer bytes than this hold no key.
const FEWEST: usize = 24;

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// RFC 4648, section 7.
const BASE32_HEX: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
/// RFC 1924, as Python and git write it.
const BASE85: &[u8] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
/// ZeroMQ's.
const Z85: &[u8] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
/// Adobe's, in the order of ASCII.
const ASCII85: &[u8] =
    b"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstu";

/// What the base32 in a text spells: words of its letters in one case, one behind the other.
pub(super) fn of_base32(text: &[u8]) -> Vec<Copied> {
    /// Letters of the shortest word that belongs to another one.
    const SHORTEST: usize = 4;
    /// Letters that as many bytes take.
    const LONG: usize = FEWEST * 8 / 5;
    /// Letters that no word of a language has: what stands before the first of them is its name or other words.
    const CODE: usize = 16;
    let mut found = Vec::new();
    let mut run: Copied = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut is_code = false;
    let words = text.split(|byte| !byte.is_ascii_alphanumeric());
    for word in words {
        let upper = !word.iter().any(u8::is_ascii_lowercase);
        let lower = !word.iter().any(u8::is_ascii_uppercase);
        let last = (1..SHORTEST).contains(&word.len()) && run.len() >= LONG;
        if (upper || lower) && (word.len() >= SHORTEST || last) {
            if word.len() >= CODE && !is_code {
                if run.len() >= LONG {
                    spelled(&run, &mut found);
                }
                run.clear();
                is_code = true;
            }
            run.extend(word.iter().map(u8::to_ascii_uppercase));
        } else if !word.is_empty() {
            if run.len() >= LONG {
                spelled(&run, &mut found);
            }
            run.clear();
            is_code = false;
        }
    }
    if run.len() >= LONG {
        spelled(&run, &mut found);
    }
    found
}

/// Both alphabets, as far as the letters are of them; what is hex is no base32.
fn spelled(letters: &[u8], found: &mut Vec<Copied>) {
    if letters.iter().all(u8::is_ascii_hexdigit) {
        return;
    }
    for alphabet in [BASE32, BASE32_HEX] {
        let mut out = Zeroizing::new(Vec::with_capacity(letters.len() * 5 / 8 + 1));
        let (mut bits, mut count) = (0u32, 0);
        for letter in letters {
            let Some(value) = alphabet.iter().position(|known| known == letter) else {
                break;
            };
            bits = bits << 5 | value as u32;
            count += 5;
            if count >= 8 {
                count -= 8;
                out.push((bits >> count) as u8);
                bits &= (1 << count) - 1;
            }
        }
        if out.len() >= FEWEST {
            found.push(out);
        }
    }
}

/// What the base85 in a text spells, of each kind that its characters fit.
pub(super) fn of_base85(text: &[u8]) -> Vec<Copied> {
    const LONG: usize = FEWEST * 5 / 4;
    let mut found = Vec::new();
    let mut run: Copied = Zeroizing::new(Vec::with_capacity(text.len()));
    let lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
    for line in lines {
        let line = line.trim_ascii();
        // Lines without a blank belong together.
        if line.len() >= LONG / 2 && !line.iter().any(u8::is_ascii_whitespace) {
            run.extend_from_slice(line);
            continue;
        }
        if !line.is_empty() {
            // The last line is as short as it is.
            if !run.is_empty() && !line.iter().any(u8::is_ascii_whitespace) {
                run.extend_from_slice(line);
            }
            base85(&run, &mut found);
            run.clear();
            for word in line.split(u8::is_ascii_whitespace) {
                base85(word, &mut found);
            }
        }
    }
    base85(&run, &mut found);
    found
}

/// One word, also behind the name of what it is.
fn base85(word: &[u8], found: &mut Vec<Copied>) {
    const LONG: usize = FEWEST * 5 / 4;
    // What has letters and digits alone is read elsewhere.
    let signs = |word: &[u8]| {
        word.iter()
            .filter(|byte| byte.is_ascii_punctuation())
            .count()
    };
    if word.len() < LONG || signs(word) * 20 < word.len() {
        return;
    }
    let framed = word.strip_prefix(b"<~").unwrap_or(word);
    let framed = framed.strip_suffix(b"~>").unwrap_or(framed);
    let named = word
        .iter()
        .take(LONG)
        .position(|byte| b"=:\"'".contains(byte))
        .map(|at| word[at + 1..].trim_ascii());
    let unquoted = |word: &'_ [u8]| {
        let quote = |byte: &u8| b"\"',;".contains(byte);
        let from = word
            .iter()
            .position(|byte| !quote(byte))
            .unwrap_or_default();
        let to = word
            .iter()
            .rposition(|byte| !quote(byte))
            .map_or(0, |at| at + 1);
        from..to.max(from)
    };
    for alphabet in [ASCII85, BASE85, Z85] {
        let mut known = [None; 256];
        for (value, byte) in alphabet.iter().enumerate() {
            known[usize::from(*byte)] = Some(value as u32);
        }
        let bare = &word[unquoted(word)];
        let inner = named.map(|named| &named[unquoted(named)]);
        for word in [Some(framed), Some(bare), inner].into_iter().flatten() {
            if let Some(out) = of_fives(word, &known, alphabet == ASCII85) {
                found.push(out);
                break;
            }
        }
    }
}

/// Four bytes of five characters each; `None` where one is not of the alphabet. `z` and `y` are four zeros and blanks.
fn of_fives(word: &[u8], known: &[Option<u32>; 256], shortens: bool) -> Option<Copied> {
    let mut out = Zeroizing::new(Vec::with_capacity(word.len() + 4));
    let (mut bits, mut count) = (0u32, 0);
    for byte in word {
        match byte {
            b'z' if shortens && count == 0 => out.extend_from_slice(&[0; 4]),
            b'y' if shortens && count == 0 => out.extend_from_slice(b"    "),
            _ => {
                let value = known[usize::from(*byte)]?;
                bits = bits.wrapping_mul(85).wrapping_add(value);
                count += 1;
                if count == 5 {
                    out.extend_from_slice(&bits.to_be_bytes());
                    (bits, count) = (0, 0);
                }
            }
        }
    }
    if count > 1 {
        for _ in count..5 {
            bits = bits.wrapping_mul(85).wrapping_add(84);
        }
        out.extend_from_slice(&bits.to_be_bytes()[..count - 1]);
    }
    (out.len() >= FEWEST).then_some(out)
}

/// What is between `begin 644 name` and `end`, one behind the other; and the text around that, in which alone a `=` or a
/// `%` may be an escape.
pub(super) fn of_uuencode(text: &[u8]) -> Option<(Copied, Copied)> {
    memchr::memmem::find(text, b"begin ")?;
    let mut out: Copied = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut around: Copied = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut inside = false;
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii_end();
        if line.starts_with(b"begin ") {
            inside = true;
            continue;
        }
        let value = |byte: &u8| u32::from(byte.wrapping_sub(0x20) & 0x3f);
        let (length, chars) = match line.split_first() {
            Some((first, rest)) if inside && (0x21..=0x60).contains(first) => {
                (value(first) as usize, rest)
            }
            _ => {
                inside = false;
                around.extend_from_slice(line);
                around.push(b'\n');
                continue;
            }
        };
        let start = out.len();
        for four in chars.chunks(4) {
            let blank = &b' ';
            let bits = (0..4).fold(0, |bits, at| {
                bits << 6 | value(four.get(at).unwrap_or(blank))
            });
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
        }
        out.truncate(start + length);
    }
    (out.len() >= FEWEST).then_some((out, around))
}
