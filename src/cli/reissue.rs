//! `certdeck reissue`: one order, or with `--due` every order whose certificate expires soon while the order covers more. Each is
//! judged by the rules of the form, its key is on the disk before its CSR is sent, and what is unfinished is not sent again.

use std::collections::HashMap;
use std::process::ExitCode;

use jiff::Timestamp;

use super::args;
use super::context::Context as Surroundings;
use super::csr as csr_command;
use super::error::CliError;
use super::exit::Exit;
use super::orders::Wanted;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::print;
use super::send::files::{After, Written};
use super::send::{self, Standing};
use super::session::{Session, came};
use crate::app::effect::{KeyAlgorithm, KeySpec, Read};
use crate::app::journal::JournalRow;
use crate::app::turn::Verified;
use crate::app::writes::Send;
use crate::domain::coverage::days_between;
use crate::domain::csr;
use crate::domain::draft::csr_notes::KnownCsrs;
use crate::domain::draft::offer::Offer;
use crate::domain::draft::options::options;
use crate::domain::draft::review::{self, Review};
use crate::domain::draft::{Context, FieldId, FormKind, prefill, reissue};
use crate::domain::file_pattern::FileSet;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::install::InstallExit;
use crate::domain::status::OrderStatus;
use crate::domain::text::counted;
use crate::domain::write::{WriteId, WriteKind};
use crate::runtime::keygen;

/// Changes as they are reported.
#[derive(Debug)]
pub(in crate::cli) struct Changes;

/// One of them.
pub(in crate::cli) struct Row {
    order: OrderId,
    name: String,
    standing: Standing,
    op: Option<WriteId>,
    request: Option<String>,
    files: Option<FileSet>,
    key: Option<String>,
    written: Written,
}

impl Row {
    fn new(order: OrderId, name: String) -> Self {
        Self {
            order,
            name,
            standing: Standing::Shown,
            op: None,
            request: None,
            files: None,
            key: None,
            written: Written::default(),
        }
    }

    /// What there is to say beside its state.
    fn detail(&self) -> String {
        let mut words = vec![self.standing.words()];
        words.extend(match &self.written.full_chain {
            Some(Err(why)) => Some(format!("not written: {why}")),
            _ => None,
        });
        words.extend(self.written.ran.as_ref().map(InstallExit::words));
        words.retain(|words| !words.is_empty());
        words.join("; ")
    }

    fn certificate(&self) -> Option<CertificateId> {
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
            Value::number(row.order.0)
        }),
        Field::shown("common_name", Kind::Text, "the common name", |row| {
            Value::text(&*row.name)
        }),
        Field::shown(
            "state",
            Kind::Text,
            "dry_run, skipped, blocked, already, waiting_for_approval, waiting_for_certificate, issued, mismatch, failed, \
             or unknown",
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
        Field::more(
            "request",
            Kind::Text,
            "the exact JSON of the request; with --dry-run only",
            |row| Value::maybe(row.request.as_deref(), Value::text),
        ),
    ];
}

/// Where the CSR comes from.
enum Source {
    Text(String),
    NewKey(KeyAlgorithm),
}

/// Does what `certdeck reissue` says.
pub(super) fn run(context: &Surroundings, arguments: &args::Reissue) -> Result<ExitCode, CliError> {
    let source = match (&arguments.csr, arguments.new_key) {
        (Some(path), None) => Source::Text(csr_command::text(path)?),
        (None, Some(kind)) => Source::NewKey(kind.into()),
        _ => {
            let why = "say where the CSR comes from: --csr FILE, or --new-key KIND with --out DIR";
            return Err(CliError::Usage(why.to_owned()));
        }
    };
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<Changes>::new(&arguments.show, screen, std::io::stdout())?;
    let (mut session, mut orders) = wanted(context, arguments)?;
    let after = After::new(&arguments.sending, &session)?;
    session.script.hear_interrupts();
    let unfinished = unfinished(&session)?;
    // What an earlier run sent is gone on with, and not begun anew.
    let mut rows = if arguments.due && !arguments.sending.dry_run {
        taken_up(&mut session, &after, true)
    } else {
        Vec::new()
    };
    orders.retain(|order| !rows.iter().any(|(row, _)| row.order == *order));
    let mut job = Job {
        arguments,
        source,
        after,
        unfinished,
        is_one: !arguments.due,
    };
    rows.extend(job.prepare(&mut session, &orders)?);
    job.send(&mut session, &mut rows)?;
    let exit = exit(
        &rows.iter().map(|(row, _)| row).collect::<Vec<_>>(),
        job.is_one,
    );
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(rows.iter().map(|(row, _)| row).collect())?;
    if sheet.count() == 0 {
        print::hint(context, "Nothing is due.");
    }
    sheet.end()?;
    Ok(exit.into())
}

/// Does what `certdeck resume` says: what earlier runs sent is followed to its end.
pub(super) fn resume(
    context: &Surroundings,
    arguments: &args::Resume,
) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<Changes>::new(&arguments.show, screen, std::io::stdout())?;
    let mut session = Session::connect(context)?;
    let sending = args::Sending {
        wait: arguments.wait,
        out: arguments.out.clone(),
        latest: arguments.latest,
        exec: arguments.exec.clone(),
        ..args::Sending::default()
    };
    let after = After::new(&sending, &session)?;
    session.script.hear_interrupts();
    let mut rows = taken_up(&mut session, &after, false);
    follow(&mut session, &mut rows, &sending, &after);
    after.run_waiting(&session)?;
    let exit = exit(&rows.iter().map(|(row, _)| row).collect::<Vec<_>>(), false);
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(rows.iter().map(|(row, _)| row).collect())?;
    if sheet.count() == 0 {
        print::hint(context, "Nothing is unfinished.");
    }
    sheet.end()?;
    Ok(exit.into())
}

/// What earlier runs sent and saw no end of, with where its files go; with `own` only reissues whose keys stand where this run
/// would put them.
fn taken_up(session: &mut Session<'_>, after: &After, own: bool) -> Vec<Prepared> {
    session.take_up();
    let mut rows = Vec::new();
    for watch in &session.script.engine.writes.all {
        let outgoing = &watch.outgoing;
        let spki = outgoing.expected.as_ref().map(|one| one.spki_der.clone());
        let key = spki.and_then(|spki| {
            let key = session.script.ask(move |store| store.key_file(&spki));
            key.and_then(Result::ok).flatten()
        });
        let name = outgoing.common_name().unwrap_or_else(|| watch.name.clone());
        let order = watch.order.or(outgoing.order);
        let files = key.as_deref().zip(order);
        let files =
            files.and_then(|(key, order)| after.files_beside(&name, order, watch.sent, key));
        if own && (files.is_none() || outgoing.kind != WriteKind::Reissue) {
            continue;
        }
        let mut row = Row::new(order.unwrap_or(OrderId(0)), name);
        row.op = Some(watch.op.clone());
        row.standing = session.standing(&watch.op);
        row.files = files;
        row.key = key;
        rows.push((row, None));
    }
    rows
}

/// Waits for what was sent, as far as that is asked for, and does with each certificate what is to be done.
fn follow(
    session: &mut Session<'_>,
    rows: &mut [Prepared],
    sending: &args::Sending,
    after: &After,
) {
    let sent: Vec<(usize, WriteId)> = rows
        .iter()
        .enumerate()
        .filter_map(|(at, (row, _))| Some((at, row.op.clone()?)))
        .collect();
    let ops: Vec<WriteId> = sent.iter().map(|(_, op)| op.clone()).collect();
    session.wait_for(&ops, sending, |session, Verified { op, pem, .. }| {
        let at = sent.iter().find(|(_, of)| *of == op).map(|(at, _)| *at);
        let Some((row, _)) = at.and_then(|at| rows.get_mut(at)) else {
            return;
        };
        row.standing = session.standing(&op);
        if let Some(certificate) = row.certificate() {
            let of = (row.order, certificate);
            row.written = after.run(session, of, &pem, row.files.as_ref());
        }
    });
    for (at, op) in &sent {
        let row = &mut rows[*at].0;
        if !matches!(row.standing, Standing::Already(_)) {
            row.standing = session.standing(op);
        }
    }
}

/// The orders that are to be reissued, in the order in which they are sent.
fn wanted<'c>(
    context: &'c Surroundings,
    arguments: &args::Reissue,
) -> Result<(Session<'c>, Vec<OrderId>), CliError> {
    if !arguments.due {
        let [word] = arguments.words.as_slice() else {
            let why = "name one order, or use --due for all that are due";
            return Err(CliError::Usage(why.to_owned()));
        };
        let order = word.trim_start_matches('#').parse().map(OrderId);
        let order = order.map_err(|_| {
            CliError::Usage(format!("`{word}` is no order number; --due takes a filter"))
        })?;
        return Ok((Session::connect(context)?, vec![order]));
    }
    let wanted = Wanted::open(context, &arguments.words, false)?;
    let mut due = Vec::new();
    let unreadable = wanted.each(|line| {
        let row = &line.row;
        let is_alive = matches!(
            row.status(),
            OrderStatus::Issued | OrderStatus::ReissuePending
        );
        if let (true, Some(ends), Some(covers)) = (
            is_alive && !row.is_renewed,
            row.valid_till(),
            row.order_valid_till(),
        ) {
            let left = days_between(line.today, ends);
            if covers > ends && (0..=arguments.within).contains(&left) {
                due.push((ends, row.id));
            }
        }
        Ok(())
    })?;
    if unreadable > 0 {
        let orders = counted(unreadable, "stored order", "stored orders");
        return Err(CliError::Usage(format!(
            "{orders} cannot be read, so what is due is not known; `certdeck orders` loads them again"
        )));
    }
    due.sort_unstable();
    due.truncate(arguments.max.unwrap_or(usize::MAX));
    Ok((
        wanted.session,
        due.into_iter().map(|(_, order)| order).collect(),
    ))
}

/// What of the journal keeps an order from being reissued by itself: unfinished, or unknown.
fn unfinished(session: &Session<'_>) -> Result<HashMap<OrderId, String>, CliError> {
    let all = session.script.ask(|store| store.unsettled());
    let all = all.transpose()?.unwrap_or_default().into_iter();
    let counts = |kind: &Result<WriteKind, String>| {
        kind.as_ref()
            .map_or(true, |kind| kind.makes_certificate() && !kind.makes_order())
    };
    Ok(all
        .filter(|entry| counts(&entry.intent.kind) && !entry.dismissed)
        .filter_map(|entry| Some((entry.intent.order?, JournalRow::of(entry))))
        .map(|(order, row)| {
            let outcome = row
                .outcome
                .unwrap_or_else(|| "its outcome is unknown".to_owned());
            (
                order,
                format!(
                    "{} is unfinished: {outcome} (journal {})",
                    row.what, row.op.0
                ),
            )
        })
        .collect())
}

struct Job<'a> {
    arguments: &'a args::Reissue,
    source: Source,
    after: After,
    unfinished: HashMap<OrderId, String>,
    /// Whether a single order was named.
    is_one: bool,
}

/// A row, and what is to be sent for it.
type Prepared = (Row, Option<Review>);

impl Job<'_> {
    /// Reads and judges each order; nothing is made or sent yet.
    fn prepare(
        &mut self,
        session: &mut Session<'_>,
        orders: &[OrderId],
    ) -> Result<Vec<Prepared>, CliError> {
        let mut rows = Vec::new();
        for (at, order) in orders.iter().enumerate() {
            if session.script.is_interrupted() {
                break;
            }
            session.say(&format!("Reading order {} of {}", at + 1, orders.len()));
            let read = session.read_order(*order).and_then(|()| {
                let account = &session.script.engine.account;
                let info = account.order(*order).ok_or(CliError::NoAnswer)?;
                let product = info.product.name_id.clone();
                let container = info.container.as_ref().and_then(|one| one.id);
                let lacks = !account.products.contains_key(&product);
                let mut reads = Vec::from_iter(lacks.then_some(Read::Product(product)));
                let container = container.filter(|id| !account.limits.contains_key(id));
                reads.extend(container.map(Read::Limits));
                session.read(reads);
                Ok(())
            });
            if let Err(error) = read {
                if self.is_one {
                    return Err(error);
                }
                let mut row = Row::new(*order, String::new());
                row.standing = Standing::Blocked(format!("it could not be read: {error}"));
                rows.push((row, None));
                continue;
            }
            rows.push(self.judge(session, *order, None)?);
        }
        session.end_progress();
        Ok(rows)
    }

    /// Judges an order by the rules of its form, with this CSR; without one as far as that goes.
    fn judge(
        &self,
        session: &Session<'_>,
        order: OrderId,
        made: Option<&str>,
    ) -> Result<Prepared, CliError> {
        let engine = &session.script.engine;
        let data = engine.account.known.get(&order).ok_or(CliError::NoAnswer)?;
        let info = came(&data.order)?;
        let product = engine.account.offered(info);
        let offer = Offer::default();
        let ctx = Context {
            order: info,
            product: product.as_ref(),
            siblings: data.certificates(),
            offer: &offer,
            reference: "",
            today: engine.today(),
        };
        let mut row = Row::new(order, info.title().to_owned());
        let open = info
            .requests
            .iter()
            .find(|request| request.status.is_open());
        if info.status == OrderStatus::ReissuePending || open.is_some() {
            row.standing = Standing::Skipped(match open {
                Some(request) => format!("request {} of the order is open", request.id),
                None => "a reissue of it is pending".to_owned(),
            });
            return Ok((row, None));
        }
        if let Some(why) = self.unfinished.get(&order) {
            row.standing = Standing::Skipped(why.clone());
            return Ok((row, None));
        }
        let kept = self.kept(&ctx)?;
        let known = KnownCsrs::of(ctx.order, ctx.siblings);
        let text = match (&self.source, made) {
            (_, Some(made)) => Some(made),
            (Source::Text(text), None) => Some(text.as_str()),
            (Source::NewKey(_), None) => None,
        };
        let (draft, _) = prefill::reissue(&ctx, Some(&kept), text, &known);
        let checked = reissue::check(&draft, &ctx);
        let waits_for_key = text.is_none();
        let forbidden = checked.forbidden().map(|note| note.text.clone());
        let mut problems = checked
            .problems
            .iter()
            .filter(|problem| !(waits_for_key && problem.field == FieldId::Csr));
        let wrong = forbidden.or_else(|| problems.next().map(|problem| problem.text.clone()));
        if let Some(why) = wrong {
            row.standing = Standing::Blocked(why);
            return Ok((row, None));
        }
        if waits_for_key {
            row.files = self.after.files(&row.name, order, false);
            return Ok((row, None));
        }
        let Some(outgoing) = reissue::outgoing(&draft, &ctx) else {
            row.standing = Standing::Blocked("nothing can be sent for it as it is".to_owned());
            return Ok((row, None));
        };
        let review = review::reissue(&draft, &ctx, outgoing);
        if let Some(danger) = &review.danger
            && !self.arguments.sending.confirm.contains(&order)
            && !self.arguments.sending.dry_run
        {
            row.standing =
                Standing::Blocked(format!("{danger} --confirm {order} sends it all the same"));
            return Ok((row, None));
        }
        row.files = self.after.files(&row.name, order, false);
        Ok((row, Some(review)))
    }

    /// The fields that were given, as a draft keeps them; a choice by its id.
    fn kept(&self, ctx: &Context<'_>) -> Result<String, CliError> {
        let mut fields = serde_json::Map::new();
        for (field, text) in self.arguments.fields.given() {
            let (offered, _) = options(field, FormKind::Reissue, ctx);
            let text = if offered.is_empty() || field == FieldId::CommonName {
                text
            } else {
                let is = |known: &str| known.eq_ignore_ascii_case(&text);
                let found = offered.iter().find(|one| is(&one.id) || is(&one.name));
                found.map(|one| one.id.clone()).ok_or_else(|| {
                    let known: Vec<&str> = offered.iter().map(|one| one.name.as_str()).collect();
                    CliError::Usage(format!(
                        "`{text}` is not offered for {}; offered: {}",
                        field.path(),
                        known.join(", ")
                    ))
                })?
            };
            fields.insert(field.key().into_owned(), text.into());
        }
        Ok(serde_json::json!({ "fields": fields }).to_string())
    }

    /// Sends what can be, one after the other, and waits for what comes of it.
    fn send(&mut self, session: &mut Session<'_>, rows: &mut [Prepared]) -> Result<(), CliError> {
        let sending = &self.arguments.sending;
        let is_ready = |(row, _): &&Prepared| row.standing == Standing::Shown;
        let ready = rows.iter().filter(is_ready).count();
        for (_, review) in rows.iter() {
            if let Some(review) = review {
                send::tell_review(review);
            }
        }
        if ready == 0 && !sending.dry_run {
            follow(session, rows, sending, &self.after);
            return Ok(());
        }
        if sending.dry_run {
            for (row, review) in rows.iter_mut() {
                row.request = review
                    .as_ref()
                    .map(|review| send::request(&review.outgoing));
            }
            return Ok(());
        }
        let what = format!("{}.", counted(ready, "reissue", "reissues"));
        if !send::confirmed(sending, &what)? {
            print::err("Nothing was sent.");
            for (row, _) in rows
                .iter_mut()
                .filter(|(row, _)| row.standing == Standing::Shown)
            {
                row.standing = Standing::Skipped("not confirmed".to_owned());
            }
            return Ok(());
        }
        let mut sent = 0;
        for prepared in rows.iter_mut() {
            if prepared.0.standing != Standing::Shown {
                continue;
            }
            if session.script.is_interrupted() {
                prepared.0.standing =
                    Standing::Skipped("interrupted before it was sent".to_owned());
                continue;
            }
            sent += 1;
            session.say(&format!("Sending {sent} of {ready}"));
            self.send_one(session, prepared)?;
        }
        session.end_progress();
        follow(session, rows, sending, &self.after);
        Ok(())
    }

    /// Makes the key of a row where it needs one, and sends it.
    fn send_one(&self, session: &mut Session<'_>, prepared: &mut Prepared) -> Result<(), CliError> {
        if let Source::NewKey(kind) = self.source {
            let order = prepared.0.order;
            let made = match self.make_key(session, &prepared.0, kind) {
                Ok(made) => made,
                Err(why) => {
                    prepared.0.standing = Standing::Blocked(why);
                    return Ok(());
                }
            };
            let (csr, key, files) = made;
            *prepared = self.judge(session, order, Some(&csr))?;
            prepared.0.key = Some(key);
            prepared.0.files = Some(files);
        }
        let (row, review) = prepared;
        let Some(review) = review.take() else {
            return Ok(());
        };
        let name = format!("{} · {}", review.outgoing.named(), row.name);
        let sent = session.send(Send {
            reviewed: Some(Timestamp::now()),
            ..Send::new(review.outgoing, name)
        });
        row.op = Some(sent.op);
        row.standing = sent.standing;
        Ok(())
    }

    /// Makes the key of an order, on the disk before its CSR is given out; the journal of keys has its path.
    fn make_key(
        &self,
        session: &Session<'_>,
        row: &Row,
        kind: KeyAlgorithm,
    ) -> Result<(String, String, FileSet), String> {
        let engine = &session.script.engine;
        let order = engine
            .account
            .order(row.order)
            .ok_or("it is not known any more")?;
        let names = crate::domain::names::once(
            std::iter::once(&order.certificate.common_name).chain(&order.certificate.dns_names),
        );
        let given = self.arguments.fields.given();
        let given = |wanted: FieldId| {
            let mut all = given.iter();
            all.find(|(field, _)| *field == wanted)
                .map(|(_, text)| text.clone())
        };
        let names = match given(FieldId::Names) {
            Some(names) => names.lines().map(str::to_owned).collect(),
            None => names,
        };
        let common_name = given(FieldId::CommonName).unwrap_or_else(|| row.name.clone());
        let subject = session.csr_subject();
        for again in [false, true] {
            let files = self.after.files(&row.name, row.order, again);
            let files =
                files.ok_or("--new-key needs --out: the key is written before it is sent")?;
            let spec = KeySpec {
                form: String::new(),
                algorithm: kind,
                common_name: common_name.clone(),
                dns_names: names.clone(),
                organization: order.organization.as_ref().map(|one| one.name.clone()),
                path: files.key.clone(),
                makes_folders: true,
            };
            match keygen::make(&spec, &subject) {
                Ok(made) => {
                    let spki = csr::read(&made.csr.0)
                        .map_err(|error| error.to_string())?
                        .spki_der;
                    let path = made.path.clone();
                    let kept = session
                        .script
                        .ask(move |store| store.keep_key_file(&spki, &path, Timestamp::now()));
                    if let Some(Err(error)) = kept {
                        return Err(format!(
                            "which file its key is in cannot be stored: {error}"
                        ));
                    }
                    return Ok((made.csr.0, made.path, files));
                }
                // An earlier key of this day stays where it is.
                Err(failure) if !again && failure.what.contains("already exists") => {}
                Err(failure) => return Err(failure.to_string()),
            }
        }
        Err("its key could not be written".to_owned())
    }
}

/// How a command with these rows ended.
fn exit(rows: &[&Row], is_one: bool) -> Exit {
    if let ([row], true) = (rows, is_one) {
        return match row.standing.exit() {
            Exit::Done if row.written.failed() => Exit::Partly,
            exit => exit,
        };
    }
    let exits: Vec<Exit> = rows
        .iter()
        .map(|row| match row.standing.exit() {
            Exit::Done if row.written.failed() => Exit::Partly,
            exit => exit,
        })
        .collect();
    let waits = |exit: &Exit| matches!(exit, Exit::Waits | Exit::Already);
    if exits.iter().any(|exit| !waits(exit) && *exit != Exit::Done) {
        Exit::Partly
    } else if exits.iter().any(waits) {
        Exit::Waits
    } else {
        Exit::Done
    }
}
