//! Moving, typing, choosing, leaving, and what is kept.

use rstest::rstest;

use super::*;
use crate::domain::draft::FormKind;

#[test]
fn tab_goes_round_and_shift_tab_back() {
    let mut form = shop(FormKind::Duplicate);
    let ids: Vec<FieldId> = form.shown().map(|(spec, _)| spec.id).collect();
    assert_eq!(ids.first(), Some(&FieldId::Csr));
    for id in &ids {
        assert_eq!(form.focus(), *id);
        act(&mut form, Action::NextField);
    }
    assert_eq!(form.focus(), FieldId::Csr);
    act(&mut form, Action::PreviousField);
    assert_eq!(Some(&form.focus()), ids.last());
}

#[test]
fn only_the_focused_field_shows_a_cursor() {
    let mut form = shop(FormKind::Duplicate);
    go_to(&mut form, FieldId::Names);
    let plain = ratatui::style::Style::default();
    for field in &form.fields.all {
        if let Input::Text(text) = &field.input {
            let shows = text.widget().cursor_style() != plain;
            assert_eq!(shows, field.id == FieldId::Names, "{:?}", field.id);
        }
    }
}

#[test]
fn enter_in_the_csr_field_is_a_line_break_and_submits_nothing() {
    let mut form = shop(FormKind::Duplicate);
    let csr = csr_for(SHOP);
    let steps = type_text(&mut form, &csr);
    assert!(steps.iter().all(|step| *step == FormStep::Changed));
    assert!(matches!(form.layer, Layer::Editing));
    assert!(form.reading.csr.is_some(), "{:?}", form.reading.problem);
    assert_eq!(form.fields.value(FieldId::Csr), csr);
}

#[test]
fn arrows_stay_inside_several_lines_until_their_end() {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, "one\ntwo");
    let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
    assert!(form.takes(key(KeyCode::Up)));
    assert!(!form.takes(key(KeyCode::Down)), "the last line: next field");
    press(&mut form, KeyCode::Up);
    assert!(!form.takes(key(KeyCode::Up)));
    assert!(form.takes(key(KeyCode::Char('?'))));
    assert!(!form.takes(KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL)));
}

#[test]
fn choices_are_found_by_typing_and_with_arrows() {
    let mut form = shop(FormKind::Duplicate);
    assert_eq!(
        form.fields.value(FieldId::Platform),
        "45",
        "same as the order"
    );
    choose(&mut form, FieldId::Platform, "apa");
    assert_eq!(form.fields.value(FieldId::Platform), "2");
    press(&mut form, KeyCode::Left);
    assert_eq!(form.fields.value(FieldId::Platform), "-1");
}

#[test]
fn the_names_follow_the_common_name_until_they_are_edited() {
    let mut form = shop(FormKind::Duplicate);
    choose(&mut form, FieldId::CommonName, "api");
    assert_eq!(
        form.fields.value(FieldId::Names),
        "shop.example.net\nwww.shop.example.net"
    );
    go_to(&mut form, FieldId::Names);
    type_text(&mut form, "x");
    choose(&mut form, FieldId::CommonName, "shop");
    assert!(form.fields.value(FieldId::Names).ends_with('x'));
}

#[test]
fn one_name_leaves_nothing_to_choose() {
    let mut order = order_for(&["shop.example.net"]);
    order.product.name_id = "ssl_plus".into();
    let form = open(FormKind::Duplicate, &order);
    let Some(Input::Choice(choice)) = form.fields.get(FieldId::CommonName).map(|f| &f.input) else {
        panic!("the common name of a duplicate is chosen");
    };
    assert_eq!(choice.options().len(), 1);
}

#[test]
fn what_the_account_offers_may_come_late() {
    let mut form = Form::open(
        FormKind::Duplicate,
        &order_for(SHOP),
        None,
        &[],
        TODAY,
        Some(r#"{"fields":{"server_platform":"2"}}"#),
    );
    assert_eq!(form.fields.value(FieldId::Platform), "2");
    form.take_product(&product());
    let Some(Input::Choice(choice)) = form.fields.get(FieldId::Platform).map(|f| &f.input) else {
        panic!("the platform is chosen");
    };
    assert_eq!(choice.chosen().name, "Apache");
    assert_eq!(form.fields.value(FieldId::Hash), "sha256");
}

#[rstest]
#[case::duplicate(FormKind::Duplicate)]
#[case::reissue(FormKind::Reissue)]
fn nothing_typed_is_lost(#[case] kind: FormKind) {
    let mut form = shop(kind);
    assert!(!form.is_dirty());
    let csr = csr_for(SHOP);
    assert_eq!(paste(&mut form, &csr), [FormStep::Changed]);
    choose(&mut form, FieldId::Hash, "sha384");
    choose(&mut form, FieldId::Ica, "Example");
    if kind == FormKind::Duplicate {
        set(&mut form, FieldId::EndDate, "2026-08-0");
    } else {
        choose(&mut form, FieldId::Validity, "custom days");
        set(&mut form, FieldId::Days, "90");
        set(&mut form, FieldId::Comments, "for the new\nproxy — „jetzt“");
        go_to(&mut form, FieldId::SkipApproval);
        assert_eq!(press(&mut form, KeyCode::Char(' ')), [FormStep::Changed]);
    }
    let kept = form.draft_json();
    let again = Form::open(
        kind,
        &order_for(SHOP),
        Some(&product()),
        &[],
        TODAY,
        Some(&kept),
    );
    assert_eq!(again.fields, form.fields);
    assert_eq!(again.focus(), form.focus());
    assert!(again.reading.csr.is_some());
    assert!(again.is_dirty());
    assert_eq!(form.draft_key(), again.draft_key());
}

#[test]
fn a_draft_that_cannot_be_read_is_no_obstacle() {
    for kept in [
        "",
        "{",
        "[]",
        r#"{"fields":{"csr":7,"nonsense":"x"},"focus":"y"}"#,
    ] {
        let form = Form::open(
            FormKind::Reissue,
            &order_for(SHOP),
            None,
            &[],
            TODAY,
            Some(kept),
        );
        assert!(!form.is_dirty(), "{kept}");
    }
}

#[test]
fn leaving_keeps_and_discarding_asks() {
    let mut form = shop(FormKind::Duplicate);
    assert_eq!(act(&mut form, Action::Discard), [FormStep::Discard]);
    type_text(&mut form, "x");
    assert_eq!(act(&mut form, Action::Discard), []);
    assert_eq!(form.place(), Place::Prompt);
    assert_eq!(act(&mut form, Action::Back), []);
    assert_eq!(form.fields.value(FieldId::Csr), "x");
    act(&mut form, Action::Discard);
    assert_eq!(act(&mut form, Action::Open), [FormStep::Discard]);
    assert_eq!(act(&mut form, Action::Back), []);
    assert_eq!(act(&mut form, Action::Back), [FormStep::Leave]);
}

#[test]
fn a_form_of_an_unknown_product_says_so_and_does_nothing() {
    let mut order = order_for(SHOP);
    order.product.name_id = "brand_new".into();
    order.product.kind = "brand_new_certificate".into();
    let mut form = open(FormKind::Reissue, &order);
    assert_eq!(form.shown().count(), 0);
    for action in [
        Action::Review,
        Action::MakeKey,
        Action::LoadFile,
        Action::NextField,
    ] {
        let steps = act(&mut form, action);
        assert!(
            matches!(&steps[..], [FormStep::Tell(text)] if text.contains("brand_new")),
            "{action:?}: {steps:?}"
        );
    }
    paste(&mut form, &csr_for(SHOP));
    assert_eq!(act(&mut form, Action::Back), [FormStep::Leave]);
}

#[test]
fn fields_of_a_plan_are_there_on_a_plan_only() {
    let has = |form: &Form, id| form.shown().any(|(spec, _)| spec.id == id);
    let mut order = order_for(SHOP);
    let mut form = open(FormKind::Reissue, &order);
    assert!(has(&form, FieldId::Validity) && !has(&form, FieldId::Days));
    choose(&mut form, FieldId::Validity, "custom date");
    assert!(has(&form, FieldId::Until) && !has(&form, FieldId::Days));
    order.is_plan = false;
    let form = open(FormKind::Reissue, &order);
    assert!(!has(&form, FieldId::Validity));
    order.product.name_id = "private_ssl_plus".into();
    let form = open(FormKind::Reissue, &order);
    assert!(!has(&form, FieldId::StoreAsDuplicate) && has(&form, FieldId::Dcv));
}

#[test]
fn the_editor_gets_the_field_and_its_text_comes_back() {
    let mut form = shop(FormKind::Reissue);
    go_to(&mut form, FieldId::Names);
    let steps = act(&mut form, Action::Editor);
    assert_eq!(
        steps,
        [FormStep::Effect(Effect::Edit {
            text: "www.shop.example.net\napi.example.net".into(),
            what: "txt".into()
        })]
    );
    let back = form.update(FormInput::Edited(Ok("api.example.net\n".into())), TODAY);
    assert_eq!(back, [FormStep::Changed]);
    assert_eq!(form.fields.value(FieldId::Names), "api.example.net");
    act(&mut form, Action::Editor);
    let failed = form.update(
        FormInput::Edited(Err(Failure::local("vi: not found.", "Set EDITOR."))),
        TODAY,
    );
    assert_eq!(
        failed,
        [FormStep::Tell("vi: not found. Set EDITOR.".into())]
    );
    go_to(&mut form, FieldId::Hash);
    assert!(matches!(
        &act(&mut form, Action::Editor)[..],
        [FormStep::Tell(_)]
    ));
}
