//! A machine whose clock is wrong: the account's dates are compared by the account's clock, and it is told.

use super::*;
use crate::app::account::SyncState;
use crate::app::status::Tone;
use crate::domain::clock::ClockOffset;

const DAY: i64 = 86_400;

#[test]
fn dates_follow_the_accounts_clock_however_wrong_this_machines_is() {
    let mut desk = Desk::with_orders(3);
    let right = desk.model.today();
    for days in [-3_000, -400, -1, 1, 400, 3_000] {
        let mut desk = Desk::with_orders(3);
        desk.now += SignedDuration::from_secs(days * DAY);
        desk.tell(Msg::Resize(80, 24));
        assert_ne!(desk.model.today(), right, "{days}");
        desk.tell(Msg::Clock(ClockOffset {
            seconds: -days * DAY,
        }));
        assert_eq!(desk.model.today(), right, "{days}");
        let told = desk.model.status.as_ref().unwrap();
        assert_eq!(told.tone, Tone::Warn);
        assert!(told.words.contains("clock"), "{}", told.words);
    }
    // A small difference is nobody's concern.
    desk.tell(Msg::Clock(ClockOffset { seconds: 90 }));
    assert_eq!(desk.model.status, None);
}

#[test]
fn it_is_told_once_until_it_was_right_again() {
    let mut desk = Desk::with_orders(1);
    let wrong = |seconds| Msg::Clock(ClockOffset { seconds });
    desk.tell(wrong(-1200));
    assert!(desk.model.status.take().is_some());
    desk.tell(wrong(-1203));
    assert_eq!(desk.model.status, None);
    desk.tell(wrong(0));
    desk.tell(wrong(1200));
    assert!(desk.model.status.is_some());
}

#[test]
fn the_list_is_filtered_by_the_accounts_day() {
    let mut desk = Desk::with_orders(3);
    desk.now += SignedDuration::from_hours(24 * 400);
    desk.press("/");
    for c in "ends>=0d".chars() {
        desk.press(&c.to_string());
    }
    let shown = |desk: &Desk| desk.model.orders.view.len();
    assert_eq!(shown(&desk), 0);
    desk.tell(Msg::Clock(ClockOffset {
        seconds: -400 * DAY,
    }));
    assert_eq!(shown(&desk), 3);
    assert!(matches!(desk.model.engine.account.sync, SyncState::Done(_)));
}
