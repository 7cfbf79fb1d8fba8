//! `certdeck duplicate`, `reissue`, `order`, and `renew`: what asks for certificates. One order, or with `--due` every order whose
//! certificate expires soon while the order covers more. Each is judged as the form of the desk judges it, its key is on the disk
//! before its CSR is sent, and what is unfinished is not sent again.
//!
//! ```text
//! one order, a product, or all that is due --> job: form filled in --> shown --> sent --> followed
//!                                               ^-- key: the CSR, or a key that is made for it
//! ```

mod auto;
mod due;
mod job;
mod key;
mod unfinished;

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;

use self::due::{Due, wanted};
use self::job::Job;
use self::key::{Source, source};
use self::unfinished::unfinished;
use super::args;
use super::context::Context;
use super::csr as csr_command;
use super::error::CliError;
use super::output::Sheet;
use super::print;
use super::resume::{taken_up, write_verified};
use super::send::Standing;
use super::send::changes::{self, Changes, Row, Target, exit};
use super::send::files::After;
use super::session::Session;
use crate::app::effect::Read;
use crate::domain::draft::given::{self, Given, below};
use crate::domain::draft::{FieldId, FormKind};
use crate::domain::ids::OrderId;
use crate::domain::text::counted;
use crate::runtime::keygen::Trial;

/// What was asked for.
struct Asked<'a> {
    kind: FormKind,
    /// What was given, by field, and of custom fields by number or label.
    given: Given,
    custom: &'a [(String, String)],
    request: &'a args::Request,
    source: Source,
    /// Orders that may lose other certificates.
    confirm: &'a [OrderId],
    /// Which are due, where no single one was named.
    due: Option<Due>,
    /// How many are sent at most.
    max: Option<usize>,
}

impl<'a> Asked<'a> {
    /// A single one: what the file has, and the options above it.
    fn one<const ORDERS: bool>(
        kind: FormKind,
        order: Option<OrderId>,
        fields: &'a args::Fields<ORDERS>,
        request: &'a args::Request,
    ) -> Result<Self, CliError> {
        let mut given = match &request.from {
            Some(path) => from(path, kind, order, request)?,
            None => Given::default(),
        };
        let is_csr = |(field, _): &(FieldId, String)| *field == FieldId::Csr;
        if fields.texts.iter().any(is_csr) {
            let why = "give the CSR with --csr FILE, not with --set";
            return Err(CliError::Usage(why.to_owned()));
        }
        given.texts = below(given.texts, fields.texts.clone());
        Ok(Self {
            kind,
            given,
            custom: &fields.custom,
            request,
            source: source(request)?,
            confirm: &[],
            due: None,
            max: None,
        })
    }
}

/// What a file fills the form in with.
fn from(
    path: &Path,
    kind: FormKind,
    order: Option<OrderId>,
    request: &args::Request,
) -> Result<Given, CliError> {
    let is_input = |path: &Path| path == Path::new("-");
    if is_input(path) && request.csr.as_deref().is_some_and(is_input) {
        let why = "--csr and --from cannot both be standard input";
        return Err(CliError::Usage(why.to_owned()));
    }
    let text = csr_command::text(path)?;
    let given = given::read(&text, kind, order);
    let mut given =
        given.map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))?;
    if request.csr.is_some() || request.new_key.is_some() {
        given.texts.retain(|(field, _)| *field != FieldId::Csr);
    }
    Ok(given)
}

/// Does what `certdeck reissue` says.
pub(super) fn reissue(context: &Context, arguments: &args::Reissue) -> Result<ExitCode, CliError> {
    let mut asked = Asked {
        confirm: &arguments.confirm,
        due: arguments.due.then(|| Due {
            within: arguments.within,
            renewals: arguments.allow_renewals,
            matching: None,
        }),
        max: arguments.max,
        ..Asked::one(
            FormKind::Reissue,
            None,
            &arguments.fields,
            &arguments.request,
        )?
    };
    let sheet = sheet(context, &asked)?;
    let (session, orders) = wanted(context, &arguments.words, asked.due.as_mut())?;
    work(context, sheet, session, orders, asked)
}

/// Does what `certdeck duplicate` says.
pub(super) fn duplicate(
    context: &Context,
    arguments: &args::Duplicate,
) -> Result<ExitCode, CliError> {
    let order = Some(arguments.order);
    let (fields, request) = (&arguments.fields, &arguments.request);
    one(
        context,
        order,
        Asked::one(FormKind::Duplicate, order, fields, request)?,
    )
}

/// Does what `certdeck renew` says.
pub(super) fn renew(context: &Context, arguments: &args::Renew) -> Result<ExitCode, CliError> {
    let order = Some(arguments.order);
    let (fields, request) = (&arguments.fields, &arguments.request);
    one(
        context,
        order,
        Asked::one(FormKind::Renew, order, fields, request)?,
    )
}

/// Does what `certdeck order` says: shows an order, or orders a product.
pub(super) fn order(context: &Context, arguments: &args::Order) -> Result<ExitCode, CliError> {
    if let Some(order) = arguments.shown().map_err(CliError::Usage)? {
        return super::order::run(context, order, &arguments.request.show);
    }
    let (fields, request) = (&arguments.fields, &arguments.request);
    let mut asked = Asked::one(FormKind::NewOrder, None, fields, request)?;
    let product = vec![(FieldId::Product, arguments.word.clone())];
    asked.given.texts = below(asked.given.texts, product);
    one(context, None, asked)
}

fn sheet(context: &Context, asked: &Asked<'_>) -> Result<Sheet<'static, Changes>, CliError> {
    changes::sheet(context, &asked.request.show, asked.request.consent)
}

fn one(context: &Context, order: Option<OrderId>, asked: Asked<'_>) -> Result<ExitCode, CliError> {
    let sheet = sheet(context, &asked)?;
    let session = Session::connect(context)?;
    let target = Target::new(asked.kind, order, String::new());
    work(context, sheet, session, vec![target], asked)
}

/// Judges these, sends what can be, and reports.
fn work(
    context: &Context,
    mut sheet: Sheet<'_, Changes>,
    mut session: Session<'_>,
    mut targets: Vec<Target>,
    asked: Asked<'_>,
) -> Result<ExitCode, CliError> {
    let after = After::new(&asked.request.follow, &session)?;
    let orders = asked.kind.makes_order() || asked.due.as_ref().is_some_and(|due| due.renewals);
    if orders && after.names_orders() {
        let why = "--out: the number of the new order is not known before it is sent; use {name} in place of {order}";
        return Err(CliError::Usage(why.to_owned()));
    }
    let is_weekly = asked.due.is_some() && !asked.request.consent.dry_run;
    // What an earlier run sent is gone on with, and not begun anew.
    let mut rows = Vec::new();
    if is_weekly {
        rows = taken_up(&mut session, &after, true)?;
        // First of all: whatever ends this run, what was verified is written.
        write_verified(&mut session, &mut rows, &after);
    }
    let unfinished = unfinished(&session)?;
    if let Some(due) = &asked.due {
        rows.extend(auto::add(&mut session, &mut targets, due)?);
    }
    targets.retain(|target| {
        // One that could not be written is told of, and does not keep its order from being reissued when it is due.
        let is_same = |row: &Row| {
            let is_open = !matches!(row.standing, Standing::Issued(..));
            target.order.is_some() && row.order == target.order && row.op.is_some() && is_open
        };
        !rows.iter().any(|(row, _)| is_same(row))
    });
    let wanted = targets.len();
    // Some limits hold for the role of the key's user.
    session.read([Read::Session]);
    let trial = match asked.source {
        Source::NewKey(kind) => Some(Trial::new(kind).map_err(CliError::Usage)?),
        Source::Text(_) | Source::None => None,
    };
    let job = Job {
        asked,
        trial,
        after,
        unfinished,
    };
    let (prepared, not_looked_at) = job.prepare(&mut session, &targets)?;
    rows.extend(prepared);
    job.send(&mut session, &mut rows)?;
    let failed = if is_weekly {
        job.after.run_waiting(&session)?
    } else {
        0
    };
    let exit = exit(
        rows.iter().map(|(row, _)| row),
        job.asked.due.is_none(),
        failed,
    );
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(rows.iter().map(|(row, _)| row).collect())?;
    if sheet.count() == 0 && wanted == 0 {
        print::hint(context, "Nothing is due.");
    }
    if not_looked_at > 0 {
        print::hint(
            context,
            &format!(
                "--max left {} for later.",
                counted(not_looked_at, "order", "orders")
            ),
        );
    }
    sheet.end()?;
    Ok(exit.into())
}
