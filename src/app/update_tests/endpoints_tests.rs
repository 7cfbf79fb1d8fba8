//! The endpoints: what is listed, looked at, added and removed, and of which order it is what they serve.

use super::served_tests::{says, target, with_serial};
use super::*;
use crate::app::endpoints::{EndpointSort, Shown};
use crate::domain::endpoint::{Endpoint, NO_ORDER, Target};
use crate::domain::order::OrderSummary;
use crate::domain::packed::Rows;
use crate::domain::served::{Missing, Seen, Served, Standing};
use crate::domain::status::OrderStatus;

/// The serial number that fixtures give to the primary certificate of an order.
pub(super) fn primary(order: u64) -> String {
    format!("0A{order:030X}")
}

pub(super) fn order_of(id: u64, names: &[&str]) -> OrderSummary {
    OrderSummary {
        dns_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..summary(id, names[0])
    }
}

pub(super) fn at(endpoint: &str, name: &str) -> Target {
    Target::at(Endpoint::parse(endpoint).unwrap(), name)
}

/// A desk on the endpoints of these orders.
pub(super) fn desk_of(rows: Vec<OrderSummary>) -> Desk {
    let mut desk = Desk::connected();
    desk.rows(rows);
    desk.nothing_is_late();
    desk.model.engine.served.endpoints = vec![(
        "shop.example.net".into(),
        vec![Endpoint::parse("lb1.internal:8443").unwrap()],
    )];
    desk.press("6");
    desk
}

pub(super) fn desk() -> Desk {
    let mut renewed = order_of(1, &["shop.example.net", "www.example.net"]);
    renewed.is_renewed = true;
    let mut pending = order_of(3, &["new.example.net"]);
    pending.status = OrderStatus::Pending;
    desk_of(vec![
        renewed,
        order_of(2, &["shop.example.net", "*.example.net"]),
        pending,
    ])
}

fn shown(desk: &Desk) -> Vec<Shown<'_>> {
    let (screen, engine) = (&desk.model.endpoints, &desk.model.engine);
    (0..screen.len())
        .filter_map(|at| screen.row(engine, at))
        .collect()
}

/// Each endpoint with what it serves, and the order of that or of its name.
fn listed(desk: &Desk) -> Vec<(String, Option<Standing>, Option<u64>)> {
    let row = |row: Shown<'_>| {
        let standing = row.known.map(|known| known.standing);
        (
            row.target.words(),
            standing,
            row.order().map(|order| order.0),
        )
    };
    shown(desk).into_iter().map(row).collect()
}

fn names(desk: &Desk) -> Vec<String> {
    listed(desk).into_iter().map(|(words, ..)| words).collect()
}

fn looked(effects: &[Effect]) -> Vec<Target> {
    let looks = effects.iter().filter_map(|effect| match effect {
        Effect::LookServed(target) => Some(target.clone()),
        _ => None,
    });
    looks.collect()
}

pub(super) fn type_in(desk: &mut Desk, text: &str) {
    desk.tell(Msg::Paste(text.to_owned()));
}

pub(super) fn add(desk: &mut Desk, text: &str) -> Vec<Effect> {
    desk.press("a");
    type_in(desk, text);
    desk.press("enter")
}

pub(super) fn sees(desk: &mut Desk, target: Target, served: Served) -> Vec<Effect> {
    desk.tell(Msg::Served { target, served })
}

#[test]
fn names_of_issued_orders_stand_beside_the_settings_each_once_by_the_order_that_counts() {
    let desk = desk();
    let mut listed = listed(&desk);
    listed.sort();
    let row = |words: &str, order| (words.to_owned(), None, Some(order));
    assert_eq!(
        listed,
        [
            row("lb1.internal:8443 for shop.example.net", 2),
            row("shop.example.net:443", 2),
            row("www.example.net:443", 1),
        ]
    );
    assert!(says(&desk, "not looked at yet; press v to look"));
}

#[test]
fn what_is_served_is_of_whichever_order_has_that_certificate() {
    let mut desk = desk();
    add(&mut desk, "10.0.0.5:443");
    desk.press("*");
    let effects = desk.press("v");
    let asked: std::collections::BTreeSet<Target> = looked(&effects).into_iter().collect();
    let all = [
        at("10.0.0.5", "10.0.0.5"),
        at("lb1.internal:8443", "shop.example.net"),
        target("shop.example.net"),
        target("www.example.net"),
    ];
    assert_eq!(asked, all.clone().into());
    let [lone, lb, shop, www] = all;
    // The one that was added serves a certificate of an order that it is not listed for.
    sees(&mut desk, lone, with_serial(&primary(2)));
    sees(&mut desk, lb, with_serial(&primary(1)));
    sees(&mut desk, shop, with_serial("0BAD"));
    sees(&mut desk, www, Served::None(Missing::TimedOut));
    assert_eq!(
        desk.told(),
        "Served, seen from here: 2 other, 1 none, 1 this one."
    );
    desk.wait(2);
    let mut all = listed(&desk);
    all.sort();
    let row = |words: &str, standing, order: u64| (words.to_owned(), Some(standing), Some(order));
    assert_eq!(
        all,
        [
            row("10.0.0.5:443", Standing::This, 2),
            row("lb1.internal:8443 for shop.example.net", Standing::This, 1),
            row("shop.example.net:443", Standing::Other, 2),
            row("www.example.net:443", Standing::None, 1),
        ]
    );
    // That order was renewed: what should be served is another's.
    let rows = shown(&desk);
    let lb = rows
        .iter()
        .find(|row| row.target.words().starts_with("lb1"));
    assert!(lb.unwrap().known.unwrap().is_renewed);
    desk.press("/");
    type_in(&mut desk, "lb1");
    desk.press("enter");
    assert!(
        says(&desk, "the primary certificate of order 1"),
        "{:?}",
        names(&desk)
    );
    assert!(says(&desk, "that order was renewed by a newer one"));
    desk.press("enter");
    assert_eq!(desk.model.order.as_ref().map(|open| open.id.0), Some(1));
}

#[test]
fn an_order_that_comes_later_is_found_by_what_was_seen_before() {
    let mut desk = desk();
    add(&mut desk, "10.0.0.5");
    let account = desk.model.engine.account.name().unwrap().to_owned();
    let seen = Seen {
        at: desk.model.engine.now,
        served: with_serial(&primary(7)),
        standing: Standing::Other,
    };
    let all = vec![(NO_ORDER, at("10.0.0.5", "10.0.0.5"), seen)];
    let kept = account.clone();
    desk.tell(Msg::KeptServed { account: kept, all });
    desk.wait(2);
    let of = |desk: &Desk| {
        let rows = shown(desk);
        let row = rows.iter().find(|row| row.target.words() == "10.0.0.5:443");
        let known = row.unwrap().known.unwrap();
        (known.standing, known.of.map(|of| of.0))
    };
    assert_eq!(of(&desk), (Standing::Other, None));
    let rows = Rows::from_iter([&order_of(7, &["late.example.net"])]).into();
    desk.tell(Msg::Cached { account, rows });
    desk.wait(2);
    assert_eq!(of(&desk), (Standing::This, Some(7)));
}

#[test]
fn endpoints_are_added_once_confirmed_and_removed_once_confirmed() {
    let mut desk = desk();
    let kept = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::KeepEndpoints { added, removed } => Some((added.len(), removed.len())),
            _ => None,
        })
    };
    // What is wrong is told where it is typed, and nothing is added.
    assert_eq!(kept(&add(&mut desk, "10.0.0.0/8")), None);
    assert!(says(&desk, "at most 256 addresses at once"));
    desk.press("esc");
    assert_eq!(kept(&add(&mut desk, "10.0.0.5:8443")), Some((1, 0)));
    assert_eq!(desk.told(), "Added 1 endpoint.");
    // Several are counted first.
    assert_eq!(kept(&add(&mut desk, "10.0.0.4-7:8443")), None);
    assert!(says(&desk, "4 endpoints: 10.0.0.4:8443 … 10.0.0.7:8443"));
    assert_eq!(kept(&desk.press("enter")), Some((3, 0)));
    assert_eq!(desk.told(), "Added 3 endpoints; 1 already in the list.");
    assert_eq!(desk.model.endpoints.of_all(), 7);
    desk.press("/");
    type_in(&mut desk, "is:added");
    desk.press("enter *");
    assert_eq!(desk.model.endpoints.marked(), 4);
    desk.press("x");
    assert!(says(&desk, "Remove 4 endpoints?"));
    assert_eq!(kept(&desk.press("enter")), Some((0, 4)));
    assert_eq!(desk.model.endpoints.of_all(), 3);
    assert!(desk.model.endpoints.marks.is_empty());
    desk.press("esc");
    // Those of orders and settings stay.
    assert_eq!(kept(&desk.press("x")), None);
    assert!(desk.told().contains("added here"));
}

#[test]
fn a_file_lists_endpoints_to_add() {
    let mut desk = desk();
    desk.press("A");
    type_in(&mut desk, "hosts.txt");
    let effects = desk.press("enter");
    let asked = Effect::ReadEndpoints {
        path: "hosts.txt".into(),
    };
    assert!(effects.contains(&asked));
    let read = |text: &str| Msg::EndpointsRead {
        path: "hosts.txt".into(),
        result: Ok(text.into()),
    };
    desk.tell(read("lb2:443\nlb3:x\n"));
    assert!(desk.told().contains("line 2"), "{}", desk.told());
    desk.tell(read("lb2:443\n# spare\nsmtp://mx1\n"));
    assert!(says(
        &desk,
        "2 endpoints from hosts.txt: lb2:443, smtp://mx1"
    ));
    desk.press("enter");
    assert_eq!(desk.model.endpoints.of_all(), 5);
}

#[test]
fn what_needs_attention_stands_first_and_the_cursor_stays_on_its_row() {
    let mut desk = desk_of(vec![
        order_of(1, &["a.example.net"]),
        order_of(2, &["b.example.net"]),
        order_of(3, &["c.example.net"]),
    ]);
    let place = |desk: &Desk, words: &str| names(desk).iter().position(|name| name == words);
    let c = place(&desk, "c.example.net:443").unwrap();
    for _ in 0..c {
        desk.press("j");
    }
    desk.press("v");
    sees(
        &mut desk,
        target("c.example.net"),
        Served::None(Missing::Refused),
    );
    desk.wait(2);
    assert_eq!(place(&desk, "c.example.net:443"), Some(0));
    assert_eq!(desk.model.endpoints.cursor.at, 0);
    desk.press("s s s");
    assert_eq!(desk.model.endpoints.sort, EndpointSort::Name);
    assert_eq!(
        names(&desk)[..2],
        ["a.example.net:443", "b.example.net:443"]
    );
    desk.press("/");
    type_in(&mut desk, "served:none");
    assert_eq!(names(&desk), ["c.example.net:443"]);
    desk.press("esc");
    desk.press("/");
    type_in(&mut desk, "served:unseen b.ex");
    assert_eq!(names(&desk), ["b.example.net:443"]);
}

#[test]
fn another_account_has_endpoints_of_its_own() {
    let mut desk = desk();
    let other = Msg::KeptEndpoints {
        account: "elsewhere".into(),
        all: vec![target("x.example.net")],
    };
    desk.tell(other);
    assert_eq!(desk.model.endpoints.of_all(), 3);
    let account = desk.model.engine.account.name().unwrap().to_owned();
    let all = vec![target("x.example.net")];
    desk.tell(Msg::KeptEndpoints { account, all });
    assert_eq!(desk.model.endpoints.of_all(), 4);
}
