//! What stands in a field, and how each form of output writes it.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::text::{is_hidden, sanitise};

/// What stands in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Value<'a> {
    /// Not there, or not known.
    None,
    Text(Cow<'a, str>),
    Number(i64),
    Flag(bool),
    Day(Date),
    Time(Timestamp),
    List(Vec<Cow<'a, str>>),
}

impl<'a> Value<'a> {
    /// A text; an empty one is none.
    pub(in crate::cli) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::None
        } else {
            Self::Text(text)
        }
    }

    /// A number of the account's, or a count.
    pub(in crate::cli) fn number(number: u64) -> Self {
        i64::try_from(number).map_or_else(|_| Self::Text(number.to_string().into()), Self::Number)
    }

    /// Each of several texts.
    pub(in crate::cli) fn list<T: Into<Cow<'a, str>>>(all: impl IntoIterator<Item = T>) -> Self {
        Self::List(all.into_iter().map(Into::into).collect())
    }

    /// What may be there, as what it is where it is.
    pub(in crate::cli) fn maybe<T>(value: Option<T>, of: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::None, of)
    }

    /// As a program reads it in a line: nothing for none, times as RFC 3339, the members of a list a blank apart.
    /// Nothing in it is obeyed by a terminal.
    pub(super) fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::None => Cow::Borrowed(""),
            Self::Text(text) => sanitise(text),
            Self::Number(number) => number.to_string().into(),
            Self::Flag(flag) => if *flag { "true" } else { "false" }.into(),
            Self::Day(day) => day.to_string().into(),
            Self::Time(time) => time.to_string().into(),
            Self::List(all) => match all.as_slice() {
                [one] => sanitise(one),
                all => {
                    let all: Vec<Cow<'_, str>> = all.iter().map(|one| sanitise(one)).collect();
                    all.join(" ").into()
                }
            },
        }
    }

    /// As a person reads it in a table.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
            Self::Time(time) => time.strftime("%Y-%m-%d %H:%M").to_string().into(),
            other => other.plain(),
        }
    }

    /// As JSON, put behind what is there.
    pub(super) fn push_json(&self, out: &mut String) {
        match self {
            Self::None => out.push_str("null"),
            Self::Text(text) => push_json_text(text, out),
            Self::Number(number) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "{number}");
            }
            Self::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Day(day) => {
                let _ = write!(out, "\"{day}\"");
            }
            Self::Time(time) => {
                let _ = write!(out, "\"{time}\"");
            }
            Self::List(all) => {
                out.push('[');
                for (at, one) in all.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    push_json_text(one, out);
                }
                out.push(']');
            }
        }
    }

    /// What it is sorted by: what is not there comes last.
    pub(super) fn rank(&self) -> Rank {
        match self {
            Self::None => Rank::Last,
            Self::Number(number) => Rank::Number(i128::from(*number)),
            Self::Flag(flag) => Rank::Number(i128::from(*flag)),
            Self::Day(day) => Rank::Text(day.to_string()),
            Self::Time(time) => Rank::Number(time.as_nanosecond()),
            Self::Text(_) | Self::List(_) => Rank::Text(self.plain().to_lowercase()),
        }
    }
}

/// What values are sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Number(i128),
    Text(String),
    Last,
}

/// A text as JSON has it. What a terminal would obey or hide is written as an escape too: a program reads the same.
pub(super) fn push_json_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_ascii_graphic() || c == ' ' => out.push(c),
            c if is_hidden(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// What a spreadsheet would take for a formula when it opens a file of CSV stands behind an apostrophe, as OWASP has it.
pub(super) fn without_formula(text: Cow<'_, str>) -> Cow<'_, str> {
    const BEGINS: &[char] = &[
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ];
    // What a spreadsheet leaves out at the front counts for nothing.
    if text.trim_start().starts_with(BEGINS) {
        format!("'{text}").into()
    } else {
        text
    }
}
