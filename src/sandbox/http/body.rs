//! The body of a call, and the one way to read its fields: each reader knows the type that the documentation gives a field,
//! and refuses another one by the field's name. Unknown keys are ignored and explicit nulls are absent. What clients are
//! known to write differently stays welcome: numbers as text, flags as 0 and 1, blank text for nothing, one text for a list.

use serde_json::{Map, Value};

use super::error::ApiError;
use crate::sandbox::rules::Refusal;

/// A field that was read; `None` where it is absent, null or blank.
pub type Read<T> = Result<Option<T>, ApiError>;

/// A JSON object, read by dotted paths.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    fields: Map<String, Value>,
    /// Where this object stands in the whole body, for the names of its fields; empty for the whole.
    at: String,
}

impl Body {
    /// Reads the bytes; empty means `{}`, and so does `null`, which JavaScript and Go clients send when they have no body.
    pub fn read(bytes: &[u8]) -> Result<Self, ApiError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Self {
                fields,
                at: String::new(),
            }),
            Ok(Value::Null) => Ok(Self::default()),
            Ok(_) | Err(_) => Err(ApiError::Refused(Refusal::BadFormat)),
        }
    }

    /// The whole name of a field of this object.
    fn named(&self, path: &str) -> String {
        if self.at.is_empty() {
            path.to_owned()
        } else {
            format!("{}.{path}", self.at)
        }
    }

    /// `invalid_value` of a field of this object.
    pub fn invalid(&self, path: &str) -> ApiError {
        ApiError::Refused(Refusal::InvalidValue(self.named(path)))
    }

    /// The value at a dotted path, unless it is null. Everything on the way to it is an object.
    fn find(&self, path: &str) -> Read<&Value> {
        let mut fields = &self.fields;
        let mut from = 0;
        while let Some(length) = path[from..].find('.') {
            let end = from + length;
            match fields.get(&path[from..end]) {
                None | Some(Value::Null) => return Ok(None),
                Some(Value::Object(within)) => fields = within,
                Some(_) => return Err(self.invalid(&path[..end])),
            }
            from = end + 1;
        }
        Ok(fields.get(&path[from..]).filter(|value| !value.is_null()))
    }

    /// Text.
    pub fn text(&self, path: &str) -> Read<String> {
        match self.find(path)? {
            None => Ok(None),
            Some(Value::String(text)) => {
                Ok(Some(text.clone()).filter(|text| !text.trim().is_empty()))
            }
            Some(_) => Err(self.invalid(path)),
        }
    }

    /// Text that clients write as a number too: postal codes, telephone numbers, values of custom fields.
    pub fn text_or_number(&self, path: &str) -> Read<String> {
        match self.find(path)? {
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            _ => self.text(path),
        }
    }

    /// Text of at most so many characters.
    pub fn short_text(&self, path: &str, most: usize) -> Read<String> {
        match self.text(path)? {
            Some(text) if text.chars().count() > most => Err(self.invalid(path)),
            text => Ok(text),
        }
    }

    /// A word that means something.
    pub fn word<T>(&self, path: &str, meaning: impl FnOnce(&str) -> Option<T>) -> Read<T> {
        match self.text(path)? {
            None => Ok(None),
            Some(text) => meaning(&text).map(Some).ok_or_else(|| self.invalid(path)),
        }
    }

    /// A whole number, also as text. A float counts if it has no fraction: JavaScript knows no other numbers.
    pub fn integer(&self, path: &str) -> Read<i64> {
        let read = match self.find(path)? {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_i64().or_else(|| {
                let float = number.as_f64()?;
                (float.fract() == 0.0 && float.abs() < 9.0e15).then_some(float as i64)
            }),
            Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        read.map(Some).ok_or_else(|| self.invalid(path))
    }

    /// A count of something, zero included.
    pub fn count(&self, path: &str) -> Read<u32> {
        match self.integer(path)? {
            None => Ok(None),
            Some(number) => u32::try_from(number)
                .map(Some)
                .map_err(|_| self.invalid(path)),
        }
    }

    /// An id: a whole number above zero. Clients in typed languages send 0 for "none".
    pub fn id(&self, path: &str) -> Read<u64> {
        match self.integer(path)? {
            None | Some(0) => Ok(None),
            Some(number) => u64::try_from(number)
                .map(Some)
                .map_err(|_| self.invalid(path)),
        }
    }

    /// A list of ids.
    pub fn ids(&self, path: &str) -> Result<Vec<u64>, ApiError> {
        let id = |item: &Value| match item {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match self.find(path)? {
            None => Some(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(id).collect(),
            Some(_) => None,
        }
        .ok_or_else(|| self.invalid(path))
    }

    /// A flag that may be left out: `true`, `1`, `"1"`, `"true"`, and their opposites.
    pub fn flag_if_said(&self, path: &str) -> Read<bool> {
        let read = match self.find(path)? {
            None => return Ok(None),
            Some(Value::Bool(flag)) => Some(*flag),
            Some(Value::Number(number)) => match number.as_i64() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
            Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "" => return Ok(None),
                "1" | "true" => Some(true),
                "0" | "false" => Some(false),
                _ => None,
            },
            Some(_) => None,
        };
        read.map(Some).ok_or_else(|| self.invalid(path))
    }

    /// A flag that is false where it is left out.
    pub fn flag(&self, path: &str) -> Result<bool, ApiError> {
        Ok(self.flag_if_said(path)?.unwrap_or(false))
    }

    /// A list of texts; one text alone, or texts separated by commas, is a list too. Blanks are dropped.
    pub fn texts(&self, path: &str) -> Read<Vec<String>> {
        let list: Option<Vec<&str>> = match self.find(path)? {
            None => return Ok(None),
            Some(Value::Array(items)) => items.iter().map(Value::as_str).collect(),
            Some(Value::String(text)) => Some(text.split(',').collect()),
            Some(_) => None,
        };
        let list = list.ok_or_else(|| self.invalid(path))?;
        let told = list
            .into_iter()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        Ok(Some(told.map(str::to_owned).collect()))
    }

    /// A list of e-mail addresses.
    pub fn addresses(&self, path: &str) -> Read<Vec<String>> {
        match self.texts(path)? {
            Some(list) if !list.iter().all(|text| is_address(text)) => Err(self.invalid(path)),
            list => Ok(list),
        }
    }

    /// An e-mail address.
    pub fn address(&self, path: &str) -> Read<String> {
        self.word(path, |text| {
            is_address(text).then(|| text.trim().to_owned())
        })
    }

    /// An object within this one.
    pub fn object(&self, path: &str) -> Read<Self> {
        match self.find(path)? {
            None => Ok(None),
            Some(value) => self.within(path, value).map(Some),
        }
    }

    /// A list of objects.
    pub fn objects(&self, path: &str) -> Result<Vec<Self>, ApiError> {
        match self.find(path)? {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items.iter().map(|item| self.within(path, item)).collect(),
            Some(_) => Err(self.invalid(path)),
        }
    }

    fn within(&self, path: &str, value: &Value) -> Result<Self, ApiError> {
        match value {
            Value::Object(fields) => Ok(Self {
                fields: fields.clone(),
                at: self.named(path),
            }),
            _ => Err(self.invalid(path)),
        }
    }

    /// One error for each of these paths that is missing or blank.
    pub fn require(&self, paths: &[&str]) -> Result<(), ApiError> {
        let mut missing = Vec::new();
        for path in paths {
            if !self.has(path)? {
                missing.push(self.named(path));
            }
        }
        if missing.is_empty() {
            Ok(())
        } else {
            Err(ApiError::Refused(Refusal::Required(missing)))
        }
    }

    /// The value that a reader found, or `required_param` of its field.
    pub fn must<T>(&self, path: &str, read: Option<T>) -> Result<T, ApiError> {
        read.ok_or_else(|| ApiError::Refused(Refusal::Required(vec![self.named(path)])))
    }

    /// Whether something other than null, blank text or an empty list stands at the path.
    pub fn has(&self, path: &str) -> Result<bool, ApiError> {
        Ok(match self.find(path)? {
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(_) => true,
            None => false,
        })
    }
}

/// Whether the text is one e-mail address as certificates and mails take them.
fn is_address(text: &str) -> bool {
    let plain = |c: char| {
        !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';' | '"')
    };
    match text.trim().rsplit_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && !local.contains('@')
                && local.chars().all(plain)
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
                && domain.chars().all(plain)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        Body::read(text.as_bytes()).unwrap()
    }

    fn code<T: std::fmt::Debug>(read: Result<T, ApiError>) -> String {
        match read.unwrap_err() {
            ApiError::Refused(refusal) => refusal.errors().remove(0).0,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn clients_write_numbers_flags_and_lists_as_they_like() {
        let body = body(
            r#"{"organization":{"id":"12"},"skip_approval":1,"note":null,"years":"","days":2.0,
                "certificate":{"dns_names":"a.b, c.d","emails":["x@y.example"," "]},"ship_info":{"zip":1234}}"#,
        );
        assert_eq!(body.id("organization.id").unwrap(), Some(12));
        assert!(body.flag("skip_approval").unwrap());
        assert_eq!(body.text("note").unwrap(), None);
        assert_eq!(body.count("years").unwrap(), None);
        assert_eq!(body.count("days").unwrap(), Some(2));
        assert_eq!(
            body.texts("certificate.dns_names").unwrap().unwrap(),
            ["a.b", "c.d"]
        );
        assert_eq!(
            body.addresses("certificate.emails").unwrap().unwrap(),
            ["x@y.example"]
        );
        assert_eq!(
            body.text_or_number("ship_info.zip").unwrap().as_deref(),
            Some("1234")
        );
        assert!(body.require(&["organization.id", "note", "x.y"]).is_err());
    }

    /// Every reader against every type that its field has not.
    #[test]
    fn another_type_is_refused_by_the_name_of_its_field() {
        const TEXT: &[&str] = &["[]", "[\"x\"]", "{}", "true", "5", "-1", "1.5"];
        const NUMBER: &[&str] = &[
            "[]",
            "[5]",
            "{}",
            "true",
            "1.5",
            "1e300",
            "\"x\"",
            "\"1.5\"",
            "99999999999999999999",
        ];
        const COUNT: &[&str] = &["-1", "\"-1\"", "4294967296"];
        const FLAG: &[&str] = &["[]", "{}", "2", "-1", "0.5", "\"perhaps\""];
        const LIST: &[&str] = &["5", "{}", "true", "[5]", "[{}]", "[null]", "[[\"x\"]]"];
        const OBJECT: &[&str] = &["5", "[]", "\"x\"", "true"];
        type Reader = fn(&Body) -> Result<(), ApiError>;
        let readers: [(&str, &[&[&str]], Reader); 8] = [
            ("text", &[TEXT], |b| b.text("a.f").map(drop)),
            ("word", &[TEXT, &["\"y\""]], |b| {
                b.word("a.f", |w| (w == "x").then_some(())).map(drop)
            }),
            ("integer", &[NUMBER], |b| b.integer("a.f").map(drop)),
            ("count", &[NUMBER, COUNT], |b| b.count("a.f").map(drop)),
            ("id", &[NUMBER, &COUNT[..2]], |b| b.id("a.f").map(drop)),
            ("flag", &[FLAG], |b| b.flag("a.f").map(drop)),
            ("texts", &[LIST], |b| b.texts("a.f").map(drop)),
            ("object", &[OBJECT], |b| b.object("a.f").map(drop)),
        ];
        for (name, wrong, reader) in readers {
            for value in wrong.iter().copied().flatten() {
                let body = body(&format!(r#"{{"a":{{"f":{value}}}}}"#));
                assert_eq!(
                    code(reader(&body)),
                    "invalid_value:a.f",
                    "{name} of {value}"
                );
            }
            for absent in [r#"{"a":{"f":null}}"#, r#"{"a":null}"#, "{}"] {
                assert!(reader(&body(absent)).is_ok(), "{name} of {absent}");
            }
            assert_eq!(
                code(reader(&body(r#"{"a":5}"#))),
                "invalid_value:a",
                "{name}"
            );
        }
    }

    #[test]
    fn fields_of_an_object_in_a_list_are_called_by_their_whole_name() {
        let whole = body(r#"{"list":[{"id":"x"},5]}"#);
        assert_eq!(code(whole.objects("list")), "invalid_value:list");
        let whole = body(r#"{"list":[{"id":"x"}]}"#);
        let list = whole.objects("list").unwrap();
        assert_eq!(code(list[0].id("id")), "invalid_value:list.id");
        assert_eq!(code(list[0].require(&["name"])), "required_param:list.name");
    }

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for good in ["a@b.example", "a.b+c@d.e.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.example",
            "a@b",
            "a b@c.example",
            "a@b@c.example",
            "a@b..c",
            "<a@b.example>",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn empty_is_an_object_and_garbage_is_refused() {
        assert!(Body::read(b"  ").is_ok());
        assert!(Body::read(b"null").is_ok());
        assert!(Body::read(b"[]").is_err());
        assert!(Body::read(b"{").is_err());
    }
}
