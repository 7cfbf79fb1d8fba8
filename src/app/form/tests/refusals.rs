//! Where a duplicate cannot be had, and what the account said of what was sent before.

use rstest::rstest;

use super::*;
use crate::domain::draft::{FormKind, Tone};
use crate::domain::failure::{Failure, FailureKind};

fn refusal(codes: &[&str]) -> Failure {
    Failure {
        kind: FailureKind::Refused,
        what: "The account refused it".into(),
        advice: String::new(),
        status: Some(400),
        codes: codes.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn an_order_without_duplicates_offers_the_reissue_that_is_stored_as_one() {
    let mut order = order_for(SHOP);
    order.allow_duplicates = Some(false);
    let mut form = open(FormKind::Duplicate, &order);
    let told = form.blocked().unwrap();
    assert!(told.starts_with("This order allows no duplicates. Press r"));
    assert_eq!(
        act(&mut form, Action::Review),
        [FormStep::Tell(told.clone())]
    );
    assert_eq!(paste(&mut form, "x"), [FormStep::Tell(told.clone())]);
    assert_eq!(press(&mut form, KeyCode::Char('x')), [FormStep::Tell(told)]);
    assert_eq!(press(&mut form, KeyCode::Char('r')), [FormStep::AsReissue]);
    assert!(!form.is_dirty());
    assert_eq!(act(&mut form, Action::Back), [FormStep::Leave]);
}

#[test]
fn a_product_without_duplicates_is_named_and_a_pending_order_offers_nothing() {
    let order = order_for(SHOP);
    let mut without = product();
    without.duplicates_allowed = Some(false);
    let form = Form::open(
        FormKind::Duplicate,
        &order,
        Some(&without),
        &[],
        TODAY,
        None,
    );
    let told = form.instead().unwrap();
    assert!(told.contains("Secure Site Multi-Domain SSL has no duplicates"));
    let mut pending = order_for(SHOP);
    pending.allow_duplicates = Some(false);
    pending.status = crate::domain::status::OrderStatus::Pending;
    assert_eq!(open(FormKind::Duplicate, &pending).instead(), None);
    assert_eq!(shop(FormKind::Duplicate).instead(), None);
}

#[test]
fn the_preset_is_sent_and_kept_like_anything_typed() {
    let mut form = shop(FormKind::Reissue);
    form.set_as_reissue();
    paste(&mut form, &csr_for(SHOP));
    let kept = form.draft_json();
    let body = body(&send(&mut form));
    assert_eq!(body["store_reissue_as_duplicate"], true);
    let again = Form::open(
        FormKind::Reissue,
        &order_for(SHOP),
        None,
        &[],
        TODAY,
        Some(&kept),
    );
    assert_eq!(again.fields.value(FieldId::StoreAsDuplicate), "true");
}

#[rstest]
#[case("required_param:certificate.signature_hash", FieldId::Hash, "required")]
#[case(
    "invalid_value:certificate.ca_cert_id",
    FieldId::Ica,
    "does not accept"
)]
#[case("invalid_value:server_platform", FieldId::Platform, "does not accept")]
#[case("csr_invalid_cannot_parse", FieldId::Csr, "csr_invalid_cannot_parse")]
#[case("duplicate_names_differ", FieldId::Names, "duplicate_names_differ")]
#[case(
    "invalid_value:custom_expiration_date",
    FieldId::EndDate,
    "does not accept"
)]
fn a_refusal_stands_at_the_field_it_means_until_that_is_changed(
    #[case] code: &str,
    #[case] field: FieldId,
    #[case] told: &str,
) {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    form.refused(&refusal(&[code]));
    let note = form.refusal().unwrap().text.clone();
    assert!(note.starts_with("Sent before, and refused: The account refused it"));
    assert_eq!(form.focus(), field);
    let at: Vec<_> = form.problems_at(field).map(|p| p.text.clone()).collect();
    assert!(at.len() == 1 && at[0].contains(told), "{at:?}");
    match form.fields.get(field).map(|field| &field.input) {
        Some(Input::Choice(_)) => press(&mut form, KeyCode::Right),
        _ => type_text(&mut form, " "),
    };
    let still = form.problems_at(field).any(|problem| problem.text == at[0]);
    assert!(!still, "it was changed");
    assert!(form.refusal().is_some(), "the whole is still told");
}

#[test]
fn a_code_that_names_no_field_is_told_at_the_top_alone() {
    let mut form = shop(FormKind::Reissue);
    let focus = form.focus();
    form.refused(&refusal(&["access_denied|missing_permission"]));
    assert_eq!(form.focus(), focus);
    assert!(form.refusal().is_some());
    assert!(FieldId::all().all(|id| form.problems_at(id).count() == 0));
}

#[test]
fn a_duplicate_refused_for_validation_points_at_the_reissue() {
    let failure = refusal(&["validation_not_current"]);
    assert!(failure.calls_for_reissue());
    let mut form = shop(FormKind::Duplicate);
    form.refused(&failure);
    assert!(form.refusal().unwrap().text.contains("Ctrl-T"));
    let mut form = shop(FormKind::Reissue);
    form.refused(&failure);
    assert!(!form.refusal().unwrap().text.contains("Ctrl-T"));
}

#[test]
fn a_duplicate_becomes_a_reissue_on_the_way_with_all_that_was_typed() {
    let mut form = shop(FormKind::Duplicate);
    let csr = csr_for(SHOP);
    paste(&mut form, &csr);
    choose(&mut form, FieldId::Platform, "apache");
    assert_eq!(act(&mut form, Action::AsReissue), [FormStep::AsReissue]);
    act(&mut form, Action::Review);
    assert!(matches!(form.layer, Layer::Review(_)));
    assert_eq!(act(&mut form, Action::AsReissue), [FormStep::AsReissue]);
    let mut reissue = shop(FormKind::Reissue);
    reissue.take_over(&form.draft_json());
    reissue.set_as_reissue();
    let body = body(&send(&mut reissue));
    assert_eq!(body["certificate"]["server_platform"]["id"], 2);
    let text = body["certificate"]["csr"].as_str().unwrap();
    assert_eq!(text, csr.replace(['\n', '\r'], ""));
    assert_eq!(body["store_reissue_as_duplicate"], true);
}

#[test]
fn a_reissue_or_a_private_duplicate_goes_on_to_nothing() {
    let told = |steps: Vec<FormStep>| matches!(&steps[..], [FormStep::Tell(_)]);
    assert!(told(act(&mut shop(FormKind::Reissue), Action::AsReissue)));
    let mut order = order_for(SHOP);
    order.product.name_id = "private_ssl_multi_domain".into();
    let mut form = open(FormKind::Duplicate, &order);
    assert!(told(act(&mut form, Action::AsReissue)));
}

#[test]
fn validation_that_is_not_current_is_told_before_a_duplicate_is_sent() {
    let mut form = shop(FormKind::Duplicate);
    assert_eq!(form.order_notes(), []);
    form.take_unproven(vec!["api.example.net".into()]);
    let note = &form.order_notes()[0];
    assert_eq!(note.tone, Tone::Warn);
    assert!(note.text.contains("api.example.net") && note.text.contains("reissue"));
    let mut form = shop(FormKind::Reissue);
    form.take_unproven(vec!["api.example.net".into()]);
    assert_eq!(form.order_notes(), [], "a reissue renews it");
}
