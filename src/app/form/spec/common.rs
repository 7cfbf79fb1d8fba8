//! The fields of duplicates and of TLS reissues, and those that most families share.

use crate::domain::draft::FieldId;

use super::FieldSpec;

pub(super) const CSR: FieldSpec = FieldSpec::pem(
    FieldId::Csr,
    "CSR",
    "Paste the CSR, load a file, or make a key and CSR here.",
);

pub(super) const PLATFORM: FieldSpec = FieldSpec::choice(
    FieldId::Platform,
    "Server platform",
    "What the certificate is for; ←/→ or type part of its name.",
);

pub(super) const HASH: FieldSpec = FieldSpec::choice(
    FieldId::Hash,
    "Signature hash",
    "The hash the CA signs with; ←/→.",
);

pub(super) const ICA: FieldSpec = FieldSpec::choice(
    FieldId::Ica,
    "Issuing CA",
    "Ignored when the account may not choose; refused when this CA is not allowed.",
);

pub(super) const PSS: FieldSpec = FieldSpec::flag(
    FieldId::RsassaPss,
    "RSASSA-PSS",
    "An RSASSA-PSS signature; counts only below an issuing CA with an RSA key.",
);

pub(super) const NAMES: FieldSpec = FieldSpec::lines(
    FieldId::Names,
    "Other names",
    "One a line. A name taken away is no longer secured once this is issued.",
);

pub(super) const VALIDITY: FieldSpec = FieldSpec::choice(
    FieldId::Validity,
    "Validity",
    "Of this certificate, not of the plan; ←/→.",
);

pub(super) const DAYS: FieldSpec = FieldSpec::line(
    FieldId::Days,
    "Days",
    "How many days this certificate shall last.",
);

pub(super) const UNTIL: FieldSpec = FieldSpec::line(
    FieldId::Until,
    "Last day",
    "yyyy-MM-dd or dd MMM yyyy; sent as dd MMM yyyy.",
);

pub(super) const COMMENTS: FieldSpec = FieldSpec::lines(
    FieldId::Comments,
    "Comments",
    "For the approver. Lost when approval is skipped.",
);

pub(super) const SKIP_APPROVAL: FieldSpec = FieldSpec::flag(
    FieldId::SkipApproval,
    "Skip approval",
    "Space turns it on or off. Needs a role that may; comments are not kept then.",
);

/// The fields of a duplicate.
pub(super) const DUPLICATE: &[FieldSpec] = &[
    CSR,
    FieldSpec::choice(
        FieldId::CommonName,
        "Common name",
        "The order's; on a multi-domain order any of its names (←/→).",
    ),
    FieldSpec::lines(
        FieldId::Names,
        "Other names",
        "Those of the order; on a wildcard order subdomains may be added. One a line.",
    ),
    PLATFORM,
    HASH,
    ICA,
    FieldSpec::line(
        FieldId::EndDate,
        "End date",
        "yyyy-MM-dd; empty: as the certificate it copies. Too late a date is cut.",
    ),
];

/// The fields of a reissue of a TLS order.
pub(super) const REISSUE_TLS: &[FieldSpec] = &[
    CSR,
    FieldSpec::line(
        FieldId::CommonName,
        "Common name",
        "The name on the certificate's subject.",
    ),
    NAMES,
    HASH,
    PLATFORM,
    ICA,
    VALIDITY,
    DAYS,
    UNTIL,
    FieldSpec::choice(
        FieldId::Profile,
        "Profile option",
        "What the key may be used for; without: the product's default.",
    ),
    PSS,
    FieldSpec::choice(
        FieldId::Dcv,
        "Domain check",
        "How names are validated whose validation is not current.",
    ),
    FieldSpec::choice(
        FieldId::DcvScope,
        "Check scope",
        "Which name is checked: the base domain or each name; overrides the account.",
    ),
    FieldSpec::flag(
        FieldId::UseAuthKey,
        "AuthKey",
        "New names are checked by a request token made with the account's AuthKey.",
    ),
    COMMENTS,
    SKIP_APPROVAL,
    FieldSpec::flag(
        FieldId::StoreAsDuplicate,
        "As duplicate",
        "Store the result as a duplicate: the current certificate stays the order's.",
    ),
];
