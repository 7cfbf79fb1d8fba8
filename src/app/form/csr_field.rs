//! What gets into the CSR field, and what does not: a private key is recognised however it comes, refused and wiped,
//! together with whatever of it is still being typed or pasted.

use crossterm::event::KeyCode;

use crate::domain::draft::{FieldId, Note, Tone};
use crate::domain::secret;

use super::{Form, FormStep, Input};

/// Whether the rest of a refused private key is still on its way. A terminal without bracketed paste delivers it as
/// keys, a slow one in several pieces.
#[derive(Debug, Default)]
pub(in crate::app) struct Refusing {
    active: bool,
    /// The armour ended; its line break may follow.
    ended: bool,
    /// The last characters, to see the armour's end.
    tail: String,
}

const END: &str = "-----END";

impl Refusing {
    /// Begins it, if the rest is still to come.
    pub(in crate::app) fn start(&mut self, rest_to_come: bool) {
        self.active = rest_to_come;
        self.ended = false;
        secret::wipe(&mut self.tail);
    }

    /// Ends it: another kind of key was pressed.
    pub(super) fn stop(&mut self) {
        self.start(false);
    }

    /// Swallows a typed character (or line break) that belongs to the refused text; tells whether it did.
    pub(in crate::app) fn swallow(&mut self, code: KeyCode) -> bool {
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

    /// Swallows a pasted piece of the refused text; tells whether it did. Text with an armour of its own is new.
    pub(in crate::app) fn swallow_piece(&mut self, text: &str) -> bool {
        if !self.active {
            return false;
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

impl Form {
    /// Refuses text with a private key in it, and wipes it. `None` when there is none.
    pub(super) fn refuse_key(&mut self, text: &mut String) -> Option<Vec<FormStep>> {
        if self.refusing.swallow_piece(text) {
            secret::wipe(text);
            return Some(Vec::new());
        }
        let kind = secret::contains_private_key(text)?;
        let begins = text.matches("-----BEGIN").count();
        let ends = text.matches(END).count();
        self.refusing.start(begins > ends);
        secret::wipe(text);
        Some(self.tell_refusal(&kind.to_string()))
    }

    /// After a typed key: what stands in the field may have become a private key.
    pub(super) fn refuse_typed_key(&mut self, id: FieldId) -> Option<Vec<FormStep>> {
        let mut text = self.value(id);
        let kind = secret::contains_private_key(&text);
        secret::wipe(&mut text);
        let kind = kind?;
        if let Some(field) = self.field_mut(id) {
            if let Input::Text(text) = &mut field.input {
                text.wipe();
            }
            // The draft that was kept a moment ago may hold its beginning: it is written again, without.
            field.touched = true;
        }
        self.refusing.start(true);
        self.recheck();
        let mut steps = self.tell_refusal(&kind.to_string());
        steps.push(FormStep::Changed);
        Some(steps)
    }

    fn tell_refusal(&mut self, kind: &str) -> Vec<FormStep> {
        let text = format!(
            "That was {kind}. It was not kept and is never sent. Paste the CSR made from it instead: openssl req -new -key FILE"
        );
        self.notice = Some(Note {
            tone: Tone::Bad,
            text: text.clone(),
        });
        vec![FormStep::Tell(text)]
    }

    /// Puts a text into the CSR field in place of what was there.
    pub(super) fn fill_csr(&mut self, text: &str) {
        if let Some(field) = self.field_mut(FieldId::Csr) {
            if let Input::Text(field) = &mut field.input {
                field.set_text(text.trim_end());
            }
            field.touched = true;
        }
        if let Some(refusal) = &mut self.refusal {
            refusal.changed(FieldId::Csr);
        }
        self.recheck();
    }
}
