//! Which certificates are served for the names of orders: looked at when asked for, and told from one another.

use super::*;
use crate::app::served::{AT_ONCE, MOST};
use crate::domain::endpoint::{Endpoint, Target};
use crate::domain::ids::CertificateId;
use crate::domain::order::OrderSummary;
use crate::domain::served::{
    ChainEnd, ChainSent, Missing, Seen, Served, ServedCertificate, Standing,
};

fn asked(effects: &[Effect]) -> Vec<String> {
    let targets = effects.iter().filter_map(|effect| match effect {
        Effect::LookServed(target) => Some(target.words()),
        _ => None,
    });
    targets.collect()
}

/// A certificate of this serial number, to the end of the year.
pub(super) fn with_serial(serial: &str) -> Served {
    Served::Certificate(ServedCertificate {
        serial: serial.into(),
        thumbprint: "AB".into(),
        name: "n1.example.net".into(),
        names: vec!["n1.example.net".into()],
        issuer: "Example CA".into(),
        expires: "2026-12-17T23:59:59Z".parse().unwrap(),
        chain: ChainSent {
            end: ChainEnd::Below("Example Root".into()),
            is_in_order: true,
            extra: 0,
        },
    })
}

pub(super) fn target(name: &str) -> Target {
    Target::of_name(name).unwrap()
}

/// A look ended.
pub(super) fn sees(desk: &mut Desk, name: &str, served: Served) -> Vec<Effect> {
    desk.tell(Msg::Served {
        target: target(name),
        served,
    })
}

pub(super) fn says(desk: &Desk, words: &str) -> bool {
    let screen = super::draw::text(&desk.model);
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(&screen).contains(&flat(words))
}

fn desk_of(names: &[&str]) -> Desk {
    let mut desk = Desk::connected();
    let row = OrderSummary {
        dns_names: names.iter().map(|name| (*name).to_owned()).collect(),
        ..summary(1, names[0])
    };
    desk.rows(vec![row]);
    desk.nothing_is_late();
    desk
}

fn standings(desk: &Desk, order: u64) -> Vec<Standing> {
    let engine = &desk.model.engine;
    let seen = engine.served.seen(OrderId(order), &engine.account);
    seen.iter().map(|(_, standing, _)| *standing).collect()
}

/// The serial number that fixtures give to the primary certificate of an order.
fn primary(order: u64) -> String {
    format!("0A{order:030X}")
}

#[test]
fn each_name_is_looked_at_and_what_is_seen_stands_on_the_overview() {
    let mut desk = desk_of(&["n1.example.net", "www.example.net", "gone.example.net"]);
    let effects = desk.press("v");
    assert_eq!(
        asked(&effects),
        [
            "n1.example.net:443",
            "www.example.net:443",
            "gone.example.net:443"
        ]
    );
    assert_eq!(desk.told(), "Looking at 3 places…");
    // A second press while it is under way asks nothing.
    assert!(asked(&desk.press("v")).is_empty());
    assert!(reads(&sees(&mut desk, "n1.example.net", with_serial(&primary(1)))).is_empty());
    assert_eq!(desk.told(), "Looking at 2 places…");
    sees(
        &mut desk,
        "gone.example.net",
        Served::None(Missing::NoSuchName),
    );
    let effects = sees(&mut desk, "www.example.net", with_serial("0BAD"));
    assert_eq!(
        desk.told(),
        "Served, seen from here: 1 other, 1 none, 1 this one."
    );
    // What the list does not name may be one of the order's others.
    let read = Read::Reissues(OrderId(1));
    assert!(reads(&effects).contains(&&read));
    let mut earlier = Certificate::empty(Role::Reissue);
    earlier.serial = Some("BAD".into());
    desk.answer(&effects, &read, Ok(Data::Certificates(vec![earlier])));
    assert_eq!(
        standings(&desk, 1),
        [Standing::Earlier, Standing::None, Standing::This]
    );
    desk.press("enter");
    let mut certificate = Certificate::empty(Role::Primary);
    certificate.id = Some(CertificateId(10));
    certificate.serial = Some(primary(1));
    let effects = desk.press("R");
    let info = Data::Order(Box::new(order(1, certificate)));
    desk.answer(&effects, &Read::Order(OrderId(1)), Ok(info));
    desk.tell(Msg::Resize(80, 60));
    for words in [
        "www.example.net:443: an earlier one of this order",
        "gone.example.net:443: none: no such name",
        "n1.example.net:443: this one; chain complete below",
        "2026-11-20 12:00 UTC, from here",
    ] {
        assert!(says(&desk, words), "{}", super::draw::text(&desk.model));
    }
}

#[test]
fn what_was_the_primary_is_an_earlier_one_once_another_took_its_place() {
    let mut desk = desk_of(&["n1.example.net"]);
    desk.press("v");
    sees(&mut desk, "n1.example.net", with_serial(&primary(1)));
    assert_eq!(standings(&desk, 1), [Standing::This]);
    let mut row = summary(1, "n1.example.net");
    row.serial = Some("0C".into());
    let orders = &mut desk.model.engine.account.orders;
    orders.upsert(&Rows::from_iter(vec![row]));
    assert_eq!(standings(&desk, 1), [Standing::Earlier]);
    // Looked at again it still is, though no list names it.
    desk.press("v");
    sees(&mut desk, "n1.example.net", with_serial(&primary(1)));
    assert_eq!(standings(&desk, 1), [Standing::Earlier]);
    desk.press("v");
    sees(&mut desk, "n1.example.net", with_serial("0C"));
    assert_eq!(standings(&desk, 1), [Standing::This]);
}

#[test]
fn endpoints_of_the_settings_are_looked_at_for_the_names_they_belong_to() {
    let mut desk = desk_of(&["n1.example.net", "*.example.net", "*.example.org"]);
    let endpoint = |text: &str| Endpoint::parse(text).unwrap();
    desk.model.engine.served.endpoints = vec![
        (
            "n1.example.net".into(),
            vec![endpoint("10.0.0.5:8443"), endpoint("n1.example.net")],
        ),
        ("*.example.net".into(), vec![endpoint("smtp://mx1")]),
        ("other.example.net".into(), vec![endpoint("lb9:443")]),
    ];
    assert_eq!(
        asked(&desk.press("v")),
        [
            "n1.example.net:443",
            "10.0.0.5:8443 for n1.example.net",
            "smtp://mx1 for www.example.net",
        ]
    );
    let engine = &desk.model.engine;
    let places = engine.served.places(OrderId(1), &engine.account);
    assert_eq!(places.wildcards, ["*.example.org"]);
}

#[test]
fn a_wildcard_is_no_host_and_says_so() {
    let mut desk = desk_of(&["*.example.net"]);
    assert!(asked(&desk.press("v")).is_empty());
    assert_eq!(
        desk.told(),
        "*.example.net is no host: name endpoints for it under [served] in the settings."
    );
}

#[test]
fn what_is_no_certificate_of_servers_is_not_looked_for() {
    let mut desk = Desk::connected();
    let mut row = summary(1, "example");
    row.product.name_id = "code_signing".into();
    row.product.kind = "code_signing_certificate".into();
    desk.rows(vec![row]);
    let effects = desk.press("v");
    assert!(asked(&effects).is_empty());
    assert_eq!(desk.told(), "This order has no name that is served.");
}

#[test]
fn so_many_are_looked_at_at_once_and_esc_leaves_the_rest() {
    let names: Vec<String> = (0..40).map(|n| format!("a{n}.example.net")).collect();
    let mut desk = desk_of(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(asked(&desk.press("v")).len(), AT_ONCE);
    let next = sees(&mut desk, "a0.example.net", Served::None(Missing::Refused));
    assert_eq!(asked(&next), ["a16.example.net:443"]);
    desk.press("esc");
    assert_eq!(desk.told(), "Stopped: 23 places were not looked at.");
    for name in &names[1..=16] {
        let next = sees(&mut desk, name, Served::None(Missing::TimedOut));
        assert!(asked(&next).is_empty());
    }
    assert_eq!(standings(&desk, 1).len(), 17);
    assert_eq!(desk.model.engine.served.looking(), 0);
}

#[test]
fn more_than_can_be_looked_at_in_minutes_are_not_begun() {
    let names: Vec<String> = (0..=MOST).map(|n| format!("a{n}.example.net")).collect();
    let mut desk = desk_of(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(asked(&desk.press("v")).is_empty());
    assert_eq!(
        desk.told(),
        "At most 1000 places at once, and these are 1001: mark fewer."
    );
}

#[test]
fn nothing_of_another_account_is_shown() {
    let mut desk = desk_of(&["n1.example.net"]);
    desk.press("v");
    desk.go_to("another");
    sees(&mut desk, "n1.example.net", with_serial(&primary(1)));
    assert_eq!(standings(&desk, 1), []);
    assert_eq!(desk.model.engine.served.looking(), 0);
}

#[test]
fn a_look_that_ends_says_nothing_over_what_else_is_said() {
    let mut desk = desk_of(&["n1.example.net"]);
    desk.press("v");
    desk.press("s");
    let told = desk.told().to_owned();
    sees(&mut desk, "n1.example.net", with_serial(&primary(1)));
    assert_eq!(desk.told(), told);
}

/// What is to be kept: of which order, where, and how it stands.
fn kept(effects: &[Effect]) -> Vec<(u64, String, Standing)> {
    let all = effects.iter().filter_map(|effect| match effect {
        Effect::KeepServed(all) => Some(all),
        _ => None,
    });
    let one =
        |(order, target, seen): &(OrderId, Target, Seen)| (order.0, target.words(), seen.standing);
    all.flatten().map(one).collect()
}

#[test]
fn what_was_seen_is_kept_once_nothing_is_looked_at_and_when_more_is_known_of_it() {
    let mut desk = desk_of(&["n1.example.net", "www.example.net"]);
    desk.press("v");
    let effects = sees(&mut desk, "n1.example.net", with_serial(&primary(1)));
    assert_eq!(kept(&effects), []);
    let effects = sees(&mut desk, "www.example.net", with_serial("0BAD"));
    let one = |name: &str, standing| (1, format!("{name}.example.net:443"), standing);
    assert_eq!(
        kept(&effects),
        [one("n1", Standing::This), one("www", Standing::Other)]
    );
    let mut earlier = Certificate::empty(Role::Reissue);
    earlier.serial = Some("BAD".into());
    let data = Data::Certificates(vec![earlier]);
    let effects = desk.answer(&effects, &Read::Reissues(OrderId(1)), Ok(data));
    assert_eq!(kept(&effects), [one("www", Standing::Earlier)]);
}

#[test]
fn what_an_earlier_session_saw_is_shown_until_it_is_seen_again() {
    let mut desk = desk_of(&["n1.example.net"]);
    let at: Timestamp = "2026-11-13T08:00:00Z".parse().unwrap();
    let seen = |served, standing| Seen {
        at,
        served,
        standing,
    };
    let all = vec![
        (
            OrderId(1),
            target("n1.example.net"),
            seen(with_serial("0BAD"), Standing::Duplicate),
        ),
        (
            OrderId(9),
            target("n9.example.net"),
            seen(Served::None(Missing::NoSuchName), Standing::None),
        ),
    ];
    let account = desk.model.engine.account.name().unwrap().to_owned();
    desk.tell(Msg::KeptServed {
        account: "another".into(),
        all: all.clone(),
    });
    assert_eq!(standings(&desk, 1), []);
    desk.tell(Msg::KeptServed {
        account: account.clone(),
        all: all.clone(),
    });
    assert_eq!(standings(&desk, 1), [Standing::Duplicate]);
    desk.press("v");
    sees(&mut desk, "n1.example.net", with_serial(&primary(1)));
    desk.tell(Msg::KeptServed { account, all });
    assert_eq!(standings(&desk, 1), [Standing::This]);
}

#[test]
fn marked_orders_are_looked_at_together_and_the_list_shows_and_finds_what_was_seen() {
    let mut desk = Desk::with_orders(4);
    desk.tell(Msg::Resize(80, 24));
    assert!(!says(&desk, "SERVED"), "nobody looked yet");
    desk.press("space space space");
    let effects = desk.press("v");
    assert_eq!(
        asked(&effects),
        ["n4", "n3", "n2"].map(|name| format!("{name}.example.net:443"))
    );
    assert!(says(&desk, "SERVED"));
    sees(&mut desk, "n4.example.net", with_serial(&primary(4)));
    sees(&mut desk, "n3.example.net", Served::None(Missing::Refused));
    let shown = |desk: &Desk, filter: &str| {
        let today = desk.model.today();
        let engine = &desk.model.engine;
        let found = desk.model.orders.found(filter, engine, today);
        found.iter().map(|id| id.0).collect::<Vec<_>>()
    };
    // A filter in force follows what is seen.
    desk.press("/");
    desk.paste("served:other");
    desk.press("enter");
    assert_eq!(desk.model.orders.view.len(), 0);
    sees(&mut desk, "n2.example.net", with_serial("0BAD"));
    assert_eq!(desk.model.orders.view.len(), 1);
    assert_eq!(shown(&desk, "served:this"), [4]);
    assert_eq!(shown(&desk, "served:none"), [3]);
    assert_eq!(shown(&desk, "served:any"), [2, 3, 4]);
    assert_eq!(shown(&desk, "-served:any"), [1]);
    assert!(shown(&desk, "served:old").is_empty());
    desk.press("esc");
    for word in [" this ", " none ", " other "] {
        let screen = super::draw::text(&desk.model);
        assert!(screen.contains(word), "{screen}");
    }
    // Another certificate took the primary's place: what is served is an old one.
    let mut row = summary(4, "n4.example.net");
    row.serial = Some("0C".into());
    let orders = &mut desk.model.engine.account.orders;
    orders.upsert(&Rows::from_iter(vec![row]));
    assert_eq!(shown(&desk, "served:old"), [4]);
    assert!(shown(&desk, "served:this").is_empty());
}

#[test]
fn what_counts_for_most_stands_for_an_order() {
    let mut desk = desk_of(&["n1.example.net", "a.example.net", "b.example.net"]);
    desk.press("v");
    sees(&mut desk, "a.example.net", Served::None(Missing::TimedOut));
    sees(&mut desk, "b.example.net", with_serial("0BAD"));
    let engine = &mut desk.model.engine;
    let now = |engine: &crate::app::engine::Engine| engine.served.standing(OrderId(1), &primary(1));
    assert_eq!(now(engine), Some(Standing::Other));
    sees(&mut desk, "n1.example.net", with_serial(&primary(1)));
    assert_eq!(now(&desk.model.engine), Some(Standing::Other));
    desk.press("v");
    sees(&mut desk, "b.example.net", with_serial(&primary(1)));
    assert_eq!(now(&desk.model.engine), Some(Standing::None));
    sees(&mut desk, "a.example.net", with_serial(&primary(1)));
    assert_eq!(now(&desk.model.engine), Some(Standing::This));
}

#[test]
fn the_orders_of_a_number_of_the_plan_are_looked_at() {
    let mut desk = Desk::with_orders(3);
    desk.press("4");
    assert!(asked(&desk.press("v")).is_empty());
    assert!(
        desk.told().ends_with("There is nothing to list here."),
        "{}",
        desk.told()
    );
    while desk.model.plan.filter().is_none() {
        desk.press("j");
    }
    let mut targets = asked(&desk.press("v"));
    targets.sort();
    assert_eq!(
        targets,
        ["n1", "n2", "n3"].map(|name| format!("{name}.example.net:443"))
    );
}

#[test]
fn what_is_revoked_is_said_to_be_served_where_it_was_seen() {
    use super::looks_tests::opened;
    let mut desk = opened();
    let serial = {
        let account = &desk.model.engine.account;
        account
            .orders
            .get(OrderId(1))
            .unwrap()
            .serial()
            .into_owned()
    };
    desk.model.engine.served.endpoints = vec![(
        "n1.example.net".into(),
        vec![Endpoint::parse("lb2:443").unwrap()],
    )];
    desk.press("v");
    sees(&mut desk, "n1.example.net", with_serial("0BAD"));
    desk.tell(Msg::Served {
        target: Target::at(Endpoint::parse("lb2:443").unwrap(), "n1.example.net"),
        served: with_serial(&serial),
    });
    let engine = &desk.model.engine;
    let words = |serial: Option<&str>| {
        engine
            .served
            .still_served(OrderId(1), serial, &engine.account)
    };
    let still = "Still served at lb2:443 for n1.example.net, as last seen 2026-11-20 12:00 UTC.";
    assert_eq!(words(Some(&serial)).as_deref(), Some(still));
    assert_eq!(words(None).as_deref(), Some(still));
    assert_eq!(words(Some("0C")), None);
    let about = crate::domain::operation::Operation::RevokeOrder;
    run_ask(&mut desk, about);
    let Some(Popup::Asking(asking)) = desk.model.popups.last() else {
        panic!("{}", desk.told());
    };
    assert!(
        asking.words.iter().any(|words| words == still),
        "{:?}",
        asking.words
    );
}

fn run_ask(desk: &mut Desk, operation: crate::domain::operation::Operation) {
    use crate::app::popups::operations;
    use crate::app::update::turns::with_popups;
    with_popups(&mut desk.model, |popups, cx| {
        operations::ask(popups, operation, OrderId(1), None, cx);
    });
}

#[test]
fn a_reissue_that_takes_the_others_down_says_where_they_are_served() {
    use super::current_tests::csr;
    use super::looks_tests::{opened, shown};
    let mut desk = opened();
    desk.tell(Msg::Resize(100, 60));
    let serial = {
        let account = &desk.model.engine.account;
        let row = account.orders.get(OrderId(1)).unwrap();
        row.serial().into_owned()
    };
    desk.press("v");
    sees(&mut desk, "n1.example.net", with_serial(&serial));
    let still = "Still served at n1.example.net:443, as last seen 2026-11-20 12:00 UTC.";
    // The same names again revoke nothing.
    for (name, is_said) in [("n1.example.net", false), ("n2.example.net", true)] {
        let effects = desk.press("r");
        shown(&mut desk, &effects, &[]);
        desk.tell(Msg::Paste(csr(name)));
        desk.press("ctrl-n");
        desk.now += SignedDuration::from_secs(10);
        desk.press("ctrl-s");
        assert_eq!(
            says(&desk, still),
            is_said,
            "{}",
            super::draw::text(&desk.model)
        );
        desk.press("esc ctrl-d enter");
    }
}
