//! The list of what was begun: what another desk typed in the same form is kept beside, and can be gone on with.

use super::*;
use crate::app::popups::drafts::begun;

fn with(keys: &[(&str, &str)]) -> Desk {
    let mut desk = Desk::with_orders(2);
    for (key, json) in keys {
        desk.tell(Msg::Draft {
            key: (*key).into(),
            json: (*json).into(),
            refusal: None,
        });
    }
    desk
}

fn words(desk: &Desk) -> Vec<String> {
    let all = begun(&desk.model.engine.drafts).into_iter();
    all.map(|begun| begun.words(&desk.model.engine)).collect()
}

fn at(desk: &Desk) -> Option<usize> {
    match desk.model.popups.last() {
        Some(Popup::Drafts(picker)) => Some(picker.at(&begun(&desk.model.engine.drafts))),
        _ => None,
    }
}

#[test]
fn what_is_kept_beside_another_is_told_as_that() {
    let keys = [
        "duplicate-1",
        "duplicate~1-1",
        "renewal-2",
        "bulk~3-2",
        "neworder~2",
        "neworder",
        "duplicate~x-1",
        "duplicate-x",
    ];
    let desk = with(&keys.map(|key| (key, "{}")));
    assert_eq!(
        words(&desk),
        [
            "New order",
            "New order, of another certdeck (2)",
            "Duplicate of order 1 · n1.example.net",
            "Duplicate of order 1 · n1.example.net, of another certdeck (1)",
            "Renewal of order 2 · n2.example.net",
            "Bulk duplicates of order 2 · n2.example.net, of another certdeck (3)",
        ]
    );
}

#[test]
fn the_list_is_gone_through_and_left() {
    let keys = ["duplicate-1", "reissue-1", "renewal-2"];
    let mut desk = with(&keys.map(|key| (key, "{}")));
    desk.press("F");
    let mut places = Vec::new();
    for key in ["j", "j", "j", "k", "k", "k"] {
        desk.press(key);
        places.push(at(&desk));
    }
    assert_eq!(places, [1, 2, 2, 1, 0, 0].map(Some));
    desk.press("esc");
    assert_eq!(at(&desk), None);
    assert!(desk.model.form.is_none());
    assert_eq!(words(&desk).len(), 3, "what was begun stays");
}

#[test]
fn what_is_kept_beside_changes_places_with_what_was_there() {
    for (mine, other) in [
        ("duplicate-1", "duplicate~1-1"),
        ("bulk-1", "bulk~1-1"),
        ("neworder", "neworder~1"),
    ] {
        let begun = || with(&[(mine, r#"{"here":1}"#), (other, r#"{"there":1}"#)]);
        let mut desk = begun();
        let effects = desk.press("F j enter");
        let swapped = Effect::SwapDrafts {
            one: other.into(),
            other: mine.into(),
        };
        assert_eq!(effects.first(), Some(&swapped), "{mine}");
        let kept = |key: &str| desk.model.engine.drafts.texts.get(key).map(String::as_str);
        assert_eq!(kept(other), Some(r#"{"here":1}"#), "{mine}");
        assert_eq!(kept(mine), Some(r#"{"there":1}"#), "{mine}");
        // What is in its place already changes none.
        let effects = begun().press("F enter");
        let swaps = |effect: &Effect| matches!(effect, Effect::SwapDrafts { .. });
        assert!(!effects.iter().any(swaps), "{mine}: {effects:?}");
    }
}
