//! What is to be said of a row by itself, and what would be sent for it: by the rules of the single form.

use jiff::civil::Date;

use super::{BulkList, CsrSource, Row, Standing, shared};
use crate::app::account::{Account, OrderData};
use crate::app::effect::{KeyAlgorithm, ListId, Read};
use crate::app::remote::{Remote, Ticket};
use crate::app::writes::Below;
use crate::domain::csr::{Csr, csr_key};
use crate::domain::draft::csr_notes::{self, KnownCsrs};
use crate::domain::draft::offer::Offer;
use crate::domain::draft::review::{self, Section};
use crate::domain::draft::{
    Context, Draft, FieldId, FormKind, Note, duplicate, field_rules, lists, prefill, reissue,
    validity,
};
use crate::domain::ids::OrderId;
use crate::domain::order::Order;
use crate::domain::product::Product;
use crate::domain::rules::newer::needed_approval;
use crate::domain::text::sanitise;
use crate::domain::write::Outgoing;

/// What duplicates are judged by, beside their CSRs.
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

/// What a reissue was judged by: the reads that brought what is known of its order, and what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ground {
    reads: [Ticket; 3],
    product: Ticket,
    limits: Option<Ticket>,
    today: Date,
    kept: Option<String>,
    source: CsrSource,
    key: Option<KeyAlgorithm>,
}

/// What is to be said of a row by itself, and whether it can be sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    /// Of its CSR.
    pub(super) warnings: Vec<String>,
    /// Of what would be sent.
    pub(super) advice: Vec<String>,
    pub(super) sends: Result<Box<Outgoing>, Lack>,
    /// What a reissue changes; of duplicates the list says it once.
    pub(super) changes: Option<Box<Changes>>,
}

/// Why a row cannot be sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Lack {
    /// Its key is still to be made.
    Key(KeyAlgorithm),
    /// This is wrong; `None` where the list says what.
    Wrong(Option<String>),
}

/// What a reissue changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The names that it asks for, the common name first.
    pub names: Vec<String>,
    /// The organization that goes into a new CSR, if one does.
    pub(super) organization: Option<String>,
    /// The last day of the certificate that there is.
    pub expires: Option<Date>,
    /// The last day of the one that is asked for, as far as that is known.
    pub will_expire: Option<Date>,
    /// The same in words.
    pub end: Note,
    /// Why it is dangerous.
    pub danger: Option<String>,
    /// Whether it will probably wait for approval, going by the order's requests.
    pub awaits_approval: bool,
    /// What the review of the single form says.
    pub sections: Vec<Section>,
}

impl BulkList {
    /// Judges the rows that were not sent. Whether anything can be said of them: not before their order was read.
    pub(super) fn judge(&mut self, below: &mut Below<'_>) -> bool {
        match self.id {
            ListId::Duplicates(order) => self.judge_duplicates(order, below),
            ListId::Reissues => {
                for at in 0..self.rows.len() {
                    self.judge_reissue(at, below);
                }
                true
            }
        }
    }

    fn judge_duplicates(&mut self, order: OrderId, below: &Below<'_>) -> bool {
        let account = &*below.account;
        let Some(data) = account.known.get(&order) else {
            return false;
        };
        let Some(info) = data.order.value() else {
            return false;
        };
        let product = account.offered(info);
        let (offer, today) = (Offer::default(), account.day(below.now));
        let ctx = context(info, product.as_ref(), data, &offer, today);
        let template = self.shared.template(&ctx);
        let checked = duplicate::check(&template, &ctx);
        self.blocked = checked.forbidden().map(|note| note.text.clone());
        self.shared.take_findings(&checked);
        let asked = template.all_names();
        let is_same = |basis: &Basis| basis.holds(&template, &ctx);
        if !self.basis.as_ref().is_some_and(is_same) {
            self.basis = Some(Basis::of(&template, &ctx));
            for row in &mut self.rows {
                row.judged = None;
            }
        }
        self.known = std::mem::take(&mut self.known).then(ctx.order, ctx.siblings);
        for row in &mut self.rows {
            if let (None, Some(csr), false) = (&row.judged, &row.csr, row.is_confirmed()) {
                row.judged = Some(of_duplicate(csr, &template, &asked, &ctx));
            }
        }
        true
    }

    /// What a reissue asks for is what its form says, with a CSR from where the list says.
    fn judge_reissue(&mut self, at: usize, below: &mut Below<'_>) {
        let row = &mut self.rows[at];
        if row.is_confirmed() || row.number.is_some() {
            return;
        }
        let account = &*below.account;
        let data = account.known.get(&row.order);
        let info = data.and_then(|data| data.order.value());
        let (Some(data), Some(info)) = (data, info) else {
            row.judged = None;
            return;
        };
        let product = account.products.get(&info.product.name_id);
        let limits = info.container.as_ref().and_then(|container| container.id);
        let limits = limits.and_then(|id| account.limits.get(&id));
        let kept = below.drafts.get(&FormKind::Reissue.draft_key(row.order));
        let ground = Ground {
            reads: [
                data.order.asked(),
                data.duplicates.asked(),
                data.reissues.asked(),
            ],
            product: product.map_or(Ticket::default(), Remote::asked),
            limits: limits.map(Remote::asked),
            today: account.day(below.now),
            kept: kept.map(str::to_owned),
            source: self.settings.source,
            key: self.settings.key,
        };
        if row.judged.is_none() || row.judged_by.as_ref() != Some(&ground) {
            let product = account.offered(info);
            let offer = Offer::default();
            let ctx = context(info, product.as_ref(), data, &offer, ground.today);
            let kind = self.settings.key_for(&info.certificate);
            row.of_reissue(&ground, kind, data, &ctx);
            row.judged_by = Some(ground);
        }
        // Where its CSR came from, and which certificates lose a name, only all of them tell.
        let wants_lists = row.csr.is_some() && row.key_file.is_none()
            || row
                .changes()
                .is_some_and(|changes| changes.danger.is_some());
        if wants_lists {
            for read in [Read::Duplicates(row.order), Read::Reissues(row.order)] {
                if !is_read(data_of(below.account, row.order), &read, self.read_from) {
                    let effect = below.account.read(read);
                    below.turn.push(effect);
                }
            }
        }
    }
}

fn data_of(account: &Account, order: OrderId) -> Option<&OrderData> {
    account.known.get(&order)
}

/// Whether a list of certificates came since, is on its way, or is not given.
fn is_read(data: Option<&OrderData>, read: &Read, since: Ticket) -> bool {
    let list = data.map(|data| match read {
        Read::Duplicates(_) => &data.duplicates,
        _ => &data.reissues,
    });
    list.is_some_and(|list| list.is_since(since) || list.is_loading() || list.failure().is_some())
}

fn context<'a>(
    order: &'a Order,
    product: Option<&'a Product>,
    data: &'a OrderData,
    offer: &'a Offer,
    today: Date,
) -> Context<'a> {
    Context {
        order,
        product,
        siblings: data.certificates(),
        offer,
        reference: "",
        today,
    }
}

/// Reads a CSR as if nothing else carried its key.
fn of_duplicate(csr: &Csr, template: &Draft, asked: &[String], ctx: &Context<'_>) -> Judged {
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
            .ok_or_else(|| {
                let first = checked.problems.first();
                Lack::Wrong(first.map(|problem| problem.text.clone()))
            }),
        changes: None,
    }
}

impl Row {
    /// Whether it was confirmed: what is sent of it is decided.
    pub(super) fn is_confirmed(&self) -> bool {
        matches!(self.standing, Standing::Sent(_) | Standing::Queued(_))
    }

    fn of_reissue(
        &mut self,
        ground: &Ground,
        kind: KeyAlgorithm,
        data: &OrderData,
        ctx: &Context<'_>,
    ) {
        let present = ctx.order.certificate.csr.as_ref().map(|csr| csr.0.as_str());
        let present = present.filter(|_| ground.source == CsrSource::Present);
        let known = KnownCsrs::of(ctx.order, ctx.siblings);
        let kept = ground.kept.as_deref();
        // The CSR of a key that was made stays, until another takes its place.
        let made = self.key_file.as_ref().and(self.csr.as_ref());
        let own = kept.and_then(prefill::csr).or(made.map(Csr::pem));
        let csr = own.as_deref().or(present);
        let (draft, reading) = prefill::draft(FormKind::Reissue, ctx, kept, csr, &known);
        self.name = sanitise(ctx.order.title()).into_owned();
        self.key = own.as_deref().or(present).and_then(csr_key);
        // The file holds the key of the CSR that was made with it, and of no other.
        if self.csr != reading.csr {
            self.key_file = None;
            // Where the list was kept before its key was made, the files stand beside that.
            if self.csr.is_some() {
                self.target = None;
            }
        }
        self.csr = reading.csr;
        self.is_present = own.is_none() && self.csr.is_some();
        self.says = match &self.csr {
            Some(csr) if self.is_present => format!("present CSR, {}", csr.key),
            Some(csr) if self.key_file.is_some() => format!("new key, {}", csr.key),
            Some(csr) => format!("{}, {}", csr.key, lists::words(&csr.dns_names())),
            None => String::new(),
        };
        let checked = reissue::check(&draft, ctx);
        let needs_csr = field_rules::reissue(FieldId::Csr, draft.facts(ctx));
        let lacks_csr = draft.key().is_none() && draft.csr_problem.is_none();
        let forbidden = checked.forbidden().map(|note| note.text.clone());
        let mut problems = checked
            .problems
            .iter()
            .filter(|problem| !(lacks_csr && problem.field == FieldId::Csr));
        let wrong = forbidden.or_else(|| problems.next().map(|problem| problem.text.clone()));
        let outgoing = reissue::outgoing(&draft, ctx);
        let review = outgoing
            .clone()
            .map(|outgoing| review::reissue(&draft, ctx, outgoing));
        let sends = match (wrong, outgoing) {
            (Some(why), _) => Err(Lack::Wrong(Some(why))),
            // What comes of one without a CSR is told by its form alone.
            (None, Some(_)) if self.csr.is_none() => Err(Lack::Wrong(Some(
                "no CSR: one without is sent from its own form".into(),
            ))),
            (None, Some(outgoing)) => Ok(Box::new(outgoing)),
            (None, None) if needs_csr.is_some() && lacks_csr => Err(match ground.source {
                CsrSource::NewKey => Lack::Key(kind),
                CsrSource::Given => Lack::Wrong(Some("no CSR yet".into())),
                CsrSource::Present => {
                    Lack::Wrong(Some("CertCentral does not show its present CSR".into()))
                }
            }),
            (None, None) => Err(Lack::Wrong(None)),
        };
        let end = validity::of_reissue(&draft, ctx);
        let skips = draft.is_given(FieldId::SkipApproval);
        let organization = ctx.order.organization.as_ref();
        self.judged = Some(Judged {
            warnings: draft
                .csr_warnings
                .iter()
                .map(|note| note.text.clone())
                .collect(),
            advice: checked
                .advice
                .iter()
                .map(|advice| advice.text.clone())
                .collect(),
            sends,
            changes: Some(Box::new(Changes {
                names: draft.all_names(),
                organization: organization.map(|one| one.name.clone()),
                expires: ctx.order.certificate.valid_till,
                will_expire: end
                    .as_ref()
                    .ok()
                    .and_then(|end| end.as_ref())
                    .map(|end| end.date),
                end: validity::note(end, ctx.order.product.family()),
                danger: review.as_ref().and_then(|review| review.danger.clone()),
                awaits_approval: !skips && needed_approval(data.requests()).is_some(),
                sections: review.map_or_else(Vec::new, |review| review.sections),
            })),
        });
    }
}
