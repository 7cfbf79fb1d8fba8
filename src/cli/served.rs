//! `certdeck served`: which certificates are served for the names of orders, and at the endpoints of the settings.

use std::process::ExitCode;

use jiff::Timestamp;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::orders::Wanted;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::print;
use crate::app::served::MOST;
use crate::domain::endpoint::Target;
use crate::domain::ids::OrderId;
use crate::domain::served::{Seen, Served, ServedCertificate, Standing};
use crate::domain::text::grouped;

/// What is served, as it is listed.
#[derive(Debug)]
pub(in crate::cli) struct Looks;

/// What was seen at a place for an order.
pub(in crate::cli) struct Look<'a> {
    order: OrderId,
    target: &'a Target,
    standing: Standing,
    seen: &'a Seen,
}

impl Look<'_> {
    fn certificate(&self) -> Option<&ServedCertificate> {
        self.seen.served.certificate()
    }
}

impl Listed for Looks {
    type Row<'a> = Look<'a>;
    const NAME: &'static str = "served";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("order", Kind::Number, "the order number", |look| {
            Value::number(look.order.0)
        }),
        Field::shown("name", Kind::Text, "the server name sent", |look| {
            Value::text(&*look.target.name)
        }),
        Field::shown("endpoint", Kind::Text, "host and port", |look| {
            Value::text(look.target.endpoint.to_string())
        }),
        Field::shown(
            "served",
            Kind::Text,
            "this, dup, none, other, or old: how the certificate stands to the order",
            |look| Value::text(look.standing.word()),
        ),
        Field::shown(
            "expires",
            Kind::Time,
            "the last moment of the certificate served",
            |look| Value::maybe(look.certificate(), |one| Value::Time(one.expires)),
        ),
        Field::shown(
            "chain",
            Kind::Text,
            "what the chain sent is like, in words",
            |look| Value::maybe(look.certificate(), |one| Value::text(one.chain.words())),
        ),
        Field::shown(
            "reason",
            Kind::Text,
            "why no certificate was seen",
            |look| match &look.seen.served {
                Served::Certificate(_) => Value::None,
                Served::None(missing) => Value::text(missing.words()),
            },
        ),
        Field::more(
            "is_chain_bad",
            Kind::Flag,
            "whether clients may refuse the chain",
            |look| Value::maybe(look.certificate(), |one| Value::Flag(one.chain.is_bad())),
        ),
        Field::more(
            "certificate_name",
            Kind::Text,
            "what the certificate served is called",
            |look| Value::maybe(look.certificate(), |one| Value::text(&*one.name)),
        ),
        Field::more("issuer", Kind::Text, "its issuing CA", |look| {
            Value::maybe(look.certificate(), |one| Value::text(&*one.issuer))
        }),
        Field::more(
            "serial",
            Kind::Text,
            "its serial number, in hexadecimal digits",
            |look| Value::maybe(look.certificate(), |one| Value::text(&*one.serial)),
        ),
        Field::more("thumbprint", Kind::Text, "its SHA-1 thumbprint", |look| {
            Value::maybe(look.certificate(), |one| Value::text(&*one.thumbprint))
        }),
        Field::more("seen", Kind::Time, "when it was looked at", |look| {
            Value::Time(look.seen.at)
        }),
    ];
}

/// Does what `certdeck served` says.
pub(super) fn run(context: &Context, arguments: &args::Served) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<Looks>::new(&arguments.show, screen, std::io::stdout())?;
    let query = match arguments.query.as_slice() {
        // A number alone is that order, and none that only has these digits.
        [number] if number.bytes().all(|digit| digit.is_ascii_digit()) => {
            vec![format!("id={number}")]
        }
        query => query.to_vec(),
    };
    let mut wanted = Wanted::open(context, &query, arguments.cached)?;
    let mut orders = Vec::new();
    wanted.each(|line| {
        orders.push(line.row.id);
        Ok(())
    })?;
    let session = &mut wanted.session;
    session.load()?;
    let look = |orders: &[OrderId]| {
        session
            .script
            .does(|engine, turn| engine.look_served(orders, turn))
    };
    let places = { look }(&orders);
    if places > MOST {
        return Err(CliError::Usage(format!(
            "{} places would be looked at, and {} are the most at once; narrow the query",
            grouped(places),
            grouped(MOST)
        )));
    }
    session.settle("Looking at servers");
    let engine = &session.script.engine;
    for order in &orders {
        for name in engine.served.places(*order, &engine.account).wildcards {
            print::err(&format!(
                "certdeck: order {order}: {name} has no host to look at; name its endpoints under [served] in the settings"
            ));
        }
    }
    let seen = orders.iter().flat_map(|order| {
        let all = engine.served.seen(*order, &engine.account).into_iter();
        all.map(|(target, standing, seen)| Look {
            order: *order,
            target,
            standing,
            seen,
        })
    });
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(seen.collect())?;
    if sheet.count() == 0 {
        print::hint(context, "No order that matches has a name to look at.");
    }
    sheet.end()?;
    Ok(Exit::Done.into())
}
