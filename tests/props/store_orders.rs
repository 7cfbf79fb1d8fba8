//! Any order that the account can send comes out of the store as it went in.

use std::ops::ControlFlow;

use certdeck::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId};
use certdeck::domain::order::{Container, OrderSummary, Organization};
use certdeck::domain::packed::Rows;
use certdeck::domain::product::ProductRef;
use certdeck::domain::status::OrderStatus;
use certdeck::store::Store;
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

// Not only letters: line ends, wide and combining characters, escapes, NUL.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-z0-9.*-]{1,40}",
        any::<String>(),
        Just("a\nb\0c\u{1b}[31m\u{202e}証明書".to_owned()),
    ]
}

fn day() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (-60_000_000_000_i64..250_000_000_000, 0..1_000_000_000_i32)
        .prop_map(|(second, nano)| Timestamp::new(second, nano).unwrap())
}

fn status() -> impl Strategy<Value = OrderStatus> {
    prop_oneof![
        (0..OrderStatus::KNOWN.len()).prop_map(|index| OrderStatus::KNOWN[index].clone()),
        text().prop_map(|text| OrderStatus::Other(text.into())),
        // A known spelling that came as unknown stays what it was.
        Just(OrderStatus::Other("issued".into())),
    ]
}

fn organization() -> impl Strategy<Value = Organization> {
    (option::of(any::<u64>()), text(), option::of(text())).prop_map(|(id, name, place)| {
        Organization {
            id: id.map(OrganizationId),
            name,
            place,
        }
    })
}

fn container() -> impl Strategy<Value = Container> {
    (option::of(any::<u64>()), text()).prop_map(|(id, name)| Container {
        id: id.map(ContainerId),
        name,
    })
}

fn product() -> impl Strategy<Value = ProductRef> {
    (text(), text(), text(), option::of(text())).prop_map(|(name_id, name, kind, validation)| {
        ProductRef {
            name_id,
            name,
            kind,
            validation,
        }
    })
}

prop_compose! {
    fn order()(
        certificate in option::of(any::<u64>()),
        status in status(),
        common_name in text(),
        dns_names in vec(text(), 0..6),
        serial in option::of("[0-9A-F]{32}"),
        days in (option::of(day()), option::of(day()), option::of(day())),
        created in option::of(moment()),
        is_renewed in any::<bool>(),
        product in product(),
        organization in option::of(organization()),
        container in option::of(container()),
        counts in (any::<u32>(), any::<u32>()),
    ) -> OrderSummary {
        OrderSummary {
            id: OrderId(0),
            certificate_id: certificate.map(CertificateId),
            status,
            common_name,
            dns_names,
            serial,
            valid_from: days.0,
            valid_till: days.1,
            order_valid_till: days.2,
            created,
            is_renewed,
            product,
            organization,
            container,
            duplicates: counts.0,
            reissues: counts.1,
        }
    }
}

// As in real accounts, and a few that no signed number holds.
fn orders() -> impl Strategy<Value = Vec<OrderSummary>> {
    let id = prop_oneof![1_u64..2_000_000_000, any::<u64>()];
    btree_map(id, order(), 1..12).prop_map(|orders| {
        orders
            .into_iter()
            .map(|(id, order)| OrderSummary {
                id: OrderId(id),
                ..order
            })
            .collect()
    })
}

fn all(store: &Store) -> Vec<OrderSummary> {
    let mut found = Vec::new();
    let loaded = store
        .load_all("account", |batch| {
            found.extend(batch.iter().map(|row| row.summary()));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(loaded.unreadable, 0);
    found.sort_by_key(|order| order.id);
    found
}

proptest! {
    #[test]
    fn any_order_comes_back_equal(orders in orders()) {
        let mut store = Store::in_memory().unwrap();
        prop_assert_eq!(store.upsert_orders("account", &Rows::from_iter(&orders)).unwrap(), orders.len());
        prop_assert_eq!(all(&store), orders.clone());
        prop_assert_eq!(store.upsert_orders("account", &Rows::from_iter(&orders)).unwrap(), 0);
    }

    #[test]
    fn the_last_row_of_an_order_wins(before in orders(), after in orders()) {
        let mut store = Store::in_memory().unwrap();
        store.upsert_orders("account", &Rows::from_iter(&before)).unwrap();
        store.upsert_orders("account", &Rows::from_iter(&after)).unwrap();
        let mut expected: std::collections::BTreeMap<_, _> =
            before.into_iter().map(|order| (order.id, order)).collect();
        expected.extend(after.into_iter().map(|order| (order.id, order)));
        prop_assert_eq!(all(&store), expected.into_values().collect::<Vec<_>>());
    }
}
