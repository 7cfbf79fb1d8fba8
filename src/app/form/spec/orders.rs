//! The fields of new orders and of renewals of TLS products.

use std::borrow::Cow;

use crate::app::field::FieldKind;
use crate::domain::draft::FieldId;
use crate::domain::draft::contact::{Contact, ContactField};
use crate::domain::draft::offer::Definition;

use super::common::{AUTH_KEY, COMMENTS, CSR, DAYS, HASH, ICA, PLATFORM, SKIP_APPROVAL, UNTIL};
use super::{FieldSpec, Filling, Need, Runs};

/// The fields of an order, new or renewing another, in the order a person thinks. The custom fields of the account come
/// before what most orders leave as it is.
pub(super) fn fields(definitions: &[Definition]) -> Vec<FieldSpec> {
    let custom = definitions.iter().map(|definition| FieldSpec {
        id: FieldId::Custom(definition.id),
        label: Cow::Owned(definition.label.clone()),
        filling: Filling::Text(FieldKind::Line),
        help: Cow::Owned(help(definition)),
        decided: Some(if definition.required {
            Need::Required
        } else {
            Need::Optional
        }),
    });
    let mut all: Vec<FieldSpec> = ORDER.concat();
    let after = all.iter().position(|spec| spec.id == FieldId::Platform);
    let after = after.map_or(all.len(), |at| at + 1);
    all.splice(after..after, custom);
    all
}

fn help(definition: &Definition) -> String {
    let wanted = definition.kind.label();
    let need = if definition.required {
        "; the account requires it"
    } else {
        ""
    };
    format!("{}: {wanted}{need}.", definition.label)
}

const ORDER: Runs = &[
    ASKED,
    &person(
        Contact::Organization,
        "Org. contact",
        "Contact for the organization. Use ←/→ or type part of the name.",
    ),
    &person(
        Contact::Technical,
        "Tech. contact",
        "Receives the certificate. Use ←/→ or type part of the name.",
    ),
    &person(
        Contact::Verified,
        "EV contact",
        "Confirms the order to the CA. Use ←/→ or type part of the name.",
    ),
    TERMS,
];

/// Who stands in a contact: what it is called, and what is typed of somebody who is no user of the account.
const fn person(contact: Contact, label: &'static str, help: &'static str) -> [FieldSpec; 6] {
    const UP_TO: &str = "Of this contact, up to 128 characters.";
    [
        FieldSpec::choice(FieldId::Contact(contact, ContactField::Who), label, help),
        FieldSpec::line(
            FieldId::Contact(contact, ContactField::FirstName),
            "First name",
            UP_TO,
        ),
        FieldSpec::line(
            FieldId::Contact(contact, ContactField::LastName),
            "Last name",
            UP_TO,
        ),
        FieldSpec::line(
            FieldId::Contact(contact, ContactField::JobTitle),
            "Job title",
            UP_TO,
        ),
        FieldSpec::line(
            FieldId::Contact(contact, ContactField::Telephone),
            "Phone",
            UP_TO,
        ),
        FieldSpec::line(
            FieldId::Contact(contact, ContactField::Email),
            "Email",
            "Of this contact.",
        ),
    ]
}

/// What is ordered, for whom, and for how long.
const ASKED: &[FieldSpec] = &[
    FieldSpec::choice(
        FieldId::Product,
        "Product",
        "Product to order. Use ←/→ or type part of its name.",
    ),
    CSR,
    FieldSpec::line(
        FieldId::CommonName,
        "Common name",
        "Common name in the certificate's subject. Ctrl-N uses the CSR's names.",
    ),
    FieldSpec::lines(
        FieldId::Names,
        "Other names",
        "SANs, one per line. Ctrl-N uses the CSR's names. More names can cost more.",
    ),
    FieldSpec::choice(
        FieldId::Organization,
        "Organization",
        "Organization named in the certificate. Use ←/→ or type part of its name.",
    ),
    FieldSpec::line(
        FieldId::OrgName,
        "Name",
        "Legal name of the new organization, up to 64 characters.",
    ),
    FieldSpec::line(
        FieldId::OrgAssumedName,
        "Assumed name",
        "Name it trades under; with the legal name up to 61 characters.",
    ),
    FieldSpec::line(FieldId::OrgAddress, "Address", "Street and number."),
    FieldSpec::line(
        FieldId::OrgAddress2,
        "Address line 2",
        "Additional address information.",
    ),
    FieldSpec::line(FieldId::OrgZip, "Postal code", "Postal code."),
    FieldSpec::line(FieldId::OrgCity, "City", "City."),
    FieldSpec::line(FieldId::OrgState, "State", "State or province."),
    FieldSpec::line(
        FieldId::OrgCountry,
        "Country",
        "Two letters, such as de or us.",
    ),
    FieldSpec::line(
        FieldId::OrgPhone,
        "Phone",
        "Phone number of the organization, used for verification calls.",
    ),
    FieldSpec::choice(
        FieldId::Container,
        "Division",
        "Division the order belongs to. Use ←/→ or type part of its name.",
    ),
    FieldSpec::choice(
        FieldId::OrderLength,
        "Coverage",
        "How long the order is covered; its certificates are shorter. Use ←/→.",
    ),
    FieldSpec::line(
        FieldId::OrderDays,
        "Coverage days",
        "Coverage of the order in days.",
    ),
    FieldSpec::line(
        FieldId::OrderUntil,
        "Covered until",
        "YYYY-MM-DD: the last day of the order's coverage.",
    ),
    HASH,
    PLATFORM,
    ICA,
    FieldSpec::choice(
        FieldId::Validity,
        "Cert. validity",
        "Validity of the order's first certificate. Use ←/→.",
    ),
    DAYS,
    UNTIL,
    FieldSpec::choice(
        FieldId::Profile,
        "Profile option",
        "Allowed uses of the key; if none: the product's default.",
    ),
    FieldSpec::line(
        FieldId::ProfileName,
        "Profile name",
        "Name of one of the account's custom certificate profiles.",
    ),
];

/// How the order is validated, paid and kept up, and how it is approved.
const TERMS: &[FieldSpec] = &[
    FieldSpec::choice(
        FieldId::Dcv,
        "DCV method",
        "How to validate names whose validation is not current; of DV, all names.",
    ),
    FieldSpec::choice(
        FieldId::DcvScope,
        "DCV scope",
        "Which name is validated: base domain or each name; overrides the account.",
    ),
    FieldSpec::lines(
        FieldId::DcvEmails,
        "DCV email to",
        "One address a line, at each name or a domain above. Empty: the usual ones.",
    ),
    AUTH_KEY,
    FieldSpec::choice(
        FieldId::Locale,
        "Language",
        "Language of the DCV email. Use ←/→.",
    ),
    FieldSpec::choice(FieldId::Payment, "Payment", "Payment method. Use ←/→."),
    FieldSpec::flag(
        FieldId::AutoRenew,
        "Auto-renew",
        "CertCentral renews the order before it expires. Space to toggle.",
    ),
    FieldSpec::flag(
        FieldId::AutoReissue,
        "Auto-reissue",
        "On multi-year orders: CertCentral requests a reissue 30 days before.",
    ),
    FieldSpec::choice(
        FieldId::RenewedBy,
        "Old order by",
        "How the request identifies the old order: order number or thumbprint.",
    ),
    FieldSpec::lines(
        FieldId::RenewalMessage,
        "Renewal message",
        "Included in CertCentral's renewal emails.",
    ),
    FieldSpec::flag(
        FieldId::NoNotices,
        "No renewal email",
        "CertCentral sends no renewal emails for this order.",
    ),
    FieldSpec::flag(
        FieldId::NoIssuanceMail,
        "No issue email",
        "CertCentral sends no email when the certificate is issued.",
    ),
    FieldSpec::lines(
        FieldId::MoreEmails,
        "More emails",
        "Others who get CertCentral's emails about this order; one per line.",
    ),
    FieldSpec::flag(
        FieldId::Discount,
        "Discount",
        "Competitive replacement: the names have a certificate of another CA.",
    ),
    FieldSpec::line(
        FieldId::ForeignSerial,
        "Replaced serial",
        "Serial number of the other CA's certificate. Empty: looked up in CT logs.",
    ),
    FieldSpec::lines(
        FieldId::Units,
        "Org. units",
        "One per line. Public certificates no longer contain them.",
    ),
    FieldSpec::flag(
        FieldId::DisableCt,
        "Skip CT logging",
        "Ignored unless the account lets orders decide.",
    ),
    COMMENTS,
    SKIP_APPROVAL,
];
