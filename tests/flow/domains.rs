//! The account's domains against an account: what is asked of them there happens there, and once, also where the answer gets
//! lost.

use certdeck::app::domains::Shown;
use certdeck::domain::dcv::{DcvMethod, Placement};
use certdeck::domain::ids::DomainId;
use certdeck::domain::write::Stage;
use certdeck::sandbox::model::{DcvMethod as Method, Domain};
use rstest::rstest;

use crate::account::Server;
use crate::desk::Desk;

/// A desk on the domains, with all that it asked for.
fn on_domains(server: &Server) -> Desk<'_> {
    let mut desk = Desk::open(server);
    desk.press("5");
    desk.settle();
    desk
}

/// The account's own domain under the cursor.
fn under_cursor(desk: &Desk<'_>, server: &Server) -> Domain {
    let domain = desk.model.domains.selected(&desk.model.engine.account);
    let id = domain.expect("a domain").id;
    own(server, id)
}

fn own(server: &Server, id: DomainId) -> Domain {
    server.sandbox().with_account(|account| {
        let found = account.domains.iter().find(|domain| domain.id == id.0);
        found.expect("it is there").clone()
    })
}

/// Filters, and goes to the list.
fn filter(desk: &mut Desk<'_>, text: &str) {
    desk.press("/");
    desk.type_text(text);
    desk.press("enter");
    desk.settle();
}

#[test]
fn every_domain_and_organization_is_listed_as_the_account_has_it() {
    let server = Server::start();
    let mut desk = on_domains(&server);
    let account = &desk.model.engine.account;
    let rows = account.domains.rows();
    let (all, organizations) = server
        .sandbox()
        .with_account(|account| (account.domains.clone(), account.organizations.len()));
    assert_eq!(rows.len(), all.len());
    for domain in &all {
        let row = account
            .domains
            .get(DomainId(domain.id))
            .expect("it is listed");
        assert_eq!(row.name, domain.name);
        assert_eq!(row.is_active, domain.is_active);
        // Not a day of another time zone.
        let until = domain.dcv.expires.map(jiff::Timestamp::as_second);
        assert_eq!(row.ov_until.map(jiff::Timestamp::as_second), until);
        assert_eq!(row.organization_id.map(|id| id.0), domain.organization_id);
    }
    let expiring = account.domains.expiring.value().expect("the counts");
    assert!(expiring.domains.within_30.is_some() && expiring.orders.within_30.is_some());
    desk.press("o");
    assert_eq!(desk.model.domains.shown, Shown::Organizations);
    assert_eq!(desk.model.domains.len(), organizations);
}

#[test]
fn a_new_method_shows_what_has_to_stand_where_and_a_check_validates_it() {
    let server = Server::start();
    let mut desk = on_domains(&server);
    filter(&mut desk, "is:pending -is:inactive");
    let before = under_cursor(&desk, &server);
    desk.press("e");
    desk.settle();
    while !desk.asks(&DcvMethod::DnsCname) {
        desk.press("right");
    }
    desk.press("enter");
    desk.until("an end", |watch| !watch.stage.is_open());
    desk.settle();
    let now = own(&server, DomainId(before.id));
    assert_eq!(now.dcv.method, Method::DnsCnameToken);
    let shown = desk.model.engine.account.domains.get(DomainId(before.id));
    let place = shown.and_then(certdeck::domain::dcv::Domain::placement);
    assert_eq!(
        place,
        Some(Placement::Record {
            kind: "CNAME",
            name: format!("_dnsauth.{}", before.name),
            value: format!("{}.dcv.digicert.com", now.dcv.token),
        })
    );
    // A sandbox finds the record at the second look.
    for _ in 0..3 {
        desk.press("c");
        desk.settle();
        desk.press("enter");
        desk.until("an end", |watch| !watch.stage.is_open());
        desk.settle();
    }
    assert!(own(&server, DomainId(before.id)).dcv.approved.is_some());
    let shown = desk.model.engine.account.domains.get(DomainId(before.id));
    assert!(shown.is_some_and(|shown| shown.proved.is_some()));
}

#[rstest]
#[case::lost("lost@domain-token#1")]
#[case::reset("reset@domain-token#1")]
fn a_new_random_value_whose_answer_is_lost_is_found_and_not_made_twice(#[case] faults: &str) {
    let server = Server::start();
    let mut desk = on_domains(&server);
    filter(&mut desk, "method:txt");
    let before = under_cursor(&desk, &server);
    server.sandbox().set_faults(faults).unwrap();
    desk.press("t");
    desk.settle();
    desk.press("enter");
    desk.until("an end", |watch| {
        !watch.stage.is_open() || matches!(watch.stage, Stage::NotFound(_))
    });
    desk.settle();
    let now = own(&server, DomainId(before.id));
    let arrived = now.dcv.token != before.dcv.token;
    let watch = &desk.model.engine.writes.all[0];
    let found = matches!(watch.stage, Stage::Completed(_));
    assert_eq!(found, arrived, "{:?}", watch.stage);
    assert_eq!(
        desk.model.engine.writes.all.len(),
        1,
        "nothing is sent again"
    );
}

#[test]
fn marked_domains_are_asked_one_after_the_other() {
    let server = Server::start();
    let mut desk = on_domains(&server);
    filter(&mut desk, "method:txt");
    let before: Vec<Domain> = (0..3)
        .map(|at| {
            let row = desk.model.domains.row(&desk.model.engine.account, at);
            own(&server, row.expect("three of them").id)
        })
        .collect();
    desk.press("space space space t");
    desk.settle();
    desk.press("enter");
    desk.settle();
    while desk.model.engine.writes.batch.is_some() {
        desk.settle();
    }
    for domain in before {
        let now = own(&server, DomainId(domain.id));
        assert_ne!(now.dcv.token, domain.dcv.token, "{}", domain.name);
    }
    assert_eq!(desk.model.engine.writes.all.len(), 3);
}
