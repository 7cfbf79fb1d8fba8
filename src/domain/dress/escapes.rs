//! Escapes undone, one level of all kinds at once: what is escaped twice comes out in two layers.

use zeroize::Zeroizing;

use super::Copied;
use crate::domain::text::is_hidden;

/// A character as a program would have written it: typographic dashes, quotes and spaces made plain, full width made
/// narrow; `None` for what nobody sees.
pub(crate) fn fold(c: char) -> Option<char> {
    Some(match c {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2500}'
        | '\u{2501}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{30fc}' => '-',
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2018}'..='\u{201b}' => '\'',
        '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\n' | '\r' | '\t' => c,
        '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\0' => return None,
        c if !c.is_ascii() && c.is_whitespace() => ' ',
        c if !c.is_ascii() && is_hidden(c) => return None,
        c => c,
    })
}

/// Backslashes, backticks, percent signs, entities, tags, a log's and a screen's signs for what is not shown, terminal colours and odd characters undone; `None` where there is
/// nothing to undo.
pub(super) fn undo(bytes: &[u8]) -> Option<Copied> {
    let folded = fold_all(bytes);
    let source: &[u8] = folded.as_deref().map_or(bytes, Vec::as_slice);
    // In a form that was sent by a browser a plus is a space; base64 is full of them.
    let plus_is_space = source.contains(&b'%') && memchr::memmem::find(source, b"BEGIN+").is_some();
    if !source.iter().any(|byte| b"\\`%&<[^#\x1b".contains(byte)) {
        return folded;
    }
    let mut out = Zeroizing::new(Vec::with_capacity(source.len()));
    let mut changed = folded.is_some();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let undone = match rest[0] {
            b'\\' => backslash(rest),
            b'`' => backtick(rest),
            b'%' => percent(rest),
            b'&' => entity(rest),
            b'<' => tag(rest),
            b'+' if plus_is_space => Some((1, Undone::Byte(b' '))),
            0x1b => colour(rest),
            b'[' => bare_colour(rest),
            b'^' if rest.starts_with(b"^[[") => {
                colour(&rest[1..]).map(|(length, undone)| (length + 1, undone))
            }
            b'^' => caret(rest),
            b'#' => octal(rest).map(|byte| (4, Undone::Byte(byte))),
            _ => None,
        };
        let Some((length, undone)) = undone else {
            out.push(rest[0]);
            at += 1;
            continue;
        };
        changed = true;
        at += length;
        match undone {
            Undone::Nothing => {}
            Undone::Byte(byte) => out.push(byte),
            Undone::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    changed.then_some(out)
}

/// `=3D` and soft line ends undone, where there are some. The padding before the end of an armour is none.
pub(super) fn undo_quoted_printable(bytes: &[u8]) -> Option<Copied> {
    let undone = |rest: &[u8]| match rest {
        [b'=', b'\r', b'\n', next, ..] if *next != b'-' => Some((3, None)),
        [b'=', b'\n' | b'\r', next, ..] if !b"-\r\n".contains(next) => Some((2, None)),
        [b'=', high, low, ..] if !high.is_ascii_lowercase() && !low.is_ascii_lowercase() => {
            hex(&[*high, *low]).map(|code| (3, Some(code as u8)))
        }
        _ => None,
    };
    let mut out: Option<Copied> = None;
    let mut from = 0;
    for at in memchr::memchr_iter(b'=', bytes) {
        let Some((length, byte)) = undone(&bytes[at..]) else {
            continue;
        };
        // The one before may have been an escaped `=` of this one.
        if at < from {
            continue;
        }
        let out = out.get_or_insert_with(|| Zeroizing::new(Vec::with_capacity(bytes.len())));
        out.extend_from_slice(&bytes[from..at]);
        out.extend(byte);
        from = at + length;
    }
    let mut out = out?;
    out.extend_from_slice(&bytes[from..]);
    Some(out)
}

enum Undone {
    Nothing,
    Byte(u8),
    Char(char),
}

fn fold_all(bytes: &[u8]) -> Option<Copied> {
    if bytes.iter().all(|byte| byte.is_ascii() && *byte != 0) {
        return None;
    }
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars().filter_map(fold) {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        out.extend_from_slice(chunk.invalid());
    }
    (*out != *bytes).then_some(out)
}

/// The number that these hex digits are; `None` when one is none.
fn hex(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    all.then(|| u32::from_str_radix(text, 16).ok()).flatten()
}

fn character(code: u32) -> Undone {
    match (u8::try_from(code), char::from_u32(code)) {
        (Ok(byte), _) if byte.is_ascii() => Undone::Byte(byte),
        (_, Some(c)) => fold(c).map_or(Undone::Nothing, Undone::Char),
        (_, None) => Undone::Nothing,
    }
}

fn backslash(rest: &[u8]) -> Option<(usize, Undone)> {
    let digits = |count: usize| rest.get(2..2 + count).and_then(hex);
    Some(match rest.get(1)? {
        b'n' | b'r' => (2, Undone::Byte(b'\n')),
        b't' => (2, Undone::Byte(b'\t')),
        b'u' if rest.get(2) == Some(&b'{') => {
            let end = rest.iter().take(12).position(|byte| *byte == b'}')?;
            (end + 1, character(hex(&rest[3..end])?))
        }
        b'u' => (6, character(digits(4)?)),
        b'U' => (10, character(digits(8)?)),
        b'x' => (4, Undone::Byte(digits(2)? as u8)),
        b'0'..=b'3' if octal(rest).is_some() => (4, Undone::Byte(octal(rest)?)),
        b'\r' if rest.get(2) == Some(&b'\n') => (3, Undone::Nothing),
        b'\n' | b'\r' => (2, Undone::Nothing),
        other if other.is_ascii_punctuation() => (2, Undone::Byte(*other)),
        // A lone one before anything else is a decoration.
        _ => (1, Undone::Nothing),
    })
}

/// The byte that three octal digits are, behind a backslash or behind what a log server writes for it: `#012`.
fn octal(rest: &[u8]) -> Option<u8> {
    let digits = rest.get(1..4)?;
    let is_octal = |digit: &u8| (b'0'..=b'7').contains(digit);
    let code = digits.iter().fold(0, |sum, digit| {
        sum * 8 + u32::from(digit.wrapping_sub(b'0'))
    });
    let byte = u8::try_from(code).ok()?;
    let control = rest[0] == b'\\' || byte.is_ascii_control();
    (digits.iter().all(is_octal) && control).then_some(byte)
}

/// `^M`, `^J`, `^I`: how line ends and tabs are shown.
fn caret(rest: &[u8]) -> Option<(usize, Undone)> {
    let becomes = match rest.get(1)? {
        b'M' | b'J' => b'\n',
        b'I' => b'\t',
        _ => return None,
    };
    Some((2, Undone::Byte(becomes)))
}

fn backtick(rest: &[u8]) -> Option<(usize, Undone)> {
    match rest.get(1)? {
        b'n' | b'r' => Some((2, Undone::Byte(b'\n'))),
        b't' => Some((2, Undone::Byte(b'\t'))),
        // PowerShell's continuation of a line.
        b'\n' => Some((2, Undone::Nothing)),
        b'\r' if rest.get(2) == Some(&b'\n') => Some((3, Undone::Nothing)),
        _ => None,
    }
}

fn percent(rest: &[u8]) -> Option<(usize, Undone)> {
    if matches!(rest.get(1)?, b'u' | b'U') {
        return Some((6, character(rest.get(2..6).and_then(hex)?)));
    }
    let code = rest.get(1..3).and_then(hex)?;
    Some((3, Undone::Byte(code as u8)))
}

/// Entities that stand for what PEM, JSON and XML are made of.
const ENTITIES: [(&[u8], char); 22] = [
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"nbsp", ' '),
    (b"ensp", ' '),
    (b"emsp", ' '),
    (b"thinsp", ' '),
    (b"Tab", '\t'),
    (b"NewLine", '\n'),
    (b"plus", '+'),
    (b"sol", '/'),
    (b"equals", '='),
    (b"hyphen", '-'),
    (b"dash", '-'),
    (b"ndash", '-'),
    (b"mdash", '-'),
    (b"minus", '-'),
    (b"colon", ':'),
    (b"bsol", '\\'),
    (b"lowbar", '_'),
];

/// Entities that are seen by nobody.
const UNSEEN: [&[u8]; 5] = [b"shy", b"zwnj", b"zwj", b"ZeroWidthSpace", b"NoBreak"];

fn entity(rest: &[u8]) -> Option<(usize, Undone)> {
    let end = rest.iter().take(20).position(|byte| *byte == b';')?;
    let name = &rest[1..end];
    let undone = match name {
        [b'#', b'x' | b'X', digits @ ..] => character(hex(digits)?),
        [b'#', digits @ ..] => character(std::str::from_utf8(digits).ok()?.parse().ok()?),
        _ if UNSEEN.contains(&name) => Undone::Nothing,
        _ => {
            let (_, c) = ENTITIES.iter().find(|(known, _)| *known == name)?;
            Undone::Char(*c)
        }
    };
    Some((end + 1, undone))
}

/// Elements that stand in a line: cells of a table, and what colours or numbers the words of one.
const IN_LINE: [&[u8]; 17] = [
    b"td", b"th", b"span", b"a", b"b", b"i", b"u", b"s", b"em", b"strong", b"code", b"font",
    b"small", b"mark", b"kbd", b"samp", b"tt",
];

/// A tag becomes a line end: `<br>` is one, and what stands in different elements does not belong together; one of an
/// element that stands in a line becomes a space.
fn tag(rest: &[u8]) -> Option<(usize, Undone)> {
    const LONGEST: usize = 400;
    if !rest
        .get(1)
        .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'))
    {
        return None;
    }
    let end = rest
        .iter()
        .take(LONGEST)
        .position(|byte| *byte == b'>' || *byte == b'[')?;
    let name = rest[1..end].strip_prefix(b"/").unwrap_or(&rest[1..end]);
    let length = name
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    let in_line = IN_LINE
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&name[..length]));
    let becomes = if in_line { b' ' } else { b'\n' };
    Some((end + 1, Undone::Byte(becomes)))
}

/// `[31m`, `[K`: what is left of a colour where its first byte is not taken over.
fn bare_colour(rest: &[u8]) -> Option<(usize, Undone)> {
    let numbers = rest[1..]
        .iter()
        .take(16)
        .take_while(|byte| byte.is_ascii_digit() || **byte == b';')
        .count();
    let is_colour = matches!(rest.get(numbers + 1), Some(b'm' | b'K'));
    is_colour.then_some((numbers + 2, Undone::Nothing))
}

/// `ESC [ 31 m`, whose first byte a terminal may have shown as `^[`.
fn colour(rest: &[u8]) -> Option<(usize, Undone)> {
    if rest.get(1) != Some(&b'[') {
        return Some((1, Undone::Nothing));
    }
    let end = rest[2..]
        .iter()
        .take(24)
        .position(|byte| (0x40..=0x7e).contains(byte))?;
    Some((end + 3, Undone::Nothing))
}
