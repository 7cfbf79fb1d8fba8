//! The list as another desk on the same store brought it in line.

use super::Desk;
use crate::app::effect::Effect;
use crate::app::msg::{Msg, SyncEvent};
use crate::app::testing::summary;
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;

#[test]
fn what_another_desk_stored_is_shown_and_what_it_found_gone_goes() {
    let mut desk = Desk::with_orders(3);
    desk.press("j");
    let there = desk.model.current_order();
    let effects = desk.press("R");
    let run = effects.iter().find_map(|effect| match effect {
        Effect::Sync { run } => Some(*run),
        _ => None,
    });
    let run = run.unwrap();
    let stored = [
        summary(1, "n1.example.net"),
        summary(2, "new.example.net"),
        summary(9, "n9.example.net"),
    ];
    let stored = Rows::from_iter(&stored).into();
    let held = [1, 2, 9].map(OrderId).to_vec();
    for event in [SyncEvent::Stored(stored), SyncEvent::Held(held.clone())] {
        desk.tell(Msg::Sync { run, event });
    }
    let orders = &desk.model.engine.account.orders;
    let mut ids: Vec<OrderId> = orders.rows().map(|row| row.id).collect();
    ids.sort();
    assert_eq!(ids, held);
    let second = orders.get(OrderId(2)).unwrap();
    assert_eq!(second.common_name(), "new.example.net");
    assert_eq!(desk.model.current_order(), there, "the cursor stays");
    // Of a run that another has taken the place of nothing counts.
    desk.press("R");
    let event = SyncEvent::Held(Vec::new());
    desk.tell(Msg::Sync { run, event });
    assert_eq!(desk.model.engine.account.orders.len(), 3);
}

#[test]
fn which_orders_the_list_begins_with_is_known_once_it_is_whole() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.press("R");
    let run = effects.iter().find_map(|effect| match effect {
        Effect::Sync { run } => Some(*run),
        _ => None,
    });
    let run = run.unwrap();
    assert_eq!(
        desk.model.first_orders(2),
        [],
        "it may be a part of the list"
    );
    let removed = Vec::new();
    let event = SyncEvent::Finished { removed };
    desk.tell(Msg::Sync { run, event });
    assert_eq!(desk.model.first_orders(2).len(), 2);
}
