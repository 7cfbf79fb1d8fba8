//! What an answer's body says: JSON, a list of errors, or a web page that something between here and the service wrote.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::error::{ApiError, ApiErrorItem};
use super::transport::Answer;

/// Reads an answer as JSON. An empty body reads as an empty object, since 204 and some 200 have none.
pub(super) fn json<T: DeserializeOwned>(answer: &Answer, what: &str) -> Result<T, ApiError> {
    let body = answer.body.trim_ascii();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let body = if body.is_empty() { b"{}" } else { body };
    // Checked as text at once rather than string by string, which is a tenth of reading a page of orders.
    let read = match str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    };
    read.map_err(|error| match error.classify() {
        Category::Eof => ApiError::Truncated {
            what: what.to_owned(),
            status: answer.status,
            got: answer.body.len() as u64,
        },
        // Only the position: the library's own words can quote the body.
        _ => ApiError::Unexpected {
            what: what.to_owned(),
            status: answer.status,
            detail: format!(
                "not the JSON of this call at line {}, column {}",
                error.line(),
                error.column()
            ),
        },
    })
}

/// Whether the body is a web page, by its type or by its looks.
pub(super) fn is_html(content_type: &str, body: &[u8]) -> bool {
    if content_type
        .get(..9)
        .is_some_and(|start| start.eq_ignore_ascii_case("text/html"))
    {
        return true;
    }
    let start = body.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let start = start[..start.len().min(15)].to_ascii_lowercase();
    start.starts_with(b"<!doctype html") || start.starts_with(b"<html")
}

/// The error for a web page, with its title.
pub(super) fn web_page(what: String, status: u16, body: &[u8]) -> ApiError {
    ApiError::ProxyHtml {
        what,
        status,
        title: title(body),
    }
}

/// The error for an answer that is neither success nor redirect.
pub(super) fn refusal(
    what: String,
    status: u16,
    retry_after: Option<Duration>,
    content_type: &str,
    body: &[u8],
) -> ApiError {
    let errors = errors(body);
    let coded = |part: &str| errors.iter().any(|error| error.code.contains(part));
    if status == 429 {
        return ApiError::RateLimited { what, retry_after };
    }
    if errors.is_empty() && is_html(content_type, body) {
        return web_page(what, status, body);
    }
    match status {
        401 => ApiError::InvalidKey {
            what,
            status,
            errors,
        },
        403 if coded("invalid_key") => ApiError::InvalidKey {
            what,
            status,
            errors,
        },
        403 if coded("missing_permission") => ApiError::MissingPermission { what, errors },
        404 => ApiError::NotFound { what, errors },
        _ => ApiError::Http {
            what,
            status,
            errors,
            retry_after,
        },
    }
}

/// Everything that a body names as an error: `errors` as a list, as one object or as text, lists within its elements,
/// `description` for `message`.
fn errors(body: &[u8]) -> Vec<ApiErrorItem> {
    let mut found = Vec::new();
    if let Ok(Value::Object(mut body)) = serde_json::from_slice(body)
        && let Some(errors) = body.remove("errors").or_else(|| body.remove("error"))
    {
        collect(&errors, &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut Vec<ApiErrorItem>) {
    match value {
        Value::Array(elements) => {
            for element in elements {
                collect(element, found);
            }
        }
        Value::Object(fields) => {
            let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
            let item = ApiErrorItem {
                code: text("code").unwrap_or_default(),
                message: text("message")
                    .or_else(|| text("description"))
                    .unwrap_or_default(),
            };
            if item != ApiErrorItem::default() {
                found.push(item);
            }
            if let Some(nested) = fields.get("errors") {
                collect(nested, found);
            }
        }
        Value::String(text) if !text.trim().is_empty() => found.push(ApiErrorItem {
            code: String::new(),
            message: text.clone(),
        }),
        _ => {}
    }
}

/// The text of a page's `title`, its white space folded, at most 120 characters.
fn title(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&body[..body.len().min(16 * 1024)]);
    let lower = head.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let folded = head[start..end]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    (!folded.is_empty()).then(|| folded.chars().take(120).collect())
}
