//! The line in which files and folders are named: its words, and how the last of them goes on.

use super::BulkScreen;
use crate::app::bulk::{BulkField, BulkList};
use crate::app::msg::Completion;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::domain::failure::Failure;

impl BulkScreen {
    /// How the last path of the line goes on, if it is still what is typed there.
    pub(in crate::app) fn path_completed(
        &mut self,
        typed: &str,
        result: Result<Completion, Failure>,
        list: Option<&BulkList>,
        turn: &mut Turn,
    ) {
        if !self.is_naming() {
            return;
        }
        let line = self.fields.value(BulkField::Paths);
        let (start, word) = last_word(&line);
        if word != typed {
            return;
        }
        match result {
            Ok(completion) if completion.leaves(typed) => {
                if let Some(list) = list {
                    self.step(list, 1);
                }
            }
            Ok(completion) => {
                let text = format!("{}{}", &line[..start], quoted(&completion.text));
                self.fields.set_text(BulkField::Paths, &text);
                if !completion.offers.is_empty() {
                    turn.set_status(Tone::Info, completion.offers.join("  "));
                }
            }
            Err(failure) => turn.tell_failure(&failure),
        }
    }
}

/// Words of a line, as a shell would take them: quotes keep blanks together.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut out = split(line);
    out.retain(|(_, word)| !word.is_empty());
    out.into_iter().map(|(_, word)| word).collect()
}

/// The word at the end of a line and where it begins; an empty one behind a blank.
pub(super) fn last_word(line: &str) -> (usize, String) {
    split(line).pop().unwrap_or_default()
}

/// The words of a line, each with where it begins; behind a blank at the end an empty one.
fn split(line: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut quote = None;
    let mut open = false;
    for (at, c) in line.char_indices() {
        if !open && (quote.is_some() || !c.is_whitespace()) {
            out.push((at, String::new()));
            open = true;
        }
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(q)) if c == q => quote = None,
            (c, None) if c.is_whitespace() => open = false,
            (c, _) => {
                if let Some((_, word)) = out.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    if !open {
        out.push((line.len(), String::new()));
    }
    out
}

/// A path as a word of the line; a folder's quote stays open, for the path goes on.
pub(super) fn quoted(path: &str) -> String {
    if !path.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')) {
        return path.to_owned();
    }
    let quote = if path.contains('"') { '\'' } else { '"' };
    let end = if path.ends_with('/') {
        String::new()
    } else {
        quote.to_string()
    };
    format!("{quote}{path}{end}")
}

#[cfg(test)]
mod tests {
    use super::{last_word, quoted, words};

    #[test]
    fn quotes_keep_blanks_together() {
        assert_eq!(
            words("a.csr  '/tmp/b c' x\"y z\".pem"),
            ["a.csr", "/tmp/b c", "xy z.pem"]
        );
        assert!(words("  ").is_empty());
    }

    #[test]
    fn the_last_word_is_what_is_completed() {
        for (line, start, word) in [
            ("", 0, ""),
            ("a.csr", 0, "a.csr"),
            ("a.csr ", 6, ""),
            ("a.csr /tmp/b", 6, "/tmp/b"),
            ("a.csr '/tmp/b c/", 6, "/tmp/b c/"),
            ("a.csr \"/tmp/b c\"", 6, "/tmp/b c"),
        ] {
            assert_eq!(last_word(line), (start, word.to_owned()), "{line}");
        }
        for path in ["a.csr", "/tmp/b c/", "/tmp/b c", "it's", "say \"x\""] {
            assert_eq!(words(&quoted(path)), [path], "{path}");
        }
    }
}
