//! Drafts: what was typed into a form, checked field by field, and the exact request made from it.
//!
//! ```text
//! Draft + Context --check--> what the rules say, each at its field
//!                 \--------> Outgoing (the exact JSON) --review--> what it changes, in words
//! ```

mod body;
mod common;
pub mod contact;
pub mod csr_notes;
mod dcv_emails;
pub mod duplicate;
pub mod emails;
mod entries;
pub mod field_rules;
pub mod given;
mod kind;
pub mod limits;
pub mod lists;
mod mark;
pub mod offer;
pub mod options;
pub mod order;
pub mod order_review;
pub mod organization;
pub mod prefill;
pub mod reissue;
pub mod review;
pub mod validity;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::csr::{Csr, KeyKind, PublicKey};
use super::order::{Certificate, Order};
use super::product::{Family, Product};

pub use super::field::FieldId;
pub use kind::{FormKind, is_as_reissue};

/// Which form of `cert_validity` a reissue sends. The API knows three that override one another; only one is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValidityForm {
    /// None: the shorter of what is left of the plan and the industry's maximum.
    #[default]
    Longest,
    /// `years: 1`.
    Year,
    /// `days`.
    Days,
    /// `custom_expiration_date`.
    Until,
}

impl ValidityForm {
    /// The choice's name in a draft.
    pub fn id(self) -> &'static str {
        match self {
            Self::Longest => "",
            Self::Year => "years",
            Self::Days => "days",
            Self::Until => "custom_expiration_date",
        }
    }

    /// The choice of a name.
    pub fn parse(id: &str) -> Self {
        [Self::Year, Self::Days, Self::Until]
            .into_iter()
            .find(|form| form.id() == id)
            .unwrap_or_default()
    }
}

/// What was typed into a form. Empty text is "not given".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The CSR, when the text is one that will do.
    pub csr: Option<Csr>,
    /// The bare public key in place of a CSR, where the product takes one.
    pub public_key: Option<PublicKey>,
    /// Why the text is none, to be told at the field.
    pub csr_problem: Option<String>,
    /// What should be thought of before this CSR is sent.
    pub csr_warnings: Vec<Note>,
    /// The other names, one each.
    pub names: Vec<String>,
    /// What was given in every field but these two: a choice by its id, `true` for what is turned on.
    pub texts: BTreeMap<FieldId, String>,
}

impl Draft {
    /// What was given in a field; empty when nothing was.
    pub fn text(&self, field: FieldId) -> &str {
        self.texts.get(&field).map_or("", |text| text.trim())
    }

    /// What was given in a field, if anything was.
    pub fn given(&self, field: FieldId) -> Option<&str> {
        Some(self.text(field)).filter(|text| !text.is_empty())
    }

    /// Whether anything was given in a field, or it is turned on.
    pub fn is_given(&self, field: FieldId) -> bool {
        self.given(field).is_some()
    }

    /// The number that was given in a field.
    pub fn number(&self, field: FieldId) -> Option<i64> {
        self.text(field).parse().ok()
    }

    /// The form of validity that is chosen.
    pub fn validity(&self) -> ValidityForm {
        ValidityForm::parse(self.text(FieldId::Validity))
    }

    /// The field that the validity is typed into.
    pub(super) fn validity_field(&self) -> FieldId {
        match self.validity() {
            ValidityForm::Days => FieldId::Days,
            ValidityForm::Until => FieldId::Until,
            ValidityForm::Longest | ValidityForm::Year => FieldId::Validity,
        }
    }

    /// The kind of the key that is given.
    pub fn key(&self) -> Option<&KeyKind> {
        let bare = self.public_key.as_ref().map(|key| &key.key);
        self.csr.as_ref().map(|csr| &csr.key).or(bare)
    }

    /// What decides which fields are taken.
    pub fn facts<'a>(&'a self, ctx: &Context<'a>) -> field_rules::Facts<'a> {
        field_rules::Facts::new(ctx.order, ctx.product, self.key(), |field| self.text(field))
    }

    /// The e-mail addresses, each once.
    pub fn emails(&self) -> Vec<String> {
        emails::parse(self.text(FieldId::Emails))
    }

    /// Common name first, then the other names, without repetition.
    pub fn all_names(&self) -> Vec<String> {
        lists::with_common(self.text(FieldId::CommonName), &self.names)
    }
}

/// What a draft is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub order: &'a Order,
    /// Its product as the account offers it, once known.
    pub product: Option<&'a Product>,
    /// Its other certificates, as far as known.
    pub siblings: &'a [Certificate],
    /// What the account has to order with, as far as known.
    pub offer: &'a offer::Offer,
    /// Our own reference for an order that is to be placed.
    pub reference: &'a str,
    /// Today, UTC.
    pub today: Date,
}

impl Context<'_> {
    /// The order's names, the common name first.
    pub fn order_names(&self) -> Vec<String> {
        let certificate = &self.order.certificate;
        // The common name of a verified mark is that of the organisation.
        let common = match self.order.product.family() {
            Family::VerifiedMark => "",
            _ => &certificate.common_name,
        };
        lists::with_common(common, &certificate.dns_names)
    }
}

/// Something to be said of a draft at a field: what keeps it from being sent, or what should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub field: FieldId,
    /// What is wrong and what to do.
    pub text: String,
}

/// Everything there is to say about a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// What is to be said of the order itself.
    pub order: Vec<Note>,
    /// What keeps it from being sent.
    pub problems: Vec<Problem>,
    /// What should be known all the same.
    pub advice: Vec<Problem>,
}

impl Checked {
    /// Whether nothing keeps it from being sent.
    pub fn allowed(&self) -> bool {
        self.problems.is_empty() && self.forbidden().is_none()
    }

    /// Why nothing of the kind can be asked of the order at all.
    pub fn forbidden(&self) -> Option<&Note> {
        self.order.iter().find(|note| note.tone == Tone::Bad)
    }
}

/// How a sentence is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    /// A fact of less weight.
    Dim,
    /// As it should be.
    Good,
    Warn,
    Bad,
}

/// A sentence and how it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence; safe to show.
    pub text: String,
}

impl Note {
    /// A sentence that is safe to show.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            text: text.into(),
        }
    }
}
