//! Fields that are filled in behave alike wherever they stand: in the forms, a list of CSRs, a question, the connection and
//! the key maker.

use certdeck::app::msg::Msg;
use rcgen::KeyPair;
use rstest::rstest;

use crate::account::Desk;
use crate::draw::{cells, text};
use crate::keys::state;

/// Stops that no screen has: who is not back by then goes nowhere.
const MANY: usize = 99;

/// The line of the field that has the focus, without the box around it.
fn focused(desk: &Desk) -> Option<String> {
    let screen = text(&desk.model);
    let line = screen.lines().find_map(|line| line.split_once("▸ "))?;
    Some(line.1.to_owned())
}

/// A desk for each stop on the way round, from the first on; what was said before is gone.
fn stops(name: &str, next: &str, before: &str) -> Vec<Desk> {
    let began = || {
        let mut desk = state(name);
        desk.key(next);
        desk.key(before);
        desk
    };
    let first = cells(&began().model);
    let mut all = vec![began()];
    for further in 1..MANY {
        let mut desk = began();
        (0..further).for_each(|_| drop(desk.key(next)));
        if cells(&desk.model) == first {
            return all;
        }
        all.push(desk);
    }
    let seen: Vec<_> = all.iter().take(9).map(focused).collect();
    panic!("{name}: {next} does not come back: {seen:?}");
}

#[rstest]
#[case("form", "tab", "shift-tab")]
#[case("bulk", "tab", "shift-tab")]
#[case("form, make a key", "down", "up")]
#[case("revoking", "down", "up")]
#[case("connecting", "down", "up")]
fn fields_are_gone_through_turned_and_kept_clean_alike(
    #[case] name: &str,
    #[case] next: &str,
    #[case] before: &str,
) {
    let pem = KeyPair::generate().expect("a key").serialize_pem();
    let piece = &pem[40..70];
    let all = stops(name, next, before);
    let pictures: Vec<_> = all.iter().map(|desk| cells(&desk.model)).collect();
    let mut turned = 0;
    for (at, mut desk) in all.into_iter().enumerate() {
        let what = format!("{name}, {at}: {:?}", focused(&desk));
        // Back is the way one came.
        desk.key(before);
        let last = (at + pictures.len() - 1) % pictures.len();
        assert!(cells(&desk.model) == pictures[last], "{what}");
        desk.key(next);
        assert!(cells(&desk.model) == pictures[at], "{what}");
        // What is turned one way is turned back the other.
        let shown = focused(&desk);
        if shown.as_ref().is_some_and(|line| line.contains('‹')) {
            for (there, back) in [("right", "left"), ("left", "right")] {
                desk.key(there);
                assert_ne!(focused(&desk), shown, "{what}: {there}");
                desk.key(back);
                assert_eq!(focused(&desk), shown, "{what}: {back}");
            }
            turned += 1;
        }
        // A private key gets into none of them.
        desk.tell(Msg::Paste(pem.clone()));
        assert!(!text(&desk.model).contains(piece), "{what}");
        let status = desk.model.status.as_ref().map(|status| &status.words);
        let is_told = status.is_some_and(|words| words.contains("never sends it"));
        assert!(is_told, "{what}: {status:?}");
        assert_eq!(focused(&desk), shown, "{what}");
    }
    assert!(turned > 0, "{name}: nothing is turned");
}
