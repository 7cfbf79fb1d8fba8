//! Renewals and new orders: every parameter of the page *Order Secure Site SSL*, as data, with the value the form sends;
//! and what a renewal takes over from the old order.

use std::collections::BTreeMap;

use super::*;
use crate::domain::draft::offer::{Definition, Offer, ValueKind};
use crate::domain::ids::{ContainerId, OrganizationId};
use crate::domain::order::{Container, CustomField, Organization};
use crate::domain::write::WriteKind;

/// A parameter, and what `full` sends for it (`CSR` stands for the pasted one).
const SENT: &[(&str, &str)] = &[
    ("certificate.common_name", "shop.example.net"),
    ("certificate.dns_names", r#"["www.shop.example.net"]"#),
    ("certificate.csr", "CSR"),
    ("certificate.signature_hash", "sha384"),
    (
        "certificate.organization_units",
        r#"["Accounting department"]"#,
    ),
    ("certificate.server_platform.id", "2"),
    ("certificate.profile_option", "server_auth_only_eku"),
    ("certificate.ca_cert_id", "0F1E2D3C4B5A6978"),
    ("certificate.cert_validity.days", "90"),
    ("renewal_of_order_id", "123456"),
    ("order_validity.years", "2"),
    ("comments", "for the approver"),
    ("apply_cr_discount", "true"),
    ("serial_number", "0A1B"),
    ("auto_renew", "1"),
    ("auto_reissue", "1"),
    ("custom_renewal_message", "call the shop"),
    ("disable_renewal_notifications", "true"),
    ("disable_issuance_email", "true"),
    ("additional_emails", r#"["ops@example.net"]"#),
    ("locale", "en"),
    ("payment_method", "balance"),
    ("dcv_method", "dns-txt-token"),
    ("certificate_dcv_scope", "fqdn"),
    ("skip_approval", "true"),
    ("disable_ct", "true"),
    ("organization.id", "77"),
    ("container.id", "1001"),
    (
        "custom_fields",
        r#"[{"metadata_id":11,"value":"Invoice #00001"}]"#,
    ),
    ("alternative_order_id", "certdeck-test"),
];

/// Parameters that this form sends only in another choice; each has a test of its own below.
const OTHERWISE: &[&str] = &[
    "renewed_thumbprint",
    "validity_years",
    "validity_days",
    "custom_expiration_date",
];

fn offer() -> Offer {
    let choice = |id: &str, name: &str| Choice {
        id: id.into(),
        name: name.into(),
    };
    Offer {
        products: Vec::new(),
        organizations: vec![
            choice("77", "Example Trading GmbH"),
            choice("78", "Other AG"),
        ],
        containers: vec![choice("1001", "Main"), choice("1002", "Web shop")],
        fields: vec![Definition {
            id: 11,
            label: "Invoice".into(),
            required: true,
            kind: ValueKind::Text,
        }],
    }
}

fn old() -> Order {
    let mut order = order_for(SHOP);
    order.organization = Some(Organization {
        id: Some(OrganizationId(77)),
        name: "Example Trading GmbH".into(),
        place: None,
    });
    order.container = Some(Container {
        id: Some(ContainerId(1001)),
        name: "Main".into(),
    });
    order.custom_fields = vec![CustomField {
        metadata_id: 11,
        label: "Invoice".into(),
        value: "Invoice #1".into(),
    }];
    order.certificate.thumbprint = Some("0A".repeat(20));
    order
}

fn renewal_with(order: &Order, lengths: &[u32]) -> Form {
    let mut product = product();
    product.order_validity_years = lengths.to_vec();
    product.validity_years = vec![1];
    let mut form = Form::open(FormKind::Renew, order, Some(&product), &[], TODAY, None);
    form.refer_as("certdeck-test".into());
    form.offer_arrived(&offer());
    paste(&mut form, &csr_for(SHOP));
    form
}

fn renewal() -> Form {
    renewal_with(&old(), &[1, 2, 3])
}

fn reach(form: &mut Form, id: FieldId) {
    for _ in 0..60 {
        if form.focus() == id {
            return;
        }
        act(form, Action::NextField);
    }
    panic!("{id:?} cannot be reached");
}

fn put(form: &mut Form, id: FieldId, text: &str) {
    reach(form, id);
    act(form, Action::Editor);
    form.update(FormInput::Edited(Ok(text.into())), TODAY);
}

fn pick(form: &mut Form, id: FieldId, name: &str) {
    reach(form, id);
    type_text(form, name);
}

fn flat(path: &str, value: &Value, out: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                flat(&path, value, out);
            }
        }
        Value::String(text) => {
            out.insert(path.into(), text.clone());
        }
        other => {
            out.insert(path.into(), other.to_string());
        }
    }
}

#[test]
fn every_parameter_of_the_page_is_sent_as_it_was_given() {
    let mut form = renewal();
    put(&mut form, FieldId::Names, "www.shop.example.net");
    pick(&mut form, FieldId::OrderLength, "2 years");
    pick(&mut form, FieldId::Hash, "sha384");
    pick(&mut form, FieldId::Platform, "apache");
    put(&mut form, FieldId::CustomFields, "invoice: Invoice #00001");
    pick(&mut form, FieldId::Ica, "example");
    pick(&mut form, FieldId::Validity, "a number");
    put(&mut form, FieldId::Days, "90");
    pick(&mut form, FieldId::Profile, "server auth");
    pick(&mut form, FieldId::Dcv, "dns txt");
    pick(&mut form, FieldId::DcvScope, "each");
    pick(&mut form, FieldId::Locale, "english");
    pick(&mut form, FieldId::Payment, "the account's");
    put(&mut form, FieldId::RenewalMessage, "call the shop");
    put(&mut form, FieldId::MoreEmails, "ops@example.net");
    put(&mut form, FieldId::Units, "Accounting department");
    put(&mut form, FieldId::Comments, "for the approver");
    for id in [
        FieldId::AutoRenew,
        FieldId::AutoReissue,
        FieldId::NoNotices,
        FieldId::NoIssuanceMail,
        FieldId::Discount,
        FieldId::DisableCt,
        FieldId::SkipApproval,
    ] {
        reach(&mut form, id);
        press(&mut form, KeyCode::Char(' '));
    }
    put(&mut form, FieldId::ForeignSerial, "0A1B");
    let sent = send(&mut form);
    assert_eq!(sent.kind, WriteKind::Renew);
    assert_eq!(sent.path, "/order/certificate/ssl_securesite_multi_domain");
    assert_eq!(sent.reference().as_deref(), Some("certdeck-test"));
    let mut found = BTreeMap::new();
    flat("", &body(&sent), &mut found);
    let csr = found.get_mut("certificate.csr").unwrap();
    assert!(csr.contains("BEGIN CERTIFICATE REQUEST"), "{csr}");
    *csr = "CSR".into();
    let wanted: BTreeMap<String, String> = SENT
        .iter()
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(found, wanted);
    assert!(OTHERWISE.iter().all(|path| !found.contains_key(*path)));
}

#[test]
fn a_renewal_takes_over_what_the_old_order_has() {
    let mut form = renewal();
    let body = body(&send(&mut form));
    assert_eq!(body["renewal_of_order_id"], 123_456);
    assert_eq!(body["organization"]["id"], 77);
    assert_eq!(body["container"]["id"], 1001);
    assert_eq!(body["order_validity"]["years"], 1);
    assert_eq!(body["custom_fields"][0]["value"], "Invoice #1");
    assert_eq!(body["certificate"]["common_name"], "shop.example.net");
    assert_eq!(
        body["certificate"]["dns_names"],
        serde_json::json!(["www.shop.example.net", "api.example.net"])
    );
}

#[test]
fn the_thumbprint_can_name_the_old_order_instead() {
    let mut form = renewal();
    pick(&mut form, FieldId::RenewedBy, "thumb");
    let body = body(&send(&mut form));
    assert_eq!(body["renewed_thumbprint"], "0A".repeat(20));
    assert!(body.get("renewal_of_order_id").is_none());
}

#[rstest::rstest]
#[case("1 year", None, "validity_years", "1")]
#[case("a number", Some((FieldId::OrderDays, "300")), "validity_days", "300")]
#[case("until", Some((FieldId::OrderUntil, "2027-03-01")), "custom_expiration_date", "2027-03-01")]
fn older_accounts_get_the_older_fields_of_the_length(
    #[case] name: &str,
    #[case] typed: Option<(FieldId, &str)>,
    #[case] key: &str,
    #[case] value: &str,
) {
    let mut form = renewal_with(&old(), &[]);
    pick(&mut form, FieldId::OrderLength, name);
    if let Some((id, text)) = typed {
        put(&mut form, id, text);
    }
    let mut found = BTreeMap::new();
    flat("", &body(&send(&mut form)), &mut found);
    assert_eq!(found.get(key).map(String::as_str), Some(value));
    assert!(found.keys().all(|path| !path.starts_with("order_validity")));
}

#[rstest::rstest]
#[case(FieldId::CustomFields, "", "Invoice is required")]
#[case(FieldId::CustomFields, "Colour: red", "not one of its fields")]
#[case(FieldId::MoreEmails, "ops", "not an e-mail address")]
#[case(FieldId::Names, "*.example.net", "does not take")]
fn what_cannot_be_sent_is_told_at_its_field(
    #[case] id: FieldId,
    #[case] text: &str,
    #[case] told: &str,
) {
    let mut form = renewal();
    put(&mut form, id, text);
    let problems = problems(&mut form, id);
    assert!(
        problems.iter().any(|problem| problem.contains(told)),
        "{problems:?}"
    );
}

#[test]
fn an_order_that_was_renewed_is_not_renewed_again() {
    let mut order = old();
    order.is_renewed = true;
    let mut form = renewal_with(&order, &[1]);
    let told = act(&mut form, Action::Review);
    assert!(
        matches!(&told[..], [FormStep::Tell(why)] if why.contains("was renewed")),
        "{told:?}"
    );
}
