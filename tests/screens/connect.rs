//! Region, address and key: asked for, and kept where that is chosen.

use certdeck::app::msg::{Connection, Msg};
use certdeck::config::KeyPlace;
use certdeck::domain::failure::{Failure, FailureKind};

use crate::account::Desk;
use crate::desk::seen;
use crate::draw::text;
use crate::hands::no_connection;

pub fn no_key() -> Failure {
    Failure {
        kind: FailureKind::NoKey,
        what: "There is no API key for the profile work.".into(),
        advice: "Type it below, set CERTDECK_API_KEY, or run `certdeck key set`.".into(),
        status: None,
        codes: Vec::new(),
    }
}

#[test]
fn no_key_yet() {
    seen("connect", |size| {
        let mut desk = Desk::started(size);
        desk.tell(Msg::Connected(no_connection("work", no_key())));
        desk.type_text("secret");
        desk
    });
}

/// The last field, where the places are known; nothing of the box is out of reach on the smallest screen.
#[test]
fn where_the_key_is_kept() {
    seen("connect_keep", |size| {
        let mut desk = Desk::started(size);
        desk.tell(Msg::Connected(no_connection("work", no_key())));
        let file = KeyPlace::File("/home/ada/.config/certdeck/keys/work.key".into());
        desk.tell(Msg::KeyPlaces {
            places: vec![file, KeyPlace::Kernel],
            kept: None,
        });
        desk.press("tab right");
        desk
    });
}

#[test]
fn every_field_of_the_connection_is_seen_when_it_is_typed_in() {
    for (columns, rows) in [(40, 10), (40, 9), (40, 8), (40, 7), (60, 12), (80, 24)] {
        let mut desk = Desk::started((columns, rows));
        desk.tell(Msg::Connected(Connection {
            url: "https://elsewhere.example/services/v2".into(),
            ..no_connection("work", no_key())
        }));
        desk.tell(Msg::KeyPlaces {
            places: vec![KeyPlace::Kernel],
            kept: None,
        });
        for error in [false, true] {
            if error {
                desk.press("enter");
            }
            for field in ["▸ Keep key", "▸ Region", "▸ URL", "▸ API key"] {
                desk.press("tab");
                let seen = text(&desk.model);
                assert!(
                    seen.contains(field),
                    "{columns}x{rows}: no {field} in\n{seen}"
                );
                // With a single row there is the field alone.
                let told = !error || rows < 8 || seen.contains("Enter the API key");
                assert!(told, "{seen}");
            }
        }
    }
}

#[test]
fn no_key_and_the_question_closed() {
    seen("no_key", |size| {
        let mut desk = Desk::started(size);
        desk.tell(Msg::Connected(no_connection("work", no_key())));
        desk.press("esc");
        desk
    });
}
