//! Reading only what changed.

use super::{Account, Asked, Fake, days, hear, known, now};
use crate::domain::ids::OrderId;
use crate::store::Cursor;
use crate::sync::Known;
use crate::sync::plan::{Plan, plan};

fn account(changed: impl IntoIterator<Item = u64>) -> Account {
    Account {
        orders: (1..=5000).collect(),
        changed: Some(changed.into_iter().collect()),
        ..Account::default()
    }
}

#[tokio::test]
async fn a_recent_account_asks_for_the_changes_alone() {
    let fake = Fake::with(account([17, 4711, 5001, 17]));
    fake.lock().orders.push(5001);
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert_eq!(heard.ids(), [17, 4711, 5001]);
    assert_eq!(heard.progress, [(3, 3)]);
    assert_eq!(heard.removed, [0; 0]);
    assert_eq!(
        heard.cursor,
        Some(Cursor {
            last_full: Some(days(1)),
            last_change: Some(now()),
        })
    );
    // Two minutes more than the day, for changes that were noted late.
    assert_eq!(
        fake.lock().asked,
        [
            Asked::Changed(86_520),
            Asked::Named(vec![17, 4711, 5001]),
            Asked::RenewalOf(5001)
        ]
    );
}

#[tokio::test]
async fn nothing_changed_is_one_call() {
    let fake = Fake::with(account([]));
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert!(heard.rows.is_empty() && heard.cursor.is_some());
    assert_eq!(fake.lock().asked.len(), 1);
}

#[tokio::test]
async fn the_whole_list_is_read_when_it_is_due_or_shorter() {
    let recent = Some(days(1));
    let mut old_full = known(1..=5000, recent);
    old_full.cursor.last_full = Some(days(7));
    let mut old_change = known(1..=5000, recent);
    old_change.cursor.last_change = Some(days(7));
    let cases = [
        ("never read", known(1..=5000, None)),
        ("full reading too old", old_full),
        ("changes too old", old_change),
        ("clock set back", known(1..=5000, Some(days(-1)))),
        ("small account", known(1..=2000, recent)),
    ];
    for (case, known) in cases {
        let fake = Fake::with(account([17]));
        assert!(hear(&fake, known).await.is_complete(), "{case}");
        assert_eq!(fake.lock().asked[0], Asked::Page(0), "{case}");
    }
}

#[tokio::test]
async fn many_changes_lead_to_the_whole_list() {
    let fake = Fake::with(account(1..=250));
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert!(heard.is_complete());
    assert_eq!(heard.ids().len(), 5000);
    let asked = fake.lock().asked.clone();
    assert!(!asked.iter().any(|call| matches!(call, Asked::Named(_))));
}

#[tokio::test]
async fn a_refused_question_leads_to_the_whole_list() {
    let fake = Fake::with(Account {
        changed: None,
        ..account([])
    });
    assert!(
        hear(&fake, known(1..=5000, Some(days(1))))
            .await
            .is_complete()
    );
}

#[tokio::test]
async fn no_connection_is_a_failure_and_not_a_detour() {
    let fake = Fake::with(Account {
        fails_at: Some(0),
        ..account([17])
    });
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert!(heard.failed);
    assert_eq!(fake.lock().asked.len(), 1);
}

#[tokio::test]
async fn an_order_that_changed_and_is_listed_no_more_is_gone() {
    let fake = Fake::with(account([17, 18, 6000]));
    fake.lock().orders.retain(|&id| id != 18);
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert_eq!(heard.ids(), [17]);
    assert_eq!(heard.removed, [18], "6000 was never known");
}

#[tokio::test]
async fn an_account_that_takes_one_number_gets_them_one_by_one() {
    let fake = Fake::with(Account {
        one_at_a_time: true,
        ..account([17, 18, 19])
    });
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert_eq!(heard.ids(), [17, 18, 19]);
    assert_eq!(
        fake.lock().asked[1..],
        [
            Asked::Named(vec![17, 18, 19]),
            Asked::Named(vec![18]),
            Asked::Named(vec![19])
        ]
    );
}

#[tokio::test]
async fn an_ignored_filter_leads_to_the_whole_list_and_removes_nothing() {
    let fake = Fake::with(Account {
        ignores_filter: true,
        ..account([17, 4711])
    });
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert!(heard.is_complete());
    assert_eq!(heard.removed, [0; 0]);
    assert_eq!(heard.rows[&4711].id, OrderId(4711));
}

#[tokio::test]
async fn an_order_is_gone_only_when_the_account_says_that_there_is_none() {
    for (silent, unread) in [(true, None), (false, Some((17, false)))] {
        let fake = Fake::with(Account {
            silent,
            unread: unread.into_iter().collect(),
            never_read: true,
            ..account([17])
        });
        if silent {
            fake.lock().orders.retain(|&id| id != 17);
        }
        let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
        assert_eq!(heard.removed, [0; 0], "{silent} {unread:?}");
    }
}

#[tokio::test]
async fn the_mark_stays_when_the_answer_came_later_than_the_margin() {
    // The window ends with the answer: what changed right after the last one would be in neither.
    for (slow, moves) in [
        (0, true),
        (60, true),
        (120, true),
        (121, false),
        (180, false),
        (-1, false),
    ] {
        let fake = Fake::with(Account {
            slow,
            ..account([17])
        });
        let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
        let mark = heard.cursor.unwrap().last_change;
        assert_eq!(heard.ids(), [17]);
        assert_eq!(mark, Some(if moves { now() } else { days(1) }), "{slow}");
    }
}

#[tokio::test]
async fn an_order_that_a_new_one_renews_is_read_again() {
    let fake = Fake::with(Account {
        renewals: [(5001, 12)].into(),
        ..account([17, 5001])
    });
    fake.lock().orders.push(5001);
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert_eq!(heard.ids(), [12, 17, 5001]);
    assert!(heard.rows[&12].is_renewed);
    assert_eq!(heard.progress.last(), Some(&(3, 3)));
    assert!(
        heard
            .cursor
            .is_some_and(|cursor| cursor.last_full == Some(days(1)))
    );
}

#[tokio::test]
async fn many_new_orders_lead_to_the_whole_list() {
    let fake = Fake::with(account(5001..=5010));
    fake.lock().orders.extend(5001..=5010);
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert!(heard.is_complete());
    assert!(
        !fake
            .lock()
            .asked
            .iter()
            .any(|call| matches!(call, Asked::RenewalOf(_)))
    );
}

#[tokio::test]
async fn an_order_whose_renewal_came_to_nothing_is_read_again() {
    let fake = Fake::with(Account {
        renewals: [(4000, 12)].into(),
        rejected: vec![4000],
        ..account([17, 4000])
    });
    let heard = hear(&fake, known(1..=5000, Some(days(1)))).await;
    assert_eq!(heard.ids(), [12, 17, 4000]);
    let asked = fake.lock().asked.clone();
    assert!(
        !asked.contains(&Asked::RenewalOf(17)),
        "an order that lives took nothing back"
    );
}

#[tokio::test]
async fn after_one_ignored_question_no_other_is_asked() {
    let fake = Fake::with(Account {
        ignores_filter: true,
        ..account([17, 4711, 4712, 4713])
    });
    assert!(
        hear(&fake, known(1..=5000, Some(days(1))))
            .await
            .is_complete()
    );
    let asked = fake.lock().asked.clone();
    let named = asked.iter().filter(|call| matches!(call, Asked::Named(_)));
    assert_eq!(named.count(), 2, "{asked:?}");
}

#[test]
fn a_window_of_changes_is_asked_for_where_it_reaches_back_to_the_last_one() {
    const WEEK: i64 = 7 * 86_400;
    let orders: Vec<OrderId> = (1..=2001).map(OrderId).collect();
    let ago = |seconds: i64| now() - jiff::SignedDuration::from_secs(seconds);
    for (full, change, seconds) in [
        // What happened in the very second of the last reading may have come after it.
        (0, Some(0), Some(120)),
        (1, Some(1), Some(121)),
        (3600, None, Some(3720)),
        (WEEK - 1, Some(60), Some(180)),
        // The window may be as long as the account allows, and no longer.
        (WEEK - 1, Some(WEEK - 120), Some(WEEK)),
        (WEEK - 1, Some(WEEK - 119), None),
        (WEEK, Some(60), None),
        // A clock that was set back.
        (60, Some(-1), None),
        (-1, Some(60), None),
        (-1, None, None),
    ] {
        let known = Known {
            is_shown: false,
            orders: orders.clone(),
            cursor: Cursor {
                last_full: Some(ago(full)),
                last_change: change.map(ago),
            },
        };
        let wanted = seconds.map_or(Plan::Full, |seconds| Plan::Changes {
            seconds: u32::try_from(seconds).unwrap(),
        });
        assert_eq!(plan(&known, now()), wanted, "{full} {change:?}");
    }
}

#[tokio::test]
async fn orders_that_are_read_again_for_a_renewal_are_counted_before_they_come() {
    let new = 100_001..=100_060;
    let fake = Fake::with(Account {
        orders: (1..=100_060).collect(),
        renewals: new.clone().map(|id| (id, id - 100_000)).collect(),
        ..account(new)
    });
    let heard = hear(&fake, known(1..=100_000, Some(days(1)))).await;
    assert_eq!(heard.progress, [(50, 60), (60, 60), (110, 120), (120, 120)]);
}
