//! Whatever happens to the list while it is read: an order that is there all the time is never missed by a
//! reading that calls itself complete, and never taken for gone by any.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Account, Fake, hear, known};

#[derive(Debug, Clone)]
enum Change {
    Nothing,
    /// Orders leave, this many from this place (in thousandths of the list).
    Leave(usize, usize),
    /// New orders at the end.
    Come(u64),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => Just(Change::Nothing),
        2 => (0_usize..1000, 1_usize..40).prop_map(|(place, count)| Change::Leave(place, count)),
        1 => (1_u64..30).prop_map(Change::Come),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_order_that_stays_is_missed(
        size in 0_u64..6000,
        largest in prop_oneof![Just(None), (150_u64..1000).prop_map(Some)],
        changes in vec(change(), 0..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let habit = move |call: usize, orders: &mut Vec<u64>| match changes.get(call) {
            Some(&Change::Leave(place, count)) => {
                let from = orders.len() * place / 1000;
                let to = (from + count).min(orders.len());
                orders.drain(from..to);
            }
            Some(&Change::Come(count)) => {
                let next = orders.last().map_or(1, |last| last + 1);
                orders.extend(next..next + count);
            }
            Some(Change::Nothing) | None => {}
        };
        let fake = Fake::with(Account {
            orders: (1..=size).collect(),
            largest,
            habit: Some(Box::new(habit)),
            ..Account::default()
        });
        let heard = runtime.block_on(hear(&fake, known(1..=size, None)));
        let stayed: Vec<_> = fake.lock().orders.iter().copied().filter(|&id| id <= size).collect();
        for id in &stayed {
            prop_assert!(!heard.removed.contains(id), "order {} taken for gone", id);
            prop_assert!(
                heard.rows.contains_key(id) || !heard.is_complete(),
                "order {} missed", id
            );
        }
    }
}
