//! What is wrong with each row, and what will be sent: everything is known before the first leaves.

use std::collections::HashMap;

use jiff::civil::Date;

use super::used::Used;
use super::{BulkList, BulkLists, PriorCsr, Standing, draft, shared};
use crate::app::account::OrderData;
use crate::app::effect::Read;
use crate::app::remote::Remote;
use crate::app::writes::{Below, Watch, Writes};
use crate::domain::csr::Csr;
use crate::domain::draft::csr_notes::{self, KnownCsrs};
use crate::domain::draft::offer::Offer;
use crate::domain::draft::{Context, Draft, duplicate};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::order::Order;
use crate::domain::product::Product;
use crate::domain::write::Outgoing;

impl BulkLists {
    /// The journal told what was sent for the order before.
    pub(in crate::app) fn on_prior_csrs(
        &mut self,
        order: OrderId,
        result: Result<Vec<PriorCsr>, Failure>,
        writes: &Writes,
        below: &Below<'_>,
    ) {
        if let Some(list) = self.all.get_mut(&order) {
            list.prior = Some(result);
        }
        self.recheck(order, writes, below);
    }

    /// Checks everything of an order that was not sent yet against what is known now.
    pub(in crate::app) fn recheck(&mut self, order: OrderId, writes: &Writes, below: &Below<'_>) {
        if let Some(list) = self.all.get_mut(&order) {
            list.recheck(writes, below);
        }
    }

    /// The same for all that an answer of the account concerns.
    pub(in crate::app) fn on_reply(
        &mut self,
        read: &Read,
        orders: &[OrderId],
        writes: &Writes,
        below: &Below<'_>,
    ) {
        let account = &*below.account;
        for list in self.all.values_mut() {
            let concerns = match read {
                Read::Order(id) | Read::Duplicates(id) | Read::Reissues(id) => *id == list.order,
                Read::Request(_) => orders.contains(&list.order),
                Read::Product(name) => account
                    .order(list.order)
                    .is_some_and(|order| order.product.name_id == *name),
                Read::Limits(_) => true,
                _ => false,
            };
            if concerns {
                list.recheck(writes, below);
            }
        }
    }
}

/// What a row is judged by, beside its CSR.
#[derive(Debug)]
pub(super) struct Basis {
    template: Draft,
    order: Order,
    product: Option<Product>,
    today: Date,
}

impl Basis {
    fn of(template: &Draft, ctx: &Context<'_>) -> Self {
        Self {
            template: template.clone(),
            order: without_history(ctx.order),
            product: ctx.product.cloned(),
            today: ctx.today,
        }
    }

    fn holds(&self, template: &Draft, ctx: &Context<'_>) -> bool {
        self.today == ctx.today
            && self.template == *template
            && self.product.as_ref() == ctx.product
            && self.order == without_history(ctx.order)
    }
}

/// An order without what grows with everything that is sent for it, and decides nothing.
fn without_history(order: &Order) -> Order {
    let mut order = order.clone();
    order.requests.clear();
    order.notes.clear();
    order
}

/// What is to be said of a row by itself, and whether it can be sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    /// Of its CSR.
    warnings: Vec<String>,
    /// Of what would be sent.
    advice: Vec<String>,
    sends: Result<Box<Outgoing>, Option<String>>,
}

/// Reads a CSR as if nothing else carried its key.
fn judge(csr: &Csr, template: &Draft, asked: &[String], ctx: &Context<'_>) -> Judged {
    let alone = KnownCsrs::default();
    let reading = csr_notes::reading(&csr.pem(), ctx.order, asked, &alone, true);
    let warnings = reading.warnings().map(|note| note.text.clone()).collect();
    let draft = Draft {
        csr: reading.csr,
        csr_problem: reading.problem,
        ..template.clone()
    };
    let checked = duplicate::check(&draft, ctx);
    // What is said of a shared field is said there, once.
    let own = checked
        .advice
        .iter()
        .filter(|advice| !shared::has(advice.field));
    Judged {
        warnings,
        advice: own.map(|advice| advice.text.clone()).collect(),
        sends: duplicate::outgoing(&draft, ctx)
            .map(Box::new)
            .ok_or_else(|| checked.problems.first().map(|problem| problem.text.clone())),
    }
}

impl BulkList {
    fn recheck(&mut self, writes: &Writes, below: &Below<'_>) {
        let account = &*below.account;
        if let Some(data) = account.known.get(&self.order)
            && let Some(info) = data.order.value()
        {
            let product = account.offered(info);
            let ctx = Context {
                order: info,
                product: product.as_ref(),
                siblings: data.certificates(),
                offer: &Offer::default(),
                reference: "",
                today: account.day(below.now),
            };
            self.check(&ctx, data, &writes.all);
        }
    }

    /// Checks the rows. What is said of one by itself stays while it is judged by the same; where its CSR is besides is
    /// looked up anew.
    fn check(&mut self, ctx: &Context<'_>, data: &OrderData, watches: &[Watch]) {
        let template = self.shared.template(ctx);
        let checked = duplicate::check(&template, ctx);
        self.blocked = checked.forbidden().map(|note| note.text.clone());
        self.shared.take_findings(&checked);
        let asked = template.all_names();
        let is_same = |basis: &Basis| basis.holds(&template, ctx);
        if !self.basis.as_ref().is_some_and(is_same) {
            self.basis = Some(Basis::of(&template, ctx));
            for row in &mut self.rows {
                row.judged = None;
            }
        }
        self.known = std::mem::take(&mut self.known).then(ctx.order, ctx.siblings);
        let used = Used::of(self.order, self.prior.as_ref(), data, watches);
        let mut seen: HashMap<[u8; 32], usize> = HashMap::new();
        let mut keys: HashMap<Vec<u8>, usize> = HashMap::new();
        for at in 0..self.rows.len() {
            let Some(csr) = &self.rows[at].csr else {
                continue;
            };
            let (sha256, spki) = (csr.sha256, csr.spki_der.clone());
            let twice = seen.get(&sha256).map(|first| self.label(*first));
            let same_key = keys.get(&spki).map(|first| self.label(*first));
            let row = &mut self.rows[at];
            if let Some(prior) = &used.prior {
                row.earlier = draft::sent(row, prior).or(row.earlier.take());
            }
            if row.is_open_question() {
                // Until the journal is read, nobody knows whether it was sent.
                row.standing = match (&row.earlier, &row.number) {
                    (Some(_), Some(op)) => Standing::Sent(op.clone()),
                    _ => Standing::Unchecked,
                };
                if used.prior.is_some() && row.earlier.is_none() {
                    row.number = None;
                }
            }
            if matches!(row.standing, Standing::Sent(_)) {
                keys.insert(spki, at);
                seen.insert(sha256, at);
                continue;
            }
            if row.number.is_some() && !matches!(row.standing, Standing::Queued(_)) {
                continue;
            }
            if let Some(first) = twice {
                row.standing = Standing::Wrong(format!("the same CSR as {first}"));
                continue;
            }
            keys.insert(spki, at);
            seen.insert(sha256, at);
            if let Some(why) = used.find(row) {
                row.standing = Standing::Known(why);
                continue;
            }
            // What was confirmed is sent as it was shown, or not at all.
            if matches!(row.standing, Standing::Queued(_)) {
                continue;
            }
            let Some(csr) = &row.csr else {
                continue;
            };
            let judged = row
                .judged
                .get_or_insert_with(|| judge(csr, &template, &asked, ctx));
            row.advice.clone_from(&judged.warnings);
            let key = csr_notes::key_note(csr, &self.known, true);
            row.advice.extend(key.map(|note| note.text));
            row.advice.extend_from_slice(&judged.advice);
            if let Some(lost) = used.lost.get(csr.der.as_slice()) {
                row.advice.push(format!("Sent before: {}.", lost.words()));
            }
            if let Some(first) = same_key {
                let words = format!("The same key as {first}: two servers would share it.");
                row.advice.push(words);
            }
            row.standing = match &judged.sends {
                _ if row.dropped => Standing::LeftOut,
                Ok(outgoing) => Standing::Ready(outgoing.clone()),
                Err(problem) => Standing::Wrong(
                    problem
                        .clone()
                        .or_else(|| self.blocked.clone())
                        .unwrap_or_else(|| "it cannot be sent".into()),
                ),
            };
        }
    }

    /// What a row is called where another is compared with it.
    fn label(&self, at: usize) -> String {
        format!("row {} ({})", at + 1, self.rows[at].name)
    }

    /// Why the review cannot begin yet.
    pub(in crate::app) fn not_yet(&self, data: Option<&OrderData>) -> Option<String> {
        if let Some(why) = &self.blocked {
            return Some(why.clone());
        }
        if self.reading > 0 {
            return Some("The files are still loading.".into());
        }
        let unread = |failure: Option<&Failure>, what: &str| match failure {
            Some(failure) => format!("{what} not loaded: {failure}"),
            None => format!("{what} not loaded yet; try again in a moment."),
        };
        let Some(data) = data.filter(|data| data.order.value().is_some()) else {
            let failure = data.and_then(|data| data.order.failure());
            return Some(unread(failure, "The order is"));
        };
        // What was read before, or could not be read anew, says nothing of what is there now.
        if !data.order.is_since(self.opened.since) {
            return Some(unread(data.order.failure(), "The order is"));
        }
        for (remote, what) in [
            (&data.duplicates, "The order's duplicates are"),
            (&data.reissues, "The order's reissues are"),
        ] {
            if !remote.is_since(self.opened.since) {
                return Some(unread(remote.failure(), what));
            }
        }
        let failed = data.requests.values().find_map(Remote::failure);
        if failed.is_some() || data.requests.values().any(Remote::is_loading) {
            return Some(unread(failed, "The order's requests are"));
        }
        match &self.prior {
            None => return Some(unread(None, "The journal is")),
            Some(Err(failure)) => return Some(unread(Some(failure), "The journal is")),
            Some(Ok(_)) => {}
        }
        if self.ready().next().is_none() {
            return Some(if self.rows.is_empty() {
                "There is no CSR yet: enter files or a folder, or paste some.".into()
            } else {
                "No row is ready to be sent; each row shows why.".into()
            });
        }
        None
    }
}
