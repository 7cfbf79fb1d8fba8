//! Orders are judged by the rules of their form, shown, and sent one after the other.

use std::collections::HashMap;

use super::Asked;
use super::key::{Source, without_csr};
use crate::app::effect::{KeyAlgorithm, Read};
use crate::app::writes::Send;
use crate::cli::error::CliError;
use crate::cli::print;
use crate::cli::resume::follow;
use crate::cli::send::changes::{Prepared, Row};
use crate::cli::send::files::After;
use crate::cli::send::{self, Standing};
use crate::cli::session::{Session, came};
use crate::domain::draft::csr_notes::KnownCsrs;
use crate::domain::draft::offer::Offer;
use crate::domain::draft::options::options;
use crate::domain::draft::review;
use crate::domain::draft::{
    Context, Draft, FieldId, FormKind, duplicate, field_rules, prefill, reissue,
};
use crate::domain::ids::OrderId;
use crate::domain::order::Order;
use crate::domain::status::OrderStatus;
use crate::domain::text::counted;
use crate::runtime::keygen::Trial;

/// What is asked for, and what it goes by.
pub(super) struct Job<'a> {
    pub(super) asked: Asked<'a>,
    /// A key like those that are to be made, for what is shown before.
    pub(super) trial: Option<Trial>,
    pub(super) after: After,
    pub(super) unfinished: HashMap<OrderId, String>,
}

impl Job<'_> {
    /// Reads and judges each order, until as many can be sent as are wanted; nothing is made or sent yet.
    pub(super) fn prepare(
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
        let mut review = match kind {
            FormKind::Duplicate => review::duplicate(&draft, &ctx, outgoing),
            _ => review::reissue(&draft, &ctx, outgoing),
        };
        if let Some(danger) = &review.danger
            && !self.asked.confirm.contains(&order)
            && !self.asked.request.consent.dry_run
        {
            row.standing =
                Standing::Blocked(format!("{danger} --confirm {order} sends it all the same"));
            return Ok((row, None));
        }
        if made.is_none() && self.trial.is_some() {
            review.outgoing.body = without_csr(&review.outgoing.body);
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
        let given = self.asked.request.fields.given();
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
        for (field, text) in self.asked.request.fields.given() {
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
    pub(super) fn send(
        &self,
        session: &mut Session<'_>,
        rows: &mut [Prepared],
    ) -> Result<(), CliError> {
        let consent = self.asked.request.consent;
        let is_ready = |(row, _): &&Prepared| row.standing == Standing::Shown;
        let ready = rows.iter().filter(is_ready).count();
        for review in rows.iter().filter_map(|(_, review)| review.as_ref()) {
            send::tell_review(review);
        }
        if consent.dry_run {
            for (row, review) in rows.iter_mut() {
                let review = review.as_ref();
                row.request = review.map(|review| review.outgoing.body.clone());
            }
            return Ok(());
        }
        let what = match self.asked.kind {
            FormKind::Duplicate => counted(ready, "duplicate", "duplicates"),
            _ => counted(ready, "reissue", "reissues"),
        };
        let is_confirmed = ready == 0 || send::confirmed(consent, &format!("{what}."))?;
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
        follow(session, rows, &self.asked.request.follow, &self.after);
        Ok(())
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
