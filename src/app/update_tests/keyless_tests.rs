//! Reissues that are sent without a key: what comes of them is told from what was there before, or not at all.

use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::domain::ids::CertificateId;
use crate::domain::order::Order;
use crate::domain::status::CertificateStatus;
use crate::domain::write::{Outgoing, WriteKind};

fn certificate(id: u64, role: Role) -> Certificate {
    let mut row = Certificate::empty(role);
    row.id = Some(CertificateId(id));
    row.serial = Some(format!("0A{id}"));
    row.status = Some(CertificateStatus::Issued);
    row
}

fn signing() -> Order {
    let mut order = order(1, certificate(10, Role::Primary));
    order.product.name_id = "code_signing".into();
    order.product.kind = "code_signing_certificate".into();
    order
}

fn outgoing() -> Outgoing {
    post(WriteKind::Reissue, 1, "reissue", "{}")
}

fn listed(desk: &mut Desk, effects: &[Effect], reissues: &[Certificate]) {
    desk.answer(
        effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(signing()))),
    );
    desk.answer(
        effects,
        &Read::Reissues(OrderId(1)),
        Ok(Data::Certificates(reissues.to_vec())),
    );
}

const WAITS: &str = "accepted; waiting for the certificate";
const FETCHES: &str = "certificate 20 is issued; loading and verifying it";

/// What the desk says of a reissue that was taken, once the account shows these.
fn shown_after(known: bool, rows: &[Certificate]) -> String {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    if known {
        let old = certificate(9, Role::Reissue);
        listed(&mut desk, &effects, &[old]);
    }
    desk.send(outgoing(), None, "reissue".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Accepted(Accepted {
            order: Some(OrderId(1)),
            ..Accepted::default()
        }),
    });
    assert_eq!(desk.shown(0), WAITS);
    let effects = desk.press("R");
    listed(&mut desk, &effects, rows);
    desk.shown(0)
}

#[test]
fn the_one_certificate_that_was_not_there_is_what_came_of_it() {
    let (old, new) = (
        certificate(9, Role::Reissue),
        certificate(20, Role::Reissue),
    );
    assert_eq!(shown_after(true, &[old.clone(), new.clone()]), FETCHES);
    assert_eq!(
        shown_after(true, std::slice::from_ref(&old)),
        WAITS,
        "nothing new yet"
    );
    let another = certificate(21, Role::Reissue);
    assert_eq!(
        shown_after(true, &[old, new.clone(), another]),
        WAITS,
        "one of two cannot be told"
    );
    assert_eq!(
        shown_after(false, &[new]),
        WAITS,
        "what was there is not known"
    );
}

/// Sends a reissue whose answer is lost, on an order with an older reissue and its request: what the desk says of it once
/// the account shows these.
fn lost_then(requests: Vec<Request>, rows: &[Certificate]) -> String {
    let mut desk = Desk::with_orders(1);
    let effects = desk.press("enter");
    let old = certificate(9, Role::Reissue);
    let mut info = signing();
    info.requests = vec![asked(4, Timestamp::UNIX_EPOCH)];
    desk.answer(
        &effects,
        &Read::Order(OrderId(1)),
        Ok(Data::Order(Box::new(info.clone()))),
    );
    desk.answer(
        &effects,
        &Read::Reissues(OrderId(1)),
        Ok(Data::Certificates(vec![old])),
    );
    desk.send(outgoing(), None, "reissue".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    let mut newest = desk.tell(Msg::WriteEnded {
        op,
        outcome: Ended::Unknown(lost()),
    });
    info.requests.extend(requests);
    for _ in 0..20 {
        let order = Data::Order(Box::new(info.clone()));
        desk.answer(&newest, &Read::Order(OrderId(1)), Ok(order));
        let none = Data::Certificates(Vec::new());
        desk.answer(&newest, &Read::Duplicates(OrderId(1)), Ok(none));
        let rows = Data::Certificates(rows.to_vec());
        desk.answer(&newest, &Read::Reissues(OrderId(1)), Ok(rows));
        if !desk.is_looked_for(0) {
            break;
        }
        newest = desk.next_look();
    }
    desk.shown(0)
}

pub(super) fn asked(id: u64, date: Timestamp) -> Request {
    Request {
        date: Some(date),
        ..request(id, RequestKind::Reissue, RequestStatus::Pending)
    }
}

#[test]
fn a_lost_answer_is_found_by_the_one_request_or_certificate_that_was_not_there_before() {
    let now: Timestamp = "2026-11-20T12:00:05Z".parse().unwrap();
    let old = certificate(9, Role::Reissue);
    let rows = std::slice::from_ref(&old);
    let words = lost_then(vec![asked(8, now)], rows);
    assert_eq!(words, "waiting for approval of request 8");
    let mut new = certificate(20, Role::Reissue);
    new.created = Some(now);
    let words = lost_then(Vec::new(), &[old.clone(), new.clone()]);
    assert_eq!(words, FETCHES);

    let unknown = |requests, rows: &[Certificate]| {
        let words = lost_then(requests, rows);
        let still = "outcome unknown, and no new reissue that is clearly this one so far (checked ";
        assert!(words.starts_with(still), "{words}");
    };
    unknown(Vec::new(), rows);
    unknown(vec![asked(8, now), asked(10, now)], rows);
    unknown(vec![asked(8, Timestamp::UNIX_EPOCH)], rows);
    new.created = Some(Timestamp::UNIX_EPOCH);
    unknown(Vec::new(), &[old, new]);
}
