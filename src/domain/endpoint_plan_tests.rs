//! Which certificate an endpoint gets, by a table.

use jiff::civil::date;
use rstest::rstest;

use super::*;
use crate::domain::order::Organization;
use crate::domain::rules::testing::row;

const TODAY: Date = date(2026, 11, 20);

/// Soon enough to be due.
const SOON: Date = date(2026, 12, 1);

const LATER: Date = date(2027, 5, 1);

/// An order of these names whose certificate ends then, as the order does.
fn order(id: u64, name: &str, others: &[&str], ends: Date) -> OrderSummary {
    row(id, name, others, ends, ends)
}

fn shop(id: u64, ends: Date) -> OrderSummary {
    order(id, "shop.example", &["www.shop.example"], ends)
}

fn renewed(id: u64, ends: Date) -> OrderSummary {
    OrderSummary {
        is_renewed: true,
        ..shop(id, ends)
    }
}

fn with(mut order: OrderSummary, change: impl FnOnce(&mut OrderSummary)) -> OrderSummary {
    change(&mut order);
    order
}

fn wanted() -> BTreeSet<String> {
    names::set("shop.example", &["www.shop.example"])
}

/// What an endpoint gets that serves a certificate of the first of these orders; links as pairs, and who has a request.
fn of_first(near: &[OrderSummary], links: &[(u64, u64)], waiting: &[u64]) -> Decision {
    let first = &near[0];
    let serves = first.valid_till.map_or(Serves::Nothing, Serves::Own);
    decide_for(near, Some(first), serves, &wanted(), links, waiting)
}

fn decide_for(
    near: &[OrderSummary],
    order: Option<&OrderSummary>,
    serves: Serves,
    names: &BTreeSet<String>,
    links: &[(u64, u64)],
    waiting: &[u64],
) -> Decision {
    let case = Case {
        names,
        serves,
        order,
        today: TODAY,
    };
    let next = |id: OrderId| {
        let link = links.iter().find(|(from, _)| *from == id.0);
        link.map(|(_, to)| OrderId(*to))
    };
    plan(&case, near, next, |id| waiting.contains(&id.0))
}

const fn id(number: u64) -> OrderId {
    OrderId(number)
}

#[rstest]
#[case::a_chain_gives_its_end(vec![renewed(1, SOON), renewed(2, LATER), shop(3, LATER)], &[(1, 2), (2, 3)], &[], Step::Duplicate(id(3)))]
#[case::a_circle_gives_the_newest_in_it(vec![renewed(1, SOON), shop(2, LATER)], &[(1, 2), (2, 1)], &[], Step::Duplicate(id(2)))]
#[case::a_canceled_end_gives_the_one_before(
    vec![renewed(1, SOON), renewed(2, LATER), with(shop(3, LATER), |order| order.status = OrderStatus::Canceled)],
    &[(1, 2), (2, 3)], &[], Step::Duplicate(id(2))
)]
#[case::an_expired_end_gives_the_one_before(
    vec![renewed(1, SOON), renewed(2, LATER), shop(3, date(2026, 11, 1))],
    &[(1, 2), (2, 3)], &[], Step::Duplicate(id(2))
)]
#[case::a_link_to_what_is_not_known(vec![renewed(1, SOON), shop(2, LATER)], &[(1, 9)], &[], Step::Duplicate(id(2)))]
#[case::an_end_that_is_coming_is_waited_for(
    vec![renewed(1, SOON), with(shop(2, LATER), |order| order.status = OrderStatus::Pending)],
    &[(1, 2)], &[], Step::Wait(id(2))
)]
#[case::no_link_goes_by_the_names(vec![renewed(1, SOON), shop(2, LATER)], &[], &[], Step::Duplicate(id(2)))]
#[case::of_several_the_newest(vec![renewed(1, SOON), shop(2, LATER), shop(4, LATER), shop(3, LATER)], &[], &[], Step::Duplicate(id(4)))]
#[case::one_that_has_a_request_is_left(vec![renewed(1, SOON), shop(2, LATER), shop(3, LATER)], &[], &[3], Step::Duplicate(id(2)))]
#[case::one_that_ends_no_later_is_left(vec![shop(1, SOON), shop(2, SOON)], &[], &[], Step::Renew(id(1)))]
#[case::another_product_is_left(
    vec![shop(1, SOON), with(shop(2, LATER), |order| order.product.name_id = "ssl_ev_plus".into())],
    &[], &[], Step::Renew(id(1))
)]
#[case::another_organization_is_left(
    vec![shop(1, SOON), with(shop(2, LATER), |order| order.organization = Some(Organization::default()))],
    &[], &[], Step::Renew(id(1))
)]
#[case::other_names_are_left(vec![shop(1, SOON), order(2, "shop.example", &["a.example"], LATER)], &[], &[], Step::Renew(id(1)))]
#[case::what_is_not_due_is_duplicated_as_it_is(vec![shop(1, LATER)], &[], &[], Step::Duplicate(id(1)))]
#[case::one_that_is_covered_longer_is_reissued(
    vec![with(shop(1, SOON), |order| order.order_valid_till = Some(LATER))],
    &[], &[], Step::Reissue(id(1))
)]
#[case::one_that_expired_and_is_covered_is_reissued(
    vec![with(shop(1, date(2026, 11, 1)), |order| order.order_valid_till = Some(LATER))],
    &[], &[], Step::Reissue(id(1))
)]
#[case::one_that_expired_is_renewed(vec![shop(1, date(2026, 11, 1))], &[], &[], Step::Renew(id(1)))]
#[case::renewed_by_whom_is_not_known(vec![renewed(1, SOON)], &[], &[], Step::Wait(id(1)))]
#[case::a_pending_reissue_is_waited_for(
    vec![with(shop(1, SOON), |order| order.status = OrderStatus::ReissuePending)],
    &[], &[], Step::Wait(id(1))
)]
#[case::a_request_is_waited_for(vec![shop(1, SOON)], &[], &[1], Step::Wait(id(1)))]
#[case::a_revoked_order_gives_way_to_a_new_one(
    vec![with(shop(1, SOON), |order| order.status = OrderStatus::Revoked)],
    &[], &[], Step::NewOrder
)]
fn what_serves_a_certificate_of_the_first(
    #[case] near: Vec<OrderSummary>,
    #[case] links: &[(u64, u64)],
    #[case] waiting: &[u64],
    #[case] step: Step,
) {
    let decision = of_first(&near, links, waiting);
    assert_eq!(decision.step, step, "{decision:?}");
    assert!(!decision.why.is_empty());
}

#[test]
fn the_way_to_the_end_of_a_chain_is_said_and_so_is_what_was_passed_over() {
    let canceled = with(shop(3, LATER), |order| order.status = OrderStatus::Canceled);
    let near = [renewed(1, SOON), renewed(2, LATER), canceled];
    let decision = of_first(&near, &[(1, 2), (2, 3)], &[]);
    assert_eq!(decision.why, "the same names; order 1 was renewed by 2");
    let over: Vec<u64> = decision.passed_over.iter().map(|(id, _)| id.0).collect();
    assert_eq!(over, [1, 3]);
    assert!(
        decision.passed_over[1].1.contains("canceled"),
        "{decision:?}"
    );
}

#[rstest]
#[case("ssl_wildcard", "a.b.example.com", Some(1))]
#[case("private_ssl_wildcard", "a.b.example.com", Some(1))]
#[case("ssl_wildcard", "a.example.org", None)]
#[case("ssl_securesite_flex", "a.b.example.com", None)]
#[case("wildcard_dv_rapidssl", "a.b.example.com", None)]
fn more_names_only_for_the_products_that_take_them(
    #[case] product: &str,
    #[case] extra: &str,
    #[case] given: Option<u64>,
) {
    let wildcard = with(
        order(1, "*.example.com", &["example.com"], LATER),
        |order| {
            order.product.name_id = product.into();
        },
    );
    let wanted = names::set("*.example.com", &["example.com", extra]);
    let near = [wildcard];
    let decision = decide_for(&near, None, Serves::Other, &wanted, &[], &[]);
    let step = given.map_or(Step::NewOrder, |id| Step::Duplicate(OrderId(id)));
    assert_eq!(decision.step, step, "{decision:?}");
    let asked: &[&str] = if given.is_some() { &[extra] } else { &[] };
    assert_eq!(decision.extra, asked);
}

#[rstest]
#[case(Serves::Other)]
#[case(Serves::Nothing)]
fn what_serves_none_of_the_account_gets_a_duplicate_or_a_new_order(#[case] serves: Serves) {
    let of = |near: &[OrderSummary]| decide_for(near, None, serves, &wanted(), &[], &[]).step;
    assert_eq!(
        of(&[shop(4, LATER), shop(3, LATER)]),
        Step::Duplicate(id(4))
    );
    // A duplicate would expire as soon as the certificate of its order.
    assert_eq!(of(&[shop(4, SOON)]), Step::NewOrder);
    assert_eq!(of(&[]), Step::NewOrder);
    let nameless = decide_for(&[shop(4, LATER)], None, serves, &BTreeSet::new(), &[], &[]);
    assert_eq!(nameless.step, Step::NewOrder);
}
