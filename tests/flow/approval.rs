//! Requests that somebody has to decide: the watch follows them to the certificate, or to the reason why there is none.

use certdeck::app::watch::WatchState;
use certdeck::sandbox::model::{Approval, RequestStatus};
use rstest::rstest;

use crate::account::Server;
use crate::desk::Desk;
use crate::openssl::{Kind, request};

fn asked<'a>(server: &'a Server, order: &crate::account::Pick, key: &str) -> Desk<'a> {
    let mut desk = Desk::open(server);
    desk.open_order(order.id);
    desk.key(key);
    desk.settle();
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk.key("ctrl-s");
    desk.key("enter");
    desk.until("a request", |watch| {
        matches!(watch.state, WatchState::Approval(_))
    });
    desk
}

#[rstest]
fn once_approved_the_watch_finds_the_certificate_by_itself(#[values("d", "r")] key: &str) {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = asked(&server, &order, key);
    desk.key("a");
    desk.type_text("fine with me");
    desk.key("enter");
    desk.settle();
    desk.key("j");
    let issued =
        |watch: &certdeck::app::watch::Watch| matches!(&watch.state, WatchState::Settled(_));
    desk.until("the approval", issued);
    let request = server.requests(order.id).pop().unwrap();
    assert_eq!(request.status, RequestStatus::Approved);
    assert_eq!(request.processor_comment.as_deref(), Some("fine with me"));
    while !matches!(desk.model.watches[1].state, WatchState::Done { .. }) {
        let looks = desk.model.watches[1].looks;
        assert!(looks < 20, "{:?}", desk.model.watches[1]);
        desk.wait_for_the_deadline();
    }
    let WatchState::Done { problems, .. } = &desk.model.watches[1].state else {
        panic!("just seen");
    };
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn a_rejection_ends_the_watch_with_the_reason() {
    let server = Server::start();
    let order = server.pick(Approval::OneStep);
    let mut desk = asked(&server, &order, "d");
    desk.key("esc");
    desk.key("x");
    desk.type_text("use the old key");
    desk.key("enter");
    desk.until("the rejection", |watch| {
        matches!(&watch.state, WatchState::Settled(_))
    });
    while desk.model.watches[1].state.is_open() {
        desk.wait_for_the_deadline();
    }
    let words = desk.model.watches[1].words();
    assert!(words.contains("was rejected: use the old key"), "{words}");
}

#[test]
fn a_request_of_two_steps_takes_two_approvals() {
    let server = Server::start();
    let order = server.pick(Approval::TwoStep);
    let mut desk = asked(&server, &order, "d");
    desk.key("esc");
    for status in [RequestStatus::Pending, RequestStatus::Approved] {
        desk.key("a");
        desk.key("enter");
        desk.settle();
        assert_eq!(server.requests(order.id).pop().unwrap().status, status);
    }
}
