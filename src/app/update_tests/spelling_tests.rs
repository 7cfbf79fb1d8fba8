//! A name is the same name in every spelling, wherever names are compared: the spelling is for showing alone.

use super::*;
use crate::app::account::Domains;
use crate::app::account::rows::{Bits, Orders};
use crate::app::orders::filter::{Beside, Filter};
use crate::domain::draft::csr_notes::{KnownCsrs, reading};
use crate::domain::draft::lists;
use crate::domain::names;
use crate::domain::packed::Rows;
use crate::domain::rules::{newer, renew};
use crate::domain::testing::{SPELLINGS, csr};

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    SPELLINGS
        .into_iter()
        .flat_map(|a| SPELLINGS.into_iter().map(move |b| (a, b)))
}

fn filtered(orders: &Orders, text: &str) -> usize {
    let beside = Beside {
        today: crate::app::testing::date("2026-11-20"),
        marked: &|_| false,
        waiting: &|_| false,
        replacing: &|_| false,
        domains: &Domains::default(),
        served: &|_| Bits::none(orders.len()),
    };
    let filter = Filter::parse(text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"));
    let among = Bits::all(orders.len());
    filter.apply(orders, beside, among).count()
}

#[test]
fn a_filter_finds_an_order_in_every_spelling() {
    for (held, typed) in pairs() {
        let mut orders = Orders::default();
        let mut wild = summary(2, "other.example.net");
        wild.dns_names.push(format!("*.{}", held.trim()));
        orders.upsert(&Rows::from_iter(vec![
            summary(1, held),
            wild,
            summary(3, "third.example.net"),
        ]));
        let typed = typed.trim();
        for (text, found) in [
            (typed.to_owned(), 2),
            (format!("name:{typed}"), 2),
            (format!("name={typed}"), 1),
            (format!("name:*{typed}"), 2),
            (format!("name:*.{typed}"), 1),
            (format!("-name:{typed}"), 1),
            (format!("name!={typed}"), 2),
        ] {
            assert_eq!(filtered(&orders, &text), found, "{held:?} {text:?}");
        }
    }
}

#[test]
fn a_row_shows_the_name_as_it_came_and_counts_it_once() {
    for (common, other) in pairs() {
        let mut row = summary(1, common);
        row.dns_names = vec![other.into(), format!("www.{}", other.trim())];
        let mut orders = Orders::default();
        orders.upsert(&Rows::from_iter(vec![row]));
        let row = orders.at(0).unwrap();
        assert_eq!(row.common_name(), "xn--bcher-kva.example");
        assert_eq!(row.other_names().count(), 1, "{common:?} {other:?}");
        assert!(names::same(row.display_name(), common));
        assert_eq!(row.display_name().is_ascii(), common.is_ascii());
    }
}

#[test]
fn orders_with_the_names_are_found_in_every_spelling() {
    let today = crate::app::testing::date("2026-11-20");
    for (held, wanted) in pairs() {
        let row = summary(2, held);
        let set = names::set(wanted, &[""]);
        assert_eq!(
            renew::sources([&row], &set, None, today).len(),
            1,
            "{held:?} {wanted:?}"
        );
        let mut certificate = Certificate::empty(Role::Primary);
        certificate.common_name = wanted.into();
        certificate.valid_till = Some(today);
        let mut due = order(1, certificate);
        due.order_valid_till = Some(today);
        let mut later = row.clone();
        later.created = Timestamp::from_second(1).ok();
        let found = newer::in_place_of(&due, [&later], today);
        assert_eq!(
            found.map(|found| found.order.id),
            Some(OrderId(2)),
            "{held:?} {wanted:?}"
        );
    }
}

#[test]
fn a_csr_holds_the_names_of_the_form_in_every_spelling() {
    let (pem, _) = csr(
        "/CN=xn--bcher-kva.example",
        &[
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-addext",
            "subjectAltName=DNS:XN--bcher-kva.Example",
        ],
    );
    for (held, asked) in pairs() {
        let mut certificate = Certificate::empty(Role::Primary);
        certificate.common_name = held.into();
        let order = order(1, certificate);
        let known = KnownCsrs::of(&order, &[]);
        let read = reading(&pem, &order, &[asked.to_owned()], &known, true);
        let told: Vec<&str> = read.warnings().map(|note| note.text.as_str()).collect();
        assert_eq!(told, [""; 0], "{held:?} {asked:?}");
        assert!(lists::without(&[held.to_owned()], &[asked.to_owned()]).is_empty());
        assert_eq!(lists::sent(asked, &[held.to_owned()]), held);
    }
}

/// Its rows are those of another filter: nobody goes on to them.
#[test]
fn a_filter_that_is_not_understood_is_not_left_by_enter() {
    for (screen, typed) in [("1", "id:abc"), ("1", "name:n1 zzz:1"), ("2", "order:abc")] {
        let mut desk = Desk::with_orders(3);
        desk.press(screen);
        desk.press("/");
        for letter in typed.chars() {
            let key = crossterm::event::KeyCode::Char(letter);
            desk.tell(Msg::Key(key.into()));
        }
        desk.press("enter");
        assert!(desk.model.is_filtering(), "{typed}");
        desk.press("esc");
        assert!(!desk.model.is_filtering(), "{typed}");
    }
}
