//! `certdeck duplicate` and `certdeck reissue`: one order, or with `--due` every order whose certificate expires soon while the
//! order covers more. Each is judged by the rules of the form, its key is on the disk before its CSR is sent, and what is
//! unfinished is not sent again.
//!
//! ```text
//! due, or one order --> job: judged --> shown --> sent --> followed
//!                        ^-- key: the CSR, or a key that is made for it
//! ```

mod due;
mod job;
mod key;

use std::process::ExitCode;

use jiff::Timestamp;

use self::due::{unfinished, wanted};
use self::job::Job;
use self::key::{Source, source};
use super::args;
use super::context::Context;
use super::error::CliError;
use super::output::Sheet;
use super::print;
use super::resume::{follow, taken_up};
use super::send::changes::{self, Changes, exit};
use super::send::files::After;
use super::session::Session;
use crate::domain::draft::FormKind;
use crate::domain::ids::OrderId;
use crate::runtime::keygen::Trial;

/// What was asked for.
struct Asked<'a> {
    kind: FormKind,
    request: &'a args::Request,
    source: Source,
    /// Orders that may lose other certificates.
    confirm: &'a [OrderId],
    /// Whether a single order was named.
    is_one: bool,
    /// How many are sent at most.
    max: Option<usize>,
}

impl<'a> Asked<'a> {
    /// Of a single order.
    fn one(kind: FormKind, request: &'a args::Request) -> Result<Self, CliError> {
        Ok(Self {
            kind,
            request,
            source: source(request)?,
            confirm: &[],
            is_one: true,
            max: None,
        })
    }
}

/// Does what `certdeck reissue` says.
pub(super) fn reissue(context: &Context, arguments: &args::Reissue) -> Result<ExitCode, CliError> {
    let asked = Asked {
        confirm: &arguments.confirm,
        is_one: !arguments.due,
        max: arguments.max,
        ..Asked::one(FormKind::Reissue, &arguments.request)?
    };
    let sheet = changes::sheet(context, &asked.request.show, asked.request.consent)?;
    let (session, orders) = wanted(context, arguments)?;
    work(context, sheet, session, orders, asked)
}

/// Does what `certdeck duplicate` says.
pub(super) fn duplicate(
    context: &Context,
    arguments: &args::Duplicate,
) -> Result<ExitCode, CliError> {
    let asked = Asked::one(FormKind::Duplicate, &arguments.request)?;
    let sheet = changes::sheet(context, &asked.request.show, asked.request.consent)?;
    let session = Session::connect(context)?;
    let orders = vec![(arguments.order, String::new())];
    work(context, sheet, session, orders, asked)
}

/// Judges these orders, sends what can be, and reports.
fn work(
    context: &Context,
    mut sheet: Sheet<'_, Changes>,
    mut session: Session<'_>,
    mut orders: Vec<(OrderId, String)>,
    asked: Asked<'_>,
) -> Result<ExitCode, CliError> {
    let after = After::new(&asked.request.follow, &session)?;
    let unfinished = unfinished(&session)?;
    let is_weekly = !asked.is_one && !asked.request.consent.dry_run;
    // What an earlier run sent is gone on with, and not begun anew.
    let mut rows = Vec::new();
    if is_weekly {
        rows = taken_up(&mut session, &after, true);
        follow(&mut session, &mut rows, &asked.request.follow, &after);
    }
    orders.retain(|(order, _)| !rows.iter().any(|(row, _)| row.order == Some(*order)));
    let trial = match asked.source {
        Source::NewKey(kind) => Some(Trial::new(kind).map_err(CliError::Usage)?),
        Source::Text(_) => None,
    };
    let job = Job {
        asked,
        trial,
        after,
        unfinished,
    };
    rows.extend(job.prepare(&mut session, &orders)?);
    job.send(&mut session, &mut rows)?;
    let failed = if is_weekly {
        job.after.run_waiting(&session)?
    } else {
        0
    };
    let exit = exit(rows.iter().map(|(row, _)| row), job.asked.is_one, failed);
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(rows.iter().map(|(row, _)| row).collect())?;
    if sheet.count() == 0 {
        print::hint(context, "Nothing is due.");
    }
    sheet.end()?;
    Ok(exit.into())
}
