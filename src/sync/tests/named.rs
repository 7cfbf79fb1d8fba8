//! Orders asked for by number, in so many calls at most.

use tokio::sync::mpsc;

use super::{Account, Asked, Fake};
use crate::domain::ids::OrderId;
use crate::sync::named::{Progress, read};

/// What is found, gone and unread of orders from 1 to `wanted`; the calls; and how many came of how many.
async fn asked(account: Account, wanted: u64, most: usize) -> ([u64; 3], Vec<Asked>, (u64, u64)) {
    let fake = Fake::with(account);
    let (events, mut heard) = mpsc::channel(100);
    let mut progress = Progress {
        done: 7,
        total: 7 + wanted,
    };
    let wanted = (1..=wanted).map(OrderId).collect();
    let answer = read(&fake, wanted, most, &events, &mut progress).await;
    let answer = answer.ok().expect("an answer");
    heard.close();
    let counts = [answer.found.len(), answer.gone.len(), answer.unread.len()];
    let asked = fake.lock().asked.clone();
    (
        counts.map(|count| count as u64),
        asked,
        (progress.done, progress.total),
    )
}

fn account(orders: impl IntoIterator<Item = u64>) -> Account {
    Account {
        orders: orders.into_iter().collect(),
        ..Account::default()
    }
}

#[tokio::test]
async fn no_more_calls_are_made_than_may_be_and_what_they_do_not_reach_is_unread() {
    for (wanted, most, found, calls) in [
        (0, 0, 0, 0),
        (1, 0, 0, 0),
        (1, 1, 1, 1),
        (50, 1, 50, 1),
        // What would take more calls than are left is not begun.
        (51, 1, 0, 0),
        (100, 1, 0, 0),
        (51, 2, 51, 2),
        (100, 2, 100, 2),
        (101, 2, 0, 0),
        (150, 3, 150, 3),
    ] {
        let (counts, asked, progress) = asked(account(1..=1000), wanted, most).await;
        let case = format!("{wanted} in {most}: {asked:?}");
        assert_eq!(counts, [found, 0, wanted - found], "{case}");
        assert_eq!(asked.len(), calls, "{case}");
        assert_eq!(progress, (7 + found, 7 + wanted), "{case}");
    }
}

#[tokio::test]
async fn one_at_a_time_they_are_asked_for_while_the_calls_last() {
    for (most, found, calls) in [(1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 4, 4), (9, 4, 4)] {
        let account = Account {
            one_at_a_time: true,
            ..account(1..=9)
        };
        let (counts, asked, progress) = asked(account, 4, most).await;
        let case = format!("{most}: {asked:?}");
        assert_eq!(counts, [found, 0, 4 - found], "{case}");
        assert_eq!(asked.len(), calls, "{case}");
        assert_eq!(progress.0, 7 + found, "{case}");
    }
}

#[tokio::test]
async fn those_that_there_are_none_of_count_as_told() {
    for gone in [vec![], vec![2], vec![1, 2], vec![1, 2, 3]] {
        let there = (1..=3).filter(|id| !gone.contains(id));
        let (counts, asked, progress) = asked(account(there), 3, 9).await;
        let lost = gone.len() as u64;
        assert_eq!(counts, [3 - lost, lost, 0], "{gone:?} {asked:?}");
        assert_eq!(progress, (10, 10), "{gone:?}");
        assert_eq!(asked.len(), 1 + gone.len(), "{gone:?} {asked:?}");
    }
}
