//! `certdeck domains`: until when each domain of the account is validated.

use std::process::ExitCode;

use jiff::Timestamp;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::print;
use super::session::{Session, came};
use crate::app::effect::Read;
use crate::domain::dcv::{DcvMethod, Domain};

/// The domains as they are listed.
#[derive(Debug)]
pub(in crate::cli) struct Domains;

/// A domain, at a time of the account.
pub(in crate::cli) struct Row<'a> {
    domain: &'a Domain,
    now: Timestamp,
}

impl Listed for Domains {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "domains";
    const FIELDS: &'static [Field<Self>] = &[
        Field::more("domain", Kind::Number, "the number of the domain", |row| {
            Value::number(row.domain.id.0)
        }),
        Field::shown("name", Kind::Text, "the name of the domain", |row| {
            Value::text(&*row.domain.name)
        }),
        Field::shown(
            "status",
            Kind::Text,
            "valid, pending, expired, or inactive",
            |row| Value::text(row.domain.status_word(row.now)),
        ),
        Field::shown(
            "method",
            Kind::Text,
            "the DCV method, as the API spells it",
            |row| {
                Value::maybe(row.domain.method.as_ref(), |method: &DcvMethod| {
                    Value::text(method.as_str())
                })
            },
        ),
        Field::shown(
            "validated_until",
            Kind::Time,
            "until when its validation can be reused",
            |row| Value::maybe(row.domain.proved_until, Value::Time),
        ),
        Field::shown(
            "ov_until",
            Kind::Time,
            "until when for OV certificates",
            |row| Value::maybe(row.domain.ov_until, Value::Time),
        ),
        Field::shown(
            "ev_until",
            Kind::Time,
            "until when for EV certificates",
            |row| Value::maybe(row.domain.ev_until, Value::Time),
        ),
        Field::more("validated", Kind::Time, "when it was validated", |row| {
            Value::maybe(row.domain.proved, Value::Time)
        }),
        Field::more("is_active", Kind::Flag, "whether it may be used", |row| {
            Value::Flag(row.domain.is_active)
        }),
        Field::more(
            "organization",
            Kind::Text,
            "the organization it belongs to",
            |row| Value::maybe(row.domain.organization.as_deref(), Value::text),
        ),
    ];
}

/// Does what `certdeck domains` says.
pub(super) fn run(context: &Context, arguments: &args::Listing) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<Domains>::new(&arguments.show, screen, std::io::stdout())?;
    let mut session = Session::connect(context)?;
    session.read([Read::AccountDomains]);
    let engine = &session.script.engine;
    let now = engine.account_now();
    let all = came(&engine.account.domains.list)?;
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(all.iter().map(|domain| Row { domain, now }).collect())?;
    if sheet.count() == 0 {
        print::hint(context, "The account has no domains.");
    }
    sheet.end()?;
    Ok(Exit::Done.into())
}
