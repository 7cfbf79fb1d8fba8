//! `certdeck orders`: the list of orders, through the filter of the desk.

use std::process::ExitCode;

use jiff::civil::Date;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::print;
use super::session::{Session, came};
use crate::app::account::rows::{Bits, OrderRow, Orders};
use crate::app::effect::Read;
use crate::app::engine::Engine;
use crate::app::orders::filter::{Filter, FilterError};
use crate::app::orders::matching;
use crate::domain::coverage::{Coverage, days_between};
use crate::domain::rules::place::is_renewed_here;
use crate::domain::served::Standing;
use crate::domain::status::OrderStatus;
use crate::domain::text::counted;

/// The orders as they are listed.
#[derive(Debug)]
pub(in crate::cli) struct OrderList;

/// An order of the list.
pub(in crate::cli) struct Line<'a> {
    pub(super) row: OrderRow<'a>,
    pub(super) today: Date,
    /// What was last seen to be served.
    served: Option<Standing>,
}

impl<'a> Line<'a> {
    /// An order as the engine knows it today.
    pub(super) fn of(row: OrderRow<'a>, engine: &Engine) -> Self {
        Self {
            row,
            today: engine.today(),
            served: engine.served.standing(row.id, &row.serial()),
        }
    }

    fn coverage(&self) -> String {
        let renewable = self.row.product().is_some_and(is_renewed_here);
        self.row.coverage(self.today).label(renewable)
    }

    /// What its dates call for, in one word.
    fn due(&self) -> Option<&'static str> {
        match self.row.coverage(self.today) {
            Coverage::Reissue { .. } => Some("reissue"),
            Coverage::Renew { .. } => Some("renew"),
            _ => None,
        }
    }
}

impl Listed for OrderList {
    type Row<'a> = Line<'a>;
    const NAME: &'static str = "orders";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("order", Kind::Number, "the order number", |line| {
            Value::number(line.row.id.0)
        }),
        Field::shown(
            "common_name",
            Kind::Text,
            "the common name of the primary certificate",
            |line| Value::text(line.row.display_name()),
        ),
        Field::shown("product", Kind::Text, "the product", |line| {
            Value::maybe(line.row.product(), |product| Value::text(&*product.name))
        }),
        Field::shown(
            "status",
            Kind::Text,
            "the status, as the API spells it",
            |line| Value::text(line.row.status().as_str()),
        ),
        Field::shown(
            "expires",
            Kind::Day,
            "the last day of the primary certificate",
            |line| Value::maybe(line.row.valid_till(), Value::Day),
        ),
        Field::more(
            "expires_in",
            Kind::Number,
            "days until then; negative once it has expired",
            |line| {
                Value::maybe(line.row.valid_till(), |day| {
                    Value::Number(days_between(line.today, day).into())
                })
            },
        ),
        Field::shown(
            "covered_until",
            Kind::Day,
            "the last day of the order's coverage",
            |line| Value::maybe(line.row.order_valid_till(), Value::Day),
        ),
        Field::shown(
            "coverage",
            Kind::Text,
            "what the two dates mean, in words",
            |line| Value::text(line.coverage()),
        ),
        Field::more(
            "due",
            Kind::Text,
            "reissue or renew, in the last 30 days of the certificate",
            |line| Value::maybe(line.due(), Value::text),
        ),
        Field::more(
            "names",
            Kind::List,
            "all names of the primary certificate",
            |line| {
                let names = line.row.names_text().split('\n');
                Value::list(names.filter(|name| !name.is_empty()))
            },
        ),
        Field::more(
            "product_id",
            Kind::Text,
            "the identifier of the product",
            |line| Value::maybe(line.row.product(), |product| Value::text(&*product.name_id)),
        ),
        Field::more(
            "organization",
            Kind::Text,
            "the organization; none on DV",
            |line| Value::maybe(line.row.organization(), |one| Value::text(&*one.name)),
        ),
        Field::more("division", Kind::Text, "the division", |line| {
            Value::maybe(line.row.container(), |one| Value::text(&*one.name))
        }),
        Field::more(
            "certificate",
            Kind::Number,
            "the number of the primary certificate",
            |line| Value::maybe(line.row.certificate(), |id| Value::number(id.0)),
        ),
        Field::more(
            "serial",
            Kind::Text,
            "its serial number, in hexadecimal digits",
            |line| Value::text(line.row.serial()),
        ),
        Field::more("valid_from", Kind::Day, "its first day", |line| {
            Value::maybe(line.row.from(), Value::Day)
        }),
        Field::more("ordered", Kind::Time, "when the order was placed", |line| {
            Value::maybe(line.row.created(), Value::Time)
        }),
        Field::more(
            "is_renewed",
            Kind::Flag,
            "whether another order renewed it",
            |line| Value::Flag(line.row.is_renewed),
        ),
        Field::more(
            "duplicates",
            Kind::Number,
            "how many duplicates; 1 where only that there are some is known",
            |line| Value::Number(line.row.duplicates.into()),
        ),
        Field::more(
            "reissues",
            Kind::Number,
            "how many reissues, likewise",
            |line| Value::Number(line.row.reissues.into()),
        ),
        Field::more(
            "served",
            Kind::Text,
            "what was last seen to be served: this, dup, none, other, old",
            |line| Value::maybe(line.served, |standing| Value::text(standing.word())),
        ),
    ];
}

/// Orders that a filter lets through.
pub(super) struct Wanted<'c> {
    pub(super) session: Session<'c>,
    filter: Filter,
}

impl<'c> Wanted<'c> {
    /// Reads the filter, brings what it is about up to date, and what it asks beside that; or takes what is stored.
    pub(super) fn open(
        context: &'c Context,
        query: &[String],
        cached: bool,
    ) -> Result<Self, CliError> {
        let query = query.join(" ");
        // What is wrong whatever the account has is told before it is asked.
        let early = match Filter::parse(&query, &[]) {
            // The account may have told of a state that is not known by name.
            Err(error) if error.why.starts_with("unknown status") => None,
            read => Some(checked(read, cached)?),
        };
        let mut session = if cached {
            Session::stored(context)?
        } else {
            Session::connect(context)?
        };
        if cached {
            session.tell_age(session.as_of()?)?;
        } else {
            session.sync()?;
        }
        let filter = match early {
            Some(filter) => filter,
            None => checked(Filter::parse(&query, &told(&session)?), cached)?,
        };
        session.load_served()?;
        if filter.asks_requests() {
            session.read([Read::Requests]);
            came(&session.script.engine.account.requests.waiting)?;
        }
        if filter.asks_validations() {
            session.read([Read::AccountDomains, Read::Organizations]);
            let domains = &session.script.engine.account.domains;
            came(&domains.list)?;
            came(&domains.organizations)?;
        }
        Ok(Self { session, filter })
    }

    /// All orders that are stored.
    pub(super) fn all(session: Session<'c>) -> Self {
        let filter = Filter::default();
        Self { session, filter }
    }

    /// Has each of the orders that the filter lets through taken. How many cannot be read.
    pub(super) fn each(
        &self,
        mut take: impl FnMut(&Line<'_>) -> Result<(), CliError>,
    ) -> Result<usize, CliError> {
        self.session.each(|engine, orders| {
            let found = self.found(engine, orders);
            let rows = found.places().filter_map(|place| orders.at(place));
            for row in rows {
                take(&Line::of(row, engine))?;
            }
            Ok(())
        })
    }

    /// The rows of these orders that the filter lets through.
    pub(super) fn found(&self, engine: &Engine, orders: &Orders) -> Bits {
        let all = Bits::all(orders.len());
        matching(
            &self.filter,
            orders,
            all,
            engine,
            (engine.today(), &|_| false),
        )
    }
}

/// A filter that can be applied without a screen, to what there is.
fn checked(read: Result<Filter, FilterError>, cached: bool) -> Result<Filter, CliError> {
    let wrong = |why: &str| Err(CliError::Usage(format!("invalid filter: {why}")));
    let filter = match read {
        Ok(filter) => filter,
        Err(error) => return wrong(&error.to_string()),
    };
    if filter.asks_marks() {
        return wrong("is:marked finds what is marked on the screen; a command has no marks");
    }
    if cached && filter.asks_requests() {
        return wrong(
            "what requests and validations decide is not stored (is:waiting, due:, blocked, waiting, done); remove the \
             term, or --cached",
        );
    }
    Ok(filter)
}

/// The states of the orders that are not known by name.
fn told(session: &Session<'_>) -> Result<Vec<OrderStatus>, CliError> {
    let mut told: Vec<OrderStatus> = Vec::new();
    session.each(|_, orders| {
        for row in orders.rows() {
            if !OrderStatus::KNOWN.contains(row.status()) && !told.contains(row.status()) {
                told.push(row.status().clone());
            }
        }
        Ok(())
    })?;
    Ok(told)
}

/// Does what `certdeck orders` says.
pub(super) fn run(context: &Context, arguments: &args::Orders) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<OrderList>::new(&arguments.show, screen, std::io::stdout())?;
    let mut wanted = Wanted::open(context, &arguments.query, arguments.cached)?;
    sheet.begin(wanted.session.as_of()?)?;
    let unreadable = if sheet.streams() {
        wanted.each(|line| sheet.row(line))?
    } else {
        let unreadable = wanted.session.load()?;
        let engine = &wanted.session.script.engine;
        let orders = &engine.account.orders;
        let found = wanted.found(engine, orders);
        let rows = found.places().filter_map(|place| orders.at(place));
        sheet.rows(rows.map(|row| Line::of(row, engine)).collect())?;
        unreadable
    };
    if sheet.count() == 0 {
        print::hint(context, "No orders match.");
    }
    sheet.end()?;
    if unreadable > 0 {
        let orders = counted(unreadable, "stored order", "stored orders");
        print::err(&format!(
            "certdeck: {orders} cannot be read and is not listed; run the command without --cached to load the whole list again"
        ));
        return Ok(Exit::Partly.into());
    }
    Ok(Exit::Done.into())
}
