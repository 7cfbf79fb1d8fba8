//! A duplicate of a newer order in place of a renewal, as the console's Automation has it (page *Request duplicate
//! certificates*): which order that is, and what has to hold for it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::super::coverage::Coverage;
use super::super::dates::print_iso;
use super::super::ids::RequestId;
use super::super::names::{self, NameDiff};
use super::super::order::{Order, OrderSummary, Organization};
use super::super::product::Product;
use super::super::request::Request;
use super::super::status::RequestStatus;
use super::duplicate::may_duplicate;
use super::renew::{Source, decide, sources};
use super::{Reason, list};

/// Whether something that has to hold does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    Yes,
    /// Nobody can say, or it holds with a reservation.
    Perhaps,
    No,
}

/// One of the things that have to hold, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub met: Met,
    pub words: String,
}

impl Condition {
    fn new(met: Met, words: impl Into<String>) -> Self {
        Self {
            met,
            words: words.into(),
        }
    }
}

/// The newest order that could give a duplicate in place of a renewal of `due`: the same names, product and
/// organisation, not renewed itself, placed later, and lasting longer.
pub fn in_place_of<'a>(
    due: &Order,
    orders: impl IntoIterator<Item = &'a OrderSummary>,
    today: Date,
) -> Option<Source<'a>> {
    let ends = due.order_valid_till.or(due.certificate.valid_till);
    let candidates = orders.into_iter().filter(|order| {
        order.id != due.id
            && !order.is_renewed
            && order.product.name_id == due.product.name_id
            && same(order.organization.as_ref(), due.organization.as_ref())
            && is_later(order, due)
            && order.order_valid_till.or(order.valid_till) > ends
            && !matches!(
                decide(order, today),
                Coverage::Renew { .. } | Coverage::Over { .. } | Coverage::None
            )
    });
    sources(candidates, &names_of(due), None, today)
        .into_iter()
        .next()
}

/// Whether an order is of another's product type and organization, as Automation wants it of the orders that it offers; if not,
/// what is different, in words.
pub fn apart(order: &OrderSummary, from: &OrderSummary) -> Option<String> {
    let product = order.product.name_id != from.product.name_id;
    let organization = !same(order.organization.as_ref(), from.organization.as_ref());
    match (product, organization) {
        (false, false) => None,
        (true, false) => Some("another product".to_owned()),
        (false, true) => Some("another organization".to_owned()),
        (true, true) => Some("another product and organization".to_owned()),
    }
}

fn same(one: Option<&Organization>, other: Option<&Organization>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => match (one.id, other.id) {
            (Some(one), Some(other)) => one == other,
            _ => one.name == other.name,
        },
        _ => false,
    }
}

/// Accounts do not always tell when an order was placed; its numbers grow.
fn is_later(order: &OrderSummary, due: &Order) -> bool {
    match (order.created, due.created) {
        (Some(one), Some(other)) if one != other => one > other,
        _ => order.id > due.id,
    }
}

fn names_of(order: &Order) -> BTreeSet<String> {
    names::set(&order.certificate.common_name, &order.certificate.dns_names)
}

/// What has to hold so that `newer` gives a duplicate in place of a renewal of `due`. `requests` are those of `newer`.
pub fn conditions(
    due: &Order,
    newer: &Order,
    product: Option<&Product>,
    requests: &[Request],
    today: Date,
) -> Vec<Condition> {
    let mut all = vec![issued(newer, product, today), feature(newer, product)];
    all.push(covers(due, newer));
    all.push(approval(requests));
    all
}

/// What has to hold for a duplicate by itself, as the page has it; where the order is not read yet, what the page says.
pub fn preconditions(
    order: Option<&Order>,
    product: Option<&Product>,
    requests: &[Request],
) -> Vec<Condition> {
    let Some(order) = order else {
        let enabled =
            "the duplicate certificate feature must be enabled on the account by an administrator";
        let skipped = "the approval step must be skipped (Settings > Preferences > Advanced Settings > Approval \
            Steps), or the duplicate waits for approval";
        return [enabled, skipped]
            .map(|words| Condition::new(Met::Perhaps, words))
            .into();
    };
    vec![feature(order, product), approval(requests)]
}

/// The order's state and dates.
fn issued(newer: &Order, product: Option<&Product>, today: Date) -> Condition {
    let ruling = may_duplicate(newer, product, today);
    let of_state = |reason: &Reason| {
        !matches!(
            reason,
            Reason::ProductForbidsDuplicates(_) | Reason::OrderForbidsDuplicates
        )
    };
    if let Some(finding) = ruling.blocking().find(|finding| of_state(&finding.reason)) {
        return Condition::new(Met::No, finding.reason.to_string());
    }
    if let Some(finding) = ruling.advice().next() {
        return Condition::new(Met::Perhaps, finding.reason.to_string());
    }
    let until = newer.order_valid_till.or(newer.certificate.valid_till);
    let words = until.map_or_else(
        || "issued".to_owned(),
        |until| format!("issued and covered until {}", print_iso(until)),
    );
    Condition::new(Met::Yes, words)
}

/// The duplicate certificate feature of the account.
fn feature(newer: &Order, product: Option<&Product>) -> Condition {
    let of_product = product.and_then(|product| product.duplicates_allowed);
    if of_product == Some(false) {
        let name = newer.product.name.clone();
        let words = Reason::ProductForbidsDuplicates(name).to_string();
        return Condition::new(Met::No, words);
    }
    match newer.allow_duplicates {
        Some(false) => Condition::new(Met::No, Reason::OrderForbidsDuplicates.to_string()),
        Some(true) => Condition::new(Met::Yes, "allows duplicates"),
        None if of_product == Some(true) => Condition::new(
            Met::Perhaps,
            "its product has duplicates; whether the account allows them is not reported",
        ),
        None => Condition::new(Met::Perhaps, "whether it allows duplicates is not reported"),
    }
}

/// A duplicate has the names of its order.
fn covers(due: &Order, newer: &Order) -> Condition {
    let diff = NameDiff::between(&names_of(due), &names_of(newer));
    match (diff.dropped.is_empty(), diff.added.is_empty()) {
        (true, true) => Condition::new(Met::Yes, "has the same names"),
        (true, false) => Condition::new(
            Met::Perhaps,
            format!("has more names: {}", list(&diff.added)),
        ),
        (false, _) => Condition::new(
            Met::Perhaps,
            format!(
                "lacks {}: a duplicate would not secure them",
                list(&diff.dropped)
            ),
        ),
    }
}

/// Within so many seconds a request that is approved by itself is approved.
const BY_ITSELF: i64 = 5;

/// The request of an order that shows its approval step: no answer of the account tells of it, but requests that
/// somebody else decided, or has to, do, and those that waited until whoever asked decided.
pub fn needed_approval(requests: &[Request]) -> Option<RequestId> {
    let waited = |request: &Request| {
        let (asked, decided) = (request.date?, request.processed?);
        Some(decided.duration_since(asked).as_secs() > BY_ITSELF)
    };
    let by_hand = requests.iter().find(|request| {
        request.status.is_open()
            || request.status == RequestStatus::Rejected
            || (request.processor.is_some() && request.processor != request.requester)
            || (request.processor.is_some() && waited(request) == Some(true))
    });
    by_hand.map(|request| request.id)
}

fn approval(requests: &[Request]) -> Condition {
    match (needed_approval(requests), requests.is_empty()) {
        (Some(request), _) => Condition::new(
            Met::Perhaps,
            format!(
                "approval step: its request {request} needed one, so the duplicate will probably wait for approval \
                    (Automation would not offer it)"
            ),
        ),
        (None, true) => Condition::new(Met::Yes, "no approval step was needed when it was ordered"),
        (None, false) => Condition::new(Met::Yes, "no one else had to approve its requests"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::testing::{order, row};
    use super::*;
    use crate::domain::ids::OrderId;

    const TODAY: Date = date(2026, 11, 20);
    const SHOP: &[&str] = &["www.shop.example"];

    fn due() -> Order {
        let end = date(2026, 12, 1);
        let mut due = order("ssl_securesite", "shop.example", SHOP, end, end);
        due.id = OrderId(10);
        due
    }

    fn newer(id: u64) -> OrderSummary {
        let mut newer = row(
            id,
            "shop.example",
            SHOP,
            date(2027, 5, 1),
            date(2027, 11, 1),
        );
        newer.product.name_id = "ssl_securesite".into();
        newer
    }

    fn found(rows: &[OrderSummary]) -> Option<u64> {
        in_place_of(&due(), rows, TODAY).map(|source| source.order.id.0)
    }

    #[test]
    fn the_newest_order_with_the_same_names_serves_in_place_of_a_renewal() {
        assert_eq!(found(&[newer(11), newer(13), newer(12)]), Some(13));
    }

    #[test]
    fn an_order_that_would_not_help_is_not_offered() {
        let changed = |change: fn(&mut OrderSummary)| {
            let mut row = newer(11);
            change(&mut row);
            found(&[row])
        };
        assert_eq!(changed(|_| {}), Some(11));
        assert_eq!(changed(|row| row.is_renewed = true), None);
        assert_eq!(changed(|row| row.id = OrderId(10)), None, "itself");
        assert_eq!(changed(|row| row.id = OrderId(9)), None, "older");
        assert_eq!(
            changed(|row| row.product.name_id = "ssl_plus".into()),
            None,
            "another product"
        );
        assert_eq!(
            changed(|row| row.organization = Some(Organization::default())),
            None,
            "another organisation"
        );
        assert_eq!(
            changed(|row| row.dns_names.push("x.example".into())),
            None,
            "other names"
        );
        assert_eq!(
            changed(|row| {
                row.valid_till = Some(date(2026, 12, 5));
                row.order_valid_till = Some(date(2026, 12, 5));
            }),
            None,
            "due itself"
        );
    }

    #[test]
    fn orders_of_another_product_or_organization_stand_apart() {
        let one = newer(11);
        assert_eq!(apart(&newer(12), &one), None);
        let mut other = newer(13);
        other.product.name_id = "ssl_plus".into();
        assert_eq!(apart(&other, &one).unwrap(), "another product");
        other.organization = Some(Organization::default());
        assert_eq!(
            apart(&other, &one).unwrap(),
            "another product and organization"
        );
        other.product = one.product.clone();
        assert_eq!(apart(&other, &one).unwrap(), "another organization");
    }

    #[test]
    fn an_order_that_ends_no_later_is_not_offered() {
        let mut due = due();
        let ends = newer(11).order_valid_till;
        due.order_valid_till = ends;
        assert!(in_place_of(&due, &[newer(11)], TODAY).is_none());
    }

    fn met(change: impl Fn(&mut Order)) -> Vec<Met> {
        let mut newer = due();
        newer.id = OrderId(11);
        newer.certificate.valid_till = Some(date(2027, 5, 1));
        newer.order_valid_till = Some(date(2027, 11, 1));
        newer.allow_duplicates = Some(true);
        change(&mut newer);
        conditions(&due(), &newer, None, &newer.requests, TODAY)
            .iter()
            .map(|condition| condition.met)
            .collect()
    }

    #[test]
    fn what_has_to_hold_is_told_one_by_one() {
        use crate::domain::status::OrderStatus;
        use Met::{No, Perhaps, Yes};

        assert_eq!(met(|_| {}), [Yes, Yes, Yes, Yes]);
        assert_eq!(
            met(|newer| newer.status = OrderStatus::Pending)[0],
            No,
            "not issued"
        );
        assert_eq!(met(|newer| newer.allow_duplicates = Some(false))[1], No);
        assert_eq!(met(|newer| newer.allow_duplicates = None)[1], Perhaps);
        assert_eq!(
            met(|newer| newer.certificate.dns_names = Vec::new())[2],
            Perhaps,
            "fewer names"
        );
    }

    #[test]
    fn the_approval_step_is_told_from_the_requests_of_the_order() {
        use super::super::testing::request;

        let asked = |status: RequestStatus, processor: Option<&str>| {
            let request = request(status, "Grace", processor);
            met(|newer| newer.requests = vec![request.clone()])[3]
        };
        assert_eq!(
            asked(RequestStatus::Approved, Some("Ada")),
            Met::Perhaps,
            "somebody else approved"
        );
        assert_eq!(asked(RequestStatus::Pending, None), Met::Perhaps);
        assert_eq!(asked(RequestStatus::Approved, Some("Grace")), Met::Yes);
        assert_eq!(asked(RequestStatus::Approved, None), Met::Yes);
    }

    #[test]
    fn a_request_that_waited_for_its_own_requester_shows_the_step_as_well() {
        use super::super::testing::request;

        let approved = |after: i64| {
            let mut request = request(RequestStatus::Approved, "Grace", Some("Grace"));
            let asked = jiff::Timestamp::UNIX_EPOCH;
            request.date = Some(asked);
            request.processed = Some(asked + jiff::SignedDuration::from_secs(after));
            needed_approval(&[request]).is_some()
        };
        assert!(!approved(0), "at once: by itself");
        assert!(!approved(BY_ITSELF));
        assert!(approved(BY_ITSELF + 1));
        assert!(approved(24));
    }

    #[test]
    fn organizations_are_the_same_by_their_numbers_and_else_by_their_names() {
        use crate::domain::ids::OrganizationId;

        let of = |id: Option<u64>, name: &str| Organization {
            id: id.map(OrganizationId),
            name: name.into(),
            place: None,
        };
        for (one, other, is_same) in [
            (None, None, true),
            (None, Some(of(None, "A")), false),
            (Some(of(Some(1), "A")), Some(of(Some(1), "B")), true),
            (Some(of(Some(1), "A")), Some(of(Some(2), "A")), false),
            (Some(of(None, "A")), Some(of(Some(2), "A")), true),
            (Some(of(None, "A")), Some(of(Some(2), "B")), false),
        ] {
            assert_eq!(
                same(one.as_ref(), other.as_ref()),
                is_same,
                "{one:?} {other:?}"
            );
            assert_eq!(
                same(other.as_ref(), one.as_ref()),
                is_same,
                "{one:?} {other:?}"
            );
        }
    }

    #[test]
    fn an_order_is_later_by_when_it_was_placed_and_else_by_its_number() {
        let at = |second: i64| jiff::Timestamp::from_second(second).ok();
        for (id, created, other, is_later_than_10) in [
            (9, at(2), at(1), true),
            (11, at(1), at(2), false),
            (11, at(1), at(1), true),
            (9, at(1), at(1), false),
            (11, None, at(2), true),
            (9, at(2), None, false),
            (11, None, None, true),
            (10, None, None, false),
        ] {
            let mut row = newer(id);
            row.created = created;
            let mut due = due();
            due.created = other;
            assert_eq!(
                is_later(&row, &due),
                is_later_than_10,
                "{id} {created:?} {other:?}"
            );
        }
    }

    #[test]
    fn what_the_product_says_of_duplicates_counts_where_the_order_says_nothing() {
        let words = |of_order: Option<bool>, of_product: Option<bool>| {
            let mut newer = due();
            newer.allow_duplicates = of_order;
            let product = Product {
                duplicates_allowed: of_product,
                ..Product::default()
            };
            let told = feature(&newer, Some(&product));
            (told.met, told.words.contains("its product has duplicates"))
        };
        assert_eq!(words(None, Some(true)), (Met::Perhaps, true));
        assert_eq!(words(None, None), (Met::Perhaps, false));
        assert_eq!(words(None, Some(false)), (Met::No, false));
        assert_eq!(words(Some(true), Some(false)), (Met::No, false));
        assert_eq!(words(Some(true), None), (Met::Yes, false));
        assert_eq!(words(Some(false), Some(true)), (Met::No, false));
    }
}
