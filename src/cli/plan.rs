//! `certdeck plan`: what the certificates of the account need, week by week, and what the coming limits mean.

use std::process::ExitCode;

use jiff::civil::Date;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::print;
use super::session::{Session, came};
use crate::app::effect::Read;
use crate::app::plan;
use crate::domain::plan::{Load, Need, Slot, Tally, loads, slot};
use crate::domain::validity::limits;

/// The weeks of the plan as they are listed.
#[derive(Debug)]
pub(in crate::cli) struct Weeks;

/// A row of the plan.
pub(in crate::cli) struct Week {
    slot: Slot,
    /// Its first and its last day, as far as it has them.
    span: (Option<Date>, Option<Date>),
    tally: Tally,
    /// Whether until when domains and organizations are validated is known.
    is_blocked_known: bool,
}

impl Week {
    fn of(&self, need: Need) -> Value<'static> {
        Value::number(self.tally.of(need).into())
    }
}

impl Listed for Weeks {
    type Row<'a> = Week;
    const NAME: &'static str = "plan";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("when", Kind::Text, "overdue, week, or later", |week| {
            Value::text(match week.slot {
                Slot::Overdue => "overdue",
                Slot::Week(_) => "week",
                Slot::Later => "later",
            })
        }),
        Field::shown("from", Kind::Day, "the first day", |week| {
            Value::maybe(week.span.0, Value::Day)
        }),
        Field::shown("until", Kind::Day, "the last day", |week| {
            Value::maybe(week.span.1, Value::Day)
        }),
        Field::shown(
            "expire",
            Kind::Number,
            "how many certificates expire",
            |week| Value::number(week.tally.expire.into()),
        ),
        Field::shown(
            "reissue",
            Kind::Number,
            "of these, those that need a reissue",
            |week| week.of(Need::Reissue),
        ),
        Field::shown("renew", Kind::Number, "those that need a renewal", |week| {
            week.of(Need::Renew)
        }),
        Field::shown(
            "waiting",
            Kind::Number,
            "those with a reissue or a request under way",
            |week| week.of(Need::Waiting),
        ),
        Field::shown(
            "done",
            Kind::Number,
            "those that another order renewed",
            |week| week.of(Need::Done),
        ),
        Field::shown(
            "blocked",
            Kind::Number,
            "those that a validation or a pending reissue blocks",
            |week| {
                if week.is_blocked_known {
                    Value::number(week.tally.blocked.into())
                } else {
                    Value::None
                }
            },
        ),
    ];
}

/// What the limits mean for the account, as it is listed.
#[derive(Debug)]
pub(in crate::cli) struct Limits;

impl Listed for Limits {
    type Row<'a> = Load;
    const NAME: &'static str = "limits";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("from", Kind::Day, "the first day of the limit", |load| {
            Value::Day(load.from)
        }),
        Field::shown(
            "days",
            Kind::Number,
            "days that a certificate is valid at most",
            |load| Value::number(load.days.into()),
        ),
        Field::shown(
            "reissues_a_week",
            Kind::Number,
            "reissues and renewals a week that the account then needs",
            |load| Value::Number(load.reissues.ceil() as i64),
        ),
        Field::shown(
            "reuse_days",
            Kind::Number,
            "days that a validation of a domain can be reused",
            |load| Value::number(load.reuse.into()),
        ),
        Field::shown(
            "validations_a_week",
            Kind::Number,
            "validations of domains a week that the account then needs",
            |load| Value::Number(load.validations.ceil() as i64),
        ),
    ];
}

/// Does what `certdeck plan` says.
pub(super) fn run(context: &Context, arguments: &args::Plan) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    // Both are looked at before anything is asked: one of them is wrong usage where it is.
    let out = std::io::stdout;
    let of_limits = arguments.limits;
    let mut weeks = (!of_limits)
        .then(|| Sheet::<Weeks>::new(&arguments.show, screen, out()))
        .transpose()?;
    let mut coming = of_limits
        .then(|| Sheet::<Limits>::new(&arguments.show, screen, out()))
        .transpose()?;
    let mut session = Session::connect(context)?;
    session.sync()?;
    session.load()?;
    session.read([Read::Requests, Read::AccountDomains, Read::Organizations]);
    let engine = &session.script.engine;
    let account = &engine.account;
    came(&account.requests.waiting)?;
    let domains = came(&account.domains.list).and(came(&account.domains.organizations));
    if let Err(why) = &domains {
        print::err(&format!(
            "certdeck: until when domains and organizations are validated is not known, and neither what that blocks: {why}"
        ));
    }
    let plan = plan::counted(account, engine.today());
    let as_of = session.as_of()?;
    if let Some(sheet) = &mut weeks {
        sheet.begin(as_of)?;
        let rows = plan.rows.iter().enumerate().map(|(at, tally)| {
            let slot = slot(at);
            let span = match slot {
                Slot::Overdue => (None, None),
                Slot::Week(week) => {
                    let (first, last) = plan.weeks.span(week);
                    (Some(first), Some(last))
                }
                Slot::Later => (Some(plan.weeks.end()), None),
            };
            Week {
                slot,
                span,
                tally: *tally,
                is_blocked_known: domains.is_ok(),
            }
        });
        sheet.rows(rows.collect())?;
    }
    if let Some(sheet) = &mut coming {
        sheet.begin(as_of)?;
        let all = loads(limits(), plan.certificates, plan.domains, engine.today());
        sheet.rows(all)?;
    }
    weeks.map_or(Ok(()), Sheet::end)?;
    coming.map_or(Ok(()), Sheet::end)?;
    Ok(Exit::Done.into())
}
