//! What people paste as they paste it: keys in any dress get nowhere, CSRs in any dress are read, and what a CSR holds that the
//! certificate will not is said.

use super::*;
use crate::app::effect::KeyAlgorithm;
use crate::domain::draft::{FormKind, Tone};
use crate::domain::testing as real;

/// Nothing of the text is in the form, its draft or its steps.
fn assert_gone(form: &Form, steps: &[FormStep], text: &str, dress: &str) {
    let piece: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .skip(40)
        .take(24)
        .collect();
    let told = format!("{steps:?}");
    for (what, held) in [("the draft", form.draft_json()), ("a step", told)] {
        let held: String = held.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(
            !held.contains(&piece),
            "{dress}: {what} holds some of the key"
        );
    }
}

#[test]
fn a_key_in_any_dress_gets_into_no_field() {
    let key = key_pair().serialize_pem().replace("\r\n", "\n");
    for (dress, text) in real::dresses(&key) {
        for field in [FieldId::Csr, FieldId::Names, FieldId::EndDate] {
            let mut form = shop(FormKind::Duplicate);
            go_to(&mut form, field);
            let steps = paste(&mut form, &text);
            assert!(
                matches!(&steps[..], [FormStep::Tell(text)] if text.contains("never sends it")),
                "{dress}: {steps:?}"
            );
            assert_gone(&form, &steps, &text, dress);
            assert!(!form.is_dirty(), "{dress}");
        }
    }
}

#[test]
fn a_key_that_is_typed_into_a_question_over_the_form_is_wiped() {
    let key = key_pair().serialize_pem().replace('\n', "");
    let open = |action: Action| {
        let mut form = shop(FormKind::Duplicate);
        act(&mut form, action);
        form
    };
    let mut load = open(Action::LoadFile);
    let steps = type_text(&mut load, &key);
    assert!(matches!(&load.layer, Layer::LoadFile(load) if load.path.is_empty()));
    assert_gone(&load, &steps, &key, "load");
    let mut make = open(Action::MakeKey);
    if let Layer::MakeKey(make) = &mut make.layer {
        assert_eq!(make.chosen(), KeyAlgorithm::ALL[0]);
        make.fields.refocus(MakeKeyField::Path);
        make.fields.text_mut().unwrap().wipe();
    }
    type_text(&mut make, &key);
    assert!(
        matches!(&make.layer, Layer::MakeKey(make) if make.fields.value(MakeKeyField::Path).is_empty())
    );
}

#[test]
fn the_rest_of_a_key_without_an_armour_is_not_kept_either() {
    let key = key_pair().serialize_pem();
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, key);
    let mut form = shop(FormKind::Duplicate);
    let (first, rest) = text.split_at(text.len() / 2);
    let steps = paste(&mut form, first);
    assert_gone(&form, &steps, first, "the first piece");
    let steps = paste(&mut form, rest);
    assert_gone(&form, &steps, rest, "the second piece");
    assert_eq!(form.fields.value(FieldId::Csr), "");
    // What comes then is something else.
    let csr = csr_for(SHOP);
    paste(&mut form, &csr);
    assert!(form.reading.csr.is_some());
}

#[test]
fn a_csr_in_any_dress_goes_to_its_field_and_replaces_another() {
    let csr = csr_for(SHOP).replace("\r\n", "\n");
    let expected = crate::domain::csr::read(&csr).unwrap();
    for (dress, text) in real::dresses(&csr) {
        let mut form = shop(FormKind::Duplicate);
        paste(&mut form, &csr_for(&["db.example.org"]));
        go_to(&mut form, FieldId::EndDate);
        paste(&mut form, &text);
        let read = form.reading.csr.as_ref();
        assert_eq!(read, Some(&expected), "{dress}");
        assert_eq!(form.focus(), FieldId::Csr, "{dress}");
    }
}

#[test]
fn the_csr_of_another_server_is_the_first_thing_said() {
    let mut form = shop(FormKind::Duplicate);
    paste(
        &mut form,
        &csr_for(&["db.example.org", "www.db.example.org"]),
    );
    let first = &form.reading.notes[0];
    assert_eq!(first.tone, Tone::Bad, "{first:?}");
    assert!(
        first
            .text
            .starts_with("None of its names is on this order: db.example.org, www.db.example.org."),
        "{first:?}"
    );
    // The account takes the names from the form, so that it may be meant; the review says it once more.
    assert!(form.reading.csr.is_some());
    assert!(form.reading.warnings().any(|note| note.tone == Tone::Bad));
    paste(&mut form, &csr_for(&["API.example.net."]));
    assert_ne!(form.reading.notes[0].tone, Tone::Bad);
}

#[test]
fn its_names_are_those_asked_for_only_when_all_were_looked_at() {
    let names = "DNS:shop.example.net,DNS:www.shop.example.net,DNS:api.example.net";
    let with = |subject: &str, more: &str| {
        let extension = format!("subjectAltName={names}{more}");
        let key = ["rsa:2048", "-addext", &extension];
        real::csr(subject, &key).0
    };
    for (subject, more, said) in [
        ("/CN=shop.example.net", "", None),
        (
            "/CN=shop.example.net",
            ",IP:10.0.0.7",
            Some("It also contains IP 10.0.0.7, which this product will not include."),
        ),
        (
            "/CN=shop.example.net",
            ",email:ops@example.net",
            Some("email ops@example.net"),
        ),
        (
            "/CN=shop.example.net",
            ",URI:https://x.example.net",
            Some("URI https://x.example.net"),
        ),
        (
            "/CN=shop.example.net",
            ",otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@example.net",
            Some("UPN u@example.net"),
        ),
        ("/CN=shop.example.net", ",RID:1.2.3.4", Some("RID 1.2.3.4")),
        ("/CN=The shop", "", Some("CN The shop")),
        (
            "/CN=old.example.net",
            "",
            Some("In the CSR but not requested: old.example.net"),
        ),
        (
            "/CN=shop.example.net/CN=old.example.net",
            "",
            Some("old.example.net"),
        ),
    ] {
        let mut form = shop(FormKind::Duplicate);
        paste(&mut form, &with(subject, more));
        let notes = notes(&form);
        let all = notes.contains("CSR names match the request.");
        assert_eq!(all, said.is_none(), "{subject} {more}: {notes}");
        assert!(said.is_none_or(|said| notes.contains(said)), "{notes}");
    }
}

#[test]
fn a_signature_that_cannot_be_checked_is_said_and_stops_nothing() {
    let key = [
        "rsa:2048",
        "-sigopt",
        "rsa_padding_mode:pss",
        "-sigopt",
        "rsa_mgf1_md:sha1",
    ];
    let (csr, _) = real::csr("/CN=shop.example.net", &key);
    let mut form = shop(FormKind::Duplicate);
    paste(&mut form, &csr);
    let notes = notes(&form);
    assert!(
        notes.contains("Its signature cannot be checked here: its RSASSA-PSS uses"),
        "{notes}"
    );
    assert!(
        !notes.contains("make a new one") && !notes.contains("signature valid"),
        "{notes}"
    );
    assert!(form.reading.csr.is_some());
}

/// The forms of every family, so that every text field there is stands in one of them.
fn all_forms() -> Vec<Form> {
    let mut forms = vec![orders::renewal(), orders::new_order("ssl_ev_securesite")];
    for kind in [FormKind::Duplicate, FormKind::Reissue] {
        forms.push(shop(kind));
        for name_id in [
            "code_signing",
            "code_signing_ev",
            "secure_email_sponsor",
            "secure_email_individual",
            "client_premium",
            "vmc_basic",
        ] {
            forms.push(open(kind, &families::order_of(name_id)));
        }
    }
    forms
}

#[test]
fn no_text_field_of_any_form_takes_a_key_by_any_way() {
    let key = key_pair().serialize_pem();
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, key);
    let mut seen = std::collections::BTreeSet::new();
    for mut form in all_forms() {
        let kind = form.kind;
        let fields: Vec<FieldId> = form
            .fields
            .all
            .iter()
            .filter(|field| matches!(field.input, Input::Text(_)))
            .map(|field| field.id)
            .collect();
        for id in fields {
            seen.insert(format!("{id:?}"));
            form.fields.refocus(id);
            let before = form.fields.value(id);
            let steps = paste(&mut form, &text);
            assert_gone(&form, &steps, &text, &format!("{kind:?} {id:?} pasted"));
            let steps = form.update(FormInput::Edited(Ok(text.clone())), TODAY);
            assert_gone(&form, &steps, &text, &format!("{kind:?} {id:?} edited"));
            assert_eq!(form.fields.value(id), before, "{kind:?} {id:?}");
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
}
