//! What is looked up outside the account: CAA while a review is read, and places when asked for; nothing waits for it.

use super::current_tests::{csr, written};
use super::looks_tests::{opened, shown};
use super::*;
use crate::domain::caa::{CaaRecord, CaaSet};
use crate::domain::dcv::Placement;
use crate::domain::sighting::{Seen, Sighting};

/// A desk at an account that is no sandbox, with the review of a reissue open.
fn in_review(checks: bool) -> (Desk, Vec<Effect>) {
    let mut desk = opened().on_an_account();
    if let Some(connection) = &mut desk.model.engine.account.connection {
        connection.url = "https://www.digicert.com/services/v2".into();
    }
    desk.model.engine.outside.checks = checks;
    let effects = desk.press("r");
    shown(&mut desk, &effects, &[]);
    desk.tell(Msg::Paste(csr("n1.example.net")));
    desk.now += SignedDuration::from_secs(10);
    let effects = desk.press("ctrl-s");
    (desk, effects)
}

fn asked(effects: &[Effect]) -> Vec<&str> {
    let names = effects.iter().filter_map(|effect| match effect {
        Effect::LookUpCaa(name) => Some(name.as_str()),
        _ => None,
    });
    names.collect()
}

fn says(desk: &Desk, words: &str) -> bool {
    let screen = super::draw::text(&desk.model);
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(&screen).contains(&flat(words))
}

#[test]
fn what_caa_forbids_is_said_in_the_review_and_a_yes_just_then_does_not_count() {
    let (mut desk, effects) = in_review(true);
    assert_eq!(asked(&effects), ["n1.example.net"]);
    shown(&mut desk, &effects, &[]);
    assert!(!says(&desk, "may not issue"));
    let set = CaaSet {
        at: "example.net".into(),
        records: vec![CaaRecord::new(false, "issue", b"letsencrypt.org")],
    };
    desk.tell(Msg::Caa {
        name: "n1.example.net".into(),
        looked: Ok(Some(set)),
    });
    assert!(says(
        &desk,
        "n1.example.net: CAA at example.net names letsencrypt.org only: DigiCert may not issue"
    ));
    assert!(written(&desk.press("enter")).is_empty(), "{}", desk.told());
    desk.now += SignedDuration::from_secs(2);
    assert_eq!(written(&desk.press("enter")).len(), 1, "{}", desk.told());
}

#[test]
fn a_look_that_takes_long_delays_nothing() {
    let (mut desk, effects) = in_review(true);
    shown(&mut desk, &effects, &[]);
    desk.now += SignedDuration::from_secs(2);
    assert_eq!(written(&desk.press("enter")).len(), 1, "{}", desk.told());
    // It comes when everything is over, and is told nowhere.
    let before = desk.model.status.clone();
    desk.tell(Msg::Caa {
        name: "n1.example.net".into(),
        looked: Err("no response within 5 s".into()),
    });
    assert_eq!(desk.model.status, before);
}

#[test]
fn nothing_is_looked_up_where_the_settings_forbid_it() {
    let (_, effects) = in_review(false);
    assert!(asked(&effects).is_empty());
    let mut desk = Desk::with_orders(1);
    desk.press("5 v");
    assert!(desk.told().contains("There is no domain here"));
}

#[test]
fn what_each_server_said_stands_below_the_domain() {
    use super::domain_list_tests::{desk_with, domains, in_full};
    let mut desk = desk_with(domains());
    desk.model.engine.outside.checks = true;
    let effects = desk.press("v");
    let read = Read::Domain(crate::domain::ids::DomainId(3));
    let full = in_full(&domains()[2]);
    let effects = desk.answer(&effects, &read, Ok(Data::Domain(Box::new(full))));
    let place = Placement::Record {
        kind: "TXT",
        name: "new.example".into(),
        value: "token3".into(),
    };
    assert_eq!(effects, [Effect::LookAt(place.clone())]);
    assert_eq!(desk.told(), "Looking up 1 place…");
    // A second press while it is under way asks nothing.
    let again = desk.press("v");
    assert!(
        again
            .iter()
            .all(|effect| !matches!(effect, Effect::LookAt(_)))
    );
    let one = |server: &str, seen| Sighting {
        place: place.clone(),
        server: server.into(),
        seen,
    };
    desk.tell(Msg::Seen {
        place: place.clone(),
        sightings: vec![
            one("resolver 192.0.2.53", Seen::Nothing),
            one("ns1.new.example (192.0.2.1)", Seen::Found),
        ],
    });
    assert!(
        says(&desk, "Seen resolver 192.0.2.53: not found"),
        "{}",
        super::draw::text(&desk.model)
    );
    assert!(says(&desk, "ns1.new.example (192.0.2.1): found"));
    assert!(!says(&desk, "looking up"));
}
