//! The screen that asks for region and key, the mistakes of the settings, and commands of other places.

use super::{Desk, lost, no_connection, no_key};
use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::app::popups::{ConnectField, ConnectForm, Popup};
use crate::config::KeyPlace;
use crate::domain::failure::{Failure, FailureKind};
use crate::keys::Action;

/// The screen that asks for region and key, if it is on top.
fn connect_form(desk: &Desk) -> &ConnectForm {
    match desk.model.popups.last() {
        Some(Popup::Connect(form)) => form,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_connect_screen_can_be_left_and_come_back_to_and_what_failed_stays_typed() {
    let mut desk = Desk::with_orders(5).on_an_account();
    let effects = desk.press("K");
    assert_eq!(effects, [Effect::FindKeyPlaces]);
    // Another region; a key that is pasted later goes to no other host than the one that was chosen.
    desk.press("shift-tab shift-tab right");
    let region = connect_form(&desk).fields.value(ConnectField::Region);
    desk.press("esc");
    assert!(desk.model.popups.is_empty());
    desk.press("K");
    assert_eq!(
        connect_form(&desk).fields.value(ConnectField::Region),
        region
    );
    desk.press("shift-tab shift-tab left esc");
    desk.press(": c o n n e c t");
    let effects = desk.press("enter");
    assert_eq!(effects, [Effect::FindKeyPlaces]);
    desk.paste("0123456789ABCDEF");
    desk.press("enter");
    assert!(connect_form(&desk).trying);
    assert!(desk.press("enter").is_empty(), "it is tried once");
    // A refusal, of whatever kind, takes nothing away: neither the typing nor the connection there is.
    for kind in [FailureKind::InvalidKey, FailureKind::Network] {
        let failure = Failure { kind, ..lost() };
        desk.tell(Msg::NotConnected(failure));
        assert_eq!(
            *connect_form(&desk).fields.value(ConnectField::Key),
            *"0123456789ABCDEF"
        );
        assert!(connect_form(&desk).fields.error.is_some());
        assert!(desk.model.engine.account.is_connected());
        assert_eq!(desk.model.engine.account.orders.len(), 5);
        assert_eq!(desk.press("enter").len(), 1, "it can be tried again");
    }
    let effects = desk.press("esc");
    assert_eq!(effects, [Effect::StopConnecting]);
    assert!(desk.model.engine.account.is_connected());
}

#[test]
fn the_key_is_kept_where_it_was_chosen_and_nowhere_without_a_choice() {
    let file = KeyPlace::File("/k".into());
    let kept = |places: Vec<KeyPlace>, keys: &str| {
        let mut desk = Desk::with_orders(5).on_an_account();
        desk.press("K");
        desk.paste("0123456789ABCDEF");
        desk.tell(Msg::KeyPlaces { places, kept: None });
        for key in keys.split_whitespace() {
            desk.press(key);
        }
        match desk.press("enter").pop() {
            Some(Effect::Connect { keep, .. }) => keep,
            other => panic!("{other:?}"),
        }
    };
    let all = vec![KeyPlace::Store, file.clone(), KeyPlace::Kernel];
    let bare = vec![file.clone(), KeyPlace::Kernel];
    assert_eq!(kept(all.clone(), ""), Some(KeyPlace::Store));
    assert_eq!(kept(all.clone(), "tab right"), Some(file.clone()));
    assert_eq!(kept(all, "tab left"), None);
    assert_eq!(
        kept(bare.clone(), ""),
        None,
        "a plain file has to be chosen"
    );
    assert_eq!(kept(bare.clone(), "tab right"), Some(file));
    assert_eq!(kept(bare, "tab left"), Some(KeyPlace::Kernel));
    assert_eq!(kept(Vec::new(), "tab right"), None);
}

#[test]
fn mistakes_of_the_settings_stay_until_they_are_read() {
    let mut desk = Desk::with_orders(5);
    desk.tell(Msg::Mistakes(vec!["c.toml:3: theme: is wrong".into()]));
    desk.tell(Msg::Notice("something else".into()));
    desk.press("j k down x");
    desk.tell(Msg::Connected(no_connection("default", no_key())));
    let Some(Popup::Reader(reader)) = desk.model.popups.last() else {
        panic!("{:?}", desk.model.popups);
    };
    let lines = format!("{:?}", reader.lines);
    assert!(lines.contains("c.toml:3"), "{lines}");
    desk.press("esc");
    connect_form(&desk);
}

#[test]
fn the_palette_says_where_a_command_of_another_place_works() {
    let mut desk = Desk::with_orders(5);
    desk.press(": m a k e - k e y");
    let Some(Popup::Palette(palette)) = desk.model.popups.last() else {
        panic!("no palette");
    };
    assert_eq!(palette.found[0].action, Action::MakeKey);
    assert!(desk.press("enter").is_empty());
    let told = desk.model.status.as_ref().unwrap();
    assert!(told.words.contains("form"), "{told:?}");
    assert!(told.words.contains("Ctrl-G"), "{told:?}");
}
