//! `certdeck reissue`: one order, or with `--due` every order whose certificate expires soon while the order covers more. Each is
//! judged by the rules of the form, its key is on the disk before its CSR is sent, and what is unfinished is not sent again.

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;

use super::args;
use super::context::Context as Surroundings;
use super::csr as csr_command;
use super::error::CliError;
use super::orders::Wanted;
use super::output::Sheet;
use super::print;
use super::resume::{follow, taken_up};
use super::send::changes::{self, Changes, Prepared, Row, exit};
use super::send::files::After;
use super::send::{self, Standing};
use super::session::{Session, came};
use crate::app::effect::{KeyAlgorithm, KeySpec, Read};
use crate::app::journal::JournalRow;
use crate::app::writes::Send;
use crate::domain::coverage::days_between;
use crate::domain::csr;
use crate::domain::draft::csr_notes::KnownCsrs;
use crate::domain::draft::offer::Offer;
use crate::domain::draft::options::options;
use crate::domain::draft::review;
use crate::domain::draft::{
    Context, Draft, FieldId, FormKind, duplicate, field_rules, prefill, reissue,
};
use crate::domain::file_pattern::FileSet;
use crate::domain::ids::OrderId;
use crate::domain::names;
use crate::domain::order::Order;
use crate::domain::status::OrderStatus;
use crate::domain::text::counted;
use crate::domain::write::{Outgoing, WriteKind};
use crate::runtime::keygen::{self, Trial};

/// Where the CSR comes from.
enum Source {
    Text(String),
    NewKey(KeyAlgorithm),
}

/// Where the CSR comes from, as it was said.
fn source(csr: Option<&Path>, new_key: Option<args::NewKey>) -> Result<Source, CliError> {
    match (csr, new_key) {
        (Some(path), None) => Ok(Source::Text(csr_command::text(path)?)),
        (None, Some(kind)) => Ok(Source::NewKey(kind.into())),
        _ => {
            let why = "say where the CSR comes from: --csr FILE, or --new-key KIND with --out DIR";
            Err(CliError::Usage(why.to_owned()))
        }
    }
}

/// Does what `certdeck reissue` says.
pub(super) fn run(context: &Surroundings, arguments: &args::Reissue) -> Result<ExitCode, CliError> {
    let source = source(arguments.csr.as_deref(), arguments.new_key)?;
    let sheet = changes::sheet(context, &arguments.show, arguments.sending.consent)?;
    let (session, orders) = wanted(context, arguments)?;
    let asked = Asked {
        kind: FormKind::Reissue,
        fields: &arguments.fields,
        sending: &arguments.sending,
        source,
        is_one: !arguments.due,
        max: arguments.max,
    };
    work(context, sheet, session, orders, asked)
}

/// Does what `certdeck duplicate` says.
pub(super) fn duplicate(
    context: &Surroundings,
    arguments: &args::Duplicate,
) -> Result<ExitCode, CliError> {
    let source = source(arguments.csr.as_deref(), arguments.new_key)?;
    let sheet = changes::sheet(context, &arguments.show, arguments.sending.consent)?;
    let session = Session::connect(context)?;
    let asked = Asked {
        kind: FormKind::Duplicate,
        fields: &arguments.fields,
        sending: &arguments.sending,
        source,
        is_one: true,
        max: None,
    };
    work(
        context,
        sheet,
        session,
        vec![(arguments.order, String::new())],
        asked,
    )
}

/// Judges these orders, sends what can be, and reports.
fn work(
    context: &Surroundings,
    mut sheet: Sheet<'_, Changes>,
    mut session: Session<'_>,
    mut orders: Vec<(OrderId, String)>,
    asked: Asked<'_>,
) -> Result<ExitCode, CliError> {
    let after = After::new(asked.sending, &session)?;
    let unfinished = unfinished(&session)?;
    let is_weekly = !asked.is_one && !asked.sending.consent.dry_run;
    // What an earlier run sent is gone on with, and not begun anew.
    let mut rows = Vec::new();
    if is_weekly {
        rows = taken_up(&mut session, &after, true);
        follow(&mut session, &mut rows, asked.sending, &after);
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

/// The orders that are to be reissued, in the order in which they are sent.
fn wanted<'c>(
    context: &'c Surroundings,
    arguments: &args::Reissue,
) -> Result<(Session<'c>, Vec<(OrderId, String)>), CliError> {
    if !arguments.due {
        let [word] = arguments.words.as_slice() else {
            let why = "name one order, or use --due for all that are due";
            return Err(CliError::Usage(why.to_owned()));
        };
        let order = word.trim_start_matches('#').parse().map(OrderId);
        let order = order.map_err(|_| {
            CliError::Usage(format!("`{word}` is no order number; --due takes a filter"))
        })?;
        return Ok((Session::connect(context)?, vec![(order, String::new())]));
    }
    let wanted = Wanted::open(context, &arguments.words, false)?;
    let mut due = Vec::new();
    let unreadable = wanted.each(|line| {
        let row = &line.row;
        let is_alive = matches!(
            row.status(),
            OrderStatus::Issued | OrderStatus::ReissuePending | OrderStatus::Expired
        );
        if let (true, Some(ends), Some(covers)) = (
            is_alive && !row.is_renewed,
            row.valid_till(),
            row.order_valid_till(),
        ) {
            let left = days_between(line.today, ends);
            // One that is over already is all the more due, as long as its order is covered.
            if covers > ends && covers >= line.today && left <= arguments.within {
                due.push((ends, row.id, row.display_name().to_owned()));
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
    let due = due.into_iter().map(|(_, order, name)| (order, name));
    Ok((wanted.session, due.collect()))
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

/// What was asked for.
struct Asked<'a> {
    kind: FormKind,
    fields: &'a args::Fields,
    sending: &'a args::Sending,
    source: Source,
    /// Whether a single order was named.
    is_one: bool,
    /// How many are sent at most.
    max: Option<usize>,
}

struct Job<'a> {
    asked: Asked<'a>,
    /// A key like those that are to be made, for what is shown before.
    trial: Option<Trial>,
    after: After,
    unfinished: HashMap<OrderId, String>,
}

impl Job<'_> {
    /// Reads and judges each order, until as many can be sent as are wanted; nothing is made or sent yet.
    fn prepare(
        &self,
        session: &mut Session<'_>,
        orders: &[(OrderId, String)],
    ) -> Result<Vec<Prepared>, CliError> {
        let mut rows: Vec<Prepared> = Vec::new();
        let most = self.asked.max.unwrap_or(usize::MAX);
        let mut ready = 0;
        for (at, (order, name)) in orders.iter().enumerate() {
            if ready >= most {
                break;
            }
            if let Some(why) = self.unfinished.get(order).filter(|_| !self.asked.is_one) {
                let mut row = Row::new(Some(*order), name.clone());
                row.standing = Standing::Skipped(why.clone());
                rows.push((row, None));
                continue;
            }
            session.say(&format!("Reading order {} of {}", at + 1, orders.len()));
            let judged = read(session, *order).and_then(|()| self.judge(session, *order, None));
            match judged {
                Ok(judged) => {
                    ready += usize::from(judged.0.standing == Standing::Shown);
                    rows.push(judged);
                }
                Err(error) if self.asked.is_one => return Err(error),
                // What is wrong with what was typed is wrong for all.
                Err(error @ CliError::Usage(_)) => return Err(error),
                Err(error) => {
                    let mut row = Row::new(Some(*order), name.clone());
                    row.standing = Standing::Blocked(format!("it could not be read: {error}"));
                    rows.push((row, None));
                }
            }
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
        let mut row = Row::new(Some(order), info.title().to_owned());
        if let Some(why) = self.in_the_way(info) {
            row.standing = Standing::Skipped(why);
            return Ok((row, None));
        }
        let kept = self.kept(&ctx)?;
        let known = KnownCsrs::of(ctx.order, ctx.siblings);
        let shown = match (&self.asked.source, made, &self.trial) {
            (Source::Text(text), None, _) => text.clone(),
            (_, Some(made), _) => made.to_owned(),
            (Source::NewKey(_), None, Some(trial)) => {
                let spec = self.key_spec(info, KeyAlgorithm::P256, String::new());
                match trial.csr(&spec, &session.csr_subject()) {
                    Ok(csr) => csr,
                    Err(why) => {
                        row.standing = Standing::Blocked(why);
                        return Ok((row, None));
                    }
                }
            }
            (Source::NewKey(_), None, None) => return Err(CliError::NoAnswer),
        };
        let kind = self.asked.kind;
        let (draft, _) = prefill::draft(kind, &ctx, Some(&kept), Some(&shown), &known);
        let checked = match kind {
            FormKind::Duplicate => duplicate::check(&draft, &ctx),
            _ => reissue::check(&draft, &ctx),
        };
        let forbidden = checked.forbidden().map(|note| note.text.clone());
        let mut problems = checked.problems.iter();
        let wrong = forbidden
            .or_else(|| self.not_taken(&draft, &ctx))
            .or_else(|| problems.next().map(|problem| problem.text.clone()));
        if let Some(why) = wrong {
            row.standing = Standing::Blocked(why);
            return Ok((row, None));
        }
        let outgoing = match kind {
            FormKind::Duplicate => duplicate::outgoing(&draft, &ctx),
            _ => reissue::outgoing(&draft, &ctx),
        };
        let Some(outgoing) = outgoing else {
            row.standing = Standing::Blocked("nothing can be sent for it as it is".to_owned());
            return Ok((row, None));
        };
        row.action = Some(outgoing.kind);
        let review = match kind {
            FormKind::Duplicate => review::duplicate(&draft, &ctx, outgoing),
            _ => review::reissue(&draft, &ctx, outgoing),
        };
        if let Some(danger) = &review.danger
            && !self.asked.sending.confirm.contains(&order)
            && !self.asked.sending.consent.dry_run
        {
            row.standing =
                Standing::Blocked(format!("{danger} --confirm {order} sends it all the same"));
            return Ok((row, None));
        }
        row.files = self.after.files(&row.name, order, false);
        Ok((row, Some(review)))
    }

    /// What is under way for an order already, and keeps the same from being sent again. Any number of duplicates can be: of a
    /// CSR that was sent the journal tells, and only of a new key nobody could.
    fn in_the_way(&self, info: &Order) -> Option<String> {
        let is_new = matches!(self.asked.source, Source::NewKey(_));
        if self.asked.kind == FormKind::Duplicate && !is_new {
            return None;
        }
        if self.asked.kind == FormKind::Reissue {
            let mut requests = info.requests.iter();
            if let Some(open) = requests.find(|request| request.status.is_open()) {
                return Some(format!("request {} of the order is open", open.id));
            }
            if info.status == OrderStatus::ReissuePending {
                return Some("a reissue of it is pending".to_owned());
            }
        }
        self.unfinished.get(&info.id).cloned()
    }

    /// The first field that was given and that is not asked of this order.
    fn not_taken(&self, draft: &Draft, ctx: &Context<'_>) -> Option<String> {
        let given = self.asked.fields.given();
        let facts = || draft.facts(ctx);
        let (field, _) = given
            .iter()
            .find(|(field, _)| field_rules::need(*field, self.asked.kind, facts()).is_none())?;
        let what = self.asked.kind.label().to_lowercase();
        Some(format!("a {what} of it takes no {}", field.path()))
    }

    /// The fields that were given, as a draft keeps them; a choice by its id.
    fn kept(&self, ctx: &Context<'_>) -> Result<String, CliError> {
        let mut fields = serde_json::Map::new();
        for (field, text) in self.asked.fields.given() {
            let (offered, _) = options(field, self.asked.kind, ctx);
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
    fn send(&self, session: &mut Session<'_>, rows: &mut [Prepared]) -> Result<(), CliError> {
        let sending = self.asked.sending;
        let is_ready = |(row, _): &&Prepared| row.standing == Standing::Shown;
        let ready = rows.iter().filter(is_ready).count();
        for review in rows.iter().filter_map(|(_, review)| review.as_ref()) {
            send::tell_review(review);
        }
        if sending.consent.dry_run {
            for (row, review) in rows.iter_mut() {
                let review = review.as_ref();
                row.request = review.map(|review| self.request(&review.outgoing));
            }
            return Ok(());
        }
        let what = match self.asked.kind {
            FormKind::Duplicate => counted(ready, "duplicate", "duplicates"),
            _ => counted(ready, "reissue", "reissues"),
        };
        let is_confirmed = ready == 0 || send::confirmed(sending.consent, &format!("{what}."))?;
        if !is_confirmed {
            print::err("Nothing was sent.");
        }
        let mut left = (!is_confirmed).then(|| "not confirmed".to_owned());
        // From here on the end is asked for between two of them.
        session.script.hear_interrupts();
        let mut sent = 0;
        for prepared in rows.iter_mut() {
            if prepared.0.standing != Standing::Shown {
                continue;
            }
            if left.is_none() && session.script.is_interrupted() {
                left = Some("interrupted before it was sent".to_owned());
            }
            if let Some(why) = &left {
                prepared.0.standing = Standing::NotSent(why.clone());
                continue;
            }
            sent += 1;
            session.say(&format!("Sending {sent} of {ready}"));
            self.send_one(session, prepared);
            if Session::stops(&prepared.0.standing) {
                let (row, _) = &prepared;
                let order = row
                    .order
                    .map_or_else(String::new, |order| order.to_string());
                left = Some(format!(
                    "order {order} came first: {}",
                    row.standing.words()
                ));
            }
        }
        session.end_progress();
        follow(session, rows, sending, &self.after);
        Ok(())
    }

    /// The exact request; where a key is still to be made, without its CSR.
    fn request(&self, outgoing: &Outgoing) -> String {
        let body = serde_json::from_str::<serde_json::Value>(&outgoing.body);
        match (&self.trial, body) {
            (Some(_), Ok(mut body)) => {
                body["certificate"]["csr"] =
                    "(of the key that is generated when it is sent)".into();
                body.to_string()
            }
            _ => outgoing.body.clone(),
        }
    }

    /// Makes the key of a row where it needs one, and sends it.
    fn send_one(&self, session: &mut Session<'_>, prepared: &mut Prepared) {
        if let Source::NewKey(kind) = self.asked.source {
            let Some(order) = prepared.0.order else {
                return;
            };
            let made = self.make_key(session, order, &prepared.0.name, kind);
            let judged = made.and_then(|(csr, key, files)| {
                let judged = self.judge(session, order, Some(&csr));
                let (mut row, review) = judged.map_err(|error| error.to_string())?;
                row.key = Some(key);
                row.files = Some(files);
                Ok((row, review))
            });
            match judged {
                Ok(judged) => *prepared = judged,
                Err(why) => {
                    prepared.0.standing = Standing::Blocked(why);
                    return;
                }
            }
        }
        let (row, review) = prepared;
        let Some(review) = review.take() else {
            return;
        };
        let name = format!("{} · {}", review.outgoing.named(), row.name);
        let sent = session.send(Send::new(review.outgoing, name));
        row.op = Some(sent.op);
        row.standing = sent.standing;
    }

    /// What the key of an order is to be, and the names of its CSR.
    fn key_spec(&self, order: &Order, algorithm: KeyAlgorithm, path: String) -> KeySpec {
        let given = self.asked.fields.given();
        let given = |wanted: FieldId| {
            let mut all = given.iter();
            all.find(|(field, _)| *field == wanted)
                .map(|(_, text)| text.clone())
        };
        let certificate = &order.certificate;
        let own = std::iter::once(&certificate.common_name).chain(&certificate.dns_names);
        let names = match given(FieldId::Names) {
            Some(names) => names.lines().map(str::to_owned).collect(),
            None => names::once(own),
        };
        let title = order.title().to_owned();
        KeySpec {
            form: String::new(),
            algorithm,
            common_name: given(FieldId::CommonName).unwrap_or(title),
            dns_names: names,
            organization: order.organization.as_ref().map(|one| one.name.clone()),
            path,
            makes_folders: true,
        }
    }

    /// Makes the key of an order, on the disk before its CSR is given out; the journal of keys has its path.
    fn make_key(
        &self,
        session: &Session<'_>,
        id: OrderId,
        name: &str,
        kind: KeyAlgorithm,
    ) -> Result<(String, String, FileSet), String> {
        let engine = &session.script.engine;
        let order = engine.account.order(id).ok_or("it is not known any more")?;
        let subject = session.csr_subject();
        for again in [false, true] {
            let files = self.after.files(name, id, again);
            let files =
                files.ok_or("--new-key needs --out: the key is written before it is sent")?;
            let spec = self.key_spec(order, kind, files.key.clone());
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

/// Reads an order, and what its product and its division allow.
fn read(session: &mut Session<'_>, order: OrderId) -> Result<(), CliError> {
    session.read_order(order)?;
    let account = &session.script.engine.account;
    let info = account.order(order).ok_or(CliError::NoAnswer)?;
    let product = info.product.name_id.clone();
    let container = info.container.as_ref().and_then(|one| one.id);
    let lacks = !account.products.contains_key(&product);
    let mut reads = Vec::from_iter(lacks.then_some(Read::Product(product)));
    let container = container.filter(|id| !account.limits.contains_key(id));
    reads.extend(container.map(Read::Limits));
    session.read(reads);
    Ok(())
}
