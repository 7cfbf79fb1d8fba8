//! Rich text as word processors and mail programs put it down: control words of the font and of line ends among the text.

use zeroize::Zeroizing;

use super::Copied;

/// The text of what holds control words that end lines; `None` for anything else.
pub(super) fn undo(text: &[u8]) -> Option<Copied> {
    let is_rich = memchr::memchr_iter(b'\\', text).any(|at| {
        let (_, becomes) = control(&text[at..]);
        becomes == Some(b'\n')
    });
    if !is_rich {
        return None;
    }
    let mut out = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut at = 0;
    while at < text.len() {
        let (length, becomes) = match text[at] {
            b'\\' => control(&text[at..]),
            b'{' | b'}' => (1, None),
            other => (1, Some(other)),
        };
        out.extend(becomes);
        at += length;
    }
    Some(out)
}

/// What begins with a backslash: how many characters it has, and what it stands for.
fn control(rest: &[u8]) -> (usize, Option<u8>) {
    let letters = rest[1..]
        .iter()
        .take_while(|byte| byte.is_ascii_lowercase());
    let letters = letters.count();
    if letters == 0 {
        return match rest.get(1) {
            // A character by its number in two digits; those of other character sets stand in no base64 but as dashes.
            Some(b'\'') => (4.min(rest.len()), rest.get(2..4).map(by_number)),
            Some(b'_') => (2, Some(b'-')),
            Some(b'~') => (2, Some(b' ')),
            Some(other @ (b'\\' | b'{' | b'}' | b'\n' | b'\r')) => (2, Some(*other)),
            // An optional hyphen, a group that may be passed over.
            Some(b'-' | b'*') => (2, None),
            _ => (1, None),
        };
    }
    let word = &rest[1..=letters];
    let mut end = 1 + letters;
    let sign = usize::from(rest.get(end) == Some(&b'-'));
    let digits = rest.get(end + sign..).unwrap_or_default().iter();
    let digits = digits.take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 0 {
        end += sign + digits;
    }
    end += usize::from(rest.get(end) == Some(&b' '));
    let becomes = match word {
        b"par" | b"line" | b"row" | b"page" => Some(b'\n'),
        b"cell" | b"tab" => Some(b'\t'),
        b"emdash" | b"endash" => Some(b'-'),
        _ => None,
    };
    (end, becomes)
}

fn by_number(digits: &[u8]) -> u8 {
    let text = std::str::from_utf8(digits).unwrap_or_default();
    match u8::from_str_radix(text, 16) {
        Ok(0x96 | 0x97) => b'-',
        Ok(byte) if byte.is_ascii() => byte,
        _ => b' ',
    }
}
