//! Private keys that are pasted or typed where the desk is not in a form.

use super::*;
use crate::app::bulk::BulkField;
use crate::domain::testing as real;
use rstest::rstest;

/// A desk in which this place, outside of the forms, takes a text.
fn typing_in(place: &str) -> Desk {
    let mut desk = match place {
        "approve" | "reject" | "find a request" => super::requests_tests::listed(),
        _ => super::operations_tests::opened(|_| {}),
    };
    if place.starts_with("connect") {
        desk = Desk::connected();
        desk.tell(Msg::Connected(no_connection("default", no_key())));
    }
    let keys = match place {
        "find an order" => "1 /",
        "find a request" => "/",
        "palette" => ":",
        "names" => "1 D",
        "approve" => "a",
        "reject" => "x",
        "note" => "m enter",
        "file" => "w",
        "connect: key" => "",
        "connect: address" => "up right right down",
        other => panic!("{other}"),
    };
    if !keys.is_empty() {
        desk.press(keys);
    }
    desk
}

/// What stands in the field that is typed in.
fn held(desk: &mut Desk) -> String {
    let requests = desk.model.screen == Screen::Requests;
    match desk.model.popups.last_mut() {
        Some(popup) => popup.field_mut().expect("a field").text(),
        None if requests => desk.model.requests.filter.text(),
        None => desk.model.orders.filter.text(),
    }
}

/// Nothing of a key is in its field, in an effect, or anywhere in what the desk holds.
#[rstest]
fn a_key_in_any_dress_gets_into_no_place(
    #[values(
        "find an order",
        "find a request",
        "palette",
        "names",
        "approve",
        "reject",
        "note",
        "file",
        "connect: key",
        "connect: address"
    )]
    place: &str,
) {
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    for (dress, text) in real::dresses(&key.replace("\r\n", "\n")) {
        let mut desk = typing_in(place);
        let before = held(&mut desk);
        let effects = desk.tell(Msg::Paste(text.clone()));
        assert_eq!(held(&mut desk), before, "{place}, {dress}");
        let told = desk.told();
        assert!(told.contains("never sends it"), "{place}, {dress}: {told}");
        let piece: String = text.chars().skip(60).take(24).collect();
        let all = format!("{:?} {effects:?}", desk.model);
        assert!(!all.contains(&piece), "{place}, {dress}: it is still there");
    }
}

#[test]
fn a_private_key_gets_into_no_field_at_all() {
    let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let held = |desk: &mut Desk| match desk.model.popups.last_mut() {
        Some(popup) => popup.field_mut().map(|field| field.text()),
        None => Some(desk.model.orders.filter.text()),
    };
    // The filter, the palette, and the question what a note shall say.
    for keys in ["/", ":", "m"] {
        let mut desk = Desk::with_orders(1);
        let effects = desk.press(keys);
        if keys.ends_with('m') {
            let info = order(1, Certificate::empty(Role::Primary));
            let info = Ok(Data::Order(Box::new(info)));
            desk.answer(&effects, &Read::Order(OrderId(1)), info);
            desk.press("enter");
        }
        assert_eq!(
            held(&mut desk).as_deref(),
            Some(""),
            "{keys} asks for a text"
        );
        desk.tell(Msg::Paste(pem.clone()));
        assert_eq!(held(&mut desk).as_deref(), Some(""), "{keys}");
        let told = desk.told();
        assert!(told.contains("private key"), "{told}");

        // In two pieces, and letter by letter.
        let (one, two) = pem.split_at(pem.len() / 2);
        desk.paste(one);
        desk.paste(two);
        assert_eq!(held(&mut desk).as_deref(), Some(""), "{keys} in pieces");
        desk.type_text(&pem.replace('\n', ""));
        assert_eq!(held(&mut desk).as_deref(), Some(""), "{keys} as letters");

        // As a manifest holds it: base64 of it, with nothing around that tells its end.
        let dressed = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &pem);
        let (one, two) = dressed.split_at(dressed.len() / 2);
        for piece in [&dressed, one, two] {
            desk.paste(piece);
            assert_eq!(held(&mut desk).as_deref(), Some(""), "{keys} as base64");
        }

        desk.paste("shop");
        assert_eq!(
            held(&mut desk).as_deref(),
            Some("shop"),
            "{keys}: the next is no key"
        );
    }
}

#[test]
fn a_secret_is_what_was_given_and_tells_nothing_of_itself() {
    use crate::app::secret::Secret;
    use secrecy::ExposeSecret;

    let secret = |text: &str| Secret::new(text.to_owned());
    assert_eq!(secret("0123"), secret("0123"));
    assert_ne!(secret("0123"), secret("0124"));
    assert_eq!(secret("0123").into_inner().expose_secret(), "0123");
    assert_eq!(format!("{:?}", secret("0123")), "Secret(…)");
}

#[rstest]
#[case::a_list("b", "tab shift-tab")]
#[case::a_list_left_and_opened_again("b", "esc b")]
#[case::a_filter("/", "esc /")]
#[case::a_list_by_backspace("b", "backspace")]
fn what_is_swallowed_after_a_private_key_is_said_and_ends(#[case] place: &str, #[case] ends: &str) {
    let held = |desk: &Desk| match desk.model.bulk_screens.open() {
        Some(open) => open.fields.value(BulkField::Paths),
        None => desk.model.orders.filter.text(),
    };
    let types = |desk: &mut Desk, text: &str| {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                desk.key("enter");
            }
            desk.type_text(line);
        }
    };
    let mut desk = Desk::with_orders(1);
    desk.press(place);
    types(&mut desk, "-----BEGIN PRIVATE KEY-----");
    assert_eq!(held(&desk), "");
    let lines = if place == "b" {
        "\nMC4CAQAw\nBQYD"
    } else {
        "MC4C"
    };
    types(&mut desk, lines);
    assert_eq!(held(&desk), "");
    let words = desk.told();
    assert!(words.contains("Backspace"), "{words}");
    desk.press(ends);
    types(&mut desk, "abc");
    assert_eq!(held(&desk), "abc", "{ends}");
}
