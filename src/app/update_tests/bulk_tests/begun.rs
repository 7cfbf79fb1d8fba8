//! A list of CSRs among what was begun: one of another desk takes its place, and none while it is being sent.

use super::*;
use crate::app::picker::Picker;

/// A desk with a list of two CSRs, and this kept beside what is there.
fn beside(key: &str) -> Desk {
    let mut desk = Desk::with_bulk(&several(2));
    for key in ["bulk-1", "duplicate-1", key] {
        desk.tell(Msg::Draft {
            key: key.into(),
            json: "{}".into(),
            refusal: None,
        });
    }
    desk
}

/// Opens the row of this name from the list of what was begun.
fn open(desk: &mut Desk, name: &str) -> Vec<Effect> {
    let all = crate::app::popups::drafts::begun(&desk.model.engine.drafts);
    let mut words = all.iter().map(|begun| begun.words(&desk.model.engine));
    let at = words.position(|words| words.starts_with(name) && words.ends_with(')'));
    let picker = Picker::on(&all, at.expect("it is listed"));
    desk.model.popups.push(Popup::Drafts(picker));
    desk.press("enter")
}

fn swaps(effects: &[Effect]) -> bool {
    let mut all = effects.iter();
    all.any(|effect| matches!(effect, Effect::SwapDrafts { .. }))
}

fn rows(desk: &Desk) -> usize {
    let list = desk.model.engine.bulk.get(OrderId(1));
    list.map_or(0, |list| list.rows.len())
}

#[test]
fn a_list_of_another_desk_takes_the_place_of_this_one_and_a_form_does_not() {
    for (key, name, left) in [
        ("bulk~1-1", "Bulk duplicates", 0),
        ("duplicate~1-1", "Duplicate of order 1", 2),
    ] {
        let mut desk = beside(key);
        assert_eq!(rows(&desk), 2);
        assert!(swaps(&open(&mut desk, name)), "{key}");
        assert_eq!(rows(&desk), left, "{key}");
    }
}
