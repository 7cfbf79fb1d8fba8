//! The fields of new orders and of renewals of Secure Site products.

use std::borrow::Cow;

use crate::app::field::FieldKind;
use crate::domain::draft::FieldId;
use crate::domain::draft::contact::{Contact, Part};
use crate::domain::draft::offer::Definition;

use super::common::{COMMENTS, CSR, DAYS, HASH, ICA, PLATFORM, SKIP_APPROVAL, UNTIL};
use super::{FieldSpec, Filling, Need};

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
    let mut all: Vec<FieldSpec> = ORDER.to_vec();
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

const ORDER: &[FieldSpec] = &[
    FieldSpec::choice(
        FieldId::Product,
        "Product",
        "What is ordered; ←/→ or type part of its name.",
    ),
    CSR,
    FieldSpec::line(
        FieldId::CommonName,
        "Common name",
        "The name on the certificate's subject; Ctrl-N takes the CSR's names.",
    ),
    FieldSpec::lines(
        FieldId::Names,
        "Other names",
        "One a line; Ctrl-N takes the CSR's names. More names can cost more.",
    ),
    FieldSpec::choice(
        FieldId::Organization,
        "Organisation",
        "The one that the certificate names; ←/→ or type part of its name.",
    ),
    FieldSpec::line(
        FieldId::OrgName,
        "Name",
        "The legal name of the new organisation, up to 64 characters.",
    ),
    FieldSpec::line(
        FieldId::OrgAssumedName,
        "Assumed name",
        "What it trades as; with the name up to 61 characters.",
    ),
    FieldSpec::line(FieldId::OrgAddress, "Address", "Street and number."),
    FieldSpec::line(
        FieldId::OrgAddress2,
        "Address, more",
        "What else the address needs.",
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
        "Telephone",
        "Of the organisation; it is called there.",
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
    FieldSpec::line(
        FieldId::ProfileName,
        "Profile name",
        "The name of a custom profile of the account.",
    ),
    FieldSpec::choice(
        FieldId::Contact(Contact::Organization, Part::Who),
        "Org. contact",
        "Who answers for the organisation; ←/→ or type part of the name.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Organization, Part::FirstName),
        "First name",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Organization, Part::LastName),
        "Last name",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Organization, Part::JobTitle),
        "Job title",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Organization, Part::Telephone),
        "Telephone",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Organization, Part::Email),
        "E-mail",
        "Of this contact.",
    ),
    FieldSpec::choice(
        FieldId::Contact(Contact::Technical, Part::Who),
        "Tech. contact",
        "Who gets the certificate; ←/→ or type part of the name.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Technical, Part::FirstName),
        "First name",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Technical, Part::LastName),
        "Last name",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Technical, Part::JobTitle),
        "Job title",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Technical, Part::Telephone),
        "Telephone",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Technical, Part::Email),
        "E-mail",
        "Of this contact.",
    ),
    FieldSpec::choice(
        FieldId::Contact(Contact::Verified, Part::Who),
        "EV contact",
        "Who confirms the order to the CA; ←/→ or type part of the name.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Verified, Part::FirstName),
        "First name",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Verified, Part::LastName),
        "Last name",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Verified, Part::JobTitle),
        "Job title",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Verified, Part::Telephone),
        "Telephone",
        "Of this contact, up to 128 characters.",
    ),
    FieldSpec::line(
        FieldId::Contact(Contact::Verified, Part::Email),
        "E-mail",
        "Of this contact.",
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
