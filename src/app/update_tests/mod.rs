//! Keys and replies in, state and effects out.

use jiff::{SignedDuration, Timestamp};

use crate::app::effect::{Effect, Read};
use crate::app::msg::{Connection, Data, Msg, SyncEvent};
use crate::app::order::OrderTab;
use crate::app::popups::Popup;
use crate::app::screen::Screen;
use crate::app::testing::{self, order, person, post, request, summary, with_csr, write};
use crate::domain::draft::FormKind;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::order::{Certificate, Role};
use crate::domain::packed::Rows;
use crate::domain::request::Request;
use crate::domain::status::{RequestKind, RequestStatus};

mod accounts_tests;
mod batch_tests;
mod begun_tests;
mod bulk_tests;
mod clock_tests;
mod connecting_tests;
mod current_tests;
mod day_tests;
mod desk;
mod domain_list_tests;
mod domains_tests;
mod download_tests;
#[path = "../../../tests/support/draw.rs"]
mod draw;
mod duplicate_by_names_tests;
mod ended_elsewhere_tests;
mod endpoints_tests;
#[path = "../../../tests/support/hands.rs"]
#[expect(dead_code, reason = "other kinds of tests use the rest")]
mod hands;
mod installs_tests;
mod journal_tests;
mod kept_tests;
mod keyless_tests;
mod late_answers_tests;
mod late_tests;
mod looks_tests;
mod marked_tests;
mod marks_tests;
mod meanwhile_tests;
mod missing_options_tests;
mod names_tests;
mod once_more_tests;
mod open_form_tests;
mod operations_tests;
mod outside_tests;
mod placed_tests;
mod plan_tests;
mod poll_tests;
mod prune_tests;
mod refused_tests;
mod reissues_tests;
mod renewing_tests;
mod requesting_tests;
mod requests_tests;
mod resend_tests;
mod secret_tests;
mod sending_tests;
mod served_tests;
mod spelling_tests;
mod stored_tests;
mod verify_tests;
mod watching_tests;
mod words_tests;

use desk::{Desk, lost, no_key, reads};
use hands::no_connection;
use watching_tests::sent;

#[test]
fn connecting_reads_who_it_is_the_list_and_what_waits() {
    let mut desk = Desk::connected();
    let effects = desk.press("R");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Sync { .. }))
    );
    assert!(reads(&effects).contains(&&Read::Requests));
}

#[test]
fn a_missing_key_asks_for_region_and_key() {
    let mut desk = Desk::connected();
    desk.tell(Msg::Connected(no_connection("default", no_key())));
    assert!(matches!(desk.model.popups.last(), Some(Popup::Connect(_))));
    desk.press("esc");
    assert!(desk.model.popups.is_empty());
    desk.press("R");
    assert!(
        matches!(desk.model.popups.last(), Some(Popup::Connect(_))),
        "there is a way back to the question"
    );
    desk.paste("0123456789ABCDEF");
    let effects = desk.press("enter");
    assert!(
        matches!(&effects[..], [Effect::Connect { url, keep: None, .. }] if url.contains("digicert.com"))
    );
    assert!(!format!("{:?} {effects:?}", desk.model).contains("0123456789ABCDEF"));
}

#[test]
fn typing_a_filter_never_triggers_a_command() {
    let mut desk = Desk::with_orders(20);
    desk.press("/");
    let effects = desk.press("q d r n 1 5");
    assert!(effects.is_empty());
    assert_eq!(desk.model.orders.filter.text(), "qdrn15");
    desk.press("esc");
    assert_eq!(desk.model.orders.view.len(), 20);
}

#[test]
fn a_paste_never_triggers_a_command() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.paste("q\nd\ny");
    assert!(effects.is_empty());
    assert!(desk.model.form.is_none() && desk.model.popups.is_empty());
    assert!(
        desk.model.status.is_some(),
        "the operator is told where a paste goes"
    );
}

#[test]
fn opening_an_order_reads_it_with_its_certificates_and_then_its_requests() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.press("enter");
    let id = desk.model.current_order().unwrap();
    assert_eq!(
        reads(&effects),
        [&Read::Order(id), &Read::Duplicates(id), &Read::Reissues(id)]
    );
    let mut info = order(id.0, Certificate::empty(Role::Primary));
    info.requests.push(Request {
        comments: Some("please".into()),
        ..request(5, RequestKind::Duplicate, RequestStatus::Pending)
    });
    let more = desk.answer(&effects, &Read::Order(id), Ok(Data::Order(Box::new(info))));
    assert_eq!(reads(&more), [&Read::Request(RequestId(5))]);
    desk.press("o o");
    assert_eq!(desk.model.order_tab(), OrderTab::Requests);
    desk.press("esc");
    assert!(desk.model.order.is_none());
}

#[test]
fn a_failed_read_keeps_what_was_there() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let id = OrderId(1);
    let info = order(1, Certificate::empty(Role::Primary));
    desk.answer(&effects, &Read::Order(id), Ok(Data::Order(Box::new(info))));
    let effects = desk.press("R");
    desk.answer(&effects, &Read::Order(id), Err(lost()));
    let data = &desk.model.engine.account.known[&id];
    assert!(data.order.value().is_some());
    assert_eq!(data.order.failure(), Some(&lost()));
}

#[test]
fn a_reply_that_a_newer_read_overtook_does_not_count() {
    let mut desk = Desk::with_orders(1);
    let first = desk.press("enter");
    let second = desk.press("R");
    let id = OrderId(1);
    let named = |name: &str| {
        let mut certificate = Certificate::empty(Role::Primary);
        certificate.common_name = name.into();
        Ok(Data::Order(Box::new(order(1, certificate))))
    };
    desk.answer(&second, &Read::Order(id), named("new.example.net"));
    desk.answer(&first, &Read::Order(id), named("old.example.net"));
    let shown = desk.model.engine.account.known[&id].order.value().unwrap();
    assert_eq!(shown.certificate.common_name, "new.example.net");
}

#[test]
fn a_page_of_an_earlier_run_does_not_count() {
    let mut desk = Desk::connected();
    let crate::app::account::SyncState::Running { run: old, .. } = desk.model.engine.account.sync
    else {
        panic!("the list is not being read");
    };
    desk.press("R");
    let rows = Rows::from_iter([summary(1, "a.example.net")]).into();
    desk.tell(Msg::Sync {
        run: old,
        event: SyncEvent::Rows {
            rows,
            done: 1,
            total: 1,
        },
    });
    assert!(desk.model.engine.account.orders.is_empty());
}

#[test]
fn the_cursor_stays_on_its_order_when_the_list_changes() {
    let mut desk = Desk::with_orders(50);
    desk.press("j j j");
    let before = desk.model.current_order();
    desk.press("s s");
    assert_eq!(desk.model.current_order(), before);
    desk.press("R");
    desk.rows(
        (1..=60)
            .map(|n| summary(n, &format!("n{n}.example.net")))
            .collect(),
    );
    assert_eq!(desk.model.current_order(), before);
}

#[test]
fn a_key_that_cannot_be_used_here_says_why() {
    let mut desk = Desk::connected();
    for key in ["d", "r", "y", "w", "W"] {
        desk.model.status = None;
        assert!(desk.press(key).is_empty(), "{key}");
        assert!(desk.model.status.is_some(), "{key} says nothing");
    }
}

#[test]
fn leaving_with_something_unfinished_asks_and_a_second_ctrl_c_leaves() {
    let (mut desk, _) = sent();
    assert!(desk.press("ctrl-c").is_empty());
    assert!(matches!(desk.model.popups.last(), Some(Popup::Prompt(_))));
    assert_eq!(desk.press("ctrl-c"), [Effect::Quit(0)]);
    let mut idle = Desk::with_orders(1);
    assert_eq!(idle.press("q"), [Effect::Quit(0)]);
}

#[test]
fn approving_shows_what_is_sent_and_sends_it_once() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("2");
    assert_eq!(desk.model.screen, Screen::Requests);
    let request = Request {
        common_name: Some("n1.example.net".into()),
        ..request(4, RequestKind::Reissue, RequestStatus::Pending)
    };
    desk.answer(&effects, &Read::Requests, Ok(Data::Requests(vec![request])));
    assert_eq!(desk.model.engine.account.requests.by_order[&OrderId(1)], 1);
    let effects = desk.press("a");
    assert_eq!(
        reads(&effects),
        [&Read::Request(RequestId(4))],
        "what the list does not tell is read, and nothing is sent before it is confirmed"
    );
    assert_eq!(effects.len(), 2);
    assert!(effects.contains(&Effect::OpenAhead));
    let effects = desk.press("o k enter");
    let Some(Effect::Write { outgoing, .. }) = effects.first() else {
        panic!("{effects:?}");
    };
    assert_eq!(outgoing.path, "/request/4/status");
    assert_eq!(
        outgoing.body,
        r#"{"status":"approved","processor_comment":"ok"}"#
    );
    assert!(
        desk.press("enter")
            .iter()
            .all(|effect| !matches!(effect, Effect::Write { .. }))
    );
}

#[test]
fn nothing_waits_when_nothing_happens() {
    let mut desk = Desk::with_orders(5);
    desk.press("j k G g");
    assert_eq!(desk.model.next_deadline(), None);
}

#[test]
fn names_lead_to_the_newest_order_that_covers_exactly_these() {
    let mut desk = Desk::connected();
    let row = |id: u64, renewed: bool, names: &[&str]| {
        let mut row = summary(id, names[0]);
        row.dns_names = names.iter().map(ToString::to_string).collect();
        row.is_renewed = renewed;
        row.created = Timestamp::from_second(id as i64).ok();
        row
    };
    let shop = ["shop.example.net", "www.shop.example.net"];
    desk.rows(vec![
        row(1, true, &shop),
        row(2, false, &shop),
        row(3, false, &["shop.example.net"]),
    ]);
    desk.press("D");
    desk.paste("www.shop.example.net, SHOP.example.net");
    let Some(Popup::Sources(sources)) = desk.model.popups.last() else {
        panic!("names are not asked for");
    };
    let found: Vec<u64> = sources.found.iter().map(|found| found.order.0).collect();
    assert_eq!(found, [2, 1]);
    assert!(sources.found[0].why.contains("newest"));
    assert!(
        sources.found[0].why.starts_with("until "),
        "how long it covers is never cut off: {}",
        sources.found[0].why
    );
    let effects = desk.press("enter");
    assert!(reads(&effects).contains(&&Read::Order(OrderId(2))));
}

#[test]
fn a_desk_that_is_open_all_day_does_not_grow() {
    let mut desk = Desk::with_orders(500);
    for _ in 0..450 {
        let effects = desk.press("enter");
        let id = desk.model.current_order().unwrap();
        let info = order(id.0, Certificate::empty(Role::Primary));
        desk.answer(&effects, &Read::Order(id), Ok(Data::Order(Box::new(info))));
        let none = || Ok(Data::Certificates(Vec::new()));
        desk.answer(&effects, &Read::Duplicates(id), none());
        desk.answer(&effects, &Read::Reissues(id), none());
        assert!(desk.model.engine.account.known[&id].order.value().is_some());
        desk.press("esc j");
    }
    assert!(
        desk.model.engine.account.known.len() <= 210,
        "{}",
        desk.model.engine.account.known.len()
    );
}

#[test]
fn a_key_of_another_account_shows_nothing_of_the_old_one() {
    let mut desk = Desk::with_orders(3);
    desk.press("enter");
    desk.go_to("other account");
    assert!(desk.model.engine.account.orders.is_empty());
    assert!(desk.model.engine.account.known.is_empty() && desk.model.order.is_none());
}

#[test]
fn until_the_operator_moves_the_first_row_is_shown() {
    let mut desk = Desk::connected();
    let row = |id: u64, ends: &str| {
        let mut row = summary(id, &format!("n{id}.example.net"));
        row.valid_till = Some(crate::app::testing::date(ends));
        row
    };
    let crate::app::account::SyncState::Running { run, .. } = desk.model.engine.account.sync else {
        panic!("the list is not being read");
    };
    let mut page = |row, done| {
        desk.tell(Msg::Sync {
            run,
            event: SyncEvent::Rows {
                rows: Rows::from_iter([row]).into(),
                done,
                total: 2,
            },
        });
        desk.model.current_order()
    };
    assert_eq!(page(row(1, "2027-03-01"), 1), Some(OrderId(1)));
    assert_eq!(page(row(2, "2026-12-01"), 2), Some(OrderId(2)));
}

#[test]
fn the_list_shows_what_order_info_says() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.press("enter");
    let id = desk.model.current_order().unwrap();
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.valid_till = Some(crate::app::testing::date("2027-05-07"));
    let info = order(id.0, certificate);
    desk.answer(&effects, &Read::Order(id), Ok(Data::Order(Box::new(info))));
    let row = desk.model.engine.account.orders.get(id).unwrap();
    assert_eq!(
        row.valid_till(),
        Some(crate::app::testing::date("2027-05-07"))
    );
}

#[test]
fn what_was_begun_is_listed_and_opened_again() {
    let mut desk = Desk::with_orders(2);
    desk.press("F");
    assert!(desk.model.popups.is_empty(), "there is nothing yet");
    assert!(desk.told().contains("No unsent"));
    for key in ["bulk-1", "duplicate-2", "neworder", "other-2", "reissue-1"] {
        desk.tell(Msg::Draft {
            key: key.into(),
            json: "{}".into(),
            refusal: None,
        });
    }
    let words: Vec<String> = crate::app::popups::drafts::begun(&desk.model.engine.drafts)
        .into_iter()
        .map(|begun| begun.words(&desk.model.engine))
        .collect();
    assert_eq!(
        words,
        [
            "New order",
            "Bulk duplicates of order 1 · n1.example.net",
            "Reissue of order 1 · n1.example.net",
            "Duplicate of order 2 · n2.example.net",
        ]
    );
    desk.press("F enter");
    assert_eq!(
        desk.model.form.as_ref().map(|form| form.kind),
        Some(FormKind::NewOrder)
    );
    desk.press("esc F j j j enter");
    let opening = desk.model.opening.as_ref();
    assert_eq!(
        opening.map(|waited| (waited.kind, waited.order)),
        Some((FormKind::Duplicate, OrderId(2))),
        "once the order was read"
    );
}

#[test]
fn what_is_typed_is_kept_however_the_program_ends() {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.common_name = "n1.example.net".into();
    let info = order(1, certificate);
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info))),
    );
    let saved = |effects: &[Effect], text: &str| {
        effects.iter().any(|effect| {
            matches!(effect, Effect::SaveDraft { key, json } if key == "duplicate-1" && json.contains(text))
        })
    };
    desk.press("d");
    // A paste at once.
    let effects = desk.paste("half a CSR");
    assert!(saved(&effects, "half a CSR"), "{effects:?}");
    // Letters while they are typed, not only when the hand rests.
    desk.nothing_is_late();
    let mut kept = 0;
    for _ in 0..10 {
        let effects = desk.press("x");
        assert!(effects.is_empty(), "{effects:?}");
        desk.now += SignedDuration::from_millis(100);
        kept += usize::from(saved(&desk.tell(Msg::Deadline), "half a CSRx"));
    }
    assert_eq!(kept, 10, "no more than 100 ms of it are lost");
    // Keys that come faster do not put it off.
    let mut kept = 0;
    for _ in 0..10 {
        desk.press("x");
        desk.now += SignedDuration::from_millis(30);
        kept += usize::from(saved(&desk.tell(Msg::Deadline), "half a CSRx"));
    }
    assert!(kept >= 2, "in 300 ms of fast typing: {kept}");
    // The rest at the end.
    desk.press("y");
    let last = crate::app::keep(&mut desk.model);
    assert!(saved(&last, "xxxxxxxxxxy"), "{last:?}");
}
