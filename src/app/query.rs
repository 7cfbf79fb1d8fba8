//! How a filter is written, the same in every list: words, and terms of a field, an operator and a value such as
//! `status:issued ends<30d org:"Two Words"`. A leading `-` turns a term round. Blanks around an operator count for
//! nothing. What is not understood is an error at its place, with what is nearest to it.

use std::fmt;
use std::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::Date;

/// What stands between field and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// `:`
    Holds,
    /// `=` or `==`
    Is,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Operator {
    /// Whether what is compared stands on the wanted side of the limit.
    pub(super) fn takes(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Holds | Self::Is => order.is_eq(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// Operators as they are written, and whether they turn the term round. A `:` before one of the others is forgiven.
const OPERATORS: &[(&str, Operator, bool)] = &[
    (":", Operator::Holds, false),
    ("=", Operator::Is, false),
    ("==", Operator::Is, false),
    ("!=", Operator::Is, true),
    ("<", Operator::Below, false),
    ("<=", Operator::AtMost, false),
    (">", Operator::Above, false),
    (">=", Operator::AtLeast, false),
];

/// A word, or a term. Everything in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// Whether it must not hold.
    pub(super) negated: bool,
    /// The field and the operator; a word has none.
    pub(super) field: Option<(String, Operator)>,
    /// The word, or the term's value; never empty.
    pub(super) value: String,
    /// Bytes of the field in the text that was read.
    pub(super) field_at: Range<usize>,
    /// Bytes of the word or value.
    pub(super) value_at: Range<usize>,
    /// Bytes of the whole.
    pub(super) at: Range<usize>,
}

impl Term {
    /// The value is wrong.
    pub(super) fn wrong(&self, why: impl Into<String>) -> FilterError {
        FilterError {
            at: self.value_at.clone(),
            word: self.value.clone(),
            why: why.into(),
        }
    }

    /// The value is none of a list.
    pub(super) fn none_of<'a>(
        &self,
        what: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> FilterError {
        let mut once: Vec<&str> = Vec::new();
        for word in known {
            if !once.contains(&word) {
                once.push(word);
            }
        }
        let known = once;
        self.wrong(unknown(what, &self.value, &known))
    }

    /// The value is a day, or so many days from today.
    pub(super) fn bound(&self) -> Result<Bound, FilterError> {
        match self.value.parse::<Date>() {
            Ok(date) => Ok(Bound::On(date)),
            Err(_) => days(&self.value)
                .map(Bound::Days)
                .map_err(|why| self.wrong(why)),
        }
    }

    /// The field cannot be compared like this.
    pub(super) fn takes_no_limit(&self) -> Result<bool, FilterError> {
        match self.field {
            None | Some((_, Operator::Holds)) => Ok(false),
            Some((_, Operator::Is)) => Ok(true),
            Some((ref field, _)) => Err(FilterError {
                at: self.at.clone(),
                word: field.clone(),
                why: "is not a number or a date: put : or = after it".into(),
            }),
        }
    }
}

/// A day that a filter compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// So many days from today.
    Days(i32),
    On(Date),
}

impl Bound {
    /// The day that is meant.
    pub(super) fn day(self, today: Date) -> Date {
        match self {
            Self::On(day) => day,
            Self::Days(days) => today.saturating_add(days.days()),
        }
    }
}

/// Why a filter was not understood: which word, where it stands, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// Bytes of it in the filter's text.
    pub at: Range<usize>,
    pub word: String,
    /// What is wrong and what would be right.
    pub why: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.word.trim_end_matches(':') {
            "" => write!(f, "\"{}\" {}", self.word, self.why),
            word => write!(f, "{word}: {}", self.why),
        }
    }
}

/// "unknown status; did you mean issued? There are …"
fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|one| (strsim::damerau_levenshtein(word, one), one))
        .filter(|(steps, one)| *steps <= 1 + one.len().min(word.len()) / 3)
        .min_by_key(|(steps, _)| *steps);
    let all = known.join(", ");
    match near {
        Some((_, near)) => format!("unknown {what}; did you mean {near}? Use: {all}"),
        None => format!("unknown {what}; use {all}"),
    }
}

/// Text between blanks that stand outside quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    /// Bytes in the filter's text of each letter of `text`, and of its end.
    places: Vec<usize>,
    /// Where in `text` the first operator outside quotes stands.
    operator: Option<Range<usize>>,
    end: usize,
}

impl Piece {
    fn place(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or(self.end)
    }

    fn span(&self, range: Range<usize>) -> Range<usize> {
        let end = match range.end.checked_sub(1) {
            Some(_) if range.end >= self.text.len() => self.end,
            _ => self.place(range.end),
        };
        self.place(range.start)..end
    }

    /// Appends what stands behind, as if there were no blank between.
    fn join(&mut self, mut other: Piece) {
        let by = self.text.len();
        if self.operator.is_none() {
            self.operator = other.operator.map(|found| found.start + by..found.end + by);
        }
        self.places.truncate(by);
        self.text.push_str(&other.text);
        self.places.append(&mut other.places);
        self.end = other.end;
    }
}

fn is_operator(c: char) -> bool {
    matches!(c, ':' | '<' | '>' | '=' | '!')
}

/// Splits at blanks outside double quotes. A quote that is not closed holds to the end.
fn pieces(text: &str) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    let mut open = false;
    let mut quoted = false;
    for (place, c) in text.char_indices() {
        if c.is_whitespace() && !quoted {
            open = false;
            continue;
        }
        if !open {
            all.push(Piece {
                text: String::new(),
                places: Vec::new(),
                operator: None,
                end: place,
            });
            open = true;
        }
        let Some(piece) = all.last_mut() else {
            continue;
        };
        piece.end = place + c.len_utf8();
        if c == '"' {
            quoted = !quoted;
            continue;
        }
        for lower in c.to_lowercase() {
            let at = piece.text.len();
            piece.text.push(lower);
            piece.places.resize(piece.text.len(), place);
            if quoted || !is_operator(lower) {
                continue;
            }
            match &mut piece.operator {
                None if lower != '!' || text[place + 1..].starts_with('=') => {
                    piece.operator = Some(at..at + 1);
                }
                Some(found) if found.end == at => found.end = at + 1,
                _ => {}
            }
        }
    }
    all
}

/// Digits of a serial number or an IPv6 address, which hold colons and are no terms.
fn is_hex(text: &str) -> bool {
    text.contains(':') && text.bytes().all(|b| b == b':' || b.is_ascii_hexdigit())
}

/// Units of a number of days, which may stand behind a blank.
const UNITS: &[(&str, i32)] = &[
    ("d", 1),
    ("day", 1),
    ("days", 1),
    ("w", 7),
    ("week", 7),
    ("weeks", 7),
    ("m", 30),
    ("month", 30),
    ("months", 30),
    ("y", 365),
    ("year", 365),
    ("years", 365),
];

/// The names of a list's fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// As they are told.
    pub(super) told: &'static [&'static str],
    /// Other names that are understood.
    pub(super) others: &'static [&'static str],
}

impl Fields {
    fn has(self, name: &str) -> bool {
        self.told.contains(&name) || self.others.contains(&name)
    }
}

/// A part of a value, or the whole of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) whole: bool,
}

impl Text {
    /// Whether it stands in a value.
    pub(super) fn is_in(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        if self.whole {
            value == self.text
        } else {
            value.contains(&self.text)
        }
    }
}

/// A term that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tested<T> {
    /// Whether it must not hold.
    pub(super) negated: bool,
    /// What it asks.
    pub(super) test: T,
}

/// Reads a filter as what each of its terms asks.
pub(super) fn tested<T>(
    text: &str,
    fields: Fields,
    test: impl Fn(&Term) -> Result<T, FilterError>,
) -> Result<Vec<Tested<T>>, FilterError> {
    let terms = read(text, fields)?.into_iter().map(|term| {
        Ok(Tested {
            negated: term.negated,
            test: test(&term)?,
        })
    });
    terms.collect()
}

/// Reads a filter.
pub(super) fn read(text: &str, fields: Fields) -> Result<Vec<Term>, FilterError> {
    let bare = |piece: &Piece| {
        let name = piece.text.strip_prefix('-').unwrap_or(&piece.text);
        piece.operator.is_none() && fields.has(name)
    };
    let dangling = |piece: &Piece| {
        let end = piece.operator.as_ref().map(|found| found.end);
        end == Some(piece.text.len()) && !is_hex(&piece.text)
    };
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces(text) {
        let leads = piece
            .operator
            .as_ref()
            .is_some_and(|found| found.start == 0);
        let unit = UNITS.iter().any(|(unit, _)| *unit == piece.text);
        match joined.last_mut() {
            Some(last)
                if (leads && bare(last))
                    || (dangling(last) && (piece.operator.is_none() || is_hex(&piece.text)))
                    || (unit && counts_days(last)) =>
            {
                last.join(piece);
            }
            _ => joined.push(piece),
        }
    }
    joined.iter().map(|piece| term(piece, fields)).collect()
}

/// Whether it ends in a limit of digits alone, to which a unit belongs.
fn counts_days(piece: &Piece) -> bool {
    piece.operator.as_ref().is_some_and(|found| {
        let value = &piece.text[found.end..];
        let is_limit = piece.text[found.clone()].contains(['<', '>', '=']);
        is_limit && !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())
    })
}

fn term(piece: &Piece, fields: Fields) -> Result<Term, FilterError> {
    let text = piece.text.as_str();
    let start = match text.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => 1,
        _ => 0,
    };
    let whole = piece.span(0..text.len());
    let error = |range: Range<usize>, why: String| FilterError {
        word: text[range.clone()].to_owned(),
        at: piece.span(range),
        why,
    };
    let word = || Term {
        negated: start == 1,
        field: None,
        value: text[start..].to_owned(),
        field_at: whole.start..whole.start,
        value_at: whole.clone(),
        at: whole.clone(),
    };
    let Some(operator) = piece.operator.clone() else {
        return if text.is_empty() {
            Err(error(0..0, "has nothing between the quotes".into()))
        } else {
            Ok(word())
        };
    };
    let field = &text[start..operator.start];
    if !fields.has(field) && is_hex(&text[start..]) {
        return Ok(word());
    }
    if field.is_empty() {
        let why = format!("needs a field before it; use {}", fields.told.join(", "));
        return Err(error(operator, why));
    }
    if !fields.has(field) {
        let why = unknown("field", field, fields.told);
        return Err(error(start..operator.start, why));
    }
    let sign = &text[operator.clone()];
    let plain = sign.strip_prefix(':').filter(|rest| !rest.is_empty());
    let known = OPERATORS
        .iter()
        .find(|(written, ..)| *written == plain.unwrap_or(sign));
    let Some((_, meant, turned)) = known else {
        let known: Vec<&str> = OPERATORS.iter().map(|(written, ..)| *written).collect();
        let why = format!("unknown comparison; use {}", known.join(" "));
        return Err(error(operator, why));
    };
    let value = text[operator.end..].trim();
    if value.is_empty() {
        let at = start..text.len();
        return Err(error(at, "needs a value".into()));
    }
    Ok(Term {
        negated: (start == 1) != *turned,
        field: Some((field.to_owned(), *meant)),
        value: value.to_owned(),
        field_at: piece.span(start..operator.start),
        value_at: piece.span(operator.end..text.len()),
        at: whole,
    })
}

/// A number of days as it is written: `30`, `30d`, `2 weeks`, `-5d`.
pub fn days(value: &str) -> Result<i32, String> {
    let digits = value
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    let unit = unit.trim();
    let Ok(number) = number.parse::<i32>() else {
        return Err("needs days (30d, 2w, 3m, 1y) or a date (2026-12-31)".into());
    };
    let factor = match UNITS.iter().find(|(known, _)| *known == unit) {
        Some((_, factor)) => *factor,
        None if unit.is_empty() => 1,
        None => {
            return Err(format!(
                "unknown unit {unit}; use d, w, m, y, or a date such as 2026-12-31"
            ));
        }
    };
    number
        .checked_mul(factor)
        .filter(|days| days.abs() < 100_000)
        .ok_or_else(|| "is too far away".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const FIELDS: Fields = Fields {
        told: &["name", "status", "ends"],
        others: &["cn"],
    };

    fn read_one(text: &str) -> (bool, Option<(String, Operator)>, String) {
        let mut all = read(text, FIELDS).unwrap();
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        let term = all.remove(0);
        (term.negated, term.field, term.value)
    }

    #[rstest]
    #[case("ends<30d", false, Operator::Below, "30d")]
    #[case("ends < 30d", false, Operator::Below, "30d")]
    #[case("ends< 30d", false, Operator::Below, "30d")]
    #[case("ends <30d", false, Operator::Below, "30d")]
    #[case("ends<30 d", false, Operator::Below, "30d")]
    #[case("ends < 2 weeks", false, Operator::Below, "2weeks")]
    #[case("ends<=30d", false, Operator::AtMost, "30d")]
    #[case("ends>30d", false, Operator::Above, "30d")]
    #[case("ends>=30d", false, Operator::AtLeast, "30d")]
    #[case("ends:>=30d", false, Operator::AtLeast, "30d")]
    #[case("ends=30d", false, Operator::Is, "30d")]
    #[case("ends==30d", false, Operator::Is, "30d")]
    #[case("ends!=30d", true, Operator::Is, "30d")]
    #[case("-ends!=30d", false, Operator::Is, "30d")]
    #[case("-status:Issued", true, Operator::Holds, "issued")]
    #[case("STATUS: issued", false, Operator::Holds, "issued")]
    #[case("status:\"needs approval\"", false, Operator::Holds, "needs approval")]
    #[case("name:\"a:b", false, Operator::Holds, "a:b")]
    fn every_way_to_write_a_term(
        #[case] text: &str,
        #[case] negated: bool,
        #[case] operator: Operator,
        #[case] value: &str,
    ) {
        let (turned, field, read) = read_one(text);
        assert_eq!(
            field.map(|(_, operator)| operator),
            Some(operator),
            "{text}"
        );
        assert_eq!((turned, read.as_str()), (negated, value), "{text}");
    }

    #[rstest]
    #[case("shop", "shop")]
    #[case("\"ends<30d\"", "ends<30d")]
    #[case("-", "-")]
    #[case("00:AB:66", "00:ab:66")]
    #[case("2001:db8::1", "2001:db8::1")]
    #[case("what!", "what!")]
    fn what_is_a_word(#[case] text: &str, #[case] word: &str) {
        assert_eq!(read_one(text), (false, None, word.to_owned()));
    }

    #[rstest]
    #[case("shop statsu:issued", "statsu", "did you mean status?")]
    #[case("tint:blue", "tint", "use name, status, ends")]
    #[case("shop <30d", "<", "needs a field")]
    #[case("ends=>30d", "=>", "unknown comparison")]
    #[case("ends<>30d", "<>", "unknown comparison")]
    #[case("a status: ", "status:", "needs a value")]
    #[case("status: name:b", "status:", "needs a value")]
    #[case("ü https://x.example", "https", "unknown field")]
    fn what_is_not_understood_is_told_at_its_place(
        #[case] text: &str,
        #[case] word: &str,
        #[case] why: &str,
    ) {
        let error = read(text, FIELDS).unwrap_err();
        assert_eq!(error.word, word);
        assert_eq!(&text[error.at.clone()], word);
        assert!(error.why.contains(why), "{error}");
    }

    #[rstest]
    #[case("30", Some(30))]
    #[case("30d", Some(30))]
    #[case("-5d", Some(-5))]
    #[case("2weeks", Some(14))]
    #[case("1y", Some(365))]
    #[case("30x", None)]
    #[case("30dd", None)]
    #[case("soon", None)]
    #[case("9999999y", None)]
    fn days_have_units_that_are_known(#[case] text: &str, #[case] expected: Option<i32>) {
        assert_eq!(days(text).ok(), expected, "{text}");
    }
}
