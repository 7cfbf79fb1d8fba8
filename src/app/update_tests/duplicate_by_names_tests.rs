//! From names to the orders that could give a duplicate: those of the wanted product type and organization first.

use jiff::Timestamp;

use super::*;
use crate::domain::order::{OrderSummary, Organization};

fn row(id: u64, product: &str, organization: &str, name: &str) -> OrderSummary {
    let mut row = summary(id, name);
    row.dns_names = vec![name.into()];
    row.created = Timestamp::from_second(id as i64).ok();
    row.product.name_id = product.into();
    row.organization = Some(Organization {
        name: organization.into(),
        ..Organization::default()
    });
    row
}

/// What is offered while the cursor is on this order: each order, and what makes it stand apart.
fn offered(cursor: u64) -> Vec<(u64, String)> {
    let shop = |id, product, organization| row(id, product, organization, "shop.example.net");
    let mut desk = Desk::connected();
    desk.rows(vec![
        shop(1, "ssl_plus", "One"),
        shop(2, "ssl_plus", "Two"),
        shop(3, "ssl_basic", "Two"),
        shop(4, "ssl_plus", "One"),
        shop(5, "ssl_basic", "One"),
        row(9, "ssl_wildcard", "Three", "other.example.net"),
    ]);
    desk.press("g");
    for _ in 0..6 {
        if desk.model.current_order() != Some(OrderId(cursor)) {
            desk.press("j");
        }
    }
    assert_eq!(desk.model.current_order(), Some(OrderId(cursor)));
    desk.press("D");
    desk.paste("shop.example.net");
    let Some(Popup::Sources(sources)) = desk.model.popups.last() else {
        panic!("names are not asked for");
    };
    let newest = sources
        .found
        .iter()
        .filter(|one| one.why.contains("newest"));
    assert_eq!(newest.count(), 2, "of each group one");
    let found = sources.found.iter();
    found
        .map(|one| (one.order.0, one.apart.clone().unwrap_or_default()))
        .collect()
}

#[test]
fn orders_of_the_same_product_and_organization_are_offered_first_and_others_apart() {
    let own = String::new;
    let (product, organization) = ("another product", "another organization");
    let both = format!("{product} and organization");
    assert_eq!(
        offered(1),
        [
            (4, own()),
            (1, own()),
            (5, product.into()),
            (3, both),
            (2, organization.into()),
        ]
    );
    // An order that none of them is like says nothing of what is wanted: the newest one does.
    let ids: Vec<u64> = offered(9).iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [5, 4, 3, 2, 1]);
}
