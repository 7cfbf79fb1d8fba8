//! PEM both ways: blocks found in whatever was pasted, and blocks written as `openssl` writes them.
//!
//! Reading forgives what mails, consoles, chat programs and JSON do to a PEM: Windows and old Mac line ends, none at
//! all, `\n` as two characters, blank lines, indentation, `> ` before lines, quotes, a byte order mark, typographic
//! dashes. It does not forgive a character that is no base64, and says where that stands in the text as pasted.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::dress::{LENIENT, fold};

/// One PEM block.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    /// What stands between `BEGIN` and the dashes, upper case, single spaces: `CERTIFICATE REQUEST`.
    pub label: String,
    pub der: Vec<u8>,
    /// The line of the header in the text as pasted, from 1.
    pub line: usize,
    /// The first line inside that is not as long as its lines are: it may not belong to it.
    pub unlike: Option<usize>,
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block")
            .field("label", &self.label)
            .field("bytes", &self.der.len())
            .field("line", &self.line)
            .field("unlike", &self.unlike)
            .finish()
    }
}

/// A place in the text as pasted; both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a text with PEM markers could not be split.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// A header without its footer.
    #[error(
        "the {label} that begins on line {line} has no END line: the text is cut off; paste it again up to and with the END line"
    )]
    Cut {
        /// The label of the header.
        label: String,
        /// The line of the header.
        line: usize,
    },
    /// A footer without its header.
    #[error(
        "line {line} ends a {label} that never began: paste it again from and with the BEGIN line"
    )]
    NoBegin {
        /// The label of the footer.
        label: String,
        /// The line of the footer.
        line: usize,
    },
    /// Header and footer name different things.
    #[error(
        "a {begin} ends as {end} on line {line}: two texts were mixed; paste one of them whole"
    )]
    Mixed {
        /// The label of the header.
        begin: String,
        /// The label of the footer.
        end: String,
        /// The line of the footer.
        line: usize,
    },
    /// A character that base64 does not have.
    #[error("{label}: {found:?} at {at} is not base64; copy the text again from its source")]
    NotBase64 {
        /// The label of the header.
        label: String,
        found: char,
        at: Position,
    },
    /// The base64 stops in the middle, or goes on after its end.
    #[error(
        "{label}: the base64 before line {line} is incomplete ({characters} characters); some of it was lost, copy the text again"
    )]
    Incomplete {
        /// The label of the header.
        label: String,
        /// The line of the footer.
        line: usize,
        /// Base64 characters there are.
        characters: usize,
    },
    /// A line between header and footer that is not as its other lines are: whether something was lost cannot be told.
    #[error(
        "{label}: line {line} does not look like its other lines; leave out what does not belong to it, or load its \
            file"
    )]
    Unlike {
        /// The label of the header.
        label: String,
        line: usize,
    },
    /// Nothing between header and footer.
    #[error(
        "the {label} on line {line} is empty: copy the text again with the lines between BEGIN and END"
    )]
    Empty {
        /// The label of the header.
        label: String,
        /// The line of the header.
        line: usize,
    },
}

/// All PEM blocks of the text in their order. Text outside the blocks is ignored; no block at all is `Ok` and empty.
pub fn blocks(text: &str) -> Result<Vec<Block>, PemError> {
    let chars = normalise(text);
    let lines = Lines::of(text);
    let mut blocks = Vec::new();
    let mut open: Option<Marker> = None;
    for marker in markers(&chars) {
        let line = lines.line(chars[marker.start].1);
        match (open.take(), marker.is_begin) {
            (None, true) => open = Some(marker),
            (None, false) => {
                return Err(PemError::NoBegin {
                    label: marker.label,
                    line,
                });
            }
            (Some(begin), true) => {
                let line = lines.line(chars[begin.start].1);
                return Err(PemError::Cut {
                    label: begin.label,
                    line,
                });
            }
            (Some(begin), false) => {
                if kind(&begin.label) != kind(&marker.label) {
                    return Err(PemError::Mixed {
                        begin: begin.label,
                        end: marker.label,
                        line,
                    });
                }
                let start = lines.line(chars[begin.start].1);
                let body = &chars[begin.end..marker.start];
                blocks.push(decode(&lines, &begin.label, body, start, line)?);
            }
        }
    }
    match open {
        Some(begin) => {
            let line = lines.line(chars[begin.start].1);
            Err(PemError::Cut {
                label: begin.label,
                line,
            })
        }
        None => Ok(blocks),
    }
}

/// The bytes of a text that is nothing but base64 without header and footer; `None` for anything else.
pub fn bare_base64(text: &str) -> Option<Vec<u8>> {
    let body: String = normalise(text)
        .iter()
        .map(|(c, _)| *c)
        .filter(|c| !skipped(*c))
        .collect();
    let enough = body.len() >= 64 && body.chars().all(is_base64);
    enough
        .then(|| LENIENT.decode(body.trim_end_matches('=')).ok())
        .flatten()
}

/// A block with lines of 64 characters, `\n` line ends and one at the end, as `openssl` writes it.
pub fn encode(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for (index, c) in body.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(c);
    }
    pem.push_str("\n-----END ");
    pem.push_str(label);
    pem.push_str("-----\n");
    pem
}

/// A block without any line break: what the reissue page of the API documentation asks for.
pub fn encode_one_line(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----{}-----END {label}-----",
        STANDARD.encode(der)
    )
}

/// Characters with their byte offsets in the text as pasted, the accidents of copying undone.
fn normalise(text: &str) -> Vec<(char, usize)> {
    let mut out = Vec::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\r' => {
                chars.next_if(|(_, next)| *next == '\n');
                out.push(('\n', at));
            }
            '\\' => {
                // Escaped once or several times over; a lone backslash is a shell's line continuation.
                while chars.next_if(|(_, next)| *next == '\\').is_some() {}
                if chars
                    .next_if(|(_, next)| matches!(next, 'n' | 'r' | 't'))
                    .is_some()
                {
                    out.push(('\n', at));
                }
            }
            c => out.extend(fold(c).map(|c| (c, at))),
        }
    }
    out
}

struct Marker {
    is_begin: bool,
    label: String,
    /// Index of the first dash.
    start: usize,
    /// Index after the last dash.
    end: usize,
}

fn markers(chars: &[(char, usize)]) -> Vec<Marker> {
    let mut found: Vec<Marker> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let after_dash = at > 0 && matches!(chars[at - 1].0, '-' | ' ');
        match after_dash.then(|| marker_at(chars, at)).flatten() {
            Some(marker) => {
                at = marker.end;
                // "-----END X----------BEGIN Y-----": the dashes between belong to both.
                let floor = found.last().map_or(0, |last| last.end);
                found.push(Marker {
                    start: marker.start.max(floor),
                    ..marker
                });
            }
            None => at += 1,
        }
    }
    found
}

fn marker_at(chars: &[(char, usize)], at: usize) -> Option<Marker> {
    let word = |word: &str| {
        let here = chars.get(at..at + word.len())?;
        here.iter()
            .zip(word.chars())
            .all(|((c, _), wanted)| c.to_ascii_uppercase() == wanted)
            .then_some(word.len())
    };
    let (is_begin, length) = match (word("BEGIN"), word("END")) {
        (Some(length), _) => (true, length),
        (None, Some(length)) => (false, length),
        (None, None) => return None,
    };
    let mut start = at;
    while start > 0 && chars[start - 1].0 == ' ' {
        start -= 1;
    }
    let dashes_end = start;
    while start > 0 && chars[start - 1].0 == '-' {
        start -= 1;
    }
    if start == dashes_end {
        return None;
    }
    let label_start = at + length;
    let rest = &chars[label_start..];
    let label_length = rest
        .iter()
        .position(|(c, _)| !(c.is_ascii_alphanumeric() || *c == ' '))?;
    let label: String = rest[..label_length]
        .iter()
        .map(|(c, _)| c.to_ascii_uppercase())
        .collect();
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    let dashes = rest[label_length..]
        .iter()
        .take_while(|(c, _)| *c == '-')
        .count();
    (dashes > 0 && !label.is_empty() && rest[0].0 == ' ').then_some(Marker {
        is_begin,
        label,
        start,
        end: label_start + label_length + dashes,
    })
}

/// Whether the label is a request's. Tools call it many things, and mix them in one block: `NEW CERTIFICATE REQUEST`,
/// `X509 REQUEST`, `CERTIFICATE SIGNING REQUEST`.
pub(crate) fn is_request(label: &str) -> bool {
    label.split(' ').any(|word| word == "REQUEST")
}

fn kind(label: &str) -> &str {
    if is_request(label) { "REQUEST" } else { label }
}

/// How many blocks with such a label begin in the text.
pub(crate) fn begun(text: &str, is: impl Fn(&str) -> bool) -> usize {
    let begun = markers(&normalise(text)).into_iter();
    begun
        .filter(|marker| marker.is_begin && is(&marker.label))
        .count()
}

fn skipped(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`')
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')
}

fn decode(
    lines: &Lines<'_>,
    label: &str,
    body: &[(char, usize)],
    begin_line: usize,
    end_line: usize,
) -> Result<Block, PemError> {
    let label = label.to_owned();
    let mut base64 = String::with_capacity(body.len());
    // Where each line begins, and how many characters it has.
    let mut widths: Vec<(usize, usize)> = Vec::new();
    let mut wrong = None;
    for line in body.split(|(c, _)| *c == '\n') {
        let quoted = line
            .iter()
            .take_while(|(c, _)| matches!(c, ' ' | '>' | '|'))
            .count();
        let line = &line[quoted..];
        // Encapsulated headers (RFC 1421) stand before the base64: `Comment: …`.
        if base64.is_empty() && line.iter().any(|(c, _)| *c == ':') {
            continue;
        }
        let chars = || line.iter().filter(|(c, _)| !skipped(*c));
        if let Some((_, at)) = chars().next() {
            widths.push((*at, chars().count()));
        }
        wrong = wrong.or_else(|| chars().find(|(c, _)| !is_base64(*c)));
        base64.extend(chars().map(|(c, _)| *c));
    }
    let unlike = unlike(&widths).map(|at| lines.line(at));
    if let Some((found, at)) = wrong {
        let at = lines.position(*at);
        return Err(match unlike {
            Some(line) if line <= at.line => PemError::Unlike { label, line },
            _ => PemError::NotBase64 {
                label,
                found: *found,
                at,
            },
        });
    }
    if base64.is_empty() {
        return Err(PemError::Empty {
            label,
            line: begin_line,
        });
    }
    match (LENIENT.decode(base64.trim_end_matches('=')), unlike) {
        (Ok(der), unlike) => Ok(Block {
            label,
            der,
            line: begin_line,
            unlike,
        }),
        (Err(_), Some(line)) => Err(PemError::Unlike { label, line }),
        (Err(_), None) => Err(PemError::Incomplete {
            label,
            line: end_line,
            characters: base64.len(),
        }),
    }
}

/// Where the first line begins that is not as long as most of them; the last one is shorter as a rule.
fn unlike(widths: &[(usize, usize)]) -> Option<usize> {
    /// Lines that are shorter are words and numbers.
    const NARROWEST: usize = 16;
    let (_, whole) = widths.split_last()?;
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, width) in whole.iter().filter(|(_, width)| *width >= NARROWEST) {
        *counts.entry(*width).or_default() += 1;
    }
    let (usual, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let unlike = whole.iter().find(|(_, width)| *width != usual)?;
    (count > 1).then_some(unlike.0)
}

/// Where lines begin in the text as pasted, found once: pastes of hundreds of requests stay quick.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let breaks = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    /// The line of a byte offset, from 1.
    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn position(&self, at: usize) -> Position {
        let line = self.line(at);
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        Position {
            line,
            column: self.text[start..at].chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der() -> Vec<u8> {
        (0..=255).collect()
    }

    #[test]
    fn what_was_encoded_comes_back_however_it_was_mangled() {
        let pem = encode("CERTIFICATE", &der());
        assert!(pem.lines().all(|line| line.len() <= 64) && pem.ends_with("-----\n"));
        let quoted: String = pem.lines().flat_map(|line| ["> ", line, "\n"]).collect();
        for text in [
            pem.clone(),
            encode_one_line("CERTIFICATE", &der()),
            pem.replace('\n', "\r\n"),
            pem.replace('\n', "\r"),
            pem.replace('\n', "\\n"),
            pem.replace('\n', "\\\\r\\\\n"),
            pem.replace('\n', "\n\n   "),
            format!("\u{feff}\"{pem}\" and more"),
            quoted,
            pem.replace("-----", "\u{2013}\u{2014}-"),
            pem.replace('/', "\\/"),
            pem.replace('=', ""),
            format!("subject=CN = a: b\n{pem}trailing: text"),
        ] {
            let found = blocks(&text).unwrap();
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(
                (found[0].label.as_str(), &found[0].der),
                ("CERTIFICATE", &der()),
                "{text}"
            );
        }
    }

    #[test]
    fn blocks_that_touch_come_apart() {
        let one = encode_one_line("CERTIFICATE", &der());
        let found = blocks(&format!("{one}{one}{one}")).unwrap();
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|block| block.der == der()));
    }

    #[test]
    fn a_strange_character_is_named_with_its_place() {
        let text = "x\r\n-----BEGIN A-----\r\nAAAA\r\nAA*A\r\n-----END A-----";
        let error = blocks(text).unwrap_err();
        let at = Position { line: 4, column: 3 };
        assert_eq!(
            error,
            PemError::NotBase64 {
                label: "A".into(),
                found: '*',
                at
            }
        );
        assert!(error.to_string().contains("line 4, column 3"));
    }

    /// Whether something was lost can be told where all lines are as long as each other, and only there.
    #[test]
    fn a_line_unlike_the_others_is_named() {
        let pem = encode("X", &[0x5a; 300]);
        for stranger in ["see below", "(c) Example Trading", "abcde", "*"] {
            let lines: Vec<&str> = pem.lines().collect();
            let text = [&lines[..3], &[stranger], &lines[3..]].concat().join("\n");
            let told = match blocks(&text) {
                Ok(blocks) => blocks[0].unlike,
                Err(PemError::Unlike { line, .. }) => Some(line),
                Err(other) => panic!("{stranger}: {other:?}"),
            };
            assert_eq!(told, Some(4), "{stranger}");
        }
        let lost = pem.replacen("Wlpa", "W", 1);
        assert!(matches!(
            blocks(&lost),
            Err(PemError::Unlike { line: 2, .. })
        ));
        let all_lost: Vec<&str> = pem
            .lines()
            .map(|line| line.strip_suffix('=').unwrap_or(line))
            .collect();
        assert_eq!(blocks(&all_lost.join("\n")).unwrap()[0].unlike, None);
        assert_eq!(blocks(&pem).unwrap()[0].unlike, None);
    }

    #[test]
    fn cut_and_mixed_texts_are_told_apart() {
        let pem = encode("CERTIFICATE REQUEST", &der());
        let cut = &pem[..200];
        assert!(matches!(blocks(cut), Err(PemError::Cut { line: 1, .. })));
        let (_, tail) = pem.split_once('\n').unwrap();
        assert!(matches!(blocks(tail), Err(PemError::NoBegin { .. })));
        let mixed = pem.replace("END CERTIFICATE REQUEST", "END CERTIFICATE");
        assert!(matches!(blocks(&mixed), Err(PemError::Mixed { .. })));
        assert!(blocks(&pem.replace("BEGIN ", "BEGIN NEW ")).is_ok());
        assert!(matches!(
            blocks("-----BEGIN A-----\n-----END A-----"),
            Err(PemError::Empty { .. })
        ));
        assert!(matches!(
            blocks("-----BEGIN A-----\nAAAAA\n-----END A-----"),
            Err(PemError::Incomplete { line: 3, .. })
        ));
        assert_eq!(blocks("no markers, the end").unwrap(), vec![]);
    }

    #[test]
    fn base64_alone_is_read_and_prose_is_not() {
        assert_eq!(bare_base64(&STANDARD.encode(der())), Some(der()));
        assert_eq!(
            bare_base64(
                "some words that are not base64, although they are long enough to be it, surely"
            ),
            None
        );
        assert_eq!(bare_base64("AAAA"), None);
    }
}
