//! The account's domains: which are listed in which order, what is asked of one or of all that are marked, and what came of it.

use super::*;
use crate::app::domains::{DomainSort, Shown};
use crate::app::msg::{Accepted, Ended};
use crate::domain::dcv::{DcvMethod, Domain};
use crate::domain::expiring::Expiring;
use crate::domain::ids::{DomainId, OrganizationId};
use crate::domain::organization::{AccountOrganization, Validation};
use crate::domain::write::Method;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A domain with this number that is validated until then.
fn domain(id: u64, name: &str, until: Option<&str>) -> Domain {
    Domain {
        method: Some(DcvMethod::DnsTxt),
        organization: Some("Example Trading GmbH".into()),
        organization_id: Some(OrganizationId(5)),
        proved: until.map(|_| at("2026-06-01T08:00:00Z")),
        proved_until: until.map(at),
        ov_until: until.map(at),
        ev_until: until.map(at),
        is_pending: Some(until.is_none()),
        ..Domain::new(DomainId(id), name)
    }
}

pub(super) fn domains() -> Vec<Domain> {
    vec![
        domain(1, "late.example", Some("2027-06-01T08:00:00Z")),
        domain(2, "soon.example", Some("2026-12-01T08:00:00Z")),
        domain(3, "new.example", None),
        domain(4, "over.example", Some("2026-11-01T08:00:00Z")),
        Domain {
            method: Some(DcvMethod::Email),
            ..domain(5, "mailed.example", Some("2027-01-01T08:00:00Z"))
        },
    ]
}

/// The same as domain info tells it.
pub(super) fn in_full(domain: &Domain) -> Domain {
    let token = format!("token{}", domain.id);
    Domain {
        token: (domain.method != Some(DcvMethod::Email)).then_some(token),
        ..domain.clone()
    }
}

/// A desk on the list of these domains.
pub(super) fn desk_with(domains: Vec<Domain>) -> Desk {
    let mut desk = Desk::connected();
    let effects = desk.press("5");
    let list = Data::Domains(domains);
    desk.answer(&effects, &Read::AccountDomains, Ok(list));
    let counts = Data::Expiring(Expiring::default());
    desk.answer(&effects, &Read::Expiring, Ok(counts));
    let organization = AccountOrganization {
        id: OrganizationId(5),
        name: "Example Trading GmbH".into(),
        is_active: true,
        place: "Köln, de".into(),
        validations: vec![Validation {
            kind: "ov".into(),
            status: "active".into(),
            until: Some(at("2027-05-01T08:00:00Z")),
        }],
    };
    let organizations = Data::Organizations(vec![organization]);
    desk.answer(&effects, &Read::Organizations, Ok(organizations));
    desk.nothing_is_late();
    desk
}

fn desk() -> Desk {
    desk_with(domains())
}

fn says(desk: &Desk, words: &str) -> bool {
    // Words may be broken at any blank.
    let screen = super::draw::text(&desk.model).replace(['│', '┃'], " ");
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(&screen).contains(&flat(words)) || desk.told().contains(words)
}

fn names(desk: &Desk) -> Vec<String> {
    let account = &desk.model.engine.account;
    let rows = (0..desk.model.domains.len()).filter_map(|at| desk.model.domains.row(account, at));
    rows.map(|domain| domain.name.replace(".example", ""))
        .collect()
}

/// Answers what is read of single domains.
fn answer_in_full(desk: &mut Desk, effects: &[Effect]) -> Vec<Effect> {
    let mut more = Vec::new();
    for domain in domains() {
        let full = Data::Domain(Box::new(in_full(&domain)));
        more.extend(desk.answer(effects, &Read::Domain(domain.id), Ok(full)));
    }
    more
}

#[test]
fn what_lacks_a_validation_stands_first_then_what_ends_first() {
    let mut desk = desk();
    assert_eq!(names(&desk), ["new", "over", "soon", "mailed", "late"]);
    desk.press("s");
    assert_eq!(desk.model.domains.sort, DomainSort::Name);
    assert_eq!(names(&desk), ["late", "mailed", "new", "over", "soon"]);
    desk.press("/");
    desk.type_text("expires<30d");
    assert_eq!(names(&desk), ["over", "soon"]);
    desk.press("esc");
    assert_eq!(names(&desk).len(), 5);
}

#[test]
fn orders_that_expire_soon_are_counted_for_each_domain_that_serves_them() {
    let mut desk = desk();
    let of = |id: u64, names: &[&str], ends: &str| {
        let mut row = summary(id, names[0]);
        row.dns_names = names.iter().map(|name| (*name).to_owned()).collect();
        row.valid_till = Some(crate::app::testing::date(ends));
        row
    };
    let mut renewed = of(4, &["a.late.example"], "2026-12-01");
    renewed.is_renewed = true;
    desk.rows(vec![
        of(
            1,
            &["www.late.example", "late.example", "*.soon.example"],
            "2026-12-01",
        ),
        of(2, &["late.example"], "2027-01-19"),
        of(3, &["late.example"], "2027-01-20"),
        renewed,
        of(5, &["notlate.example"], "2026-12-01"),
    ]);
    desk.wait(2);
    while desk.model.has_more() {
        desk.tell(Msg::GoOn);
    }
    let count = |desk: &Desk, id| desk.model.domains.dependents.of(DomainId(id));
    assert_eq!(count(&desk, 1), Some(2));
    assert_eq!(count(&desk, 2), Some(1));
    assert_eq!(count(&desk, 3), Some(0));
    desk.press("s s s");
    assert_eq!(names(&desk)[..2], ["late", "soon"]);
    desk.press("enter");
    assert_eq!(desk.model.orders.filter.text(), "domain:late.example");
    assert_eq!(desk.model.screen, Screen::Orders);
}

#[test]
fn what_is_asked_of_a_domain_is_for_no_order_and_the_domain_is_read_again() {
    let mut desk = desk();
    let effects = desk.press("t");
    let read = Read::Domain(DomainId(3));
    assert!(reads(&effects).contains(&&read), "it is read anew before");
    let effects = desk.press("enter");
    let sent = effects.iter().find_map(|effect| match effect {
        Effect::Write { outgoing, .. } => Some(outgoing.clone()),
        _ => None,
    });
    let sent = sent.expect("it is sent");
    assert_eq!(
        (sent.method, sent.path.as_str()),
        (Method::Post, "/domain/3/dcv/token")
    );
    assert_eq!((sent.order, sent.body.as_str()), (None, ""));
    let op = desk.model.engine.writes.all[0].op.clone();
    let effects = desk.ends(
        &op,
        Ended::Accepted(Accepted {
            dcv_random_value: Some("fresh".into()),
            ..Accepted::default()
        }),
    );
    let new = Domain {
        token: Some("fresh".into()),
        ..domains()[2].clone()
    };
    desk.answer(&effects, &read, Ok(Data::Domain(Box::new(new))));
    let account = &desk.model.engine.account;
    let known = account.domains.get(DomainId(3)).unwrap();
    assert_eq!(known.token.as_deref(), Some("fresh"));
    assert!(says(&desk, "the random value is fresh"));
}

#[test]
fn of_marked_domains_each_is_asked_in_turn_and_those_that_cannot_be_are_named() {
    let mut desk = desk();
    desk.press("*");
    desk.press("c");
    assert!(says(&desk, "Check random values now: 4 domains"));
    assert!(says(
        &desk,
        "Excluded, since it cannot be done there: mailed.example."
    ));
    desk.press("enter");
    let mut paths = Vec::new();
    for _ in 0..4 {
        let watch = &desk.model.engine.writes.all[0];
        paths.push(watch.outgoing.path.clone());
        let op = watch.op.clone();
        desk.ends(&op, Ended::Accepted(Accepted::default()));
    }
    paths.sort();
    let expected = [1, 2, 3, 4].map(|id| format!("/domain/{id}/dcv/validate-token"));
    assert_eq!(paths, expected);
    assert_eq!(desk.model.engine.writes.all.len(), 4);
    assert!(says(&desk, "All 4 done."));
}

#[test]
fn a_lost_answer_is_looked_for_in_the_domain_itself() {
    let mut desk = desk_with(domains().iter().map(in_full).collect());
    desk.press("t");
    desk.press("enter");
    let op = desk.model.engine.writes.all[0].op.clone();
    let lost = Failure::local("no answer", "");
    let effects = desk.ends(&op, Ended::Unknown(lost));
    let read = Read::Domain(DomainId(3));
    assert!(reads(&effects).contains(&&read));
    // As it was: nothing of it is there.
    let same = Data::Domain(Box::new(in_full(&domains()[2])));
    desk.answer(&effects, &read, Ok(same));
    assert!(desk.model.engine.writes.all[0].is_lost());
    let effects = desk.next_look();
    let new = Domain {
        token: Some("another".into()),
        ..domains()[2].clone()
    };
    desk.answer(&effects, &read, Ok(Data::Domain(Box::new(new))));
    let watch = &desk.model.engine.writes.all[0];
    assert!(!watch.is_lost(), "{:?}", watch.stage);
}

#[test]
fn records_of_marked_domains_are_read_first_and_copied_as_lines_of_a_zone() {
    let mut desk = desk();
    desk.press("*");
    let effects = desk.press("y");
    assert!(says(&desk, "Loading 5 domains…"));
    let effects = answer_all(&mut desk, effects);
    let copied = effects.iter().find_map(|effect| match effect {
        Effect::Copy { text, what, .. } => Some((text.clone(), what.clone())),
        _ => None,
    });
    let (text, what) = copied.expect("it is copied");
    assert_eq!(what, "4 DCV records (1 domain without)");
    assert_eq!(
        text,
        "new.example. IN TXT \"token3\"\nover.example. IN TXT \"token4\"\nsoon.example. IN TXT \"token2\"\n\
         ; mailed.example: validated by email, no record\nlate.example. IN TXT \"token1\"\n"
    );
    assert_eq!(crate::domain::copyable::any(&text), Ok(()));
    desk.press("w");
    assert!(says(&desk, "Write to a file"));
}

#[test]
fn organizations_are_one_key_apart_and_nothing_there_asks_anything_of_a_domain() {
    let mut desk = desk();
    desk.press("o");
    assert_eq!(desk.model.domains.shown, Shown::Organizations);
    assert!(says(&desk, "Example Trading GmbH"));
    assert!(says(&desk, "2027-05-01"));
    for key in ["c", "t", "e", "E", "y", "w", "space", "*", "s", "/"] {
        let effects = desk.press(key);
        assert!(desk.model.popups.is_empty(), "{key}");
        assert!(!desk.model.is_typing(), "{key}");
        assert!(
            effects
                .iter()
                .all(|effect| !matches!(effect, Effect::Write { .. }))
        );
    }
    desk.press("enter");
    assert_eq!(
        desk.model.orders.filter.text(),
        "org=\"Example Trading GmbH\""
    );
}

/// Answers the reads of single domains among these, and those that follow from that.
fn answer_all(desk: &mut Desk, effects: Vec<Effect>) -> Vec<Effect> {
    let mut all = Vec::new();
    let mut asked = effects;
    while !asked.is_empty() {
        let more = answer_in_full(desk, &asked);
        all.extend(asked);
        asked = more;
    }
    all
}

#[test]
fn records_come_although_the_list_is_read_anew_meanwhile_and_end_with_esc_or_elsewhere() {
    let copied = |effects: &[Effect]| {
        let mut effects = effects.iter();
        effects.any(|effect| matches!(effect, Effect::Copy { .. }))
    };
    let mut desk = desk();
    desk.press("*");
    let effects = desk.press("y");
    let again = desk.press("R");
    desk.answer(&again, &Read::AccountDomains, Ok(Data::Domains(domains())));
    assert!(copied(&answer_all(&mut desk, [effects, again].concat())));

    desk.now += SignedDuration::from_secs(10);
    let effects = desk.press("y");
    desk.press("esc");
    assert!(says(&desk, "Stopped"));
    assert!(!copied(&answer_all(&mut desk, effects)));

    desk.now += SignedDuration::from_secs(10);
    let effects = desk.press("y");
    desk.press("1");
    assert!(!copied(&answer_all(&mut desk, effects)));
    assert!(desk.model.popups.is_empty());
}

#[test]
fn what_was_asked_for_earlier_does_not_replace_what_was_asked_for_later() {
    let mut desk = desk();
    let id = DomainId(1);
    let older = desk.model.engine.account.read_in_full([id]);
    let list = desk.press("R");
    let mut fresh = domains();
    fresh[0].method = Some(DcvMethod::HttpToken);
    desk.answer(&list, &Read::AccountDomains, Ok(Data::Domains(fresh)));
    let late = Data::Domain(Box::new(in_full(&domains()[0])));
    desk.answer(&older, &Read::Domain(id), Ok(late));
    let method = |desk: &Desk| {
        let known = desk.model.engine.account.domains.get(id).unwrap();
        known.method.clone()
    };
    assert_eq!(method(&desk), Some(DcvMethod::HttpToken));
    // A read that fails keeps what the list says, and why it failed.
    let failing = desk.model.engine.account.read_in_full([id]);
    desk.answer(&failing, &Read::Domain(id), Err(Failure::local("gone", "")));
    assert_eq!(method(&desk), Some(DcvMethod::HttpToken));
    let again = desk.press("R");
    desk.answer(&again, &Read::AccountDomains, Ok(Data::Domains(domains())));
    let read = &desk.model.engine.account.domains.details[&id];
    assert!(read.failure().is_some());
}

#[test]
fn a_lost_random_value_of_a_domain_that_was_never_read_in_full_is_not_said_to_be_missing() {
    let mut desk = desk();
    let outgoing =
        crate::domain::domain_operation::DomainOperation::Token.outgoing(DomainId(1), None, None);
    desk.send_together(vec![outgoing]);
    let op = desk.model.engine.writes.all[0].op.clone();
    let effects = desk.ends(&op, Ended::Unknown(Failure::local("no answer", "")));
    let full = Data::Domain(Box::new(in_full(&domains()[0])));
    desk.answer(&effects, &Read::Domain(DomainId(1)), Ok(full));
    let words = desk.model.engine.writes.all[0].words();
    assert!(
        words.contains("whether it was done is not known"),
        "{words}"
    );
}
