//! Renewals of products that are not TLS: what each family asks for and sends (API notes, *Order or renew any other product*, 2.4 to 2.7), and why some
//! have none.

use std::collections::BTreeSet;

use super::orders::{offer, old, turn_on};
use super::table::leaves;
use super::*;
use crate::domain::draft::contact::{Contact, ContactField};

const VERIFIER: FieldId = FieldId::Contact(Contact::Verified, ContactField::Who);

/// The renewal of an issued order of this product.
fn renewal(name_id: &str, change: impl FnOnce(&mut Order)) -> Form {
    let mut order = old();
    order.product = ProductRef::named(name_id);
    order.custom_fields.clear();
    order.certificate.common_name = "Example Trading GmbH".into();
    order.certificate.dns_names.clear();
    order.certificate.platform = None;
    change(&mut order);
    let listed = Product {
        product: order.product.clone(),
        order_validity_years: vec![1],
        icas: Vec::new(),
        ..product()
    };
    let mut form = Form::open(FormKind::Renew, &order, Some(&listed), &[], TODAY, None);
    form.refer_as("certdeck-test".into());
    let mut offer = offer();
    offer.products = vec![listed];
    form.take_offer(&offer);
    form
}

/// What it sends beside what every renewal does.
fn sends(form: &mut Form) -> BTreeSet<String> {
    let sent = body(&send(form));
    let mut places: BTreeSet<String> = leaves(&sent).into_keys().collect();
    for always in [
        "alternative_order_id",
        "certificate.signature_hash",
        "container.id",
        "order_validity.years",
        "renewal_of_order_id",
    ] {
        assert!(places.remove(always), "{always}: {sent:#}");
    }
    places
}

fn places(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(ToString::to_string).collect()
}

#[rstest::rstest]
#[case("email", &["certificate.csr"])]
#[case("ship_token", &[])]
#[case("client_app", &["certificate.server_platform.id"])]
fn code_signing_is_renewed_by_the_way_in_which_it_is_delivered(
    #[case] provisioning: &str,
    #[case] more: &[&str],
    #[values("code_signing", "code_signing_ev")] name_id: &str,
) {
    let mut form = renewal(name_id, |order| {
        order.provisioning = Some(provisioning.into());
    });
    assert_eq!(form.has(FieldId::Csr), provisioning == "email");
    assert!(!form.has(FieldId::Names) && !form.has(FieldId::CommonName));
    assert!(form.has(VERIFIER));
    if provisioning == "email" {
        paste(&mut form, &csr_for(&["Example Trading GmbH"]));
    }
    if provisioning == "client_app" {
        choose(&mut form, FieldId::Platform, "a fips");
    }
    let mut wanted = places(&["cs_provisioning_method", "organization.id"]);
    wanted.extend(places(more));
    assert_eq!(sends(&mut form), wanted);
}

#[test]
fn a_code_signing_order_lasts_as_long_as_one_certificate_may() {
    let mut form = renewal("code_signing", |order| {
        order.provisioning = Some("ship_token".into());
    });
    choose(&mut form, FieldId::OrderLength, "custom days");
    set(&mut form, FieldId::OrderDays, "460");
    let told = problems(&mut form, FieldId::OrderDays);
    assert!(told[0].contains("1 to 459 days"), "{told:?}");
    set(&mut form, FieldId::OrderDays, "459");
    assert_eq!(body(&send(&mut form))["order_validity"]["days"], 459);
}

fn mailbox() -> Form {
    let mut form = renewal("secure_email_mailbox", |order| {
        order.certificate.emails = vec!["ada@example.net".into()];
    });
    choose(&mut form, FieldId::PrimaryUsage, "signing email");
    choose(&mut form, FieldId::ProfileType, "multipurpose");
    form
}

/// Renewals that are filled in.
pub(super) fn forms() -> impl Iterator<Item = (&'static str, Form)> {
    [("mailbox", mailbox()), ("mark", mark())].into_iter()
}

/// The logo of a mark on one line.
const LOGO: &str = "H4sIAAAAAAAAA7MpLkvXtwMA";

fn mark() -> Form {
    let mut form = renewal("vmc_basic", |order| {
        order.certificate.dns_names = vec!["example.net".into()];
    });
    choose(&mut form, VERIFIER, "ada");
    set(&mut form, FieldId::MarkLogo, LOGO);
    turn_on(&mut form, FieldId::MarkHosting);
    form
}

#[test]
fn a_mailbox_is_renewed_without_an_organization_and_without_a_csr() {
    let mut form = mailbox();
    assert!(!form.has(FieldId::Organization) && !form.has(FieldId::CnIndicator));
    let words = review::reviewed(&mut form);
    assert!(words.contains("Email: ada@example.net."), "{words}");
    assert!(!words.contains("Organization:"), "{words}");
    act(&mut form, Action::Back);
    assert_eq!(
        sends(&mut form),
        places(&[
            "certificate.emails",
            "certificate.profile_type",
            "certificate.usage_designation.primary_usage",
        ])
    );
}

#[test]
fn a_sponsor_names_a_person_also_where_the_address_is_the_common_name() {
    let mut form = renewal("secure_email_sponsor", |order| {
        order.certificate.emails = vec!["ada@example.net".into()];
    });
    choose(&mut form, FieldId::PrimaryUsage, "signing email");
    choose(&mut form, FieldId::CnIndicator, "the first email");
    let told = problems(&mut form, FieldId::FirstName);
    assert!(told[0].contains("name or a pseudonym"), "{told:?}");
    set(&mut form, FieldId::FirstName, "Ada");
    set(&mut form, FieldId::LastName, "Example");
    assert_eq!(
        sends(&mut form),
        places(&[
            "certificate.common_name_indicator",
            "certificate.emails",
            "certificate.individual.first_name",
            "certificate.individual.last_name",
            "certificate.usage_designation.primary_usage",
            "organization.id",
        ])
    );
}

#[rstest::rstest]
#[case("client_authentication_plus", &["certificate.common_name", "organization.id"])]
#[case("client_premium", &["organization.id"])]
#[case("class1_smime", &[])]
fn a_client_certificate_is_renewed_for_its_addresses(#[case] name_id: &str, #[case] more: &[&str]) {
    let mut form = renewal(name_id, |order| {
        order.certificate.emails = vec!["ada@example.net".into()];
    });
    let mut wanted = places(&["certificate.emails"]);
    wanted.extend(places(more));
    assert_eq!(sends(&mut form), wanted);
}

#[test]
fn a_document_signing_order_keeps_its_way_of_delivery() {
    let mut form = renewal("document_signing_org_1", |order| {
        order.provisioning = Some("ship_token".into());
    });
    assert!(!form.has(FieldId::Csr));
    assert_eq!(
        sends(&mut form),
        places(&[
            "certificate.server_platform.id",
            "cs_provisioning_method",
            "organization.id",
        ])
    );
    // In an HSM of one's own there is a CSR.
    choose(&mut form, FieldId::Provisioning, "by email");
    assert!(form.has(FieldId::Csr));
}

#[test]
fn a_mark_is_confirmed_by_somebody_and_lasts_whole_years() {
    let mut form = renewal("vmc_basic", |order| {
        order.certificate.dns_names = vec!["example.net".into()];
    });
    assert!(!form.has(FieldId::Csr));
    let told = problems(&mut form, VERIFIER);
    assert!(told[0].contains("is required"), "{told:?}");
    choose(&mut form, VERIFIER, "ada");
    set(&mut form, FieldId::Names, "*.example.net");
    let told = problems(&mut form, FieldId::Names);
    assert!(told[0].contains("does not accept"), "{told:?}");
    set(&mut form, FieldId::Names, "example.net");
    go_to(&mut form, FieldId::OrderLength);
    type_text(&mut form, "custom");
    assert_eq!(form.fields.value(FieldId::OrderLength), "1");
    set(&mut form, FieldId::MarkLogo, "<svg/>");
    let told = problems(&mut form, FieldId::MarkLogo);
    assert!(told[0].contains("gzip"), "{told:?}");
    let (one, two) = LOGO.split_at(8);
    set(&mut form, FieldId::MarkLogo, &format!("{one}\n{two}"));
    turn_on(&mut form, FieldId::MarkHosting);
    let sent = body(&send(&mut form));
    assert_eq!(
        sent["certificate"]["dns_names"],
        serde_json::json!(["example.net"])
    );
    // As one line, and the mark data of a logo that the account knows is used again.
    assert_eq!(
        sent["vmc"],
        serde_json::json!({"logo": LOGO, "enable_hosting": true})
    );
    assert_eq!(
        sent["organization"]["contacts"],
        serde_json::json!([{"contact_type": "verified_contact", "user_id": 501}])
    );
}

#[test]
fn a_bare_public_key_is_no_csr_of_an_order() {
    let mut form = renewal("secure_email_mailbox", |_| {});
    go_to(&mut form, FieldId::Csr);
    paste(&mut form, &key_pair().public_key_pem());
    let told = problems(&mut form, FieldId::Csr);
    assert!(told[0].contains("an order needs a CSR"), "{told:?}");
}

#[rstest::rstest]
#[case("ds_org")]
#[case("mark_certificate")]
#[case("secure_email_individual")]
#[case("brand_new")]
fn where_no_page_describes_a_renewal_the_reason_is_told(#[case] name_id: &str) {
    let mut form = renewal(name_id, |_| {});
    let told = act(&mut form, Action::Review);
    assert!(
        matches!(&told[..], [FormStep::Tell(why)] if why.contains("does not describe how it is renewed")),
        "{told:?}"
    );
}
