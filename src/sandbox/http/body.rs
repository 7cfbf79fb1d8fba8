//! The body of a call: unknown keys are ignored, explicit nulls are absent, numbers may be strings and flags numbers.

use serde_json::{Map, Value};

use super::error::ApiError;
use crate::sandbox::rules::Refusal;

/// A JSON object, read leniently by dotted paths.
#[derive(Debug, Clone, PartialEq)]
pub struct Body(Map<String, Value>);

impl Body {
    /// Reads the bytes; empty means `{}`, and so does `null`, which JavaScript and Go clients send when they have no body.
    pub fn read(bytes: &[u8]) -> Result<Self, ApiError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(map)) => Ok(Self(map)),
            Ok(Value::Null) => Ok(Self(Map::new())),
            Ok(_) | Err(_) => Err(ApiError::Refused(Refusal::BadFormat)),
        }
    }

    /// An object, from a value that holds one.
    pub fn of(value: &Value) -> Self {
        Self(value.as_object().cloned().unwrap_or_default())
    }

    /// The value at a dotted path, unless it is null.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let mut value = self.0.get(first)?;
        for part in rest.split('.').filter(|part| !part.is_empty()) {
            value = value.get(part)?;
        }
        Some(value).filter(|value| !value.is_null())
    }

    /// Text; numbers are written out. Blank text is absent.
    pub fn text(&self, path: &str) -> Option<String> {
        let text = match self.get(path)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// A whole number, also as a string.
    pub fn integer(&self, path: &str) -> Option<i64> {
        match self.get(path)? {
            Value::Number(number) => number
                .as_i64()
                .or_else(|| number.as_f64().map(|float| float as i64)),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// An id: a whole number above zero. Clients in typed languages send 0 for "none".
    pub fn id(&self, path: &str) -> Option<u64> {
        u64::try_from(self.integer(path)?).ok().filter(|id| *id > 0)
    }

    /// A flag: `true`, `1`, `"1"`, `"true"`.
    pub fn flag(&self, path: &str) -> bool {
        match self.get(path) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_i64() != Some(0),
            Some(Value::String(text)) => matches!(text.trim(), "1" | "true" | "True" | "TRUE"),
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => false,
        }
    }

    /// A list of texts; one text alone, or texts separated by commas, is a list too. Blanks are dropped.
    pub fn texts(&self, path: &str) -> Option<Vec<String>> {
        let list = match self.get(path)? {
            Value::Array(items) => items
                .iter()
                .filter_map(Value::as_str)
                .map(str::trim)
                .map(str::to_owned)
                .collect(),
            Value::String(text) => text
                .split(',')
                .map(str::trim)
                .map(str::to_owned)
                .collect::<Vec<_>>(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
        };
        Some(list.into_iter().filter(|text| !text.is_empty()).collect())
    }

    /// A list of objects.
    pub fn objects(&self, path: &str) -> Vec<Self> {
        match self.get(path) {
            Some(Value::Array(items)) => items.iter().map(Self::of).collect(),
            Some(_) | None => Vec::new(),
        }
    }

    /// One error for each of these paths that is missing or blank.
    pub fn require(&self, paths: &[&str]) -> Result<(), ApiError> {
        let missing: Vec<String> = paths
            .iter()
            .filter(|path| !self.has(path))
            .map(|&path| path.to_owned())
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(ApiError::Refused(Refusal::Required(missing)))
        }
    }

    /// Whether something other than null or blank text stands at the path.
    pub fn has(&self, path: &str) -> bool {
        match self.get(path) {
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(_) => true,
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_write_numbers_flags_and_lists_as_they_like() {
        let body = Body::read(
            br#"{"organization":{"id":"12"},"skip_approval":1,"note":null,"certificate":{"dns_names":"a.b, c.d","emails":["x@y"," "]}}"#,
        )
        .unwrap();
        assert_eq!(body.id("organization.id"), Some(12));
        assert!(body.flag("skip_approval"));
        assert_eq!(body.text("note"), None);
        assert_eq!(body.texts("certificate.dns_names").unwrap(), ["a.b", "c.d"]);
        assert_eq!(body.texts("certificate.emails").unwrap(), ["x@y"]);
        assert!(body.require(&["organization.id", "note", "x.y"]).is_err());
    }

    #[test]
    fn empty_is_an_object_and_garbage_is_refused() {
        assert!(Body::read(b"  ").is_ok());
        assert!(Body::read(b"null").is_ok());
        assert!(Body::read(b"[]").is_err());
        assert!(Body::read(b"{").is_err());
    }
}
