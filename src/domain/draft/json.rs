//! The exact text of a request's body: fields in the order of the documentation, only those that apply, laid out to
//! be read, because what the review shows is what is sent.

use serde_json::{Map, Value};

/// A JSON object being written; a field without a value is left out.
#[derive(Debug, Default)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    /// Adds a field.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_string(), value.into());
    }

    /// Adds a text that was given.
    pub(super) fn set_text(&mut self, key: &str, text: &str) {
        if !text.trim().is_empty() {
            self.set(key, text.trim());
        }
    }

    /// Adds a list that is not empty.
    pub(super) fn set_list(&mut self, key: &str, list: &[String]) {
        if !list.is_empty() {
            self.set(key, list.to_vec());
        }
    }

    /// Adds a flag that is on; off is what the API assumes.
    pub(super) fn set_flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.set(key, true);
        }
    }

    /// Adds an object that is not empty.
    pub(super) fn set_object(&mut self, key: &str, object: Object) {
        if !object.0.is_empty() {
            self.set(key, Value::Object(object.0));
        }
    }

    /// Adds the fields of another object.
    pub(super) fn extend(&mut self, other: Object) {
        self.0.extend(other.0);
    }

    /// Adds a list of objects that is not empty.
    pub(super) fn set_objects(&mut self, key: &str, list: impl Iterator<Item = Object>) {
        let list: Vec<Value> = list.map(|object| Value::Object(object.0)).collect();
        if !list.is_empty() {
            self.set(key, list);
        }
    }

    /// The text.
    pub(super) fn text(self) -> String {
        format!("{:#}", Value::Object(self.0))
    }
}
