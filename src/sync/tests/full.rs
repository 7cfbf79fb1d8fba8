//! Reading the whole list.

use rstest::rstest;
use tokio::sync::mpsc;

use super::{Account, Asked, Fake, days, hear, known, now};
use crate::sync::{Known, SyncEvent, run};

fn account(orders: impl IntoIterator<Item = u64>) -> Account {
    Account {
        orders: orders.into_iter().collect(),
        ..Account::default()
    }
}

fn ids(numbers: impl IntoIterator<Item = u64>) -> Vec<u64> {
    numbers.into_iter().collect()
}

#[tokio::test]
async fn every_order_comes_and_the_cursor_says_when() {
    let fake = Fake::with(account(1..=2500));
    let heard = hear(&fake, known([], None)).await;
    assert_eq!(heard.ids(), ids(1..=2500));
    assert_eq!(heard.progress, [(1000, 2500), (1999, 2500), (2500, 2500)]);
    assert!(heard.is_complete());
    assert_eq!(heard.cursor.unwrap().last_change, Some(now()));
    assert_eq!(
        fake.lock().asked,
        [Asked::Page(0), Asked::Page(999), Asked::Page(1998)]
    );
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_known_the_newest_are_there_before_the_first_page() {
    for (newest_takes, known_orders, is_shown, early) in [
        (Some(10), vec![], false, true),
        // They came too late, or cannot be asked for, or there is something to see already.
        (Some(1000), vec![], false, false),
        (None, vec![], false, false),
        (Some(10), vec![1], false, false),
        (Some(10), vec![], true, false),
    ] {
        let fake = Fake::with(Account {
            newest_takes,
            takes: Some(|_| 100),
            ..account(1..=2500)
        });
        let known = Known {
            is_shown,
            ..known(known_orders, None)
        };
        let heard = hear(&fake, known).await;
        let mut wanted = vec![(1000, 2500), (1999, 2500), (2500, 2500)];
        if early {
            wanted.insert(0, (60, 2500));
        }
        assert_eq!(heard.progress, wanted, "{newest_takes:?}");
        assert!(heard.is_complete());
        assert_eq!(heard.ids(), ids(1..=2500));
        assert_eq!(fake.lock().asked.len(), 3, "and no page is read twice");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_shown_first_and_left_the_list_meanwhile_is_told_to_be_gone() {
    let fake = Fake::with(Account {
        newest_takes: Some(10),
        gone_soon: vec![9000],
        takes: Some(|_| 100),
        ..account(1..=1500)
    });
    let heard = hear(&fake, known([], None)).await;
    assert_eq!(heard.removed, [9000]);
    assert!(heard.is_complete());
    // A list that is shorter than that comes whole at once.
    let fake = Fake::with(Account {
        newest_takes: Some(10),
        takes: Some(|_| 100),
        ..account(1..=50)
    });
    let heard = hear(&fake, known([], None)).await;
    assert_eq!(heard.progress, [(50, 50)]);
}

#[tokio::test]
async fn orders_that_are_no_longer_listed_are_told() {
    let fake = Fake::with(account((1..=1500).filter(|id| id % 500 != 0)));
    let heard = hear(&fake, known(1..=1502, Some(days(8)))).await;
    assert_eq!(heard.removed, [500, 1000, 1500, 1501, 1502]);
}

#[tokio::test]
async fn an_empty_account_is_one_call() {
    let fake = Fake::with(account([]));
    let heard = hear(&fake, known([7], None)).await;
    assert_eq!(heard.removed, [7]);
    assert!(heard.is_complete());
    assert_eq!(fake.lock().asked, [Asked::Page(0)]);
}

#[tokio::test]
async fn nothing_is_taken_for_gone_unless_the_account_counts_and_every_row_was_read() {
    let silent = Fake::with(Account {
        silent: true,
        ..account([])
    });
    let unread = Fake::with(Account {
        unread: [(1, false)].into(),
        ..account([1, 2, 3])
    });
    let repeated = Fake::with(account([1, 1, 2]));
    for fake in [silent, unread, repeated] {
        let heard = hear(&fake, known([7], None)).await;
        assert_eq!(heard.removed, [0; 0]);
        assert!(!heard.is_complete());
    }
}

#[tokio::test]
async fn an_account_that_fits_on_a_page_is_one_call() {
    let fake = Fake::with(account(1..=1000));
    assert!(hear(&fake, known([], None)).await.is_complete());
    assert_eq!(fake.lock().asked, [Asked::Page(0)]);
}

#[tokio::test]
async fn without_a_total_a_short_page_is_the_last() {
    let fake = Fake::with(Account {
        silent: true,
        ..account(1..=1700)
    });
    let heard = hear(&fake, known([7000], None)).await;
    assert_eq!(heard.ids().len(), 1700);
    assert_eq!(heard.removed, [0; 0]);
}

#[tokio::test]
async fn smaller_pages_than_asked_for_are_followed() {
    let fake = Fake::with(Account {
        largest: Some(300),
        ..account(1..=1000)
    });
    let heard = hear(&fake, known([], None)).await;
    assert_eq!(heard.ids().len(), 1000);
    assert!(heard.is_complete());
    // Two were sent for under the belief in full pages.
    assert!(fake.lock().asked.len() <= 6, "{:?}", fake.lock().asked);
}

#[tokio::test]
async fn a_server_that_turns_no_pages_is_left_and_nothing_is_taken_for_gone() {
    for silent in [false, true] {
        let fake = Fake::with(Account {
            ignores_offset: true,
            silent,
            ..account(1..=5000)
        });
        let heard = hear(&fake, known(4990..=5001, None)).await;
        assert_eq!(heard.ids(), ids(1..=1000));
        assert_eq!(heard.removed, [0; 0]);
        assert!(!heard.is_complete());
        // Three are under way at once before the second shows it.
        assert!(fake.lock().asked.len() <= 5);
    }
}

#[tokio::test]
async fn repeated_rows_are_told_once() {
    let fake = Fake::with(account((1..=1600).flat_map(|id| [id, id])));
    let heard = hear(&fake, known([], None)).await;
    assert_eq!(heard.ids().len(), 1600);
    assert_eq!(heard.progress.last().unwrap().0, 1600);
}

#[tokio::test]
async fn orders_that_leave_meanwhile_hide_no_others() {
    let fake = Fake::with(Account {
        habit: Some(Box::new(|call, orders| {
            if call == 1 {
                orders.drain(10..13);
            }
        })),
        ..account(1..=3000)
    });
    let heard = hear(&fake, known(1..=3000, None)).await;
    let stayed = (1..=3000).filter(|id| !(11..=13).contains(id));
    for id in stayed {
        assert!(heard.rows.contains_key(&id), "order {id} is missing");
    }
    assert!(heard.is_complete());
}

#[tokio::test]
async fn a_list_that_shrinks_below_the_reading_ends_it() {
    let fake = Fake::with(Account {
        habit: Some(Box::new(|call, orders| {
            if call == 2 {
                orders.truncate(900);
            }
        })),
        ..account(1..=3000)
    });
    let heard = hear(&fake, known([], None)).await;
    assert!(heard.cursor.is_some());
    assert!(heard.rows.contains_key(&900));
}

#[tokio::test]
async fn a_list_in_another_order_every_time_ends_and_removes_nothing() {
    let fake = Fake::with(Account {
        habit: Some(Box::new(|_, orders| orders.rotate_left(1234))),
        ..account(1..=6000)
    });
    let heard = hear(&fake, known(1..=6000, None)).await;
    assert_eq!(heard.removed, [0; 0]);
    assert!(fake.lock().asked.len() < 40);
}

#[tokio::test]
async fn a_failure_half_way_keeps_the_rows_and_the_cursor() {
    let fake = Fake::with(Account {
        fails_at: Some(2),
        ..account(1..=5000)
    });
    let heard = hear(&fake, known(9000..=9001, None)).await;
    assert!(heard.failed);
    assert_eq!(heard.cursor, None);
    assert_eq!(heard.removed, [0; 0]);
    assert!(heard.ids().len() >= 1000);
}

#[tokio::test]
async fn the_next_pages_are_on_their_way_while_one_is_handled() {
    let fake = Fake::with(account(1..=40_000));
    let (events, mut heard) = mpsc::channel(1);
    let run = tokio::spawn(run(fake.clone(), known([], None), now, events));
    let mut pages = 0;
    while pages < 1 {
        if let SyncEvent::Page { .. } = heard.recv().await.unwrap() {
            pages += 1;
        }
    }
    // The first page is being handled: nothing more is taken, and yet others were sent for.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let asked = fake.lock().asked.len();
    // The newest, three pages that were read, and at most twelve behind them.
    assert!((3..=16).contains(&asked), "{asked} calls");
    drop(heard);
    run.await.unwrap();
    let later = fake.lock().asked.len();
    assert!(later <= asked + 1, "nobody listens any more");
}

#[tokio::test]
async fn a_server_that_counts_more_than_it_gives_is_not_asked_for_ever() {
    for total in [3, 90_000_000, u64::MAX] {
        let fake = Fake::with(Account {
            ignores_offset: true,
            counts: Some(total),
            ..account([1])
        });
        let heard = hear(&fake, known([7], None)).await;
        assert_eq!(heard.ids(), [1]);
        assert_eq!(heard.removed, [0; 0]);
        assert!(heard.failed);
        assert!(fake.lock().asked.len() < 60, "{}", fake.lock().asked.len());
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_asked_for_by_number_and_removes_nothing() {
    // On the first page, where pages overlap (the last row of one and the first of the next), and at the end.
    for hidden in [7, 1000, 1999, 2500] {
        for named in [true, false] {
            let fake = Fake::with(Account {
                unread: [(hidden, named)].into(),
                ..account(1..=2500)
            });
            let heard = hear(&fake, known(1..=2501, None)).await;
            let case = format!("{hidden} {named}");
            assert_eq!(heard.ids(), ids(1..=2500), "{case}");
            assert!(heard.is_complete(), "{case}: {}", heard.why);
            assert_eq!(heard.removed, [2501], "{case}");
            assert!(fake.lock().asked.len() <= 8, "{case}");
        }
    }
}

#[tokio::test]
async fn a_row_that_can_never_be_read_is_told_and_moves_no_cursor() {
    for named in [true, false] {
        let fake = Fake::with(Account {
            unread: [(7, named), (8, named)].into(),
            never_read: true,
            ..account(1..=2500)
        });
        let heard = hear(&fake, known(1..=2501, None)).await;
        assert_eq!(heard.ids().len(), 2498);
        assert_eq!(heard.removed, [0; 0]);
        assert!(heard.failed && heard.cursor.is_none());
        assert!(heard.why.contains("2498 of the 2500"), "{}", heard.why);
        assert!(heard.why.contains("not loaded: 7, 8"), "{}", heard.why);
    }
}

#[tokio::test]
async fn an_order_that_left_hides_no_row_without_a_number() {
    // The first order leaves after its page came: as many rows as the account counts, and one of them is unknown.
    let fake = Fake::with(Account {
        unread: [(1500, false)].into(),
        never_read: true,
        habit: Some(Box::new(|call, orders| {
            if call == 1 {
                orders.remove(0);
            }
        })),
        ..account(1..=1700)
    });
    let heard = hear(&fake, known(1..=1700, None)).await;
    assert_eq!(heard.removed, [0; 0]);
}

#[tokio::test]
async fn an_account_of_nothing_but_rows_that_cannot_be_read_is_not_asked_for_ever() {
    let fake = Fake::with(Account {
        unread: (1..=2500).map(|id| (id, id % 2 == 0)).collect(),
        never_read: true,
        ..account(1..=2500)
    });
    let heard = hear(&fake, known(1..=2500, None)).await;
    assert!(heard.failed && heard.removed.is_empty());
    assert!(fake.lock().asked.len() < 100, "{}", fake.lock().asked.len());
}

/// A second a page, on a clock that only waits move.
#[rstest]
#[case::far_away(|_| 1000, 6..=6, 20)]
#[case::busy(|under_way| 500 * under_way as u64, 3..=5, 60)]
#[case::near(|_| 0, 1..=6, 1)]
#[case::near_and_busy(|under_way| 4 * under_way as u64, 6..=6, 1)]
#[tokio::test(start_paused = true)]
async fn more_pages_are_sent_for_while_each_is_as_quick_as_one_alone(
    #[case] takes: fn(usize) -> u64,
    #[case] at_once: std::ops::RangeInclusive<usize>,
    #[case] seconds: u64,
) {
    let fake = Fake::with(Account {
        takes: Some(takes),
        ..account(1..=100_000)
    });
    let began = tokio::time::Instant::now();
    let heard = hear(&fake, known([], None)).await;
    assert!(heard.is_complete());
    assert_eq!(heard.ids().len(), 100_000);
    let account = fake.lock();
    assert!(
        at_once.contains(&account.most_under_way),
        "{}",
        account.most_under_way
    );
    assert!(
        began.elapsed().as_secs() <= seconds,
        "{:?}",
        began.elapsed()
    );
}

/// One order leaves while pages are on their way of which every second one is late: some say how the list was before, and some how it
/// is since.
#[tokio::test(start_paused = true)]
async fn an_order_that_leaves_while_pages_come_in_any_order_sends_the_reading_back_once() {
    for at in 4..40 {
        let fake = Fake::with(Account {
            takes: Some(|under_way| if under_way % 2 == 0 { 400 } else { 100 }),
            habit: Some(Box::new(move |call, orders| {
                if call == at {
                    orders.remove(0);
                }
            })),
            ..account(1..=30_000)
        });
        let heard = hear(&fake, known(1..=30_000, None)).await;
        assert!(heard.is_complete(), "{at}: {}", heard.why);
        let asked = fake.lock().asked.len();
        // Those that were on their way are sent for once more, and no page twice more.
        assert!(asked <= 31 + 12, "{at}: {asked} calls");
    }
}

#[tokio::test(start_paused = true)]
async fn the_newest_tell_how_many_pages_there_are_before_the_first_of_them_has_come() {
    let fake = Fake::with(Account {
        newest_takes: Some(10),
        takes: Some(|_| 100),
        ..account(1..=2500)
    });
    let began = tokio::time::Instant::now();
    assert!(hear(&fake, known([], None)).await.is_complete());
    assert_eq!(began.elapsed().as_millis(), 110, "all three at once");
}
