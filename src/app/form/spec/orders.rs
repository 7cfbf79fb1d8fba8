//! The fields of new orders and of renewals of Secure Site products.

use crate::app::field::FieldKind;
use crate::domain::draft::FieldId;

use super::common::{COMMENTS, CSR, DAYS, HASH, ICA, PLATFORM, SKIP_APPROVAL, UNTIL};
use super::{FieldSpec, Filling};

/// The fields of an order, new or renewing another, in the order a person thinks.
pub(super) const ORDER: &[FieldSpec] = &[
    FieldSpec::choice(
        FieldId::Product,
        "Product",
        "What is ordered; ←/→ or type part of its name.",
    ),
    CSR,
    FieldSpec::line(
        FieldId::CommonName,
        "Common name",
        "The name on the certificate's subject; not taken from the CSR.",
    ),
    FieldSpec::lines(
        FieldId::Names,
        "Other names",
        "One a line; not taken from the CSR. More names can cost more.",
    ),
    FieldSpec::choice(
        FieldId::Organization,
        "Organisation",
        "The one that the certificate names; ←/→ or type part of its name.",
    ),
    FieldSpec::choice(
        FieldId::Container,
        "Container",
        "Where the order belongs; ←/→ or type part of its name.",
    ),
    FieldSpec::choice(
        FieldId::OrderLength,
        "Order length",
        "How long the order covers; its certificates are shorter. ←/→.",
    ),
    FieldSpec::line(
        FieldId::OrderDays,
        "Order days",
        "How many days the order shall cover.",
    ),
    FieldSpec::line(
        FieldId::OrderUntil,
        "Order ends",
        "yyyy-MM-dd: the last day that the order covers.",
    ),
    HASH,
    PLATFORM,
    FieldSpec {
        id: FieldId::CustomFields,
        label: "Custom fields",
        filling: Filling::Text(FieldKind::Lines),
        help: "LABEL: VALUE, one a line, as the account defines them.",
    },
    ICA,
    FieldSpec::choice(
        FieldId::Validity,
        "First cert.",
        "How long the first certificate of the order lasts; ←/→.",
    ),
    DAYS,
    UNTIL,
    FieldSpec::choice(
        FieldId::Profile,
        "Profile option",
        "What the key may be used for; without: the product's default.",
    ),
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
    FieldSpec::choice(
        FieldId::Locale,
        "Language",
        "Of the mail that asks for domain validation; ←/→.",
    ),
    FieldSpec::choice(FieldId::Payment, "Payment", "How it is paid; ←/→."),
    FieldSpec::flag(
        FieldId::AutoRenew,
        "Auto-renew",
        "The order is renewed by the account before it ends. Space turns it on or off.",
    ),
    FieldSpec::flag(
        FieldId::AutoReissue,
        "Auto-reissue",
        "On orders longer than a certificate: a reissue is asked for 30 days before.",
    ),
    FieldSpec::choice(
        FieldId::RenewedBy,
        "Renews by",
        "What names the old order in the request: its number or its thumbprint.",
    ),
    FieldSpec::lines(
        FieldId::RenewalMessage,
        "Renewal text",
        "Stands in the account's renewal notices.",
    ),
    FieldSpec::flag(
        FieldId::NoNotices,
        "No notices",
        "The account sends no renewal notices for this order.",
    ),
    FieldSpec::flag(
        FieldId::NoIssuanceMail,
        "No issue mail",
        "The account sends no mail when the certificate is issued.",
    ),
    FieldSpec::lines(
        FieldId::MoreEmails,
        "More e-mail",
        "Who else gets the account's mail about this order; one a line.",
    ),
    FieldSpec::flag(
        FieldId::Discount,
        "Discount",
        "Competitive replacement: the names have a certificate of another CA.",
    ),
    FieldSpec::line(
        FieldId::ForeignSerial,
        "Its serial",
        "Of the certificate of the other CA; empty: looked for in CT logs.",
    ),
    FieldSpec::lines(
        FieldId::Units,
        "Departments",
        "One a line. Public certificates no longer hold them.",
    ),
    FieldSpec::flag(
        FieldId::DisableCt,
        "No CT log",
        "Ignored unless the account lets orders decide it.",
    ),
    COMMENTS,
    SKIP_APPROVAL,
];
