//! The fields of a form as data: which a form of an order of a family takes, in the order a person thinks, what each
//! is called, and when it is there.

use crate::app::field::FieldKind;
use crate::domain::draft::{FieldId, ValidityForm};
use crate::domain::order::Order;
use crate::domain::product::Family;

use super::FormKind;

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// Typed.
    Text(FieldKind),
    /// Chosen from a list.
    Choice,
    /// On or off.
    Flag,
}

/// What decides whether a field is there.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The order.
    pub order: &'a Order,
    /// The form of validity that is chosen.
    pub validity: ValidityForm,
}

/// A field of a form.
#[derive(Debug)]
pub struct FieldSpec {
    /// Which.
    pub id: FieldId,
    /// Its label.
    pub label: &'static str,
    /// How it is filled in.
    pub filling: Filling,
    /// Whether it must be.
    pub required: bool,
    /// One sentence, shown while it has the focus.
    pub help: &'static str,
    /// Whether it is there.
    pub shown: fn(Facts<'_>) -> bool,
}

const fn always(_: Facts<'_>) -> bool {
    true
}

fn on_a_plan(facts: Facts<'_>) -> bool {
    facts.order.is_plan
}

fn in_days(facts: Facts<'_>) -> bool {
    on_a_plan(facts) && facts.validity == ValidityForm::Days
}

fn until_a_day(facts: Facts<'_>) -> bool {
    on_a_plan(facts) && facts.validity == ValidityForm::Until
}

fn public_tls(facts: Facts<'_>) -> bool {
    facts.order.product.family() == Family::PublicTls
}

const CSR: FieldSpec = FieldSpec {
    id: FieldId::Csr,
    label: "CSR",
    filling: Filling::Text(FieldKind::Pem),
    required: true,
    help: "Paste the CSR, load a file, or make a key and CSR here.",
    shown: always,
};

const PLATFORM: FieldSpec = FieldSpec {
    id: FieldId::Platform,
    label: "Server platform",
    filling: Filling::Choice,
    required: false,
    help: "What the certificate is for; ←/→ or type part of its name.",
    shown: always,
};

const HASH: FieldSpec = FieldSpec {
    id: FieldId::Hash,
    label: "Signature hash",
    filling: Filling::Choice,
    required: true,
    help: "The hash the CA signs with; ←/→.",
    shown: always,
};

const ICA: FieldSpec = FieldSpec {
    id: FieldId::Ica,
    label: "Issuing CA",
    filling: Filling::Choice,
    required: false,
    help: "Ignored when the account may not choose; refused when this CA is not allowed.",
    shown: always,
};

/// The fields of a duplicate of a TLS order.
const DUPLICATE_TLS: &[FieldSpec] = &[
    CSR,
    FieldSpec {
        id: FieldId::CommonName,
        label: "Common name",
        filling: Filling::Choice,
        required: true,
        help: "The order's; on a multi-domain order any of its names (←/→).",
        shown: always,
    },
    FieldSpec {
        id: FieldId::Names,
        label: "Other names",
        filling: Filling::Text(FieldKind::Lines),
        required: false,
        help: "Those of the order; on a wildcard order subdomains may be added. One a line.",
        shown: always,
    },
    PLATFORM,
    HASH,
    ICA,
    FieldSpec {
        id: FieldId::EndDate,
        label: "End date",
        filling: Filling::Text(FieldKind::Line),
        required: false,
        help: "yyyy-MM-dd; empty: as long as possible. Too late a date is cut, not refused.",
        shown: always,
    },
];

/// The fields of a reissue of a TLS order.
const REISSUE_TLS: &[FieldSpec] = &[
    CSR,
    FieldSpec {
        id: FieldId::CommonName,
        label: "Common name",
        filling: Filling::Text(FieldKind::Line),
        required: true,
        help: "The name on the certificate's subject.",
        shown: always,
    },
    FieldSpec {
        id: FieldId::Names,
        label: "Other names",
        filling: Filling::Text(FieldKind::Lines),
        required: false,
        help: "One a line. A name taken away is no longer secured once this is issued.",
        shown: always,
    },
    HASH,
    PLATFORM,
    ICA,
    FieldSpec {
        id: FieldId::Validity,
        label: "Validity",
        filling: Filling::Choice,
        required: false,
        help: "Of this certificate, not of the plan; ←/→.",
        shown: on_a_plan,
    },
    FieldSpec {
        id: FieldId::Days,
        label: "Days",
        filling: Filling::Text(FieldKind::Line),
        required: true,
        help: "How many days this certificate shall last.",
        shown: in_days,
    },
    FieldSpec {
        id: FieldId::Until,
        label: "Last day",
        filling: Filling::Text(FieldKind::Line),
        required: true,
        help: "yyyy-MM-dd or dd MMM yyyy; sent as dd MMM yyyy.",
        shown: until_a_day,
    },
    FieldSpec {
        id: FieldId::Profile,
        label: "Profile option",
        filling: Filling::Choice,
        required: false,
        help: "What the key may be used for; without: the product's default.",
        shown: public_tls,
    },
    FieldSpec {
        id: FieldId::Dcv,
        label: "Domain check",
        filling: Filling::Choice,
        required: false,
        help: "How names are validated whose validation is not current.",
        shown: public_tls,
    },
    FieldSpec {
        id: FieldId::DcvScope,
        label: "Check scope",
        filling: Filling::Choice,
        required: false,
        help: "Which name is checked: the base domain or each name; overrides the account.",
        shown: public_tls,
    },
    FieldSpec {
        id: FieldId::Comments,
        label: "Comments",
        filling: Filling::Text(FieldKind::Lines),
        required: false,
        help: "For the approver. Lost when approval is skipped.",
        shown: always,
    },
    FieldSpec {
        id: FieldId::SkipApproval,
        label: "Skip approval",
        filling: Filling::Flag,
        required: false,
        help: "Space turns it on or off. Needs a role that may; comments are not kept then.",
        shown: always,
    },
    FieldSpec {
        id: FieldId::StoreAsDuplicate,
        label: "As duplicate",
        filling: Filling::Flag,
        required: false,
        help: "Store the result as a duplicate: the current certificate stays the order's own.",
        shown: public_tls,
    },
];

/// The fields of a form for orders of a family; none where the form is not available yet.
pub fn fields(kind: FormKind, family: Family) -> &'static [FieldSpec] {
    match (kind, family.is_tls()) {
        (FormKind::Duplicate, true) => DUPLICATE_TLS,
        (FormKind::Reissue, true) => REISSUE_TLS,
        (_, false) => &[],
    }
}
