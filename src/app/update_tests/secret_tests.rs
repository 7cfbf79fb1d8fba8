//! Private keys that are pasted or typed where the desk is not in a form.

use super::*;
use crossterm::event::{KeyCode, KeyModifiers};

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
        let told = &desk.model.told.as_ref().unwrap().words;
        assert!(told.contains("private key"), "{told}");

        // In two pieces, and letter by letter.
        let (one, two) = pem.split_at(pem.len() / 2);
        desk.tell(Msg::Paste(one.into()));
        desk.tell(Msg::Paste(two.into()));
        assert_eq!(held(&mut desk).as_deref(), Some(""), "{keys} in pieces");
        for letter in pem.replace('\n', "").chars() {
            let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
            desk.tell(Msg::Key(key));
        }
        assert_eq!(held(&mut desk).as_deref(), Some(""), "{keys} as letters");

        // As a manifest holds it: base64 of it, with nothing around that tells its end.
        let dressed = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &pem);
        let (one, two) = dressed.split_at(dressed.len() / 2);
        for piece in [&dressed, one, two] {
            desk.tell(Msg::Paste(piece.into()));
            assert_eq!(held(&mut desk).as_deref(), Some(""), "{keys} as base64");
        }

        desk.tell(Msg::Paste("shop".into()));
        assert_eq!(
            held(&mut desk).as_deref(),
            Some("shop"),
            "{keys}: the next is no key"
        );
    }
}
