//! A form as text that is kept: everything typed, nothing else, and never a private key (which never gets into a
//! field). Choices are kept by id, so that an offer that changed meanwhile does not change what was chosen.

use serde_json::{Map, Value};

use crate::app::fields::Input;
use crate::domain::secret;

use super::Form;

impl Form {
    /// Everything typed, as JSON.
    pub fn draft_json(&self) -> String {
        let mut fields = Map::new();
        for (key, text) in &self.waiting {
            fields.insert(key.clone(), Value::String(text.clone()));
        }
        for field in self.fields.all.iter().filter(|field| field.touched) {
            fields.insert(
                field.id.key().into(),
                Value::String(self.fields.value(field.id)),
            );
        }
        let mut kept = Map::new();
        kept.insert("fields".into(), Value::Object(fields));
        let focus = match &self.wanted_focus {
            Some(wanted) => wanted.clone(),
            None => self.focus().key().into_owned(),
        };
        kept.insert("focus".into(), Value::String(focus));
        Value::Object(kept).to_string()
    }

    /// Puts back what was kept. What cannot be read is left out: the rest is worth having.
    pub(super) fn restore(&mut self, json: &str) {
        let Ok(kept) = serde_json::from_str::<Value>(json) else {
            return;
        };
        let fields = kept["fields"].as_object().into_iter().flatten();
        for (key, text) in fields {
            let Some(text) = text.as_str() else { continue };
            // A draft file is only a file: whatever wrote it, a private key does not come in through it.
            if secret::contains_private_key(text).is_none() {
                self.waiting.insert(key.clone(), text.to_owned());
            }
        }
        self.fill_waiting();
        self.wanted_focus = kept["focus"].as_str().map(str::to_owned);
        self.fill_focus();
    }

    /// Goes to the field that had the focus, once it is there.
    pub(super) fn fill_focus(&mut self) {
        let wanted = self.wanted_focus.as_deref();
        let there = self.fields.all.iter().map(|field| field.id);
        if let Some(id) = there.clone().find(|id| wanted == Some(&*id.key())) {
            self.fields.refocus(id);
            self.show_cursor_on_top();
            self.wanted_focus = None;
        }
    }

    /// What was kept goes into the fields that are there; the rest waits for a field that the account defines.
    pub(super) fn fill_waiting(&mut self) {
        for field in &mut self.fields.all {
            let Some(text) = self.waiting.remove(field.id.key().as_ref()) else {
                continue;
            };
            match &mut field.input {
                Input::Text(field) => field.set_text(&text),
                Input::Choice(choice) => choice.choose(&text),
                Input::Flag(flag) => *flag = text == "true",
            }
            field.touched = true;
        }
        if !self.kind.makes_order() {
            self.waiting.clear();
        }
    }
}
