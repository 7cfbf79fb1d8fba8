//! Every parameter of an order of a Secure Site product, as data: those of the page *Order Secure Site SSL*, what newer
//! order pages add, and the structure of a new organisation (page *Create organization*). Each stands in a row with the
//! forms that send it and the value they send, or with why it is not sent. A parameter that is left out here, or sent
//! without standing here, is seen.

use std::collections::{BTreeMap, BTreeSet};

use super::orders::{new_order, old, renewal, renewal_with};
use super::*;
use crate::domain::draft::contact::{Contact, Part};

/// A parameter, and the forms that send it (`form=value`; several where one alone does not show everything).
type Row = (&'static str, &'static [&'static str]);

/// The parameters of the page *Order Secure Site SSL*, in its order, without the objects they stand in.
const PAGE: &[&str] = &[
    "certificate.common_name",
    "certificate.dns_names",
    "certificate.csr",
    "certificate.signature_hash",
    "certificate.organization_units",
    "certificate.server_platform.id",
    "certificate.profile_option",
    "renewed_thumbprint",
    "validity_years",
    "custom_expiration_date",
    "comments",
    "apply_cr_discount",
    "serial_number",
    "auto_renew",
    "custom_renewal_message",
    "disable_renewal_notifications",
    "additional_emails",
    "locale",
    "renewal_of_order_id",
    "payment_method",
    "dcv_method",
    "skip_approval",
    "disable_ct",
    "organization.id",
    "container.id",
    "custom_fields[].metadata_id",
    "custom_fields[].value",
    // Named in the text as what may replace `validity_years`.
    "validity_days",
];

/// What newer order pages add.
const NEWER: &[&str] = &[
    "order_validity.years",
    "order_validity.days",
    "order_validity.custom_expiration_date",
    "certificate.cert_validity.years",
    "certificate.cert_validity.days",
    "certificate.cert_validity.custom_expiration_date",
    "certificate.ca_cert_id",
    "certificate_dcv_scope",
    "use_auth_key",
    "disable_issuance_email",
    "auto_reissue",
    "alternative_order_id",
    "organization.contacts[].contact_type",
    "organization.contacts[].user_id",
    "organization.contacts[].first_name",
    "organization.contacts[].last_name",
    "organization.contacts[].job_title",
    "organization.contacts[].telephone",
    "organization.contacts[].email",
    "product.type_hint",
];

/// A new organisation within an order.
const ORGANIZATION: &[&str] = &[
    "organization.name",
    "organization.assumed_name",
    "organization.address",
    "organization.address2",
    "organization.zip",
    "organization.city",
    "organization.state",
    "organization.country",
    "organization.telephone",
    "organization.container.id",
    "organization.organization_contact.first_name",
    "organization.organization_contact.last_name",
    "organization.organization_contact.job_title",
    "organization.organization_contact.telephone",
    "organization.organization_contact.email",
];

const SENT: &[Row] = &[
    (
        "certificate.common_name",
        &["full=shop.example.net", "new=new.example.net"],
    ),
    (
        "certificate.dns_names",
        &[r#"full=["www.shop.example.net"]"#],
    ),
    ("certificate.csr", &["full=CSR", "new=CSR"]),
    ("certificate.signature_hash", &["full=sha384"]),
    (
        "certificate.organization_units",
        &[r#"full=["Accounting department"]"#],
    ),
    ("certificate.server_platform.id", &["full=2"]),
    (
        "certificate.profile_option",
        &["full=server_auth_only_eku", "until=Our web servers"],
    ),
    ("certificate.ca_cert_id", &["full=0F1E2D3C4B5A6978"]),
    ("certificate.cert_validity.years", &["days=1"]),
    ("certificate.cert_validity.days", &["full=90"]),
    (
        "certificate.cert_validity.custom_expiration_date",
        &["until=2026-09-01"],
    ),
    ("renewal_of_order_id", &["full=123456"]),
    (
        "renewed_thumbprint",
        &["thumbprint=0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A0A"],
    ),
    ("validity_years", &["older=1"]),
    ("validity_days", &["older-days=300"]),
    ("custom_expiration_date", &["older-until=2027-03-01"]),
    ("order_validity.years", &["full=2"]),
    ("order_validity.days", &["days=300"]),
    (
        "order_validity.custom_expiration_date",
        &["until=2027-03-01"],
    ),
    ("comments", &["full=for the approver"]),
    ("apply_cr_discount", &["full=true"]),
    ("serial_number", &["full=0A1B"]),
    ("auto_renew", &["full=1"]),
    ("auto_reissue", &["full=1"]),
    ("custom_renewal_message", &["full=call the shop"]),
    ("disable_renewal_notifications", &["full=true"]),
    ("disable_issuance_email", &["full=true"]),
    ("additional_emails", &[r#"full=["ops@example.net"]"#]),
    ("locale", &["full=en"]),
    (
        "payment_method",
        &["full=balance", "days=card", "until=profile"],
    ),
    ("dcv_method", &["full=dns-txt-token"]),
    ("certificate_dcv_scope", &["full=fqdn"]),
    ("skip_approval", &["full=true"]),
    ("disable_ct", &["full=true"]),
    ("organization.id", &["full=77", "new=78"]),
    ("container.id", &["full=1001", "founding=1002"]),
    ("custom_fields[].metadata_id", &["full=11 12"]),
    (
        "custom_fields[].value",
        &["full=Invoice #00001 ops@example.net"],
    ),
    ("alternative_order_id", &["full=certdeck-test"]),
    (
        "organization.contacts[].contact_type",
        &[
            "ev=organization_contact technical_contact verified_contact",
            "founding=technical_contact",
        ],
    ),
    (
        "organization.contacts[].user_id",
        &["ev=501", "founding=501"],
    ),
    ("organization.contacts[].first_name", &["ev=Jill Vera"]),
    (
        "organization.contacts[].last_name",
        &["ev=Valentine Example"],
    ),
    ("organization.contacts[].job_title", &["ev=Engineer"]),
    ("organization.contacts[].telephone", &["ev=8017019600"]),
    (
        "organization.contacts[].email",
        &["ev=jill@example.net vera@example.net"],
    ),
    ("organization.name", &["founding=Founded Trading GmbH"]),
    ("organization.assumed_name", &["founding=Founded"]),
    ("organization.address", &["founding=1 Main Street"]),
    ("organization.address2", &["founding=Floor 2"]),
    ("organization.zip", &["founding=10115"]),
    ("organization.city", &["founding=Berlin"]),
    ("organization.state", &["founding=Berlin"]),
    ("organization.country", &["founding=de"]),
    ("organization.telephone", &["founding=+49 30 123456"]),
    ("organization.container.id", &["founding=1002"]),
    (
        "organization.organization_contact.first_name",
        &["founding=Fritz", "founded-by-user=Ada"],
    ),
    (
        "organization.organization_contact.last_name",
        &["founding=Beispiel", "founded-by-user=Example"],
    ),
    (
        "organization.organization_contact.job_title",
        &["founding=Founder"],
    ),
    (
        "organization.organization_contact.telephone",
        &["founding=+49 30 123457"],
    ),
    (
        "organization.organization_contact.email",
        &[
            "founding=fritz@founded.example",
            "founded-by-user=ada@example.net",
        ],
    ),
];

/// Parameters that are never sent, with why.
const NOT_SENT: &[(&str, &str)] = &[
    (
        "use_auth_key",
        "it is for DV products (page Reissue certificate); Secure Site products are OV and EV",
    ),
    (
        "product.type_hint",
        "it completes a generic product identifier such as ssl; these five are named exactly",
    ),
];

fn turn_on(form: &mut Form, ids: &[FieldId]) {
    for id in ids {
        go_to(form, *id);
        press(form, KeyCode::Char(' '));
    }
}

fn fill(form: &mut Form, texts: &[(FieldId, &str)]) {
    for (id, text) in texts {
        set(form, *id, text);
    }
}

fn full() -> Form {
    let mut form = renewal();
    fill(
        &mut form,
        &[
            (FieldId::Names, "www.shop.example.net"),
            (FieldId::Custom(11), "Invoice #00001"),
            (FieldId::Custom(12), "ops@example.net"),
            (FieldId::RenewalMessage, "call the shop"),
            (FieldId::MoreEmails, "ops@example.net"),
            (FieldId::Units, "Accounting department"),
            (FieldId::Comments, "for the approver"),
        ],
    );
    for (id, name) in [
        (FieldId::OrderLength, "2 years"),
        (FieldId::Hash, "sha384"),
        (FieldId::Platform, "apache"),
        (FieldId::Ica, "example"),
        (FieldId::Validity, "a number"),
        (FieldId::Profile, "server auth"),
        (FieldId::Dcv, "dns txt"),
        (FieldId::DcvScope, "each"),
        (FieldId::Locale, "english"),
        (FieldId::Payment, "the account's"),
    ] {
        choose(&mut form, id, name);
    }
    set(&mut form, FieldId::Days, "90");
    turn_on(
        &mut form,
        &[
            FieldId::AutoRenew,
            FieldId::AutoReissue,
            FieldId::NoNotices,
            FieldId::NoIssuanceMail,
            FieldId::Discount,
            FieldId::DisableCt,
            FieldId::SkipApproval,
        ],
    );
    set(&mut form, FieldId::ForeignSerial, "0A1B");
    form
}

fn days() -> Form {
    let mut form = renewal();
    choose(&mut form, FieldId::OrderLength, "a number");
    set(&mut form, FieldId::OrderDays, "300");
    choose(&mut form, FieldId::Validity, "1 year");
    choose(&mut form, FieldId::Payment, "a credit");
    form
}

fn until() -> Form {
    let mut form = renewal();
    choose(&mut form, FieldId::OrderLength, "until");
    set(&mut form, FieldId::OrderUntil, "2027-03-01");
    choose(&mut form, FieldId::Validity, "until");
    set(&mut form, FieldId::Until, "2026-09-01");
    choose(&mut form, FieldId::Profile, "one of the account's");
    set(&mut form, FieldId::ProfileName, "Our web servers");
    choose(&mut form, FieldId::Payment, "the billing");
    form
}

fn thumbprint() -> Form {
    let mut form = renewal();
    choose(&mut form, FieldId::RenewedBy, "thumb");
    form
}

fn older(length: &str, typed: Option<(FieldId, &str)>) -> Form {
    let mut form = renewal_with(&old(), &[]);
    choose(&mut form, FieldId::OrderLength, length);
    if let Some((id, text)) = typed {
        set(&mut form, id, text);
    }
    form
}

fn new() -> Form {
    let mut form = new_order("ssl_securesite");
    choose(&mut form, FieldId::Organization, "other");
    form
}

fn ev() -> Form {
    let mut form = new_order("ssl_ev_securesite");
    choose(&mut form, FieldId::Organization, "example");
    let of = |contact, part| FieldId::Contact(contact, part);
    choose(&mut form, of(Contact::Organization, Part::Who), "ada");
    choose(&mut form, of(Contact::Technical, Part::Who), "somebody");
    choose(&mut form, of(Contact::Verified, Part::Who), "somebody");
    fill(
        &mut form,
        &[
            (of(Contact::Technical, Part::FirstName), "Jill"),
            (of(Contact::Technical, Part::LastName), "Valentine"),
            (of(Contact::Technical, Part::JobTitle), "Engineer"),
            (of(Contact::Technical, Part::Telephone), "8017019600"),
            (of(Contact::Technical, Part::Email), "jill@example.net"),
            (of(Contact::Verified, Part::FirstName), "Vera"),
            (of(Contact::Verified, Part::LastName), "Example"),
            (of(Contact::Verified, Part::Email), "vera@example.net"),
        ],
    );
    form
}

fn founding(contact: &str) -> Form {
    let mut form = new_order("ssl_securesite");
    choose(&mut form, FieldId::Organization, "a new");
    choose(&mut form, FieldId::Container, "web shop");
    fill(
        &mut form,
        &[
            (FieldId::OrgName, "Founded Trading GmbH"),
            (FieldId::OrgAssumedName, "Founded"),
            (FieldId::OrgAddress, "1 Main Street"),
            (FieldId::OrgAddress2, "Floor 2"),
            (FieldId::OrgZip, "10115"),
            (FieldId::OrgCity, "Berlin"),
            (FieldId::OrgState, "Berlin"),
            (FieldId::OrgCountry, "de"),
            (FieldId::OrgPhone, "+49 30 123456"),
        ],
    );
    let of = |part| FieldId::Contact(Contact::Organization, part);
    choose(&mut form, of(Part::Who), contact);
    if contact == "somebody" {
        fill(
            &mut form,
            &[
                (of(Part::FirstName), "Fritz"),
                (of(Part::LastName), "Beispiel"),
                (of(Part::JobTitle), "Founder"),
                (of(Part::Telephone), "+49 30 123457"),
                (of(Part::Email), "fritz@founded.example"),
            ],
        );
        let technical = FieldId::Contact(Contact::Technical, Part::Who);
        choose(&mut form, technical, "ada");
    }
    form
}

/// What a body holds, by place; of a list of objects each key with all its values. A CSR is told by its kind.
fn leaves(value: &Value, place: &str, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let place = if place.is_empty() {
                    key.clone()
                } else {
                    format!("{place}.{key}")
                };
                leaves(value, &place, into);
            }
        }
        Value::Array(list) if list.iter().all(Value::is_object) => {
            for value in list {
                leaves(value, &format!("{place}[]"), into);
            }
        }
        Value::String(text) if text.starts_with("-----BEGIN CERTIFICATE REQUEST") => {
            into.insert(place.to_owned(), "CSR".into());
        }
        other => {
            let text = other.as_str().map_or_else(|| other.to_string(), Into::into);
            into.entry(place.to_owned())
                .and_modify(|all| {
                    all.push(' ');
                    all.push_str(&text);
                })
                .or_insert(text);
        }
    }
}

#[test]
fn every_parameter_of_an_order_is_sent_by_a_form_or_stands_there_with_the_reason() {
    let sent: BTreeMap<&str, BTreeMap<String, String>> = vec![
        ("full", full()),
        ("days", days()),
        ("until", until()),
        ("thumbprint", thumbprint()),
        ("older", older("1 year", None)),
        (
            "older-days",
            older("a number", Some((FieldId::OrderDays, "300"))),
        ),
        (
            "older-until",
            older("until", Some((FieldId::OrderUntil, "2027-03-01"))),
        ),
        ("new", new()),
        ("ev", ev()),
        ("founding", founding("somebody")),
        ("founded-by-user", founding("ada")),
    ]
    .into_iter()
    .map(|(name, mut form)| {
        let mut found = BTreeMap::new();
        leaves(&body(&send(&mut form)), "", &mut found);
        (name, found)
    })
    .collect();
    for (place, cases) in SENT {
        for case in *cases {
            let (form, value) = case.split_once('=').unwrap();
            let found = sent[form].get(*place).map(String::as_str);
            assert_eq!(found, Some(value), "{place} of {form}");
        }
    }
    let listed: BTreeSet<&str> = [PAGE, NEWER, ORGANIZATION].concat().into_iter().collect();
    let rows = SENT.iter().map(|(place, _)| *place);
    let rows: BTreeSet<&str> = rows
        .chain(NOT_SENT.iter().map(|(place, _)| *place))
        .collect();
    assert_eq!(listed, rows, "each documented parameter has its row");
    for (form, body) in &sent {
        for place in body.keys() {
            assert!(
                SENT.iter().any(|(known, _)| known == place),
                "{form} sends {place}, which has no row"
            );
        }
    }
}

#[test]
fn of_the_ways_to_say_how_long_an_order_lasts_only_one_is_sent() {
    for mut form in [
        full(),
        days(),
        until(),
        older("1 year", None),
        older("a number", Some((FieldId::OrderDays, "300"))),
    ] {
        let mut found = BTreeMap::new();
        leaves(&body(&send(&mut form)), "", &mut found);
        let lengths: Vec<&String> = found
            .keys()
            .filter(|place| {
                place.starts_with("order_validity")
                    || place.starts_with("validity_")
                    || *place == "custom_expiration_date"
            })
            .collect();
        assert_eq!(lengths.len(), 1, "{lengths:?}");
    }
}
