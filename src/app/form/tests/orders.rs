//! Renewals and new orders: what they offer, what they take over from the old order, and what is wrong at which field.

use super::*;
use crate::domain::draft::FormKind;
use crate::domain::draft::contact::{Contact, ContactField};
use crate::domain::draft::limits::Limit;
use crate::domain::draft::offer::{Definition, Offer, User, ValueKind};
use crate::domain::ids::{ContainerId, OrganizationId};
use crate::domain::order::{Container, CustomField, Organization};
use crate::domain::write::WriteKind;

pub(super) fn offer() -> Offer {
    let choice = |id: &str, name: &str| Choice {
        id: id.into(),
        name: name.into(),
    };
    let listed = |name_id: &str, name: &str| {
        let mut product = product();
        product.product.name_id = name_id.into();
        product.product.name = name.into();
        product.order_validity_years = vec![1, 2, 3];
        product
    };
    Offer {
        products: vec![
            listed("ssl_plus", "Standard SSL"),
            listed("ssl_securesite", "Secure Site SSL"),
            listed(
                "ssl_securesite_multi_domain",
                "Secure Site Multi-Domain SSL",
            ),
            listed("ssl_ev_securesite", "Secure Site EV SSL"),
            listed("ssl_dv_geotrust_flex", "GeoTrust DV SSL"),
        ],
        organizations: vec![
            choice("77", "Example Trading GmbH"),
            choice("78", "Other AG"),
        ],
        containers: vec![choice("1001", "Main"), choice("1002", "Web shop")],
        fields: vec![
            Definition {
                id: 11,
                label: "Invoice".into(),
                required: false,
                kind: ValueKind::Text,
            },
            Definition {
                id: 12,
                label: "Owner".into(),
                required: false,
                kind: ValueKind::Email,
            },
        ],
        users: vec![User {
            id: 501,
            first_name: "Ada".into(),
            last_name: "Example".into(),
            email: "ada@example.net".into(),
        }],
        limits: Vec::new(),
    }
}

pub(super) fn old() -> Order {
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

pub(super) fn renewal_with(order: &Order, lengths: &[u32]) -> Form {
    let mut product = product();
    product.order_validity_years = lengths.to_vec();
    product.validity_years = vec![1];
    let mut form = Form::open(FormKind::Renew, order, Some(&product), &[], TODAY, None);
    form.refer_as("certdeck-test".into());
    form.take_offer(&offer());
    paste(&mut form, &csr_for(SHOP));
    form
}

pub(super) fn renewal() -> Form {
    renewal_with(&old(), &[1, 2, 3])
}

/// A new order of a product for one name, with everything but the organisation.
pub(super) fn new_order(name_id: &str) -> Form {
    let mut form = blank();
    let listed = offer().products;
    let chosen = listed.iter().find(|one| one.product.name_id == name_id);
    let chosen = chosen.expect("a product of the account");
    choose(&mut form, FieldId::Product, &chosen.product.name);
    form.take_product(chosen);
    paste(&mut form, &csr_for(&["new.example.net"]));
    set(&mut form, FieldId::CommonName, "new.example.net");
    form
}

fn blank() -> Form {
    let order = Order::blank(offer().products[1].product.clone());
    let mut form = Form::open(FormKind::NewOrder, &order, None, &[], TODAY, None);
    form.refer_as("certdeck-test".into());
    form.take_offer(&offer());
    form
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
fn what_is_sent_goes_to_the_product_with_a_reference_of_its_own() {
    let sent = send(&mut renewal());
    assert_eq!(sent.kind, WriteKind::Renew);
    assert_eq!(sent.path, "/order/certificate/ssl_securesite_multi_domain");
    assert_eq!(sent.reference().as_deref(), Some("certdeck-test"));
    let mut form = new_order("ssl_ev_securesite");
    choose(&mut form, FieldId::Organization, "example");
    let sent = send(&mut form);
    assert_eq!(sent.kind, WriteKind::NewOrder);
    assert_eq!(sent.path, "/order/certificate/ssl_ev_securesite");
}

fn required(id: u64, kind: ValueKind) -> Form {
    let mut offer = offer();
    offer.fields = vec![Definition {
        id,
        label: "Cost center".into(),
        required: true,
        kind,
    }];
    let mut form = renewal();
    form.take_offer(&offer);
    form
}

#[rstest::rstest]
#[case(ValueKind::Text, "", "required by the account")]
#[case(ValueKind::Int, "", "required by the account")]
#[case(ValueKind::Int, "4711 Web", "Must be a whole number")]
#[case(ValueKind::Email, "ops", "not an email address")]
#[case(ValueKind::Emails, "ops@example.net, web", "not an email address")]
fn a_custom_field_is_a_field_of_its_own_checked_by_its_definition(
    #[case] kind: ValueKind,
    #[case] text: &str,
    #[case] told: &str,
) {
    let id = FieldId::Custom(13);
    let mut form = required(13, kind);
    let spec = form.shown().find(|(spec, _)| spec.id == id).expect("it").0;
    assert_eq!(spec.label, "Cost center");
    assert!(form.is_required(spec));
    set(&mut form, id, text);
    let problems = problems(&mut form, id);
    assert!(
        problems.iter().any(|problem| problem.contains(told)),
        "{problems:?}"
    );
}

#[test]
fn what_was_typed_into_a_custom_field_is_kept_until_the_account_tells_of_it_again() {
    let id = FieldId::Custom(12);
    let mut form = renewal();
    set(&mut form, id, "ops@example.net");
    let kept = form.draft_json();
    let order = old();
    let mut again = Form::open(
        FormKind::Renew,
        &order,
        Some(&product()),
        &[],
        TODAY,
        Some(&kept),
    );
    let there = |form: &Form| form.shown().any(|(spec, _)| spec.id == id);
    assert!(!there(&again), "nobody told of it yet");
    assert!(again.draft_json().contains("ops@example.net"));
    again.take_offer(&offer());
    assert!(there(&again));
    paste(&mut again, &csr_for(SHOP));
    let body = body(&send(&mut again));
    assert_eq!(body["custom_fields"][1]["value"], "ops@example.net");
}

#[test]
fn a_refusal_that_names_a_custom_field_is_told_at_it() {
    let mut form = required(13, ValueKind::Text);
    form.refused(&Failure {
        codes: vec!["required_param:custom_fields.Cost center".into()],
        ..Failure::local("refused", "")
    });
    assert_eq!(form.focus(), FieldId::Custom(13));
    assert_eq!(form.problems_at(FieldId::Custom(13)).count(), 1);
}

#[rstest::rstest]
#[case(FieldId::MoreEmails, "ops", "not an email address")]
#[case(FieldId::Names, "*.example.net", "does not accept")]
fn what_cannot_be_sent_is_told_at_its_field(
    #[case] id: FieldId,
    #[case] text: &str,
    #[case] told: &str,
) {
    let mut form = renewal();
    set(&mut form, id, text);
    let problems = problems(&mut form, id);
    assert!(
        problems.iter().any(|problem| problem.contains(told)),
        "{problems:?}"
    );
}

#[rstest::rstest]
#[case(FieldId::OrgName, "", "name of the organization is required")]
#[case(FieldId::OrgCountry, "Germany", "two letters")]
#[case(FieldId::OrgPhone, "", "phone number is required")]
#[case(
    FieldId::OrgAssumedName,
    "An assumed name that is a good deal longer than its room is",
    "the maximum is"
)]
#[case(
    FieldId::Contact(Contact::Organization, ContactField::Who),
    "",
    "contact of a new organization"
)]
fn a_new_organisation_is_told_field_by_field(
    #[case] id: FieldId,
    #[case] text: &str,
    #[case] told: &str,
) {
    let mut form = new_order("ssl_securesite");
    choose(&mut form, FieldId::Organization, "new org");
    if !text.is_empty() {
        set(&mut form, FieldId::OrgName, "Founded Trading GmbH");
        set(&mut form, id, text);
    }
    let problems = problems(&mut form, id);
    assert!(
        problems.iter().any(|problem| problem.contains(told)),
        "{problems:?}"
    );
}

fn limit() -> Limit {
    Limit {
        product: "ssl_securesite".into(),
        hashes: vec!["sha384".into()],
        icas: vec!["FFFF".into()],
        order_years: vec![1, 2],
        auto_renew: Some(false),
        wildcards: Some(false),
        ..Limit::default()
    }
}

fn options(form: &Form, id: FieldId) -> Vec<String> {
    let Some(Input::Choice(choice)) = form.fields.get(id).map(|field| &field.input) else {
        panic!("{id:?} is no choice");
    };
    let names = choice.options().iter().map(|option| option.name.clone());
    names.collect()
}

#[test]
fn the_limits_of_the_container_narrow_what_is_offered() {
    let mut form = new_order("ssl_securesite");
    choose(&mut form, FieldId::Organization, "example");
    choose(&mut form, FieldId::OrderLength, "3 years");
    choose(&mut form, FieldId::Container, "web shop");
    assert_eq!(form.container(), Some(ContainerId(1002)));
    form.take_limits(vec![limit()], &[]);
    assert_eq!(options(&form, FieldId::Hash), ["SHA384"]);
    assert_eq!(options(&form, FieldId::Ica), ["default"]);
    let lengths = options(&form, FieldId::OrderLength);
    assert_eq!(lengths[..2], ["1 year", "2 years"]);
    turn_on(&mut form, FieldId::AutoRenew);
    let told = problems(&mut form, FieldId::AutoRenew);
    assert!(told[0].contains("does not allow auto-renew"), "{told:?}");
    let told = problems(&mut form, FieldId::OrderLength);
    assert!(told[0].contains("orders of 3 years"), "{told:?}");
    form.take_limits(Vec::new(), &[]);
    assert!(options(&form, FieldId::Hash).len() > 1);
}

#[test]
fn limits_of_another_role_do_not_hold() {
    let mut form = new_order("ssl_securesite");
    let limit = Limit { role: 5, ..limit() };
    form.take_limits(vec![limit.clone()], &["Administrator".into()]);
    assert!(options(&form, FieldId::Hash).len() > 1);
    form.take_limits(vec![limit], &["Standard User".into()]);
    assert_eq!(options(&form, FieldId::Hash), ["SHA384"]);
}

#[test]
fn a_product_is_ordered_only_in_containers_that_allow_it() {
    let mut form = new_order("ssl_securesite");
    let mut offer = offer();
    offer.products[1].containers = vec![1001];
    form.take_offer(&offer);
    choose(&mut form, FieldId::Container, "web shop");
    let told = problems(&mut form, FieldId::Container);
    assert!(
        told[0].contains("may not be ordered in this division"),
        "{told:?}"
    );
    choose(&mut form, FieldId::Container, "main");
    assert!(problems(&mut form, FieldId::Container).is_empty());
}

pub(super) fn turn_on(form: &mut Form, id: FieldId) {
    go_to(form, id);
    press(form, KeyCode::Char(' '));
}

#[test]
fn a_first_certificate_does_not_outlast_its_order() {
    let mut form = renewal();
    choose(&mut form, FieldId::OrderLength, "custom days");
    set(&mut form, FieldId::OrderDays, "300");
    choose(&mut form, FieldId::Validity, "1 year");
    let told = problems(&mut form, FieldId::Validity);
    assert!(told[0].contains("cannot outlast its order"), "{told:?}");
    choose(&mut form, FieldId::Validity, "custom days");
    set(&mut form, FieldId::Days, "300");
    send(&mut form);
}

#[test]
fn a_draft_of_another_product_is_of_that_product_even_when_the_account_told_nothing() {
    let form = new_order("ssl_ev_securesite");
    let order = Order::blank(offer().products[1].product.clone());
    let kept = form.draft_json();
    let mut again = Form::open(FormKind::NewOrder, &order, None, &[], TODAY, Some(&kept));
    choose(&mut again, FieldId::Organization, "new org");
    assert_eq!(again.order.product.name_id, "ssl_ev_securesite");
    assert_eq!(again.order.product.name, "Secure Site EV SSL");
}

#[test]
fn of_several_organisations_none_is_taken_by_itself() {
    let mut form = new_order("ssl_securesite");
    let told = problems(&mut form, FieldId::Organization);
    assert!(told[0].contains("required"), "{told:?}");
}

#[test]
fn a_contact_who_is_no_user_is_typed_and_only_ev_has_one_who_verifies() {
    let mut form = new_order("ssl_securesite");
    let has = |form: &Form, contact, part| form.has(FieldId::Contact(contact, part));
    assert!(!has(&form, Contact::Technical, ContactField::Email));
    assert!(!has(&form, Contact::Verified, ContactField::Who));
    let who = FieldId::Contact(Contact::Technical, ContactField::Who);
    choose(&mut form, who, "someone");
    assert!(has(&form, Contact::Technical, ContactField::Email));
    let email = FieldId::Contact(Contact::Technical, ContactField::Email);
    let told = problems(&mut form, email);
    assert!(told[0].contains("email address is required"), "{told:?}");
    assert!(has(
        &new_order("ssl_ev_securesite"),
        Contact::Verified,
        ContactField::Who
    ));
}

#[test]
fn only_products_of_the_account_can_be_ordered_and_others_say_why_not() {
    let mut form = blank();
    let names = |form: &Form| {
        let field = form.fields.get(FieldId::Product).expect("it");
        let Input::Choice(choice) = &field.input else {
            panic!("a choice");
        };
        choice
            .options()
            .iter()
            .map(|option| option.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&form),
        [
            "Standard SSL",
            "Secure Site SSL",
            "Secure Site Multi-Domain SSL",
            "Secure Site EV SSL",
            "GeoTrust DV SSL",
        ]
    );
    assert_eq!(form.products_left_out(), None);
    let mut more = offer();
    let mut signing = more.products[0].clone();
    signing.product = ProductRef::named("code_signing");
    more.products.push(signing);
    form.take_offer(&more);
    assert_eq!(names(&form).len(), 5);
    assert_eq!(
        form.products_left_out().expect("it").text,
        "Code Signing: cannot be ordered here; use the console."
    );
    // Chosen in a draft, before it was taken away.
    let kept = r#"{"fields":{"product":"ssl_securesite_wildcard"},"focus":"product"}"#;
    let order = Order::blank(offer().products[1].product.clone());
    let mut form = Form::open(FormKind::NewOrder, &order, None, &[], TODAY, Some(kept));
    form.take_offer(&offer());
    let problems = problems(&mut form, FieldId::Product);
    assert!(
        problems[0].starts_with("Not enabled for this account"),
        "{problems:?}"
    );
}

#[test]
fn where_no_product_can_be_ordered_each_says_why() {
    let order = Order::blank(offer().products[1].product.clone());
    let mut form = Form::open(FormKind::NewOrder, &order, None, &[], TODAY, None);
    let mut other = offer();
    other.products.truncate(1);
    other.products[0].product = ProductRef::named("code_signing");
    form.take_offer(&other);
    let Some(Input::Choice(choice)) = form.fields.get(FieldId::Product).map(|field| &field.input)
    else {
        panic!("a choice");
    };
    let mut options = choice.options().iter();
    let why = |name: &str| name.contains("only TLS products") || name.contains("not offered");
    assert!(options.all(|option| why(&option.name)));
    let problems = problems(&mut form, FieldId::Product);
    assert!(!problems.is_empty());
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
