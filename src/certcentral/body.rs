//! What an answer's body says: JSON, a list of errors, or a web page that something between here and the service wrote.

use std::borrow::Cow;
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::error::{ApiError, ApiErrorItem};
use super::mend;
use super::shape::{Marks, Shape, Survey, Unread};
use super::transport::Answer;
use crate::domain::text::without_entities;

/// Bytes of a body that is read for what it says went wrong; longer ones say nothing that a person reads.
const WORDS: usize = 1024 * 1024;

/// Letters of such words that are shown.
const SHOWN: usize = 300;

/// Reads an answer as JSON of a kind. Nothing but an answer with the marks of its kind, and no error in it, is one.
pub(super) fn json<T: DeserializeOwned>(
    answer: &Answer,
    what: &str,
    marks: Marks,
) -> Result<T, ApiError> {
    let (text, survey) = surveyed(&answer.body);
    let survey = survey.map_err(|unread| answer.unread(what, unread))?;
    let lacks = survey.lacks(marks);
    if let Some(errors) = told(&survey, &text, lacks.is_some()) {
        return Err(ApiError::Http {
            what: what.to_owned(),
            status: answer.status,
            errors,
            retry_after: None,
        });
    }
    if let Some(lacks) = lacks {
        return Err(answer.unexpected(what, lacks));
    }
    let strictly = serde_json::from_str(&text);
    let read = strictly.or_else(|_| mend::value(&text).and_then(serde_json::from_value));
    read.map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        answer.unexpected(what, format!("not the JSON of this call at {place}"))
    })
}

/// Checks that an answer that need not say anything says nothing else: no body, `{}`, or the number of what was made.
pub(super) fn nothing(answer: &Answer, what: &str) -> Result<(), ApiError> {
    if answer.body.trim_ascii().is_empty() {
        return Ok(());
    }
    json::<IgnoredAny>(answer, what, Marks::ThingOrNone(&["id"])).map(drop)
}

/// Checks that an answer is a file, and no JSON that says why there is none.
pub(super) fn file(answer: &Answer, what: &str) -> Result<(), ApiError> {
    match answer.body.trim_ascii_start().first() {
        None => Err(answer.unexpected(what, "the file is empty".to_owned())),
        // No certificate begins like this, as text or not.
        Some(b'{' | b'[') => {
            json::<IgnoredAny>(answer, what, Marks::Thing(&[]))?;
            Err(answer.unexpected(what, "received JSON instead of a file".to_owned()))
        }
        Some(_) => Ok(()),
    }
}

/// A body as text, without the mark that some systems put before it. What is no UTF-8 costs a letter, not the answer.
fn text(body: &[u8]) -> Cow<'_, str> {
    let body = body.trim_ascii();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    String::from_utf8_lossy(body.trim_ascii())
}

/// A body as text, and what that is; mended where it is none otherwise.
fn surveyed(body: &[u8]) -> (Cow<'_, str>, Result<Survey, Unread>) {
    let text = text(body);
    let survey = Survey::of(&text);
    if let Err(Unread::Wrong(_)) = survey {
        let mended = mend::text(&text);
        if mended != *text
            && let Ok(survey) = Survey::of(&mended)
        {
            return (mended.into(), Ok(survey));
        }
    }
    (text, survey)
}

impl Answer {
    /// Checks that a status is one of those that the documentation has for a call.
    pub fn documented(&self, statuses: &[u16], what: &str) -> Result<(), ApiError> {
        if statuses.contains(&self.status) {
            return Ok(());
        }
        Err(self.unexpected(
            what,
            "its status is not one that this call is documented to have".to_owned(),
        ))
    }

    /// The error for an answer that is not what was asked for.
    pub fn unexpected(&self, what: &str, detail: String) -> ApiError {
        ApiError::Unexpected {
            what: what.to_owned(),
            status: self.status,
            detail,
        }
    }

    fn unread(&self, what: &str, unread: Unread) -> ApiError {
        match unread {
            Unread::Cut => ApiError::Truncated {
                what: what.to_owned(),
                status: self.status,
                got: self.body.len() as u64,
            },
            Unread::Wrong(detail) => self.unexpected(what, detail),
        }
    }
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
    if status == 429 {
        return ApiError::RateLimited {
            what,
            errors: errors(body),
            retry_after,
        };
    }
    if is_html(content_type, body) && !body.trim_ascii_start().starts_with(b"{") {
        return web_page(what, status, body);
    }
    let errors = errors(body);
    let coded = |part: &str| errors.iter().any(|error| error.code.contains(part));
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

/// What a body that is no success says: as JSON, or in plain words.
fn errors(body: &[u8]) -> Vec<ApiErrorItem> {
    if body.len() > WORDS {
        return Vec::new();
    }
    let (text, survey) = surveyed(body);
    match survey {
        Ok(survey) => told(&survey, &text, true).unwrap_or_default(),
        Err(_) if text.starts_with('<') => said(&visible(&text)),
        Err(_) => said(&text),
    }
}

/// Plain words, as one error without a code.
fn said(words: &str) -> Vec<ApiErrorItem> {
    let message = folded(words, SHOWN);
    if message.is_empty() {
        return Vec::new();
    }
    vec![ApiErrorItem {
        code: String::new(),
        message,
    }]
}

/// What an answer reports as an error, or `None` where it reports none: `errors` as a list, as one object or as text,
/// lists within its elements, `error` for it, a list at the top; and where the answer is not what was asked for
/// (`lacks`), the words that it has instead.
fn told(survey: &Survey, text: &str, lacks: bool) -> Option<Vec<ApiErrorItem>> {
    let reports = |name: &str| {
        !matches!(
            survey.field(name),
            None | Some(Shape::Blank | Shape::Off | Shape::Object(0) | Shape::List { all: 0, .. })
        )
    };
    let reported = ["errors", "error"].into_iter().find(|name| reports(name));
    let mut found = Vec::new();
    if text.len() <= WORDS
        && (reported.is_some() || lacks)
        && let Ok(body) = serde_json::from_str::<Value>(text)
    {
        match reported {
            Some(name) => collect(&body[name], &mut found),
            None if survey.is_list() => collect(&body, &mut found),
            None => {}
        }
        // `{"error": "no", "message": "…"}`: the words stand beside it.
        if lacks && found.iter().all(|item| item.code.is_empty()) {
            collect_words(&body, &mut found);
        }
    }
    if reported.is_some() && found.is_empty() {
        found = said("an error without a message");
    }
    (!found.is_empty()).then_some(found)
}

/// The sentence of an object that is no answer, wherever it stands.
fn collect_words(body: &Value, found: &mut Vec<ApiErrorItem>) {
    const NAMES: [&str; 5] = [
        "message",
        "error_description",
        "description",
        "detail",
        "title",
    ];
    let words = NAMES.iter().find_map(|name| body.get(name)?.as_str());
    for item in words.map(said).unwrap_or_default() {
        if !found.contains(&item) {
            found.push(item);
        }
    }
}

/// Errors of one answer that are shown.
const MOST: usize = 100;

fn collect(value: &Value, found: &mut Vec<ApiErrorItem>) {
    match value {
        Value::Array(elements) => {
            for element in elements {
                collect(element, found);
            }
        }
        _ if found.len() >= MOST => {}
        Value::Object(fields) => {
            let text = |name: &str| match fields.get(name)? {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
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
        Value::String(text) => found.extend(said(text)),
        Value::Number(number) => found.extend(said(&number.to_string())),
        _ => {}
    }
}

/// What a page says: its title, and the words on it, white space folded.
fn title(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&body[..body.len().min(16 * 1024)]);
    let lower = head.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|open| {
        let start = open + lower[open..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        Some(&head[start..end])
    });
    let title = folded(title.unwrap_or_default(), 120);
    let words = match lower.find("<body") {
        Some(start) => folded(&visible(&head[start..]), SHOWN),
        None => String::new(),
    };
    let words = match (title.as_str(), words.as_str()) {
        ("", words) => words.to_owned(),
        (title, words) if words.is_empty() || words == title => title.to_owned(),
        (title, words) => format!("{title}: {words}"),
    };
    (!words.is_empty()).then_some(words)
}

/// The words of a page between its tags, without scripts and styles.
fn visible(page: &str) -> String {
    let mut words = String::new();
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        words.push_str(&rest[..open]);
        words.push(' ');
        let tag = rest[open..].to_ascii_lowercase();
        let hidden = ["script", "style", "!--"].into_iter().find_map(|name| {
            let close = match name {
                "!--" => "-->".to_owned(),
                name => format!("</{name}"),
            };
            tag[1..].starts_with(name).then(|| tag.find(&close))
        });
        let from = match hidden {
            Some(Some(close)) => close,
            Some(None) => return words,
            None => 0,
        };
        let Some(end) = tag[from..].find('>') else {
            return words;
        };
        rest = &rest[open + from + end + 1..];
    }
    words.push_str(rest);
    without_entities(&words)
}

/// Words on one line, white space folded, at most so many letters.
fn folded(words: &str, most: usize) -> String {
    let mut folded = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = folded.char_indices().nth(most) {
        folded.truncate(end);
        folded.push('…');
    }
    folded
}
