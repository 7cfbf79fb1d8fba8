//! The one guard for private keys in what is typed or pasted: a key is recognised however it comes, refused and wiped, together
//! with whatever of it is still to come.

use crossterm::event::KeyCode;

use super::field::TextField;
use crate::domain::csr;
use crate::domain::secret::{self, SecretKind};

const END: &str = "-----END";

/// What to tell of a key that [`KeyGuard::consume`] took, where nothing else stands there.
pub(super) const LEFT_OUT: &str = "What follows the private key is left out too: certdeck never sends it. Press Backspace to type again.";

/// Stands before the fields of one part, and knows whether the rest of a refused private key is still on its way: a
/// terminal without bracketed paste delivers it as keys, a slow one in several pieces.
#[derive(Debug, Default)]
pub(super) struct KeyGuard {
    active: bool,
    /// The armour ended; its line break may follow.
    ended: bool,
    /// What was refused had no armour that tells its end: a next piece may be more of it.
    bare: bool,
    /// The last characters, to see the armour's end.
    tail: String,
}

/// Text that was refused and is wiped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It held a private key.
    Key(SecretKind),
    /// More of one that was refused before, and told then.
    Rest,
}

impl Refused {
    /// What to tell; nothing for the rest.
    pub(super) fn words(self) -> Option<String> {
        match self {
            Self::Key(kind) => Some(format!(
                "That was {kind}. certdeck did not keep it and never sends it."
            )),
            Self::Rest => None,
        }
    }
}

/// Looks at a whole text: one with a private key in it is wiped.
pub(super) fn refuse(text: &mut String) -> Option<SecretKind> {
    let kind = secret::contains_private_key(text)?;
    secret::wipe(text);
    Some(kind)
}

impl KeyGuard {
    /// Looks at text that was pasted or came from a file or an editor. `None`: it may be taken.
    pub(super) fn pasted(&mut self, text: &mut String) -> Option<Refused> {
        if self.takes_piece(text) {
            secret::wipe(text);
            return Some(Refused::Rest);
        }
        let begins = text.matches("-----BEGIN").count();
        let ends = text.matches(END).count();
        let kind = refuse(text)?;
        self.start(begins > ends);
        self.bare = begins == 0;
        Some(Refused::Key(kind))
    }

    /// Looks at a field after something was typed into it: what stands there may have become a private key.
    pub(super) fn typed(&mut self, field: &mut TextField) -> Option<Refused> {
        let mut text = field.text();
        let kind = refuse(&mut text);
        secret::wipe(&mut text);
        let kind = kind?;
        field.wipe();
        self.start(true);
        Some(Refused::Key(kind))
    }

    /// Begins it, if the rest is still to come.
    fn start(&mut self, rest_to_come: bool) {
        self.active = rest_to_come;
        self.ended = false;
        self.bare = false;
        secret::wipe(&mut self.tail);
    }

    /// Ends it: another kind of key was pressed.
    pub(super) fn stop(&mut self) {
        self.start(false);
    }

    /// Consumes a typed character (or line break) that belongs to the refused text; tells whether it did.
    pub(super) fn consume(&mut self, code: KeyCode) -> bool {
        if self.ended {
            self.stop();
            return code == KeyCode::Enter;
        }
        if !self.active {
            return false;
        }
        let c = match code {
            KeyCode::Char(c) => c,
            KeyCode::Enter => '\n',
            _ => {
                self.stop();
                return false;
            }
        };
        self.tail.push(c);
        self.look_for_end();
        true
    }

    /// Whether a pasted piece is more of the refused text. Text with an armour of its own is new.
    fn takes_piece(&mut self, text: &str) -> bool {
        if !self.active {
            return self.bare && is_rest(text);
        }
        if text.contains("-----BEGIN") {
            self.stop();
            return false;
        }
        self.tail.push_str(text);
        self.look_for_end();
        true
    }

    fn look_for_end(&mut self) {
        if let Some(at) = self.tail.find(END) {
            let after = &self.tail[at + END.len()..];
            if after.contains('\n') {
                self.stop();
            } else if after.contains("KEY-----") {
                self.stop();
                self.ended = true;
            }
            return;
        }
        if self.tail.len() > 64 {
            let keep = self
                .tail
                .char_indices()
                .rev()
                .nth(16)
                .map_or(0, |(at, _)| at);
            let rest = self.tail.split_off(keep);
            secret::wipe(&mut self.tail);
            self.tail = rest;
        }
    }
}

/// Whether it can be the rest of something encoded: a long word, or lines of them, and no CSR.
fn is_rest(text: &str) -> bool {
    const SHORTEST: usize = 16;
    let encoded =
        |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || "+/=_-:".contains(c);
    let words = || text.split_ascii_whitespace();
    text.chars().all(encoded)
        && words().next().is_some_and(|word| word.len() >= SHORTEST)
        && csr::paste(text).is_err()
}
