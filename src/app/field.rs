//! One text field: a line, several lines or masked, around the text area that does the editing. What enters is made
//! plain first: line ends are `\n`, nothing a terminal would obey or hide gets in, and there is an end to it.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::style::{Modifier, Style};
use tui_textarea::{CursorMove, TextArea, WrapMode};
use zeroize::Zeroize as _;

use crate::domain::text::bytes;
use crate::domain::text::is_hidden;

/// Bytes a field takes. The largest CSR in use has a few kilobytes; a paste of more is a mistake.
pub const MAX_BYTES: usize = 64 * 1024;

/// What a field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line; line breaks become spaces.
    Line,
    /// Several lines, wrapped at words.
    Lines,
    /// PEM: several lines, wrapped anywhere; no undo, so that what is wiped is gone.
    Pem,
    /// One line that is not shown.
    Masked,
}

impl FieldKind {
    /// Whether Enter makes a new line in it.
    pub fn is_multi_line(self) -> bool {
        matches!(self, Self::Lines | Self::Pem)
    }
}

/// A text field.
#[derive(Clone)]
pub struct TextField {
    kind: FieldKind,
    area: Box<TextArea<'static>>,
    /// Bytes that found no room since [`TextField::take_cut`].
    cut: usize,
}

impl fmt::Debug for TextField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextField({:?}, {})", self.kind, bytes(self.len()))
    }
}

impl PartialEq for TextField {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.area.lines() == other.area.lines()
    }
}

impl TextField {
    /// An empty field without focus.
    pub fn new(kind: FieldKind) -> Self {
        let mut field = Self {
            kind,
            area: Self::area_of(kind, vec![String::new()]),
            cut: 0,
        };
        field.set_focus(false);
        field
    }

    /// An empty line with focus.
    pub fn focused() -> Self {
        let mut field = Self::new(FieldKind::Line);
        field.set_focus(true);
        field
    }

    /// A field with text in it.
    pub fn with(kind: FieldKind, text: &str) -> Self {
        let mut field = Self::new(kind);
        field.set_text(text);
        field
    }

    fn area_of(kind: FieldKind, lines: Vec<String>) -> Box<TextArea<'static>> {
        let mut area = Box::new(TextArea::new(lines));
        area.set_cursor_line_style(Style::default());
        area.set_wrap_mode(match kind {
            FieldKind::Pem => WrapMode::Glyph,
            FieldKind::Lines => WrapMode::WordOrGlyph,
            FieldKind::Line | FieldKind::Masked => WrapMode::None,
        });
        match kind {
            FieldKind::Pem => area.set_max_histories(0),
            FieldKind::Masked => {
                area.set_max_histories(0);
                area.set_mask_char('•');
            }
            FieldKind::Line | FieldKind::Lines => {}
        }
        area
    }

    /// What it is for.
    pub fn kind(&self) -> FieldKind {
        self.kind
    }

    /// Its text, lines joined with `\n`.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Its text's length in bytes.
    pub fn len(&self) -> usize {
        let lines = self.area.lines();
        lines.iter().map(String::len).sum::<usize>() + lines.len() - 1
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Replaces the text; the cursor goes to its end.
    pub fn set_text(&mut self, text: &str) {
        let text = self.plain(text, MAX_BYTES);
        let style = self.area.cursor_style();
        self.area = Self::area_of(self.kind, text.split('\n').map(str::to_string).collect());
        self.area.set_cursor_style(style);
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
    }

    /// Shows or hides the cursor: only the field that gets what is typed shows one.
    pub fn set_focus(&mut self, focus: bool) {
        self.area.set_cursor_style(if focus {
            Style::default().add_modifier(Modifier::REVERSED)
        } else {
            Style::default()
        });
    }

    /// The text area, to draw it.
    pub fn widget(&self) -> &TextArea<'static> {
        &self.area
    }

    /// Types a key; tells whether the text changed. Enter and Ctrl-J are line breaks where there can be several
    /// lines, nothing elsewhere.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        if key.kind == KeyEventKind::Release {
            return false;
        }
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let line_break = key.code == KeyCode::Enter
            || matches!(key.code, KeyCode::Char('\n' | '\r'))
            || (ctrl && matches!(key.code, KeyCode::Char('j' | 'm')));
        if line_break {
            if !self.kind.is_multi_line() {
                return false;
            }
            if self.len() >= MAX_BYTES {
                self.cut += 1;
                return false;
            }
            self.area.insert_newline();
            return true;
        }
        match key.code {
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Esc => false,
            // As shells have it; the text area takes it for undo.
            KeyCode::Char('u') if ctrl => self.area.delete_line_by_head(),
            KeyCode::Char(c) if !ctrl && is_hidden(c) => false,
            KeyCode::Char(c) if !ctrl && self.len() >= MAX_BYTES => {
                self.cut += c.len_utf8();
                false
            }
            _ => self.area.input(key),
        }
    }

    /// Inserts pasted text at the cursor in one piece; tells whether the text changed.
    pub fn paste(&mut self, text: &str) -> bool {
        let mut text = self.plain(text, MAX_BYTES.saturating_sub(self.len()));
        // Without the line end after an armour the cursor stays where something is to be seen.
        if self.kind == FieldKind::Pem && text.trim_end().ends_with("-----") {
            text.truncate(text.trim_end().len());
        }
        !text.is_empty() && self.area.insert_str(text)
    }

    /// Overwrites the text in memory and leaves the field empty.
    pub fn wipe(&mut self) {
        let style = self.area.cursor_style();
        let empty = Self::area_of(self.kind, vec![String::new()]);
        let old = std::mem::replace(&mut self.area, empty);
        for mut line in old.into_lines() {
            line.zeroize();
        }
        self.area.set_cursor_style(style);
    }

    /// Whether the cursor can move a line up (or down) inside the text.
    pub fn can_move(&self, up: bool) -> bool {
        if !self.kind.is_multi_line() {
            return false;
        }
        let row = self.area.cursor().0;
        if up {
            row > 0
        } else {
            row + 1 < self.area.lines().len()
        }
    }

    /// How many bytes found no room since this was asked last; [`MAX_BYTES`] is what a field takes.
    pub fn take_cut(&mut self) -> usize {
        std::mem::take(&mut self.cut)
    }

    fn plain(&mut self, text: &str, limit: usize) -> String {
        let mut text = normalise(text);
        if !self.kind.is_multi_line() {
            text = text.trim_matches('\n').replace('\n', " ");
        }
        if text.len() > limit {
            let all = text.len();
            // A CSR far down in a long mail is what the mail was pasted for.
            if self.kind == FieldKind::Pem
                && let Some(begin) = text.find("-----BEGIN")
            {
                text.drain(..begin);
            }
            text.truncate(text.floor_char_boundary(limit));
            self.cut += all - text.len();
        }
        text
    }
}

/// Text as a field keeps it: `\r\n` and `\r` become `\n`, a tab a space, and what a terminal would obey or hide is
/// left out.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            c if is_hidden(c) => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    #[test]
    fn pasted_line_ends_of_any_kind_are_line_breaks() {
        let mut field = TextField::new(FieldKind::Pem);
        assert!(field.paste("\u{feff}one\rtwo\r\nthree\n\u{1b}[31mfour"));
        assert_eq!(field.text(), "one\ntwo\nthree\n[31mfour");
    }

    #[test]
    fn a_line_stays_one_line() {
        let mut field = TextField::new(FieldKind::Line);
        field.paste("shop.example.net\r\n");
        assert!(!field.key(press(KeyCode::Enter)));
        assert!(!field.key(KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL)));
        assert_eq!(field.text(), "shop.example.net");
    }

    #[test]
    fn typed_line_breaks_break_lines_where_there_can_be_several() {
        let mut field = TextField::new(FieldKind::Lines);
        field.key(press(KeyCode::Char('a')));
        field.key(press(KeyCode::Enter));
        field.key(press(KeyCode::Char('b')));
        field.key(KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL));
        assert_eq!(field.text(), "a\nb\n");
        assert!(field.can_move(true) && !field.can_move(false));
    }

    #[test]
    fn a_field_has_an_end() {
        let mut field = TextField::new(FieldKind::Pem);
        field.paste(&"ü".repeat(MAX_BYTES));
        assert!(field.len() <= MAX_BYTES);
        field.paste("x");
        field.paste("y");
        let full = field.len();
        assert!(!field.key(press(KeyCode::Char('z'))) || field.len() <= MAX_BYTES);
        assert!(full <= MAX_BYTES);
    }

    #[test]
    fn what_finds_no_room_is_counted_and_a_csr_in_a_long_mail_is_kept() {
        let csr = "-----BEGIN CERTIFICATE REQUEST-----\nMIIC\n-----END CERTIFICATE REQUEST-----";
        let mail = "x".repeat(2 * MAX_BYTES);
        let mut field = TextField::new(FieldKind::Pem);
        assert!(field.paste(&format!("{mail}{csr}")));
        assert_eq!(field.text(), csr);
        assert_eq!(field.take_cut(), mail.len());
        assert_eq!(field.take_cut(), 0);
        for kind in [FieldKind::Line, FieldKind::Lines, FieldKind::Pem] {
            let mut field = TextField::with(kind, &mail);
            assert_eq!((field.len(), field.take_cut()), (MAX_BYTES, MAX_BYTES));
            assert!(!field.key(press(KeyCode::Char('é'))));
            assert!(!field.paste("more"));
            assert_eq!(field.take_cut(), 2 + 4);
        }
    }

    #[test]
    fn debug_tells_the_length_only() {
        let field = TextField::with(FieldKind::Masked, "hunter2");
        assert_eq!(format!("{field:?}"), "TextField(Masked, 7 bytes)");
    }

    #[test]
    fn ctrl_u_clears_what_stands_before_the_cursor() {
        let mut field = TextField::with(FieldKind::Line, "foo..bar");
        let ctrl_u = KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert!(field.key(ctrl_u));
        assert!(field.is_empty());
    }

    #[test]
    fn wiping_empties_it_and_nothing_brings_it_back() {
        let mut field = TextField::with(FieldKind::Pem, "secret\ntext");
        field.wipe();
        field.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
        assert!(field.is_empty());
    }
}
