//! Marks: one row, all that are shown, none.

use super::*;

#[test]
fn all_orders_that_the_filter_shows_are_marked_beside_those_that_are() {
    let mut desk = Desk::with_orders(30);
    desk.press("space");
    let first: Vec<OrderId> = desk.model.orders.marks.iter().copied().collect();
    desk.press("/");
    desk.type_text("n2");
    desk.press("enter *");
    // n2 and n20 to n29.
    let shown: Vec<OrderId> = std::iter::once(2).chain(20..30).map(OrderId).collect();
    assert!(
        shown
            .iter()
            .chain(&first)
            .all(|id| desk.model.orders.marks.contains(id))
    );
    let expected = shown
        .iter()
        .chain(&first)
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    assert_eq!(desk.model.orders.marks.len(), expected);
    assert!(desk.told().starts_with("Marked 1"), "{}", desk.told());
    desk.press("u");
    assert_eq!(desk.told(), format!("Unmarked {expected} orders."));
    assert!(desk.model.orders.marks.is_empty());
    desk.press("u");
    assert_eq!(desk.told(), "Nothing is marked.");
}

#[test]
fn all_open_requests_are_marked_and_no_others() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.press("2");
    let all = (1..=3).map(|id| request(id, RequestKind::Reissue, RequestStatus::Pending));
    desk.answer(&effects, &Read::Requests, Ok(Data::Requests(all.collect())));
    desk.press("*");
    assert_eq!(desk.told(), "Marked 3 requests.");
    desk.press("space u");
    assert_eq!(desk.told(), "Unmarked 2 requests.");
    desk.press("3 *");
    assert_eq!(
        desk.told(),
        "This is for the lists of orders, requests, domains, and endpoints."
    );
}

#[test]
fn an_empty_list_has_nothing_to_mark() {
    let mut desk = Desk::with_orders(3);
    desk.press("/");
    desk.type_text("nothing");
    desk.press("enter *");
    assert_eq!(desk.told(), "There is no row to mark.");
}
