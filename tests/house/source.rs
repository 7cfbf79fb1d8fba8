//! Rust source as far as the rules need it: every path it names, outside of comments, texts and tests.

use std::path::Path;

/// The module that a file under `src/` is; the library's door is none.
pub fn module_of(path: &Path) -> Option<Vec<String>> {
    let path = path.strip_prefix("src").ok()?.with_extension("");
    let mut module: Vec<String> = path
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    (module != ["lib"]).then_some(module)
}

/// Whether the file is there for tests alone: such files are called `tests`, `…_tests` or `testing`.
pub fn is_test(module: &[String]) -> bool {
    module
        .iter()
        .any(|part| part == "tests" || part == "testing" || part.ends_with("_tests"))
}

/// Source whose comments, texts and tests are blank.
pub struct Source {
    code: Vec<char>,
}

impl Source {
    /// Reads `text`.
    pub fn new(text: &str) -> Self {
        let mut code: Vec<char> = text.chars().collect();
        blank_comments_and_texts(&mut code);
        blank_tests(&mut code);
        Self { code }
    }

    /// Every path of the code, groups written out: `use a::{b, c::d};` names `a::b` and `a::c::d`.
    pub fn paths(&self) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        let mut at = 0;
        while at < self.code.len() {
            at = self.path(at, &[], &mut paths);
        }
        paths
    }

    /// Every name that a `use` brings in, with the path that it stands for. What a glob brings has no name here.
    pub fn imports(&self) -> Vec<(String, Vec<String>)> {
        let mut found = Vec::new();
        for at in 0..self.code.len() {
            let begins = at == 0 || !is_word(self.code[at - 1]);
            if begins && self.starts(at, "use ") {
                let item = self.code[at + 4..].iter().take_while(|c| **c != ';');
                import(&item.collect::<String>(), &[], &mut found);
            }
        }
        found
    }

    /// Reads one path at `at` behind `prefix`; gives where to go on.
    fn path(&self, mut at: usize, prefix: &[String], paths: &mut Vec<Vec<String>>) -> usize {
        let mut parts = prefix.to_vec();
        loop {
            let word: String = self.code[at..]
                .iter()
                .take_while(|c| is_word(**c))
                .collect();
            at += word.chars().count();
            if word.is_empty() {
                // Not a word at all, or `::*`.
                if parts.len() > prefix.len() {
                    paths.push(parts);
                }
                return at + 1;
            }
            parts.push(word);
            let after = self.skip_blank(at);
            if !self.starts(after, "::") {
                paths.push(parts);
                return at;
            }
            at = self.skip_blank(after + 2);
            if self.starts(at, "{") {
                return self.group(at + 1, &parts, paths);
            }
        }
    }

    /// Reads the paths of a group up to its brace.
    fn group(&self, mut at: usize, prefix: &[String], paths: &mut Vec<Vec<String>>) -> usize {
        while at < self.code.len() && self.code[at] != '}' {
            at = if self.starts(at, " as ") {
                // The name after it is a new one.
                at + 4
                    + self.code[at + 4..]
                        .iter()
                        .take_while(|c| is_word(**c))
                        .count()
            } else if is_word(self.code[at]) {
                self.path(at, prefix, paths)
            } else {
                at + 1
            };
        }
        at + 1
    }

    fn skip_blank(&self, at: usize) -> usize {
        at + self.code[at.min(self.code.len())..]
            .iter()
            .take_while(|c| c.is_whitespace())
            .count()
    }

    fn starts(&self, at: usize, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(i, c)| self.code.get(at + i) == Some(&c))
    }
}

/// Reads what stands behind `use`, or in its braces: `a::{self, b as c}`.
fn import(item: &str, prefix: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let (head, group) = match item.split_once('{') {
        Some((head, group)) => (head, group.trim_end().strip_suffix('}')),
        None => (item, None),
    };
    let (head, new_name) = head.split_once(" as ").unwrap_or((head, ""));
    let words = head.split("::").map(str::trim);
    let words = words.filter(|word| !word.is_empty() && *word != "*");
    let mut path: Vec<String> = prefix.to_vec();
    path.extend(words.map(str::to_owned));
    if let Some(group) = group {
        let mut depth = 0_usize;
        let parts = group.split(|c: char| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            c == ',' && depth == 0
        });
        for part in parts.filter(|part| !part.trim().is_empty()) {
            import(part, &path, found);
        }
        return;
    }
    if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
        path.pop();
    }
    let name = Some(new_name.trim()).filter(|name| !name.is_empty());
    if let Some(name) = name.or(path.last().map(String::as_str))
        && !head.contains('*')
    {
        found.push((name.to_owned(), path.clone()));
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Blanks comments, texts and characters, and keeps everything else where it is.
fn blank_comments_and_texts(code: &mut [char]) {
    let mut at = 0;
    while at < code.len() {
        let next = code.get(at + 1).copied();
        let end = match code[at] {
            '/' if next == Some('/') => find(code, at, "\n"),
            '/' if next == Some('*') => find(code, at + 2, "*/"),
            '"' => end_of_text(code, at + 1),
            'r' if is_raw(code, at) => {
                let hashes = code[at + 1..].iter().take_while(|c| **c == '#').count();
                let close: String = std::iter::once('"')
                    .chain(std::iter::repeat_n('#', hashes))
                    .collect();
                find(code, at + hashes + 2, &close)
            }
            '\'' => end_of_char(code, at),
            _ => at,
        };
        if end > at {
            code[at..end].fill(' ');
            at = end;
        } else {
            at += 1;
        }
    }
}

/// Behind the next `text` from `from` on, or the end.
fn find(code: &[char], from: usize, text: &str) -> usize {
    let text: Vec<char> = text.chars().collect();
    let from = from.min(code.len());
    code[from..]
        .windows(text.len())
        .position(|window| window == text)
        .map_or(code.len(), |at| from + at + text.len())
}

fn end_of_text(code: &[char], mut at: usize) -> usize {
    while at < code.len() && code[at] != '"' {
        at += if code[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(code.len())
}

/// Whether a raw text begins here, and not a word that ends in `r`.
fn is_raw(code: &[char], at: usize) -> bool {
    let inside = at > 0 && is_word(code[at - 1]) && code[at - 1] != 'b';
    let hashes = code[at + 1..].iter().take_while(|c| **c == '#').count();
    !inside && code.get(at + 1 + hashes) == Some(&'"')
}

/// Behind a character, or where we are for a lifetime.
fn end_of_char(code: &[char], at: usize) -> usize {
    if code.get(at + 1) == Some(&'\\') {
        find(code, at + 3, "'")
    } else if code.get(at + 2) == Some(&'\'') {
        at + 3
    } else {
        at
    }
}

/// Blanks each item under `#[cfg(test)]`: a test may name what it likes.
fn blank_tests(code: &mut [char]) {
    const MARK: &str = "#[cfg(test)]";
    let mut from = 0;
    loop {
        let start = find(code, from, MARK);
        if start >= code.len() {
            return;
        }
        let mut depth = 0_usize;
        let mut inside = 0_usize;
        let mut at = start;
        while at < code.len() {
            match code[at] {
                '(' | '[' => inside += 1,
                ')' | ']' => inside = inside.saturating_sub(1),
                '{' => depth += 1,
                // The last variant or arm of what it stands in.
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ';' | ',' if depth == 0 && inside == 0 => break,
                _ => {}
            }
            at += 1;
            if depth == 0 && code[at - 1] == '}' {
                break;
            }
        }
        code[start..at].fill(' ');
        from = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        Source::new(text)
            .paths()
            .into_iter()
            .map(|path| path.join("::"))
            .filter(|path| path.contains("::"))
            .collect()
    }

    #[test]
    fn a_variant_and_an_arm_of_tests_end_with_themselves() {
        let text = "enum E { #[cfg(test)] A(u8, crate::ui::X), B(crate::app::Y) }\n\
            fn f(e: E) { match e { E::B(_) => crate::sync::g(), #[cfg(test)] E::A(..) => crate::ui::h() } crate::keys::k() }";
        let found = paths(text).join(" ");
        for kept in ["app", "sync", "keys"] {
            assert!(found.contains(kept), "{kept}: {found}");
        }
        assert!(!found.contains("ui"), "{found}");
    }

    #[test]
    fn groups_are_written_out() {
        assert_eq!(
            paths(
                "use crate::{app::{Model, Msg as M}, ui, keys::*};\nfn f() { std::fs::read(\"x\") }"
            ),
            [
                "crate::app::Model",
                "crate::app::Msg",
                "crate::ui",
                "crate::keys",
                "std::fs::read"
            ]
        );
    }

    #[test]
    fn names_stand_for_what_they_import() {
        let source = Source::new(
            "pub(super) use a::{self, b::{c, d as e}, f::*};\nuse g as h;\nfn reuse() { use i::J as _; }",
        );
        let found: Vec<String> = source
            .imports()
            .into_iter()
            .map(|(name, path)| format!("{name} {}", path.join("::")))
            .collect();
        assert_eq!(found, ["a a", "c a::b::c", "e a::b::d", "h g", "_ i::J"]);
    }

    #[test]
    fn comments_texts_and_tests_name_nothing() {
        let text = r##"
//! crate::a
/* crate::b */
const A: &str = "crate::c \" crate::d";
const B: &str = r#"crate::e"#;
const C: char = '"'; const D: char = '\''; fn x<'a>(y: &'a crate::f::G) {}
#[cfg(test)]
mod tests { use crate::h; fn f() { crate::i(); } }
#[cfg(test)]
use crate::j;
use crate::k::l;
"##;
        assert_eq!(paths(text), ["crate::f::G", "crate::k::l"]);
    }

    #[test]
    fn files_are_modules() {
        let module = |path: &str| module_of(Path::new(path)).map(|module| module.join("::"));
        assert_eq!(module("src/ui/mod.rs").as_deref(), Some("ui"));
        assert_eq!(module("src/ui/orders.rs").as_deref(), Some("ui::orders"));
        assert_eq!(module("src/main.rs").as_deref(), Some("main"));
        assert_eq!(module("src/lib.rs"), None);
    }
}
