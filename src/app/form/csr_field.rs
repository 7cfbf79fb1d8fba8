//! What gets into the CSR field, and what does not: a private key is recognised however it comes, refused and wiped,
//! together with whatever of it is still being typed or pasted.

use crossterm::event::KeyCode;

use crate::domain::csr;
use crate::domain::draft::{FieldId, Note, Tone, lists};
use crate::domain::secret;

use super::{Form, FormStep, Input, Layer};

/// Whether the rest of a refused private key is still on its way. A terminal without bracketed paste delivers it as
/// keys, a slow one in several pieces.
#[derive(Debug, Default)]
pub(in crate::app) struct Refusing {
    active: bool,
    /// The armour ended; its line break may follow.
    ended: bool,
    /// What was refused had no armour that tells its end: a next piece may be more of it.
    bare: bool,
    /// The last characters, to see the armour's end.
    tail: String,
}

const END: &str = "-----END";

impl Refusing {
    /// Begins it, if the rest is still to come.
    pub(in crate::app) fn start(&mut self, rest_to_come: bool) {
        self.active = rest_to_come;
        self.ended = false;
        self.bare = false;
        secret::wipe(&mut self.tail);
    }

    /// Begins it for a text that was pasted, as far as it may not have been the whole.
    pub(in crate::app) fn pasted(&mut self, text: &str) {
        let begins = text.matches("-----BEGIN").count();
        self.start(begins > text.matches(END).count());
        self.bare = begins == 0;
    }

    /// Ends it: another kind of key was pressed.
    pub(in crate::app) fn stop(&mut self) {
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

impl Form {
    /// Refuses text with a private key in it, and wipes it. `None` when there is none.
    pub(super) fn refuse_key(&mut self, text: &mut String) -> Option<Vec<FormStep>> {
        if self.refusing.swallow_piece(text) {
            secret::wipe(text);
            return Some(Vec::new());
        }
        let kind = secret::contains_private_key(text)?;
        self.refusing.pasted(text);
        secret::wipe(text);
        Some(self.tell_refusal(&kind.to_string()))
    }

    /// After a typed key: what stands in the field may have become a private key.
    pub(super) fn refuse_typed_key(&mut self, id: FieldId) -> Option<Vec<FormStep>> {
        let Input::Text(text) = &mut self.field_mut(id)?.input else {
            return None;
        };
        let kind = text.refuse_key()?;
        if let Some(field) = self.field_mut(id) {
            // The draft that was kept a moment ago may hold its beginning: it is written again, without.
            field.touched = true;
        }
        self.refusing.start(true);
        self.recheck();
        let mut steps = self.tell_refusal(&kind.to_string());
        steps.push(FormStep::Changed);
        Some(steps)
    }

    /// The same for what is typed into the question that lies over the fields.
    pub(super) fn refuse_key_in_layer(&mut self) -> Option<Vec<FormStep>> {
        let field = match &mut self.layer {
            Layer::LoadFile(load) => &mut load.path,
            Layer::MakeKey(make) => &mut make.path,
            Layer::Review(reviewing) => &mut reviewing.confirm,
            Layer::Editing | Layer::Discard => return None,
        };
        let kind = field.refuse_key()?;
        self.refusing.start(true);
        Some(self.tell_refusal(&kind.to_string()))
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

    /// Asks for the names that stand in the CSR, in place of those that were typed: the account takes none from it.
    pub(super) fn take_names(&mut self) -> Vec<FormStep> {
        let tell = |words: &str| vec![FormStep::Tell(words.into())];
        if !self.has(FieldId::Names) {
            return tell("There are no names to ask for in this form.");
        }
        let Some(csr) = &self.reading.csr else {
            return tell("There is no CSR here yet whose names could be taken.");
        };
        let mut names = csr.dns_names();
        let own = csr.subject.common_name.clone().unwrap_or_default();
        let common = names.iter().find(|name| lists::same(name, &own));
        let Some(common) = common.or(names.first()).cloned() else {
            return tell("The CSR holds no names.");
        };
        names.retain(|name| !lists::same(name, &common));
        let count = names.len() + 1;
        for (id, text) in [
            (FieldId::CommonName, common),
            (FieldId::Names, names.join("\n")),
        ] {
            let Some(field) = self.field_mut(id) else {
                continue;
            };
            match &mut field.input {
                Input::Text(input) => input.set_text(&text),
                // Of a duplicate only a name of its order can be the common name.
                Input::Choice(choice) if choice.options().iter().any(|one| one.id == text) => {
                    choice.choose(&text);
                }
                Input::Choice(_) | Input::Flag(_) => continue,
            }
            field.touched = true;
            if let Some(refusal) = &mut self.refusal {
                refusal.changed(id);
            }
        }
        self.recheck();
        let words = match count {
            1 => "The CSR's name is asked for.".to_owned(),
            many => format!("The CSR's {many} names are asked for."),
        };
        vec![FormStep::Tell(words), FormStep::Changed]
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
