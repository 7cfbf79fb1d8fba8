//! An answer that is JSON but for a spot: that spot costs what stands there, and not the other 999 rows of the page.
//!
//! Read this way only after a strict reading failed, so that good answers pay nothing for it.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The field that a row of a list gets when it says something twice and differently. No API has such a name.
const UNSURE: &str = "\u{0}unsure";

/// Replaces what no JSON may hold by U+FFFD, or by how it has to be written: halves of surrogate pairs, bare control
/// characters and unknown escapes in texts; and numbers that are too large, by `null`.
pub(super) fn text(broken: &str) -> String {
    let mut out = String::with_capacity(broken.len() + 16);
    let mut rest = broken;
    let mut inside = false;
    while let Some(c) = rest.chars().next() {
        let length = if inside {
            inside = c != '"';
            letter(c, rest, &mut out)
        } else {
            inside = c == '"';
            word(c, rest, &mut out)
        };
        rest = &rest[length..];
    }
    out
}

/// One letter of a text, or one escape; returns its length.
fn letter(c: char, rest: &str, out: &mut String) -> usize {
    if c < ' ' {
        // A text takes whatever is written to it.
        let _ = write!(out, "\\u{:04x}", u32::from(c));
        return 1;
    }
    if c != '\\' {
        out.push(c);
        return c.len_utf8();
    }
    let length = match rest[1..].chars().next() {
        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => 2,
        Some('u') => match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.push('\u{fffd}');
                return 6;
            }
            (Some(_), _) => 6,
            (None, _) => 0,
        },
        _ => 0,
    };
    if length == 0 {
        out.push('\u{fffd}');
        return 1;
    }
    out.push_str(&rest[..length]);
    length
}

/// The number of `\uXXXX` at the beginning.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

/// One sign between the texts, or one number; returns its length.
fn word(c: char, rest: &str, out: &mut String) -> usize {
    if !(c == '-' || c.is_ascii_digit()) {
        out.push(c);
        return c.len_utf8();
    }
    let of_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let length = rest.find(|c| !of_number(c)).unwrap_or(rest.len());
    let number = &rest[..length];
    let endless = number.parse::<f64>().is_ok_and(f64::is_infinite);
    out.push_str(if endless { "null" } else { number });
    length
}

/// Reads JSON in which an object may name a field twice. What it says twice and differently is not said at all, and the
/// row that it stands in is marked as one that cannot be relied on.
pub(super) fn value(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<Told>(text).map(|told| told.value)
}

struct Told {
    value: Value,
    /// Whether something in it contradicts itself.
    unsure: bool,
}

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ToldVisitor)
    }
}

struct ToldVisitor;

fn sure(value: impl Into<Value>) -> Told {
    Told {
        value: value.into(),
        unsure: false,
    }
}

impl<'de> Visitor<'de> for ToldVisitor {
    type Value = Told;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Told, E> {
        Ok(sure(Value::Null))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Told, E> {
        Ok(sure(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Told, E> {
        Ok(sure(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Told, E> {
        Ok(sure(value))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Told, E> {
        Ok(sure(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Told, E> {
        Ok(sure(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Told, A::Error> {
        let (mut list, mut unsure) = (Vec::new(), false);
        while let Some(mut told) = seq.next_element::<Told>()? {
            if let (true, Value::Object(row)) = (told.unsure, &mut told.value) {
                row.insert(UNSURE.to_owned(), Value::Bool(true));
            }
            unsure |= told.unsure;
            list.push(told.value);
        }
        Ok(Told {
            value: Value::Array(list),
            unsure,
        })
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Told, A::Error> {
        let (mut fields, mut twice, mut unsure) = (Map::new(), BTreeSet::new(), false);
        while let Some((name, told)) = map.next_entry::<String, Told>()? {
            unsure |= told.unsure;
            if fields.get(&name).is_some_and(|first| *first != told.value) {
                twice.insert(name);
            } else {
                fields.insert(name, told.value);
            }
        }
        for name in &twice {
            fields.remove(name);
        }
        Ok(Told {
            value: Value::Object(fields),
            unsure: unsure || !twice.is_empty(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_no_json_may_hold_is_replaced_and_the_rest_stays() {
        for (broken, whole) in [
            (r#"{"a":"x\ud83dy"}"#, json!({"a": "x\u{fffd}y"})),
            (r#"{"a":"\ude00"}"#, json!({"a": "\u{fffd}"})),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, json!({"a": "\u{fffd}😀"})),
            (r#"{"a":"\ud83d\u0041"}"#, json!({"a": "\u{fffd}A"})),
            ("{\"a\":\"x\ny\tz\u{1}\"}", json!({"a": "x\ny\tz\u{1}"})),
            (r#"{"a":"\x41\q"}"#, json!({"a": "\u{fffd}x41\u{fffd}q"})),
            (r#"{"a":"\u12"}"#, json!({"a": "\u{fffd}u12"})),
            (
                r#"{"a":1e999,"b":[-1e999]}"#,
                json!({"a": null, "b": [null]}),
            ),
        ] {
            assert!(serde_json::from_str::<Value>(broken).is_err(), "{broken}");
            let mended: Value = serde_json::from_str(&text(broken)).unwrap();
            assert_eq!(mended, whole, "{broken}");
        }
    }

    #[test]
    fn what_is_json_stays_as_it_is_and_what_breaks_off_does_too() {
        for good in [
            r#"{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀","b":[1,-2.5e3,true,null]}"#,
            r#"{"a":"1e999 \\"}"#,
            "[]",
        ] {
            assert_eq!(text(good), good);
            for cut in (0..good.len()).filter(|cut| good.is_char_boundary(*cut)) {
                assert!(serde_json::from_str::<Value>(&text(&good[..cut])).is_err());
            }
        }
    }

    #[test]
    fn what_is_said_twice_and_differently_is_not_said_and_its_row_is_marked() {
        let told = |text| value(text).unwrap();
        let same = r#"{"rows":[{"id":1,"id":1}],"page":{"total":1,"total":1}}"#;
        assert_eq!(
            told(same),
            json!({"rows": [{"id": 1}], "page": {"total": 1}})
        );
        let differs = r#"{"rows":[{"id":1,"s":"a","s":"b","s":"a"},{"id":2,"id":3},{"id":4,"x":{"y":[{"z":1,"z":2}]}},{"id":5}]}"#;
        assert_eq!(
            told(differs),
            json!({"rows": [
                {"id": 1, UNSURE: true},
                {UNSURE: true},
                {"id": 4, "x": {"y": [{UNSURE: true}]}, UNSURE: true},
                {"id": 5},
            ]})
        );
    }
}
