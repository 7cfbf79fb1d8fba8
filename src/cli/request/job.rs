//! What is asked for is judged by its form, shown, and sent one after the other.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Asked;
use super::key::{Source, without_csr};
use super::unfinished::{Unfinished, like};
use crate::app::effect::KeyAlgorithm;
use crate::app::form::Form;
use crate::app::remote::Opened;
use crate::app::writes::Send;
use crate::cli::args::option_of;
use crate::cli::error::CliError;
use crate::cli::print;
use crate::cli::resume::{follow, forget, hand_over};
use crate::cli::send::changes::{Prepared, Ready, Row, Target};
use crate::cli::send::files::{After, absolute};
use crate::cli::send::{self, Standing};
use crate::cli::session::{Session, came};
use crate::domain::draft::review::Review;
use crate::domain::draft::{FieldId, FormKind, Problem};
use crate::domain::ids::OrderId;
use crate::domain::rules::Reason;
use crate::domain::status::OrderStatus;
use crate::domain::text::counted;
use crate::runtime::journal::fingerprint;
use crate::runtime::keygen::Trial;
use crate::store::{Output, OutputKey};

/// For how long what was read of an order counts as what is so.
const FRESH: Duration = Duration::from_secs(30);

/// What is asked for, and what it goes by.
pub(super) struct Job<'a> {
    pub(super) asked: Asked<'a>,
    /// A key like those that are to be made, for what is shown before.
    pub(super) trial: Option<Trial>,
    pub(super) after: After,
    pub(super) unfinished: Vec<Unfinished>,
}

impl Job<'_> {
    /// Reads and judges each, until as many can be sent as are wanted, and how many were not looked at then; nothing is made or
    /// sent yet.
    pub(super) fn prepare(
        &self,
        session: &mut Session<'_>,
        targets: &[Target],
    ) -> Result<(Vec<Prepared>, usize), CliError> {
        let mut rows: Vec<Prepared> = Vec::new();
        let most = self.asked.max.unwrap_or(usize::MAX);
        let mut ready = 0;
        let mut wrong = None;
        for (at, target) in targets.iter().enumerate() {
            let Target {
                kind, order, name, ..
            } = target;
            if ready >= most {
                session.end_progress();
                return Ok((rows, targets.len() - at));
            }
            // What is not sent again need not be read.
            let unfinished = order
                .filter(|_| self.asked.due.is_some())
                .and_then(|order| like(&self.unfinished, *kind, order, "", name));
            if let Some(why) = unfinished {
                let mut row = Row::new(*order, name.clone());
                row.standing = Standing::Skipped(why);
                rows.push((row, None));
                continue;
            }
            session.say(&format!("Reading {} of {}", at + 1, targets.len()));
            match self.judge(session, target) {
                Ok(judged) => {
                    ready += usize::from(judged.0.standing == Standing::Shown);
                    rows.push(judged);
                }
                Err(error) if self.asked.due.is_none() => return Err(error),
                Err(error) => {
                    let mut row = Row::new(*order, name.clone());
                    let is_wrong = matches!(error, CliError::Usage(_));
                    row.standing = Standing::Blocked(if is_wrong {
                        error.to_string()
                    } else {
                        format!("it could not be read: {error}")
                    });
                    rows.push((row, None));
                    // What is wrong with what was typed is wrong for all; what is not offered for one may be for others.
                    wrong = wrong.or(Some(error).filter(|_| is_wrong));
                }
            }
        }
        session.end_progress();
        let is_blocked = |(row, _): &Prepared| matches!(row.standing, Standing::Blocked(_));
        match wrong {
            Some(error) if rows.iter().all(is_blocked) => Err(error),
            _ => Ok((rows, 0)),
        }
    }

    /// Judges an order, or a product where none is named, by the rules of its form; of a new key as far as that goes.
    fn judge(&self, session: &mut Session<'_>, target: &Target) -> Result<Prepared, CliError> {
        let order = target.order;
        if let Some(order) = order {
            session.read_order(order)?;
        }
        let mut form = self.form(session, target)?;
        let mut row = Row::new(order, form.title());
        if let Some(standing) = self.in_the_way(&form, target) {
            row.standing = standing;
            return Ok((row, None));
        }
        let csr = match (&self.asked.source, &self.trial) {
            (Source::Text(text), _) => Some(text.clone()),
            (Source::NewKey(_), Some(trial)) => {
                // Where nothing says whom it is for, that is what is missing.
                let spec = form.key_spec(KeyAlgorithm::P256, String::new(), true);
                let csr = spec.map(|spec| trial.csr(&spec, &session.csr_subject()));
                match csr.transpose() {
                    Ok(csr) => csr,
                    Err(why) => {
                        row.standing = Standing::Blocked(why);
                        return Ok((row, None));
                    }
                }
            }
            _ => None,
        };
        if let Some(csr) = &csr {
            form.fill_csr(csr);
        }
        let mut wrong = self.not_taken(&form, csr.is_some());
        let mut review = match self.review(&mut form, order) {
            Ok(review) if wrong.is_empty() => review,
            reviewed => {
                wrong.extend(reviewed.err().into_iter().flatten());
                if self.asked.due.is_none() {
                    print::err("Missing or wrong:");
                    for line in &wrong {
                        print::err(&format!("  {line}"));
                    }
                }
                row.standing = Standing::Blocked(wrong.join(" "));
                return Ok((row, None));
            }
        };
        row.action = Some(review.outgoing.kind);
        if self.trial.is_some() {
            review.outgoing.body = without_csr(&review.outgoing.body);
        }
        row.files = self.after.free_files(&row.name, form.order.id);
        let ready = Ready {
            target: target.clone(),
            form,
            review,
            read: Instant::now(),
        };
        Ok((row, Some(Box::new(ready))))
    }

    /// The form, with all it offers, filled in with what was given.
    fn form(&self, session: &mut Session<'_>, target: &Target) -> Result<Form, CliError> {
        let form = session.script.does(|engine, turn| match target.order {
            Some(order) => Form::of_order(target.kind, order, Opened::default(), engine, turn),
            None => Some(Form::of_new_order(engine, turn)),
        });
        let mut form = form.ok_or(CliError::NoAnswer)?;
        // What all the others offer depends on the product, and on the division.
        let comes_first = |field| matches!(field, FieldId::Product | FieldId::Container);
        for first in [true, false] {
            offer(session, &mut form)?;
            if self.asked.given.is_whole {
                form.empty(|field| comes_first(field) == first);
            }
            let given = self.asked.given.texts.iter();
            for (field, text) in given.filter(|(field, _)| comes_first(*field) == first) {
                fill(&mut form, *field, text)?;
            }
        }
        if !target.names.is_empty() {
            session
                .script
                .does(|_, turn| form.ask_for(&target.names, None, turn));
        }
        for (name, text) in self.asked.custom {
            let field = form.custom_field(name).map_err(CliError::Usage)?;
            fill(&mut form, field, text)?;
        }
        Ok(form)
    }

    /// What would be sent; else why it cannot be, each with what mends it.
    fn review(&self, form: &mut Form, order: Option<OrderId>) -> Result<Review, Vec<String>> {
        let source = &self.asked.source;
        let review = form.review().map_err(|why| {
            let mended = |problem: &Problem| {
                let no_csr = problem.field == FieldId::Csr && matches!(source, Source::None);
                let text = problem.text.trim_end_matches('.');
                let text = if no_csr { "A CSR is required" } else { text };
                format!("{text} ({}).", option_of(problem.field))
            };
            let problems = form.problems().iter().map(mended);
            why.map_or_else(|| problems.collect(), |why| vec![why])
        })?;
        if let (Some(danger), Some(order)) = (&review.danger, order)
            && !self.asked.confirm.contains(&order)
            && !self.asked.request.consent.dry_run
        {
            return Err(vec![format!(
                "{danger} --confirm {order} sends it all the same"
            )]);
        }
        Ok(review)
    }

    /// What is under way for an order already, and keeps the same from being sent again. Any number of duplicates and of new
    /// orders can be: of a CSR that was sent the journal tells, and only of a new key nobody could.
    fn in_the_way(&self, form: &Form, target: &Target) -> Option<Standing> {
        let is_new = matches!(self.asked.source, Source::NewKey(_));
        let info = &form.order;
        match form.kind {
            FormKind::Duplicate | FormKind::NewOrder if !is_new => return None,
            FormKind::Reissue => {
                let mut requests = info.requests.iter();
                if let Some(open) = requests.find(|request| request.status.is_open()) {
                    let why = format!("request {} of the order is open", open.id);
                    return Some(Standing::Skipped(why));
                }
                if info.status == OrderStatus::ReissuePending {
                    let why = "a reissue of it is pending".to_owned();
                    return Some(Standing::Skipped(why));
                }
                // Somebody may have reissued or renewed it since the list was read.
                let is_later = target.ends.is_some() && info.certificate.valid_till > target.ends;
                let is_renewed = info.is_renewed || info.renewed_by.is_some();
                if is_later || (target.ends.is_some() && is_renewed) {
                    let why = "it is not due any more: somebody else renewed or reissued it";
                    return Some(Standing::Skipped(why.to_owned()));
                }
            }
            FormKind::Renew if info.is_renewed || info.renewed_by.is_some() => {
                let why = Reason::Renewed(info.renewed_by).to_string();
                return Some(Standing::Already(why));
            }
            _ => {}
        }
        let (product, name) = (&info.product.name_id, form.title());
        let same = like(&self.unfinished, form.kind, info.id, product, &name);
        same.map(Standing::Skipped)
    }

    /// What was given and is not asked for here.
    fn not_taken(&self, form: &Form, has_csr: bool) -> Vec<String> {
        let given = self.asked.given.texts.iter();
        let given = given.filter(|(_, text)| !matches!(text.as_str(), "" | "0" | "false"));
        let fields = given.map(|(field, _)| *field);
        let fields = fields.chain(has_csr.then_some(FieldId::Csr));
        let what = form.kind.label().to_lowercase();
        fields
            .filter(|field| !form.has(*field))
            .map(|field| format!("A {what} of it takes no {}.", field.path()))
            .collect()
    }

    /// Sends what can be, one after the other, and waits for what comes of it.
    pub(super) fn send(
        &self,
        session: &mut Session<'_>,
        rows: &mut Vec<Prepared>,
    ) -> Result<(), CliError> {
        let consent = self.asked.request.consent;
        let is_ready = |(row, _): &&Prepared| row.standing == Standing::Shown;
        let ready = rows.iter().filter(is_ready).count();
        for ready in rows.iter().filter_map(|(_, ready)| ready.as_deref()) {
            send::tell_review(&ready.review);
        }
        if consent.dry_run {
            for (row, ready) in rows.iter_mut() {
                let ready = ready.as_deref();
                row.request = ready.map(|ready| ready.review.outgoing.body.clone());
            }
            return Ok(());
        }
        let kinds = rows
            .iter()
            .filter_map(|(_, ready)| Some(ready.as_deref()?.form.kind));
        let what = words_of(&kinds.collect::<Vec<_>>());
        let is_confirmed = ready == 0 || send::confirmed(consent, &format!("{what}."))?;
        if !is_confirmed {
            print::err("Nothing was sent.");
        }
        let mut left = (!is_confirmed).then(|| "not confirmed".to_owned());
        // From here on the end is asked for between two of them.
        session.script.hear_interrupts();
        let mut sent = 0;
        for at in 0..rows.len() {
            if rows[at].0.standing != Standing::Shown {
                continue;
            }
            if left.is_none() && session.script.is_interrupted() {
                left = Some("interrupted before it was sent".to_owned());
            }
            if let Some(why) = &left {
                rows[at].0.standing = Standing::NotSent(why.clone());
                continue;
            }
            sent += 1;
            session.say(&format!("Sending {sent} of {ready}"));
            self.send_one(session, &mut rows[at]);
            if Session::stops(&rows[at].0.standing) {
                let row = &rows[at].0;
                let (name, words) = (&row.name, row.standing.words());
                left = Some(format!("{name} came first: {words}"));
            }
            hand_over(session, rows, &self.after);
        }
        session.end_progress();
        follow(session, rows, &self.asked.request.follow, &self.after);
        Ok(())
    }

    /// Makes the key of a row where it needs one, and sends it.
    fn send_one(&self, session: &mut Session<'_>, (row, ready): &mut Prepared) {
        let Some(ready) = ready.take() else {
            return;
        };
        let Ready {
            target,
            mut form,
            mut review,
            read,
        } = *ready;
        if read.elapsed() > FRESH && !form.kind.makes_order() {
            match self.read_again(session, &target, &review) {
                Ok(read) => form = read,
                Err(standing) => {
                    row.standing = standing;
                    return;
                }
            }
        }
        if let Source::NewKey(kind) = self.asked.source {
            let made = self.make_key(session, &form, kind);
            let judged = made.map_err(|why| vec![why]).and_then(|(csr, key, files)| {
                row.key = Some(key);
                row.files = Some(files);
                form.fill_csr(&csr);
                self.review(&mut form, row.order)
            });
            review = match judged {
                Ok(review) => review,
                Err(why) => {
                    row.standing = Standing::Blocked(why.join(" "));
                    return;
                }
            };
        }
        if let Err(why) = self.keep_output(session, row, &review) {
            row.standing = Standing::Blocked(why);
            return;
        }
        let name = form.sent_as(&review.outgoing);
        let op = session.send(Send::new(review.outgoing, name));
        row.standing = session.standing(&op);
        row.op = Some(op);
        let is_nothing = matches!(row.standing, Standing::Already(_) | Standing::Ended(_));
        if let Some(key) = row.output.take_if(|_| is_nothing) {
            forget(session, key);
        }
    }

    /// The form of an order that was read a while ago, as it is now; where it is another than what was shown, it is not sent.
    fn read_again(
        &self,
        session: &mut Session<'_>,
        target: &Target,
        shown: &Review,
    ) -> Result<Form, Standing> {
        let failed =
            |why: CliError| Standing::NotSent(format!("it could not be read again: {why}"));
        let (now, ready) = self.judge(session, target).map_err(failed)?;
        let ready = ready.ok_or(now.standing)?;
        if ready.review.outgoing.body != shown.outgoing.body {
            let why = "it changed since it was read; run again to see it as it is";
            return Err(Standing::NotSent(why.to_owned()));
        }
        Ok(ready.form)
    }

    /// Keeps where the files of a certificate go, whoever sees it issued.
    fn keep_output(
        &self,
        session: &Session<'_>,
        row: &mut Row,
        review: &Review,
    ) -> Result<(), String> {
        let outgoing = &review.outgoing;
        let expected = outgoing.expected.as_ref();
        let (Some(files), Some(csr_sha256), Some(expected)) =
            (&row.files, fingerprint(outgoing), expected)
        else {
            return Ok(());
        };
        let (key, spki) = (
            OutputKey {
                csr_sha256,
                path: outgoing.path.clone(),
            },
            expected.spki_der.clone(),
        );
        let output = Output {
            key: key.clone(),
            files: absolute(files),
            exec: self.asked.request.follow.exec.clone(),
            is_due: self.asked.due.is_some(),
            kept: Timestamp::now(),
        };
        let kept = session
            .script
            .ask(move |store| store.keep_output(&output, &spki));
        match kept {
            Some(Ok(is_new)) => {
                row.output = Some(key).filter(|_| is_new);
                row.exec.clone_from(&self.asked.request.follow.exec);
                Ok(())
            }
            Some(Err(error)) => Err(format!("where its files go cannot be stored: {error}")),
            None => Err("nothing can be stored".to_owned()),
        }
    }
}

/// How many of each kind are to be sent.
fn words_of(kinds: &[FormKind]) -> String {
    let of = |kind, one, many| {
        let count = kinds.iter().filter(|known| **known == kind).count();
        (count > 0).then(|| counted(count, one, many))
    };
    let all = [
        of(FormKind::Reissue, "reissue", "reissues"),
        of(FormKind::Duplicate, "duplicate", "duplicates"),
        of(FormKind::Renew, "renewal", "renewals"),
        of(FormKind::NewOrder, "new order", "new orders"),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn fill(form: &mut Form, field: FieldId, text: &str) -> Result<(), CliError> {
    let filled = form.fill(field, text);
    filled.map_err(|why| CliError::Usage(format!("{}: {why}", field.path())))
}

/// Reads what a form offers.
fn offer(session: &mut Session<'_>, form: &mut Form) -> Result<(), CliError> {
    loop {
        session.settle("Loading what is offered");
        session
            .script
            .does(|engine, turn| form.refresh(engine, turn));
        if !form.is_loading(&session.script.engine) {
            break;
        }
    }
    let engine = &session.script.engine;
    // Without what there is to order with, nothing can be said of what is missing.
    if form.kind.makes_order() {
        came(&engine.account.offer)?;
    }
    match form.failure(engine) {
        Some(failure) => Err(CliError::Failure(failure.clone())),
        None => Ok(()),
    }
}
