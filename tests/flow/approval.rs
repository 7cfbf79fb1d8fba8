//! Requests that somebody has to decide: the watch follows them to the certificate, or to the reason why there is none.
use certdeck::domain::write::Stage;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::{Approval, RequestStatus};
use rstest::rstest;

use crate::account::Server;
use crate::desk::Desk;
use crate::openssl::{Kind, request};

fn asked<'a>(server: &'a Server, order: &crate::account::Pick, key: &str) -> Desk<'a> {
    let mut desk = Desk::open(server);
    desk.open_order(order.id);
    desk.press(key);
    desk.settle();
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk.press("ctrl-s enter");
    desk.until("a request", |watch| {
        matches!(watch.stage, Stage::AwaitsApproval(_))
    });
    desk
}

#[rstest]
fn once_approved_the_watch_finds_the_certificate_by_itself(#[values("d", "r")] key: &str) {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = asked(&server, &order, key);
    desk.press("a");
    desk.type_text("fine with me");
    desk.press("enter");
    desk.settle();
    desk.press("j");
    let issued = |watch: &certdeck::app::writes::Watch| matches!(&watch.stage, Stage::Completed(_));
    desk.until("the approval", issued);
    let request = server.requests(order.id).pop().unwrap();
    assert_eq!(request.status, RequestStatus::Approved);
    assert_eq!(request.processor_comment.as_deref(), Some("fine with me"));
    while !matches!(desk.model.engine.writes.all[1].stage, Stage::Issued { .. }) {
        let looks = desk.model.engine.writes.all[1].looks;
        assert!(looks < 20, "{:?}", desk.model.engine.writes.all[1]);
        desk.wait_for_the_deadline();
    }
    let Stage::Issued { problems, .. } = &desk.model.engine.writes.all[1].stage else {
        panic!("just seen");
    };
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn a_rejection_ends_the_watch_with_the_reason() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = asked(&server, &order, "d");
    desk.press("esc x");
    desk.type_text("use the old key");
    desk.press("enter");
    desk.until("the rejection", |watch| {
        matches!(&watch.stage, Stage::Completed(_))
    });
    while desk.model.engine.writes.all[1].stage.is_open() {
        desk.wait_for_the_deadline();
    }
    let words = desk.model.engine.writes.all[1].words();
    assert!(words.contains("was rejected: use the old key"), "{words}");
}

#[test]
fn a_request_of_two_steps_takes_two_approvals() {
    let server = Server::start();
    let order = server.pick(Approval::TwoStep);
    let mut desk = asked(&server, &order, "d");
    desk.press("esc");
    for status in [RequestStatus::Pending, RequestStatus::Approved] {
        desk.press("a enter");
        desk.settle();
        assert_eq!(server.requests(order.id).pop().unwrap().status, status);
    }
}

fn listed(desk: &Desk<'_>) -> Vec<u64> {
    let shown = desk
        .model
        .requests
        .shown(&desk.model.engine.account.requests);
    shown.map(|request| request.id.0).collect()
}

#[test]
fn decided_requests_are_listed_when_asked_for_the_newest_first() {
    let server = Server::start();
    let mut desk = Desk::open(&server);
    desk.press("2");
    desk.settle();
    let of = |open: bool| {
        server.sandbox().with_account(|account| {
            let all = account.requests().iter();
            let mut all: Vec<_> = all.filter(|row| row.status.is_open() == open).collect();
            all.sort_by_key(|row| std::cmp::Reverse((row.date, row.id)));
            all.iter().map(|row| row.id).collect::<Vec<u64>>()
        })
    };
    assert_eq!(listed(&desk), of(true));
    desk.press("t");
    desk.settle();
    assert_eq!(listed(&desk), of(false));
    assert!(!listed(&desk).is_empty());
    desk.press("esc");
    desk.settle();
    assert_eq!(listed(&desk), of(true));
}

#[test]
fn of_several_decided_at_once_ones_own_is_refused_and_said_to_be_and_the_others_are_approved() {
    let server = Server::start();
    let key = format!("{}-manager", server.sandbox().key());
    // Two duplicates: one that the manager asked for, one of somebody else.
    let order = server.pick(Approval::OneStep);
    let mut own = Desk::with_key(&server, &key);
    own.open_order(order.id);
    own.press("d");
    own.settle();
    own.paste(&request(Kind::Ec, &order.names).csr);
    own.press("ctrl-s enter");
    own.until("a request", |watch| {
        matches!(watch.stage, Stage::AwaitsApproval(_))
    });
    let own = server.requests(order.id).pop().unwrap().id;
    asked(&server, &order, "d");
    let other = server.requests(order.id).pop().unwrap().id;
    let mut desk = Desk::with_key(&server, &key);
    desk.press("2");
    desk.settle();
    for wanted in [own, other] {
        let at = listed(&desk).iter().position(|id| *id == wanted).unwrap();
        desk.press("g");
        for _ in 0..at {
            desk.press("j");
        }
        desk.press("space");
    }
    desk.press("a enter");
    desk.settle();
    let status = |id: u64| {
        server
            .sandbox()
            .with_account(|account| account.request(id).unwrap().status)
    };
    assert_eq!(status(own), RequestStatus::Pending);
    assert_eq!(status(other), RequestStatus::Approved);
    let refused = desk
        .model
        .engine
        .writes
        .all
        .iter()
        .find_map(|watch| match &watch.stage {
            Stage::Ended(failure) => Some(failure.advice.clone()),
            _ => None,
        });
    assert!(
        refused.is_some_and(|advice| advice.contains("You made this request")),
        "{:?}",
        desk.model.engine.writes.all
    );
    let told = &desk.model.status.as_ref().unwrap().words;
    let expected = format!("1 of 2 done. Refused: approval of request {own}");
    assert!(told.contains(&expected), "{told}");
}

#[test]
fn a_slow_reissue_is_waited_for_with_one_cheap_call_a_look_and_found_when_it_is_issued() {
    let server = Server::with(SandboxOptions {
        issue_delay: std::time::Duration::from_mins(5),
        ..SandboxOptions::default()
    });
    let order = server.pick(Approval::Off);
    server.sandbox().change_account(|account| {
        account.order_mut(order.id).unwrap().is_slow = true;
    });
    let mut desk = Desk::open(&server);
    desk.open_order(order.id);
    desk.press("r");
    desk.settle();
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk.press("ctrl-s");
    let calls = |endpoint: &str| server.sandbox().calls_of(endpoint);
    let before = calls("reissues");
    desk.press("enter");
    desk.until("the certificate", |watch| {
        matches!(watch.stage, Stage::Issued { .. })
    });
    let looks = desk.model.engine.writes.all[0].looks;
    assert!(looks > 6, "{looks} looks");
    assert!(calls("status-changes") >= 3, "{looks} looks");
    let whole = usize::try_from(calls("reissues") - before).unwrap();
    assert!(whole < looks, "{whole} whole readings in {looks} looks");
}
