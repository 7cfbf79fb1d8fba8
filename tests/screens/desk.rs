//! Every screen of the desk, as an operator sees it.

use certdeck::app::effect::Read;
use certdeck::app::msg::{Accepted, Data, Ended, Msg, SyncEvent};
use certdeck::app::status::Tone;
use certdeck::domain::packed::Rows;

use crate::account::{self, Desk, ORDER};
use crate::draw::text;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 10)];

/// One snapshot a size of the state that `make` makes.
pub(crate) fn seen(name: &str, make: impl Fn((u16, u16)) -> Desk) {
    for size in SIZES {
        let desk = make(size);
        let screen = text(&desk.model);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), screen);
        });
    }
}

#[test]
fn starting() {
    seen("starting", Desk::started);
}

#[test]
fn connecting() {
    seen("connecting", Desk::connected);
}

#[test]
fn orders() {
    seen("orders", Desk::with_orders);
}

#[test]
fn orders_beside_the_one_under_the_cursor() {
    seen("orders_rested", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("space k");
        if desk.model.preview.due.is_some() {
            desk.rest();
        }
        desk
    });
}

#[test]
fn what_stands_beside_a_list_that_scrolls_slides_with_it_until_the_cursor_rests() {
    let beside = |desk: &Desk| -> Vec<String> {
        let text = text(&desk.model);
        let lines = text.lines().filter_map(|line| line.split_once('│'));
        lines.map(|(_, side)| side.trim().to_owned()).collect()
    };
    let mut desk = Desk::with_orders((120, 14));
    desk.rest();
    desk.press("k");
    for _ in 0..8 {
        desk.press("j");
    }
    desk.rest();
    let still = beside(&desk);
    assert!(still.iter().skip(1).filter(|line| !line.is_empty()).count() > 5);

    // Inside the window nothing slides; past its edge all but the first line does.
    let slid = |desk: &mut Desk| loop {
        let (top, at) = (desk.model.orders.cursor.top, desk.model.orders.cursor.at);
        desk.press("j");
        if desk.model.orders.cursor.top != top {
            return;
        }
        assert_ne!(desk.model.orders.cursor.at, at, "the list is too short");
        assert_eq!(beside(desk), still);
    };
    slid(&mut desk);
    let after = beside(&desk);
    assert_eq!(after[0], still[0]);
    assert_eq!(after[1..after.len() - 1], still[2..]);
    assert_eq!(after.last().map(String::as_str), Some(""));

    desk.rest();
    let rested = beside(&desk);
    assert_ne!(rested[0], still[0]);
    let order = desk.model.current_order().expect("an order");
    assert!(rested[0].starts_with(&order.to_string()), "{rested:?}");
    assert!(rested[1].starts_with("Overview"), "{rested:?}");
}

#[test]
fn orders_on_a_very_wide_screen() {
    let mut desk = Desk::with_orders((200, 24));
    desk.rest();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("orders_200x24", text(&desk.model));
    });
}

#[test]
fn loading() {
    seen("loading", |size| {
        let mut desk = Desk::connected(size);
        desk.comes(
            &Read::Session,
            Ok(certdeck::app::msg::Data::Session(account::session())),
        );
        desk.sync(SyncEvent::Rows {
            rows: Rows::from_iter(account::orders()).into(),
            done: 3000,
            total: 100_000,
        });
        desk
    });
}

#[test]
fn an_account_without_orders() {
    seen("no_orders", |size| {
        let mut desk = Desk::connected(size);
        desk.orders(Vec::new());
        desk
    });
}

#[test]
fn typing_a_filter() {
    seen("filter_typing", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("/");
        desk.type_text("status:issued ends<30d");
        desk
    });
}

#[test]
fn a_filter_in_force() {
    seen("filter_kept", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("/");
        desk.type_text("is:due");
        desk.press("enter");
        desk
    });
}

#[test]
fn a_filter_that_nothing_matches() {
    seen("filter_nothing", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("/");
        desk.type_text("name:*.nowhere.example");
        desk.press("enter");
        desk
    });
}

#[test]
fn a_filter_that_is_not_understood() {
    seen("filter_wrong", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("/");
        desk.type_text("tint:blue");
        desk
    });
}

#[test]
fn the_network_went_away_and_what_was_there_stays() {
    seen("no_network", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("R");
        desk.sync(SyncEvent::Failed(account::no_network()));
        desk
    });
}

#[test]
fn the_network_was_never_there() {
    seen("no_network_at_first", |size| {
        let mut desk = Desk::connected(size);
        desk.comes(&Read::Session, Err(account::no_network()));
        desk.sync(SyncEvent::Failed(account::no_network()));
        desk
    });
}

#[test]
fn an_order_that_is_being_read() {
    seen("order_reading", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("enter");
        desk
    });
}

#[test]
fn overview() {
    seen("order_overview", Desk::with_order);
}

#[test]
fn overview_read_to_its_end() {
    seen("order_overview_end", |size| {
        let mut desk = Desk::with_order(size);
        desk.press("G");
        desk
    });
}

#[test]
fn certificates() {
    seen("order_certificates", |size| {
        let mut desk = Desk::with_order(size);
        desk.tab(1);
        desk
    });
}

#[test]
fn a_certificate_with_other_names() {
    seen("order_certificates_other", |size| {
        let mut desk = Desk::with_order(size);
        desk.tab(1);
        desk.press("j j");
        desk
    });
}

#[test]
fn requests_of_an_order() {
    seen("order_requests", |size| {
        let mut desk = Desk::with_order(size);
        desk.tab(2);
        desk
    });
}

#[test]
fn domains() {
    seen("order_domains", |size| {
        let mut desk = Desk::with_order(size);
        desk.tab(3);
        desk
    });
}

#[test]
fn activity() {
    seen("order_activity", |size| {
        let mut desk = Desk::with_order(size);
        desk.tell(Msg::Journal(Ok(account::journal())));
        desk.tab(4);
        desk
    });
}

#[test]
fn an_order_that_could_not_be_read() {
    seen("order_failed", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("enter");
        desk.comes(&Read::Order(ORDER), Err(account::no_network()));
        desk
    });
}

#[test]
fn requests() {
    seen("requests", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("2");
        desk
    });
}

#[test]
fn what_stands_below_a_list_stays_where_it_is_while_the_list_scrolls_past_what_stands_beside() {
    let mut desk = Desk::with_orders((120, 24));
    desk.press("2");
    let rows = (1..=20).map(|id| {
        let mut row = account::requests().remove(0);
        row.id = certdeck::domain::ids::RequestId(300_000_100 + id);
        row.date = None;
        row
    });
    desk.comes(
        &Read::Requests,
        Ok(certdeck::app::msg::Data::Requests(rows.collect())),
    );
    desk.rest();
    let panes = |desk: &Desk| -> Vec<(String, String)> {
        let text = text(&desk.model);
        let lines = text.lines().filter_map(|line| line.split_once('│'));
        lines
            .map(|(list, side)| (list.trim().to_owned(), side.trim().to_owned()))
            .collect()
    };
    let still = panes(&desk);
    let rule = still.iter().position(|(list, _)| list.starts_with('─'));
    let rule = rule.expect("the block below");
    assert!(still[rule].0.contains("request 300000120"), "{still:?}");
    for _ in 0..rule - 1 {
        desk.press("j j k");
    }
    let moved = panes(&desk);
    assert_ne!(desk.model.requests.cursor.top, 0);
    let by = desk.model.requests.cursor.top;
    assert_eq!(moved[rule..], still[rule..], "until the cursor rests");
    let side = |panes: &[(String, String)]| -> Vec<String> {
        panes.iter().map(|(_, side)| side.clone()).collect()
    };
    assert_eq!(side(&moved)[1..rule - by], side(&still)[1 + by..rule]);
    desk.rest();
    let rested = panes(&desk);
    assert_eq!(side(&rested), side(&still), "the same order");
    assert!(!rested[rule].0.contains("request 300000120"));
}

#[test]
fn no_requests() {
    seen("requests_none", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("2");
        desk.comes(
            &Read::Requests,
            Ok(certdeck::app::msg::Data::Requests(Vec::new())),
        );
        desk
    });
}

#[test]
fn a_filter_for_decided_requests_says_while_it_is_typed_how_they_are_read() {
    let mut desk = Desk::with_orders((120, 24));
    desk.press("2 /");
    desk.type_text("status:rejected");
    let seen = text(&desk.model);
    assert!(
        seen.contains("Press Enter to search decided requests."),
        "{seen}"
    );
}

#[test]
fn decided_requests() {
    seen("requests_decided", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("2 t");
        let wanted = certdeck::domain::request::Wanted {
            status: vec![
                certdeck::domain::status::RequestStatus::Approved,
                certdeck::domain::status::RequestStatus::Rejected,
            ],
            ..certdeck::domain::request::Wanted::default()
        };
        let page = certdeck::domain::request::RequestPage {
            rows: account::decided(),
            next: Some(2),
            total: Some(1_240),
        };
        desk.comes(
            &Read::RequestPage(wanted, 0),
            Ok(certdeck::app::msg::Data::RequestPage(page)),
        );
        desk
    });
}

#[test]
fn drafts() {
    seen("drafts", |size| {
        let mut desk = Desk::with_orders(size);
        for key in ["reissue-100000118", "neworder", "bulk-100000028"] {
            let json = "{}".to_owned();
            desk.model.engine.drafts.texts.insert(key.to_owned(), json);
        }
        desk.press("F j");
        desk
    });
}

#[test]
fn journal() {
    seen("journal", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("3");
        desk.tell(Msg::Journal(Ok(account::journal())));
        desk
    });
}

#[test]
fn the_plan() {
    seen("plan", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("4 j j l");
        desk
    });
}

#[test]
fn the_plan_of_an_account_without_orders() {
    seen("plan_empty", |size| {
        let mut desk = Desk::connected(size);
        desk.press("4");
        desk
    });
}

#[test]
fn an_empty_journal() {
    seen("journal_empty", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("3");
        desk.tell(Msg::Journal(Ok(Vec::new())));
        desk
    });
}

#[test]
fn help() {
    seen("help", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("?");
        desk
    });
}

#[test]
fn palette() {
    seen("palette", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press(":");
        desk.type_text("du");
        desk
    });
}

#[test]
fn copy_menu() {
    seen("copy", |size| {
        let mut desk = Desk::with_order(size);
        desk.press("y");
        desk
    });
}

#[test]
fn operations() {
    seen("operations", |size| {
        let mut desk = Desk::with_order(size);
        desk.press("m j");
        desk
    });
}

#[test]
fn an_order_found_by_names() {
    seen("sources", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("D");
        desk.type_text("shop.example.net");
        desk
    });
}

/// An order that is due, and a newer one with the same names that waited for approval once.
fn due_and_newer(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with_orders(size);
    let names = "login.example.com www.login.example.com";
    let due = account::row(100_000_028, names, 2, 2);
    let mut newer = account::row(100_000_128, names, 170, 340);
    newer.created = Some(account::at("2026-11-02T09:30:00Z"));
    desk.orders(vec![due.clone(), newer.clone()]);
    desk.press("g n");
    for row in [due, newer] {
        let mut info = account::order();
        info.id = row.id;
        info.certificate.common_name = row.common_name;
        info.certificate.dns_names = row.dns_names;
        info.certificate.valid_till = row.valid_till;
        info.order_valid_till = row.order_valid_till;
        info.created = row.created;
        desk.comes(&Read::Order(row.id), Ok(Data::Order(Box::new(info))));
    }
    desk
}

#[test]
fn a_newer_order_in_place_of_a_renewal() {
    seen("newer", due_and_newer);
}

#[test]
fn where_to_write() {
    seen("write", |size| {
        let mut desk = Desk::with_order(size);
        desk.press("w");
        desk
    });
}

#[test]
fn approving() {
    seen("approve", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("2 a");
        desk.type_text("fine with me");
        desk
    });
}

#[test]
fn a_form() {
    seen("form", |size| {
        let mut desk = Desk::with_order(size);
        desk.press("d");
        desk
    });
}

#[test]
fn what_was_sent() {
    seen("watches", |size| {
        let mut desk = Desk::with_orders(size);
        desk.press("2 a enter");
        let op = desk.write();
        desk.tell(Msg::WriteEnded {
            op,
            outcome: Ended::Accepted(Accepted::default()),
        });
        desk.press("j x enter");
        let op = desk.write();
        desk.tell(Msg::WriteEnded {
            op,
            outcome: Ended::Unknown(account::no_network()),
        });
        desk.press("W");
        desk
    });
}

#[test]
fn long_words_in_the_status_line() {
    seen("told", |size| {
        let mut desk = Desk::with_orders(size);
        desk.model.set_status(
            Tone::Good,
            "Sent 6,214 bytes to your terminal · inside tmux at home: set -s set-clipboard on, or the paste stays empty",
        );
        desk
    });
}
