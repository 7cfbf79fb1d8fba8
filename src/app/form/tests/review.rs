//! What is said before anything is sent, and how sending is confirmed.

use super::*;
use crate::domain::draft::FormKind;

pub(super) fn reviewed(form: &mut Form) -> String {
    act(form, Action::Review);
    let Layer::Review(reviewing) = &form.layer else {
        panic!("no review: {:?}", form.checked);
    };
    let mut text = String::new();
    for section in &reviewing.review.sections {
        text.push_str(section.title);
        for note in &section.notes {
            text.push('\n');
            text.push_str(&note.text);
        }
        text.push('\n');
    }
    text
}

#[test]
fn a_duplicate_changes_nothing_else_and_says_so() {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    choose(&mut form, FieldId::Platform, "apache");
    let text = reviewed(&mut form);
    for part in [
        "The same names as the order (3 names)",
        "Server platform: Apache instead of nginx",
        "Not affected",
        "2026-12-17: the duplicated certificate expires then",
        "If the account requires approval",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn a_dropped_name_is_named_and_the_order_number_typed() {
    let mut sibling = Certificate::empty(Role::Duplicate(Some("002".into())));
    sibling.id = Some(CertificateId(9));
    sibling.common_name = "api.example.net".into();
    let mut form = shop(FormKind::Reissue);
    form.take_order(&form.order.clone(), &[sibling]);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::Names, "www.shop.example.net");
    let advice: Vec<_> = form.advice_at(FieldId::Names).collect();
    assert!(
        advice[0]
            .text
            .starts_with("No longer on the certificate: api.example.net"),
        "{advice:?}"
    );
    let text = reviewed(&mut form);
    for part in [
        "Names removed: api.example.net",
        "DigiCert revokes the order's certificate and all its reissues and duplicates within 72 hours",
        "Revoked then: primary",
        "The duplicate 002 contains api.example.net",
        "product guide",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(form.is_typing());
    assert_eq!(
        act(&mut form, Action::Open),
        [],
        "Enter alone does not send"
    );
    type_text(&mut form, "12345");
    assert_eq!(act(&mut form, Action::Open), []);
    paste(&mut form, "6");
    assert_eq!(act(&mut form, Action::Open), [], "it is typed, not pasted");
    let Layer::Review(reviewing) = &form.layer else {
        panic!("still to be confirmed");
    };
    assert!(reviewing.error.as_ref().unwrap().contains("123456"));
    type_text(&mut form, "6");
    assert!(matches!(
        &act(&mut form, Action::Open)[..],
        [FormStep::Send(_)]
    ));
    assert_eq!(act(&mut form, Action::Open), [], "once");
}

#[test]
fn a_reissue_with_the_same_names_asks_for_no_number() {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(SHOP));
    let text = reviewed(&mut form);
    assert!(text.contains("nothing is revoked: only removing or changing names does that"));
    assert!(!form.is_typing());
    assert!(matches!(
        &act(&mut form, Action::Open)[..],
        [FormStep::Send(_)]
    ));
}

#[test]
fn a_name_that_moves_is_not_dropped() {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::CommonName, "api.example.net");
    set(
        &mut form,
        FieldId::Names,
        "www.shop.example.net SHOP.example.net.",
    );
    let text = reviewed(&mut form);
    assert!(text.contains("Common name: api.example.net instead of shop.example.net"));
    assert!(text.contains("The same names as now"), "{text}");
}

#[test]
fn comments_that_will_be_lost_are_told() {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(SHOP));
    set(&mut form, FieldId::Comments, "please");
    go_to(&mut form, FieldId::SkipApproval);
    press(&mut form, KeyCode::Char(' '));
    assert!(reviewed(&mut form).contains("The comment will be lost"));
}

#[test]
fn going_back_sends_nothing_and_loses_nothing() {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    let before = form.draft_json();
    act(&mut form, Action::Review);
    act(&mut form, Action::PageDown);
    act(&mut form, Action::Up);
    assert_eq!(act(&mut form, Action::Back), []);
    assert!(matches!(form.layer, Layer::Editing));
    assert_eq!(form.draft_json(), before);
    assert_eq!(form.place(), Place::Form);
}

#[test]
fn scrolling_has_an_end() {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    act(&mut form, Action::Review);
    for _ in 0..500 {
        act(&mut form, Action::PageDown);
    }
    let Layer::Review(reviewing) = &form.layer else {
        panic!("still there");
    };
    assert!(reviewing.scroll < 200, "{}", reviewing.scroll);
}
