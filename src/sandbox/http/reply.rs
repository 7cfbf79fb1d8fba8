//! The answer, before it becomes HTTP; and the building of JSON objects whose absent fields are left out.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::{Map, Value};

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`; `None` with an empty body.
    pub content_type: Option<&'static str>,
    pub body: Vec<u8>,
    /// File name, for downloads.
    pub file_name: Option<String>,
    /// Whether the body is packed.
    pub is_gzipped: bool,
}

/// A body below this is not packed, in bytes: it gains nothing.
const LEAST_PACKED: usize = 1000;

impl Reply {
    /// JSON: exactly `application/json`, without a charset (recorded).
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self {
                status,
                content_type: Some("application/json"),
                body,
                file_name: None,
                is_gzipped: false,
            },
            Err(_) => Self {
                status: 500,
                content_type: None,
                body: Vec::new(),
                file_name: None,
                is_gzipped: false,
            },
        }
    }

    /// 200 with JSON.
    pub fn ok(value: impl Into<Value>) -> Self {
        Self::json(200, &value.into())
    }

    /// 201 with JSON.
    pub fn created(value: impl Into<Value>) -> Self {
        Self::json(201, &value.into())
    }

    /// 204 without a body.
    pub fn no_content() -> Self {
        Self {
            status: 204,
            content_type: None,
            body: Vec::new(),
            file_name: None,
            is_gzipped: false,
        }
    }

    /// The same with its body packed, where that gains something.
    pub fn gzipped(mut self) -> Self {
        let is_text = matches!(self.content_type, Some("application/json" | "text/csv"));
        if !is_text || self.body.len() < LEAST_PACKED {
            return self;
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        // Memory takes everything.
        if let Ok(body) = packer.write_all(&self.body).and_then(|()| packer.finish()) {
            self.body = body;
            self.is_gzipped = true;
        }
        self
    }

    /// 200 with CSV.
    pub fn csv(text: String) -> Self {
        Self {
            status: 200,
            content_type: Some("text/csv"),
            body: text.into_bytes(),
            file_name: None,
            is_gzipped: false,
        }
    }

    /// 200 with a file.
    pub fn file(content_type: &'static str, name: String, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            content_type: Some(content_type),
            body,
            file_name: Some(name),
            is_gzipped: false,
        }
    }
}

/// A JSON object under construction.
#[derive(Debug, Clone, Default)]
pub struct Object(Map<String, Value>);

impl Object {
    /// An empty object.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a field.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// With a field, if there is a value.
    pub fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With a list, unless it is empty: an empty list is an absent key.
    pub fn list(self, name: &str, items: Vec<Value>) -> Self {
        if items.is_empty() {
            self
        } else {
            self.with(name, items)
        }
    }

    /// With every field of another object.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}
