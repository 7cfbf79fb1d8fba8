//! `certdeck requests`: what waits for approval.

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
use crate::domain::request::Request;
use crate::domain::status::RequestStatus;

/// The requests as they are listed.
#[derive(Debug)]
pub(in crate::cli) struct Requests;

impl Listed for Requests {
    type Row<'a> = &'a Request;
    const NAME: &'static str = "requests";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("request", Kind::Number, "the request number", |one| {
            Value::number(one.id.0)
        }),
        Field::shown(
            "type",
            Kind::Text,
            "what is requested, as the API spells it",
            |one| Value::text(one.kind.as_str()),
        ),
        Field::shown(
            "common_name",
            Kind::Text,
            "the common name it is for",
            |one| Value::maybe(one.common_name.as_deref(), Value::text),
        ),
        Field::shown("order", Kind::Number, "the order it is about", |one| {
            Value::maybe(one.order, |id| Value::number(id.0))
        }),
        Field::shown("requester", Kind::Text, "who made it", |one| {
            Value::maybe(one.requester.as_deref(), |person| {
                Value::text(&*person.name)
            })
        }),
        Field::shown("created", Kind::Time, "when it was made", |one| {
            Value::maybe(one.date, Value::Time)
        }),
        Field::shown(
            "approval",
            Kind::Text,
            "first or final: the approval it is waiting for",
            |one| {
                Value::text(match one.status {
                    RequestStatus::Submitted => "first",
                    _ => "final",
                })
            },
        ),
        Field::more(
            "status",
            Kind::Text,
            "the status, as the API spells it",
            |one| Value::text(one.status.as_str()),
        ),
        Field::more("organization", Kind::Text, "the organization", |one| {
            Value::maybe(one.organization.as_deref(), |known| {
                Value::text(&*known.name)
            })
        }),
        Field::more("product", Kind::Text, "the product", |one| {
            Value::maybe(one.product.as_deref(), |product| {
                Value::text(&*product.name)
            })
        }),
        Field::more("comments", Kind::Text, "what the requester says", |one| {
            Value::maybe(one.comments.as_deref(), Value::text)
        }),
    ];
}

/// Does what `certdeck requests` says.
pub(super) fn run(context: &Context, arguments: &args::Requests) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<Requests>::new(&arguments.show, screen, std::io::stdout())?;
    let mut session = Session::connect(context)?;
    session.read([Read::Requests]);
    let all = came(&session.script.engine.account.requests.waiting)?;
    let wanted = |one: &&Request| arguments.order.is_none() || one.order == arguments.order;
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(all.iter().filter(wanted).collect())?;
    if sheet.count() == 0 {
        print::hint(context, "No requests are waiting for approval.");
    }
    sheet.end()?;
    Ok(Exit::Done.into())
}
