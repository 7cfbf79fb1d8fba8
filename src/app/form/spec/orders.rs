//! The fields of new orders and of renewals.

use std::borrow::Cow;

use crate::app::field::FieldKind;
use crate::domain::draft::FieldId;
use crate::domain::draft::contact::{Contact, ContactField};
use crate::domain::draft::offer::Definition;
use crate::domain::product::Family;

use super::common::{AUTH_KEY, COMMENTS, CSR, DAYS, HASH, ICA, PLATFORM, SKIP_APPROVAL, UNTIL};
use super::{FieldSpec, Filling, Need, Runs, families};

/// The fields of an order of a family, new or renewing another, in the order a person thinks. The custom fields of the account
/// come before what most orders leave as it is.
pub(super) fn fields(family: Family, definitions: &[Definition]) -> Vec<FieldSpec> {
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
    let mut all: Vec<FieldSpec> = [PRODUCT, own(family), ORGANIZATION].concat().concat();
    let people = if family.is_tls() {
        PEOPLE
    } else {
        OTHER_PEOPLE
    };
    let rest: Vec<FieldSpec> = [TERMS_OF_CERTIFICATE, people, TERMS].concat().concat();
    let split = rest.iter().position(|spec| spec.id == FieldId::Platform);
    let split = split.map_or(0, |at| at + 1);
    // What a family says in its own place and words is not said again.
    let here: Vec<FieldId> = all.iter().map(|spec| spec.id).collect();
    let new = |spec: &FieldSpec| !here.contains(&spec.id);
    let (before, after) = rest.split_at(split);
    all.extend(before.iter().filter(|spec| new(spec)).cloned());
    all.extend(custom);
    all.extend(after.iter().filter(|spec| new(spec)).cloned());
    all
}

/// What an order of the family is for, and how its key comes to it.
fn own(family: Family) -> Runs {
    match family {
        Family::CodeSigning | Family::EvCodeSigning => families::CODE_SIGNING_ORDER,
        Family::SecureEmail => families::SECURE_EMAIL_ORDER,
        Family::Client => families::CLIENT_ORDER,
        Family::DocumentSigning => families::DOCUMENT_SIGNING_ORDER,
        Family::VerifiedMark => families::VERIFIED_MARK_ORDER,
        Family::PublicTls | Family::PrivateTls | Family::Other => &[NAMED],
    }
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

/// Who answers for the order.
const PEOPLE: Runs = &[ORGANIZATION_CONTACT, TECHNICAL, &verified("EV contact")];

/// The same of products that are not TLS, of which not only EV ones are confirmed by somebody.
const OTHER_PEOPLE: Runs = &[ORGANIZATION_CONTACT, TECHNICAL, &verified("Confirmed by")];

const ORGANIZATION_CONTACT: &[FieldSpec] = &person(
    Contact::Organization,
    "Org. contact",
    "Contact for the organization. Use ←/→ or type part of the name.",
);

const TECHNICAL: &[FieldSpec] = &person(
    Contact::Technical,
    "Tech. contact",
    "Receives the certificate. Use ←/→ or type part of the name.",
);

const fn verified(label: &'static str) -> [FieldSpec; 6] {
    person(
        Contact::Verified,
        label,
        "Confirms the order to the CA. Use ←/→ or type part of the name.",
    )
}

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

/// What is ordered.
const PRODUCT: Runs = &[&[FieldSpec::choice(
    FieldId::Product,
    "Product",
    "Product to order. Use ←/→ or type part of its name.",
)]];

/// The names of a TLS order.
const NAMED: &[FieldSpec] = &[
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
];

/// For whom, and for how long.
const ORGANIZATION: Runs = &[&[
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
]];

/// How the certificate is signed, and how long it lasts.
const TERMS_OF_CERTIFICATE: Runs = &[&[
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
]];

/// How the order is validated, paid and kept up, and how it is approved.
const TERMS: Runs = &[&[
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
]];
