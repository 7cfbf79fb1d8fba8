//! What commands report of what they changed: a row each, and the exit code of them all.

use std::time::Instant;

use super::Standing;
use super::files::{Ran, Written};
use crate::app::form::Form;
use crate::cli::args::{Consent, Show};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::output::{Field, Kind, Listed, Screen, Sheet, Value};
use jiff::civil::Date;

use crate::domain::draft::FormKind;
use crate::domain::draft::review::Review;
use crate::domain::file_pattern::FileSet;
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::write::{WriteId, WriteKind};
use crate::store::{Output, OutputKey};

/// Changes as they are reported.
#[derive(Debug)]
pub(in crate::cli) struct Changes;

/// One of them.
pub(in crate::cli) struct Row {
    /// The order that it is about, where that is known.
    pub(in crate::cli) order: Option<OrderId>,
    pub(in crate::cli) name: String,
    /// What is done.
    pub(in crate::cli) action: Option<WriteKind>,
    /// The request that is decided.
    pub(in crate::cli) decides: Option<RequestId>,
    pub(in crate::cli) standing: Standing,
    pub(in crate::cli) op: Option<WriteId>,
    pub(in crate::cli) request: Option<String>,
    /// What has to stand where, for the validation of a domain.
    pub(in crate::cli) record: Option<String>,
    pub(in crate::cli) files: Option<FileSet>,
    /// The command that was to run for it, with its arguments.
    pub(in crate::cli) exec: Option<Vec<String>>,
    /// Whether neither this run nor one like it asked for it.
    pub(in crate::cli) is_others: bool,
    /// The public key that its certificate must have, where that was verified by another.
    pub(in crate::cli) spki_der: Option<Vec<u8>>,
    /// What the store has its files by, while they are not written.
    pub(in crate::cli) output: Option<OutputKey>,
    pub(in crate::cli) key: Option<String>,
    pub(in crate::cli) written: Written,
}

impl Row {
    pub(in crate::cli) fn new(order: Option<OrderId>, name: String) -> Self {
        Self {
            order,
            name,
            action: None,
            decides: None,
            standing: Standing::Shown,
            op: None,
            request: None,
            record: None,
            files: None,
            exec: None,
            is_others: false,
            spki_der: None,
            output: None,
            key: None,
            written: Written::default(),
        }
    }

    /// Where its files go and what runs then, as it was asked for.
    pub(in crate::cli) fn asks_for(&mut self, output: Output) {
        self.files = Some(output.files);
        self.exec = output.exec;
        self.output = Some(output.key);
    }

    /// What there is to say beside its state.
    fn detail(&self) -> String {
        let mut words = vec![self.standing.words()];
        words.extend(match &self.written.full_chain {
            Some(Err(why)) => Some(format!("not written: {why}")),
            _ => None,
        });
        words.extend(self.written.ran.as_ref().map(Ran::words));
        words.extend(
            self.record
                .as_ref()
                .map(|record| match record.lines().count() {
                    1 => record.clone(),
                    several => format!("{several} records, see --columns record"),
                }),
        );
        words.retain(|words| !words.is_empty());
        words.join("; ")
    }

    pub(in crate::cli) fn certificate(&self) -> Option<CertificateId> {
        match &self.standing {
            Standing::Issued(certificate, _) => Some(*certificate),
            _ => None,
        }
    }
}

impl Listed for Changes {
    type Row<'a> = &'a Row;
    const NAME: &'static str = "changes";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("order", Kind::Number, "the order number", |row| {
            Value::maybe(row.order, |order| Value::number(order.0))
        }),
        Field::shown(
            "common_name",
            Kind::Text,
            "the common name; of a domain its name",
            |row| Value::text(&*row.name),
        ),
        Field::shown(
            "state",
            Kind::Text,
            "dry_run, skipped, not_sent, blocked, already, waiting_for_approval, waiting_for_certificate, waiting_for_validation, \
             issued, mismatch, done, failed, unknown, or not_found",
            |row| Value::text(row.standing.word()),
        ),
        Field::shown("detail", Kind::Text, "why, or what else there is", |row| {
            Value::text(row.detail())
        }),
        Field::shown(
            "certificate",
            Kind::Number,
            "the certificate that resulted",
            |row| Value::maybe(row.certificate(), |id| Value::number(id.0)),
        ),
        Field::more(
            "file",
            Kind::Text,
            "the file of the full chain, where it was written",
            |row| match &row.written.full_chain {
                Some(Ok(path)) => Value::text(&**path),
                _ => Value::None,
            },
        ),
        Field::more("key_file", Kind::Text, "the file of the new key", |row| {
            Value::maybe(row.key.as_deref(), Value::text)
        }),
        Field::more("entry", Kind::Text, "the entry of the journal", |row| {
            Value::maybe(row.op.as_ref(), |op| Value::text(&*op.0))
        }),
        Field::more("action", Kind::Text, "what was to be done", |row| {
            Value::maybe(row.action, |kind| Value::text(kind.key()))
        }),
        Field::more(
            "request_number",
            Kind::Number,
            "the request that is approved or rejected",
            |row| Value::maybe(row.decides, |id| Value::number(id.0)),
        ),
        Field::more(
            "record",
            Kind::Text,
            "what has to stand where to validate a domain, as lines of a zone file",
            |row| Value::maybe(row.record.as_deref(), Value::text),
        ),
        Field::more(
            "request",
            Kind::Text,
            "the exact JSON of the request; with --dry-run only",
            |row| Value::maybe(row.request.as_deref(), Value::text),
        ),
    ];
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Target {
    pub(in crate::cli) kind: FormKind,
    /// The order; none for a new one.
    pub(in crate::cli) order: Option<OrderId>,
    /// What it is called, as far as that is known.
    pub(in crate::cli) name: String,
    /// The names that it is for, where those are not the order's own.
    pub(in crate::cli) names: Vec<String>,
    /// When the certificate expires that makes it due.
    pub(in crate::cli) ends: Option<Date>,
}

impl Target {
    pub(in crate::cli) fn new(kind: FormKind, order: Option<OrderId>, name: String) -> Self {
        Self {
            kind,
            order,
            name,
            names: Vec::new(),
            ends: None,
        }
    }
}

/// A row, and what is to be sent for it: the form it is sent from, and its review.
pub(in crate::cli) type Prepared = (Row, Option<Box<Ready>>);

/// What is to be sent for a row, as its form has it.
pub(in crate::cli) struct Ready {
    pub(in crate::cli) target: Target,
    pub(in crate::cli) form: Form,
    pub(in crate::cli) review: Review,
    /// When what it goes by was read.
    pub(in crate::cli) read: Instant,
}

/// Where they are written; what is only shown has its exact request among the columns.
pub(in crate::cli) fn sheet(
    context: &Context,
    show: &Show,
    consent: Consent,
) -> Result<Sheet<'static, Changes>, CliError> {
    let mut show = show.clone();
    let is_whole = show.json || show.csv || show.numbers;
    if consent.dry_run && !is_whole && show.columns.is_empty() {
        show.columns = ["order", "common_name", "state", "detail", "request"]
            .map(str::to_owned)
            .to_vec();
    }
    Sheet::new(&show, Screen::of(&context.env), std::io::stdout())
}

/// How a command with these rows ended; `failed` certificates that waited could not be installed.
pub(in crate::cli) fn exit<'a>(
    rows: impl Iterator<Item = &'a Row>,
    is_one: bool,
    failed: usize,
) -> Exit {
    let of = |row: &Row| match row.standing.exit() {
        Exit::Done if row.written.failed() => Exit::Partly,
        Exit::Done if row.written.waits() => Exit::Waits,
        exit => exit,
    };
    let rows: Vec<&Row> = rows.collect();
    let exits: Vec<Exit> = rows.iter().map(|row| of(row)).collect();
    if let ([exit], true, 0) = (exits.as_slice(), is_one, failed) {
        return *exit;
    }
    let is_already = |row: &Row| matches!(row.standing, Standing::Already(_));
    if failed == 0 && !rows.is_empty() && rows.iter().all(|row| is_already(row)) {
        return Exit::Already;
    }
    let waits = |exit: &Exit| matches!(exit, Exit::Waits | Exit::Already);
    if failed > 0 || exits.iter().any(|exit| !waits(exit) && *exit != Exit::Done) {
        Exit::Partly
    } else if exits.iter().any(waits) {
        Exit::Waits
    } else {
        Exit::Done
    }
}
