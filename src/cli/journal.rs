//! `certdeck journal`: what was sent from certdeck, and what became of it.

use std::process::ExitCode;

use jiff::Timestamp;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::print;
use crate::app::journal::JournalRow;
use crate::config;
use crate::domain::write::{Record, WriteId};
use crate::store::Store;

/// The journal as it is listed.
#[derive(Debug)]
pub(in crate::cli) struct Sent;

/// A row of the journal.
pub(in crate::cli) struct Row {
    kind: String,
    profile: String,
    request: String,
    words: JournalRow,
}

impl Row {
    fn of(record: Record) -> Self {
        let intent = &record.intent;
        Self {
            kind: match &intent.kind {
                Ok(kind) => kind.key().to_owned(),
                Err(other) => other.clone(),
            },
            profile: intent.profile.clone(),
            request: format!("{} {}", intent.method, intent.path),
            words: JournalRow::of(record),
        }
    }

    /// What nobody knows is said to be so.
    fn outcome(&self) -> &str {
        match &self.words.outcome {
            Some(outcome) => outcome,
            None => "unknown",
        }
    }
}

impl Listed for Sent {
    type Row<'a> = Row;
    const NAME: &'static str = "journal";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown(
            "entry",
            Kind::Text,
            "the entry's name, never used twice",
            |row| Value::text(&*row.words.op.0),
        ),
        Field::shown("sent", Kind::Time, "when it was sent", |row| {
            Value::maybe(row.words.at, Value::Time)
        }),
        Field::shown("action", Kind::Text, "what it was, in words", |row| {
            Value::text(&*row.words.what)
        }),
        Field::shown(
            "outcome",
            Kind::Text,
            "how it ended; unknown where there was no clear response",
            |row| Value::text(row.outcome()),
        ),
        Field::more("kind", Kind::Text, "what it was, as one word", |row| {
            Value::text(&*row.kind)
        }),
        Field::more("order", Kind::Number, "the order it is about", |row| {
            Value::maybe(row.words.order, |order| Value::number(order.0))
        }),
        Field::more(
            "certificate",
            Kind::Number,
            "the certificate that resulted",
            |row| Value::maybe(row.words.certificate, |id| Value::number(id.0)),
        ),
        Field::more(
            "result_order",
            Kind::Number,
            "the order that certificate is on",
            |row| Value::maybe(row.words.made_on, |order| Value::number(order.0)),
        ),
        Field::more(
            "is_open",
            Kind::Flag,
            "whether something is still awaited",
            |row| Value::Flag(row.words.waits || row.words.is_unknown),
        ),
        Field::more(
            "mismatches",
            Kind::List,
            "where the certificate does not match the request",
            |row| Value::list(row.words.problems.iter().map(String::as_str)),
        ),
        Field::more(
            "profile",
            Kind::Text,
            "the profile it was sent with",
            |row| Value::text(&*row.profile),
        ),
        Field::more(
            "request",
            Kind::Text,
            "method and path of the API request",
            |row| Value::text(&*row.request),
        ),
    ];
}

/// Does what `certdeck journal` says.
pub(super) fn run(context: &Context, arguments: &args::Journal) -> Result<ExitCode, CliError> {
    context.tell_notices();
    let mut sheet =
        Sheet::<Sent>::new(&arguments.show, Screen::of(&context.env), std::io::stdout())?;
    let path = config::store_path(&context.need_profile()?)?;
    for entry in &arguments.dismiss {
        Store::open(&path)?.dismiss(&WriteId(entry.clone()))?;
    }
    let records = match Store::open_to_read(&path)? {
        Some(store) if arguments.unfinished => store.unsettled()?.into_iter().rev().collect(),
        Some(store) => store.list(usize::MAX)?,
        None => Vec::new(),
    };
    let is_dismissed = |record: &Record| arguments.dismiss.contains(&record.intent.op.0);
    let wanted = |record: &Record| match arguments.order {
        _ if !arguments.dismiss.is_empty() => is_dismissed(record),
        Some(order) => record.intent.order == Some(order) || record.made_on() == Some(order),
        None => true,
    };
    let rows = records.into_iter().filter(wanted).map(Row::of).collect();
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(rows)?;
    if sheet.count() == 0 {
        let none = if arguments.unfinished {
            "Nothing is unfinished."
        } else {
            "The journal has no such row."
        };
        print::hint(context, none);
    }
    sheet.end()?;
    Ok(Exit::Done.into())
}
