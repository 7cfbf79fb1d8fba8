//! The table of what a keyboard sends: everything here is a key, and nothing else is.
//!
//! | form | keys |
//! | --- | --- |
//! | one byte | Enter, Tab, Backspace, Ctrl with a letter or one of `4 5 6 7` and space, printable ASCII |
//! | UTF-8 | a character |
//! | `ESC` and one of these | the same with Alt |
//! | `CSI A..D F H`, `SS3 A..D F H` | arrows, End, Home; a modifier as `CSI 1;5C` |
//! | `CSI P Q S`, `SS3 P Q R S`, `CSI [ A..E` | F1 to F4; F1 to F5 of the Linux console |
//! | `CSI Z` | Shift-Tab |
//! | `CSI n ~` | Home, Insert, Delete, End, `PgUp`, `PgDn`, F1 to F20; a modifier as `CSI 3;5~` |
//! | `CSI 27;m;c ~`, `CSI c;m u` | any key with any modifier (xterm's modifyOtherKeys, kitty's protocol) |
//!
//! Not keys, though they look like some: `CSI r;c R` (where the cursor is), `CSI I` and `CSI O` (focus), `CSI … t`
//! (windows), `CSI … c n x y` (what a terminal is and can do). A key with Super, Hyper or Meta belongs to a desktop.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The key of a byte below 0x80; nothing for ESC, which begins other things.
pub(super) fn byte(byte: u8) -> Option<KeyEvent> {
    let ctrl = |c: u8| KeyEvent::new(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL);
    Some(match byte {
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x7f => KeyCode::Backspace.into(),
        0 => ctrl(b' '),
        0x01..=0x1a => ctrl(byte - 1 + b'a'),
        0x1c..=0x1f => ctrl(byte - 0x1c + b'4'),
        0x20..=0x7e => character(char::from(byte)),
        _ => return None,
    })
}

/// The key of a printable character.
pub(super) fn character(c: char) -> KeyEvent {
    let modifiers = if c.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    KeyEvent::new(KeyCode::Char(c), modifiers)
}

/// The key of `CSI body last`.
pub(super) fn csi(body: &[u8], last: u8) -> Option<KeyEvent> {
    let is_parameter = |byte: &u8| matches!(byte, b'0'..=b'9' | b';' | b':');
    if !body.iter().all(is_parameter) {
        return None;
    }
    let body = std::str::from_utf8(body).ok()?;
    let mut parameters = body.split(';');
    let (first, shifted) = subparameters(parameters.next()?)?;
    let (modifier, event) = subparameters(parameters.next().unwrap_or_default())?;
    let third = subparameters(parameters.next().unwrap_or_default())?.0;
    // A key that is let go.
    if event == Some(3) {
        return None;
    }
    match last {
        b'Z' => with(KeyCode::BackTab, modifier.max(Some(2))),
        b'~' if first == Some(27) => coded(third?, None, modifier),
        b'~' => with(numbered(first?)?, modifier),
        b'u' => coded(first?, shifted, modifier),
        // With a parameter `R` tells a place, and any other first parameter than 1 is no key's.
        b'R' => None,
        _ if first.is_none_or(|first| first == 1) => with(lettered(last)?, modifier),
        _ => None,
    }
}

/// The key of `SS3 body last`.
pub(super) fn ss3(body: &[u8], last: u8) -> Option<KeyEvent> {
    if !body.is_empty() {
        return None;
    }
    match last {
        b'R' => with(KeyCode::F(3), None),
        _ => with(lettered(last)?, None),
    }
}

/// The key of `CSI [ last`.
pub(super) fn linux(last: u8) -> Option<KeyEvent> {
    matches!(last, b'A'..=b'E').then(|| KeyCode::F(1 + last - b'A').into())
}

/// A parameter's number and its second part; nothing if one is too large.
fn subparameters(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let number = |text: Option<&str>| match text {
        None | Some("") => Some(None),
        Some(digits) => digits.parse().ok().map(Some),
    };
    let mut parts = text.split(':');
    Some((number(parts.next())?, number(parts.next())?))
}

fn lettered(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number as u8 - 10),
        17..=21 => KeyCode::F(number as u8 - 11),
        23..=26 => KeyCode::F(number as u8 - 12),
        28..=29 => KeyCode::F(number as u8 - 15),
        31..=34 => KeyCode::F(number as u8 - 14),
        _ => return None,
    })
}

/// A key told by its code point, or by kitty's number for one that has none.
fn coded(code: u32, shifted: Option<u32>, modifier: Option<u32>) -> Option<KeyEvent> {
    let key = match code {
        0x1b => KeyCode::Esc,
        0x0d | 57414 => KeyCode::Enter,
        0x09 => KeyCode::Tab,
        0x08 | 0x7f => KeyCode::Backspace,
        57399..=57408 => KeyCode::Char(char::from_digit(code - 57399, 10)?),
        57409 => KeyCode::Char('.'),
        57410 => KeyCode::Char('/'),
        57411 => KeyCode::Char('*'),
        57412 => KeyCode::Char('-'),
        57413 => KeyCode::Char('+'),
        57415 => KeyCode::Char('='),
        57416 => KeyCode::Char(','),
        57417 => KeyCode::Left,
        57418 => KeyCode::Right,
        57419 => KeyCode::Up,
        57420 => KeyCode::Down,
        57421 => KeyCode::PageUp,
        57422 => KeyCode::PageDown,
        57423 => KeyCode::Home,
        57424 => KeyCode::End,
        57425 => KeyCode::Insert,
        57426 => KeyCode::Delete,
        // The rest of kitty's own numbers: locks, media, and the modifiers themselves.
        0xe000..=0xf8ff => return None,
        _ => KeyCode::Char(char::from_u32(code).filter(|c| !c.is_control())?),
    };
    let mut event = with(key, modifier)?;
    if let KeyCode::Char(c) = event.code
        && event.modifiers.contains(KeyModifiers::SHIFT)
        && !event.modifiers.contains(KeyModifiers::CONTROL)
    {
        let upper = || c.to_uppercase().next();
        let c = shifted.and_then(char::from_u32).or_else(upper).unwrap_or(c);
        event.code = KeyCode::Char(c);
    }
    Some(event)
}

/// A key with a modifier parameter, which is one more than its bits.
fn with(key: KeyCode, modifier: Option<u32>) -> Option<KeyEvent> {
    let bits = modifier.unwrap_or(1).saturating_sub(1);
    // Super, Hyper, Meta; Caps Lock and Num Lock above them change nothing.
    if bits & (8 | 16 | 32) != 0 {
        return None;
    }
    let mut modifiers = KeyModifiers::NONE;
    for (bit, name) in [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
    ] {
        modifiers.set(name, bits & bit != 0);
    }
    let key = match key {
        KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        key => key,
    };
    Some(KeyEvent::new(key, modifiers))
}
