//! The CSR field: what it says, what it refuses, and the ways a CSR gets into it.

use super::*;
use crate::app::effect::{KeyAlgorithm, KeySpec};
use crate::app::form::LoadFile;
use crate::app::msg::Completion;
use crate::domain::draft::FormKind;

#[test]
fn it_says_what_the_csr_holds_and_how_it_differs() {
    let mut form = shop(FormKind::Duplicate);
    paste(
        &mut form,
        &csr_for(&["shop.example.net", "other.example.org"]),
    );
    let notes = notes(&form);
    assert!(notes.contains("CN=shop.example.net"), "{notes}");
    assert!(notes.contains("signature valid"), "{notes}");
    assert!(
        notes.contains("In the CSR but not requested: other.example.org"),
        "{notes}"
    );
    assert!(
        notes.contains("not in the CSR: www.shop.example.net, api.example.net"),
        "{notes}"
    );
}

#[test]
fn the_difference_follows_the_names_that_are_asked_for() {
    let mut form = shop(FormKind::Reissue);
    paste(&mut form, &csr_for(&["shop.example.net"]));
    assert!(notes(&form).contains("Requested but not in the CSR"));
    set(&mut form, FieldId::Names, "");
    assert!(notes(&form).contains("CSR names match the request."));
}

#[test]
fn a_key_or_csr_that_was_used_is_told() {
    let key = key_pair();
    let csr = csr_with(&key, SHOP);
    let mut order = order_for(SHOP);
    with_csr(&mut order, &csr);
    let mut form = open(FormKind::Duplicate, &order);
    paste(&mut form, &csr_with(&key, &["shop.example.net"]));
    assert!(notes(&form).contains("The same key as the primary certificate"));

    let mut duplicate = Certificate::empty(Role::Duplicate(Some("001".into())));
    duplicate.id = Some(CertificateId(77));
    let used = csr_for(SHOP);
    duplicate.csr = Some(CsrText(used.replace('\n', "")));
    form.take_order(&order, &[duplicate]);
    paste(&mut form, &used);
    let notes = notes(&form);
    assert!(
        notes.contains("This CSR was already used for duplicate 001 (certificate 77)"),
        "{notes}"
    );
}

#[test]
fn a_csr_that_does_not_parse_says_where_and_is_not_sent() {
    let mut form = shop(FormKind::Duplicate);
    let csr = csr_for(SHOP);
    let lines: Vec<&str> = csr.lines().collect();
    paste(&mut form, &lines[..lines.len() - 3].join("\n"));
    assert!(notes(&form).contains("has no END line"), "{}", notes(&form));
    let told = problems(&mut form, FieldId::Csr);
    assert!(told[0].contains("no END line"), "{told:?}");
    assert_eq!(form.focus(), FieldId::Csr);
}

#[test]
fn a_csr_that_is_pasted_after_another_takes_its_place() {
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr_for(SHOP));
    let other = csr_for(&["shop.example.net"]);
    go_to(&mut form, FieldId::EndDate);
    let steps = paste(&mut form, &other);
    assert_eq!(form.fields.value(FieldId::Csr).trim(), other.trim());
    assert_eq!(form.focus(), FieldId::Csr);
    assert!(steps.contains(&FormStep::Tell("The previous CSR is replaced.".into())));
}

#[test]
fn a_whole_csr_takes_the_place_of_one_that_was_cut_off() {
    let mut form = shop(FormKind::Duplicate);
    let csr = csr_for(SHOP);
    let (beginning, _) = csr.split_at(csr.len() / 2);
    paste(&mut form, beginning);
    paste(&mut form, &csr);
    assert_eq!(form.fields.value(FieldId::Csr).trim(), csr.trim());
    assert!(form.reading.csr.is_some(), "{}", notes(&form));
}

#[test]
fn a_paste_never_reaches_what_is_not_typed() {
    let mut form = shop(FormKind::Duplicate);
    go_to(&mut form, FieldId::Hash);
    let steps = paste(&mut form, "sha384");
    assert!(matches!(&steps[..], [FormStep::Tell(_)]));
    assert_eq!(form.fields.value(FieldId::Hash), "sha256");
    paste(&mut form, &csr_for(SHOP));
    act(&mut form, Action::Review);
    assert!(matches!(form.layer, Layer::Review(_)));
    assert_eq!(paste(&mut form, "\n\n"), []);
    assert!(matches!(form.layer, Layer::Review(_)));
}

/// Nothing of the key may be left anywhere, its first line of base64 included.
fn assert_gone(form: &Form, steps: &[FormStep], key: &str) {
    let body = key.lines().nth(1).unwrap();
    for (what, text) in [
        ("the field", form.fields.value(FieldId::Csr)),
        ("the draft", form.draft_json()),
        ("the steps", format!("{steps:?}")),
        ("the form", format!("{form:?}")),
    ] {
        assert!(!text.contains(body), "{what} holds the key");
        assert!(!text.contains(&body[..16]), "{what} holds some of the key");
    }
}

#[test]
fn a_pasted_private_key_is_refused_and_wiped() {
    let key = key_pair().serialize_pem();
    for field in [FieldId::Csr, FieldId::EndDate] {
        let mut form = shop(FormKind::Duplicate);
        go_to(&mut form, field);
        let steps = paste(&mut form, &key);
        assert!(
            matches!(&steps[..], [FormStep::Tell(text)] if text.contains("private key") && text.contains("openssl req")),
            "{steps:?}"
        );
        assert_gone(&form, &steps, &key);
        assert!(form.notice.is_some());
        assert!(!form.is_dirty());
        let csr = csr_for(SHOP);
        go_to(&mut form, FieldId::Csr);
        paste(&mut form, &csr);
        assert_eq!(form.fields.value(FieldId::Csr), csr.trim_end());
    }
}

#[test]
fn a_private_key_beside_the_csr_is_refused_with_it() {
    let mut form = shop(FormKind::Duplicate);
    let key = key_pair().serialize_pem();
    let steps = paste(&mut form, &format!("{}{key}", csr_for(SHOP)));
    assert_gone(&form, &steps, &key);
}

#[test]
fn a_private_key_that_is_typed_is_refused_to_its_end() {
    let mut form = shop(FormKind::Duplicate);
    let key = key_pair().serialize_pem();
    let steps = type_text(&mut form, &key);
    assert_gone(&form, &steps, &key);
    assert_eq!(form.fields.value(FieldId::Csr), "");
    type_text(&mut form, "x");
    assert_eq!(
        form.fields.value(FieldId::Csr),
        "x",
        "what comes after it is typed"
    );
}

#[test]
fn a_private_key_that_comes_in_pieces_is_refused_to_its_end() {
    let mut form = shop(FormKind::Duplicate);
    let key = key_pair().serialize_pem();
    let (first, rest) = key.split_at(70);
    let mut steps = paste(&mut form, first);
    let (second, third) = rest.split_at(60);
    steps.extend(paste(&mut form, second));
    steps.extend(type_text(&mut form, third));
    assert_gone(&form, &steps, &key);
    assert_eq!(form.fields.value(FieldId::Csr), "");
}

#[test]
fn a_private_key_from_a_file_the_editor_or_a_draft_is_refused() {
    let key = key_pair().serialize_pem();
    let mut form = shop(FormKind::Duplicate);
    let mut steps = form.update(
        FormInput::FileRead {
            path: "x.key".into(),
            result: Ok(key.clone()),
        },
        TODAY,
    );
    act(&mut form, Action::Editor);
    steps.extend(form.update(FormInput::Edited(Ok(key.clone())), TODAY));
    assert_gone(&form, &steps, &key);
    let kept = serde_json::json!({"fields": {"csr": key}}).to_string();
    let form = Form::open(
        FormKind::Duplicate,
        &order_for(SHOP),
        None,
        &[],
        TODAY,
        Some(&kept),
    );
    assert_gone(&form, &[], &key);
}

#[test]
fn a_file_is_loaded_into_the_csr_field() {
    let mut form = shop(FormKind::Duplicate);
    act(&mut form, Action::LoadFile);
    assert!(form.is_typing());
    assert_eq!(act(&mut form, Action::Open), []);
    assert!(load(&form).error.is_some(), "a path is missing");
    type_text(&mut form, "./shop");
    let ask = act(&mut form, Action::NextField);
    let typed = "./shop".to_owned();
    let complete = Effect::CompletePath {
        typed: typed.clone(),
    };
    assert_eq!(ask, [FormStep::Effect(complete)]);
    let result = Ok(Completion {
        text: "./shop.".into(),
        offers: vec!["shop.csr".into(), "shop.key".into()],
    });
    form.update(FormInput::PathCompleted { typed, result }, TODAY);
    assert_eq!(load(&form).path.text(), "./shop.");
    assert_eq!(load(&form).offers.len(), 2);
    type_text(&mut form, "crs");
    let wants = |path: &str| {
        let (form, path) = ("duplicate-123456".into(), path.into());
        [FormStep::Effect(Effect::ReadFile { form, path })]
    };
    assert_eq!(act(&mut form, Action::Open), wants("./shop.crs"));
    form.update(
        FormInput::FileRead {
            path: "./shop.crs".into(),
            result: Err(Failure::local("./shop.crs: no such file.", "")),
        },
        TODAY,
    );
    // The path stays, and why it could not be read stands with it.
    assert_eq!(load(&form).path.text(), "./shop.crs");
    assert!(load(&form).error.is_some());
    for _ in 0..3 {
        press(&mut form, KeyCode::Backspace);
    }
    type_text(&mut form, "csr");
    assert_eq!(act(&mut form, Action::Open), wants("./shop.csr"));
    let csr = csr_for(SHOP).replace('\n', "\r\n");
    form.update(
        FormInput::FileRead {
            path: "./shop.csr".into(),
            result: Ok(csr),
        },
        TODAY,
    );
    assert!(form.reading.csr.is_some());
    // What was asked for and left fills nothing: not this form, and no other.
    act(&mut form, Action::LoadFile);
    type_text(&mut form, "./late");
    act(&mut form, Action::Open);
    act(&mut form, Action::Back);
    let before = form.reading.clone();
    form.update(
        FormInput::FileRead {
            path: "./late".into(),
            result: Ok("late".into()),
        },
        TODAY,
    );
    assert_eq!(form.reading, before);
}

fn load(form: &Form) -> &LoadFile {
    match &form.layer {
        Layer::LoadFile(load) => load,
        other => panic!("no file is asked for: {other:?}"),
    }
}

#[test]
fn a_key_and_csr_are_made_here() {
    let mut order = order_for(&["*.example.net", "example.net"]);
    order.product.name_id = "ssl_wildcard".into();
    let mut form = open(FormKind::Duplicate, &order);
    act(&mut form, Action::MakeKey);
    press(&mut form, KeyCode::Right);
    let steps = act(&mut form, Action::Open);
    assert_eq!(
        steps,
        [FormStep::Effect(Effect::MakeKey(KeySpec {
            form: "duplicate-123456".into(),
            algorithm: KeyAlgorithm::Rsa(2048),
            common_name: "*.example.net".into(),
            dns_names: vec!["*.example.net".into(), "example.net".into()],
            organization: Some("Example Trading GmbH".into()),
            path: "wildcard.example.net-123456.key".into(),
            makes_folders: false,
        }))]
    );
    let again = act(&mut form, Action::Open);
    assert!(matches!(&again[..], [FormStep::Tell(_)]), "once: {again:?}");
    form.update(
        FormInput::KeyMade(Err(Failure::local(
            "The file already exists.",
            "Take another name.",
        ))),
        TODAY,
    );
    let Layer::MakeKey(make) = &form.layer else {
        panic!("the question stays, to be answered better");
    };
    assert_eq!(
        make.fields.error.as_deref(),
        Some("The file already exists. Take another name.")
    );
    act(&mut form, Action::NextField);
    paste(&mut form, "2");
    let steps = act(&mut form, Action::Open);
    assert!(
        matches!(&steps[..], [FormStep::Effect(Effect::MakeKey(spec))] if spec.path.ends_with("key2"))
    );
    let csr = csr_for(&["*.example.net", "example.net"]);
    let steps = form.update(
        FormInput::KeyMade(Ok(KeyMade {
            csr: CsrText(csr),
            path: "./x.key2".into(),
        })),
        TODAY,
    );
    assert!(matches!(
        &steps[..],
        [FormStep::Tell(text), FormStep::Changed] if text.contains("./x.key2 (mode 0600")
    ));
    assert!(form.reading.csr.is_some());
    assert!(matches!(form.layer, Layer::Editing));
}

#[test]
fn a_csr_made_here_replaces_nothing_that_was_pasted_meanwhile() {
    let mut form = shop(FormKind::Duplicate);
    act(&mut form, Action::MakeKey);
    act(&mut form, Action::Open);
    act(&mut form, Action::Back);
    let mine = csr_for(SHOP);
    paste(&mut form, &mine);
    let steps = form.update(
        FormInput::KeyMade(Ok(KeyMade {
            csr: CsrText(csr_for(SHOP)),
            path: "./x.key".into(),
        })),
        TODAY,
    );
    assert!(matches!(&steps[..], [FormStep::Tell(text)] if text.contains("was not used")));
    assert_eq!(form.fields.value(FieldId::Csr), mine.trim_end());
}
