//! A form as text that is kept: everything typed, nothing else, and never a private key (which never gets into a
//! field). Choices are kept by id, so that an offer that changed meanwhile does not change what was chosen.

use serde_json::{Map, Value};

use crate::domain::draft::FieldId;
use crate::domain::secret;

use super::{Form, Input};

impl Form {
    /// Everything typed, as JSON.
    pub fn draft_json(&self) -> String {
        let mut fields = Map::new();
        for field in self.fields.iter().filter(|field| field.touched) {
            fields.insert(field.id.key().into(), Value::String(self.value(field.id)));
        }
        let mut kept = Map::new();
        kept.insert("fields".into(), Value::Object(fields));
        kept.insert("focus".into(), Value::String(self.focus.key().into()));
        Value::Object(kept).to_string()
    }

    /// Puts back what was kept. What cannot be read is left out: the rest is worth having.
    pub(super) fn restore(&mut self, json: &str) {
        let Ok(kept) = serde_json::from_str::<Value>(json) else {
            return;
        };
        for id in FieldId::ALL.iter().copied() {
            let Some(text) = kept["fields"][id.key()].as_str() else {
                continue;
            };
            // A draft file is only a file: whatever wrote it, a private key does not come in through it.
            if secret::contains_private_key(text).is_some() {
                continue;
            }
            let Some(field) = self.field_mut(id) else {
                continue;
            };
            match &mut field.input {
                Input::Text(field) => field.set_text(text),
                Input::Choice(choice) => choice.choose(text),
                Input::Flag(flag) => *flag = text == "true",
            }
            field.touched = true;
        }
        if let Some(focus) = kept["focus"].as_str()
            && let Some(id) = FieldId::ALL.iter().find(|id| id.key() == focus)
        {
            self.focus = *id;
        }
    }
}
