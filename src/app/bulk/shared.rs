//! What all duplicates of a list share: server platform, hash, issuing CA and end date. The CSRs bring the rest.

use std::collections::BTreeMap;

use crate::domain::draft::{
    Checked, Context, Draft, FieldId, FormKind, Note, Problem, Tone, lists, options, validity,
};
use crate::domain::product::Choice;

/// The fields that all rows share.
const FIELDS: [FieldId; 4] = [
    FieldId::Platform,
    FieldId::Hash,
    FieldId::Ica,
    FieldId::EndDate,
];

/// One of what the account offers.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// What there is to choose from.
    pub offered: Vec<Choice>,
    /// What it is while nobody chose.
    pub first: String,
    /// What somebody chose; what nobody did follows what the account offers.
    pub picked: Option<String>,
}

impl Chosen {
    /// What holds.
    pub fn id(&self) -> &str {
        self.picked.as_ref().unwrap_or(&self.first)
    }

    fn offer(&mut self, field: FieldId, ctx: &Context<'_>) {
        let (offered, first) = options::options(field, FormKind::Duplicate, ctx);
        let is_there = offered.iter().any(|option| option.id == first);
        let instead = offered.first().filter(|_| !is_there);
        self.first = instead.map_or(first, |option| option.id.clone());
        self.offered = offered;
    }
}

/// What all rows share.
#[derive(Debug, Default)]
pub struct Shared {
    /// The last day, `yyyy-MM-dd`; empty for the end of the certificate that is copied.
    pub end: String,
    /// What will come of the last day.
    pub end_note: Option<Note>,
    platform: Chosen,
    hash: Chosen,
    ica: Chosen,
    problems: Vec<Problem>,
    advice: Vec<Problem>,
}

impl Shared {
    /// What is chosen in a field; `None` for those that are typed.
    pub fn chosen(&self, field: FieldId) -> Option<&Chosen> {
        match field {
            FieldId::Platform => Some(&self.platform),
            FieldId::Hash => Some(&self.hash),
            FieldId::Ica => Some(&self.ica),
            _ => None,
        }
    }

    /// What is wrong with what stands in a field.
    pub fn problem(&self, field: FieldId) -> Option<&str> {
        at(&self.problems, field)
    }

    /// What should be known of it all the same.
    pub fn advice(&self, field: FieldId) -> Option<&str> {
        at(&self.advice, field)
    }

    /// Somebody chose this, here or in an earlier session.
    pub(super) fn choose(&mut self, field: FieldId, id: &str) {
        let chosen = match field {
            FieldId::Platform => &mut self.platform,
            FieldId::Hash => &mut self.hash,
            FieldId::Ica => &mut self.ica,
            _ => return,
        };
        chosen.picked = Some(id.to_owned());
    }

    /// Offers what is known by now, and gives the draft that every CSR of the list is put into.
    pub(super) fn template(&mut self, ctx: &Context<'_>) -> Draft {
        self.platform.offer(FieldId::Platform, ctx);
        self.hash.offer(FieldId::Hash, ctx);
        self.ica.offer(FieldId::Ica, ctx);
        let common = ctx.order.certificate.common_name.clone();
        let chosen = |field: &Chosen| field.id().to_owned();
        let draft = Draft {
            names: lists::without(&ctx.order_names(), std::slice::from_ref(&common)),
            texts: BTreeMap::from([
                (FieldId::CommonName, common),
                (FieldId::Platform, chosen(&self.platform)),
                (FieldId::Hash, chosen(&self.hash)),
                (FieldId::Ica, chosen(&self.ica)),
                (FieldId::EndDate, self.end.clone()),
            ]),
            ..Draft::default()
        };
        self.end_note = Some(validity::note(
            validity::of_duplicate(&draft, ctx),
            ctx.order.product.family(),
        ));
        draft
    }

    /// Keeps what was said of the draft without a CSR, field by field.
    pub(super) fn take_findings(&mut self, checked: &Checked) {
        let ours = |found: &&Problem| has(found.field);
        self.problems = checked.problems.iter().filter(ours).cloned().collect();
        self.advice = checked.advice.iter().filter(ours).cloned().collect();
    }

    /// Whether the last day is cut, so that it ends before what was asked for.
    pub fn is_cut(&self) -> bool {
        self.end_note
            .as_ref()
            .is_some_and(|note| matches!(note.tone, Tone::Warn | Tone::Bad))
    }
}

/// Whether all rows share a field.
pub(super) fn has(field: FieldId) -> bool {
    FIELDS.contains(&field)
}

fn at(list: &[Problem], field: FieldId) -> Option<&str> {
    let found = list.iter().find(|problem| problem.field == field)?;
    Some(&found.text)
}
