//! What commands print on standard output: rows of named fields, in the form that was chosen.
//!
//! | form | what it is |
//! | --- | --- |
//! | table | on a terminal: fits its width, what is cut ends with `…` |
//! | lines | in a pipe: a tab between fields, nothing cut |
//! | `--json` | `{"schema":"certdeck.NAME","version":1,"as_of":TIME,"rows":[…]}`, a row a line |
//! | `--csv` | RFC 4180, by the names of the fields; what begins as a formula stands behind an apostrophe |
//! | `--numbers` | the first field alone |
//!
//! Each row is written as it comes, but where they are to be sorted. A name of a field never changes its meaning; one that
//! does not fit any more is given up with a new version of the schema.

mod facts;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod value;

use std::fmt::Write as _;

pub(super) use self::sheet::{Screen, Sheet};
pub(super) use self::value::Value;

use super::args::Show;
use super::error::CliError;

/// What is listed: the names of its fields, and a row.
pub(super) trait Listed: 'static + Sized {
    /// One of them.
    type Row<'a>;
    /// Its name in the schema: `orders`.
    const NAME: &'static str;
    /// The version of the schema.
    const VERSION: u32 = 1;
    /// The fields, the number first.
    const FIELDS: &'static [Field<Self>];
}

/// What kind of values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Flag,
    Day,
    Time,
    List,
}

impl Kind {
    /// As the page of the schema says it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Flag => "true or false",
            Self::Day => "date",
            Self::Time => "time",
            Self::List => "list of texts",
        }
    }

    /// Whether a table may cut it: half a date is another one.
    fn may_be_cut(self) -> bool {
        matches!(self, Self::Text | Self::List)
    }
}

/// A field of a row.
pub(super) struct Field<L: Listed> {
    /// As JSON, CSV and `--columns` have it.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What it says, for the page of the schema.
    pub(super) about: &'static str,
    /// Whether a table has it unless told otherwise.
    pub(super) is_shown: bool,
    pub(super) value: for<'r, 'a> fn(&'r L::Row<'a>) -> Value<'r>,
}

impl<L: Listed> Field<L> {
    /// A field that tables show.
    pub(super) const fn shown(
        name: &'static str,
        kind: Kind,
        about: &'static str,
        value: for<'r, 'a> fn(&'r L::Row<'a>) -> Value<'r>,
    ) -> Self {
        Self {
            name,
            kind,
            about,
            is_shown: true,
            value,
        }
    }

    /// A field that tables show when told to.
    pub(super) const fn more(
        name: &'static str,
        kind: Kind,
        about: &'static str,
        value: for<'r, 'a> fn(&'r L::Row<'a>) -> Value<'r>,
    ) -> Self {
        Self {
            is_shown: false,
            ..Self::shown(name, kind, about, value)
        }
    }
}

/// The fields of a listing, for its help: a line each.
pub(super) fn described<L: Listed>() -> String {
    let mut text = String::new();
    for field in L::FIELDS {
        let mark = if field.is_shown { '*' } else { ' ' };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  {mark} {:<18} {}, {}",
            field.name,
            field.kind.words(),
            field.about
        );
    }
    text
}

/// A field by its name.
fn field<L: Listed>(name: &str) -> Result<&'static Field<L>, CliError> {
    let known = || L::FIELDS.iter().map(|field| field.name);
    let found = L::FIELDS.iter().find(|field| field.name == name);
    found.ok_or_else(|| {
        let near = known()
            .map(|one| (strsim::damerau_levenshtein(name, one), one))
            .filter(|(steps, one)| *steps <= 1 + one.len().min(name.len()) / 3)
            .min_by_key(|(steps, _)| *steps);
        let near = near.map_or_else(String::new, |(_, near)| format!("did you mean {near}? "));
        let all: Vec<&str> = known().collect();
        CliError::Usage(format!(
            "unknown field {name}; {near}Use: {}",
            all.join(", ")
        ))
    })
}

/// What was chosen of the fields of a listing.
struct Chosen<L: Listed> {
    fields: Vec<&'static Field<L>>,
    /// By what it is sorted, and whether the other way round.
    sort: Option<(&'static Field<L>, bool)>,
}

impl<L: Listed> Chosen<L> {
    /// What the options say; a table without any has the fields for a person, all else has them all.
    fn of(show: &Show) -> Result<Self, CliError> {
        let named: Result<Vec<_>, _> = show.columns.iter().map(|name| field::<L>(name)).collect();
        let mut fields = named?;
        if show.numbers {
            fields = L::FIELDS.iter().take(1).collect();
        } else if fields.is_empty() {
            let is_whole = show.json || show.csv;
            let all = L::FIELDS.iter();
            fields = all.filter(|field| is_whole || field.is_shown).collect();
        }
        let sort = match show.sort.as_deref() {
            Some(name) => {
                let (name, turned) = match name.strip_prefix('-') {
                    Some(name) => (name, true),
                    None => (name, false),
                };
                Some((field::<L>(name)?, turned))
            }
            None => None,
        };
        Ok(Self { fields, sort })
    }
}
