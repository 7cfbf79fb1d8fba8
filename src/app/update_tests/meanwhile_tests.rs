//! What is decided meanwhile ends the question about it, and a filter that is typed finds what it will find when it is kept.

use super::requests_tests::{end, listed, request, shown, taken, written};
use super::*;
use crate::domain::request::{RequestPage, Wanted};
use crate::domain::status::OrderStatus;
use rstest::rstest;

fn asked(desk: &Desk) -> Option<String> {
    desk.model.popups.iter().find_map(|popup| match popup {
        Popup::Asking(asking) => Some(asking.title.clone()),
        _ => None,
    })
}

fn decided(id: u64, status: RequestStatus) -> Request {
    let mut request = request(id, RequestKind::Reissue, status);
    request.processor = Some(person("Grace Sample", "").into());
    request
}

fn some_order(id: u64) -> crate::domain::order::Order {
    order(id, Certificate::empty(Role::Primary))
}

/// Who gave the first approval, and what was said, stands in the request alone: whether the order is known or not.
#[rstest]
fn a_question_shows_what_the_request_itself_tells(#[values(true, false)] knows_order: bool) {
    let mut desk = listed();
    if knows_order {
        let mut read = some_order(4);
        read.requests = vec![request(4, RequestKind::Reissue, RequestStatus::Pending)];
        let effects = vec![desk.model.engine.account.read(Read::Order(OrderId(4)))];
        let read = Data::Order(Box::new(read));
        desk.answer(&effects, &Read::Order(OrderId(4)), Ok(read));
    }
    let effects = desk.press("a");
    let mut full = request(4, RequestKind::Reissue, RequestStatus::Pending);
    full.comments = Some("for the second server".into());
    let full = Data::Request(Box::new(full));
    desk.answer(&effects, &Read::Request(RequestId(4)), Ok(full));
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("nothing is asked");
    };
    let words = asking.words.join("\n");
    assert!(words.contains("for the second server"), "{words}");
}

/// The ways in which the desk comes to know of it.
#[rstest]
fn a_question_about_a_request_ends_with_it(
    #[values("the request", "the lists", "its order")] way: &str,
    #[values("a", "x")] key: &str,
    #[values(RequestStatus::Approved, RequestStatus::Rejected)] status: RequestStatus,
) {
    let mut desk = listed();
    let effects = desk.press(key);
    desk.press("n o");
    assert!(asked(&desk).is_some());
    let read = Read::Request(RequestId(4));
    let full = decided(4, status.clone());
    let after = match way {
        "the request" => desk.answer(&effects, &read, Ok(Data::Request(Box::new(full)))),
        "the lists" => {
            // It is not among those that wait any more, and is looked at by itself.
            let effects = vec![desk.model.engine.account.read(Read::Requests)];
            let rows = (5..8).map(|id| request(id, RequestKind::Reissue, RequestStatus::Pending));
            let looks = desk.answer(
                &effects,
                &Read::Requests,
                Ok(Data::Requests(rows.collect())),
            );
            assert_eq!(reads(&looks), [&read]);
            desk.answer(&looks, &read, Ok(Data::Request(Box::new(full))))
        }
        _ => {
            let mut read = some_order(4);
            read.requests = vec![full];
            let effects = vec![desk.model.engine.account.read(Read::Order(OrderId(4)))];
            desk.answer(
                &effects,
                &Read::Order(OrderId(4)),
                Ok(Data::Order(Box::new(read))),
            )
        }
    };
    assert_eq!(asked(&desk), None, "{way}");
    // The lists show what else was decided in the meantime.
    assert!(reads(&after).contains(&&Read::Requests), "{way}: {after:?}");
    let words = desk.told();
    let how = format!(
        "Request 4 was {} in the meantime by Grace Sample",
        status.label()
    );
    assert!(
        words.contains(&how) && words.contains("Nothing was sent"),
        "{words}"
    );
    assert!(written(&desk.press("enter")).is_none());
}

#[test]
fn of_several_the_others_are_still_asked_about() {
    let mut desk = listed();
    desk.press("space space space");
    let effects = desk.press("a");
    assert_eq!(asked(&desk).as_deref(), Some("Approve 3 requests"));
    desk.answer(
        &effects,
        &Read::Request(RequestId(5)),
        Ok(Data::Request(Box::new(decided(5, RequestStatus::Approved)))),
    );
    assert_eq!(asked(&desk).as_deref(), Some("Approve 2 requests"));
    assert!(desk.told().contains("the other 2"), "{}", desk.told());
    let effects = desk.press("enter");
    let (_, path, _) = written(&effects).expect("the first of them");
    assert_eq!(path, "/request/4/status");
}

#[test]
fn what_was_decided_from_here_ends_it_as_well() {
    let mut desk = listed();
    let effects = desk.press("a enter");
    let (op, ..) = written(&effects).expect("it is sent");
    // While its answer is on its way the same request is asked about again.
    desk.press("2 g x");
    assert_eq!(asked(&desk).as_deref(), Some("Reject"));
    end(&mut desk, op, taken());
    assert_eq!(asked(&desk), None);
    assert!(desk.told().contains("from here"), "{}", desk.told());
}

#[test]
fn the_first_of_two_approvals_leaves_the_question_open() {
    let mut desk = listed();
    desk.press("j");
    let effects = desk.press("a");
    let mut full = request(5, RequestKind::Duplicate, RequestStatus::Pending);
    full.reviewer = Some(person("Grace Sample", "").into());
    desk.answer(
        &effects,
        &Read::Request(RequestId(5)),
        Ok(Data::Request(Box::new(full))),
    );
    assert_eq!(asked(&desk).as_deref(), Some("Approve"));
}

#[test]
fn an_operation_that_its_order_does_not_allow_any_more_is_not_asked_about() {
    let mut desk = Desk::with_orders(3);
    let effects = desk.press("enter");
    let id = desk.model.current_order().expect("an order");
    let read = |status| {
        let mut read = some_order(id.0);
        read.status = status;
        Ok(Data::Order(Box::new(read)))
    };
    desk.answer(&effects, &Read::Order(id), read(OrderStatus::Issued));
    desk.press("m j j j j j");
    let (mut at, mut opened) = (0, false);
    while at < 10 && !opened {
        desk.press("enter");
        opened = asked(&desk).is_some();
        desk.press(if opened { "x" } else { "k" });
        at += 1;
    }
    assert!(opened, "something can be done");
    let effects = vec![desk.model.engine.account.read(Read::Order(id))];
    desk.answer(&effects, &Read::Order(id), read(OrderStatus::Canceled));
    assert_eq!(asked(&desk), None);
    assert!(desk.told().contains("Nothing was sent"), "{}", desk.told());
}

#[test]
fn a_filter_that_is_typed_finds_what_it_will_find_when_it_is_kept() {
    let mut desk = listed();
    assert!(
        desk.press("/ n 1 0").is_empty(),
        "no letter asks the account"
    );
    let effects = desk.wait(1);
    let all = Read::RequestPage(Wanted::default(), 0);
    assert_eq!(reads(&effects), [&all], "all of them are looked through");
    let rows = (100..110).map(|id| request(id, RequestKind::Reissue, RequestStatus::Approved));
    desk.answer(
        &effects,
        &all,
        Ok(Data::RequestPage(RequestPage {
            rows: rows.collect(),
            next: None,
            total: None,
        })),
    );
    let typed = shown(&desk);
    assert_eq!(typed.len(), 10, "{typed:?}");
    let paged = |effects: &[Effect]| {
        let is_page = |read: &&Read| matches!(read, Read::RequestPage(..));
        reads(effects).into_iter().filter(is_page).count()
    };
    let mut more = desk.press("5");
    more.extend(desk.wait(1));
    assert_eq!(paged(&more), 0, "they are there");
    assert_eq!(shown(&desk), [105]);
    assert_eq!(paged(&desk.press("enter")), 0, "Enter brings no others");
    assert_eq!(shown(&desk), [105]);
}

#[test]
fn letters_of_a_name_do_not_ask_the_account_one_by_one() {
    let mut desk = listed();
    let mut asked = 0;
    for letter in "name:n104 status:decided".chars() {
        let key = if letter == ' ' {
            "space".to_owned()
        } else {
            letter.to_string()
        };
        desk.press(&key);
        asked += reads(&desk.wait(1)).len();
    }
    assert!(asked <= 2, "{asked} calls");
}
