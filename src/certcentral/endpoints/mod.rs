//! One function a call, by group. Reads are methods of [`Reads`](super::Reads), writes of [`Writes`](super::Writes).
//!
//! Functions give domain types where the domain has them, and the wire type otherwise. A write takes its body as the
//! JSON text that was shown to the operator and sends exactly these bytes.

pub mod account;
pub mod certificates;
pub mod domains;
pub mod orders;
pub mod organizations;
pub mod page;
pub mod products;
pub mod requests;
pub mod writes;

pub use orders::{MOST_NAMED, OrderPage, OrderQuery, OrderSort, StatusChange};
pub use page::{ListQuery, Page, Pages, Unread};
pub use requests::RequestQuery;
pub use writes::Answered;

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ApiError;

/// The error for an answer that is well-formed and not what was asked for.
fn unexpected(what: &str, detail: impl Into<String>) -> ApiError {
    ApiError::Unexpected {
        what: what.to_owned(),
        status: 200,
        detail: detail.into(),
    }
}

/// Checks that an answer is about the thing that was asked for, where one was named. A thing without its number is
/// another thing: it would be taken for what it is not, and asked for again and again.
fn same<T: PartialEq + Display>(
    asked: Option<T>,
    came: Option<T>,
    what: &str,
) -> Result<(), ApiError> {
    match (asked, came) {
        (Some(asked), Some(came)) if asked != came => Err(unexpected(
            what,
            format!("it is about {came}, not about {asked}"),
        )),
        (Some(_), None) => Err(unexpected(what, "it does not say what it is about")),
        _ => Ok(()),
    }
}

/// Everything but what RFC 3986 leaves unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A value as one segment of a path or one side of a query pair.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// A query string in the making.
#[derive(Debug, Clone, Default)]
struct Query(String);

impl Query {
    /// Adds a pair; the name is one of ours and goes as it is but for its brackets.
    fn push(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(&encoded(name));
        self.0.push('=');
        self.0.push_str(&encoded(value));
    }

    fn push_some(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.push(name, &value.to_string());
        }
    }

    /// Any of several values; one alone goes without a number.
    fn push_any_of(&mut self, filter: &str, values: &[impl ToString]) {
        if let [one] = values {
            return self.push(&format!("filters[{filter}]"), &one.to_string());
        }
        for (index, value) in values.iter().enumerate() {
            self.push(&format!("filters[{filter}][{index}]"), &value.to_string());
        }
    }

    /// A part of a text is asked for with a leading `%`.
    fn push_within(&mut self, name: &str, part: Option<&str>) {
        self.push_some(name, part.map(|part| format!("%{part}")));
    }
}
