//! One thing in full: a fact a line.

use std::fmt::Write as _;

use super::value::Value;
use super::{Chosen, Listed};
use crate::domain::text::sanitise;
use crate::domain::wrap::width;

/// What is known of one, a label before each; what is not known is left away.
pub(super) fn text<L: Listed>(chosen: &Chosen<L>, row: &L::Row<'_>) -> String {
    let labels = chosen.fields.iter().map(|field| label(field.name));
    let facts: Vec<(String, Value<'_>)> = labels
        .zip(chosen.fields.iter().map(|field| (field.value)(row)))
        .filter(|(_, value)| !matches!(value, Value::None) && *value != Value::List(Vec::new()))
        .collect();
    let widest = facts.iter().map(|(label, _)| width(label)).max();
    let widest = widest.unwrap_or_default();
    let mut text = String::new();
    for (label, value) in &facts {
        let blanks = " ".repeat(widest - width(label));
        let mut lines = vec![value.shown()];
        // Sentences and names are read one by one.
        if let Value::List(all) = value {
            lines = all.iter().map(|one| sanitise(one)).collect();
        }
        for (at, line) in lines.iter().enumerate() {
            let before = if at == 0 {
                format!("{label}{blanks}")
            } else {
                " ".repeat(widest)
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{before}  {line}");
        }
    }
    text
}

/// Words that are written in capitals wherever they stand.
const CAPITALS: &[&str] = &["ca", "csr", "dcv", "ev", "ov"];

/// The name of a field as a label: `covered_until` as `Covered until`.
fn label(name: &str) -> String {
    let words: Vec<String> = name
        .split('_')
        .enumerate()
        .map(|(at, word)| match word.chars().next() {
            _ if CAPITALS.contains(&word) => word.to_uppercase(),
            Some(first) if at == 0 => {
                first.to_uppercase().collect::<String>() + &word[first.len_utf8()..]
            }
            _ => word.to_owned(),
        })
        .collect();
    words.join(" ")
}
