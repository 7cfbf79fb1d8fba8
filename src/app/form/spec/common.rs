//! The fields of duplicates and of TLS reissues, and those that most families share.

use crate::domain::draft::FieldId;

use super::FieldSpec;

pub(super) const CSR: FieldSpec = FieldSpec::pem(
    FieldId::Csr,
    "CSR",
    "Paste the CSR, load a file, or generate a key and CSR here.",
);

pub(super) const PLATFORM: FieldSpec = FieldSpec::choice(
    FieldId::Platform,
    "Server platform",
    "Software the certificate is for. Use ←/→ or type part of its name.",
);

pub(super) const HASH: FieldSpec = FieldSpec::choice(
    FieldId::Hash,
    "Signature hash",
    "Hash the CA signs with. Use ←/→.",
);

pub(super) const ICA: FieldSpec = FieldSpec::choice(
    FieldId::Ica,
    "Issuing CA",
    "Ignored if the account has no choice; refused if this CA is not allowed.",
);

pub(super) const PSS: FieldSpec = FieldSpec::flag(
    FieldId::RsassaPss,
    "RSASSA-PSS",
    "An RSASSA-PSS signature; applies only below an issuing CA with an RSA key.",
);

pub(super) const NAMES: FieldSpec = FieldSpec::lines(
    FieldId::Names,
    "Other names",
    "SANs, one per line. Names you remove are not secured once this is issued.",
);

pub(super) const VALIDITY: FieldSpec = FieldSpec::choice(
    FieldId::Validity,
    "Validity",
    "Validity of this certificate, not of the order. Use ←/→.",
);

pub(super) const DAYS: FieldSpec = FieldSpec::line(
    FieldId::Days,
    "Days",
    "Validity of this certificate in days.",
);

pub(super) const UNTIL: FieldSpec = FieldSpec::line(
    FieldId::Until,
    "Expires on",
    "YYYY-MM-DD or DD MMM YYYY; sent as DD MMM YYYY.",
);

pub(super) const COMMENTS: FieldSpec = FieldSpec::lines(
    FieldId::Comments,
    "Comments",
    "For the approver. Lost if approval is skipped.",
);

pub(super) const SKIP_APPROVAL: FieldSpec = FieldSpec::flag(
    FieldId::SkipApproval,
    "Skip approval",
    "Space to toggle. Needs a role that allows it; comments are then not kept.",
);

/// The fields of a duplicate.
pub(super) const DUPLICATE: &[FieldSpec] = &[
    CSR,
    FieldSpec::choice(
        FieldId::CommonName,
        "Common name",
        "The order's; on a multi-domain order any of its names. Use ←/→.",
    ),
    FieldSpec::lines(
        FieldId::Names,
        "Other names",
        "Those of the order; wildcard orders may add subdomains. One per line.",
    ),
    PLATFORM,
    HASH,
    ICA,
    FieldSpec::line(
        FieldId::EndDate,
        "Expires on",
        "YYYY-MM-DD. Empty: same as the duplicated certificate. Too late: shortened.",
    ),
];

pub(super) const AUTH_KEY: FieldSpec = FieldSpec::flag(
    FieldId::UseAuthKey,
    "AuthKey",
    "Validates new names by a request token made with the account's AuthKey.",
);

/// The fields of a reissue of a TLS order.
pub(super) const REISSUE_TLS: &[FieldSpec] = &[
    CSR,
    FieldSpec::line(
        FieldId::CommonName,
        "Common name",
        "Common name in the certificate's subject.",
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
        "Allowed uses of the key; if none: the product's default.",
    ),
    PSS,
    FieldSpec::choice(
        FieldId::Dcv,
        "DCV method",
        "How to validate names whose validation is not current.",
    ),
    FieldSpec::choice(
        FieldId::DcvScope,
        "DCV scope",
        "Which name is validated: base domain or each name; overrides the account.",
    ),
    AUTH_KEY,
    COMMENTS,
    SKIP_APPROVAL,
    FieldSpec::flag(
        FieldId::StoreAsDuplicate,
        "As duplicate",
        "Store the result as a duplicate; the primary certificate stays primary.",
    ),
];
