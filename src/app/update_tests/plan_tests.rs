//! The plan: its numbers are those of the orders that each of them lists.

use super::*;
use crate::app::account::rows::{OrderRow, obstacles};
use crate::app::plan::{Kind, ROWS};
use crate::app::testing::{date, summary};
use crate::domain::dcv::Domain;
use crate::domain::ids::DomainId;
use crate::domain::order::OrderSummary;
use crate::domain::status::OrderStatus;
use jiff::ToSpan as _;

/// Orders of all kinds, that expire from three months ago to a year ahead.
fn varied(count: u64) -> Vec<OrderSummary> {
    let of = |id: u64| {
        let mut row = summary(id, &format!("n{id}.example{}.net", id % 9));
        let ends = date("2026-08-20").saturating_add((id as i64 * 7 % 460).days());
        row.valid_till = Some(ends);
        row.order_valid_till = match id % 4 {
            0 => None,
            1 => Some(ends),
            _ => Some(ends.saturating_add((id as i64 * 31 % 400).days())),
        };
        row.is_renewed = id.is_multiple_of(6);
        if id.is_multiple_of(5) {
            row.product.name_id = "ssl_dv_geotrust".into();
        }
        row.status = match id % 11 {
            0 => OrderStatus::ReissuePending,
            1 => OrderStatus::Expired,
            2 => OrderStatus::Revoked,
            _ => OrderStatus::Issued,
        };
        row
    };
    (1..=count).map(of).collect()
}

fn desk() -> Desk {
    let mut desk = Desk::connected();
    desk.rows(varied(500));
    let waiting = |id: u64| {
        let mut waiting = request(id, RequestKind::Reissue, RequestStatus::Pending);
        waiting.order = Some(OrderId(id * 13));
        waiting
    };
    let effects = desk.press("4");
    let proved = |n: u64| Domain {
        proved: Some(Timestamp::UNIX_EPOCH),
        proved_until: format!("2027-0{}-11T08:00:00Z", n + 1).parse().ok(),
        ..Domain::new(DomainId(n + 1), format!("example{n}.net"))
    };
    // The last two are not among the account's.
    let domains = (0..7).map(proved).collect();
    desk.answer(&effects, &Read::AccountDomains, Ok(Data::Domains(domains)));
    let effects = desk.press("2");
    let waiting = (1..20).map(waiting).collect();
    desk.answer(&effects, &Read::Requests, Ok(Data::Requests(waiting)));
    // What changes is counted once a second.
    desk.press("4");
    desk.wait(2);
    desk
}

#[test]
fn each_number_lists_so_many_orders() {
    let mut desk = desk();
    let mut listed = 0;
    for row in 0..ROWS {
        for (column, kind) in Kind::ALL.into_iter().enumerate() {
            desk.press("4 g");
            desk.model.plan.column = column;
            for _ in 0..row {
                desk.press("j");
            }
            let plan = desk.model.plan.plan().unwrap();
            let number = kind.count(&plan.rows[row]) as usize;
            desk.press("enter");
            if number == 0 {
                assert_eq!(desk.model.screen, Screen::Plan);
                let told = desk.told();
                assert!(told.ends_with("There is nothing to list here."), "{told}");
                continue;
            }
            assert_eq!(desk.model.screen, Screen::Orders);
            let filter = desk.model.orders.filter.text();
            assert_eq!(
                desk.model.orders.view.len(),
                number,
                "{row} {kind:?}: {filter}"
            );
            listed += 1;
        }
    }
    assert!(listed > 60, "{listed}");
}

#[test]
fn every_certificate_in_use_is_in_one_row_and_needs_one_thing() {
    let mut desk = desk();
    desk.press("4");
    let plan = desk.model.plan.plan().unwrap();
    for tally in &plan.rows {
        assert_eq!(tally.needs.iter().sum::<u32>(), tally.expire);
    }
    let told: u32 = plan.rows[1..].iter().map(|tally| tally.expire).sum();
    let today = desk.model.today();
    let counted = varied(500).into_iter().filter(|row| {
        row.status != OrderStatus::Revoked && row.valid_till.is_some_and(|ends| ends >= today)
    });
    assert_eq!(told as usize, counted.count());
    assert_eq!(plan.domains, 9);
}

#[test]
fn the_plan_follows_what_the_list_and_the_requests_become() {
    let mut desk = desk();
    desk.press("4");
    let total = |desk: &Desk| -> u32 {
        let plan = desk.model.plan.plan().unwrap();
        plan.rows.iter().map(|tally| tally.expire).sum()
    };
    let before = total(&desk);
    let mut more = summary(9001, "new.example.net");
    more.valid_till = Some(date("2027-01-01"));
    desk.tell(Msg::Cached {
        account: desk.model.engine.account.name().unwrap().to_owned(),
        rows: crate::domain::packed::Rows::from_iter([&more]).into(),
    });
    assert_eq!(
        total(&desk),
        before,
        "a list that grows is counted once a second"
    );
    assert!(desk.model.next_deadline().is_some());
    desk.now += SignedDuration::from_secs(1);
    desk.tell(Msg::Deadline);
    assert_eq!(total(&desk), before + 1);
    let waits = |desk: &Desk| -> u32 {
        let plan = desk.model.plan.plan().unwrap();
        plan.rows.iter().map(|tally| tally.needs[2]).sum()
    };
    assert!(waits(&desk) > 0);
    let effects = desk.press("2");
    desk.answer(&effects, &Read::Requests, Ok(Data::Requests(Vec::new())));
    let before = waits(&desk);
    desk.now += SignedDuration::from_secs(1);
    desk.press("4");
    assert!(waits(&desk) < before, "{before}");
}

/// What a duplicate or a revocation waits for replaces nothing.
#[test]
fn only_a_request_for_what_takes_its_place_makes_a_certificate_wait() {
    for (kind, expected) in [
        (RequestKind::Reissue, 1),
        (RequestKind::NewRequest, 1),
        (RequestKind::Duplicate, 0),
        (RequestKind::Revoke, 0),
    ] {
        let mut desk = Desk::with_orders(3);
        let mut waiting = request(7, kind, RequestStatus::Pending);
        waiting.order = Some(OrderId(2));
        desk.press("/");
        desk.type_text("due:waiting");
        desk.press("enter");
        assert_eq!(desk.model.orders.view.len(), 0);
        let effects = desk.press("2");
        desk.answer(&effects, &Read::Requests, Ok(Data::Requests(vec![waiting])));
        desk.press("1");
        assert_eq!(
            desk.model.orders.view.len(),
            expected,
            "the list follows the requests"
        );
        desk.press("4");
        let plan = desk.model.plan.plan().unwrap();
        let waits: u32 = plan.rows.iter().map(|tally| tally.needs[2]).sum();
        assert_eq!(waits as usize, expected);
    }
}

#[test]
fn a_long_list_is_counted_in_steps_also_while_it_grows() {
    let mut desk = Desk::connected();
    let row = |id: u64| summary(id, &format!("n{id}.example.net"));
    let come = |desk: &mut Desk, ids: std::ops::Range<u64>| {
        let rows: crate::domain::packed::Rows = ids.map(row).collect();
        desk.tell(Msg::Cached {
            account: desk.model.engine.account.name().unwrap().to_owned(),
            rows: rows.into(),
        });
    };
    come(&mut desk, 1..150_001);
    desk.press("4");
    let mut steps = 0;
    while desk.model.has_more() && steps < 30 {
        // A piece comes between two steps.
        come(&mut desk, 200_000 + steps..200_001 + steps);
        desk.tell(Msg::GoOn);
        steps += 1;
    }
    assert!((5..20).contains(&steps), "{steps}");
    desk.now += SignedDuration::from_secs(1);
    desk.tell(Msg::Deadline);
    while desk.model.has_more() {
        desk.tell(Msg::GoOn);
    }
    let plan = desk.model.plan.plan().unwrap();
    let all: u32 = plan.rows.iter().map(|tally| tally.expire).sum();
    assert_eq!(u64::from(all), 150_000 + steps);
    assert_eq!(desk.model.plan.due, None);
}

#[test]
fn the_numbers_of_a_row_are_gone_through_in_both_directions_and_told() {
    let mut desk = desk();
    desk.press("4 l");
    assert!(desk.told().starts_with("Reissue: "), "{}", desk.told());
    desk.press("h h");
    assert!(desk.told().starts_with("Blocked: "), "{}", desk.told());
    desk.press("tab");
    assert!(desk.told().starts_with("Expire: "), "{}", desk.told());
    assert_eq!(desk.model.orders.filter.text(), "");
    desk.press("1");
    desk.press("l");
    assert!(
        desk.model.order.is_some(),
        "elsewhere the key opens the row"
    );
}

#[test]
fn another_account_has_a_plan_of_its_own() {
    let mut desk = desk();
    desk.press("4");
    desk.go_to("another");
    let plan = desk.model.plan.plan();
    let left = plan.map_or(0, |plan| {
        plan.rows.iter().map(|tally| tally.expire).sum::<u32>()
    });
    assert_eq!(left, 0);
}

#[test]
fn domains_below_one_registry_are_counted_each() {
    let mut desk = Desk::connected();
    let mut row = summary(1, "a.one.co.uk");
    row.dns_names = [
        "a.one.co.uk",
        "a.two.co.uk",
        "b.two.co.uk",
        "c.three.net",
        "three.net",
    ]
    .map(str::to_owned)
    .to_vec();
    row.valid_till = Some(date("2027-01-01"));
    desk.rows(vec![row]);
    desk.press("4");
    assert_eq!(desk.model.plan.plan().unwrap().domains, 3);
}

#[test]
fn a_validation_that_ends_before_the_reissue_blocks_it_once_it_is_known() {
    let blocked = |until: Option<&str>| {
        let mut desk = Desk::connected();
        let mut row = summary(1, "www.example.net");
        row.valid_till = Some(date("2027-02-20"));
        row.order_valid_till = Some(date("2027-10-01"));
        desk.rows(vec![row]);
        let effects = desk.press("4");
        assert!(
            desk.model
                .plan
                .plan()
                .is_some_and(|plan| { plan.rows.iter().all(|tally| tally.blocked == 0) })
        );
        let domain = Domain {
            proved: until.map(|_| Timestamp::UNIX_EPOCH),
            proved_until: until.and_then(|until| until.parse().ok()),
            ..Domain::new(DomainId(7), "example.net")
        };
        desk.answer(
            &effects,
            &Read::AccountDomains,
            Ok(Data::Domains(vec![domain])),
        );
        desk.wait(2);
        while desk.model.has_more() {
            desk.tell(Msg::GoOn);
        }
        let plan = desk.model.plan.plan().unwrap();
        plan.rows.iter().map(|tally| tally.blocked).sum::<u32>()
    };
    assert_eq!(blocked(None), 1);
    assert_eq!(blocked(Some("2027-02-01T08:00:00Z")), 1);
    assert_eq!(blocked(Some("2027-03-01T08:00:00Z")), 0);
}

#[test]
fn what_an_order_is_blocked_by_is_told_of_those_that_are() {
    let mut desk = desk();
    desk.press("1 / b l o c k e d enter");
    while desk.model.has_more() {
        desk.tell(Msg::GoOn);
    }
    let account = &desk.model.engine.account;
    let today = desk.model.today();
    let row = |id: u64| account.orders.get(OrderId(id));
    let blocked = |row: &OrderRow<'_>| !obstacles(*row, &account.domains, today).is_empty();
    let told = (1..=500).filter_map(row).filter(blocked).count();
    assert_eq!(desk.model.orders.filter.text(), "blocked");
    assert_eq!(desk.model.orders.view.len(), told);
    assert!(told > 50, "{told}");
}
