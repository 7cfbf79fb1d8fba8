//! Renewals: who stands on the old order and on what terms it was placed is taken over, and what will come of them is told.

use super::orders::{old, renewal, renewal_with};
use super::*;
use crate::domain::draft::FormKind;
use crate::domain::draft::contact::{Contact, ContactField};
use crate::domain::terms::{Lasted, OnOrder, Terms};

fn on_order(first_name: &str) -> OnOrder {
    OnOrder {
        first_name: first_name.into(),
        last_name: "Example".into(),
        telephone: "+49 30 1".into(),
        email: format!("{first_name}@example.net"),
        ..OnOrder::default()
    }
}

#[test]
fn a_renewal_takes_over_who_stands_on_the_old_order() {
    let mut order = old();
    order.terms.organization_contact = Some(on_order("grace"));
    order.terms.technical_contact = Some(on_order("grace"));
    let mut form = renewal_with(&order, &[1]);
    let contacts = body(&send(&mut form))["organization"]["contacts"].clone();
    assert_eq!(
        contacts,
        serde_json::json!([{
            "contact_type": "organization_contact",
            "first_name": "grace",
            "last_name": "Example",
            "telephone": "+49 30 1",
            "email": "grace@example.net",
        }]),
        "a technical contact that is a copy follows by itself"
    );
    choose(
        &mut form,
        FieldId::Contact(Contact::Organization, ContactField::Who),
        "organization's contact",
    );
    let body = body(&send(&mut form));
    assert!(body["organization"].get("contacts").is_none(), "{body}");

    order.terms.technical_contact = Some(on_order("tom"));
    let contacts = super::body(&send(&mut renewal_with(&order, &[1])));
    assert_eq!(contacts["organization"]["contacts"][1]["first_name"], "tom");
}

#[test]
fn a_renewal_takes_over_the_terms_of_the_old_order() {
    let mut order = old();
    order.terms = Terms {
        lasted: Some(Lasted::Years(2)),
        payment: Some("profile".into()),
        no_notices: true,
        no_issuance_mail: true,
        no_ct: true,
        ..Terms::default()
    };
    order.certificate.profile_option = Some("Our profile".into());
    let sent = body(&send(&mut renewal_with(&order, &[1, 2, 3])));
    assert_eq!(sent["order_validity"]["years"], 2);
    assert_eq!(sent["payment_method"], "profile");
    for flag in [
        "disable_renewal_notifications",
        "disable_issuance_email",
        "disable_ct",
    ] {
        assert_eq!(sent[flag], true, "{flag}");
    }
    assert_eq!(sent["certificate"]["profile_option"], "Our profile");

    order.terms.lasted = Some(Lasted::Days(90));
    order.terms.payment = Some("wire_transfer".into());
    let sent = body(&send(&mut renewal_with(&order, &[1, 2, 3])));
    assert_eq!(sent["order_validity"]["days"], 90);
    assert!(
        sent.get("payment_method").is_none(),
        "an order cannot ask for that"
    );
    order.terms.lasted = Some(Lasted::Years(3));
    let sent = body(&send(&mut renewal_with(&order, &[1])));
    assert_eq!(sent["order_validity"]["years"], 1, "3 are not offered");
}

#[test]
fn the_end_that_is_told_of_the_first_certificate_is_the_one_asked_for() {
    let mut form = renewal();
    choose(&mut form, FieldId::Validity, "custom days");
    set(&mut form, FieldId::Days, "90");
    assert!(
        form.end_note().text.contains("as requested"),
        "{:?}",
        form.end_note()
    );
    let words = review::reviewed(&mut form);
    assert!(
        words.contains("Its first certificate expires on"),
        "{words}"
    );
    assert!(words.contains("(as requested)"), "{words}");
    act(&mut form, Action::Back);
    set(&mut form, FieldId::Days, "");
    let told = form.end_note();
    act(&mut form, Action::Review);
    let said: Vec<_> = form.problems_at(FieldId::Days).collect();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].text, told.text, "the same is not said twice");
}

#[test]
fn what_is_typed_is_told_as_it_was_typed() {
    let mut form = renewal();
    set(&mut form, FieldId::Custom(12), "nobody");
    let problems: Vec<_> = form.problems_at(FieldId::Custom(12)).collect();
    assert!(
        problems[0].text.starts_with("\"nobody\""),
        "{:?}",
        problems[0]
    );
}

#[test]
fn the_names_of_the_csr_are_taken_when_they_are_asked_for() {
    let mut form = super::orders::new_order("ssl_securesite");
    paste(
        &mut form,
        &csr_for(&["new.example.net", "www.new.example.net"]),
    );
    set(&mut form, FieldId::CommonName, "");
    act(&mut form, Action::TakeNames);
    choose(&mut form, FieldId::Organization, "Other AG");
    let sent = body(&send(&mut form));
    assert_eq!(sent["certificate"]["common_name"], "new.example.net");
    assert_eq!(
        sent["certificate"]["dns_names"],
        serde_json::json!(["www.new.example.net"])
    );
}

#[test]
fn without_a_csr_there_are_no_names_to_take() {
    let mut form = renewal();
    set(&mut form, FieldId::Csr, "");
    let steps = form.update(FormInput::Action(Action::TakeNames), TODAY);
    assert!(
        matches!(&steps[..], [FormStep::Tell(words)] if words.contains("no CSR")),
        "{steps:?}"
    );
    assert_eq!(form.fields.value(FieldId::CommonName), "shop.example.net");
}

#[test]
fn an_approval_that_will_be_wanted_is_told_before_anything_is_typed() {
    let mut form = shop(FormKind::Duplicate);
    form.take_approval(Some(crate::domain::ids::RequestId(5)));
    let told = |form: &Form| {
        let mut notes = form.order_notes().iter();
        notes.any(|note| note.text.contains("Request 5"))
    };
    assert!(told(&form));
    form.take_approval(None);
    assert!(!told(&form));
}

#[test]
fn the_review_tells_in_words_who_and_what_was_chosen() {
    let mut order = old();
    order.terms.organization_contact = Some(on_order("grace"));
    order.terms.no_notices = true;
    let mut form = renewal_with(&order, &[1]);
    let technical = FieldId::Contact(Contact::Technical, ContactField::Who);
    choose(&mut form, technical, "Ada Example");
    set(&mut form, FieldId::RenewalMessage, "Call us.");
    let words = review::reviewed(&mut form);
    for told in [
        "Division: Main.",
        "Organization contact: grace Example <grace@example.net>.",
        "Technical contact: Ada Example <ada@example.net>.",
        "Turned on: no renewal emails.",
        "none will be sent",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
}
