//! TOML with mistakes: what can be read is read, and each mistake costs the setting it stands in.
//!
//! The text is cut into statements, each a header or a setting of one line or more, and a statement that is not TOML by
//! itself is left out. What is left is put together again, a table that was begun twice under its first header, and
//! remembers the lines it came from.

use std::borrow::Cow;
use std::collections::HashMap;

use toml_edit::{Document, Item, Table};

/// No setting goes over more lines; a bracket or a quote that was not closed is looked for no further.
const LONGEST: usize = 60;

/// A mistake in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The line, counted from 1.
    pub(super) line: usize,
    /// The setting, dotted, as far as it can be read: `profiles.acme.region`.
    pub(super) key: String,
    /// What is wrong, and what it costs.
    pub(super) message: String,
}

/// Text that is TOML, and where its lines stood.
#[derive(Debug, Default)]
pub(super) struct Clean {
    pub(super) text: String,
    /// For each of its lines the one in the file, counted from 1.
    lines: Vec<usize>,
    /// What was left out.
    pub(super) mistakes: Vec<Mistake>,
}

impl Clean {
    /// The line in the file, counted from 1, in which byte `offset` of the text stands.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        let at = self.text.get(..offset).unwrap_or(&self.text);
        let at = at.matches('\n').count();
        self.lines
            .get(at)
            .or(self.lines.last())
            .copied()
            .unwrap_or(1)
    }
}

impl Clean {
    /// Adds what goes together with what is there already, or nothing.
    fn add(&mut self, pieces: &[Piece<'_>]) -> Result<(), Mistake> {
        let before = self.text.len();
        for piece in pieces {
            self.text.push_str(&piece.text);
            self.text.push('\n');
        }
        if let Err(mistake) = check(&self.text) {
            self.text.truncate(before);
            return Err(mistake);
        }
        for piece in pieces {
            self.lines.extend(piece.line..piece.line + piece.count);
        }
        Ok(())
    }
}

/// Whether the whole is TOML; its first mistake if not.
pub(super) fn check(text: &str) -> Result<(), Mistake> {
    Document::parse(text).map(drop).map_err(|error| Mistake {
        line: 1 + error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(0, |before| before.matches('\n').count()),
        key: String::new(),
        message: words(&error),
    })
}

/// The first mistake of a text that is no TOML, where it begins: the parser finds what was not closed at the end.
pub(super) fn first_mistake(text: &str) -> Option<Mistake> {
    let told = check(text).err()?;
    Some(clean(text).mistakes.into_iter().next().unwrap_or(told))
}

fn words(error: &toml_edit::TomlError) -> String {
    let told = error.message().trim().replace('\n', ", ");
    if told.starts_with("invalid multi-line") {
        return "the text that begins here is not closed".to_owned();
    }
    told
}

/// The bytes of a file as text. A mark of UTF-8 at its beginning is passed over; what is no UTF-8 becomes U+FFFD, and
/// costs the setting it stands in.
pub(super) fn decode(bytes: &[u8]) -> (String, Option<Mistake>) {
    let wide = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((rest, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0xfe, 0xff, rest @ ..] => Some((rest, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        _ => None,
    };
    if let Some((rest, unit)) = wide {
        let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let text = char::decode_utf16(units)
            .map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        let mistake = Mistake {
            line: 1,
            key: String::new(),
            message: "is UTF-16; certdeck read it, but save it as UTF-8".to_owned(),
        };
        return (text, Some(mistake));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    (String::from_utf8_lossy(bytes).into_owned(), None)
}

/// A piece of the text: a header, a setting, or what is neither.
#[derive(Debug)]
pub(super) struct Piece<'t> {
    /// The first of its lines, counted from 1.
    pub(super) line: usize,
    /// How many lines it has.
    pub(super) count: usize,
    /// Its lines, without the last line end.
    pub(super) text: Cow<'t, str>,
    pub(super) what: What,
}

/// What a piece is.
#[derive(Debug)]
pub(super) enum What {
    /// The header of a table, with its path.
    Header(Vec<String>),
    /// A setting, with its path below the table it stands in.
    Setting(Vec<String>),
    Other,
}

/// Cuts the text into pieces; what is empty or a comment is none.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let is_sound = check(text).is_ok();
    let lines: Vec<&str> = text.split('\n').collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let first = lines[at].trim();
        if first.is_empty() || first.starts_with('#') {
            at += 1;
            continue;
        }
        let (count, what) = piece(&lines[at..], is_sound);
        let text = match &lines[at..at + count] {
            [one] => Cow::Borrowed(*one),
            more => Cow::Owned(more.join("\n")),
        };
        pieces.push(Piece {
            line: at + 1,
            count,
            text,
            what,
        });
        at += count;
    }
    pieces
}

/// The piece that begins with the first of `lines`, and how many of them it has. In a text that is not sound a text or
/// list that was not closed would go on to the end of the next one: what has a setting among its lines is no value.
fn piece(lines: &[&str], is_sound: bool) -> (usize, What) {
    if lines[0].trim_start().starts_with('[') {
        return (1, header(lines[0]).map_or(What::Other, What::Header));
    }
    let most = lines.len().min(LONGEST);
    let swallows = |next: &&str| !is_sound && setting(next).is_some();
    let own = lines[1..most]
        .iter()
        .take_while(|next| !swallows(next))
        .count();
    let whole = (1..=1 + own).find_map(|count| Some((count, setting(&lines[..count].join("\n"))?)));
    whole.map_or_else(
        || {
            // What follows and can begin nothing was meant to belong to this.
            let rest = lines[1..].iter().take_while(|next| is_rest(next)).count();
            (1 + rest, What::Other)
        },
        |(count, path)| (count, What::Setting(path)),
    )
}

/// The path of the setting that this text is, if it is one: the parts behind dots belong to it.
fn setting(text: &str) -> Option<Vec<String>> {
    let document = Document::parse(format!("{text}\n")).ok()?;
    let mut path = Vec::new();
    let mut next = first(document.as_table());
    while let Some((key, item)) = next {
        path.push(key.to_owned());
        next = item
            .as_table()
            .filter(|table| table.is_dotted())
            .and_then(first);
    }
    (!path.is_empty()).then_some(path)
}

/// The path of the table that a line begins; `[[x]]` begins none that certdeck has.
fn header(line: &str) -> Option<Vec<String>> {
    let document = Document::parse(format!("{line}\n")).ok()?;
    let mut path = Vec::new();
    let mut next = first(document.as_table());
    while let Some((key, item)) = next {
        path.push(key.to_owned());
        next = first(item.as_table()?);
    }
    (!path.is_empty()).then_some(path)
}

fn first(table: &Table) -> Option<(&str, &Item)> {
    table.iter().next()
}

/// Whether a line can only be the rest of something that began above it.
fn is_rest(line: &str) -> bool {
    let line = line.trim();
    !(line.is_empty() || line.starts_with(['#', '[']) || line.contains('='))
}

/// A table and what stands under its header, wherever it stands.
#[derive(Default)]
struct Section<'t> {
    /// The path of its header.
    path: Vec<String>,
    pieces: Vec<Piece<'t>>,
    /// Where each of its settings was given first.
    given: HashMap<Vec<String>, usize>,
}

/// Takes from the text what is TOML: all of it, where nothing is wrong.
pub(super) fn clean(text: &str) -> Clean {
    // Files that were put together have the mark of UTF-8 in their middle too, where it is no TOML.
    let text = &text.replace('\u{feff}', "");
    if check(text).is_ok() && !text.contains(char::REPLACEMENT_CHARACTER) {
        return Clean {
            text: text.to_owned(),
            lines: (1..=text.matches('\n').count() + 1).collect(),
            mistakes: Vec::new(),
        };
    }
    let mut sorted = Sorted {
        sections: vec![Section::default()],
        headers: HashMap::new(),
        now: Some(0),
        mistakes: Vec::new(),
    };
    for piece in pieces(text) {
        sorted.take(piece);
    }
    sorted.join()
}

/// The pieces by the table they stand in.
struct Sorted<'t> {
    sections: Vec<Section<'t>>,
    /// The section of each header that was seen.
    headers: HashMap<Vec<String>, usize>,
    /// The section that settings belong to; `None` under a header that cannot be read.
    now: Option<usize>,
    mistakes: Vec<Mistake>,
}

impl<'t> Sorted<'t> {
    fn take(&mut self, mut piece: Piece<'t>) {
        let line = piece.line;
        if piece.text.trim_start().starts_with('[') {
            return self.header(piece);
        }
        // Settings of a table that is left out are told with it.
        let Some(section) = self.now.and_then(|now| self.sections.get_mut(now)) else {
            return;
        };
        let (key, message) = match std::mem::replace(&mut piece.what, What::Other) {
            What::Setting(path) => {
                let message = if is_broken(&piece.text) {
                    "is not UTF-8, so it is ignored; save the file as UTF-8".to_owned()
                } else if let Some(first) = section.given.get(&path) {
                    format!("is set twice; line {first} counts")
                } else {
                    section.given.insert(path, line);
                    section.pieces.push(piece);
                    return;
                };
                (below(&section.path, &path.join(".")), message)
            }
            What::Header(_) | What::Other => not_toml(&section.path, &piece.text),
        };
        self.mistakes.push(Mistake { line, key, message });
    }

    fn header(&mut self, mut piece: Piece<'t>) {
        let line = piece.line;
        let mut tell = |message| {
            self.mistakes.push(Mistake {
                line,
                key: String::new(),
                message,
            });
        };
        let path = match std::mem::replace(&mut piece.what, What::Other) {
            What::Header(path) => path,
            What::Setting(_) | What::Other => {
                let closed = format!("{}]", piece.text.trim_end());
                let Some(path) = header(&closed) else {
                    self.now = None;
                    let why = check(&format!("{}\n", piece.text)).err();
                    let why = why.map_or_else(
                        || "certdeck has no arrays of tables".to_owned(),
                        |mistake| mistake.message,
                    );
                    return tell(format!("{why}; the table that begins here is ignored"));
                };
                tell(format!(
                    "the bracket is not closed; this is read as {}",
                    closed.trim()
                ));
                piece.text = Cow::Owned(closed);
                path
            }
        };
        if let Some(&at) = self.headers.get(&path) {
            self.now = Some(at);
            let first = self.sections[at].pieces.first();
            let first = first.map_or(1, |first| first.line);
            return tell(format!(
                "[{}] begins twice; what follows here is added to that of line {first}",
                path.join(".")
            ));
        }
        self.headers.insert(path.clone(), self.sections.len());
        self.now = Some(self.sections.len());
        self.sections.push(Section {
            path,
            pieces: vec![piece],
            given: HashMap::new(),
        });
    }

    /// Puts together what is TOML by itself; of what does not go together (a table and a value of one name) the later
    /// one is left out.
    fn join(self) -> Clean {
        let mut clean = Clean {
            mistakes: self.mistakes,
            ..Clean::default()
        };
        for section in self.sections {
            if clean.add(&section.pieces).is_ok() {
                continue;
            }
            for piece in &section.pieces {
                let Err(Mistake { message, .. }) = clean.add(std::slice::from_ref(piece)) else {
                    continue;
                };
                let is_table = piece.text.trim_start().starts_with('[');
                let (key, cost) = if is_table {
                    (String::new(), "the table that begins here")
                } else {
                    (name_of(&section.path, &piece.text), "this setting")
                };
                clean.mistakes.push(Mistake {
                    line: piece.line,
                    key,
                    message: format!("{message}; {cost} is ignored"),
                });
                if is_table {
                    break;
                }
            }
        }
        clean.mistakes.sort_by_key(|mistake| mistake.line);
        clean
    }
}

/// The dotted name of what stands in a table.
fn below(table: &[String], name: &str) -> String {
    let mut parts = table.to_vec();
    parts.push(name.to_owned());
    parts.join(".")
}

/// The dotted name of a setting that may be no TOML; empty where it cannot be read. Never its value, which may be a key.
fn name_of(table: &[String], text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    let Some((name, _)) = first.split_once('=') else {
        return String::new();
    };
    let name = name.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"');
    if name.is_empty() || !name.chars().all(plain) {
        return String::new();
    }
    below(table, &name.replace('"', ""))
}

/// A setting that is no TOML: its name, and what is wrong.
fn not_toml(table: &[String], text: &str) -> (String, String) {
    let first = text.lines().next().unwrap_or_default();
    let why = check(first).err().map_or_else(
        || "this is not a setting".to_owned(),
        |mistake| mistake.message,
    );
    let key = name_of(table, text);
    let what = if key.is_empty() { "line" } else { "setting" };
    (key, format!("{why}; this {what} is ignored"))
}

/// Whether a setting holds what could not be decoded, outside of its comment.
fn is_broken(text: &str) -> bool {
    let broken = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
    if !broken(text) {
        return false;
    }
    let Ok(document) = Document::parse(format!("{text}\n")) else {
        return true;
    };
    let mut next = first(document.as_table());
    while let Some((key, item)) = next {
        if broken(key) {
            return true;
        }
        if let Some(value) = item.as_value() {
            let mut value = value.clone();
            value.decor_mut().clear();
            return broken(&value.to_string());
        }
        next = item.as_table().and_then(first);
    }
    false
}

#[cfg(test)]
#[path = "lenient_tests.rs"]
mod tests;
