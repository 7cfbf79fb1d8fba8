//! `certdeck certs`: the certificates of one order.

use std::process::ExitCode;

use jiff::Timestamp;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::session::Session;
use crate::domain::order::{Certificate, Role};

/// The certificates of an order, as they are listed.
#[derive(Debug)]
pub(in crate::cli) struct Certificates;

fn role(role: &Role) -> &'static str {
    match role {
        Role::Primary => "primary",
        Role::Reissue => "reissue",
        Role::Duplicate(_) => "duplicate",
    }
}

impl Listed for Certificates {
    type Row<'a> = &'a Certificate;
    const NAME: &'static str = "certificates";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown(
            "certificate",
            Kind::Number,
            "its number; none before approval",
            |one| Value::maybe(one.id, |id| Value::number(id.0)),
        ),
        Field::shown(
            "role",
            Kind::Text,
            "primary, reissue (an earlier or pending one), or duplicate",
            |one| Value::text(role(&one.role)),
        ),
        Field::shown("common_name", Kind::Text, "its common name", |one| {
            Value::text(&*one.common_name)
        }),
        Field::shown(
            "status",
            Kind::Text,
            "the status, as the API spells it",
            |one| Value::maybe(one.status.as_ref(), |status| Value::text(status.as_str())),
        ),
        Field::shown("valid_from", Kind::Day, "its first day", |one| {
            Value::maybe(one.valid_from, Value::Day)
        }),
        Field::shown("expires", Kind::Day, "its last day", |one| {
            Value::maybe(one.valid_till, Value::Day)
        }),
        Field::shown(
            "request",
            Kind::Number,
            "the request that made it, where that is known",
            |one| Value::maybe(one.request, |id| Value::number(id.0)),
        ),
        Field::shown(
            "serial",
            Kind::Text,
            "its serial number, in hexadecimal digits",
            |one| Value::maybe(one.serial.as_deref(), Value::text),
        ),
        Field::more("thumbprint", Kind::Text, "its SHA-1 thumbprint", |one| {
            Value::maybe(one.thumbprint.as_deref(), Value::text)
        }),
        Field::more("names", Kind::List, "its DNS names", |one| {
            Value::list(one.dns_names.iter().map(String::as_str))
        }),
        Field::more("created", Kind::Time, "when it was requested", |one| {
            Value::maybe(one.created, Value::Time)
        }),
        Field::more("issued", Kind::Time, "when it was issued", |one| {
            Value::maybe(one.issued, Value::Time)
        }),
        Field::more(
            "key_size",
            Kind::Number,
            "the size of its key, in bits",
            |one| Value::maybe(one.key_size, |bits| Value::Number(bits.into())),
        ),
        Field::more("signature_hash", Kind::Text, "its signature hash", |one| {
            Value::maybe(one.hash.as_deref(), Value::text)
        }),
        Field::more("is_archived", Kind::Flag, "whether it is archived", |one| {
            Value::Flag(one.archived)
        }),
    ];
}

/// Does what `certdeck certs` says.
pub(super) fn run(context: &Context, arguments: &args::OneOrder) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<Certificates>::new(&arguments.show, screen, std::io::stdout())?;
    let mut session = Session::connect(context)?;
    session.read_order(arguments.order)?;
    let known = &session.script.engine.account.known;
    let data = known.get(&arguments.order).ok_or(CliError::NoAnswer)?;
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(data.certificates().iter().collect())?;
    sheet.end()?;
    Ok(Exit::Done.into())
}
