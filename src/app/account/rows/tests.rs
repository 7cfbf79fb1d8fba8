//! Rows as they are kept: names, places, what repeats.

use super::*;
use crate::app::testing::summary;
use proptest::prelude::*;

#[test]
fn a_person_is_called_as_it_is_written_and_found_in_any_letters() {
    let mut orders = Orders::default();
    orders.upsert(&Rows::from_iter(vec![
        summary(1, "Zoë Ñandú"),
        summary(2, "Shop.Example.NET"),
        summary(3, "Dr. Ada Example"),
    ]));
    let shown: Vec<&str> = orders.rows().map(|row| row.display_name()).collect();
    assert_eq!(shown, ["Zoë Ñandú", "shop.example.net", "Dr. Ada Example"]);
    let row = orders.get(OrderId(1)).unwrap();
    assert_eq!(row.common_name(), "zoë ñandú");
    assert_eq!(row.title(), "Zoë Ñandú");
}

#[test]
fn a_row_that_comes_again_replaces_the_old_one() {
    let mut orders = Orders::default();
    orders.upsert(&Rows::from_iter(vec![
        summary(1, "a.example.net"),
        summary(2, "b.example.net"),
    ]));
    orders.upsert(&Rows::from_iter(vec![summary(1, "c.example.net")]));
    assert_eq!(orders.len(), 2);
    let row = orders.get(OrderId(1)).unwrap();
    assert_eq!(row.common_name(), "c.example.net");
}

#[test]
fn the_common_name_is_not_told_twice() {
    let mut orders = Orders::default();
    let mut row = summary(1, "A.example.net");
    row.dns_names = vec!["a.example.net".into(), " ".into(), "b.example.net".into()];
    orders.upsert(&Rows::from_iter(vec![row]));
    let row = orders.get(OrderId(1)).unwrap();
    assert_eq!(row.other_names().collect::<Vec<_>>(), ["b.example.net"]);
}

#[test]
fn a_removed_row_is_gone_and_the_others_are_found() {
    let mut orders = Orders::default();
    orders.upsert(&(1..=5).map(|n| summary(n, "a.example.net")).collect());
    orders.remove(&[OrderId(2)]);
    assert!(orders.get(OrderId(2)).is_none());
    assert_eq!(orders.get(OrderId(5)).map(|row| row.id), Some(OrderId(5)));
}

/// Names that share letters, rows that come again with others, and rows that go.
fn any_batch() -> impl Strategy<Value = (Vec<OrderSummary>, Vec<u64>)> {
    let name = prop_oneof![
        "[ab]{1,3}\\.[ab]{1,2}",
        "[A-B][ab] [AB]b",
        "b\u{fc}[ab]\\.b"
    ];
    let row = (1..12u64, name.clone(), prop::collection::vec(name, 0..3));
    let row = row.prop_map(|(id, name, others)| {
        let mut row = summary(id, &name);
        row.dns_names = others;
        row.serial = Some(format!("{:X}", id * 7919));
        row
    });
    (
        prop::collection::vec(row, 0..10),
        prop::collection::vec(1..12u64, 0..2),
    )
}

proptest! {
    /// However rows come, change and go, they are found as if they had just come.
    #[test]
    fn what_was_changed_is_as_what_came_new(
        batches in prop::collection::vec(any_batch(), 1..8),
        word in "[ab.]{1,3}|b\u{fc}",
    ) {
        let mut orders = Orders::default();
        let mut known = std::collections::BTreeMap::new();
        for (rows, gone) in batches {
            known.extend(rows.iter().cloned().map(|row| (row.id, row)));
            orders.upsert(&Rows::from_iter(rows));
            let gone: Vec<OrderId> = gone.into_iter().map(OrderId).collect();
            known.retain(|id, _| !gone.contains(id));
            orders.remove(&gone);
        }
        let mut anew = Orders::default();
        anew.upsert(&known.into_values().collect());
        prop_assert_eq!(orders.len(), anew.len());
        let part = NamePart::new(&word);
        for row in anew.rows() {
            let same = orders.get(row.id).unwrap();
            prop_assert_eq!(same.summary(), row.summary());
            prop_assert_eq!(same.display_name(), row.display_name());
            let is_found = |orders: &Orders| {
                let place = orders.place(row.id).unwrap();
                let found = orders.named(&part, &Bits::all(orders.len())).has(place);
                let mut alone = Bits::none(orders.len());
                alone.set(place);
                assert_eq!(orders.named(&part, &alone).has(place), found, "{word}");
                found
            };
            prop_assert_eq!(is_found(&orders), is_found(&anew), "{}", word);
            prop_assert_eq!(is_found(&anew), part.is_in(row.names_text()), "{}", word);
        }
    }
}

#[test]
fn room_is_made_once_for_as_many_as_are_said_to_come() {
    let row = |id| summary(id, &format!("host-{id:06}.example.net"));
    let mut orders = Orders::default();
    orders.expect(5000);
    orders.upsert(&(100_000..100_060).map(row).collect());
    let room = |orders: &Orders| {
        (
            orders.rows.capacity(),
            orders.names.room(),
            orders.serials.room(),
        )
    };
    let made = room(&orders);
    for first in (100_060..105_000).step_by(380) {
        orders.upsert(&(first..first + 380).map(row).collect());
    }
    assert_eq!(orders.len(), 5000);
    assert_eq!(room(&orders), made);
}

#[test]
fn a_count_that_is_none_makes_no_room() {
    let mut orders = Orders::default();
    for count in [0, 1, 1 << 40, usize::MAX] {
        orders.expect(count);
        orders.upsert(&Rows::from_iter([summary(1, "a.example.net")]));
        assert_eq!(orders.len(), 1);
        assert!(orders.rows.capacity() <= super::MOST_EXPECTED + 1);
    }
}
