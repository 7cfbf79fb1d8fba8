//! What a terminal sends, as keys and pastes: a state machine over bytes, the one place that knows the grammar.
//!
//! A terminal sends three kinds of things over one line: keys, pastes between marks, and replies to questions that
//! somebody asked, perhaps another program, perhaps long ago. A reply must never be taken for keys. So every sequence is
//! followed to its end, in whatever pieces it comes, and what is not in the table of keys (`keys` beside this) is dropped:
//!
//! ```text
//! ESC [  CSI   parameters, then one of @ to ~          ESC O  SS3   one of @ to ~
//! ESC ]  OSC   to ST or BEL                            ESC X, ESC ^, ESC _  SOS, PM, APC  to ST or BEL
//! ESC P  DCS   to ST or BEL                            CSI M  three bytes more: a mouse
//! ```
//!
//! The same in their 8-bit forms, as a byte of its own or as the character U+0080 to U+009F; inside UTF-8 such a byte is
//! part of a letter and no control.
//!
//! ESC begins a sequence and is a key too, and a line may tear a sequence apart anywhere, so time decides:
//!
//! - ESC alone is the key when nothing follows it within [`LIMIT`]. A letter inside of that is Alt with that letter if
//!   both came [`TOGETHER`], as a terminal sends them; else two keys.
//! - What was begun beyond ESC goes on until nothing came for [`SWALLOW`]; then it is dropped. Letters typed on top of a
//!   reply that never ends are dropped with it; Ctrl-C, and Esc with the next key, get out.
//! - An opener alone (`ESC ]`, also as ESC and some time later `]`) may be a hand's: Alt with it, or Esc and it. It is
//!   told as that when nothing follows within [`SWALLOW`], or when one key comes alone that nothing of its kind begins
//!   with (`begins`, below).
//!
//! So `Alt-]` is told after a second or with the next key, Esc and any letter that opens nothing at once, and a reply
//! that is torn by up to a second is no key, but for the Esc that it begins with if more than [`LIMIT`] pass behind that.
//!
//! A parser for what programs send to terminals (`vte`) does not fit: there ESC CR is no Alt-Enter, ESC DEL and ESC with
//! a letter of UTF-8 are nothing, and ESC alone is never over.
//!
//! Time is passed in, so that the rules can be tested without waiting.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::keys;

/// How long after it ESC was a key: what editors wait (vim's `ttimeoutlen`), which SSH keeps.
pub const LIMIT: Duration = Duration::from_millis(100);
/// How long after its last byte an unfinished sequence is over.
pub const SWALLOW: Duration = Duration::from_secs(1);
/// Longest time between ESC and a key that together are one with Alt; a hand is slower.
pub const TOGETHER: Duration = Duration::from_millis(25);
/// How long a paste without its end mark rests before it is taken as it is.
pub const PASTE_LIMIT: Duration = Duration::from_secs(2);
/// Most bytes of one paste; the rest is dropped and told.
pub const LARGEST_PASTE: usize = 1024 * 1024;

/// Most bytes of a sequence that are kept to be looked at; the rest is followed and forgotten.
const LONGEST: usize = 128;
const PASTE_BEGIN: &[u8] = b"200";
const PASTE_END: &[u8] = b"\x1b[201~";
const CTRL_C: u8 = 0x03;
const ESC: u8 = 0x1b;

/// What the terminal sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Key(KeyEvent),
    /// A paste between marks; lines end in `\n`.
    Paste(Paste),
    /// The colour of the background, which was asked for (OSC 11): red, green, blue.
    Background([u8; 3]),
}

/// Text that came in as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paste {
    /// The text; lines end in `\n`, whatever the terminal sent.
    pub text: String,
    /// True if more than [`LARGEST_PASTE`] bytes came and the rest was dropped.
    pub cut: bool,
    /// True if its end mark did not come.
    pub unfinished: bool,
}

impl Paste {
    /// A finished paste: `\r\n` and `\r` are line ends, and no more than [`LARGEST_PASTE`] bytes.
    pub fn of(text: &str) -> Self {
        let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
        let cut = text.len() > LARGEST_PASTE;
        text.truncate(text.floor_char_boundary(LARGEST_PASTE));
        Self {
            text,
            cut,
            unfinished: false,
        }
    }
}

/// Where in the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Ground,
    /// In a character of several bytes.
    Letter,
    Escape,
    /// Behind `CSI`.
    Csi,
    /// Behind `CSI [`.
    Linux,
    /// Behind `SS3`.
    Ss3,
    /// In an OSC, DCS, SOS, PM or APC; so many bytes of a letter are still to come, which may be a control of eight bits.
    Text {
        opener: u8,
        letter: u8,
        control: bool,
    },
    /// Behind ESC in one of these.
    TextEscape,
    /// In a mouse report; so many bytes are still to come.
    Mouse(u8),
    /// Between the marks of a paste; so many bytes of the end mark have come.
    Paste(usize),
}

/// How ESC and what followed it came: what they are if they turn out to be keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Escape {
    #[default]
    Together,
    /// One after the other: two keys.
    Apart,
    /// So far apart that Esc was told: one more key.
    Told,
    /// As one control of eight bits: no key.
    Control,
}

/// The state between two reads.
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    /// A sequence's parameters, a text's beginning, or a letter's bytes.
    body: Vec<u8>,
    /// An ESC came before the ESC of the sequence: Alt, or the key.
    doubled: bool,
    escape: Escape,
    /// The last byte was an ESC, and was told as the key.
    told: bool,
    /// The key that comes has Alt.
    alt: bool,
    paste: Vec<u8>,
    cut: bool,
    /// When the last byte came.
    last: Option<Instant>,
}

impl Decoder {
    /// Takes what was read at `now`, and returns what is certain.
    pub fn feed(&mut self, mut bytes: &[u8], now: Instant) -> Vec<Input> {
        let mut out = self.expire(now);
        let gap = self
            .last
            .map_or(Duration::MAX, |last| now.saturating_duration_since(last));
        // Ctrl-C works always: in a paste that rests it is no part of it.
        if matches!(self.state, State::Paste(_)) && gap >= LIMIT && bytes.first() == Some(&CTRL_C) {
            self.end_paste(true, &mut out);
        }
        if bytes.len() == 1 && gap >= LIMIT && self.is_opened() && !begins(self.state, bytes[0]) {
            self.opener_was_a_key(&mut out);
        }
        let mut gap = Some(gap);
        while let Some((&byte, rest)) = bytes.split_first() {
            if let State::Paste(matched) = self.state {
                bytes = self.in_paste(bytes, matched, &mut out);
            } else {
                self.take(byte, gap.take().unwrap_or_default(), &mut out);
                bytes = rest;
            }
        }
        self.last = Some(now);
        out
    }

    /// When [`Decoder::expire`] is to be called if nothing comes; `None` while nothing is pending.
    pub fn deadline(&self) -> Option<Instant> {
        let limit = match self.state {
            State::Ground => return None,
            State::Paste(_) => PASTE_LIMIT,
            State::Escape => LIMIT,
            _ => SWALLOW,
        };
        self.last.map(|last| last + limit)
    }

    /// Ends what was begun and got nothing more in its time.
    pub fn expire(&mut self, now: Instant) -> Vec<Input> {
        let mut out = Vec::new();
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return out;
        }
        match self.state {
            State::Paste(_) => self.end_paste(true, &mut out),
            State::Escape => {
                self.single_escapes(&mut out);
                out.push(Input::Key(KeyCode::Esc.into()));
                self.rest();
                self.told = true;
            }
            _ if self.is_opened() => self.opener_was_a_key(&mut out),
            _ => {
                self.single_escapes(&mut out);
                self.rest();
            }
        }
        out
    }

    /// Whether only what opens a sequence came.
    fn is_opened(&self) -> bool {
        matches!(self.state, State::Csi | State::Ss3 | State::Text { .. }) && self.body.is_empty()
    }

    /// One byte, so long after the one before it, outside of a paste.
    fn take(&mut self, byte: u8, gap: Duration, out: &mut Vec<Input>) {
        let told = std::mem::take(&mut self.told);
        match self.state {
            State::Ground if told && gap < SWALLOW && is_opener(byte) => {
                self.escape = Escape::Told;
                self.open(byte);
            }
            State::Ground | State::Paste(_) => self.ground(byte, out),
            State::Letter => self.letter(byte, out),
            State::Escape => self.escape(byte, gap, out),
            State::Csi => self.csi(byte, out),
            State::Linux => {
                if !self.breaks(byte, out) {
                    self.key(keys::linux(byte), out);
                }
            }
            State::Ss3 => match byte {
                b'0'..=b'9' => self.keep(byte),
                _ if self.breaks(byte, out) => {}
                _ => self.key(keys::ss3(&self.body, byte), out),
            },
            State::Text {
                opener,
                letter,
                control,
            } => self.text(opener, letter, control, byte, out),
            State::TextEscape => {
                if byte == b'\\' {
                    self.end_text(out);
                } else {
                    // Not its end, so it has none: something else began.
                    self.begin_escape(false, out);
                    self.escape(byte, gap, out);
                }
            }
            State::Mouse(left) => {
                if !self.breaks(byte, out) {
                    self.state = State::Mouse(left - 1);
                    if left == 1 {
                        self.key(None, out);
                    }
                }
            }
        }
    }

    fn ground(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            ESC => self.begin_escape(false, out),
            0..0x80 => {
                let key = keys::byte(byte);
                // Never hidden behind Alt.
                self.alt &= byte != CTRL_C;
                self.key(key, out);
            }
            0x80..=0x9f => self.control(byte, out),
            0xc2..=0xf4 => {
                self.state = State::Letter;
                self.keep(byte);
            }
            // No beginning of anything.
            _ => self.key(None, out),
        }
    }

    fn letter(&mut self, byte: u8, out: &mut Vec<Input>) {
        let mut whole = self.body.clone();
        whole.push(byte);
        match std::str::from_utf8(&whole) {
            Ok(text) => match text.chars().next() {
                Some(c @ '\u{80}'..='\u{9f}') => self.control(c as u8, out),
                Some(c) => self.key(Some(keys::character(c)), out),
                None => self.rest(),
            },
            Err(error) if error.error_len().is_none() => self.keep(byte),
            Err(_) => {
                self.rest();
                self.ground(byte, out);
            }
        }
    }

    /// A control of eight bits: what ESC and the byte 0x40 below are in seven.
    fn control(&mut self, byte: u8, out: &mut Vec<Input>) {
        self.begin_escape(false, out);
        self.escape = Escape::Control;
        match byte - 0x40 {
            opener if is_opener(opener) => self.open(opener),
            _ => self.rest(),
        }
    }

    fn begin_escape(&mut self, doubled: bool, out: &mut Vec<Input>) {
        if !doubled {
            self.single_escapes(out);
        }
        self.rest();
        self.doubled = doubled;
        self.state = State::Escape;
    }

    fn escape(&mut self, byte: u8, gap: Duration, out: &mut Vec<Input>) {
        let together = gap <= TOGETHER;
        match byte {
            ESC if together => {
                self.single_escapes(out);
                self.begin_escape(true, out);
            }
            opener if is_opener(opener) => {
                self.escape = if together {
                    Escape::Together
                } else {
                    Escape::Apart
                };
                self.open(opener);
            }
            _ => {
                self.single_escapes(out);
                if together {
                    self.rest();
                    self.alt = true;
                } else {
                    out.push(Input::Key(KeyCode::Esc.into()));
                    self.rest();
                }
                // A control of eight bits has no Alt.
                self.ground(byte, out);
            }
        }
    }

    fn open(&mut self, opener: u8) {
        self.body.clear();
        self.state = match opener {
            b'[' => State::Csi,
            b'O' => State::Ss3,
            opener => State::Text {
                opener,
                letter: 0,
                control: false,
            },
        };
    }

    fn csi(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            b'[' if self.body.is_empty() => self.state = State::Linux,
            0x20..=0x3f => self.keep(byte),
            b'~' if self.body == PASTE_BEGIN => {
                self.single_escapes(out);
                self.rest();
                self.state = State::Paste(0);
            }
            b'M' if self.body.is_empty() => self.state = State::Mouse(3),
            _ if self.breaks(byte, out) => {}
            _ => self.key(keys::csi(&self.body, byte), out),
        }
    }

    fn text(&mut self, opener: u8, letter: u8, control: bool, byte: u8, out: &mut Vec<Input>) {
        // ST as a byte of its own, or as the character U+009C.
        let continues = letter > 0 && (0x80..=0xbf).contains(&byte);
        if byte == 0x9c && (!continues || control) {
            self.body.pop_if(|last| control && *last == 0xc2);
            return self.end_text(out);
        }
        match byte {
            0x07 => return self.end_text(out),
            ESC => {
                self.state = State::TextEscape;
                return;
            }
            // CAN and SUB cancel a sequence.
            CTRL_C | 0x18 | 0x1a => {
                self.breaks(byte, out);
                return;
            }
            _ => self.keep(byte),
        }
        let letter = match byte {
            _ if continues => letter - 1,
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => 0,
        };
        self.state = State::Text {
            opener,
            letter,
            control: byte == 0xc2,
        };
    }

    fn end_text(&mut self, out: &mut Vec<Input>) {
        self.single_escapes(out);
        out.extend(background(&self.body).map(Input::Background));
        self.rest();
    }

    /// Whether a byte cannot stand in a sequence; then that is over, and the byte counts only if it begins another or
    /// is Ctrl-C.
    fn breaks(&mut self, byte: u8, out: &mut Vec<Input>) -> bool {
        let last = (0x40..0x7f).contains(&byte);
        let mouse = matches!(self.state, State::Mouse(_)) && byte >= 0x20;
        if last || mouse {
            return false;
        }
        self.single_escapes(out);
        self.rest();
        if byte == ESC || byte == CTRL_C {
            self.ground(byte, out);
        }
        true
    }

    /// The sequence is a key, or nothing.
    fn key(&mut self, key: Option<KeyEvent>, out: &mut Vec<Input>) {
        match key {
            Some(mut key) => {
                if self.alt || self.doubled {
                    key.modifiers |= KeyModifiers::ALT;
                }
                out.push(Input::Key(key));
            }
            // A reply came behind a key.
            None => self.single_escapes(out),
        }
        self.rest();
    }

    /// An ESC before the sequence's own that was a key after all.
    fn single_escapes(&mut self, out: &mut Vec<Input>) {
        if std::mem::take(&mut self.doubled) {
            out.push(Input::Key(KeyCode::Esc.into()));
        }
    }

    fn opener_was_a_key(&mut self, out: &mut Vec<Input>) {
        self.single_escapes(out);
        let opener = match self.state {
            State::Csi => b'[',
            State::Ss3 => b'O',
            State::Text { opener, .. } => opener,
            _ => return,
        };
        let mut key = keys::character(char::from(opener));
        match self.escape {
            Escape::Together => key.modifiers |= KeyModifiers::ALT,
            Escape::Apart => out.push(Input::Key(KeyCode::Esc.into())),
            Escape::Told | Escape::Control => {}
        }
        if self.escape != Escape::Control {
            out.push(Input::Key(key));
        }
        self.rest();
    }

    fn keep(&mut self, byte: u8) {
        if self.body.len() < LONGEST {
            self.body.push(byte);
        }
    }

    /// Nothing is begun.
    fn rest(&mut self) {
        self.state = State::Ground;
        self.body.clear();
        self.doubled = false;
        self.alt = false;
    }

    /// Takes what belongs to the paste, of whose end mark so many bytes have come; returns the rest.
    fn in_paste<'a>(&mut self, bytes: &'a [u8], matched: usize, out: &mut Vec<Input>) -> &'a [u8] {
        if matched == 0 {
            let to = bytes.iter().position(|byte| *byte == ESC);
            let (text, rest) = bytes.split_at(to.unwrap_or(bytes.len()));
            self.pasted(text);
            self.state = State::Paste(usize::from(to.is_some()));
            return rest.get(1..).unwrap_or_default();
        }
        if bytes[0] != PASTE_END[matched] {
            // No end mark; the byte is looked at again.
            self.pasted(&PASTE_END[..matched]);
            self.state = State::Paste(0);
            return bytes;
        }
        if matched + 1 == PASTE_END.len() {
            self.end_paste(false, out);
        } else {
            self.state = State::Paste(matched + 1);
        }
        &bytes[1..]
    }

    fn pasted(&mut self, text: &[u8]) {
        // Line ends may shrink: what is over the limit is cut by `Paste::of`, which is told by more bytes than that.
        let room = (2 * LARGEST_PASTE).saturating_sub(self.paste.len());
        self.cut |= text.len() > room;
        self.paste.extend_from_slice(&text[..text.len().min(room)]);
    }

    fn end_paste(&mut self, unfinished: bool, out: &mut Vec<Input>) {
        let bytes = std::mem::take(&mut self.paste);
        let mut paste = Paste::of(&String::from_utf8_lossy(&bytes));
        paste.cut |= std::mem::take(&mut self.cut);
        paste.unfinished = unfinished;
        out.push(Input::Paste(paste));
        self.rest();
    }
}

/// What makes ESC the beginning of more.
fn is_opener(byte: u8) -> bool {
    matches!(byte, b'[' | b'O' | b'P' | b']' | b'X' | b'^' | b'_')
}

/// Whether what was opened can go on with this byte: a text of a terminal begins with a number, or the letter of what is
/// told (OSC: a title), or with a parameter (DCS). Nothing tells the other kinds from a key.
fn begins(state: State, byte: u8) -> bool {
    match state {
        State::Text { .. } if byte == 0x07 => true,
        State::Text { opener: b']', .. } => matches!(byte, b'0'..=b'9' | b'l' | b'L' | b'I'),
        State::Text { opener: b'P', .. } => matches!(byte, 0x20..=0x3f),
        _ => !matches!(byte, 0..0x20 | 0x7f),
    }
}

/// The colour in `11;rgb:1e1e/1e1e/2e2e`, a terminal's answer to what its background is; each part has one to four
/// digits.
fn background(body: &[u8]) -> Option<[u8; 3]> {
    let text = std::str::from_utf8(body).ok()?.strip_prefix("11;")?;
    let (_, parts) = text
        .split_once(':')
        .filter(|(kind, _)| matches!(*kind, "rgb" | "rgba"))?;
    let mut parts = parts.split('/').map(|part| {
        let most = 16_u32.checked_pow(u32::try_from(part.len()).ok()?)? - 1;
        let level = u32::from_str_radix(part, 16).ok()?;
        (1..=4)
            .contains(&part.len())
            .then(|| (level * 255 / most) as u8)
    });
    Some([parts.next()??, parts.next()??, parts.next()??])
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
