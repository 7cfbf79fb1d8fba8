//! Every key that the footer or the help lists does something, or says why it does not: in every place, in the states in
//! which people meet it. And what the footer offers works.

use certdeck::app::effect::Read;
use certdeck::app::msg::{Accepted, Connection, Data, Ended, Msg};
use certdeck::app::popups::Popup;
use certdeck::app::popups::copy;
use certdeck::config::KeyPlace;
use certdeck::domain::status::OrderStatus;
use certdeck::keys::{Action, Chord, KeyChange, KeyMap, Place};
use rstest::rstest;

use crate::account::{self, Desk};
use crate::draw::{cells, text};

pub const SIZE: (u16, u16) = (120, 40);

/// States by name, each made anew for every key.
pub fn state(name: &str) -> Desk {
    let keys = |mut desk: Desk, keys: &[&str]| {
        for key in keys {
            desk.press(key);
        }
        desk
    };
    match name {
        "starting" => Desk::started(SIZE),
        "no orders" => {
            let mut desk = Desk::connected(SIZE);
            desk.orders(Vec::new());
            desk
        }
        "orders" => Desk::with_orders(SIZE),
        "orders, revoked" => revoked(),
        "orders, waiting" => keys(waiting(), &["g"]),
        "orders, filter" => keys(Desk::with_orders(SIZE), &["/"]),
        "requests" => keys(Desk::with_orders(SIZE), &["2"]),
        "no requests" => {
            let mut desk = keys(Desk::with_orders(SIZE), &["2"]);
            desk.comes(&Read::Requests, Ok(Data::Requests(Vec::new())));
            desk
        }
        "requests, filter" => keys(Desk::with_orders(SIZE), &["2", "/"]),
        "journal" => {
            let mut desk = keys(Desk::with_orders(SIZE), &["3"]);
            desk.tell(Msg::Journal(Ok(account::journal())));
            desk
        }
        "no journal" => keys(Desk::with_orders(SIZE), &["3"]),
        "overview" => Desk::with_order(SIZE),
        "certificates" => keys(Desk::with_order(SIZE), &["o"]),
        "order's requests" => keys(Desk::with_order(SIZE), &["o", "o"]),
        "domains" => keys(Desk::with_order(SIZE), &["o", "o", "o"]),
        "activity" => keys(Desk::with_order(SIZE), &["o", "o", "o", "o"]),
        "order that is read" => keys(Desk::with_orders(SIZE), &["enter"]),
        "form" => keys(Desk::with_order(SIZE), &["d"]),
        "form, a choice" => keys(Desk::with_order(SIZE), &["d", "tab"]),
        "form, load" => keys(Desk::with_order(SIZE), &["d", "ctrl-o"]),
        "form, make a key" => keys(Desk::with_order(SIZE), &["d", "ctrl-g"]),
        "form, discard" => {
            let mut desk = keys(Desk::with_order(SIZE), &["d"]);
            desk.type_text("x");
            keys(desk, &["ctrl-d"])
        }
        "bulk" => keys(Desk::with_order(SIZE), &["b"]),
        "bulk, a choice" => keys(Desk::with_order(SIZE), &["b", "tab"]),
        "copy" => keys(Desk::with_order(SIZE), &["y"]),
        "menu" => keys(Desk::with_order(SIZE), &["m"]),
        "menu, what cannot be done" => keys(Desk::with_order(SIZE), &["m", "j", "j"]),
        "asking" => keys(Desk::with_order(SIZE), &["m", "enter"]),
        "revoking" => keys(
            Desk::with_order(SIZE),
            &["m", "j", "j", "j", "j", "j", "j", "enter"],
        ),
        "connecting" => {
            let mut desk = Desk::started(SIZE);
            desk.tell(Msg::Connected(Connection {
                account: String::new(),
                profile: "work".into(),
                url: "https://www.digicert.com/services/v2".into(),
                sandbox: false,
                key: Err(crate::connect::no_key()),
            }));
            let places = vec![KeyPlace::Store, KeyPlace::Kernel];
            desk.tell(Msg::KeyPlaces { places, kept: None });
            desk
        }
        "approving" => keys(Desk::with_orders(SIZE), &["2", "a"]),
        "where to write" => keys(Desk::with_order(SIZE), &["w"]),
        "sent" => sent(),
        "palette" => keys(Desk::with_orders(SIZE), &[":"]),
        "palette over a menu" => keys(Desk::with_order(SIZE), &["m", ":"]),
        "help" => keys(Desk::with_orders(SIZE), &["?"]),
        "names" => keys(Desk::with_orders(SIZE), &["D"]),
        "orders, filter not understood" => {
            let mut desk = keys(Desk::with_orders(SIZE), &["/"]);
            desk.type_text("status:isued");
            desk
        }
        "requests, decided" => {
            let mut desk = keys(Desk::with_orders(SIZE), &["2", "t"]);
            let wanted = certdeck::domain::request::Wanted {
                status: vec![
                    certdeck::domain::status::RequestStatus::Approved,
                    certdeck::domain::status::RequestStatus::Rejected,
                ],
                ..Default::default()
            };
            let page = certdeck::domain::request::RequestPage {
                rows: account::decided(),
                next: None,
                total: None,
            };
            desk.comes(&Read::RequestPage(wanted, 0), Ok(Data::RequestPage(page)));
            desk
        }
        "form, path of a key" => keys(Desk::with_order(SIZE), &["d", "ctrl-g", "tab"]),
        "new order" => keys(Desk::with_orders(SIZE), &["N"]),
        "bulk, files" => {
            let mut desk = keys(Desk::with_order(SIZE), &["b"]);
            desk.type_text("first.csr ~/tls/");
            desk
        }
        "bulk, rows" => {
            let mut desk = keys(Desk::with_order(SIZE), &["b"]);
            desk.tell(Msg::CsrsRead {
                list: account::ORDER.into(),
                files: vec![("a.csr".into(), Ok("no CSR".into()))],
            });
            desk
        }
        "copy, what is not known" => {
            let mut desk = keys(Desk::with_order(SIZE), &["y"]);
            for _ in 0..6 {
                desk.press("j");
            }
            let Some(popup @ Popup::Copy(_, picker)) = desk.model.popups.last() else {
                panic!("the copy menu is closed");
            };
            let entries = copy::entries(&desk.model.keymap, popup);
            assert_eq!(picker.at(&copy::rows(&entries)), 6);
            desk
        }
        "palette, nothing found" => {
            let mut desk = keys(Desk::with_orders(SIZE), &[":"]);
            desk.type_text("zzzz");
            desk
        }
        "drafts" => {
            let mut desk = Desk::with_orders(SIZE);
            desk.model
                .engine
                .drafts
                .texts
                .insert("neworder".into(), "{}".into());
            keys(desk, &["F"])
        }
        _ => panic!("no state {name}"),
    }
}

/// Connected to an account without orders so far.
fn account_of(size: (u16, u16)) -> Desk {
    let mut desk = Desk::connected(size);
    desk.comes(&Read::Session, Ok(Data::Session(account::session())));
    desk
}

fn revoked() -> Desk {
    let mut desk = account_of(SIZE);
    let mut row = account::row(100_000_300, "gone.example.net", 100, 200);
    row.status = OrderStatus::Revoked;
    desk.orders(vec![row]);
    desk
}

/// The row under the cursor has a request that waits.
fn waiting() -> Desk {
    let mut desk = account_of(SIZE);
    let order = account::requests()
        .into_iter()
        .find_map(|request| request.order.filter(|_| request.status.is_open()));
    let id = order.expect("a request of an order").0;
    desk.orders(vec![account::row(id, "wait.example.net", 100, 200)]);
    desk.comes(&Read::Requests, Ok(Data::Requests(account::requests())));
    desk
}

fn sent() -> Desk {
    let mut desk = Desk::with_orders(SIZE);
    for key in ["2", "a", "enter"] {
        desk.press(key);
    }
    let op = desk.write();
    desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Accepted(Accepted::default()),
    });
    desk.press("W");
    desk
}

/// The keys that hold in a state: those of its places, on the screens also those of the other screens.
fn keys_of(desk: &Desk) -> Vec<(String, Action)> {
    let mut places = desk.model.places();
    let on_screens = places.contains(&Place::Lists);
    if on_screens {
        let others = Place::SCREENS
            .iter()
            .filter(|place| !places.contains(place));
        let others: Vec<Place> = others.copied().collect();
        places.extend(others);
    }
    let typing = desk.model.is_typing();
    let mut keys = Vec::new();
    for binding in certdeck::keys::TABLE {
        let held = places.contains(&binding.place);
        for key in binding.keys.iter().filter(|_| held) {
            let chord = Chord::parse(key).expect("a key");
            let keymap = &desk.model.keymap;
            if keymap.resolve_typing(&places, chord, typing) == Some(binding.action) {
                keys.push(((*key).to_owned(), binding.action));
            }
        }
    }
    keys
}

/// Places in which somebody's settings may give a move another key, each with states of it.
const WITH_ROWS: &[(&str, &[&str])] = &[
    (
        "lists",
        &[
            "orders",
            "requests",
            "journal",
            "certificates",
            "domains",
            "activity",
        ],
    ),
    ("orders", &["orders"]),
    ("requests", &["requests"]),
    ("journal", &["journal"]),
    ("detail", &["certificates", "activity"]),
    ("domains", &["domains"]),
    ("filter", &["orders, filter", "requests, filter"]),
    ("bulk", &["bulk, rows"]),
    ("copy", &["copy"]),
    ("operations", &["menu", "drafts"]),
    ("watch", &["sent"]),
    ("palette", &["palette", "names"]),
    ("reader", &["help"]),
];

#[test]
fn the_settings_of_every_place_can_still_give_its_moves_other_keys() {
    let moves = [
        ("down", "down"),
        ("up", "up"),
        ("page-down", "pgdn"),
        ("page-up", "pgup"),
    ];
    for (place, states) in WITH_ROWS {
        for state in *states {
            for (action, usual) in moves {
                let (key, what) = ("f12", format!("{place}, {state}: {action}"));
                let (map, wrong) = KeyMap::with([KeyChange { place, key, action }]);
                assert_eq!(wrong, [], "{what}");
                let shown = |key: &str| {
                    let mut desk = self::state(state);
                    desk.model.keymap = map.clone();
                    if action == "up" {
                        desk.key("down");
                    }
                    let asks = Chord::parse(key).and_then(|chord| {
                        let typing = desk.model.is_typing();
                        desk.model
                            .keymap
                            .resolve_typing(&desk.model.places(), chord, typing)
                    });
                    desk.key(key);
                    (asks, text(&desk.model))
                };
                let (asked, other) = shown(key);
                assert_eq!(asked, Action::parse(action), "{what}");
                if let (Some(_), own) = shown(usual) {
                    assert_eq!(other, own, "{what}");
                }
            }
        }
    }
}

fn moves(action: Action) -> bool {
    matches!(
        action,
        Action::Down
            | Action::Up
            | Action::Top
            | Action::Bottom
            | Action::PageDown
            | Action::PageUp
    )
}

#[rstest]
fn every_key_acts_or_says_why_not(
    #[values(
        "starting",
        "no orders",
        "orders",
        "orders, revoked",
        "orders, waiting",
        "orders, filter",
        "requests",
        "no requests",
        "requests, filter",
        "journal",
        "no journal",
        "overview",
        "certificates",
        "order's requests",
        "domains",
        "activity",
        "order that is read",
        "form",
        "form, a choice",
        "form, load",
        "form, make a key",
        "form, discard",
        "bulk",
        "bulk, a choice",
        "copy",
        "menu",
        "menu, what cannot be done",
        "asking",
        "approving",
        "where to write",
        "sent",
        "palette",
        "palette over a menu",
        "help",
        "names",
        "drafts"
    )]
    name: &str,
) {
    let keys = keys_of(&state(name));
    assert!(keys.len() > 3, "{name}: {keys:?}");
    let mut silent = Vec::new();
    for (key, action) in keys {
        // A cursor that is at its end stays there.
        if moves(action) {
            continue;
        }
        let mut desk = state(name);
        let before = cells(&desk.model);
        let effects = desk.key(&key);
        let is_seen = cells(&desk.model) != before || desk.model.status.is_some();
        if effects.is_empty() && !is_seen {
            silent.push(format!("{key} ({})", action.name()));
        }
    }
    assert!(
        silent.is_empty(),
        "{name}: {silent:?} do nothing and say nothing"
    );
}

/// Whether the line of keys offers an action's label.
pub fn footer(desk: &Desk) -> String {
    let screen = text(&desk.model);
    screen.lines().last().unwrap_or_default().to_owned()
}

#[rstest]
#[case("overview", "Enter open", false)]
#[case("certificates", "Enter open", false)]
#[case("orders", "Enter open", true)]
#[case("no orders", "Enter open", false)]
#[case("sent", "a approve", false)]
#[case("sent", "s send again", false)]
#[case("menu, what cannot be done", "Enter select", false)]
#[case("orders", "a approve", false)]
#[case("requests", "a approve", true)]
fn the_footer_offers_what_works(#[case] name: &str, #[case] hint: &str, #[case] offered: bool) {
    let footer = footer(&state(name));
    assert_eq!(footer.contains(hint), offered, "{name}: {footer}");
}

#[rstest]
fn what_a_form_is_for_and_the_way_out_stay_on_narrow_screens(
    #[values(30, 40, 60, 80)] width: u16,
    #[values("d", "b")] key: &str,
) {
    let mut desk = Desk::with_order((width, 24));
    desk.press(key);
    let footer = footer(&desk);
    assert!(footer.contains("Ctrl-S review"), "{width}: {footer}");
    assert!(footer.contains("Esc close"), "{width}: {footer}");
}

#[rstest]
fn the_help_is_at_hand(
    #[values(
        "orders",
        "requests",
        "journal",
        "overview",
        "copy",
        "menu",
        "sent",
        "bulk",
        "bulk, a choice",
        "form, a choice",
        "form, discard",
        "form, make a key",
        "drafts"
    )]
    name: &str,
) {
    let mut desk = state(name);
    desk.press("?");
    assert!(desk.model.reader().is_some(), "{name}");
    desk.press("q");
    assert!(desk.model.reader().is_none(), "{name}: q closes it");
}

#[rstest]
fn where_text_is_typed_a_function_key_shows_the_help(
    #[values(
        "form",
        "form, load",
        "asking",
        "orders, filter",
        "palette",
        "where to write"
    )]
    name: &str,
) {
    let mut desk = state(name);
    desk.press("f1");
    assert!(desk.model.reader().is_some(), "{name}");
}

#[rstest]
#[case("copy", "2")]
#[case("menu", "3")]
#[case("sent", "1")]
#[case("drafts", "2")]
fn the_keys_of_everywhere_hold_over_a_menu(#[case] name: &str, #[case] key: &str) {
    let mut desk = state(name);
    desk.press(key);
    assert!(desk.model.popups.is_empty(), "{name}");
    assert!(desk.model.order.is_none(), "{name}");
}

#[test]
fn q_goes_back_one_level_and_quits_at_the_top() {
    use certdeck::app::effect::Effect;
    let quits = |effects: &[Effect]| effects.iter().any(|one| matches!(one, Effect::Quit(_)));
    let mut desk = state("copy");
    assert!(!quits(&desk.key("q")));
    assert!(desk.model.popups.is_empty() && desk.model.order.is_some());
    assert!(!quits(&desk.key("q")));
    assert!(desk.model.order.is_none());
    assert!(quits(&desk.key("q")));
}

#[test]
fn a_request_is_decided_on_the_row_of_its_order() {
    let mut desk = state("orders, waiting");
    desk.press("a");
    let screen = text(&desk.model);
    assert!(screen.contains("Approve"), "{screen}");
}

#[rstest]
#[case("d", OrderStatus::Expired, -40, "the status of this one is expired")]
#[case("r", OrderStatus::Expired, -40, "the order expired on")]
#[case("b", OrderStatus::Expired, -40, "the status of this one is expired")]
#[case("d", OrderStatus::Revoked, 200, "the status of this one is revoked")]
#[case("r", OrderStatus::Canceled, 200, "the status of this one is canceled")]
#[case("n", OrderStatus::Rejected, 200, "the status of this one is rejected")]
#[case("r", OrderStatus::Pending, 200, "the status of this one is pending")]
#[case(
    "d",
    OrderStatus::NeedsApproval,
    200,
    "the status of this one is needs approval"
)]
#[case("n", OrderStatus::Pending, 200, "the status of this one is pending")]
fn what_the_row_rules_out_is_refused_at_once(
    #[case] key: &str,
    #[case] status: OrderStatus,
    #[case] covers: i32,
    #[case] why: &str,
) {
    let mut desk = account_of(SIZE);
    let mut row = account::row(100_000_300, "gone.example.net", covers.min(100), covers);
    row.status = status;
    desk.orders(vec![row]);
    let effects = desk.key(key);
    assert!(effects.is_empty(), "{effects:?}");
    let told = desk.model.status.as_ref().map(|told| told.words.as_str());
    assert!(told.is_some_and(|words| words.contains(why)), "{told:?}");
}

#[test]
fn the_cursor_stays_near_where_it_was_after_a_reissue() {
    let rows = |first_ends: i32| {
        let ends = [first_ends, 10, 20, 30, 40, 50];
        let ids = 100_000_001_u64..;
        ids.zip(ends)
            .map(|(id, ends)| account::row(id, "host.example.net", ends, 300))
            .collect::<Vec<_>>()
    };
    let mut desk = account_of(SIZE);
    desk.orders(rows(15));
    desk.press("j");
    assert_eq!(desk.model.current_order().map(|id| id.0), Some(100_000_001));
    // It ends last now; what stood next to it is under the cursor, on the same line.
    desk.orders(rows(199));
    assert_eq!(desk.model.current_order().map(|id| id.0), Some(100_000_003));
    assert_eq!(desk.model.orders.cursor.at, 1);
    // Sorted by something else it is followed.
    desk.press("s");
    assert_eq!(desk.model.current_order().map(|id| id.0), Some(100_000_003));
}

#[rstest]
#[case(200, 44)]
#[case(160, 34)]
fn the_names_take_the_width_there_is(#[case] width: u16, #[case] least: usize) {
    let long = "a-host-with-a-name-that-is-long-enough-to-fill-it.department.example.net";
    let mut desk = account_of((width, 24));
    desk.orders(vec![account::row(1_234_567_890, long, 20, 300)]);
    let shown = |desk: &Desk| {
        let screen = text(&desk.model);
        let line = screen.lines().find(|line| line.contains("OV multi"));
        let line = line.expect("its row").to_owned();
        let name = line
            .split_whitespace()
            .find(|word| word.starts_with("a-host"));
        name.expect("its name").chars().count()
    };
    assert!(shown(&desk) >= least, "{}", text(&desk.model));
    let before = shown(&desk);
    desk.press("enter");
    // From here on an order beside it takes nothing from the list.
    if width >= 200 {
        assert_eq!(shown(&desk), before, "{}", text(&desk.model));
    }
}

#[rstest]
fn ten_digits_are_whole(#[values(80, 100, 120, 160, 200)] width: u16) {
    let mut desk = account_of((width, 24));
    desk.orders(vec![account::row(
        9_876_543_210,
        "host.example.net",
        20,
        300,
    )]);
    assert!(text(&desk.model).contains("9876543210"));
}
